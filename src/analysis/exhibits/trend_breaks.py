"""The exhibits of the trade report on structural breaks: at dates declared beforehand, and by search."""

from __future__ import annotations

import itertools

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts, kept
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.names import partner
from analysis.exhibits.wording import listed, number, spell
from analysis.methods import breaks
from analysis.methods.breaks import LEVEL
from analysis.methods.growth import partial

FALL = 0.5  # of a level: what the power of the tests is told for


def declared_breaks(book: pd.DataFrame, rows: pd.DataFrame, events: pd.DataFrame) -> Exhibit:
    """Chow tests of exports, imports and a partner's share at the declared dates, with all other partners as control.

    `book` is Kazakhstan's ledger, whose partial years are left out, `rows` its imports beside those from everyone else,
    as `shares.beside_others` gives them; `events` is the table turning_points, some of whose years are tested.
    """
    events = events[events["tested"]]
    rows, left_out = rows.drop(index=partial(book), errors="ignore"), partial(book)
    other = partner(rows)
    flows = {
        f"exports to {other}": rows["exports_usd"],
        f"imports from {other}": rows["partner_usd"],
        f"{other}’s share in imports": rows["share_pct"],
        "imports from all others (control)": rows["others_usd"],
    }
    years = [int(year) for year in events["year"]]
    tests = {name: kept.of(breaks.declared_breaks, one, years=years) for name, one in flows.items()}
    p = pd.DataFrame({f"{name}, p": one["p_bootstrap_holm"] for name, one in tests.items()})
    chance = pd.Series({year: kept.of(breaks.power, rows["partner_usd"], year=year, fall=FALL) for year in years})
    table = p.assign(**{"a fall of imports by half would be found, %": chance})
    table.index = pd.Index([f"{row.year} {row.label}" for row in events.itertuples()], name="date")
    last = int(events["year"].max())
    found = [
        f"{name} in {listed(list(one.index[one['p_bootstrap_holm'] < LEVEL]))}"
        for name, one in tests.items()
        if (one["p_bootstrap_holm"] < LEVEL).any()
    ]
    return Exhibit(
        key="declared-breaks",
        title=f"{len(rows)} yearly points cannot say whether the trend broke in {last}: "
        + (
            "there are too few on one side"
            if pd.isna(chance[last])
            else f"a lasting fall of imports by half would be found in {number(chance[last], 0)} cases of 100"
        )
        + (f"; a break is found for {listed(found)}" if found else ""),
        subtitle="Chow tests of log-linear trends at dates named beforehand, bootstrap p-values corrected by Holm, "
        "and the "
        f"power of the test of imports from {other}",
        alt=f"Table of {len(table)} dates.",
        table=table,
        sources=sources(rows if table.notna().any(axis=None) else rows[:0], events),
        decimals=2,
        folded=True,
        note=f"Without {listed(left_out)}. "
        * bool(left_out)
        + "The bootstrap lets errors depend on the year before; Holm corrects for the dates of a series, not for the "
        "four "
        f"series. A break that others’ trade has too is none of the trade with {other}; a date is no cause.",
    )


def found_breaks(book: pd.DataFrame) -> Exhibit:
    """The trend with the breaks that a search over unknown dates chose, their intervals, and the tests.

    `book` are the rows of Kazakhstan's ledger whose turnover is searched.
    """
    book = book.dropna(subset="turnover_usd")
    values = book["turnover_usd"] / 1e9
    if len(values) < breaks.FEWEST:
        return Exhibit(
            key="found-breaks",
            title=f"{spell(len(values), 'yearly point')} are too few to search for breaks: it takes {breaks.FEWEST}",
            subtitle="Turnover, current US$ bn, Kazakhstan’s ledger",
            alt="Nothing is drawn.",
            table=values.to_frame("turnover, US$ bn"),
            sources=sources(book),
        )
    search = kept.of(breaks.search_breaks, values)
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
