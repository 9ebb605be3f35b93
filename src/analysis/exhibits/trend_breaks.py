"""The exhibits of the trade report on structural breaks: at dates declared beforehand, and by search."""

from __future__ import annotations

import itertools

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, spell
from analysis.methods import breaks
from analysis.methods.growth import partial, reliable


def declared_breaks(table: pd.DataFrame, book: pd.DataFrame, events: pd.DataFrame) -> Exhibit:
    """Chow tests at the dates declared beforehand, as `breaks.declared_breaks` gives them.

    `book` is Kazakhstan's ledger, whose partial years were left out of the tests; `events` is the table turning_points.
    """
    events, left_out = events[events["year"].isin(table.index)], partial(book)
    labels = events.set_index("year")["label"]
    significant = [int(year) for year in table.index[table["p_bootstrap_holm"] < 0.05]]
    shown = table.rename(
        columns={
            "f": "F",
            "p": "p, classic",
            "p_holm": "p, classic, Holm",
            "p_bootstrap": "p, bootstrap",
            "p_bootstrap_holm": "p, bootstrap, Holm",
            "n_before": "years before",
            "n_after": "years from then on",
        }
    )
    shown.index = pd.Index([f"{year} {labels.get(year, '')}".strip() for year in table.index], name="date")
    return Exhibit(
        key="declared-breaks",
        title=(
            f"Of the dates declared beforehand, {listed(significant)} "
            f"{'shows' if len(significant) == 1 else 'show'} a break that survives all corrections"
            if significant
            else "None of the dates declared beforehand shows a break that survives all corrections"
        ),
        subtitle="Chow test of the log-linear trend of turnover at dates named before looking, p-values",
        alt=f"Table of {len(shown)} dates.",
        table=shown,
        sources=sources(reliable(book), events),
        decimals=3,
        note=_without(left_out, table.index)
        + "The bootstrap lets errors depend on the year before, the classic test does not; "
        "Holm corrects for testing several dates. A break is a change of level or of slope, not a proof of its cause.",
    )


def _without(left_out: list[int], dates: pd.Index) -> str:
    """Which years the tests go without, and what that makes of a declared date that is one of them."""
    shifted = "".join(
        f", so the test at {year} is one of {year + 1} on, where the way of recording changed as well"
        for year in left_out
        if year in dates
    )
    name = "its partial year" if len(left_out) == 1 else "its partial years"
    return f"Kazakhstan’s ledger without {name} {listed(left_out)}{shifted}. " if left_out else ""


def found_breaks(book: pd.DataFrame) -> Exhibit:
    """The trend with the breaks that a search over unknown dates chose, their intervals, and the tests.

    `book` are the rows of Kazakhstan's ledger whose turnover is searched.
    """
    values = book["turnover_usd"] / 1e9
    search = breaks.search_breaks(values)
    found = search.breaks
    fitted = breaks.trend_with_breaks(values, years=found["year"])
    words = [f"{int(b.year)} (90 %: {int(b.low)}–{int(b.high)})" for b in found.itertuples()]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for row in found.itertuples():
            axes.axvspan(row.low - 0.4, row.high + 0.4, color=charts.COLOURS["other"], alpha=0.18, linewidth=0)
            axes.axvline(row.year, color=charts.COLOURS["ink"], linewidth=1, linestyle=(0, (3, 2)))
            axes.annotate(
                str(int(row.year)),
                (row.year, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                fontweight="bold",
            )
        axes.plot(values.index, values, "o", color=charts.COLOURS["KAZ"], markersize=4)
        edges = [fitted.index.min(), *found["year"], fitted.index.max() + 1]
        for start, end in itertools.pairwise(edges):
            part = fitted[(fitted.index >= start) & (fitted.index < end)]
            axes.plot(part.index, part, color=charts.COLOURS["KAZ"])
        axes.set_yscale("log")
        charts.years_axis(axes, values.index)
        axes.set_yticks([5, 10, 20, 30], ["5", "10", "20", "30"])
        axes.minorticks_off()

    tests = search.tests.assign(years=[listed(years) for years in search.tests["years"]]).rename(
        columns={"null": "breaks, null", "alternative": "breaks, alternative", "sup_f": "sup F", "years": "best dates"}
    )
    tests.index = pd.Index([f"{row.null} against {row.alternative}" for row in search.tests.itertuples()], name="test")
    return Exhibit(
        key="found-breaks",
        title=(
            f"A search over all dates finds {listed(words)}"
            if words
            else "A search over all dates finds no break that a series of this length can prove"
        ),
        subtitle=f"Turnover, current US$ bn, logarithmic scale, Kazakhstan’s ledger, {search.n} years, trend of each "
        "regime",
        alt=f"Points by year from {values.index[0]} ({number(values.iloc[0])}) to {values.index[-1]} "
        f"({number(values.iloc[-1])} US$ bn) and {spell(len(found) + 1, 'straight piece')} of trend. Breaks: "
        f"{listed(words)}.",
        table=tests,
        sources=sources(book),
        draw=draw,
        decimals=3,
        note=search.caution,
    )
