"""What the parameters of a notebook must fulfil together, where the comment of a single one cannot say it.

A rule is called by the notebook itself, for a reader who edits its parameters, and before a kernel starts.
"""

from __future__ import annotations

from analysis import trade
from analysis.data import load
from analysis.parameters import ParameterError


def trade_trends(*, start_year: int, end_year: int, ledger: str, vintage: str, currency: str, **_: object) -> None:
    """A chosen ledger must hold a year of the period that converts to the currency.

    Raises ParameterError naming the years that can be shown.
    """
    chosen = [who for who in trade.LEDGERS if ledger in (who, "both")]
    records, indicators = load("trade"), load("indicators")
    years = {}
    for who in chosen:
        turnover = trade.ledger(records, reporter=who, vintage=vintage)["turnover_usd"]
        years[who] = trade.convert(turnover, currency=currency, indicators=indicators).dropna().index
    if not any(((held >= start_year) & (held <= end_year)).any() for held in years.values()):
        held = " and ".join(f"{who}'s from {index.min()} to {index.max()}" for who, index in years.items())
        raise ParameterError(
            f"no year from {start_year} to {end_year} can be shown in {currency}; the chosen ledger has {held}."
        )


RULES = {"01_trade_trends.ipynb": trade_trends}
