"""Ledgers, growth, shares, mirror comparison and currencies against tables small enough to work by hand."""

import numpy as np
import pandas as pd
import pytest
from helpers import SELECTIONS, selected
from hypothesis import given
from hypothesis import strategies as st

from analysis.methods import asymmetries, ledgers, shares
from analysis.methods.growth import compound_growth, least_squares_growth, yearly_growth

COLUMNS = ["year", "reporter", "partner", "flow", "value_usd", "status", "source_id", "note"]


def table(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


ROWS = table(
    (2016, "KAZ", "RUS", "export", 40.0, "A", "wits", None),
    (2016, "KAZ", "RUS", "import", 80.0, "A", "wits", None),
    (2017, "KAZ", "RUS", "export", 50.0, "A", "wits", None),
    (2017, "KAZ", "RUS", "import", 100.0, "B", "wits", "method changed"),
    (2018, "KAZ", "RUS", "export", 61.0, "P", "wits", "first vintage"),
    (2018, "KAZ", "RUS", "import", 120.0, "A", "wits", None),
    (2018, "KAZ", "RUS", "export", 60.0, "A", "bns", None),
    (2018, "KAZ", "RUS", "import", 140.0, "A", "bns", None),
    (2020, "KAZ", "RUS", "export", 70.0, "A", "bns", None),
    (2024, "KAZ", "RUS", "export", 90.0, "P", "bns_pipeline", "secondary route"),
    (2024, "KAZ", "RUS", "import", 110.0, "U", "bns_pipeline", "secondary route"),
    (2016, "KAZ", "CHN", "export", 90.0, "A", "wits", None),
    (2016, "KAZ", "CHN", "import", 60.0, "A", "wits", None),
    (2018, "KAZ", "CHN", "export", 20.0, "A", "bns", None),
    (2018, "KAZ", "CHN", "import", 80.0, "U", "bns", "incomplete"),
    (2018, "KAZ", "WLD", "export", 300.0, "A", "bns", None),
    (2018, "KAZ", "WLD", "import", 200.0, "A", "bns", None),
    (2016, "KAZ", "WLD", "export", 1.0, "U", "wits", "incomplete"),
    (2016, "RUS", "KAZ", "export", 84.0, "A", "fcs_annual", None),
    (2016, "RUS", "KAZ", "import", 50.0, "A", "fcs_annual", None),
    (2018, "RUS", "KAZ", "export", 133.0, "A", "fcs_annual", None),
    (2018, "RUS", "KAZ", "import", 66.0, "U", "fcs_annual", "doubtful"),
    (2022, "RUS", "KAZ", "export", 999.0, "A", "fcs_annual", None),
    (2016, "RUS", "WLD", "export", 500.0, "A", "fcs_annual", None),
    (2016, "RUS", "WLD", "import", 250.0, "A", "fcs_annual", None),
)

INDICATORS = pd.DataFrame(
    [
        (2016, "KAZ", "total_exports_usd", 400.0, "A", "wdi_kaz", None),
        (2016, "KAZ", "total_imports_usd", 200.0, "A", "wdi_kaz", None),
        (2016, "KAZ", "total_imports_usd", 7.0, "A", "wits_summary_2017", None),
        (2018, "KAZ", "total_exports_usd", 9.0, "A", "wdi_kaz", None),
        (2016, "RUS", "total_exports_usd", 8.0, "A", "wdi_rus", None),
        (2015, "USA", "us_cpi_1982_84_100", 200.0, "A", "bls_cpi", None),
        (2016, "USA", "us_cpi_1982_84_100", 250.0, "A", "bls_cpi", None),
        (2016, "KAZ", "lcu_per_usd", 340.0, "A", "wdi_kaz", None),
        (2016, "RUS", "lcu_per_usd", 67.0, "A", "wdi_rus", None),
        (1995, "RUS", "lcu_per_usd_derived", 4.5, "E", "fx_derived", "rough"),
        (1997, "RUS", "lcu_per_usd_derived", 5.0, "U", "fx_derived", "bad"),
        (2016, "RUS", "lcu_per_usd_derived", 66.0, "E", "fx_derived", None),
    ],
    columns=["year", "country", "indicator", "value", "status", "source_id", "note"],
)
TRADE = selected(ROWS, INDICATORS)


def test_a_ledger_takes_each_stretch_of_years_from_its_source():
    ledger = ledgers.ledger(TRADE)
    assert ledger["source_id"].to_dict() == {
        2016: "wits", 2017: "wits", 2018: "bns", 2020: "bns", 2024: "bns_pipeline"
    }  # fmt: skip
    assert ledger.loc[2018, ["exports_usd", "imports_usd", "turnover_usd", "balance_usd"]].to_list() == [
        60, 140, 200, -80
    ]  # fmt: skip
    assert ledger.loc[2016, "coverage_ratio"] == 0.5
    comtrade = ledgers.ledger(TRADE, vintage="comtrade")
    assert comtrade["turnover_usd"].to_dict() == {2016: 120, 2017: 150, 2018: 181}


def test_russias_ledger_is_turned_to_kazakhstans_side_and_ends_in_2021():
    ledger = ledgers.ledger(TRADE, reporter="russia")
    assert ledger.index.to_list() == [2016, 2018]
    assert ledger.loc[2016, ["exports_usd", "imports_usd", "balance_usd"]].to_list() == [50, 84, -34]
    pd.testing.assert_frame_equal(ledger, ledgers.ledger(TRADE, reporter="russia", partner="KAZ"))


def test_the_worse_status_of_two_flows_makes_the_year_doubtful():
    ledger = ledgers.ledger(TRADE)
    assert ledger["status"].to_dict() == {2016: "A", 2017: "B", 2018: "A", 2020: "O", 2024: "U"}
    assert ledger.index[ledger["doubtful"]].to_list() == [2017, 2020, 2024]
    assert ledger.loc[[2016, 2017, 2024], "note"].to_list() == ["", "method changed", "secondary route"]


def test_a_missing_flow_is_missing_and_not_zero():
    row = ledgers.ledger(TRADE).loc[2020]
    assert row["exports_usd"] == 70
    assert row[["imports_usd", "turnover_usd", "balance_usd", "coverage_ratio"]].isna().all()
    assert row["note"] == "no imports in the source"
    assert 2019 not in ledgers.ledger(TRADE).index


def test_exports_of_nothing_against_imports_of_nothing_have_no_coverage():
    zero = table(
        (2016, "KAZ", "UKR", "export", 5.0, "A", "wits", None),
        (2016, "KAZ", "UKR", "import", 0.0, "A", "wits", None),
    )
    assert np.isnan(ledgers.ledger(selected(zero), partner="UKR").loc[2016, "coverage_ratio"])


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"reporter": "moscow"}, "Unknown reporter 'moscow': allowed are kazakhstan, russia."),
        ({"vintage": "old"}, "Unknown vintage 'old': allowed are bureau, comtrade \\(see the table selections\\)."),
        ({"reporter": "russia", "partner": "CHN"}, "Partner 'CHN' is not in Russia's ledger"),
        ({"partner": "XXX"}, "no trade of KAZ with XXX from wits, bns, bns_pipeline"),
    ],
)
def test_a_ledger_that_does_not_exist_is_refused(choice, message):
    with pytest.raises(ValueError, match=message):
        ledgers.ledger(TRADE, **choice)


