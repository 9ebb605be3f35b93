"""Releases of the statistics: what was known on a day, how large revisions were, and what is due.

A *series* is named by its table and its keys, joined by colons: `trade:KAZ:RUS:import:bns`. The tables hold the latest
value of each; what it replaced stands in the table revisions, and how long after its period a value is known in the
table release_lags. A date there may be a year or a month alone, and then means its first day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pandas as pd

# The columns that name a series of each table, and the one that holds its values.
SERIES = {
    "trade": (["reporter", "partner", "flow", "source_id"], "value_usd"),
    "trade_monthly": (["reporter", "partner", "flow", "source_id"], "value_usd"),
    "trade_products": (["reporter", "partner", "flow", "nomenclature", "group_code", "source_id"], "value_usd"),
    "eu_exports": (["reporter", "partner", "flow", "source_id"], "value_eur"),
    "eu_exports_monthly": (["reporter", "partner", "flow", "source_id"], "value_eur"),
    "indicators": (["country", "partner", "indicator", "source_id"], "value"),
}
FIRST = "first"
ASSUMED_DAYS = 365  # from the end of a period to its value, where the table release_lags knows nothing


def names(rows: pd.DataFrame, table: str) -> list[str]:
    """The name of the series of each row of a table."""
    keys, _ = SERIES[table]
    return [":".join((table, *map(str, row))) for row in zip(*(rows[key] for key in keys), strict=True)]


def pattern(series: str) -> re.Pattern[str]:
    """What names the series that a name means whose parts are keys or `*` for any."""
    return re.compile(":".join("[^:]*" if part == "*" else re.escape(part) for part in series.split(":")))


def day(text: str) -> date:
    """The day that a text names, or the first of the month or the year that it names.

    Raises ValueError for any other text.
    """
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text, re.ASCII):
        raise ValueError(f"{text!r} is no day, month or year.")
    return date.fromisoformat(f"{text}-01-01"[:10])


def as_known(rows: pd.DataFrame, table: str, *, on: str, revisions: pd.DataFrame, lags: pd.DataFrame) -> pd.DataFrame:
    """The rows and values of a table as they were known on a day.

    A row was known if the end of its period and the days of release_lags lie before that day; where the table has no
    days for its source, `ASSUMED_DAYS` are taken, and where it copies another, that one's. Its value is the oldest in
    revisions whose successor had not come by that day, or the one of the table. So a value that was revised counts
    until the day its successor was seen, and one whose revision nobody recorded is today's.

    Args:
        rows: all or some rows of `table`, one of `SERIES`.
        on: a day, a month or a year (its first day); or `first`, for all rows with the oldest value of each.
        revisions: the table of that name.
        lags: the table release_lags.

    Raises:
        ValueError: if `on` is no date and not `first`.
    """
    asked = None if on == FIRST else day(on)
    if asked is not None:
        rows = rows[_known_by(rows, table, lags) < np.datetime64(asked)]
    replaced = revisions[revisions["table"] == table]
    if asked is not None:
        replaced = replaced[[day(text) > asked for text in replaced["superseded"]]]
    values: dict[tuple[str, int, int], float] = {}
    for row in sorted(replaced.itertuples(), key=lambda row: day(row.superseded)):
        values.setdefault((row.series, row.year, row.month), row.value)
    _, column = SERIES[table]
    at = zip(names(rows, table), rows["year"], _months(rows), strict=True)
    old = pd.Series([values.get(key, np.nan) for key in at], index=rows.index, dtype=float)
    return rows.assign(**{column: old.fillna(rows[column])})


def last_periods(rows: pd.DataFrame) -> pd.DataFrame:
    """The last `year` and `month` (0 of a year) of each source of a table, by `source_id`."""
    periods = rows.assign(month=_months(rows))[["source_id", "year", "month"]]
    return periods.sort_values(["year", "month"]).groupby("source_id").last()


def period_end(year: int, month: int = 0) -> date:
    """The last day of a month, or of a year where `month` is 0."""
    return date(year + (month in (0, 12)), month % 12 + 1, 1) - timedelta(days=1)


def _months(rows: pd.DataFrame) -> pd.Series:
    return rows["month"] if "month" in rows else pd.Series(0, index=rows.index)


def _known_by(rows: pd.DataFrame, table: str, lags: pd.DataFrame) -> np.ndarray:
    """The day on which each row of a table is released."""
    of_table = lags[lags["table"] == table].set_index("source_id")
    release = of_table["known_from"].fillna(of_table.index.to_series())
    days = release.map(of_table["lag_days"].astype(float)).fillna(ASSUMED_DAYS)
    ends = [period_end(year, month) for year, month in zip(rows["year"], _months(rows), strict=True)]
    waited = rows["source_id"].map(days).fillna(ASSUMED_DAYS).to_numpy()
    return np.array(ends, dtype="datetime64[D]") + waited.astype("timedelta64[D]")
