"""The exhibits of the trade report on partners: Russia and China in Kazakhstan's trade, Kazakhstan in Russia's."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.trade import HOLLOW
from analysis.exhibits.wording import listed, number
from analysis.methods.growth import doubtful, partial
from analysis.methods.shares import PartnerShares, ahead_for_good, share_in_world

COUNTS = {"turnover": "turnover", "export": "exports", "import": "imports"}


def partner_shares(shares: PartnerShares) -> Exhibit:
    """Partners' shares in Kazakhstan's turnover, exports and imports; since when China stands above Russia in each."""
    names, by_flow = shares.names, shares.by_flow
    since = {flow: ahead_for_good(one, "CHN", "RUS") for flow, one in by_flow.items()}
    last = by_flow["turnover"].index[-1]
    words = [f"since {since[flow]} by {COUNTS[flow]}" for flow in by_flow if since[flow]]
    level = [
        f"by {COUNTS[flow]} Russia has {number(one.loc[last, 'RUS'])} % against {number(one.loc[last, 'CHN'])} in "
        f"{last}"
        for flow, one in by_flow.items()
        if not since[flow]
    ]
    others = [code for code in names if code not in ("RUS", "CHN")]

    def draw(figure: Figure) -> None:
        stacked = figure.get_figwidth() < charts.WIDE
        grid = figure.subplots(*((3, 1) if stacked else (1, 3)), sharex=True, sharey=True)
        shaky = {names[code]: doubtful(shares.books[code]) for code in ("RUS", "CHN")}
        for axes, (flow, one) in zip(grid, by_flow.items(), strict=True):
            for code in others:
                axes.plot(one.index, one[code], color=charts.COLOURS["rule"], linewidth=1.2)
            charts.lines(axes, one[["RUS", "CHN"]].rename(columns=names), ["RUS", "CHN"], shaky, markers=False)
            axes.set_title(COUNTS[flow])
            axes.xaxis.set_major_locator(charts.MaxNLocator(nbins=4, integer=True))

    table = pd.concat(
        {f"{names[p]}, % of {COUNTS[flow]}": one[p] for flow, one in by_flow.items() for p in one}, axis=1
    )
    start = by_flow["turnover"].dropna().iloc[0]
    return Exhibit(
        key="partner-shares",
        title="China stands above Russia in Kazakhstan’s trade "
        + listed(words)
        + ("; " + "; ".join(level) if level else "")
        if words
        else "Russia stands above China in Kazakhstan’s trade to the end of these years by every count",
        subtitle="Share of the partner in Kazakhstan’s trade with the world, %, Kazakhstan’s records; others in grey",
        alt=f"Three panels of lines. In {last} Russia has {number(by_flow['turnover'].loc[last, 'RUS'])} % of "
        "turnover and "
        f"China {number(by_flow['turnover'].loc[last, 'CHN'])} %; in {start.name} Russia has {number(start['RUS'])} % "
        "and "
        f"China {number(start['CHN'])} %.",
        table=table,
        sources=sources(*shares.books.values(), shares.totals.loc[shares.totals.index.isin(table.index)]),
        draw=draw,
        height=4.6,
        note="Counted from the first year after which China never falls below Russia again, whatever the parameter "
        f"vintage. {_cautions(shares)} Grey: {listed([names[code] for code in others])}.",
    )


def _cautions(shares: PartnerShares) -> str:
    """What a reader of the shares must know: partial records, another source of the totals, doubts about partners."""
    told = [f"Russia’s dip in {year} is an artefact of a partial record." for year in partial(shares.books["RUS"])]
    source = shares.totals["source_id"]
    changed = [year for year in source.index[1:] if source[year] != source[source.index < year].iloc[-1]]
    told.append(f"World totals come from another source from {listed([f'{year} on' for year in changed])}.")
    for caution in dict.fromkeys(shares.cautions.values()):
        whose = [shares.names[code] for code, one in shares.cautions.items() if one == caution]
        told.append(f"{listed(whose)}: {caution}.")
    return " ".join(told)


def share_in_russia(rus: pd.DataFrame, world: pd.DataFrame) -> Exhibit:
    """Kazakhstan's share in Russia's turnover, exports and imports, Russia's records."""
    shares = share_in_world(rus, world)
    table = shares.drop(columns="source_id").rename(
        columns={"exports": "Russia’s exports", "imports": "Russia’s imports"}
    )
    last, turnover = table.index[-1], table["turnover"]

    def draw(figure: Figure) -> None:
        named = table.rename(columns=lambda name: name.removeprefix("Russia’s "))
        shaky = dict.fromkeys(named, doubtful(rus))
        charts.lines(figure.subplots(), named, ["other", "RUS", "KAZ"], shaky)

    return Exhibit(
        key="share-in-russia",
        title=f"Kazakhstan made {number(turnover[last])} % of Russia’s trade in {last}; since {table.index[0]} its "
        "share "
        f"lay between {number(turnover.min())} and {number(turnover.max())} %",
        subtitle="Share of Kazakhstan in Russia’s trade with the world, %, Russia’s records",
        alt=f"Three lines by year. The share in turnover is highest in {turnover.idxmax()} and lowest in "
        f"{turnover.idxmin()}.",
        table=table.add_suffix(", %"),
        sources=sources(shares),
        draw=draw,
        decimals=2,
        note=HOLLOW,
    )
