"""The exhibits of the cooperation report that measure an area: yearly series beside what the document says of it."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.doubts import doubts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, spell
from analysis.methods.indicator_series import Measured, wide

PERIOD = 5  # years of arms deliveries that are added up, for single years swing


def launches(measured: Measured) -> Exhibit:
    """Baikonur's share of the world's orbital launches, and the launches behind it."""
    shares = measured.rows("baikonur_share_of_world_attempts_pct")
    counts = measured.rows("baikonur_launch_attempts", "plesetsk_launch_attempts")
    share, count = shares.set_index("year")["value"], wide(counts, by="indicator")
    site, other = (measured.label(name) for name in count)
    own, top, last = count.iloc[:, 0].dropna(), share.idxmax(), share.index[-1]
    doubtful = counts[counts["status"] != "A"]
    busiest = own.index[own == own.max()]

    def draw(figure: Figure) -> None:
        left, right = charts.panels(figure)
        charts.lines(left, {"": share}, ["KAZ"])
        left.set_title(f"{site}’s share of the world’s launches, %")
        unsure = {measured.label(name): list(rows["year"]) for name, rows in doubtful.groupby("indicator")}
        charts.lines(right, count.rename(columns=measured.label), ["KAZ", "RUS"], unsure)
        right.set_title("launch attempts a year")

    return Exhibit(
        key="launches",
        title=f"{number(share.max(), 0)} % of the world’s space launches left from {site} in {top}, "
        + (f"the highest share shown; {number(share[last], 0)} % in {last}" if top < last else "more than before"),
        subtitle=f"Orbital launch attempts from {site}, failures included: share of the world’s, and number beside "
        f"those from {other}; hollow: probably incomplete",
        alt=f"Lines by year. The share runs from {number(share.iloc[0], 0)} % in {share.index[0]} to "
        f"{number(share[last], 0)} % in {last}, highest in {top}.",
        table=pd.DataFrame({f"{site}, % of the world": share})
        .join(count.rename(columns=lambda name: f"{measured.label(name)}, attempts"))
        .join(doubts(share.index, shares, counts)),
        sources=sources(shares, counts),
        draw=draw,
        height=2.8,
        note=f"{site} launched most often in {listed(busiest)}, {spell(int(own.max()), 'time')}"
        f"{' each' if len(busiest) > 1 else ''}. Its share also falls because others launch more.",
    )


def arms(measured: Measured) -> Exhibit:
    """Arms deliveries to Kazakhstan by supplier, with Russia's share over all periods of a length."""
    rows = measured.rows("arms_deliveries_tiv")
    suppliers = wide(rows, by="partner")
    suppliers = suppliers.reindex(range(suppliers.index[0], suppliers.index[-1] + 1)).fillna(0).rename_axis("year")
    total, russia = suppliers["WLD"], suppliers["RUS"]
    table = pd.DataFrame({"Russia": russia, "all others": total - russia})
    length = min(PERIOD, len(total))
    share = 100 * (russia.rolling(length).sum() / total.rolling(length).sum()).dropna()
    spans = {end: f"{end - length + 1}–{end}" for end in share.index}
    least, last = share.idxmin(), total.index[-1]
    lowest = f"{number(share[least], 0)} % in {spans[least]}, the least of any {spell(length, 'year')}"
    latest = f"{number(share[last], 0)} % in {spans[last]}"
    if len(share) > 1:
        latest = lowest if least == last else f"{lowest}, and {latest}"

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
        title=f"{'Most' if share.min() > 50 else 'Some'} of the major arms that Kazakhstan imports are Russian: "
        f"{latest}",
        subtitle="Deliveries a year by supplier, million SIPRI trend-indicator values, which measure "
        "military capability and not price",
        alt=f"Stacked bars by year; the highest year is {int(total.idxmax())} with {number(total.max(), 0)}, of which "
        f"Russia {number(russia[total.idxmax()], 0)}.",
        table=suppliers.drop(columns="WLD").assign(all=total).rename(columns=lambda c: f"{c}, million TIV"),
        sources=sources(rows),
        draw=draw,
        height=2.6,
        note="Russia’s share: "
        + ", ".join(f"{spans[end]} {number(value, 0)} %" for end, value in share[::-length][::-1].items())
        + f"; of {last} alone {number(100 * russia[last] / total[last], 0)} %. A single large delivery moves a year.",
    )


