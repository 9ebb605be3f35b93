"""What a figure that is made of several came from."""

from collections.abc import Iterable

import pandas as pd

SEEN_IN = "seen_in"  # the column of figures as known on a day that names where an older value was seen


def joined(cells: Iterable[str | None]) -> str | None:
    """The source ids that cells name, each once in their order, joined by `+` as they stand there; None for none."""
    named = [key for cell in cells if pd.notna(cell) for key in cell.split("+") if key]
    return "+".join(dict.fromkeys(named)) or None
