"""A key finding follows a parameter, or says in its words what it tells instead."""

import re

import pytest
from in_process import findings

from analysis.methods import baselines
from analysis.notebooks import folders

TRADE, AREAS, FORECASTS = "01_trade_trends", "02_cooperation_areas", "03_expert_forecasts"
YEAR, MONEY, WHOSE = r"\b(?:19|20)\d\d\b", r"dollars|US\$|turnover", "Kazakhstan"
# A changed parameter, and what must stand in each finding that it does not change.
CROSSED = [
    (TRADE, {"start_year": 2010}, YEAR),
    (TRADE, {"end_year": 2020}, YEAR),
    (TRADE, {"currency": "kzt"}, MONEY),
    (TRADE, {"ledger": "russia"}, WHOSE),
    (TRADE, {"measure": "exports"}, "imports|bought|turnover|sells"),
    (TRADE, {"partner": "UZB"}, "Russia|European Union"),
    (TRADE, {"vintage": "comtrade"}, YEAR),
    (AREAS, {"areas": "trade"}, "the document speaks|approve|oil|launches|claims that can be checked"),
    (AREAS, {"start_year": 2005}, f"{YEAR}|latest year on record|claims"),
    (AREAS, {"end_year": 2015}, f"{YEAR}|latest year on record|claims"),
    (AREAS, {"section": "survey_2018"}, f"{YEAR}|the document speaks"),
    (FORECASTS, {"experts": "rekeda"}, "officials|ledger"),
    (FORECASTS, {"questions": "q3"}, "officials|ledger"),
    (FORECASTS, {"outcome_basis": "russia"}, "said of the year ahead|experts|by Russia’s ledger|tested"),
    (FORECASTS, {"horizon_year": 2019}, "experts|ledger"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "changed", "instead"), CROSSED, ids=lambda one: str(one)[:40])
def test_a_finding_follows_a_parameter_or_says_what_it_tells(name, changed, instead, monkeypatch):
    monkeypatch.setattr(baselines, "METHODS", ("naive", "drift"))
    path = folders.NOTEBOOKS / f"{name}.ipynb"
    before, after = findings(path), findings(path, **changed)
    assert len(before) == len(after) > 2
    silent = [one for one in after if one in before and not re.search(instead, one)]
    assert not silent
