"""The exhibits of the trade report on growth: by currency, by ledger, over periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.doubts import doubts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.names import partner
from analysis.exhibits.tabs import Tabs, tabs
from analysis.exhibits.trade import LEDGER_NAMES, OWNERS, ROLES
from analysis.exhibits.wording import listed, number, signed, spell
from analysis.methods import growth
from analysis.methods.money import Money
from analysis.methods.views import View

MOST_INFLATION = 30  # percent: in a year of more, amounts in the money of the day say nothing
MOST_GROWTH = (-60, 90)  # percent: a bar ends here, so that one year does not flatten all others


def growth_by_currency(view: View, moneys: Mapping[str, Money]) -> Exhibit:
    """Yearly growth of turnover as it looks in several currencies, a panel each, by the view's first ledger.

    The year before the view's first is read too, so that the first year shown has growth.
    """
    (start, end), book = view.period, view.whole[view.main]
    # The year after a partial or broken one measures the doubt, as that year does: both are gaps.
    artefacts = growth.and_next(growth.unfit({view.main: book}))
    whole = growth.in_moneys(book, moneys.values())
    table = whole.drop(index=artefacts, errors="ignore").loc[start:end].dropna(how="all")
    unsure = {one.name: growth.and_next([*growth.doubtful(book), *one.derived]) for one in moneys.values()}
    sound = pd.DataFrame({name: one[~one.index.isin(unsure[name])] for name, one in table.items()}).reindex(table.index)
    dollars, tenge, roubles = (moneys[currency].name for currency in ("usd", "kzt", "rub"))
    calm = growth.calm(table[tenge], table[moneys["kzt_real"].name], MOST_INFLATION)
    gap = (sound[tenge] - sound[dollars]).abs()[calm].dropna()
    title = f"No year of this period has a sound growth rate in both dollars and {tenge}"
    if len(gap):
        year = int(gap.idxmax())
        title = (
            f"Exchange rates decide what growth looks like: {year} was {signed(table.loc[year, dollars])} % in "
            "dollars, "
            f"{_rate(table.loc[year, roubles])} in roubles and {signed(table.loc[year, tenge])} % in {tenge}"
        )
    extremes = [
        f"In {name}: highest {signed(one.max())} % in {one.idxmax()}, lowest {signed(one.min())} % in {one.idxmin()}."
        for name, one in sound.items()
        if one.notna().any()
    ]
    used = {one: growth.behind(book, table[one.name].dropna().index).index for one in moneys.values()}

    def draw(figure: Figure) -> None:
        slim = figure.get_figwidth() < charts.WIDE
        grid = figure.subplots(*((3, 2) if slim else (2, 3)), sharex=True, sharey=True)
        for at, axes in enumerate(grid.flat):
            axes.set_visible(at < len(table.columns))
            if at + grid.shape[1] >= len(table.columns):  # nothing stands below it
                axes.xaxis.set_tick_params(labelbottom=True)
        for axes, name in zip(figure.axes, table, strict=False):
            charts.bars(axes, table[name].clip(*MOST_GROWTH), doubtful=unsure[name])
            axes.set_title(f"in {name}")
            charts.years_axis(axes, range(start, end + 1))
            axes.xaxis.set_major_locator(charts.MaxNLocator(nbins=4, integer=True))
            charts.value_axis(axes)

    return Exhibit(
        key="growth-by-currency",
        title=title,
        subtitle=f"Yearly growth of turnover with {partner(book)}, %, {LEDGER_NAMES[view.main]}, in "
        f"{len(table.columns)} currencies",
        alt=" ".join(
            [f"{len(table.columns)} panels of yearly bars, up for growth and down for decline. Sound years:", *extremes]
        ),
        table=table.add_prefix("growth in ").add_suffix(", %").join(_doubts(table.index, [book])),
        sources=sources(
            growth.behind(book, range(start, end + 1)), *(one.rates_of(years) for one, years in used.items())
        ),
        draw=draw,
        height=4.8,
        parameters={"ledger": view.main, "start_year": start, "end_year": end},
        note=f"Bars are cut at −{-MOST_GROWTH[0]} and +{MOST_GROWTH[1]} %; the numbers below are whole. Gaps: "
        f"{listed([year for year in artefacts if start <= year <= end])}, partial and broken years and those after "
        "them. Hollow: provisional years, the year after each, and years whose rouble rate is derived from two other "
        f"rates. The title leaves out years in which Kazakhstan’s prices rose by more than {MOST_INFLATION} %. None of "
        "these is growth of volume.",
    )


def growth_by_currency_of(views: Mapping[str, View], moneys: Mapping[str, Money]) -> Tabs:
    """`growth_by_currency` of each of several views, as `views.by_books` gives them, folded."""
    return tabs({words: growth_by_currency(view, moneys).fold() for words, view in views.items()})


def _doubts(years: pd.Index, books: Iterable[pd.DataFrame]) -> pd.Series:
    """Why the growth of some years is doubtful: the year is, or the one before it."""
    own = doubts(years, *books)
    before = doubts(years - 1, *books).set_axis(years)
    return own.mask(own.eq("") & before.ne(""), "the year before is doubtful")


def _rate(percent: float) -> str:
    return "unknown" if pd.isna(percent) else f"{signed(percent)} %"


def growth_by_ledger(books: Mapping[str, pd.DataFrame], periods: pd.DataFrame, said: pd.DataFrame) -> Exhibit:
    """Yearly growth of turnover in current dollars by each ledger, for all years that both hold.

    The title names the year of the use named in the table periods, where both ledgers hold it soundly, else the one in
    which they are furthest apart; the note tells what `said`, the table officials_figures, has on its growth.
    """
    table = growth.by_ledger(books)
    shaky = growth.and_next(year for book in books.values() for year in growth.doubtful(book))
    sound = table[~table.index.isin(shaky)]
    apart = (sound["kazakhstan"] - sound["russia"]).abs()
    agree = int((sound["kazakhstan"] * sound["russia"] > 0).sum())
    named = periods.loc[periods["use"] == "named", "first_year"]
    year = next((int(one) for one in named if one in sound.index), int(apart.idxmax()))
    said = growth.said_of(said, year)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        shown = sound.reindex(range(table.index.min(), table.index.max() + 1))
        axes.vlines(shown.index, shown.min(axis=1), shown.max(axis=1), color=charts.COLOURS["muted"], linewidth=1)
        charts.lines(axes, shown.rename(columns=OWNERS), [ROLES[who] for who in shown], width=0.6)

    return Exhibit(
        key="growth-by-ledger",
        title=f"The two ledgers agree on the direction of growth in {agree} of {len(sound)} years, not on its size: "
        f"{year} was {signed(sound.loc[year, 'kazakhstan'])} % in Kazakhstan’s and "
        f"{signed(sound.loc[year, 'russia'])} % in Russia’s",
        subtitle="Growth of turnover on the year before, %, current dollars, by each ledger",
        alt=f"Two lines of points by year, joined where they differ. They differ most in {int(apart.idxmax())}, by "
        f"{number(apart.max())} points, and by {number(apart.median())} points in the median year.",
        table=table.rename(columns=lambda who: f"growth, %, {LEDGER_NAMES[who]}").assign(
            **{
                "difference, points": table["kazakhstan"] - table["russia"],
                "doubtful": _doubts(table.index, books.values()),
            }
        ),
        sources=sources(*(growth.behind(book, table.index) for book in books.values()), said),
        draw=draw,
        folded=True,
        note="Years with a doubtful record, and the year after each, are in the numbers and not in the picture: "
        f"{listed([year for year in shaky if year in table.index])}."
        + (f" Of {year} officials and the press said {listed(said['value'].map(number))} %." if len(said) else ""),
    )


def growth_rates(books: Mapping[str, pd.DataFrame], periods: pd.DataFrame) -> Exhibit:
    """Compound and least-squares growth of turnover in current dollars over periods, by ledger.

    `periods` is the table. Years that either ledger marks as partial or broken are left out of both.
    """
    rates = growth.over_periods(books, periods)
    measures = {"compound_pct": "compound", "least_squares_pct": "least squares"}
    wide = rates.pivot(index="period", columns="reporter", values=list(measures)).loc[rates["period"].unique()]
    columns = {(m, who): f"{name}, % a year, {LEDGER_NAMES[who]}" for who in books for m, name in measures.items()}
    table = wide[list(columns)].set_axis(list(columns.values()), axis=1)
    first = table[list(table)[:2]].dropna().head(1)
    whole = first.squeeze()
    return Exhibit(
        key="growth-rates",
        title="No ledger holds both ends of any of these periods"
        if first.empty
        else f"Over {first.index[0]} turnover with {partner(next(iter(books.values())))} grew by "
        f"{number(whole.iloc[0])} % a year from end to end and by "
        f"{number(whole.iloc[1])} % along its trend ({LEDGER_NAMES[next(iter(books))]})",
        subtitle="Compound growth (end years only) and least-squares growth (all years), % a year, current dollars",
        alt=f"Table of {spell(len(table), 'period')}.",
        table=table,
        sources=sources(rates),
        folded=True,
        note=f"The two measures part where an end year is unusual. {listed(growth.unfit(books))} are partial or "
        "broken in "
        "one ledger and left out of both; provisional years are in. A dash: the ledger lacks an end year.",
    )
