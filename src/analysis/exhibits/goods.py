"""The exhibits of the trade report on goods, change of structure and structural breaks.

Each function takes what the arithmetic modules return and gives an Exhibit whose title is the finding.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, listed, number


def goods(values: pd.DataFrame, *, provisional: Sequence[int]) -> Exhibit:
    """Kazakhstan's imports from Russia by group of goods: shares in the first and the last year, as two dots a
    group.
    """
    shares = 100 * values.div(values.sum(axis=1), axis=0)
    first, last = shares.index[0], shares.index[-1]
    ordered = shares.T.sort_values(last)
    largest = ordered.index[::-1][:3]
    moved = (ordered[last] - ordered[first]).sort_values()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        at = range(len(ordered))
        axes.hlines(
            at,
            ordered[[first, last]].min(axis=1),
            ordered[[first, last]].max(axis=1),
            color=charts.COLOURS["rule"],
            linewidth=3,
        )
        axes.plot(
            ordered[first],
            at,
            "o",
            color=charts.COLOURS["muted"],
            markerfacecolor=charts.COLOURS["paper"],
            markersize=6,
        )
        axes.plot(ordered[last], at, "o", color=charts.COLOURS["KAZ"], markersize=6)
        axes.set_yticks(list(at), [charts.shortened(name, 18 if charts.narrow(axes) else 30) for name in ordered.index])
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.set_xlim(left=0)
        for year in (first, last):
            axes.annotate(
                str(year),
                (ordered[year].iloc[-1], at[-1]),
                xytext=(0, 9),
                textcoords="offset points",
                ha="center",
                fontweight="bold",
                color=charts.COLOURS["muted" if year == first else "KAZ"],
                annotation_clip=False,
            )

    return Exhibit(
        key="goods",
        title=f"{'; '.join(_lower(g) for g in largest).capitalize()}: together "
        f"{number(ordered[last][largest].sum())} % of Kazakhstan’s "
        f"imports from Russia in {last}{' (provisional)' if last in provisional else ''}",
        subtitle=f"Share of 16 groups of goods in Kazakhstan’s imports from Russia, %, {first} (hollow) and {last} "
        "(full)",
        alt=f"Two dots for each of {len(ordered)} groups. The share of {_lower(moved.index[-1])} rose most, by "
        f"{number(moved.iloc[-1])} points; that of {_lower(moved.index[0])} fell most, by {number(-moved.iloc[0])}.",
        table=shares.T.loc[ordered.index[::-1]].rename(columns=lambda year: f"{year}, %").rename_axis("group of goods"),
        sources=["wits_groups"],
        draw=draw,
        height=5.2,
        note="Groups by the first two digits of the Harmonised System. Kazakhstan’s records in their first "
        "release; the same "
        "groups of its exports to Russia are not in these data.",
    )


def structural_change(index: pd.Series, concentration: pd.Series, *, provisional: Sequence[int]) -> Exhibit:
    """How much the structure of imports from Russia moved each year, with its concentration in the table."""
    known = index.dropna()
    least, most = int(known.idxmin()), int(known.idxmax())

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for role, years in (("KAZ", [least]), ("other", known.index.drop(least))):
            charts.bars(axes, known[years], role=role, doubtful=provisional)
        for year, value in known.items():
            axes.annotate(
                number(value),
                (year, value),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=8.5,
                fontweight="bold" if year == least else "normal",
            )
        charts.years_axis(axes, known.index)
        axes.set_xticks(list(known.index))
        axes.tick_params(axis="x", labelrotation=45 if charts.narrow(axes) else 0)
        charts.value_axis(axes)

    return Exhibit(
        key="structural-change",
        title=f"The structure of imports from Russia moved least from {least - 1} to {least} "
        f"({number(known[least])} %) and "
        f"most from {most - 1} to {most} ({number(known[most])} %{', provisional' if most in provisional else ''})",
        subtitle="Half the sum of absolute changes of the shares of 16 groups on the year before, %",
        alt=f"Bars by year from {known.index[0]} to {known.index[-1]}, lowest in {least}, highest in {most}.",
        table=pd.DataFrame({"structural change, %": index, "Herfindahl–Hirschman index, 0 to 1": concentration}),
        sources=["wits_groups"],
        draw=draw,
        decimals=3,
        note="0 means the same structure as in the year before, 100 nothing in common; finer groups would give larger "
        f"numbers. Hollow: {listed(provisional)}, first releases that the bureau revised later.",
    )


def contributions(points: pd.DataFrame, *, provisional: Sequence[int]) -> Exhibit:
    """Groups' contributions to the growth of imports from Russia: a panel for each of the five largest, and the
    rest.
    """
    known = points.dropna(how="all")
    largest = list(known.abs().mean().sort_values(ascending=False).index[:5])
    shown = known[largest].assign(**{"all others": known.drop(columns=largest).sum(axis=1)})
    growth = known.sum(axis=1)
    year = int(growth.abs().idxmax())
    driver = known.loc[year].abs().idxmax()

    def draw(figure: Figure) -> None:
        slim = figure.get_figwidth() < charts.WIDE
        for axes, name in zip(figure.subplots(*((3, 2) if slim else (2, 3)), sharex=True, sharey=True).flat, shown):
            charts.bars(axes, shown[name], doubtful=provisional)
            axes.set_title(charts.shortened(name, 20 if slim else 26), fontsize=8.5)
            charts.years_axis(axes, shown.index)
            axes.xaxis.set_major_locator(charts.MaxNLocator(nbins=4, integer=True))
            charts.value_axis(axes)

    return Exhibit(
        key="contributions",
        title=f"{_lower(driver).capitalize()} gave {number(known.loc[year, driver])} of the {number(growth[year])} "
        "% by which "
        f"imports from Russia {'grew' if growth[year] > 0 else 'changed'} in {year}",
        subtitle="Contribution of groups of goods to the growth of Kazakhstan’s imports from Russia, percentage points",
        alt=f"Six panels of yearly bars: {listed([_lower(name) for name in shown])}. Growth of the whole was "
        "highest in "
        f"{int(growth.idxmax())} and lowest in {int(growth.idxmin())}.",
        table=known.assign(**{"growth of the whole, %": growth}).rename(
            columns=lambda c: c if "%" in c else f"{c}, points"
        ),
        sources=["wits_groups"],
        draw=draw,
        height=4.8,
        decimals=2,
        note="Each row sums to the growth of the whole, and the groups of each year are held against the "
        "published total of "
        f"the same release where there is one. Hollow: {listed(provisional)}, first releases that the bureau "
        "revised later.",
    )


def sections(
    exports: pd.DataFrame, imports: pd.DataFrame, two_way: pd.DataFrame, *, estimated: Sequence[int]
) -> Exhibit:
    """Both directions by SITC section in the three years that have them, and the two-way trade within sections."""
    columns = {}
    for label, one in (("to Russia", exports), ("from Russia", imports)):
        for year in one.index:
            mark = " (estimate)" if year in estimated else ""
            columns[f"{label} {year}{mark}, %"] = 100 * one.loc[year] / one.loc[year].sum()
    for year in two_way.index:
        columns[f"Grubel–Lloyd {year}{' (estimate)' if year in estimated else ''}, 0 to 1"] = two_way.loc[year]
    table = pd.DataFrame(columns).rename_axis("SITC section")
    year = max(year for year in exports.index if year not in estimated)
    leading = table[f"to Russia {year}, %"].sort_values(ascending=False)
    return Exhibit(
        key="sections",
        title=f"{leading.index[0]} ({number(leading.iloc[0])} %) and {_lower(leading.index[1])} "
        f"({number(leading.iloc[1])} %) "
        f"led Kazakhstan’s exports to Russia in {year}",
        subtitle="Shares of SITC sections in both directions, %, and Grubel–Lloyd index at the level of sections",
        alt=f"Table of {len(table)} sections.",
        table=table,
        sources=["unctad_matrix"],
        decimals=2,
        note="Each direction is recorded by its exporter, so the index joins two ledgers; ten sections are "
        "coarse, and unlike "
        "goods fall together, which raises it. A dash: the source has no figure. The source estimated "
        f"{listed(estimated)}; its estimate does not agree with Kazakhstan’s own record. The exporter’s 1995 "
        "figure for "
        "Russia is well below the Russian customs’ own.",
    )


def industries(exports: pd.Series, imports: pd.Series, *, year: int) -> Exhibit:
    """The ten largest industries of intermediate trade in each direction, by share."""
    shares = pd.DataFrame(
        {"to Russia, %": 100 * exports / exports.sum(), "from Russia, %": 100 * imports / imports.sum()}
    )
    chosen = shares.index[(shares.rank(ascending=False) <= 10).any(axis=1)]
    table = shares.loc[chosen].sort_values("from Russia, %", ascending=False).rename_axis("industry")
    out, into = shares["to Russia, %"], shares["from Russia, %"]
    if out.idxmax() == into.idxmax():
        lead = f"{_lower(out.idxmax())} led both ways ({number(out.max())} % to and {number(into.max())} % from Russia)"
    else:
        lead = (
            f"{_lower(out.idxmax())} led to Russia ({number(out.max())} %) and {_lower(into.idxmax())} from Russia "
            f"({number(into.max())} %)"
        )
    return Exhibit(
        key="industries",
        title=f"Among goods and services for further production, {lead} in {year}",
        subtitle="Share of industries in the trade of intermediate products, %, a balanced model table",
        alt=f"Table of {len(table)} industries.",
        table=table,
        sources=["oecd_icio"],
        note="Intermediate use only, no final demand; for composition, not for levels. Wholesale and retail stand "
        "for trade "
        "margins. Industries among the ten largest of "
        "either direction.",
    )


def _lower(name: str) -> str:
    """A group's name inside a sentence."""
    return name[0].lower() + name[1:]
