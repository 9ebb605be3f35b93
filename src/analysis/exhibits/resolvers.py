"""The exhibits of the forecast report on whether another resolver judges alike, and what faulty criteria do."""

from __future__ import annotations

import pandas as pd

from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import number, spell
from analysis.methods.expectations import Register
from analysis.methods.resolvers import Resolvers, kappa


def agreement(resolvers: Resolvers, register: Register) -> Exhibit:
    """How far two resolvers agree on the statements shown, and what was decided where they differ."""
    shown = register.statements[register.statements["statement_id"].isin(resolvers.pairs.index)]
    first, second, decided = (_of(rows, shown) for rows in (resolvers.first, resolvers.second, resolvers.adjudications))
    pairs = resolvers.pairs.loc[shown["statement_id"]]
    rows = decided.merge(shown[["statement_id", "gist"]]).set_index("statement_id").join(pairs)
    chance = kappa(pairs["first"], pairs["second"])
    table = pd.DataFrame(
        {
            "statement, in our words": rows["gist"],
            "first resolver": rows["first"],
            "second resolver": rows["second"],
            "what counts": rows["outcome"],
            "why, and doubts": rows["why"] + (" " + rows["note"]).fillna(""),
        }
    )
    kept = int(rows["outcome"].eq(rows["first"]).sum())
    return Exhibit(
        key="second-resolver",
        title=f"Two resolvers who worked apart agree on {len(pairs) - len(rows)} of {spell(len(pairs), 'statement')}"
        if len(pairs)
        else "None of the statements shown was resolved twice",
        subtitle="Statements on whose outcome they differ, with the outcome that counts in this report, and why",
        alt=f"Table of {spell(len(rows), 'statement')}.",
        table=table.rename_axis("statement"),
        sources=sources(shown, first, second, decided),
        folded=True,
        note=("" if pd.isna(chance) else f"Cohen’s kappa is {number(chance, 2)} (1 perfect, 0 what chance gives). ")
        + "The second resolver had the statements and their criteria and not the first’s outcomes. Both are language "
        "models of one kind, so their agreement shows how clear the criteria are, not that the outcomes are right. "
        f"Of {spell(len(rows), 'difference')} {kept} went to the first. What statistics decide was not judged again.",
    )


def faulty_criteria(resolvers: Resolvers, register: Register, problems: pd.DataFrame) -> Exhibit:
    """The experts' scores with and without the criteria that the second resolver faults, by the kind of fault.

    `problems` is the table criterion_problems, which has the kinds in words.
    """
    told = register.by_experts
    judged = _of(resolvers.second, told[~told["known_when_made"].astype(bool)])
    faults = judged.dropna(subset="problem").set_index("statement_id")["problem"]
    words = problems.set_index("problem")["words"]
    left_out = {"none": []} | {words[kind]: ids.index for kind, ids in faults.groupby(faults)}
    left_out |= {"all of these": faults.index}
    spans = {name: _span(register.without(ids)) for name, ids in left_out.items()}
    table = pd.concat(spans, names=["criteria left out"]).reset_index("criteria left out").sort_index(kind="stable")
    counts = {name: int(span["scored"].sum()) for name, span in spans.items()}
    kinds = "; ".join(f"{words[kind]} ({n})" for kind, n in faults.value_counts().items())
    return Exhibit(
        key="faulty-criteria",
        title=f"Without the criteria that the second resolver faults, {counts['all of these']} of "
        f"{spell(counts['none'], 'scored statement')} are left"
        if len(faults) and counts["none"]
        else "No scored statement has a criterion that the second resolver faults",
        subtitle="Brier score of each expert, 0 is best, from the best to the worst that the bands of the words and "
        "the lexicons allow, with all criteria and without those that have a fault",
        alt=f"Table of {spell(len(table), 'row')}.",
        table=table,
        sources=sources(told, register.scale.rows, register.evidence(told), judged),
        decimals=2,
        folded=True,
        note=f"Of {spell(len(judged), 'criterion', 'criteria')} of the experts that the second resolver read "
        f"it faults {len(faults)}: {kinds or 'none'}. It says why in the table second_resolutions; the kinds are ours. "
        "Criteria that statistics decide were not read, and stay. Counted is the lexicon that scores most.",
    )


def _of(frame: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """The rows of a frame that are of the statements."""
    return frame[frame["statement_id"].isin(statements["statement_id"])]


def _span(register: Register) -> pd.DataFrame:
    """Scored statements, best and worst Brier score of each expert over the lexicons."""
    by_expert = register.ranges.groupby("speaker")
    span = by_expert.agg(scored=("n", "max"), best=("brier_best", "min"), worst=("brier_worst", "max"))
    return span.rename(columns={"best": "Brier, best", "worst": "Brier, worst"}).rename_axis("expert")
