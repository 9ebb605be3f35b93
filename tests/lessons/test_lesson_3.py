"""Lesson 3: its right answers worked from the tables without the exercises' code, and what a student's typing is
told.
"""

import pandas as pd
import pytest

from analysis.lessons import answers
from analysis.methods import breaks, ledgers
from analysis.tables.store import DATA, load


def csv(name):
    return pd.read_csv(DATA / "statistics" / name)


@pytest.fixture(scope="module")
def ledger():
    """Kazakhstan's record of its trade with Russia, from the file: value, and whether every flow of a year is sound."""
    rows = csv("trade.csv").query("reporter == 'KAZ' and partner == 'RUS'")
    source = rows["year"].map(lambda year: "wits" if year <= 2017 else "bns" if year <= 2023 else "bns_pipeline")
    rows = rows[rows["source_id"] == source]
    assert (rows.groupby("year").size() == 2).all()
    years = rows.groupby("year")
    return pd.DataFrame({"usd": years["value_usd"].sum(), "status": years["status"].max()})


@pytest.fixture(scope="module")
def indicators():
    return csv("indicators.csv")


def yearly(indicators, country, indicator):
    rows = indicators[(indicators["country"] == country) & (indicators["indicator"] == indicator)]
    return rows.set_index("year")["value"].dropna()


def right(number):
    return answers.exercise(number).right


def said(number, answer):
    verdict = answers.check(number, answer)
    return verdict.outcome, verdict.words


def test_growth_and_the_way_back(ledger):
    fall = ledger.loc[2009, "usd"] / ledger.loc[2008, "usd"]
    assert right("3.1") == pytest.approx(100 * fall - 100) and -38 < right("3.1") < -37
    assert (1 + right("3.1") / 100) * (1 + right("3.2") / 100) == pytest.approx(1)


def test_points_and_percent(ledger, indicators):
    wdi = indicators[indicators["source_id"] == "wdi_kaz"]
    world = yearly(wdi, "KAZ", "total_exports_usd") + yearly(wdi, "KAZ", "total_imports_usd")
    first, last = (100 * ledger.loc[year, "usd"] / world[year] for year in (2005, 2014))
    assert right("3.3").to_dict() == pytest.approx({"points": last - first, "percent": 100 * (last - first) / first})
    assert ledger.loc[2014, "usd"] > 2 * ledger.loc[2005, "usd"], "the praise says that trade more than doubled"


def test_compound_growth_leads_from_the_first_year_to_the_last(ledger):
    value = ledger.loc[2015, "usd"]
    for _ in range(2016, 2022):
        value *= 1 + right("3.4") / 100
    assert value == pytest.approx(ledger.loc[2021, "usd"])


def test_the_record_is_one_in_current_dollars_only(ledger, indicators):
    prices = yearly(indicators, "USA", "us_cpi_1982_84_100")
    before = ledger.loc[:2021, "usd"]
    assert (before < ledger.loc[2022, "usd"]).all()
    real = before / prices.reindex(before.index) > ledger.loc[2022, "usd"] / prices[2022]
    assert right("3.5") == set(real.index[real]) and len(right("3.5")) == 4
    assert sorted(ledger.loc[sorted(right("3.5")), "status"]) == ["A", "A", "B", "B"], "the model answer says so"


def test_years_that_fall_in_one_money_and_grow_in_the_other(ledger, indicators):
    roubles = yearly(indicators, "RUS", "lcu_per_usd").combine_first(yearly(indicators, "RUS", "lcu_per_usd_derived"))
    dollars = ledger["usd"]
    found = {
        year
        for year in range(2014, 2025)
        if dollars[year] < dollars[year - 1] and dollars[year] * roubles[year] > dollars[year - 1] * roubles[year - 1]
    }
    assert right("3.6") == found == {2014, 2015, 2020}
    assert all(roubles[year] > roubles[year - 1] for year in found), "the praise says that the rouble lost value"


def test_base_years(ledger):
    sound = ledger.loc[2008:2020].query("status == 'A'")["usd"]
    assert right("3.7").to_dict() == {"largest": sound.idxmin(), "smallest": sound.idxmax()}
    assert ledger.loc[2008:2020, "usd"].idxmin() == 2010 and ledger.loc[2010, "status"] == "U"


