"""The trade reports' sentences hold at other parameters and with other data: windows, currencies, ledgers, factors."""

from itertools import product

import edition
import pandas as pd
import pytest

from analysis.exhibits.growth import growth_by_currency, growth_by_currency_of, growth_by_ledger, growth_rates
from analysis.exhibits.mirror import mirror, mirror_sensitivity, months
from analysis.exhibits.trade import flows, long_series
from analysis.methods import asymmetries, growth, ledgers
from analysis.methods.asymmetries import by_era
from analysis.methods.money import moneys
from analysis.methods.views import View, by_books
from analysis.notebooks.parameters import ParameterError
from analysis.reports import rules
from analysis.tables.store import load

NO_CLAIMS = pd.DataFrame(columns=["year", "value", "verdict", "paragraph", "source_id"])


@pytest.fixture(scope="module")
def records():
    return ledgers.select(load("trade"), load("indicators"), load("selections"))


@pytest.fixture(scope="module")
def whole(records):
    return ledgers.ledgers(records)


@pytest.fixture(scope="module")
def money():
    return moneys(load("currencies"), load("indicators"))


WINDOWS = [(1995, 2025), (2010, 2010), (2012, 2012), (2021, 2021), (1995, 1996), (2022, 2025), (2024, 2025)]


@pytest.mark.parametrize(
    "window", [*WINDOWS[:2], *(pytest.param(window, marks=pytest.mark.slow) for window in WINDOWS[2:])]
)
def test_every_window_measure_currency_and_ledger_gives_exhibits(whole, money, window):
    events = load("turning_points")
    for one, chosen in product(money.values(), ("kazakhstan", "russia", "both")):
        try:
            view = View(whole, chosen, window, one)
        except ParameterError as refusal:
            assert f"no year from {window[0]} to {window[1]} can be shown in {one.currency}" in str(refusal)
            continue
        made = [
            long_series(view, measure, events, NO_CLAIMS) for measure in ("turnover", "exports", "imports", "balance")
        ]
        made += [flows(view), growth_by_currency(view, money)]
        for exhibit in made:
            told = exhibit.title + exhibit.alt + exhibit.note
            assert "nan" not in told.lower().replace("finance", ""), told
            assert " 1 years" not in told and "−0.0" not in told, told
    made[0].html(), made[-1].html()


def test_a_window_without_a_rate_is_refused(monkeypatch):
    monkeypatch.setattr(rules, "load", edition.read)
    with pytest.raises(ParameterError, match="no year from 2025 to 2025 can be shown in kzt"):
        rules.trade_trends(
            start_year=2025, end_year=2025, partner="RUS", ledger="both", vintage="bureau", currency="kzt"
        )


def test_a_partial_year_is_no_end_point_of_a_title(whole, money):
    view = View(whole, "kazakhstan", (2010, 2014), money["usd"])
    title = long_series(view, "turnover", load("turning_points"), NO_CLAIMS).title
    assert "2010" not in title and "the highest year is 2013" in title


def test_events_and_claims_outside_the_window_are_neither_drawn_nor_cited(whole, money):
    events = load("turning_points")
    claims = pd.DataFrame({"year": [2005], "value": 1e10, "verdict": "confirmed", "paragraph": 58, "source_id": "x"})
    inside, outside = (
        long_series(View(whole, "kazakhstan", (start, 2009), money["usd"]), "turnover", events, claims).sources
        for start in (1998, 2006)
    )
    assert {"x", "brookings_1998"} <= set(inside)
    assert outside == ["wits", "bls_cpi"]


def test_partial_and_broken_years_and_those_after_them_have_no_growth(whole, money):
    made = growth_by_currency(View(whole, "kazakhstan", (2009, 2015), money["usd"]), money)
    assert list(made.table.index) == [2009, 2014, 2015]
    assert "2011" not in made.alt and made.note.startswith(
        "Bars are cut at −60 and +90 %; the numbers below are whole. Gaps: 2010,"
    )


