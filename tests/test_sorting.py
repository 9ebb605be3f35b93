"""Rows that tie keep their order: which of them comes first is not to depend on the processor."""

import ast
from pathlib import Path

import pytest

SOURCES = sorted((Path(__file__).parents[1] / "src").rglob("*.py"))


def unstable(code: str) -> list[int]:
    """The lines that sort by one key otherwise than stably; by several keys pandas is stable, and an index has no ties
    here.
    """
    found = []
    for call in ast.walk(ast.parse(code)):
        if not (isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "sort_values"):
            continue
        several = call.args and (isinstance(call.args[0], ast.List) or ast.unparse(call.args[0]).isupper())
        if not several and "index" not in ast.unparse(call.func.value):
            found += [call.lineno] if not any(word.arg == "kind" for word in call.keywords) else []
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_sort_by_one_key_is_stable(path):
    """NumPy's default takes the widest instructions that the processor has, and they order ties differently."""
    assert unstable(path.read_text(encoding="utf-8")) == []


def test_an_unstable_sort_is_found():
    assert unstable(
        "a.sort_values('x')\na.sort_values()\na.sort_values(['x', 'y'])\na.sort_values('x', kind='stable')"
    ) == [1, 2]
