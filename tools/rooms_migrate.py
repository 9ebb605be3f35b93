"""Moves the flat modules of src/analysis into rooms, in a clean checkout, and rewrites whatever names them.

    rooms_migrate.py [ROOT]      (needs libcst and Python 3.11; ROOT/.venv/bin/ruff)

It writes nothing before every module and every test has a place. It prints what a person has to look at.
After it: reinstall the entry points, `analysis lessons`, `analysis catalogue`, `analysis execute`, the tests.
"""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import sys
import tokenize
from collections import defaultdict
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, ScopeProvider
from libcst.metadata.scope_provider import Assignment, GlobalScope, ImportAssignment

# --------------------------------------------------------------------------- the plan: extend here

STAY = {"__init__", "cli", "errors"}
MODULES = {
    # tables. Not `load`: `from analysis.tables import load` would be a module where everybody expects the function.
    "data": "tables.store",
    "store": "tables.store",
    "catalogue": "tables.catalogue",
    "validation": "tables.reading",
    "schemas": "tables.descriptor",
    "descriptor": "tables.descriptor",
    # methods
    "trade": "methods.ledgers",
    "ledgers": "methods.ledgers",
    "growth": "methods.growth",
    "mirror": "methods.asymmetries",
    "asymmetries": "methods.asymmetries",
    "selection": "methods.selection",
    "selections": "methods.selection",
    "series": "methods.series",
    "mirrors": "methods.asymmetries",
    "money": "methods.money",
    "months": "methods.months",
    "shares": "methods.shares",
    "views": "methods.views",
    "corpus": "methods.corpus",
    "indicator_series": "methods.indicator_series",
    "expectations": "methods.expectations",
    "hindcasts": "methods.hindcasts",
    "composition": "methods.composition",
    "breaks": "methods.breaks",
    "areas": "methods.coding",
    "dates": "methods.dates",
    "claims": "methods.claims",
    "resolution": "methods.resolution",
    "forecasts": "methods.scoring",
    "forecast_errors": "methods.accuracy",
    "benchmarks": "methods.baselines",
    # checks
    "checks": "checks.links",
    "plausibility": "checks.bands",
    "bands": "checks.bands",
    "verification": "checks.document",
    # exhibits
    "exhibits": "exhibits.exhibit",
    "figures": "exhibits.charts",
    "svg": "exhibits.svg",
    "wording": "exhibits.wording",
    "markup": "exhibits.citations",
    "trade_exhibits": "exhibits.trade",
    "mirror_exhibits": "exhibits.mirror",
    "partner_exhibits": "exhibits.partners",
    "composition_exhibits": "exhibits.goods",
    "break_exhibits": "exhibits.trend_breaks",
    "claim_exhibits": "exhibits.claims",
    "document_exhibits": "exhibits.document",
    "code_exhibits": "exhibits.codes",
    "event_exhibits": "exhibits.events",
    "growth_exhibits": "exhibits.growth",
    "outcome_exhibits": "exhibits.outcomes",
    "survey_exhibits": "exhibits.survey",
    "cooperation_exhibits": "exhibits.indicators",
    "forecast_exhibits": "exhibits.statements",
    "score_exhibits": "exhibits.scores",
    "benchmark_exhibits": "exhibits.baselines",
    "game": "exhibits.beat_the_experts",
    # notebooks
    "_quick": "notebooks.fast_import",
    "api": "notebooks.api",
    "notebook": "notebooks.cells",
    "parameters": "notebooks.parameters",
    "files": "notebooks.files",
    "running": "notebooks.execute",
    "kernels": "notebooks.provisioner",
    "warm": "notebooks.fork_server",
    # lessons
    "lessons": "lessons.lesson",
    "students": "lessons.students",
    "lesson_checks": "lessons.answers",
    "judging": "lessons.judging",
    "exercises_source": "lessons.lesson_1",
    "exercises_ledgers": "lessons.lesson_2",
    "exercises_growth": "lessons.lesson_3",
    "exercises_coding": "lessons.lesson_4",
    "exercises_experts": "lessons.lesson_5",
    # reports
    "report": "reports.entries",
    "notebook_rules": "reports.rules",
    "building": "reports.build",
    "freshness": "reports.build_record",
    "progress": "reports.progress",
    "cluster": "reports.cluster",
    "page": "reports.page",
    "lesson_page": "reports.lesson_page",
    "index": "reports.index",
}

# Top-level names that leave their module for a new one, with the private names that only they use; a name that is not
# there (any more) is passed over. A split whose module is there already is not made.
SPLITS = {
    ("figures", "exhibits.svg"): (
        ["render", "_Renderer", "_measured", "_Canvas", "_svg", "_for_page"],
        "Matplotlib's figures as SVG elements of a page: the only module that knows the insides of its SVG writer.",
    ),
    ("data", "tables.catalogue"): (["catalogue"], "The catalogue of tables and sources, as `data/README.md` holds it."),
    ("areas", "methods.dates"): (["first_day", "last_day"], "Dates that are as exact as they are written: a year, a month, a day."),
    ("trade", "methods.growth"): (
        ["growth", "compound_growth", "least_squares_growth"],
        "Growth of yearly series: year on year, compound, and by least squares.",
    ),
    ("trade", "methods.asymmetries"): (
        ["mirror", "mirror_sensitivity"],
        "Mirror statistics: one trade in two countries' records, and how far they differ.",
    ),
    ("composition_exhibits", "exhibits.trend_breaks"): (
        ["declared_breaks", "found_breaks"],
        "Breaks in the trend of trade: in the years that events name, and where the data put them.",
    ),
    ("report", "notebooks.folders"): (["ROOT", "NOTEBOOKS", "REPORTS"], "Where the repository, its notebooks and its reports lie."),
}

