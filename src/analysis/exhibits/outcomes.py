"""The exhibits of the forecast report on what trade then did: by whose books, beside oil, and in goods."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, spell
from analysis.methods.accuracy import directions
from analysis.methods.composition import by_group, structural_change
from analysis.methods.expectations import Statistics, Survey
from analysis.methods.growth import yearly_growth
from analysis.methods.hindcasts import Hindcast, together
from analysis.methods.ledgers import LEDGERS


def growth_by_books(statistics: Statistics, survey: Survey, *, margin: float) -> Exhibit:
    """The growth of the survey's year by each set of books, and what that makes of the experts' direction.

    `margin` is what still counts as the same, in percent.
    """
    year = survey.year
    ledgers = {who: statistics.ledger(who) for who in LEDGERS}
    said = statistics.said_growth(year)
    values = {f"{who.title()}’s ledger": yearly_growth(rows["turnover_usd"])[year] for who, rows in ledgers.items()}
    books = " and by ".join(f"{number(value, 0)} % by {name}" for name, value in values.items())
    for row in said.itertuples():
        by_whom = f"{row.speaker}, {row.said_on}, by {row.source_id.split('_')[0]}"
        values[by_whom if row.origin == "official" else row.speaker] = float(row.value)
    change = pd.Series(values, dtype=float)
    told = change.iloc[len(ledgers) :]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        at = np.arange(len(change))
        roles = ["KAZ", "RUS", *["other"] * len(told)]
        axes.axvspan(-margin, margin, color=charts.COLOURS["rule"], alpha=0.35, linewidth=0)
        axes.barh(at, change, color=[charts.COLOURS[role] for role in roles], height=0.55)
        for place, value in zip(at, change, strict=True):
            axes.annotate(number(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center")
        width = 16 if charts.narrow(axes) else 28
        axes.set_yticks(at, [textwrap.fill(name, width) for name in change.index])
        axes.invert_yaxis()
        charts.rows_at(axes, y=at)
        axes.margins(x=0.12)
        axes.set_xlim(left=min(0, axes.get_xlim()[0]))
        axes.axvline(0, color=charts.COLOURS["ink"], linewidth=0.9)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")

    close = int((directions(change, same_within=margin) == "same").sum())
    table = pd.DataFrame(
        {
            f"growth of {year}, %": change,
            "direction": directions(change, same_within=0.0),
            f"direction, the same within {number(margin, 0)} %": directions(change, same_within=margin),
        }
    ).rename_axis("by")
    for name, direction in survey.directions.items():
        hit = table[f"direction, the same within {number(margin, 0)} %"] == direction
        table[f"{name.split()[-1]} ({direction}) within {number(margin, 0)} %"] = hit.map({True: "hit", False: "miss"})
    return Exhibit(
        key="growth-by-books",
        title=f"Trade of {year} grew by {books}" + _told(said),
        subtitle=f"Growth of turnover in dollars in {year}, percent, by ledger and by statement; what lies in the grey "
        f"band is the same within {number(margin, 0)} %. The directions it makes are in the table",
        alt=f"A bar for each of {spell(len(table), 'reading')}: "
        f"{listed([f'{number(value)} % by {name}' for name, value in change.items()])}.",
        table=table,
        draw=draw,
        height=1.1 + 0.42 * len(change),
        sources=sources(*(rows.loc[year - 1 : year] for rows in ledgers.values()), said, survey.on_trade_cells),
        note=f"The criteria ask for growth of any size. If changes of up to {number(margin, 0)} % count as the same, "
        f"{spell(close, 'reading')} out of {len(change)} {'says' if close == 1 else 'say'} the same. A direction is "
        "the coders’ reading of the whole answer on trade: who expects the same may mean its goods rather than its "
        "volume.",
    )


def _told(said: pd.DataFrame) -> str:
    """The range of what was said of a growth; rows of officials_figures. Reports of one speech are told as such."""
    if said.empty:
        return ""
    ends = said.loc[[said["value"].astype(float).idxmin(), said["value"].astype(float).idxmax()]]
    low, high = (number(float(value)) for value in ends["value"])
    if low == high:
        return f"; {low} % was said of it"
    if len(ends.drop_duplicates(["speaker", "said_on"])) == 1:
        return f"; two reports of one speech have {low} and {high} %"
    return f"; what was said of it ranges from {low} to {high} %"


def oil_and_rouble(hindcast: Hindcast, indicators: pd.DataFrame, *, start: int) -> Exhibit:
    """Turnover beside the oil price and the rouble, from the year `start` to the last with a turnover."""
    series = indicators.set_index("year").loc[lambda rows: rows.index >= start]
    oil = series[series["indicator"] == "brent_usd_per_barrel"]
    rouble = series[(series["indicator"] == "lcu_per_usd") & (series["country"] == "RUS")]
    table = pd.DataFrame({"turnover": hindcast.turnover / 1e9, "oil": oil["value"], "rouble": rouble["value"]})
    table = table.loc[start : hindcast.turnover.index.max()]
    both = together(table["turnover"], table["oil"])
    apart = list(both.index[~both["same"]])
    panels = {
        "turnover": ("turnover, US$ billion", "KAZ"),
        "oil": ("Brent, US$ a barrel", "other"),
        "rouble": ("roubles for a dollar", "RUS"),
    }

    def draw(figure: Figure) -> None:
        for axes, (column, (title, role)) in zip(figure.subplots(3, 1, sharex=True), panels.items(), strict=True):
            charts.line(axes, table[column].dropna(), role=role)
            axes.set_title(title)
            axes.axvline(hindcast.target, color=charts.COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 2)))
            charts.years_axis(axes, table.index)
            charts.value_axis(axes)

    return Exhibit(
        key="oil-and-rouble",
        title=f"Trade and the oil price moved the same way in {both['same'].sum()} of {len(both)} years"
        + (f", not in {listed(apart)}" if len(apart) < 6 else ""),
        subtitle="Turnover, the price of Brent and the rouble’s rate, yearly means; the dashed line marks the year of "
        "the forecasts",
        alt=f"Three lines by year, {table.index[0]} to {table.index[-1]}. Correlation of the yearly changes of trade "
        f"and oil: {number(both['a'].corr(both['b']), 2)}.",
        table=table.rename(columns={column: title for column, (title, _) in panels.items()}).rename_axis("year"),
        sources=sources(
            *(rows.loc[table.index[0] : table.index[-1]] for rows in (hindcast.ledger, hindcast.mirror, oil, rouble))
        ),
        draw=draw,
        height=5.6,
        decimals=1,
        folded=True,
        note="Moving the same way is no cause: world trade moves with oil as well, and the goods traded are mostly not "
        "oil." + _filled(hindcast),
    )


def _filled(hindcast: Hindcast) -> str:
    if not hindcast.filled:
        return ""
    years = listed(hindcast.filled)
    return f" {hindcast.reporter.title()}’s record of {years} is partial and replaced as for the benchmark."


def same_goods(statistics: Statistics, *, year: int) -> Exhibit:
    """How much the structure of Kazakhstan's imports from Russia moved each year, by groups of goods."""
    rows = statistics.bought_goods
    known = structural_change(by_group(rows)).dropna()
    rank = int(known.rank()[year])

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        charts.bars(axes, known.drop(year), role="other")
        charts.bars(axes, known[[year]], role="KAZ")
        charts.years_axis(axes, known.index)
        charts.value_axis(axes)

    place = "less than in any other year" if rank == 1 else f"less than in all but {spell(rank - 1, 'year')}"
    return Exhibit(
        key="same-goods",
        title=f"In {year} the goods that Kazakhstan buys from Russia changed {place} of "
        f"{known.index[0]}–{known.index[-1]}",
        subtitle="Change of the structure of Kazakhstan’s imports from Russia on the year before, percent of the "
        "whole, by groups of goods",
        alt=f"Bars by year from {known.index[0]} to {known.index[-1]}: {number(known[year])} % in {year}, highest in "
        f"{known.idxmax()} with {number(known.max())} %.",
        table=known.to_frame("structural change, %").rename_axis("year"),
        sources=sources(rows),
        draw=draw,
        height=3.2,
        folded=True,
        note="Half the sum of the absolute changes of the shares of the groups. For Kazakhstan’s exports the tables "
        "have no goods of these years. Some years are doubtful, as the trade report says.",
    )
