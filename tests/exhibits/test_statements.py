"""The forecast report's exhibits on the data and on small tables: what their sentences claim is in their rows."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from edition import load

from analysis.exhibits import baselines as exhibit_baselines
from analysis.exhibits import lead_times, markup, naive_rules, officials, outcomes, scores, statements
from analysis.exhibits import resolvers as exhibit_resolvers
from analysis.exhibits.survey import dissent, positions
from analysis.methods import baselines, hindcasts, ledgers, money
from analysis.methods.expectations import Register, Statistics, Survey, WordScale
from analysis.methods.resolvers import Resolvers
from analysis.notebooks.parameters import ParameterError
from analysis.reports import rules
from analysis.tables import readings


@pytest.fixture(scope="module")
def statistics():
    records = ledgers.select(load("trade"), load("indicators"), load("selections"))
    return Statistics(records, load("trade_products"), load("indicators"), load("officials_figures"))


@pytest.fixture(scope="module")
def survey():
    return Survey(load("experts"), load("questions"), load("positions"))


@pytest.fixture(scope="module")
def scale():
    return WordScale(load("lexicons"), load("lexicon_names"), load("class_readings"))


@pytest.fixture(scope="module")
def resolved():
    return Resolvers(load("resolutions"), load("second_resolutions"), load("adjudications"))


@pytest.fixture(scope="module")
def register(statistics, survey, scale, resolved):
    decided = statistics.decide(load("resolution_rules"), resolved.counted, "criterion")
    return Register(load("statements"), decided, survey, scale)


def test_the_choice_of_experts_questions_and_horizon(register, survey):
    shown = replace(register, survey=survey.choose("rekeda", "q3")).due_by(2017).statements
    assert set(shown["expert_id"].dropna()) <= {"rekeda"}
    assert (shown["horizon_end"].dropna().dt.year <= 2017).all()
    assert shown["horizon_end"].isna().any(), "a statement without a horizon stays"
    own = shown[shown["expert_id"].notna()]
    assert set(own["question_id"]) <= {"q3"}


CHOICES = list(product(["poletaev", "rekeda", "selteev", "poletaev,selteev", "all"], ["q1", "q3", "all"]))


@pytest.mark.parametrize(
    ("experts", "questions"),
    [CHOICES[0], CHOICES[-1], *(pytest.param(*one, marks=pytest.mark.slow) for one in CHOICES[1:-1])],
)
def test_every_choice_gives_sentences_that_can_be_read(register, experts, questions):
    chosen = replace(register, survey=register.survey.choose(experts, questions)).due_by(2050)
    for exhibit in (
        positions(chosen.survey),
        dissent(chosen.survey),
        scores.scores(chosen),
        naive_rules.beside_rules(chosen, load("open_bands")),
        lead_times.by_lead_time(chosen, load("resolution_rules"), load("common_grounds")),
    ):
        words = f"{exhibit.title} {exhibit.alt} {exhibit.note}"
        assert "nan" not in words.lower().replace("finan", "") and len(exhibit.table), exhibit.key
        assert exhibit.html().startswith("<figure")


def test_scores_have_a_tab_for_each_lexicon_and_one_alone_has_no_other(register):
    made = scores.scores_of(register).exhibits
    names = [exhibit.table["lexicon"].unique().tolist() for exhibit in made.values()]
    assert list(made) == ["by every lexicon", *(f"by {label}" for label in register.scale.labels.values())]
    assert names == [list(register.scale.labels.values()), *([label] for label in register.scale.labels.values())]
    alone = scores.scores_of(replace(register, scale=register.scale.choose("kent", "cautious"))).exhibits
    assert list(alone) == ["by Kent"] and alone["by Kent"].key == "scores"
    cautious = scores.scores_of(replace(register, scale=register.scale.choose("all", "cautious"))).exhibits["by Kent"]
    assert cautious.digest == alone["by Kent"].digest != made["by Kent"].digest


def test_answers_that_are_no_whole_answers_are_told(survey):
    note = positions(survey).note
    assert "Eduard Poletaev answers questions Q1 and Q3 together" in note
    assert note.endswith("Sergey Rekeda’s answer to Q4 breaks off.")
    assert positions(survey.choose("poletaev,selteev", "q1,q4")).note.endswith("worked apart.")


def test_a_direction_that_is_unclear_is_drawn_and_another_expert_too(survey):
    row = survey.experts.iloc[[0]].assign(expert_id="doe", name="Jo Doe", source_id="tass_2018_03_18")
    answers = survey.positions.query("expert_id == 'selteev'").assign(
        expert_id="doe", direction="unclear", stance="pessimistic", source_id="tass_2018_03_18"
    )
    more = Survey(pd.concat([survey.experts, row]), survey.questions, pd.concat([survey.positions, answers]))
    exhibit = positions(more)
    assert exhibit.title == "4 answers of 16 read as pessimistic" and "? unclear" in markup.wide(exhibit.html())
    assert exhibit.sources == ["document", "tass_2018_03_18"]
    assert more.directions["Jo Doe"] == "unclear"


def test_the_question_on_trade_is_told_by_its_metric(survey):
    assert (survey.on_trade["question_id"], survey.year) == ("q3", 2018)
    assert survey.named_growth(load("quantities"))["quantity_id"] == "q082"
    with pytest.raises(ValueError, match="table questions must have one question with the metric turnover; it has 0"):
        len(replace(survey, questions=survey.questions.assign(metric=None)).on_trade)
    with pytest.raises(ValueError, match="table quantities must have one turnover_growth at paragraph 121"):
        survey.named_growth(load("quantities").query("paragraph != 121"))


def test_the_register_carries_the_band_inline(register, scale):
    ledger = statements.ledger(replace(register, scale=scale.choose("icd203", "plain")))
    # s112: "will focus on", a bare future, almost certain in the plain reading: 95 to 99 in ICD 203.
    assert ledger.table.loc["s112", "its words"].endswith("[95–99 %]")
    assert "[" not in ledger.table.loc["s061", "its words"], "a hope has no band in the plain reading"
    testable = load("statements")["resolvable"].mean()
    assert ledger.title.startswith(f"{100 * testable:.0f} % of {len(ledger.table)} ")
    assert set(ledger.table["outcome"]) == {"yes", "partly", "no", "unresolved", "not testable"}


def test_bands_of_several_lexicons_span_them_all(register):
    bands = load("lexicons").query("phrase_class == 'likely'")
    low, high = bands["low_pct"].min(), bands["high_pct"].max()
    assert statements.ledger(register).table.loc["s111", "its words"].endswith(f"[{low:.0f}–{high:.0f} %]")


def test_an_unknown_lexicon_is_refused(scale):
    with pytest.raises(ValueError, match="The lexicon 'nato' is not in lexicon_names; known are icd203, kent, efsa"):
        len(scale.choose("nato", "plain").labels)


def test_words_without_a_band_are_counted(register, scale):
    words = scores.words(load("statements"), scale)
    classes = register.read["phrase_class"]
    unscored = classes.isna() | classes.eq("possible")  # what was known when said is empty too
    assert words.note.startswith(f"{unscored.sum()} statements of {len(classes)} have no band")
    assert (words.table.loc["possible", [*scale.labels.values()]] == "").all(), "possible is never scored"


def test_counts_in_the_title_of_resolutions(register):
    exhibit = statements.resolved(register)
    counts = exhibit.table["outcome"].value_counts()
    assert f"{counts['yes']} came true, {counts['partly']} in part, {counts['no']} did not" in exhibit.title
    assert len(exhibit.table) == load("statements")["resolvable"].sum()


def test_a_verdict_that_depends_on_the_books_is_told(register):
    assert statements.by_basis(register).title.startswith("No verdict of the ")
    changed = register.outcomes.found.copy()
    changed.loc[changed["statement_id"].eq("s061") & changed["basis"].eq("russia"), "outcome"] = "no"
    register = replace(register, outcomes=replace(register.outcomes, found=changed))
    assert statements.by_basis(register).title.startswith("1 verdict of ")


def test_every_statement_without_an_outcome_has_a_reason(register, resolved):
    exhibit = statements.unresolved(register, load("open_reasons"))
    assert (exhibit.table["reason"] != "").all()
    settled = resolved.counted["outcome"].ne("unresolved").sum()
    assert len(exhibit.table) == len(load("statements")) - settled


def test_on_each_basis_an_outcome_cites_what_was_read(statistics, register):
    for basis, read, not_read in (
        ("criterion", {"bns", "fcs_annual"}, "investforesight_2019_11"),
        ("russia", {"fcs_annual"}, "investforesight_2019_11"),
        ("officials", {"investforesight_2019_11", "kazinform_2019_11_07"}, "bns"),
    ):
        decided = statistics.decide(load("resolution_rules"), load("resolutions"), basis)
        growth = replace(register, outcomes=decided, statements=load("statements").query("statement_id == 's061'"))
        cited = set(statements.resolved(growth).sources)
        assert read <= cited and not_read not in cited, basis


@pytest.fixture(scope="module")
def before(survey):
    asked = survey.on_trade["asked_on"]
    rows = readings.load("trade", every_source=True, as_of=asked)
    return ledgers.select(rows, readings.load("indicators", as_of=asked), load("selections"))


def hindcast(statistics, before, named, reporter="kazakhstan"):
    known = hindcasts.Known(before, named, load("trade_monthly"), load("revisions"))
    return hindcasts.hindcast(statistics, known, reporter)


@pytest.fixture(scope="module")
def then(statistics, before, survey):
    return hindcast(statistics, before, survey.named_growth(load("quantities")))


def test_the_hindcast_sees_nothing_after_its_cut(statistics, before, then):
    later = statistics.records["year"] > 2016
    changed = statistics.records.assign(value_usd=statistics.records["value_usd"].mask(later, 1e9))
    blind = hindcast(replace(statistics, records=changed), before, then.named)
    pd.testing.assert_series_equal(blind.known, then.known)
    assert (then.known.index[0], then.cut, then.target) == (1995, 2017, 2018)
    assert then.known[2017] == pytest.approx(1.33 * then.turnover[2016])


def test_the_hindcast_fills_what_one_ledger_has_in_part(statistics, before, then):
    assert then.filled == [2010] and then.mirror.index.tolist() == [2009, 2010, 2011]
    assert then.turnover[2010] > 1.5 * then.ledger.loc[2010, "turnover_usd"]
    by_russia = hindcast(statistics, before, then.named, "russia")
    assert by_russia.filled == [] and by_russia.mirror.empty
    assert by_russia.known.index[0] == 1995, "the first year of both ledgers"


def test_the_hindcast_takes_the_figures_of_the_time_and_cites_them(statistics, survey, then):
    # 1710.19 + 2338.13 then, 1710.2622 + 2338.7574 million today
    assert then.known[2000] == pytest.approx(4048.32e6) and then.turnover[2000] == pytest.approx(4049.0196e6)
    assert then.raised_pct.round(4).to_dict() == {2000: 0.0173}
    assert set(then.older["source_id"]) == {"wits_summary_2018"} and len(then.older) == 2
    exhibit = exhibit_baselines.fan(then, survey)
    assert "wits_summary_2018" in exhibit.sources
    assert "Of the other figures 2000 was revised since, by at most 0.02 %" in exhibit.note
    as_today = replace(then, known=then.known.where(then.known.index != 2000, then.turnover))
    assert "no older release differs" in exhibit_baselines.fan(as_today, survey).note


def test_a_year_that_was_not_known_is_not_built_on(statistics, before, then):
    with pytest.raises(ValueError, match="^Kazakhstan's ledger was known to 2015, and the growth named is"):
        hindcast(statistics, before[before["year"] < 2016], then.named)


def test_what_moved_together():
    both = hindcasts.together(pd.Series({1: 1, 2: 2, 3: 1, 4: 1}), pd.Series({1: 5, 2: 6, 3: 7, 4: 7}))
    assert both["same"].tolist() == [True, False, True], "up and up, down and up, no change at all"
    assert both["a"].tolist() == [100, -50, 0]


def test_growth_with_a_margin_depends_on_the_books(statistics, survey):
    books = {"KAZ": {2017: 100.0, 2018: 110.0}, "RUS": {2017: 100.0, 2018: 104.0}}
    records = statistics.records[statistics.records["year"].isin([2017, 2018])].copy()
    for reporter, values in books.items():
        records["value_usd"] = records["value_usd"].mask(records["reporter"] == reporter, records["year"].map(values))
    silent = Statistics(records, statistics.products, statistics.indicators, statistics.officials[:0])
    exhibit = outcomes.growth_by_books(silent, survey.choose("poletaev", "all"), margin=5)
    table = exhibit.table
    assert table.iloc[:, 1].tolist() == ["up", "up"] and table.iloc[:, 2].tolist() == ["up", "same"]
    assert table["Poletaev (up) within 5 %"].tolist() == ["hit", "miss"]
    assert exhibit.title == "Trade of 2018 grew by 10 % by Kazakhstan’s ledger and by 4 % by Russia’s ledger"
    assert exhibit.sources == ["wits", "bns", "fcs_annual", "document"]
    assert "10.0 % by Kazakhstan" in exhibit.alt and "</text>" in markup.wide(exhibit.html())


def test_two_reports_of_one_speech_are_no_range_of_opinions(statistics, survey):
    def title(officials):
        spoken = Statistics(statistics.records, statistics.products, statistics.indicators, officials)
        return outcomes.growth_by_books(spoken, survey, margin=5).title

    figures = statistics.officials
    assert title(figures).endswith("; two reports of one speech have 4.5 and 14.0 %")
    others = figures.assign(speaker=figures["speaker"].mask(figures["figure_id"].eq("f15"), "Another"))
    assert title(others).endswith("; what was said of it ranges from 4.5 to 14.0 %")
    assert title(figures[figures["figure_id"].ne("f15") & figures["figure_id"].ne("f14")]).endswith(
        "; 7.2 % was said of it"
    )


def test_officials_errors_by_hand(statistics, register, then):
    exhibit = officials.officials(register, load("resolution_rules"), statistics)
    table, outcome = exhibit.table, then.ledger["turnover_usd"]
    # 10 billion were hoped for in 2006; 24 to 24.5, so 24.25, expected for 2020.
    assert table.loc["s143", "error, %"] == pytest.approx(100 * (10e9 / outcome[2006] - 1))
    assert table.loc["s155", "said, US$ bn"] == 24.25
    assert np.isnan(table.loc["s170", "error, %"]), "2026 is not over"
    assert table.loc["s155", "months before its end"] == pytest.approx(12 * (2021 - 2018 - 271 / 365))
    assert table.index[table["intention"].eq("yes")].tolist() == ["s143", "s162"], "a hope, and what parties intend"
    assert exhibit.note.startswith("s158 of 2021 counts as said at its end. “At least”")
    assert "fcs_annual" not in exhibit.sources and "bns_pipeline" not in exhibit.sources, "neither was read"


def test_medians_of_officials_count_years_and_not_figures(statistics, register):
    exhibit = officials.by_year(register, load("resolution_rules"), statistics)
    errors = officials.officials(register, load("resolution_rules"), statistics).table
    of_2021 = errors[errors["year"].eq(2021) & errors["intention"].eq("no")]["error, %"]
    row = exhibit.table.loc[2021]
    assert row["forecasts"] == len(of_2021) == 5 and row["their median error, %"] == of_2021.median()
    assert row["median error of these, %"] == pytest.approx(errors.loc["s162", "error, %"])
    assert np.isnan(exhibit.table.loc[2006, "their median error, %"]), "a hope alone"
    assert exhibit.title.startswith("By year, officials’ forecasts were too low in 3 of 5; ")


def known_errors(*rows):
    """Officials' errors: year, months before its end, percentage error, and whether it is an intention."""
    table = pd.DataFrame(rows, columns=["year", "months", "percentage_error", "intention"])
    return table.assign(absolute_percentage_error=table["percentage_error"].abs())


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (
            [(2020, 27, 30, False), (2018, 2, -4, False), (2019, 3, 1, False), (2019, 3, 3, False)],
            (
                "Of 3 forecasts that officials gave of a year’s trade when more than half of it was over 1 was too "
                "low; they missed by 1 to 4 %; the earliest forecast, 27 months before the end of 2020, was 30 % too "
                "high"
            ),
        ),
        (
            [(2020, 8, -5, False), (2020, 1, 90, True)],
            "The earliest forecast, 8 months before the end of 2020, was 5 % too low",
        ),
        (
            [(2018, 2, -4, False), (2019, 3, -9, False)],
            (
                "Both forecasts that officials gave of a year’s trade when more than half of it was over were too "
                "low, by 4 to 9 %"
            ),
        ),
        (
            [(2019, 3, 9, False)],
            (
                "The one forecast that officials gave of a year’s trade when more than half of it was over was too "
                "high, by 9 %"
            ),
        ),
        ([(2020, 1, 90, True)], "Officials gave hopes and plans, and no forecast"),
        ([], "No year of which officials gave a figure is over"),
    ],
)
def test_the_sentence_on_officials_follows_the_errors(rows, title):
    assert officials.headline(known_errors(*rows)) == title


