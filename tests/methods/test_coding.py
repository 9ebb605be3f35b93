import krippendorff
import numpy as np
import pandas as pd
import pytest

from analysis.methods import coding

NAN = np.nan
A = [
    (1, "trade", True, "favourable", "done"),
    (2, "trade", True, "neutral", "done"),
    (3, "space", True, "favourable", "ongoing"),
    (3, "trade", False, "neutral", "done"),
    (4, "space", True, "mixed", "planned"),
]
B = [
    (1, "trade", True, "favourable", "done"),
    (2, "space", True, "neutral", "done"),
    (3, "space", False, "neutral", "ongoing"),
    (3, "trade", True, "neutral", "planned"),
    (5, "trade", True, "critical", "done"),
]
# Four coders and twelve units, with values missing: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
FOUR_CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


def table(rows, coder):
    frame = pd.DataFrame(rows, columns=coding.CODE).astype({"primary": "boolean"})
    return frame.assign(coder=coder, note=pd.NA)


@pytest.fixture
def passage_areas():
    return pd.concat([table(A, "a"), table(B, "b")], ignore_index=True)


@pytest.fixture
def passages():
    """Paragraph 6 repeats 3; 7 repeats the uncoded 5 of coder a."""
    return pd.DataFrame(
        {
            "paragraph": range(1, 8),
            "section": ["interview", "interview", "survey", "survey", "essay", "essay", "essay"],
            "duplicate_of": pd.array([None] * 5 + [3, 5], dtype="Int64"),
        }
    )


@pytest.fixture
def codes(passage_areas, passages):
    return coding.coded(passage_areas, passages, coder="a", counting="raw")


def rows(frame):
    return list(frame.astype(object).itertuples(index=False, name=None))


def test_codes_of_one_coder_carry_their_section(passage_areas, passages):
    found = coding.coded(passage_areas, passages, coder="a", counting="deduplicated")
    assert rows(found[["paragraph", "area_id", "section"]]) == [
        (1, "trade", "interview"),
        (2, "trade", "interview"),
        (3, "space", "survey"),
        (3, "trade", "survey"),
        (4, "space", "survey"),
    ]
    assert list(found) == ["paragraph", "area_id", "primary", "stance", "status", "section"]


def test_repeats_count_in_their_own_section_when_raw(codes):
    assert rows(codes[codes["paragraph"] > 4]) == [
        (6, "space", True, "favourable", "ongoing", "essay"),
        (6, "trade", False, "neutral", "done", "essay"),
    ]
    assert len(codes) == 7


def test_agreed_codes_keep_only_what_both_hold(passage_areas, passages):
    found = coding.coded(passage_areas, passages, coder="agreed", counting="deduplicated").fillna("")
    assert rows(found) == [
        (1, "trade", True, "favourable", "done", "interview"),
        (3, "space", False, "", "ongoing", "survey"),
        (3, "trade", False, "neutral", "", "survey"),
    ]


def test_codes_at_repeats_and_unknown_choices_are_refused(passage_areas, passages):
    with pytest.raises(ValueError, match="The coder 'c' is unknown; allowed are a, b, agreed."):
        coding.coded(passage_areas, passages, coder="c", counting="raw")
    with pytest.raises(ValueError, match="The counting 'both' is unknown"):
        coding.coded(passage_areas, passages, coder="a", counting="both")
    for paragraph in (6, 8):
        stray = pd.concat([passage_areas, table([(paragraph, "trade", True, "neutral", "done")], "a")])
        with pytest.raises(ValueError, match=f"Paragraph {paragraph} is coded; only first occurrences"):
            coding.coded(stray, passages, coder="a", counting="deduplicated")


def test_counts_by_section_stance_and_status(codes, passage_areas, passages):
    by_section = coding.area_by_section(codes)
    assert list(by_section) == ["interview", "survey", "essay"]
    assert by_section.to_numpy().tolist() == [[0, 2, 1], [2, 1, 1]]
    assert by_section.index.tolist() == ["space", "trade"]
    stances = coding.stances(codes, by="area_id")
    assert list(stances) == ["favourable", "neutral", "critical", "mixed", "not_agreed"]
    assert stances.to_numpy().tolist() == [[2, 0, 0, 1, 0], [1, 3, 0, 0, 0]]
    statuses = coding.statuses(codes, by="area_id")
    assert statuses.loc["space", ["done", "ongoing", "planned"]].tolist() == [0, 2, 1]
    agreed = coding.coded(passage_areas, passages, coder="agreed", counting="deduplicated")
    assert coding.stances(agreed, by="area_id")["not_agreed"].to_dict() == {"space": 1, "trade": 0}
    assert coding.stances(codes, by="section").loc["interview", ["favourable", "neutral"]].tolist() == [1, 1]


