"""What the parameters of a notebook must fulfil together, where the comment of a single one cannot say it.

A rule is called by the notebook itself, for a reader who edits its parameters, and before a kernel starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from analysis.methods import ledgers, releases
from analysis.methods.corpus import Corpus
from analysis.methods.dates import Years
from analysis.methods.money import moneys
from analysis.methods.sources import FIRST, LATEST
from analysis.methods.views import View
from analysis.notebooks import folders
from analysis.notebooks.parameters import ParameterError, held
from analysis.reports.entries import Report
from analysis.tables import store
from analysis.tables.readings import load
from analysis.tables.store import DataError


@contextmanager
def _tables_at_fault() -> Iterator[None]:
    """What the arithmetic refuses, though each parameter is in its bounds, is a fault of the tables."""
    try:
        yield
    except (DataError, ParameterError):
        raise
    except ValueError as error:
        raise DataError(f"the tables do not hold together: {error}") from None


@_tables_at_fault()
def trade_trends(
    *, start_year: int, end_year: int, partner: str, ledger: str, vintage: str, currency: str, **_: object
) -> None:
    """A chosen ledger must be of the partner, and hold a year of the period that converts to the currency.

    And on the chosen day something must have been known of what is looked at first. Raises ParameterError naming the
    partners, the years, or the days that can be shown.
    """
    as_of, release = releases.asked(vintage)
    _check_day(as_of)
    indicators = load("indicators", as_of=as_of)
    records = ledgers.select(load("trade", every_source=True, as_of=as_of), indicators, load("selections"))
    money = moneys(load("currencies"), indicators)[currency]
    known = ledgers.partners(records, vintage=release)
    if known and partner not in known:
        raise ParameterError(
            f"Kazakhstan's ledger of the vintage {vintage} has no trade with {partner}; it has {', '.join(known)}."
        )
    books = ledgers.ledgers(records, vintage=release, partner=partner)
    if ledger not in (*books, "both"):
        raise ParameterError(f"the ledger {ledger} has no partner {partner}, but Kazakhstan alone.")
    View(books, ledger, (start_year, end_year), money)


def _check_day(as_of: str) -> None:
    """The year after the one that the report compares the latest with must have been known in each table."""
    if as_of in (FIRST, LATEST):
        return
    since, lags = int(load("periods").query("use == 'since'")["first_year"].iloc[0]), load("release_lags")
    known = []
    for table in ("trade", "trade_products", "eu_exports"):
        rows = store.load(table)
        known.append(releases.known_by(rows[rows["year"] == since + 1], table, lags).min())
    if np.datetime64(as_of) <= max(known):
        raise ParameterError(
            f"on {as_of} the figures of {since + 1}, the first after {since}, were not yet known; the vintage is "
            f"bureau, comtrade, first, or a day after {max(known)}."
        )


@_tables_at_fault()
def cooperation_areas(
    *, areas: str, section: str, coder: str, counting: str, start_year: int, end_year: int, **_: object
) -> None:
    """The chosen text must speak of the chosen areas, and tell of an event in the chosen years.

    Raises ParameterError naming what the text holds.
    """
    corpus = Corpus(load("passages"), load("sections"), load("passage_areas"), load("areas"))
    chosen = corpus.chosen(areas=areas, section=section, coder=coder, counting=counting)
    chosen.dated(load("events"), Years(start_year, end_year))


@_tables_at_fault()
def expert_forecasts(*, experts: str, questions: str, horizon_year: int, **_: object) -> None:
    """The chosen experts must have said something testable on the chosen questions that is due in time.

    Raises ParameterError naming the years in which their statements are due.
    """
    rows = load("statements")
    rows = rows[rows["expert_id"].notna() & rows["resolvable"]]
    if experts != "all":
        rows = rows[rows["expert_id"].isin(experts.split(","))]
    if questions != "all":
        rows = rows[rows["question_id"].isin(questions.split(","))]
    due = rows["horizon_end"].dt.year
    if not (due <= horizon_year).any():
        what = f"{experts} on {questions}".replace("all on all", "the experts")
        years = f"theirs are due from {due.min()} on" if len(due) else "they have none at all"
        raise ParameterError(f"{what}: no testable statement is due by {horizon_year}; {years}.")


RULES = {
    "01_trade_trends.ipynb": trade_trends,
    "02_cooperation_areas.ipynb": cooperation_areas,
    "03_expert_forecasts.ipynb": expert_forecasts,
}


def of_cell(notebook: str, names: Mapping[str, object]) -> None:
    """Refuses values of a notebook's parameters cell as the command line would; `names` are those of the notebook.

    Raises ParameterError, naming what is allowed.
    """
    path = folders.NOTEBOOKS / notebook
    values = held(path, names)
    RULES[path.name](**values)


def check(report: Report, values: Mapping[str, object]) -> None:
    """Refuses a report whose parameters do not fulfil together what its notebook needs, with a ParameterError."""
    rule = RULES.get(report.notebook.name)
    try:
        if rule:
            rule(**values)
    except ParameterError as error:
        raise ParameterError(f"{report.name}: {error}") from None
