"""The exhibits of the cooperation report that measure an area: yearly series beside what the document says of it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, listed, number


def series(
    indicators: pd.DataFrame, indicator: str, *, country: str | None = None, partner: str | None = None
) -> pd.Series:
    """One indicator by year; `country` and `partner` where the indicator has several.

    Raises ValueError where nothing matches or a year stands twice.
    """
    rows = indicators[indicators["indicator"] == indicator]
    for column, wanted in (("country", country), ("partner", partner)):
        if wanted is not None:
            rows = rows[rows[column] == wanted]
    if rows.empty or rows["year"].duplicated().any():
        raise ValueError(
            f"The indicator {indicator!r} for {country or 'any country'} and {partner or 'any partner'} has "
            "no rows, or more than one a year."
        )
    return rows.set_index("year")["value"].sort_index()


def launches(indicators: pd.DataFrame, *, start: int, end: int) -> Exhibit:
    """Orbital launch attempts from Baikonur beside those of Russian vehicles from everywhere."""
    table = pd.DataFrame(
        {
            "Baikonur": series(indicators, "baikonur_launch_attempts"),
            "Russian or Soviet vehicles, everywhere": series(indicators, "russian_vehicle_launch_attempts"),
            "Plesetsk": series(indicators, "plesetsk_launch_attempts"),
        }
    ).loc[start:end]
    site, last = table["Baikonur"].dropna(), table.index[-1]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for name, role in zip(table, ("KAZ", "RUS", "other"), strict=True):
            charts.line(axes, table[name], role=role, label=name.partition(" ")[0])
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="launches",
        title=f"Baikonur launched {int(site.max())} times in its busiest year since {start}, {site.idxmax()}, and "
        f"{int(site[last])} times in {last}",
        subtitle="Orbital launch attempts a year from Baikonur, from Plesetsk and of Russian or Soviet vehicles",
        alt=f"Three lines by year. Baikonur runs from {int(site.iloc[0])} in {site.index[0]} to {int(site[last])} "
        f"in {last}, "
        f"lowest {int(site.min())} in {site.idxmin()}.",
        table=table.add_suffix(", attempts"),
        sources=["gcat"],
        draw=draw,
        decimals=0,
        note="Attempts include failures. Vehicles of other sites are in the second line, so the first is no exact "
        "share of it.",
    )


def arms(indicators: pd.DataFrame, *, start: int, end: int) -> Exhibit:
    """Arms deliveries to Kazakhstan by supplier."""
    rows = indicators[(indicators["indicator"] == "arms_deliveries_tiv") & indicators["year"].between(start, end)]
    wide = rows.pivot(index="year", columns="partner", values="value").fillna(0)
    total, russia = wide["WLD"], wide["RUS"]
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
        alt=f"Stacked bars by year; the highest year is {int(total.idxmax())} with {number(total.max(), 0)}, of "
        "which Russia "
        f"{number(russia[total.idxmax()], 0)}.",
        table=wide.drop(columns="WLD").assign(all=total).rename(columns=lambda c: f"{c}, million TIV"),
        sources=["sipri"],
        draw=draw,
        note="A trend-indicator value measures military capability, not price.",
    )


def investment(indicators: pd.DataFrame, *, start: int, end: int) -> Exhibit:
    """Direct investment from Russia: yearly net inflow and stock."""
    table = pd.DataFrame(
        {
            "net inflow": series(indicators, "fdi_inflow_eur_mn"),
            "stock": series(indicators, "fdi_stock_eur_mn"),
            "share of stock": series(indicators, "fdi_stock_share_pct"),
        }
    ).loc[start:end]
    flow, share = table["net inflow"].dropna(), table["share of stock"].dropna()

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True)
        charts.bars(upper, flow)
        upper.set_title("net inflow a year")
        charts.line(lower, table["stock"], role="RUS")
        lower.set_title("stock at the end of the year")
        for axes in (upper, lower):
            charts.years_axis(axes, table.index)
            charts.value_axis(axes)

    return Exhibit(
        key="investment",
        title=f"Russia’s net direct investment in Kazakhstan was EUR {number(flow.median(), 0)} million in the "
        "median year of "
        f"{flow.index[0]}–{flow.index[-1]}; its share of the stock was {number(share.iloc[-1])} % in {share.index[-1]}",
        subtitle="Net inflow of direct investment from Russia and its stock in Kazakhstan, EUR million",
        alt=f"Bars and a line by year. The inflow is highest in {flow.idxmax()} ({number(flow.max(), 0)}) and "
        "lowest in "
        f"{flow.idxmin()} ({number(flow.min(), 0)}).",
        table=table.rename(
            columns={
                "net inflow": "net inflow, EUR mn",
                "stock": "stock, EUR mn",
                "share of stock": "share of stock, %",
            }
        ),
        sources=["wiiw"],
        draw=draw,
        height=4.8,
        note="Net flows may be negative, and the recording principle changed in 2013. An expert in the document "
        "speaks of about "
        "one billion dollars a year, of investment and not of net direct investment: the two cannot be held "
        "against each other.",
    )


def votes(indicators: pd.DataFrame, *, start: int, end: int) -> Exhibit:
    """Agreement of Kazakhstan with Russia, China and the United States in the UN General Assembly."""
    table = pd.DataFrame(
        {p: 100 * series(indicators, "un_agreement_share", country="KAZ", partner=p) for p in ("RUS", "CHN", "USA")}
    ).loc[start:end]
    last = table.index[-1]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for partner, role, label in (("RUS", "RUS", "Russia"), ("CHN", "CHN", "China"), ("USA", "other", "USA")):
            charts.line(axes, table[partner], role=role, label=label, markers=False)
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="votes",
        title=f"Kazakhstan votes more often with China than with Russia: {number(table.loc[last, 'CHN'], 0)} against "
        f"{number(table.loc[last, 'RUS'], 0)} % in {last}"
        if table.loc[last, "CHN"] > table.loc[last, "RUS"]
        else f"Kazakhstan votes with Russia in {number(table.loc[last, 'RUS'], 0)} % of votes in {last}",
        subtitle="Share of votes in the UN General Assembly on which Kazakhstan agreed with each, %",
        alt=f"Three lines by year. Agreement with Russia is highest in {table['RUS'].idxmax()} "
        f"({number(table['RUS'].max(), 0)} %) and lowest in {table['RUS'].idxmin()} "
        f"({number(table['RUS'].min(), 0)} %).",
        table=table.rename(columns={"RUS": "with Russia, %", "CHN": "with China, %", "USA": "with the USA, %"}),
        sources=["ideal_points"],
        draw=draw,
        note="Shares of agreement are shown and not the distance of ideal points, which contradicts them in the "
        "last years.",
    )


def organisations(indicators: pd.DataFrame, *, start: int, end: int) -> Exhibit:
    """Intergovernmental organisations to which both states belong."""
    counted = series(indicators, "shared_igos").loc[start:end]

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
        sources=["cow_igo"],
        draw=draw,
        decimals=0,
        height=3.4,
        note="The count ends where its source ends, before the Eurasian Economic Union.",
    )


def polls(indicators: pd.DataFrame, definitions: pd.DataFrame) -> Exhibit:
    """Mutual opinion, one row a poll, each with its own wording."""
    rows = indicators[indicators["indicator"].str.startswith("poll_")].merge(
        definitions[["indicator", "definition"]], on="indicator"
    )
    who = {"RUS": "Russians", "KAZ": "Kazakhstanis"}
    table = pd.DataFrame(
        {
            "asked": rows["country"].map(who).to_numpy(),
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
        sources=list(rows["source_id"].unique()),
        decimals=0,
        note=f"Read from press pages by {listed(sorted(rows['source_id'].unique()))}; a letter in the column doubt "
        "marks an uncertain year "
        "or a pooled sample.",
    )


def said(quantities: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """The document's own figures on these areas."""
    chosen = quantities[quantities["area_id"].isin(names)]
    table = chosen.assign(area=chosen["area_id"].map(names))[
        ["area", "token", "metric", "subject", "period_start", "speaker", "paragraph"]
    ].rename(columns={"token": "words of the document", "period_start": "period"})
    return Exhibit(
        key="said",
        title=f"On these areas the document gives {len(table)} figures of its own",
        subtitle="Figures of the document by area, in its own words, with what they measure",
        alt=f"Table of {len(table)} figures.",
        table=table.fillna("").sort_values(["area", "paragraph"]).set_index("area"),
        sources=["document"],
        folded=True,
    )
