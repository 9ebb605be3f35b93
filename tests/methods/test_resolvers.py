"""Two resolvers: their agreement worked by hand, and which outcome counts."""

import pandas as pd
import pytest

from analysis.methods.resolvers import Resolvers, kappa

COLUMNS = ["statement_id", "outcome", "reason", "resolved_on", "evidence", "source_id", "note"]


def table(**outcomes):
    rows = [(key, value, None, "2018", f"seen by {key}", "news", None) for key, value in outcomes.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


@pytest.fixture
def resolvers():
    decided = table(s2="partly").assign(evidence="weighed", source_id="record").rename(columns={"evidence": "why"})
    return Resolvers(table(s1="yes", s2="yes", s3="no"), table(s2="no", s1="yes"), decided)


def test_kappa_by_hand():
    # Of 10, 4 are yes for both, 3 no for both and 1 partly for both: 8 equal. By the margins 5, 4, 1 and 5, 3, 2 chance
    # gives 0.5 × 0.5 + 0.4 × 0.3 + 0.1 × 0.2 = 0.39, so kappa is (0.8 − 0.39) ÷ (1 − 0.39).
    a = pd.Series(["yes"] * 5 + ["no"] * 4 + ["partly"])
    b = pd.Series(["yes"] * 4 + ["partly"] + ["no"] * 3 + ["yes", "partly"])
    assert kappa(a, b) == pytest.approx(0.41 / 0.61)
    assert kappa(b, a) == kappa(a, b)


def test_kappa_at_its_ends():
    yes_no = pd.Series(["yes", "no"])
    assert kappa(yes_no, yes_no) == 1
    assert kappa(yes_no, yes_no[::-1]) == -1, "each is wrong where the other is right: worse than chance"
    assert kappa(pd.Series(["yes", "yes", "no", "no"]), pd.Series(["yes", "no", "yes", "no"])) == 0
    only_yes, nothing = pd.Series(["yes", "yes"]), pd.Series([], dtype="str")
    assert pd.isna(kappa(only_yes, only_yes)) and pd.isna(kappa(nothing, nothing))


def test_only_what_both_resolved_is_compared(resolvers):
    assert resolvers.pairs.to_dict("index") == {
        "s1": {"first": "yes", "second": "yes"},
        "s2": {"first": "yes", "second": "no"},
    }
    assert resolvers.differences.index.tolist() == ["s2"]


def test_the_adjudicated_outcome_counts_and_else_the_first(resolvers):
    counted = resolvers.counted.set_index("statement_id")
    assert counted["outcome"].to_dict() == {"s1": "yes", "s2": "partly", "s3": "no"}
    assert counted.loc["s2", ["evidence", "source_id"]].tolist() == ["weighed", "record"]
    assert counted.loc["s1", "evidence"] == "seen by s1"
    assert resolvers.counted.columns.tolist() == COLUMNS
    assert resolvers.first["outcome"].tolist() == ["yes", "yes", "no"], "both stay as they are"


def test_a_difference_is_adjudicated_and_an_equal_pair_is_not(resolvers):
    assert resolvers.problems() == []
    bare = Resolvers(resolvers.first, resolvers.second, resolvers.adjudications.iloc[:0])
    (problem,) = bare.problems()
    assert problem.startswith("adjudications: s2 has the outcome yes in resolutions and no in second_resolutions, and")
    assert Resolvers(resolvers.first, resolvers.first, resolvers.adjudications).problems() == [
        "adjudications, s2: resolutions and second_resolutions do not differ; there is nothing to decide."
    ]
