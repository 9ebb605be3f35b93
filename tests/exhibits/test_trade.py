"""The trade report's sentences hold at other parameters too: odd windows, currencies, ledgers and factors."""

from itertools import product

import pandas as pd
import pytest

from analysis.exhibits import trade
from analysis.exhibits.mirror import mirror, mirror_sensitivity, months
from analysis.exhibits.partners import _ahead_for_good
from analysis.methods import asymmetries, growth, ledgers
from analysis.notebooks.parameters import ParameterError
from analysis.reports import rules
from analysis.tables.store import load


@pytest.fixture(scope="module")
def tables():
    return load("trade"), load("indicators")


@pytest.fixture(scope="module")
def whole(tables):
    return {who: ledgers.ledger(tables[0], reporter=who) for who in ledgers.LEDGERS}


WINDOWS = [(1995, 2025), (2010, 2010), (2012, 2012), (2021, 2021), (1995, 1996), (2022, 2025), (2024, 2025)]


@pytest.mark.parametrize(("start", "end"), WINDOWS)
def test_every_window_measure_currency_and_ledger_gives_exhibits(tables, whole, start, end):
    _, indicators = tables
    for currency, chosen in product(ledgers.CURRENCIES, ("kazakhstan", "russia", "both")):
        settings = {"start_year": start, "end_year": end, "ledger": chosen, "vintage": "bureau", "currency": currency}
        try:
            rules.trade_trends(**settings)
        except ParameterError as refusal:
            assert f"no year from {start} to {end} can be shown in {currency}" in str(refusal)
            continue
        books = {who: b.loc[start:end] for who, b in whole.items() if chosen in (who, "both") and len(b.loc[start:end])}
        main = next(iter(books))
        made = [
            trade.long_series(books, {2010: "x"}, measure=m, currency=currency, indicators=indicators)
            for m in ledgers.MEASURES
        ]
        made.append(trade.flows(books[main], reporter=main, currency=currency, indicators=indicators))
        made.append(trade.growth_by_currency(whole[main], reporter=main, indicators=indicators, start=start, end=end))
        for exhibit in made:
            told = exhibit.title + exhibit.alt + exhibit.note
            assert "nan" not in told.lower().replace("finance", ""), told
            assert " 1 years" not in told and "−0.0" not in told, told
    made[0].html(), made[-1].html()


def test_a_window_without_a_rate_is_refused(whole):
    with pytest.raises(ParameterError, match="no year from 2025 to 2025 can be shown in kzt"):
        rules.trade_trends(start_year=2025, end_year=2025, ledger="both", vintage="bureau", currency="kzt")


def test_a_partial_year_is_no_end_point_of_a_title(tables, whole):
    books = {"kazakhstan": whole["kazakhstan"].loc[2010:2014]}
    title = trade.long_series(books, {}, measure="turnover", currency="usd", indicators=tables[1]).title
    assert "2010" not in title and "in 2013" in title


def test_the_year_after_a_doubtful_one_keeps_out_of_a_growth_title(tables, whole):
    made = trade.growth_by_currency(
        whole["kazakhstan"], reporter="kazakhstan", indicators=tables[1], start=2009, end=2013
    )
    assert made.title.startswith("The currency decides what growth looks like: 2009 ")
    assert "2011" not in made.alt


def test_both_ledgers_are_fitted_on_the_same_years(whole):
    made = trade.growth_rates(whole, [(2008, 2014)])
    assert made.note.startswith("The two measures part where an end year is unusual. 2010, 2011 and 2012 are partial")
    kaz = whole["kazakhstan"]["turnover_usd"].loc[[2008, 2009, 2013, 2014]]
    assert made.table.iloc[0, 1] == pytest.approx(growth.least_squares_growth(kaz))


def test_china_counts_from_the_last_year_that_it_was_behind():
    shares = pd.DataFrame({"RUS": [5, 1, 4, 2, 2], "CHN": [1, 2, 3, 3, 4]}, index=range(2000, 2005))
    assert _ahead_for_good(shares) == 2003
    assert _ahead_for_good(shares.loc[:2002]) is None


def test_a_divided_record_is_not_called_a_record(whole):
    kaz, rus = whole["kazakhstan"], whole["russia"]
    plain, divided = (mirror(asymmetries.mirror(kaz, rus, cif_fob_factor=f), [], factor=f).title for f in (1.0, 1.06))
    assert plain.startswith("Russia’s record of goods from Kazakhstan lies above Kazakhstan’s in 23 of 24 sound years")
    assert divided.startswith("Divided by 1.06, Russia’s record of goods from Kazakhstan still lies above")


def test_sensitivity_tells_the_eras_apart(whole):
    eras = {
        name: asymmetries.mirror_sensitivity(*(whole[who].loc[years] for who in ledgers.LEDGERS))
        for name, years in (("early", slice(1995, 2004)), ("late", slice(2005, 2021)))
    }
    assert "in early no factor up to 1.10 closes it" in mirror_sensitivity(eras).title


def test_a_doubtful_month_is_no_record():
    monthly = load("trade_monthly")
    assert "2012 set aside as doubtful" in months(monthly).title
    assert months(monthly.assign(status="A")).title.startswith("By Russia’s months trade was largest in 2012-10")
