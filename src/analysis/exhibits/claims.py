"""The exhibits on the document's claims: each checked figure, what the statistics say, the verdict and its rule."""

from __future__ import annotations

import pandas as pd

from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, scaled, spell
from analysis.methods.claims import TOLERANCE, VERDICTS
from analysis.methods.corpus import Chosen


def ledger(claims: pd.DataFrame) -> Exhibit:
    """The claims that statistics decide, with the checked values and the rule; `claims` is `claims.joined`."""
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
                scaled(v, u) for v, u in zip(checked["checked_low"], checked["unit_checked"], strict=True)
            ],
            "statistics, high": [
                scaled(v, u) for v, u in zip(checked["checked_high"], checked["unit_checked"], strict=True)
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
        sources=sources(checked, checked.assign(source_id=checked["sources_read"])),
        note=f"Confirmed: within the words’ range and {100 * TOLERANCE:.0f} %. Within the mirror band: between, or "
        "within "
        f"{100 * TOLERANCE:.0f} % of, the two countries’ records. Contradicted: neither. The rules were declared in "
        "the codebook before the claims were checked; a verdict "
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
        sources=sources(rows),
        folded=True,
    )


def said(chosen: Chosen, quantities: pd.DataFrame) -> Exhibit:
    """The document's own figures on the chosen areas, in the chosen text; `quantities` is the table of all."""
    rows = chosen.of(quantities)
    table = rows.assign(area=rows["area_id"].map(chosen.names))[
        ["area", "token", "metric", "subject", "period_start", "speaker", "paragraph"]
    ].rename(columns={"token": "words of the document", "period_start": "period"})
    return Exhibit(
        key="said",
        title=f"On these areas the document gives {len(table)} figures of its own",
        subtitle="Figures of the document by area, in its own words, with what they measure",
        alt=f"Table of {len(table)} figures.",
        table=table.fillna("").sort_values(["area", "paragraph"]).set_index("area"),
        sources=sources(quantities),
        folded=True,
    )