# Names that change: a room and a function are not to share a word, nor a module and its function.
RENAMES = {
    ("report", "reports"): "all_reports",
    ("lessons", "lessons"): "all_lessons",
    ("data", "tables"): "all_tables",
    ("notebook", "tables"): "loaded_tables",
    ("trade", "growth"): "yearly_growth",
    ("growth", "growth"): "yearly_growth",
    ("figures", "_spread_labels"): "spread_labels",
    ("data", "_resource"): "resource_of",
    ("data", "_citation"): "citation",
}
# Names that are read through their module, so that a test can put others in their place, or that say nothing without it.
QUALIFIED = {("report", "ROOT"), ("report", "NOTEBOOKS"), ("report", "REPORTS")}
PRIVATE_STAYS = {("figures", "_spread_labels")}  # though only what moves uses it
# Another name for a module where its own is taken in a file and its functions cannot be imported by name.
ALIASES = {"exhibits.statements": "statement_exhibits", "lessons.lesson": "lesson_files"}
KEPT_ALIASES = {"methods.breaks", "methods.claims", "methods.composition"}  # `import x as y` stays where x keeps its name
IN_NOTEBOOKS_BY_ROOM = {"exhibits", "reports"}  # `exhibits.trade.flows(…)`: bare `trade`, `mirror`, `claims` are variables there
PUBLIC = {"load", "cite"}  # `from analysis import load` in notebooks

LAYERS = ["reports", "lessons", "notebooks", "exhibits checks", "tables methods"]
ROOMS = {
    "tables": "The tables: read, checked against their schema, cited, catalogued.",
    "methods": "The arithmetic: frames in, frames out; no file, no plot, no notebook.",
    "checks": "What has to hold between tables, in them and between them and the source document.",
    "exhibits": "What a report shows: one module a subject makes tables and charts that read alone.",
    "notebooks": "Notebooks as files, their parameters, and how they are run.",
    "lessons": "The lessons: answers and exercises, and the students' copies.",
    "reports": "The reports: what is built, from what, and what its pages look like.",
}
LAZY = '''

def __getattr__(name: str) -> object:
    """`{room}.NAME` is the module of that name, imported when it is first asked for."""
    try:
        return import_module(f"{{__name__}}.{{name}}")
    except ModuleNotFoundError as error:
        if error.name != f"{{__name__}}.{{name}}":
            raise
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}") from None
'''

TESTS = {
    # test module: its room and name; "" is tests/ itself
    "test_environment": "", "test_house": "", "test_contributing": "", "test_contributing_forecasts": "",
    "test_contributing_reports": "", "test_api": "notebooks", "test_notebook_shape": "notebooks/test_shape", "test_trade_arithmetic": "methods", "test_provenance": "exhibits", "test_provenance_forecasts": "exhibits",
    "test_contributing_year": "", "test_corpus": "methods", "test_indicator_series": "methods", "test_notebook_areas": "notebooks",
    "test_expectations": "methods", "test_hindcasts": "methods", "test_money": "methods", "test_months": "methods",
    "test_shares": "methods", "test_views": "methods", "test_judging": "lessons",
    "test_data": "tables/test_store", "test_damaged_tables": "tables", "test_document": "tables",
    "test_trade": "methods/test_ledgers", "test_growth": "methods", "test_mirror": "methods", "test_selection": "methods",
    "test_selections": "methods/test_selection", "test_series": "methods", "test_dates": "methods",
    "test_composition": "methods", "test_breaks": "methods",
    "test_areas": "methods/test_coding", "test_claims": "methods", "test_resolution": "methods",
    "test_forecasts": "methods/test_scoring", "test_forecast_errors": "methods/test_accuracy",
    "test_benchmarks": "methods/test_baselines",
    "test_checks": "checks/test_links", "test_bands": "checks", "test_plausibility": "checks/test_bands",
    "test_verification": "checks/test_document",
    "test_exhibits": "exhibits/test_exhibit", "test_figures": "exhibits/test_charts", "test_wording": "exhibits",
    "test_trade_exhibits": "exhibits/test_trade", "test_mirror_exhibits": "exhibits/test_mirror",
    "test_partner_exhibits": "exhibits/test_partners", "test_composition_exhibits": "exhibits/test_goods",
    "test_document_exhibits": "exhibits/test_document", "test_cooperation_exhibits": "exhibits/test_indicators",
    "test_claim_exhibits": "exhibits/test_claims", "test_forecast_exhibits": "exhibits/test_statements",
    "test_benchmark_exhibits": "exhibits/test_baselines", "test_game": "exhibits/test_beat_the_experts",
    "test_notebooks": "notebooks", "test_parameters": "notebooks", "test_hostile_parameters": "notebooks",
    "test_warm": "notebooks/test_fork_server", "test_files": "notebooks", "test_running": "notebooks/test_execute",
    "test_glossary": "lessons", "test_lesson_1": "lessons", "test_lesson_2": "lessons", "test_lesson_3": "lessons",
    "test_lesson_4": "lessons", "test_lesson_5": "lessons", "test_lessons": "lessons",
    "test_building": "reports/test_build", "test_report": "reports/test_entries", "test_faults": "reports",
    "test_cluster": "reports", "test_page": "reports", "test_pages": "reports/test_page", "test_progress": "reports",
}  # fmt: skip

