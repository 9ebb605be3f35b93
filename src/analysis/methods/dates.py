"""Dates as vague as they are given (a year, a month, a day, a decade), and what fell between two of them."""

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd


@dataclass(frozen=True)
class Years:
    """A span of calendar years, both included."""

    first: int
    last: int


def timeline(events: pd.DataFrame, *, start: str, end: str) -> pd.DataFrame:
    """Return the dated events that fell, at least in part, between two dates, in order of time.

    Args:
        start, end: a year, month or day (`2004`, `2004-01`, `2004-01-09`); both are included.

    Returns:
        The columns of `events` and `first_day`, `last_day`: the days between which the event fell, as wide as its
        date is vague. Events without a date are left out.

    Raises:
        ValueError: for a date of another form, and if the end is before the start.
    """
    dated = events.dropna(subset="date")
    spans = [span(*row) for row in zip(dated["date"], dated["date_end"], dated["date_precision"], strict=True)]
    days = pd.DataFrame(spans, index=dated.index, columns=["first_day", "last_day"], dtype="datetime64[us]")
    return _between(dated.join(days), start, end)


def memberships_over_time(memberships: pd.DataFrame, *, start: str, end: str) -> pd.DataFrame:
    """Return the dated memberships and roles that held, at least in part, between two dates, in order of time.

    Arguments, columns added and errors as in `timeline`. Where the document names no end, which may mean that it
    is open or unknown, `last_day` is empty and the role counts as going on. Rows without a start are left out.
    """
    dated = memberships.dropna(subset="start")
    last = pd.to_datetime(dated["end"].map(last_day, na_action="ignore"))
    return _between(dated.assign(first_day=dated["start"].map(first_day), last_day=last), start, end)


def span(date: str, end: str | None = None, precision: str | None = None) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of a date as wide as it is vague: to its end, or ten years of a decade.

    `date` and `end` as in `first_day`, whose errors it has; `precision` is decade or another, which the date shows.
    """
    last = last_day(date if pd.isna(end) else end)
    return first_day(date), last + pd.DateOffset(years=9) if precision == "decade" and pd.isna(end) else last


@lru_cache(maxsize=1024)  # the same few dates are asked for over and over, and pandas takes its time
def first_day(date: str) -> pd.Timestamp:
    """Return the first day of a year, month or day; ValueError for another form or an impossible date."""
    return _period(date).start_time


@lru_cache(maxsize=1024)
def last_day(date: str) -> pd.Timestamp:
    """Return the last day of a year, month or day; ValueError for another form or an impossible date."""
    return _period(date).end_time.normalize()


def _period(date: str) -> pd.Period:
    try:
        return pd.Period(date, freq={4: "Y", 7: "M", 10: "D"}[len(date)])
    except (KeyError, ValueError):
        raise ValueError(f"The date {date!r} is not a date; allowed are YYYY, YYYY-MM and YYYY-MM-DD.") from None


def _between(dated: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    since, until = first_day(start), last_day(end)
    if until < since:
        raise ValueError(f"The end {end} is before the start {start}; it must not be.")
    within = (dated["first_day"] <= until) & ~(dated["last_day"] < since)
    return dated[within].sort_values(["first_day", "last_day"], kind="stable", ignore_index=True)
