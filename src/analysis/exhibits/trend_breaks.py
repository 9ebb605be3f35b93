"""Breaks in the trend of trade: in the years that events name, and where the data put them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, listed, number, spell
from analysis.methods.breaks import BreakSearch


def declared_breaks(table: pd.DataFrame, events: dict[int, str], *, source_ids: Sequence[str]) -> Exhibit:
    """Chow tests at the dates declared beforehand."""
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
    shown.index = pd.Index([f"{year} {events.get(year, '')}".strip() for year in table.index], name="date")
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
        sources=source_ids,
        decimals=3,
        note="Kazakhstan’s ledger without its partial year 2010, so the test at 2010 is one of 2011 on, where the "
        "way of "
        "recording changed as well. The bootstrap lets errors depend on the year before, the classic test "
        "does not; Holm corrects for testing "
        "several dates. A break is a change of level or of slope, not a proof of its cause.",
    )


def found_breaks(series: pd.Series, fitted: pd.Series, search: BreakSearch, *, source_ids: Sequence[str]) -> Exhibit:
    """The trend with the breaks that a search over unknown dates chose, their intervals, and the tests."""
    values, found = series / 1e9, search.breaks
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
            part = fitted[(fitted.index >= start) & (fitted.index < end)] / 1e9
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
        sources=source_ids,
        draw=draw,
        decimals=3,
        note=search.caution,
    )
