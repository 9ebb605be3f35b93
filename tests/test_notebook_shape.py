"""A notebook that complies reads like an article: little code before its findings, small cells, short calls."""

import ast
from statistics import median

import nbformat
import pytest

from analysis import report

COMPLY = ["03_expert_forecasts.ipynb"]


@pytest.fixture(params=COMPLY)
def code(request):
    """The code cells of a notebook but that of its parameters."""
    cells = nbformat.read(report.NOTEBOOKS / request.param, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code" and "parameters" not in cell.metadata.tags]


def lines(cell: nbformat.NotebookNode) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def test_little_code_stands_before_the_findings(code):
    at = next(number for number, cell in enumerate(code) if "findings" in cell.metadata.tags)
    assert sum(lines(cell) for cell in code[:at]) <= 15


def test_cells_are_small(code):
    assert max(lines(cell) for cell in code) <= 8
    assert median(lines(cell) for cell in code) <= 2


def test_a_call_takes_at_most_four_arguments(code):
    for cell in code:
        for call in (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)):
            assert len(call.args) + len(call.keywords) <= 4, ast.unparse(call)
