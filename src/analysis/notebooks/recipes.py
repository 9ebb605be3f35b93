"""What each exhibit of a notebook is made by: of the notebook's statements those that lead to it, and no others.

A notebook's exhibits stand in cells whose ids begin with `show-`, and the last line of such a cell is the exhibit.
"""

from __future__ import annotations

import ast
import json
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import CallError
from analysis.exhibits.tabs import Tabs
from analysis.notebooks.cells import code_cells
from analysis.notebooks.parameters import declared

SHOWS = "show-"


@dataclass(frozen=True)
class Statement:
    """A statement of a notebook: what it binds, and which statement last bound each name that it reads.

    `parameters` are those that it reads itself or through others, in the order in which they are declared.
    """

    code: str
    tree: ast.stmt
    binds: frozenset[str]
    needs: Mapping[str, int]
    reads: frozenset[str]
    parameters: tuple[str, ...]


class Recipes:
    """The exhibits of a notebook, by the names of their cells, as code and as what this gives.

    What a changed parameter does not reach is kept from one time to the next. Raises CallError where the file is no
    notebook, and ParameterError where its parameters are not declared as they have to be.
    """

    def __init__(self, notebook: Path) -> None:
        self.parameters = declared(notebook)
        self._statements: list[Statement] = []
        self._shows: dict[str, int] = {}
        self._done: dict[int, tuple[tuple, object]] = {}
        last: dict[str, int] = {}
        for cell in code_cells(notebook):
            if "parameters" in cell["metadata"].get("tags", ()):
                continue
            for tree in _single(ast.parse(cell["source"])):
                code = ast.get_source_segment(cell["source"], tree) or ast.unparse(ast.fix_missing_locations(tree))
                self._statements.append(self._statement(code, tree, last))
                last |= dict.fromkeys(self._statements[-1].binds, len(self._statements) - 1)
            if cell["id"].startswith(SHOWS):
                self._shows[cell["id"].removeprefix(SHOWS)] = len(self._statements) - 1

    def _statement(self, code: str, tree: ast.stmt, last: Mapping[str, int]) -> Statement:
        table = symtable.symtable(code, "cell", "exec")
        reads = frozenset(_read(table))
        needs = {name: last[name] for name in sorted(reads & set(last))}
        reached = set(reads).union(*(self._statements[at].parameters for at in needs.values()))
        return Statement(
            code,
            tree,
            frozenset(s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()),
            needs,
            reads,
            tuple(name for name in self.parameters if name in reached),
        )

    def varying(self) -> list[str]:
        """The exhibits that a parameter reaches, in the notebook's order."""
        return [name for name, at in self._shows.items() if self._statements[at].parameters]

    def reached_by(self, name: str) -> tuple[str, ...]:
        """The parameters that an exhibit depends on. Raises CallError for one that the notebook has not."""
        return self._statements[self._at(name)].parameters

    def code(self, name: str, values: Mapping[str, object]) -> str:
        """Python that makes an exhibit with these values of all parameters, to be copied; it needs the package alone.

        Raises CallError for an exhibit that the notebook has not.
        """
        at = self._at(name)
        lines = [self._statements[i] for i in sorted(self._before(at))]
        imports: dict[str, list[str]] = {}
        for line in lines:
            if isinstance(line.tree, ast.ImportFrom):
                imports.setdefault(line.tree.module, []).append(line.code.partition(" import ")[2])
        plain = [line.code for line in lines if isinstance(line.tree, ast.Import)]
        heads = plain + [f"from {module} import {', '.join(names)}" for module, names in imports.items()]
        given = [f"{one} = {_literal(values[one])}" for one in self._statements[at].parameters]
        rest = [line.code for line in lines if not isinstance(line.tree, ast.Import | ast.ImportFrom)]
        rest[-1] += ".first" if isinstance(self._run(at, values), Tabs) else ""
        return "\n\n".join("\n".join(part) for part in (heads, given, rest) if part)

    def make(self, name: str, values: Mapping[str, object]) -> object:
        """The exhibit with these values of all parameters, of alternatives the first, which these values choose.

        Raises CallError for one that the notebook has not.
        """
        shown = self._run(self._at(name), values)
        return shown.first if isinstance(shown, Tabs) else shown

    def _at(self, name: str) -> int:
        if name not in self._shows:
            raise CallError(f"the notebook shows no exhibit {name}; it shows {', '.join(self._shows)}.")
        return self._shows[name]

    def _before(self, at: int) -> set[int]:
        """The statements that lead to one, and itself."""
        return {at}.union(*(self._before(of) for of in self._statements[at].needs.values()))

    def _run(self, at: int, values: Mapping[str, object]) -> object:
        """What a statement gives: the names that it binds, or the value of an expression."""
        statement = self._statements[at]
        key = tuple(values[name] for name in statement.parameters)
        if at not in self._done or self._done[at][0] != key:
            names = {name: values[name] for name in statement.reads & set(self.parameters)}
            names |= {name: self._run(of, values)[name] for name, of in statement.needs.items()}
            if isinstance(statement.tree, ast.Expr):
                given = eval(compile(statement.code, "cell", "eval"), names)
            else:
                exec(compile(statement.code, "cell", "exec"), names)  # noqa: S102
                given = {name: names[name] for name in statement.binds}
            self._done[at] = key, given
        return self._done[at][1]


def _single(cell: ast.Module) -> Iterator[ast.stmt]:
    """The statements of a cell so that each can be run by itself, over and over.

    An import is one for each name; `a += b` is `a = a + b`, which leaves the former `a` as it was; what a page folds
    stands open.
    """
    for tree in cell.body:
        match tree:
            case ast.Import(names=names):
                yield from (ast.Import([name]) for name in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield from (ast.ImportFrom(module, [name], level) for name in names)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                yield ast.Assign([ast.Name(name, ast.Store())], ast.BinOp(ast.Name(name, ast.Load()), op, value))
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="fold", value=shown), args=[], keywords=[])):
                yield ast.copy_location(ast.Expr(shown), shown)
            case _:
                yield tree


def _literal(value: object) -> str:
    """A value as this project's code has it, texts in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _read(table: symtable.SymbolTable) -> Iterator[str]:
    """The names that a piece of code takes from around it, those in its comprehensions and functions too."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _read(inner)
