"""The HTML of a report and of the index, from an executed notebook and the templates."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter

from analysis import data
from analysis.parameters import Parameter

if TYPE_CHECKING:
    from analysis.report import Report

TEMPLATES = Path(__file__).parent / "templates"
CARD = re.compile(r'<script type="application/json" id="card">(.*?)</script>', re.DOTALL)
FIRST_PICTURE = re.compile(r'<div class="wide">(<svg.*?</svg>)</div>', re.DOTALL)


def report(
    executed: nbformat.NotebookNode, entry: Report, values: Mapping[Parameter, object], tables: Sequence[str]
) -> str:
    """One self-contained HTML page of an executed notebook: nothing is loaded from elsewhere."""
    cells = [cell for cell in _for_page(executed).cells if cell.source.strip()]
    headings = [
        line[3:].strip()
        for cell in cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    changed = {p.name: value for p, value in values.items() if value != entry.parameters.get(p.name, p.default)}
    options = " ".join(f"-p {shlex.quote(f'{name}={value}')}" for name, value in changed.items())
    findings = _findings(executed)
    at = _findings_at(cells)
    page = {
        "entry": entry,
        "intro": cells[:1],
        "findings": cells[at - 1 : at + 1],
        "preparation": cells[1 : at - 1],
        "work": cells[at + 1 :],
        "values": [(p, value, value != p.default) for p, value in values.items()],
        "headings": headings,
        "command": f"analysis build {entry.name} {options}".strip(),
        "data_version": data.version(tables),
        "package_version": package_version("kazakhstan-russia-relations"),
        "tables": tables,
        "card": _json(
            {
                "name": entry.name,
                "title": entry.title,
                "question": entry.question,
                "summary": entry.summary,
                "findings": findings[:2],
                "parameters": {p.name: v for p, v in values.items()},
                "data": data.version(tables),
            }
        ),
    }
    html, _ = _exporter().from_notebook_node(executed, resources={"page": page})
    return _lines(html)


def index(names: Sequence[str], folder: Path) -> str:
    """The page that shows every built report: each report's own file tells its title, findings and picture."""
    cards = []
    for name in names:
        path = folder / f"{name}.html"
        html = path.read_text(encoding="utf-8")
        card, picture = CARD.search(html), FIRST_PICTURE.search(html)
        if card is None:  # a file of that name that is no report of ours
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
            cards=cards, package_version=package_version("kazakhstan-russia-relations"), data_version=data.version()
        )
    )


@cache
def _exporter() -> TemplateExporter:
    """Not nbconvert's HTMLExporter: that parses and rewrites the finished page, which takes longer than all the rest."""
    return TemplateExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        template_extension=".html.j2",
        file_extension=".html",
    )


def _findings_at(cells: Sequence[nbformat.NotebookNode]) -> int:
    """Where the cell tagged `findings` stands; the one before it is its heading. 1 where there is none."""
    return next((i for i, cell in enumerate(cells) if "findings" in cell.metadata.get("tags", ())), 1)


def _for_page(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook less its own title line, for the page has the report's title as its one first-level heading."""
    copy = nbformat.from_dict(notebook)
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"\A# .*\n*", "", cell.source)
        for output in cell.get("outputs", ()):
            if "text/html" in output.get("data", {}):  # the page carries the exhibits' style once
                output.data["text/html"] = re.sub(
                    r"<style>.*?</style>\s*", "", output.data["text/html"], flags=re.DOTALL
                )
    return copy


def _findings(notebook: nbformat.NotebookNode) -> list[str]:
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
    """No trailing blanks, no runs of empty lines, one newline at the end."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in html.splitlines())) + "\n"
