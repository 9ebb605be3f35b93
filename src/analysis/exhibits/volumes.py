"""The exhibit of the trade report on volumes: imports at constant prices, and trade in relation to the economy."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.names import partner
from analysis.exhibits.wording import listed, number
from analysis.methods.growth import UNFIT
from analysis.methods.volumes import base_year, beside_gdp, imports_by_volume


def volumes(book: pd.DataFrame, indicators: pd.DataFrame) -> Exhibit:
    """Kazakhstan's imports from a partner in current dollars and at constant import prices; turnover ÷ GDP below.

    `book` is Kazakhstan's ledger with the partner, `indicators` the table. Partial and broken years are gaps.
    """
    prices, name = base_year(indicators), partner(book)
    bought, weight = imports_by_volume(book, indicators), beside_gdp(book, indicators)
    sound, heavy = (one[~one["status"].isin(UNFIT)] for one in (bought, weight))
    real, current, percent = sound["real_usd"] / 1e9, sound["current_usd"] / 1e9, heavy["percent"]
    last, top = int(real.index[-1]), int(real.idxmax())
    fewer = 100 * (real[last] / real[top] - 1)
    dearer = 100 * (current[last] / current[top] - 1)
    named = {"current dollars": current, f"at prices of {prices}": real}
    gaps = [int(year) for year in bought.index.difference(sound.index)]

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        charts.lines(upper, named, ["other", "RUS"])
        upper.set_title(f"imports from {name}, US$ bn")
        charts.lines(lower, {"": percent}, ["KAZ"])
        lower.set_title(f"turnover with {name}, % of Kazakhstan’s GDP")
        charts.years_axis(lower, percent.index)

    return Exhibit(
        key="volumes",
        title=(
            f"At constant import prices Kazakhstan bought {number(-fewer, 0)} % less from {name} in {last} than in "
            f"{top}, its record year, and paid {number(abs(dearer), 0)} % {'more' if dearer > 0 else 'fewer'} dollars"
            if top < last
            else f"At constant import prices Kazakhstan never bought as much from {name} as in {last}"
        ),
        subtitle=f"Imports from {name} in current dollars and divided by the unit values of Kazakhstan’s imports "
        f"({prices} = 100), and turnover ÷ GDP; Kazakhstan’s records",
        alt=f"Two panels by year. Above, imports at prices of {prices} are highest in {top}, US$ "
        f"{number(real[top])} bn, "
        f"and {number(real[last])} in {last}. Below, turnover is {number(percent.iloc[0])} % of GDP in "
        f"{percent.index[0]} and "
        f"{number(percent.iloc[-1])} in {percent.index[-1]}.",
        table=pd.DataFrame(
            {
                "imports, current US$ bn": bought["current_usd"] / 1e9,
                f"imports, US$ bn at import prices of {prices}": bought["real_usd"] / 1e9,
                "turnover, % of GDP": weight["percent"],
            }
        ),
        sources=sources(bought, weight),
        draw=draw,
        height=3.9,
        decimals=2,
        parameters={"partner": book["partner"].iloc[0]},
        note=f"Turnover with {name} was {number(percent.iloc[-1])} % of GDP in {percent.index[-1]}, after "
        f"{number(percent.iloc[0])} in {percent.index[0]}. The unit values are those of all imports, whatever the "
        "partner "
        f"(World Bank), from {bought.index[0]} to {bought.index[-1]}: {name}’s goods may have become dearer "
        "otherwise, and a "
        f"change of the mix looks like one of prices. For exports to {name} there is none: the unit value of "
        "Kazakhstan’s "
        f"exports follows the price of oil. Gaps: {listed(gaps)}.",
    )
