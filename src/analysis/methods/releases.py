"""Releases of the statistics: what was known on a day, how large revisions were, and what is due.

A *series* is named by its table and its keys, joined by colons: `trade:KAZ:RUS:import:bns`. The tables hold the latest
value of each; what it replaced stands in the table revisions, and how long after its period a value is known in the
table release_lags. A date there may be a year or a month alone, and then means its first day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.methods.sources import FIRST, LATEST, SEEN_IN

# The columns that name a series of each table, and the one that holds its values.
SERIES = {
    "trade": (["reporter", "partner", "flow", "source_id"], "value_usd"),
    "trade_monthly": (["reporter", "partner", "flow", "source_id"], "value_usd"),
    "trade_products": (["reporter", "partner", "flow", "nomenclature", "group_code", "source_id"], "value_usd"),
    "eu_exports": (["reporter", "partner", "flow", "source_id"], "value_eur"),
    "eu_exports_monthly": (["reporter", "partner", "flow", "source_id"], "value_eur"),
    "indicators": (["country", "partner", "indicator", "source_id"], "value"),
}
MONTHS = 12
DAYS_A_YEAR = 365.25
ASSUMED_DAYS = 365  # from the end of a period to its value, where the table release_lags knows nothing


def asked(vintage: str) -> tuple[str, str]:
    """What a report's vintage means: the `as_of` of `load`, and the vintage of the ledgers.

    `first` and a day are of the bureau's ledger; any other is a vintage of the table selections, as it is today.
    """
    return (vintage, "bureau") if vintage == FIRST or vintage[:1].isdigit() else (LATEST, vintage)


def names(rows: pd.DataFrame, table: str) -> list[str]:
    """The name of the series of each row of a table."""
    keys = [rows[key].to_numpy(object) for key in SERIES[table][0]]
    return [":".join((table, *map(str, row))) for row in zip(*keys, strict=True)]


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
    until the day its successor was seen, and one whose revision nobody recorded is today's. A last column `seen_in` has
    the source in which an older value was seen, and is empty where the value is that of the table.

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
        rows = rows[known_by(rows, table, lags) < np.datetime64(asked)]
    replaced = revisions[revisions["table"] == table]
    if asked is not None:
        replaced = replaced[[day(text) > asked for text in replaced["superseded"]]]
    values: dict[tuple[str, int, int], tuple[float, str]] = {}
    for row in sorted(replaced.itertuples(), key=lambda row: day(row.superseded)):
        values.setdefault((row.series, row.year, row.month), (row.value, row.source_id))
    _, column = SERIES[table]
    at = zip(names(rows, table), rows["year"], _months(rows), strict=True)
    found = [values.get(key, (np.nan, None)) for key in at]
    old = pd.Series([value for value, _ in found], index=rows.index, dtype=float)
    seen_in = pd.Series([source for _, source in found], index=rows.index, dtype="str")
    return rows.assign(**{column: old.fillna(rows[column]), SEEN_IN: seen_in})


def known_by(rows: pd.DataFrame, table: str, lags: pd.DataFrame) -> np.ndarray:
    """The day on which each row of a table is released: the end of its period and the days of release_lags."""
    of_table = lags[lags["table"] == table].set_index("source_id")
    release = of_table["known_from"].fillna(of_table.index.to_series())
    days = release.map(of_table["lag_days"].astype(float)).fillna(ASSUMED_DAYS)
    ends = [period_end(year, month) for year, month in zip(rows["year"], _months(rows), strict=True)]
    waited = rows["source_id"].map(days).fillna(ASSUMED_DAYS).to_numpy()
    return np.array(ends, dtype="datetime64[D]") + waited.astype("timedelta64[D]")


def readings(vintages: pd.DataFrame, revisions: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The values of older releases beside those of the tables: what was read, whether it has changed or not.

    A row of vintages is one reading of each value that it names: that of revisions that held on the day of its release,
    or the one of the table. A row of revisions that no vintage covers is a reading of its own. Where a figure was read
    in several releases it stands several times.

    Returns:
        One row a reading: `series`, `year`, `month`, `released`, `age` (years from the end of the period to the
        release), `old`, `latest`, `raised_pct` (100 × (latest ÷ old − 1)), and `source_id` (of both).
    """
    rows = pd.concat(
        pd.DataFrame(
            {
                "series": names(frame, table),
                "year": frame["year"],
                "month": _months(frame),
                "latest": frame[SERIES[table][1]],
                "source_id": frame["source_id"],
            }
        )
        for table, frame in tables.items()
    )
    replaced = revisions[["series", "year", "month", "value", "released", "superseded", "source_id"]]
    found = []
    for vintage in vintages.itertuples():
        named = list(filter(pattern(vintage.series).fullmatch, rows["series"].unique()))
        read = rows[rows["series"].isin(named) & rows["year"].between(vintage.first_year, vintage.last_year)]
        then = replaced[[day(until) > day(vintage.released) for until in replaced["superseded"]]]
        old = then.sort_values("superseded", kind="stable").drop_duplicates(["series", "year", "month"])
        read = read.merge(old[["series", "year", "month", "value"]], how="left", on=["series", "year", "month"])
        found.append(read.assign(released=vintage.released, read_in=vintage.source_id))
    alone = replaced.rename(columns={"source_id": "read_in"}).drop(columns="superseded")
    found.append(alone.merge(rows, on=["series", "year", "month"]))
    table = pd.concat(found, ignore_index=True).drop_duplicates(["series", "year", "month", "released"])
    old = table["value"].fillna(table["latest"])
    waited = [(day(row.released) - period_end(row.year, row.month)).days for row in table.itertuples()]
    both = table["read_in"] + "+" + table["source_id"]
    return pd.DataFrame(
        {
            **{column: table[column] for column in ("series", "year", "month", "released")},
            "age": np.array(waited) / DAYS_A_YEAR,
            "old": old,
            "latest": table["latest"],
            "raised_pct": 100 * (table["latest"] / old - 1),
            "source_id": both.where(table["read_in"] != table["source_id"], table["source_id"]),
        }
    ).sort_values(["series", "year", "month", "released"], ignore_index=True)


