"""The HTML page of a lesson: its text, code and outputs as committed, solutions folded, nothing loaded from
elsewhere.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.filters import markdown2html

from analysis.errors import LessonError
from analysis.lessons.lesson import Lesson, task
from analysis.notebooks import folders, nodes
from analysis.notebooks.nodes import NotebookNode

TEMPLATES = Path(__file__).parent / "templates" / "report"
CARD = re.compile(r'<script type="application/json" id="lesson">(.*?)</script>', re.DOTALL)


def page(lesson: Lesson) -> str:
    """One self-contained HTML page of a lesson. Raises LessonError for a notebook that was changed since it was run."""
    notebook = nodes.read(lesson.solution)
    if any(cell.cell_type == "code" and not cell.execution_count for cell in notebook.cells):
        raise LessonError(f"{lesson.solution.name} has cells that were not run: `make notebooks` runs them.")
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    html = environment.get_template("lesson.html.j2").render(
        lesson=lesson,
        notebook=lesson.student.relative_to(folders.ROOT).as_posix(),
        cells=[_cell(cell) for cell in notebook.cells],
        headings=re.findall(
            r"^## (.*)$", "\n".join(c.source for c in notebook.cells if c.cell_type != "code"), re.MULTILINE
        ),
        card=Markup(_card(lesson)),
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in html.splitlines())) + "\n"


def built(folder: Path) -> list[dict[str, str]]:
    """What the index tells of each lesson whose page stands in a folder: `page`, `title`, `question` and `time`."""
    return [
        json.loads(found[1])
        for path in sorted(folder.glob("lesson-*.html"))
        if (found := CARD.search(path.read_text(encoding="utf-8")))
    ]


def _card(lesson: Lesson) -> str:
    card = {"page": lesson.page, "title": lesson.title, "question": lesson.question, "time": lesson.time}
    return json.dumps(card, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def _cell(cell: NotebookNode) -> dict[str, object]:
    """What the template shows of a cell: `kind` (text, code, solution, solution-text), `html` or `code`, `outputs`."""
    tags = cell.metadata.get("tags", [])
    if cell.cell_type == "markdown":
        source = re.sub(
            r"\A# .+\n+\*\*.+\*\*\n+", "", cell.source
        )  # the page has the title and the question as its head
        kind = "solution-text" if "solution-text" in tags else "text"
        return {"kind": kind, "html": Markup(_anchored(markdown2html(source)))}
    kind = "solution" if "solution" in tags else "code"
    asked = task(cell.source) if kind == "solution" else ""
    return {"kind": kind, "code": cell.source, "task": asked, "outputs": [_output(output) for output in cell.outputs]}


def _output(output: NotebookNode) -> Markup:
    data = output.get("data", {})
    if "text/html" in data:
        return Markup(_plain_table(data["text/html"]))
    if "text/markdown" in data:
        return Markup(f'<div class="prose">{markdown2html(data["text/markdown"])}</div>')
    text = data.get("text/plain", output.get("text", ""))
    return Markup('<pre class="output" tabindex="0">{}</pre>').format(text)


def _plain_table(html: str) -> str:
    """An exhibit without its own style, for the page has it; a table of pandas with real header cells, in a scroll
    box.
    """
    html = re.sub(r"<style.*?</style>\s*", "", html, flags=re.DOTALL)
    html = re.sub(r'<span class="footnotes" data-sources="[^"]*"></span>', "", html)
    if 'class="dataframe"' not in html:
        return html.replace('<table class="long">', "<table>")  # sorting needs a library that only reports carry
    head, body = html.split("</thead>", 1)
    head = re.sub(r"<th></th>", "<td></td>", head).replace("<th>", '<th scope="col">')
    body = body.replace("<th>", '<th scope="row">')
    table = re.sub(r'<table border="1" class="dataframe">', "<table>", f"{head}</thead>{body}").replace(
        ' style="text-align: right;"', ""
    )
    return f'<div class="scroll" tabindex="0" role="region" aria-label="Table">{table}</div>'


def _anchored(html: str) -> str:
    return html.replace('<a class="anchor-link" ', '<a class="anchor-link" aria-label="Link to this section" ')
