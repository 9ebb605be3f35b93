"""The cooperation report's exhibits and rules: sentences that hold for small and odd choices."""

import pandas as pd
import pytest

from analysis.exhibits import codes, document, events
from analysis.methods.corpus import Corpus
from analysis.methods.dates import Years
from analysis.notebooks.parameters import ParameterError
from analysis.reports import rules
from analysis.tables.store import load

RULE = {
    "areas": "all",
    "section": "all",
    "coder": "agreed",
    "counting": "deduplicated",
    "start_year": 1991,
    "end_year": 2025,
}


def chosen(codes):
    """What is chosen of a document of twenty paragraphs in two texts, of which both coders say the same.

    `codes` has a paragraph, an area and a stance each; paragraphs from 11 on stand in the second text.
    """
    columns = ["paragraph", "area_id", "stance"]
    rows = pd.DataFrame(codes, columns=columns).assign(primary=True, status="done", source_id="document")
    passages = pd.DataFrame({"paragraph": range(1, 21), "duplicate_of": pd.NA, "source_id": "document"})
    passages["section"] = ["economy_2004"] * 10 + ["survey_2018"] * 10
    both = pd.concat([rows.assign(coder=coder) for coder in ("a", "b")]).astype({"primary": "boolean"})
    corpus = Corpus(passages, load("sections"), both, load("areas"))
    return corpus.chosen(areas="trade,space,integration", section="all", coder="agreed", counting="deduplicated")


def test_counts_lead_to_their_passages():
    made = codes.area_by_section(
        chosen(
            [(11, "trade", "mixed"), (12, "trade", "mixed"), (1, "trade", "mixed")]
            + [(at, "space", "mixed") for at in (2, 3, 4)]
        )
    )
    html = made.html()
    assert 'href="#passages" data-filter="Trade in goods; survey of experts, 2018">2</a>' in html
    assert html.count("data-filter") == 3, "a zero leads nowhere"
    assert made.title == "Space (3) and Trade in goods (3): paragraphs of the chosen text"
    assert made.sources == ["document"]


def test_the_title_compares_texts_that_have_enough_codes():
    praise = [(at, "trade", "favourable" if at <= 4 else "neutral") for at in range(1, 11)]
    silent = [(at, "trade", "neutral") for at in range(11, 21)]
    few = codes.stance(chosen(praise[:3] + [(4, "space", None)]))
    assert few.title == "75 % of all codes are favourable", "one text, or few codes, are not compared"
    assert few.table.loc["Space", "not agreed"] == 1
    both = codes.stance(chosen(praise + silent))
    assert both.title == (
        "The texts differ in how much of what they say is favourable: 0 % in the survey of experts, 2018, 40 % in the "
        "essay on economy, 2004"
    )
    assert list(both.table.columns) == ["part", "favourable", "neutral", "all"], "what nobody used is left out"
    assert both.table.loc["Trade in goods"].tolist() == ["by area", 4, 16, 20]
    assert codes.status(chosen(praise + silent)).title.endswith("100 % in the survey of experts, 2018")


def test_areas_that_never_meet_are_said_not_to():
    apart = chosen([(1, "trade", "mixed"), (2, "space", "mixed")])
    together = chosen([(1, "trade", "mixed"), (1, "space", "mixed"), (2, "space", "mixed"), (2, "trade", "mixed")])
    proper = chosen([(1, "trade", "mixed"), (1, "integration", "mixed")])
    assert codes.co_occurrence(apart, window=0).title == "No two of the chosen areas stand in one paragraph"
    assert codes.co_occurrence(together, window=0).title == (
        "Space and trade in goods meet most often, in 2 paragraphs"
    )
    assert codes.co_occurrence(proper, window=0).title == (
        "Eurasian integration and trade in goods meet most often, in 1 paragraph"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"section": "survey_2018", "areas": "space"},
            "survey_2018 has no passage on space; it speaks of culture, defence",
        ),
        (
            {"areas": "migration", "start_year": 2014},
            "all tells of no event on migration from 2014 to 2025; it has events from",
        ),
    ],
)
def test_a_choice_that_leaves_nothing_is_refused(changes, message):
    with pytest.raises(ParameterError) as refusal:
        rules.cooperation_areas(**RULE | changes)
    assert message in str(refusal.value)
    rules.cooperation_areas(**RULE)


def test_the_passages_of_a_chosen_text_are_shown_with_their_areas():
    corpus = Corpus(load("passages"), load("sections"), load("passage_areas"), load("areas"))
    survey = corpus.chosen(areas="all", section="survey_2018", coder="a", counting="deduplicated")
    made = document.passages(survey)
    assert len(made.table) == (load("passages")["section"] == "survey_2018").sum() and made.folded
    assert made.table["areas; section"].str.endswith("survey of experts, 2018").all()


def test_events_of_which_none_is_dated_otherwise():
    corpus = Corpus(load("passages"), load("sections"), load("passage_areas"), load("areas"))
    every = corpus.chosen(areas="all", section="all", coder="agreed", counting="deduplicated")
    dated = every.dated(load("events"), Years(2003, 2004))
    found = pd.DataFrame(columns=["row_id", "first_day", "verdict", "source_id"]).astype(
        {"first_day": "datetime64[ns]"}
    )
    made = events.timeline(every, dated, found)
    assert made.title.endswith(f" of {len(dated)} dated events that the document tells of fell in 2003 and 2004")
    assert (made.table["found"] == "").all()


def test_a_paragraphs_number_is_a_number():
    faults = document.inconsistencies(load("inconsistencies")).table
    assert [str(faults[column].dtype) for column in ("paragraph_a", "paragraph_b")] == ["int64", "Int64"]
    assert not faults.drop(columns="paragraph_b").isna().any(axis=None), "a text that is not there is empty"