# Exact pieces of text that no general rule moves: (file, old, new). One that is not found is told of.
PATCHES = [
    (
        "src/analysis/warm.py",
        '    for module in pkgutil.iter_modules(analysis.__path__):\n        if module.name.endswith("_exhibits"):\n'
        '            importlib.import_module(f"analysis.{module.name}")\n',
        '    for module in pkgutil.iter_modules(importlib.import_module("analysis.ROOM_OF_EXHIBITS").__path__):\n'
        '        importlib.import_module(f"analysis.ROOM_OF_EXHIBITS.{module.name}")\n',
    ),
    (
        "src/analysis/warm.py",
        '    figures = importlib.import_module("analysis.figures")\n    figures.render(',
        '    svg = importlib.import_module("analysis.ROOM_OF_EXHIBITS.svg")\n    svg.render(',
    ),
    (  # a notebook says `exhibits.trade.flows`
        "src/analysis/api.py",
        "                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in modules:\n"
        "                    yield modules[name], attribute\n",
        "                case ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr=module), attr=attribute) if (\n"
        '                    name in modules and _is_module(f"{modules[name]}.{module}")\n'
        "                ):\n"
        '                    yield f"{modules[name]}.{module}", attribute\n'
        "                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if (\n"
        '                    name in modules and not _is_module(f"{modules[name]}.{attribute}")\n'
        "                ):\n"
        "                    yield modules[name], attribute\n",
    ),
    # What an exhibit looks like and does goes to its room; the pages include it from there.
    ("src/analysis/exhibits.py", 'files("analysis").joinpath("templates/exhibit.css")', 'files("analysis.ROOM_OF_EXHIBITS").joinpath("exhibit.css")'),
    ("src/analysis/game.py", 'files("analysis").joinpath("templates/game.js")', 'files("analysis.ROOM_OF_EXHIBITS").joinpath("game.js")'),
    (
        "src/analysis/page.py", 'TEMPLATES = Path(__file__).parent / "templates"\n',
        'TEMPLATES = [Path(__file__).parents[0] / "reports" / "templates", Path(__file__).parents[0] / "exhibits"]\n',
    ),
    ("src/analysis/freshness.py", "PACKAGE = Path(__file__).parent\n", "PACKAGE = Path(__file__).parents[0]\n"),
    (
        "tests/test_api.py",
        'write(tmp_path / "deeper", "two.ipynb", "from analysis import breaks, trade\\ntrade.mirror(trade.growth)")\n'
        '    wanted = {"areas": {"coded"}, "trade": {"LEDGERS", "growth", "mirror"}}\n',
        'code = "from analysis import breaks\\nfrom analysis import ROOM_OF_EXHIBITS\\nexhibits.trade.flows(breaks.chow)"\n'
        '    write(tmp_path / "deeper", "two.ipynb", code)\n'
        '    wanted = {"methods.coding": {"coded"}, "methods.ledgers": {"LEDGERS"}, "methods.growth": {"yearly_growth"}}\n'
        '    wanted |= {"exhibits.trade": {"flows"}, "methods.breaks": {"chow"}}\n',
    ),
    ("tests/test_warm.py", '"trade.LEDGERS")', '"ledgers.LEDGERS")'),
    ("tests/test_building.py", "report.REPORTS = building.REPORTS = ", "report.REPORTS = "),
]

# --------------------------------------------------------------------------- the machinery

told: list[str] = []


def tell(words: str) -> None:
    if words not in told:
        told.append(words)


class House:
    """What each name of the flat modules becomes."""

    def __init__(self, sources: dict[str, str]) -> None:
        self.modules = {name: MODULES[name] for name in sources if name not in STAY}
        self.defined = {name: _defined(text) for name, text in sources.items()}
        self.reexports: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self.moved: dict[tuple[str, str], str] = {}
        for name, text in sources.items():
            for node in ast.parse(text).body:
                if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("analysis."):
                    for alias in node.names:
                        self.reexports[name][alias.asname or alias.name] = (node.module.partition(".")[2], alias.name)

    def where(self, module: str, name: str) -> tuple[str, str, bool]:
        """New module, new name, and whether it is read through its module."""
        if name not in self.defined.get(module, ()) and name in self.reexports.get(module, {}):
            source, original = self.reexports[module][name]
            if source in self.modules:
                place, new, qualified = self.where(source, original)
                return (place, new, True) if qualified else (self.modules.get(module, module), new if original == name else name, False)
        new = self.modules.get(module, module)
        if name not in self.defined.get(module, ()):
            return new, name, False
        return (
            self.moved.get((module, name), new),
            RENAMES.get((module, name), name),
            (module, name) in QUALIFIED and (module, name) in self.moved,
        )

    def dotted(self, text: str) -> str:
        """`analysis.page.index` and the like in any text."""

        def new(found: re.Match) -> str:
            module, name = found[1], found[3]
            if module not in self.modules:
                return found[0]
            if name is None or name not in self.defined[module] and name not in self.reexports[module]:
                return f"analysis.{self.modules[module]}{found[2] or ''}"
            place, renamed, _ = self.where(module, name)
            return f"analysis.{place}.{renamed}"

        text = re.sub(r"\banalysis\.([a-z_]\w*)(\.([A-Za-z_]\w*))?", new, text)
        return text.replace("ROOM_OF_EXHIBITS", "exhibits")

    def paths(self, text: str) -> str:
        """`src/analysis/trade.py` and the like in any text."""

        def new(found: re.Match) -> str:
            module = found[2]
            return f"{found[1]}{self.modules[module].replace('.', '/')}.py" if module in self.modules else found[0]

        text = re.sub(r"\b((?:src/analysis|package|analysis)/)(\w+)\.py\b", new, text)
        return re.sub(r"(?<![\w/])((?:package|analysis|src/analysis)/|)templates/(?=[\w*])", r"\1reports/templates/", text)


def _defined(text: str) -> list[str]:
    names = []
    for node in ast.parse(text).body:
        names += _names_of(node)
    return names


def _names_of(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def split(module: str, text: str, wanted: list[str]) -> tuple[str, str, str, set[str]] | None:
    """The rest of a module, imports and body of the new one, both with imports from each other in old terms, and the names moved."""
    tree = ast.parse(text)
    names = {name: node for node in tree.body for name in _names_of(node)}
    moved = {name for name in wanted if name in names}
    if not moved:
        return None
    uses = {id(node): {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & set(names) for node in tree.body}
    while True:  # private names that only the moved ones use go along
        more = {
            name
            for name, node in names.items()
            if name.startswith("_") and name not in moved and (module, name) not in PRIVATE_STAYS
            and (by := [n for n in tree.body if name in uses[id(n)] and n is not node])
            and all(set(_names_of(n)) & moved for n in by)
        }  # fmt: skip
        if not more:
            break
        moved |= more
    lines = text.splitlines(keepends=True)
    going = [node for node in tree.body if set(_names_of(node)) & moved]
    if any(set(_names_of(node)) - moved for node in going):
        tell(f"SPLIT {module}: one statement defines a moved name and another")
        return None
    imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)) or _type_checking(node)]
    taken: set[int] = set()
    blocks = []
    for node in going:
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
        while start and lines[start - 1].startswith("#"):  # its comment
            start -= 1
        blocks.append((node, "".join(lines[start : node.end_lineno])))
        taken |= set(range(start, node.end_lineno))
    used_by_moved = set().union(*(uses[id(n)] for n in going)) - moved
    used_by_rest = set().union(*(uses[id(n)] for n in tree.body if n not in going)) & moved
    if used_by_moved and used_by_rest:
        tell(f"SPLIT {module}: the rest uses {sorted(used_by_rest)} of the new module, and that {sorted(used_by_moved)}: a circle")
    new = "".join("".join(lines[n.lineno - 1 : n.end_lineno]) for n in imports)
    if used_by_moved:
        new += f"from analysis.{module} import {', '.join(sorted(used_by_moved))}\n"
    head, new = new, ""
    for previous, (node, block) in zip([None, *(n for n, _ in blocks)], blocks):
        plain = isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(previous, (ast.Assign, ast.AnnAssign))
        new += ("" if plain else "\n\n" if previous is not None else "\n") + block
    rest = "".join(line for number, line in enumerate(lines) if number not in taken)
    if used_by_rest:
        last = imports[-1] if imports else tree.body[0]
        at = [i for i in range(len(lines)) if i not in taken].index(last.end_lineno - 1) + 1
        kept = rest.splitlines(keepends=True)
        kept.insert(at, f"from analysis.{module} import {', '.join(sorted(used_by_rest))}\n")
        rest = "".join(kept)
    private = sorted(name for name in used_by_moved | used_by_rest if name.startswith("_") and (module, name) not in RENAMES)
    if private:
        tell(f"SPLIT {module}: private names cross the new border: {', '.join(private)}")
    return re.sub(r"\n{4,}", "\n\n\n", rest).rstrip() + "\n", head, new.rstrip() + "\n", moved


