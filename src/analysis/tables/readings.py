"""One reading of tables that hold several sources of the same figure: what a user is given who asks for a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import DataError, shown
from analysis.methods.sources import FIRST, LATEST
from analysis.tables import store

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# Tables with a choice of sources, the tables that it is made from, and those that say whose trade it is.
READ_WITH = {"trade": ("group_members", "indicators", "partners", "selections"), "indicators": ("selections",)}
KNOWN_BY = ("release_lags", "revisions")  # what decides what was known on a day
VINTAGES = ("bureau", "any")


def load(table: str, *, every_source: bool = False, as_of: str = LATEST) -> pd.DataFrame:
    """Read a table and check it against its schema; where sources give the same figure, take one by the rule.

    Args:
        table: a name out of `data/README.md`.
        every_source: of trade and indicators, all rows as they stand, of every source, with a first column `selected`
            that says which of them are read otherwise. Never add such rows up: the same trade stands there twice.
        as_of: of a table of statistics, a day as in 2018-01-15: the rows and the values that were known on it; a month
            or a year means its first day. `first`: all rows with the oldest value of each that was seen; `latest`: with
            the latest. A row counts as known once the days of the table release_lags have passed since the end of its
            period, a year where none are given; its value is the latest but where the table revisions has an older
            one, so that the rows of a day can be of several editions where only that of some was seen. Whose figures
            are read, the `vintage` of the ledgers, is another matter: the rule of today.

    Returns:
        One row a record, in the order of the primary key: integer as `int64` (`Int64` where it may be empty),
        number as `float64`, string as `str`, date as `datetime64`, boolean as `boolean`. Units stand in the
        column's name, in a column `unit` or in the schema. A table whose rows are all from one source, which
        then stands in the descriptor, has it in a last column `source_id`. Of trade and indicators one row for each
        value of the primary key without `source_id`, read by the table selections: of trade the bureau's vintage, with
        the world totals that stand in indicators.

    Raises:
        DataError: if the table is unknown, or at the first fault of its file, with row (line number), column
            and rule; or where two sources give a figure and no row of selections names the one that is read; or for
            an `as_of` that is no date, or of a table without releases.
    """
    rows = _rows(table, as_of)
    if table not in READ_WITH:
        return rows
    key = [column for column in store.schema(table)["primaryKey"] if column != "source_id"]
    read = _trade(rows, as_of) if table == "trade" else _indicators(rows, key)
    twice = read[read.duplicated(key)]
    if len(twice):
        figure = ", ".join(str(value) for value in twice.iloc[0][key])
        raise DataError(f"{table}: the figure {figure} has two sources, and no row of selections says which is read.")
    if not every_source:
        return read.sort_values(key, kind="stable", ignore_index=True)[rows.columns]
    return rows.assign(selected=_among(rows, read, [*key, "source_id"]))[["selected", *rows.columns]]


def _rows(table: str, as_of: str) -> pd.DataFrame:
    """A table as it stands, or as it was known."""
    rows = store.load(table)
    if as_of == LATEST:
        return rows
    from analysis.methods import releases

    if table not in releases.SERIES:
        known = ", ".join(releases.SERIES)
        raise DataError(f"The table {shown(table)} has no releases, so as_of is not of it; it is of {known}.")
    lags, revisions = (store.load(name) for name in KNOWN_BY)
    try:
        return releases.as_known(rows, table, on=str(as_of), revisions=revisions, lags=lags)
    except ValueError:
        raise DataError(
            f"as_of is {shown(as_of)}; allowed are a day as YYYY-MM-DD, a month, a year, {FIRST} and {LATEST}."
        ) from None


def _trade(rows: pd.DataFrame, as_of: str) -> pd.DataFrame:
    from analysis.methods.ledgers import select

    records = select(rows, _rows("indicators", as_of), store.load("selections"))
    records = records[records["vintage"].isin(VINTAGES)]
    of_world = records["partner"].eq("WLD")
    records = records[records["use"].eq("world_total") == of_world]
    valuations = rows[["year", "reporter", "partner", "flow", "source_id", "valuation"]]
    return records.merge(valuations, how="left").fillna({"valuation": "not_stated"})


def _indicators(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    named = store.load("selections").query("use == 'reading'").rename(columns={"reporter": "country"})
    read = _among(rows, named, ["country", "source_id"])
    return rows[read | ~_among(rows, rows[read], key)]


def _among(rows: pd.DataFrame, others: pd.DataFrame, key: list[str]) -> np.ndarray:
    """Of each row whether one of the others has the same key."""
    import pandas as pd

    return pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(others[key]))
