"""The exhibits of the trade report that check a record by another: mirror statistics, and months for parts of years."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from math import inf

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.trade import HOLLOW
from analysis.exhibits.wording import listed, number, signed
from analysis.methods.asymmetries import AVERAGE_FREIGHT
from analysis.methods.growth import doubtful
from analysis.methods.months import at, by_month, gaps

EARLY = 10  # years from the first, whose median the title tells
MOST_GAP = 80  # percent: a point of the mirror lies no further out, so that one year does not flatten all others


def months(monthly: pd.DataFrame) -> Exhibit:
    """Russia's monthly record of its trade with Kazakhstan, doubtful months hollow; `monthly` is trade_monthly."""
    record = by_month(monthly)
    table = record[["exports_usd", "imports_usd", "turnover_usd"]] / 1e9
    turnover, unsure = table["turnover_usd"], record["doubtful"]
    sound, doubted = turnover[~unsure], sorted({year for year, _ in record.index[unsure]})
    top, low, lacking = (_month(sound.idxmax()), _month(sound.idxmin()), gaps(record))
    missing = listed([f"from {_month(first)} to {_month(last)}" for first, last in lacking])

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        years = pd.Series([at(*month) for month in table.index], index=table.index)
        for first, last in lacking:
            start, end = at(*first) - 1 / 24, at(*last) + 1 / 24
            axes.axvspan(start, end, color=charts.COLOURS["rule"], alpha=0.6, linewidth=0)
            axes.annotate(
                "no months",
                ((start + end) / 2, 0),
                xytext=(0, 4),
                textcoords="offset points",
                rotation=90,
                fontsize=7.5,
                ha="center",
                color=charts.COLOURS["muted"],
            )
        edges = [(-inf, 0), *(first for first, _ in lacking), (inf, 0)]
        for first, last in itertools.pairwise(edges):  # a line each, for between them months are not there
            part = [first <= month < last for month in table.index]
            axes.plot(years[part], turnover[part], color=charts.COLOURS["RUS"], linewidth=1.3)
        axes.plot(
            years[unsure],
            turnover[unsure],
            charts.MARKERS["RUS"],
            color=charts.COLOURS["RUS"],
            markerfacecolor=charts.COLOURS["paper"],
        )
        charts.years_axis(axes, range(table.index[0][0], table.index[-1][0] + 2))
        charts.rows_at(axes, x=years)
        charts.value_axis(axes)

    named = table.set_axis([_month(month) for month in table.index]).rename_axis("month")
    reasons = " ".join(record["note"][unsure].unique())
    return Exhibit(
        key="months",
        title=f"By Russia’s months trade was largest in {top}, with US$ {number(sound.max())} bn, "
        f"{listed(doubted)} set aside as doubtful",
        subtitle="Turnover with Kazakhstan a month, US$ bn, Russia’s records; hollow: doubtful",
        alt=f"A line by month from {table.index[0][0]} to {table.index[-1][0]}; among sound months highest in {top}, "
        f"lowest in {low}" + (f"; no months {missing}." if lacking else "."),
        table=named.rename(columns=lambda name: name.removesuffix("_usd") + ", US$ bn").assign(
            doubtful=record["note"].where(unsure, "").to_numpy()
        ),
        sources=sources(record),
        draw=draw,
        decimals=3,
        folded=True,
        note="Exports go to Russia, imports come from it."
        + (
            f" There are no months {missing}, between the Customs Code of the union and the common methodology of its "
            "statistics."
            if lacking
            else ""
        )
        + (f" {listed(doubted)}: {reasons}" if doubted else ""),
    )


def _month(month: tuple[int, int]) -> str:
    return f"{month[0]}-{month[1]:02}"


def parts_of_years(parts: Mapping[str, pd.DataFrame]) -> Exhibit:
    """The parts of a year that claims speak of, as `ledgers.part_year` gives them, by their names."""
    table = pd.DataFrame(
        {
            label: {
                "turnover, US$ bn": one.loc["turnover", "value_usd"] / 1e9,
                "growth on the same months, %": one.loc["turnover", "growth_pct"],
                "exports, US$ bn": one.loc["exports", "value_usd"] / 1e9,
                "imports, US$ bn": one.loc["imports", "value_usd"] / 1e9,
            }
            for label, one in parts.items()
        }
    ).T.rename_axis("period")
    name, (value, rate, *_) = table.index[0], table.iloc[0]
    return Exhibit(
        key="parts-of-years",
        title=f"{name}: turnover of US$ {number(value)} bn, {signed(rate)} % on the same months a year before",
        subtitle="Trade with Kazakhstan in parts of years, Russia’s monthly record",
        alt=f"Table of {len(table)} periods.",
        table=table,
        sources=sources(*parts.values()),
        decimals=2,
        folded=True,
        note="Parts of a year are claimed before the year ends, so only months can check them. The sums of months lie "
        "within "
        "a few per cent of the yearly figures, which were revised later.",
    )


