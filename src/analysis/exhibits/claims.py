"""The exhibits on the document's claims: each checked figure, what the statistics say, the verdict and its rule."""

from __future__ import annotations

import pandas as pd

from analysis.exhibits.exhibit import Exhibit, listed, number, spell

VERDICTS = {
    "confirmed": "confirmed",
    "within_mirror_band": "within the mirror band",
    "contradicted": "contradicted",
    "uncheckable": "uncheckable",
}


def joined(quantities: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """The document's quantities with their checks: `unit_checked` and `note_check` are the checks' own."""
    return quantities.merge(checks, on="quantity_id", suffixes=("", "_check")).rename(
        columns={"unit_check": "unit_checked"}
    )


def whole_years(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims on turnover of a whole year, for a chart of years: `year`, `value` (USD), `verdict`, `paragraph`."""
    rows = claims[claims["metric"].eq("turnover") & claims["unit"].eq("USD") & claims["period_start"].str.len().eq(4)]
    rows = rows[rows["period_start"].eq(rows["period_end"])]
    return rows.assign(year=rows["period_start"].astype(int))[["year", "value", "verdict", "paragraph"]]


def ledger(claims: pd.DataFrame) -> Exhibit:
    """The claims that statistics decide, with the checked values and the rule; `claims` joins quantities and checks."""
    checked = claims[claims["verdict"] != "uncheckable"]
    counts = checked["verdict"].map(VERDICTS).value_counts()
    table = pd.DataFrame(
        {
            "claim": checked["token"].to_numpy(),
            "what": checked["subject"].to_numpy(),
            "period": [
                start if start == end or pd.isna(end) else f"{start} to {end}"
                for start, end in zip(checked["period_start"], checked["period_end"], strict=True)
            ],
            "statistics, low": [
                _scaled(v, u) for v, u in zip(checked["checked_low"], checked["unit_checked"], strict=True)
            ],
            "statistics, high": [
                _scaled(v, u) for v, u in zip(checked["checked_high"], checked["unit_checked"], strict=True)
            ],
            "verdict": checked["verdict"].map(VERDICTS).to_numpy(),
            "basis": checked["basis"].to_numpy(),
        },
        index=pd.Index(checked["paragraph"].astype(str), name="paragraph"),
    )
    return Exhibit(
        key="claims",
        title=f"Of {spell(len(checked), 'checked figure')} of the document, "
        + listed([f"{n} {'is' if n == 1 else 'are'} {verdict}" for verdict, n in counts.items()]),
        subtitle="Figures of the document held against statistics, with the verdict and its basis",
        alt=f"Table of {spell(len(table), 'claim')}.",
        table=table.fillna(""),
        sources=["document", *dict.fromkeys(checked["source_id"].dropna())],
        note="Confirmed: within the words’ range and 5 %. Within the mirror band: between, or within 5 % of, the "
        "two countries’ "
        "records. Contradicted: neither. The rules were declared in the codebook before the claims were "
        "checked; a verdict "
        "says whether a figure agrees with these statistics, not who erred.",
    )


def uncheckable(claims: pd.DataFrame) -> Exhibit:
    """The claims that nothing here can decide, with the reason."""
    rows = claims[claims["verdict"] == "uncheckable"]
    reasons = rows["reason"].str.replace("_", " ").value_counts()
    table = pd.DataFrame(
        {
            "claim": rows["token"].to_numpy(),
            "what": rows["subject"].to_numpy(),
            "reason": rows["reason"].str.replace("_", " ").to_numpy(),
            "note": rows["note_check"].to_numpy(),
        },
        index=pd.Index(rows["paragraph"].astype(str), name="paragraph"),
    )
    return Exhibit(
        key="uncheckable",
        title=f"{spell(len(rows), 'figure')} cannot be checked here, most because there is {reasons.index[0]} "
        f"({number(reasons.iloc[0], 0)})",
        subtitle="Figures of the document without a verdict, and why",
        alt=f"Table of {spell(len(table), 'figure')}: "
        + listed([f"{n} {reason}" for reason, n in reasons.items()])
        + ".",
        table=table.fillna(""),
        sources=["document"],
        folded=True,
    )


def _scaled(value: float, unit: str) -> str:
    """A checked value as a reader reads it."""
    if pd.isna(value):
        return ""
    return (
        f"US$ {number(value / 1e9, 2)} bn" if unit == "USD" else f"{number(value)} {'%' if unit == 'percent' else unit}"
    )
