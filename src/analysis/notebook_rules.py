"""What the parameters of a notebook must fulfil together, where the comment of a single one cannot say it.

A rule is called by the notebook itself, for a reader who edits its parameters, and before a kernel starts.
"""

from __future__ import annotations

from analysis import trade
from analysis.data import load
from analysis.parameters import ParameterError


def trade_trends(*, start_year: int, end_year: int, ledger: str, vintage: str, **_: object) -> None:
    """A chosen ledger must hold a year of the chosen period. Raises ParameterError naming the years that it holds."""
    chosen = [who for who in trade.LEDGERS if ledger in (who, "both")]
    years = {who: trade.ledger(load("trade"), reporter=who, vintage=vintage).index for who in chosen}
    if not any(((held >= start_year) & (held <= end_year)).any() for held in years.values()):
        held = " and ".join(f"{who}'s {index.min()} to {index.max()}" for who, index in years.items())
        raise ParameterError(f"no year from {start_year} to {end_year} is in the chosen ledger, which holds {held}.")


RULES = {"01_trade_trends.ipynb": trade_trends}
