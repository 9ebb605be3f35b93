"""What `analysis status` tells: where each source ends, what is due, and where to get it."""

from __future__ import annotations

from calendar import month_name
from datetime import date

import pandas as pd

from analysis.methods import ledgers, releases
from analysis.tables import days, store


def told(on: str) -> str:
    """The state of the statistics on a day, by source and table, the most overdue first.

    Raises:
        CallError: if `on` is no day.
    """
    today = days.asked(on)
    tables = {table: store.load(table) for table in releases.SERIES}
    rows = releases.due(store.load("release_lags"), tables)
    held, coming = rows["end"].notna(), rows["due"].notna()
    waited = coming & rows["due"].map(lambda day: pd.notna(day) and day <= today)
    where = store.load("downloads").set_index(["source_id", "table"])
    unread = ledgers.unread(tables["trade"], store.load("selections"))
    parts = [
        ("Held and in no report", ledgers.said_of_unread(unread)),
        ("Due, the most overdue first", [_entry(row, today, where) for row in rows[waited].itertuples()]),
        ("Never read", [_entry(row, today, where) for row in rows[~held].itertuples()]),
        ("Not yet due", [_head(row, today) for row in rows[coming & ~waited].itertuples()]),
        ("Nothing to wait for", [_head(row, today) for row in rows[held & ~coming].itertuples()]),
    ]
    return "\n\n".join(f"{title} ({len(lines)}):\n" + "\n".join(lines) for title, lines in parts if lines)


def age(end: date, today: date) -> str:
    """How long ago a day was, in years and months."""
    months = 12 * (today.year - end.year) + today.month - end.month - (today.day < end.day)
    if months < 1:
        return "less than a month"
    years, months = divmod(months, 12)
    counted = [f"{count} {noun}{'s' * (count > 1)}" for count, noun in ((years, "year"), (months, "month")) if count]
    return " and ".join(counted)


def _entry(row: tuple, today: date, where: pd.DataFrame) -> str:
    """A source that is waited for, with where to get it."""
    lines = [_head(row, today)]
    if (row.source_id, row.table) in where.index:
        found = where.loc[(row.source_id, row.table)]
        lines += [f"{name}: {found[name.replace(' ', '_')]}" for name in ("address", "menu", "file name", "note")
                  if pd.notna(found[name.replace(" ", "_")])]  # fmt: skip
    else:
        lines.append("Where to get it is not in the table downloads; the source of the held rows: " + _address(row))
    return "\n    ".join(lines)


def _head(row: tuple, today: date) -> str:
    """Where a source ends, and what comes next, in one line."""
    name = f"{row.table}, {row.source_id}"
    if pd.isna(row.year):
        return f"{name}: {row.note}"
    line = f"{name}: to {_period(row.year, row.month)}, {age(row.end, today)} old"
    if row.before:
        line += f" ({int(row.before)} of {int(row.series)} series end before)"
    if pd.isna(row.due):
        return f"{line}; {row.frequency}" + ("" if pd.isna(row.note) else f": {row.note}")
    late = f"since {row.due}, {age(row.due, today)}" if row.due <= today else f"on {row.due}"
    waits = "no days are known, a year is taken" if pd.isna(row.lag_days) else f"{int(row.lag_days)} days after its end"
    return f"{line}; {_period(row.next_year, row.next_month)} is due {late} ({row.frequency}, {waits})"


def _period(year: float, month: float) -> str:
    return f"{month_name[int(month)]} {int(year)}" if month else f"{int(year)}"


def _address(row: tuple) -> str:
    url = store.load("sources").set_index("source_id").loc[row.source_id, "url"]
    return "no address is known" if pd.isna(url) else url
