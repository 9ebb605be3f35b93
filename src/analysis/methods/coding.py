"""Counting what the document's paragraphs are about, and how far two coders agree on it.

A code is a row of `passage_areas`: one coder puts one paragraph under one area, with a stance and a status; the
rules are in `data/document/CODEBOOK.md`. All functions take and return tables and change none.
"""

from collections.abc import Sequence
from typing import Literal

import krippendorff
import numpy as np
import pandas as pd

STANCES = ("favourable", "neutral", "critical", "mixed")
STATUSES = ("done", "ongoing", "planned", "promised", "hypothetical", "commentary")
NOT_AGREED = "not_agreed"
TENTATIVE = 0.667  # the alpha below which not even tentative conclusions may be drawn (Krippendorff, K. 2018)
CODE = ["paragraph", "area_id", "primary", "stance", "status"]
PAIR = ["paragraph", "area_id"]


def coded(
    passage_areas: pd.DataFrame,
    passages: pd.DataFrame,
    *,
    coder: Literal["a", "b", "agreed"],
    counting: Literal["deduplicated", "raw"],
) -> pd.DataFrame:
    """Return the codes of one coder, or those that both have.

    Args:
        coder: `agreed` keeps the paragraph and area pairs of both; `primary` is then true where both hold the
            area to be primary, and a stance or status on which they differ is empty.
        counting: `deduplicated` keeps first occurrences; under `raw` the codes of a first occurrence also
            stand for each paragraph that repeats it (`duplicate_of`), in the section of the repeat.

    Returns:
        `paragraph, area_id, primary, stance, status, section`, in the order of the first two.

    Raises:
        ValueError: for another coder or counting, and for a code at a paragraph that repeats another or is
            not in `passages`.
    """
    if counting not in ("deduplicated", "raw"):
        raise ValueError(f"The counting {counting!r} is unknown; allowed are deduplicated and raw.")
    by_coder = {name: passage_areas.loc[passage_areas["coder"] == name, CODE] for name in ("a", "b")}
    by_coder["agreed"] = _shared(by_coder["a"], by_coder["b"])
    if coder not in by_coder:
        raise ValueError(f"The coder {coder!r} is unknown; allowed are {', '.join(by_coder)}.")
    codes = by_coder[coder]
    repeats = passages.loc[passages["duplicate_of"].notna(), ["paragraph", "duplicate_of"]]
    first_occurrences = set(passages["paragraph"]) - set(repeats["paragraph"])
    stray = sorted(set(codes["paragraph"]) - first_occurrences)
    if stray:
        raise ValueError(f"Paragraph {stray[0]} is coded; only first occurrences in passages may be.")
    if counting == "raw":
        first = codes.rename(columns={"paragraph": "duplicate_of"})
        codes = pd.concat([codes, repeats.merge(first, on="duplicate_of")[CODE]])
    codes = codes.merge(passages[["paragraph", "section"]], on="paragraph")
    return codes.sort_values(PAIR, ignore_index=True)


def area_by_section(codes: pd.DataFrame) -> pd.DataFrame:
    """Return how many paragraphs of each section are coded with each area.

    One row an area that has codes, by name; one column a section that has codes, in the order of the document.
    A paragraph counts once under each of its areas, so columns do not add up to the paragraphs of a section.
    """
    in_order = codes.sort_values("paragraph", kind="stable")["section"].unique()
    return pd.crosstab(codes["area_id"], codes["section"]).reindex(columns=in_order)


def stances(codes: pd.DataFrame, *, by: Literal["area_id", "section"]) -> pd.DataFrame:
    """Return how many codes of each area, or of each section, have each stance.

    One row an area or section that has codes; one column a stance, and `not_agreed` where two coders differ.
    """
    return _counts(codes, by, "stance", STANCES)


def statuses(codes: pd.DataFrame, *, by: Literal["area_id", "section"]) -> pd.DataFrame:
    """Return how many codes of each area, or of each section, have each status; shape as in `stances`."""
    return _counts(codes, by, "status", STATUSES)


def lowest_alpha(agreement: pd.DataFrame) -> pd.Series:
    """Return the α below which that of an area may not lie, at 95 %, one a row of `agreement`; NaN but for areas, and
    for an area of all units or of none, which has no α.

    Where two coders never differ in n units the bootstrap has nothing to draw and its interval is a point. That none
    of n differ still allows a share d = 1 − 0.025^(1/n) of differences (the rule of three, at 97.5 %), and α is then
    1 − d ÷ 2p(1 − p) with p the share of units under the area: the fewer positives, the lower. Elsewhere it is `low`.
    """
    positives = agreement[["positives_a", "positives_b"]].astype(float).mean(axis=1) / agreement["n"]
    allowed = 1 - 0.025 ** (1 / agreement["n"])
    expected = 2 * positives * (1 - positives)
    rare = 1 - allowed / expected.where(expected > 0)
    return agreement["low"].where(agreement["percent_agreement"] < 100, rare).where(agreement["variable"] == "area")


