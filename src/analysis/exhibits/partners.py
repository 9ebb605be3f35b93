"""The exhibits of the trade report on partners: Russia and China in Kazakhstan's trade, Kazakhstan in Russia's."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.doubts import doubts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.tabs import Tabs
from analysis.exhibits.trade import HOLLOW
from analysis.exhibits.wording import listed, number
from analysis.methods.growth import doubtful, partial
from analysis.methods.shares import PartnersBooks, PartnerShares, ahead_for_good, share_in_world

SHOWN_BEFORE = 8  # years before the first figure of China's customs
COUNTS = {"turnover": "turnover", "export": "exports", "import": "imports"}


def three_books(shares: PartnerShares, theirs: PartnersBooks) -> Exhibit:
    """Kazakhstan's turnover with Russia and China and its imports from each, by its books and by theirs."""
    width = shares.revision
    books, said = {code: shares.books[code] for code in ("RUS", "CHN")}, theirs.officials
    own = {
        what: pd.DataFrame({code: book[f"{what}_usd"] / 1e9 for code, book in books.items()}).dropna()
        for what in ("turnover", "imports")
    }
    other = {what: {code: theirs.billions(code, what) for code in books} for what in own}
    customs_say = other["turnover"]["CHN"]
    start = int(min(customs_say.index.min(), theirs.russia.index.max())) - SHOWN_BEFORE
    since = ahead_for_good(own["turnover"].mul({"RUS": 1 + width / 100, "CHN": 1}), "CHN", "RUS")
    beside = pd.concat([own["turnover"]["RUS"], said.groupby("year")["value"].max() / 1e9], axis=1).max(axis=1)
    earlier = [int(year) for year in customs_say.index if customs_say[year] > beside.get(year, float("inf"))]

    def draw(figure: Figure) -> None:
        stacked = charts.NARROW == figure.get_figwidth()
        grid = figure.subplots(*((2, 1) if stacked else (1, 2)), sharex=True, sharey=True)
        for axes, what in zip(grid, own, strict=True):
            for code, points in other[what].items():  # before the lines, which set the axis
                _hollow(axes, points.loc[start:], code)
            if what == "turnover":
                _hollow(axes, said.set_index("year")["value"] / 1e9, "RUS")
            shown = own[what].loc[start:].rename(columns={"RUS": "Russia", "CHN": "China"})
            charts.lines(axes, shown, ["RUS", "CHN"], markers=False)
            axes.set_title({"turnover": "turnover with", "imports": "imports from"}[what])
            charts.years_axis(axes, shown.index)
            axes.xaxis.set_major_locator(charts.MaxNLocator(nbins=4, integer=True))

    table = pd.DataFrame(
        {
            f"{what}, {name}, {whose}, US$ bn": one[code]
            for what in own
            for code, name in (("RUS", "Russia"), ("CHN", "China"))
            for whose, one in (("Kazakhstan’s books", own[what]), (f"{name}’s books", other[what]))
        }
    ).loc[start:]
    seen = theirs.customs["measure"].isin(["turnover", "exports"])
    table["turnover, Russia, officials, US$ bn"] = said.groupby("year")["value"].agg(
        lambda values: listed([number(value / 1e9) for value in sorted(values)])
    )
    return Exhibit(
        key="three-books",
        title=_passed(since, earlier) + _as_suppliers(own["imports"], other["imports"]["CHN"], width),
        subtitle="Kazakhstan’s turnover and imports, current US$ bn; lines: its own books; hollow: the partner’s "
        "books, "
        "and officials",
        alt=f"Two panels of two lines by year with hollow points. In {own['turnover'].index[-1]} turnover is US$ "
        f"{number(own['turnover'].iloc[-1]['CHN'])} bn with China and {number(own['turnover'].iloc[-1]['RUS'])} with "
        f"Russia in Kazakhstan’s books; China’s customs have {number(customs_say.iloc[-1])} in "
        f"{customs_say.index[-1]}.",
        table=table.rename_axis("year"),
        sources=sources(
            *(book.loc[start:] for book in books.values()),
            *(theirs.russia.loc[start:], said, theirs.customs[seen]),
            *shares.revised,
        ),
        draw=draw,
        decimals=2,
        height=3.6,
        note="China’s figures are those of its customs as the press gave them, Russia’s those of its customs service "
        "to "
        f"{theirs.russia.index.max()} and what officials said after. China counts goods by where they are sent, "
        "transit among "
        f"them. Partners nearer than {number(width)} %, by which two releases of one record differ, have no rank here.",
    )


