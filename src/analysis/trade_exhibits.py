"""The exhibits of the trade report on levels, growth, shares, months and mirror statistics.

Each function takes what the arithmetic modules return and gives an Exhibit whose title is the finding, computed from
the same numbers. A *book* is one country's ledger as `trade.ledger` returns it; `books` maps the reporter to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis import figures, trade
from analysis.exhibits import Exhibit, listed, number, spell

ROLES = {"kazakhstan": "KAZ", "russia": "RUS"}
BOOKS = {"kazakhstan": "Kazakhstan’s ledger", "russia": "Russia’s ledger"}
UNITS = {"usd": "US$ bn", "usd_real": "US$ bn of 2015", "kzt": "bn tenge", "rub": "bn roubles"}
CURRENCIES = {"usd": "current dollars", "usd_real": "dollars of 2015", "kzt": "tenge", "rub": "roubles"}
PARTNERS = {"RUS": "Russia", "CHN": "China", "ITA": "Italy", "DEU": "Germany", "TUR": "Türkiye", "UZB": "Uzbekistan"}
HOLLOW = "Hollow points and bars mark doubtful years: partial records, a change of method or provisional figures."


def doubtful(book: pd.DataFrame) -> list[int]:
    """The years of a ledger whose observation status is not normal."""
    return [int(year) for year in book.index[book["doubtful"]]]


def sources(*books: pd.DataFrame) -> list[str]:
    """The source ids that stand behind ledgers, each once."""
    return list(dict.fromkeys(part for book in books for ids in book["source_id"].dropna() for part in ids.split("+")))


def long_series(
    series: Mapping[str, pd.Series], books: Mapping[str, pd.DataFrame], events: Mapping[int, str], *,
    measure: str, currency: str,
) -> Exhibit:
    """One measure in one currency by year, with both ledgers as a band while both exist, and event lines.

    `series` holds the converted measure by reporter, in units of the currency.
    """
    unit = UNITS[currency]
    values = {name: (one / 1e9).dropna() for name, one in series.items()}
    main = next(iter(values.values()))
    first, last, top = main.index[0], main.index[-1], main.idxmax()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if len(values) == 2:
            both = pd.concat(values, axis=1).dropna()
            axes.fill_between(both.index, both.min(axis=1), both.max(axis=1), color=figures.COLOURS["other"],
                              alpha=0.25, linewidth=0)
        for name, one in values.items():
            figures.line(axes, one, role=ROLES[name], label=BOOKS[name].removesuffix(" ledger"),
                         doubtful=doubtful(books[name]))
        figures.years_axis(axes, sorted(set().union(*(one.index for one in values.values()))))
        figures.value_axis(axes)
        figures.event_lines(axes, events)

    return Exhibit(
        key="long-series",
        title=_level_title(measure, main, currency),
        subtitle=f"{measure.capitalize()} of Kazakhstan with Russia, {unit}, by ledger; the band lies between the two",
        alt=f"Line chart, {spell(len(values), 'line')}. {BOOKS[next(iter(values))]} runs from {_money(main[first], currency)} "
            f"in {first} to {_money(main[last], currency)} in {last}, with the highest value, {number(main[top])}, in {top} "
            f"and the lowest, {number(main.min())}, in {main.idxmin()}.",
        table=_by_book(values, f"{measure}, {unit}", books),
        sources=sources(*books.values()),
        draw=draw, note=HOLLOW, parameters={"measure": measure, "currency": currency},
    )


def _level_title(measure: str, main: pd.Series, currency: str) -> str:
    first, last, top = main.index[0], main.index[-1], main.idxmax()
    if len(main) == 1:
        return f"{measure.capitalize()} was {_money(main[first], currency)} in {first}"
    way = f"went from {_money(main[first], currency)} in {first} to {_money(main[last], currency)} in {last}"
    if main.min() <= 0:
        return f"The {measure} {way}; it was negative in {(main < 0).sum()} of {len(main)} years"
    record = "the highest of all" if top == last else f"after a record of {_money(main[top], currency)} in {top}"
    return f"{measure.capitalize()} {way}, {record}"


def flows(book: pd.DataFrame, *, reporter: str, currency: str, indicators: pd.DataFrame) -> Exhibit:
    """Exports, imports and balance of one ledger by year."""
    unit = UNITS[currency]
    columns = ["exports", "imports", "balance"]
    table = pd.DataFrame({c: trade.convert(book[f"{c}_usd"], currency=currency, indicators=indicators) / 1e9
                          for c in columns}).dropna()
    deficit, last = int((table["balance"] < 0).sum()), table.index[-1]

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        figures.line(upper, table["imports"], role="RUS", label="from Russia", doubtful=doubtful(book))
        figures.line(upper, table["exports"], role="KAZ", label="to Russia", doubtful=doubtful(book))
        figures.bars(lower, table["balance"], doubtful=doubtful(book))
        lower.set_title("balance: exports less imports")
        for axes in (upper, lower):
            figures.years_axis(axes, table.index)
            figures.value_axis(axes)

    return Exhibit(
        key="flows",
        title=f"Kazakhstan bought more from Russia than it sold there in {deficit} of {len(table)} years; "
              f"in {last} the balance was {_money(table.loc[last, 'balance'], currency)}",
        subtitle=f"Kazakhstan’s exports to and imports from Russia and their difference, {unit}, {BOOKS[reporter]}",
        alt=f"Two panels by year. Imports from Russia reach {_money(table['imports'].max(), currency)} in "
            f"{table['imports'].idxmax()}, exports {number(table['exports'].max())} in {table['exports'].idxmax()}; the "
            f"balance below is negative in {deficit} of {len(table)} years, lowest in {table['balance'].idxmin()}.",
        table=table.add_suffix(f", {unit}").assign(
            **{"exports ÷ imports": book["coverage_ratio"], "status": book["status"]}),
        sources=sources(book), draw=draw, note=HOLLOW, height=5.0, decimals=2,
        parameters={"ledger": reporter, "currency": currency},
    )


def growth_by_currency(book: pd.DataFrame, *, reporter: str, indicators: pd.DataFrame) -> Exhibit:
    """Yearly growth of turnover as it looks in four currencies, a panel each."""
    table = pd.DataFrame({
        CURRENCIES[c]: trade.growth(trade.convert(book["turnover_usd"], currency=c, indicators=indicators))
        for c in trade.CURRENCIES
    }).dropna(how="all")
    # The first year after a doubtful one measures the doubt: it stays in the chart and out of the title.
    shaky = sorted(set(doubtful(book)) | {year + 1 for year in doubtful(book)})
    gap = (table["tenge"] - table["current dollars"])[~table.index.isin(shaky)].abs().dropna()
    title = "In one year growth has no currency to compare"
    if len(gap):
        year = int(gap.idxmax())
        title = (f"The currency decides what growth looks like: {year} was {_signed(table.loc[year, 'current dollars'])} % "
                 f"in dollars and {_signed(table.loc[year, 'tenge'])} % in tenge")

    def draw(figure: Figure) -> None:
        grid = figure.subplots(2, 2, sharex=True, sharey=True).flat
        for axes, name in zip(grid, table):
            figures.bars(axes, table[name].clip(-60, 90), doubtful=shaky)
            axes.set_title(f"in {name}")
            figures.years_axis(axes, table.index)
            figures.value_axis(axes)

    return Exhibit(
        key="growth-by-currency", title=title,
        subtitle=f"Growth of turnover on the year before, %, {BOOKS[reporter]}, in four currencies",
        alt="Four panels of yearly bars, up for growth and down for decline. "
            + " ".join(f"In {name}: highest {_signed(table[name].max())} % in {table[name].idxmax()}, lowest "
                       f"{_signed(table[name].min())} % in {table[name].idxmin()}." for name in table if table[name].notna().any()),
        table=table.add_prefix("growth in ").add_suffix(", %"),
        sources=[*sources(book), *_rate_sources(indicators)],
        draw=draw, height=4.8, parameters={"ledger": reporter},
        note=f"Bars are cut at −60 and +90 %; the numbers below are whole. {HOLLOW} So is the year after each.",
    )


def growth_by_ledger(books: Mapping[str, pd.DataFrame]) -> Exhibit:
    """Yearly growth of turnover in current dollars by each ledger, for the years that both hold."""
    table = pd.concat({name: trade.growth(book["turnover_usd"]) for name, book in books.items()}, axis=1).dropna()
    marked = set().union(*(doubtful(book) for book in books.values()))
    shaky = sorted(marked | {year + 1 for year in marked})
    apart = (table["kazakhstan"] - table["russia"]).abs()
    sound = apart[~apart.index.isin(shaky)]
    year = 2018 if 2018 in sound.index else int(sound.idxmax())
    opposed = [int(y) for y in sound.index if table.loc[y, "kazakhstan"] * table.loc[y, "russia"] < 0]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        shown = table[~table.index.isin(shaky)].reindex(range(table.index.min(), table.index.max() + 1))
        axes.vlines(shown.index, shown.min(axis=1), shown.max(axis=1), color=figures.COLOURS["muted"], linewidth=1)
        for name in table:
            figures.line(axes, shown[name], role=ROLES[name], label=BOOKS[name].removesuffix(" ledger"), width=0.6)
        figures.years_axis(axes, table.index)
        figures.value_axis(axes)

    return Exhibit(
        key="growth-by-ledger",
        title=f"The two ledgers disagree on growth: {year} was {_signed(table.loc[year, 'kazakhstan'])} % in Kazakhstan’s "
              f"and {_signed(table.loc[year, 'russia'])} % in Russia’s",
        subtitle="Growth of turnover on the year before, %, current dollars, by each ledger",
        alt=f"Two lines of points by year, joined where they differ. The ledgers differ most in {int(sound.idxmax())}, by "
            f"{number(sound.max())} points, and by {number(sound.median())} points in the median year; they disagree on "
            f"the sign in {listed(opposed)}.",
        table=table.rename(columns=lambda name: f"growth, %, {BOOKS[name]}").assign(**{
            "difference, points": table["kazakhstan"] - table["russia"], "doubtful": table.index.isin(shaky)}),
        sources=sources(*books.values()), draw=draw,
        note="Years with a doubtful record, and the year after each, are in the numbers and not in the picture: "
             f"{listed(sorted(set(shaky) & set(table.index)))}.",
    )


def growth_rates(books: Mapping[str, pd.DataFrame], periods: Sequence[tuple[int, int]]) -> Exhibit:
    """Compound and least-squares growth of turnover in current dollars over named periods, by ledger."""
    rows: dict[str, dict[str, float]] = {}
    for start, end in periods:
        row = rows[f"{start}–{end}"] = {}
        for name, book in books.items():
            turnover = book.loc[book["status"] != "U", "turnover_usd"]
            whole = {start, end} <= set(turnover.index)
            row[f"compound, % a year, {BOOKS[name]}"] = (
                trade.compound_growth(turnover, start=start, end=end) if whole else float("nan"))
            row[f"least squares, % a year, {BOOKS[name]}"] = (
                trade.least_squares_growth(turnover, start=start, end=end) if whole else float("nan"))
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("period")
    whole, columns = table.iloc[0], list(table)
    return Exhibit(
        key="growth-rates",
        title=f"Over {table.index[0]} turnover grew by {number(whole[columns[0]])} % a year from end to end and by "
              f"{number(whole[columns[1]])} % along its trend ({BOOKS[next(iter(books))]})",
        subtitle="Compound growth (end years only) and least-squares growth (all years), % a year, current dollars",
        alt=f"Table of {len(table)} periods.", table=table, sources=sources(*books.values()),
        note="The two measures part where an end year is unusual. Years of low reliability (Kazakhstan’s 2010, Russia’s 2012) "
             "are left out of both. A dash: the ledger lacks an end year.",
    )


def partner_shares(shares: Mapping[str, pd.DataFrame], flags: pd.DataFrame, *, source_ids: Sequence[str]) -> Exhibit:
    """Partners' shares in Kazakhstan's turnover, exports and imports; when China stands above Russia, by which count."""
    sound = {flow: one.mask(flags.reindex_like(one).eq(True)) for flow, one in shares.items()}
    since = {flow: _ahead_for_good(sound[flow], shares[flow]) for flow in shares}
    words = [f"{since[flow]} by {flow}" for flow in shares if since[flow]]
    never = [flow for flow in shares if not since[flow]]

    def draw(figure: Figure) -> None:
        stacked = figure.get_figwidth() < figures.WIDE
        grid = figure.subplots(*((3, 1) if stacked else (1, 3)), sharex=True, sharey=True)
        for axes, (flow, one) in zip(grid, shares.items()):
            for partner in [p for p in one if p not in ("RUS", "CHN")]:
                axes.plot(one.index, one[partner], color=figures.COLOURS["rule"], linewidth=1.2)
            for partner in ("RUS", "CHN"):
                figures.line(axes, one[partner], role=partner, label=PARTNERS[partner], markers=False,
                             doubtful=list(flags.index[flags[partner]]))
            axes.set_title(flow)
            figures.years_axis(axes, one.index)
            axes.xaxis.set_major_locator(figures.MaxNLocator(nbins=4, integer=True))
            figures.value_axis(axes)

    table = pd.concat(
        {f"{PARTNERS[p]}, % of {flow}": one[p] for flow, one in shares.items() for p in one}, axis=1)
    last = shares["turnover"].index[-1]
    return Exhibit(
        key="partner-shares",
        title=("China has stood above Russia since " + listed(words) + (f", and by {listed(never)} not yet" if never else "")
               if words else
               "China does not stand above Russia to the end of these years by any count"),
        subtitle="Share of the partner in Kazakhstan’s trade with the world, %, Kazakhstan’s records; other partners in grey",
        alt=f"Three panels of lines. In {last} Russia has {number(shares['turnover'].loc[last, 'RUS'])} % of turnover and "
            f"China {number(shares['turnover'].loc[last, 'CHN'])} %; at the start Russia has "
            f"{number(shares['turnover']['RUS'].dropna().iloc[0])} % and China {number(shares['turnover']['CHN'].dropna().iloc[0])} %.",
        table=table, sources=source_ids, draw=draw, height=4.6,
        note="Counted from the first year after which China never falls below Russia again, doubtful years left out. The "
             "dip of Russia in 2010 is an artefact: half a year is missing (hollow points are doubtful). Grey: "
             + listed([PARTNERS[p] for p in shares["turnover"] if p not in ("RUS", "CHN")]) + ".",
    )


def _ahead_for_good(sound: pd.DataFrame, shares: pd.DataFrame) -> int | None:
    """The first sound year from which China never falls below Russia again; None where it ends below."""
    behind = sound.index[(sound["CHN"] <= sound["RUS"])]
    after = [year for year in trade.years_ahead(shares, "CHN", "RUS") if not len(behind) or year > behind.max()]
    return min(after, default=None)


def share_in_russia(rus: pd.DataFrame, world: pd.DataFrame) -> Exhibit:
    """Kazakhstan's share in Russia's turnover, exports and imports, Russia's records."""
    table = pd.DataFrame({
        "turnover": 100 * rus["turnover_usd"] / world["turnover_usd"],
        "Russia’s exports": 100 * rus["imports_usd"] / world["exports_usd"],
        "Russia’s imports": 100 * rus["exports_usd"] / world["imports_usd"],
    }).dropna()
    last, turnover = table.index[-1], table["turnover"]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for name, role in zip(table, ("other", "RUS", "KAZ")):
            figures.line(axes, table[name], role=role, label=name.removeprefix("Russia’s "), doubtful=doubtful(rus))
        figures.years_axis(axes, table.index)
        figures.value_axis(axes)

    return Exhibit(
        key="share-in-russia",
        title=f"Kazakhstan made {number(turnover[last])} % of Russia’s trade in {last}; since {table.index[0]} its share "
              f"lay between {number(turnover.min())} and {number(turnover.max())} %",
        subtitle="Share of Kazakhstan in Russia’s trade with the world, %, Russia’s records",
        alt=f"Three lines by year. The share in turnover is highest in {turnover.idxmax()} and lowest in {turnover.idxmin()}.",
        table=table.add_suffix(", %"), sources=sources(rus), draw=draw, decimals=2, note=HOLLOW,
    )


