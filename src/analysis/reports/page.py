"""The HTML of a report and of the index, from an executed notebook and the templates."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter

from analysis.exhibits.citations import linked
from analysis.notebooks import nodes
from analysis.notebooks.nodes import NotebookNode
from analysis.notebooks.parameters import Parameter
from analysis.reports import lesson_page
from analysis.tables import store

if TYPE_CHECKING:
    from analysis.reports.entries import Report

PACKAGE = "kazakhstan-russia-relations"
TEMPLATES = Path(__file__).parent / "templates"
LINKS = {
    store.DATA / "README.md": "The data catalogue: every table, column, unit, rule, source and licence",
    store.DATA / "document" / "CODEBOOK.md": "The codebook: how the document was coded and how claims are judged",
}
MOST_FOOTNOTES = 8  # beside a caption; the exhibit itself lists all of its sources
CARD = re.compile(r'<script type="application/json" id="card">(.*?)</script>', re.DOTALL)
FIRST_PICTURE = re.compile(r'<div class="wide">(<svg.*?</svg>)</div>', re.DOTALL)


def report(executed: NotebookNode, entry: Report, values: Mapping[Parameter, object], tables: Sequence[str]) -> str:
    """One self-contained HTML page of an executed notebook: nothing is loaded from elsewhere."""
    notebook, sources = _for_page(executed)
    cells = [cell for cell in notebook.cells if cell.source.strip()]
    at = _findings_at(cells)
    changed = {p.name: value for p, value in values.items() if value != entry.parameters.get(p.name, p.default)}
    command = ["analysis", "build", entry.entry]
    for name, value in changed.items():
        command += ["-p", f"{name}={value}"]
    page = {
        "entry": entry,
        "findings": cells[at - 1 : at + 1],
        "intro": cells[:1],
        "preparation": cells[1 : at - 1],
        "work": cells[at + 1 :],
        "headings": [
            line[3:].strip()
            for cell in cells
            if cell.cell_type == "markdown"
            for line in cell.source.splitlines()
            if line.startswith("## ")
        ],
        "values": [(p, value, value != p.default) for p, value in values.items()],
        "command": shlex.join(command),
        "data_version": store.version(tables),
        "package_version": package_version(PACKAGE),
        "tables": tables,
        "sources": [(source, linked(source)) for source in sources],
        "card": _json(_card(executed, entry, values, tables)),
        "linked_data": _json(_linked_data(entry, sources, tables)),
        "datatables": _datatables()
        if any('<table class="long"' in str(cell.get("outputs")) for cell in cells)
        else None,
    }
    html, _ = _exporter().from_notebook_node(executed, resources={"page": page})
    return _lines(html)


def _card(
    executed: NotebookNode, entry: Report, values: Mapping[Parameter, object], tables: Sequence[str]
) -> dict[str, object]:
    """What the index shows of a report."""
    return {
        "name": entry.name,
        "title": entry.title,
        "question": entry.question,
        "findings": _findings(executed)[:2],
        "parameters": {p.name: value for p, value in values.items()},
        "data": store.version(tables),
        "as_of": str(store.load("sources")["accessed"].dropna().max())[:10],
    }


def _linked_data(entry: Report, sources: Sequence[str], tables: Sequence[str]) -> dict[str, object]:
    """The page in the words of schema.org: a report, and the data sets that it rests on."""
    rows = store.load("sources").set_index("source_id").loc[list(sources)]
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": entry.title,
        "description": entry.summary,
        "inLanguage": "en",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": f"{package_version(PACKAGE)}, data {store.version(tables)}",
        "isBasedOn": [
            {"@type": "Dataset", "name": row.title, "creator": row.publisher, "license": row.licence}
            | ({"url": row.url} if row.url == row.url else {})
            for row in rows.itertuples()
        ],
    }


@cache
def _datatables() -> dict[str, str]:
    """The DataTables library as the package itables carries it, compressed so that it weighs a quarter."""
    folder = resources.files("itables") / "html"
    return {
        kind: base64.b64encode(gzip.compress((folder / f"dt_bundle.{kind}").read_bytes(), 9, mtime=0)).decode()
        for kind in ("js", "css")
    }


def index(names: Sequence[str], folder: Path) -> str:
    """The page that shows every built report: each report's own file tells its title, findings and picture.

    A variant out of a grid is a line in a list, for there may be hundreds of them.
    """
    cards, variants = [], []
    for name in names:
        path = folder / f"{name}.html"
        html = path.read_text(encoding="utf-8")
        card, picture = CARD.search(html), FIRST_PICTURE.search(html)
        if card is None:  # a file of that name that is no report of ours
            continue
        if "--" in name:
            variants.append(json.loads(card[1]))
            continue
        cards.append(
            json.loads(card[1])
            | {
                "bytes": path.stat().st_size,
                "picture": Markup(_own_ids(picture[1], name)) if picture else "",
                "findings": [Markup(finding) for finding in json.loads(card[1])["findings"]],
            }
        )
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return _lines(
        environment.get_template("reports.html.j2").render(
            cards=cards,
            variants=variants,
            lessons=lesson_page.built(folder),
            links=[(os.path.relpath(path, folder), words) for path, words in LINKS.items() if path.exists()],
            package_version=package_version(PACKAGE),
            data_version=store.version(),
        )
    )


@cache
def _exporter() -> TemplateExporter:
    """Not nbconvert's HTMLExporter: that parses and rewrites the finished page, which takes longer than all the
    rest.
    """
    return TemplateExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        template_extension=".html.j2",
        file_extension=".html",
    )


def _findings_at(cells: Sequence[NotebookNode]) -> int:
    """Where the cell tagged `findings` stands; the one before it is its heading. 1 where there is none."""
    return next((i for i, cell in enumerate(cells) if "findings" in cell.metadata.get("tags", ())), 1)


def _for_page(notebook: NotebookNode) -> tuple[NotebookNode, list[str]]:
    """The notebook as the page shows it, and the sources of its exhibits in the order of their numbers.

    Its own title line goes, for the page has the report's title as its one first-level heading; the exhibits' style
    goes, for the page carries it once; and each exhibit gets the numbers of its sources.
    """
    sources: dict[str, int] = {}

    def footnotes(found: re.Match) -> str:
        numbers = {source: sources.setdefault(source, len(sources) + 1) for source in found[1].split()}
        links = [
            f'<a href="#source-{source}" aria-label="Source {number}">[{number}]</a>'
            for source, number in numbers.items()
        ]
        more = f" and {len(links) - MOST_FOOTNOTES} more, listed below" if len(links) > MOST_FOOTNOTES else ""
        return f'<span class="footnotes">{" ".join(links[:MOST_FOOTNOTES])}{more}</span>'

    copy = nodes.copied(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\A# .*\n*", "", cell.source)
        for output in cell.get("outputs", ()):
            if "text/html" in output.get("data", {}):
                html = re.sub(r"<style>.*?</style>\s*", "", output.data["text/html"], flags=re.DOTALL)
                output.data["text/html"] = re.sub(
                    r'<span class="footnotes" data-sources="([^"]*)"></span>', footnotes, html
                )
    return copy, list(sources)


def _findings(notebook: NotebookNode) -> list[str]:
    """The findings' list items as HTML without links, from the output of the cell tagged `findings`."""
    for cell in notebook.cells:
        if "findings" in cell.metadata.get("tags", ()):
            text = "".join(output.get("data", {}).get("text/markdown", "") for output in cell.outputs)
            items = re.findall(r"^[-*] (.*)$", text, flags=re.MULTILINE)
            return [Markup.escape(re.sub(r"\[([^\]]*)\]\([^)]*\)|\*\*", r"\1", item)) for item in items]
    return []


def _own_ids(svg: str, name: str) -> str:
    """The picture with ids of its own, for several variants of one notebook share the index page."""
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    return svg.replace("url(#", f"url(#{name}-").replace('href="#', f'href="#{name}-')


def _json(value: object) -> Markup:
    """JSON that cannot end the script element around it."""
    return Markup(json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c"))


def _lines(html: str) -> str:
    """Named permalinks of headings; no trailing blanks, no runs of empty lines, one newline at the end."""
    html = html.replace('<a class="anchor-link" ', '<a class="anchor-link" aria-label="Link to this section" ')
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in html.splitlines())) + "\n"
