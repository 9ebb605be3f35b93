"""Yearly series of the indicators, as a figure needs them: a column a series, called as its table calls it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.errors import DataError
from analysis.methods.dates import Years


@dataclass(frozen=True, eq=False)
class Measured:
    """The indicators, the tables that explain them, and the years that are looked at."""

    indicators: pd.DataFrame
    definitions: pd.DataFrame
    partners: pd.DataFrame
    years: Years

    def rows(self, *indicators: str) -> pd.DataFrame:
        """The rows of some indicators within the years. Raises ValueError where one of them has none in any year."""
        rows = self.indicators[self.indicators["indicator"].isin(indicators)]
        for indicator in indicators:
            if not rows["indicator"].eq(indicator).any():
                raise ValueError(f"The indicator {indicator!r} has no rows in the table indicators.")
        return rows[rows["year"].between(self.years.first, self.years.last)]

    def table(self, *indicators: str) -> pd.DataFrame:
        """Some indicators by year, each in a column under its `label`; errors as in `rows`, `label` and `wide`."""
        return wide(self.rows(*indicators), by="indicator")[list(indicators)].rename(columns=self.label)

    def label(self, indicator: str) -> str:
        """The indicator's short name. Raises DataError where indicator_definitions has none."""
        labels = self.definitions.set_index("indicator")["label"]
        if pd.isna(labels.get(indicator)):
            raise DataError(f"indicator_definitions, {indicator}: a figure shows it, and it has no label.")
        return labels[indicator]

    def country(self, code: str) -> str:
        """The name of a country or group inside a sentence. Raises DataError where partners has no such code."""
        named = self._partner(code)
        return named["name"] if pd.isna(named["in_sentence"]) else named["in_sentence"]

    def people(self, code: str) -> str:
        """What the people of a country are called. Raises DataError where the table partners does not say."""
        people = self._partner(code)["people"]
        if pd.isna(people):
            raise DataError(f"partners, {code}: a figure speaks of its people, and the column people is empty.")
        return people

    def _partner(self, code: str) -> pd.Series:
        partners = self.partners.set_index("code")
        if code not in partners.index:
            raise DataError(
                f"The country {code!r} is not in the table partners, which has {', '.join(partners.index)}."
            )
        return partners.loc[code]


def wide(rows: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Rows of indicators as a table of years, one column a value of `by`.

    Raises ValueError where a year stands twice in a column.
    """
    twice = rows[rows.duplicated(["year", by])]
    if len(twice):
        first = twice.iloc[0]
        raise ValueError(f"The indicator {first['indicator']!r} has more than one row for {first['year']} by {by}.")
    return rows.pivot(index="year", columns=by, values="value").rename_axis(columns=None)
