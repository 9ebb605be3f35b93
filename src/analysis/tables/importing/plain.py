"""One CSV in the columns of our own tables, for whatever has no reader: what is exported or typed by hand."""

from __future__ import annotations

import pandas as pd

from analysis.errors import DataError
from analysis.tables import store
from analysis.tables.importing import cells, records
from analysis.tables.importing.long import TABLES
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "plain", "a CSV in the columns of a table of ours"
VALUES = {table: value for table, value in TABLES.values()} | {"trade_products": "value_usd", "indicators": "value"}


def fits(raw: Raw) -> bool:
    """Whether the header has the key and the value of a table of statistics, and no column of another."""
    return bool(_tables(raw.header()))


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """The rows as they stand, with their own source where the file has that column.

    Raises:
        DataError: if the columns are those of several tables, or a cell is not what the column holds.
    """
    tables = _tables(raw.header())
    if len(tables) > 1:
        raise DataError(f"{raw.label}, row 1: its columns are those of {' and '.join(tables)}; the rule is one table.")
    (table,) = tables
    value, fields = VALUES[table], {field["name"]: field for field in store.schema(table)["fields"]}
    header = raw.header()
    rows = pd.concat(raw.chunks(header), ignore_index=True)
    for column in header:
        rows[column] = rows[column].str.strip()
        if fields[column]["type"] in ("integer", "number"):
            comma = raw.separator == ";" and bool(rows[column].str.contains(",").any())
            rows[column] = cells.numbers(rows[column], rows["at"], where=raw.label, comma=comma)
            lost = rows[column].isna() if column != value else rows[column].isna() & False
            if lost.any():
                raise DataError(
                    f"{raw.label}, row {rows.loc[lost, 'at'].iloc[0]}: the {column} is missing; the key is whole."
                )
            if fields[column]["type"] == "integer":
                if (broken := rows[column] % 1 != 0).any():
                    row = rows[broken].iloc[0]
                    raise DataError(
                        f"{raw.label}, row {row['at']}: {row[column]:g} is refused; {column} holds whole numbers."
                    )
                rows[column] = rows[column].astype(int)
    if rows[value].isna().all():
        raise DataError(f"{raw.label}: no row has a {value}; the rule is one at least.")
    key = [column for column in store.schema(table)["primaryKey"] if column in header]
    single, told = records.once(rows[rows[value].notna()], key, value, raw.label)
    return [Reading(table=table, rows=single.reset_index(drop=True), told=[*raw.told, *told])]


def _tables(header: list[str]) -> list[str]:
    """The tables of statistics whose columns these are: the whole key, but for the source, the value, nothing else."""
    found = []
    for table, value in VALUES.items():
        names = {field["name"] for field in store.schema(table)["fields"]}
        needed = {*store.schema(table)["primaryKey"], value} - {"source_id"}
        if needed <= set(header) <= names:
            found.append(table)
    return found