def months(monthly: pd.DataFrame) -> Exhibit:
    """Russia's monthly record of its trade with Kazakhstan."""
    rows = monthly[monthly["partner"].eq("KAZ")]
    table = rows.pivot(index=["year", "month"], columns="flow", values="value_usd").div(1e9)
    table = table.set_axis(["imports", "exports"], axis=1)[["exports", "imports"]]  # Russia's exports are the imports
    turnover = table.sum(axis=1)
    at = pd.Series([year + (month - 0.5) / 12 for year, month in table.index])
    top, rates = turnover.idxmax(), turnover.groupby("year").std() / turnover.groupby("year").mean()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for part in (at < 2010.5, at > 2010.5):  # two lines, for half of 2010 is not there
            axes.plot(at[part], turnover[part.to_numpy()], color=figures.COLOURS["RUS"], linewidth=1.3)
        axes.axvspan(2010.5, 2011, color=figures.COLOURS["rule"], alpha=0.6, linewidth=0)
        axes.annotate("no months", (2010.75, 0), xytext=(0, 4), textcoords="offset points", rotation=90, fontsize=7.5,
                      ha="center", color=figures.COLOURS["muted"])
        figures.years_axis(axes, range(int(at.min()), int(at.max()) + 2))
        figures.value_axis(axes)

    named = table.set_axis([f"{year}-{month:02}" for year, month in table.index]).rename_axis("month")
    return Exhibit(
        key="months",
        title=f"The largest month was {top[0]}-{top[1]:02} with {_money(turnover.max(), 'usd')}; within a year months differ by "
              f"{number(100 * rates.median(), 0)} % around their mean",
        subtitle="Turnover a month, US$ bn, Russia’s records, 2006–2021",
        alt=f"A line by month from {table.index[0][0]} to {table.index[-1][0]}, highest in {top[0]}-{top[1]:02}, lowest in "
            f"{turnover.idxmin()[0]}-{turnover.idxmin()[1]:02}, with a gap in the second half of 2010.",
        table=named.assign(turnover=turnover.to_numpy()).add_suffix(", US$ bn"), sources=["fcs_monthly"], draw=draw, decimals=3,
        note="Exports go to Russia, imports come from it. No months after June 2010 until the next January: customs "
             "declarations between the members ended when the Customs Code came into force.",
    )


