"""Claim and record of each area: figures read from the rows that a table names, and told in its words."""

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.methods.area_records import AreaRecords
from analysis.tables.store import load

COLUMNS = ["area_id", "role", "rows", "over", "scale", "year", "years", "words", "share", "follows"]
SERIES = [(1999, 5.0, "A"), (2000, 10.0, "A"), (2001, 20.0, "B")]
INDICATORS = pd.DataFrame(SERIES, columns=["year", "value", "status"]).assign(
    country="KAZ", partner="RUS", indicator="x"
)
WORLD = INDICATORS.assign(partner="WLD", value=40.0, status="A")
TABLES = {
    "indicators": pd.concat([INDICATORS, WORLD]).assign(source_id="counted"),
    "claims": pd.DataFrame(
        {
            "claim_id": ["c1"],
            "value": [33.0],
            "said": ["2000-03"],
            "found": ["20 to 30"],
            "source_id": ["document+read"],
        }
    ),
    "evidence": pd.DataFrame(
        {"evidence_id": ["v1"], "value": [25.0], "low": [20.0], "high": [30.0], "date": [None], "known_by": ["1999-05"]}
    ).assign(source_id="read", claim_id="c1"),
}


def told(*rows):
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return AreaRecords(frame.astype({"year": "Int64", "years": "Int64"}), TABLES)


CLAIMED = ("a", "claimed", "claims:c1", None, 1, None, None, "{value:.0f} % in {year}, {found} found", None, None)
THEN = ("a", "then", "evidence:v1", None, 1, None, None, "{low:.0f} to {high:.0f} in {year}", None, None)
LATEST = (
    "a",
    "latest",
    "indicators:KAZ:RUS:x",
    "indicators:KAZ:WLD:x",
    100,
    None,
    2,
    "{value:.1f}, {first}–{year}",
    "a part",
    "same",
)


def test_figures_stand_in_the_words_with_their_years_and_sources():
    rows = told(CLAIMED, THEN, LATEST).told.set_index("role")
    assert rows["words"].to_dict() == {
        "claimed": "33 % in 2000, 20 to 30 found",
        "then": "20 to 30 in 1999",
        "latest": "37.5, 2000–2001",  # 100 × (10 + 20) ÷ (40 + 40)
    }
    assert rows["source_id"].to_dict() == {"claimed": "document+read", "then": "read", "latest": "counted"}
    assert rows.loc["latest", "follows"] == "same"
    assert rows.loc["latest", "status"] == "B" and rows.loc["then", "claim_id"] == "c1"


def test_shares_are_those_with_a_figure_of_the_time_and_the_latest():
    rose = [("b", *row[1:]) for row in (CLAIMED, THEN, LATEST)]
    fell = [("c", "then", "evidence:v1", None, 2, None, None, "", None, None), ("c", *LATEST[1:])]
    alone = ("d", *LATEST[1:])
    shares = told(*rose, *fell, alone).shares
    assert shares.index.tolist() == ["c", "b"], "the one that fell most is first; without a figure then there is none"
    assert shares.loc["b", ["claimed", "then", "latest", "of_latest"]].tolist() == [33, 25, 37.5, 2001]
    assert not shares["sound"].any()


def test_a_row_that_points_at_nothing_is_named():
    lost = ("a", "then", "indicators:KAZ:RUS:x", None, 1, 1980, None, "", None, None)
    with pytest.raises(DataError, match="area_records, a, then: indicators:KAZ:RUS:x has no row that is asked for."):
        _ = told(lost).told


def test_every_row_of_the_table_points_at_a_figure_or_a_passage():
    tables = {
        name: load(name) for name in ("indicators", "dated_statements", "trade", "passages", "evidence", "claims")
    }
    quantities = load("quantities").set_index("quantity_id")["value"]
    claims = tables["claims"].assign(value=tables["claims"]["row_id"].map(quantities), found="")
    records = AreaRecords(load("area_records"), tables | {"claims": claims})
    rows = records.told
    assert set(load("claims")["area_id"].dropna()) <= set(rows["area_id"]) <= set(load("areas")["area_id"])
    assert not rows["words"].str.contains("nan").any()
    of_claim = rows.merge(load("claims")[["claim_id", "area_id"]], on="claim_id", suffixes=("", "_of_claim"))
    assert (of_claim["area_id"] == of_claim["area_id_of_claim"]).all()
    assert set(records.shares.index) == set(load("area_records").dropna(subset="share")["area_id"])
