"""The lessons: the solution notebook is the source, and the student's notebook and the HTML page are made from it.

The convention is two cell tags in `notebooks/lessons/solutions/`:

* `solution` on a code cell: the student sees its first comment lines, then `answer = ...`, then its last line, the check;
* `solution-text` on a text cell: the student sees an invitation to write.

All other cells are the same in both. A page shows the outputs with which the solution notebook is committed; that they
are what its code gives is what the strict comparison of notebooks proves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

from analysis import files
from analysis.errors import LessonError
from analysis.report import NOTEBOOKS

FOLDER = NOTEBOOKS / "lessons"
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
    def page(self) -> str:
        """The name of the HTML page."""
        return f"lesson-{self.solution.stem.replace('_', '-')}.html"


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
    return notebook


def task(source: str) -> str:
    """What a student sees of a solved cell: its first comments, `answer = ...`, its check. LessonError without a check."""
    lines = source.splitlines()
    if not lines[-1].startswith("check("):
        raise LessonError(f"A cell tagged solution ends in a line that begins with check(, and not in {lines[-1]!r}.")
    comments = lines[: next(i for i, line in enumerate(lines) if not line.startswith("#"))]
    return "\n".join([*comments, "answer = ...", lines[-1]])


def text(lesson: Lesson) -> str:
    """The student's notebook of a lesson as the text of its file."""
    return nbformat.writes(student(nbformat.read(lesson.solution, as_version=4))) + "\n"


def generate() -> list[Path]:
    """Writes every student's notebook; returns those that changed.

    Raises LessonError, before anything is written, where somebody has worked in one: their work would be lost.
    """
    todo = [lesson for lesson in lessons() if _held(lesson.student) != text(lesson)]
    for lesson in todo:
        if lesson.student.exists() and any(
            cell.get("execution_count") for cell in nbformat.read(lesson.student, as_version=4).cells
        ):
            raise LessonError(
                f"{lesson.student.name} was worked in, and writing it anew would lose that: save it under another name, "
                f"then take the old one away with `git checkout notebooks/lessons/{lesson.student.name}`."
            )
    for lesson in todo:
        files.write(lesson.student, text(lesson))
    return [lesson.student for lesson in todo]


def _held(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _lesson(path: Path) -> Lesson:
    first = nbformat.read(path, as_version=4).cells[0].source
    found = re.match(r"# (?P<title>.+)\n+\*\*(?P<question>.+)\*\*\n+(?P<time>Time: .+)", first)
    if not found:
        raise LessonError(
            f"{path.name}: a lesson begins with a title, its question in bold and a line `Time: …`, each after an empty line."
        )
    return Lesson(path, **found.groupdict())