def parts_of_years(parts: Mapping[str, pd.DataFrame]) -> Exhibit:
    """The parts of a year that claims speak of, with growth on the same months of the year before."""
    table = pd.DataFrame({
        label: {"turnover, US$ bn": one.loc["turnover", "value_usd"] / 1e9,
                "growth on the same months, %": one.loc["turnover", "growth_pct"],
                "exports, US$ bn": one.loc["exports", "value_usd"] / 1e9,
                "imports, US$ bn": one.loc["imports", "value_usd"] / 1e9}
        for label, one in parts.items()
    }).T.rename_axis("period")
    name, (value, rate, *_) = table.index[0], table.iloc[0]
    return Exhibit(
        key="parts-of-years",
        title=f"{name}: turnover of {_money(value, 'usd')}, {_signed(rate)} % on the same months a year before",
        subtitle="Trade with Kazakhstan in parts of years, Russia’s monthly record",
        alt=f"Table of {len(table)} periods.", table=table, sources=["fcs_monthly"], decimals=2,
        note="Parts of a year are claimed before the year ends, so only months can check them.",
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
            axes.fill_between(table.index, low, high, color=figures.COLOURS[role], alpha=0.18, linewidth=0)
            figures.line(axes, shown[flow].clip(-80, 80), role=role, label=label, doubtful=doubtful(table))
        figures.years_axis(axes, table.index)
        figures.value_axis(axes)

    return Exhibit(
        key="mirror",
        title=f"Russia recorded more goods from Kazakhstan than Kazakhstan recorded to Russia in {above} of {len(sound)} sound "
              f"years, most in {worst} ({_signed(table.loc[worst, 'kaz_to_rus_discrepancy_pct'])} %)",
        subtitle="Importer’s record less exporter’s, % of their mean, by flow; shaded: CIF/FOB factors from 1.00 to 1.10",
        alt="Two lines by year around zero. " + " ".join(
            f"{label}: median {_signed(sound[f'{flow}_discrepancy_pct'].median())} %, from "
            f"{_signed(sound[f'{flow}_discrepancy_pct'].min())} to {_signed(sound[f'{flow}_discrepancy_pct'].max())} %."
            for flow, (_, label) in flows_of.items()),
        table=pd.DataFrame({
            f"{label}, {what}": table[f"{flow}_{column}"] / scale
            for flow, (_, label) in flows_of.items()
            for what, column, scale in (("exporter, US$ bn", "exporter_usd", 1e9), ("importer ÷ factor, US$ bn", "importer_usd", 1e9),
                                        ("discrepancy, %", "discrepancy_pct", 1))
        }).assign(doubtful=table["doubtful"]),
        sources=["wits", "bns", "fcs_annual"], draw=draw, decimals=2, parameters={"cif_fob_factor": factor},
        note=f"The importer’s record is divided by {factor:.2f}. Points are cut at ±80 %; the numbers are whole. {HOLLOW}",
    )


def mirror_sensitivity(table: pd.DataFrame) -> Exhibit:
    """What the assumed CIF/FOB factor does to the median discrepancy of each flow."""
    names = {"kaz_to_rus": "Kazakhstan → Russia", "rus_to_kaz": "Russia → Kazakhstan"}
    wide = table.assign(flow=table["flow"].map(names)).pivot(
        index="cif_fob_factor", columns="flow", values=["median_discrepancy_pct", "mean_absolute_discrepancy_pct"])
    wide.columns = [f"{flow}, {'median' if 'median' in what else 'mean absolute'} discrepancy, %" for what, flow in wide.columns]
    wide.index = pd.Index([f"{factor:.2f}" for factor in wide.index], name="CIF/FOB factor")
    least = {flow: rows.loc[rows["median_discrepancy_pct"].abs().idxmin(), "cif_fob_factor"]
             for flow, rows in table.groupby("flow")}
    return Exhibit(
        key="mirror-sensitivity",
        title=f"No single factor closes both gaps: the median discrepancy is least at {least['kaz_to_rus']:.2f} for goods to "
              f"Russia and at {least['rus_to_kaz']:.2f} for goods to Kazakhstan",
        subtitle="Discrepancy of the two records by the assumed CIF/FOB factor, sound years only",
        alt=f"Table of {len(wide)} factors.", table=wide, sources=["wits", "bns", "fcs_annual"],
        note=f"{int(table['years'].iloc[0])} years used, {int(table['left_out'].iloc[0])} left out as doubtful.",
    )


def _by_book(values: Mapping[str, pd.Series], what: str, books: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns = {}
    for name, one in values.items():
        columns[f"{what}, {BOOKS[name]}"] = one
        columns[f"status, {BOOKS[name]}"] = books[name]["status"].reindex(one.index)
    return pd.concat(columns, axis=1).rename_axis("year")


def _money(billions: float, currency: str) -> str:
    """An amount in billions for a sentence."""
    if currency in ("kzt", "rub"):
        return f"{number(billions)} {UNITS[currency]}"
    return f"US$ {number(billions)} bn" + (" of 2015" if currency == "usd_real" else "")


def _signed(value: float) -> str:
    return f"{value:+,.1f}".replace("-", "−")


def _rate_sources(indicators: pd.DataFrame) -> list[str]:
    rates = [trade.conversion_rates(indicators, currency=c) for c in trade.CURRENCIES if c != "usd"]
    return list(dict.fromkeys(source for rate in rates for source in rate["source_id"]))


def doubtful_years(reasons: pd.DataFrame) -> Exhibit:
    """The doubtful years of the ledgers with status and reason; `reasons` is indexed by reporter and year."""
    table = reasons.reset_index(names=["ledger", "year"])
    table["ledger"] = table["ledger"].map(BOOKS)
    return Exhibit(
        key="doubtful-years",
        title=f"{len(table)} ledger years are doubtful, and none of them is left out silently",
        subtitle="Observation status by SDMX (B break, E estimate, P provisional, U low reliability) and its reason",
        alt=f"Table of {len(table)} rows.",
        table=table.astype({"year": str}).set_index("year"), sources=sources(reasons),
    )
