"""The exhibits of the cooperation report that measure an area: yearly series beside what the document says of it."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number
from analysis.methods.indicator_series import Measured, wide


def launches(measured: Measured) -> Exhibit:
    """Orbital launch attempts from Baikonur beside those of Russian vehicles from everywhere."""
    series = ("baikonur_launch_attempts", "russian_vehicle_launch_attempts", "plesetsk_launch_attempts")
    table = measured.table(*series)
    here, _, elsewhere = table
    site, last = table[here].dropna(), table.index[-1]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for name, role in zip(table, ("KAZ", "RUS", "other"), strict=True):
            charts.line(axes, table[name], role=role, label=name.partition(" ")[0])
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="launches",
        title=f"{here} launched {int(site.max())} times in its busiest year since {measured.years.first}, "
        f"{site.idxmax()}, "
        f"and {int(site[last])} times in {last}",
        subtitle=f"Orbital launch attempts a year from {here}, from {elsewhere} and of Russian or Soviet vehicles",
        alt=f"Three lines by year. {here} runs from {int(site.iloc[0])} in {site.index[0]} to {int(site[last])} in "
        f"{last}, "
        f"lowest {int(site.min())} in {site.idxmin()}.",
        table=table.add_suffix(", attempts"),
        sources=sources(measured.rows(*series)),
        draw=draw,
        decimals=0,
        note="Attempts include failures. Vehicles of other sites are in the second line, so the first is no exact "
        "share of it.",
    )


def arms(measured: Measured) -> Exhibit:
    """Arms deliveries to Kazakhstan by supplier."""
    rows = measured.rows("arms_deliveries_tiv")
    suppliers = wide(rows, by="partner").fillna(0)
    total, russia = suppliers["WLD"], suppliers["RUS"]
    table = pd.DataFrame({"Russia": russia, "all others": total - russia})
    share = 100 * russia.sum() / total.sum()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        axes.bar(table.index, table["Russia"], color=charts.COLOURS["RUS"], label="Russia", zorder=3)
        axes.bar(
            table.index,
            table["all others"],
            bottom=table["Russia"],
            color=charts.COLOURS["other"],
            label="all others",
            zorder=3,
            hatch="//",
            edgecolor=charts.COLOURS["paper"],
            linewidth=0,
        )
        axes.legend(frameon=False, loc="upper left", ncols=2)
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="arms",
        title=f"Russia delivered {number(share, 0)} % of the arms that the register counts for Kazakhstan in "
        f"{table.index[0]}–{table.index[-1]}",
        subtitle="Deliveries of major arms a year by supplier, million SIPRI trend-indicator values",
        alt=f"Stacked bars by year; the highest year is {int(total.idxmax())} with {number(total.max(), 0)}, of which "
        "Russia "
        f"{number(russia[total.idxmax()], 0)}.",
        table=suppliers.drop(columns="WLD").assign(all=total).rename(columns=lambda c: f"{c}, million TIV"),
        sources=sources(rows),
        draw=draw,
        note="A trend-indicator value measures military capability, not price.",
    )


def investment(measured: Measured) -> Exhibit:
    """Direct investment from Russia: yearly net inflow and stock."""
    series = ("fdi_inflow_eur_mn", "fdi_stock_eur_mn", "fdi_stock_share_pct")
    rows, table = measured.rows(*series), measured.table(*series)
    inflow, stock, share_of_stock = table
    flow, share = table[inflow].dropna(), table[share_of_stock].dropna()
    changed = rows.loc[rows["status"] == "B", "year"].unique()

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True)
        charts.bars(upper, flow)
        upper.set_title(f"{inflow} a year")
        charts.line(lower, table[stock], role="RUS")
        lower.set_title(f"{stock} at the end of the year")
        for axes in (upper, lower):
            charts.years_axis(axes, table.index)
            charts.value_axis(axes)

    return Exhibit(
        key="investment",
        title=f"Russia’s net direct investment in Kazakhstan was EUR {number(flow.median(), 0)} million in the median "
        "year of "
        f"{flow.index[0]}–{flow.index[-1]}; its share of the stock was {number(share.iloc[-1])} % in {share.index[-1]}",
        subtitle="Net inflow of direct investment from Russia and its stock in Kazakhstan, EUR million",
        alt=f"Bars and a line by year. The inflow is highest in {flow.idxmax()} ({number(flow.max(), 0)}) and lowest "
        "in "
        f"{flow.idxmin()} ({number(flow.min(), 0)}).",
        table=table.rename(columns=lambda name: f"{name}, {'%' if name == share_of_stock else 'EUR mn'}"),
        sources=sources(rows),
        draw=draw,
        height=4.8,
        note="Net flows may be negative"
        + (f", and the recording principle changed in {listed(changed)}" if len(changed) else "")
        + ". An expert in the document speaks of about "
        "one billion dollars a year, of investment and not of net direct investment: the two cannot be held against "
        "each other.",
    )


def votes(measured: Measured) -> Exhibit:
    """Agreement of Kazakhstan with Russia and other states in the UN General Assembly."""
    rows = measured.rows("un_agreement_share")
    rows = rows[rows["country"] == "KAZ"]
    table = 100 * wide(rows, by="partner")
    table = table[sorted(table, key=lambda code: (code != "RUS", code))]
    latest = table.iloc[-1]
    last, closest = latest.name, latest.idxmax()
    named = {code: measured.country(code) for code in table}

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for code, name in named.items():
            role = code if code in charts.COLOURS else "other"
            charts.line(axes, table[code], role=role, label=name.removeprefix("the "), markers=False)
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="votes",
        title=f"Kazakhstan votes more often with {named[closest]} than with Russia: {number(latest[closest], 0)} "
        "against "
        f"{number(latest['RUS'], 0)} % in {last}"
        if closest != "RUS"
        else f"Kazakhstan votes with Russia in {number(latest['RUS'], 0)} % of votes in {last}",
        subtitle="Share of votes in the UN General Assembly on which Kazakhstan agreed with each, %",
        alt="Lines by year, one a state. "
        f"Agreement with Russia is highest in {table['RUS'].idxmax()} "
        f"({number(table['RUS'].max(), 0)} %) and lowest in {table['RUS'].idxmin()} ({number(table['RUS'].min(), 0)} "
        "%).",
        table=table.rename(columns=lambda code: f"with {named[code]}, %"),
        sources=sources(rows),
        draw=draw,
        note="Shares of agreement are shown and not the distance of ideal points, which contradicts them in the last "
        "years.",
    )


def organisations(measured: Measured) -> Exhibit:
    """Intergovernmental organisations to which both states belong."""
    rows = measured.rows("shared_igos")
    counted = wide(rows, by="indicator")["shared_igos"]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        charts.line(axes, counted, role="KAZ")
        charts.years_axis(axes, counted.index)
        charts.value_axis(axes)

    return Exhibit(
        key="shared-organisations",
        title=f"Both states belonged to {int(counted.iloc[0])} organisations in {counted.index[0]} and to "
        f"{int(counted.iloc[-1])} in {counted.index[-1]}",
        subtitle="Intergovernmental organisations to which Kazakhstan and Russia both belong",
        alt=f"A line by year, rising from {int(counted.iloc[0])} in {counted.index[0]} to {int(counted.iloc[-1])} in "
        f"{counted.index[-1]}, highest in {counted.idxmax()} with {int(counted.max())}.",
        table=counted.to_frame("organisations"),
        sources=sources(rows),
        draw=draw,
        decimals=0,
        height=3.4,
        note="The count ends where its source ends, before the Eurasian Economic Union.",
    )


def polls(measured: Measured) -> Exhibit:
    """Mutual opinion of all years, one row a poll, each with its own wording."""
    rows = measured.indicators
    rows = rows[rows["indicator"].str.startswith("poll_")].merge(
        measured.definitions[["indicator", "definition"]], on="indicator"
    )
    table = pd.DataFrame(
        {
            "asked": rows["country"].map(measured.people).to_numpy(),
            "question": rows["definition"].to_numpy(),
            "about": rows["partner"].to_numpy(),
            "share, %": rows["value"].to_numpy(),
            "doubt": rows["status"].map(lambda s: "" if s == "A" else s).to_numpy(),
            "source": rows["source_id"].to_numpy(),
        },
        index=pd.Index(rows["year"].astype(str), name="year"),
    ).sort_values(["question", "year"], kind="stable")
    friends = rows[rows["indicator"] == "poll_closest_friends_pct"]
    friends = friends[friends["partner"] == "KAZ"]
    return Exhibit(
        key="polls",
        title=f"Between {number(friends['value'].min(), 0)} and {number(friends['value'].max(), 0)} % of Russians "
        "named Kazakhstan "
        f"among their closest friends from {friends['year'].min()} to {friends['year'].max()}",
        subtitle="Polls on mutual opinion, % of those asked; wordings differ, and rows of different wording do not "
        "compare",
        alt=f"Table of {len(table)} polls.",
        table=table,
        sources=sources(rows),
        decimals=0,
        note="Read mostly from press pages; the column source names the pollster or the page. A letter in the column "
        "doubt marks an uncertain year, a pooled or doubtful sample, or an original that was not seen.",
    )
