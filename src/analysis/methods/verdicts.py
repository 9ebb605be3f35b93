"""Verdicts on the document's claims, by the rules of data/document/CODEBOOK.md ("Verdicts on claims").

What a claim asserts stands in `claims` and in the row of `quantities`, `events` or `agreements` that it speaks of;
what bears on it in `evidence`. Nothing here is looked up or judged: a verdict follows from the rows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from analysis.methods.claims import Row, claimed_range
from analysis.methods.dates import first_day, span
from analysis.methods.sources import joined

# In the order of the rules, with the words of a report.
VERDICTS = {
    "confirmed": "confirmed",
    "disputed": "disputed",
    "corrected": "confirmed with a correction",
    "within_mirror_band": "within the mirror band",
    "other_compiler": "another compiler’s figure",
    "anachronism": "true of another time",
    "contradicted": "contradicted",
    "officials_only": "said by officials only",
    "undecided": "undecided",
}
REASONS = {
    "not_a_record": "a promise, plan or forecast",
    "vague": "nothing observable is named",
    "undated": "no period is given",
    "date_not_found": "it took place, and no source says when",
    "definition_differs": "what was found measures something else",
    "period_differs": "what was found is of another time",
    "no_evidence": "nothing was found",
}
SAYS = ("agrees", "corrects", "disagrees")  # from best to worst
NEAR = 183  # days: dates that lie further apart are no slip of a date
TABLES = {"quantities": "quantity_id", "events": "event_id", "agreements": "agreement_id"}


def asserted(
    claims: pd.DataFrame, quantities: pd.DataFrame, events: pd.DataFrame, agreements: pd.DataFrame
) -> pd.DataFrame:
    """The claims with what they assert, in their order.

    A claim on a row of another table has that row's `value`, `value_low`, `value_high`, `qualifier`, `unit`,
    `period_end` and `dating`, or its date; any other its own `value`, which is exact, and its own `date`. `since` and
    `until` are the days between which the date lies; both are empty where there is none. Raises ValueError for a claim
    on a row that is not there.
    """
    dated = pd.concat(
        [
            events.rename(columns={"event_id": "row_id"})[["row_id", "date", "date_end", "date_precision"]],
            agreements.rename(columns={"agreement_id": "row_id", "signed": "date"})[
                ["row_id", "date", "date_precision"]
            ],
        ]
    )
    figures = quantities.rename(columns={"quantity_id": "row_id"})
    figures = figures[
        [
            "row_id",
            "metric",
            "value",
            "value_low",
            "value_high",
            "qualifier",
            "unit",
            "period_start",
            "period_end",
            "dating",
        ]
    ]
    rows = pd.concat([dated, figures])
    own = claims[["value", "unit", "date"]].assign(qualifier="exact")
    found = claims.drop(columns=["value", "unit", "date"]).merge(rows, on="row_id", how="left", indicator=True)
    lost = found[found["row_id"].notna() & found["_merge"].ne("both")]
    if len(lost):
        claim = lost.iloc[0]
        raise ValueError(f"{claim['claim_id']}: {claim['table']} has no row {claim['row_id']!r}.")
    for column in own:
        found[column] = found[column].where(found["row_id"].notna(), own[column].to_numpy())
    spans = [
        span(date, end, precision) if pd.notna(date) else (None, None)
        for date, end, precision in zip(found["date"], found["date_end"], found["date_precision"], strict=True)
    ]
    return found.drop(columns="_merge").assign(since=[s for s, _ in spans], until=[u for _, u in spans])


def says(claim: Row, row: Row) -> str | None:
    """What a row of evidence says of its claim (rule 3): one of `SAYS`, or None where it decides nothing.

    `claim` is a row of `asserted`. Definition and period are not looked at here: see `decides`.
    """
    found = []
    if pd.notna(claim["value"]) or pd.notna(claim["value_low"]) or pd.notna(claim["value_high"]):
        low, high = _bounds(row)
        if not np.isnan(low):
            least, most = claimed_range(claim)
            found.append("agrees" if low <= most and high >= least else "disagrees")
    dated = pd.notna(claim["since"])
    if dated and pd.notna(row["date"]):
        since, until = span(*_ends(row["date"]))
        apart = max(since - claim["until"], claim["since"] - until).days
        found.append("agrees" if apart <= 0 else "corrects" if apart <= NEAR else "disagrees")
    if pd.notna(row["holds"]) and (found or not dated or row["holds"] == "no"):
        found.append(dict(zip(("yes", "core", "no"), SAYS, strict=True))[row["holds"]])
    return max(found, key=SAYS.index, default=None)


def decides(claim: Row, row: Row) -> bool:
    """Whether a row of evidence is of the claim's period and of a definition that can decide on it (rule 3)."""
    if row["period"] != "same" or row["definition"] not in ("same", "narrower", "wider"):
        return False
    if row["definition"] == "same":
        return True
    low, high = _bounds(row)
    if claim["qualifier"] not in ("at_least", "at_most") or np.isnan(low):
        return False
    least, most = claimed_range(claim)
    inside = low <= most and high >= least
    return inside == ((row["definition"] == "narrower") == (claim["qualifier"] == "at_least"))


