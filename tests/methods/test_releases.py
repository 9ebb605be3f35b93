"""What was known on a day, by lags and revisions of a made table."""

from datetime import date

import pandas as pd
import pytest

from analysis.methods import releases

TRADE = pd.DataFrame(
    [(year, "KAZ", "RUS", "export", value, source) for year, value, source in
     ((2015, 10.0, "quick"), (2016, 20.0, "quick"), (2015, 11.0, "copy"), (2015, 12.0, "silent"))],
    columns=["year", "reporter", "partner", "flow", "value_usd", "source_id"],
)  # fmt: skip
LAGS = pd.DataFrame(
    [("quick", 40, None), ("copy", 400, "quick"), ("silent", None, None)],
    columns=["source_id", "lag_days", "known_from"],
).assign(table="trade", frequency="yearly")
SERIES = "trade:KAZ:RUS:export:quick"


def revised(*rows: tuple) -> pd.DataFrame:
    columns = ["series", "year", "month", "value", "released", "superseded"]
    return pd.DataFrame(rows, columns=columns).assign(table="trade", source_id="old")


def known(on: str, revisions: pd.DataFrame | None = None) -> dict[tuple[str, int], float]:
    replaced = revised() if revisions is None else revisions
    rows = releases.as_known(TRADE, "trade", on=on, revisions=replaced, lags=LAGS)
    return {(row.source_id, row.year): row.value_usd for row in rows.itertuples()}


def test_a_row_is_known_once_its_days_have_passed():
    # 2015 ends on 31 December; 40 days later it is 9 February 2016, and the day after is the first on which it is known
    assert known("2016-02-09") == {}
    assert known("2016-02-10") == {("quick", 2015): 10, ("copy", 2015): 11}, "a copy is known with what it copies"
    # 365 days after 31 December 2015 it is 30 December 2016, for 2016 has 366
    assert ("silent", 2015) not in known("2016-12-30") and ("silent", 2015) in known("2016-12-31")
    assert known("2017-02-10") == known("first") and len(known("first")) == len(TRADE)


def test_a_source_without_a_row_waits_a_year():
    rows = TRADE.assign(source_id="stranger")
    kept = releases.as_known(rows, "trade", on="2016-12-31", revisions=revised(), lags=LAGS)
    assert kept["year"].tolist() == [2015, 2015, 2015]


def test_a_value_counts_until_the_day_that_its_successor_came():
    twice = revised(
        (SERIES, 2015, 0, 8, "2016-02", "2016-07-20"),
        (SERIES, 2015, 0, 9, "2016-07-20", "2018"),
        ("trade:KAZ:RUS:import:quick", 2015, 0, 1, "2016", "2030"),
    )
    days = ("2016-07-19", "2016-07-20", "2017-12-31", "2018-01-01", "first")
    assert [known(on, twice)["quick", 2015] for on in days] == [8, 9, 9, 10, 8]
    assert known("2018", twice) == known("2018-01-01", twice) == known("2018-01", twice), "a year is its first day"


def test_months_wait_from_their_own_end():
    months = pd.DataFrame({"year": 2017, "month": [10, 11, 12], "value_usd": [1.0, 2, 3]})
    months = months.assign(reporter="RUS", partner="KAZ", flow="export", source_id="quick")
    lags = LAGS.assign(table="trade_monthly")
    replaced = revised(("trade_monthly:RUS:KAZ:export:quick", 2017, 10, 5, "2017-12", "2018-03")).assign(
        table="trade_monthly"
    )
    rows = releases.as_known(months, "trade_monthly", on="2018-01-15", revisions=replaced, lags=lags)
    # 40 days after 30 November it is 9 January, after 31 December 9 February
    assert rows[["month", "value_usd"]].to_numpy().tolist() == [[10, 5], [11, 2]]


@pytest.mark.parametrize("text", ["2018-13", "2018-02-30", "18", "2018-1-1", "yesterday", "", "2018-01-15 "])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match="no day, month or year|month must be|day is out of range|out of range"):
        releases.day(text)


def test_periods_end_on_their_last_day():
    ends = [releases.period_end(*period) for period in ((2015,), (2016, 2), (2017, 11), (2017, 12))]
    assert ends == [date(2015, 12, 31), date(2016, 2, 29), date(2017, 11, 30), date(2017, 12, 31)]


