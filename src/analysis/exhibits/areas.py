"""The exhibits that lead the cooperation report: area by area what the document claims, what was so, what is latest."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, spell
from analysis.methods.area_records import AreaRecords
from analysis.methods.assessment import Assessment
from analysis.methods.verdicts import VERDICTS

ROLES = {"claimed": "the document says", "then": "what was so then", "latest": "latest record"}
DOT = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"
NOTHING = "nothing at hand"
NEAR = 12  # points of percent within which a stroke would cross a label
COUNTED = (["confirmed"], ["confirmed with a correction"], ["in doubt", "not borne out"], ["undecided"])


def shares(records: AreaRecords) -> Exhibit:
    """What can be measured as a share: claimed, at the time of the claim, and latest."""
    rows = records.shares
    change = rows["latest"] - rows["then"]
    fell, rest = rows[change < 0], rows[~(change < 0)]
    but = f": all but {listed(rest['share'])}" if len(rest) and len(fell) else ""

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        small, at = charts.narrow(axes), range(len(rows))[::-1]
        colours = [charts.COLOURS["down" if falls else "KAZ"] for falls in change < 0]
        axes.hlines(at, rows["then"], rows["latest"], color=colours, linewidth=2.4, zorder=2)
        axes.plot(rows["claimed"], at, "|", color=charts.COLOURS["ink"], markersize=15, markeredgewidth=2, zorder=3)
        axes.plot(rows["then"], at, "o", color=charts.COLOURS["muted"], markersize=5, zorder=4)
        for place, colour, row in zip(at, colours, rows.itertuples(), strict=True):
            face = colour if row.sound else charts.COLOURS["paper"]
            axes.plot(row.latest, place, "D", color=colour, markerfacecolor=face, markersize=7, zorder=5)
            side = 1 if row.latest >= row.then else -1
            outer = row.claimed if 0 < (row.claimed - row.then) * -side < NEAR else row.then  # out of the stroke’s way
            for value, year, out, edge in (
                (row.then, row.of_then, -side, outer),
                (row.latest, row.of_latest, side, row.latest),
            ):
                axes.annotate(
                    f"{value:.0f}" if small else f"{value:.0f} ({year:.0f})",
                    (edge, place),
                    xytext=(8 * out, 0),
                    textcoords="offset points",
                    ha="left" if out > 0 else "right",
                    va="center",
                    fontsize=8,
                )
        axes.set_yticks(list(at), ["" if small else name for name in rows["share"]])
        charts.rows_at(axes, y=at)
        for place, name in zip(at, rows["share"] if small else (), strict=False):
            axes.annotate(name, (-18, place), xytext=(0, 11), textcoords="offset points", va="center", fontsize=8)
        axes.set_xlim(-19, 112)
        axes.set_xticks([0, 25, 50, 75, 100], [f"{tick} %" for tick in (0, 25, 50, 75, 100)])
        axes.set_ylim(-0.6, len(rows) - 0.4)
        axes.grid(False, axis="y")
        axes.grid(True, axis="x")

    table = rows.assign(
        of_then=rows["of_then"].astype(int).astype(str), of_latest=rows["of_latest"].astype(int).astype(str)
    )
    return Exhibit(
        key="shares",
        title=f"Of {spell(len(rows), 'share')} that measure what the document speaks of, {len(fell)} "
        f"{'is' if len(fell) == 1 else 'are'} smaller in the latest year on record than when it was written{but}",
        subtitle="In %; dot: at the time of the text; diamond: latest, hollow: provisional or another series; stroke: "
        "claimed; arms: several years, up to the one named",
        alt="Pairs of points, the time of the text and the latest: "
        + listed([f"{row.share} {row.then:.0f} and {row.latest:.0f} %" for row in rows.itertuples()])
        + ".",
        table=table[["share", "claimed", "then", "of_then", "latest", "of_latest"]]
        .rename(
            columns={
                "claimed": "claimed, %",
                "then": "then, %",
                "of_then": "last year of then",
                "latest": "latest, %",
                "of_latest": "last year of latest",
            }
        )
        .set_index("share"),
        sources=sources(rows),
        draw=draw,
        height=3.7,
    )


def areas(records: AreaRecords, assessed: Assessment, names: Mapping[str, str]) -> Exhibit:
    """Area by area a claim, what was so, the latest record, and the verdicts of all its claims; `names` by id."""
    told = records.told
    told = told[told["area_id"].isin(names)]
    words = told.pivot(index="area_id", columns="role", values="words").reindex(index=list(names), columns=list(ROLES))
    words = words.astype("str").fillna(NOTHING)
    claims = assessed.claims.set_index("claim_id")
    for row in told[told["role"].eq("claimed")].itertuples():
        verdict = VERDICTS[claims.loc[row.claim_id, "verdict"]] if row.claim_id in claims.index else "not judged"
        words.loc[row.area_id, "claimed"] += f" ({row.year:.0f}; {verdict})"
    counts = pd.crosstab(assessed.claims["area_id"], assessed.groups).reindex(index=list(names), fill_value=0)
    parts = [
        DOT.join(str(int(row.reindex(groups).sum())) for groups in COUNTED)
        for _, row in counts.iterrows()
    ]
    follows = told.loc[told["role"].eq("latest"), "follows"].value_counts()
    same, near, other = (int(follows.get(kind, 0)) for kind in ("same", "stand_in", "other"))
    return Exhibit(
        key="areas",
        title=f"What the document claims can be followed to a later record of the same thing in {same} of "
        f"{spell(len(words), 'area')}, to one of something near in {near}; {other} have a record of another thing",
        subtitle="One claim of the document an area with its verdict, what others recorded for its time, the latest "
        "record, and how many of its claims are confirmed · with a correction · in doubt or not borne out · undecided",
        alt=f"Table of {spell(len(words), 'area')}.",
        table=words.rename(columns=ROLES)
        .assign(**{"its claims": parts})
        .rename(index=names)
        .rename_axis(index="area", columns=None),
        sources=sources(told, assessed.read),
        note="The table area_records says of each latest record what it is and why it stands there.",
    )
