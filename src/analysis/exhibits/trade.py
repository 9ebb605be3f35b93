"""The exhibits of the trade report on levels and growth, and the words that all its exhibits share.

Each function takes what the arithmetic modules return and gives an Exhibit whose title is the finding, computed from
the same numbers. A *book* is one country's ledger as `trade.ledger` returns it; `books` maps the reporter to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, listed, number, sources, spell
from analysis.methods import ledgers
from analysis.methods.growth import compound_growth, least_squares_growth, yearly_growth

ROLES = {"kazakhstan": "KAZ", "russia": "RUS"}
BOOKS = {"kazakhstan": "Kazakhstan’s ledger", "russia": "Russia’s ledger"}
UNITS = {"usd": "US$ bn", "usd_real": "US$ bn of 2015", "kzt": "bn tenge", "rub": "bn roubles"}
CURRENCIES = {"usd": "current dollars", "usd_real": "dollars of 2015", "kzt": "tenge", "rub": "roubles"}
HOLLOW = "Hollow points and bars mark doubtful years: partial records, a change of method or provisional figures."
# Statuses that make a year unfit as an end point or for a fit: partial and broken. Provisional years are fit, and
# named.
UNFIT = ("U", "B")


VERDICT_MARKS = {
    "confirmed": ("P", "up"),
    "within_mirror_band": ("D", "other"),
    "contradicted": ("X", "down"),
    "uncheckable": ("o", "muted"),
}


def doubtful(book: pd.DataFrame) -> list[int]:
    """The years of a ledger whose observation status is not normal."""
    return [int(year) for year in book.index[book["doubtful"]]]


def long_series(
    books: Mapping[str, pd.DataFrame],
    events: Mapping[int, str],
    *,
    measure: str,
    currency: str,
    indicators: pd.DataFrame,
    claims: pd.DataFrame | None = None,
) -> Exhibit:
    """One measure in one currency by year, with both ledgers as a band while both exist, and event lines.

    The title's years and its record are taken from years that are neither partial nor broken. `claims` (columns year,
    value, verdict, paragraph) are the document's figures for a whole year, drawn where turnover in dollars is shown.
    """
    unit, column = UNITS[currency], f"{measure}_usd"
    values = {who: _converted(book[column], currency, indicators).dropna() for who, book in books.items()}
    values = {who: one for who, one in values.items() if len(one)}
    first_book = next(iter(values))
    main, book = values[first_book], books[first_book]
    derived = _derived_years(currency, indicators)
    lost = ledgers.conversion_gaps(book[column], currency=currency, indicators=indicators)
    notes = [HOLLOW]
    if lost:
        notes.append(
            f"No yearly rate is at hand for {listed(lost)}, so {'it is' if len(lost) == 1 else 'they are'} "
            "missing here."
        )
    if currency == "usd" and measure == "turnover":
        notes.append(_real_note(book, indicators))

    said = claims if claims is not None and (measure, currency) == ("turnover", "usd") else None
    if said is not None:
        said = said[said["year"].between(min(one.index.min() for one in values.values()), main.index.max())]
        notes.append(
            "Marks labelled ¶ are the document’s figures by paragraph: a cross is confirmed, an × contradicted, a "
            "diamond within the mirror band, and a ring could not be checked."
        )

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if len(values) == 2:
            both = pd.concat(values, axis=1).dropna()
            axes.fill_between(
                both.index, both.min(axis=1), both.max(axis=1), color=charts.COLOURS["other"], alpha=0.25, linewidth=0
            )
        for who, one in values.items():
            shaky = [*doubtful(books[who]), *derived]
            charts.line(axes, one, role=ROLES[who], label=BOOKS[who].removesuffix(" ledger"), doubtful=shaky)
        charts.years_axis(axes, sorted(set().union(*(one.index for one in values.values()))))
        charts.value_axis(axes)
        charts.event_lines(axes, events)
        if said is not None:
            for claim in said.itertuples():
                shape, colour = VERDICT_MARKS[claim.verdict]
                hollow = charts.COLOURS["paper"] if claim.verdict == "uncheckable" else charts.COLOURS[colour]
                axes.plot(
                    claim.year,
                    claim.value / 1e9,
                    shape,
                    color=charts.COLOURS[colour],
                    markerfacecolor=hollow,
                    markersize=9,
                    zorder=6,
                )
                axes.annotate(
                    f"¶{claim.paragraph}",
                    (claim.year, claim.value / 1e9),
                    xytext=(-6, 8),
                    textcoords="offset points",
                    ha="right",
                    fontsize=8.5,
                    zorder=7,
                )

    return Exhibit(
        key="long-series",
        title=_level_title(measure, main, book["status"], currency),
        subtitle=f"{measure.capitalize()} of Kazakhstan with Russia, {unit}, by ledger"
        + ("; the band lies between the two" if len(values) == 2 else ""),
        alt=f"Line chart, {spell(len(values), 'line')}. {BOOKS[first_book]} runs from "
        f"{money(main.iloc[0], currency)} in "
        f"{main.index[0]} to {money(main.iloc[-1], currency)} in {main.index[-1]}, with the highest value, "
        f"{number(main.max())}, in {main.idxmax()} and the lowest, {number(main.min())}, in {main.idxmin()}.",
        table=_by_book(values, f"{measure}, {unit}", books),
        sources=[*sources(*books.values()), *_rate_sources(currency, indicators)],
        draw=draw,
        note=" ".join(notes),
        parameters={"measure": measure, "currency": currency},
    )


def _level_title(measure: str, main: pd.Series, status: pd.Series, currency: str) -> str:
    fit = main[~status.reindex(main.index).isin(UNFIT)]
    fit = fit if len(fit) else main
    first, last, top = fit.index[0], fit.index[-1], fit.idxmax()
    name = f"{measure.capitalize()}{' in current dollars' if currency == 'usd' else ''}"
    if len(fit) == 1:
        return f"{name} was {money(fit[first], currency)} in {first}"
    provisional = " (provisional)" if status[last] == "P" else ""
    way = (
        f"{name} went from {money(fit[first], currency)} in {first} to {money(fit[last], currency)} in "
        f"{last}{provisional}"
    )
    if fit.min() <= 0:
        return f"{way}; it was negative in {(fit < 0).sum()} of {spell(len(fit), 'year')}"
    if top in (first, last):
        return f"{way}, {'its highest' if top == last else 'never again as high as at the start'}"
    return f"{way}, after a high of {money(fit[top], currency)} in {top}"


def _real_note(book: pd.DataFrame, indicators: pd.DataFrame) -> str:
    """What is left of the record once American inflation is taken out."""
    real = _converted(book["turnover_usd"], "usd_real", indicators).dropna()
    sound = real[~book["status"].reindex(real.index).isin(UNFIT)]
    if sound.empty:
        return ""
    return (
        f"In dollars of 2015 the highest sound year is {sound.idxmax()} with {money(sound.max(), 'usd_real')}; "
        f"{sound.index[-1]} has {number(sound.iloc[-1])}."
    )


def flows(book: pd.DataFrame, *, reporter: str, currency: str, indicators: pd.DataFrame) -> Exhibit:
    """Exports, imports and balance of one ledger by year."""
    unit = UNITS[currency]
    columns = ["exports", "imports", "balance"]
    table = pd.DataFrame({c: _converted(book[f"{c}_usd"], currency, indicators) for c in columns}).dropna()
    deficit, last = int((table["balance"] < 0).sum()), table.index[-1]
    shaky = [*doubtful(book), *_derived_years(currency, indicators)]

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        charts.line(upper, table["imports"], role="RUS", label="from Russia", doubtful=shaky)
        charts.line(upper, table["exports"], role="KAZ", label="to Russia", doubtful=shaky)
        charts.bars(lower, table["balance"], doubtful=shaky)
        lower.set_title("balance: exports less imports")
        for axes in (upper, lower):
            charts.years_axis(axes, table.index)
            charts.value_axis(axes)

    return Exhibit(
        key="flows",
        title=f"By {BOOKS[reporter]}, Kazakhstan bought more from Russia than it sold there in {deficit} of "
        f"{spell(len(table), 'year')}; in {last} the balance was {money(table.loc[last, 'balance'], currency)}",
        subtitle=f"Kazakhstan’s exports to and imports from Russia and their difference, {unit}, {BOOKS[reporter]}",
        alt=f"Two panels by year. Imports from Russia reach {money(table['imports'].max(), currency)} in "
        f"{table['imports'].idxmax()}, exports {number(table['exports'].max())} in {table['exports'].idxmax()}; the "
        f"balance below is negative in {deficit} of {spell(len(table), 'year')}, lowest in "
        f"{table['balance'].idxmin()}.",
        table=table.add_suffix(f", {unit}").assign(
            **{"exports ÷ imports": book["coverage_ratio"], "status": book["status"]}
        ),
        sources=[*sources(book), *_rate_sources(currency, indicators)],
        draw=draw,
        note=HOLLOW,
        height=5.0,
        decimals=2,
        parameters={"ledger": reporter, "currency": currency},
    )


def growth_by_currency(book: pd.DataFrame, *, reporter: str, indicators: pd.DataFrame, start: int, end: int) -> Exhibit:
    """Yearly growth of turnover as it looks in four currencies, a panel each, from `start` to `end`.

    `book` is the whole ledger, so that the first year shown has a year before it.
    """
    growth = {CURRENCIES[c]: yearly_growth(_converted(book["turnover_usd"], c, indicators)) for c in ledgers.CURRENCIES}
    # The year after a doubtful one measures the doubt: it stays in the chart, hollow, and out of title and alt text.
    unsure = {CURRENCIES[c]: _and_next([*doubtful(book), *_derived_years(c, indicators)]) for c in ledgers.CURRENCIES}
    table = pd.DataFrame(growth).loc[start:end].dropna(how="all")
    sound = pd.DataFrame({name: one[~one.index.isin(unsure[name])] for name, one in table.items()}).reindex(table.index)
    gap = (sound["tenge"] - sound["current dollars"]).abs().dropna()
    title = "No year of this period has a sound growth rate in both dollars and tenge"
    if len(gap):
        year = int(gap.idxmax())
        title = (
            f"The currency decides what growth looks like: {year} was {signed(table.loc[year, 'current dollars'])} % "
            f"in dollars and {signed(table.loc[year, 'tenge'])} % in tenge"
        )
    extremes = [
        f"In {name}: highest {signed(one.max())} % in {one.idxmax()}, lowest {signed(one.min())} % in {one.idxmin()}."
        for name, one in sound.items()
        if one.notna().any()
    ]

    def draw(figure: Figure) -> None:
        grid = figure.subplots(2, 2, sharex=True, sharey=True).flat
        for axes, name in zip(grid, table, strict=True):
            charts.bars(axes, table[name].clip(-60, 90), doubtful=unsure[name])
            axes.set_title(f"in {name}")
            charts.years_axis(axes, range(start, end + 1))
            charts.value_axis(axes)

    return Exhibit(
        key="growth-by-currency",
        title=title,
        subtitle=f"Growth of turnover on the year before, %, {BOOKS[reporter]}, in four currencies",
        alt=" ".join(["Four panels of yearly bars, up for growth and down for decline. Sound years:", *extremes]),
        table=table.add_prefix("growth in ").add_suffix(", %"),
        sources=[*sources(book), *(s for c in ledgers.CURRENCIES for s in _rate_sources(c, indicators))],
        draw=draw,
        height=4.8,
        parameters={"ledger": reporter, "start_year": start, "end_year": end},
        note=f"Bars are cut at −60 and +90 %; the numbers below are whole. {HOLLOW} So are the year after each, and "
        "years whose rouble rate is derived from two other rates.",
    )


def growth_by_ledger(books: Mapping[str, pd.DataFrame]) -> Exhibit:
    """Yearly growth of turnover in current dollars by each ledger, for all years that both hold."""
    table = pd.concat({who: yearly_growth(book["turnover_usd"]) for who, book in books.items()}, axis=1).dropna()
    shaky = _and_next([year for book in books.values() for year in doubtful(book)])
    sound = table[~table.index.isin(shaky)]
    apart = (sound["kazakhstan"] - sound["russia"]).abs()
    agree = int((sound["kazakhstan"] * sound["russia"] > 0).sum())
    # 2018 is named because officials, press and experts spoke of it; the widest gap stands in the alternative text.
    year = 2018 if 2018 in sound.index else int(apart.idxmax())

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        shown = sound.reindex(range(table.index.min(), table.index.max() + 1))
        axes.vlines(shown.index, shown.min(axis=1), shown.max(axis=1), color=charts.COLOURS["muted"], linewidth=1)
        for who in shown:
            charts.line(axes, shown[who], role=ROLES[who], label=BOOKS[who].removesuffix(" ledger"), width=0.6)
        charts.years_axis(axes, table.index)
        charts.value_axis(axes)

    return Exhibit(
        key="growth-by-ledger",
        title=f"The two ledgers agree on the direction of growth in {agree} of {len(sound)} sound years, not on its "
        "size: "
        f"{year} was {signed(sound.loc[year, 'kazakhstan'])} % in Kazakhstan’s and "
        f"{signed(sound.loc[year, 'russia'])} % in Russia’s",
        subtitle="Growth of turnover on the year before, %, current dollars, by each ledger",
        alt=f"Two lines of points by year, joined where they differ. They differ most in {int(apart.idxmax())}, by "
        f"{number(apart.max())} points, and by {number(apart.median())} points in the median year.",
        table=table.rename(columns=lambda who: f"growth, %, {BOOKS[who]}").assign(
            **{
                "difference, points": table["kazakhstan"] - table["russia"],
                "doubtful": table.index.isin(shaky),
            }
        ),
        sources=sources(*books.values()),
        draw=draw,
        note="Years with a doubtful record, and the year after each, are in the numbers and not in the picture: "
        f"{listed([year for year in shaky if year in table.index])}.",
    )


def growth_rates(books: Mapping[str, pd.DataFrame], periods: Sequence[tuple[int, int]]) -> Exhibit:
    """Compound and least-squares growth of turnover in current dollars over named periods, by ledger.

    Years that either ledger marks as partial or broken are left out of both, so that both are fitted on the same years.
    """
    left_out = sorted({year for book in books.values() for year in book.index[book["status"].isin(UNFIT)]})
    rows: dict[str, dict[str, float]] = {}
    for start, end in periods:
        row = rows[f"{start}–{end}"] = {}
        for who, book in books.items():
            turnover = book["turnover_usd"].drop(left_out, errors="ignore")
            whole = {start, end} <= set(turnover.index)
            row[f"compound, % a year, {BOOKS[who]}"] = (
                compound_growth(turnover, start=start, end=end) if whole else float("nan")
            )
            row[f"least squares, % a year, {BOOKS[who]}"] = (
                least_squares_growth(turnover, start=start, end=end) if whole else float("nan")
            )
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("period")
    whole, columns = table.iloc[0], list(table)
    return Exhibit(
        key="growth-rates",
        title=f"Over {table.index[0]} turnover grew by {number(whole[columns[0]])} % a year from end to end and by "
        f"{number(whole[columns[1]])} % along its trend ({BOOKS[next(iter(books))]})",
        subtitle="Compound growth (end years only) and least-squares growth (all years), % a year, current dollars",
        alt=f"Table of {spell(len(table), 'period')}.",
        table=table,
        sources=sources(*books.values()),
        note=f"The two measures part where an end year is unusual. {listed(left_out)} are partial or broken in one "
        "ledger "
        "and left out of both; provisional years are in. A dash: the ledger lacks an end year.",
    )


def doubtful_years(reasons: pd.DataFrame) -> Exhibit:
    """The doubtful years of the ledgers with status and reason; `reasons` is indexed by reporter and year."""
    table = reasons.reset_index(names=["ledger", "year"])
    table["ledger"] = table["ledger"].map(BOOKS)
    return Exhibit(
        key="doubtful-years",
        title=f"{spell(len(table), 'ledger year')} of the two ledgers are doubtful; here is why",
        subtitle="Observation status by SDMX (B break, E estimate, P provisional, U low reliability) and its reason",
        alt=f"Table of {spell(len(table), 'row')}.",
        table=table.astype({"year": str}).set_index("year"),
        sources=sources(reasons),
    )


def _converted(series_usd: pd.Series, currency: str, indicators: pd.DataFrame) -> pd.Series:
    """A series in billions of the currency."""
    return ledgers.convert(series_usd, currency=currency, indicators=indicators) / 1e9


def _and_next(years: Sequence[int]) -> list[int]:
    return sorted({int(year) for year in years} | {int(year) + 1 for year in years})


def _derived_years(currency: str, indicators: pd.DataFrame) -> list[int]:
    """The years whose rate is derived from two others."""
    if currency == "usd":
        return []
    rates = ledgers.conversion_rates(indicators, currency=currency)
    return [int(year) for year in rates.index[rates["derived"]]]


def _rate_sources(currency: str, indicators: pd.DataFrame) -> list[str]:
    return (
        [] if currency == "usd" else list(ledgers.conversion_rates(indicators, currency=currency)["source_id"].unique())
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