def test_a_break_is_found_in_roubles_only(ledger, indicators):
    roubles = yearly(indicators, "RUS", "lcu_per_usd").combine_first(yearly(indicators, "RUS", "lcu_per_usd_derived"))
    rates = {
        "usd": pd.Series(1.0, index=ledger.index),
        "usd_real": 100 / yearly(indicators, "USA", "us_cpi_1982_84_100"),
        "kzt": yearly(indicators, "KAZ", "lcu_per_usd"),
        "rub": roubles,
    }
    dollars = ledger.query("status != 'U'")["usd"]
    first = {
        name: breaks.search_breaks(dollars * rate.reindex(dollars.index)).tests["p"][0] for name, rate in rates.items()
    }
    assert right("3.8") == {name for name, p in first.items() if p <= 0.05} == {"rub"}


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("3.1", -37.72),
        ("3.1", pd.Series([12.44 / 19.98 * 100 - 100])),  # from the two decimals that the table shows
        ("3.2", (19.98 / 12.44 - 1) * 100),
        ("3.3", {"percent": -20.5, "points": -4.32}),
        ("3.3", pd.Series({"POINTS": -4.3, "Percent": -20.53})),
        ("3.4", 8.52),
        ("3.5", "2013, 2012, 2011, 2008"),
        ("3.6", {2020, 2014, 2015}),
        ("3.6", pd.Index([2014, 2015, 2020])),
        ("3.7", {"largest": 2009.0, "smallest": 2013}),
        ("3.8", "rub"),
        ("3.8", ["RUB"]),
        ("3.9", "B)"),
    ],
)
def test_what_a_student_types_in_other_words_is_right(number, answer):
    assert said(number, answer)[0] == "right"


@pytest.mark.parametrize(
    ("number", "answer", "words"),
    [
        ("3.1", 37.7, "with a minus sign"),
        ("3.1", 100 * (1 - 19.98 / 12.44), "percent of the later year"),
        ("3.1", 12.44 - 19.98, "change in billions"),
        ("3.1", -0.377, "share of one"),
        ("3.2", 37.7, "the base is lower now"),
        ("3.2", 160.57, "subtract a hundred"),
        ("3.3", {"points": -20.5, "percent": -4.3}, "changed places"),
        ("3.3", {"points": 4.3, "percent": 20.5}, "the share fell"),
        ("3.3", {"points": -4.3}, "percent is missing"),
        ("3.4", 63.3 / 6, "growth multiplies"),
        ("3.4", 100 * ((24.62 / 15.08) ** (1 / 7) - 1), "one step less"),
        ("3.4", 100 * ((24.62 / 15.08) ** 1 / 6 - 1), "Brackets are missing"),
        ("3.4", 9.92, "mean of the yearly rates"),
        ("3.5", [], "Take `real`"),
        ("3.5", [2008, 2013], "2 of 4"),
        ("3.5", pd.Series({2007: False, 2008: True}), "a yes or no for each row"),
        ("3.5", [2008, 2011, 2012, 2013, 2014], "2014 was lower"),
        ("3.6", [1998, 1999, 2014, 2015, 2020], "outside the years"),
        ("3.6", [2014, 2015, 2016, 2020], "in roubles too"),
        ("3.6", pd.Series({2014: True, 2016: False}), "a yes or no for each row"),
        ("3.6", [2023], "grew in current dollars"),
        ("3.7", {"largest": 2013, "smallest": 2009}, "changed places"),
        ("3.7", {"largest": 2010, "smallest": 2013}, "partial year"),
        ("3.7", {"largest": 2010, "smallest": 2012}, "Both are doubtful"),
        ("3.7", {"largest": 97.9, "smallest": 3.3}, "the base years"),
        ("3.7", {"largest": 2016, "smallest": 2013}, "look at largest"),
        ("3.8", ["roubles"], "write `rub`"),
        ("3.8", ["usd", "rub"], "current dollars the table of breaks has no row"),
        ("3.8", [], "Your list is empty"),
        ("3.9", "a", "more than we know"),
    ],
)
def test_a_typical_error_is_named(number, answer, words):
    outcome, sentence = said(number, answer)
    assert outcome == "wrong" and words in sentence, sentence


def test_amounts_in_the_place_of_years_are_told_where_the_years_are(ledger):
    real = ledgers.convert(ledger["usd"] / 1e9, currency="usd_real", indicators=load("indicators"), base_year=2015)
    before = real.loc[:2021]
    outcome, sentence = said("3.5", before[before > real[2022]])
    assert outcome == "wrong" and "`.index`" in sentence
