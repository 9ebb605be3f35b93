"""The variants of the trade report: their findings all come from the ledger and the money that they name."""

import re

import pytest
from in_process import exhibits

from analysis.notebooks.parameters import declared
from analysis.reports.entries import all_reports

VARIANTS = {name: entry for name, entry in all_reports().items() if entry.notebook.name.startswith("04_")}
SOURCES = {"kazakhstan": {"wits", "bns", "bns_pipeline"}, "russia": {"fcs_annual"}}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_finding_is_of_the_ledger_and_the_money(name):
    defaults = {key: one.default for key, one in declared(VARIANTS[name].notebook).items()}
    given = defaults | VARIANTS[name].parameters
    shown = exhibits(VARIANTS[name].notebook, **given)
    assert len(shown) == 3
    others = set().union(*(sources for who, sources in SOURCES.items() if who != given["ledger"]))
    for exhibit in shown.values():
        assert exhibit.parameters["ledger"] == given["ledger"]
        assert exhibit.parameters["currency"] == given["currency"]
        assert not set(exhibit.sources) & others
        unit = {"kzt": "tenge", "usd_real": "of 2015"}[given["currency"]]
        assert unit in f"{exhibit.title} {exhibit.subtitle}"
        assert not re.search(r"\b(?:current dollars|roubles)\b", exhibit.title)