def mirror(table: pd.DataFrame, extremes: Sequence[pd.DataFrame], *, factor: float) -> Exhibit:
    """How far the importer's record lies above the exporter's for both flows, with a range for freight and insurance.

    `table` is `asymmetries.mirror` at `factor`, `extremes` the same at the lowest and the highest factor.
    """
    flows_of = {"kaz_to_rus": ("KAZ", "Kazakhstan → Russia"), "rus_to_kaz": ("RUS", "Russia → Kazakhstan")}
    shown = {flow: table[f"{flow}_discrepancy_pct"] for flow in flows_of}
    sound = table[~table["doubtful"]]
    # From the last change of the way of recording on, and in the years before the records came nearer to one another.
    since = max(table.index[table["doubtful"]], default=table.index[0] - 1) + 1
    apart = number(100 * (table.loc[since:, "turnover_ratio"] - 1).abs().median())
    early = sound.loc[: table.index[0] + EARLY - 1, "kaz_to_rus_ratio"]
    more = 100 * (early.median() - 1)
    title = (
        f"From {since} to {sound.index[-1]} the two countries’ records of their turnover differ by {apart} % in the "
        f"median; from "
        f"{early.index[0]} "
        f"to {early.index[-1]} Russia recorded {number(abs(more), 0)} % {'more' if more > 0 else 'less'} arriving than "
        "Kazakhstan recorded leaving"
    )
    if factor > 1:
        title += f", freight of {number(100 * factor - 100, 0)} % taken off"

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for flow, (role, _) in flows_of.items():
            low, high = (one[f"{flow}_discrepancy_pct"].where(~one["doubtful"]) for one in extremes)
            axes.fill_between(table.index, low, high, color=charts.COLOURS[role], alpha=0.18, linewidth=0)
        named = {label: shown[flow].clip(-MOST_GAP, MOST_GAP) for flow, (_, label) in flows_of.items()}
        charts.lines(axes, named, [role for role, _ in flows_of.values()], dict.fromkeys(named, doubtful(table)))

    return Exhibit(
        key="mirror",
        title=title,
        subtitle="Importer’s record less exporter’s, % of their mean, by flow; shaded: from no allowance for freight "
        "and "
        f"insurance to the {number(100 * AVERAGE_FREIGHT - 100, 0)} % that is usual",
        alt="Two lines by year around zero. "
        + " ".join(
            f"{label}: median {signed(sound[f'{flow}_discrepancy_pct'].median())} %, from "
            f"{signed(sound[f'{flow}_discrepancy_pct'].min())} to {signed(sound[f'{flow}_discrepancy_pct'].max())} %."
            for flow, (_, label) in flows_of.items()
        ),
        table=pd.DataFrame(
            {
                f"{label}, {what}": table[f"{flow}_{column}"] / scale
                for flow, (_, label) in flows_of.items()
                for what, column, scale in (
                    ("exporter, US$ bn", "exporter_usd", 1e9),
                    ("importer ÷ factor, US$ bn", "importer_usd", 1e9),
                    ("discrepancy, %", "discrepancy_pct", 1),
                )
            }
        ).assign(doubtful=table["note"]),
        sources=sources(table),
        draw=draw,
        decimals=2,
        height=3.3,
        parameters={"cif_fob_factor": factor},
        note=f"The importer’s record is divided by {factor:.2f}. Points are cut at ±{MOST_GAP} %; the numbers are "
        "whole. "
        f"{HOLLOW}",
    )


def mirror_sensitivity(eras: Mapping[str, pd.DataFrame]) -> Exhibit:
    """What the assumed CIF/FOB factor does to the median discrepancy of each flow, by era.

    `eras` maps the years of an era to its table of `asymmetries.mirror_sensitivity`.
    """
    names = {"kaz_to_rus": "Kazakhstan → Russia", "rus_to_kaz": "Russia → Kazakhstan"}
    medians = {
        era: table.pivot(index="cif_fob_factor", columns="flow", values="median_discrepancy_pct")
        for era, table in eras.items()
    }
    wide = pd.concat({f"{names[f]}, {era}, median %": m[f] for f in names for era, m in medians.items()}, axis=1)
    wide.index = pd.Index([f"{factor:.2f}" for factor in wide.index], name="CIF/FOB factor")
    to_russia = [f"{signed(m['kaz_to_rus'].iloc[0])} % in {era}" for era, m in medians.items()]
    enough = [era for era, m in medians.items() if m["kaz_to_rus"].iloc[-1] <= 0]
    never = [era for era in medians if era not in enough]
    used = [
        f"{int(t['years'].iloc[0])} years in {era} ({int(t['left_out'].iloc[0])} left out)" for era, t in eras.items()
    ]
    return Exhibit(
        key="mirror-sensitivity",
        title=f"The median gap of goods to Russia is {listed(to_russia)}"
        + (f"; in {listed(never)} no factor up to {wide.index[-1]} closes it" if never else ""),
        subtitle="Median discrepancy of the two records by the assumed CIF/FOB factor and era, sound years only, %",
        alt=f"Table of {len(wide)} factors.",
        table=wide,
        sources=sources(*eras.values()),
        folded=True,
        note=f"{listed(used)}. The factor can only lower the importer’s record, so it cannot help where that is the "
        "lower one.",
    )
