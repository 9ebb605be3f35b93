"""The exhibits of the trade report on goods and the change of their structure.

Each function takes what the arithmetic modules return and gives an Exhibit whose title is the finding.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.doubts import doubts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.names import partner
from analysis.exhibits.since import BEFORE
from analysis.exhibits.wording import inside, listed, number, shortened, signed, spread
from analysis.methods import composition
from analysis.methods.composition import Goods

MACHINES = ("84-85", "86-89")  # machinery and electrical goods, vehicles: chapters of the Harmonised System
INCOMPLETE = "U"
SHOWN = 10  # industries of each direction, by rank


def machines(products: pd.DataFrame) -> Exhibit:
    """Russia's and China's shares in Kazakhstan's imports of machinery and vehicles.

    `products` are rows of trade_products of one nomenclature, with the partners RUS, CHN and WLD; a year of which any
    of them is incomplete is a gap.
    """
    rows = products[products["group_code"].isin(MACHINES)]
    values = rows.groupby(["year", "partner"])["value_usd"].sum().unstack()
    gaps = sorted(int(year) for year in rows.loc[rows["status"] == INCOMPLETE, "year"].unique())
    whole = values.drop(index=gaps).dropna()
    shares = 100 * whole[["RUS", "CHN"]].div(whole["WLD"], axis=0)
    rus, chn, last = shares["RUS"], shares["CHN"], int(shares.index[-1])
    top, sold, market = int(rus.idxmax()), whole["RUS"] / 1e9, whole["WLD"] / 1e9
    provisional = [int(year) for year in rows.loc[rows["status"] == "P", "year"].unique()]
    named = {"China": chn, "Russia": rus}
    used = rows[rows["year"].isin(shares.index)]

    def draw(figure: Figure) -> None:
        charts.lines(figure.subplots(), named, ["CHN", "RUS"], dict.fromkeys(named, provisional))

    return Exhibit(
        key="machines",
        title=f"Russia’s share of the machinery and vehicles that Kazakhstan imports fell from {number(rus[top], 0)} "
        "% in "
        f"{top}, its highest, to {number(rus[last], 0)} in {last}: it sold US$ {number(sold[top])} and "
        f"{number(sold[last])} bn in a market of {number(market[top])} and {number(market[last])}; China’s went from "
        f"{number(chn[top], 0)} to {number(chn[last], 0)} %"
        if top < last
        else f"Russia supplied {number(rus[last], 0)} % of the machinery and vehicles that Kazakhstan imported in "
        f"{last}, its highest share, and China {number(chn[last], 0)} %",
        subtitle="Share in Kazakhstan’s imports of machinery, electrical goods and vehicles, %, its records in their "
        "first "
        "release",
        alt=f"Two lines by year. Russia: {number(rus.iloc[0])} % in {rus.index[0]}, {number(rus[last])} in {last}. "
        "China: "
        f"{number(chn.iloc[0])} and {number(chn[last])}.",
        table=pd.DataFrame(
            {"Russia, %": rus, "China, %": chn}
            | {
                f"{name}, US$ bn": whole[code] / 1e9
                for code, name in (("RUS", "Russia"), ("CHN", "China"), ("WLD", "all"))
            }
            | {"doubtful": doubts(shares.index, used)}
        ),
        sources=sources(used),
        draw=draw,
        decimals=2,
        height=3.3,
        note=f"No figure for {listed(gaps)}: the release lacks much of what came from outside the Eurasian Economic "
        "Union. "
        "China’s share is a lower bound, for China records more trade with Kazakhstan than Kazakhstan with China. "
        "Machines "
        f"that others made and that were cleared in Russia may count as Russia’s. Hollow: provisional.",
    )


def goods(imports: Goods) -> Exhibit:
    """Kazakhstan's imports from a partner by group of goods: shares in the first and the last year, two dots each."""
    shares = composition.shares(imports.values)
    first, last = shares.index[0], shares.index[-1]
    ordered = shares.T.sort_values(last, kind="stable")
    moved = (ordered[last] - ordered[first]).sort_values(kind="stable")
    codes = imports.rows.drop_duplicates("group_name").set_index("group_name")["group_code"]
    made = ordered[codes[ordered.index].isin(MACHINES).to_numpy()].sum()

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
        charts.rows_at(axes, y=at[::-1])
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
        title=f"Machinery and vehicles were {number(made[first], 0)} % of what Kazakhstan bought from "
        f"{partner(imports.rows)} in {first} and "
        f"{number(made[last], 0)} % in {last}",
        subtitle=f"Share of {len(ordered)} groups of goods in Kazakhstan’s imports from {partner(imports.rows)}, %, "
        f"{first} (hollow) and {last} (full)",
        alt=f"Two dots for each of {len(ordered)} groups. The share of {inside(moved.index[-1])} rose most, by "
        f"{number(moved.iloc[-1])} points; that of {inside(moved.index[0])} fell most, by {number(-moved.iloc[0])}.",
        table=shares.T.loc[ordered.index[::-1]].rename(columns=lambda year: f"{year}, %").rename_axis("group of goods"),
        sources=sources(imports.rows),
        draw=draw,
        height=4.4,
        note="Groups by the first two digits of the Harmonised System. Kazakhstan’s records in their first release; "
        "the same "
        f"groups of its exports to {partner(imports.rows)} are not in these data.",
    )