def joined(text: str, imports: str, body: str) -> str:
    """A module with more imports and definitions."""
    tree = ast.parse(text)
    last = max((n.end_lineno for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))), default=tree.body[0].end_lineno)
    imports = imports.replace("from __future__ import annotations\n", "")
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:last], imports, *lines[last:]]).rstrip() + "\n\n\n" + body


def _type_checking(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


class Rewriter:
    """One file, or all cells of a notebook, in the new terms."""

    def __init__(self, house: House, label: str, text: str, *, module: str = "", place: str = "", notebook: bool = False) -> None:
        self.house, self.label, self.module, self.notebook = house, label, module, notebook
        self.place = place or house.modules.get(module)
        self.text = re.sub(r"(?m)^__all__ = \[.*?\]", self._all, self._strings(text), flags=re.DOTALL)

    def _all(self, found: re.Match) -> str:
        """`__all__` without what moved away and with the new names."""
        if self.module not in self.house.modules:
            return found[0]
        kept = []
        for name in re.findall(r'"(\w+)"', found[0]):
            place, new, _ = self.house.where(self.module, name)
            if place == self.house.modules.get(self.module):
                kept.append(new)
        return f"__all__ = [{', '.join(f'{chr(34)}{name}{chr(34)}' for name in sorted(kept, key=lambda n: (not n.isupper(), n.islower(), n)))}]"

    # -- code and names in strings and comments, token by token

    def _strings(self, text: str) -> str:
        out, at = [], (1, 0)
        lines = text.splitlines(keepends=True)

        def between(start: tuple[int, int], end: tuple[int, int]) -> str:
            if start[0] == end[0]:
                return lines[start[0] - 1][start[1] : end[1]] if start[0] <= len(lines) else ""
            return lines[start[0] - 1][start[1] :] + "".join(lines[start[0] : end[0] - 1]) + (
                lines[end[0] - 1][: end[1]] if end[0] <= len(lines) else ""
            )

        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.STRING, tokenize.COMMENT):
                out.append(between(at, token.start))
                out.append(self._string(token.string))
                at = token.end
        return "".join(out) + between(at, (len(lines) + 1, 0))

    def _string(self, literal: str) -> str:
        house = self.house
        literal = self._code(literal)
        if self.module == "lesson_checks":  # exercises that are imported by string
            literal = re.sub(r'^"(exercises_\w+)"$', lambda m: f'"{house.modules.get(m[1], m[1]).rpartition(".")[2]}"', literal)
            literal = literal.replace('f"analysis.{', 'f"analysis\0.lessons.{')
        return house.paths(house.dotted(literal)).replace("\0", "")

    def _code(self, literal: str) -> str:
        """Imports in a string that is a program, and what it does with them."""
        bound: dict[str, str] = {}

        def module_import(found: re.Match) -> str:
            indent, names, stays, needed = found[1], found[2], [], []
            for part in names.split(","):
                name, _, alias = part.strip().partition(" as ")
                if name not in self.house.modules:
                    stays.append(part.strip())
                    continue
                bound[alias or name] = name
                uses = re.findall(rf"(?:(?<=\\n)|(?<![\w.])){alias or name}\.(\w+)", literal)
                for place in {self.house.where(name, use)[0] for use in uses} or {self.house.modules[name]}:
                    if place not in needed:
                        needed.append(place)
            by_room = defaultdict(list)
            for place in needed:
                by_room[place.rpartition(".")[0]].append(place.rpartition(".")[2])
            new = [f"from analysis import {', '.join(stays)}"] if stays else []
            new += [f"from analysis\0.{room} import {', '.join(sorted(set(by_room[room])))}" for room in sorted(by_room)]
            return (f"\n{indent}" if "\n" in literal else "\\n").join(new)

        def symbol_import(found: re.Match) -> str:
            module = found[1]
            if module not in self.house.modules:
                return found[0]
            groups = defaultdict(list)
            for part in found[2].split(","):
                name, _, alias = part.strip().partition(" as ")
                place, new, _ = self.house.where(module, name)
                groups[place].append(f"{new} as {alias}" if alias else new)
            return "\\n".join(f"from analysis\0.{place} import {', '.join(names)}" for place, names in groups.items())

        if "analysis" not in literal:
            return literal
        new = re.sub(r"(?m)(?<=^)?([ ]*)from analysis import ((?:\w+(?: as \w+)?)(?:, \w+(?: as \w+)?)*)", lambda m: m[1] + module_import(m), literal)
        new = re.sub(r"from analysis\.(\w+) import (\w+(?: as \w+)?(?:, \w+(?: as \w+)?)*)", symbol_import, new)
        for local, module in bound.items():

            def use(found: re.Match, module: str = module) -> str:
                place, name, _ = self.house.where(module, found[1])
                return f"{place.rpartition('.')[2]}.{name}"

            new = re.sub(rf"(?:(?<=\\n)|(?<![\w.'\"/-])){local}\.(\w+)", use, new)
        if new != literal:
            tell(f"look at the program in a string of {self.label}")
        return new

    # -- imports and what they bind

    def rewritten(self) -> str:
        module = cst.parse_module(self.text)
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self.parents = wrapper.resolve(ParentNodeProvider)
        self.scopes = list(dict.fromkeys(scope for scope in wrapper.resolve(ScopeProvider).values() if scope))
        self.replaced: dict[cst.CSTNode, cst.CSTNode] = {}
        self.wanted: dict[cst.CSTNode, list[tuple]] = defaultdict(list)  # import statement -> what it has to bind
        bindings, own = [], []
        for scope in self.scopes:
            for assignment in scope.assignments:
                if isinstance(assignment, ImportAssignment):
                    if found := self._of_analysis(assignment):
                        bindings.append((assignment, *found))
                elif isinstance(assignment, Assignment) and isinstance(scope, GlobalScope):
                    own.append(assignment)
        # What goes: every import of a module, and of a name that is called otherwise now or read through its module.
        self.going = {
            a for a, kind, old, name in bindings
            if kind == "module" or self.house.where(old, name)[1] != name or self.house.where(old, name)[2]
        }  # fmt: skip
        self.local: dict[str, str] = {}
        self._choose(bindings)
        for assignment, kind, old, name in bindings:
            if kind == "module":
                self._module_binding(assignment, old)
            elif kind == "symbol":
                self._symbol_binding(assignment, old, name)
        for assignment in own:
            self._own(assignment)
        new = module.visit(_Replace(self.replaced))
        if self.wanted:
            new = self._imports(new, module)
        return new.code

    def _of_analysis(self, assignment: ImportAssignment) -> tuple[str, str, str] | None:
        node = assignment.node
        if isinstance(node, cst.Import):
            for alias in node.names:
                dotted = _dotted(alias.name)
                if dotted.startswith("analysis.") and not alias.asname and (old := dotted.partition(".")[2]) in self.house.modules:
                    place = self.house.modules[old]
                    self.replaced[alias] = alias.with_changes(name=cst.parse_expression(f"analysis.{place}"))
            return None
        if node.module is None or isinstance(node.names, cst.ImportStar):
            return None
        source = _dotted(node.module)
        for alias in node.names:
            local = alias.asname.name.value if alias.asname else alias.name.value
            if local != assignment.name:
                continue
            name = alias.name.value
            if source == "analysis" and name in self.house.modules:
                return "module", name, local
            if source.startswith("analysis.") and (old := source.partition(".")[2]) in self.house.modules:
                return "symbol", old, name
        return None

    def _target(self, node: cst.CSTNode, old: str) -> tuple[str, str | None]:
        """New module and new name of what a reference to an old module speaks of."""
        parent = self.parents.get(node)
        if isinstance(parent, cst.Attribute) and parent.value is node:
            place, new, _ = self.house.where(old, parent.attr.value)
            return place, new
        if text := self._string_after(node):
            place, new, _ = self.house.where(old, text.raw_value)
            return place, new
        return self.house.modules[old], None

    def _string_after(self, node: cst.CSTNode) -> cst.SimpleString | None:
        """The second argument in `setattr(module, "name", …)`."""
        argument = self.parents.get(node)
        call = self.parents.get(argument)
        if isinstance(argument, cst.Arg) and isinstance(call, cst.Call) and call.args[0] is argument and len(call.args) > 1:
            if isinstance(call.args[1].value, cst.SimpleString):
                return call.args[1].value
        return None

    def _clashes(self, word: str, assignment: ImportAssignment, using: list) -> bool:
        """Whether a word that an import would bind means something else where it is used."""
        home = assignment.scope
        for scope in self.scopes:
            if not any(a.name == word and a not in self.going for a in scope.assignments):
                continue
            if home in _around(scope) and any(a.name == word and self._in_loop(a) for a in scope.assignments):
                return True  # ruff's F402
            if scope is home or home in _around(scope) and any(scope is s or scope in _around(s) for s in using):
                return True
            if scope in _around(home) and any(
                access.node.value == word and (access.scope is home or home in _around(access.scope))
                for a in scope.assignments if a.name == word for access in a.references if isinstance(access.node, cst.Name)
            ):  # fmt: skip
                return True
        return False

    def _in_loop(self, assignment: object) -> bool:
        node = getattr(assignment, "node", None)
        while isinstance(parent := self.parents.get(node), (cst.Tuple, cst.List, cst.Element, cst.For)):
            if isinstance(parent, cst.For):
                return parent.target is node
            node = parent
        return False

    def _choose(self, bindings: list) -> None:
        """The word by which each new module goes in this file; none where its functions are imported by name."""
        explicit, uses = {}, defaultdict(list)
        for assignment, kind, old, local in bindings:
            if kind == "symbol":
                place, name, qualified = self.house.where(old, local)
                if qualified:
                    uses[place].append((assignment, None, assignment.scope))
                    uses[place] += [(assignment, None, access.scope) for access in assignment.references]
                continue
            for access in assignment.references:
                place, name = self._target(access.node, old)
                plain = isinstance(self.parents.get(access.node), cst.Attribute)
                uses[place].append((assignment, name if plain else None, access.scope))
            if not assignment.references:
                uses[self.house.modules[old]].append((assignment, None, assignment.scope))
            place = self.house.modules[old]
            if local != old and place.rpartition(".")[2] != local and place in KEPT_ALIASES:
                explicit[place] = local
        by_last = defaultdict(list)
        for place in sorted(uses):
            by_last[place.rpartition(".")[2]].append(place)
        for place in sorted(uses):
            room, _, last = place.rpartition(".")
            if place == self.place:  # what was another module is this one now
                self.local[place] = ""
                continue
            if place in explicit:
                self.local[place] = explicit[place]
                continue
            if self.notebook and room in IN_NOTEBOOKS_BY_ROOM:
                self.local[place] = f"{room}.{last}"
                continue
            where = defaultdict(list)
            for assignment, _, scope in uses[place]:
                where[assignment].append(scope)
            taken = any(self._clashes(last, assignment, using) for assignment, using in where.items())
            if not taken and (len(by_last[last]) == 1 or room != "exhibits"):
                self.local[place] = last
                continue
            if self.notebook:
                self.local[place] = f"{room}.{last}"
                continue
            names = {name for _, name, _ in uses[place]}
            if None not in names and not any(
                self._clashes(name, assignment, using) for name in names for assignment, using in where.items()
            ):
                self.local[place] = ""
                tell(f"BY NAME in {self.label}: {', '.join(sorted(names))} of {place}, for {last} is taken")
            else:
                self.local[place] = ALIASES.get(place, f"{room.removesuffix('s')}_{last}")
                tell(f"ALIAS in {self.label}: {place} as {self.local[place]}, for {last} is taken; its {sorted(map(str, names))}")

    def _expression(self, place: str, name: str | None) -> cst.BaseExpression:
        return cst.parse_expression(".".join(part for part in (self.local[place], name) if part))

    def _want(self, assignment: ImportAssignment, place: str, name: str | None = None) -> None:
        room, _, last = place.rpartition(".")
        word = self.local[place]
        if place == self.place:
            self.wanted[assignment.node] += []
        elif not word:
            self.wanted[assignment.node].append((f"analysis.{place}", name, ""))
        elif "." in word:
            self.wanted[assignment.node].append(("analysis", room, ""))
        else:
            self.wanted[assignment.node].append((f"analysis.{room}", last, "" if word == last else word))

    def _module_binding(self, assignment: ImportAssignment, old: str) -> None:
        places = []
        for access in assignment.references:
            node = access.node
            place, new = self._target(node, old)
            parent = self.parents.get(node)
            if isinstance(parent, cst.Attribute) and parent.value is node:
                self.replaced[parent] = self._expression(place, new).with_changes(lpar=parent.lpar, rpar=parent.rpar)
            else:
                self.replaced[node] = self._expression(place, None)
                text = self._string_after(node)
                if text and text.raw_value != new:
                    self.replaced[text] = cst.SimpleString(f'"{new}"')
            places.append((place, new if not self.local[place] else None))
        for place, new in sorted(set(places), key=str) or [(self.house.modules[old], None)]:
            self._want(assignment, place, new)

    def _symbol_binding(self, assignment: ImportAssignment, old: str, name: str) -> None:
        place, new, qualified = self.house.where(old, name)
        local = assignment.name
        if qualified:
            for access in assignment.references:
                self.replaced[access.node] = self._expression(place, new)
            self._want(assignment, place)
            return
        if new != name and local == name:
            if self._clashes(new, assignment, [access.scope for access in assignment.references]):
                tell(f"CLASH in {self.label}: {new}, which {name} of {old} is called now, is taken")
            for access in assignment.references:
                self.replaced[access.node] = access.node.with_changes(value=new)
            local = new
        if place == self.place:
            self.wanted[assignment.node] += []
            return
        source = "analysis" if self.notebook and old == "data" and name in PUBLIC else f"analysis.{place}"
        self.wanted[assignment.node].append((source, new, "" if local == new else local))

    def _own(self, assignment: Assignment) -> None:
        """A name that this module defines and that is called something else now."""
        new = RENAMES.get((self.module, assignment.name))
        if not new or assignment.name not in self.house.defined.get(self.module, ()):
            return
        node = assignment.node
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self.replaced[node.name] = node.name.with_changes(value=new)
        else:
            self.replaced[node] = node.with_changes(value=new)
        for access in assignment.references:
            self.replaced[access.node] = access.node.with_changes(value=new)

    def _imports(self, new: cst.Module, old: cst.Module) -> cst.Module:
        """Each import of old modules by what it has to bind now; in a notebook one import a module, in order."""
        statements = {}
        for node, wanted in self.wanted.items():
            line = self.parents[node]
            if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
                tell(f"CLASH in {self.label}: an import shares its line with something else")
            for alias in node.names:  # what stays as it is
                name, source = alias.name.value, _dotted(node.module)
                moved = source == "analysis" and name in self.house.modules
                moved |= source.startswith("analysis.") and source.partition(".")[2] in self.house.modules
                if not moved:
                    wanted.append((source, name, alias.asname.name.value if alias.asname else ""))
            statements[line] = wanted
        order = {id(node): number for number, node in enumerate(_statements(old))}
        statements = dict(sorted(statements.items(), key=lambda item: order[id(item[0])]))
        return old.visit(_Replace(self.replaced, statements, merge=self.notebook))