def test_an_unknown_status_is_refused():
    with pytest.raises(ValueError, match=r"Unknown observation status \['X'\]"):
        ledgers.ledger(TRADE.assign(status="X"))


@pytest.mark.parametrize(
    ("choice", "rule"),
    [
        ({}, "Kazakhstan's figures: WITS to 2017, the Bureau 2018–2023, the pipeline from 2024."),
        ({"vintage": "comtrade"}, "Kazakhstan's figures: WITS in every year it has, to 2018."),
        ({"reporter": "russia"}, "Russia's figures: the customs, 1994–2021, none after."),
        ({"reporter": "russia", "vintage": "comtrade"}, "Russia's figures: the customs, 1994–2021, none after."),
    ],
)
def test_the_rule_names_the_years_at_which_the_source_changes(choice, rule):
    assert ledgers.selection_rule(TRADE, **choice) == rule


def test_a_row_after_the_last_year_is_read_without_a_change_where_the_selection_is_open():
    more = table(*((2030, "KAZ", "RUS", flow, 7.0, "A", "bns_pipeline", None) for flow in ("export", "import")))
    assert ledgers.ledger(selected(pd.concat([ROWS, more]))).loc[2030, "turnover_usd"] == 14


def test_a_row_before_the_first_year_is_not_read():
    early = table(*((2017, "KAZ", "RUS", flow, 7.0, "A", "bns", None) for flow in ("export", "import")))
    assert ledgers.ledger(selected(pd.concat([ROWS, early]))).loc[2017, ["turnover_usd", "source_id"]].to_list() == [
        150,
        "wits",
    ]


