"""Moneys, views, growth over periods, shares and months against values worked by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.methods import asymmetries, growth, months, shares, volumes
from analysis.methods.composition import Goods, by_reporter
from analysis.methods.money import moneys
from analysis.methods.views import View, alternatives


def book(turnover: dict[int, float], *, status: dict[int, str] | None = None, source: str = "wits") -> pd.DataFrame:
    frame = pd.DataFrame({"turnover_usd": turnover, "exports_usd": turnover, "imports_usd": turnover})
    frame["status"] = pd.Series(status or {}).reindex(frame.index).fillna("A")
    return frame.assign(doubtful=frame["status"] != "A", note=None, source_id=source)


WHOSE = ["by Kazakhstan’s books", "by Russia’s books"]
CURRENCIES = pd.DataFrame(
    [
        ("kzt", 3, "tenge", "bn tenge", pd.NA, None),
        ("usd", 1, "current dollars", "US$ bn", pd.NA, "usd_real"),
        ("usd_real", 2, "dollars", "US$ bn", 2016, None),
    ],
    columns=["currency", "place", "name", "unit", "base_year", "real"],
)
INDICATORS = pd.DataFrame(
    [
        (2015, "USA", "us_cpi_1982_84_100", 200.0, "old_cpi"),
        (2016, "USA", "us_cpi_1982_84_100", 250.0, "new_cpi"),
        (2016, "KAZ", "lcu_per_usd", 340.0, "wdi_kaz"),
    ],
    columns=["year", "country", "indicator", "value", "source_id"],
).assign(note=None)


@pytest.fixture(scope="module")
def money():
    return moneys(CURRENCIES, INDICATORS)


def test_moneys_stand_in_their_places_with_the_base_year_in_their_names(money):
    assert [(one.name, one.unit) for one in money.values()] == [
        ("current dollars", "US$ bn"),
        ("dollars of 2016", "US$ bn of 2016"),
        ("tenge", "bn tenge"),
    ]
    assert money["usd"].real is money["usd_real"] or money["usd"].real.currency == "usd_real"
    assert money["kzt"].real is None


def test_a_money_converts_where_it_has_a_rate(money):
    dollars = pd.Series({2015: 2e9, 2016: 4e9})
    assert money["usd"].billions(dollars).to_list() == [2, 4]
    assert money["usd_real"].billions(dollars).to_list() == [2.5, 4]  # 250 ÷ 200 and 250 ÷ 250
    assert np.isnan(money["kzt"].billions(dollars)[2015]) and money["kzt"].billions(dollars)[2016] == 1360
    assert money["kzt"].gaps(dollars) == [2015] and money["usd"].gaps(dollars) == []


def test_prices_of_a_base_year_come_from_its_source_too(money):
    assert money["usd_real"].rates_of([2015])["source_id"].to_list() == ["old_cpi+new_cpi"]
    assert money["usd_real"].rates_of([2016])["source_id"].to_list() == ["new_cpi"]
    assert money["usd"].rates_of([2015]).empty


def test_a_view_takes_the_chosen_years_of_the_chosen_ledgers(money):
    whole = {"kazakhstan": book({2015: 1.0, 2016: 2.0, 2017: 3.0}), "russia": book({2015: 1.5})}
    view = View(whole, "both", (2016, 2017), money["usd"])
    assert (list(view.books), view.main, list(view.books["kazakhstan"].index)) == (
        ["kazakhstan"],
        "kazakhstan",
        [2016, 2017],
    )
    assert View(whole, "russia", (2015, 2017), money["usd"]).main == "russia"
    with pytest.raises(ParameterError, match="no year from 2016 to 2017 can be shown in usd; the chosen ledger has ru"):
        View(whole, "russia", (2016, 2017), money["usd"])
    with pytest.raises(ParameterError, match="no year from 2013 to 2014"):
        View(whole, "russia", (2013, 2014), money["usd"])
    with pytest.raises(
        ParameterError, match="no year from 2017 to 2017 can be shown in kzt; .* from 2016 to 2016 and no"
    ):
        View(whole, "both", (2017, 2017), money["kzt"])


def test_a_view_has_alternatives_in_other_moneys_and_by_one_countrys_books(money):
    whole = {"kazakhstan": book({2016: 2.0, 2017: 3.0}), "russia": book({2015: 1.5, 2017: 2.5})}
    found = alternatives(View(whole, "both", (2016, 2017), money["usd"]), money)
    assert list(found) == ["in current dollars", "in dollars of 2016", "in tenge", *WHOSE]
    assert [found[words].ledger for words in WHOSE] == ["kazakhstan", "russia"]
    assert found["in tenge"].money is money["kzt"] and found["in tenge"].period == (2016, 2017)
    later = alternatives(View(whole, "kazakhstan", (2017, 2017), money["usd"]), money)
    assert list(later) == ["in current dollars"], "there are no tenge and no prices of 2017, and one ledger"


PERIODS = pd.DataFrame(
    [("growth", 2000, 2002), ("growth", 2001, pd.NA), ("mirror", 2000, pd.NA)],
    columns=["use", "first_year", "last_year"],
).astype({"last_year": "Int64"})


def test_growth_over_periods_leaves_unfit_years_out_of_both_ledgers():
    whole = {
        "kazakhstan": book({2000: 100, 2001: 999, 2002: 121, 2003: 133.1}, status={2001: "U", 2003: "P"}),
        "russia": book({2000: 50, 2001: 77, 2002: 50}, source="fcs_annual"),
    }
    assert growth.unfit(whole) == [2001]
    rates = growth.over_periods(whole, PERIODS).set_index(["period", "reporter"])
    assert rates.loc[("2000–2002", "kazakhstan"), ["compound_pct", "least_squares_pct"]].to_list() == pytest.approx(
        [10, 10]
    )
    assert rates.loc[("2000–2002", "russia"), "compound_pct"] == pytest.approx(0)
    assert rates.loc[("2000–2002", "russia"), "source_id"] == "fcs_annual"
    # the second period begins in the year left out and lasts to the end of the longer ledger
    assert rates.loc["2001–2003"].isna().all(axis=None)


def test_growth_looks_one_year_back():
    kaz = book({2000: 100, 2001: 110, 2002: 99}, status={2001: "B"})
    assert growth.behind(kaz, [2002]).index.to_list() == [2001, 2002]
    assert growth.and_next(growth.doubtful(kaz)) == [2001, 2002]
    assert growth.by_ledger({"a": kaz, "b": kaz.loc[2001:]}).loc[2002].to_list() == pytest.approx([-10, -10])
    assert growth.reliable(kaz.assign(status=["A", "U", "A"])).index.to_list() == [2000, 2002]


def test_what_was_said_of_a_years_growth_is_neither_a_level_nor_of_another_year():
    figures = pd.DataFrame(
        [
            (2018, "turnover_growth", 14),
            (2018, "turnover", 2e10),
            (2019, "turnover_growth", 5),
            (2018, "turnover_growth", 4),
        ],
        columns=["year", "metric", "value"],
    )
    assert growth.said_of(figures, 2018)["value"].to_list() == [4, 14]


def test_an_open_era_lasts_as_long_as_both_ledgers():
    whole = {"kazakhstan": book({2000: 1, 2001: 2, 2002: 3}), "russia": book({2000: 1, 2001: 2}, source="fcs_annual")}
    ((name, table),) = asymmetries.by_era(whole, PERIODS).items()
    assert name == "2000–2001" and set(table["years"]) == {2}
    assert set(table["source_id"]) == {"wits+fcs_annual"}


def test_a_partner_is_ahead_for_good_after_the_last_year_that_it_was_behind():
    table = pd.DataFrame({"RUS": [5, 1, 4, 2, 2], "CHN": [1, 2, 3, 3, 4]}, index=range(2000, 2005))
    assert shares.ahead_for_good(table, "CHN", "RUS") == 2003
    assert shares.ahead_for_good(table.loc[:2002], "CHN", "RUS") is None


def test_a_share_in_the_reporters_trade_is_seen_from_the_reporter():
    seen_from_kazakhstan = pd.DataFrame(
        {"exports_usd": [5.0], "imports_usd": [10.0], "turnover_usd": [15.0], "source_id": ["a"]}, index=[2000]
    )
    world = pd.DataFrame(
        {"exports_usd": [100.0, 1], "imports_usd": [50.0, 1], "turnover_usd": [150.0, 2], "source_id": ["b", "b"]},
        index=[2000, 2001],
    )
    share = shares.share_in_world(seen_from_kazakhstan, world)
    assert share.index.to_list() == [2000]
    assert share.loc[2000, ["turnover", "exports", "imports"]].to_list() == [10, 10, 10]
    assert share.loc[2000, "source_id"] == "a+b"


MONTHLY = pd.DataFrame(
    [
        (year, month, "RUS", partner, flow, value, status, "fcs_monthly", note)
        for year, month in ((2020, 11), (2020, 12), (2021, 3))
        for partner in ("KAZ", "BLR")
        for flow, value, status, note in (
            ("import", 1.0, "A", None),
            ("export", 2.0, "U" if month == 12 else "A", "odd"),
        )
    ],
    columns=["year", "month", "reporter", "partner", "flow", "value_usd", "status", "source_id", "note"],
)


def test_months_are_turned_to_kazakhstans_side_and_tell_their_gaps():
    table = months.by_month(MONTHLY)
    assert table.loc[(2020, 11), ["exports_usd", "imports_usd", "turnover_usd"]].to_list() == [1, 2, 3]
    assert table["doubtful"].to_list() == [False, True, False] and table.loc[(2020, 12), "note"] == "odd"
    assert months.gaps(table) == [((2021, 1), (2021, 2))]
    assert months.gaps(table.iloc[:2]) == []
    assert months.gaps(table.iloc[[0, 2]].set_axis([(2020, 11), (2021, 1)])) == [((2020, 12), (2020, 12))]
    assert months.at(2021, 1) == pytest.approx(2021 + 0.5 / 12)


def test_parts_of_years_are_named_by_their_months():
    periods = pd.DataFrame(
        {"use": ["growth", "part_year"], "first_year": 2020, "first_month": [1, 11], "last_month": 12}
    )
    parts = months.parts_of_years(MONTHLY, periods)
    assert list(parts) == ["November–December 2020"]
    assert parts["November–December 2020"].loc["turnover", ["value_usd", "source_id"]].to_list() == [6, "fcs_monthly"]


PRODUCTS = pd.DataFrame(
    [
        (2000, "RUS", "KAZ", "export", "SITC_R3", "0", "food", 3.0, "E"),
        (2000, "KAZ", "RUS", "export", "SITC_R3", "0", "food", 1.0, "A"),
        (2001, "KAZ", "RUS", "export", "SITC_R3", "0", "food", 2.0, "A"),
    ],
    columns=["year", "reporter", "partner", "flow", "nomenclature", "group_code", "group_name", "value_usd", "status"],
)


def test_goods_are_of_one_flow():
    kaz, rus = by_reporter(PRODUCTS)
    assert kaz.values["food"].to_dict() == {2000: 1, 2001: 2} and kaz.doubtful == []
    assert rus.values["food"].to_dict() == {2000: 3} and rus.doubtful == [2000]
    with pytest.raises(
        ValueError, match="Goods are of one flow, and the rows hold SITC_R3 RUS KAZ export, SITC_R3 KAZ"
    ):
        Goods(PRODUCTS)
    with pytest.raises(ValueError, match="the rows hold none"):
        Goods(PRODUCTS[:0])


def test_imports_beside_those_from_everyone_else():
    of_russia, of_all = (
        pd.DataFrame(
            {"imports_usd": imports, "exports_usd": [5.0, 6.0], "doubtful": doubt, "source_id": source},
            index=[2021, 2022],
        ).assign(partner="RUS")
        for imports, doubt, source in (([40.0, 30.0], False, "bns"), ([100.0, 120.0], [False, True], "wdi_kaz"))
    )
    rows = shares.beside_others(of_russia, of_all)
    assert rows["others_usd"].tolist() == [60, 90] and rows["share_pct"].tolist() == [40, 25]
    assert rows["doubtful"].tolist() == [False, True] and set(rows["source_id"]) == {"bns+wdi_kaz"}


def test_two_releases_differ_by_their_largest_revision():
    one = pd.DataFrame({"imports_usd": [100.0, 104.0], "turnover_usd": [200.0, 199.0]}, index=[2021, 2022])
    other = pd.DataFrame({"imports_usd": [100.0, 100.0, 1.0], "turnover_usd": [200.0] * 3}, index=[2021, 2022, 2023])
    assert shares.revision(one, other) == pytest.approx(4)


def test_volumes_are_values_over_prices_and_weight_is_turnover_over_output():
    book = pd.DataFrame(
        {"imports_usd": [10.0, 12.0], "turnover_usd": [20.0, 30.0], "status": "A", "source_id": "bns"},
        index=[2014, 2015],
    )
    indicators = pd.DataFrame(
        [
            (2014, volumes.UNIT_VALUE, 80.0, "wdi_kaz"),
            (2015, volumes.UNIT_VALUE, 100.0, "wdi_kaz"),
            (2015, volumes.GDP, 300.0, "wdi_kaz"),
            (2014, volumes.GDP, 100.0, "wdi_kaz"),
        ],
        columns=["year", "indicator", "value", "source_id"],
    ).assign(country="KAZ", unit="index, 2015 = 100")
    assert volumes.imports_by_volume(book, indicators)["real_usd"].tolist() == [12.5, 12]
    assert volumes.beside_gdp(book, indicators)["percent"].tolist() == [20, 10]
    share = volumes.of_gdp(indicators)
    assert share.billions(pd.Series({2013: 1.0, 2014: 20.0, 2015: 30.0})).fillna(0).tolist() == pytest.approx(
        [0, 20, 10]
    )
    assert share.rates_of([2014])["source_id"].tolist() == ["wdi_kaz"]
    assert volumes.base_year(indicators) == 2015
    with pytest.raises(ValueError, match=r"figures of two sources for \[2014\]"):
        volumes.beside_gdp(book, pd.concat([indicators, indicators.tail(1).assign(value=999.0, source_id="another")]))


def test_calm_years_are_those_without_soaring_prices():
    nominal, real = pd.Series({1995: 113.9, 2016: 29.4}), pd.Series({1995: -20.0, 2016: 13.0})
    assert growth.calm(nominal, real, 30).tolist() == [False, True]


def test_exports_are_told_in_dollars_by_the_rate_of_their_year():
    exports = pd.DataFrame({"year": [2021, 2022], "reporter": "EU27", "value_eur": [10.0, 19.0], "source_id": "comext"})
    rate = {"year": 2022, "country": "EU27", "indicator": "lcu_per_usd", "value": 0.95, "source_id": "fred"}
    rows = volumes.in_dollars(exports, pd.DataFrame([rate, rate | {"country": "KAZ", "value": 460.0}]))
    assert rows["value_usd"].fillna(0).tolist() == [0, 20] and rows["source_id"].tolist() == ["comext", "comext+fred"]
