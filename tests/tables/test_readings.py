"""One reading of tables with several sources: a sum over rows counts nothing twice."""

import re
import subprocess
import sys
from pathlib import Path

import edition
import pandas as pd
import pytest

from analysis import load
from analysis.errors import DataError
from analysis.methods import ledgers
from analysis.tables import readings, store

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("table", sorted(readings.READ_WITH))
def test_each_figure_stands_once_and_all_of_them_on_request(table):
    key = [column for column in store.schema(table)["primaryKey"] if column != "source_id"]
    read, every = load(table), load(table, every_source=True)
    assert not read.duplicated(key).any() and every.duplicated(key).any()
    assert list(every) == ["selected", *read.columns] and len(every) == len(store.load(table))
    assert not every[every["selected"]].duplicated(key).any()
    assert every.drop(columns="selected").equals(store.load(table))
    assert set(every.loc[every["selected"], "source_id"]) <= set(read["source_id"])


def test_trade_is_the_ledger_that_the_reports_read():
    records = ledgers.select(store.load("trade"), store.load("indicators"), store.load("selections"))
    own = load("trade").query("reporter == 'KAZ' and partner == 'RUS'")
    own = own.pivot(index="year", columns="flow", values="value_usd")
    assert own["export"].equals(ledgers.ledger(records)["exports_usd"].rename("export"))
    world = load("trade").query("reporter == 'KAZ' and partner == 'WLD' and flow == 'import'").set_index("year")
    assert world["value_usd"].equals(ledgers.world_totals(records)["imports_usd"].rename("value_usd"))
    assert load("trade").query("year == 2018 and reporter == 'RUS'")["source_id"].unique().tolist() == ["fcs_annual"]


def test_a_table_with_one_source_a_figure_is_as_it_stands():
    assert load("trade_monthly").equals(store.load("trade_monthly"))
    assert load("sources", every_source=True).equals(store.load("sources"))


def test_a_figure_of_which_no_source_is_named_is_refused(monkeypatch):
    tables = {name: store.load(name) for name in ("trade", "indicators", "selections")}
    twin = tables["indicators"].query("indicator == 'brent_usd_per_barrel' and year == 2018")
    tables["indicators"] = pd.concat([tables["indicators"], twin.assign(source_id="wits")])
    monkeypatch.setattr(store, "load", tables.__getitem__)
    with pytest.raises(DataError, match=r"^indicators: the figure 2018, .*brent_usd_per_barrel has two sources"):
        load("indicators")


def test_the_example_of_the_readme_gives_what_it_says():
    code = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    said = re.search(r"# (−[\d.]+) % of GDP", code)[1]
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == said.replace("−", "-")
    assert said == f"−{100 * (17.606 - 7.019) / 197.112:.1f}", "bn dollars, by the bureau and the World Bank"


def test_on_a_day_before_the_survey_trade_was_known_to_the_year_before_last():
    then, now = load("trade", as_of="2018-01-15"), load("trade")
    assert then["year"].max() == 2016 and list(then) == [*now, "seen_in"]
    assert then.drop(columns="seen_in").dtypes.equals(now.dtypes)
    key = ["year", "reporter", "partner", "flow"]
    both = then.merge(now, on=key, suffixes=("", "_now"), how="left", validate="1:1")
    changed = both[both["value_usd"] != both["value_usd_now"]]
    # of the copy of 2 February 2018 only figures of 2000 differ from today's
    assert set(changed["year"]) == {2000} and set(changed["partner"]) == {"RUS", "CHN", "DEU", "GBR", "ITA", "USA"}
    own = then.query("reporter == 'KAZ' and partner == 'RUS' and year == 2000").set_index("flow")["value_usd"]
    assert own.to_dict() == {"export": 1710.19e6, "import": 2338.13e6}
    assert set(then.loc[then["seen_in"].notna(), "year"]) == {2000}
    assert set(then["seen_in"].dropna()) == {"wits_summary_2018"}
    every = load("trade", as_of="2018-01-15", every_source=True)
    assert every["year"].max() == 2016 and every["selected"].sum() + len(every.query("~selected")) == len(every)


def test_as_first_published_all_rows_stand_with_their_oldest_values():
    first, now = (
        edition.read("trade", as_of=as_of).query("partner == 'RUS' and year >= 2022") for as_of in ("first", "latest")
    )
    raised = (now["value_usd"] / first["value_usd"]).round(3)
    assert raised.tolist() == [1.035, 1.031, 1.043, 1.04, 1, 1, 1, 1], "2022 and 2023, exports and imports"
    assert len(load("trade", as_of="first")) == len(load("trade"))


def test_before_the_first_release_there_is_nothing():
    assert load("trade", as_of="1990").empty and list(load("trade", as_of="1990")) == [*load("trade"), "seen_in"]


def test_months_are_as_they_were_known_too():
    months = load("trade_monthly", as_of="2018-01-15")
    assert tuple(months[["year", "month"]].iloc[-1]) == (2017, 11), "40 days after 31 December it is 9 February"


@pytest.mark.parametrize("as_of", ["2018-13", "now", "2018-01-15T00", ""])
def test_an_as_of_that_is_no_date_is_refused(as_of):
    with pytest.raises(
        DataError, match=r"^as_of is '.*'; allowed are a day as YYYY-MM-DD, a month, a year, first and latest"
    ):
        load("trade", as_of=as_of)


def test_a_table_without_releases_is_refused():
    with pytest.raises(
        DataError, match="^The table 'partners' has no releases, so as_of is not of it; it is of trade,"
    ):
        load("partners", as_of="2018")


def test_what_was_known_can_be_of_two_editions_and_the_readme_says_so():
    """Of 2022 the bureau's first figure for Russia was seen, its first world total was not."""
    then, now = (edition.read("trade", every_source=True, as_of=day) for day in ("2023-06-01", "latest"))
    differ = {}
    for partner in ("RUS", "WLD"):
        found = f"source_id == 'bns' and year == 2022 and flow == 'export' and partner == '{partner}'"
        differ[partner] = then.query(found)["value_usd"].item() != now.query(found)["value_usd"].item()
    assert differ == {"RUS": True, "WLD": False}
    said = "the bureau's first figures for Russia of 2022 and 2023 are there, its first world totals are not"
    assert said in " ".join(README.read_text(encoding="utf-8").split())