def settled(*rows):
    """Statements with lead times: outcome, ahead, nature, rests_on, nearly_known."""
    table = pd.DataFrame(rows, columns=["outcome", "ahead", "nature", "rests_on", "nearly_known"])
    return table.assign(statement_id=[f"s{place}" for place in table.index])


GROUNDS = pd.Series({"complex": "the launch complex", "lease": "the lease"})


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (
            [
                ("yes", False, "event", None, True),
                ("yes", False, "event", None, False),
                ("no", False, "event", None, False),
                ("partly", False, "event", None, False),
                ("no", True, "construction", "complex", False),
                ("no", True, "construction", "complex", False),
                ("no", True, "amount", None, False),
                ("yes", True, "term", "lease", False),
                ("yes", True, "event", None, False),
            ],
            (
                "Of 3 statements on the year ahead, still open, 1 came, 1 in part; both things to be built or reached "
                "more than a year ahead failed, one of them, the launch complex, 2 times; the other 2 came, among them "
                "the lease, whose terms were signed"
            ),
        ),
        (
            [("no", False, "event", None, False), ("yes", True, "amount", None, False)]
            + [("no", True, "amount", None, False)],
            (
                "Of 1 statement on the year ahead, still open, 0 came; 1 of 2 things to be built or reached more than "
                "a year ahead failed"
            ),
        ),
        ([("yes", True, "event", None, False)], "No target of quantity or construction is settled"),
    ],
)
def test_the_leading_sentence_follows_the_outcomes(rows, title):
    assert lead_times.headline(settled(*rows), GROUNDS) == title


