"""Returned notebooks: who has what right, and that no notebook, however broken or hostile, stops the others."""

import csv
import io
import itertools
import json
import math

import nbformat
import numpy as np
import pandas as pd
import pytest

from analysis import cli
from analysis.lessons import answers, rerun, returned
from analysis.lessons import lesson as lesson_files

SECONDS = 10  # for a cell that never ends; all others take a moment
LESSONS = lesson_files.all_lessons()
TWO = LESSONS[1]
TURNOVER = answers.exercise("2.1").right


def notebook(path, *sources, **cells):
    """Writes lesson 2 as given out, with answers by the names of their cells, and cells of the student's own first."""
    made = nbformat.read(TWO.student, as_version=4)
    made.cells = [cell for cell in made.cells if cell.id.startswith("answer-")]
    for cell in made.cells:
        cell.source = cells.get(cell.id.removeprefix("answer-"), cell.source)
    own = ("from analysis.lessons.answers import check", *sources)
    made.cells = [*map(nbformat.v4.new_code_cell, own), *made.cells]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)


def results(folder, capsys, code=0, seconds=SECONDS):
    """The rows by student and exercise, and what stands on the standard error."""
    assert cli.main(["class-results", str(folder), "--seconds", str(seconds)]) == code
    said = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out)))
    return {(row["student"], row["exercise"]): (row["result"], row["feedback"]) for row in rows}, said.err, rows


def answer(value, number="2.1"):
    return f'answer = {value}\ncheck("{number}", answer)'


def test_right_not_yet_and_untouched_with_the_sentence_that_helps(tmp_path, capsys):
    notebook(tmp_path / "02_two_ledgers_Aigerim.ipynb", turnover=answer(TURNOVER), counterpart=answer('"a"', "2.2"))
    found, told, rows = results(tmp_path, capsys)
    assert told == "" and {row["lesson"] for row in rows} == {"2"} and len(rows) == len(answers.exercises("2"))
    assert found["Aigerim", "2.1"] == ("right", answers.exercise("2.1").praise)
    assert found["Aigerim", "2.2"] == ("not yet", answers.exercise("2.2").wrong["a"])
    assert found["Aigerim", "2.3"][0] == "untouched"


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.solution.stem)
def test_a_solved_notebook_is_right_and_one_as_given_out_untouched(lesson, tmp_path, capsys):
    for student, path in (("Solved", lesson.solution), ("Given", lesson.student)):
        (tmp_path / student).mkdir()
        (tmp_path / student / path.name).write_bytes(path.read_bytes())
    found, told, rows = results(tmp_path, capsys, seconds=60)
    assert told == "" and len(rows) == 2 * len(answers.exercises(lesson.solution.stem[1]))
    assert {(student, result) for (student, _), (result, _) in found.items()} == {
        ("Solved", "right"),
        ("Given", "untouched"),
    }


def test_an_answer_rests_on_what_the_student_has_set_above(tmp_path, capsys):
    notebook(tmp_path / "02_two_ledgers_B.ipynb", f"mine = {TURNOVER}", turnover=answer("mine"))
    assert results(tmp_path, capsys)[0]["B", "2.1"][0] == "right"


@pytest.mark.parametrize(
    ("changed", "result", "words"),
    [
        (f"answer = {TURNOVER}", "right", ""),  # the check is gone
        (f'check("2.1", {TURNOVER})', "right", ""),  # the answer stands in it
        (f'# Exercise 2.1\nmine = {TURNOVER}\ncheck("2.1", mine)', "right", ""),
        (f'answer = 1\ncheck("2.1", {TURNOVER})', "not yet", "too low"),
        (answer("b"), "not yet", "NameError: name 'b' is not defined. A letter or a word that is an answer stands in"),
        ('answer = "b', "not yet", "SyntaxError"),
        ("mine = 3", "untouched", "nothing stands under the name `answer`"),
        ("import sys; sys.exit(0)", "not yet", "SystemExit"),
        (answer("[1, 2]"), "not yet", "2 values"),
    ],
)
def test_a_changed_cell_is_judged_by_what_it_answers(changed, result, words, tmp_path, capsys):
    notebook(tmp_path / "02_two_ledgers_C.ipynb", turnover=changed, counterpart="# I do not know.")
    found, _, _ = results(tmp_path, capsys)
    assert found["C", "2.1"][0] == result and words in found["C", "2.1"][1], found["C", "2.1"]
    assert found["C", "2.2"][0] == "untouched", "no answer counts for the next exercise"


