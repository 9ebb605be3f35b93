"""The exhibits of the trade report on partners: Russia and China in Kazakhstan's trade, Kazakhstan in Russia's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, listed, number, sources
from analysis.exhibits.trade import HOLLOW, doubtful
from analysis.methods import ledgers

COUNTS = {"turnover": "turnover", "export": "exports", "import": "imports"}
PARTNERS = {"RUS": "Russia", "CHN": "China", "ITA": "Italy", "DEU": "Germany", "TUR": "Türkiye", "UZB": "Uzbekistan"}


def partner_shares(shares: Mapping[str, pd.DataFrame], flags: pd.DataFrame, *, source_ids: Sequence[str]) -> Exhibit:
    """Partners' shares in Kazakhstan's turnover, exports and imports; when China stands above Russia, by which
    count.
    """
    since = {flow: _ahead_for_good(one) for flow, one in shares.items()}
    last = shares["turnover"].index[-1]
    words = [f"since {since[flow]} by {COUNTS[flow]}" for flow in shares if since[flow]]
    level = [
        (
            f"by {COUNTS[flow]} Russia has {number(one.loc[last, 'RUS'])} % against "
            f"{number(one.loc[last, 'CHN'])} in {last}"
        )
        for flow, one in shares.items()
        if not since[flow]
    ]

    def draw(figure: Figure) -> None:
        stacked = figure.get_figwidth() < charts.WIDE
        grid = figure.subplots(*((3, 1) if stacked else (1, 3)), sharex=True, sharey=True)
        for axes, (flow, one) in zip(grid, shares.items(), strict=True):
            for partner in [p for p in one if p not in ("RUS", "CHN")]:
                axes.plot(one.index, one[partner], color=charts.COLOURS["rule"], linewidth=1.2)
            for partner in ("RUS", "CHN"):
                charts.line(
                    axes,
                    one[partner],
                    role=partner,
                    label=PARTNERS[partner],
                    markers=False,
                    doubtful=list(flags.index[flags[partner]]),
                )
            axes.set_title(COUNTS[flow])
            charts.years_axis(axes, one.index)
            axes.xaxis.set_major_locator(charts.MaxNLocator(nbins=4, integer=True))
            charts.value_axis(axes)

    table = pd.concat(
        {f"{PARTNERS[p]}, % of {COUNTS[flow]}": one[p] for flow, one in shares.items() for p in one}, axis=1
    )
    start = shares["turnover"].dropna().iloc[0]
    return Exhibit(
        key="partner-shares",
        title="China stands above Russia in Kazakhstan’s trade "
        + listed(words)
        + ("; " + "; ".join(level) if level else "")
        if words
        else "Russia stands above China in Kazakhstan’s trade to the end of these years by every count",
        subtitle="Share of the partner in Kazakhstan’s trade with the world, %, Kazakhstan’s records; others in grey",
        alt=f"Three panels of lines. In {last} Russia has {number(shares['turnover'].loc[last, 'RUS'])} % of "
        "turnover and "
        f"China {number(shares['turnover'].loc[last, 'CHN'])} %; in {start.name} Russia has "
        f"{number(start['RUS'])} % and "
        f"China {number(start['CHN'])} %.",
        table=table,
        sources=source_ids,
        draw=draw,
        height=4.6,
        note="Counted from the first year after which China never falls below Russia again, whatever the parameter "
        "vintage. Russia’s dip in 2010 is an artefact of a partial record. World totals are the World Bank’s "
        "to 2017 and "
        "the bureau’s from 2018. China’s share is a lower bound: partners record more trade with China than Kazakhstan "
        "does; exports to Italy and Germany are mostly oil, recorded by port or trader. Grey: "
        + listed([PARTNERS[p] for p in shares["turnover"] if p not in ("RUS", "CHN")])
        + ".",
    )


def _ahead_for_good(shares: pd.DataFrame) -> int | None:
    """The first year from which China never falls below Russia again; None where it ends below."""
    behind = ledgers.years_ahead(shares, "RUS", "CHN")
    return min(
        (year for year in ledgers.years_ahead(shares, "CHN", "RUS") if year > max(behind, default=0)), default=None
    )


def share_in_russia(rus: pd.DataFrame, world: pd.DataFrame) -> Exhibit:
    """Kazakhstan's share in Russia's turnover, exports and imports, Russia's records."""
    table = pd.DataFrame(
        {
            "turnover": 100 * rus["turnover_usd"] / world["turnover_usd"],
            "Russia’s exports": 100 * rus["imports_usd"] / world["exports_usd"],
            "Russia’s imports": 100 * rus["exports_usd"] / world["imports_usd"],
        }
    ).dropna()
    last, turnover = table.index[-1], table["turnover"]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for name, role in zip(table, ("other", "RUS", "KAZ")):
            charts.line(axes, table[name], role=role, label=name.removeprefix("Russia’s "), doubtful=doubtful(rus))
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="share-in-russia",
        title=f"Kazakhstan made {number(turnover[last])} % of Russia’s trade in {last}; since {table.index[0]} its "
        "share "
        f"lay between {number(turnover.min())} and {number(turnover.max())} %",
        subtitle="Share of Kazakhstan in Russia’s trade with the world, %, Russia’s records",
        alt=f"Three lines by year. The share in turnover is highest in {turnover.idxmax()} and lowest in "
        f"{turnover.idxmin()}.",
        table=table.add_suffix(", %"),
        sources=sources(rus),
        draw=draw,
        decimals=2,
        note=HOLLOW,
    )
