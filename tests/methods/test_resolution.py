"""Verdicts of rules on small tables worked by hand, on each set of books."""

import pandas as pd
import pytest
from helpers import selected

from analysis.methods import resolution

REST = {"reason": None, "resolved_on": "2007", "source_id": "x", "note": "of both books"}
RULE = ["statement_id", "series", "test", "first_year", "last_year", "threshold", "left_out"]


def rules(*rows):
    """Rules of six columns each; manufactures are the goods without the groups of the last."""
    return pd.DataFrame([(*row, "27 72-83" if row[1] == "manufactures" else None) for row in rows], columns=RULE)


def flows(reporter, source, values):
    """A country's exports and imports, half of the turnover each, in billions."""
    partner = {"KAZ": "RUS", "RUS": "KAZ"}[reporter]
    columns = ["year", "reporter", "partner", "flow", "value_usd", "valuation", "status", "source_id", "note"]
    return pd.DataFrame(
        [
            (year, reporter, partner, flow, value * 5e8, "not_stated", "A", source, None)
            for year, value in values.items()
            for flow in ("export", "import")
        ],
        columns=columns,
    )


@pytest.fixture
def books():
    """Turnover of Kazakhstan's ledger 9, 10, 16; of Russia's 11, 12, 12; officials said 8, 9, almost 10, and 11 and
    12.
    """
    trade = pd.concat(
        [
            flows("KAZ", "wits", {2005: 9, 2006: 10, 2007: 16}),
            flows("RUS", "fcs_annual", {2005: 11, 2006: 12, 2007: 12}),
        ]
    )
    said = [
        (2005, "turnover", 8e9, None, "press", "recap"),
        (2005, "turnover", 9e9, None, "official", "speech"),
        (2006, "turnover", 10e9, "almost", "official", "speech"),
        (2007, "turnover", 11e9, None, "official", "speech"),
        (2007, "turnover", 12e9, None, "official", "interview"),
        (2007, "turnover_growth", 4.5, None, "official", "speech"),
        (2007, "turnover_growth", -1.0, None, "official", "interview"),
    ]
    officials = pd.DataFrame(said, columns=["year", "metric", "value", "qualifier", "origin", "source_id"])
    groups = [("84-85", "Machines", 6, 6.5), ("72-83", "Metals", 5, 9), ("27", "Fuels", 4, 4), ("50-63", "Cloth", 3, 2)]
    products = pd.DataFrame(
        [
            (year, "KAZ", "RUS", "import", "HS_WITS16", code, name, value, "groups")
            for code, name, before, now in groups
            for year, value in ((2006, before), (2007, now))
        ],
        columns=[
            "year",
            "reporter",
            "partner",
            "flow",
            "nomenclature",
            "group_code",
            "group_name",
            "value_usd",
            "source_id",
        ],
    )
    oil = pd.DataFrame({"indicator": "brent_usd_per_barrel", "year": [2007], "value": [71.0], "source_id": "eia"})
    return {"trade": selected(trade), "officials": officials, "products": products, "indicators": oil}


def outcomes(books, *rows):
    found = resolution.outcomes(rules(*rows), **books)
    return found.pivot(index="statement_id", columns="basis", values="outcome").to_dict("index")


def test_a_threshold_on_each_set_of_books(books):
    found = outcomes(
        books,
        ("s001", "turnover", "at_least", 2005, 2005, 10e9),
        ("s002", "turnover", "at_least", 2006, 2006, 10e9),
        ("s003", "turnover", "at_least", 2005, 2005, 12e9),
        ("s004", "turnover", "at_least", 2005, 2005, 9e9),
    )
    # 9 is less than 95 % of 10: Kazakhstan's ledger says no, Russia's yes, so in part by both.
    assert found["s001"] == {"kazakhstan": "no", "russia": "yes", "criterion": "partly", "officials": "no"}
    # "Almost 10" is not 10, and more than 95 % of it.
    assert found["s002"] == {"kazakhstan": "yes", "russia": "yes", "criterion": "yes", "officials": "partly"}
    assert found["s003"] == {"kazakhstan": "no", "russia": "no", "criterion": "no", "officials": "no"}
    # The press recap of 8 does not count beside an official's 9.
    assert found["s004"]["officials"] == "yes"


