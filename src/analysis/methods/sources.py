"""Where a figure came from that is made of several, and in which release it was read. No pandas: loading needs it."""

from collections.abc import Iterable

FIRST, LATEST = "first", "latest"  # releases: the oldest that was seen of each figure, and today's
SEEN_IN = "seen_in"  # the column of figures as known on a day that names where an older value was seen


def joined(cells: Iterable[str | None]) -> str | None:
    """The source ids that cells name, each once in their order, joined by `+` as they stand there; None for none."""
    named = [key for cell in cells if isinstance(cell, str) for key in cell.split("+") if key]
    return "+".join(dict.fromkeys(named)) or None
