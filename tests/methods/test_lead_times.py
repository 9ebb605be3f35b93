"""How long before it was due a statement was made, by hand."""

import pandas as pd
import pytest

from analysis.methods.lead_times import SPANS, things, with_lead_times

RULES = pd.DataFrame({"statement_id": ["s2", "s3"], "first_year": [2018, 2012], "last_year": [2018, 2018]})


def one(made_on, due, *, statement="s1", known=False):
    row = {"statement_id": statement, "made_on": made_on, "horizon_end": pd.Timestamp(due), "known_when_made": known}
    return with_lead_times(pd.DataFrame([row]), RULES).iloc[0]


@pytest.mark.parametrize(
    ("made_on", "due", "span", "ahead"),
    [
        ("2018-01-31", "2018-04-30", "up to 3 months", False),
        ("2018-01", "2018-05-01", "3 to 12 months", False),
        ("2018-01-15", "2019-01-15", "3 to 12 months", False),
        ("2018-01-15", "2019-01-16", "1 to 4 years", True),
        ("2005", "2008-12-31", "1 to 4 years", True),
        ("2011-04", "2017-12-31", "4 to 10 years", True),
        ("1994-03-28", "2014-03-28", "over 10 years", True),
    ],
)
def test_spans_and_what_is_ahead(made_on, due, span, ahead):
    row = one(made_on, due)
    assert (row["span"], bool(row["ahead"])) == (span, ahead) and span in SPANS


def test_a_vague_date_counts_as_its_last_day():
    assert one("2005", "2008-12-31")["lead_years"] == pytest.approx(3, abs=0.01)
    assert one("2018-01", "2018-01-31")["lead_years"] == 0


@pytest.mark.parametrize(
    ("made_on", "statement", "known", "nearly"),
    [
        ("2018-06-30", "s2", False, False),
        ("2018-07-01", "s2", False, True),
        ("2018", "s2", False, True),
        ("2017-12-01", "s2", False, False),
        ("2018-11-01", "s3", False, False),  # of several years
        ("2018-11-01", "s1", False, False),  # of no figure
        ("2018-01-01", "s1", True, True),
    ],
)
def test_what_was_hardly_a_forecast(made_on, statement, known, nearly):
    assert bool(one(made_on, "2018-12-31", statement=statement, known=known)["nearly_known"]) == nearly


def test_statements_without_a_horizon_are_left_out_and_dependent_ones_are_one_thing():
    rows = pd.DataFrame(
        {
            "statement_id": ["s1", "s4", "s5"],
            "made_on": "2018-01",
            "horizon_end": pd.to_datetime(["2019-12-31", None, "2018-12-31"]),
            "known_when_made": False,
            "rests_on": ["lease", "lease", None],
        }
    )
    assert with_lead_times(rows, RULES)["statement_id"].tolist() == ["s5", "s1"]
    assert things(rows).tolist() == ["lease", "lease", "s5"]
