"""Russia's monthly record of its trade with Kazakhstan: month by month, and summed over parts of years."""

from __future__ import annotations

import itertools
from calendar import month_name

import pandas as pd

from analysis.methods import ledgers
from analysis.methods.sources import joined


def by_month(monthly: pd.DataFrame) -> pd.DataFrame:
    """The record turned to Kazakhstan's side, one row a year and month.

    Columns: `exports_usd`, `imports_usd`, `turnover_usd` (NaN where a flow is missing), `doubtful` (the status of a
    flow is not A), `source_id` and `note`.
    """
    rows = monthly[monthly["reporter"].eq("RUS") & monthly["partner"].eq("KAZ")]
    flows = rows.pivot(index=["year", "month"], columns="flow", values="value_usd")
    table = flows.rename(columns={"import": "exports_usd", "export": "imports_usd"})[["exports_usd", "imports_usd"]]
    months = rows.groupby(["year", "month"])
    return table.assign(
        turnover_usd=table.sum(axis=1, skipna=False),
        doubtful=months["status"].agg(lambda codes: not codes.eq("A").all()),
        source_id=months["source_id"].agg(joined),
        note=months["note"].agg(lambda notes: " ".join(notes.dropna().unique())),
    )


def at(year: int, month: int) -> float:
    """The middle of a month on an axis of years."""
    return year + (month - 0.5) / 12


def gaps(table: pd.DataFrame) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The first and the last month of each stretch of months that a table of `by_month` lacks."""
    held = sorted(year * 12 + month - 1 for year, month in table.index)
    stretches = [(before + 1, after - 1) for before, after in itertools.pairwise(held) if after - before > 1]
    return [tuple((month // 12, month % 12 + 1) for month in stretch) for stretch in stretches]


def parts_of_years(monthly: pd.DataFrame, periods: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Parts of years as `ledgers.part_year` gives them, by their names, such as January–October 2017.

    They are the periods of the use part_year in the table periods.
    """
    parts = periods[periods["use"] == "part_year"]
    return {
        f"{month_name[row.first_month]}–{month_name[row.last_month]} {row.first_year}": ledgers.part_year(
            monthly, year=row.first_year, months=(row.first_month, row.last_month)
        )
        for row in parts.itertuples()
    }
