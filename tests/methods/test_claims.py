"""Verdicts on the figures of the document: each rule worked by hand, then the table against the code."""

import numpy as np
import pandas as pd
import pytest
from helpers import selected

from analysis.methods import claims as c
from analysis.methods import ledgers
from analysis.tables.store import load, schema

TRADE = pd.DataFrame(
    [
        (2003, "KAZ", "RUS", "export", 30.0, "A", "wits"),
        (2003, "KAZ", "RUS", "import", 60.0, "A", "wits"),
        (2004, "KAZ", "RUS", "export", 30.0, "A", "wits"),
        (2004, "KAZ", "RUS", "import", 50.0, "B", "wits"),
        (2005, "KAZ", "RUS", "export", 40.0, "A", "wits"),
        (2005, "KAZ", "RUS", "import", 60.0, "A", "wits"),
        (2005, "KAZ", "BLR", "export", 10.0, "A", "wits"),
        (2005, "KAZ", "BLR", "import", 5.0, "A", "wits"),
        (2005, "KAZ", "KGZ", "export", 4.0, "A", "wits"),
        (2005, "KAZ", "KGZ", "import", 6.0, "U", "wits"),
        (2018, "KAZ", "ARM", "export", 1.0, "A", "bns"),
        (2018, "KAZ", "ARM", "import", 1.0, "A", "bns"),
        (2018, "KAZ", "WLD", "export", 1.0, "A", "bns"),
        (2018, "KAZ", "WLD", "import", 1.0, "A", "bns"),
        (2004, "RUS", "KAZ", "export", 70.0, "A", "fcs_annual"),
        (2004, "RUS", "KAZ", "import", 40.0, "U", "fcs_annual"),
        (2005, "RUS", "KAZ", "export", 70.0, "A", "fcs_annual"),
        (2005, "RUS", "KAZ", "import", 50.0, "A", "fcs_annual"),
        (2005, "RUS", "KAZ", "import", 900.0, "A", "cow_v4"),
        (2005, "RUS", "CIS", "export", 400.0, "E", "fcs_annual"),
        (2005, "RUS", "CIS", "import", 200.0, "A", "fcs_annual"),
    ],
    columns=["year", "reporter", "partner", "flow", "value_usd", "status", "source_id"],
).assign(note=None)
MONTHLY = pd.DataFrame(
    [
        (year, month, "RUS", "KAZ", flow, value, "U" if (year, month) in doubtful else "A")
        for year, value in ((2004, 10.0), (2005, 12.0))
        for month in (1, 2, 3)
        for flow in ("export", "import")
        for doubtful in [{(2004, 2), (2005, 3)}]
    ],
    columns=["year", "month", "reporter", "partner", "flow", "value_usd", "status"],
).assign(source_id="fcs_monthly")
INDICATORS = pd.DataFrame(
    [
        (2005, "KAZ", "total_exports_usd", 200.0, "A", "wdi_kaz"),
        (2005, "KAZ", "total_imports_usd", 120.0, "P", "wdi_kaz"),
    ],
    columns=["year", "country", "indicator", "value", "status", "source_id"],
).assign(note=None)
MEMBERS = pd.DataFrame({"group": "EAEU", "member": ["ARM", "BLR", "KGZ", "RUS"]})
TABLES = c.Tables(trade=selected(TRADE, INDICATORS), trade_monthly=MONTHLY, group_members=MEMBERS)


def claim(qualifier="exact", value=np.nan, low=np.nan, high=np.nan):
    return pd.Series({"qualifier": qualifier, "value": value, "value_low": low, "value_high": high})


def readings(**values):
    return {name: c.Reading(value, "A", name) for name, value in values.items()}


def judged(
    *,
    claimed,
    statistic,
    year=2005,
    months=None,
    named=None,
    unit="USD",
    start="2005",
    end="2005",
    tables=TABLES,
    **row,
):
    """The verdict on one exact figure from the small tables."""
    quantities = pd.DataFrame(
        [
            {
                "quantity_id": "q001",
                "unit": unit,
                "period_start": start,
                "period_end": end,
                **claim(value=claimed),
            }
        ]
    )
    check = {"claim_id": "cq001", "statistic": statistic, "year": year, "months": months, "ledger_named": named}
    return c.by_ledgers(quantities, pd.DataFrame([check | row]), tables=tables).iloc[0]


@pytest.mark.parametrize(
    ("claimed", "low", "high"),
    [
        (claim("exact", 100.0, 100.0, 100.0), 95.0, 105.0),
        (claim("approx", 100.0), 95.0, 105.0),
        (claim("approx", low=20.0, high=30.0), 19.0, 31.5),
        (claim("at_least", 100.0, low=100.0), 95.0, np.inf),
        (claim("at_least", low=200.0), 190.0, np.inf),
        (claim("at_most", 100.0, high=100.0), -np.inf, 105.0),
        (claim("exact", 40.0), 38.0, 42.0),  # percent: five percent of the figure, not five points
        (claim("exact", -10.0), -10.5, -9.5),
    ],
)
def test_each_bound_is_widened_by_five_percent_of_itself(claimed, low, high):
    assert c.claimed_range(claimed) == (low, high)


