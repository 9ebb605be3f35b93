"""An exhibit: one figure or table with its title, alternative text, data and sources.

In JupyterLab and in a report it shows as an HTML `<figure>`; as plain text it names itself and carries a digest
of its data, so that a strict comparison of notebooks compares the numbers behind a picture and not its pixels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from importlib.metadata import version as package_version
from importlib.resources import files

import pandas as pd
from IPython.display import Markdown
from matplotlib.figure import Figure

from analysis.exhibits import downloads, markup, pictures, svg
from analysis.exhibits.citations import FOOTNOTES, PACKAGE, PROJECT, SOURCES, begins, linked, publishers
from analysis.exhibits.sheet import sheet
from analysis.exhibits.wording import number, spell

LONG = 40  # rows: a longer table can be sorted and filtered in a report
SHORT = 240  # characters: a longer note stays with the page, and off the picture
WHOLE = 20  # rows: a longer table scrolls in a box, and says so


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One figure (with `draw`) or one table (without).

    `key` is a slug: the anchor, the file name of the download and the digest's name. `title` states the finding,
    `subtitle` the measure and its unit, `alt` the shape of the data in words. `table` is what a reader may check and
    download: its index and columns carry their units in their names. `sources` are keys of `data/sources.csv`.
    `draw` receives an empty Matplotlib figure and fills it; it is called once for each width. What few readers want
    may be `folded` below its title. `links` leads cells, by row and column, to the exhibit `passages`, filtered by
    their words. `opens` has the lines that a row opens to, by its label in the index.
    """

    key: str
    title: str
    subtitle: str
    alt: str
    table: pd.DataFrame
    sources: Sequence[str]
    draw: Callable[[Figure], None] | None = None
    note: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    decimals: int = 1
    height: float = 4.2
    folded: bool = False
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    opens: Mapping[object, Sequence[str]] = field(default_factory=dict)

    def fold(self) -> Exhibit:
        """The same exhibit, folded below its title."""
        return replace(self, folded=True)

    @cached_property
    def digest(self) -> str:
        """First 12 hex digits of the SHA-256 of the title and the downloadable rows."""
        return hashlib.sha256(f"{self.title}\n{self._rows(self.table.index.name)}".encode()).hexdigest()[:12]

    @property
    def csv(self) -> str:
        """The rows as CSV below their header; what they are stands in the description beside the download."""
        return self._rows(self.table.index.name or "row")

    def _rows(self, label: str | None) -> str:
        return self.table.to_csv(lineterminator="\n", float_format="%.10g", index_label=label)

    def __repr__(self) -> str:
        kind = "Figure" if self.draw else "Table"
        rows, columns = self.table.shape
        return f"{kind} {self.key}: {self.title} [{rows} rows × {columns} columns, data {self.digest}]"

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, str], dict[str, object]]:
        return bundle(repr(self), self.html(), [self.told])

    @property
    def told(self) -> dict[str, object]:
        """What a page is told beside the HTML: the sources, whether the table is long, the narrow picture.

        And the `file` whose rows the long table shows to the letter, where nothing is rounded.
        """
        long = len(self.table) > LONG
        told = {"sources": list(self.sources), "sortable": long}
        if long and not any(_rounded(column) for column in (self.table.index, *map(self.table.get, self.table))):
            told["file"] = f"{self.key}.csv"
        if self.draw:
            told |= {"narrow": self._pictures[1].svg, "marks": [picture.marks for picture in self._pictures]}
        return told

    @cached_property
    def _pictures(self) -> tuple[svg.Picture, svg.Picture]:
        return pictures.drawn(self.draw, key=self.key, height=self.height, index=self.table.index)

    def figure(self) -> Figure:
        """The picture with its title, a short note and its sources as a figure of Matplotlib, to be changed or saved.

        Saved as PNG, SVG or PDF it stands alone. Raises ValueError for an exhibit that is a table alone.
        """
        if not self.draw:
            raise ValueError(f"The exhibit {self.key} has no picture; its table is `table`.")
        return sheet(
            self.draw,
            height=self.height,
            title=self.title,
            subtitle=self.subtitle,
            note=self.note if len(self.note) <= SHORT else "",
            sources=f"Sources: {publishers(self.sources)}; {PROJECT}",
        )

    def html(self) -> str:
        """The exhibit as one `<figure>` element; every text from the data is escaped."""
        key, title = escape(self.key), escape(self.title)
        picture, rows = "", spell(len(self.table), "row")
        if self.draw:
            picture = f"{markup.image(self._pictures[0].svg, alt=self.alt)}\n"
            table = (
                f'<details class="numbers"><summary>The numbers ({rows})</summary>\n'
                f"{self._table_html()}</details>\n"
            )
        else:
            table = self._table_html()
        note = f'<p class="note">{escape(self.note)}</p>\n' if self.note else ""
        body = f"{picture}{note}{table}{self._links_html()}"
        if self.folded:
            shown = "the figure" if self.draw else rows
            body = f'<details class="numbers fold"><summary>Show {shown}</summary>\n{body}</details>\n'
        return (
            f'{begins(key)} aria-labelledby="{key}-title">\n'
            f'<figcaption><p class="title" id="{key}-title">{title} '
            f'<a class="permalink" href="#{key}" aria-label="Link to: {title}">#</a></p>\n'
            f'<p class="subtitle">{escape(self.subtitle)} {FOOTNOTES}</p></figcaption>\n'
            f"{body}</figure>"
        )

    def _links_html(self) -> str:
        project = f"{PROJECT} {package_version(PACKAGE)}"
        if len(self.sources) > downloads.MOST_CITED:
            keys = ", ".join(escape(source) for source in self.sources)
            sources = f"<p>{len(self.sources)} sources, by their keys in data/sources.csv: {keys}.</p>"
        else:
            items = "".join(f"<li>{linked(source)}</li>" for source in self.sources)
            sources = f"{SOURCES[0]}<ul>{items}</ul>{SOURCES[1]}"
        origin = f"Sources: {publishers(self.sources)}. {project}, {self.key} ({self.digest})."
        return (
            f"{downloads.links(self, project=project)}"
            f'<details class="sources" data-cite="{escape(origin)}"><summary>Sources, and how to cite this</summary>\n'
            f"{sources}\n<p>Cite as: “{escape(self.title)}”, {project}, "
            f"exhibit <code>{escape(self.key)}</code> (<code>{self.digest}</code>).</p></details>\n"
        )

    def _table_html(self) -> str:
        """The table with real header cells; numbers are rounded for reading, the download keeps them whole."""
        index = self.table.index.name or "row"
        head = "".join(
            f'<th scope="col"{_numeric(self.table[column])}>{escape(str(column))}</th>' for column in self.table
        )
        body = "".join(
            f'<tr><th scope="row">{escape(str(label))}</th>'
            + "".join(
                f"<td{_numeric(self.table[c])}>{self._linked_cell(label, c, v)}</td>"
                for c, v in zip(self.table, row, strict=True)
            )
            + self._opening_cell(label)
            + "</tr>\n"
            for label, row in zip(self.table.index, self.table.itertuples(index=False, name=None))
        )
        if self.opens:
            head += '<th scope="col">evidence</th>'
        long = ' class="long"' if len(self.table) > LONG else ""
        cue = f'<p class="cue">Scroll: {len(self.table)} rows</p>\n' if len(self.table) > WHOLE else ""
        tall = " tall" if cue else ""
        return (
            f'{cue}<div class="scroll{tall}" tabindex="0" role="region" aria-label="Table: {escape(self.title)}">'
            f"<table{long}>\n"
            f'<thead><tr><th scope="col">{escape(str(index))}</th>{head}</tr></thead>\n'
            f"<tbody>{body}</tbody></table></div>\n"
        )

    def _linked_cell(self, row: object, column: object, value: object) -> str:
        words = self.links.get((row, column))
        cell = self._cell(value)
        return f'<a href="#passages" data-filter="{escape(words)}">{cell}</a>' if words else cell

    def _opening_cell(self, row: object) -> str:
        if not self.opens:
            return ""
        lines = self.opens.get(row, ())
        items = "".join(f"<li>{escape(line)}</li>" for line in lines)
        opened = f"<details><summary>{len(lines)}</summary><ul>{items}</ul></details>" if lines else ""
        return f'<td class="opens">{opened}</td>'

    def _cell(self, value: object) -> str:
        if pd.isna(value):
            return '<span title="no figure">–</span>'
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float):
            return number(value, self.decimals)
        return escape(str(value))


