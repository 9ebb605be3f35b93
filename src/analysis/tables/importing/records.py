"""What every reader of a publisher's files gives, and the maps of published codes and names to ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import pandas as pd

from analysis.errors import DataError, shown
from analysis.tables.importing.cells import name

ANY = "*"  # of a code: whatever the format


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The rows of a file in the columns of one table, as far as the file tells them.

    `rows` has the columns of the table's key and its values that the file has, and `at`, where the row stands. `told`
    are the reasons for what was understood, `left` counts by published name what no code of ours means, and `released`
    is the day of publication where the file names one.
    """

    table: str
    rows: pd.DataFrame
    told: Sequence[str] = ()
    left: Mapping[str, int] = field(default_factory=Counter)
    released: str | None = None


class Codes:
    """Published codes and names of a format, by column, and what they are here."""

    def __init__(self, rows: pd.DataFrame, partners: pd.DataFrame, reader: str) -> None:
        self._notes: dict[tuple[str, str], str] = {}
        self._maps: dict[str, dict[str, str]] = {
            "partner": {name(code): code for code in partners.loc[partners["kind"] == "country", "code"]}
        }
        for of in (ANY, reader):
            for row in rows[rows["format"] == of].itertuples():
                self._maps.setdefault(row.column, {})[name(row.published)] = row.code
                if pd.notna(row.note):
                    self._notes[(row.column, row.code)] = row.note

    def of(self, column: str) -> dict[str, str]:
        """The codes of a column by published name, folded as `cells.name` folds it."""
        return self._maps.get(column, {})

    def mapped(self, column: str, published: pd.Series) -> pd.Series:
        """Our code for each published one, missing where there is none."""
        known = self.of(column)
        meant = {text: known.get(name(text)) for text in published.unique()}
        return published.map(meant)

    def notes(self, column: str, codes: pd.Series) -> pd.Series:
        """The note on each code of ours, empty where there is none."""
        return codes.map(lambda code: self._notes.get((column, code), ""))

    def months(self) -> dict[str, int]:
        return {published: int(code) for published, code in self.of("month").items()}

    def scale(self, texts: Sequence[object], where: str) -> float:
        """By what amounts are to be multiplied, from the words of a head.

        Raises DataError where none of the texts is a known unit, or they disagree.
        """
        known = self.of("scale")
        # The longest words count: «тыс. долларов США» holds «долларов США».
        units = sorted(known, key=len, reverse=True)
        found = {}
        for text in texts:
            plain = name(str(text).replace("(", " ").replace(")", " "))
            unit = next((unit for unit in units if unit in plain), None)
            if unit:
                found[float(known[unit])] = text
        if len(found) != 1:
            what = " and ".join(shown(text) for text in found.values()) if found else "no unit that is known"
            raise DataError(
                f"{where}: the head names {what}; the rule is one unit out of the column scale of source_codes.csv."
            )
        return next(iter(found))


def once(rows: pd.DataFrame, key: Sequence[str], value: str, where: str) -> tuple[pd.DataFrame, list[str]]:
    """Rows whose keys stand once: what is repeated to the last digit is dropped, and told.

    Raises DataError where rows of one key have different values.
    """
    again = rows.duplicated(list(key), keep=False)
    if not again.any():
        return rows, []
    first = rows.drop_duplicates(list(key))
    both = rows[again].merge(first, on=list(key), suffixes=("", "_first"))
    other = both[both[value] != both[f"{value}_first"]]
    if len(other):
        row = other.iloc[0]
        words = ", ".join(str(row[column]) for column in key)
        here, there = (
            (f"sheet {shown(row[f'sheet{end}'])}, " if "sheet" in rows else "") + f"row {row[f'at{end}']}"
            for end in ("", "_first")
        )
        raise DataError(
            f"{where}, {here}: {words} has the value {row[value]:.15g} here and {row[f'{value}_first']:.15g} in "
            f"{there}; the rule is one row a key."
        )
    return first, [f"{len(rows) - len(first)} rows that repeat another to the last digit count once"]


def unknown(published: pd.Series, mapped: pd.Series) -> Counter:
    """How many rows have a published name that means nothing here, by name."""
    lost = published[mapped.isna()].map(lambda text: " ".join(str(text).split()))
    return Counter(lost.to_list())


def columns_of(header: Sequence[str], roles: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each role the first of its possible columns that a header has, whatever the case; a role may have none."""
    there = {column.casefold().partition(":")[0]: column for column in header}
    found = {
        role: next((there[c.casefold()] for c in names if c.casefold() in there), "") for role, names in roles.items()
    }
    return {role: column for role, column in found.items() if column}


Reader = ModuleType