def co_occurrence(codes: pd.DataFrame, *, window: int = 0) -> pd.DataFrame:
    """Return in how many paragraphs each pair of areas meets.

    A paragraph counts for a pair if it has one of the two areas and the other stands at most `window`
    paragraphs away in the same section; with 0, if it has both. The table is symmetric; its diagonal is the
    number of paragraphs of an area.

    Raises:
        ValueError: for a negative window.
    """
    if window < 0:
        raise ValueError(f"The window is {window} paragraphs; it must be 0 or more.")
    here = pd.crosstab([codes["paragraph"], codes["section"]], codes["area_id"]) > 0
    paragraphs, sections = (here.index.get_level_values(level).to_numpy() for level in (0, 1))
    close = np.abs(paragraphs[:, None] - paragraphs) <= window
    near = ((close & (sections[:, None] == sections)).astype(int) @ here.to_numpy(dtype=int)) > 0
    one_way = here.to_numpy(dtype=int).T @ near.astype(int)
    both = here.to_numpy(dtype=int).T @ here.to_numpy(dtype=int)  # counted from either side
    return pd.DataFrame(one_way + one_way.T - both, index=here.columns, columns=here.columns.rename(None))


def effect_of_duplicates(codes_raw: pd.DataFrame, codes_dedup: pd.DataFrame) -> pd.DataFrame:
    """Return the paragraphs of each area `deduplicated` and `raw`, and `added`, what the repeats add to it."""
    counts = pd.DataFrame(
        {"deduplicated": codes_dedup["area_id"].value_counts(), "raw": codes_raw["area_id"].value_counts()}
    )
    counts = counts.fillna(0).astype(int).sort_index()
    return counts.assign(added=counts["raw"] - counts["deduplicated"])


