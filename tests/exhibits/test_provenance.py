"""An exhibit cites the sources of the rows that it shows and no other, under every value of every parameter.

A source is spoilt in every table that the notebook loads. What cites it must then look different, and what does not
must look the same: title, texts, numbers and picture.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from analysis.errors import ParameterError
from analysis.exhibits.exhibit import Exhibit
from analysis.notebooks import folders
from analysis.notebooks.cells import code_cells
from analysis.notebooks.parameters import Parameter, declared
from analysis.reports import rules
from analysis.tables import store
from analysis.tables.readings import CHOSEN_BY, load

NOTEBOOKS = ["01_trade_trends.ipynb"]
ABOUT_SOURCES = {"selections"}  # its rows say which source is read; they come from none
MOST_VALUES = 5  # of a parameter that are tried
STATEMENT = (ast.Expr, ast.Assign, ast.Import, ast.ImportFrom)


@cache
def named_sources(table: str) -> pd.Series:
    """The set of sources that each row of a table comes from."""
    frame = store.load(table)
    columns = [] if table in ABOUT_SOURCES else [*store.source_columns(table), "sources_read"]
    cells = [frame[column].str.split("+") for column in columns if column in frame]
    named = [{source for cell in row if isinstance(cell, list) for source in cell} for row in zip(*cells, strict=True)]
    return pd.Series(named or [set()] * len(frame), index=frame.index, dtype=object)


@cache
def spoilt_load(table: str, spoilt: frozenset[str]) -> pd.DataFrame:
    """The table, with the rows of some sources made other ones that its schema would let pass."""
    frame = store.load(table)
    rows = named_sources(table).map(lambda sources: not sources.isdisjoint(spoilt))
    keys = {*store.schema(table)["primaryKey"], *(name for key in store.foreign_keys(table) for name in key["fields"])}
    for field in store.schema(table)["fields"]:
        name, constraints = field["name"], field.get("constraints", {})
        if name in keys or not rows.any():
            continue
        old = frame.loc[rows, name]
        if field["type"] == "number":
            frame.loc[rows, name] = old * [1.1 + at * 37 % 101 / 250 for at in range(len(old))]
        elif "enum" in constraints:
            kinds = constraints["enum"]
            frame.loc[rows, name] = old.map(dict(zip(kinds, kinds[1:] + kinds[:1], strict=True)))
        elif field["type"] == "string" and "pattern" not in constraints:
            frame.loc[rows, name] = old + "°"
    return frame


@cache
def sources_in(table: str) -> frozenset[str]:
    return frozenset().union(*named_sources(table))


def spoilt_reading(spoilt: frozenset[str], table: str, *, every_source: bool = False) -> pd.DataFrame:
    """What `load` gives of a table with spoilt sources, of one with a choice of sources the rows that it chooses."""
    rows = spoilt_load(table, spoilt & sources_in(table)).copy()
    if every_source or table not in CHOSEN_BY:
        return rows
    return rows[load(table, every_source=True)["selected"].to_numpy()]


class Article:
    """A notebook as statements, each run once for the parameters and the spoilt sources that can reach it."""

    def __init__(self, path: Path) -> None:
        self.parameters = declared(path)
        self.done: dict[tuple, object] = {}
        self.drawn: dict[int, list[tuple]] = {}
        self.statements, self.names, self.reached = [], [], []
        last: dict[str, int] = {}
        for cell in code_cells(path):
            if "parameters" in cell["metadata"].get("tags", []):
                continue
            for statement in ast.parse(cell["source"]).body:
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
                    {source for table in loaded(statement) for source in sources_in(table)},
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
                names["load"] = partial(spoilt_reading, spoilt)
            statement = self.statements[at]
            if isinstance(statement, ast.Expr):
                self.done[key] = eval(compile(ast.Expression(statement.value), "cell", "eval"), names)
            else:
                exec(compile(ast.Module([statement], []), "cell", "exec"), names)  # noqa: S102
                self.done[key] = {name: names[name] for name in written(statement)}
        return self.done[key]

    def picture(self, exhibit: Exhibit) -> list[tuple]:
        """The `picture` of an exhibit that the article keeps."""
        if id(exhibit) not in self.drawn:
            self.drawn[id(exhibit)] = picture(exhibit)
        return self.drawn[id(exhibit)]

    def exhibits(self, values: Mapping[str, object]) -> Iterator[int]:
        """The statements that show an exhibit."""
        for at, statement in enumerate(self.statements):
            if isinstance(statement, ast.Expr) and isinstance(self.run(at, values), Exhibit):
                yield at


def written(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Assign):
        return [node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
    return [alias.asname or alias.name for alias in getattr(statement, "names", [])]


def loaded(statement: ast.stmt) -> list[str]:
    calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
    return [call.args[0].value for call in calls if isinstance(call.func, ast.Name) and call.func.id == "load"]


def values_of(parameter: Parameter) -> list[object]:
    """Every value of a choice, of many some; the ends and the middle of a range."""
    if parameter.choices:
        return list(parameter.choices)[:: -(-len(parameter.choices) // MOST_VALUES)]
    if parameter.low is None:
        return []
    low, high = parameter.low, parameter.high
    return [type(parameter.default)(value) for value in (low, (low + high) / 2, high)]


def told(exhibit: Exhibit) -> tuple[str, ...]:
    return repr(exhibit), exhibit.subtitle, exhibit.alt, exhibit.note


def picture(exhibit: Exhibit) -> list[tuple]:
    """The shapes, colours and words of a figure, before they are laid out."""
    figure = Figure()
    if exhibit.draw:
        exhibit.draw(figure)
    return [shape(artist) for axes in figure.axes for artist in axes.get_children()]


def shape(artist: object) -> tuple:
    if isinstance(artist, Line2D):
        return artist.get_xydata().tobytes(), str(artist.get_marker()), str(artist.get_markerfacecolor())
    if isinstance(artist, Text):
        return artist.get_text(), str(getattr(artist, "xy", ""))
    if isinstance(artist, Collection):
        return tuple(path.vertices.tobytes() for path in artist.get_paths())
    if isinstance(artist, Patch):
        return artist.get_path().vertices.tobytes(), str(artist.get_transform()), str(artist.get_facecolor())
    return ()


def looks_the_same(
    article: Article, at: int, values: Mapping[str, object], spoilt: frozenset[str], *, drawn: bool = True
) -> bool:
    sound = article.run(at, values)
    try:
        other = article.run(at, values, spoilt)
    except Exception:  # noqa: BLE001  whatever a spoilt table makes of the arithmetic, the exhibit depends on it
        return False
    if other is sound:
        return True
    return told(other) == told(sound) and not (drawn and picture(other) != article.picture(sound))


def faults(article: Article, at: int, values: Mapping[str, object]) -> Iterator[str]:
    """What an exhibit cites and does not show, and what it shows and does not cite."""
    exhibit, (_, reached) = article.run(at, values), article.reached[at]
    cited = frozenset(exhibit.sources)
    for source in sorted(cited):
        if looks_the_same(article, at, values, frozenset([source])):
            yield f"cites {source}, of which it shows nothing"
    # Drawing takes half the time: what is not cited is looked for in the pictures of the canonical report only.
    default = all(values[key] == parameter.default for key, parameter in article.parameters.items())
    if not looks_the_same(article, at, values, frozenset(reached - cited), drawn=default):
        read = [one for one in sorted(reached - cited) if not looks_the_same(article, at, values, frozenset([one]))]
        yield f"shows what comes from {', '.join(read)}, and does not cite it"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_an_exhibit_cites_what_it_shows(name, monkeypatch):
    unguarded = store.load

    def guarded(table):
        assert table == "sources", f"an exhibit reads the table {table} itself"
        return unguarded(table)

    for module in [
        module
        for key, module in sys.modules.items()
        if key.startswith("analysis.") and module not in (store, rules)
    ]:
        if getattr(module, "load", None) is unguarded:
            monkeypatch.setattr(module, "load", guarded)
    article = Article(folders.NOTEBOOKS / name)
    defaults = {key: parameter.default for key, parameter in article.parameters.items()}
    shown, found = list(article.exhibits(defaults)), []
    settings = [(None, defaults)] + [
        (key, defaults | {key: value})
        for key, parameter in article.parameters.items()
        for value in values_of(parameter)
        if value != parameter.default
    ]
    for changed, values in settings:
        try:
            rules.RULES[name](**values)
        except ParameterError:
            continue
        for at in shown:
            if changed is not None and changed not in article.reached[at][0]:
                continue
            try:
                key = article.run(at, values).key
            except ParameterError:
                continue
            how = "by default" if changed is None else f"with {changed}={values[changed]}"
            found += [f"{key} {how} {fault}" for fault in faults(article, at, values)]
    assert not found, "\n".join(found)
    assert len(shown) > 10