def test_rare_areas_on_which_nobody_differs_may_still_have_a_low_alpha():
    rows = [("area", 151, 100.0, 1.0, 4, 4), ("area", 151, 100.0, 1.0, 40, 40), ("area", 151, 98.0, 0.7, 4, 4)]
    columns = ["variable", "n", "percent_agreement", "low", "positives_a", "positives_b"]
    agreement = pd.DataFrame([*rows, ("stance", 200, 90.0, 0.8, None, None)], columns=columns)
    # 0.025^(1/151) = 0.9759, so 2.41 % may differ; p = 4/151: 2p(1 − p) = 0.0516, and 1 − 0.0241 ÷ 0.0516 = 0.53.
    # p = 40/151: 0.3895, and 0.94. Where they differ the bootstrap's own end stays.
    lowest = coding.lowest_alpha(agreement)
    assert lowest.round(2).tolist()[:3] == [0.53, 0.94, 0.70] and pd.isna(lowest.iloc[3])
    # What nobody or everybody puts under an area cannot agree by more than chance.
    none = agreement.iloc[:2].assign(positives_a=[0, 151], positives_b=[0, 151], low=float("nan"))
    assert coding.lowest_alpha(none).isna().all()


def test_effect_of_duplicates(codes, passage_areas, passages):
    single = coding.coded(passage_areas, passages, coder="a", counting="deduplicated")
    effect = coding.effect_of_duplicates(codes, single)
    assert effect.loc["space"].to_dict() == {"deduplicated": 2, "raw": 3, "added": 1}
    assert effect.loc["trade"].to_dict() == {"deduplicated": 3, "raw": 4, "added": 1}


def test_areas_that_meet(passage_areas, passages):
    sections = pd.Series({1: "x", 2: "x", 3: "x", 9: "y", 10: "z"})
    codes = pd.DataFrame(
        [(1, "p"), (1, "q"), (2, "p"), (3, "r"), (9, "q"), (10, "r")], columns=["paragraph", "area_id"]
    )
    codes["section"] = codes["paragraph"].map(sections)
    same = coding.co_occurrence(codes)
    assert same.to_numpy().tolist() == [[2, 1, 0], [1, 2, 0], [0, 0, 2]]
    # p and q: paragraphs 1 (both) and 2 (p, beside q); p and r: 2 and 3; q and r: 9 and 10 lie in two sections.
    near = coding.co_occurrence(codes, window=1)
    assert near.to_numpy().tolist() == [[2, 2, 2], [2, 2, 0], [2, 0, 2]]
    assert coding.co_occurrence(codes, window=2).loc["q", "r"] == 2  # paragraphs 1 and 3
    with pytest.raises(ValueError, match="The window is -1 paragraphs"):
        coding.co_occurrence(codes, window=-1)


def test_alpha_of_the_literature():
    four = pd.DataFrame(FOUR_CODERS).T
    assert coding.alpha(four, weights=np.ones((1, 12)))[0] == pytest.approx(0.743, abs=5e-4)
    # Two coders and ten articles, Krippendorff (2011), Computing Krippendorff's Alpha-Reliability:
    # 1 - (20 - 1) x 4 / (14 x 6).
    two = pd.DataFrame({"meg": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "owen": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]})
    assert coding.alpha(two, weights=np.ones((1, 10)))[0] == pytest.approx(1 - 76 / 84)


def test_weights_stand_for_repeated_units_as_the_package_counts_them():
    ratings = np.array(FOUR_CODERS)
    rng = np.random.default_rng(4)
    weights = rng.multinomial(12, np.full(12, 1 / 12), size=20)
    expected = [
        krippendorff.alpha(np.repeat(ratings, times, axis=1), level_of_measurement="nominal") for times in weights
    ]
    assert coding.alpha(pd.DataFrame(ratings.T), weights=weights) == pytest.approx(expected)


