"""What the exhibits on the claims say, on the tables and on small ones."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.exhibits import claims
from analysis.methods import assessment, verdicts
from analysis.tables.store import load


@pytest.fixture(scope="module")
def assessed():
    asserted = verdicts.asserted(load("claims"), load("quantities"), load("events"), load("agreements"))
    return assessment.assess(asserted, load("evidence"), load("verdicts"))


def few(assessed, **verdicts_of):
    """The assessment of some claims, with other verdicts."""
    rows = assessed.claims[assessed.claims["claim_id"].isin(verdicts_of)]
    return replace(assessed, claims=rows.assign(verdict=rows["claim_id"].map(verdicts_of)))


def test_every_claim_is_in_the_table_and_in_the_picture(assessed):
    names = load("areas").set_index("area_id")["name"].to_dict()
    picture, table = claims.became(assessed, names), claims.ledger(assessed)
    every, marked = len(load("claims")), load("claims")["uncheckable"].notna().sum()
    by_speaker = picture.table[picture.table["part"] == "by who speaks"]
    assert len(table.table) == by_speaker["all"].sum() == every
    assert picture.title.startswith(f"Of {every - marked} claims that can be checked ")
    assert by_speaker["not checkable"].sum() == marked > 0
    undecided = load("verdicts").query("verdict == 'undecided'").set_index("claim_id")
    assert table.table.loc[undecided.index, "found"].map(set(verdicts.REASONS.values()).__contains__).all()
    assert picture.html().startswith("<figure")


def test_a_title_counts_what_it_shows(assessed):
    three = few(assessed, cq001="confirmed", cq002="contradicted", cq003="undecided")
    decided = "2 of 3 claims that can be checked could be decided: 1 is confirmed and 1 not borne out"
    became = (
        "Of 3 claims that can be checked 1 is confirmed, 0 only with a correction; 1 is in doubt or not borne out; "
        "nothing found decides 1"
    )
    assert (claims.ledger(three).title, claims.became(three, {}).title) == (decided, became)
    vague = load("claims").query("uncheckable == 'vague'")["claim_id"].iloc[0]
    verdicts = {"cq001": "confirmed", "cq002": "contradicted", "cq003": "undecided", vague: "undecided"}
    four = few(assessed, **verdicts)
    titles = (claims.ledger(four).title, claims.became(four, {}).title)
    assert titles == (decided, became), "a vague one counts for none"


def test_a_claim_that_stands_in_two_tables_counts_once(assessed):
    told = load("claims").set_index("claim_id")["restates"].dropna()
    agreement, event = told.index[0], told.iloc[0]
    both = few(assessed, **{agreement: "confirmed", event: "confirmed", "cq001": "undecided"})
    assert claims.became(both, {}).note.endswith(
        " 1 claim on agreements says again what one on an event says: counted once, 1 of 2 are decided and 1 confirmed."
    )
    alone = few(assessed, **{agreement: "confirmed", "cq001": "undecided"})
    assert "again" not in claims.became(alone, {}).note, "what it restates is not among these"


def test_a_row_opens_to_its_evidence_and_what_decides(assessed):
    opened = claims.ledger(assessed).opens
    found = load("verdicts").set_index("claim_id")
    claim = found.index[(found["verdict"] == "disputed") & found["decided_by"].notna()][0]
    rows = load("evidence").query("claim_id == @claim")
    assert len(opened[claim]) >= len(rows)
    assert sum("decides" in line for line in opened[claim]) == len(found.loc[claim, "decided_by"].split("+"))
    html = claims.ledger(assessed).html()
    assert html.count("<details><summary>") >= len([lines for lines in opened.values() if lines])


def test_a_line_of_evidence_says_how_it_is_weighed(assessed):
    row = {"claim_id": "cq001", "reading": "So it says.", "source_id": "x", "definition": "same", "period": "same"}
    rows = [
        row | {"evidence_id": "v1", "independent": True},
        row | {"evidence_id": "v2", "independent": False, "definition": "differs"},
        row | {"evidence_id": "v3", "independent": True, "definition": "wider", "period": "other"},
    ]
    one = few(assessed, cq001="confirmed")
    one = replace(one, claims=one.claims.assign(decided_by="v1"), evidence=pd.DataFrame(rows))
    assert claims.ledger(one).opens["cq001"] == [
        "So it says. [x, decides]",
        "So it says. [x, differs thing, not independent]",
        "So it says. [x, wider, other time]",
    ]


def test_the_order_begins_with_what_was_not_borne_out(assessed):
    table = claims.ledger(assessed).table
    assert table["verdict"].iloc[0] in ("contradicted", "true of another time")
    assert table["verdict"].iloc[-1] == "undecided"


def test_what_is_counted_has_a_later_count_of_the_same_thing(assessed):
    counted = assessed.counted
    assert len(counted) >= 10 and (counted["year"] > counted["said"].str[:4].astype(int)).all()
    assert "document" in claims.counted(assessed).sources
    assert claims.counted(few(assessed, cq001="confirmed")).title.startswith(
        "0 figures of the document can be followed"
    )


def test_dates_that_evidence_gives_stand_outside_the_stated_ones(assessed):
    dates = assessed.dates.merge(assessed.claims, on="row_id", suffixes=("", "_claim"))
    assert len(dates) and ((dates["first_day"] < dates["since"]) | (dates["first_day"] > dates["until"])).all()


def test_figures_on_turnover_of_a_year_reach_the_trade_report(assessed):
    years = assessed.on("trade").yearly_turnover
    assert set(years["year"]) >= {2003, 2004, 2011} and years["value"].between(1e9, 1e11).all()
    assert pd.Series(years["source_id"]).str.startswith("document").all()


def test_a_second_readers_differences_are_told(assessed):
    three = few(assessed, cq001="confirmed", cq002="contradicted", cq003="undecided")
    second = pd.DataFrame({"claim_id": ["cq001", "cq002", "cq003"], "verdict": ["confirmed", "corrected", "undecided"]})
    made = claims.readers(three, second.assign(reason=None, note=[None, "an attribute alone", None]))
    # Two of three are equal; by chance 1/9 + 0 + 1/9 would be: (2/3 − 2/9) ÷ (1 − 2/9) = 4/7.
    assert made.title == "A second reader comes to the same verdict on 2 of 3 claims (κ 0.57)"
    assert made.table.loc["cq002"].tolist()[1:] == ["contradicted", "confirmed with a correction", "an attribute alone"]
    assert claims.readers(assessed, load("second_verdicts")).table.shape[0] < 30
