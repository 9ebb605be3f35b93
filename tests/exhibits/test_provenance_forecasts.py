"""What the forecast notebook's exhibits cite is what they read: a source whose rows change, changes what cites it."""

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from article import Article, guard
from in_process import alternatives

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


def held(table: str) -> frozenset[str]:
    """The sources of a table's rows; a row of quantities is the document's."""
    rows = store.load(table)
    return frozenset(rows["source_id"].dropna()) if "source_id" in rows else frozenset(["document"])


@cache
def changed(table: str, sources: frozenset[str]) -> pd.DataFrame:
    """The table, its rows of some sources with other values."""
    rows = store.load(table)
    from_it = rows["source_id"].isin(sources) if "source_id" in rows else pd.Series("document" in sources, rows.index)
    for column in set(NUMBERS) & set(rows):
        # Not all by one factor, or growth and shares would stay.
        rows[column] = rows[column].mask(from_it, rows[column] * np.linspace(0.7, 1, len(rows)))
    for column in set(TEXTS) & set(rows):
        rows[column] = rows[column].mask(from_it, rows[column] + " (changed)")
    if table == "positions":
        rows["direction"] = rows["direction"].mask(from_it, "down")
    return rows


@pytest.fixture(scope="module")
def article():
    """The notebook; two methods stand for all, for which rows a benchmark reads does not depend on how it is fitted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "METHODS", ("naive", "drift"))
        guard(patch)
        yield Article(NOTEBOOK, held=held, spoilt=changed)


def said(exhibit: Exhibit) -> str:
    return f"{exhibit.digest} {exhibit.subtitle} {exhibit.alt} {exhibit.note}"


def shown(article: Article, values: dict[str, object]) -> list[tuple[int, Exhibit]]:
    """The exhibits, each of several tabs among them, with the statements that show them."""
    return [(at, one) for at in article.exhibits(values) for one in alternatives(article.run(at, values))]


def same(article: Article, at: int, values: dict[str, object], sources: Iterable[str], exhibit: Exhibit) -> bool:
    """Whether an exhibit says with some sources changed what it says without."""
    others = alternatives(article.run(at, values, frozenset(sources)))
    return said(exhibit) in {said(other) for other in others if other.key == exhibit.key}


@pytest.mark.parametrize(
    "basis", ["criterion", *(pytest.param(basis, marks=pytest.mark.slow) for basis in ("russia", "officials"))]
)
def test_a_statistic_is_cited_by_what_reads_it(article, basis):
    values = article.defaults | {"outcome_basis": basis}
    computed = set()
    for at, exhibit in shown(article, values):
        cited = set(exhibit.sources) & set(STATISTICS)
        assert same(article, at, values, set(STATISTICS) - cited, exhibit), f"{exhibit.key} reads what it does not cite"
        if exhibit.key in COMPUTED:
            computed.add(exhibit.key)
            unread = {source for source in cited if same(article, at, values, [source], exhibit)}
            assert not unread, f"{exhibit.key} cites what it does not read"
    assert computed == COMPUTED


CHOSEN = [
    ({"experts": "selteev", "questions": "q3"}, ("document",)),
    ({"horizon_year": 2019}, ("tass_2025_12_26",)),
    ({"lexicon": "kent"}, ("kent_1964", "icd_203")),
    ({"reading": "cautious"}, ("managers_guide_ci",)),
]


@pytest.mark.parametrize(
    ("parameters", "sources"),
    [
        ({}, ("document", "kazinform_2019_11_07", "mid_eaeu", "kazinform_2018_01_20")),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in CHOSEN),
    ],
)
def test_words_and_publications_are_cited_by_what_reads_them(article, parameters, sources):
    values = article.defaults | parameters
    for at, exhibit in shown(article, values):
        uncited = set(sources) - set(exhibit.sources)
        assert same(article, at, values, uncited, exhibit), f"{exhibit.key} reads one of {uncited}"
    words = next(exhibit for _, exhibit in shown(article, values) if exhibit.key == "words")
    chosen = {"kent_1964"} if parameters.get("lexicon") == "kent" else {"kent_1964", "icd_203"}
    assert chosen == {"kent_1964", "icd_203"} & set(words.sources)
