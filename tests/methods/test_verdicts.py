"""Verdicts on claims: each rule of the codebook worked by hand on small rows, then the table against the code."""

import numpy as np
import pandas as pd
import pytest

from analysis.checks import computed
from analysis.methods import verdicts as v
from analysis.tables.store import all_tables, load, path, schema

NONE = pd.DataFrame(columns=["claim_id", "verdict", "found", "fits", "basis", "sources_read"])
QUANTITY = {
    "metric": "population",
    "value": 100.0,
    "value_low": np.nan,
    "value_high": np.nan,
    "qualifier": "exact",
    "unit": "count",
    "period_start": "2004",
    "period_end": "2004",
    "dating": "stated",
}
CLAIM = {"claim_id": "cq001", "kind": "quantity", "table": "quantities", "row_id": "q001", "said": "2006"}
CLAIM |= {"value": np.nan, "unit": None, "date": None, "names_source": None, "uncheckable": None}
ROW = {"evidence_id": "v0001", "claim_id": "cq001", "value": np.nan, "low": np.nan, "high": np.nan, "unit": "count"}
ROW |= {"date": None, "holds": None, "correction": None, "definition": "same", "period": "same", "independent": True}
ROW |= {"source_id": "x"}
EVENT = {"event_id": "e001", "date": "2004-01-09", "date_end": None, "date_precision": "day"}


def asserted(claim=None, quantity=None, event=None):
    return v.asserted(
        pd.DataFrame([CLAIM | (claim or {})]),
        pd.DataFrame([{"quantity_id": "q001"} | QUANTITY | (quantity or {})]),
        pd.DataFrame([EVENT | (event or {})]),
        pd.DataFrame(columns=["agreement_id", "signed", "date_precision"]),
    )


def judged(*rows, claim=None, quantity=None, event=None, ledger=None):
    """The verdict on one claim from rows of evidence, which differ from `ROW` in what is given."""
    evidence = pd.DataFrame(
        [ROW | {"evidence_id": f"v{at + 1:04d}"} | row for at, row in enumerate(rows)] or None, columns=list(ROW)
    )
    evidence["independent"] = evidence["independent"].astype(bool)
    by_ledgers = NONE if ledger is None else pd.DataFrame([{"claim_id": "cq001", "fits": np.nan} | ledger])
    return v.verdicts(asserted(claim, quantity, event), evidence, by_ledgers).iloc[0]


DATED = {"claim_id": "ce001", "kind": "date", "table": "events", "row_id": "e001"}
PLAIN = {"claim_id": "cx001", "kind": "superlative", "table": None, "row_id": None}


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([{"value": 95.0}], "confirmed"),  # 5 % of the claim itself
        ([{"value": 94.9}], "contradicted"),
        ([{"value": 104.0}, {"value": 96.0}], "confirmed"),
        ([{"value": 104.0}, {"value": 90.0}], "disputed"),
        ([{"low": 90.0, "high": 95.0}], "confirmed"),  # its range meets that of the claim
        ([{"low": 106.0}], "contradicted"),  # at least so much
        ([{"high": 94.0}], "contradicted"),
        ([{"value": 100.0, "independent": False}], "officials_only"),
        ([{"value": 100.0, "independent": False}, {"value": 80.0}], "contradicted"),
        ([{"value": 100.0, "definition": "wider"}], "undecided"),
        ([{"value": 100.0, "period": "other"}], "undecided"),
        ([{"value": 80.0}, {"value": 100.0, "period": "other"}], "anachronism"),
        ([{"value": 80.0}, {"value": 100.0, "period": "other", "independent": False}], "contradicted"),
        ([{"holds": "core"}], "corrected"),
        ([{"value": 100.0, "holds": "core"}], "corrected"),  # of a row with both the worse counts
        ([{"holds": "core"}, {"holds": "no"}], "disputed"),
        ([], "undecided"),
    ],
)
def test_a_figure(rows, verdict):
    assert judged(*rows)["verdict"] == verdict


