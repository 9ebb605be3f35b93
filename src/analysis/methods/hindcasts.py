"""What a yearly series alone would have led one to expect of the turnover of a year, and what came.

A hindcast takes what was known when a forecast was made: the years and values of the ledgers on that day, as
`readings.load` gives them, and the growth of some months of the last year as it was named. Methods and cautions are
those of `baselines`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.methods import baselines, growth, ledgers
from analysis.methods.expectations import Statistics

BACKTEST_YEARS = 5  # the last complete years before the forecast, each forecast from the years before it
UNRELIABLE, NORMAL = "U", "A"  # observation statuses of a ledger


@dataclass(frozen=True)
class Hindcast:
    """What was known of the turnover and what came, by one country's ledger.

    `ledger` is its record of today, `mirror` the other's rows that stand in for `filled` years of it, and `turnover`
    the series so filled, in dollars. `known` and `came` are in dollars too; `known` is from the ledgers as they were
    then, for which `older` values of years stood in, and ends with the year `cut`, an estimate by the growth of some
    months as it was `named`; today's record of them (`monthly`, its rows) has `revised_pct`.
    """

    reporter: str
    ledger: pd.DataFrame
    mirror: pd.DataFrame
    filled: list[int]
    turnover: pd.Series
    known: pd.Series
    came: pd.Series
    named: pd.Series
    revised_pct: float
    monthly: pd.DataFrame
    older: pd.DataFrame

    @property
    def cut(self) -> int:
        """The last year known, in part."""
        return int(self.known.index.max())

    @property
    def target(self) -> int:
        """The year forecast."""
        return self.cut + 1

    @property
    def raised_pct(self) -> pd.Series:
        """By how many percent the years of `known` that were revised have been raised since, the cut left out."""
        before = self.known.drop(self.cut)
        raised = 100 * (self.turnover.reindex(before.index) / before - 1)
        return raised[raised != 0]


@dataclass(frozen=True)
class Known:
    """What was known when a forecast was made.

    `records` are those of `ledgers.select` on that day, with the older values that `revisions` has, the table of that
    name; `named` is a row of quantities with a growth in percent from `period_start` to `period_end`, and `monthly` the
    table trade_monthly, which has its months as they are today.
    """

    records: pd.DataFrame
    named: pd.Series
    monthly: pd.DataFrame
    revisions: pd.DataFrame


def hindcast(statistics: Statistics, then: Known, reporter: str) -> Hindcast:
    """The hindcast of the year after the one whose growth was named in part, by the ledger of `reporter`.

    The years are those that both countries' ledgers hold. A year of low reliability is replaced by the mirror's where
    that is sound, scaled by the neighbouring years: see `baselines.without_partial_year`. Raises ValueError where the
    year before the one named was not known.
    """
    other = next(who for who in ledgers.LEDGERS if who != reporter)
    ledger, mirror = statistics.ledger(reporter), statistics.ledger(other)
    turnover, filled = _filled(ledger, mirror)
    before, named, monthly = replace(statistics, records=then.records), then.named, then.monthly
    past, past_mirror = before.ledger(reporter), before.ledger(other)
    cut, first = int(named["period_end"][:4]), max(past.index.min(), past_mirror.index.min())
    if cut - 1 not in past.index:
        raise ValueError(
            f"{reporter.title()}'s ledger was known to {past.index.max()}, and the growth named is that of {cut} on "
            "the year before."
        )
    at_the_time, _ = _filled(past, past_mirror)
    known = baselines.with_part_year(at_the_time.loc[first : cut - 1], growth_pct=named["value_low"])
    part = monthly[monthly["reporter"].eq("RUS") & monthly["partner"].eq("KAZ") & monthly["year"].between(cut - 1, cut)]
    found = Hindcast(
        reporter=reporter,
        ledger=ledger,
        mirror=mirror[[year - 1 in filled or year in filled or year + 1 in filled for year in mirror.index]],
        filled=filled,
        turnover=turnover,
        known=known,
        came=ledger["turnover_usd"],
        named=named,
        revised_pct=float(
            ledgers.part_year(monthly, year=cut, months=part_of_year(named)).loc["turnover", "growth_pct"]
        ),
        monthly=part,
        older=then.revisions[:0],
    )
    pairs = tuple(f"trade:{one}:{two}:" for one, two in ledgers.LEDGERS.values())
    of_pair = then.revisions["series"].map(lambda series: series.startswith(pairs)).astype(bool)
    return replace(found, older=then.revisions[of_pair & then.revisions["year"].isin(found.raised_pct.index)])


def _filled(ledger: pd.DataFrame, mirror: pd.DataFrame) -> tuple[pd.Series, list[int]]:
    """A ledger's turnover with its unreliable years from the mirror where that is sound, and these years."""
    status = mirror["status"].reindex(ledger.index)
    filled = [int(year) for year in ledger.index[ledger["status"].eq(UNRELIABLE) & status.eq(NORMAL)]]
    turnover = ledger["turnover_usd"]
    for year in filled:
        turnover = baselines.without_partial_year(turnover, mirror["turnover_usd"], year=year)
    return turnover, filled


def part_of_year(named: pd.Series) -> tuple[int, int]:
    """The first and the last month that a row of quantities tells of."""
    return int(named["period_start"][5:7]), int(named["period_end"][5:7])


def compare(known: pd.Series, came: pd.Series, methods: Sequence[str]) -> pd.DataFrame:
    """What some methods of `baselines` forecast for the year after `known` ends, and how they had fared, a row each.

    The last year known is an estimate, which the backtest leaves out. Columns: `method`, `median`, `low`, `high`,
    `outcome`, `error_pct`, `inside`, `backtest_mape`, and `model`; values in the unit of the series. A method without a
    converged model has a row without values.
    """
    known, cut = known.dropna(), int(known.index.max())
    rows = []
    for method in methods:
        row: dict[str, object] = {"method": method, "outcome": came[cut + 1]}
        try:
            found = baselines.benchmark(known, cut=cut, method=method, horizon=1).loc[cut + 1]
            past = baselines.rolling_origin(known.loc[: cut - 1], method=method, start=cut - BACKTEST_YEARS)
            row |= found.to_dict() | {"backtest_mape": past["percentage_error"].abs().mean()}
        except baselines.NotConverged:
            row |= {"model": "did not converge"}
        rows.append(row)
    values = ["median", "low", "high", "outcome", "backtest_mape"]
    table = pd.DataFrame(rows, columns=["method", *values, "model"]).astype(dict.fromkeys(values, float))
    table["error_pct"] = 100 * (table["median"] / table["outcome"] - 1)
    table["inside"] = table["outcome"].between(table["low"], table["high"]).astype("boolean").mask(table["low"].isna())
    return table


def together(a: pd.Series, b: pd.Series) -> pd.DataFrame:
    """The yearly growth of two series in percent, `a` and `b`, and whether both moved the `same` way; common years."""
    both = pd.DataFrame({"a": growth.yearly_growth(a), "b": growth.yearly_growth(b)}).dropna()
    return both.assign(same=np.sign(both["a"]) == np.sign(both["b"]))
