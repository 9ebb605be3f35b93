"""The exhibits of the trade report on levels and flows, and the words that all its exhibits share.

Each function takes what the arithmetic modules return and gives an Exhibit whose title is the finding, computed from
the same numbers. A *book* is one country's ledger as `ledgers.ledger` returns it; `books` maps the reporter to it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.doubts import doubts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.names import partner
from analysis.exhibits.tabs import Tabs, tabs
from analysis.exhibits.wording import capital, listed, number, spell
from analysis.methods.growth import UNFIT, doubtful
from analysis.methods.money import Money
from analysis.methods.views import View

ROLES = {"kazakhstan": "KAZ", "russia": "RUS"}
OWNERS = {who: f"{who.title()}’s" for who in ROLES}
LEDGER_NAMES = {who: f"{owner} ledger" for who, owner in OWNERS.items()}
HOLLOW = "Hollow points mark doubtful years: partial records, a change of method or provisional figures."

VERDICT_MARKS = {
    "confirmed": ("P", "up"),
    "within_mirror_band": ("D", "other"),
    "contradicted": ("X", "down"),
}
SINGULAR = ("turnover", "balance")  # measures of which a sentence says "was"
_WITH = {"turnover": "with", "exports": "to", "imports": "from", "balance": "with"}
NO_VERDICT = ("o", "muted")  # a ring, for any other


def long_series(view: View, measure: str, events: pd.DataFrame, claims: pd.DataFrame | None = None) -> Exhibit:
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
    real = money.real.billions(book[column]).dropna() if money.real else main[:0]
    if money.real:
        shown.append(money.real.rates_of(real.index))
        notes.append(f"Grey: {LEDGER_NAMES[first_book]} in {money.real.name}, by consumer prices, which is not volume.")
    with_russia = set(book["partner"]) == {"RUS"}
    if claims is not None and with_russia and measure == "turnover" and money.rates is None:
        claims = claims[claims["year"].between(years[0], main.index.max())]
        shown.append(claims)
        notes.append(
            "Marks labelled ¶ are the document’s figures by paragraph: a cross is confirmed, an × contradicted, a "
            "diamond within the mirror band, and a ring has another verdict or none."
        )
    else:
        claims = pd.DataFrame()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        if len(values) == 2:
            both = pd.concat(values, axis=1).dropna()
            axes.fill_between(
                both.index, both.min(axis=1), both.max(axis=1), color=charts.COLOURS["other"], alpha=0.25, linewidth=0
            )
        shaky = {OWNERS[who]: [*doubtful(view.books[who]), *money.derived] for who in values}
        charts.lines(axes, {OWNERS[who]: one for who, one in values.items()}, [ROLES[who] for who in values], shaky)
        if len(real):
            prices = f"prices of {money.real.name.split()[-1]}"
            charts.line(axes, real, role="other", label=prices, markers=False, width=1.1)
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
        title=_level_title(f"{measure} {_WITH[measure]} {partner(book)}", (main, real), book["status"], money),
        subtitle=f"{measure.capitalize()} of Kazakhstan with {partner(book)}, {money.unit}, by ledger"
        + ("; the band lies between the two" if len(values) == 2 else ""),
        alt=f"Line chart, {spell(len(values), 'line')}. {LEDGER_NAMES[first_book]} runs from "
        f"{amount(main.iloc[0], money)} in "
        f"{main.index[0]} to {amount(main.iloc[-1], money)} in {main.index[-1]}, with the highest value, "
        f"{number(main.max())}, in {main.idxmax()} and the lowest, {number(main.min())}, in {main.idxmin()}.",
        table=_by_book(values, f"{measure}, {money.unit}", view.books).assign(
            **({f"{measure}, {money.real.unit}, {LEDGER_NAMES[first_book]}": real} if len(real) else {})
        ),
        sources=sources(*shown),
        draw=draw,
        height=3.6,
        note=" ".join(notes),
        parameters={"measure": measure, "ledger": view.ledger, "currency": money.currency},
    )


def long_series_of(
    views: Mapping[str, View], measure: str, events: pd.DataFrame, claims: pd.DataFrame | None = None
) -> Tabs:
    """`long_series` of each of several views, as `views.alternatives` gives them; the first with the `claims`.

    The verdicts on these rest on both countries' books, which a tab of one country's must not show.
    """
    (words, view), *others = views.items()
    first = {words: long_series(view, measure, events, claims)}
    return tabs(first | {words: long_series(view, measure, events) for words, view in others})


def _level_title(what: str, values: tuple[pd.Series, pd.Series], status: pd.Series, money: Money) -> str:
    """The last year, and which was the highest: in the money of the day and without its inflation, or not at all.

    `what` is the measure and with whom; `values` are those of the day and the same without inflation, empty where there
    are none.
    """
    main, real = (one[~status.reindex(one.index).isin(UNFIT)] for one in values)
    main = main if len(main) else values[0]
    last = main.index[-1]
    singular = what.split()[0] in SINGULAR
    told = f"{capital(what)} {'was' if singular else 'were'} {amount(main[last], money)} in {last}"
    told += " (provisional)" if status[last] == "P" else ""
    if main.min() <= 0:
        return f"{told}; it was negative in {(main < 0).sum()} of {spell(len(main), 'year')}"
    if len(main) == 1:
        return told
    if money.currency.endswith("_real"):
        return f"{told}; the highest year is {main.idxmax()} with {number(main.max())}{_above(values[0], main)}"
    if real.empty:
        return f"{told}, after {number(main.iloc[0])} in {main.index[0]}, each in {money.name} of its year"
    if main.idxmax() == real.idxmax():
        above = _above(values[1], real)
        return f"{told}; the highest year is {main.idxmax()}, with the rise of prices taken out as well{above}"
    return (
        f"{told}; in {money.name} {main.idxmax()} is the highest year, with the rise of prices taken out it is "
        f"{real.idxmax()}{_above(values[1], real)}"
    )


def _above(every: pd.Series, sound: pd.Series) -> str:
    """The years whose doubtful figures are higher than the highest of the sound years, in brackets, or nothing."""
    higher = every.index[every > sound.max()]
    return f" (the doubtful {listed(higher)} {'was' if len(higher) == 1 else 'were'} higher)" if len(higher) else ""


def flows(view: View) -> Exhibit:
    """Exports, imports and balance of the view's first ledger by year."""
    money, book = view.money, view.books[view.main]
    name = partner(book)
    columns = ["exports", "imports", "balance"]
    table = pd.DataFrame({c: money.billions(book[f"{c}_usd"]) for c in columns}).dropna()
    deficit, last = int((table["balance"] < 0).sum()), table.index[-1]
    shaky = [*doubtful(book), *money.derived]

    def draw(figure: Figure) -> None:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        named = {f"from {name}": table["imports"], f"to {name}": table["exports"]}
        charts.lines(upper, named, ["RUS", "KAZ"], dict.fromkeys(named, shaky))
        charts.bars(lower, table["balance"], doubtful=shaky)
        lower.set_title("balance: exports less imports")
        charts.years_axis(lower, table.index)
        charts.value_axis(lower)

    return Exhibit(
        key="flows",
        title=f"By {LEDGER_NAMES[view.main]}, Kazakhstan bought more from {name} than it sold there in {deficit} of "
        f"{spell(len(table), 'year')}; in {last} the balance was {amount(table.loc[last, 'balance'], money)}",
        subtitle=f"Kazakhstan’s exports to and imports from {name} and their difference, {money.unit}, "
        f"{LEDGER_NAMES[view.main]}",
        alt=f"Two panels by year. Imports from {name} reach {amount(table['imports'].max(), money)} in "
        f"{table['imports'].idxmax()}, exports {number(table['exports'].max())} in {table['exports'].idxmax()}; the "
        f"balance below is negative in {deficit} of {spell(len(table), 'year')}, lowest in "
        f"{table['balance'].idxmin()}.",
        table=table.add_suffix(f", {money.unit}").assign(
            **{"exports ÷ imports": book["coverage_ratio"], "doubtful": doubts(table.index, book)}
        ),
        sources=sources(book.loc[table.index], money.rates_of(table.index)),
        draw=draw,
        note=HOLLOW.replace("points", "points and bars"),
        height=5.0,
        decimals=2,
        parameters={"ledger": view.main, "currency": money.currency},
    )


