"""Rules that bind the document's tables to one another; what needs the document itself is `analysis verify`."""

import pandas as pd
import pytest

from analysis.methods.dates import first_day, last_day
from analysis.tables.store import all_tables, load, schema

ANCHORED = ("quantities", "events", "agreements", "organisations", "memberships", "regions")
# (table, first date, last date, column of the first date's precision)
DATES = [
    ("passages", "written", None, None),
    ("quantities", "period_start", "period_end", None),
    ("events", "date", "date_end", "date_precision"),
    ("agreements", "signed", None, "date_precision"),
    ("agreements", "term_start", "term_end", None),
    ("organisations", "founded", None, None),
    ("memberships", "start", "end", None),
]
LENGTHS = {"year": 4, "decade": 4, "month": 7, "day": 10}


def references():
    return [
        (table, field["name"])
        for table in all_tables()
        for field in schema(table)["fields"]
        if field["name"] in ("paragraph", "paragraph_a", "paragraph_b", "duplicate_of")
    ]


def names(column):
    return set(column.dropna().str.split("; ").explode())


def ids(rows):
    return rows.iloc[:, 0].tolist()


def test_paragraphs_are_numbered_without_a_gap():
    assert load("passages")["paragraph"].tolist() == list(range(1, 193))


@pytest.mark.parametrize(("table", "column"), references())
def test_every_paragraph_referred_to_exists(table, column):
    assert set(load(table)[column].dropna()) <= set(load("passages")["paragraph"])


@pytest.mark.parametrize("table", [*ANCHORED, "passage_areas"])
def test_content_stands_at_first_occurrences(table):
    passages, rows = load("passages"), load(table)
    repeats = passages.loc[passages["duplicate_of"].notna(), "paragraph"]
    assert ids(rows[rows["paragraph"].isin(repeats)]) == []


def test_places_stand_in_the_paragraphs_that_name_them_from_the_first_on():
    passages, regions = load("passages"), load("regions")
    first_told = set(passages.loc[passages["duplicate_of"].isna(), "paragraph"])
    named = regions[regions["named"]]
    assert regions.loc[~regions["named"], "named_in"].isna().all() and named["named_in"].notna().all()
    for row in named.itertuples():
        paragraphs = [int(number) for number in row.named_in.split("; ")]
        assert paragraphs[0] == row.paragraph and paragraphs == sorted(set(paragraphs)), row.region_id
        assert set(paragraphs) <= first_told, row.region_id


def test_repeats_point_back_to_a_first_occurrence():
    passages = load("passages").set_index("paragraph")
    repeats = passages[passages["duplicate_of"].notna()]
    assert (repeats["duplicate_of"] < repeats.index).all()
    assert passages.loc[repeats["duplicate_of"], "duplicate_of"].isna().all()
    assert (passages["similarity"].notna() == passages["duplicate_of"].notna()).all()
    assert (repeats["similarity"] >= 0.6).all()
    of_first = passages.loc[repeats["duplicate_of"]]
    assert repeats["gist"].tolist() == of_first["gist"].tolist()
    same_text = (repeats["sha256"].to_numpy() == of_first["sha256"].to_numpy()).tolist()
    assert same_text == (repeats["similarity"] == 1).tolist()


@pytest.mark.parametrize(("table", "first", "last", "precision"), DATES)
def test_dates_are_valid_and_as_precise_as_said(table, first, last, precision):
    rows = load(table)
    dated = rows[rows[first].notna()]
    dated[first].map(first_day)
    if last:
        rows[last].map(last_day, na_action="ignore")
        spans = dated[dated[last].notna()]
        backwards = spans[first].map(first_day).to_numpy() > spans[last].map(last_day).to_numpy()
        assert ids(spans[backwards]) == []
    if precision:
        assert (rows[precision].notna() == rows[first].notna()).all()
        assert ids(dated[dated[first].str.len() != dated[precision].map(LENGTHS)]) == []
        assert dated.loc[dated[precision] == "decade", first].str.endswith("0").all()


def test_precision_of_the_time_of_writing():
    passages = load("passages")
    lengths = passages["written_precision"].map({"year": 4, "month": 7, "from_month": 7})
    assert (passages["written"].str.len().fillna(0) == lengths.fillna(0)).all()


@pytest.mark.parametrize("column", ["actors", "place"])
def test_names_in_events_have_their_forms(column):
    assert names(load("events")[column]) - set(load("named_forms")["name_en"]) == set()


@pytest.mark.parametrize(
    ("table", "column"), [*((table, "token") for table in ANCHORED), *(("inconsistencies", f"token_{x}") for x in "ab")]
)
def test_tokens_are_short(table, column):
    tokens = load(table)[column].dropna()
    assert tokens[(tokens.str.split().str.len() > 6) | (tokens.str.len() > 60)].tolist() == []
    assert tokens[tokens != tokens.str.split().str.join(" ")].tolist() == []


def test_a_second_paragraph_has_its_token():
    rows = load("inconsistencies")
    assert ids(rows[rows["paragraph_b"].notna() != rows["token_b"].notna()]) == []


def test_gists_are_short():
    passages = load("passages")
    assert ids(passages[passages["gist"].str.split().str.len() > 25]) == []


@pytest.mark.parametrize("coder", ["a", "b"])
def test_codes_keep_the_rules_of_the_codebook(coder):
    codes = load("passage_areas")
    by_paragraph = codes[codes["coder"] == coder].groupby("paragraph")["primary"].agg(["size", "sum"])
    assert len(by_paragraph)
    assert by_paragraph.index[by_paragraph["size"] > 4].tolist() == []
    assert by_paragraph.index[by_paragraph["sum"] != 1].tolist() == []


def test_members_that_are_bodies_are_known():
    bodies = load("memberships")["member"]
    bodies = set(bodies[bodies.str.startswith("o-")])
    assert bodies and bodies <= set(load("organisations")["organisation_id"])


def test_bounds_of_quantities_enclose_the_value():
    quantities = load("quantities")
    low, value, high = (quantities[name] for name in ("value_low", "value", "value_high"))
    outside = (low > value) | (value > high) | (low > high)
    assert ids(quantities[outside]) == []
    assert (pd.concat([low, value, high], axis=1).notna().any(axis=1)).all()
