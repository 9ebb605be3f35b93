"""What a cell of a published file says: a name, a number or nothing, a stretch of a year.

A number is understood by a stated rule or refused: a comma and a point mean different things in different files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from analysis.errors import DataError, shown
from analysis.tables.days import is_day

# Signs for "not there": dashes, dots, the x of what cannot be, the letters and colons of statistical offices.
MISSING = frozenset(("", "-", "–", "—", "−", ".", "..", "...", "…", "x", "х", ":", "na", "n/a", "nan", "z", "#n/a"))
NEGLIGIBLE = re.compile(r"\s*[-−]?0[.,]0+\s*")  # as a text: more than nothing and less than is shown
FOOTNOTE = re.compile(r"(?<=[\w)\].,])\s*(?:\*+|[¹²³⁴-⁹⁰]+[)⁾]?|(?<=[^\d.,])\s*\d\)|(?<=\d)\s+\d\))$")
SPACES = re.compile(r"\s+")
POWER = re.compile(r"([-+]?\d+(?:[.,]\d+)?)[eE]([-+]?\d+)")
GROUPED = re.compile(r"[-+]?\d{1,3}(?:[ ,.']\d{3})+")
LATIN, CYRILLIC = "aecopxyikmhbt", "аесорхуікмнвт"  # letters that look alike, and are typed for each other
ALIKE = str.maketrans(LATIN, CYRILLIC)
YEAR = re.compile(r"(?<!\d)(1\d{3}|2\d{3})(?!\d)")
FIRST_MONTH, LAST_MONTH = 1, 12


def name(text: object) -> str:
    """A name so that two spellings of it are equal: one case, single spaces, no footnote, letters of one alphabet."""
    plain = SPACES.sub(" ", str(text)).strip()
    plain = FOOTNOTE.sub("", plain).strip(" ,;:.")
    folded = unicodedata.normalize("NFC", plain.casefold()).replace("ё", "е").replace("’", "'")
    return folded.translate(ALIKE) if re.search(r"[\u0400-\u04ff]", folded) else folded


def number(text: object, *, comma: bool) -> float | None:
    """The number of a cell, or None where it says that there is none.

    Args:
        text: the cell, of a workbook a number or a text.
        comma: whether a comma separates decimals; else a comma can only separate thousands.

    Raises:
        ValueError: if it is no number, or can be read in two ways; the message is the rule.
    """
    if isinstance(text, int | float) and not isinstance(text, bool):
        return None if np.isnan(text) else _finite(float(text))
    plain = SPACES.sub(" ", str(text)).strip()
    if plain.casefold() in MISSING:
        return None
    plain = FOOTNOTE.sub("", plain).replace("−", "-").strip()
    if power := POWER.fullmatch(plain):
        digits = len(power[1].lstrip("+-").replace(".", "").replace(",", ""))
        if int(power[2]) >= digits:
            raise ValueError("a spreadsheet cut its last digits; the file is to be downloaded again")
        return _finite(float(plain.replace(",", ".")))
    decimals, groups = (",", ".") if comma else (".", ",")
    whole, point, fraction = plain.partition(decimals)
    if not comma and not point and re.fullmatch(r"[-+]?\d{1,3},\d{3}", plain):
        raise ValueError("it can mean thousands or decimals; the rule is a file that shows which")
    if GROUPED.fullmatch(whole) and len(set(re.sub(r"[-+\d]", "", whole))) == 1 and decimals not in whole:
        whole = re.sub(r"[ ,.']", "", whole)
    if not re.fullmatch(r"[-+]?\d+", whole) or (point and not re.fullmatch(r"\d+", fraction)) or groups in fraction:
        raise ValueError("the column holds numbers")
    return _finite(float(f"{whole}.{fraction or 0}"))


def _finite(value: float) -> float:
    if not np.isfinite(value):
        raise ValueError("the number is too large")
    return value


def numbers(
    column: pd.Series, rows: pd.Series, *, where: str, comma: bool | None = None, rounded: bool = False
) -> pd.Series:
    """A column of texts as numbers, NaN where a cell says that there is none.

    Args:
        column: the cells.
        rows: the row of the file that each stands in.
        where: how messages name the file and the sheet.
        comma: whether a comma separates decimals; by default it does where a cell has one with other than three
            digits after it, with more than three before it, or after a point.
        rounded: whether a text such as "0,0" says that something is there which is less than is shown, as the legend
            of the Kazakh bureau has it; that is no number either, and no nought.

    Raises:
        DataError: at the first cell that is no number, with its row and the rule.
    """
    values = pd.to_numeric(column, errors="coerce").astype("float64")
    texts = column.astype(str)
    typed = column.map(lambda cell: isinstance(cell, float | int) and not isinstance(cell, bool)).astype(bool)
    if rounded:
        column = column.mask(~typed & texts.str.fullmatch(NEGLIGIBLE), "")
        values = values.mask(column == "")
    odd = (~typed & (values.isna() | texts.str.contains("[eETF]"))) | np.isinf(values)
    if comma is None:
        comma = bool(texts[odd].str.contains(r"^\s*-?[\d .]*,(?:\d{1,2}|\d{4,})\s*$|\.\d{3},\d|^\s*-?\d{4,},\d").any())
    if comma and (at := texts.str.fullmatch(r"\s*-?\d{1,3}\.\d{3}\s*")).any():
        odd |= at  # where a comma separates decimals, a point separates thousands
    for place in np.flatnonzero(odd.to_numpy()):
        try:
            found = number(column.iloc[place], comma=comma)
        except ValueError as error:
            raise DataError(
                f"{where}, row {rows.iloc[place]}: {shown(column.iloc[place])} is refused; {error}."
            ) from None
        values.iloc[place] = np.nan if found is None else found
    return values


def day(text: str, what: str, where: str) -> str:
    """The day of a cell.

    Raises DataError where it is none, or is written in another order.
    """
    if not is_day(text):
        raise DataError(f"{where}: {shown(what)} is {shown(text)}; the rule is a day as YYYY-MM-DD.")
    return text


def stretch(text: object, months: Mapping[str, int], parts: Collection[str] = ()) -> tuple[int, int, int] | None:
    """The year and the first and last month that a heading names; a year alone is whole. None where it names no year.

    Args:
        text: the heading.
        months: the number of each month by name.
        parts: how words begin that mean other parts of a year.

    Raises:
        ValueError: if it names several years, or another part of one.
    """
    plain = name(text)
    years = {int(year) for year in YEAR.findall(plain)}
    if not years:
        return None
    if len(years) > 1:
        raise ValueError(f"the heading names the years {', '.join(map(str, sorted(years)))}; the rule is one year")
    words = re.split(r"[^\w]+", plain)
    if part := next((word for word in words for stem in parts if word.startswith(stem)), None):
        raise ValueError(f"the heading speaks of {part!r}; the rule is a year or months of it")
    found = [number for word in words for month, number in months.items() if _is_month(word, month)]
    return years.pop(), *((found[0], found[-1]) if found else (FIRST_MONTH, LAST_MONTH))


def _is_month(word: str, month: str) -> bool:
    """Whether a word is a month in one of its cases: «январь», «январе», «желтоқсандағы», «мая»."""
    stem = month.rstrip("ьй")
    return word == month or word.startswith(stem) and (len(stem) > 2 or len(word) == len(month))
