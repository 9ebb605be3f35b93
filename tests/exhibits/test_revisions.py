"""The exhibit of revisions on small tables: its sentence is in its rows."""

import pandas as pd
import pytest
from edition import load, read

from analysis.exhibits.revisions import revisions
from analysis.methods import releases

PAIR, OTHER = "trade:KAZ:RUS:export:bns", "trade:KAZ:CHN:export:bns"
NONE = pd.DataFrame({"series": [PAIR], "first_year": 2001, "last_year": 2001, "released": "2002", "note": "x"}).assign(
    source_id="bns"
)[:0]


def readings(*rows: tuple[str, float, float]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["series", "age", "raised_pct"])
    return made.assign(year=range(2001, 2001 + len(made)), source_id="bns")


def test_the_title_counts_what_was_revised_young_and_old():
    read = readings((PAIR, 0.5, 4.0), (PAIR, 1.0, -1.0), (PAIR, 1.5, -2.0), (PAIR, 12, 0.04), (OTHER, 0.1, 50.0))
    exhibit = revisions(read, readings((PAIR, 0, 1.0), (PAIR, 0, 0.01))[:2], NONE)
    assert exhibit.title == (
        "First figures of this trade were revised up by 1.5 % in the mean (2 at hand); of 2 read later 1 changed"
    )
    assert exhibit.table.loc["read within a year"].tolist() == [2, 2, 1, 1.5, 2.5, 4]
    assert exhibit.table["number"].tolist() == [2, 1, 0, 1, 2], "0.04 % is rounding, and another partner is no matter"
    assert exhibit.table["revised"].tolist() == [2, 1, 0, 0, 1]
    assert "Of all 4 revisions in the table 2 raised the figure." in exhibit.note
    assert "at hand for 2001 and 2002 alone" in exhibit.note


def test_without_a_first_release_it_says_so():
    exhibit = revisions(readings((PAIR, 3, 0.0)), readings()[:0], NONE)
    assert exhibit.title == "How first figures of this trade were revised is not at hand; of 1 read later 0 changed"


def test_the_revisions_of_the_repository_are_those_of_its_tables():
    older = releases.readings(load("vintages"), load("revisions"), {"trade": load("trade")})
    exhibit = revisions(older, releases.years_and_months(read("trade"), load("trade_monthly")), load("vintages"))
    young = exhibit.table.loc["read within a year"]
    # millions of dollars: exports and imports of 2022, then of 2023, as they are and as they were
    raised = [9091.391 / 8780.725, 17880.631 / 17342.678, 10207.416 / 9788.231, 16847.034 / 16192.157]
    assert young["mean, %"] == pytest.approx(100 * (sum(raised) / 4 - 1), abs=0.005)
    assert young["largest, %"] == pytest.approx(100 * (raised[2] - 1), abs=0.005)
    # copies of 1995–2015, –2018, –2019 and –2021, two flows each, and the two years above
    assert exhibit.table["number"].sum() - exhibit.table["number"].iloc[-1] == 2 * (21 + 24 + 25 + 27 + 2)
