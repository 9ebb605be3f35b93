"""The trade report of a day: every exhibit says in whole sentences what was known then."""

import re

import pytest
from in_process import exhibits

from analysis.notebooks import folders

NOTEBOOK = folders.NOTEBOOKS / "01_trade_trends.ipynb"


@pytest.mark.parametrize("day", ["2024-06-30", pytest.param("2024-01-01", marks=pytest.mark.slow)])
def test_the_report_of_a_day_has_the_years_and_the_values_of_that_day(day):
    made = exhibits(NOTEBOOK, vintage=day)
    for exhibit in made.values():
        told = f"{exhibit.title} {exhibit.subtitle} {exhibit.alt} {exhibit.note}"
        assert not re.search(r"\bnan\b|\bNaT\b|\binf\b", told), (exhibit.key, told)
    flows, last = made["flows"], 2023 if day > "2024-03" else 2022
    assert flows.table.index.max() == last and made["long-series"].title.count(f"in {last}") == 1
    # In billions: the 8.781 of 2022 had been replaced by November 2023, the first figures of 2023 not yet.
    assert flows.table.iloc[:, 0].loc[2022] == pytest.approx(9.09139, abs=1e-5)
    if last == 2023:
        assert tuple(flows.table.iloc[:, :2].loc[2023]) == pytest.approx((9.78823, 16.19216), abs=1e-5)


def test_first_seen_values_stand_in_all_years():
    first, latest = (exhibits(NOTEBOOK, vintage=one)["flows"].table for one in ("first", "bureau"))
    assert list(first.index) == list(latest.index)
    changed = (first.iloc[:, 0] != latest.iloc[:, 0]) | (first.iloc[:, 1] != latest.iloc[:, 1])
    assert {2000, 2022, 2023} <= set(first.index[changed]) and tuple(first.iloc[:, :2].loc[2022]) == pytest.approx(
        (8.78072, 17.34268), abs=1e-5
    )