def test_marks_of_one_thing_stand_side_by_side_and_none_on_another(register):
    exhibit = lead_times.by_lead_time(register, load("resolution_rules"), load("common_grounds"))
    assert len(exhibit.table) == register.outcomes.table["outcome"].isin(["yes", "partly", "no"]).sum()
    rows = lead_times.with_lead_times(
        register.with_outcomes().query("outcome in ['yes', 'partly', 'no']"), load("resolution_rules")
    )
    placed = lead_times._placed(rows)
    assert not placed.duplicated(["x", "y"]).any()
    assert (placed["y"] < 0).equals(placed["outcome"].eq("no"))
    assert placed.loc[placed["rests_on"].eq("baiterek"), "y"].eq(-1).all(), "a row of its own"
    assert placed.loc[placed["y"].eq(-1), "rests_on"].eq("baiterek").all()
    assert {"tass_2025_12_26", "bns", "document"} <= set(exhibit.sources)


def compared(*rows):
    return pd.DataFrame(rows, columns=["name", "n", "failed", "always", "words_mid"])


@pytest.mark.parametrize(
    ("rows", "missed", "title"),
    [
        (
            [("A", 9, 0, 0.0, 0.1), ("A", 9, 0, 0.2, 0.3)],
            ["possible"],
            (
                "Whether the experts could foresee cannot be measured: none of 9 forecasts that can be scored failed "
                "outright, so “certain” for everything scores better than their words; the one that did not "
                "come was called “possible”, which states no probability"
            ),
        ),
        (
            [("A", 9, 2, 0.2, 0.1), ("B", 9, 2, 0.0, 0.1)],
            [],
            (
                "2 of the experts’ 9 forecasts that can be scored failed, and “certain” for everything scores better "
                "than their words in 1 of 2 readings"
            ),
        ),
        (
            [("A", 1, 0, 0.2, 0.1), ("A", 1, 0, 0.0, 0.1)],
            [],
            (
                "Whether the experts could foresee cannot be measured: the one forecast that can be scored did not "
                "fail outright, and “certain” for everything scores better than their words in 1 of 2 readings"
            ),
        ),
        (
            [("A", 0, 0, np.nan, np.nan)],
            [],
            "No forecast of the chosen experts can be scored by every lexicon: none has both an outcome and a band",
        ),
    ],
)
def test_the_sentence_on_naive_rules_follows_the_scores(rows, missed, title):
    assert naive_rules.headline(compared(*rows), pd.Series(missed, dtype=object)) == title


