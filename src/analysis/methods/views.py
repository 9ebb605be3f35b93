"""What a report on trade shows of the ledgers: whose records, which years, in which money."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.errors import ParameterError
from analysis.methods.money import Money


@dataclass(frozen=True, eq=False)
class View:
    """The chosen years of the chosen ledgers in one money.

    `whole` maps each reporter to its ledger with all its years, `ledger` is one of them or both, `period` the first
    and the last year. Raises ParameterError, naming the years that can be shown, where nothing would be.
    """

    whole: Mapping[str, pd.DataFrame]
    ledger: str
    period: tuple[int, int]
    money: Money

    def __post_init__(self) -> None:
        start, end = self.period
        if not self._chosen:
            raise ParameterError(f"the ledger is one of {', '.join(self.whole)} or both, not {self.ledger!r}.")
        years = {who: self.money.billions(self.whole[who]["turnover_usd"]).dropna().index for who in self._chosen}
        if not any(((held >= start) & (held <= end)).any() for held in years.values()):
            held = " and ".join(
                f"{who}'s from {index.min()} to {index.max()}" if len(index) else f"no year of {who}'s"
                for who, index in years.items()
            )
            raise ParameterError(
                f"no year from {start} to {end} can be shown in {self.money.currency}; the chosen ledger has {held}."
            )

    @property
    def _chosen(self) -> list[str]:
        return [who for who in self.whole if self.ledger in (who, "both")]

    @cached_property
    def books(self) -> dict[str, pd.DataFrame]:
        """The chosen years of each chosen ledger that has one."""
        start, end = self.period
        window = {who: self.whole[who].loc[start:end] for who in self._chosen}
        return {who: book for who, book in window.items() if len(book)}

    @property
    def main(self) -> str:
        """The reporter of the ledger that stands first."""
        return next(iter(self.books))


def alternatives(view: View, moneys: Mapping[str, Money]) -> dict[str, View]:
    """The view, the same in each other money that has a year of it, and of two countries' books those of each alone.

    By what tells them apart: `in tenge`, `by Russia’s books`.
    """
    changes = {f"in {money.name}": {"money": money} for money in moneys.values()}
    return {f"in {view.money.name}": view} | _changed(view, changes) | (by_books(view) if view.ledger == "both" else {})


def by_books(view: View) -> dict[str, View]:
    """The view from the books of each of its countries alone, by whose they are: `by Russia’s books`."""
    return _changed(view, {f"by {who.title()}’s books": {"ledger": who} for who in view.books})


def _changed(view: View, changes: Mapping[str, Mapping]) -> dict[str, View]:
    """The view with each of several changes that leaves something to show."""
    found = {}
    for words, change in changes.items():
        with suppress(ParameterError):
            found[words] = replace(view, **change)
    return found