def test_growth_by_each_country_s_books_is_a_tab_of_its_own(whole, money):
    made = growth_by_currency_of(by_books(View(whole, "both", (2014, 2025), money["usd"])), money).exhibits
    ours, theirs = made.values()
    assert list(made) == ["by Kazakhstan’s books", "by Russia’s books"]
    assert [one.key for one in (ours, theirs)] == ["growth-by-currency", "growth-by-currency-russia-s-books"]
    assert "Kazakhstan’s ledger" in ours.subtitle and "fcs_annual" not in ours.sources
    assert "Russia’s ledger" in theirs.subtitle and not {"wits", "bns"} & set(theirs.sources)
    assert ours.table.index.max() > theirs.table.index.max() and ours.folded and theirs.folded
    # A window that one country's books end before has the other's alone.
    assert list(by_books(View(whole, "both", (2023, 2025), money["usd"]))) == ["by Kazakhstan’s books"]


def test_a_year_of_soaring_prices_is_no_growth_title(whole, money):
    titles = [growth_by_currency(View(whole, "russia", (1995, end), money["usd"]), money).title for end in (1997, 2021)]
    assert titles[0].startswith("Exchange rates decide what growth looks like: 1997 was ")
    assert ": 2016 was " in titles[1]


def test_a_growth_title_names_the_year_of_the_table_where_both_ledgers_are_sound(whole):
    said = load("officials_figures")
    for named, year in ((2018, 2018), (2020, 2020), (2010, 2014), (2030, 2014)):
        periods = pd.DataFrame({"use": ["growth", "named"], "first_year": [1995, named]})
        assert f"not on its size: {year} was" in growth_by_ledger(whole, periods, said).title
    note = growth_by_ledger(whole, load("periods"), said).note
    assert note.endswith("Of 2018 officials and the press said 4.5, 7.2 and 14.0 %.")


def test_both_ledgers_are_fitted_on_the_same_years(whole):
    periods = pd.DataFrame({"use": ["growth"], "first_year": [2008], "last_year": [2014]})
    made = growth_rates(whole, periods)
    assert made.note.startswith("The two measures part where an end year is unusual. 2010, 2011 and 2012 are partial")
    kaz = whole["kazakhstan"]["turnover_usd"].loc[[2008, 2009, 2013, 2014]]
    assert made.table.iloc[0, 1] == pytest.approx(growth.least_squares_growth(kaz))


def test_a_divided_record_is_not_called_a_record(whole):
    kaz, rus = whole["kazakhstan"], whole["russia"]
    plain, divided = (mirror(asymmetries.mirror(kaz, rus, cif_fob_factor=f), [], factor=f).title for f in (1.0, 1.06))
    assert plain.startswith(
        "From 2013 to 2021 the two countries’ records of their turnover differ by 3.4 % in the median"
    )
    assert plain.endswith("Russia recorded 21 % more arriving than Kazakhstan recorded leaving")
    assert divided.endswith("15 % more arriving than Kazakhstan recorded leaving, freight of 6 % taken off")


def test_sensitivity_tells_the_eras_apart(whole):
    assert "in 1995–2004 no factor up to 1.10 closes it" in mirror_sensitivity(by_era(whole, load("periods"))).title


def test_a_mirror_cites_the_ledgers_of_its_years(records):
    whole = ledgers.ledgers(records, vintage="comtrade")
    table = asymmetries.mirror(*whole.values())
    assert mirror(table, [], factor=1.0).sources == ["wits", "fcs_annual"]
    assert mirror_sensitivity(by_era(whole, load("periods"))).sources == ["wits", "fcs_annual"]


def test_a_doubtful_month_is_no_record():
    monthly = load("trade_monthly")
    assert "2012 set aside as doubtful" in months(monthly).title
    assert months(monthly.assign(status="A")).title.startswith("By Russia’s months trade was largest in 2012-10")
