"""Notebooks read like articles: small cells, no functions, no typed numbers in prose, run from top to bottom."""

import ast
import re
import sys
from pathlib import Path
from statistics import median

import nbformat
import pytest

from analysis.methods import baselines
from analysis.notebooks import folders
from analysis.notebooks.cells import loaded_tables
from analysis.notebooks.parameters import declared
from analysis.reports.entries import all_reports
from analysis.tables import readings, store
from analysis.tables.readings import READ_WITH
from analysis.tables.store import load

NOTEBOOKS = sorted(folders.NOTEBOOKS.glob("*.ipynb"))  # tests/test_lessons.py has the rules of the lessons
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
REPORTED = sorted({report.notebook for report in all_reports().values()})
each_report = pytest.mark.parametrize("path", REPORTED, ids=lambda path: path.name)


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


@each_notebook
def test_code_cells_are_plain(path):
    for cell in cells(path, "code"):
        tree = ast.parse(cell.source)
        assert not [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Lambda))], (
            cell.source
        )
        assert not re.search(r"\b(open|read_csv|Path|requests|datetime|time)\b", cell.source), cell.source


def code_lines(cell: nbformat.NotebookNode) -> int:
    return len([line for line in cell.source.splitlines() if line.strip()])


@each_notebook
def test_a_notebook_comes_to_its_findings_at_once_in_small_cells(path):
    sizes, before, found = [], 0, False
    for cell in cells(path, "code"):
        tags, size = cell.metadata.get("tags", ()), code_lines(cell)
        found = found or "findings" in tags
        if "parameters" not in tags:
            sizes.append(size)
            before += 0 if found else size
        assert size <= 8, cell.source
        for call in [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)]:
            given = len(call.args) + len(call.keywords)
            assert given <= 4, f"what {ast.unparse(call)} needs has no name yet"
    assert before <= 15 and median(sizes) <= 2
    assert max(len(line) for cell in cells(path, "code") for line in cell.source.splitlines()) <= 120


@each_notebook
def test_a_section_computes_what_it_shows(path):
    bare = [cell.source for cell in cells(path, "code") if re.fullmatch(r"[\w.]+", cell.source)]
    assert not [name for name in bare if name != "played"]  # the game is played in the cell after it


@each_notebook
def test_a_sentence_stands_before_each_code_cell(path):
    kinds = [cell.cell_type for cell in nbformat.read(path, as_version=4).cells]
    assert kinds[0] == "markdown"
    assert not [at for at in range(1, len(kinds)) if kinds[at] == kinds[at - 1] == "code"]


@each_notebook
def test_no_number_is_typed_into_prose(path):
    for cell in cells(path, "markdown"):
        assert not re.search(r"\d", cell.source), cell.source


@each_notebook
def test_committed_as_run_from_top_to_bottom(path):
    code = cells(path, "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [o for cell in code for o in cell.outputs if o.output_type in ("error", "stream")]


@each_report
def test_a_report_has_findings(path):
    assert any("findings" in cell.metadata.get("tags", ()) for cell in cells(path, "code"))


@each_report
def test_year_parameters_cover_the_data(path):
    parameters, years = declared(path), load("trade")["year"]
    stale = f"{path.name}: the comment of the parameters cell and the years of trade.csv differ"
    if "end_year" in parameters:
        assert parameters["end_year"].high == years.max(), stale
    if "ledger" in parameters:  # it is about the ledgers, which begin with a full year
        for name in {"start_year", "end_year"} & set(parameters):
            assert (parameters[name].low, parameters[name].high) == (years[years > 1994].min(), years.max()), stale


@each_report
def test_the_tables_that_a_report_is_made_of_are_those_that_it_loads(path, monkeypatch):
    loaded = set()
    load_table, names = store.load, {}

    def load_and_note(table):
        loaded.add(table)
        return load_table(table)

    for module in [module for module in sys.modules.values() if getattr(module, "load", None) is load_table]:
        monkeypatch.setattr(module, "load", load_and_note)
    monkeypatch.setattr(baselines, "METHODS", ("naive", "drift"))  # how a model is fitted is no matter here
    for cell in cells(path, "code"):
        exec(cell.source, names)  # noqa: S102
    if "as_of=" in "".join(cell.source for cell in cells(path, "code")):
        readings.load("trade", as_of="first")  # and so would the notebook, of a day
    made_of = set(loaded_tables(path))
    assert loaded - {"sources"} <= made_of
    assert made_of - loaded <= {one for others in READ_WITH.values() for one in others}, "some name a partner, not all"