@pytest.mark.parametrize(
    ("qualifier", "row", "verdict"),
    [
        ("at_least", {"value": 120.0, "definition": "narrower"}, "confirmed"),  # a part of it is enough
        ("at_least", {"value": 80.0, "definition": "narrower"}, "undecided"),
        ("at_least", {"value": 80.0, "definition": "wider"}, "contradicted"),  # not even with more in it
        ("at_least", {"value": 120.0, "definition": "wider"}, "undecided"),
        ("at_most", {"value": 80.0, "definition": "wider"}, "confirmed"),
        ("at_most", {"value": 120.0, "definition": "narrower"}, "contradicted"),
        ("at_most", {"value": 80.0, "definition": "narrower"}, "undecided"),
    ],
)
def test_a_bound_is_decided_by_a_part_or_by_more_than_the_whole(qualifier, row, verdict):
    bounds = {"qualifier": qualifier, "value_low" if qualifier == "at_least" else "value_high": 100.0}
    assert judged(row, quantity=bounds)["verdict"] == verdict


@pytest.mark.parametrize(
    ("rows", "verdict", "found"),
    [
        ([{"date": "2004-01-09"}], "confirmed", None),
        ([{"date": "2004-01"}], "confirmed", None),  # as precise as each is written
        ([{"date": "2003-12-31/2004-01-10"}], "confirmed", None),
        ([{"date": "2004-01-12", "holds": "yes"}], "corrected", "2004-01-12"),
        ([{"date": "2004-07-10"}], "corrected", "2004-07-10"),  # 183 days
        ([{"date": "2004-07-11"}], "contradicted", "2004-07-11"),
        ([{"date": "2004-01-09"}, {"date": "2004-01-12"}], "disputed", "2004-01-09; 2004-01-12"),
        ([{"date": "2004-01-09", "holds": "core", "correction": "in Moscow"}], "corrected", "2004-01-09; in Moscow"),
        ([{"holds": "yes"}], "undecided", None),  # that it took place is not when
        ([{"holds": "no", "correction": "it never was"}], "contradicted", "it never was"),
    ],
)
def test_a_date(rows, verdict, found):
    made = judged(*[{"claim_id": "ce001", "unit": None} | row for row in rows], claim=DATED)
    assert (made["verdict"], made["found"]) == (verdict, found)


def test_an_event_without_a_date_is_borne_out_by_what_says_so():
    row = {"claim_id": "ce001", "holds": "yes", "date": "2001"}
    assert judged(row, claim=DATED, event={"date": None})["verdict"] == "confirmed"


def test_a_decade_is_ten_years_wide():
    decade = {"date": "1990", "date_precision": "decade"}
    assert judged({"claim_id": "ce001", "date": "1999-12-31"}, claim=DATED, event=decade)["verdict"] == "confirmed"
    assert judged({"claim_id": "ce001", "date": "2000-09"}, claim=DATED, event=decade)["verdict"] == "contradicted"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"holds": "yes"}], "date_not_found"),
        ([{"holds": "no", "definition": "differs"}], "definition_differs"),
        ([{"date": "2004", "period": "other"}], "period_differs"),
        ([{}], "definition_differs"),
        ([], "no_evidence"),
    ],
)
def test_why_a_claim_is_undecided(rows, reason):
    made = judged(*[{"claim_id": "ce001"} | row for row in rows], claim=DATED)
    assert (made["verdict"], made["reason"]) == ("undecided", reason)


def test_what_is_marked_uncheckable_stays_undecided_whatever_is_found():
    made = judged({"value": 100.0}, claim={"uncheckable": "not_a_record"})
    assert (made["verdict"], made["reason"]) == ("undecided", "not_a_record")


def test_a_named_compiler_whose_figures_are_not_held_is_not_contradicted():
    named = {"names_source": "Eurasian Economic Commission"}
    assert judged({"value": 80.0}, claim=named)["verdict"] == "other_compiler"
    assert judged({"value": 100.0}, claim=named)["verdict"] == "confirmed"
    assert judged(claim=named)["reason"] == "no_evidence"