def investment(measured: Measured, dated: pd.DataFrame) -> Exhibit:
    """Direct investment from Russia by its immediate investor: net inflow and stock; what others count beside it.

    `dated` is the table dated_statements, of which the rows on investment are told.
    """
    series = ("fdi_inflow_eur_mn", "fdi_stock_eur_mn", "fdi_stock_share_pct")
    rows, table = measured.rows(*series), measured.table(*series)
    inflow, stock, share_of_stock = table
    flow, share = table[inflow].dropna(), table[share_of_stock].dropna()
    changed = sorted(rows.loc[rows["status"] != "A", "year"].unique())
    others = dated[dated["measure"].isin(["investment_stock", "investment_gross_inflow"])]
    others = others[others["partner"].isin(["RUS", "CIS"])].sort_values(["measure", "period"], kind="stable")

    def draw(figure: Figure) -> None:
        left, right = charts.panels(figure)
        charts.bars(left, flow, doubtful=changed)
        left.set_title(f"{inflow} a year, EUR million")
        charts.line(right, table[stock], role="RUS", doubtful=changed)
        right.set_title(f"{stock} at the end of the year, EUR million")
        for axes in (left, right):
            charts.years_axis(axes, table.index)
            charts.value_axis(axes)

    return Exhibit(
        key="investment",
        title=f"Russia holds {number(share.iloc[-1])} % of the direct investment in Kazakhstan ({share.index[-1]}), "
        "without what comes through third countries",
        subtitle="Net inflow of direct investment from Russia and its stock in Kazakhstan, by immediate investor",
        alt=f"Bars and a line by year. The inflow is highest in {flow.idxmax()} ({number(flow.max(), 0)}) and lowest "
        f"in {flow.idxmin()} ({number(flow.min(), 0)}).",
        table=table.rename(columns=lambda name: f"{name}, {'%' if name == share_of_stock else 'EUR mn'}").join(
            doubts(table.index, rows)
        ),
        sources=sources(rows, others),
        draw=draw,
        height=2.6,
        note=f"The median inflow was EUR {number(flow.median(), 0)} million a year. "
        + (f"Hollow: the recording principle changed in {listed(changed)}. " if changed else "")
        + "Others count otherwise: "
        + "; ".join(f"{row.speaker}, {row.subject}, {row.period}: US$ {row.value:g} bn" for row in others.itertuples())
        + ". The bank counts by the owner at the end of the chain, officials count gross inflow: none compares with "
        "another.",
    )


def votes(measured: Measured) -> Exhibit:
    """Agreement of Kazakhstan with Russia and other states in the UN General Assembly."""
    rows = measured.rows("un_agreement_share")
    rows = rows[rows["country"] == "KAZ"]
    table = 100 * wide(rows, by="partner")
    table = table[sorted(table, key=lambda code: (code != "RUS", code))]
    latest, russia = table.iloc[-1], table["RUS"]
    last, others = latest.name, latest.drop("RUS")
    closest = others.idxmax()
    named = {code: measured.country(code) for code in table}
    median = measured.rows("un_agreement_share_median").set_index("year")
    others_median = (100 * median["value"]).reindex(table.index)
    ahead = (russia - others_median).dropna()
    counted = measured.rows("un_identical_vote_share").set_index("year")
    apart = (100 * counted["value"] - russia).abs().dropna()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for code, name in named.items():
            charts.line(axes, table[code], role=charts.role(code), label=name.removeprefix("the "), markers=False)
        charts.line(axes, others_median, role="muted", label="median with Russia", markers=False, width=0.9)
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    fell = russia.max() > latest["RUS"]
    return Exhibit(
        key="votes",
        title=f"Kazakhstan votes like Russia on {number(latest['RUS'], 0)} % of UN votes ({last}), "
        + (
            f"down from {number(russia.max(), 0)} % in {russia.idxmax()}, the highest shown"
            if fell
            else "more often than in any year before"
        )
        + f"; like {named[closest]} on {number(latest[closest], 0)} %"
        + (f"; the median state votes like Russia on {number(others_median[last], 0)} %" if last in ahead else ""),
        subtitle="Share of votes in the UN General Assembly on which Kazakhstan agreed with each, %; thin: the median "
        "of all states’ shares with Russia",
        alt=f"Lines by year, one a state. Agreement with Russia is highest in {russia.idxmax()} "
        f"({number(russia.max(), 0)} %) and lowest in {russia.idxmin()} ({number(russia.min(), 0)} %).",
        table=table.rename(columns=lambda code: f"with {named[code]}, %").assign(
            **{"the median state with Russia, %": others_median}
        ),
        sources=sources(rows, median, counted),
        draw=draw,
        height=2.5,
        note="The text says that both act from similar positions. "
        + (
            f"Kazakhstan stood {number(ahead.max(), 0)} points above the median state in {ahead.idxmax()} and "
            f"{number(ahead.iloc[-1], 0)} in {ahead.index[-1]}. "
            if len(ahead)
            else ""
        )
        + "Another compilation, where an abstention is a vote of its own, "
        f"gives shares that lie {number(apart.median())} points from these in the median year. Ideal points, which "
        "place all states on one line by their votes, put the two side by side in the last year although they agree "
        "least then: much of what they differ on lies off that line.",
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
