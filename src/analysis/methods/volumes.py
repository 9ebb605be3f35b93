"""Trade with the rise of prices taken out, and in relation to the whole economy."""

from __future__ import annotations

import re

import pandas as pd

from analysis.methods.money import Money

UNIT_VALUE, GDP = "import_unit_value_2015_100", "gdp_current_usd"


def imports_by_volume(book: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Imports of Kazakhstan's ledger in dollars and at the import prices of the index's base year.

    The index is that of the unit values of all its imports, whatever the partner, for none is published by partner: it
    takes the prices of other goods out than Russia's, and a change of the mix looks like one of prices. Columns:
    `current_usd`, `real_usd`, `status` and `source_id`, for the years that both have.
    """
    index = _series(indicators, UNIT_VALUE)
    rows = book[book.index.isin(index.index)]
    index = index.loc[rows.index]
    return pd.DataFrame(
        {
            "current_usd": rows["imports_usd"],
            "real_usd": 100 * rows["imports_usd"] / index["value"],
            "status": rows["status"],
            "source_id": rows["source_id"] + "+" + index["source_id"],
        }
    ).dropna(subset="real_usd")


def base_year(indicators: pd.DataFrame) -> int:
    """The year whose import prices the index of unit values takes for its base, as its unit says."""
    return int(re.search(r"(\d{4}) = 100", _series(indicators, UNIT_VALUE)["unit"].iloc[0])[1])


def beside_gdp(book: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Turnover of Kazakhstan's ledger in percent of its gross domestic product: `percent`, `status`, `source_id`."""
    gdp = _series(indicators, GDP)
    rows = book[book.index.isin(gdp.index)]
    gdp = gdp.loc[rows.index]
    percent = 100 * rows["turnover_usd"] / gdp["value"]
    source_id = rows["source_id"] + "+" + gdp["source_id"]
    return pd.DataFrame({"percent": percent, "status": rows["status"], "source_id": source_id}).dropna(subset="percent")


def of_gdp(indicators: pd.DataFrame) -> Money:
    """Kazakhstan's gross domestic product as what amounts are told in: in percent of that of their year."""
    gdp = _series(indicators, GDP)
    rates = pd.DataFrame({"rate": 1e11 / gdp["value"], "derived": False, "source_id": gdp["source_id"]})
    return Money("gdp", "percent of GDP", "% of Kazakhstan’s GDP", rates)


def _series(indicators: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """One of Kazakhstan's indicators by year; ValueError where a year has the figures of two sources."""
    rows = indicators[(indicators["country"] == "KAZ") & (indicators["indicator"] == indicator)]
    twice = rows.loc[rows["year"].duplicated(), "year"].tolist()
    if twice:
        raise ValueError(f"{indicator} has the figures of two sources for {twice}: read one, as readings.load does.")
    return rows.set_index("year").sort_index()


def in_dollars(exports: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Exports of the table eu_exports with their value in current US dollars, `value_usd`, by the yearly average rate.

    The rate is the indicator lcu_per_usd of the reporter, NaN where it has none; its source joins `source_id`.
    """
    rates = indicators[indicators["indicator"] == "lcu_per_usd"].rename(columns={"country": "reporter"})
    rates = rates[["year", "reporter", "value", "source_id"]]
    rows = exports.merge(rates, how="left", on=["year", "reporter"], suffixes=("", "_of_rate"))
    source_id = rows["source_id"] + ("+" + rows["source_id_of_rate"]).fillna("")
    return rows.assign(value_usd=rows["value_eur"] / rows["value"], source_id=source_id)[[*exports, "value_usd"]]