def test_alpha_is_undefined_without_variation():
    same = pd.DataFrame({"a": [1, 1, 0], "b": [1, 1, 0]})
    assert coding.alpha(same, weights=np.array([[1, 1, 1], [2, 1, 0]])).tolist() == [1, pytest.approx(NAN, nan_ok=True)]
    alone = pd.DataFrame({"a": [1, 2], "b": [NAN, NAN]})
    assert np.isnan(coding.alpha(alone, weights=np.ones((1, 2)))).all()


def test_agreement_by_hand():
    found = coding.agreement(table(A, "a"), table(B, "b"), areas=["border", "space", "trade"], replications=200)
    assert found["variable"].tolist() == ["area"] * 3 + ["primary", "stance", "status"]
    assert found["n"].tolist() == [5, 5, 5, 3, 3, 3]
    assert found["percent_agreement"].tolist() == pytest.approx([100, 60, 60, 100 / 3, 200 / 3, 200 / 3])
    # Trade: six of ten values present, two paragraphs differ: 1 - 9 x 2 / (6 x 4). Primary: four trade, two space,
    # two of three differ: 1 - 5 x 2 / (4 x 2). Status: values done 3, ongoing 2, planned 1: 1 - 5 x 2 / (36 - 14).
    expected = [NAN, 1 - 18 / 24, 1 - 18 / 24, 1 - 10 / 8, 1 - 5 / 9, 1 - 10 / 22]
    assert found["alpha"].tolist() == pytest.approx(expected, nan_ok=True)
    assert found["positives_a"].tolist()[:3] == [0, 2, 3]
    assert found["positives_b"].tolist()[:3] == [0, 2, 3]
    assert found.loc[3:, ["positives_a", "positives_b"]].isna().all(axis=None)
    border = found.iloc[0]
    assert border["undefined"] == 200 and np.isnan([border["low"], border["high"]]).all()
    rest = found.iloc[1:]
    assert ((rest["low"] <= rest["alpha"]) & (rest["alpha"] <= rest["high"])).all()


def test_interval_draws_whole_paragraphs():
    """Two pairs in one paragraph are drawn together: without the other paragraph, nothing varies."""
    a = table([(1, "trade", True, "mixed", "done"), (1, "space", False, "mixed", "done")], "a")
    a = pd.concat([a, table([(2, "trade", True, "neutral", "done")], "a")])
    found = coding.agreement(a, a, areas=["space", "trade"], replications=400).set_index("variable")
    # Either paragraph alone fills a draw of two with probability 1/4; pairs drawn singly would give 8/27 + 1/27.
    assert found.loc["stance", "undefined"] == pytest.approx(200, abs=40)
    assert found.loc["stance", ["alpha", "low", "high"]].tolist() == [1, 1, 1]


def test_interval_depends_on_the_seed_alone():
    def interval(seed):
        found = coding.agreement(table(A, "a"), table(B, "b"), areas=["space", "trade"], replications=50, seed=seed)
        return found[["low", "high"]].to_numpy().tolist()

    assert interval(1) == interval(1) != interval(2)


def test_agreement_needs_two_coders_and_known_areas():
    with pytest.raises(ValueError, match="Coder b has no codes"):
        coding.agreement(table(A, "a"), table([], "b"), areas=["space", "trade"])
    with pytest.raises(ValueError, match="Coder a has the area 'space'; known are trade."):
        coding.agreement(table(A, "a"), table(B, "b"), areas=["trade"])


def test_disagreements_are_listed():
    assert rows(coding.disagreements(table(A, "a"), table(B, "b")).fillna("")) == [
        (2, "space", "area", "absent", "present"),
        (2, "trade", "area", "present", "absent"),
        (2, "", "primary", "trade", "space"),
        (3, "", "primary", "space", "trade"),
        (3, "space", "stance", "favourable", "neutral"),
        (3, "trade", "status", "done", "planned"),
        (4, "space", "area", "present", "absent"),
        (5, "trade", "area", "absent", "present"),
    ]
    assert coding.disagreements(table(A, "a"), table(A, "b")).empty