def changed(imports: Goods, book: pd.DataFrame, periods: pd.DataFrame) -> Exhibit:
    """What each group of goods added to imports from a partner, or took from them, since the year of the table periods.

    `book` is the ledger of the same release, whose imports the groups of a year must add up to.
    """
    values, start = imports.values, int(periods.loc[periods["use"] == "since", "first_year"].iloc[0])
    composition.adding_up(values, book["imports_usd"])
    last = int(values.index[-1])
    codes = imports.rows.drop_duplicates("group_name").set_index("group_name")["group_code"]
    change = ((values.loc[last] - values.loc[start]) / 1e9).sort_values(kind="stable")
    bought = values[codes.index[codes.isin(MACHINES)]].sum(axis=1)
    parts = pd.DataFrame({"machines": bought, "rest": values.sum(axis=1) - bought}) / 1e9
    machines, rest = parts.loc[last] - parts.loc[start]
    before = parts.loc[last] - parts.loc[start - BEFORE : start - 1]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        at = range(len(change))
        colours = [charts.COLOURS["up" if value >= 0 else "down"] for value in change]
        axes.barh(at, change, color=colours, height=0.7, zorder=3)
        axes.set_yticks(list(at), [shortened(name, 18 if charts.narrow(axes) else 30) for name in change.index])
        charts.rows_at(axes, y=at)
        axes.axvline(0, color=charts.COLOURS["ink"], linewidth=0.9)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.1f}".replace("-", "−"))

    return Exhibit(
        key="changed",
        title=f"From {start} to {last} Kazakhstan’s purchases of machinery and vehicles from {partner(imports.rows)} "
        f"{_by(machines)}, of "
        f"everything else they {_by(rest)}",
        subtitle=f"Change of Kazakhstan’s imports from {partner(imports.rows)} by group of goods, {start} to {last}, "
        "current US$ bn",
        alt=f"Bars by group, from {inside(change.index[0])}, {signed(change.iloc[0])}, to {inside(change.index[-1])}, "
        f"{signed(change.iloc[-1])}.",
        table=pd.DataFrame(
            {
                f"{start}, US$ bn": values.loc[start] / 1e9,
                f"{last}, US$ bn": values.loc[last] / 1e9,
                "change, US$ bn": change,
            }
        )
        .loc[change.index]
        .rename_axis("group of goods"),
        sources=sources(
            imports.rows[imports.rows["year"].isin([start, last])], book.loc[book.index.isin([start, last])]
        ),
        draw=draw,
        decimals=2,
        height=3.6,
        note=f"Counted from one of the {BEFORE} years before, machinery and vehicles changed by "
        f"{spread(before['machines'], signed)} and everything else by {spread(before['rest'], signed)} bn. "
        "Values, so prices are in it: a group that grew may have grown dearer. The groups of a year add up to the "
        "published total of the same release, where there is one."
        + (f" {last} is provisional." if last in imports.doubtful else ""),
    )


def _by(billions: float) -> str:
    return f"{'fell' if billions < 0 else 'rose'} by US$ {number(abs(billions))} bn"


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
        folded=True,
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
        folded=True,
        note="Intermediate use only, no final demand; for composition, not for levels. Wholesale and retail stand for "
        "trade "
        "margins. Industries among the ten largest of either direction.",
    )
