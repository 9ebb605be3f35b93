"""A notebook's code cells run in the test's own process, for tests that look at what it shows and not at its page."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pandas as pd

from analysis.exhibits.exhibit import Exhibit
from analysis.exhibits.tabs import Tabs


def exhibits(
    notebook: Path, *, load: Callable[[str], pd.DataFrame] | None = None, **parameters: object
) -> dict[str, Exhibit]:
    """The exhibits that the cells of a notebook end in, by key; `load` stands in for the one that it imports."""
    shown = [value for _, value in values(notebook, load=load, **parameters)]
    return {exhibit.key: exhibit for value in shown for exhibit in alternatives(value)}


def alternatives(value: object) -> list[Exhibit]:
    """The exhibits of a value that a cell shows: itself, all of its tabs, or none."""
    if isinstance(value, Tabs):
        return list(value.exhibits.values())
    return [value] if isinstance(value, Exhibit) else []


def findings(notebook: Path, **parameters: object) -> list[str]:
    """The key findings of a notebook, without their links; what comes after them is not run."""
    told = next(value for tags, value in values(notebook, **parameters) if "findings" in tags)
    return [re.sub(r"^- (.*) \[\w+\]\(#.*\)$", r"\1", line) for line in told.data.splitlines()]


def values(
    notebook: Path, *, load: Callable[[str], pd.DataFrame] | None = None, **parameters: object
) -> Iterator[tuple[list[str], object]]:
    """The tags of each code cell that ends in an expression, and the value of that."""
    names: dict[str, object] = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            tree = ast.parse(cell.source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, notebook.name, "exec"), names)  # noqa: S102
            if load and "load" in names:
                names["load"] = load
            if "parameters" in cell.metadata.get("tags", ()):
                names |= parameters
            if last:
                value = eval(compile(ast.Expression(last.value), notebook.name, "eval"), names)
                yield cell.metadata.get("tags", []), value


def given(code: str) -> object:
    """What the last line of some code gives, run by itself."""
    names: dict[str, object] = {}
    *before, last = ast.parse(code).body
    exec(compile(ast.Module(before, []), "code", "exec"), names)  # noqa: S102
    return eval(compile(ast.Expression(last.value), "code", "eval"), names)
