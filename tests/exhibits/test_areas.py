"""The cooperation report’s leading and counted exhibits: their titles on data where the present ones are false."""

from types import SimpleNamespace

import pandas as pd
from edition import load

from analysis.exhibits import areas, codes, flows, indicators, opinion
from analysis.methods.dates import Years
from analysis.methods.indicator_series import Measured

YEARS = Years(1991, 2025)


def shares(*pairs):
    rows = pd.DataFrame(pairs, columns=["share", "then", "latest"]).assign(claimed=None, of_then=2004, of_latest=2024)
    return areas.shares(
        SimpleNamespace(shares=rows.astype({"claimed": float}).assign(sound=True, source_id="document"))
    )


def test_the_lead_says_what_fell_and_what_did_not():
    assert shares(("arms", 90, 80), ("votes", 70, 75), ("oil", 50, 50)).title == (
        "Of 3 shares that measure what the document speaks of, 1 is smaller in the latest year on record than "
        "when it was written: all but votes and oil"
    )
    assert shares(("arms", 90, 80)).title.endswith("is smaller in the latest year on record than when it was written")
    assert " 0 are smaller in the latest year" in shares(("arms", 80, 90)).title
    assert shares(("arms", 80, 90)).html().startswith("<figure")


def test_an_area_that_nobody_used_is_none_on_which_the_coders_agree():
    rows = [("used", 100, 100.0, 0.9, 40, 40), ("unused", 100, 100.0, float("nan"), 0, 0)]
    agreement = pd.DataFrame(rows, columns=["area_id", "n", "percent_agreement", "low", "positives_a", "positives_b"])
    names = {"used": "Used", "unused": "Unused"}
    corpus = SimpleNamespace(
        agreement=agreement.assign(variable="area"), names=names, in_sentence=names, passage_areas=load("passage_areas")
    )
    made = codes.reliability(corpus)
    assert made.title.startswith("On 1 of 2 areas the coders agree well enough to build on; on 1 the agreement")
    assert made.table["lowest"].isna().tolist() == [False, True]


def measured(indicator, rows, *, years=YEARS, statuses=()):
    """The indicators with the rows of one of them replaced: `rows` maps (country, partner, year) to values."""
    kept = load("indicators").query("indicator != @indicator")
    new = pd.DataFrame([(*key, value) for key, value in rows.items()], columns=["country", "partner", "year", "value"])
    status = [dict(statuses).get(year, "A") for year in new["year"]]
    new = new.assign(indicator=indicator, source_id="gcat", status=status)
    return Measured(pd.concat([kept, new]), load("indicator_definitions"), load("partners"), years)


def test_launches_name_every_busiest_year_and_draw_doubtful_ones_hollow():
    launched = {("KAZ", "_Z", year): n for year, n in ((2001, 9.0), (2002, 12.0), (2003, 12.0), (2004, 3.0))}
    made = indicators.launches(measured("baikonur_launch_attempts", launched))
    assert made.note.startswith("Baikonur launched most often in 2002 and 2003, 12 times each.")
    real = indicators.launches(measured("none", {}))
    told = "35 % of the world’s space launches left from Baikonur in 2000, the highest share shown; 3 % in 2024"
    assert real.title == told
    assert "most often in 1994 and 2000, 30 times each" in real.note
    share = {("KAZ", "_Z", 2000): 10.0, ("KAZ", "_Z", 2024): 40.0}
    rising = indicators.launches(measured("baikonur_share_of_world_attempts_pct", share))
    assert rising.title == "40 % of the world’s space launches left from Baikonur in 2024, more than before"


def test_arms_are_told_by_periods():
    pairs = {year: (10.0, 20.0 if year < 2019 else 100.0) for year in range(2014, 2024)}
    rows = {("KAZ", "RUS", year): russia for year, (russia, _) in pairs.items()}
    rows |= {("KAZ", "WLD", year): world for year, (_, world) in pairs.items()}
    made = indicators.arms(measured("arms_deliveries_tiv", rows))
    told = "Some of the major arms that Kazakhstan imports are Russian: 10 % in 2019–2023, the least of any 5 years"
    assert made.title == told
    assert made.note.startswith("Russia’s share: 2014–2018 50 %, 2019–2023 10 %; of 2023 alone 10 %.")


def test_the_least_share_of_arms_is_found_whenever_the_years_begin():
    others = {2016: 30.0, 2017: 40.0, 2020: 10.0}
    rows = {("KAZ", "RUS", year): 10.0 for year in (*range(2014, 2018), *range(2019, 2024))}
    rows |= {("KAZ", "WLD", year): 10.0 + others.get(year, 0) for year in (*range(2014, 2018), *range(2019, 2024))}
    made = indicators.arms(measured("arms_deliveries_tiv", rows))
    assert "Russian: 33 % in 2016–2020, the least of any 5 years, and 83 % in 2019–2023" in made.title
    one = indicators.arms(measured("arms_deliveries_tiv", rows, years=Years(2022, 2023))).title
    assert one == "Most of the major arms that Kazakhstan imports are Russian: 100 % in 2022–2023"


