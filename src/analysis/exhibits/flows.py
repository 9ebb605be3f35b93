"""The exhibits of the cooperation report on what crosses the border: oil, gas, people and money."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.doubts import doubts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, shortened
from analysis.methods.indicator_series import Measured, wide


def oil(dated: pd.DataFrame) -> Exhibit:
    """By which routes Kazakhstan's oil leaves, in the one year for which all routes are at hand; `dated_statements`."""
    rows = dated[dated["measure"] == "oil_exports"]
    whole = rows["value"].max()
    routes = rows[rows["value"] < whole].set_index("subject").sort_values("value", kind="stable")
    russia = routes["partner"] == "RUS"
    share = 100 * routes.loc[russia, "value"].sum() / whole

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        small = charts.narrow(axes)
        names = routes.index.str.removeprefix("oil ")
        bars = axes.barh(range(len(routes)), routes["value"], height=0.7)
        for bar, through, value in zip(bars, russia, routes["value"], strict=True):
            bar.set_color(charts.COLOURS["RUS" if through else "other"])
            at = (value, bar.get_y() + bar.get_height() / 2)
            axes.annotate(f"{value:g}", at, xytext=(4, 0), textcoords="offset points", va="center", fontsize=8)
        axes.set_yticks(range(len(routes)), [shortened(name, 26) if small else name for name in names])
        charts.rows_at(axes, y=range(len(routes))[::-1])
        axes.set_xlim(0, 1.1 * routes["value"].max())
        axes.grid(False)
        axes.set_xticks([])

    return Exhibit(
        key="oil",
        title=f"{number(share, 0)} % of the oil that Kazakhstan sold abroad in {rows['period'].iloc[0]} crossed Russia",
        subtitle="Kazakhstan’s exports of oil by route, million tonnes; the two pipelines through Russia are coloured",
        alt="Bars: " + listed([f"{name} {value:g}" for name, value in routes["value"][::-1].items()]) + ".",
        table=routes[["value"]].iloc[::-1].rename(columns={"value": "Mt"}).rename_axis("route"),
        sources=sources(rows),
        draw=draw,
        height=1.9,
        note=f"Press, in whole million tonnes: the routes add up to {routes['value'].sum():g} of {whole:g}. The text "
        "gives a share of all oil produced, beside which the table of areas sets the same share.",
    )


def gas(measured: Measured) -> Exhibit:
    """Kazakhstan's pipeline gas to Russia and China, by the yearbook of each year."""
    rows = _of_all_years(measured, "pipeline_gas_exports_bcm")
    rows = rows[rows["country"].eq("KAZ") & rows["partner"].ne("WLD")]
    table, changed = wide(rows, by="partner"), sorted(rows.loc[rows["status"] != "A", "year"].unique())
    named = {code: measured.country(code) for code in table}
    latest = table.iloc[-1].sort_values(kind="stable")
    level = rows.groupby("year")["status"].agg(set)
    first, last = level.index[level.ne(level.shift()).cumsum() == level.ne(level.shift()).sum()][0], table.index[-1]
    since = f"in {first}, the first year counted so," if first > table.index[0] else f"in {first}"

    def draw(figure: Figure) -> None:
        for axes, code in zip(charts.panels(figure), sorted(table, key=lambda code: code != "RUS"), strict=True):
            charts.bars(axes, table[code], role=code, doubtful=changed)
            axes.set_title(f"to {named[code]}")
            axes.set_ylim(0, 1.1 * table.max().max())
            charts.years_axis(axes, table.index)
            charts.value_axis(axes)

    return Exhibit(
        key="gas",
        title=f"By the yearbooks {named[latest.index[-1]]} took {number(latest.iloc[-1])} billion m³ of Kazakhstan’s "
        f"piped gas in {last} and {named[latest.index[0]]} {number(latest.iloc[0])}; {since} it was "
        f"{number(table.loc[first, latest.index[-1]])} and {number(table.loc[first, latest.index[0]])}",
        subtitle="Pipeline gas from Kazakhstan, billion m³, as the yearbook of the year after first printed it; "
        "hollow: another level of counting",
        alt=f"Bars by year, billion cubic metres. To Russia {number(table['RUS'].iloc[0])} in {table.index[0]} by the "
        f"older count and {number(table['RUS'].iloc[-1])} in {last}.",
        table=table.rename(columns=lambda code: f"to {named[code]}, bn m³").join(doubts(table.index, rows)),
        sources=sources(rows),
        draw=draw,
        height=2.4,
        note="The level changed with an edition of the yearbook, so the full and the hollow bars make no one line and "
        "the fall between them is of counting as well as of trade.",
    )


