"""Exhibits of Kazakhstan's trade name the partner that their data are of, whoever it is."""

import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.exhibits import goods, growth, names, partners, since, trade, trend_breaks, volumes
from analysis.methods import composition, ledgers, money, shares, views
from analysis.methods.growth import reliable
from analysis.reports import rules
from analysis.tables import readings
from analysis.tables.store import load

RECORDS = ledgers.select(load("trade"), load("indicators"), load("selections"))
CODES = ledgers.partners(RECORDS)
SOME = ["CHN", "CIS", "UZB", "NLD"]  # whose breaks are tested and pictures drawn: both take long
CHOICE = {"start_year": 1995, "end_year": 2025, "ledger": "both", "vintage": "bureau", "currency": "usd"}


def breaks_of(own, beside):
    declared = trend_breaks.declared_breaks(own, beside, load("turning_points"))
    return [declared, trend_breaks.found_breaks(reliable(own))]


def exhibits_of(code):
    chosen, indicators = ledgers.ledgers(RECORDS, partner=code), load("indicators")
    moneys, own = money.moneys(load("currencies"), indicators), chosen["kazakhstan"]
    view = views.View(chosen, "both", (1995, 2025), moneys["usd"])
    world, events = ledgers.world_totals(RECORDS), load("turning_points")
    beside = shares.beside_others(own, world)
    return [
        since.since(own, world, load("periods"), events),
        volumes.volumes(own, readings.load("indicators")),
        trade.long_series(view, "turnover", events),
        trade.flows(view),
        growth.growth_by_currency(view, moneys),
        growth.growth_rates(chosen, load("periods")),
    ] + (breaks_of(own, beside) if code in SOME else [])


@pytest.mark.parametrize("code", CODES)
def test_every_partner_of_the_ledger_has_its_name_in_its_exhibits(code):
    name = names.partner(ledgers.ledger(RECORDS, partner=code))
    found = exhibits_of(code)
    for exhibit in found:
        words = f"{exhibit.title} {exhibit.subtitle} {exhibit.alt} {exhibit.note}"
        assert "nan" not in words.lower().replace("finan", ""), exhibit.key
        assert code == "RUS" or "Russia" not in words, exhibit.key
    told = {exhibit.key: f"{exhibit.title} {exhibit.subtitle}" for exhibit in found}
    silent = {key for key, words in told.items() if name not in words}
    assert silent <= {"found-breaks", "growth-rates"}, "of one the title says that no period is whole"


@pytest.mark.parametrize("code", [*SOME[:2], *(pytest.param(code, marks=pytest.mark.slow) for code in SOME[2:])])
def test_the_pictures_of_another_partner_are_drawn(code):
    assert all(exhibit.html().startswith("<figure") for exhibit in exhibits_of(code))


def test_goods_are_those_of_the_partner_in_the_rows():
    products = load("trade_products").query("nomenclature == 'HS_WITS16' and flow == 'import'")
    of_russia = products[products["partner"] == "RUS"]
    as_if = composition.Goods(of_russia.assign(partner="CHN"))
    book = ledgers.ledger(RECORDS, vintage="comtrade")
    for exhibit in (goods.goods(as_if), goods.changed(as_if, book, load("periods"))):
        assert "from China" in exhibit.title and "Russia" not in f"{exhibit.title} {exhibit.subtitle} {exhibit.note}"
    assert composition.bought(products, "RUS", otherwise="RUS").partner == "RUS"
    assert composition.bought(products, "CHN", otherwise="RUS").partner == "RUS", "China’s groups are not all there"
    twin = products[products["partner"] == "RUS"].assign(partner="UZB")
    assert composition.bought(pd.concat([products, twin]), "UZB", otherwise="RUS").partner == "UZB"


def test_a_partner_asked_for_has_a_line_with_its_name():
    def labels(code):
        return partners.partner_shares(shares.partner_shares(RECORDS, load("partners"), asked=code)).html()

    assert "Grey: Italy, Germany, Türkiye and Uzbekistan." in labels("RUS")
    assert "Grey: Italy, Germany and Türkiye." in labels("UZB")
    assert "France" in labels("FRA"), "one that is no main partner"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"partner": "WLD"}, r"ledger of the vintage bureau has no trade with WLD; it has ARM, BLR, .*, UZB\.$"),
        ({"partner": "EU", "vintage": "comtrade"}, r"ledger of the vintage comtrade has no trade with EU; it has "),
        ({"partner": "CHN", "ledger": "russia"}, r"the ledger russia has no partner CHN, but Kazakhstan alone\.$"),
    ],
)
def test_a_partner_that_is_not_held_is_refused(choice, message):
    with pytest.raises(ParameterError, match=message):
        rules.trade_trends(**CHOICE | choice)
    rules.trade_trends(**CHOICE, partner="UZB")


def test_shares_have_a_tab_for_each_country_s_books():
    books, world = ledgers.ledgers(RECORDS), ledgers.world_totals(RECORDS, reporter="russia")
    made = partners.shares_by_books(shares.partner_shares(RECORDS, load("partners")), books["russia"], world)
    assert {words: one.key for words, one in made.exhibits.items()} == {
        "by Kazakhstan’s books": "partner-shares",
        "by Russia’s books": "share-in-russia",
    }
    assert "<summary>Shares by Russia’s books</summary>" in made.html()
    assert "fcs_annual" in made.exhibits["by Russia’s books"].sources and "bns" in made.first.sources
