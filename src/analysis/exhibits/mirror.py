"""The exhibits of the trade report that check one record by another: mirror statistics, and months for parts of
years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, listed
from analysis.exhibits.trade import HOLLOW, doubtful, money, signed


def months(monthly: pd.DataFrame) -> Exhibit:
    """Russia's monthly record of its trade with Kazakhstan, doubtful months hollow."""
    rows = monthly[monthly["partner"].eq("KAZ")]
    table = rows.pivot(index=["year", "month"], columns="flow", values="value_usd").div(1e9)
    table = table.rename(columns={"import": "exports", "export": "imports"})[["exports", "imports"]]
    turnover = table.sum(axis=1, skipna=False)
    status = rows.groupby(["year", "month"])["status"].agg(lambda codes: "A" if codes.eq("A").all() else "U")
    sound = turnover[status.eq("A")]
    at = pd.Series([year + (month - 0.5) / 12 for year, month in table.index], index=table.index)
    top, low, doubted = sound.idxmax(), sound.idxmin(), sorted({year for year, _ in turnover[status.ne("A")].index})

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for part in (at < 2010.5, at > 2010.5):  # two lines, for half of 2010 is not there
            axes.plot(at[part], turnover[part], color=charts.COLOURS["RUS"], linewidth=1.3)
        unsure = status.ne("A")
        axes.plot(
            at[unsure],
            turnover[unsure],
            charts.MARKERS["RUS"],
            color=charts.COLOURS["RUS"],
            markerfacecolor=charts.COLOURS["paper"],
        )
        axes.axvspan(2010.5, 2011, color=charts.COLOURS["rule"], alpha=0.6, linewidth=0)
        axes.annotate(
            "no months",
            (2010.75, 0),
            xytext=(0, 4),
            textcoords="offset points",
            rotation=90,
            fontsize=7.5,
            ha="center",
            color=charts.COLOURS["muted"],
        )
        charts.years_axis(axes, range(int(at.min()), int(at.max()) + 2))
        charts.value_axis(axes)

    named = table.set_axis([f"{year}-{month:02}" for year, month in table.index]).rename_axis("month")
    return Exhibit(
        key="months",
        title=f"By Russia’s months trade was largest in {top[0]}-{top[1]:02}, with {money(sound.max(), 'usd')}, "
        f"{listed(doubted)} set aside as doubtful",
        subtitle="Turnover with Kazakhstan a month, US$ bn, Russia’s records; hollow: doubtful",
        alt=f"A line by month from {table.index[0][0]} to {table.index[-1][0]}; among sound months highest in "
        f"{top[0]}-{top[1]:02}, lowest in {low[0]}-{low[1]:02}; a gap in the second half of 2010.",
        table=named.assign(turnover=turnover.to_numpy())
        .add_suffix(", US$ bn")
        .assign(doubtful=status.ne("A").reindex(table.index).to_numpy()),
        sources=["fcs_monthly"],
        draw=draw,
        decimals=3,
        note="Exports go to Russia, imports come from it. There are no months after June 2010 until the next January, "
        "probably because customs declarations between the members ended with the Customs Code. Recorded imports of "
        "2012 leap in its last months and are doubtful.",
    )


def parts_of_years(parts: Mapping[str, pd.DataFrame]) -> Exhibit:
    """The parts of a year that claims speak of, with growth on the same months of the year before."""
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
        title=f"{name}: turnover of {money(value, 'usd')}, {signed(rate)} % on the same months a year before",
        subtitle="Trade with Kazakhstan in parts of years, Russia’s monthly record",
        alt=f"Table of {len(table)} periods.",
        table=table,
        sources=["fcs_monthly"],
        decimals=2,
        note="Parts of a year are claimed before the year ends, so only months can check them. The sums of months "
        "lie within "
        "a few per cent of the yearly figures, which were revised later.",
    )


def mirror(table: pd.DataFrame, extremes: Sequence[pd.DataFrame], *, factor: float) -> Exhibit:
    """How far the importer's record lies above the exporter's for both flows, with the range for factors 1.00–1.10.

    `table` is `trade.mirror` at `factor`, `extremes` the same at the lowest and the highest factor.
    """
    flows_of = {"kaz_to_rus": ("KAZ", "Kazakhstan → Russia"), "rus_to_kaz": ("RUS", "Russia → Kazakhstan")}
    shown = {flow: table[f"{flow}_discrepancy_pct"] for flow in flows_of}
    sound = table[~table["doubtful"]]
    above = int((sound["kaz_to_rus_discrepancy_pct"] > 0).sum())
    worst = int(sound["kaz_to_rus_discrepancy_pct"].abs().idxmax())

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for flow, (role, label) in flows_of.items():
            low, high = (one[f"{flow}_discrepancy_pct"].where(~one["doubtful"]) for one in extremes)
            axes.fill_between(table.index, low, high, color=charts.COLOURS[role], alpha=0.18, linewidth=0)
            charts.line(axes, shown[flow].clip(-80, 80), role=role, label=label, doubtful=doubtful(table))
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="mirror",
        title=(
            f"Divided by {factor:.2f}, Russia’s record of goods from Kazakhstan still lies"
            if factor > 1
            else "Russia’s record of goods from Kazakhstan lies"
        )
        + f" above Kazakhstan’s in {above} of {len(sound)} sound years, and most off in {worst} "
        f"({signed(table.loc[worst, 'kaz_to_rus_discrepancy_pct'])} %)",
        subtitle="Importer’s record less exporter’s, % of their mean, by flow; shaded: CIF/FOB factors from 1.00 to "
        "1.10",
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
        ).assign(doubtful=table["doubtful"]),
        sources=["wits", "bns", "fcs_annual"],
        draw=draw,
        decimals=2,
        parameters={"cif_fob_factor": factor},
        note=f"The importer’s record is divided by {factor:.2f}. Points are cut at ±80 %; the numbers are whole. "
        f"{HOLLOW}",
    )


def mirror_sensitivity(eras: Mapping[str, pd.DataFrame]) -> Exhibit:
    """What the assumed CIF/FOB factor does to the median discrepancy of each flow, by era."""
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
        sources=["wits", "bns", "fcs_annual"],
        note=f"{listed(used)}. The factor can only lower the importer’s record, so it cannot help where that is "
        "the lower one.",
    )
