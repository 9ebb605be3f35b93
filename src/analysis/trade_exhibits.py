"""The exhibits of the trade report on levels and growth, and the words that all its exhibits share.

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
HOLLOW = "Hollow points and bars mark doubtful years: partial records, a change of method or provisional figures."


def doubtful(book: pd.DataFrame) -> list[int]:
    """The years of a ledger whose observation status is not normal."""
    return [int(year) for year in book.index[book["doubtful"]]]


def sources(*books: pd.DataFrame) -> list[str]:
    """The source ids that stand behind ledgers, each once."""
    return list(dict.fromkeys(part for book in books for ids in book["source_id"].dropna() for part in ids.split("+")))


def long_series(
    series: Mapping[str, pd.Series],
    books: Mapping[str, pd.DataFrame],
    events: Mapping[int, str],
    *,
    measure: str,
    currency: str,
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
            axes.fill_between(
                both.index, both.min(axis=1), both.max(axis=1), color=figures.COLOURS["other"], alpha=0.25, linewidth=0
            )
        for name, one in values.items():
            figures.line(
                axes, one, role=ROLES[name], label=BOOKS[name].removesuffix(" ledger"), doubtful=doubtful(books[name])
            )
        figures.years_axis(axes, sorted(set().union(*(one.index for one in values.values()))))
        figures.value_axis(axes)
        figures.event_lines(axes, events)

    return Exhibit(
        key="long-series",
        title=_level_title(measure, main, currency),
        subtitle=f"{measure.capitalize()} of Kazakhstan with Russia, {unit}, by ledger; the band lies between the two",
        alt=f"Line chart, {spell(len(values), 'line')}. {BOOKS[next(iter(values))]} runs from {money(main[first], currency)} "
        f"in {first} to {money(main[last], currency)} in {last}, with the highest value, {number(main[top])}, in {top} "
        f"and the lowest, {number(main.min())}, in {main.idxmin()}.",
        table=_by_book(values, f"{measure}, {unit}", books),
        sources=sources(*books.values()),
        draw=draw,
        note=HOLLOW,
        parameters={"measure": measure, "currency": currency},
    )


def _level_title(measure: str, main: pd.Series, currency: str) -> str:
    first, last, top = main.index[0], main.index[-1], main.idxmax()
    if len(main) == 1:
        return f"{measure.capitalize()} was {money(main[first], currency)} in {first}"
    way = f"went from {money(main[first], currency)} in {first} to {money(main[last], currency)} in {last}"
    if main.min() <= 0:
        return f"The {measure} {way}; it was negative in {(main < 0).sum()} of {len(main)} years"
    record = "the highest of all" if top == last else f"after a record of {money(main[top], currency)} in {top}"
    return f"{measure.capitalize()} {way}, {record}"


def flows(book: pd.DataFrame, *, reporter: str, currency: str, indicators: pd.DataFrame) -> Exhibit:
    """Exports, imports and balance of one ledger by year."""
    unit = UNITS[currency]
    columns = ["exports", "imports", "balance"]
    table = pd.DataFrame(
        {c: trade.convert(book[f"{c}_usd"], currency=currency, indicators=indicators) / 1e9 for c in columns}
    ).dropna()
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
        f"in {last} the balance was {money(table.loc[last, 'balance'], currency)}",
        subtitle=f"Kazakhstan’s exports to and imports from Russia and their difference, {unit}, {BOOKS[reporter]}",
        alt=f"Two panels by year. Imports from Russia reach {money(table['imports'].max(), currency)} in "
        f"{table['imports'].idxmax()}, exports {number(table['exports'].max())} in {table['exports'].idxmax()}; the "
        f"balance below is negative in {deficit} of {len(table)} years, lowest in {table['balance'].idxmin()}.",
        table=table.add_suffix(f", {unit}").assign(
            **{"exports ÷ imports": book["coverage_ratio"], "status": book["status"]}
        ),
        sources=sources(book),
        draw=draw,
        note=HOLLOW,
        height=5.0,
        decimals=2,
        parameters={"ledger": reporter, "currency": currency},
    )


def growth_by_currency(book: pd.DataFrame, *, reporter: str, indicators: pd.DataFrame) -> Exhibit:
    """Yearly growth of turnover as it looks in four currencies, a panel each."""
    table = pd.DataFrame(
        {
            CURRENCIES[c]: trade.growth(trade.convert(book["turnover_usd"], currency=c, indicators=indicators))
            for c in trade.CURRENCIES
        }
    ).dropna(how="all")
    # The first year after a doubtful one measures the doubt: it stays in the chart and out of the title.
    shaky = sorted(set(doubtful(book)) | {year + 1 for year in doubtful(book)})
    gap = (table["tenge"] - table["current dollars"])[~table.index.isin(shaky)].abs().dropna()
    title = "In one year growth has no currency to compare"
    if len(gap):
        year = int(gap.idxmax())
        title = (
            f"The currency decides what growth looks like: {year} was {signed(table.loc[year, 'current dollars'])} % "
            f"in dollars and {signed(table.loc[year, 'tenge'])} % in tenge"
        )

    def draw(figure: Figure) -> None:
        grid = figure.subplots(2, 2, sharex=True, sharey=True).flat
        for axes, name in zip(grid, table):
            figures.bars(axes, table[name].clip(-60, 90), doubtful=shaky)
            axes.set_title(f"in {name}")
            figures.years_axis(axes, table.index)
            figures.value_axis(axes)

    return Exhibit(
        key="growth-by-currency",
        title=title,
        subtitle=f"Growth of turnover on the year before, %, {BOOKS[reporter]}, in four currencies",
        alt="Four panels of yearly bars, up for growth and down for decline. "
        + " ".join(
            f"In {name}: highest {signed(table[name].max())} % in {table[name].idxmax()}, lowest "
            f"{signed(table[name].min())} % in {table[name].idxmin()}."
            for name in table
            if table[name].notna().any()
        ),
        table=table.add_prefix("growth in ").add_suffix(", %"),
        sources=[*sources(book), *_rate_sources(indicators)],
        draw=draw,
        height=4.8,
        parameters={"ledger": reporter},
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
        title=f"The two ledgers disagree on growth: {year} was {signed(table.loc[year, 'kazakhstan'])} % in Kazakhstan’s "
        f"and {signed(table.loc[year, 'russia'])} % in Russia’s",
        subtitle="Growth of turnover on the year before, %, current dollars, by each ledger",
        alt=f"Two lines of points by year, joined where they differ. The ledgers differ most in {int(sound.idxmax())}, by "
        f"{number(sound.max())} points, and by {number(sound.median())} points in the median year; they disagree on "
        f"the sign in {listed(opposed)}.",
        table=table.rename(columns=lambda name: f"growth, %, {BOOKS[name]}").assign(
            **{"difference, points": table["kazakhstan"] - table["russia"], "doubtful": table.index.isin(shaky)}
        ),
        sources=sources(*books.values()),
        draw=draw,
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
                trade.compound_growth(turnover, start=start, end=end) if whole else float("nan")
            )
            row[f"least squares, % a year, {BOOKS[name]}"] = (
                trade.least_squares_growth(turnover, start=start, end=end) if whole else float("nan")
            )
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("period")
    whole, columns = table.iloc[0], list(table)
    return Exhibit(
        key="growth-rates",
        title=f"Over {table.index[0]} turnover grew by {number(whole[columns[0]])} % a year from end to end and by "
        f"{number(whole[columns[1]])} % along its trend ({BOOKS[next(iter(books))]})",
        subtitle="Compound growth (end years only) and least-squares growth (all years), % a year, current dollars",
        alt=f"Table of {len(table)} periods.",
        table=table,
        sources=sources(*books.values()),
        note="The two measures part where an end year is unusual. Years of low reliability (Kazakhstan’s 2010, Russia’s 2012) "
        "are left out of both. A dash: the ledger lacks an end year.",
    )


def _by_book(values: Mapping[str, pd.Series], what: str, books: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns = {}
    for name, one in values.items():
        columns[f"{what}, {BOOKS[name]}"] = one
        columns[f"status, {BOOKS[name]}"] = books[name]["status"].reindex(one.index)
    return pd.concat(columns, axis=1).rename_axis("year")


def money(billions: float, currency: str) -> str:
    """An amount in billions for a sentence."""
    if currency in ("kzt", "rub"):
        return f"{number(billions)} {UNITS[currency]}"
    return f"US$ {number(billions)} bn" + (" of 2015" if currency == "usd_real" else "")


def signed(value: float) -> str:
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
        table=table.astype({"year": str}).set_index("year"),
        sources=sources(reasons),
    )