def bundle(text: str, html: str, told: Sequence[Mapping] = ()) -> tuple[dict[str, str], dict[str, object]]:
    """What Jupyter shows, its style before it, and as the output's metadata what a page is told of each exhibit."""
    style = files("analysis.exhibits").joinpath("exhibit.css").read_text(encoding="utf-8")
    return {"text/plain": text, "text/html": f"<style>{style}</style>\n{html}"}, {"exhibits": list(told)}


def _rounded(column: pd.Series | pd.Index) -> bool:
    """Whether a page shows a column otherwise than its download: floats rounded, booleans in words."""
    return pd.api.types.is_float_dtype(column) or pd.api.types.is_bool_dtype(column)


def _numeric(column: pd.Series) -> str:
    number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return ' class="n"' if number else ""


def sources(*rows: pd.DataFrame) -> list[str]:
    """The keys of `data/sources.csv` that frames of rows name in their column `source_id`, each once, in order.

    A cell that joins several by `+`, as `ledgers.ledger` does, names each of them; an empty cell names none. Raises
    KeyError for a frame without the column: what an exhibit shows has to say where it came from.
    """
    cells = pd.concat([frame["source_id"] for frame in rows]).dropna().unique()
    return list(dict.fromkeys(key for cell in cells for key in cell.split("+")))


def findings(*exhibits: Exhibit) -> Markdown:
    """The titles of exhibits as a list of key findings, each with a link to its figure or table."""
    kinds = {exhibit.key: "figure" if exhibit.draw else "table" for exhibit in exhibits}
    return Markdown("\n".join(f"- {exhibit.title} [{kinds[exhibit.key]}](#{exhibit.key})" for exhibit in exhibits))