def test_votes_do_not_fall_where_they_rise():
    pairs = ((2022, 0.5), (2023, 0.6))
    rows = {("KAZ", code, year): value for code in ("RUS", "CHN", "USA") for year, value in pairs}
    made = indicators.votes(measured("un_agreement_share", rows))
    assert made.title == (
        "Kazakhstan votes like Russia on 60 % of UN votes (2023), more often than in any year before; "
        "like China on 60 %; the median state votes like Russia on 51 %"
    )
    # 50 less 54.2 % of the median state in 2022, 60 less 51.2 % in 2023.
    assert "Kazakhstan stood 9 points above the median state in 2023 and 9 in 2023." in made.note


def test_oil_counts_the_routes_through_russia():
    dated = load("dated_statements")
    assert flows.oil(dated).title == "94 % of the oil that Kazakhstan sold abroad in 2022 crossed Russia"
    elsewhere = dated.assign(partner=dated["partner"].mask(dated["value"].eq(52) & dated["unit"].eq("Mt"), "CHN"))
    assert flows.oil(elsewhere).title == "12 % of the oil that Kazakhstan sold abroad in 2022 crossed Russia"


def test_gas_names_the_larger_buyer_first():
    rows = {("KAZ", code, year): n for code, year, n in (("RUS", 2016, 1.0), ("CHN", 2016, 2.0), ("RUS", 2023, 9.0))}
    made = flows.gas(measured("pipeline_gas_exports_bcm", rows | {("KAZ", "CHN", 2023): 3.0}, statuses=[(2023, "B")]))
    assert made.title.startswith(
        "By the yearbooks Russia took 9.0 billion m³ of Kazakhstan’s piped gas in 2023 and China"
    )
    assert "in 2023, the first year counted so, it was 9.0 and 3.0" in made.title
    assert made.html().startswith("<figure")
    same = flows.gas(measured("pipeline_gas_exports_bcm", rows | {("KAZ", "CHN", 2023): 3.0})).title
    assert same.endswith("in 2016 it was 1.0 and 2.0")


def test_people_are_counted_by_kazakhstans_register_alone():
    made = flows.people(measured("none", {}), load("dated_statements"))
    assert made.title.startswith(
        "By Kazakhstan’s register 39,774 people moved to Russia in 2019, the most, and 4,748 in 2025"
    )
    assert "US$ 775 million came through transfer systems from Russia in 2022" in made.note
    assert made.html().startswith("<figure")


def test_approval_tells_each_wave():
    rows = {("KAZ", "RUS", 2008): 87.0, ("KAZ", "RUS", 2023): 90.0}
    made = opinion.approval(measured("poll_approve_leadership_pct", rows))
    assert made.title == "Kazakhstanis who approve of Russia’s leadership: 87 % in 2008 and 90 % in 2023"
    assert opinion.polls(measured("none", {})).table["doubt"].isin(["", "doubtful", "another definition"]).all()


def test_investment_says_whose_investor_it_counts():
    made = indicators.investment(measured("none", {}), load("dated_statements"))
    assert made.title.startswith("Russia holds 3.5 % of the direct investment in Kazakhstan (2021), without what comes")
    assert (
        "Eurasian Development Bank, direct investment of all post-Soviet countries, 2020-12: US$ 11.2 bn" in made.note
    )
    assert {"wiiw", "eabr_2021_11_18"} <= set(made.sources)


def test_an_area_without_records_says_that_nothing_is_at_hand():
    records = SimpleNamespace(
        told=pd.DataFrame(
            {"area_id": ["trade"], "role": ["claimed"], "words": ["Much"], "claim_id": ["c9"], "year": [2004.0]}
        ).assign(source_id="document", follows=None)
    )
    claims = pd.DataFrame(
        {"claim_id": ["c1"], "area_id": ["trade"], "verdict": ["confirmed"], "source_id": ["document"]}
    )
    assessed = SimpleNamespace(claims=claims, read=claims, groups=pd.Series(["confirmed"]))
    made = areas.areas(records, assessed, {"trade": "Trade", "sport": "Sport"})
    assert made.title == (
        "What the document claims can be followed to a later record of the same thing in 0 of 2 areas, to one of "
        "something near in 0; 0 have a record of another thing"
    )
    assert made.table.loc["Sport"].tolist()[:3] == ["nothing at hand"] * 3
    assert made.table.loc["Trade"].iloc[0] == "Much (2004; not judged)"
    assert [cell.replace("\N{NO-BREAK SPACE}", "") for cell in made.table["its claims"]] == ["1·0·0·0", "0·0·0·0"]