def _lines(wanted: list[tuple]) -> list[str]:
    groups = defaultdict(set)
    for source, name, alias in wanted:
        groups[source].add(f"{name} as {alias}" if alias else name)
    made = []
    for source in sorted(groups):
        names = sorted(groups[source], key=lambda n: (n.isupper(), n.lower()))
        line = f"from {source} import {', '.join(names)}"
        while len(line) > 110:
            at = line.rindex(", ", 0, 110)
            made.append(line[:at])
            line = f"from {source} import {line[at + 2 :]}"
        made.append(line)
    return made


class _Replace(cst.CSTTransformer):
    def __init__(self, nodes: dict, statements: dict | None = None, *, merge: bool = False) -> None:
        self.nodes, self.statements, self.merge = nodes, statements or {}, merge
        self.whole = [entry for wanted in self.statements.values() for entry in wanted]

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> object:
        if original in self.statements:
            wanted = self.statements[original]
            if self.merge:
                if original is not next(iter(self.statements)):
                    return cst.RemoveFromParent()
                wanted = self.whole
            if not wanted:
                return cst.RemoveFromParent()
            lines = [cst.parse_statement(line) for line in _lines(wanted)]
            lines[0] = lines[0].with_changes(leading_lines=updated.leading_lines)
            comment = updated.trailing_whitespace
            lines = [line.with_changes(trailing_whitespace=comment) if comment.comment else line for line in lines]
            return cst.FlattenSentinel(lines)
        if original in self.nodes:
            return self.nodes[original]
        return super().on_leave(original, updated)


