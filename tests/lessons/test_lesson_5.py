"""Lesson 5, Were the experts right?: its answers worked from the tables by hand, and answers as students type them."""

import pandas as pd
import pytest

from analysis.lessons import answers
from analysis.notebooks import folders

FORECASTS = folders.ROOT / "data" / "forecasts"
VALUE = {"yes": 1.0, "partly": 0.5, "no": 0.0}


def read(name):
    return pd.read_csv(FORECASTS / f"{name}.csv")


def of_experts(reading, lexicon="icd203"):
    """Experts' statements with outcome, band of a lexicon and direction, from the files alone."""
    rows = read("statements").query("expert_id.notna()")
    classes = read("class_readings").query("reading == @reading").set_index("phrase_class")["lexicon_class"]
    rows = rows[~rows["known_when_made"].astype(bool)].assign(word=lambda r: r["phrase_class"].map(classes))
    rows = rows.merge(read("resolutions")[["statement_id", "outcome"]], on="statement_id")
    decided = read("adjudications").set_index("statement_id")["outcome"]
    rows["outcome"] = rows["statement_id"].map(decided).fillna(rows["outcome"])
    bands = read("lexicons").query("lexicon == @lexicon")
    rows = rows.merge(bands[["phrase_class", "low_pct", "high_pct"]], left_on="word", right_on="phrase_class")
    rows["came"] = rows["outcome"].map(VALUE)
    rows["middle"] = (rows["low_pct"] + rows["high_pct"]) / 200
    return rows.dropna(subset=["came", "middle"])


def test_the_verdict_is_that_of_the_table():
    letters = dict(zip(["yes", "partly", "no", "unresolved"], "abcd", strict=True))
    outcome = read("resolutions").set_index("statement_id").loc["s086", "outcome"]
    assert answers.exercise("5.2").right == letters[outcome] == "b"


def test_the_width_and_the_score_by_hand():
    # ICD 203 begins at 55 %, the IPCC ends at 100 %.
    assert answers.exercise("5.3").right == 45
    # The middle of 55 to 80 % is 0.675, 0.325 below one.
    assert answers.exercise("5.4").right == pytest.approx(0.105625)


def beside_naive_rules():
    """The Brier scores of exercise 5.5, and of how many statements."""
    rows = of_experts("plain")
    same, other = rows["direction"] == "same", rows["direction"].isna()
    naive = same * 1.0 + other * 0.5
    scores = {
        "words": ((rows["middle"] - rows["came"]) ** 2).sum() / len(rows),
        "no change": ((naive - rows["came"]) ** 2).sum() / len(rows),
        "even odds": 0.25 * (rows["came"] != 0.5).sum() / len(rows),
    }
    return scores, len(rows)


def test_the_scores_beside_naive_rules():
    assert answers.exercise("5.5").right.to_dict() == pytest.approx(beside_naive_rules()[0])
    assert (of_experts("plain")["statement_id"] <= "s170").sum() == 19, "those that were counted by hand"


def middle_scores(reading, lexicon="icd203"):
    rows = of_experts(reading, lexicon)
    return ((rows["middle"] - rows["came"]) ** 2).groupby(rows["speaker"].str.lower()).mean()


@pytest.mark.parametrize("lexicon", ["kent", "efsa"])
def test_the_lowest_middle_score_depends_on_the_reading(lexicon):
    lowest = [middle_scores(reading, lexicon).idxmin() for reading in ("plain", "cautious")]
    assert lowest == ["eduard poletaev", "urazgali selteev"]


def test_two_experts_are_level_in_one_reading_and_apart_in_the_other():
    exercise = answers.exercise("5.6")
    plain, cautious = middle_scores("plain"), middle_scores("cautious")
    for scores, held, apart in ((plain, exercise.wrong[0][0], 0.001), (cautious, exercise.right, 0.032)):
        assert held.to_dict() == pytest.approx(scores.to_dict())
        assert scores["eduard poletaev"] - scores["urazgali selteev"] == pytest.approx(apart, abs=0.0005)


def test_the_margin_from_the_trade_table():
    table = pd.read_csv(folders.ROOT / "data" / "statistics" / "trade.csv")
    rates = {}
    for reporter, partner, source in (("KAZ", "RUS", "wits"), ("RUS", "KAZ", "fcs_annual")):
        rows = table.query("reporter == @reporter and partner == @partner and source_id == @source")
        turnover = rows.groupby("year")["value_usd"].sum()
        rates[reporter] = 100 * (turnover[2018] / turnover[2017] - 1)
    right = answers.exercise("5.8").right
    assert right - 1 < rates["RUS"] <= right < rates["KAZ"]


SCORES, STATEMENTS = beside_naive_rules()
RIGHT = [
    ("5.1", "D"),
    ("5.3", 100 - 55),
    ("5.4", round(0.325 * 0.325, 3)),
    ("5.5", {name: round(score, 3) for name, score in reversed(SCORES.items())}),
    ("5.6", middle_scores("cautious").round(4).rename(str.title)[::-1].to_dict()),
    ("5.8", 7.0),
]


@pytest.mark.parametrize(("number", "answer"), RIGHT)
def test_right_answers_as_students_type_them(number, answer):
    assert answers.check(number, answer).outcome == "right"


WRONG = [
    ("5.2", "a", "press account"),
    ("5.2", "partly", "one letter in quotes"),
    ("5.3", 80 - 55, "width of one band, that of ICD 203"),
    ("5.3", 0.45, "share of one"),
    ("5.4", 0.675 - 1**2, "put the difference in brackets"),
    ("5.4", 0.325, "the square of it"),
    ("5.4", 0.675**2, "had not come true"),
    ("5.4", (67.5 - 1) ** 2, "Percent and one were mixed"),
    ("5.5", {"words": 0.0750, "no_change": 0.1842, "even odds": 0.2105}, "no change is missing"),
    ("5.5", 0.0750, 'Write `{"words": 0, "no change": 0, "even odds": 0}`'),
    ("5.5", {name: score * STATEMENTS for name, score in SCORES.items()}, "is their mean"),
    ("5.6", middle_scores("plain").round(4).to_dict(), "plain reading"),
    ("5.7", "b", "five tables are not five times the evidence"),
    ("5.8", 6, "both ledgers still say up"),
    ("5.8", 6.5, "whole percent"),
    ("5.8", 10, "smaller margin already"),
    ("5.8", 13.1 - 6.3, "lie apart"),
]


@pytest.mark.parametrize(("number", "answer", "words"), WRONG)
def test_typical_errors_as_students_type_them(number, answer, words):
    verdict = answers.check(number, answer)
    assert verdict.outcome == "wrong" and words in verdict.words