def years_and_months(trade: pd.DataFrame, monthly: pd.DataFrame) -> pd.DataFrame:
    """The yearly figures of a reporter beside the sums of its months: two releases of one record.

    `trade` is that table as `readings.load` gives it, one source a figure, `monthly` the table trade_monthly. Years
    with all their months only. The columns are those of `readings`, without a release and an age.
    """
    key = ["year", "reporter", "partner", "flow"]
    whole = monthly.groupby(key).agg(
        old=("value_usd", "sum"), months=("month", "nunique"), read_in=("source_id", "first")
    )
    both = whole[whole["months"] == MONTHS].reset_index().merge(trade, on=key)
    return pd.DataFrame(
        {
            "series": names(both, "trade"),
            "year": both["year"],
            "old": both["old"],
            "latest": both["value_usd"],
            "raised_pct": 100 * (both["value_usd"] / both["old"] - 1),
            "source_id": both["read_in"] + "+" + both["source_id"],
        }
    )


def ends(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Where each source of a table ends, by `source_id`.

    Columns: `year` and `month` (0 of a year) of its last period, the number of its `series`, and of those that end
    `before` that.
    """
    periods = pd.DataFrame({"source_id": rows["source_id"], "series": names(rows, table)})
    last = periods.assign(at=100 * rows["year"] + _months(rows)).groupby(["source_id", "series"])["at"].max()
    latest = last.groupby("source_id").max()
    before = (last < latest.reindex(last.index, level="source_id")).groupby("source_id")
    return pd.DataFrame({"year": latest // 100, "month": latest % 100, "series": before.size(), "before": before.sum()})


def due(lags: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The rows of release_lags with where their rows end and when the next period is to be had.

    Args:
        lags: the table of that name.
        tables: the tables of `SERIES`, by name.

    Returns:
        The columns of lags and those of `ends` (`year` is NaN where no row is held), `end` (the last day of the last
        period), `next_year` and `next_month`, and `due`, the day on which the next period is `ASSUMED_DAYS` or
        lag_days old; the last three are empty where nothing is to come. In the order of `due`, then of the keys.
    """
    held = pd.concat({table: ends(rows, table) for table, rows in tables.items()}, names=["table"])
    found = lags.merge(held.reset_index(), how="left", on=["table", "source_id"])
    coming = []
    for row in found.itertuples():
        if pd.isna(row.year):
            coming.append({})
            continue
        year, month = int(row.year), int(row.month)
        told = {"end": period_end(year, month)}
        if row.frequency in ("yearly", "monthly"):
            year, month = (year + 1, month % 12 + (month > 0)) if month in (0, 12) else (year, month + 1)
            days = ASSUMED_DAYS if pd.isna(row.lag_days) else int(row.lag_days)
            told |= {"next_year": year, "next_month": month, "due": period_end(year, month) + timedelta(days=days)}
        coming.append(told)
    columns = ["end", "next_year", "next_month", "due"]
    found = found.assign(**pd.DataFrame(coming, columns=columns, index=found.index, dtype=object))
    return found.sort_values(["due", "table", "source_id"], kind="stable", na_position="last", ignore_index=True)


def period_end(year: int, month: int = 0) -> date:
    """The last day of a month, or of a year where `month` is 0."""
    return date(year + (month in (0, 12)), month % 12 + 1, 1) - timedelta(days=1)


def _months(rows: pd.DataFrame) -> pd.Series:
    return rows["month"] if "month" in rows else pd.Series(0, index=rows.index)
