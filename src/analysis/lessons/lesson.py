"""The lessons: the solution notebook is the source, and the student's notebook is made from it; each has its page.

The convention is two cell tags in `notebooks/solutions/`, where what only a teacher is to open stands:

* `solution` on a code cell: the student sees its first comment lines, then `answer = ...`, then its last line, the
  check;
* `solution-text` on a text cell: the student sees an invitation to write.

All other cells are the same in both. Both are committed as run from top to bottom: a student who has not begun sees
"Not answered yet" below each exercise. That the outputs are what the code gives is what the strict comparison of
notebooks proves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import LessonError
from analysis.notebooks import folders
from analysis.notebooks.cells import cells

FOLDER = folders.NOTEBOOKS / "lessons"  # the students' notebooks
SOLUTIONS = folders.NOTEBOOKS / "solutions"


@dataclass(frozen=True)
class Lesson:
    """One lesson, with what its notebook says of itself: title, question, and the line on its time.

    Its page is the student's notebook, or, where it is `solved`, the solution in a folder of its own.
    """

    solution: Path
    title: str
    question: str
    time: str
    solved: bool = False

    @property
    def notebook(self) -> Path:
        """The notebook that its page shows."""
        return self.solution if self.solved else self.student

    @property
    def student(self) -> Path:
        """The notebook that is made for students."""
        return FOLDER / self.solution.name

    @property
    def name(self) -> str:
        """The page's path below the folder of pages, without its ending."""
        return f"{'solutions/' if self.solved else ''}lesson-{self.solution.stem.replace('_', '-')}"


def all_lessons() -> list[Lesson]:
    """The lessons in their order. Raises LessonError where a notebook does not begin as a lesson does."""
    return [_lesson(path) for path in sorted(SOLUTIONS.glob("*.ipynb"))]


def task(source: str) -> str:
    """What a student sees of a solved cell: its first comments, `answer = ...`, its check.

    Raises LessonError where it has no check.
    """
    lines = source.splitlines() or [""]
    if not lines[-1].startswith("check("):
        raise LessonError(f"A cell tagged solution ends in a line that begins with check(, and not in {lines[-1]!r}.")
    comments = lines[: next(i for i, line in enumerate(lines) if not line.startswith("#"))]
    return "\n".join([*comments, "answer = ...", lines[-1]])


def _lesson(path: Path) -> Lesson:
    first = next((cell["source"] for cell in cells(path)), "")
    found = re.match(r"# (?P<title>.+)\n+\*\*(?P<question>.+)\*\*\n+(?P<time>Time: .+)", first)
    if not found:
        raise LessonError(
            f"{path.name}: a lesson begins with a title, its question in bold and a line `Time: …`, each after an "
            "empty line."
        )
    return Lesson(path, **found.groupdict())
