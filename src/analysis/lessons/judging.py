"""The kinds of exercises: they say what is wrong with an answer, and not only that it is wrong.

Each kind knows its right answer, computed from the tables, and the answers that typical errors give, each with the
sentence that names the error.
"""

from __future__ import annotations

import itertools
import math
import numbers
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.tables.store import load

# What an answer was multiplied by if it is in another unit than was asked for, and what to tell its author.
SCALES: dict[str, dict[float, str]] = {
    "US dollars": {
        1e-9: "The digits fit, the unit does not: this is in billions, and the exercise asks for dollars.",
        1e-6: "The digits fit, the unit does not: this is in millions, and the exercise asks for dollars.",
    },
    "billion": {1e9: "The digits fit, the unit does not: divide by a billion, written `1e9`."},
    "percent": {0.01: "This is a share of one, and the exercise asks for percent: multiply by `100`."},
    "ratio": {100: "This is a percentage, and the exercise asks for a ratio: divide by `100`."},
    "number": {},
}
ONE_OUTSIDE = "The one was taken from the hundredfold: subtract the one inside the brackets, as in `100 * (a / b - 1)`."
YES_OR_NO = "This is a yes or no for each row: put the condition in square brackets, then take the `.index`."


@dataclass(frozen=True)
class Number:
    """One number: right within `within` of `right`; `wrong` gives the sentence for each typical wrong number."""

    right: float
    within: float
    unit: str
    wrong: Sequence[tuple[float, str]]
    praise: str
    hint: str

    def judge(self, answer: object) -> tuple[bool, str]:
        """Whether the answer is right, and the sentence that says why or why not."""
        value = _as_number(answer, self.hint)
        if isinstance(value, str):
            ends = isinstance(answer, (tuple, list)) and len(answer) == 2 and self._near(_span(answer), self.right)
            return False, "These are the two ends: subtract one from the other." if ends else value
        if self._near(value, self.right):
            return True, self.praise
        if exact := next((sentence for typical, sentence in self.wrong if math.isclose(value, typical)), ""):
            return False, exact
        if any(value == round(self.right, digits) for digits in range(4)):
            return False, "This is right and rounded too far: give it as Python computes it, or with more digits."
        for typical, sentence in self.wrong:
            if self._near(value, typical):
                return False, sentence
        undone = [(value / scale, sentence) for scale, sentence in SCALES[self.unit].items()]
        for meant, sentence in undone + [(value - 99, ONE_OUTSIDE)] * (self.unit == "percent"):
            if self._near(meant, self.right):
                return False, sentence
            for typical, error in self.wrong:
                if self._near(meant, typical):
                    return False, f"{sentence} Besides: {error}"
        if self._near(-value, self.right):
            return False, "The size is right and the sign is not: say in words which of the two is subtracted."
        return False, f"{value:,.6g} is too {'high' if value > self.right else 'low'}. {self.hint}"

    def _near(self, value: float, target: float) -> bool:
        return abs(value - target) <= self.within


@dataclass(frozen=True)
class Choice:
    """A question with lettered options: `wrong` says for each wrong letter why it is wrong."""

    right: str
    wrong: Mapping[str, str]
    praise: str

    def judge(self, answer: object) -> tuple[bool, str]:
        """As in `Number`."""
        letters = sorted({self.right, *self.wrong})
        letter = str(answer).strip().strip("().").lower() if isinstance(answer, str) else ""
        if letter not in letters:
            return (
                False,
                f'Answer with one letter in quotes, such as `answer = "a"`; the letters are {", ".join(letters)}.',
            )
        return (True, self.praise) if letter == self.right else (False, self.wrong[letter])


@dataclass(frozen=True)
class Names:
    """Several names or numbers in any order: `wrong` says for typical strangers why they do not belong."""

    right: frozenset
    wrong: Mapping[object, str]
    praise: str
    hint: str

    def judge(self, answer: object) -> tuple[bool, str]:
        """As in `Number`; capitals, order and repeats do not matter."""
        given = _as_set(answer)
        if given is None:
            return False, 'Answer with a list, such as `["one", "two"]` or `[1, 2]`.'
        if not given:
            return False, f"Your list is empty. {self.hint}"
        if getattr(answer, "dtype", None) == bool or given <= {True, False}:
            return False, YES_OR_NO
        if isinstance(answer, pd.Series) and not given & self.right and self.right & _as_set(answer.index):
            return False, "These are the values of a series: what is asked for are its labels, its `.index`."
        if isinstance(answer, range) and given != self.right:
            return (
                False,
                f"A range holds every number between its ends: take those that belong from the table. {self.hint}",
            )
        if given == {len(self.right)} and not given & self.right:
            return False, f"This says how many there are, and the exercise asks which. {self.hint}"
        strangers = sorted(given - self.right, key=str)
        for stranger in strangers:
            if stranger in self.wrong:
                return False, self.wrong[stranger]
        if strangers and not any(type(item) is type(strangers[0]) for item in self.right):
            kind = "names in quotes" if isinstance(next(iter(self.right)), str) else "numbers"
            return False, f"The exercise asks for {kind}, and {strangers[0]} is none. {self.hint}"
        if strangers:
            return False, f"{strangers[0]} does not belong here. {self.hint}"
        if given != self.right:
            return False, f"What you have is right, but it is {len(given)} of {len(self.right)}. {self.hint}"
        return True, self.praise


