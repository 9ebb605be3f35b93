"""What amounts of trade are told in: current dollars, dollars of one year's prices, tenge, roubles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from analysis.methods import ledgers


@dataclass(frozen=True, eq=False)
class Money:
    """A currency with its names, and its `rates` as `ledgers.conversion_rates` gives them, None for current dollars.

    `real` is the same money without its inflation, where there is one.
    """

    currency: str
    name: str
    unit: str
    rates: pd.DataFrame | None
    real: Money | None = None

    def amounts(self, series_usd: pd.Series) -> pd.Series:
        """A yearly series in current US dollars in this money; NaN in a year without a rate."""
        return series_usd * (1.0 if self.rates is None else self.rates["rate"].reindex(series_usd.index))

    def billions(self, series_usd: pd.Series) -> pd.Series:
        """The same in billions."""
        return self.amounts(series_usd) / 1e9

    def rates_of(self, years: Iterable[int]) -> pd.DataFrame:
        """The rows of the rates that amounts of some years are converted with, with their `source_id`."""
        rates = pd.DataFrame(columns=["derived", "source_id"]) if self.rates is None else self.rates
        return rates[rates.index.isin(list(years))]

    @property
    def derived(self) -> list[int]:
        """The years whose rate is derived from two others."""
        return [] if self.rates is None else [int(year) for year in self.rates.index[self.rates["derived"]]]

    def gaps(self, series_usd: pd.Series) -> list[int]:
        """The years that have a value in dollars but no rate."""
        return [int(year) for year in series_usd.index[series_usd.notna() & self.billions(series_usd).isna()]]


def moneys(currencies: pd.DataFrame, indicators: pd.DataFrame) -> dict[str, Money]:
    """Each currency of the table currencies, in the order of its places, with its rates from the table indicators.

    Raises ValueError for a currency that `ledgers.conversion_rates` does not know.
    """
    plain = {}
    rows = currencies.set_index("currency").sort_values("place", kind="stable")
    for row in rows.itertuples():
        year = {} if pd.isna(row.base_year) else {"base_year": int(row.base_year)}
        rates = ledgers.conversion_rates(indicators, currency=row.Index, **year)
        prices = "".join(f" of {one}" for one in year.values())
        plain[row.Index] = Money(row.Index, row.name + prices, row.unit + prices, None if rates.empty else rates)
    return {name: replace(one, real=plain.get(rows.loc[name, "real"])) for name, one in plain.items()}