def test_the_miss_that_was_hedged_is_scored_beside(register):
    table = naive_rules.beside_rules(register, load("open_bands")).table
    plain, more = table.loc["ICD 203"], table.loc["ICD 203, with “possible”"]
    assert (plain["failed"] == 0).all() and (more["failed"] == 1).all()
    assert (plain["100 % for all"] < plain["words, middle of the bands"]).all()
    hopeful, strict = (more[more["“partly” as"].eq(one)].iloc[0] for one in ("yes", "no"))
    # s076 failed: certainty pays a whole point of 24; as a no, each of five in part and it pay 6 of 24.
    assert hopeful["100 % for all"] == pytest.approx(1 / 24) and strict["100 % for all"] == pytest.approx(6 / 24)
    assert strict["words, middle of the bands"] < strict["100 % for all"]


def test_one_year_crowns_no_method():
    intervals = pd.DataFrame({"low": [12e9, 13e9], "high": [24e9, 25e9], "inside": [True, True]})
    title = "One year names no best method: all 2 intervals, from US$ 12 to 25 bn, held the 18.5 bn of 2018"
    assert exhibit_baselines.held(intervals, 18.5, target=2018) == title
    missed = intervals.assign(inside=[True, False])
    assert exhibit_baselines.held(missed, 24.5, target=2018).startswith("1 of 2 intervals, from US$ 12 to 25 bn, held")