GUESSED = {"dating": "inferred: undated, last full year before the writing"}


def test_a_guessed_year_alone_contradicts_nothing():
    assert judged({"value": 80.0}, quantity=GUESSED)["reason"] == "undated"
    later = [{"value": 80.0}, {"value": 70.0, "period": "other"}]
    assert judged(*later, quantity=GUESSED)["verdict"] == "contradicted", "another year disagrees too"
    fits = [{"value": 80.0}, {"value": 100.0, "period": "other"}]
    assert judged(*fits, quantity=GUESSED)["reason"] == "undated", "another year fits"
    of_the_day = {"dating": "undated: essay of 2006", "period_end": "2006"}
    assert judged({"value": 80.0}, quantity=of_the_day)["verdict"] == "contradicted", "said of the time of writing"


LEDGER = {"verdict": "contradicted", "found": "80", "basis": "Kazakhstan's ledger 80.", "sources_read": "wits"}


def test_ledgers_come_first():
    made = judged({"value": 100.0}, ledger=LEDGER)
    assert (made["verdict"], made["found"], made["decided_by"]) == ("contradicted", "80", None)
    assert judged(ledger=LEDGER, claim={"names_source": "somebody"})["verdict"] == "other_compiler"
    assert judged(ledger=LEDGER | {"fits": 2003.0}, quantity=GUESSED)["basis"].endswith("It would agree with 2003.")
    assert judged(ledger=LEDGER, quantity=GUESSED)["verdict"] == "contradicted", "no earlier year fits"


def test_a_verdict_names_what_decides_and_its_sources():
    made = judged({"value": 90.0}, {"value": 88.0, "source_id": "y"}, {"value": 100.0, "definition": "differs"})
    assert (made["decided_by"], made["sources_read"]) == ("v0001+v0002", "x+y")
    assert (made["found"], made["basis"]) == ("88 to 90", "Of 2 rows 2 disagree.")


def test_what_officials_say_of_another_time_decides_nothing():
    other = {"value": 100.0, "period": "other"}
    made = judged({"value": 80.0}, other, other | {"independent": False, "source_id": "y"})
    assert (made["verdict"], made["decided_by"], made["sources_read"]) == ("anachronism", "v0001+v0002", "x")


def test_claims_and_evidence_of_nothing_are_refused():
    with pytest.raises(ValueError, match="^cq001: quantities has no row 'q900'.$"):
        asserted(claim={"row_id": "q900"})
    with pytest.raises(ValueError, match="^evidence: there is no claim cq002.$"):
        judged({"claim_id": "cq002"})


FACTS = pd.DataFrame({"fact_id": ["f001", "f002", "f003"], "date": ["1992-10-22", "2012-12", "2012"]})


@pytest.mark.parametrize(("ends", "years"), [(("f001", "f002"), 20.11), (("f001", "f003"), 20), (("f003", "f003"), 0)])
def test_arithmetic_counts_from_one_dated_fact_to_another(ends, years):
    row = {"evidence_id": "v0001", "kind": "arithmetic", "from_fact": ends[0], "to_fact": ends[1]}
    assert v.arithmetic(pd.DataFrame([row]), FACTS)["v0001"] == years


def test_arithmetic_without_two_facts_is_refused():
    row = {"evidence_id": "v0001", "kind": "arithmetic", "from_fact": "f001", "to_fact": None}
    with pytest.raises(ValueError, match="^evidence, v0001: an arithmetic row names two facts"):
        v.arithmetic(pd.DataFrame([row]), FACTS)


@pytest.fixture(scope="module")
def frames():
    return {name: load(name) for name in all_tables()}


def test_the_table_is_what_the_rules_give(frames):
    assert told(frames) == []
    fields = {field["name"]: field.get("constraints", {}).get("enum") for field in schema("verdicts")["fields"]}
    assert fields["verdict"] == list(v.VERDICTS) and fields["reason"] == list(v.REASONS)