def _dotted(node: cst.CSTNode) -> str:
    return node.value if isinstance(node, cst.Name) else f"{_dotted(node.value)}.{node.attr.value}"


def _statements(module: cst.Module) -> list[cst.SimpleStatementLine]:
    found = []

    class Collect(cst.CSTVisitor):
        def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
            found.append(node)

    module.visit(Collect())
    return found


def _around(scope: object) -> list:
    """The scopes around a scope, from the inside out."""
    found = []
    while getattr(scope, "parent", None) not in (None, scope):
        scope = scope.parent
        found.append(scope)
    return found


def prose(house: House, text: str, words: dict[str, str]) -> str:
    """`trade.convert` in a text cell, by the words of that notebook's code."""

    def new(found: re.Match) -> str:
        module, name = found[1], found[2]
        if module not in house.modules or name not in house.defined[module]:
            return found[0]
        place, renamed, _ = house.where(module, name)
        return f"`{words.get(place, place.rpartition('.')[2])}.{renamed}"

    return re.sub(r"`(\w+)\.(\w+)", new, house.paths(house.dotted(text)))


def notebook(house: House, path: Path, root: Path) -> None:
    raw = path.read_text(encoding="utf-8")
    content = json.loads(raw)
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    mark = "\n# ---8<--- {}\n"
    joined = "".join("".join(cell["source"]) + mark.format(n) for n, cell in enumerate(code))
    rewriter = Rewriter(house, str(path.relative_to(root)), joined, notebook=True)
    new = rewriter.rewritten()
    for number, cell in enumerate(code):
        source, new = new.split(mark.format(number), 1)
        cell["source"] = source.splitlines(keepends=True)
        for line in source.splitlines():
            if len(line) > 120:
                tell(f"LONG {path.name} cell {cell['id']}: {len(line)} characters")
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = prose(house, "".join(cell["source"]), rewriter.local).splitlines(keepends=True)
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8")


