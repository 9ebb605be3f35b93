"""A notebook's code cells run in the test's own process, for tests that look at what it shows and not at its page."""

import ast
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd

from analysis.exhibits.exhibit import Exhibit


def exhibits(
    notebook: Path, *, load: Callable[[str], pd.DataFrame] | None = None, **parameters: object
) -> dict[str, Exhibit]:
    """The exhibits that the cells of a notebook end in, by key; `load` stands in for the one that it imports."""
    names: dict[str, object] = {}
    shown = []
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
                shown.append(eval(compile(ast.Expression(last.value), notebook.name, "eval"), names))
    return {exhibit.key: exhibit for exhibit in shown if isinstance(exhibit, Exhibit)}
