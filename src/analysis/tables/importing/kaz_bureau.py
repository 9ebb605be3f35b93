"""The workbooks of the Kazakh bureau of statistics: a sheet a year, partners down, merged heads, thousands."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pandas as pd

from analysis.errors import DataError, shown
from analysis.tables.importing import cells, long
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "kaz_bureau", "a workbook of the Kazakh bureau on trade by partner"
TURNOVER, EXPORT, IMPORT = ("товарооборот", "тауар айналым"), ("экспорт",), ("импорт",)  # as the heads begin
HIGHEST = 12  # rows in which the heads are looked for
TOLERANCE = 1e-4  # of turnover, for what is rounded
DATED = "Дата опубликования"
PUBLISHED = re.compile(rf"{DATED}: (\d\d)\.(\d\d)\.(\d{{4}})")
REPORTER, WORLD = "KAZ", "WLD"


def fits(raw: Raw) -> bool:
    """Whether a sheet has turnover, exports and imports side by side."""
    return any(_heads(grid) for grid in raw.sheets.values())


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """Exports and imports by partner and year in US dollars.

    Raises:
        DataError: if a sheet that is called by a year is empty or is headed by another year, if a head names part of a
            year, another year or no unit, if turnover is not the sum of both flows, if no row is the total, or the day
            of publication is none.
    """
    parts, left, told = [], Counter(), []
    for sheet, grid in raw.sheets.items():
        where = f"{raw.label}, sheet {shown(sheet)}"
        heads = _heads(grid)
        if heads:
            parts.append(_sheet(grid, heads, sheet, where, codes, left).assign(sheet=sheet))
        elif cells.YEAR.search(sheet):
            raise DataError(
                f"{where}, row 1: the sheet {'has no table' if grid else 'is empty'}; the rule is one of both flows."
            )
        else:
            told.append(f"the sheet {shown(sheet)} has no table")
    rows = pd.concat(parts, ignore_index=True).assign(reporter=REPORTER, month=0, currency="usd")
    dates = [PUBLISHED.search(str(cell)) for grid in raw.sheets.values() for row in grid[:HIGHEST] for cell in row]
    days = (cells.day("-".join(match.groups()[::-1]), DATED, raw.label) for match in dates if match)
    released = max(days, default=None)
    return long.readings(rows, left, [*raw.told, *told], where=raw.label, released=released)


def _heads(grid: list[list[object]]) -> tuple[int, int, int, int] | None:
    """The row of the heads, the columns of turnover, exports and imports; a merged head stands in its first column."""
    for place, row in enumerate(grid[:HIGHEST]):
        found = [cells.name(cell) for cell in row]
        columns = [
            next((at for at, text in enumerate(found) if text.startswith(begins)), None) for begins in _BEGINNINGS
        ]
        if None not in columns:
            return place, *columns
    return None


_BEGINNINGS = tuple(tuple(map(cells.name, words)) for words in (TURNOVER, EXPORT, IMPORT))


def _sheet(grid: list, heads: tuple, sheet: str, where: str, codes: Codes, left: Counter) -> pd.DataFrame:
    top, *columns = heads
    texts = [cell for row in grid[: top + 2] for cell in row if cell != ""]
    year = _year([cell for row in grid[:top] for cell in row if cell != ""], sheet, where, codes)
    _check_head(grid, top, year, where)
    scale = codes.scale([text for text in texts if "долл" in cells.name(text)], where)
    body = pd.DataFrame([[row[0], *(row[column] for column in columns)] for row in grid[top + 1 :]])
    body.columns = ["name", "turnover", "export", "import"]
    body["at"] = range(top + 2, len(grid) + 1)
    body = body[body["name"].map(lambda cell: isinstance(cell, str) and cell.strip() != "")]
    body["partner"] = codes.mapped("partner", body["name"])
    for title in body.loc[body["partner"].isna(), "name"]:
        left[" ".join(title.split())] += 1
    body = body[body["partner"].notna()]
    for column in ("turnover", "export", "import"):
        body[column] = cells.numbers(body[column], body["at"], where=where, comma=True, rounded=True)
    _check_sums(body, where)
    if WORLD not in set(body["partner"]):
        raise DataError(f"{where}, row {top + 2}: no row is the total of all partners; the rule is a whole table.")
    rows = body.melt(["partner", "at"], ["export", "import"], "flow", "value")
    return rows.assign(year=year, value=rows["value"] * scale)


def _year(texts: list[object], sheet: str, where: str, codes: Codes) -> int:
    """The year that the heading names, which is that of the sheet's name too, and whole."""
    try:
        found = {stretch for text in texts if (stretch := cells.stretch(text, codes.months(), codes.of("part")))}
    except ValueError as error:
        raise DataError(f"{where}, row 1: {error}.") from None
    if len(found) != 1:
        raise DataError(
            f"{where}, row 1: the heading names {len(found)} stretches of time; the rule is one whole year."
        )
    year, first, last = found.pop()
    if (first, last) != (cells.FIRST_MONTH, cells.LAST_MONTH):
        raise DataError(
            f"{where}, row 1: the heading is of the months {first} to {last} of {year}; the rule is a whole year."
        )
    named = cells.YEAR.findall(sheet)
    if named and int(named[-1]) != year:
        raise DataError(f"{where}, row 1: the heading is of {year} and the sheet of {named[-1]}; the rule is one year.")
    return year


def _check_head(grid: list, top: int, year: int, where: str) -> None:
    """A head that has columns of two years has those of the year before first."""
    below = itertools.takewhile(lambda row: str(row[0]).strip() == "", grid[top + 1 :])
    for at, row in enumerate(itertools.chain(grid[top : top + 1], below), start=top + 1):
        found = {int(named) for cell in row for named in cells.YEAR.findall(str(cell).removesuffix(".0"))}
        if other := found - {year}:
            raise DataError(
                f"{where}, row {at}: the head is of {min(other)} and the heading of {year}; the rule is one year."
            )


def _check_sums(body: pd.DataFrame, where: str) -> None:
    """Turnover is the sum of both flows; where it is not, or is not there, a column has moved or a cell is wrong."""
    sums = body["export"].fillna(0) + body["import"].fillna(0)
    wrong = (body["turnover"].fillna(0) - sums).abs() > TOLERANCE * sums + 1
    if wrong.any():
        row = body[wrong].iloc[0]
        turnover = "missing" if pd.isna(row["turnover"]) else f"{row['turnover']:.15g}"
        raise DataError(
            f"{where}, row {row['at']}: the turnover is {turnover} and the flows add up to "
            f"{sums[wrong].iloc[0]:.15g}; the rule is that they are equal."
        )