def test_both_near_a_threshold_is_partly(books):
    found = outcomes(books, ("s001", "turnover", "at_least", 2007, 2007, 12.4e9))["s001"]
    assert (found["russia"], found["criterion"], found["kazakhstan"]) == ("partly", "partly", "yes")
    assert found["officials"] == "no", "11 is less than 95 % of 12.4"


def test_a_span_takes_its_highest_year_and_is_settled_early_only_by_yes(books):
    found = outcomes(
        books,
        ("s001", "turnover", "at_least", 2005, 2007, 15e9),
        ("s002", "turnover", "at_least", 2005, 2009, 12e9),
        ("s003", "turnover", "at_least", 2006, 2009, 20e9),
    )
    assert found["s001"]["kazakhstan"] == "yes" and found["s001"]["criterion"] == "partly"
    assert found["s002"]["criterion"] == "yes"
    assert set(found["s003"].values()) == {"unresolved"}


def test_growth_and_records(books):
    found = outcomes(
        books,
        ("s001", "turnover", "higher", 2007, 2007, None),
        ("s002", "turnover", "highest_yet", 2007, 2007, None),
        ("s003", "turnover", "higher", 2008, 2008, None),
    )
    # Russia's ledger stands still at 12, and standing still is not growing.
    assert found["s001"] == {"kazakhstan": "yes", "russia": "no", "criterion": "partly", "officials": "partly"}
    assert found["s002"] == {"kazakhstan": "yes", "russia": "no", "criterion": "partly", "officials": "yes"}
    assert set(found["s003"].values()) == {"unresolved"}


def test_goods_of_one_flow_are_partly_at_best(books):
    found = outcomes(
        books,
        ("s001", "manufactures", "higher", 2007, 2007, None),
        ("s002", "product_groups", "same_top_three", 2007, 2007, None),
    )
    # Machines and cloth fall from 9 to 8.5; metals and fuels are no manufactures.
    assert found["s001"] == {"criterion": "unresolved"}
    assert found["s002"] == {"criterion": "partly"}


def test_the_third_of_the_largest_goods_counts_too(books):
    products = books["products"]
    products.loc[products["group_code"].eq("50-63") & products["year"].eq(2007), "value_usd"] = 5  # cloth before fuels
    found = outcomes(books, ("s002", "product_groups", "same_top_three", 2007, 2007, None))
    assert found["s002"] == {"criterion": "unresolved"}


@pytest.mark.parametrize(("said", "outcome"), [(72, "yes"), (66, "partly"), (62, "no"), (80, "no")])
def test_a_price_is_met_within_a_margin(books, said, outcome):
    # 71 is 1.4 % below 72, 7.6 % above 66, 14.5 % above 62 and 11 % below 80.
    found = outcomes(books, ("s001", "brent", "within", 2007, 2007, said))
    assert found["s001"] == {"criterion": outcome}


def test_evidence_tells_the_values(books):
    found = resolution.outcomes(rules(("s001", "turnover", "at_least", 2005, 2005, 10e9)), **books)
    evidence = found.set_index("basis")["evidence"]
    assert evidence["criterion"].endswith("Kazakhstan’s ledger 9, Russia’s ledger 11; tested against 10.")
    assert found.set_index("basis").loc["criterion", "value"] == 10e9


def test_unknown_series_test_and_basis_are_refused(books):
    with pytest.raises(ValueError, match="Rule of s001: the test 'roughly' is unknown; allowed are at_least"):
        outcomes(books, ("s001", "turnover", "roughly", 2005, 2005, 1))
    with pytest.raises(ValueError, match="Rule of s001: the series 'gold' is unknown"):
        outcomes(books, ("s001", "gold", "at_least", 2005, 2005, 1))
    found = resolution.outcomes(rules(("s001", "turnover", "higher", 2007, 2007, None)), **books)
    table = pd.DataFrame({"statement_id": ["s001", "s002"], "outcome": ["yes", "no"], "evidence": ["a", "b"], **REST})
    with pytest.raises(ValueError, match="The basis 'china' is unknown; allowed are criterion"):
        resolution.resolutions_on("china", resolutions=table, found=found)


