"""The findings of the trade report on the last years: they say what the data say, and otherwise with other data."""

from dataclasses import replace

import pandas as pd
import pytest
from edition import load, read

from analysis.exhibits.goods import changed, machines
from analysis.exhibits.partners import three_books
from analysis.exhibits.since import europe, since
from analysis.exhibits.trade import long_series
from analysis.exhibits.trend_breaks import declared_breaks
from analysis.exhibits.volumes import volumes
from analysis.methods import ledgers, shares
from analysis.methods.composition import Goods
from analysis.methods.money import moneys
from analysis.methods.views import View
from analysis.methods.volumes import in_dollars

FLOWS = ["exports_usd", "imports_usd", "turnover_usd"]


@pytest.fixture(scope="module")
def records():
    return ledgers.select(load("trade"), load("indicators"), load("selections"))


@pytest.fixture(scope="module")
def own(records):
    return ledgers.ledger(records)


@pytest.fixture(scope="module")
def world(records):
    return ledgers.world_totals(records)


def scaled(book: pd.DataFrame, years: slice, factor: float, columns: list[str] = FLOWS) -> pd.DataFrame:
    changed_book = book.copy()
    changed_book.loc[years, columns] *= factor
    return changed_book


def test_growth_since_the_war_is_told_as_it_went(own, world):
    tables = load("periods"), load("turning_points")
    made = since(own, world, *tables)
    assert made.title == (
        "From 2021 to 2025 Kazakhstan’s imports from Russia grew by 11 %, from everyone else they grew by 93 %, in "
        "dollars; its exports to Russia grew by 45 % to 2023, then fell by 19 %"
    )
    # From 2018, 2019 and 2020, in billions: 13.2, 14.3 and 13.8 from Russia, 20.4, 25.4 and 25.2 from all others.
    assert "went from 42.5 % in 2021, its highest here, to 29.9 in 2025. Counted from one of the 3 years" in made.note
    assert "from Russia changed by +36.5 to +47.6 % and from everyone else by +80.7 to +124.7 %" in made.note
    poorer = since(scaled(own, slice(2024, 2025), 0.5), scaled(world, slice(2025, 2025), 0.1), *tables).title
    assert "from Russia fell by 45 %, from everyone else they fell by" in poorer
    rising = since(scaled(own, slice(2025, 2025), 2, ["exports_usd"]), world, *tables).title
    assert rising.endswith("its exports to Russia grew by 135 %")


def test_the_union_and_kazakhstan_differ_by_what_their_books_say(records):
    book, said = ledgers.ledger(records, partner="EU"), load("dated_statements")
    exports = in_dollars(load("eu_exports"), load("indicators"))
    made = europe(exports, book, load("periods"), said)
    assert made.title == (
        "In 2022 what the European Union sells to Kazakhstan grew by 68 % in its own books; in Kazakhstan’s it grew by "
        "34 %, in dollars"
    )
    assert "In euros, as the Union records it, the first grew by 89 %." in made.note
    assert "fred_eur" in made.sources, "the rates are cited"
    assert "US$ 575.1 mn in January to October 2022, 30.7 mn a year before" in made.note
    less = europe(exports, scaled(book, slice(2022, 2022), 0.5), load("periods"), said).title
    assert less.endswith("in Kazakhstan’s it fell by 33 %, in dollars")


def test_machines_fall_where_they_fell(records):
    products = load("trade_products").query("nomenclature == 'HS_WITS16'")
    made = machines(products)
    assert made.title == (
        "Russia’s share of the machinery and vehicles that Kazakhstan imports fell from 28 % in 2017, its highest, to "
        "13 in 2024: it sold US$ 2.9 and 3.0 bn in a market of 10.3 and 24.0; China’s went from 22 to 35 %"
    )
    assert list(made.table.index) == [2015, 2016, 2017, 2018, 2019, 2023, 2024], "incomplete years are gaps"
    more = products.copy()
    more.loc[more["partner"].eq("RUS") & more["year"].eq(2024), "value_usd"] *= 3
    assert machines(more).title.startswith("Russia supplied 38 % of the machinery and vehicles")
    imports = Goods(products[products["partner"] == "RUS"])
    first_release = ledgers.ledger(records, vintage="comtrade")
    assert changed(imports, first_release, load("periods")).title.endswith(
        "machinery and vehicles from Russia fell by US$ 1.5 bn, of everything else they rose by US$ 2.1 bn"
    )
    with pytest.raises(ValueError, match="The groups of 2021 sum to"):
        changed(imports, scaled(first_release, slice(2021, 2021), 2), load("periods"))


def test_volumes_call_a_year_the_highest_only_at_constant_prices(own):
    indicators = read("indicators")
    made = volumes(own, indicators)
    assert made.title == (
        "At constant import prices Kazakhstan bought 15 % less from Russia in 2024 than in 2013, its record year, and "
        "paid 3 % more dollars"
    )
    assert made.table.loc[2013, "imports, US$ bn at import prices of 2015"] == pytest.approx(16.50, abs=0.01)
    more = volumes(scaled(own, slice(2024, 2024), 2), indicators).title
    assert more == "At constant import prices Kazakhstan never bought as much from Russia as in 2024"


def test_partners_within_the_revisions_have_no_rank(records):
    partners = shares.partner_shares(records, load("partners"))
    theirs = shares.partners_books(
        ledgers.ledger(records, reporter="russia"), load("officials_figures"), load("dated_statements")
    )
    assert partners.revision == pytest.approx(4.13, abs=0.01)
    assert three_books(partners, theirs).title == (
        "China passed Russia in turnover with Kazakhstan in 2023 (by China’s customs, by 2022); as suppliers the two "
        "are level in Kazakhstan’s books of 2025, and China led in its own customs of 2023"
    )
    one = partners.releases[0]

    def apart_by(percent: float) -> str:
        return three_books(
            replace(partners, releases=(scaled(one, slice(2024, 2024), 1 + percent / 100), one)), theirs
        ).title

    exact = apart_by(1)
    assert "as suppliers Russia is ahead in Kazakhstan’s books of 2025" in exact
    assert "has not passed Russia in turnover" in apart_by(60)


def test_nothing_nominal_is_the_highest_without_its_real_counterpart(records):
    money, events = moneys(load("currencies"), load("indicators")), load("turning_points")
    whole = ledgers.ledgers(records)
    for currency, told in {
        "usd": "in current dollars 2024 is the highest year, with the rise of prices taken out it is 2013 "
        "(the doubtful 2011 and 2012 were higher)",
        "kzt": "in tenge 2024 is the highest year, with the rise of prices taken out it is 2022",
        "usd_real": "the highest year is 2013 with 24.3 (the doubtful 2011 and 2012 were higher)",
        "rub": "after 19.3 in 1995, each in roubles of its year",
    }.items():
        title = long_series(View(whole, "kazakhstan", (1995, 2025), money[currency]), "turnover", events).title
        assert title.endswith(told)


def test_breaks_are_told_with_the_power_to_find_them(own, world):
    events = load("turning_points")
    made = declared_breaks(own, shares.beside_others(own, world), events)
    assert made.title == (
        "30 yearly points cannot say whether the trend broke in 2022: a lasting fall of imports by half would be found "
        "in 42 cases of 100"
    )
    assert [name for name in made.table if "control" in name]
    steady = own.copy()
    steady["exports_usd"] = [100 + (year % 3) + (900 if year >= 2015 else 0) for year in steady.index]
    assert (
        "a break is found for exports to Russia in 2015"
        in declared_breaks(steady, shares.beside_others(steady, world), events).title
    )