def deeper(text: str, label: str) -> str:
    """Paths that a module counts from its own file, one folder further down."""
    text = re.sub(
        r"(Path\(__file__\)(?:\.resolve\(\))?)\.parents\[(\d+)\]", lambda m: f"{m[1]}.parents[{int(m[2]) + 1}]", text
    )
    if re.search(r"__file__\)(?!(?:\.resolve\(\))?\.parents\[)", text):
        tell(f"look at __file__ in {label}")
    return text


def check_direction(package: Path) -> list[str]:
    """Imports that run against the direction, or into methods."""
    level = {room: number for number, rooms in enumerate(LAYERS) for room in rooms.split()}
    found = []
    for path in sorted(package.rglob("*.py")):
        here = path.relative_to(package).parts[0] if len(path.relative_to(package).parts) > 1 else ""
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis"):
                parts = node.module.split(".")[1:] or [node.names[0].name]
                names = [parts[0]] if node.module != "analysis" else [a.name for a in node.names]
            elif isinstance(node, ast.Import):
                names = [a.name.split(".")[1] for a in node.names if a.name.startswith("analysis.")]
            else:
                continue
            for there in names:
                if here in level and there in level and there != here and level[there] <= level[here]:
                    found.append(f"{path.relative_to(package)}:{node.lineno}: {here} -> {there}")
                elif here and there in ("cli",):
                    found.append(f"{path.relative_to(package)}:{node.lineno}: {here} -> {there}")
    return found


