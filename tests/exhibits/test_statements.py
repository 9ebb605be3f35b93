"""The forecast report's exhibits on the repository's data and on small tables: what their sentences claim is in their
rows.
"""

import numpy as np
import pandas as pd
import pytest

from analysis.exhibits import statements as statement_exhibits
from analysis.exhibits.baselines import UNITS, compare, growth_by_books, officials
from analysis.methods import baselines, ledgers, resolution, scoring
from analysis.notebooks.parameters import ParameterError
from analysis.reports import rules
from analysis.tables.store import load

EXPERTS = statement_exhibits.names(load("experts"), "all")
QUESTIONS = statement_exhibits.gists(load("questions"), "all")
LEXICONS = list(statement_exhibits.LEXICONS)


@pytest.fixture(scope="module")
def found():
    return resolution.outcomes(
        load("resolution_rules"),
        trade=load("trade"),
        officials=load("officials_figures"),
        products=load("trade_products"),
        indicators=load("indicators"),
    )


@pytest.fixture(scope="module")
def read():
    return scoring.read_classes(load("statements"), load("class_readings"), reading="plain")


def test_the_choice_of_experts_questions_and_horizon():
    statements = load("statements")
    shown = statement_exhibits.chosen(statements, experts={"rekeda": ""}, questions={"q3": ""}, horizon_year=2017)
    assert set(shown["expert_id"].dropna()) <= {"rekeda"}
    assert (shown["horizon_end"].dropna().dt.year <= 2017).all()
    assert shown["horizon_end"].isna().any(), "a statement without a horizon stays"
    own = shown[shown["expert_id"].notna()]
    assert set(own["question_id"]) <= {"q3"}


@pytest.mark.parametrize("experts", ["poletaev", "rekeda", "selteev", "poletaev,selteev", "all"])
@pytest.mark.parametrize("questions", ["q1", "q3", "all"])
def test_every_choice_gives_sentences_that_can_be_read(read, experts, questions):
    who, asked = (
        statement_exhibits.names(load("experts"), experts),
        statement_exhibits.gists(load("questions"), questions),
    )
    shown = statement_exhibits.chosen(read, experts=who, questions=asked, horizon_year=2050)
    ours = shown[shown["expert_id"].notna()]
    ranges = statement_exhibits.score_under(LEXICONS, ours, load("resolutions"), load("lexicons"))
    for exhibit in (
        statement_exhibits.positions(load("positions"), experts=who, questions=asked),
        statement_exhibits.dissent(load("positions"), experts=who, questions=asked),
        statement_exhibits.scores(ranges, scoring.ranking(ranges)),
    ):
        words = f"{exhibit.title} {exhibit.alt} {exhibit.note}"
        assert "nan" not in words.lower().replace("finan", "") and len(exhibit.table), exhibit.key
        assert exhibit.html().startswith("<figure")


def test_the_ledger_carries_the_band_inline(read):
    ledger = statement_exhibits.ledger(read, load("resolutions"), load("lexicons"), chosen=["icd203"])
    # s112: "will focus on", a bare future, almost certain in the plain reading: 95 to 99 in ICD 203.
    assert ledger.table.loc["s112", "its words"].endswith("[95–99 %]")
    assert "[" not in ledger.table.loc["s061", "its words"], "a hope has no band in the plain reading"
    testable = load("statements")["resolvable"].mean()
    assert ledger.title.startswith(f"{100 * testable:.0f} % of {len(ledger.table)} ")
    assert set(ledger.table["outcome"]) == {"yes", "partly", "no", "unresolved", "not testable"}


def test_bands_of_several_lexicons_span_them_all(read):
    ledger = statement_exhibits.ledger(read, load("resolutions"), load("lexicons"), chosen=LEXICONS)
    bands = load("lexicons").query("phrase_class == 'likely'")
    low, high = bands["low_pct"].min(), bands["high_pct"].max()
    assert ledger.table.loc["s111", "its words"].endswith(f"[{low:.0f}–{high:.0f} %]")


def test_words_without_a_band_are_counted(read):
    words = statement_exhibits.words(
        load("statements"), load("lexicons"), load("class_readings"), reading="plain", chosen=LEXICONS
    )
    unscored = read["phrase_class"].isna() | read["phrase_class"].eq(
        "possible"
    )  # what was known when said is empty too
    assert words.note.startswith(f"{unscored.sum()} statements of {len(read)} have no band")
    assert (words.table.loc["possible", [*statement_exhibits.LEXICONS.values()]] == "").all(), (
        "possible is never scored"
    )