def read(assertions: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """The evidence with `says`, what each row says of its claim, and `decides`, whether that counts; rows in their
    order.

    `assertions` are those of `asserted`. Raises ValueError for evidence on a claim that is not there.
    """
    claims = {claim["claim_id"]: claim for claim in assertions.to_dict("records")}
    if lost := sorted(set(evidence["claim_id"]) - set(claims)):
        raise ValueError(f"evidence: there is no claim {', '.join(lost)}.")
    both = [(claims[row["claim_id"]], row) for row in evidence.to_dict("records")]
    said = pd.Series([says(claim, row) for claim, row in both], index=evidence.index, dtype=object)
    counts = pd.Series([decides(claim, row) for claim, row in both], index=evidence.index, dtype=bool)
    return evidence.assign(says=said, decides=counts & said.notna())


def verdicts(assertions: pd.DataFrame, evidence: pd.DataFrame, by_ledgers: pd.DataFrame) -> pd.DataFrame:
    """The verdict on every claim, in the order of `assertions`.

    `evidence` is the table; `by_ledgers` what `claims.by_ledgers` finds. Returns `claim_id`, `verdict` (of
    `VERDICTS`), `reason` (of `REASONS`, of an undecided claim), `found` (the right value, date or attribute, or the
    range of what was found), `decided_by` (ids of evidence, joined by `+`; empty where ledgers decide), `basis` (one
    line) and `sources_read` (the sources behind the verdict, joined by `+`).
    """
    of_claim: dict[str, list[Row]] = {}
    for row in read(assertions, evidence).to_dict("records"):
        of_claim.setdefault(row["claim_id"], []).append(row)
    ledgers = {row["claim_id"]: row for row in by_ledgers.to_dict("records")}
    made = []
    for claim in assertions.to_dict("records"):
        own, ledger = of_claim.get(claim["claim_id"], []), ledgers.get(claim["claim_id"])
        made.append({"claim_id": claim["claim_id"]} | _verdict(claim, own, ledger))
    return pd.DataFrame(made)


def _verdict(claim: Row, rows: Sequence[Row], ledger: Row | None) -> dict[str, object]:
    """The verdict of one claim: rules 4 to 6, in their order."""
    if pd.notna(claim["uncheckable"]):
        return _undecided(claim["uncheckable"], rows)
    deciding = [row for row in rows if row["decides"]]
    independent = [row for row in deciding if row["independent"]]
    said = {row["says"] for row in independent}
    if ledger is not None:
        return _by_ledger(claim, ledger)
    if said == {"agrees"}:
        return _decided("confirmed", claim, independent)
    if said and (said - {"disagrees"} and "disagrees" in said or _dates_differ(claim, independent)):
        return _decided("disputed", claim, independent)
    if "corrects" in said:
        return _decided("corrected", claim, independent)
    if said:
        other = [row for row in rows if _says(row) and (row["definition"], row["period"]) == ("same", "other")]
        agreeing = [row for row in other if row["says"] == "agrees"]
        by_others = [row for row in agreeing if row["independent"]]
        if by_others and not _undated(claim):
            return _decided("anachronism", claim, [*independent, *by_others])
        if pd.notna(claim["names_source"]):
            return _decided("other_compiler", claim, independent)
        if _undated(claim) and (agreeing or not other):
            return _undecided("undated", rows)
        return _decided("contradicted", claim, independent)
    if deciding:
        return _decided("officials_only", claim, deciding)
    return _undecided(_why_undecided(claim, rows), rows)


def _says(row: Row) -> bool:
    """Whether a row says anything of its claim."""
    return pd.notna(row["says"])


def _why_undecided(claim: Row, rows: Sequence[Row]) -> str:
    """The first reason of rule 6 that applies to a claim without a row that decides."""
    same = [row for row in rows if (row["definition"], row["period"]) == ("same", "same")]
    if pd.notna(claim["since"]) and any(row["holds"] in ("yes", "core") for row in same):
        return "date_not_found"
    if telling := [row for row in rows if _says(row)]:
        return "definition_differs" if any(row["period"] == "same" for row in telling) else "period_differs"
    return "definition_differs" if rows else "no_evidence"


def _decided(verdict: str, claim: Row, rows: Sequence[Row]) -> dict[str, object]:
    counts = Counter(row["says"] for row in rows)
    words = [f"{n} {says if n == 1 else says.removesuffix('s')}" for says in SAYS if (n := counts[says])]
    return {
        "verdict": verdict,
        "reason": None,
        "found": None if verdict == "confirmed" else _found(claim, rows),
        "decided_by": "+".join(row["evidence_id"] for row in rows) or None,
        "basis": f"Of {len(rows)} {'row' if len(rows) == 1 else 'rows'} {', '.join(words)}.",
        "sources_read": joined(row["source_id"] for row in rows),
    }


def _by_ledger(claim: Row, ledger: Row) -> dict[str, object]:
    verdict, reason, basis = ledger["verdict"], None, ledger["basis"]
    if verdict == "contradicted" and pd.notna(claim["names_source"]):
        verdict = "other_compiler"
    elif verdict == "contradicted" and _undated(claim) and pd.notna(ledger["fits"]):
        verdict, reason = "undecided", "undated"
        basis += f" It would agree with {ledger['fits']:.0f}."
    return {
        "verdict": verdict,
        "reason": reason,
        "found": None if verdict in ("confirmed", "undecided") else ledger["found"],
        "decided_by": None,
        "basis": basis,
        "sources_read": ledger["sources_read"],
    }


def _undated(claim: Row) -> bool:
    """Whether the period of a figure was taken for want of another and ends before the time of writing (rule 5)."""
    return "undated" in str(claim["dating"]) and str(claim["period_end"])[:4] < claim["said"][:4]


def _undecided(reason: str, rows: Sequence[Row]) -> dict[str, object]:
    seen = (
        f"{len(rows)} {'row' if len(rows) == 1 else 'rows'} of evidence, none of which decides." if len(rows) else None
    )
    return {
        "verdict": "undecided",
        "reason": reason,
        "found": None,
        "decided_by": None,
        "basis": seen,
        "sources_read": joined(row["source_id"] for row in rows),
    }


def _found(claim: Row, rows: Sequence[Row]) -> str | None:
    """What the deciding rows give: the range of their values, their dates, and what they correct."""
    parts = []
    bounds = [bound for row in rows for bound in _bounds(row) if np.isfinite(bound)]
    if bounds and pd.notna(claim["qualifier"]):
        ends = " to ".join(dict.fromkeys(f"{bound:,.10g}" for bound in (min(bounds), max(bounds))))
        units = [claim["unit"], *(row["unit"] for row in rows)]
        unit = next((str(unit).replace("_", " ") for unit in units if pd.notna(unit)), "")
        parts.append({"count": ends, "rank": f"rank {ends}"}.get(unit, f"{ends} {unit}".strip()))
    if pd.notna(claim["since"]):
        parts += [date.replace("/", " to ") for date in _given(row["date"] for row in rows)]
    parts += _given(row["correction"] for row in rows)
    return "; ".join(parts) or None


def _given(cells: Iterable[object]) -> list[str]:
    """The cells that are filled in, each once, in their order."""
    return list(dict.fromkeys(cell for cell in cells if pd.notna(cell)))


def _dates_differ(claim: Row, rows: Sequence[Row]) -> bool:
    """Whether of several dates some agree with the claim's and some do not."""
    if pd.isna(claim["since"]):
        return False
    return len({says(claim, {**row, "holds": None}) for row in rows if pd.notna(row["date"])}) > 1


def _bounds(row: Row) -> tuple[float, float]:
    """The lowest and highest value of a row of evidence; an end that is not given is that of its value, or open."""
    value, low, high = (float(row[name]) if pd.notna(row[name]) else np.nan for name in ("value", "low", "high"))
    if np.isnan([value, low, high]).all():
        return np.nan, np.nan
    least = low if not np.isnan(low) else value if not np.isnan(value) else -np.inf
    most = high if not np.isnan(high) else value if not np.isnan(value) else np.inf
    return least, most


def _ends(date: str) -> tuple[str, str | None]:
    start, _, end = date.partition("/")
    return start, end or None


def arithmetic(evidence: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """The value of each arithmetic row by its evidence id (rule 8): the years between its two dated facts.

    With two decimals (days ÷ 365.25, the first day of a month) if both facts have a month or a day, else the
    difference of the years. Raises ValueError for a row without two facts, or with one that is not in `facts`.
    """
    dates = facts.set_index("fact_id")["date"]
    values = {}
    for row in evidence[evidence["kind"] == "arithmetic"].itertuples():
        ends = [row.from_fact, row.to_fact]
        if any(pd.isna(fact) or fact not in dates.index for fact in ends):
            raise ValueError(
                f"evidence, {row.evidence_id}: an arithmetic row names two facts of the table dated_facts."
            )
        start, end = (dates[fact] for fact in ends)
        whole = int(end[:4]) - int(start[:4])
        exact = len(start) > 4 and len(end) > 4
        values[row.evidence_id] = round((first_day(end) - first_day(start)).days / 365.25, 2) if exact else whole
    return pd.Series(values, dtype=float)
