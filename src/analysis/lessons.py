"""The lessons: the solution notebook is the source, and the student's notebook and the HTML page are made from it.

The convention is two cell tags in `notebooks/lessons/solutions/`:

* `solution` on a code cell: the student sees its first comment lines, then `answer = ...`, then its last line, the check;
* `solution-text` on a text cell: the student sees an invitation to write.

All other cells are the same in both. Both are committed as run from top to bottom: a page shows the outputs of the
solution notebook, and a student who has not begun sees "Not answered yet" below each exercise. That the outputs are what
the code gives is what the strict comparison of notebooks proves.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import analysis._quick  # noqa: F401  isort: skip  before Jupyter
import nbformat

from analysis import files
from analysis.errors import LessonError
from analysis.report import NOTEBOOKS

FOLDER = NOTEBOOKS / "lessons"
AS_MADE = "digest_as_made"  # in a student's notebook's metadata: what its cells were before anybody worked in it
INVITATION = "*Write your answer here: double-click on this text, type, and press Shift and Enter.*"


@dataclass(frozen=True)
class Lesson:
    """One lesson, with what its notebook says of itself: title, question, and the line on its time."""

    solution: Path
    title: str
    question: str
    time: str

    @property
    def student(self) -> Path:
        """The notebook that is made for students."""
        return FOLDER / self.solution.name

    @property
    def name(self) -> str:
        """The name of the page without its ending."""
        return f"lesson-{self.solution.stem.replace('_', '-')}"

    @property
    def page(self) -> str:
        """The file name of the HTML page."""
        return f"{self.name}.html"


def lessons() -> list[Lesson]:
    """The lessons in their order. Raises LessonError where a notebook does not begin as a lesson does."""
    return [_lesson(path) for path in sorted((FOLDER / "solutions").glob("*.ipynb"))]


def student(solution: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The student's notebook of a solution notebook: nothing solved, nothing run.

    Raises LessonError where a cell tagged `solution` does not end in its check.
    """
    notebook = nbformat.from_dict(solution)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "solution" in tags:
            cell.source = task(cell.source)
        if "solution-text" in tags:
            cell.source = INVITATION
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata[AS_MADE] = digest(notebook)
    return notebook


def digest(notebook: nbformat.NotebookNode) -> str:
    """SHA-256 of a notebook's cells without their outputs, so that running them does not change it."""
    cells = [[cell.cell_type, cell.id, cell.source] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def task(source: str) -> str:
    """What a student sees of a solved cell: its first comments, `answer = ...`, its check. LessonError without a check."""
    lines = source.splitlines()
    if not lines[-1].startswith("check("):
        raise LessonError(f"A cell tagged solution ends in a line that begins with check(, and not in {lines[-1]!r}.")
    comments = lines[: next(i for i, line in enumerate(lines) if not line.startswith("#"))]
    return "\n".join([*comments, "answer = ...", lines[-1]])


def generate() -> list[Path]:
    """Writes and runs the students' notebooks that are not what the solutions give now; returns them.

    Raises LessonError, before anything is written, where somebody has worked in one: their work would be lost; and
    BuildError where one does not run.
    """
    todo = {}
    for lesson in lessons():
        made = student(nbformat.read(lesson.solution, as_version=4))
        if lesson.student.exists():
            held = nbformat.read(lesson.student, as_version=4)
            if digest(held) == digest(made):
                continue
            if digest(held) != held.metadata.get(AS_MADE):
                raise LessonError(
                    f"{lesson.student.name} was worked in, and writing it anew would lose that: save it under another "
                    f"name, then take the old one away with `rm notebooks/lessons/{lesson.student.name}`."
                )
        todo[lesson.student] = made
    for path, text in {path: _run(made, path.name) for path, made in todo.items()}.items():
        files.write(path, text)
    return list(todo)


def _run(notebook: nbformat.NotebookNode, name: str) -> str:
    """The text of a notebook, run: in a folder of its own, for what fails is not to stand among the lessons."""
    from analysis import running, warm

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        nbformat.write(notebook, path)
        try:
            return nbformat.writes(running.run(path, {})) + "\n"
        finally:
            warm.stop()


def _lesson(path: Path) -> Lesson:
    first = nbformat.read(path, as_version=4).cells[0].source
    found = re.match(r"# (?P<title>.+)\n+\*\*(?P<question>.+)\*\*\n+(?P<time>Time: .+)", first)
    if not found:
        raise LessonError(
            f"{path.name}: a lesson begins with a title, its question in bold and a line `Time: …`, each after an empty line."
        )
    return Lesson(path, **found.groupdict())
