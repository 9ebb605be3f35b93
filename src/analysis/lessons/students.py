"""The students' notebooks, made from the solutions and run."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

from analysis.errors import BuildError, LessonError
from analysis.lessons.lesson import all_lessons, task
from analysis.notebooks import execute, files, fork_server, nodes
from analysis.notebooks.nodes import NotebookNode

INVITATION = "*Write your answer here: double-click on this text, type, and press Shift and Enter.*"
AS_MADE = "digest_as_made"  # in the notebook's metadata: what its cells were before anybody worked in it


def student(solution: NotebookNode) -> NotebookNode:
    """The student's notebook of a solution notebook: nothing solved, nothing run.

    Raises LessonError where a cell tagged `solution` does not end in its check.
    """
    notebook = nodes.copied(solution)
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


def digest(notebook: NotebookNode) -> str:
    """SHA-256 of a notebook's cells without their outputs, so that running them does not change it."""
    cells = [[cell.cell_type, cell.id, cell.source] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def generate() -> list[Path]:
    """Writes and runs the students' notebooks that are not what the solutions give now; returns them.

    Raises LessonError, before anything is written, where somebody has worked in one: their work would be lost; and
    BuildError, after the others are written, where one does not run.
    """
    todo = {}
    for lesson in all_lessons():
        try:
            made = student(nodes.read(lesson.solution))
        except LessonError as error:
            raise LessonError(f"{lesson.solution.name}: {error}") from None
        if lesson.student.exists():
            held = nodes.read(lesson.student)
            if digest(held) == digest(made):
                continue
            if digest(held) != held.metadata.get(AS_MADE):
                raise LessonError(
                    f"{lesson.student.name} was worked in, and writing it anew would lose that: save it under another "
                    f"name, then take the old one away with `rm notebooks/lessons/{lesson.student.name}`."
                )
        todo[lesson.student] = made
    failed = []
    for path, made in todo.items():
        try:
            files.write(path, _run(made, path.name))
        except BuildError as error:
            failed.append(f"{path.name}: {error}")
    if failed:
        raise BuildError(" ".join(failed))
    return list(todo)


def _run(notebook: NotebookNode, name: str) -> str:
    """The text of a notebook, run: in a folder of its own, for what fails is not to stand among the lessons."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(nodes.text(notebook), encoding="utf-8")
        try:
            return nodes.text(execute.run(path, {}))
        finally:
            fork_server.stop()
