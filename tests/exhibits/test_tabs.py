"""Alternatives of one exhibit: each whole, with its own address, the first open and the others folded."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from in_process import values

from analysis.exhibits.exhibit import Exhibit
from analysis.exhibits.tabs import Tabs, tabs
from analysis.notebooks import folders

LEVEL = Exhibit(
    key="level",
    title="It rose",
    subtitle="US$ bn",
    alt="A line.",
    table=pd.DataFrame({"trade": [1.5]}, index=pd.Index([2001], name="year")),
    sources=["wits"],
    draw=lambda figure: figure.subplots().plot([1, 2]),
)


def test_each_alternative_is_whole_and_the_first_keeps_its_key():
    both = tabs({"in dollars": LEVEL, "by Russia’s books": replace(LEVEL, title="It <fell>", sources=["fcs_annual"])})
    assert [exhibit.key for exhibit in both.exhibits.values()] == ["level", "level-russia-s-books"]
    data, metadata = both._repr_mimebundle_()
    assert data["text/plain"].splitlines() == [repr(exhibit) for exhibit in both.exhibits.values()]
    assert [told["sources"] for told in metadata["exhibits"]] == [["wits"], ["fcs_annual"]]
    assert all(told["narrow"].startswith("<svg") and len(told["marks"]) == 2 for told in metadata["exhibits"])
    html = data["text/html"]
    assert re.findall(r'data-tab="([^"]*)"', html) == ["in dollars", "by Russia’s books"]
    opened, folded = html.split('<details class="fold" data-tab')
    assert "It rose" in opened and "It &lt;fell&gt;" in folded
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) and {"level", "level-russia-s-books", "level-tabs"} <= set(ids)


def test_the_same_numbers_under_the_same_title_are_one_tab():
    made = tabs(
        {"in dollars": LEVEL, "in tenge": replace(LEVEL, title="It fell"), "by one’s books": replace(LEVEL, alt="x")}
    )
    assert list(made.exhibits) == ["in dollars", "in tenge"]


def test_exhibits_that_are_not_the_same_are_not_called_so():
    both = Tabs({"Level": LEVEL, "How it is <counted>": replace(LEVEL, key="counted")}, "")
    assert "<summary>How it is &lt;counted&gt;</summary>" in both.html()
    assert (
        "<summary>The same, in tenge</summary>"
        in tabs({"in dollars": LEVEL, "in tenge": replace(LEVEL, title="x")}).html()
    )


# What the words of a tab promise: what must stand in title and measure, what must not, and whose records are shown.
PROMISED = {
    "in current dollars": ("US$ bn", "tenge|roubles| of 2015,", None),
    "in dollars of 2015": ("US$ bn of 2015", "tenge|roubles|current", None),
    "in tenge": ("bn tenge", "US\\$|roubles", None),
    "in tenge of 2015": ("bn tenge of 2015", "US\\$|roubles|current", None),
    "in roubles": ("bn roubles", "US\\$|tenge", None),
    "in percent of GDP": ("% of Kazakhstan’s GDP", "US\\$|tenge|roubles", None),
    "by Kazakhstan’s books": ("US$ bn", "tenge|roubles", {"fcs_annual"}),
    "by Russia’s books": ("US$ bn", "tenge|roubles", {"wits", "bns", "bns_pipeline"}),
}


@pytest.fixture(scope="module")
def shown():
    """The tabs of the trade notebook, by their words."""
    made = [value for _, value in values(folders.NOTEBOOKS / "01_trade_trends.ipynb") if isinstance(value, Tabs)]
    return [one.exhibits for one in made if next(iter(one.exhibits)).startswith("in ")]


def test_a_tab_tells_of_its_money_and_its_books_alone(shown):
    assert [next(iter(exhibits)) for exhibits in shown] == ["in current dollars"] * 2
    assert set().union(*shown) == set(PROMISED)
    for exhibits in shown:
        for words, exhibit in exhibits.items():
            unit, never, others = PROMISED[words]
            told = f"{exhibit.title} {exhibit.subtitle}"
            assert unit in told and not re.search(never, told), (words, told)
            assert not others or not others & set(exhibit.sources), words
            owner = words.removeprefix("by ").removesuffix(" books")
            assert not others or all(owner in column for column in exhibit.table if "ledger" in column), words