def test_a_partial_year_is_replaced_by_the_scaled_mirror():
    own, mirror = pd.Series({1: 10.0, 2: 3.0, 3: 12.0}), pd.Series({1: 20.0, 2: 22.0, 3: 16.0})
    # Ratios 0.5 and 0.75, mean 0.625, times 22.
    assert baselines.without_partial_year(own, mirror, year=2)[2] == 13.75
    assert own[2] == 3


def test_the_benchmarks_have_tenge_of_one_year_as_every_report_does(statistics, survey, then, monkeypatch):
    monkeypatch.setattr(baselines, "METHODS", ("naive", "drift"))  # how a model is fitted is no matter here
    moneys = money.moneys(load("currencies"), statistics.indicators)
    of_kazakhstan = statistics.indicators.query("country == 'KAZ'")
    rate, prices = (
        of_kazakhstan[of_kazakhstan["indicator"] == name].set_index("year")["value"]
        for name in ("lcu_per_usd", "cpi_2010_100")
    )
    made = exhibit_baselines.benchmark_table(then, survey, moneys)
    assert made.table.index.unique().tolist() == ["current dollars", "tenge", "tenge of 2015"]
    came = made.table.groupby(level=0)["outcome"].first()
    assert came["tenge"] == pytest.approx(came["current dollars"] * rate[2018], rel=1e-3)
    assert came["tenge of 2015"] == pytest.approx(came["tenge"] * prices[2015] / prices[2018], rel=1e-3)
    assert "wdi_kaz" in made.sources
    assert "Tenge of 2015 are current tenge divided by the rise of Kazakhstan’s consumer prices" in made.note


