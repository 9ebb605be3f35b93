"""Wrong answers, written down from the lessons' texts before the sentences for them, typed as students type."""

import ast
import csv
from functools import cache
from pathlib import Path

import nbformat
import pytest

from analysis.lessons import answers
from analysis.lessons.lesson import all_lessons

with Path(__file__).with_name("wrong_answers.csv").open(encoding="utf-8", newline="") as file:
    TYPED = list(csv.DictReader(file))


@cache
def names(lesson):
    """The names that a lesson's cells leave, run as given out, but for what they show."""
    path = next(one.student for one in all_lessons() if one.solution.stem[1] == lesson)
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and not cell.source.startswith("%"):
            tree = ast.parse(cell.source)
            if isinstance(tree.body[-1], ast.Expr):
                tree.body.pop()
            exec(compile(tree, path.name, "exec"), found)  # noqa: S102
    return found


@pytest.mark.parametrize("row", TYPED, ids=lambda row: f"{row['number']}-{row['kind'].replace(' ', '-')}")
def test_a_wrong_answer_gets_a_sentence_that_helps(row):
    answer = eval(row["typed"], dict(names(row["number"][0])))
    verdict = answers.check(row["number"], answer)
    assert verdict.outcome == "wrong" and row["says"].casefold() in verdict.words.casefold(), verdict


def test_each_lesson_has_ten_kinds_of_its_own():
    for lesson in answers.LESSONS:
        kinds = [row["kind"] for row in TYPED if row["number"].startswith(f"{lesson}.")]
        assert len(set(kinds)) >= 10
