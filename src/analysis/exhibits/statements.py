"""The exhibits of the forecast report on the register of statements: what was foretold, and what came of it."""

from __future__ import annotations

import pandas as pd

from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.scores import band
from analysis.exhibits.wording import listed, number, spell
from analysis.methods.expectations import Register
from analysis.methods.resolution import BASES
from analysis.methods.scoring import OUTCOMES

_BASES = {"kazakhstan": "Kazakhstan’s books", "russia": "Russia’s books", "officials": "officials at the time"}


def ledger(register: Register) -> Exhibit:
    """Every statement with its words, their band and its outcome."""
    rows = register.with_outcomes()
    labels = list(register.scale.labels.values())
    said = [
        _banded(phrase, band(register.scale.spans.get(name)))
        for phrase, name in zip(rows["phrase"], register.read["phrase_class"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "said by": rows["speaker"].to_numpy(),
            "said on": rows["made_on"].to_numpy(),
            "due": rows["horizon_end"].dt.strftime("%Y-%m-%d").to_numpy(),
            "kind": rows["kind"].to_numpy(),
            "statement, in our words": rows["gist"].to_numpy(),
            "its words": said,
            "outcome": rows["outcome"].fillna("not testable").to_numpy(),
            "criterion": rows["criterion"].to_numpy(),
        },
        index=pd.Index(rows["statement_id"], name="statement"),
    ).fillna("")
    table.insert(table.columns.get_loc("criterion"), "paragraph", rows["paragraph"].array)
    testable = int(rows["resolvable"].sum())
    return Exhibit(
        key="ledger",
        title=f"{number(100 * testable / len(rows), 0)} % of {len(rows)} forward-looking statements say something that "
        "can be tested",
        subtitle="Every forward-looking statement of the document and of the officials’ forecasts found elsewhere, "
        f"with the band of its words by {labels[0] if len(labels) == 1 else f'{len(labels)} lexicons'}",
        alt=f"Table of {spell(len(rows), 'statement')}.",
        table=table,
        sources=sources(rows, register.scale.rows, register.evidence(rows)),
        folded=True,
        note="One row is one thing that can come true or not. Criteria were written from the statements alone, before "
        "any outcome was looked up. The band is of the statement as it is put here.",
    )


def resolved(register: Register) -> Exhibit:
    """What became of the testable statements, with the evidence."""
    rows = register.with_outcomes()
    rows = rows[rows["resolvable"]]
    counts = rows["outcome"].value_counts().reindex([*OUTCOMES, "unresolved"], fill_value=0)
    table = pd.DataFrame(
        {
            "said by": rows["speaker"].to_numpy(),
            "statement, in our words": rows["gist"].to_numpy(),
            "outcome": rows["outcome"].to_numpy(),
            "settled": rows["resolved_on"].to_numpy(),
            "evidence": rows["evidence"].to_numpy(),
            "source": rows["source_id_resolution"].str.replace("+", ", ").to_numpy(),
            "note": rows["note_resolution"].to_numpy(),
            "criterion": rows["criterion"].to_numpy(),
        },
        index=pd.Index(rows["statement_id"], name="statement"),
    ).fillna("")
    experts = rows[rows["expert_id"].notna()]["outcome"].value_counts()
    shared = int(rows["criterion"].duplicated(keep=False).sum())
    return Exhibit(
        key="resolutions",
        title=f"Of {spell(len(rows), 'testable statement')}, {counts['yes']} came true, {counts['partly']} in part, "
        f"{counts['no']} did not, and {counts['unresolved']} cannot be settled",
        subtitle="Outcome of each testable statement by its criterion, with the evidence",
        alt=f"Table of {spell(len(rows), 'statement')}.",
        table=table,
        sources=sources(rows, register.evidence(rows)),
        folded=True,
        note="Of the experts’ statements "
        + (listed([f"{n} {outcome}" for outcome, n in experts.items()]) if len(experts) else "none is shown")
        + f". The outcomes are not independent: {shared} statements share a criterion with another, word for word. "
        "Much that came true was near certain when it was said; the criteria apply as they were written.",
    )


def by_basis(register: Register) -> Exhibit:
    """The outcomes that statistics decide, by whose books are read."""
    found = register.outcomes.found
    shown = found[found["statement_id"].isin(register.statements["statement_id"])]
    wide = shown.pivot(index="statement_id", columns="basis", values="outcome").reindex(columns=BASES)
    judged = wide[list(_BASES)].replace("unresolved", None)
    several = judged.notna().sum(axis=1) > 1
    differ = judged[several].nunique(axis=1) > 1
    without = judged[wide["kazakhstan"].notna()].isna().sum()
    rows = register.statements.set_index("statement_id").loc[wide.index]
    evidence = shown[shown["basis"] == "criterion"].set_index("statement_id")["evidence"]
    table = pd.DataFrame(
        {
            "said by": rows["speaker"],
            "statement, in our words": rows["gist"],
            "by its criterion": wide["criterion"],
            **{words: wide[basis] for basis, words in _BASES.items()},
            "values": evidence.reindex(wide.index),
        }
    ).rename_axis("statement")
    return Exhibit(
        key="by-basis",
        title=_dependence(int(differ.sum()), of=int(several.sum())),
        subtitle="Statements decided by statistics: outcome by the criterion, by each country’s ledger and by "
        "officials’ figures of the day",
        alt=f"Table of {spell(len(table), 'statement')}; {int(differ.sum())} differ between the books.",
        table=table.fillna(""),
        sources=sources(rows, shown),
        folded=True,
        note=f"Unresolved for want of a value, or of time: {without['kazakhstan']} by Kazakhstan’s books, "
        f"{without['russia']} by Russia’s, whose yearly record by country ends in {register.outcomes.ends['russia']}, "
        f"and {without['officials']} by officials’ figures, whose publications are in the table officials_figures.",
    )


def _dependence(verdicts: int, *, of: int) -> str:
    if not verdicts:
        return f"No verdict of the {of} that more than one set of books can judge depends on whose books are read"
    found = f"{spell(verdicts, 'verdict')} of {of} that more than one set of books can judge"
    return f"{found} {'depends' if verdicts == 1 else 'depend'} on whose books are read"


def unresolved(register: Register, reasons: pd.DataFrame) -> Exhibit:
    """The statements without an outcome, and why, in the words of the table open_reasons."""
    rows = register.with_outcomes()
    rows = rows[~rows["outcome"].isin(list(OUTCOMES))]
    why = rows["unresolvable_reason"].fillna(rows["reason"]).map(reasons.set_index("reason")["words"])
    counts = why.value_counts()
    table = pd.DataFrame(
        {
            "said by": rows["speaker"].to_numpy(),
            "statement, in our words": rows["gist"].to_numpy(),
            "reason": why.to_numpy(),
            "what is missing": rows["evidence"].to_numpy(),
            "note": rows["note"].to_numpy(),
        },
        index=pd.Index(rows["statement_id"], name="statement"),
    ).fillna("")
    return Exhibit(
        key="unresolved",
        title=_unsettled(counts, of=len(register.statements)),
        subtitle="Statements without an outcome, with the reason",
        alt=f"Table of {spell(len(rows), 'statement')}: "
        + listed([f"{n} {words}" for words, n in counts.items()])
        + ".",
        table=table,
        sources=sources(rows, register.evidence(rows)),
        folded=True,
    )


def _unsettled(counts: pd.Series, *, of: int) -> str:
    """How many statements have no outcome, and why most often; `counts` are by reason."""
    if not len(counts):
        return "Every statement shown has an outcome"
    verb = "has" if counts.sum() == 1 else "have"
    return (
        f"{spell(counts.sum(), 'statement')} of {of} {verb} no outcome, most often because {counts.index[0]} "
        f"({counts.iloc[0]})"
    )


def _banded(phrase: object, band: str) -> str:
    words = "" if pd.isna(phrase) else str(phrase)
    return f"{words} [{band}]".strip() if band else words
