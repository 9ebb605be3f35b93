"""The workbooks in which Rosstat gives the trade by the Russian customs: sheets of years, and of months by flow."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.errors import DataError, shown
from analysis.tables.importing import cells, long, records
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "rus_customs", "a workbook of the Russian customs by Rosstat"
BY = "по данным фтс россии"
FLOWS = {cells.name("Экспорт"): "export", cells.name("Импорт"): "import"}
HIGHEST = 6  # rows of the heads
REPORTER, WORLD = "RUS", "WLD"


def fits(raw: Raw) -> bool:
    """Whether a sheet says that it is by the customs' data, above a table of years or of months."""
    return any(_by_customs(grid) for grid in raw.sheets.values())


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """Exports and imports by partner in US dollars, of years or of months.

    Raises:
        DataError: if a sheet that is called by a year or a flow has no table, or one of another year; if a head
            names no unit; if a row is no month.
    """
    parts, left, told = [], Counter(), []
    for sheet, grid in raw.sheets.items():
        where, flow = f"{raw.label}, sheet {shown(sheet)}", FLOWS.get(cells.name(sheet))
        if not flow and not cells.YEAR.fullmatch(sheet):
            told.append(f"the sheet {shown(sheet)} has no table")
            continue
        if not _by_customs(grid):
            raise DataError(
                f"{where}, row 1: the sheet {'has no table' if grid else 'is empty'}; the rule is one by the customs."
            )
        scale = codes.scale([cell for row in grid[:HIGHEST] for cell in row if "дол" in cells.name(cell)], where)
        rows = _months(grid, where, codes, left) if flow else _years(grid, int(sheet), where, codes, left)
        rows = rows.assign(flow=flow) if flow else rows
        value = cells.numbers(rows["value"], rows["at"], where=where, comma=True, rounded=True)
        parts.append(rows.assign(value=value * scale, sheet=sheet))
    if not parts:
        raise DataError(f"{raw.label}: no sheet is called by a year or by a flow; the rule is that they are.")
    rows = pd.concat(parts, ignore_index=True).assign(reporter=REPORTER, currency="usd")
    return long.readings(rows, left, [*raw.told, *told], where=raw.label)


def _by_customs(grid: list[list[object]]) -> bool:
    heads = " ".join(cells.name(cell) for row in grid[:HIGHEST] for cell in row)
    return cells.name(BY) in heads and "дол" in heads


def _years(grid: list, year: int, where: str, codes: Codes, left: Counter) -> pd.DataFrame:
    """Below the head of a flow its partners; the head's own row is the world."""
    heads = {_whole(cell): at for row in grid[:HIGHEST] for at, cell in enumerate(row) if at and _whole(cell)}
    if year not in heads:
        raise DataError(
            f"{where}, row 1: the table is of {', '.join(map(str, heads)) or 'no year'} and the sheet of {year}; the "
            "rule is one year."
        )
    column, flow, rows = heads[year], None, []
    for at, row in enumerate(grid, start=1):
        begun = FLOWS.get(cells.name(row[0]))
        flow = begun or flow
        if flow and str(row[0]).strip():
            rows.append((begun or row[0], flow, row[column], at))
    table = pd.DataFrame(rows, columns=["partner", "flow", "value", "at"])
    world = table["partner"] == table["flow"]
    named = pd.concat([table[world].assign(partner=WORLD), _named(table[~world], codes, left)])
    return named.assign(year=year, month=0)


def _months(grid: list, where: str, codes: Codes, left: Counter) -> pd.DataFrame:
    """Below a row with a year its months, a partner a column."""
    top = next((at for at, row in enumerate(grid[:HIGHEST]) if sum(cell != "" for cell in row[1:]) > 1), None)
    if top is None:
        raise DataError(f"{where}, row 1: no row has the partners' names; the rule is a partner a column.")
    months, year, rows = codes.months(), None, []
    for at, (first, *values) in enumerate(grid[top + 1 :], start=top + 2):
        if _whole(first):
            year = _whole(first)
        elif str(first).strip():
            month = months.get(cells.name(first))
            if not month or not year:
                raise DataError(
                    f"{where}, row {at}: the row is called {shown(first)}; the rule is a month below a year."
                )
            rows += [(partner, year, month, value, at) for partner, value in zip(grid[top][1:], values, strict=True)]
    return _named(pd.DataFrame(rows, columns=["partner", "year", "month", "value", "at"]), codes, left)


def _named(rows: pd.DataFrame, codes: Codes, left: Counter) -> pd.DataFrame:
    mapped = codes.mapped("partner", rows["partner"])
    left.update(dict.fromkeys(records.unknown(rows["partner"], mapped), 1))
    return rows.assign(partner=mapped)[mapped.notna()]


def _whole(cell: object) -> int | None:
    """A year as a workbook holds it, a number or a text."""
    match = cells.YEAR.fullmatch(str(cell).strip().removesuffix(".0"))
    return int(match[1]) if match else None
