"""The exhibits of the trade report on levels and flows, and the words that all its exhibits share.

Each function takes what the arithmetic modules return and gives an Exhibit whose title is the finding, computed from
the same numbers. A *book* is one country's ledger as `trade.ledger` returns it; `books` maps the reporter to it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, spell
from analysis.methods.growth import UNFIT, doubtful
from analysis.methods.money import Money
from analysis.methods.views import View

ROLES = {"kazakhstan": "KAZ", "russia": "RUS"}
OWNERS = {who: f"{who.title()}’s" for who in ROLES}
LEDGER_NAMES = {who: f"{owner} ledger" for who, owner in OWNERS.items()}
HOLLOW = "Hollow points and bars mark doubtful years: partial records, a change of method or provisional figures."

VERDICT_MARKS = {
    "confirmed": ("P", "up"),
    "within_mirror_band": ("D", "other"),
    "contradicted": ("X", "down"),
}
NO_VERDICT = ("o", "muted")  # a ring, for any other


def long_series(view: View, measure: str, events: pd.DataFrame, claims: pd.DataFrame) -> Exhibit:
    """One measure by year, with both ledgers as a band while both exist, and a line for each of `events`.

    The title's years and its record are taken from years that are neither partial nor broken. `events` is the table
    turning_points. `claims` (columns year, value, verdict, paragraph, source_id) are the document's figures for a whole
    year, drawn where turnover in current dollars is shown.
    """
    money, column = view.money, f"{measure}_usd"
    values = {who: money.billions(book[column]).dropna() for who, book in view.books.items()}
    values = {who: one for who, one in values.items() if len(one)}
    first_book = next(iter(values))
    main, book = values[first_book], view.books[first_book]
    years = sorted(set().union(*(one.index for one in values.values())))
    events = events[events["year"].between(years[0], years[-1])]
    shown = [*(view.books[who].loc[one.index] for who, one in values.items()), money.rates_of(years), events]
    lost, notes = money.gaps(book[column]), [HOLLOW]
    if lost:
        notes.append(
            f"No yearly rate is at hand for {listed(lost)}, so {'it is' if len(lost) == 1 else 'they are'} missing "
            "here."
        )
    if money.real and measure == "turnover":
        real = money.real.billions(book[column]).dropna()
        real = real[~book["status"].reindex(real.index).isin(UNFIT)]
        notes.append(_real_note(real, money.real))
        shown.append(money.real.rates_of(real.index))
        claims = claims[claims["year"].between(years[0], main.index.max())]
        shown.append(claims)
        notes.append(
            "Marks labelled ¶ are the document’s figures by paragraph: a cross is confirmed, an × contradicted, a "
            "diamond within the mirror band, and a ring has another verdict or none."
        )
    else:
        claims = claims[:0]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if len(values) == 2:
            both = pd.concat(values, axis=1).dropna()
            axes.fill_between(
                both.index, both.min(axis=1), both.max(axis=1), color=charts.COLOURS["other"], alpha=0.25, linewidth=0
            )
        shaky = {OWNERS[who]: [*doubtful(view.books[who]), *money.derived] for who in values}
        charts.lines(axes, {OWNERS[who]: one for who, one in values.items()}, [ROLES[who] for who in values], shaky)
        charts.event_lines(axes, events.set_index("year")["label"].to_dict())
        for claim in claims.itertuples():
            shape, colour = VERDICT_MARKS.get(claim.verdict, NO_VERDICT)
            hollow = charts.COLOURS[colour if claim.verdict in VERDICT_MARKS else "paper"]
            at = (claim.year, claim.value / 1e9)
            axes.plot(*at, shape, color=charts.COLOURS[colour], markerfacecolor=hollow, markersize=9, zorder=6)
            axes.annotate(
                f"¶{claim.paragraph}",
                at,
                xytext=(-6, 8),
                textcoords="offset points",
                ha="right",
                fontsize=8.5,
                zorder=7,
            )

    return Exhibit(
        key="long-series",
        title=_level_title(measure, main, book["status"], money),
        subtitle=f"{measure.capitalize()} of Kazakhstan with Russia, {money.unit}, by ledger"
        + ("; the band lies between the two" if len(values) == 2 else ""),
        alt=f"Line chart, {spell(len(values), 'line')}. {LEDGER_NAMES[first_book]} runs from "
        f"{amount(main.iloc[0], money)} in "
        f"{main.index[0]} to {amount(main.iloc[-1], money)} in {main.index[-1]}, with the highest value, "
        f"{number(main.max())}, in {main.idxmax()} and the lowest, {number(main.min())}, in {main.idxmin()}.",
        table=_by_book(values, f"{measure}, {money.unit}", view.books),
        sources=sources(*shown),
        draw=draw,
        note=" ".join(filter(None, notes)),
        parameters={"measure": measure, "currency": money.currency},
    )


def _level_title(measure: str, main: pd.Series, status: pd.Series, money: Money) -> str:
    fit = main[~status.reindex(main.index).isin(UNFIT)]
    fit = fit if len(fit) else main
    first, last, top = fit.index[0], fit.index[-1], fit.idxmax()
    name = f"{measure.capitalize()}{f' in {money.name}' if money.rates is None else ''}"
    if len(fit) == 1:
        return f"{name} was {amount(fit[first], money)} in {first}"
    provisional = " (provisional)" if status[last] == "P" else ""
    way = (
        f"{name} went from {amount(fit[first], money)} in {first} to {amount(fit[last], money)} in {last}{provisional}"
    )
    if fit.min() <= 0:
        return f"{way}; it was negative in {(fit < 0).sum()} of {spell(len(fit), 'year')}"
    if top in (first, last):
        return f"{way}, {'its highest' if top == last else 'never again as high as at the start'}"
    return f"{way}, after a high of {amount(fit[top], money)} in {top}"


def _real_note(real: pd.Series, money: Money) -> str:
    """What is left of the record once inflation is taken out of the sound years."""
    if real.empty:
        return ""
    return (
        f"In {money.name} the highest sound year is {real.idxmax()} with {amount(real.max(), money)}; "
        f"{real.index[-1]} has {number(real.iloc[-1])}."
    )


def flows(view: View) -> Exhibit:
    """Exports, imports and balance of the view's first ledger by year."""
    money, book = view.money, view.books[view.main]
    columns = ["exports", "imports", "balance"]
    table = pd.DataFrame({c: money.billions(book[f"{c}_usd"]) for c in columns}).dropna()
    deficit, last = int((table["balance"] < 0).sum()), table.index[-1]
    shaky = [*doubtful(book), *money.derived]

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        named = {"from Russia": table["imports"], "to Russia": table["exports"]}
        charts.lines(upper, named, ["RUS", "KAZ"], dict.fromkeys(named, shaky))
        charts.bars(lower, table["balance"], doubtful=shaky)
        lower.set_title("balance: exports less imports")
        charts.years_axis(lower, table.index)
        charts.value_axis(lower)

    return Exhibit(
        key="flows",
        title=f"By {LEDGER_NAMES[view.main]}, Kazakhstan bought more from Russia than it sold there in {deficit} of "
        f"{spell(len(table), 'year')}; in {last} the balance was {amount(table.loc[last, 'balance'], money)}",
        subtitle=f"Kazakhstan’s exports to and imports from Russia and their difference, {money.unit}, "
        f"{LEDGER_NAMES[view.main]}",
        alt=f"Two panels by year. Imports from Russia reach {amount(table['imports'].max(), money)} in "
        f"{table['imports'].idxmax()}, exports {number(table['exports'].max())} in {table['exports'].idxmax()}; the "
        f"balance below is negative in {deficit} of {spell(len(table), 'year')}, lowest in "
        f"{table['balance'].idxmin()}.",
        table=table.add_suffix(f", {money.unit}").assign(
            **{"exports ÷ imports": book["coverage_ratio"], "status": book["status"]}
        ),
        sources=sources(book.loc[table.index], money.rates_of(table.index)),
        draw=draw,
        note=HOLLOW,
        height=5.0,
        decimals=2,
        parameters={"ledger": view.main, "currency": money.currency},
    )


