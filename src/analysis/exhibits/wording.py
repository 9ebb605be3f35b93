"""Words for titles, notes and labels: numbers, counts, lists and names as a sentence has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd


def number(value: float, decimals: int = 1) -> str:
    """A number for a sentence: thousands parted, a true minus sign."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", "−")


def signed(value: float) -> str:
    """A change for a sentence: one decimal, with its sign."""
    return f"{value:+,.1f}".replace("-", "−")


def capital(words: str) -> str:
    """Words as the beginning of a sentence."""
    return words[0].upper() + words[1:]


def spread(values: pd.Series, told: Callable[[float], str]) -> str:
    """From the least to the greatest of some values, each as `told` tells it: `+1.0 to +2.5`."""
    return " to ".join(dict.fromkeys(told(end) for end in (values.min(), values.max())))


def scaled(value: float, unit: str) -> str:
    """A value of a claim with its unit, dollars (`USD`) in billions, people in millions; empty where there is none."""
    if pd.isna(value):
        return ""
    if unit == "USD":
        return f"US$ {number(value / 1e9, 2)} bn"
    if unit == "people" and value >= 1e6:
        return f"{number(value / 1e6)} million people"
    plain_number = number(value, 0 if value == int(value) else 1)
    return {"percent": f"{number(value)} %", "count": plain_number, "rank": f"rank {plain_number}"}.get(
        unit, f"{plain_number} {plain(unit)}"
    )


def spell(count: int, noun: str, nouns: str | None = None) -> str:
    """A count with its noun in the right number; `nouns` where the plural is not the noun with an s."""
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"


def listed(items: Sequence[object]) -> str:
    """Items as a phrase: `a`, `a and b`, `a, b and c`; `none` where there is none."""
    words = [str(item) for item in items]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "none"


def months(dates: Sequence[str]) -> str:
    """Dates (`2018-01`) as months in words, each once, in order: `January 2018`; a year alone stays a year."""
    found = sorted({date[:7] for date in dates})
    return listed([pd.Period(date, freq="M").strftime("%B %Y") if len(date) > 4 else date for date in found])


def inside(name: str) -> str:
    """A name that begins with a capital as it stands inside a sentence."""
    return name[0].lower() + name[1:]


def plain(key: object) -> str:
    """A key of the tables in words, such as `very likely`; empty where there is none."""
    return "" if pd.isna(key) else str(key).replace("_", " ")


def shortened(text: str, length: int) -> str:
    """A label cut at a word so that it fits."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"
