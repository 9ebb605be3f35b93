"""The house in order: facts stand in tables, modules are small, and one of them alone knows Matplotlib's insides."""

import ast
import io
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from analysis.notebooks.folders import ROOT
from analysis.tables.store import all_tables, load

PACKAGE = ROOT / "src" / "analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Years and source ids that may stand in code, by module, with the reason; a fact that is gone goes here too.
ALLOWED = {
    "cli.py": {"document": "the argument of `analysis verify`"},
    "methods/scoring.py": {"2000": "resamples of the bootstrap"},
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


# `module.name`, `module.name()` or `Class.name` in what is written for people; the name of a file is another thing.
REFERENCE = re.compile(r"`([A-Za-z_]+(?:\.[A-Za-z_]+)+)(?<!\.csv)(?<!\.json)(?<!\.py)(?<!\.yml)(?<!\.md)[(`]")


def module(path: Path) -> str:
    return ".".join(("analysis", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def references(source: str) -> Iterator[tuple[str, set[str]]]:
    """The dotted names in a module's docstrings, comments and other texts, with the arguments that they may be of."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            arguments = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
            yield from ((name, arguments) for name in REFERENCE.findall(ast.get_docstring(node) or ""))
        elif isinstance(node, ast.Module | ast.ClassDef):
            yield from ((name, set()) for name in REFERENCE.findall(ast.get_docstring(node) or ""))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or token.type == tokenize.STRING and not token.string.startswith('"""'):
            yield from ((name, set()) for name in REFERENCE.findall(token.string))


@cache
def heads(name: str) -> list[object]:
    """What a name may mean anywhere: a module of the package, a class of one, a module of Python."""
    modules = {module(path): import_module(module(path)) for path in MODULES if path.name != "__main__.py"}
    named = [found for full, found in modules.items() if full.rpartition(".")[2] == name]
    classes = [vars(found)[name] for found in modules.values() if isinstance(vars(found).get(name), type)]
    return named + classes + ([import_module(name)] if name in sys.stdlib_module_names | {"analysis"} else [])


@cache
def columns(table: str) -> set[str]:
    return set(load(table)) if table in all_tables() else set()


def there(value: object, names: list[str]) -> bool:
    """Whether an attribute, or a field of a class, is there."""
    for name in names:
        if not hasattr(value, name):
            return name in getattr(value, "__dataclass_fields__", ())
        value = getattr(value, name)
    return True


def lost(source: str) -> list[str]:
    """The names of `references` that are nowhere."""
    found = []
    for dotted, arguments in references(source):
        head, *rest = dotted.split(".")
        if not (head in arguments or rest[0] in columns(head) or any(there(value, rest) for value in heads(head))):
            found.append(dotted)
    return found


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_what_is_named_in_backticks_exists(path):
    assert lost(path.read_text(encoding="utf-8")) == []


def test_a_name_that_is_nowhere_is_found_out():
    source = '''"""Of `ledgers.lost`, `lost.ledger()`, `ledgers.ledger(records)` and `sources.csv`."""
def one(book):
    """As ``book.index``, `Goods.values`, `Goods.lost`, `Hindcast.filled`, `trade.value_usd` and `trade.ledger`."""
    # `ledgers.ledger`, `book.lost`
    print("`lost.again`")
'''
    assert lost(source) == ["ledgers.lost", "lost.ledger", "Goods.lost", "trade.ledger", "book.lost", "lost.again"]
