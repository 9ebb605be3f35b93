"""The HTML of reports, lessons and the index, from notebooks as they were run and from the templates."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.metadata import version as package_version
from pathlib import Path

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.filters import markdown2html
from nbconvert.preprocessors import CoalesceStreamsPreprocessor

from analysis.errors import BuildError
from analysis.exhibits import citations, downloads, markup
from analysis.exhibits.citations import PACKAGE
from analysis.lessons.lesson import Lesson, task
from analysis.notebooks import folders, nodes
from analysis.notebooks.nodes import NotebookNode
from analysis.notebooks.parameters import declared
from analysis.reports import workbooks
from analysis.reports.build_record import Page, papers
from analysis.reports.entries import Report, all_reports
from analysis.reports.entries import values as entry_values
from analysis.tables import store

TEMPLATES = [Path(__file__).parent / "templates", Path(__file__).parents[1] / "exhibits"]
SCROLL = '<div class="scroll" tabindex="0" role="region" aria-label="Table">{}</div>'
MOST_FOOTNOTES = 8  # beside a caption; the exhibit itself lists all of its sources
# A page has the title, and a lesson's the question, as its head. Reports begin with their question in other words.
TITLE = re.compile(r"\A# .*\n*")
HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)<a class="anchor-link"')
LESSON_TITLE = re.compile(r"\A# .+\n+\*\*.+\*\*\n+")


def report(executed: NotebookNode, entry: Report, values: Mapping[str, object], tables: Sequence[str]) -> Page:
    """One self-contained HTML page of an executed notebook, nothing loaded from elsewhere, with its card.

    Raises BuildError where it would lack an exhibit that the notebook shows.
    """
    begins = _first_finding(executed)
    lead = next((output for output in _outputs(executed) if begins and _html(output).startswith(begins)), {})
    numbers: dict[str, int] = {}
    for told in _told(lead):
        _footnotes(told["sources"], numbers)
    cells = _cells(executed, TITLE, numbers)
    at = next((i for i, cell in enumerate(cells) if "findings" in cell["tags"]), 1)  # the cell before it is its heading
    parameters = declared(entry.notebook)
    command = [".venv/bin/analysis", "build", entry.entry]
    own = entry_values(all_reports()[entry.entry]) if entry.entry in all_reports() else {}
    for name, value in values.items():
        if value != own.get(name, parameters[name].default):
            command += ["-p", f"{name}={value}"]
    exhibits = ((_html(output), [told["sources"] for told in _told(output)]) for output in _outputs(executed))
    book = workbooks.made(entry, values, exhibits, data=store.version(tables))
    html = _rendered(
        "report.html.j2",
        page=entry,
        workbook=bool(book),
        lead=_moved(cells, begins),
        findings=cells[at - 1 : at + 1],
        intro=cells[:1],
        preparation=cells[1 : at - 1],
        work=cells[at + 1 :],
        headings=_headings(executed),
        parameters=[(parameters[name], value) for name, value in values.items()],
        command=shlex.join(command),
        data_version=store.version(tables),
        tables=tables,
        sources=[(source, Markup(citations.in_list(source))) for source in numbers],
        linked_data=_json(_linked_data(entry, list(numbers)[: downloads.MOST_CITED], tables)),
        datatables=_datatables() if any(t["sortable"] for out in _outputs(executed) for t in _told(out)) else None,
    )
    for output in _outputs(executed):
        if _told(output) and _html(output).partition("\n")[0] not in html:
            raise BuildError(f"the page lacks what its notebook shows: {output['data']['text/plain']}.")
    card = {
        "kind": "report" if entry.name == entry.entry else "variant",
        "title": entry.title,
        "question": entry.question,
        "findings": _findings(executed)[:2],
        "parameters": dict(values),
        "data": store.version(tables),
    }
    drawn = (output for output in [lead, *_outputs(executed)] if any("narrow" in told for told in _told(output)))
    pictures = (markup.wide(_html(output)) for output in drawn)
    return Page(html, card | {"picture": next(pictures, "")} if card["kind"] == "report" else card, book)


def lesson(notebook: NotebookNode, entry: Lesson) -> Page:
    """One self-contained HTML page of a lesson, with its card: all as committed, answers folded where it is solved."""
    html = _rendered(
        "lesson.html.j2",
        page=entry,
        notebook=entry.student.relative_to(folders.ROOT).as_posix(),
        cells=_cells(notebook, LESSON_TITLE),
        headings=_headings(notebook),
        task=task,
    )
    kind = "solution" if entry.solved else "lesson"
    return Page(html, {"kind": kind, "title": entry.title, "question": entry.question})


def paper(name: str) -> Page:
    """The page of one of the `papers`, a text of the data folder."""
    path, question = papers()[name]
    text = _markdown(TITLE.sub("", path.read_text(encoding="utf-8")))
    html = _rendered(
        "paper.html.j2",
        page={"name": name, "title": _title(path), "question": question},
        text=Markup(re.sub(r"<table>.*?</table>", lambda table: SCROLL.format(table[0]), text, flags=re.DOTALL)),
        headings=_sections(text),
    )
    return Page(html, {})


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def index(records: Mapping[str, Mapping]) -> Page:
    """The page that shows every built report and lesson of a folder, by the records of their pages.

    A variant out of a grid is a line in a list, for there may be hundreds of them.
    """
    cards: dict[str, list[dict]] = {"report": [], "variant": [], "lesson": [], "solution": []}
    known = list(all_reports())
    listed = [name for name in known if name in records] + [name for name in records if name not in known]
    for name in listed:
        card = records[name]["card"]
        if card["kind"] in ("report", "variant") and name.partition("--")[0] not in known:
            continue  # its report has left reports.yml
        if card["kind"] == "report":
            card = card | {
                "picture": Markup(_own_ids(card["picture"], name)),
                "findings": [Markup(finding) for finding in card["findings"]],
            }
        cards[card["kind"]].append(card | {"name": name})
    html = _rendered(
        "index.html.j2",
        cards=cards["report"],
        variants=cards["variant"],
        lessons=cards["lesson"],
        solutions=cards["solution"],
        papers=[(name, _title(path), question) for name, (path, question) in papers().items()],
        data_version=store.version(),
        as_of=str(store.load("sources")["accessed"].dropna().max())[:10],
    )
    return Page(html, {})


def _cells(notebook: NotebookNode, head: re.Pattern, numbers: dict[str, int] | None = None) -> list[dict[str, object]]:
    """What the templates show of the cells that are not empty, without the `head` of a text.

    `kind` (text or code), `tags`, the `html` of a text, the `code` and `outputs` of code. Each exhibit gets the numbers
    of its sources, which are counted on in `numbers`, where a page has a list of them.
    """
    notebook, _ = CoalesceStreamsPreprocessor().preprocess(nodes.copied(notebook), {})
    shown = []
    for cell in notebook.cells:
        if cell.source.strip() and cell.cell_type in ("markdown", "code"):
            told = {"tags": cell.metadata.get("tags", [])}
            if cell.cell_type == "markdown":
                shown.append(told | {"kind": "text", "html": _markdown(head.sub("", cell.source))})
            else:
                outputs = [_output(output, numbers) for output in cell.outputs]
                shown.append(told | {"kind": "code", "code": cell.source, "outputs": outputs})
    return shown


def _first_finding(notebook: NotebookNode) -> str:
    """How the HTML of the exhibit begins that the first key finding leads to: it stands above the findings."""
    for cell in notebook.cells:
        if "findings" in cell.metadata.get("tags", ()):
            text = "".join(output.get("data", {}).get("text/markdown", "") for output in cell.outputs)
            key = re.search(r"\]\(#([\w-]+)\)", text)
            return citations.begins(key[1]) if key else ""
    return ""


def _moved(cells: Sequence[dict], begins: str) -> Markup:
    """The exhibit that begins so, taken out of its cell, where a link to it stays; nothing where there is none."""
    for cell in cells:
        for place, output in enumerate(cell.get("outputs", ())):
            if begins and output.startswith(begins):
                key = begins.split('"')[-2]
                cell["outputs"][place] = Markup(f'<p class="above"><a href="#{key}">This figure leads the page</a></p>')
                return output
    return Markup("")


def _outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def _told(output: NotebookNode) -> list[Mapping[str, object]]:
    """What each exhibit of an output tells of itself beside what it shows, as `Exhibit.told`."""
    return output.get("metadata", {}).get("exhibits", [])


def _html(output: NotebookNode) -> str:
    """The HTML of an output; of an exhibit without its style, for the page has it."""
    html = output.get("data", {}).get("text/html", "")
    return html.partition("</style>\n")[2] if "exhibits" in output.get("metadata", {}) else html


def _output(output: NotebookNode, numbers: dict[str, int] | None) -> Markup:
    shown = output.get("data", {})
    if "text/html" in shown:
        html = _accessible(_html(output))
        for told in _told(output):
            footnotes = "" if numbers is None else _footnotes(told["sources"], numbers)
            html = html.replace(citations.FOOTNOTES, footnotes, 1)
            html = downloads.from_table(html, told["file"]) if numbers is not None and "file" in told else html
        if numbers is not None:
            few = [told["sources"] for told in _told(output) if len(told["sources"]) <= downloads.MOST_CITED]
            html = _with_titles(html, few, numbers)
        return Markup(markup.with_elements(html, [told for told in _told(output) if "narrow" in told]))
    if "text/markdown" in shown:
        return Markup('<div class="prose">{}</div>').format(_markdown(shown["text/markdown"]))
    text = shown.get("text/plain", output.get("text", ""))
    return Markup('<pre class="output" tabindex="0">{}</pre>').format(text)


def _footnotes(sources: Sequence[str], numbers: dict[str, int]) -> str:
    links = [
        f'<a href="#source-{source}" aria-label="Source {number}">[{number}]</a>'
        for source in sources
        for number in [numbers.setdefault(source, len(numbers) + 1)]
    ]
    more = f" and {len(links) - MOST_FOOTNOTES} more, listed below" if len(links) > MOST_FOOTNOTES else ""
    return f'<span class="footnotes">{" ".join(links[:MOST_FOOTNOTES])}{more}</span>'


def _with_titles(html: str, sources: Sequence[Sequence[str]], numbers: Mapping[str, int]) -> str:
    """The HTML of exhibits with the titles of their `sources`, each leading to its citation in the list of the page."""
    begins, ends = citations.SOURCES
    shown, *parts = html.split(begins)
    titles = store.load("sources").set_index("source_id")["title"]
    for part, keys in zip(parts, sources, strict=True):
        rest = part.partition(ends)[2]
        items = (f'<li><a href="#source-{key}">[{numbers[key]}]</a> {Markup.escape(titles[key])}</li>' for key in keys)
        shown += f"<ul>{''.join(items)}</ul>{rest}"
    return shown


def _accessible(html: str) -> str:
    """A table of pandas with real header cells, in a scroll box, without its style; anything else as it is."""
    _, table, rest = html.partition('<table border="1" class="dataframe">')
    if not table:
        return html
    head, body = rest.split("</thead>", 1)
    head = head.replace("<th></th>", "<td></td>").replace("<th>", '<th scope="col">')
    head = "<div>\n<table>" + head.replace(' style="text-align: right;"', "")
    body = body.replace("<th>", '<th scope="row">')
    return SCROLL.format(f"{head}</thead>{body}")


def _markdown(source: str) -> Markup:
    html = markdown2html(source)
    return Markup(html.replace('class="anchor-link" ', 'class="anchor-link" aria-label="Link to this section" '))


def _headings(notebook: NotebookNode) -> list[tuple[Markup, Markup]]:
    """The anchor and the words of each section, from the texts as the page shows them."""
    return _sections("\n".join(_markdown(cell.source) for cell in notebook.cells if cell.cell_type == "markdown"))


def _sections(html: str) -> list[tuple[Markup, Markup]]:
    return [(Markup(anchor), Markup(words).striptags()) for anchor, words in HEADING.findall(html)]


def _findings(notebook: NotebookNode) -> list[str]:
    """The findings' list items as HTML without links, from the output of the cell tagged `findings`."""
    for cell in notebook.cells:
        if "findings" in cell.metadata.get("tags", ()):
            text = "".join(output.get("data", {}).get("text/markdown", "") for output in cell.outputs)
            items = re.findall(r"^[-*] (.*)$", text, flags=re.MULTILINE)
            return [Markup.escape(re.sub(r" ?\[[^\]]*\]\(#[^)]*\)|\*\*", "", item)) for item in items]
    return []


