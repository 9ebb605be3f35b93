"""The document as it was read: its sections are known, and a choice has something to show or is refused."""

import pandas as pd
import pytest

from analysis.errors import DataError, ParameterError
from analysis.methods.corpus import Corpus
from analysis.methods.dates import Years

SECTIONS = pd.DataFrame({"section": ["essay", "survey"], "label": ["essay of 2004", "survey of 2018"]})
AREAS = pd.DataFrame({"area_id": ["space", "trade"], "name": ["Space", "Trade"], "in_sentence": ["space", "trade"]})
PASSAGES = pd.DataFrame({"paragraph": [1, 2, 3, 4], "section": ["survey", "survey", "essay", "essay"]})
PASSAGES = PASSAGES.assign(duplicate_of=pd.array([pd.NA, pd.NA, pd.NA, 2], dtype="Int64"), source_id="document")
CODES = [(1, "trade", "a"), (1, "trade", "b"), (2, "trade", "a"), (2, "trade", "b"), (3, "space", "a")]
CODES = pd.DataFrame(CODES, columns=["paragraph", "area_id", "coder"]).assign(stance="neutral", status="done")
CODES["primary"] = pd.array([True] * 5, dtype="boolean")
ALL = {"areas": "all", "section": "all", "coder": "agreed", "counting": "deduplicated"}
EVENTS = [("e1", 1, "trade", "2004-05"), ("e2", 3, "trade", "2005"), ("e3", 3, "space", "2001")]
EVENTS = pd.DataFrame(EVENTS, columns=["event_id", "paragraph", "area_id", "date"])
EVENTS = EVENTS.assign(date_precision="year", date_end=pd.Series([pd.NA] * 3, dtype="str"))


@pytest.fixture
def corpus():
    return Corpus(PASSAGES, SECTIONS, CODES, AREAS)


def test_sections_are_called_as_their_table_says_in_the_order_of_the_document(corpus):
    assert list(corpus.labels.items()) == [("survey", "survey of 2018"), ("essay", "essay of 2004")]


def test_a_section_that_its_table_does_not_have_is_named():
    with pytest.raises(DataError) as refusal:
        Corpus(PASSAGES, SECTIONS[:1], CODES, AREAS)
    assert str(refusal.value) == (
        "passages, paragraph 1: the section 'survey' is not in the table sections, which has essay."
    )


def test_codes_of_the_chosen_coder_areas_and_text_count(corpus):
    assert corpus.chosen(**ALL).codes["paragraph"].tolist() == [1, 2]
    assert corpus.chosen(**ALL | {"coder": "a"}).codes["paragraph"].tolist() == [1, 2, 3]
    assert corpus.chosen(**ALL | {"coder": "a", "areas": "space"}).codes["paragraph"].tolist() == [3]
    repeated = corpus.chosen(**ALL | {"counting": "raw", "section": "essay"})
    assert repeated.codes["paragraph"].tolist() == [4], "a repeat counts in the text that repeats"
    assert repeated.codes["source_id"].tolist() == ["document"]
    assert repeated.passages["paragraph"].tolist() == [3, 4] and repeated.names == {"space": "Space", "trade": "Trade"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"section": "survey", "areas": "space"}, "survey has no passage on space; it speaks of trade."),
        ({"section": "essay"}, "essay has no passage on all; it speaks of no area."),
        ({"areas": "trade,sports"}, "'sports' is not in the table areas, which has space, trade."),
    ],
)
def test_a_choice_without_passages_is_refused(corpus, changes, message):
    with pytest.raises(ParameterError) as refusal:
        corpus.chosen(**ALL | changes)
    assert str(refusal.value) == message


def test_events_are_those_of_the_chosen_areas_and_text(corpus):
    everything = corpus.chosen(**ALL)
    assert everything.dated(EVENTS, Years(1991, 2025))["event_id"].tolist() == ["e3", "e1", "e2"]
    survey = corpus.chosen(**ALL | {"section": "survey"})
    assert survey.dated(EVENTS, Years(1991, 2025))["event_id"].tolist() == ["e1"]
    with pytest.raises(ParameterError) as refusal:
        survey.dated(EVENTS, Years(2005, 2025))
    assert str(refusal.value) == ("survey tells of no event on all from 2005 to 2025; it has events from 2004 to 2004.")


def test_what_repeats_add(corpus):
    effect = corpus.effect_of_duplicates("a")
    assert effect.loc["trade"].tolist() == [2, 3, 1] and effect.loc["space"].tolist() == [1, 1, 0]