def people(measured: Measured, dated: pd.DataFrame) -> Exhibit:
    """Who moves between the two by Kazakhstan's register, who studies there, and what money is sent.

    `dated` is the table dated_statements, of which the transfers of whole years are told.
    """
    moves = _of_all_years(measured, "arrivals_registered", "departures_registered")
    moves = moves[moves["country"].eq("KAZ") & moves["partner"].eq("RUS")]
    students = _of_all_years(measured, "foreign_students")
    moved = wide(moves, by="indicator").rename(
        columns={"arrivals_registered": "from Russia", "departures_registered": "to Russia"}
    )
    hosts = {"RUS": "in Russia", "KAZ": "in Kazakhstan"}
    studied = wide(students, by="country")[list(hosts)].rename(columns=hosts)
    numbers = moved.join(studied, how="outer")
    unsure = students[students["status"] != "A"].groupby("country")["year"].agg(list).rename(hosts).to_dict()
    sent = dated[dated["measure"].str.startswith("transfers") & dated["period"].str.fullmatch(r"\d{4}")]
    sent = sent[sent["unit"] == "USD mn"]
    from_cis = _of_all_years(measured, "arrivals_from_cis").set_index("year")
    most = from_cis["value"].idxmax()
    top, last = moved["to Russia"].idxmax(), moved.index[-1]

    def draw(figure: Figure) -> None:
        left, right = charts.panels(figure)
        charts.lines(left, moved, ["KAZ", "RUS"])
        left.set_title("people moving, by Kazakhstan’s register")
        charts.lines(right, studied, ["KAZ", "RUS"], unsure)
        right.set_title("students from the other country")

    return Exhibit(
        key="people",
        title=f"By Kazakhstan’s register {number(moved.loc[top, 'to Russia'], 0)} people moved to Russia in {top}, the "
        f"most, and {number(moved.loc[last, 'to Russia'], 0)} in {last}, when "
        f"{number(moved.loc[last, 'from Russia'], 0)} came",
        subtitle="People who registered a move between the two, and students of each in the other; hollow: coverage "
        "changed or is doubtful",
        alt=f"Four lines by year. Moves from Russia are most in {moved['from Russia'].idxmax()}; students from "
        f"Kazakhstan in Russia most in {studied.iloc[:, 0].idxmax()}.",
        table=numbers.rename(
            columns=lambda name: f"{'moves' if name in moved else 'students of the other'} {name}"
        ).join(doubts(numbers.index, moves, students[students["country"].isin(hosts)])),
        sources=sources(moves, students, from_cis, sent),
        draw=draw,
        height=2.7,
        decimals=0,
        note="Who came without registering is not counted, and Russia’s register counts otherwise and more. From ten "
        f"CIS countries together most came in {most}, {number(from_cis.loc[most, 'value'], 0)}. Money: "
        + "; ".join(
            f"US$ {number(row.value, 0)} million came through transfer systems from Russia in {row.period} "
            f"({row.speaker})"
            for row in sent.itertuples()
        )
        + "; no yearly series by partner is at hand.",
    )


def _of_all_years(measured: Measured, *indicators: str) -> pd.DataFrame:
    """The rows of short series, whichever years are looked at."""
    return measured.indicators[measured.indicators["indicator"].isin(indicators)]
