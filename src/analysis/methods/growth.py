"""Growth of the ledgers: over named periods, year by year in several moneys, and which years of it are unsure.

Rates are those of `yearly_growth`, `compound_growth` and `least_squares_growth`.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.methods.money import Money
from analysis.methods.sources import joined

# Statuses that make a year unfit as an end point or for a fit: partial and broken. Provisional years are fit.
UNFIT = ("U", "B")
PARTIAL = "U"


def doubtful(book: pd.DataFrame) -> list[int]:
    """The years of a ledger whose observation status is not normal."""
    return [int(year) for year in book.index[book["doubtful"]]]


def partial(book: pd.DataFrame) -> list[int]:
    """The years of a ledger that hold part of the trade only."""
    return [int(year) for year in book.index[book["status"] == PARTIAL]]


def reliable(book: pd.DataFrame) -> pd.DataFrame:
    """The rows of a ledger without those of its partial years."""
    return book.drop(partial(book))


def and_next(years: Iterable[int]) -> list[int]:
    """The years, and the year after each: growth on a doubtful year measures the doubt."""
    return sorted({int(year) + step for year in years for step in (0, 1)})


def behind(book: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """The rows of a ledger that growth of some years is computed from: theirs and those of the years before."""
    return book[book.index.isin([int(year) - step for year in years for step in (0, 1)])]


def in_moneys(book: pd.DataFrame, moneys: Iterable[Money]) -> pd.DataFrame:
    """Growth of a ledger's turnover on the year before, percent, years × names of moneys."""
    return pd.DataFrame({money.name: yearly_growth(money.billions(book["turnover_usd"])) for money in moneys})


def calm(nominal: pd.Series, real: pd.Series, most: float) -> pd.Series:
    """The years in which prices rose by at most so many percent, by growth with and without their rise."""
    return 100 * ((100 + nominal) / (100 + real) - 1) <= most


def by_ledger(books: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Growth of turnover in current dollars on the year before, percent, for the years that every ledger has."""
    return pd.concat({who: yearly_growth(book["turnover_usd"]) for who, book in books.items()}, axis=1).dropna()


def unfit(books: Mapping[str, pd.DataFrame]) -> list[int]:
    """The years that any of the ledgers marks as partial or broken."""
    return sorted({int(year) for book in books.values() for year in book.index[book["status"].isin(UNFIT)]})


def over_periods(books: Mapping[str, pd.DataFrame], periods: pd.DataFrame) -> pd.DataFrame:
    """Growth rates of turnover in current dollars over periods, percent a year, by ledger.

    The periods are those of the use growth in the table periods; one without a last year lasts to the end of the
    longest ledger. Years that are `unfit` are left out of every ledger, so that all are fitted on the same years.
    Returns a row a period and ledger: `period`, `reporter`, `compound_pct` and `least_squares_pct`, NaN where the
    ledger lacks an end year, and `source_id` of the years used.
    """
    periods = periods[periods["use"] == "growth"]
    left_out, last = unfit(books), max(int(book.index.max()) for book in books.values())
    rows = []
    for start, end in zip(periods["first_year"], periods["last_year"].fillna(last), strict=True):
        for who, book in books.items():
            used = book.drop(left_out, errors="ignore").loc[start:end].dropna(subset="turnover_usd")
            whole = {start, end} <= set(used.index)
            turnover = used["turnover_usd"]
            rows.append(
                {
                    "period": f"{start}–{end}",
                    "reporter": who,
                    "compound_pct": compound_growth(turnover, start=start, end=end) if whole else float("nan"),
                    "least_squares_pct": least_squares_growth(turnover) if whole else float("nan"),
                    "source_id": joined(used["source_id"]) if whole else None,
                }
            )
    return pd.DataFrame(rows)


def said_of(figures: pd.DataFrame, year: int) -> pd.DataFrame:
    """What officials and the press said of the growth of a year's turnover: rows of the table officials_figures."""
    return figures[(figures["metric"] == "turnover_growth") & (figures["year"] == year)].sort_values(
        "value", kind="stable"
    )


def yearly_growth(series: pd.Series) -> pd.Series:
    """Change on the previous calendar year in percent: 100 (xₜ ÷ xₜ₋₁ − 1).

    NaN where the previous year is missing, zero or negative: a change from such a base has no percentage.
    """
    previous = series.reindex(series.index - 1).set_axis(series.index)
    return (100 * (series / previous.where(previous > 0) - 1)).rename(series.name)


def compound_growth(series: pd.Series, *, start: int, end: int) -> float:
    """Compound annual growth rate, percent a year: 100 ((x_end ÷ x_start)^(1 ÷ (end − start)) − 1).

    It sees the two end years only. Raises ValueError unless start < end and both years have a positive value.
    """
    if start >= end:
        raise ValueError(f"Growth needs a start before its end, not {start} and {end}.")
    _positive(series.reindex([start, end]), "Compound growth")
    return float(100 * ((series[end] / series[start]) ** (1 / (end - start)) - 1))


def least_squares_growth(series: pd.Series, *, start: int | None = None, end: int | None = None) -> float:
    """Growth rate of the log-linear trend ln x = a + b·year, percent a year: 100 (exp(b) − 1).

    Missing years are left out of the fit. Raises ValueError for fewer than two years or a value ≤ 0.
    Reference: World Bank, World Development Indicators, "Statistical methods" (least-squares growth rate).
    """
    points = series.dropna().sort_index().loc[start:end]
    if len(points) < 2:
        raise ValueError(f"A growth trend needs two years with a value, and the series has {len(points)}.")
    _positive(points, "A growth trend")
    years = points.index.to_numpy(dtype=float)
    slope = np.polyfit(years - years.mean(), np.log(points.to_numpy()), 1)[0]
    return float(100 * np.expm1(slope))


def _positive(values: pd.Series, what: str) -> None:
    faulty = values[~(values > 0)]
    if len(faulty):
        raise ValueError(
            f"{what} needs a positive value in each year used, and {faulty.index[0]} has {faulty.iloc[0]}."
        )
