"""The exhibits of the cooperation report on what the document tells of: events, agreements, memberships.

They show what it says, with the dates that it gives, and not what happened.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, shortened, spell
from analysis.methods import dates
from analysis.methods.corpus import Chosen
from analysis.methods.dates import Years


def timeline(chosen: Chosen, events: pd.DataFrame, found: pd.DataFrame) -> Exhibit:
    """Dated events by area: days and months full, years and decades hollow; what evidence dates otherwise beside it.

    `events` is `chosen.dated`, `found` is `Assessment.dates`.
    """
    names = chosen.names
    dated = events.assign(at=_year(events["first_day"]))
    moved = found.merge(dated[["event_id", "at", "area_id", "title"]], left_on="row_id", right_on="event_id")
    moved = moved.assign(found=_year(moved["first_day"]))
    order = dated["area_id"].value_counts().index[::-1]
    vague = dated["date_precision"].isin(["year", "decade"])
    years = dated["first_day"].dt.year.value_counts()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        colour = charts.COLOURS["KAZ"]
        for at, area in enumerate(order):
            rows = dated["area_id"].eq(area)
            exact, rough = dated[rows & ~vague], dated[rows & vague]
            axes.plot(exact["at"], [at] * len(exact), "o", color=colour, markersize=5, alpha=0.65)
            axes.plot(
                rough["at"] + 0.5,
                [at] * len(rough),
                "o",
                color=colour,
                markerfacecolor=charts.COLOURS["paper"],
                markersize=6,
            )
        rows = moved["area_id"].map({area: at for at, area in enumerate(order)})
        axes.hlines(rows, moved["at"], moved["found"], color=charts.COLOURS["down"], linewidth=1)
        axes.plot(moved["found"], rows, "D", color=charts.COLOURS["down"], markersize=5)
        axes.set_yticks(
            range(len(order)), [shortened(names[area], 22 if charts.narrow(axes) else 34) for area in order]
        )
        ends = pd.concat([dated["at"], moved["found"]])
        charts.years_axis(axes, range(int(ends.min()), int(ends.max()) + 2))
        charts.rows_at(axes, x=dated["at"] + 0.5 * vague, y=dated["area_id"].map(list(order).index))

    others = {
        event: ", ".join(sorted({f"{day:%Y-%m-%d}" for day in days}))
        for event, days in moved.groupby("event_id")["first_day"]
    }
    table = dated[["date", "date_precision", "title", "area_id", "paragraph"]].assign(
        area_id=dated["area_id"].map(names), found=[others.get(event, "") for event in dated["event_id"]]
    )
    return Exhibit(
        key="timeline",
        title=f"{int(years.iloc[:2].sum())} of {spell(len(dated), 'dated event')} that the document tells of fell in "
        f"{listed(sorted(years.index[:2]))}",
        subtitle="Dated events by area; hollow: only the year or the decade is known; diamond: the date that "
        "evidence gives",
        alt=f"Dots by year in {spell(len(order), 'row')}, one an area; {chosen.corpus.in_sentence[order[-1]]} has "
        "most, "
        f"{len(dated[dated['area_id'].eq(order[-1])])} of {len(dated)}.",
        table=table.set_index("date").rename(columns={"area_id": "area", "date_precision": "precision"}),
        sources=sources(events, moved),
        draw=draw,
        height=5.0,
        note="What the document tells of, not what happened: quiet years are years of which no text was taken. "
        f"{spell(moved['event_id'].nunique(), 'event')} of these "
        f"{'is' if moved['event_id'].nunique() == 1 else 'are'} dated otherwise by evidence.",
    )


def _year(days: pd.Series) -> pd.Series:
    """Days as years with fractions, for an axis of years."""
    return days.dt.year + (days.dt.day_of_year - 1) / 366


def agreements(chosen: Chosen, named: pd.DataFrame) -> Exhibit:
    """The agreements of the chosen areas and text, with status and term; `named` is the table of all."""
    rows = chosen.of(named)
    table = rows.sort_values(["signed", "agreement_id"])[
        ["signed", "title", "kind", "parties", "status", "term_end", "area_id", "paragraph"]
    ]
    table = table.assign(signed=table["signed"].fillna("undated"), term_end=table["term_end"].fillna(""))
    table["area_id"] = table["area_id"].map(chosen.names)
    undated = int(rows["signed"].isna().sum())
    return Exhibit(
        key="agreements",
        title=f"The document names {spell(len(rows), 'agreement')}, {undated} of them without a date",
        subtitle="Treaties, agreements, declarations, programmes and plans, as the document tells of them",
        alt=f"Table of {spell(len(rows), 'agreement')}.",
        table=table.rename(columns={"area_id": "area", "term_end": "term until"}).set_index("signed"),
        sources=sources(named),
        folded=True,
        note="Counts alone, such as “more than 270”, are figures and not agreements, and stand among the claims.",
    )


def memberships(rows: pd.DataFrame, organisations: pd.DataFrame) -> Exhibit:
    """Who belongs to or chairs what, as the document says, with dates where it gives them."""
    merged = rows.merge(organisations[["organisation_id", "name"]], on="organisation_id")
    table = merged.sort_values(["name", "start", "member"])[
        ["name", "member", "role", "start", "end", "dating", "paragraph"]
    ]
    dated = int(rows["start"].notna().sum())
    return Exhibit(
        key="memberships",
        title=f"The document tells of {spell(len(rows), 'membership or role', 'memberships and roles')} in "
        f"{spell(rows['organisation_id'].nunique(), 'body', 'bodies')}; {dated} have a date",
        subtitle="Members, chairs, founders and hosts, with the dates that the document gives",
        alt=f"Table of {spell(len(rows), 'row')}.",
        table=table.fillna("").rename(columns={"name": "body"}).set_index("body"),
        sources=sources(rows),
        folded=True,
    )


def memberships_over_time(memberships: pd.DataFrame, organisations: pd.DataFrame, years: Years) -> Exhibit:
    """The memberships and roles that held in some of the years and have a date, as spans of time."""
    rows = dates.memberships_over_time(memberships, start=str(years.first), end=str(years.last))
    named = rows.merge(organisations[["organisation_id", "name"]], on="organisation_id")
    spans = (
        named.groupby(["first_day", "name", "role"], sort=True)
        .agg(who=("member", lambda members: ", ".join(sorted(members))), last_day=("last_day", "max"))
        .reset_index()
        .iloc[::-1]
    )
    first = spans["first_day"].dt.year.clip(lower=years.first)
    last = spans["last_day"].dt.year
    still = last.isna()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        at = range(len(spans))
        axes.hlines(
            at, first, last.fillna(years.last).clip(lower=first + 0.3), color=charts.COLOURS["KAZ"], linewidth=4
        )
        axes.plot(
            [years.last] * int(still.sum()),
            [i for i, is_open in zip(at, still, strict=True) if is_open],
            ">",
            color=charts.COLOURS["KAZ"],
            markersize=6,
        )
        length = 26 if charts.narrow(axes) else 52
        axes.set_yticks(
            list(at),
            [shortened(f"{row.name}: {row.role}", length) for row in spans[["name", "role"]].itertuples(index=False)],
            fontsize=8,
        )
        charts.years_axis(axes, range(years.first, years.last + 1))
        charts.rows_at(axes, y=at[::-1])

    return Exhibit(
        key="memberships-over-time",
        title=f"For {int(still.sum())} of {spell(len(spans), 'dated role')} the document names a beginning and no end",
        subtitle="Dated memberships, chairs, founders and hosts; an arrow: no end is named, which may mean that it is "
        "open or unknown",
        alt=f"Horizontal lines for {spell(len(spans), 'role')}, from {int(spans['first_day'].dt.year.min())} on; "
        f"{int(still.sum())} run to the edge because no end is named.",
        table=spans.iloc[::-1]
        .assign(
            first_day=spans["first_day"].dt.strftime("%Y-%m"),
            last_day=spans["last_day"].dt.strftime("%Y-%m").fillna(""),
        )
        .rename(columns={"first_day": "from", "last_day": "to", "name": "body"})[["body", "who", "role", "from", "to"]]
        .set_index("body"),
        sources=sources(memberships),
        draw=draw,
        height=5.6,
    )