def test_a_horizon_before_any_statement_of_the_experts_is_refused():
    chosen = {"experts": "rekeda", "questions": "all", "lexicon": "all", "outcome_basis": "criterion"}
    rules.expert_forecasts(**chosen, horizon_year=2018)
    with pytest.raises(
        ParameterError, match="rekeda on all: no testable statement is due by 2017; theirs are due from 2018"
    ):
        rules.expert_forecasts(**chosen, horizon_year=2017)
    with pytest.raises(ParameterError, match="rekeda on q3: no testable statement .* they have none at all"):
        rules.expert_forecasts(**chosen | {"questions": "q3"}, horizon_year=2050)


def test_the_differences_of_the_resolvers_are_told_with_what_counts(register, resolved):
    exhibit = exhibit_resolvers.agreement(resolved, register)
    table, pairs = exhibit.table, resolved.pairs
    assert exhibit.title.endswith(f"agree on {(pairs['first'] == pairs['second']).sum()} of {len(pairs)} statements")
    assert table.index.tolist() == load("adjudications")["statement_id"].tolist()
    assert (table["first resolver"] != table["second resolver"]).all()
    decided = register.outcomes.table.set_index("statement_id").loc[table.index, "outcome"]
    assert table["what counts"].tolist() == decided.tolist()
    none = replace(register, statements=register.statements.query("statement_id == 's061'"))
    exhibit = exhibit_resolvers.agreement(resolved, none)
    assert exhibit.title == "None of the statements shown was resolved twice" and exhibit.table.empty


