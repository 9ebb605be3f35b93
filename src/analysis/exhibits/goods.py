"""The exhibits of the trade report on goods and the change of their structure.

Each function takes what the arithmetic modules return and gives an Exhibit whose title is the finding.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import inside, listed, number, shortened
from analysis.methods import composition
from analysis.methods.composition import Goods

SHOWN = 10  # industries of each direction, by rank


def goods(imports: Goods) -> Exhibit:
    """Kazakhstan's imports from Russia by group of goods: shares in the first and the last year, two dots a group."""
    shares = composition.shares(imports.values)
    first, last = shares.index[0], shares.index[-1]
    ordered = shares.T.sort_values(last, kind="stable")
    largest = ordered.index[::-1][:3]
    moved = (ordered[last] - ordered[first]).sort_values(kind="stable")

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
        axes.set_yticks(list(at), [shortened(name, 18 if charts.narrow(axes) else 30) for name in ordered.index])
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
        title=f"{'; '.join(inside(g) for g in largest).capitalize()}: together {number(ordered[last][largest].sum())} "
        "% of Kazakhstan’s "
        f"imports from Russia in {last}{' (provisional)' if last in imports.doubtful else ''}",
        subtitle=f"Share of {len(ordered)} groups of goods in Kazakhstan’s imports from Russia, %, {first} (hollow) "
        f"and {last} (full)",
        alt=f"Two dots for each of {len(ordered)} groups. The share of {inside(moved.index[-1])} rose most, by "
        f"{number(moved.iloc[-1])} points; that of {inside(moved.index[0])} fell most, by {number(-moved.iloc[0])}.",
        table=shares.T.loc[ordered.index[::-1]].rename(columns=lambda year: f"{year}, %").rename_axis("group of goods"),
        sources=sources(imports.rows),
        draw=draw,
        height=5.2,
        note="Groups by the first two digits of the Harmonised System. Kazakhstan’s records in their first release; "
        "the same "
        "groups of its exports to Russia are not in these data.",
    )


def structural_change(imports: Goods) -> Exhibit:
    """How much the structure of imports from Russia moved each year, with its concentration in the table."""
    values, provisional = imports.values, imports.doubtful
    index, concentration = composition.structural_change(values), composition.herfindahl_hirschman(values)
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
        title=f"The structure of imports from Russia moved least from {least - 1} to {least} ({number(known[least])} "
        "%) and "
        f"most from {most - 1} to {most} ({number(known[most])} %{', provisional' if most in provisional else ''})",
        subtitle=f"Half the sum of absolute changes of the shares of {values.shape[1]} groups on the year before, %",
        alt=f"Bars by year from {known.index[0]} to {known.index[-1]}, lowest in {least}, highest in {most}.",
        table=pd.DataFrame({"structural change, %": index, "Herfindahl–Hirschman index, 0 to 1": concentration}),
        sources=sources(imports.rows),
        draw=draw,
        decimals=3,
        note="0 means the same structure as in the year before, 100 nothing in common; finer groups would give larger "
        f"numbers. Hollow: {listed(provisional)}, first releases that the bureau revised later.",
    )


def contributions(imports: Goods, book: pd.DataFrame) -> Exhibit:
    """Groups' contributions to the growth of imports from Russia: a panel for each of the five largest, and the rest.

    `book` is the ledger of the same release, whose imports the groups of each year must add up to.
    """
    values, provisional = imports.values, imports.doubtful
    known = composition.contributions(values, total=book["imports_usd"]).dropna(how="all")
    largest = list(known.abs().mean().sort_values(ascending=False, kind="stable").index[:5])
    shown = known[largest].assign(**{"all others": known.drop(columns=largest).sum(axis=1)})
    growth = known.sum(axis=1)
    year = int(growth.abs().idxmax())
    driver = known.loc[year].abs().idxmax()

    def draw(figure: Figure) -> None:
        slim = figure.get_figwidth() < charts.WIDE
        for axes, name in zip(figure.subplots(*((3, 2) if slim else (2, 3)), sharex=True, sharey=True).flat, shown):
            charts.bars(axes, shown[name], doubtful=provisional)
            axes.set_title(shortened(name, 20 if slim else 26), fontsize=8.5)
            charts.years_axis(axes, shown.index)
            axes.xaxis.set_major_locator(charts.MaxNLocator(nbins=4, integer=True))
            charts.value_axis(axes)

    return Exhibit(
        key="contributions",
        title=f"{inside(driver).capitalize()} gave {number(known.loc[year, driver])} of the {number(growth[year])} % "
        "by which "
        f"imports from Russia {'grew' if growth[year] > 0 else 'changed'} in {year}",
        subtitle="Contribution of groups of goods to the growth of Kazakhstan’s imports from Russia, percentage points",
        alt=f"Six panels of yearly bars: {listed([inside(name) for name in shown])}. Growth of the whole was highest "
        "in "
        f"{int(growth.idxmax())} and lowest in {int(growth.idxmin())}.",
        table=known.assign(**{"growth of the whole, %": growth}).rename(
            columns=lambda c: c if "%" in c else f"{c}, points"
        ),
        sources=sources(imports.rows, book[book.index.isin(values.index)]),
        draw=draw,
        height=4.8,
        decimals=2,
        note="Each row sums to the growth of the whole, and the groups of each year are held against the published "
        "total of "
        f"the same release where there is one. Hollow: {listed(provisional)}, first releases that the bureau revised "
        "later.",
    )


