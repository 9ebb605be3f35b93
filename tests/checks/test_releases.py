"""Releases that do not hold together are refused, each in a sentence."""

import pandas as pd
import pytest

from analysis.checks import links, releases
from analysis.tables import store

SERIES = "trade:KAZ:RUS:import:bns"
ROW = {"table": "trade", "series": SERIES, "year": 2021, "month": 0, "value": 1.0, "source_id": "bns"}


@pytest.fixture(scope="module")
def frames():
    return {name: store.load(name) for name in store.all_tables()}


def with_revisions(frames, *rows: dict) -> dict[str, pd.DataFrame]:
    return frames | {"revisions": pd.concat([frames["revisions"], pd.DataFrame(rows)], ignore_index=True)}


def test_the_releases_of_the_repository_hold_together(frames):
    assert releases.check(frames) == []


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"series": "trade:KAZ:MARS:import:bns"}, ("revisions, trade:KAZ:MARS:import:bns: the table trade has no value "
         "for 2021.")),
        ({"year": 1999}, f"revisions, {SERIES}: the table trade has no value for 1999."),
        ({"month": 3}, f"revisions, {SERIES}: the table trade has no value for 2021-03."),
        ({"table": "indicators"}, f"revisions, {SERIES}: it is no series of the table indicators."),
        ({"released": "2023-01-02"}, (f"revisions, {SERIES} in 2021: it is superseded on 2023, before it was released "
         "on 2023-01-02.")),
        ({"released": "2022-02-30"}, f"revisions, {SERIES}: released is 2022-02-30, a date that there is not."),
    ],
)  # fmt: skip
def test_a_revision_that_cannot_be_is_named(frames, changed, said):
    row = ROW | {"released": "2022-02", "superseded": "2023"}
    assert releases.check(with_revisions(frames, row)) == []
    assert releases.check(with_revisions(frames, row | changed)) == [said]


def test_releases_of_a_value_follow_one_another(frames):
    first, second = {"released": "2022-02", "superseded": "2023"}, {"released": "2023", "superseded": "2024"}
    assert releases.check(with_revisions(frames, ROW | second, ROW | first)) == []
    second["released"] = "2022-12-31"
    assert releases.check(with_revisions(frames, ROW | second, ROW | first)) == [
        (
            f"revisions, {SERIES} in 2021: the release of 2022-12-31 came before that of 2022-02 was superseded on "
            "2023; releases of a value follow one another."
        )
    ]


def test_each_source_has_its_lag_and_the_lag_its_basis(frames):
    lags = frames["release_lags"]
    assert releases.check(frames | {"release_lags": lags[lags["source_id"] != "cow_v4"]}) == [
        (
            "release_lags: the source cow_v4 of the table trade has no row; say when its values are known, or that "
            "nothing is."
        )
    ]
    changed = lags.assign(cited_id=lags["cited_id"].mask(lags["source_id"] == "sipri"))
    changed["known_from"] = lags["known_from"].mask(lags["source_id"] == "wits", "sipri")
    assert releases.check(frames | {"release_lags": changed}) == [
        "release_lags, sipri, indicators: lag_days must have a basis, and its source in cited_id.",
        "release_lags, wits, trade: known_from is sipri, which has no row of that table.",
    ]


def test_the_check_of_all_tables_has_these_rules(frames, monkeypatch):
    monkeypatch.setattr(releases, "check", lambda frames: ["told"])
    assert "told" in links.check()