def test_a_basis_replaces_what_it_can_judge(books):
    found = resolution.outcomes(rules(("s001", "turnover", "higher", 2007, 2007, None)), **books)
    table = pd.DataFrame({"statement_id": ["s001", "s002"], "outcome": ["yes", "no"], "evidence": ["a", "b"], **REST})
    chosen = resolution.resolutions_on("russia", resolutions=table, found=found)
    assert chosen["outcome"].tolist() == ["no", "no"] and chosen["evidence"].tolist() == [
        "Growth of 2007: Russia’s ledger +0.0 %.",
        "b",
    ]
    assert chosen["note"].isna().tolist() == [True, False], "a note on the criterion says nothing of one set of books"
    assert table["outcome"].tolist() == ["yes", "no"]


def test_what_a_basis_cannot_judge_has_its_own_reason(books):
    """Russia's books end in 2006: what is due by 2007, as Kazakhstan's show it to be, they have no value for."""
    trade = books["trade"]
    books["trade"] = trade[~(trade["reporter"].eq("RUS") & trade["year"].eq(2007))]
    found = resolution.outcomes(
        rules(
            ("s001", "turnover", "higher", 2007, 2007, None),
            ("s002", "turnover", "at_least", 2006, 2007, 20e9),
            ("s003", "turnover", "higher", 2008, 2008, None),
            ("s004", "turnover", "at_least", 2006, 2008, 20e9),
        ),
        **books,
    )
    ids = ["s001", "s002", "s003", "s004"]
    table = pd.DataFrame({"statement_id": ids, "outcome": "no", "evidence": "a", **REST})
    chosen = resolution.resolutions_on("russia", resolutions=table, found=found)
    assert chosen["outcome"].tolist() == ["unresolved"] * 4
    assert chosen["reason"].tolist() == ["no_value", "no_value", "not_due", "not_due"]
    assert chosen["evidence"][1].endswith("Russia’s ledger 12; tested against 20. The basis ends before the time does.")
    assert chosen["evidence"][3].endswith("tested against 20. The time is not over.")
    assert chosen["resolved_on"].isna().all()
    # Nothing was read for a single year without a value; a span rests on the years that have one.
    assert chosen["source_id"].fillna("none").tolist() == ["none", "fcs_annual"] * 2
    by_kazakhstan = resolution.resolutions_on("kazakhstan", resolutions=table, found=found)
    assert by_kazakhstan["outcome"].tolist() == ["yes", "no", "unresolved", "unresolved"]
    assert by_kazakhstan["reason"].fillna("").tolist() == ["", "", "not_due", "not_due"]


def test_an_outcome_names_the_sources_that_its_basis_read(books):
    found = resolution.outcomes(
        rules(
            ("s001", "turnover", "at_least", 2005, 2005, 10e9),
            ("s002", "turnover", "higher", 2007, 2007, None),
            ("s003", "turnover", "at_least", 2007, 2007, 10e9),
            ("s004", "brent", "within", 2007, 2007, 72),
            ("s005", "product_groups", "same_top_three", 2007, 2007, None),
        ),
        **books,
    )
    read = found.pivot(index="statement_id", columns="basis", values="source_id")
    assert read["criterion"].tolist() == ["wits+fcs_annual"] * 3 + ["eia", "groups"]
    assert read.loc["s001", ["kazakhstan", "russia", "officials"]].tolist() == ["wits", "fcs_annual", "speech"]
    assert read["officials"].tolist()[1:3] == ["speech+interview"] * 2
    table = pd.DataFrame({"statement_id": ["s001"], "outcome": ["partly"], "evidence": ["a"], **REST})
    chosen = resolution.resolutions_on("officials", resolutions=table, found=found[found["statement_id"] == "s001"])
    assert chosen["source_id"].tolist() == ["speech"], "not the source of the criterion"


def test_goods_without_a_row_of_russia_in_the_year_are_unresolved(books):
    whole = books["products"]
    gone = whole["year"].eq(2006)
    for lost in (gone, gone & whole["group_code"].eq("72-83")):  # all of the year, or one group of it
        books["products"] = pd.concat([whole.assign(partner="CHN"), whole[~lost]])
        found = resolution.outcomes(
            rules(
                ("s001", "manufactures", "higher", 2007, 2007, None),
                ("s002", "product_groups", "same_top_three", 2007, 2007, None),
            ),
            **books,
        )
        assert set(found["evidence"]) == {"The basis has no value for the time."}
        assert set(found["reason"]) == {"no_value"}


