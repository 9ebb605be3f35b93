"""The exhibits of the trade report on the last years: what changed, and what the exports of others say of it."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.doubts import doubts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.names import cleared, partner
from analysis.exhibits.wording import capital, number, signed, spread
from analysis.methods.growth import UNFIT
from analysis.methods.shares import beside_others

HOLLOW = "Hollow: provisional."
BEFORE = 3  # years before the one that changes are counted from, any of which could have been taken as well


def start_of(periods: pd.DataFrame) -> int:
    """The year after which recent changes are counted, from the table periods."""
    return int(periods.loc[periods["use"] == "since", "first_year"].iloc[0])


def moved(percent: float) -> str:
    """A change in words: `grew by 11 %`, or `fell by 3 %`."""
    return f"{'fell' if percent < 0 else 'grew'} by {number(abs(percent), 0)} %"


def since(book: pd.DataFrame, world: pd.DataFrame, periods: pd.DataFrame, events: pd.DataFrame) -> Exhibit:
    """Imports from a partner and from everyone else and exports to it, since the last change of the way of recording.

    `book` and `world` are Kazakhstan's ledger with the partner and with the world; the tables periods and
    turning_points say from when changes are counted and which years have a line.
    """
    start = start_of(periods)
    sound = max(book.index[book["status"].isin(UNFIT)], default=book.index.min() - 1) + 1
    rows = beside_others(book.loc[sound:], world)
    last, top = int(rows.index.max()), int(rows.loc[start:, "exports_usd"].idxmax())
    change = 100 * (rows.loc[last] / rows.loc[start, ["partner_usd", "others_usd", "exports_usd"]] - 1)
    rise = 100 * (rows.loc[top, "exports_usd"] / rows.loc[start, "exports_usd"] - 1)
    fall = 100 * (rows.loc[last, "exports_usd"] / rows.loc[top, "exports_usd"] - 1)
    name = partner(rows)
    sold = f"its exports to {name} {moved(change['exports_usd'])}"
    if start < top < last:
        sold = f"its exports to {name} grew by {number(rise, 0)} % to {top}, then {moved(fall)}"
    named = {
        "from all others": rows["others_usd"] / 1e9,
        f"from {name}": rows["partner_usd"] / 1e9,
        f"to {name}": rows["exports_usd"] / 1e9,
    }
    earlier = rows.loc[start - BEFORE : start - 1, ["partner_usd", "others_usd"]]
    peak = ", its highest here," if rows["share_pct"].idxmax() == start else ""
    other = 100 * (rows.loc[last, earlier.columns] / earlier - 1)
    bought = named[f"from {name}"]
    events = events[events["year"].between(start, last)]
    provisional = [int(year) for year in rows.index[rows["doubtful"]]]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        charts.lines(axes, named, ["other", "RUS", "KAZ"], dict.fromkeys(named, provisional))
        charts.event_lines(axes, events.set_index("year")["label"].to_dict())

    return Exhibit(
        key="since",
        title=f"From {start} to {last} Kazakhstan’s imports from {name} {moved(change['partner_usd'])}, from everyone "
        f"else they {moved(change['others_usd'])}, in dollars; {sold}",
        subtitle=f"Kazakhstan’s imports from {name} and from all others, and its exports to {name}, current US$ bn, "
        "its own records",
        alt=f"Three lines by year from {rows.index[0]} to {last}. In {start} imports from {name} were US$ "
        f"{number(bought[start])} bn and from all others {number(named['from all others'][start])}; in "
        f"{last} {number(bought[last])} and {number(named['from all others'][last])}.",
        table=pd.DataFrame(
            {f"{label}, US$ bn": one for label, one in named.items()}
            | {f"{name}’s share in imports, %": rows["share_pct"], "doubtful": doubts(rows.index, book)}
        ),
        sources=sources(rows, events),
        draw=draw,
        height=3.8,
        decimals=2,
        parameters={"partner": rows["partner"].iloc[0]},
        note=f"{capital(name)}’s share in imports went from {number(rows.loc[start, 'share_pct'])} % in {start}{peak} "
        f"to {number(rows.loc[last, 'share_pct'])} in {last}. Counted from one of the {BEFORE} years before, "
        f"imports from {name} changed by {spread(other['partner_usd'], signed)} % and from everyone else by "
        f"{spread(other['others_usd'], signed)} %. Dollars of the day: prices rose too, from all sides. "
        + cleared(rows)
        + HOLLOW,
    )


def europe(exports: pd.DataFrame, book: pd.DataFrame, periods: pd.DataFrame, said: pd.DataFrame) -> Exhibit:
    """What the European Union records as exports to Kazakhstan and Russia, beside Kazakhstan's record of its imports.

    `exports` is the table eu_exports with its values in dollars too, as `volumes.in_dollars` gives it; `book` is
    Kazakhstan's ledger with the union; `said` is the table dated_statements, of whose groups of goods that
    Kazakhstan exported to Russia in the same months of two years the one that grew most is told.
    """
    start = start_of(periods)
    rows = exports[exports["partner"].isin(["KAZ", "RUS"]) & exports["year"].ge(book.index.min())]
    euros, dollars = (
        rows.pivot(index="year", columns="partner", values=column) for column in ("value_eur", "value_usd")
    )
    book = book[book.index.isin(euros.index)]
    table = pd.DataFrame(
        {
            "EU’s books, to Kazakhstan": 100 * dollars["KAZ"] / dollars.loc[start, "KAZ"],
            "Kazakhstan’s books": 100 * book["imports_usd"] / book.loc[start, "imports_usd"],
            "EU’s books, to Russia": 100 * dollars["RUS"] / dollars.loc[start, "RUS"],
        }
    )
    whole = table.dropna()
    year = start + 1
    grown = table.loc[year] - 100
    in_euros = 100 * (euros.loc[year, "KAZ"] / euros.loc[start, "KAZ"] - 1)
    sold = said[said["measure"].eq("exports") & said["country"].eq("KAZ") & said["partner"].eq("RUS")]
    sold = sold[sold["period"].str.contains("/") & sold["unit"].str.startswith("USD ")]
    groups = sold.sort_values("period", kind="stable").groupby(["subject", "speaker", "unit"])
    pairs = [own for _, own in groups if own["period"].nunique() == len(own) == 2]
    said = max(pairs, key=lambda own: own["value"].iloc[1] / own["value"].iloc[0])  # the group that grew most
    before, after = said["value"]
    unit, months = said["unit"].iloc[0].removeprefix("USD "), said["period"].max()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        charts.lines(axes, table, ["EU", "KAZ", "RUS"])

    return Exhibit(
        key="europe",
        title=f"In {year} what the European Union sells to Kazakhstan {moved(grown.iloc[0])} in its own books; in "
        f"Kazakhstan’s it {moved(grown.iloc[1])}, in dollars",
        subtitle=f"Index of current dollars, {start} = 100: the EU’s exports by its own books, Kazakhstan’s imports "
        "from it by Kazakhstan’s",
        alt=f"Three lines by year from {table.index[0]} to {table.index[-1]}. In {whole.index[-1]} they stand at "
        + ", ".join(f"{number(value, 0)} ({name})" for name, value in whole.iloc[-1].items())
        + ".",
        table=table.add_suffix(f", {start} = 100").assign(
            **{
                "to Kazakhstan, EUR bn": euros["KAZ"] / 1e9,
                "to Russia, EUR bn": euros["RUS"] / 1e9,
                "to Kazakhstan, US$ bn": dollars["KAZ"] / 1e9,
                "Kazakhstan’s record, US$ bn": book["imports_usd"] / 1e9,
            }
        ),
        sources=sources(rows, book, said),
        draw=draw,
        decimals=2,
        height=3.1,
        note=f"In euros, as the Union records it, the first {moved(in_euros)}. What left for Kazakhstan and is not in "
        "its books may have gone on, or be booked at another time or price: no table here follows a consignment. One "
        f"group grew out of proportion among Kazakhstan’s exports to Russia, {said['subject'].iloc[0]}: US$ "
        f"{number(after)} {unit} in {_months(months)}, {number(before)} {unit} a year before. Where these came from, "
        "the figures do not say.",
    )


def _months(period: str) -> str:
    first, last = (pd.Period(month, freq="M") for month in period.split("/"))
    return f"{first.strftime('%B')} to {last.strftime('%B %Y')}"