def ledger(*rows: tuple[int, str, str], month: int = 0) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["year", "flow", "source_id"])
    return made.assign(month=month, reporter="KAZ", partner="RUS", value_usd=1.0)


def test_a_source_ends_where_its_last_series_does():
    rows = ledger(
        (2015, "export", "quick"), (2016, "export", "quick"), (2015, "import", "quick"), (2010, "import", "x")
    )
    found = releases.ends(rows, "trade")
    assert found.loc["quick"].tolist() == [2016, 0, 2, 1], "one of two series ends before"
    assert found.loc["x"].tolist() == [2010, 0, 1, 0]


def test_what_is_due_comes_first_and_what_never_comes_last():
    months = pd.concat([ledger((2017, "export", "monthly"), month=month) for month in (11, 12)])
    tables = {"trade": TRADE, "trade_monthly": months}
    lags = pd.concat(
        [
            LAGS,
            LAGS[:1].assign(source_id="monthly", table="trade_monthly", frequency="monthly"),
            LAGS[:1].assign(source_id="unread", table="trade_monthly", frequency="monthly"),
        ],
        ignore_index=True,
    )
    lags.loc[lags["source_id"] == "copy", "frequency"] = "ended"
    found = releases.due(lags, tables).set_index("source_id")
    assert list(found.index) == ["silent", "quick", "monthly", "copy", "unread"]
    # silent has 2015: 2016 a year after its end; quick has 2016; monthly has December 2017, January ends on the 31st
    assert found["due"].tolist()[:3] == [date(2017, 12, 31), date(2018, 2, 9), date(2018, 3, 12)]
    assert found.loc["monthly", ["next_year", "next_month"]].tolist() == [2018, 1]
    assert found.loc["copy", "end"] == date(2015, 12, 31) and pd.isna(found.loc["copy", "due"])
    assert pd.isna(found.loc["unread", "year"]) and pd.isna(found.loc["unread", "due"])


def vintages(*rows: tuple) -> pd.DataFrame:
    columns = ["series", "first_year", "last_year", "released"]
    return pd.DataFrame(rows, columns=columns).assign(source_id="copy")


def test_what_older_releases_had_stands_beside_what_stands_now():
    replaced = revised(
        (SERIES, 2015, 0, 8, "2016-12-31", "2017-06"),
        ("trade:KAZ:RUS:export:copy", 2015, 0, 10, "2016-02-10", "2018"),
    )
    copies = vintages(("trade:KAZ:*:export:quick", 2015, 2016, "2016-12-31"), (SERIES, 2015, 2015, "2017-06-01"))
    read = releases.readings(copies, replaced, {"trade": TRADE})
    assert read[["series", "year", "released", "old", "latest"]].to_numpy().tolist() == [
        ["trade:KAZ:RUS:export:copy", 2015, "2016-02-10", 10, 11],  # no release that was read covers it
        [SERIES, 2015, "2016-12-31", 8, 10],
        [SERIES, 2015, "2017-06-01", 10, 10],  # its successor had come
        [SERIES, 2016, "2016-12-31", 20, 20],
    ]
    assert read["raised_pct"].tolist() == pytest.approx([10, 25, 0, 0])
    assert read["age"].tolist() == pytest.approx([41 / 365.25, 366 / 365.25, 518 / 365.25, 0])
    assert read["source_id"].tolist() == ["old+copy", "copy+quick", "copy+quick", "copy+quick"]


def test_a_year_is_held_against_its_months_where_it_has_all_of_them():
    months = [(2015, month, "export", 1.0) for month in range(1, 13)] + [
        (2016, month, "export", 1.0) for month in (1, 2)
    ]
    monthly = pd.DataFrame(months, columns=["year", "month", "flow", "value_usd"])
    monthly = monthly.assign(reporter="KAZ", partner="RUS", source_id="by_month")
    found = releases.years_and_months(TRADE[:2].assign(value_usd=[12.6, 3.0]), monthly)
    assert found["raised_pct"].tolist() == pytest.approx([5]) and found["year"].tolist() == [2015]
    assert found["source_id"].tolist() == ["by_month+quick"] and found["series"].tolist() == [SERIES]
