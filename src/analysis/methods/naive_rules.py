"""What words scored beside rules that know nothing, on the same statements.

A forecaster who can tell what will come from what will not is known by a Brier score below that of one probability for
everything. Where nothing failed there is nothing to tell apart: the score of the base rate is then 0, and no
discrimination can be measured (the `uncertainty` of Murphy, A. H. 1973, Journal of Applied Meteorology 12(4)).
"""

import pandas as pd

from analysis.methods.scoring import OUTCOMES, brier

PARTLY = ("yes", "no")  # as what an outcome between the two is counted


def beside_naive_rules(
    statements: pd.DataFrame, outcomes: pd.DataFrame, bands: pd.DataFrame, *, partly: str
) -> dict[str, float]:
    """Return the mean Brier scores of words and of naive rules over the statements that have a band and an outcome.

    Args:
        statements: `statement_id` and `phrase_class`; outcomes: `statement_id` and `outcome`.
        bands: `phrase_class`, `low_pct` and `high_pct`, one row a class; a class without both ends is not scored.
        partly: one of `PARTLY`.

    Returns:
        `n`, scored; `failed`, scored and not come true at all; `words_best`, `words_mid`, `words_worst`, of the best
        point, the middle and the worst end of each band; `always`, of 100 % for everything; `base_rate`, of the share
        that came true, which is known only afterwards; `even`, of 50 %. NaN where nothing is scored.
    """
    counted = {**OUTCOMES, "partly": OUTCOMES[partly]}
    rows = statements[["statement_id", "phrase_class"]].merge(outcomes[["statement_id", "outcome"]], on="statement_id")
    rows = rows.merge(bands[["phrase_class", "low_pct", "high_pct"]], on="phrase_class")
    rows = rows[rows["outcome"].isin(list(OUTCOMES))].dropna(subset=["low_pct", "high_pct"])
    came = rows["outcome"].map(counted).to_numpy(dtype=float)
    low, high = (rows[end].to_numpy(dtype=float) / 100 for end in ("low_pct", "high_pct"))
    scores = {
        "words_best": brier(came.clip(low, high), came),
        "words_mid": brier((low + high) / 2, came),
        "words_worst": brier(low, came).clip(min=brier(high, came)),
        "always": brier(1.0, came),
        "base_rate": brier(came.mean(), came) if len(came) else came,
        "even": brier(0.5, came),
    }
    means = {name: float(score.mean()) if len(score) else float("nan") for name, score in scores.items()}
    return {"n": len(rows), "failed": int(rows["outcome"].eq("no").sum())} | means