def test_an_unknown_qualifier_is_refused():
    with pytest.raises(ValueError, match="Unknown qualifier 'about': allowed are exact, approx, at_least"):
        c.claimed_range(claim("about", 1.0))


@pytest.mark.parametrize(
    ("claimed", "value", "expected"),
    [
        (claim("exact", 100.0), 95.0, "confirmed"),
        (claim("exact", 100.0), 94.99, "contradicted"),
        (claim("exact", 100.0), 105.0, "confirmed"),
        (claim("exact", 100.0), 110.0, "contradicted"),
        (claim("at_least", 100.0, low=100.0), 95.0, "confirmed"),
        (claim("at_least", 100.0, low=100.0), 94.99, "contradicted"),
        (claim("at_least", 100.0, low=100.0), 1e9, "confirmed"),
        (claim("at_most", 100.0, high=100.0), 105.0, "confirmed"),
        (claim("at_most", 100.0, high=100.0), 105.01, "contradicted"),
        (claim("at_most", 100.0, high=100.0), 0.0, "confirmed"),
        (claim("approx", low=20.0, high=30.0), 31.5, "confirmed"),
        (claim("approx", low=20.0, high=30.0), 31.6, "contradicted"),
    ],
)
def test_one_ledger_confirms_or_contradicts(claimed, value, expected):
    assert c.verdict(claimed, readings(russia=value)) == expected


def test_one_ledger_has_no_mirror_band():
    # 100 lies within 5 % of 105.2 (99.94 and above), but 105.2 does not lie within 5 % of 100.
    assert c.verdict(claim("exact", 100.0), readings(russia=105.2)) == "contradicted"
    assert c.verdict(claim("exact", 100.0), readings(kazakhstan=105.2, russia=105.2)) == "within_mirror_band"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (95.0, "within_mirror_band"),  # 0.95 × 100; its own range ends at 99.75 and does not confirm it
        (94.99, "contradicted"),
        (110.0, "within_mirror_band"),
        (120.0, "within_mirror_band"),
        (126.0, "within_mirror_band"),  # 1.05 × 120
        (126.01, "contradicted"),
    ],
)
def test_the_band_runs_from_ledger_to_ledger_and_five_percent_beyond(value, expected):
    assert c.verdict(claim("exact", value), readings(kazakhstan=100.0, russia=120.0)) == expected


def test_a_range_lies_in_the_band_only_as_a_whole():
    two = readings(kazakhstan=100.0, russia=140.0)
    assert c.verdict(claim("approx", low=110.0, high=130.0), two) == "within_mirror_band"
    assert c.verdict(claim("approx", low=110.0, high=150.0), two) == "contradicted"


def test_kazakhstan_decides_unless_the_claim_names_russia():
    two = readings(russia=120.0, kazakhstan=100.0)
    assert c.checked_ledger(two) == "kazakhstan"
    assert c.checked_ledger(two, named="russia") == "russia"
    assert c.checked_ledger(readings(russia=120.0)) == "russia"
    assert c.checked_ledger(readings(russia=120.0), named="kazakhstan") == "russia"
    assert c.verdict(claim("exact", 120.0), two) == "within_mirror_band"
    assert c.verdict(claim("exact", 120.0), two, named="russia") == "confirmed"


def test_turnover_shows_both_ledgers_and_leaves_other_sources_out():
    row = judged(claimed=100.0, statistic="turnover")
    assert (row["verdict"], row["found"]) == ("confirmed", "0.000 USD bn")
    assert row["sources_read"] == "wits+fcs_annual" and "checked: Kazakhstan's" in row["basis"]
    assert "checked: Russia's" in judged(claimed=126.0, statistic="turnover", named="russia")["basis"]


def test_a_doubtful_status_keeps_its_verdict_and_is_named():
    row = judged(claimed=80.0, statistic="turnover", year=2004, start="2004", end="2004")
    assert row["verdict"] == "confirmed"
    assert "(wits, status B)" in row["basis"]
    assert "(fcs_annual, status U)" in row["basis"]


