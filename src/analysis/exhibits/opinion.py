"""The exhibits of the cooperation report on what either people think of the other."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number
from analysis.methods.indicator_series import Measured, wide

DOUBTS = {"U": "doubtful", "D": "another definition", "B": "another series", "E": "estimate", "P": "provisional"}


def approval(measured: Measured) -> Exhibit:
    """What Kazakhstanis think of Russia's leadership, in the waves at hand."""
    rows = measured.indicators
    rows = rows[rows["indicator"].isin(["poll_approve_leadership_pct", "poll_disapprove_leadership_pct"])]
    table = wide(rows, by="indicator").set_axis(["approve", "disapprove"], axis=1)
    approve = table["approve"].dropna()
    told = listed([f"{number(value, 0)} % in {year}" for year, value in approve.items()])

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        charts.lines(axes, table, ["KAZ", "down"])
        axes.set_ylim(0, 100)
        for year, pair in table.iterrows():
            for value in pair.dropna():
                above = (0, 5) if value == pair.max() else (0, -13)
                axes.annotate(f"{value:.0f}", (year, value), xytext=above, textcoords="offset points", ha="center")

    return Exhibit(
        key="approval",
        title=f"Kazakhstanis who approve of Russia’s leadership: {told}",
        subtitle="Answers to whether one approves of the leadership of Russia, % of those asked in Kazakhstan",
        alt=f"Points by year: approve {told}.",
        table=table.rename(columns=lambda name: f"{name}, %"),
        sources=sources(rows),
        draw=draw,
        height=2.4,
        decimals=0,
        note="Read in the press: the pollster’s own tables were not seen, and the years between are not at hand.",
    )


def polls(measured: Measured) -> Exhibit:
    """Mutual opinion of all years, one row a poll, each with its own wording."""
    rows = measured.indicators
    rows = rows[rows["indicator"].str.startswith("poll_")].merge(
        measured.definitions[["indicator", "definition"]], on="indicator"
    )
    table = pd.DataFrame(
        {
            "asked": rows["country"].map(measured.people).to_numpy(),
            "question": rows["definition"].to_numpy(),
            "about": rows["partner"].to_numpy(),
            "share, %": rows["value"].to_numpy(),
            "doubt": rows["status"].map(DOUBTS).fillna("").to_numpy(),
            "source": rows["source_id"].to_numpy(),
        },
        index=pd.Index(rows["year"], name="year"),
    ).sort_values(["question", "year"], kind="stable")
    friends = rows[rows["indicator"] == "poll_closest_friends_pct"]
    friends = friends[friends["partner"] == "KAZ"]
    return Exhibit(
        key="polls",
        title=f"Between {number(friends['value'].min(), 0)} and {number(friends['value'].max(), 0)} % of Russians "
        "named Kazakhstan "
        f"among their closest friends from {friends['year'].min()} to {friends['year'].max()}",
        subtitle="Polls on mutual opinion, % of those asked; wordings differ, and rows of different wording do not "
        "compare",
        alt=f"Table of {len(table)} polls.",
        table=table,
        sources=sources(rows),
        decimals=0,
        folded=True,
        note="Read mostly from press pages; the column source names the pollster or the page. Doubtful "
        "are an uncertain year, a poor sample and an original that was not seen.",
    )