def doubtful_years(books: Mapping[str, pd.DataFrame]) -> Exhibit:
    """The doubtful years of the ledgers with status and reason."""
    rows = pd.concat({who: book.loc[book["doubtful"], ["status", "source_id", "note"]] for who, book in books.items()})
    table = rows.reset_index(names=["ledger", "year"])
    table["ledger"] = table["ledger"].map(LEDGER_NAMES)
    return Exhibit(
        key="doubtful-years",
        title=f"{spell(len(table), 'ledger year')} of the two ledgers are doubtful; here is why",
        subtitle="Observation status by SDMX (B break, E estimate, P provisional, U low reliability) and its reason",
        alt=f"Table of {spell(len(table), 'row')}.",
        table=table.astype({"year": str}).set_index("year"),
        sources=sources(rows),
    )


def _by_book(values: Mapping[str, pd.Series], what: str, books: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns = {}
    for name, one in values.items():
        columns[f"{what}, {LEDGER_NAMES[name]}"] = one
        columns[f"status, {LEDGER_NAMES[name]}"] = books[name]["status"].reindex(one.index)
    return pd.concat(columns, axis=1).rename_axis("year")


def amount(billions: float, money: Money) -> str:
    """An amount in billions of a money for a sentence."""
    return money.unit.replace("bn", f"{number(billions)} bn")