@pytest.mark.parametrize("qualifier", ["almost", None])
def test_a_year_said_to_be_almost_as_high_is_no_record_and_can_be_beaten_by_the_figure_itself(books, qualifier):
    officials = books["officials"].query("metric == 'turnover' and origin == 'official' and year < 2007")
    exact = officials.assign(value=10e9)  # 2005 is exactly 10, and 2006 almost 10 or exactly so
    found = outcomes(
        books | {"officials": exact.assign(qualifier=[None, qualifier])},
        ("s001", "turnover", "highest_yet", 2006, 2006, None),
        ("s002", "turnover", "at_least", 2005, 2006, 10e9),
    )
    assert (found["s001"]["officials"], found["s002"]["officials"]) == ("no", "yes")
    found = outcomes(
        books | {"officials": exact.assign(qualifier=[qualifier, None])},
        ("s001", "turnover", "highest_yet", 2006, 2006, None),
    )
    assert found["s001"]["officials"] == ("yes" if qualifier else "no")


def test_almost_is_told_as_under(books):
    found = resolution.outcomes(rules(("s001", "turnover", "at_least", 2006, 2006, 10e9)), **books).set_index("basis")
    assert "said under 10; tested against 10." in found.loc["officials", "evidence"]


def test_a_table_has_what_its_rules_give(books):
    found = resolution.outcomes(rules(("s001", "turnover", "higher", 2007, 2007, None)), **books)
    evidence, day = found.set_index("basis").loc["criterion", "evidence"], "2008-02-01"
    right = pd.DataFrame(
        {"statement_id": "s001", "outcome": "partly", "reason": None, "evidence": evidence, "source_id": "fcs_annual"}
        | {"resolved_on": [day], "note": "kept"}
    )
    other = right.assign(statement_id="s000", outcome="no", evidence="looked up")
    horizons = pd.Series({"s001": pd.Timestamp("2007-12-31")})

    def given(table):
        return resolution.by_rule(table, found, horizons).set_index("statement_id").loc["s001"].fillna("").to_dict()

    wanted = right.drop(columns="statement_id").iloc[0].fillna("").to_dict()
    assert given(right) == wanted, "the second source that it reads, and a date of its own, stay"
    assert given(right.assign(outcome="no", reason="no_value", evidence="typed")) == wanted
    assert given(right.assign(source_id="bns")) == wanted | {"source_id": "wits"}
    assert given(right.assign(resolved_on=None)) == wanted | {"resolved_on": "2007-12-31"}
    missing = resolution.by_rule(other, found, horizons)
    assert missing["statement_id"].tolist() == ["s000", "s001"] and missing.loc[0, "evidence"] == "looked up"
    assert missing.loc[1, "source_id"] == "wits" and missing.loc[1, "resolved_on"] == "2007-12-31"
    unsettled = found.assign(outcome="unresolved", reason="not_due", evidence=None, source_id=None)
    row = resolution.by_rule(right, unsettled, horizons).iloc[0]
    assert row["outcome"] == "unresolved" and row[["source_id", "resolved_on"]].isna().all() and row["note"] == "kept"


def test_a_year_without_a_price_or_goods_is_unresolved(books):
    later = rules(
        ("s001", "brent", "within", 2026, 2026, 62),
        ("s002", "manufactures", "higher", 2026, 2026, None),
        ("s003", "product_groups", "same_top_three", 2026, 2026, None),
    )
    found = resolution.outcomes(later, **books)
    assert found["outcome"].tolist() == ["unresolved"] * 3
    assert set(found["evidence"]) == {"The basis has no value for the time."}


def test_manufactures_without_the_groups_left_out_are_refused(books):
    bare = rules(("s001", "manufactures", "higher", 2007, 2007, None)).assign(left_out=None)
    with pytest.raises(ValueError, match="Rule of s001: left_out of the table resolution_rules is empty"):
        resolution.outcomes(bare, **books)
