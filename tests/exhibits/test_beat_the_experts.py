"""The reader's score beside the experts', worked by hand, and what the form carries."""

import json
import re

import pandas as pd
import pytest

from analysis.exhibits.beat_the_experts import game
from analysis.methods.expectations import Outcomes, Register, Survey, WordScale


def register(statements, resolutions, bands=()):
    """Statements of two months from one text, with outcomes from another and one lexicon from a third."""
    statements["made_on"] = ["2018-01", "2018-02", *["2018-01"] * len(statements)][: len(statements)]
    classes = ["likely", "unlikely", "unstated"]
    scale = WordScale(
        pd.DataFrame(bands, columns=["lexicon", "phrase_class", "low_pct", "high_pct"]).assign(source_id="book"),
        pd.DataFrame({"lexicon": ["kent"], "place": [1], "name": ["Kent"]}),
        pd.DataFrame({"reading": "plain", "phrase_class": classes, "lexicon_class": ["likely", "unlikely", None]}),
    )
    by_rule = pd.DataFrame(columns=["statement_id", "basis", "source_id"])
    outcomes = Outcomes("criterion", resolutions.assign(source_id="news"), by_rule, {})
    return Register(statements.assign(source_id="text"), outcomes, Survey(*[pd.DataFrame()] * 3), scale)


@pytest.fixture
def played():
    statements = pd.DataFrame(
        [
            ("s001", "Ann", "ann", "likely", "up", "It <b>grows</b>", "Yes if it does."),
            ("s002", "Ann", "ann", "unstated", "same", "It stays", "Yes if it stays."),
            ("s003", "Bob", "bob", "unlikely", None, "It ends", "Yes if it ends."),
            ("s004", "Bob", "bob", "likely", None, "It waits", "Yes if it waits."),
            ("s005", "Eve", None, "likely", None, "Not an expert's", "Yes."),
        ],
        columns=["statement_id", "speaker", "expert_id", "phrase_class", "direction", "gist", "criterion"],
    )
    statements["known_when_made"] = [False, False, False, False, False]
    resolutions = pd.DataFrame(
        {
            "statement_id": ["s001", "s002", "s003", "s004", "s005"],
            "outcome": ["yes", "no", "partly", "unresolved", "yes"],
        }
    )
    return game(register(statements, resolutions, [("kent", "likely", 60, 80), ("kent", "unlikely", 20, 40)]))


def test_only_the_experts_statements_with_an_outcome_are_judged(played):
    assert played.table["statement_id"].tolist() == ["s001", "s002", "s003"]
    assert played.table["expert"].fillna(-1).tolist() == pytest.approx([0.7, -1, 0.3])
    assert played.table["no_change"].tolist() == [0, 1, 0.5], "grows, stays, and no direction"


def test_scores_by_hand(played):
    result = played.score({"s001": 0.9, "s003": 1}).table
    # Ann: s001 alone has a band. You (0.9−1)², she (0.7−1)², the naive rule says 0 to "grows".
    assert result.loc["Ann"].tolist() == pytest.approx([1, 0.01, 0.09, 1, 0.25])
    # Bob: came true in part, so 0.5. You (1−0.5)², he (0.3−0.5)².
    assert result.loc["Bob"].tolist() == pytest.approx([1, 0.25, 0.04, 0, 0])
    assert result.loc["all"].tolist() == pytest.approx([2, 0.13, 0.065, 0.5, 0.125])


def test_what_is_left_out_counts_as_even_odds(played):
    result = played.score({}).table
    assert result["you"].tolist() == result["50 %"].tolist()


@pytest.mark.parametrize("probability", [-0.1, 1.1, 70, float("nan")])
def test_a_probability_outside_0_to_1_is_refused(played, probability):
    with pytest.raises(ValueError, match="The probability of s001 is .*; it must lie between 0 and 1"):
        played.score({"s001": probability})


def test_an_unknown_statement_is_refused(played):
    with pytest.raises(ValueError, match="no statement 's005' to judge; allowed are s001, s002, s003"):
        played.score({"s005": 0.5})


def test_the_form_escapes_and_carries_its_data(played):
    html = played.html()
    assert "It &lt;b&gt;grows&lt;/b&gt;" in html and "<b>" not in html
    data = json.loads(re.search(r'class="game-data">(.*?)</script>', html)[1])
    assert [row["outcome"] for row in data] == ["yes", "no", "partly"] and data[1]["expert"] is None
    assert "3 statements of January 2018 and February 2018 to judge" in html
    assert html.count("<fieldset") == 3 and "http" not in re.sub(r"<script>.*", "", html)


def test_facts_that_were_known_and_words_without_a_band_leave_nothing_to_score():
    statements = pd.DataFrame(
        {
            "statement_id": ["s001", "s002"],
            "speaker": "Ann",
            "expert_id": "ann",
            "phrase_class": ["unstated", "unstated"],
            "known_when_made": [True, False],
            "direction": None,
            "gist": "It is",
            "criterion": "Yes if it is.",
        }
    )
    resolutions = pd.DataFrame({"statement_id": ["s001", "s002"], "outcome": "yes"})
    played = game(register(statements, resolutions))
    assert played.table["statement_id"].tolist() == ["s002"]
    assert "nothing to score" in played.score({"s002": 0.9}).title and "nan" not in played.score({}).title


def test_the_score_cites_the_statements_the_words_and_the_outcomes(played):
    assert played.score({}).sources == ["text", "book", "news"]
