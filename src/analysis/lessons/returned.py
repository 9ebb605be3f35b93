"""Returned notebooks: what each student has right, has not yet, or has not touched, and what is wrong with it.

A notebook's cells run in a process of their own (see `rerun`). Only the values of its answers come back, and the checks
of this checkout judge them, never the notebook's copy of a check or what it shows.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from analysis.errors import CallError
from analysis.lessons import answers, rerun
from analysis.lessons.lesson import Lesson, all_lessons
from analysis.notebooks.cells import code_cells
from analysis.tables.store import visible

LARGEST = 50 << 20  # bytes of a notebook
ASKS = re.compile(r"""\bcheck\(\s*["'](\d+\.\d+)["']|\A# Exercise (\d+\.\d+)""")
DOTS = "answer = ..."
NUMBERED = re.compile(r"(-Copy\d+| ?\(\d+\))+\Z")  # what JupyterLab and browsers add to a name that is there already
FORMULA = ("=", "+", "-", "@")  # a spreadsheet would take a text that begins so for a formula


@dataclass(frozen=True)
class Row:
    """One exercise of one returned notebook; `result` is right, not yet or untouched."""

    student: str
    lesson: str
    exercise: str
    result: str
    feedback: str
    file: str


@dataclass(frozen=True)
class Returned:
    """What became of one file: its rows, and what else a teacher should know of it, in sentences."""

    rows: list[Row]
    told: list[str]
    read: bool = True


def read_all(folder: Path, *, seconds: float) -> Iterator[Returned]:
    """The notebooks in a folder and its folders, one after another; a cell may run for so many seconds.

    Raises CallError where the folder is none or holds no notebook.
    """
    paths = [path for path in visible(folder, "*") if path.is_file()]
    notebooks = [path for path in paths if path.suffix == ".ipynb"]
    if not notebooks:
        raise CallError(f"{folder} is no folder that holds a notebook (*.ipynb).")
    for path in paths:
        if path.suffix != ".ipynb":
            yield Returned([], [f"{path.relative_to(folder)} is no notebook (*.ipynb)."], read=False)
    handed_in: Counter[tuple[str, str]] = Counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for one in pool.map(lambda path: read(path, folder, seconds=seconds), notebooks):
            for student, lesson in {(row.student, row.lesson) for row in one.rows}:
                handed_in[student, lesson] += 1
                if handed_in[student, lesson] == 2:
                    one.told.append(f"{student} has handed in lesson {lesson} more than once; all are in the table.")
            yield one


def read(path: Path, folder: Path, *, seconds: float) -> Returned:
    """One returned notebook. It raises nothing: what cannot be read is told."""
    file = path.relative_to(folder).as_posix()
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"it has more than {LARGEST >> 20} MB")
        found = _code(path)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        why = " ".join(str(error).split())[:200]
        return Returned([], [f"{file} cannot be read as a notebook ({why or type(error).__name__})."], read=False)
    lesson, asked = _exercises(found)
    if lesson is None:
        return Returned([], [f"{file} is no notebook of these lessons: it has none of their exercises."], read=False)
    student = _student(path, folder, lesson)
    ran = rerun.run([source for _, source, _ in found], asked, seconds=seconds)
    rows = [
        Row(student, lesson.solution.stem[1], number, *_result(number, lesson, found, asked, ran), file)
        for number in answers.exercises(lesson.solution.stem[1])
    ]
    told = [
        f"{file}: code cell {place + 1} {error}; the cells after it were run without it."
        for place, error in sorted(ran.errors.items())
        if place not in asked and not error.startswith("stopped with")
    ]
    return Returned(rows, told)


def table(rows: list[Row]) -> str:
    """Rows as CSV without its header, a line each; no text begins as a formula of a spreadsheet does."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        lines = [" ".join(value.split()) for value in astuple(row)]
        writer.writerow([f"'{line}" if line.startswith(FORMULA) else line for line in lines])
    return text.getvalue()


def header() -> str:
    """The names of the columns, as CSV."""
    return ",".join(column.name for column in fields(Row)) + "\n"


def _code(path: Path) -> list[tuple[str, str, str]]:
    """Name, source and shown text of each code cell; what is no cell is passed over."""
    found = []
    for cell in json.loads(path.read_bytes())["cells"]:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            name = cell.get("id") or (cell.get("metadata") or {}).get("id")
            found.append((str(name), "".join(cell["source"]), json.dumps(cell.get("outputs"), ensure_ascii=False)))
    return found


def _originals(lesson: Lesson) -> dict[str, tuple[str, str]]:
    """Number and source of each exercise's cell, by the cell's name."""
    cells = code_cells(lesson.student)
    return {cell["id"]: (_number(cell["source"]), cell["source"]) for cell in cells if DOTS in cell["source"]}


def _number(source: str) -> str:
    found = ASKS.search(source)
    return (found[1] or found[2]) if found else ""


def _exercises(found: list[tuple[str, str, str]]) -> tuple[Lesson | None, dict[int, str]]:
    """The lesson that most of the cells are of, and the exercise that each cell answers, by the cell's place.

    A cell is known by the call of its check or the remark above it, and by its name where a student removed both.
    """
    best, most = None, {}
    for lesson in all_lessons():
        originals, known = _originals(lesson), answers.exercises(lesson.solution.stem[1])
        numbers = [_number(source) or originals.get(name, ("",))[0] for name, source, _ in found]
        asked = {place: number for place, number in enumerate(numbers) if number in known}
        if len(asked) > len(most):
            best, most = lesson, asked
    return best, most


def _student(path: Path, folder: Path, lesson: Lesson) -> str:
    """The folder that the notebook was found in, or its name without the lesson's."""
    within = path.relative_to(folder).parts
    own = NUMBERED.sub("", path.stem).replace(lesson.solution.stem, "").strip(" _-.")
    return within[0] if len(within) > 1 else own or path.name


def _result(
    number: str, lesson: Lesson, found: list[tuple[str, str, str]], asked: dict[int, str], ran: rerun.Ran
) -> tuple[str, str]:
    """Result and feedback of an exercise; of several cells that answer it the last counts that says anything."""
    places = [place for place, one in asked.items() if one == number]
    if not places:
        return "untouched", "The cell of this exercise is not in the notebook."
    given = {source.strip() for one, source in _originals(lesson).values() if one == number}
    said = [place for place in places if found[place][1].strip() not in given]
    if not said:
        return "untouched", "The cell is as it was given out."
    place = next((p for p in reversed(said) if ran.answers.get(p, ...) is not ...), said[-1])
    if (answer := ran.answers.get(place, ...)) is not ...:
        try:
            verdict = answers.check(number, answer)
        except Exception as error:  # noqa: BLE001  a fault of the check: the other exercises go on
            return "not yet", f"The answer could not be judged ({type(error).__name__})."
        if verdict.outcome == "right":
            return "right", verdict.words
        seen = answers.MARKS["right"] in found[place][2]
        return "not yet", verdict.words + (" (The notebook shows “Right” here: run from the top it is not.)" * seen)
    if place in ran.errors:
        quotes = " A letter or a word that is an answer stands in quotes." * ("NameError" in ran.errors[place])
        return "not yet", f"The cell {ran.errors[place]}.{quotes}"
    if place not in ran.answers:
        return "not yet", "The cell was not run: those before it took all the time or ended Python too often."
    return "untouched", "The cell was changed, but nothing stands under the name `answer`."