def circles(package: Path) -> list[str]:
    """Modules that import each other, however late they do it."""
    graph: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package).with_suffix("").parts)
        graph[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis"):
                base = node.module.partition(".")[2]
                graph[name] |= {base, *(f"{base}.{a.name}".strip(".") for a in node.names)}
    reach = {name: graph[name] & set(graph) for name in graph}
    for _ in graph:
        reach = {name: there.union(*(reach[t] for t in there)) for name, there in reach.items()}
    return sorted(name for name, there in reach.items() if name in there)


def run(*command: str, root: Path, check: bool = True) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if check and done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    package, tests = root / "src" / "analysis", root / "tests"
    if run("git", "status", "--porcelain", root=root):
        sys.exit("the work tree is not clean: commit first.")
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(package.glob("*.py"))}
    lost = [name for name in sources if name not in MODULES and name not in STAY]
    test_files = {path.stem: path for path in sorted(tests.glob("test_*.py"))}
    lost_tests = [name for name in test_files if name not in TESTS]
    places = [MODULES[name] for name in sources if name in MODULES]
    twice = sorted({place for place in places if places.count(place) > 1})
    if lost or lost_tests or twice:
        sys.exit(
            f"no place in MODULES for: {', '.join(lost) or '-'}\nno place in TESTS for: {', '.join(lost_tests) or '-'}\n"
            f"two modules for one place: {', '.join(twice) or '-'}"
        )
    dirty = re.findall(r"(?m)^ *--> (\S+?):", run(".venv/bin/ruff", "format", "--check", "src", "tests", "benchmarks", root=root, check=False))

    if undefined := run(".venv/bin/ruff", "check", "--select", "F821,F811", "--output-format", "concise", root=root, check=False):
        if "All checks passed" not in undefined:
            sys.exit(f"mend this first:\n{undefined}")
    texts = {f"src/analysis/{name}.py": text for name, text in sources.items()}
    others = [*tests.glob("*.py"), *tests.glob("browser/*.py"), *root.glob("benchmarks/*.py")]
    texts |= {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in others}
    flat_templates = (package / "templates" / "exhibit.css").is_file()  # as the branch `pages` has them
    for name, before, after in PATCHES:
        if "templates" in before and not flat_templates or not (root / name).is_file():
            continue
        if before in texts.get(name, ""):
            texts[name] = texts[name].replace(before, after)
        else:
            tell(f"PATCH not found in {name}: {before.strip().splitlines()[0]}")

    for name in texts:  # that a test has to put its folder into two modules is over: it stands in one
        if name.startswith("tests/"):
            texts[name] = re.sub(
                r'( +)for module in \(\w+, \w+\):\n +monkeypatch\.setattr\(module, "(REPORTS|NOTEBOOKS|ROOT)", (.*)\)\n',
                r'\1monkeypatch.setattr(report, "\2", \3)\n',
                texts[name],
            )

    house = House({name: texts[f"src/analysis/{name}.py"] for name in sources})
    new_modules: dict[str, tuple[str, str]] = {}
    for (module, place), (names, title) in SPLITS.items():
        if module not in sources:
            continue
        there = next((name for name in sources if MODULES.get(name) == place), None)
        made = split(module, texts[f"src/analysis/{module}.py"], names)
        if not made:
            continue
        texts[f"src/analysis/{module}.py"], head, body, moved = made
        house.moved |= {(module, name): place for name in moved}
        if there:
            label = f"src/analysis/{there}.py"
            if twice := sorted(moved & set(house.defined[there])):
                sys.exit(f"{module} and {there} both define {', '.join(twice)}, and are to be one module, {place}.")
            texts[label] = joined(texts[label], head, body)
            house.defined[there] += moved
            RENAMES.update({(there, name): RENAMES[module, name] for name in moved if (module, name) in RENAMES})
            tell(f"{module}: {', '.join(sorted(moved))} went to {there}, which is {place} now")
        else:
            new_modules[place] = module, f'"""{title}"""\n\n{head}\n\n{body}'

    # Write and move.
    for room, words in ROOMS.items():
        (package / room).mkdir(exist_ok=True)
        text = f'"""{words}"""\n'
        if room in ("exhibits", "methods", "reports"):
            text += "\nfrom importlib import import_module\n" + LAZY.format(room=room)
        (package / room / "__init__.py").write_text(text, encoding="utf-8")
    for label, text in texts.items():
        path = root / label
        module = path.stem if path.parent == package else ""
        text = Rewriter(house, label, text, module=module).rewritten()
        moves = module in house.modules or path.parent == tests and TESTS.get(path.stem)
        path.write_text(deeper(text, label) if moves else text, encoding="utf-8")
    for place, (module, text) in new_modules.items():
        text = deeper(Rewriter(house, place, text, module=module, place=place).rewritten(), place)
        path = package / f"{place.replace('.', '/')}.py"
        path.write_text(text, encoding="utf-8")
        run("git", "add", str(path), root=root)
    for module, place in house.modules.items():
        run("git", "mv", f"src/analysis/{module}.py", f"src/analysis/{place.replace('.', '/')}.py", root=root)
    if (package / "templates").is_dir():
        run("git", "mv", "src/analysis/templates", "src/analysis/reports/templates", root=root)
    if flat_templates:
        for name in ("exhibit.css", "game.js"):
            run("git", "mv", f"src/analysis/reports/templates/{name}", f"src/analysis/exhibits/{name}", root=root)
    for name, path in test_files.items():
        if target := TESTS[name]:
            new = tests / (f"{target}.py" if "/" in target else f"{target}/{name}.py")
            new.parent.mkdir(exist_ok=True)
            run("git", "mv", str(path), str(new), root=root)

    paths = [*root.glob("notebooks/*.ipynb"), *root.glob("notebooks/lessons/solutions/*.ipynb")]
    for path in sorted(paths):
        notebook(house, path, root)

    # All other text.
    for name in run("git", "ls-files", root=root).split("\n"):
        path = root / name
        if not name or path.suffix not in {".md", ".toml", ".yml", ".cfg", ".json", ".j2", ".cff", ".css", ""} or not path.is_file():
            continue
        if name.startswith(("src/", "tests/browser/node_modules")) and path.suffix != ".j2" or name in ("CHANGELOG.md", "data/README.md"):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        new = prose(house, text, {}) if path.suffix == ".md" else house.paths(house.dotted(text))
        if path.suffix == ".md":
            new = re.sub(
                r"(?<![\w/.])(_?[a-z]+[a-z_]*)\.py\b",
                lambda m: f"{house.modules[m[1]].replace('.', '/')}.py" if m[1] in house.modules else m[0],
                new,
            )
            new = new.replace("src/analysis/exercises_….py", "src/analysis/lessons/lesson_….py")
            if name == "README.md":
                new = layout(new)
        if name == "pyproject.toml":
            if "notebooks/lessons" not in new:
                new = new.replace(
                    '"notebooks/*.ipynb" = ',
                    '"notebooks/lessons/*.ipynb" = ["F401"]  # what only the solution uses is imported for the student too\n'
                    '"notebooks/*.ipynb" = ',
                )
            new = new.replace('analysis = ["reports/templates/**/*"]', 'analysis = ["exhibits/*.css", "exhibits/*.js", "reports/templates/**/*"]')
            if "import-mode" not in new:
                new = new.replace(
                    'testpaths = ["tests", "notebooks"]\naddopts = [\n',
                    'testpaths = ["tests", "notebooks"]\npythonpath = ["tests"]  # helpers\naddopts = [\n'
                    '  "--import-mode=importlib",  # two rooms may have a test of the same name\n',
                )
        if new != text:
            path.write_text(new, encoding="utf-8")

    ruff = [".venv/bin/ruff"]
    run(*ruff, "check", "--quiet", "--fix", "--select", "I001,F401,F811", "src", "tests", "benchmarks", root=root, check=False)
    stay = [f"--exclude={name}" for name in dirty]
    if dirty:
        tell(f"not as `ruff format` writes them, left: {', '.join(dirty)}")
    run(*ruff, "format", "--quiet", *stay, "src", "tests", "benchmarks", root=root)
    run("git", "add", "--all", "src", "tests", root=root)
    print("\n".join(sorted(told)))
    print("\nAgainst the direction:")
    print("\n".join(check_direction(package)) or "nothing")
    print("\nIn a circle of imports:")
    print("\n".join(circles(package)) or "nothing")
    print("\nruff check:")
    print(run(*ruff, "check", "--output-format", "concise", root=root, check=False))


def layout(text: str) -> str:
    """README's picture of the package."""
    new = (
        "src/analysis/     load and cite · cli, errors · seven rooms, each importing only from those after it:\n"
        "  reports/        entries of reports.yml, rules, the build and its record, pages and templates\n"
        "  lessons/        answers and exercises, students' copies\n"
        "  notebooks/      cells, parameters, and how a notebook is run\n"
        "  exhibits/       tables and charts that read alone: one module a subject\n"
        "  checks/         links between tables, bands of values, the document's proof\n"
        "  methods/        the arithmetic: frames in, frames out\n"
        "  tables/         the tables: read, cited, catalogued\n"
    )
    found = re.sub(r"src/analysis/ {2,}.*\n(?: {18}.*\n)*", new, text, count=1)
    if found == text:
        tell("README.md: the layout of src/analysis was not found")
    return found.replace("tests/            and", "tests/            mirrors the rooms;")


if __name__ == "__main__":
    main()
