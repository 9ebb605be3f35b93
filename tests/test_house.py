"""The house in order: facts stand in tables, modules are small, and one of them alone knows Matplotlib's insides."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.notebooks.folders import ROOT
from analysis.tables.store import load

PACKAGE = ROOT / "src" / "analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Years and source ids that may stand in code, by module, with the reason; a fact that is gone goes here too.
ALLOWED = {
    "cli.py": {"document": "the argument of `analysis verify`"},
    "methods/ledgers.py": {"2015": "the year whose prices are meant where a caller names none"},
    "methods/scoring.py": {"2000": "resamples of the bootstrap"},
    "reports/page.py": {"document": "the folder of the codebook"},
}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def facts(tree: ast.Module, sources: set[str]) -> Iterator[str]:
    """The years and source ids among the numbers and strings of a module; docstrings may give examples."""
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in texts:
            if isinstance(node.value, str):
                yield from [node.value] if node.value in sources else YEAR.findall(node.value)
            elif type(node.value) in (int, float) and 1900 <= node.value < 2100:
                yield str(node.value)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_year_and_no_source_is_typed_in_code(path):
    found = set(facts(ast.parse(path.read_text(encoding="utf-8")), set(load("sources")["source_id"])))
    assert found == set(ALLOWED.get(name(path), {})), "it belongs in a table, or has a reason in ALLOWED"


def test_no_module_is_longer_than_350_lines():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {module: lines for module, lines in lengths.items() if lines > 350} == {}


def test_lines_are_held_to_120_characters():
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert ruff["line-length"] == 120 and "E501" in ruff["lint"]["extend-select"]


def test_only_one_module_knows_how_matplotlib_writes_svg():
    assert [name(p) for p in MODULES if "backend_svg" in p.read_text(encoding="utf-8")] == ["exhibits/svg.py"]
