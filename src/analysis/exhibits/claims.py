"""The exhibits on the document's claims: what became of them, each with its evidence, and what nothing decides."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, scaled, spell
from analysis.methods.assessment import UNCHECKABLE, Assessment, differences
from analysis.methods.claims import TOLERANCE
from analysis.methods.resolvers import kappa
from analysis.methods.verdicts import REASONS, VERDICTS

# Borne out in blue, not so in ochre; each with the ink that stands out on it.
SHADES = {
    "confirmed": ("#0b4f8a", "#ffffff"),
    "confirmed with a correction": ("#3f7fb5", "#ffffff"),
    "in doubt": ("#e3b27a", "#1a1a1a"),
    "not borne out": ("#a84e0c", "#ffffff"),
    "undecided": ("#c9ced3", "#1a1a1a"),
    UNCHECKABLE: ("#eef0f2", "#1a1a1a"),
}
# what asks for a look first
ORDER = ("not borne out", "in doubt", "confirmed with a correction", "confirmed", "undecided", UNCHECKABLE)
FEWEST = 10  # claims of a speaker who has a bar; the others share one


def became(assessed: Assessment, names: dict[str, str]) -> Exhibit:
    """Verdicts by area and by who speaks; `names` has the names of the areas by id."""
    of_areas, of_speakers = assessed.by("area_id"), assessed.by("speaker")
    few = of_speakers.index[of_speakers.sum(axis=1) < FEWEST]
    of_speakers = of_speakers.drop(index=few)
    if len(few):
        of_speakers.loc[f"{len(few)} others"] = assessed.by("speaker").loc[few].sum()
    parts = {"by area": of_areas.rename(index=names), "by who speaks": of_speakers}
    counts = assessed.counts
    checkable = counts.drop(UNCHECKABLE)
    fails = counts["in doubt"] + counts["not borne out"]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        charts.stacked(axes, parts["by area"].iloc[::-1], SHADES)
        columns = 2 if charts.narrow(axes) else 3
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=columns, frameon=False, fontsize=8)

    table = pd.concat(parts, names=["part", "claims"]).reset_index("part").rename_axis(index="claims", columns=None)
    return Exhibit(
        key="became",
        title=f"Of {spell(int(checkable.sum()), 'claim')} that can be checked {counts['confirmed']} "
        f"{'is' if counts['confirmed'] == 1 else 'are'} confirmed, {counts['confirmed with a correction']} only with a "
        f"correction; {fails} {'is' if fails == 1 else 'are'} in doubt or not borne out; nothing found decides "
        f"{counts['undecided']}",
        subtitle="Claims of the document by verdict, share of the claims of each area, %; numbers are claims; by who "
        "speaks below the picture",
        alt=f"Stacked bars for {spell(len(of_areas), 'area')}: " + _parts(counts) + ".",
        table=table.assign(all=table.drop(columns="part").sum(axis=1)),
        sources=sources(assessed.read),
        draw=draw,
        height=4.0,
        note="Each verdict is computed from evidence by rules that were written down before; in doubt: sources "
        "disagree, the two "
        "countries’ records differ, or officials alone say so. With a correction: by the coder’s "
        "reading the core holds and an attribute differs, which may be what the claim is about; the table below says "
        "what would be right. Not checkable: vague, or of what leaves no record." + _once(assessed),
    )


def ledger(assessed: Assessment) -> Exhibit:
    """Every claim with its verdict, what would be right, and the evidence behind it, to which its row opens."""
    order = {name: at for at, name in enumerate(ORDER)}
    claims = assessed.claims.assign(place=assessed.groups.map(order)).sort_values("place", kind="stable")
    checkable = assessed.counts.drop(UNCHECKABLE)
    decided = checkable.drop("undecided")
    table = pd.DataFrame(
        {
            "what is claimed": claims["assertion"].to_numpy(),
            "who": (
                claims["speaker"] + ", " + claims["said"].str[:4] + ", ¶" + claims["paragraph"].astype(str)
            ).to_numpy(),
            "verdict": claims["verdict"].map(VERDICTS).to_numpy(),
            "found": _found(claims),
        },
        index=pd.Index(claims["claim_id"], name="claim"),
    )
    return Exhibit(
        key="claims",
        title=f"{int(decided.sum())} of {spell(int(checkable.sum()), 'claim')} that can be checked could be decided: "
        f"{_parts(decided)}",
        subtitle="Claims of the document with the verdict and what was found; a row opens to its evidence",
        alt=f"Table of {spell(len(table), 'claim')}.",
        table=table.fillna(""),
        sources=sources(assessed.read),
        opens=dict(_evidence(assessed)),
        folded=True,
        note="Confirmed: the statistic, or all independent evidence of the same thing and time, lies within "
        f"{100 * TOLERANCE:.0f} % or on the "
        "same date. The rules stand in the codebook; a verdict says whether a claim agrees with this "
        "evidence, not who erred.",
    )


def counted(assessed: Assessment) -> Exhibit:
    """What the document counts, beside what was counted then and latest."""
    rows = assessed.counted
    table = pd.DataFrame(
        {
            "what is claimed": rows["assertion"].to_numpy(),
            "claimed": [scaled(value, unit) for value, unit in zip(rows["claimed"], rows["unit"], strict=True)],
            "then": [scaled(value, unit) for value, unit in zip(rows["then"], rows["unit"], strict=True)],
            "latest": [
                f"{scaled(value, unit)} ({year})"
                for value, unit, year in zip(rows["latest"], rows["unit"], rows["year"], strict=True)
            ],
        },
        index=pd.Index(rows["said"], name="said"),
    )
    return Exhibit(
        key="counted",
        title=f"{spell(len(table), 'figure')} of the document can be followed to a later count",
        subtitle="What is claimed, what others counted at the time, and the latest count of the same thing",
        alt=f"Table of {spell(len(table), 'figure')}.",
        table=table,
        sources=sources(rows),
        folded=True,
        note="Then: the mean of independent counts of the claim’s own time; empty where there is none.",
    )


def readers(assessed: Assessment, second: pd.DataFrame) -> Exhibit:
    """How far a second reader, who saw claims and evidence and not the verdicts, comes to the same ones."""
    both = differences(assessed, second)
    differ = both[~both["same"]]
    table = pd.DataFrame(
        {
            "what is claimed": differ["assertion"].to_numpy(),
            "by the rules": differ["verdict"].map(VERDICTS).to_numpy(),
            "second reader": differ["second"].map(VERDICTS).to_numpy(),
            "why": differ["note"].fillna("").to_numpy(),
        },
        index=pd.Index(differ["claim_id"], name="claim"),
    )
    return Exhibit(
        key="readers",
        title=f"A second reader comes to the same verdict on {int(both['same'].sum())} of {spell(len(both), 'claim')} "
        f"(κ {kappa(both['verdict'], both['second']):.2f})",
        subtitle="Claims on which the computed verdict and that of a reader who had rules, claims and evidence alone "
        "differ",
        alt=f"Table of {spell(len(table), 'claim')}.",
        table=table,
        sources=sources(differ),
        note="The reader is a language model, as the coders are: this shows how clear rules and evidence are, and "
        "is no measure of "
        "how people would judge. Most differences are about how a piece of evidence is coded.",
        folded=True,
    )


def _once(assessed: Assessment) -> str:
    """What the counts are if a claim that stands in two tables counts once; nothing where none does."""
    again = len(assessed.claims) - len(assessed.once.claims)
    counts = assessed.once.counts.drop(UNCHECKABLE)
    if not again:
        return ""
    return (
        f" {spell(again, 'claim')} on agreements {'says' if again == 1 else 'say'} again what one on an event says: "
        f"counted once, {counts.drop('undecided').sum()} of {counts.sum()} are decided and {counts['confirmed']} "
        "confirmed."
    )


def _parts(counts: pd.Series) -> str:
    """Counts of verdicts as a phrase: `200 are confirmed, 30 confirmed with a correction`."""
    held = counts[counts > 0]
    words = [
        f"{n} {'is' if n == 1 else 'are'} {name}" if at == 0 else f"{n} {name}"
        for at, (name, n) in enumerate(held.items())
    ]
    return listed(words)


def _found(claims: pd.DataFrame) -> list[str]:
    """What a reader is told beside the verdict: what would be right, the range found, or why there is no verdict."""
    why = claims["reason"].map(REASONS)
    return claims["found"].fillna(why).fillna(claims["basis"].where(claims["decided_by"].isna())).fillna("").tolist()


def _evidence(assessed: Assessment) -> Iterator[tuple[str, list[str]]]:
    """For each claim the lines that its row opens to: the evidence, and on what the verdict rests."""
    of_claim: dict[str, list] = {}
    for row in assessed.evidence.itertuples():
        of_claim.setdefault(row.claim_id, []).append(row)
    for claim in assessed.claims.itertuples():
        lines = []
        for row in of_claim.get(claim.claim_id, ()):
            weight = ["decides"] if row.evidence_id in str(claim.decided_by) else []
            weight += (
                []
                if row.definition == "same"
                else [f"{row.definition} thing" if row.definition == "differs" else row.definition]
            )
            weight += [] if row.period == "same" else [f"{row.period} time"]
            weight += [] if row.independent else ["not independent"]
            lines.append(f"{row.reading} [{', '.join([row.source_id, *weight])}]")
        if pd.notna(claim.basis) and pd.isna(claim.decided_by):
            lines.append(f"Basis: {claim.basis}")
        if pd.notna(claim.searched) and claim.verdict == "undecided":
            lines.append(f"Looked for: {claim.searched}")
        yield claim.claim_id, lines