def sections(out: Goods, into: Goods, customs: pd.DataFrame) -> Exhibit:
    """Both directions by SITC section in the years that have them, and the two-way trade within sections.

    `customs` is Russia's ledger, whose imports from Russia the exporter's total is held against.
    """
    exports, imports, estimated = out.values, into.values, sorted({*out.doubtful, *into.doubtful})
    two_way = composition.grubel_lloyd(exports.fillna(0), imports.fillna(0), aggregate=False)
    columns = {}
    for label, one in (("to Russia", exports), ("from Russia", imports)):
        for year, share in composition.shares(one.fillna(0)).where(one.notna()).iterrows():
            columns[f"{label} {year}{' (estimate)' if year in estimated else ''}, %"] = share
    for year in two_way.index:
        columns[f"Grubel–Lloyd {year}{' (estimate)' if year in estimated else ''}, 0 to 1"] = two_way.loc[year]
    table = pd.DataFrame(columns).rename_axis("SITC section")
    year = max(year for year in exports.index if year not in estimated)
    covered = (100 * imports.sum(axis=1) / customs["imports_usd"]).dropna()
    least = int(covered.idxmin())
    reasons = pd.concat([out.rows, into.rows])["note"].dropna().unique()
    leading = table[f"to Russia {year}, %"].sort_values(ascending=False, kind="stable")
    return Exhibit(
        key="sections",
        title=f"{leading.index[0]} ({number(leading.iloc[0])} %) and {inside(leading.index[1])} "
        f"({number(leading.iloc[1])} %) "
        f"led Kazakhstan’s exports to Russia in {year}",
        subtitle="Shares of SITC sections in both directions, %, and Grubel–Lloyd index at the level of sections",
        alt=f"Table of {len(table)} sections.",
        table=table,
        sources=sources(out.rows, into.rows, customs.loc[covered.index]),
        decimals=2,
        note="Each direction is recorded by its exporter, so the index joins two ledgers; ten sections are coarse, "
        "and unlike "
        "goods fall together, which raises it. A dash: the source has no figure. "
        f"Doubtful is {listed(estimated)}. {' '.join(reasons)} The exporter’s figure for goods from Russia is "
        f"{number(covered[least], 0)} % "
        f"of the Russian customs’ own in {least}.",
    )


def industries(out: Goods, into: Goods) -> Exhibit:
    """The largest industries of intermediate trade in each direction, by share, in the last year that both have."""
    year = min(out.values.index[-1], into.values.index[-1])
    shares = pd.DataFrame(
        {
            "to Russia, %": composition.shares(out.values).loc[year],
            "from Russia, %": composition.shares(into.values).loc[year],
        }
    )
    chosen = shares.index[(shares.rank(ascending=False) <= SHOWN).any(axis=1)]
    table = shares.loc[chosen].sort_values("from Russia, %", ascending=False, kind="stable").rename_axis("industry")
    (first, second), (most, more) = shares.idxmax(), shares.max()
    if first == second:
        lead = f"{inside(first)} led both ways ({number(most)} % to and {number(more)} % from Russia)"
    else:
        lead = f"{inside(first)} led to Russia ({number(most)} %) and {inside(second)} from Russia ({number(more)} %)"
    return Exhibit(
        key="industries",
        title=f"Among goods and services for further production, {lead} in {year}",
        subtitle="Share of industries in the trade of intermediate products, %, a balanced model table",
        alt=f"Table of {len(table)} industries.",
        table=table,
        sources=sources(*(one.rows[one.rows["year"] == year] for one in (out, into))),
        note="Intermediate use only, no final demand; for composition, not for levels. Wholesale and retail stand for "
        "trade "
        "margins. Industries among the ten largest of either direction.",
    )
