"""A notebook run statement by statement in the test's own process, some of its sources spoilt.

What does not depend on a source is not run again where that is spoilt: an exhibit takes what leads to it and no more.
"""

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from in_process import alternatives

from analysis import exhibits
from analysis.methods import releases
from analysis.notebooks.cells import code_cells
from analysis.notebooks.parameters import declared
from analysis.tables import readings, store

STATEMENT = (ast.Expr, ast.Assign, ast.Import, ast.ImportFrom)


class Article:
    """A notebook as statements, each run once for the parameters and the spoilt sources that can reach it.

    `held` gives the sources that a table comes from, `spoilt` the table with the rows of some of them made other ones.
    """

    def __init__(
        self,
        path: Path,
        *,
        held: Callable[[str], frozenset[str]],
        spoilt: Callable[[str, frozenset[str]], pd.DataFrame],
    ) -> None:
        self.path, self.parameters = path, declared(path)
        self.defaults = {name: parameter.default for name, parameter in self.parameters.items()}
        self.held, self.spoilt = held, spoilt
        self.done: dict[tuple, object] = {}
        self.statements, self.names, self.reached = [], [], []
        last: dict[str, int] = {}
        for cell in code_cells(path):
            if "parameters" in cell["metadata"].get("tags", []):
                continue
            for statement in map(plain, ast.parse(cell["source"]).body):
                if "rules.of_cell" in ast.unparse(statement):
                    continue  # it refuses values, and shows nothing
                assert isinstance(statement, STATEMENT), ast.unparse(statement)
                names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
                bound = {name.id for name in names if isinstance(name.ctx, ast.Store)}
                read = {name.id for name in names if isinstance(name.ctx, ast.Load)}
                if isinstance(statement, ast.Assign):
                    bound -= {
                        name.id for target in statement.targets for name in ast.walk(target) if hasattr(name, "id")
                    }
                needed = {name: last[name] for name in read - bound if name in last}
                reached = (
                    {name for name in read if name in self.parameters},
                    {source for table in loaded(statement) for source in self.held(table)},
                )
                for at in needed.values():
                    reached = tuple(one | more for one, more in zip(reached, self.reached[at], strict=True))
                self.reached.append(reached)
                self.names.append(needed)
                for name in written(statement):
                    last[name] = len(self.statements)
                self.statements.append(statement)

    def run(self, at: int, values: Mapping[str, object], spoilt: frozenset[str] = frozenset()) -> object:
        """What a statement gives: the names it binds, or the value of an expression."""
        parameters, sources = self.reached[at]
        key = at, tuple(sorted((name, values[name]) for name in parameters)), spoilt & sources
        if key not in self.done:
            names = dict(values) | {name: self.run(of, values, spoilt)[name] for name, of in self.names[at].items()}
            if "load" in names:
                names["load"] = partial(self._load, spoilt)
            statement = self.statements[at]
            if isinstance(statement, ast.Expr):
                self.done[key] = eval(compile(ast.Expression(statement.value), "cell", "eval"), names)
            else:
                exec(compile(ast.Module([statement], []), "cell", "exec"), names)  # noqa: S102
                self.done[key] = {name: names[name] for name in written(statement)}
        return self.done[key]

    def _load(
        self, spoilt: frozenset[str], table: str, *, every_source: bool = False, as_of: str = readings.LATEST
    ) -> pd.DataFrame:
        rows = self.spoilt(table, spoilt & self.held(table)).copy()
        if as_of != readings.LATEST:
            revisions = self.spoilt("revisions", spoilt & self.held("revisions"))
            rows = releases.as_known(rows, table, on=as_of, revisions=revisions, lags=store.load("release_lags"))
        if every_source or table not in readings.READ_WITH:
            return rows
        return rows[readings.load(table, every_source=True, as_of=as_of)["selected"].to_numpy()]

    def exhibits(self, values: Mapping[str, object]) -> Iterator[int]:
        """The statements that show an exhibit."""
        for at, statement in enumerate(self.statements):
            if isinstance(statement, ast.Expr) and alternatives(self.run(at, values)):
                yield at


def plain(statement: ast.stmt) -> ast.stmt:
    """A statement that changes nothing that another gave: `a += b` as `a = a + b`."""
    if not isinstance(statement, ast.AugAssign):
        return statement
    before = ast.Name(statement.target.id, ast.Load())
    made = ast.Assign([statement.target], ast.BinOp(before, statement.op, statement.value))
    return ast.fix_missing_locations(ast.copy_location(made, statement))


def written(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Assign):
        return [node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return [alias.asname or alias.name for alias in getattr(statement, "names", [])]


def loaded(statement: ast.stmt) -> list[str]:
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    calls = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "load"]
    of_a_day = any(keyword.arg == "as_of" for call in calls for keyword in call.keywords)
    return [call.args[0].value for call in calls] + ["revisions"] * of_a_day


def guard(patch: pytest.MonkeyPatch) -> None:
    """No exhibit reads a table by itself, however it calls `load`, but for the sources that it cites and the names of
    partners: what it shows comes through its cell.
    """
    load = store.load

    def guarded(table: str) -> pd.DataFrame:
        assert table in {"sources", "partners", "group_members"}, f"an exhibit reads the table {table} itself"
        return load(table)

    guarded_store = SimpleNamespace(**vars(store) | {"load": guarded})
    for found in pkgutil.iter_modules(exhibits.__path__):
        module = importlib.import_module(f"analysis.exhibits.{found.name}")
        if getattr(module, "load", None) is load:
            patch.setattr(module, "load", guarded)
        if getattr(module, "store", None) is store:
            patch.setattr(module, "store", guarded_store)
