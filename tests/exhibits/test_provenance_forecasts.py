"""What the forecast notebook's exhibits cite is what they read: a source whose rows change, changes what cites it."""

from collections.abc import Callable
from functools import cache

import in_process
import numpy as np
import pandas as pd
import pytest

from analysis.exhibits.exhibit import Exhibit
from analysis.methods import baselines
from analysis.notebooks import folders
from analysis.tables import store

NOTEBOOK = folders.NOTEBOOKS / "03_expert_forecasts.ipynb"
STATISTICS = (
    "wits",
    "bns",
    "bns_pipeline",
    "fcs_annual",
    "fcs_monthly",
    "wits_groups",
    "eia_brent",
    "wdi_kaz",
    "wdi_rus",
)
# What these show is computed from rows; the others repeat outcomes, which tables hold beside what they were read from.
COMPUTED = {"growth-by-books", "benchmark", "benchmark-units", "oil-and-rouble", "same-goods", "officials"}
COMPUTED |= {"officials-years"}
NUMBERS = ("value", "value_usd", "value_low", "low_pct")
TEXTS = ("gist", "evidence", "why")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Two methods stand for all: which rows a benchmark reads does not depend on how it is fitted."""
    monkeypatch.setattr(baselines, "METHODS", ("naive", "drift"))


def changed(source: str | None) -> Callable[[str], pd.DataFrame]:
    """A `load` under which the rows of a source hold other values; a row of quantities is the document's."""

    @cache
    def load(table: str) -> pd.DataFrame:
        rows = store.load(table)
        from_it = rows["source_id"].eq(source) if "source_id" in rows else pd.Series(source == "document", rows.index)
        for column in set(NUMBERS) & set(rows):
            # Not all by one factor, or growth and shares would stay.
            rows[column] = rows[column].mask(from_it, rows[column] * np.linspace(0.7, 1, len(rows)))
        for column in set(TEXTS) & set(rows):
            rows[column] = rows[column].mask(from_it, rows[column] + " (changed)")
        if table == "positions":
            rows["direction"] = rows["direction"].mask(from_it, "down")
        return rows

    return load


def exhibits(source: str | None = None, **parameters: object) -> dict[str, Exhibit]:
    return in_process.exhibits(NOTEBOOK, load=changed(source), **parameters)


def said(exhibit: Exhibit) -> str:
    return f"{exhibit.digest} {exhibit.subtitle} {exhibit.alt} {exhibit.note}"


@pytest.mark.parametrize("basis", ["criterion", "russia", "officials"])
def test_a_statistic_is_cited_by_what_reads_it(basis):
    before = exhibits(outcome_basis=basis)
    read = {key: set() for key in before}
    for source in STATISTICS:
        for key, exhibit in exhibits(source, outcome_basis=basis).items():
            if said(exhibit) != said(before[key]):
                read[key].add(source)
    for key, sources in read.items():
        cited = set(before[key].sources) & set(STATISTICS)
        assert sources == cited if key in COMPUTED else sources <= cited, key
    assert any(read.values())


@pytest.mark.parametrize(
    ("parameters", "sources"),
    [
        ({}, ("document", "kazinform_2019_11_07", "mid_eaeu", "kazinform_2018_01_20")),
        ({"experts": "selteev", "questions": "q3"}, ("document",)),
        ({"horizon_year": 2019}, ("tass_2025_12_26",)),
        ({"lexicon": "kent"}, ("kent_1964", "icd_203")),
        ({"reading": "cautious"}, ("managers_guide_ci",)),
    ],
)
def test_words_and_publications_are_cited_by_what_reads_them(parameters, sources):
    before = exhibits(**parameters)
    for source in sources:
        for key, exhibit in exhibits(source, **parameters).items():
            if said(exhibit) != said(before[key]):
                assert source in before[key].sources, f"{key} reads {source}"
    chosen = {"kent_1964"} if parameters.get("lexicon") == "kent" else {"kent_1964", "icd_203"}
    assert chosen == {"kent_1964", "icd_203"} & set(before["words"].sources)