def test_counts_in_the_title_of_resolutions():
    exhibit = statement_exhibits.resolved(load("statements"), load("resolutions"))
    counts = exhibit.table["outcome"].value_counts()
    assert f"{counts['yes']} came true, {counts['partly']} in part, {counts['no']} did not" in exhibit.title
    assert len(exhibit.table) == load("statements")["resolvable"].sum()


def test_a_verdict_that_depends_on_the_books_is_told(found):
    statements = load("statements")
    assert statement_exhibits.by_basis(statements, found, last_of_russia=2021).title.startswith("No verdict of the ")
    changed = found.copy()
    changed.loc[changed["statement_id"].eq("s061") & changed["basis"].eq("russia"), "outcome"] = "no"
    assert statement_exhibits.by_basis(statements, changed, last_of_russia=2021).title.startswith("1 verdict of ")


def test_every_statement_without_an_outcome_has_a_reason():
    exhibit = statement_exhibits.unresolved(load("statements"), load("resolutions"))
    assert (exhibit.table["reason"] != "").all()
    settled = load("resolutions")["outcome"].ne("unresolved").sum()
    assert len(exhibit.table) == len(load("statements")) - settled


def test_the_benchmarks_see_nothing_after_their_cut():
    series = pd.DataFrame({unit: 1e9 * 1.1 ** np.arange(24) for unit in UNITS}, index=range(1995, 2019))
    with pytest.raises(ValueError, match="the year 2018, which was not known at the cut 2017"):
        compare(series, series, cut=2017, target=2018, backtest_from=2015)


def test_growth_with_a_margin_depends_on_the_books():
    ledgers = {"kazakhstan": pd.Series({2017: 100.0, 2018: 110.0}), "russia": pd.Series({2017: 100.0, 2018: 104.0})}
    rows = load("officials_figures")
    table = growth_by_books(ledgers, rows[:0], year=2018, margin=5, experts={"A B": "up"}).table
    assert table.iloc[:, 1].tolist() == ["up", "up"] and table.iloc[:, 2].tolist() == ["up", "same"]
    assert table["B (up) within 5 %"].tolist() == ["hit", "miss"]
    drawn = growth_by_books(ledgers, rows[:0], year=2018, margin=5, experts={"A B": "up"}).html()
    assert drawn.startswith("<figure") and "10.0 % by Kazakhstan" in drawn and "<svg" in drawn


def test_officials_errors_by_hand():
    outcome = ledgers.ledger(load("trade"))["turnover_usd"].dropna()
    table = officials(load("statements"), load("resolution_rules"), outcome, basis="Kazakhstan").table
    # 10 billion were hoped for in 2006; 24 to 24.5, so 24.25, expected for 2020.
    assert table.loc["s143", "error, %"] == pytest.approx(100 * (10e9 / outcome[2006] - 1))
    assert table.loc["s155", "said, US$ bn"] == 24.25
    assert np.isnan(table.loc["s170", "error, %"]), "2026 is not over"


def test_a_partial_year_is_replaced_by_the_scaled_mirror():
    own, mirror = pd.Series({1: 10.0, 2: 3.0, 3: 12.0}), pd.Series({1: 20.0, 2: 22.0, 3: 16.0})
    # Ratios 0.5 and 0.75, mean 0.625, times 22.
    assert baselines.without_partial_year(own, mirror, year=2)[2] == 13.75
    assert own[2] == 3


def test_turnover_in_tenge_and_in_tenge_of_one_year():
    indicators = load("indicators")
    units = baselines.turnover_in_units(pd.Series({2015: 1e9, 2018: 1e9}), indicators)
    rate = indicators.query("indicator == 'lcu_per_usd' and country == 'KAZ'").set_index("year")["value"]
    deflator = indicators.query("indicator == 'gdp_deflator' and country == 'KAZ'").set_index("year")["value"]
    assert units.loc[2018, "kzt"] == pytest.approx(1e9 * rate[2018])
    assert units.loc[2015, "kzt_real"] == units.loc[2015, "kzt"]
    assert units.loc[2018, "kzt_real"] == pytest.approx(1e9 * rate[2018] * deflator[2015] / deflator[2018])


def test_a_horizon_before_any_statement_of_the_experts_is_refused():
    chosen = {"experts": "rekeda", "questions": "all", "lexicon": "all", "outcome_basis": "criterion"}
    rules.expert_forecasts(**chosen, horizon_year=2018)
    with pytest.raises(
        ParameterError, match="rekeda on all: no testable statement is due by 2017; theirs are due from 2018"
    ):
        rules.expert_forecasts(**chosen, horizon_year=2017)
    with pytest.raises(ParameterError, match="rekeda on q3: no testable statement .* they have none at all"):
        rules.expert_forecasts(**chosen | {"questions": "q3"}, horizon_year=2050)
