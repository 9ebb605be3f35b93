"""Days as texts."""

from __future__ import annotations

import re
from datetime import date

from analysis.errors import CallError, shown


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar as YYYY-MM-DD."""
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) and date.fromisoformat(text))
    except ValueError:  # of a month with fewer days
        return False


def asked(on: str) -> date:
    """The day that `--on` names.

    Raises:
        CallError: if it names none.
    """
    if not is_day(on):
        raise CallError(f"--on takes a day as YYYY-MM-DD, not {shown(on)}.")
    return date.fromisoformat(on)
