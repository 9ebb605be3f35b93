import shutil

import pytest

from analysis.checks import bands, links
from analysis.tables import store


@pytest.fixture(scope="module")
def frames():
    return {name: store.load(name) for name in store.all_tables()}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the repository's data that a test may damage."""
    shutil.copytree(store.DATA, tmp_path / "data")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    return tmp_path / "data"


def substitute(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def altered(frames, table, where, column, value):
    """The tables with one row of one of them changed; `value` may be a function of the old value."""
    frame = frames[table].copy()
    chosen = frame.index.notna()
    for name, wanted in where.items():
        chosen &= frame[name].eq(wanted).to_numpy()
    assert chosen.sum() == 1, f"{where} names {chosen.sum()} rows"
    old = frame.loc[chosen, column].iloc[0]
    frame.loc[chosen, column] = value(old) if callable(value) else value
    return frames | {table: frame}


def test_repository_is_sound():
    assert links.check() == []


def test_unreadable_tables_are_all_named(copy):
    substitute(copy / "statistics" / "trade.csv", ",2361967976,", ",about 2361967976,")
    (copy / "statistics" / "partners.csv").unlink()
    partners, trade = links.check()
    assert partners.startswith("statistics/partners.csv: the file is missing")
    assert trade.startswith("statistics/trade.csv, row ") and "column value_usd: 'about 2361967976'" in trade


def test_unreadable_descriptor_is_named(copy):
    (copy / "datapackage.json").write_text("[")
    (problem,) = links.check()
    assert problem.startswith("datapackage.json: the descriptor is not valid JSON")


def test_broken_link_and_unused_source_are_named(copy):
    path = copy / "sources.csv"
    substitute(path, "\ngallup,", "\ngallop,")
    problems = links.check()
    assert "indicators, column source_id: gallup is not in sources, column source_id." in problems
    assert "sources, source_id gallop: no row of any table cites it; remove it or cite it." in problems


def test_stale_catalogue_is_named(copy):
    substitute(copy / "README.md", "rows", "lines")
    (problem,) = links.check()
    assert problem.startswith("README.md of the data folder is stale")
    (copy / "README.md").unlink()
    assert links.check() == [problem]


def test_wrong_figure_in_a_file_is_named(copy):
    substitute(copy / "statistics" / "trade.csv", ",5670903385.51,", ",5760903385.51,")
    assert "trade: bns ÷ wits, KAZ export RUS, in 2019 is 1.01587, outside 0.999 to 1.001." in links.check()


def test_status_without_a_note_is_named(frames):
    where = {"year": 2010, "reporter": "KAZ", "partner": "RUS", "flow": "import", "source_id": "wits"}
    (problem,) = links.notes_given(altered(frames, "trade", where, "note", None))
    assert problem == "trade, 2010, KAZ, RUS, import, wits: the status U has no note that says why."


def test_link_to_an_undeclared_table_is_named(frames):
    without = {name: frame for name, frame in frames.items() if name != "partners"}
    assert "trade, column partner: the table partners is not declared." in links.foreign_keys(without)


def test_empty_values_point_nowhere(frames):
    where = {"year": 1995, "reporter": "KAZ", "partner": "RUS", "flow": "import", "source_id": "wits"}
    assert links.foreign_keys(altered(frames, "trade", where, "source_id", None)) == []


def test_indicator_unlike_its_definition_is_named(frames):
    where = {"year": 2020, "indicator": "arrivals_from_cis"}
    problems = links.indicators_defined(altered(frames, "indicators", where, "unit", "thousand persons"))
    expected = "the unit is thousand persons in a row and persons in the definition."
    assert problems == [f"indicators, arrivals_from_cis: {expected}"]
    problems = links.indicators_defined(altered(frames, "indicators", where, "area_id", None))
    assert problems == ["indicators, arrivals_from_cis: the area_id is nan in a row and migration in the definition."]
    rows = frames["indicators"]
    unused = frames | {"indicators": rows[rows["indicator"] != "arrivals_from_cis"]}
    assert links.indicators_defined(unused) == ["indicator_definitions, arrivals_from_cis: the indicator has no rows."]


TRADE = {"reporter": "KAZ", "partner": "RUS"}
RUSSIA = {"reporter": "RUS", "partner": "KAZ", "source_id": "fcs_annual"}
# (table, row, column, value, rule, words of the message)
# fmt: off
FAULTS = [
    ("trade_products", {"year": 2020, "partner": "RUS", "group_code": "27"},
     "value_usd", lambda v: v + 1000, "product_groups_sum_to_total",
     "HS_WITS16 groups less wits, KAZ import RUS, USD in 2020 is 1056.32"),
    ("trade_products", {"year": 2005, "reporter": "RUS", "group_code": "7"},
     "value_usd", lambda v: v * 10, "product_groups_sum_to_total",
     "SITC_R3 groups less unctad_matrix, RUS export KAZ, USD in 2005"),
    ("trade_monthly", {"year": 2008, "month": 5, "partner": "KAZ", "flow": "export"},
     "value_usd", lambda v: v * 1.01, "months_sum_to_year",
     "sum of months ÷ year, RUS export KAZ, in 2008 is 1.00"),
    ("trade_monthly", {"year": 2015, "month": 5, "partner": "BLR", "flow": "import"},
     "value_usd", lambda v: v * 3, "months_sum_to_year",
     "sum of months ÷ year, RUS import BLR, in 2015 is 1.1"),
    ("trade_monthly", {"year": 2010, "month": 6, "partner": "KAZ", "flow": "import"},
     "month", 7, "months_sum_to_year",
     "RUS import KAZ in 2010 has months [1, 2, 3, 4, 5, 7], not [1, 2, 3, 4, 5, 6]"),
    ("trade", TRADE | {"year": 2023, "flow": "import", "source_id": "bns"},
     "value_usd", lambda v: v / 1.04, "comtrade_equals_bureau",
     "bns ÷ wits, KAZ import RUS, in 2023 is 1.00043, outside 1.03 to 1.045"),
    ("trade", TRADE | {"year": 2018, "flow": "import", "source_id": "wits"},
     "value_usd", lambda v: v * 1.1, "mirror_ratio",
     "turnover of fcs_annual ÷ wits in 2018 is 0.93"),
    ("trade", RUSSIA | {"year": 2010, "flow": "export"},
     "value_usd", lambda v: v / 2, "mirror_ratio",
     "turnover of fcs_annual ÷ wits in 2010 is 1.15"),
    ("trade", {"year": 2016, "reporter": "KAZ", "partner": "ITA", "flow": "export", "source_id": "wits"},
     "value_usd", lambda v: v * 10, "partners_within_world",
     "KAZ export in 2016 by wits: ITA exceeds the world total"),
    ("trade", {"year": 2021, "reporter": "KAZ", "partner": "CHN", "flow": "import", "source_id": "bns"},
     "value_usd", lambda v: v * 2, "partners_within_world",
     "in 2021 by bns: the countries together exceed"),
    ("trade", RUSSIA | {"year": 1999, "partner": "CIS", "flow": "import"},
     "value_usd", lambda v: v * 1.01, "groups_sum_to_total",
     "CIS + FAR_ABROAD ÷ WLD, RUS import by fcs_annual, in 1999"),
    ("trade", {"year": 2022, "reporter": "KAZ", "partner": "KGZ", "flow": "export", "source_id": "bns"},
     "value_usd", lambda v: v * 1.1, "groups_sum_to_total",
     "÷ EAEU, KAZ export by bns, in 2022 is 1.00"),
    ("trade", {"year": 2021, "reporter": "KAZ", "partner": "WLD", "flow": "import", "source_id": "wits"},
     "status", "A", "world_totals_near_world_bank",
     "world total of wits ÷ World Bank, KAZ import, in 2021 is 0.67"),
    ("indicators", {"year": 2005, "indicator": "kzt_per_rub"},
     "value", lambda v: v * 1.001, "exchange_rates_agree",
     "÷ lcu_per_usd_derived in 2005 is 0.999"),
    ("indicators", {"year": 2005, "country": "RUS", "indicator": "lcu_per_usd"},
     "value", lambda v: v / 10, "exchange_rates_agree",
     "lcu_per_usd_derived ÷ lcu_per_usd in 2005 is 10"),
    ("trade", TRADE | {"year": 2010, "flow": "export", "source_id": "wits"},
     "status", "A", "doubtful_rows_flagged",
     "trade: wits of 2010 must have status U, not A"),
    ("trade", TRADE | {"year": 2012, "flow": "export", "source_id": "wits"},
     "status", "A", "doubtful_rows_flagged",
     "trade: wits of 2012 must have status B, not A"),
    ("trade", TRADE | {"year": 2024, "flow": "export", "source_id": "bns_pipeline"},
     "status", "A", "doubtful_rows_flagged",
     "trade: bns_pipeline of 2024 must have status P, not A"),
    ("trade", RUSSIA | {"year": 2012, "flow": "import"},
     "status", "A", "doubtful_rows_flagged",
     "fcs_annual of 2012 must have status U"),
    ("trade_products", {"year": 2021, "partner": "CHN", "group_code": "27"},
     "status", "A", "doubtful_rows_flagged",
     "trade_products: wits_groups of 2021 must have status U"),
    ("trade_products", {"reporter": "KAZ", "group_code": "A01"},
     "status", "A", "doubtful_rows_flagged",
     "trade_products: oecd_icio of 2022 must have status D"),
    ("indicators", {"year": 2023, "indicator": "un_ideal_point_distance"},
     "status", "A", "doubtful_rows_flagged",
     "indicators: ideal_points of 2023 must have status U"),
    ("indicators", {"year": 2013, "indicator": "baikonur_launch_successes"},
     "value", 24, "launches_consistent",
     "Baikonur attempts less successes in 2013 is -1"),
    ("indicators", {"year": 2013, "indicator": "baikonur_proton_attempts"},
     "value", 15, "launches_consistent",
     "Baikonur attempts less Proton and Soyuz in 2013 is -3"),
    ("indicators", {"year": 2013, "indicator": "world_launch_attempts"},
     "value", 97, "launches_consistent",
     "error of the world share in 2013 is -5.38866"),
    ("indicators", {"year": 2013, "indicator": "baikonur_share_of_russian_vehicle_attempts_pct"},
     "value", 72.4, "launches_consistent",
     "error of the vehicle share in 2013 is 1.79"),
    ("indicators", {"year": 2015, "indicator": "arms_deliveries_tiv", "partner": "RUS"},
     "value", 422.5, "suppliers_sum_to_total",
     "arms deliveries of all suppliers less the total in 2015 is -20"),
    ("indicators", {"year": 2000, "country": "KAZ", "indicator": "un_ideal_point"},
     "value", lambda v: -v, "votes_consistent",
     "error of the ideal-point distance in 2000"),
    ("indicators", {"year": 2001, "indicator": "un_votes_compared"},
     "value", 79, "votes_consistent",
     "fraction of a UN vote in 2001 is -0.166667"),
    ("indicators", {"year": 2001, "indicator": "un_agreement_share", "partner": "USA"},
     "value", 18.46154, "values_within_scale",
     "un_agreement_share of KAZ in 2001 is 18.4615, it must be between 0 and 1"),
    ("indicators", {"year": 2001, "indicator": "atop_defence"},
     "value", 2, "values_within_scale",
     "atop_defence of KAZ in 2001 is 2, it must be 0 or 1"),
    ("indicators", {"year": 2008, "indicator": "poll_approve_leadership_pct"},
     "value", 870, "values_within_scale",
     "poll_approve_leadership_pct of KAZ in 2008 is 870, it must be between 0 and 100"),
    ("indicators", {"year": 2020, "indicator": "arrivals_from_cis"},
     "value", 8277.5, "values_within_scale",
     "arrivals_from_cis of KAZ in 2020 is 8277.5, it must be a whole number"),
]
# fmt: on


@pytest.mark.parametrize(("table", "row", "column", "value", "rule", "message"), FAULTS)
def test_fault_is_named_by_its_rule(frames, table, row, column, value, rule, message):
    damaged = altered(frames, table, row, column, value)
    found = getattr(bands, rule)(damaged)
    assert [problem for problem in found if message in problem], found
    assert all(problem.endswith(".") and "\n" not in problem for problem in found)
    assert getattr(bands, rule)(frames) == []


def test_check_applies_every_rule(frames):
    public = {name for name in vars(bands) if not name.startswith("_")} - {"check"}
    rules = {name for name in public if getattr(vars(bands)[name], "__module__", "") == bands.__name__}
    assert rules == {rule for *_, rule, _ in FAULTS}
    for table, row, column, value, *_ in FAULTS:
        if column != "month":  # a row that moves would leave the order of its table
            frames = altered(frames, table, row, column, value)
    found = bands.check(frames)
    for rule in rules:
        problems = getattr(bands, rule)(frames)
        assert problems and set(problems) <= set(found), rule


def test_missing_row_is_named(frames):
    trade = frames["trade"]
    gone = (trade["year"] == 2019) & (trade["partner"] == "RUS") & (trade["source_id"] == "bns")
    problems = bands.comtrade_equals_bureau(frames | {"trade": trade[~gone]})
    assert problems == [
        f"trade: bns ÷ wits, KAZ {flow} RUS, in 2019 cannot be computed since a row is missing."
        for flow in ("export", "import")
    ]


@pytest.mark.parametrize(
    ("table", "where", "column", "value", "message"),
    [
        ("statements", "s112", "criterion", None, "Statement s112: it is marked resolvable and must have a criterion"),
        ("statements", "s112", "expert_id", "nobody", "Statement s112: the expert_id 'nobody' is unknown"),
        ("statements", "s112", "question_id", "q9", "Statement s112: the question_id 'q9' is unknown"),
        ("statements", "s112", "resolvable", False, "Resolution of s112: the outcome is yes, and the statement is not"),
        ("resolutions", "s112", "resolved_on", "2017-12-31", "Resolution of s112: it is dated 2017-12-31, before the"),
        ("resolutions", "s112", "resolved_on", None, "resolutions, s112: the outcome is yes; an unresolved one has"),
        ("resolutions", "s112", "reason", "not_due", "resolutions, s112: the outcome is yes; an unresolved one has"),
        ("resolutions", "s107", "reason", None, "resolutions, s107: the outcome is unresolved; an unresolved one has"),
        ("resolutions", "s112", "source_id", None, "resolutions, s112: the outcome yes must name its source"),
        ("resolutions", "s061", "outcome", "no", "resolutions, s061: outcome is 'no', and its rule gives 'yes'"),
        (
            "resolution_rules",
            "s019",
            "threshold",
            9e9,
            "resolutions, s019: outcome is 'partly', and its rule gives 'yes'",
        ),
    ],
)
def test_a_ledger_of_forecasts_that_contradicts_itself_is_named(frames, table, where, column, value, message):
    problems = links.forecasts_hold(altered(frames, table, {"statement_id": where}, column, value))
    assert problems and problems[0].startswith(message), problems


def test_a_testable_statement_without_a_resolution_is_named(frames):
    resolutions = frames["resolutions"]
    without = frames | {"resolutions": resolutions[resolutions["statement_id"] != "s112"]}
    assert links.forecasts_hold(without) == [
        "resolutions: the resolvable statement s112 has no row; say unresolved and why."
    ]