def test_another_source_is_a_row_of_the_table_of_selections():
    chosen = SELECTIONS.assign(basis="why")
    chosen.loc[chosen["source_id"] == "fcs_annual", "last_year"] = 2022
    records = ledgers.select(ROWS, INDICATORS, chosen)
    assert ledgers.ledger(records, reporter="russia").loc[2022, "imports_usd"] == 999
    assert ledgers.selection_rule(records, reporter="russia").endswith("1994–2022, none after.")


def test_the_table_of_trade_itself_is_refused():
    with pytest.raises(ValueError, match="from the records of `select`, not from the table trade"):
        ledgers.ledger(ROWS)


def test_growth_is_on_the_previous_calendar_year_only():
    series = pd.Series({2000: 100.0, 2001: 110.0, 2003: 121.0, 2004: 0.0, 2005: 5.0, 2006: -5.0, 2007: 5.0})
    growth = yearly_growth(series)
    assert growth.dropna().to_dict() == pytest.approx({2001: 10, 2004: -100, 2006: -200})
    assert growth.index.equals(series.index)
    assert yearly_growth(pd.Series({2000: 1.0})).isna().all()


def test_growth_over_years_by_ends_and_by_trend():
    series = pd.Series({2000: 100.0, 2001: 300.0, 2002: 121.0})
    assert compound_growth(series, start=2000, end=2002) == pytest.approx(10)
    # the slope of ln x through three points is half the difference of the ends
    assert least_squares_growth(series) == pytest.approx(10)
    steady = pd.Series({2000: 1.0, 2001: 2.0, 2003: 8.0, 2010: 1.0})
    assert least_squares_growth(steady, end=2003) == pytest.approx(100)
    assert least_squares_growth(steady, start=2003) == pytest.approx(100 * (8 ** (-1 / 7) - 1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: compound_growth(s, start=2001, end=2001), "a start before its end"),
        (lambda s: compound_growth(s, start=2000, end=2005), "2005 has nan"),
        (lambda s: compound_growth(s, start=2000, end=2002), "2002 has 0"),
        (lambda s: least_squares_growth(s), "A growth trend needs a positive value .* 2002 has 0"),
        (lambda s: least_squares_growth(s, end=2000), "the series has 1"),
    ],
)
def test_growth_without_a_base_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(pd.Series({2000: 1.0, 2001: 2.0, 2002: 0.0}))


def test_world_totals_change_from_wdi_to_the_bureau_in_2018():
    totals = ledgers.world_totals(TRADE)
    assert totals["turnover_usd"].to_dict() == {2016: 600, 2018: 500}
    assert totals["source_id"].to_dict() == {2016: "wdi_kaz", 2018: "bns"}
    assert ledgers.world_totals(TRADE, reporter="russia").loc[2016, "exports_usd"] == 500


def test_shares_are_of_the_totals_given_and_missing_without_them():
    totals = ledgers.world_totals(TRADE)
    found = ledgers.partner_shares(TRADE, partners=["RUS", "CHN"], totals=totals["turnover_usd"])
    assert found.loc[2016].to_dict() == {"RUS": 20, "CHN": 25}
    assert found.loc[2018].to_dict() == {"RUS": 40, "CHN": 20}
    assert found.loc[[2017, 2020, 2024]].isna().all(axis=None)
    imports = ledgers.partner_shares(TRADE, partners=["CHN"], flow="import", totals=totals["imports_usd"])
    assert imports["CHN"].to_dict() == {2016: 30, 2018: 40}
    assert ledgers.partner_shares(TRADE, partners=["RUS"], flow="export").loc[2018, "RUS"] == 20
    with pytest.raises(ValueError, match="Unknown flow 'exports': shares are of turnover, export, import."):
        ledgers.partner_shares(TRADE, partners=["RUS"], flow="exports")