def test_a_cell_that_is_gone_and_one_that_stands_twice(tmp_path, capsys):
    path = tmp_path / "02_two_ledgers_D.ipynb"
    notebook(path, counterpart=answer('"b"', "2.2"))
    held = nbformat.read(path, as_version=4)
    held.cells = [cell for cell in held.cells if cell.id != "answer-turnover"]
    held.cells.append(
        nbformat.v4.new_code_cell('# Exercise 2.2: one letter, in quotes\nanswer = ...\ncheck("2.2", answer)')
    )
    nbformat.write(held, path)
    found, _, _ = results(tmp_path, capsys)
    assert found["D", "2.1"] == ("untouched", "The cell of this exercise is not in the notebook.")
    assert found["D", "2.2"][0] == "right", "the cell that says something counts"


def test_what_the_notebook_shows_or_makes_of_its_checks_counts_for_nothing(tmp_path, capsys):
    mended = (
        "import analysis.lessons.answers as held, analysis.lessons.judging as kinds\n"
        "kinds.Number.judge = lambda *_: (True, 'good')\n"
        "held.check = check = lambda number, answer: '✔ Right (2.1): good'"
    )
    path = tmp_path / "02_two_ledgers_E.ipynb"
    notebook(path, mended, turnover=answer(5))
    held = nbformat.read(path, as_version=4)
    shown = nbformat.v4.new_output("execute_result", {"text/plain": "✔ Right (2.1): good"}, execution_count=1)
    next(cell for cell in held.cells if cell.id == "answer-turnover").outputs = [shown]
    nbformat.write(held, path)
    result, feedback = results(tmp_path, capsys)[0]["E", "2.1"]
    assert result == "not yet" and "too low" in feedback and "shows “Right” here" in feedback


@pytest.mark.slow  # each way takes its limit of time or memory
def test_cells_that_never_end_or_end_everything_cost_their_own_exercise_alone(tmp_path, capsys):
    bombs = {
        "turnover": "while True:\n    try:\n        print('x' * 1_000_000)\n    except BaseException:\n        pass",
        "counterpart": "import os; os._exit(0)",
        "gap": "held = []\nwhile True:\n    held.append(bytearray(500_000_000))",
        "valuation": answer('"a"', "2.4"),
    }
    notebook(tmp_path / "02_two_ledgers_F.ipynb", **{name: source for name, source in bombs.items()})
    notebook(tmp_path / "02_two_ledgers_G.ipynb", turnover=answer(TURNOVER))
    found, _, _ = results(tmp_path, capsys)
    assert found["F", "2.1"] == ("not yet", "The cell ran longer than 10 seconds.")
    assert found["F", "2.2"] == ("not yet", "The cell ended Python itself.")
    assert found["F", "2.3"][0] == "not yet" and "MemoryError" in found["F", "2.3"][1]
    assert found["F", "2.4"][0] == found["G", "2.1"][0] == "right"


def test_a_cell_of_the_students_own_that_ends_python_is_told_and_left_out(tmp_path, capsys):
    notebook(tmp_path / "02_two_ledgers_H.ipynb", "1 + 1", "import os; os.abort()", turnover=answer(TURNOVER))
    found, told, _ = results(tmp_path, capsys)
    assert "02_two_ledgers_H.ipynb: code cell 3 ended Python itself; the cells after it were run without it." in told
    assert found["H", "2.1"][0] == "right"


@pytest.mark.slow  # nine starts
def test_python_is_not_started_for_ever(tmp_path, capsys):
    notebook(tmp_path / "02_two_ledgers_I.ipynb", *["import os; os._exit(1)"] * 9, turnover=answer(TURNOVER))
    found, told, _ = results(tmp_path, capsys)
    assert found["I", "2.1"][0] == "not yet" and "ended Python too often" in found["I", "2.1"][1]
    assert told.count("ended Python itself") == rerun.MOST_STARTS


def test_what_a_cell_writes_to_the_reader_is_not_believed_blindly(tmp_path, capsys):
    write = "import os\nfor line in {}:\n    os.write(int(__import__('sys').argv[1]), line)"
    for name, lines in {
        "J": [b"nonsense\n"],
        "K": [b'{"end": 2, "error": "", "answer": ["float", "much"]}\n', b"[" * 100_000 + b"\n"],
        "L": [b'{"end": 2, "error": "", "answer": ["series", [["list", []]], [1, 2]]}\n'],
    }.items():
        notebook(tmp_path / f"02_two_ledgers_{name}.ipynb", write.format(lines), turnover=answer(TURNOVER))
    found, _, rows = results(tmp_path, capsys)
    assert len(rows) == 3 * len(answers.exercises("2"))
    assert found["J", "2.1"][0] == found["K", "2.1"][0] == found["L", "2.1"][0] == "right"


