"""The day that a command is told."""

from __future__ import annotations

import re
from datetime import date

from analysis.errors import CallError, shown


def asked(on: str) -> date:
    """The day that `--on` names.

    Raises:
        CallError: if it names none.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", on, re.ASCII):
            return date.fromisoformat(on)
    except ValueError:
        pass  # of a month with fewer days
    raise CallError(f"--on takes a day as YYYY-MM-DD, not {shown(on)}.")