def _linked_data(entry: Report, sources: Sequence[str], tables: Sequence[str]) -> dict[str, object]:
    """The page in the words of schema.org: a report, and the addresses or titles of what it rests on first."""
    rows = store.load("sources").set_index("source_id").loc[list(sources)]
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": entry.title,
        "description": entry.summary,
        "inLanguage": "en",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": f"{package_version(PACKAGE)}, data {store.version(tables)}",
        "isBasedOn": list(rows["url"].fillna(rows["title"])),
    }


@cache
def _datatables() -> dict[str, str]:
    """The DataTables library as the package itables carries it, compressed so that it weighs a quarter."""
    folder = resources.files("itables") / "html"
    return {
        kind: base64.b64encode(gzip.compress((folder / f"dt_bundle.{kind}").read_bytes(), 9, mtime=0)).decode()
        for kind in ("js", "css")
    }


def _own_ids(svg: str, name: str) -> str:
    """The picture with ids of its own, for several variants of one notebook share the index page."""
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    return svg.replace("url(#", f"url(#{name}-").replace('href="#', f'href="#{name}-')


def _json(value: object) -> Markup:
    """JSON that cannot end the script element around it."""
    return Markup(json.dumps(value, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c"))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _rendered(template: str, **context: object) -> str:
    """The page, without trailing blanks and runs of empty lines, one newline at the end; `%` keeps to its number."""
    html = _environment().get_template(template).render(context, package_version=package_version(PACKAGE))
    html = re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", html)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in html.splitlines())) + "\n"
