"""Dates that are as exact as they are written: a year, a month, a day."""

import pandas as pd


def first_day(date: str) -> pd.Timestamp:
    """Return the first day of a year, month or day; ValueError for another form or an impossible date."""
    return _period(date).start_time


def last_day(date: str) -> pd.Timestamp:
    """Return the last day of a year, month or day; ValueError for another form or an impossible date."""
    return _period(date).end_time.normalize()


def _period(date: str) -> pd.Period:
    try:
        return pd.Period(date, freq={4: "Y", 7: "M", 10: "D"}[len(date)])
    except (KeyError, ValueError):
        raise ValueError(f"The date {date!r} is not a date; allowed are YYYY, YYYY-MM and YYYY-MM-DD.") from None
