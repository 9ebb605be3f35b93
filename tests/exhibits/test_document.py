"""The cooperation report's exhibits and rules: sentences that hold for small and odd choices."""

import pandas as pd
import pytest

from analysis.exhibits import document, indicators
from analysis.exhibits.claims import joined, ledger, uncheckable, whole_years
from analysis.methods import coding
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


def codes_of(section: str = "all") -> pd.DataFrame:
    codes = coding.coded(load("passage_areas"), load("passages"), coder="a", counting="deduplicated")
    return codes if section == "all" else codes[codes["section"] == section]


NAMES = {"trade": "Trade in goods", "space": "Space", "integration": "Eurasian integration"}


def test_counts_lead_to_their_passages():
    counts = pd.DataFrame(
        {"survey_2018": [2, 0], "economy_2004": [1, 3]}, index=pd.Index(["trade", "space"], name="area_id")
    )
    made = document.area_by_section(counts, NAMES)
    html = made.html()
    assert 'href="#passages" data-filter="Trade in goods; survey of experts, 2018">2</a>' in html
    assert html.count("data-filter") == 3, "a zero leads nowhere"
    assert made.title == "Trade in goods (3) and Space (3): paragraphs of the chosen text"


def test_shares_are_of_each_area_and_the_title_of_all():
    counts = pd.DataFrame(
        {"favourable": [3, 1], "neutral": [1, 3], "critical": [0, 0], "not_agreed": [0, 2]},
        index=pd.Index(["trade", "space"], name="area_id"),
    )
    made = document.shares(counts, NAMES, what="Stance", key="stance")
    assert made.title == "By stance, 40 % of the coded statements count as favourable and 40 % as neutral"
    assert list(made.table.columns) == ["favourable", "neutral", "not agreed", "all"], (
        "a stance that nobody used is left out"
    )


def test_areas_that_never_meet_are_said_not_to():
    apart = pd.DataFrame([[3, 0], [0, 2]], index=["trade", "space"], columns=["trade", "space"])
    together = pd.DataFrame([[3, 2], [2, 2]], index=["trade", "space"], columns=["trade", "space"])
    assert document.co_occurrence(apart, NAMES, window=0).title == "No two of the chosen areas stand in one paragraph"
    assert document.co_occurrence(together, NAMES, window=0).title == (
        "Trade in goods and space meet most often, in 2 paragraphs"
    )


def test_proper_names_keep_their_capital():
    assert [document.inside(name) for name in NAMES.values()] == [
        "trade in goods",
        "space",
        "Eurasian integration",
    ]


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


def test_a_series_must_be_one_value_a_year():
    rows = pd.DataFrame(
        {"year": [2000, 2000], "country": "KAZ", "partner": ["RUS", "CHN"], "indicator": "x", "value": [1.0, 2.0]}
    )
    assert indicators.series(rows, "x", partner="CHN").to_dict() == {2000: 2.0}
    for arguments in ({}, {"partner": "USA"}):
        with pytest.raises(ValueError, match="no rows, or more than one a year"):
            indicators.series(rows, "x", **arguments)


def test_every_figure_is_in_one_of_the_two_claim_tables():
    claims = joined(load("quantities"), load("claim_checks"))
    assert len(claims) == len(load("quantities"))
    checked, unchecked = ledger(claims), uncheckable(claims)
    assert len(checked.table) + len(unchecked.table) == len(claims)
    assert checked.title.startswith(f"Of {len(checked.table)} checked figures of the document, ")
    years = whole_years(claims)
    assert set(years["year"]) >= {2003, 2004, 2011} and years["value"].between(1e9, 1e11).all()


def test_the_passages_of_a_chosen_text_are_shown_with_their_areas():
    passages = load("passages")
    shown = passages[passages["section"] == "survey_2018"]
    made = document.passages(shown, codes_of("survey_2018"), document.names_of(load("areas"), []))
    assert len(made.table) == len(shown) and made.folded
    assert made.table["areas; section"].str.endswith("survey of experts, 2018").all()