def test_a_main_partners_shares_are_of_the_worlds_same_flow():
    partners = pd.DataFrame({"code": ["RUS"], "name": ["Russia"], "main_partner": [1], "caution": [None]})
    found = shares.partner_shares(TRADE, partners)
    in_2018 = {flow: table.loc[2018, "RUS"] for flow, table in found.by_flow.items()}
    assert in_2018 == {"turnover": 40, "export": 20, "import": 70}  # 200 of 500, 60 of 300, 140 of 200


def test_who_is_ahead_counts_strictly_and_skips_missing_years():
    shares = pd.DataFrame(
        {"CHN": [1.0, 5.0, 3.0, 9.0, 4.0], "RUS": [2.0, 5.0, 2.0, np.nan, 3.0]}, index=range(2000, 2005)
    )
    assert ledgers.years_ahead(shares, "CHN", "RUS") == [2002, 2004]


def test_the_mirror_sets_each_flow_against_its_own_mirror():
    kaz, rus = ledgers.ledger(TRADE), ledgers.ledger(TRADE, reporter="russia")
    mirror = asymmetries.mirror(kaz, rus)
    assert mirror.index.to_list() == [2016, 2018]
    first = mirror.loc[2016]
    # Kazakhstan exported 40, Russia recorded 50; Russia exported 84, Kazakhstan recorded 80
    assert first["kaz_to_rus_discrepancy_usd"] == 10 and first["kaz_to_rus_ratio"] == 1.25
    assert first["kaz_to_rus_discrepancy_pct"] == pytest.approx(10 / 45 * 100)
    assert first["rus_to_kaz_exporter_usd"] == 84 and first["rus_to_kaz_discrepancy_usd"] == -4
    assert first["turnover_ratio"] == pytest.approx(134 / 120)
    assert mirror["doubtful"].to_dict() == {2016: False, 2018: True}
    at_quarter = asymmetries.mirror(kaz, rus, cif_fob_factor=1.25).loc[2016]
    assert at_quarter["kaz_to_rus_importer_usd"] == 40 and at_quarter["kaz_to_rus_ratio"] == 1
    assert at_quarter["rus_to_kaz_importer_usd"] == 64
    assert at_quarter["turnover_ratio"] == first["turnover_ratio"]
    with pytest.raises(ValueError, match="A CIF/FOB factor is at least 1, not 0.9."):
        asymmetries.mirror(kaz, rus, cif_fob_factor=0.9)


MONEY = st.floats(1, 1e12)


@given(MONEY, MONEY, MONEY, MONEY)
def test_mirror_discrepancies_change_sign_when_the_records_change_places(a, b, c, d):
    def book(exports: float, imports: float) -> pd.DataFrame:
        row = {
            "exports_usd": exports,
            "imports_usd": imports,
            "turnover_usd": exports + imports,
            "doubtful": False,
            "note": None,
            "source_id": "wits",
        }
        return pd.DataFrame(row, index=[2016])

    one, other = asymmetries.mirror(book(a, b), book(c, d)), asymmetries.mirror(book(c, d), book(a, b))
    for flow in ("kaz_to_rus", "rus_to_kaz"):
        assert one[f"{flow}_discrepancy_pct"].iloc[0] == pytest.approx(-other[f"{flow}_discrepancy_pct"].iloc[0])
        assert one[f"{flow}_ratio"].iloc[0] == pytest.approx(1 / other[f"{flow}_ratio"].iloc[0])
        assert abs(one[f"{flow}_discrepancy_pct"].iloc[0]) <= 200


def test_sensitivity_leaves_doubtful_years_out_and_counts_them():
    kaz, rus = ledgers.ledger(TRADE), ledgers.ledger(TRADE, reporter="russia")
    table = asymmetries.mirror_sensitivity(kaz, rus, factors=(1.0, 1.25)).set_index(["flow", "cif_fob_factor"])
    assert (table["years"] == 1).all() and (table["left_out"] == 1).all()
    assert set(table["source_id"]) == {"wits+fcs_annual"}  # the doubtful year is of bns
    assert table.loc[("kaz_to_rus", 1.0), "median_ratio"] == 1.25
    assert table.loc[("kaz_to_rus", 1.25), "mean_absolute_discrepancy_pct"] == 0
    assert table.loc[("rus_to_kaz", 1.0), "median_discrepancy_pct"] == pytest.approx(-4 / 82 * 100)


