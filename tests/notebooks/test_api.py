"""The page of public names is what the notebooks use and the package exports, and every name on it says what it is."""

import re
from importlib import import_module

import pytest
from helpers import write

import analysis
from analysis import cli
from analysis.notebooks import api
from analysis.tables import catalogue

USED = sorted(api.used())


def test_the_page_is_current():
    assert api.PAGE.read_text(encoding="utf-8") == api.page(), "run `.venv/bin/analysis catalogue`"


def test_the_command_writes_the_catalogue_and_the_page(copied, monkeypatch):
    monkeypatch.setattr(api, "PAGE", copied / "api.md")
    (copied / "data" / "README.md").write_text("stale", encoding="utf-8")
    assert cli.main(["catalogue"]) == 0
    assert (copied / "data" / "README.md").read_text(encoding="utf-8") == catalogue.catalogue()
    assert (copied / "api.md").read_text(encoding="utf-8") == api.page()


def test_names_are_found_however_a_notebook_imports_them(tmp_path):
    imports = (
        "from analysis import cite\nfrom analysis.methods import coding\nfrom analysis.methods.ledgers import "
        "LEDGERS as books\nfrom analysis.methods.growth import yearly_growth"
    )
    used = "coding.coded(pandas.DataFrame())", "other.alpha\ncite('bns').title()"
    write(tmp_path, "one.ipynb", f"{imports}\nimport pandas", *used)
    (tmp_path / "deeper").mkdir()
    code = "from analysis.methods import breaks\nfrom analysis import exhibits\nexhibits.trade.flows(breaks.chow)"
    write(tmp_path / "deeper", "two.ipynb", code)
    wanted = {"methods.coding": {"coded"}, "methods.ledgers": {"LEDGERS"}, "methods.growth": {"yearly_growth"}}
    wanted |= {"exhibits.trade": {"flows"}, "methods.breaks": {"chow"}}
    found = {(f"analysis.{module}", name) for module, names in wanted.items() for name in names}
    assert api.used(tmp_path) == found | {("analysis", "cite")}


def test_a_line_has_the_arguments_and_the_first_sentence():
    lines = api.page().splitlines()
    assert any(line.startswith("- `load(table, *, every_source, as_of)`: Read a table and check") for line in lines)
    said = "Return (p − outcome)² for each forecast, from 0 (best) to 1; their mean is the Brier score."
    assert f"- `brier(p, outcome)`: {said}" in lines
    sections = dict(part.split("\n", 1) for part in api.page().split("## ")[1:])
    assert re.findall(r"^- `(\w+)", sections["analysis"], re.MULTILINE) == analysis.__all__ == ["cite", "load"]


@pytest.mark.parametrize(("module", "name"), USED, ids=lambda part: part)
def test_what_notebooks_use_is_public_and_described(module, name):
    value = getattr(import_module(module), name)
    assert not name.startswith("_") and (not callable(value) or value.__doc__)