def test_scores_without_faulty_criteria_by_hand(register, resolved):
    exhibit = exhibit_resolvers.faulty_criteria(resolved, register, load("criterion_problems"))
    rows = exhibit.table.set_index("criteria left out", append=True)
    assert rows.xs("none", level=1)["scored"].to_dict() == register.ranges.groupby("speaker")["n"].max().to_dict()
    left = rows.loc[("Sergey Rekeda", "all of these")]
    # s091, "expected", is read as likely, and s096, a bare "will", as almost certain; both came true. At the worst, the
    # low ends of all lexicons' bands: 55 and 95 % in ICD 203.
    assert left["scored"] == 2 and left["Brier, worst"] == pytest.approx((0.45**2 + 0.05**2) / 2)
    faulted = resolved.second.dropna(subset="problem").assign(problem=None)
    sound = replace(resolved, second=faulted)
    exhibit = exhibit_resolvers.faulty_criteria(sound, register, load("criterion_problems"))
    assert exhibit.title == "No scored statement has a criterion that the second resolver faults"


def test_experts_with_enough_statements_are_not_too_few_but_level():
    rows = [("kent", "A", 12, 0.1, 0.3), ("kent", "B", 12, 0.2, 0.4)]
    ranges = pd.DataFrame(rows, columns=["lexicon", "speaker", "n", "brier_low", "brier_high"])
    assert scores._rank(ranges) == "Not told apart: 12 statements an expert can be scored, and the ranges overlap"
    assert scores._rank(ranges.assign(n=9)) == "Too few to rank: 9 statements an expert can be scored"


def test_who_has_nothing_left_to_score_stays(register, resolved):
    one = replace(register, survey=register.survey.choose("rekeda", "q1")).due_by(2050)
    table = exhibit_resolvers.faulty_criteria(resolved, one, load("criterion_problems")).table
    last = table[table["criteria left out"] == "all of these"].iloc[0]
    assert last["scored"] == 0 and np.isnan(last["Brier, best"])