def _hollow(axes: Axes, points: pd.Series, code: str) -> None:
    colour, paper = charts.COLOURS[code], charts.COLOURS["paper"]
    axes.plot(points.index, points, charts.MARKERS[code], color=colour, markerfacecolor=paper, markersize=5, zorder=5)


def _passed(since: int | None, earlier: list[int]) -> str:
    """Since when China leads in turnover: by Kazakhstan's books, and by China's customs."""
    if since is None:
        return "In Kazakhstan’s books China has not passed Russia in turnover"
    words = f"China passed Russia in turnover with Kazakhstan in {since}"
    return f"{words} (by China’s customs, by {earlier[0]})" if earlier and earlier[0] < since else words


def _as_suppliers(own: pd.DataFrame, customs: pd.Series, width: float) -> str:
    """Who sells more, where the two are further apart than releases; and whether China's customs say otherwise."""
    last, year = own.iloc[-1], own.index[-1]
    level = abs(100 * (last["CHN"] / last["RUS"] - 1)) <= width
    first = "China" if last["CHN"] > last["RUS"] else "Russia"
    seen = customs.index[-1]
    ahead = customs[seen] > own["RUS"].get(seen, float("inf"))
    words = "the two are level" if level else f"{first} is ahead"
    told = f"; as suppliers {words} in Kazakhstan’s books of {year}"
    return told + (f", and China led in its own customs of {seen}" if ahead and (level or first == "Russia") else "")


def partner_shares(shares: PartnerShares) -> Exhibit:
    """Partners' shares in Kazakhstan's turnover, exports and imports; since when China stands above Russia in each."""
    names, by_flow = shares.names, shares.by_flow
    since = {flow: ahead_for_good(one, "CHN", "RUS") for flow, one in by_flow.items()}
    last = by_flow["turnover"].index[-1]
    words = [f"since {since[flow]} by {COUNTS[flow]}" for flow in by_flow if since[flow]]
    named = {"RUS": "RUS", "CHN": "CHN", shares.asked: charts.role(shares.asked)}
    others = [code for code in names if code not in named]

    def draw(figure: Figure) -> None:
        stacked = figure.get_figwidth() < charts.WIDE
        grid = figure.subplots(*((3, 1) if stacked else (1, 3)), sharex=True, sharey=True)
        shaky = {names[code]: doubtful(shares.books[code]) for code in ("RUS", "CHN")}
        for axes, (flow, one) in zip(grid, by_flow.items(), strict=True):
            for code in others:
                axes.plot(one.index, one[code], color=charts.COLOURS["rule"], linewidth=1.2)
            charts.lines(axes, one[list(named)].rename(columns=names), list(named.values()), shaky, markers=False)
            axes.set_title(COUNTS[flow])
            axes.xaxis.set_major_locator(charts.MaxNLocator(nbins=4, integer=True))

    table = pd.concat(
        {f"{names[p]}, % of {COUNTS[flow]}": one[p] for flow, one in by_flow.items() for p in one}, axis=1
    )
    start = by_flow["turnover"].dropna().iloc[0]
    return Exhibit(
        key="partner-shares",
        title=f"China stands above Russia in Kazakhstan’s trade {listed(words)}"
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
        folded=True,
        note="Counted from the first year after which China never falls below Russia again, whatever the parameter "
        f"vintage. {_cautions(shares)} Grey: {listed([names[code] for code in others])}.",
        parameters={"partner": shares.asked},
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


def shares_by_books(shares: PartnerShares, rus: pd.DataFrame, world: pd.DataFrame) -> Tabs:
    """`partner_shares`, which is by Kazakhstan's books, and `share_in_russia`, by Russia's."""
    own, theirs = partner_shares(shares), share_in_russia(rus, world)
    return Tabs({"by Kazakhstan’s books": own, "by Russia’s books": theirs}, "Shares ")


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
        table=table.add_suffix(", %").assign(doubtful=doubts(table.index, rus)),
        sources=sources(shares),
        draw=draw,
        decimals=2,
        folded=True,
        note=HOLLOW,
    )
