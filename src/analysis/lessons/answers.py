"""Checks of the lessons' exercises: a student's answer gets a verdict and the sentence that explains it.

The exercises of a lesson stand in a module of their own, each of one of the kinds in `judging`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from analysis.lessons import lesson_1, lesson_2, lesson_3, lesson_4, lesson_5
from analysis.lessons.judging import Exercise

LESSONS = {
    "1": lesson_1.EXERCISES,
    "2": lesson_2.EXERCISES,
    "3": lesson_3.EXERCISES,
    "4": lesson_4.EXERCISES,
    "5": lesson_5.EXERCISES,
}
MARKS = {"right": "✔ Right", "wrong": "✘ Not yet", "unanswered": "… Not answered yet"}


@dataclass(frozen=True)
class Verdict:
    """What a check says: `outcome` is right, wrong or unanswered, `words` the sentence that explains it."""

    exercise: str
    outcome: str
    words: str

    def __repr__(self) -> str:
        return f"{MARKS[self.outcome]} ({self.exercise}): {self.words}"

    def _repr_markdown_(self) -> str:
        return f"**{MARKS[self.outcome]}** ({self.exercise}): {self.words}"


def check(number: str, answer: object) -> Verdict:
    """What is right or wrong with an answer to an exercise such as `"2.1"`.

    An answer of `...` is not answered yet. Raises ValueError for an exercise that does not exist.
    """
    if number not in exercises(number.partition(".")[0]):
        known = ", ".join(exercises(number.partition(".")[0]))
        raise ValueError(f"There is no exercise {number!r}; this lesson has {known}.")
    if answer is ...:
        return Verdict(number, "unanswered", "Put your answer in the place of the three dots and run this cell again.")
    right, words = exercise(number).judge(answer)
    return Verdict(number, "right" if right else "wrong", words)


def exercises(lesson: str) -> list[str]:
    """The exercises of a lesson, such as `"2"`. Raises ValueError for a lesson that does not exist."""
    if lesson not in LESSONS:
        raise ValueError(f"There is no lesson {lesson!r}; there are {', '.join(LESSONS)}.")
    return list(LESSONS[lesson])


@cache
def exercise(number: str) -> Exercise:
    """An exercise with its right answer, computed from the tables."""
    return LESSONS[number.partition(".")[0]][number]()
