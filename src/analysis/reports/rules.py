"""What the parameters of a notebook must fulfil together, where the comment of a single one cannot say it.

A rule is called by the notebook itself, for a reader who edits its parameters, and before a kernel starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from analysis.methods import coding, ledgers
from analysis.notebooks.parameters import Parameter, ParameterError
from analysis.reports.entries import Report
from analysis.tables.store import DataError, load


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
def trade_trends(*, start_year: int, end_year: int, ledger: str, vintage: str, currency: str, **_: object) -> None:
    """A chosen ledger must hold a year of the period that converts to the currency.

    Raises ParameterError naming the years that can be shown.
    """
    chosen = [who for who in ledgers.LEDGERS if ledger in (who, "both")]
    records, indicators = load("trade"), load("indicators")
    years = {}
    for who in chosen:
        turnover = ledgers.ledger(records, reporter=who, vintage=vintage)["turnover_usd"]
        years[who] = ledgers.convert(turnover, currency=currency, indicators=indicators).dropna().index
    if not any(((held >= start_year) & (held <= end_year)).any() for held in years.values()):
        held = " and ".join(
            f"{who}'s from {index.min()} to {index.max()}" if len(index) else f"no year of {who}'s"
            for who, index in years.items()
        )
        raise ParameterError(
            f"no year from {start_year} to {end_year} can be shown in {currency}; the chosen ledger has {held}."
        )


@_tables_at_fault()
def cooperation_areas(
    *, areas: str, section: str, coder: str, counting: str, start_year: int, end_year: int, **_: object
) -> None:
    """The chosen text must speak of the chosen areas, and tell of an event in the chosen years.

    Raises ParameterError naming what the text holds.
    """
    passages = load("passages")
    codes = coding.coded(load("passage_areas"), passages, coder=coder, counting=counting)
    events = load("events")
    if section != "all":
        paragraphs = passages.loc[passages["section"] == section, "paragraph"]
        codes, events = codes[codes["section"] == section], events[events["paragraph"].isin(paragraphs)]
    held = sorted(codes["area_id"].unique())
    if areas != "all":
        codes, events = (rows[rows["area_id"].isin(areas.split(","))] for rows in (codes, events))
    if codes.empty:
        raise ParameterError(f"{section} has no passage on {areas}; it speaks of {', '.join(held) or 'no area'}.")
    if coding.timeline(events, start=str(start_year), end=str(end_year)).empty:
        years = sorted(events["date"].dropna().str[:4].unique())
        raise ParameterError(
            f"{section} tells of no event on {areas} from {start_year} to {end_year}; "
            + (f"it has events from {years[0]} to {years[-1]}." if years else "it has no dated event at all.")
        )


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


def check(report: Report, values: Mapping[Parameter, object]) -> None:
    """Refuses a report whose parameters do not fulfil together what its notebook needs, with a ParameterError."""
    rule = RULES.get(report.notebook.name)
    try:
        if rule:
            rule(**{parameter.name: value for parameter, value in values.items()})
    except ParameterError as error:
        raise ParameterError(f"{report.name}: {error}") from None