@pytest.mark.parametrize(("currency", "value"), [("usd", 100), ("usd_real", 80), ("kzt", 34000), ("rub", 6700)])
def test_conversion_by_the_rate_of_the_year(currency, value):
    series = pd.Series({2016: 100.0})
    found = ledgers.convert(series, currency=currency, indicators=INDICATORS, base_year=2015)
    assert found[2016] == pytest.approx(value)


def test_a_year_without_a_rate_is_missing():
    series = pd.Series({1995: 10.0, 1997: 10.0, 2016: 10.0, 2025: np.nan})
    roubles = ledgers.convert(series, currency="rub", indicators=INDICATORS)
    assert roubles.dropna().to_dict() == {1995: 45, 1997: 50, 2016: 670}


def test_derived_rouble_rates_fill_every_gap_and_are_marked():
    later = INDICATORS.iloc[[-1]].assign(year=2025)
    rates = ledgers.conversion_rates(pd.concat([INDICATORS, later]), currency="rub")
    assert rates["derived"].to_dict() == {1995: True, 1997: True, 2016: False, 2025: True}
    assert rates.loc[2016, "rate"] == 67 and rates.loc[1995, "note"] == "rough"
    # once WDI has a year's rate, the cross rate steps back
    official = INDICATORS.assign(year=INDICATORS["year"].replace(2016, 2024))
    assert ledgers.conversion_rates(official, currency="rub").loc[2024, "rate"] == 67


def test_unknown_currencies_and_base_years_are_refused():
    with pytest.raises(ValueError, match="Unknown currency 'eur': allowed are usd, usd_real, kzt, rub."):
        ledgers.convert(pd.Series({2016: 1.0}), currency="eur", indicators=INDICATORS)
    with pytest.raises(ValueError, match="Base year 1960 has no US consumer price index"):
        ledgers.convert(pd.Series({2016: 1.0}), currency="usd_real", indicators=INDICATORS, base_year=1960)
    with pytest.raises(ValueError, match="Money of one year's prices needs that year: give base_year"):
        ledgers.convert(pd.Series({2016: 1.0}), currency="usd_real", indicators=INDICATORS)


def months(year: int, numbers: range, export: float, imported: float) -> list[tuple]:
    flows = (("export", export), ("import", imported))
    return [(year, month, "RUS", "KAZ", flow, value) for month in numbers for flow, value in flows]


MONTHLY = pd.DataFrame(
    months(2019, range(1, 13), 10, 4) + months(2020, range(1, 11), 12, 3) + months(2022, range(1, 4), 1, 1),
    columns=["year", "month", "reporter", "partner", "flow", "value_usd"],
).assign(source_id="fcs_monthly")


def test_part_of_a_year_against_the_same_months_a_year_before():
    part = ledgers.part_year(MONTHLY, year=2020)
    assert part["value_usd"].to_dict() == {"exports": 30, "imports": 120, "turnover": 150}
    assert set(part["source_id"]) == {"fcs_monthly"}
    assert part["previous_usd"].to_dict() == {"exports": 40, "imports": 100, "turnover": 140}
    assert part["growth_pct"].to_dict() == pytest.approx({"exports": -25, "imports": 20, "turnover": 100 / 14})
    assert ledgers.part_year(MONTHLY, year=2022, months=(2, 3)).loc["turnover", "value_usd"] == 4
    assert ledgers.part_year(MONTHLY, year=2022, months=(2, 3))[["previous_usd", "growth_pct"]].isna().all(axis=None)


def test_part_of_a_year_with_a_missing_month_is_refused():
    with pytest.raises(ValueError, match="lacks a month from 1 to 11 of 2020"):
        ledgers.part_year(MONTHLY, year=2020, months=(1, 11))
    with pytest.raises(ValueError, match="lacks a month"):
        ledgers.part_year(MONTHLY, year=2020, partner="CHN")
    with pytest.raises(ValueError, match="Months 10 to 1 are no part of a year"):
        ledgers.part_year(MONTHLY, year=2020, months=(10, 1))
