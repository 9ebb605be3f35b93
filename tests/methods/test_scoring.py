"""Scores against hand-worked cases and against scikit-learn, scipy and statsmodels."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import xlogy

from analysis.methods import scoring

NAN = np.nan


def frame(rows, columns):
    return pd.DataFrame(rows, columns=columns.split())


@pytest.fixture
def lexicons():
    return frame(
        [
            ("narrow", "likely", 60, 80),
            ("narrow", "unlikely", 20, 40),
            ("narrow", "possible", NAN, NAN),
            ("wide", "likely", 50, 100),
            ("wide", "unlikely", 0, 50),
        ],
        "lexicon phrase_class low_pct high_pct",
    )


@pytest.fixture
def statements():
    rows = [
        ("s1", "A", "likely", "up", True),
        ("s2", "A", "likely", "same", True),
        ("s3", "A", "unlikely", None, True),
        ("s4", "A", "possible", "up", True),  # no band: never scored
        ("s5", "A", "likely", "up", False),  # cannot be resolved
        ("s6", "B", "planned", "up", True),  # a class that no lexicon has
        ("s7", "B", "likely", "up", True),  # not resolved
    ]
    table = frame(rows, "statement_id speaker phrase_class direction resolvable")
    return table.astype({"resolvable": "boolean"}).assign(
        criterion="what must be observed", expert_id=None, question_id="q1", made_on="2018-01"
    )


@pytest.fixture
def resolutions():
    rows = [("s1", "yes"), ("s2", "no"), ("s3", "partly"), ("s4", "yes"), ("s6", "yes"), ("s7", "unresolved")]
    return frame(rows, "statement_id outcome").assign(resolved_on="2019-01-15")


def ranges_of(statements, resolutions, lexicons, **options):
    options = {"lexicon": "narrow"} | options
    return scoring.score_ranges(statements, resolutions, lexicons, **options).set_index("speaker")


def test_brier_and_log_score_by_hand():
    assert scoring.brier([0.9, 0.2, 0.5], [1, 0, 0.5]) == pytest.approx([0.01, 0.04, 0])
    assert scoring.brier(1, 0) == 1
    assert scoring.log_score([0.5, 0.25], [1, 1]) == pytest.approx([np.log(2), np.log(4)])
    assert scoring.log_score(0.5, 0.5) == pytest.approx(np.log(2))  # true in part: half of either


def test_log_score_is_the_cross_entropy():
    p = np.array([0.05, 0.3, 0.62, 0.97])
    outcome = np.array([0, 1, 0.5, 1])
    assert scoring.log_score(p, outcome) == pytest.approx(-(xlogy(outcome, p) + xlogy(1 - outcome, 1 - p)))


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 1)), min_size=1, max_size=40))
def test_scores_are_those_of_scikit_learn(pairs):
    from sklearn.metrics import brier_score_loss, log_loss  # half a second, which no other test need wait for

    p, outcome = np.array(pairs, dtype=float).T
    p = p / 100
    assert scoring.brier(p, outcome).mean() == pytest.approx(brier_score_loss(outcome, p, pos_label=1))
    clipped = np.clip(p, 0.01, 0.99)  # ours clips at 0.01, theirs at the smallest number above 0
    assert scoring.log_score(p, outcome).mean() == pytest.approx(log_loss(outcome, clipped, labels=[0, 1]))


def test_log_score_of_certainty_is_clipped():
    assert scoring.log_score(0, 1) == pytest.approx(-np.log(0.01))
    assert scoring.log_score(1, 1) == pytest.approx(-np.log(0.99))
    assert scoring.log_score(0, 1, clip=0.1) == pytest.approx(-np.log(0.1))
    with pytest.raises(ValueError, match="between 0 and 0.5"):
        scoring.log_score(0.5, 1, clip=0.5)


@pytest.mark.parametrize("score", [scoring.brier, scoring.log_score])
@pytest.mark.parametrize(
    ("p", "outcome", "what"), [(1.01, 1, "probability 1.01"), (-0.1, 1, "probability"), (0.5, 2, "outcome 2")]
)
def test_outside_the_unit_interval_is_refused(score, p, outcome, what):
    with pytest.raises(ValueError, match=f"{what}.* not from 0 to 1"):
        score([0.5, p], [1, outcome])


def test_a_missing_probability_is_refused():
    with pytest.raises(ValueError, match="nan"):
        scoring.brier(NAN, 1)


def test_score_ranges_by_hand(statements, resolutions, lexicons):
    row = ranges_of(statements, resolutions, lexicons).loc["A"]
    assert (row["statements"], row["resolvable"], row["resolved"], row["n"]) == (5, 4, 4, 3)
    # s1 yes in 60–80 %: .2² .3² .4² · s2 no: .6² .7² .8² · s3 partly in 20–40 %: at best a no, .2², at worst a yes, .8²
    assert row["brier_best"] == pytest.approx((0.04 + 0.36 + 0.04) / 3)
    assert row["brier_mid"] == pytest.approx((0.09 + 0.49 + 0.04) / 3)  # s3: .2² against one half
    assert row["brier_worst"] == pytest.approx((0.16 + 0.64 + 0.64) / 3)
    assert row["log_best"] == pytest.approx((-np.log(0.8) - np.log(0.4) - np.log(0.8)) / 3)


def test_a_band_that_holds_the_outcome_is_perfect_at_best(statements, resolutions, lexicons):
    row = ranges_of(statements, resolutions, lexicons, lexicon="wide").loc["A"]
    # s1 yes in 50–100 %: 0 to .25 · s2 no: .25 to 1 · s3 partly in 0–50 %: 0 as a no at 0, 1 as a yes at 0
    assert (row["brier_best"], row["brier_worst"]) == (pytest.approx(0.25 / 3), pytest.approx(2.25 / 3))
    assert row["log_worst"] == pytest.approx((np.log(2) - 2 * np.log(0.01)) / 3)


def test_a_speaker_without_a_scored_statement_is_counted_and_unscored(statements, resolutions, lexicons):
    row = ranges_of(statements, resolutions, lexicons).loc["B"]
    assert (row["statements"], row["resolved"], row["n"]) == (2, 1, 0)
    assert row[["brier_best", "brier_worst", "brier_low", "log_mid"]].isna().all()


def test_a_band_without_an_end_scores_nothing(statements, resolutions, lexicons):
    open_ended = lexicons.assign(high_pct=[NAN, 40, NAN, 100, 50])
    assert ranges_of(statements, resolutions, open_ended).loc["A", "n"] == 1


def test_one_statement_has_no_interval(statements, resolutions, lexicons):
    row = ranges_of(statements, resolutions[resolutions["statement_id"] == "s1"], lexicons).loc["A"]
    assert (row["n"], row["brier_mid"]) == (1, pytest.approx(0.09))
    assert np.isnan(row["brier_low"]) and np.isnan(row["brier_high"])


def test_the_interval_is_the_bootstrap_of_best_and_worst(statements, resolutions, lexicons):
    two = resolutions[resolutions["statement_id"].isin(["s1", "s2"])]
    row = ranges_of(statements, two, lexicons).loc["A"]
    # Of two statements a quarter of the draws holds one twice, so both tails are the statements themselves.
    assert (row["brier_low"], row["brier_high"]) == (pytest.approx(0.04), pytest.approx(0.64))
    assert row["brier_low"] < row["brier_best"] < row["brier_worst"] < row["brier_high"]


def test_the_interval_is_repeatable_and_of_the_speaker_alone(statements, resolutions, lexicons):
    more = resolutions.replace({"outcome": {"unresolved": "no"}})
    ends = ["brier_low", "brier_high", "log_low", "log_high"]
    alone = ranges_of(statements[statements["speaker"] == "A"], resolutions, lexicons)
    assert ranges_of(statements, more, lexicons).loc["A", ends].equals(alone.loc["A", ends])


def test_the_seed_decides_the_draws(lexicons):
    ids = [f"s{i}" for i in range(40)]
    rows = [(i, "A", "likely" if n % 3 else "unlikely", None, True) for n, i in enumerate(ids)]
    many = frame(rows, "statement_id speaker phrase_class direction resolvable")
    came = frame([(i, "yes" if n % 2 else "no") for n, i in enumerate(ids)], "statement_id outcome")
    first, again, other = (ranges_of(many, came, lexicons, seed=seed).loc["A", "log_low"] for seed in (1, 1, 2))
    assert first == again != other


def test_score_ranges_change_no_argument(statements, resolutions, lexicons):
    before = [table.copy() for table in (statements, resolutions, lexicons)]
    ranges_of(statements, resolutions, lexicons)
    for table, copy in zip((statements, resolutions, lexicons), before, strict=True):
        pd.testing.assert_frame_equal(table, copy)


def test_score_ranges_refuse(statements, resolutions, lexicons):
    with pytest.raises(ValueError, match="'kent' is unknown; known are narrow, wide"):
        ranges_of(statements, resolutions, lexicons, lexicon="kent")
    with pytest.raises(ValueError, match="s1 has two resolutions"):
        ranges_of(statements, pd.concat([resolutions, resolutions.head(1)]), lexicons)
    with pytest.raises(ValueError, match="likely has two bands"):
        ranges_of(statements, resolutions, pd.concat([lexicons, lexicons.head(1)]))
    with pytest.raises(ValueError, match="likely: the low end"):
        ranges_of(statements, resolutions, lexicons.assign(low_pct=[90, 20, NAN, 50, 0]))
    with pytest.raises(ValueError, match="probability 1.2 is not"):
        ranges_of(statements, resolutions, lexicons.assign(high_pct=[120, 40, NAN, 100, 50]))


RANGES = "lexicon speaker n brier_low brier_high"


def test_ranking_where_every_lexicon_and_interval_agrees():
    rows = [(x, s, n, low, high) for x in "LM" for s, n, low, high in
            [("A", 10, 0.1, 0.2), ("B", 30, 0.5, 0.6), ("C", 12, 0.3, 0.4)]]  # fmt: skip
    ranked = scoring.ranking(frame(rows, RANGES)).set_index("speaker")
    assert list(ranked["rank"]) == [1, 3, 2]
    assert list(ranked["ahead_of"]) == ["B, C", "", "B"]
    assert list(ranked["n"]) == [10, 30, 12]
    assert set(ranked["verdict"]) == {"ranked"}


@pytest.mark.parametrize(
    ("second_lexicon", "verdict"),
    [
        ([("M", "A", 10, 0.1, 0.35), ("M", "B", 10, 0.3, 0.4)], "not told apart"),  # the intervals meet
        ([("M", "A", 10, 0.1, 0.3), ("M", "B", 10, 0.3, 0.4)], "not told apart"),  # they touch
        ([("M", "A", 10, 0.5, 0.6), ("M", "B", 10, 0.3, 0.4)], "not told apart"),  # the other way round
        ([("M", "A", 9, 0.1, 0.2), ("M", "B", 10, 0.3, 0.4)], "too few to rank"),
        ([("M", "A", 10, 0.1, 0.2), ("M", "B", 0, NAN, NAN)], "too few to rank"),  # unscored
        ([("M", "A", 10, 0.1, 0.2)], "too few to rank"),  # absent
    ],
)
def test_ranking_that_one_lexicon_does_not_bear_out(second_lexicon, verdict):
    rows = [("L", "A", 10, 0.1, 0.2), ("L", "B", 10, 0.3, 0.4), *second_lexicon]
    ranked = scoring.ranking(frame(rows, RANGES))
    assert ranked["rank"].isna().all()
    assert set(ranked["verdict"]) == {verdict}
    assert set(ranked["ahead_of"]) == {""}


def test_a_speaker_who_is_apart_from_some_only_has_no_rank():
    rows = [("L", "A", 10, 0.1, 0.2), ("L", "B", 10, 0.15, 0.35), ("L", "C", 10, 0.3, 0.4), ("L", "D", 10, 0.5, 0.6)]
    ranked = scoring.ranking(frame(rows, RANGES))
    assert list(ranked["ahead_of"]) == ["C, D", "D", "D", ""]
    assert list(ranked["verdict"]) == ["not told apart"] * 3 + ["ranked"]
    assert ranked.loc[3, "rank"] == 4
    # A and B are level with C now, who has too few to be told from anybody.
    few = frame([row if row[1] != "C" else ("L", "C", 9, 0.3, 0.4) for row in rows], RANGES)
    assert list(scoring.ranking(few)["verdict"]) == ["too few to rank"] * 4


def test_one_speaker_has_no_rank():
    assert list(scoring.ranking(frame([("L", "A", 50, 0.1, 0.2)], RANGES))["verdict"]) == ["too few to rank"]


def positions(stances):
    rows = [(e, q, s) for q, by in stances.items() for e, s in by.items()]
    return frame(rows, "expert_id question_id stance")


def test_agreement_of_experts():
    found = scoring.expert_agreement(
        positions(
            {
                "q1": {"x": "optimistic", "y": "optimistic", "z": "neutral"},
                "q2": {"x": "neutral", "y": "pessimistic", "z": None},
                "q3": {"x": "cautious", "y": None, "z": None},
            }
        )
    )
    assert found.matrix.loc["q2", "y"] == "pessimistic"
    # q3 has one answer and does not count.
    # Five values: 2 optimistic (o), 2 neutral (n), 1 pessimistic (p). Coincidences each way: o–n 1 (two pairs of
    # q1 ÷ (3 − 1)), n–p 1. Ordinal distances: o–n (2 + 2 − (2 + 2) ÷ 2)² = 4, n–p (2 + 1 − 3 ÷ 2)² = 2.25, o–p
    # (2 + 2 + 1 − 3 ÷ 2)² = 12.25. D_o = 2 (4 + 2.25) ÷ 5 = 2.5, D_e = 2 (4·4 + 2·2.25 + 2·12.25) ÷ (5·4) = 4.5.
    assert found.alpha == pytest.approx(1 - 2.5 / 4.5)


def test_ordinal_alpha_of_the_published_example():
    # Four coders, twelve units: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: ordinal α = 0.815.
    coders = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
    stances = {
        f"q{unit}": {f"e{e}": scoring.OUTLOOKS[value - 1] if value else None for e, value in enumerate(values)}
        for unit, values in enumerate(zip(*coders, strict=True))
    }
    assert scoring.expert_agreement(positions(stances)).alpha == pytest.approx(0.815, abs=5e-4)


def test_agreement_without_variation_or_without_a_pair_has_no_alpha():
    same = scoring.expert_agreement(positions({"q1": {"x": "neutral", "y": "neutral"}}))
    assert np.isnan(same.alpha)
    lone = scoring.expert_agreement(positions({"q1": {"x": "neutral"}, "q2": {"y": "cautious"}}))
    assert np.isnan(lone.alpha)


def test_agreement_refuses():
    cell = positions({"q1": {"x": "neutral"}})
    with pytest.raises(ValueError, match="x on q1 stands twice"):
        scoring.expert_agreement(pd.concat([cell, cell]))
    with pytest.raises(ValueError, match="'hopeful' is unknown"):
        scoring.expert_agreement(cell.assign(stance="hopeful"))


def check(statements, resolutions, lexicons):
    scoring.validate(statements, resolutions, lexicons, experts=["poletaev"], questions=["q1"])


def test_a_sound_ledger_is_valid(statements, resolutions, lexicons):
    check(statements, resolutions, lexicons)
    unresolved = frame([("s5", "unresolved", None)], "statement_id outcome resolved_on")
    check(statements, pd.concat([resolutions, unresolved]), lexicons.astype({"low_pct": "Int64"}))
    same_month = resolutions.assign(resolved_on="2018-01-01")  # not before a statement of some day of that month
    check(statements, same_month, lexicons)
    dates = pd.to_datetime(resolutions["resolved_on"])
    check(statements, resolutions.assign(resolved_on=dates), lexicons)


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "message"),
    [
        ("statements", 1, "criterion", None, "Statement s2: .* must have a criterion"),
        ("statements", 1, "criterion", " ", "Statement s2: .* must have a criterion"),
        ("statements", 2, "expert_id", "rekeda", "Statement s3: the expert_id 'rekeda' is unknown"),
        ("statements", 2, "question_id", "q5", "Statement s3: the question_id 'q5' is unknown"),
        ("resolutions", 0, "statement_id", "s99", "Resolution of s99: the statement is unknown"),
        ("resolutions", 0, "statement_id", "s5", "Resolution of s5: the outcome is yes, .* not resolvable"),
        ("resolutions", 0, "outcome", "maybe", "Resolution of s1: the outcome 'maybe' is unknown"),
        ("resolutions", 0, "resolved_on", "2017-12-31", "Resolution of s1: it is dated 2017-12-31, before .* 2018-01"),
        ("resolutions", 0, "resolved_on", "2017", "Resolution of s1: it is dated 2017, before"),
        ("lexicons", 0, "high_pct", 101, "Lexicon narrow, class likely: the band 60 to 101"),
        ("lexicons", 0, "low_pct", -1, "the band -1 to 80"),
        ("lexicons", 0, "low_pct", 90, "the band 90 to 80"),
        ("lexicons", 0, "low_pct", NAN, "the band nan to 80"),
    ],
)
def test_a_faulty_ledger_is_refused(statements, resolutions, lexicons, table, row, column, value, message):
    tables = {"statements": statements, "resolutions": resolutions, "lexicons": lexicons}
    tables[table] = tables[table].astype({column: object})
    tables[table].loc[row, column] = value
    with pytest.raises(ValueError, match=message):
        check(**tables)


def test_classes_are_read_by_the_table(statements):
    readings = frame(
        [("plain", "likely", "likely"), ("plain", "unlikely", None), ("bold", "likely", "certain")],
        "reading phrase_class lexicon_class",
    )
    known = statements[statements["phrase_class"].isin(["likely", "unlikely"])].assign(known_when_made=False)
    read = scoring.read_classes(known, readings, reading="plain")
    assert read["phrase_class"].isna().tolist() == known["phrase_class"].eq("unlikely").tolist()
    assert known["phrase_class"].notna().all(), "the table given stays as it was"
    facts = scoring.read_classes(known.assign(known_when_made=True), readings, reading="plain")
    assert facts["phrase_class"].isna().all(), "what was known when it was said is no forecast"
    with pytest.raises(ValueError, match="'shy' is unknown; known are bold, plain"):
        scoring.read_classes(known, readings, reading="shy")
    with pytest.raises(ValueError, match="Statement s3: the class 'unlikely' has no bold reading"):
        scoring.read_classes(known, readings, reading="bold")