def agreement(
    a: pd.DataFrame, b: pd.DataFrame, *, areas: Sequence[str], replications: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Return how far two coders agree on the areas, and on primary area, stance and status.

    Each area is present or absent in each paragraph that at least one of them coded; the primary area is
    compared over the paragraphs that both coded, stance and status over the paragraph and area pairs of both.

    The interval is the percentile bootstrap: paragraphs are drawn with replacement, each with all its codes,
    and alpha is computed anew (Zapf, A. et al. 2016, BMC Medical Research Methodology 16:93). The bootstrap of
    Hayes, A. F. & Krippendorff, K. (2007), Communication Methods and Measures 1(1), holds the expected
    disagreement fixed and draws from the coincidences instead; in the simulations of Zapf et al. its
    intervals held the true value far too seldom. Draws without variation have no alpha and are left out.

    Args:
        a, b: codes of the two, first occurrences only (`coded` with `deduplicated`).
        areas: every area of the codebook, also one that nobody used.

    Returns:
        One row an area in the order given, then one each for primary, stance and status: `variable` (area,
        primary, stance, status), `area_id` (empty but for areas), `n` units compared, `percent_agreement`,
        `alpha`, `low` and `high` (ends of the 95 % interval), `undefined` (draws without alpha), `positives_a`
        and `positives_b` (paragraphs that each put under the area). Alpha, low and high are NaN where all
        units have one and the same value, as for an area that nobody used; see `alpha`.

    Raises:
        ValueError: if a coder has no codes, or one for an area that is not in `areas`.
    """
    coders = {"a": a, "b": b}
    for name, codes in coders.items():
        if codes.empty:
            raise ValueError(f"Coder {name} has no codes; agreement needs two coders.")
        unknown = sorted(set(codes["area_id"]) - set(areas))
        if unknown:
            raise ValueError(f"Coder {name} has the area {unknown[0]!r}; known are {', '.join(areas)}.")
    paragraphs = pd.Index(sorted(set(a["paragraph"]) | set(b["paragraph"])))
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(paragraphs), np.full(len(paragraphs), 1 / len(paragraphs)), size=replications)

    def compare(ratings: pd.DataFrame, at: pd.Index) -> dict[str, float]:
        alphas = alpha(ratings, weights=draws[:, paragraphs.get_indexer(at)])
        defined = alphas[~np.isnan(alphas)]
        low, high = np.percentile(defined, [2.5, 97.5]) if defined.size else (np.nan, np.nan)
        same = 100 * (ratings.iloc[:, 0] == ratings.iloc[:, 1]).mean()
        return {
            "n": len(ratings),
            "percent_agreement": same,
            "alpha": _package_alpha(ratings),
            "low": low,
            "high": high,
        } | {"undefined": replications - defined.size}

    rows = []
    for area in areas:
        with_area = {name: codes.loc[codes["area_id"] == area, "paragraph"] for name, codes in coders.items()}
        present = pd.DataFrame({name: paragraphs.isin(numbers) for name, numbers in with_area.items()})
        positives = {f"positives_{name}": len(numbers) for name, numbers in with_area.items()}
        rows.append({"variable": "area", "area_id": area} | compare(present, paragraphs) | positives)
    primary = _primary(a, b)
    rows.append({"variable": "primary"} | compare(primary, primary.index))
    pairs = a.merge(b, on=PAIR, suffixes=("_a", "_b"))
    for variable in ("stance", "status"):
        ratings = pairs[[f"{variable}_a", f"{variable}_b"]]
        rows.append({"variable": variable} | compare(ratings, pd.Index(pairs["paragraph"])))
    return pd.DataFrame(rows).astype({"area_id": "str", "positives_a": "Int64", "positives_b": "Int64"})


def _package_alpha(ratings: pd.DataFrame) -> float:
    """Alpha by the package krippendorff; its own calls are too slow for a bootstrap, for which `alpha` stands in."""
    codes, _ = pd.factorize(ratings.to_numpy().ravel(), use_na_sentinel=True)
    if len(set(codes)) < 2:
        return np.nan
    units = np.where(codes < 0, np.nan, codes).reshape(ratings.shape)
    return krippendorff.alpha(reliability_data=units.T, level_of_measurement="nominal")


def alpha(ratings: pd.DataFrame, *, weights: np.ndarray) -> np.ndarray:
    """Krippendorff's alpha for nominal values, once for each row of weights.

    α = 1 − D_o ÷ D_e = 1 − (n − 1) · Σ_u w_u (m_u − Σ_c n_uc (n_uc − 1) ÷ (m_u − 1)) ÷ (n² − Σ_c n_c²), with n_uc
    the coders who gave unit u the value c, m_u its values, w_u its weight, n_c = Σ_u w_u n_uc and n = Σ_c n_c, over
    the units with at least two values (Krippendorff, K. 2018, Content Analysis, 4th ed.). It is 1 for
    perfect agreement and 0 for what chance would give, and undefined (NaN) where there is no variation: all
    values the same, or nothing to compare.

    Args:
        ratings: one row a unit, one column a coder; empty where a coder gave none.
        weights: one row a sample, one column a unit: how often the unit counts in it.

    Returns:
        One alpha a row of `weights`.
    """
    codes, values = pd.factorize(ratings.to_numpy().ravel())
    counts = (codes.reshape(*ratings.shape, 1) == np.arange(len(values))).sum(axis=1)
    counts = counts * (counts.sum(axis=1, keepdims=True) >= 2)
    of_unit = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1) / np.maximum(of_unit - 1, 1)
    of_value = weights @ counts
    n = of_value.sum(axis=1)
    expected = n**2 - (of_value**2).sum(axis=1)
    ratio = np.full(len(weights), np.nan)
    np.divide((n - 1) * (weights @ (of_unit - agreeing)), expected, out=ratio, where=expected > 0)
    return 1 - ratio


def disagreements(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return every point on which two coders differ, in the order of paragraphs.

    Columns: `paragraph`, `area_id`, `variable`, `value_a`, `value_b`. The variable is area (present or absent),
    primary (the two areas; `area_id` is empty), stance or status.
    """
    both = a[PAIR].merge(b[PAIR], on=PAIR, how="outer", indicator="found")
    alone = both[both["found"] != "both"]
    by_a = (alone["found"] == "left_only").to_numpy()
    parts = [
        alone[PAIR].assign(
            variable="area",
            value_a=np.where(by_a, "present", "absent"),
            value_b=np.where(by_a, "absent", "present"),
        )
    ]
    primary = _primary(a, b).set_axis(["value_a", "value_b"], axis=1).reset_index()
    parts.append(primary.assign(variable="primary"))
    pairs = a.merge(b, on=PAIR, suffixes=("_a", "_b"))
    for variable in ("stance", "status"):
        named = {f"{variable}_a": "value_a", f"{variable}_b": "value_b"}
        parts.append(pairs[[*PAIR, *named]].rename(columns=named).assign(variable=variable))
    found = pd.concat(parts)[[*PAIR, "variable", "value_a", "value_b"]]
    found = found[found["value_a"] != found["value_b"]]
    return found.sort_values(["paragraph", "variable", "area_id"], ignore_index=True)


def _shared(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    pairs = a.merge(b, on=PAIR, suffixes=("", "_b"))
    same = {name: pairs[name].where(pairs[name] == pairs[f"{name}_b"]) for name in ("stance", "status")}
    return pairs.assign(primary=pairs["primary"] & pairs["primary_b"], **same)[CODE]


def _primary(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """One row a paragraph that both coded, with the primary area of each."""
    primary = [codes[codes["primary"]].set_index("paragraph")["area_id"] for codes in (a, b)]
    return pd.concat(primary, axis=1, join="inner", keys=["a", "b"])


def _counts(codes: pd.DataFrame, by: str, column: str, values: Sequence[str]) -> pd.DataFrame:
    counts = pd.crosstab(codes[by], codes[column].fillna(NOT_AGREED))
    return counts.reindex(columns=[*values, NOT_AGREED], fill_value=0)
