import pandas as pd
import pytest

from analysis.methods import dates


def test_timeline_takes_dates_as_wide_as_they_are():
    events = pd.DataFrame(
        [
            ("e1", "2004-01-09", "day", "2004-01-10"),
            ("e2", "2004-02", "month", pd.NA),
            ("e3", "2003", "year", pd.NA),
            ("e4", "1990", "decade", pd.NA),
            ("e5", pd.NA, pd.NA, pd.NA),
            ("e6", "2002", "year", "2004"),
            ("e7", "1990", "decade", "1993"),
        ],
        columns=["event_id", "date", "date_precision", "date_end"],
    )
    everything = dates.timeline(events, start="1990", end="2004")
    assert everything["event_id"].tolist() == ["e7", "e4", "e6", "e3", "e1", "e2"]
    assert everything["last_day"].dt.strftime("%Y-%m-%d").tolist() == [
        "1993-12-31",
        "1999-12-31",
        "2004-12-31",
        "2003-12-31",
        "2004-01-10",
        "2004-02-29",
    ]
    assert dates.timeline(events, start="2004-01-10", end="2004-01-31")["event_id"].tolist() == ["e6", "e1"]
    assert dates.timeline(events, start="1999-12", end="2001")["event_id"].tolist() == ["e4"]
    with pytest.raises(ValueError, match="The end 2001 is before the start 2002"):
        dates.timeline(events, start="2002", end="2001")


def test_a_membership_without_an_end_goes_on():
    memberships = pd.DataFrame(
        [("m1", "2010", pd.NA), ("m2", "2012-09", "2012-09"), ("m3", pd.NA, pd.NA)],
        columns=["membership_id", "start", "end"],
    )

    def members(start, end):
        return dates.memberships_over_time(memberships, start=start, end=end)["membership_id"].tolist()

    assert members("2012-09-30", "2018") == ["m1", "m2"]
    assert members("2013", "2018") == ["m1"]
    assert members("2000", "2009") == []


@pytest.mark.parametrize("date", ["2004-13", "2004-02-30", "04", "spring", "2004-1-9x"])
def test_impossible_dates_are_named(date):
    with pytest.raises(ValueError, match=f"The date '{date}' is not a date"):
        dates.first_day(date)


def test_a_span_is_as_wide_as_its_date_is_vague():
    def days(*date):
        return [f"{day:%Y-%m-%d}" for day in dates.span(*date)]

    assert days("2004-02") == ["2004-02-01", "2004-02-29"]
    assert days("1990", None, "decade") == ["1990-01-01", "1999-12-31"]
    assert days("1990", "1993", "decade") == ["1990-01-01", "1993-12-31"]
    assert days("2002", "2004-05-06", "year") == ["2002-01-01", "2004-05-06"]