def flows_of(views: Mapping[str, View]) -> Tabs:
    """`flows` of each of several views, as `views.alternatives` gives them, folded."""
    return tabs({words: flows(view).fold() for words, view in views.items()})


def doubts_of(books: Mapping[str, pd.DataFrame], rules: pd.DataFrame) -> Tabs:
    """`doubtful_years`, and beside them `recording`, which many of them go back to."""
    return Tabs({"Doubtful years": doubtful_years(books), "How trade in the union is counted": recording(rules)}, "")


def doubtful_years(books: Mapping[str, pd.DataFrame]) -> Exhibit:
    """The doubtful years of the ledgers with status and reason."""
    rows = pd.concat({who: book.loc[book["doubtful"], ["status", "source_id", "note"]] for who, book in books.items()})
    table = rows.reset_index(names=["ledger", "year"])
    table["ledger"] = table["ledger"].map(LEDGER_NAMES)
    recorded = [book.assign(source_id=book.get("recorded_by", book["source_id"])) for book in books.values()]
    return Exhibit(
        key="doubtful-years",
        title=f"{spell(len(table), 'ledger year')} of {'the two ledgers' if len(books) > 1 else 'the ledger'} are "
        "doubtful, each for a reason",
        subtitle="Observation status (B break, E estimate, P provisional, U low reliability) and its reason",
        alt=f"Table of {spell(len(table), 'row')}.",
        table=table.set_index("year"),
        sources=sources(*recorded),  # that a year is sound is told too
        folded=True,
    )


def recording(rules: pd.DataFrame) -> Exhibit:
    """How the union has its members record the trade with one another; `rules` is the table recording_rules."""
    first = rules[rules["act"].str.startswith("Decision")].iloc[0]
    return Exhibit(
        key="recording",
        title=f"Since {first['date']:%B %Y} the trade inside the union is counted by a common methodology",
        subtitle="Acts on the statistics of trade between the members of the Customs Union and its successor",
        alt=f"Table of {spell(len(rules), 'row')}.",
        table=pd.DataFrame(
            {"act": rules["act"].to_numpy(), "what it says": rules["says"].to_numpy()},
            index=pd.Index(rules["date"].dt.strftime("%Y-%m-%d"), name="date"),
        ),
        sources=sources(rules),
        folded=True,
        note="Read to their openings or contents: how values are adjusted at the border between the members is in "
        "chapters "
        "that were not at hand.",
    )


def _by_book(values: Mapping[str, pd.Series], what: str, books: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns = {}
    for name, one in values.items():
        columns[f"{what}, {LEDGER_NAMES[name]}"] = one
        columns[f"doubtful, {LEDGER_NAMES[name]}"] = doubts(one.index, books[name])
    return pd.concat(columns, axis=1).rename_axis("year")


def amount(billions: float, money: Money) -> str:
    """An amount in billions of a money for a sentence; in percent of something it is no billions."""
    if "bn" not in money.unit:
        return f"{number(billions)} {money.unit}"
    return money.unit.replace("bn", f"{number(billions)} bn")
