"""Controls are made of what a notebook declares, and the exhibit and its code follow them."""

import sys
from importlib import import_module
from types import SimpleNamespace

import nbformat
import pytest
from helpers import write
from in_process import given
from ipywidgets import Checkbox, Combobox, Dropdown, FloatSlider, IntRangeSlider, IntSlider, SelectMultiple, Text

from analysis import reports
from analysis.errors import CallError
from analysis.notebooks import execute, folders, nodes
from analysis.notebooks.controls import Controls, _bundle, controls
from analysis.tables.store import load

TRADE, AREAS, FORECASTS = "01_trade_trends.ipynb", "02_cooperation_areas.ipynb", "03_expert_forecasts.ipynb"


def panel(notebook: str, first: str) -> Controls:
    return controls(notebook, first=first, refuse=reports.rules.of_cell)


def widgets(panel: Controls) -> dict[str, object]:
    return {control.parameters[0].name: control.widget for control in panel.controls}


def test_each_parameter_has_the_control_that_fits_what_it_accepts():
    trade, areas = widgets(panel(TRADE, "mirror")), widgets(panel(AREAS, "stance"))
    kinds = {"start_year": IntRangeSlider, "partner": Dropdown, "ledger": Dropdown, "measure": Dropdown}
    kinds |= {"currency": Dropdown, "vintage": Combobox, "cif_fob_factor": FloatSlider}
    assert {name: type(widget) for name, widget in trade.items()} == kinds
    years, factor = trade["start_year"], trade["cif_fob_factor"]
    assert (years.min, years.max, years.value) == (1995, load("trade")["year"].max(), (1995, years.max))
    assert (factor.min, factor.max, factor.step, factor.value) == (1.0, 1.1, 0.001, 1.0)
    assert dict(trade["partner"].options)["CHN China"] == "CHN" and trade["partner"].value == "RUS"
    assert [code for _, code in trade["ledger"].options] == ["kazakhstan", "russia", "both"]
    assert isinstance(areas["areas"], SelectMultiple) and ("space Space", "space") in areas["areas"].options
    assert isinstance(widgets(panel(FORECASTS, "answers"))["horizon_year"], IntSlider)


def test_a_text_a_truth_and_a_number_without_bounds_have_a_control_too(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "NOTEBOOKS", tmp_path)
    write(tmp_path, "n.ipynb", "start_year, label, whole, many")
    path = tmp_path / "n.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += "\nwhole = True  # true or false: all\nmany = 3  # any number: how many"
    notebook.cells[2].id = "show-names"
    nbformat.write(notebook, path)
    made = controls("n.ipynb", first="names", refuse=lambda *_: None)
    assert [type(widget) for widget in widgets(made).values()] == [IntSlider, Text, Checkbox, Text]
    widgets(made)["many"].value = "x"
    assert made.refusal == "many is a whole number of at most 18 digits, not 'x'."


def test_the_exhibit_and_its_code_follow_the_controls():
    made = panel(TRADE, "flows")
    before = made.exhibit.digest
    widgets(made)["partner"].value = "CHN"
    widgets(made)["start_year"].value = (2000, 2020)
    assert made.exhibit.digest != before and list(made.exhibit.table.index) == list(range(2000, 2021))
    assert 'partner = "CHN"' in made.code and given(made.code).digest == made.exhibit.digest
    made.choice.value = "partner-shares"
    assert made.exhibit.key == "partner-shares" and given(made.code).digest == made.exhibit.digest
    assert "start_year" not in made.code


def test_a_day_is_typed_or_chosen_and_a_wrong_one_refused():
    made = panel(TRADE, "flows")
    widgets(made)["vintage"].value = "2024-06-30"
    assert made.exhibit.table.index.max() == 2023 and given(made.code).digest == made.exhibit.digest
    widgets(made)["vintage"].value = "2024-06-31"
    assert made.refusal == "vintage is one of bureau, comtrade, first, or a day as YYYY-MM-DD, not '2024-06-31'."
    widgets(made)["vintage"].value = "2023-06-30"
    assert made.refusal.startswith("on 2023-06-30 the figures of 2022, the first after 2021, were not yet known;")
    widgets(made)["vintage"].value = "first"
    assert 'vintage = "first"' in made.code and made.exhibit.table.index.max() > 2023


def test_marked_areas_are_joined_and_none_marked_are_all():
    made = panel(AREAS, "stance")
    assert 'areas = "all"' in made.code
    widgets(made)["areas"].value = ("space", "trade")
    assert 'areas = "space,trade"' in made.code and given(made.code).digest == made.exhibit.digest


def test_what_cannot_be_shown_together_is_told_in_a_sentence():
    made = panel(TRADE, "long-series")
    widgets(made)["ledger"].value = "russia"
    assert made.exhibit.key == "long-series" and not made.refusal
    widgets(made)["partner"].value = "CHN"
    assert made.refusal == "the ledger russia has no partner CHN, but Kazakhstan alone."
    assert made.exhibit is None and made.code is None
    said, code = made._outputs()
    assert said["text/markdown"] == f"**Not shown:** {made.refusal}" and code == {}
    made.choice.value = "partner-shares"  # which no ledger reaches
    assert made.exhibit.key == "partner-shares" and not made.refusal


def test_what_an_exhibit_does_not_depend_on_is_hidden():
    made = panel(TRADE, "partner-shares")
    shown = {name for name, row in zip(widgets(made), made._rows, strict=True) if row.layout.display != "none"}
    assert shown == {"partner", "vintage"}
    made.choice.value = "mirror"
    shown = {name for name, row in zip(widgets(made), made._rows, strict=True) if row.layout.display != "none"}
    assert shown == {"vintage", "cif_fob_factor"}


def test_a_fault_is_told_and_does_not_leave_the_former_exhibit(monkeypatch):
    made = panel(TRADE, "flows")
    monkeypatch.setattr(made._recipes, "make", lambda *_: {}["lost"])
    widgets(made)["currency"].value = "rub"
    assert made.refusal == "KeyError: 'lost'" and made.exhibit is None


def test_an_exhibit_that_is_not_there_is_refused():
    with pytest.raises(CallError, match="^the notebook shows no exhibit lost; it shows since, "):
        panel(TRADE, "lost")


def test_what_is_shown_and_is_no_exhibit_is_shown():
    game = SimpleNamespace(_repr_mimebundle_=lambda: ({"text/plain": "a game"}, {}))
    assert _bundle(game) == {"text/plain": "a game"}


def test_where_there_are_no_widgets_a_sentence_says_what_brings_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "analysis.notebooks.controls")
    with pytest.raises(CallError, match="^controls are made by the package ipywidgets, which `make lab` installs.$"):
        import_module("analysis.notebooks.controls")


@pytest.mark.slow
def test_the_notebook_is_the_same_bytes_at_every_run():
    path = folders.NOTEBOOKS / "00_explore.ipynb"
    once, again = (execute.run(path, {}) for _ in range(2))
    assert nodes.text(once) == nodes.text(again) and "model_id" not in nodes.text(once)
    shown = [output for cell in once.cells for output in cell.get("outputs", ())]
    assert [output.data["text/plain"].split(" ")[0] for output in shown] == ["The", "Figure", "from"] * 2
    assert "widgets" not in once.metadata