@dataclass(frozen=True)
class Values:
    """A labelled series of numbers in any order: `wrong` gives the sentence for each typical wrong series."""

    right: pd.Series
    within: float
    wrong: Sequence[tuple[pd.Series, str]]
    praise: str
    hint: str
    unit: str = "number"

    def judge(self, answer: object) -> tuple[bool, str]:
        """As in `Number`; a dictionary or a table of one column is as good as a series."""
        series = _as_series(answer)
        if series is None:
            return False, self._no_series(answer)
        if self._same(series, self.right):
            return True, self.praise
        for typical, sentence in self.wrong:
            if self._same(series, typical):
                return False, sentence
        for scale, sentence in SCALES[self.unit].items():
            if self._same(series / scale, self.right):
                return False, sentence
        missing = [label for label in self.right.index if label not in series.index]
        extra = [label for label in series.index if label not in self.right.index]
        for part, whole in itertools.product(extra, missing):
            if str(part) in str(whole).split():
                return False, f"{part} is only a part of a label: write the whole name, `{whole}`."
        if len(missing) == len(self.right):
            return False, f"None of these labels was asked for. The names that are: {self._written()}. {self.hint}"
        if missing:
            return False, f"{missing[0]} is missing: {len(self.right)} labels are asked for. {self.hint}"
        if extra:
            return False, f"{extra[0]} was not asked for: {len(self.right)} labels are. {self.hint}"
        off = [label for label in self.right.index if not self._near(series[label], self.right[label])]
        if all(map(self._near, sorted(series), sorted(self.right))):
            return False, f"The numbers are right and have changed places: look at {' and '.join(map(str, off))}."
        if all(self._near(series[label] - 99, self.right[label]) for label in off):
            return False, f"Look at {off[0]}. {ONE_OUTSIDE}"
        return False, f"{len(self.right) - len(off)} of {len(self.right)} are right; look at {off[0]}. {self.hint}"

    def _no_series(self, answer: object) -> str:
        """What is told of an answer that has no number for each label."""
        if isinstance(answer, pd.DataFrame):
            return f"This is a table of {answer.shape[1]} columns: take one of them. {self.hint}"
        held = answer.to_dict() if isinstance(answer, pd.Series) else answer if isinstance(answer, dict) else {}
        if set(map(_plain, held.values())) & set(self.right.index):
            return f"Label and number have changed places: the label stands before the colon, {self._written()}."
        if any(isinstance(value, str) for value in held.values()):
            return f"Your numbers are texts, for they stand in quotes: write them without quotes, {self._written()}."
        for label, value in held.items():
            if isinstance(value, (Sequence, pd.Series, np.ndarray)):
                return f"Under {label} there are {len(value)} values, and each label takes one. {self.hint}"
        return f"One number for each label is asked for. Write {self._written()}."

    def _written(self) -> str:
        """The answer as it is typed, with noughts for its numbers."""
        written = ", ".join(f'"{label}": 0' for label in self.right.index)
        return f"`{{{written}}}`, with your numbers for the noughts"

    def _near(self, value: float, target: float) -> bool:
        return (pd.isna(value) and pd.isna(target)) or abs(value - target) <= self.within

    def _same(self, series: pd.Series, target: pd.Series) -> bool:
        labels = set(series.index) == set(target.index)
        return labels and all(self._near(series[label], target[label]) for label in target.index)


@dataclass(frozen=True)
class Words:
    """One word of `words` for each label: `wrong` says for a label and its wrong word what was missed.

    `words` gives each word and another way to say it, which is as good.
    """

    right: Mapping[str, str]
    words: Mapping[str, str]
    wrong: Mapping[tuple[str, str], str]
    praise: str

    def judge(self, answer: object) -> tuple[bool, str]:
        """As in `Number`; a label that was left out is not right, and the others are judged."""
        given = _as_words(answer)
        if not given:
            written = ", ".join(f'"{label}": "?"' for label in self.right)
            return False, f"Answer with a dictionary, a word in quotes for each label: `{{{written}}}`."
        if extra := [label for label in given if label not in self.right]:
            return False, f"{extra[0]} was not asked for: the labels are {', '.join(self.right)}."
        known = {_joined_up(way): word for word, other in self.words.items() for way in (word, other)}
        told = []
        for label, right in self.right.items():
            word = known.get(given.get(label, ""))
            if label not in given:
                told.append(f"- {label}: there is no word for it yet.")
            elif word is None:
                told.append(f"- {label}: `{given[label]}` is none of the words; they are {', '.join(self.words)}.")
            elif word != right:
                told.append(f"- {label}: {self.wrong[label, word]}")
        if told:
            return False, "\n".join([f"{len(self.right) - len(told)} of {len(self.right)} are right.", "", *told])
        return True, self.praise


