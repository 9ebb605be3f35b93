"""Series of indicators as tables of years, and the sentences where a table lacks what a figure needs."""

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.methods.dates import Years
from analysis.methods.indicator_series import Measured, wide

ROWS = [
    (1999, "KAZ", "RUS", "launches", 5.0),
    (2000, "KAZ", "RUS", "launches", 7.0),
    (2000, "KAZ", "RUS", "votes", 0.5),
    (2000, "KAZ", "USA", "votes", 0.25),
    (2001, "KAZ", "RUS", "share", 9.0),
]
ROWS = pd.DataFrame(ROWS, columns=["year", "country", "partner", "indicator", "value"])
DEFINITIONS = pd.DataFrame({"indicator": ["launches", "share", "votes"], "label": ["starts", "part of all", None]})
PARTNERS = pd.DataFrame({"code": ["RUS", "USA"], "name": ["Russia", "United States"]})
PARTNERS = PARTNERS.assign(in_sentence=[None, "the USA"], people=["Russians", None])


@pytest.fixture
def measured():
    return Measured(ROWS, DEFINITIONS, PARTNERS, Years(2000, 2001))


def test_series_stand_side_by_side_under_their_labels_in_the_order_asked_for(measured):
    table = measured.table("share", "launches")
    assert list(table.columns) == ["part of all", "starts"] and table.index.tolist() == [2000, 2001]
    assert table["starts"].dropna().to_dict() == {2000: 7.0}, "1999 is not among the years"


def test_one_column_a_partner():
    assert wide(ROWS[ROWS["indicator"] == "votes"], by="partner").loc[2000].to_dict() == {"RUS": 0.5, "USA": 0.25}
    with pytest.raises(ValueError, match="The indicator 'votes' has more than one row for 2000 by indicator."):
        wide(ROWS[ROWS["indicator"] == "votes"], by="indicator")


def test_names_inside_a_sentence(measured):
    assert (measured.country("RUS"), measured.country("USA")) == ("Russia", "the USA")
    assert measured.people("RUS") == "Russians"


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda m: m.rows("gold"), "The indicator 'gold' has no rows in the table indicators."),
        (lambda m: m.label("votes"), "indicator_definitions, votes: a figure shows it, and it has no label."),
        (lambda m: m.country("XXX"), "The country 'XXX' is not in the table partners, which has RUS, USA."),
        (lambda m: m.people("USA"), "partners, USA: a figure speaks of its people, and the column people is empty."),
    ],
)
def test_what_a_table_lacks_is_said(measured, ask, message):
    with pytest.raises(ValueError) as refusal:
        ask(measured)
    assert str(refusal.value) == message
    assert isinstance(refusal.value, DataError) or "no rows" in message