def test_resolutions_that_a_rule_decides_are_computed(frames):
    typed = told(changed(frames, "resolutions", "s061", outcome="no"))
    assert "resolutions, s061: the outcome is 'no'; the rules give 'yes', which `analysis fill` writes." in typed
    lower = told(changed(frames, "resolution_rules", "s019", threshold=9e9))
    assert "resolutions, s019: the outcome is 'partly'; the rules give 'yes', which `analysis fill` writes." in lower
    lost = frames | {"resolutions": frames["resolutions"].query("statement_id != 's061'")}
    assert "resolutions, s061: the row is missing; `analysis fill` writes it." in told(lost)
    assert computed.as_csv("resolutions", frames["resolutions"]) == path("resolutions").read_text(encoding="utf-8")


def told(frames):
    """What the checks say of claims, and of what is computed of them."""
    return computed.check(frames) + computed.differences(frames)


def changed(frames, table, row, **values):
    """The tables with some values of one row changed."""
    (key,) = schema(table)["primaryKey"]
    rows = frames[table].copy()
    for column, value in values.items():
        rows.loc[rows[key] == row, column] = value
    return frames | {table: rows}


def test_faults_in_claims_and_evidence_are_named(frames):
    some = frames["verdicts"].query("verdict == 'contradicted'").iloc[0]["claim_id"]
    typed = told(changed(frames, "verdicts", some, verdict="confirmed"))
    assert typed == [
        f"verdicts, {some}: the verdict is 'confirmed'; the rules give 'contradicted', which `analysis fill` writes."
    ]
    row = frames["evidence"].query("kind == 'arithmetic'").iloc[0]
    moved = told(changed(frames, "dated_facts", row["from_fact"], date="1985-01-01"))
    assert moved[0].startswith("evidence, v") and "and its facts give" in moved[0]
    nudged = told(changed(frames, "evidence", row["evidence_id"], value=row["value"] + 0.01))
    assert nudged[0] == (
        f"evidence, {row['evidence_id']}: its value is {row['value'] + 0.01:g}, and its facts give {row['value']:g}."
    )
    lost = changed(frames, "evidence", row["evidence_id"], claim_id="cx999")
    assert "evidence: there is no claim cx999." in told(lost)
    assert "claims: q001 of quantities has no row." in told(
        frames | {"claims": frames["claims"].query("claim_id != 'cq001'")}
    )
    elsewhere = told(changed(frames, "claims", "cq001", paragraph=5))
    assert elsewhere[0] == "claims, cq001: its paragraph is 5, and that of q001 is 3."
    silent = frames["claims"].merge(frames["verdicts"].query("reason == 'no_evidence'")[["claim_id"]])["claim_id"][0]
    assert f"claims, {silent}: it is undecided; say in searched what was looked for." in told(
        changed(frames, "claims", silent, searched=None)
    )
    alone = (
        frames["verdicts"]
        .query("verdict == 'confirmed'")
        .merge(frames["evidence"], left_on="decided_by", right_on="evidence_id")
        .iloc[0]
    )
    officials = told(changed(frames, "evidence", alone["evidence_id"], independent=False))
    assert officials[0] == (
        f"verdicts, {alone['claim_id_x']}: the verdict is 'confirmed'; the rules give 'officials_only', which "
        "`analysis fill` writes."
    )


def test_most_claims_are_decided(frames):
    found = frames["claims"].merge(frames["verdicts"], on="claim_id")
    decided = found["verdict"] != "undecided"
    dated = found["table"].isin(["events", "agreements"])
    others = found["table"].isna()
    assert decided[dated].sum() >= 100 and decided[others].sum() >= 30 and others.sum() >= 40


def test_what_was_found_has_the_unit_of_the_evidence_where_the_claim_has_none():
    made = judged({"claim_id": "cx001", "value": 52.0, "unit": "percent", "holds": "no"}, claim=PLAIN)
    assert (made["verdict"], made["found"]) == ("contradicted", "52 percent")
    bare = judged({"claim_id": "cx001", "value": 52.0, "unit": None, "holds": "no"}, claim=PLAIN)
    assert bare["found"] == "52"