@pytest.mark.parametrize(
    ("statistic", "value", "source_id", "words"),
    [
        ("share_in_kazakhstan", 31.25, "wits", "status P; world total of wdi_kaz"),  # 100 of 320
        ("share_in_kazakhstan_imports", 50.0, "wits", "status P; world total of wdi_kaz"),  # 60 of 120
        ("share_in_eaeu", 80.0, "wits", "status U; no row for ARM"),  # 100 of 100 + 15 + 10
        ("share_in_russia_cis", 20.0, "fcs_annual", "status E"),  # 120 of 600
    ],
)
def test_shares_come_from_one_ledger(statistic, value, source_id, words):
    row = judged(claimed=value, statistic=statistic, unit="percent")
    assert (row["found"], row["verdict"]) == (f"{value:.2f} percent", "confirmed")
    assert row["sources_read"].split("+")[0] == source_id
    assert words in row["basis"]
    assert "only one ledger" in row["basis"]


def test_parts_of_a_year_come_from_russias_months():
    part = {"months": "1-2", "start": "2005-01", "end": "2005-02"}
    turnover = judged(claimed=48.0, statistic="part_year_turnover", **part)
    assert (turnover["verdict"], turnover["sources_read"]) == ("confirmed", "fcs_monthly")  # 2 months × 2 flows × 12
    assert "months 1-2" in turnover["basis"]
    assert "status A" in turnover["basis"]  # the doubtful months are March, and February of the year before
    growth = judged(claimed=20.0, statistic="part_year_growth", unit="percent", **part)
    assert growth["found"] == "20.00 percent"  # 48 against 40
    assert "status U" in growth["basis"]


def test_a_record_is_counted_back_within_its_period():
    # Kazakhstan 90, 80, 100; Russia 110, 120 from 2004: it does not cover 2003.
    row = judged(claimed=3.0, statistic="record_span", unit="years", start="2003", end="2005")
    assert (row["found"], row["verdict"]) == ("3.00 years", "confirmed")
    assert "status B" in row["basis"]
    short = judged(claimed=2.0, statistic="record_span", unit="years", year=2004, start="2003", end="2004")
    assert (short["found"], short["verdict"]) == ("1.00 years", "contradicted")  # 2003 was higher


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"statistic": "turnovers"},
            "cq001: unknown statistic 'turnovers': allowed are turnover, record_span",
        ),
        ({"statistic": "turnover", "unit": "percent"}, "turnover is in USD, and the claim is in percent"),
        ({"statistic": "turnover", "year": 2004}, "the claim's period is 2005 to 2005; no other"),
        ({"statistic": "turnover", "months": "1-6"}, "the claim's period is 2005 to 2005; no other"),
        ({"statistic": "turnover", "year": 2010, "start": "2010", "end": "2010"}, "covers no ledger in 2010"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(row, message):
    with pytest.raises(ValueError, match=message):
        judged(claimed=1.0, **row)


def test_the_last_of_ten_years_that_would_fit_is_told():
    # Kazakhstan's turnover is 90, 80 and 100 in 2003 to 2005.
    row = judged(claimed=90.0, statistic="turnover")
    assert (row["verdict"], row["fits"]) == ("contradicted", 2003)
    assert judged(claimed=300.0, statistic="turnover")["fits"] is None
    later = pd.DataFrame(
        [
            (year, "KAZ", "RUS", flow, 200.0, "A", "wits", None)
            for year in (2014, 2015)
            for flow in ("export", "import")
        ],
        columns=TRADE.columns,
    )
    tables = c.Tables(selected(pd.concat([TRADE, later]), INDICATORS), MONTHLY, MEMBERS)
    told = [
        judged(claimed=80.0, statistic="turnover", year=year, start=str(year), end=str(year), tables=tables)["fits"]
        for year in (2014, 2015)
    ]
    assert told == [2004, None], "2004 is the tenth year before 2014, and the eleventh before 2015"


def test_only_figures_are_held_against_ledgers():
    with pytest.raises(ValueError, match="^ce001: only a figure of quantities can be held against a ledger.$"):
        c.by_ledgers(load("quantities"), pd.DataFrame([{"claim_id": "ce001"}]), tables=TABLES)


def test_declared_words_are_those_of_the_code():
    fields = {field["name"]: field.get("constraints", {}).get("enum") for field in schema("claim_statistics")["fields"]}
    assert fields["statistic"] == list(c.STATISTICS)
    assert fields["ledger_named"] == list(ledgers.LEDGERS)


def test_notes_say_what_the_tables_say():
    records = ledgers.select(load("trade"), load("indicators"), load("selections"))
    kazakhstan, russia = (ledgers.ledger(records, reporter=name) for name in ledgers.LEDGERS)
    notes, world = load("claim_statistics").set_index("claim_id")["note"], ledgers.world_totals(records)
    mixed = 100 * russia["turnover_usd"][2004] / world["turnover_usd"][2004]
    assert f"{mixed:.1f} percent" in notes["cq038"]
    imports = 100 * kazakhstan["imports_usd"] / world["imports_usd"]
    assert imports[2017] > imports[2013] > imports[[2014, 2015, 2016]].max()  # q093