Exercise = Number | Choice | Names | Values | Words


def facts(exercise: str) -> Iterator[float]:
    """The years, bounds and paragraphs that an exercise asks about, in the order of their names in `exercise_facts`."""
    rows = load("exercise_facts").query("exercise == @exercise")
    return (int(value) if value.is_integer() else value for value in rows["value"])


def _span(ends: Sequence) -> float:
    """How far two numbers lie apart; nan where they are none."""
    try:
        return abs(float(ends[1]) - float(ends[0]))
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _as_number(answer: object, hint: str) -> float | str:
    """The answer as a number, or the sentence that says why it is none."""
    if isinstance(answer, (pd.Series, pd.DataFrame, pd.Index)):
        answer = answer.to_numpy()
    if isinstance(answer, tuple) and len(answer) > 1:
        return "To Python a comma ends a number: write it without commas between thousands, and with a decimal point."
    if isinstance(answer, (np.ndarray, list, tuple)):
        values = answer.ravel() if isinstance(answer, np.ndarray) else answer
        if len(values) > 1 and all(isinstance(value, (bool, np.bool_)) for value in values):
            return "This is a yes or no for each row: `.sum()` after it counts the yes, `.mean()` gives their share."
        if len(values) != 1:
            return f"This has {len(values)} values, and the exercise asks for one: pick one row and one column. {hint}"
        answer = values[0]
    if isinstance(answer, str):
        return "This is a text in quotes, and the exercise asks for a number: leave the quotes away."
    if isinstance(answer, (bool, np.bool_)):
        return "This is a yes or no, and the exercise asks for a number."
    if not isinstance(answer, numbers.Number) or isinstance(answer, complex):
        found = "empty" if answer is None else f"a {type(answer).__name__}"
        return f"This is no number but {found}: did a bracket get lost?"
    try:
        value = float(answer)
    except OverflowError:
        return "This number is larger than any that could be meant: did a power or a zero too many slip in?"
    if math.isnan(value):
        return (
            "This is empty (nan): the tables have no figure there, so look at the year and the column that you chose."
        )
    return value


def _as_set(answer: object) -> set | None:
    """The items of the answer, texts in small letters and whole numbers as int; None where it has none."""
    if isinstance(answer, str):
        answer = re.split(r"[,;]", answer)
    elif isinstance(answer, numbers.Number) and not isinstance(answer, bool):
        answer = [answer]
    if isinstance(answer, (bytes, bool, pd.DataFrame)):
        return None
    try:
        items = list(answer)
    except TypeError:  # nothing that has items
        return None
    return {_plain(item) for item in items} - {""}


def _plain(item: object) -> object:
    if isinstance(item, str):
        text = " ".join(item.casefold().split())
        return int(text) if text.isdigit() else text
    if isinstance(item, numbers.Integral) or (isinstance(item, numbers.Real) and float(item).is_integer()):
        return int(item)
    return item if isinstance(item, numbers.Number) else str(item)


def _as_series(answer: object) -> pd.Series | None:
    """The answer as a series of float by label, or None where it is none or a label stands twice."""
    if isinstance(answer, dict):
        answer = pd.Series(answer)
    if isinstance(answer, pd.DataFrame) and answer.shape[1] == 1:
        answer = answer.iloc[:, 0]
    if not isinstance(answer, pd.Series) or not pd.api.types.is_numeric_dtype(answer) or answer.dtype.kind in "bc":
        return None
    labels = [_plain(label) if isinstance(label, (str, numbers.Number)) else label for label in answer.index]
    series = pd.Series(answer.to_numpy(dtype=float, na_value=np.nan), index=pd.Index(labels, dtype=object))
    return series if series.index.is_unique else None


def _as_words(answer: object) -> dict[str, str] | None:
    """The answer as a word by label, both in small letters; None where it is none."""
    if isinstance(answer, pd.Series):
        answer = answer.to_dict()
    if not isinstance(answer, dict):
        return None
    return {str(label).strip().casefold(): _joined_up(word) for label, word in answer.items()}


def _joined_up(word: object) -> str:
    """A word as the tables write it: small letters, and a low line between its parts."""
    return re.sub(r"[\s_-]+", "_", str(word).replace("'", "’").strip(" .").casefold())