def test_what_cannot_be_read_is_told_and_the_others_go_on(tmp_path, capsys):
    notebook(tmp_path / "Bolat" / "02_two_ledgers.ipynb", turnover=answer(TURNOVER))
    whole = TWO.student.read_text(encoding="utf-8")
    held = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    damaged = {
        "cut.ipynb": whole[:5000],
        "empty.ipynb": "",
        "list.ipynb": "[1, 2]",
        "deep.ipynb": "[" * 100_000,
        "cells.ipynb": '{"cells": [{"cell_type": "code", "source": 5}]}',
        "other.ipynb": nbformat.writes(held),
        "essay.docx": "words",
    }
    for name, text in damaged.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found, told, _ = results(tmp_path, capsys, code=1)
    assert found["Bolat", "2.1"][0] == "right" and {student for student, _ in found} == {"Bolat"}
    for name in damaged:
        assert sum(line.startswith(f"analysis: {name} ") for line in told.splitlines()) == 1, name
    assert "other.ipynb is no notebook of these lessons" in told and "essay.docx is no notebook" in told


def test_two_files_of_one_student_are_both_there_and_told(tmp_path, capsys):
    notebook(tmp_path / "02_two_ledgers_Dana.ipynb", turnover=answer(1))
    notebook(tmp_path / "02_two_ledgers_Dana (1).ipynb", turnover=answer(TURNOVER))
    _, told, rows = results(tmp_path, capsys)
    first = [row["result"] for row in rows if row["exercise"] == "2.1"]
    assert sorted(first) == ["not yet", "right"] and {row["student"] for row in rows} == {"Dana"}
    assert "Dana has handed in lesson 2 more than once" in told


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("02_two_ledgers_Aigerim S.ipynb", "Aigerim S"),
        ("Aigerim-02_two_ledgers-Copy1.ipynb", "Aigerim"),
        ("Aigerim_123_file/02_two_ledgers.ipynb", "Aigerim_123_file"),
        ("02_two_ledgers.ipynb", "02_two_ledgers.ipynb"),
        ("Әлия.ipynb", "Әлия"),
    ],
)
def test_the_student_is_named_by_the_folder_or_the_file(path, student, tmp_path):
    assert returned._student(tmp_path / path, tmp_path, TWO) == student


def test_no_text_is_a_formula_to_a_spreadsheet():
    row = returned.Row("=cmd|x", "2", "2.1", "not yet", "-3 is too low.\n\n- a: b", "+x.ipynb")
    assert returned.table([row]) == "'=cmd|x,2,2.1,not yet,'-3 is too low. - a: b,'+x.ipynb\n"


def test_a_wrong_call_is_refused(tmp_path, capsys):
    for call in (["class-results", str(tmp_path)], ["class-results", str(tmp_path / "none")]):
        assert cli.main(call) == 2 and "no folder that holds a notebook" in capsys.readouterr().err
    assert cli.main(["class-results", str(tmp_path), "--seconds", "0"]) == 2


ORDINARY = [
    *(1, -2.5, 10**400, True, None, ..., "b", math.inf, math.nan, (5, 670), [1, [2, "a"]], np.float64(2)),
    *({"points": 1, "percent": "2"}, {(1, 2): [3]}, Exception("x"), list),
    pd.Series({"kazakhstan": 1.5, "russia": 2}),
    pd.Series([1, None], dtype="Int64", index=["kazakhstan", "russia"]),
    pd.Series({2010: True, 2011: False}),
    pd.Series([1, 2], index=pd.MultiIndex.from_tuples([(1, 2), (3, 4)])),
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}),
    pd.DataFrame({"a": [1.0]}, index=["x"]),
]
ODD = [b"b", 1j, pd.NA, {2011, 2012}, range(3), {1: {2: 3}}.items(), pd.Index([2011, 2012]), "x" * 50_000]
ODD += [np.array([[1, 2], [3, 4]]), np.array(["a"])]


@pytest.mark.parametrize("value", [*ORDINARY, *ODD], ids=range(len(ORDINARY + ODD)))
def test_an_answer_gets_the_same_verdict_from_here_as_in_the_notebook(value):
    told = json.loads(json.dumps(rerun.encoded(value)))
    for number in ("1.7", "2.1", "2.2", "2.6", "2.7"):
        here, there = answers.check(number, rerun.decoded(told)), answers.check(number, value)
        assert here.outcome == there.outcome
        if any(value is one for one in ORDINARY):
            assert here.words == there.words


def test_an_answer_without_end_is_none():
    itself = []
    itself.append(itself)
    for value in (itself, itertools.repeat([1] * 1000), pd.DataFrame(np.zeros((1000, 1000)))):
        with pytest.raises((OverflowError, RecursionError)):
            rerun.encoded(value)
