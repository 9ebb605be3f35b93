"""The parameters of a notebook: what its `parameters` cell declares, and what a value must be to be let in.

The cell is the only declaration. Each line assigns a literal, and its comment says what is accepted, then, after a
colon, what it means; `areas.area_id` are the values of that column of that table, and `a day` is any date:

    start_year = 1995  # 1995 to 2025: first year shown
    areas = "all"  # all, or several of areas.area_id: the areas shown
    ledger = "both"  # kazakhstan | russia | both: whose books are read
    vintage = "bureau"  # bureau | comtrade | a day: which release is read

A value has the type of the default. Nothing here starts a kernel or runs a notebook's code.
"""

from __future__ import annotations

import ast
import io
import math
import re
import tokenize
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import DataError, ParameterError, shown
from analysis.notebooks.cells import code_cells
from analysis.tables.days import is_day
from analysis.tables.store import values

__all__ = ["Parameter", "ParameterError", "declared", "held", "resolve"]

MOST_DIGITS = 18
SEVERAL = "all, or several of "
DAY = "a day"  # among choices: a date as 2018-01-15


@dataclass(frozen=True)
class Parameter:
    """One declared parameter: `choices` or the closed range `low`–`high` limit its values, where given.

    `column` is that of a table, such as `trade.partner`, whose values are among the choices. Beside the choices of one
    that may be `dated` it takes any day.
    """

    name: str
    default: int | float | str | bool
    meaning: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    several: bool = False
    column: str = ""
    dated: bool = False

    @property
    def type(self) -> str:
        """The type's name as a reader knows it."""
        names = {int: "whole number", float: "number", str: "text", bool: "true or false"}
        return names[type(self.default)]

    @property
    def allowed(self) -> str:
        """What is accepted, in words."""
        if self.several:
            return "all, or several, each once, joined by commas, of " + ", ".join(self.choices)
        if self.choices:
            return "one of " + ", ".join(self.choices) + (", or a day as YYYY-MM-DD" if self.dated else "")
        if self.low is not None:
            return f"a {self.type} from {self.low:g} to {self.high:g}"
        limit = {int: f" of at most {MOST_DIGITS} digits", str: " without control characters"}
        return f"{'' if self.type == 'true or false' else 'a '}{self.type}{limit.get(type(self.default), '')}"


def declared(notebook: Path) -> dict[str, Parameter]:
    """The parameters that the notebook's cell tagged `parameters` declares, in its order.

    Raises ParameterError where there is no such cell, a default is not a literal or not allowed, or a comment is not
    understood.
    """
    found = _declared(notebook)
    for name, one in found.items():
        if _converted(one, one.default) is None or not _allowed(one, one.default):
            raise ParameterError(
                f"{notebook.name}: the default of {name} is {shown(one.default)}, but its comment says {one.allowed}."
            )
    return found


def held(notebook: Path, names: Mapping[str, object]) -> dict[str, object]:
    """The values that the names of a running notebook have for the parameters that its cell declares.

    The cell is that which was run last, by IPython's history among the names, or else that of the file. A reader who
    edits it edits the defaults too, so these are not looked at. Raises ParameterError as `resolve`
    does, for a name that is no longer there, and for a text where the default is none: `"2010"` is no year.
    """
    found = _declared(notebook)
    found = next((one for one in map(_of_source, reversed(names.get("In", ()))) if set(one) == set(found)), found)
    for name, one in found.items():
        if name not in names:
            raise ParameterError(f"the parameters cell no longer assigns {name}; it is {one.allowed}.")
        if type(names[name]) is str and type(one.default) is not str:
            raise ParameterError(f"{name} is {one.allowed}, not {shown(names[name])}.")
    return resolve(found, {name: names[name] for name in found})


def _of_source(source: str) -> dict[str, Parameter]:
    """The parameters that a cell declares; none where it is no such cell."""
    try:
        return {name: _parameter("", name, value, comment) for name, value, comment in _assigned("", source)}
    except ParameterError:
        return {}


def _declared(notebook: Path) -> dict[str, Parameter]:
    for cell in code_cells(notebook):
        if "parameters" in cell["metadata"].get("tags", ()):
            assigned = list(_assigned(notebook.name, cell["source"]))
            names = [name for name, _, _ in assigned]
            if twice := next((name for name in names if names.count(name) > 1), None):
                raise ParameterError(f"{notebook.name}: its parameters cell assigns {twice} twice; once is allowed.")
            return {name: _parameter(notebook.name, name, value, comment) for name, value, comment in assigned}
    raise ParameterError(f"{notebook.name} has no cell tagged 'parameters'; tag the cell that assigns its defaults.")


def _assigned(notebook: str, source: str) -> Iterator[tuple[str, str, str]]:
    """Name, value and comment of each line of the cell; it is read, and never executed."""
    rule = "its parameters cell holds lines of the form 'name = literal  # what is accepted: what it means' alone"
    try:
        statements = ast.parse(source).body
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, ValueError, tokenize.TokenError) as error:
        raise ParameterError(f"{notebook}: {rule}; it is not Python ({error}).") from None
    comments = {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, ast.get_source_segment(source, value), comments.get(statement.end_lineno, "")
            case _:
                raise ParameterError(f"{notebook}: {rule}, not {shown(ast.unparse(statement))}.")


def _parameter(notebook: str, name: str, value: str, comment: str) -> Parameter:
    try:
        default = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        raise ParameterError(f"{notebook}: the default of {name} is not a literal: {shown(value)}.") from None
    rule, colon, meaning = comment.partition(":")
    rule = rule.strip()
    if not colon or not meaning.strip() or type(default) not in (int, float, str, bool):
        raise ParameterError(
            f"{notebook}: {name} needs a default that is a number, a text or true or false, and a "
            "comment 'what is accepted: what it means'."
        )
    several, listed = rule.startswith(SEVERAL), rule.removeprefix(SEVERAL)
    bounds = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?) to (-?[0-9]+(?:\.[0-9]+)?)", rule)
    if bounds and type(default) is not (float if "." in rule else int):
        kind = "number with a point" if "." in rule else "whole number"
        raise ParameterError(f"{notebook}: {name} is a {kind} from {bounds[1]} to {bounds[2]}, not {shown(default)}.")
    return Parameter(
        name,
        default,
        meaning.strip(),
        choices=_choices(notebook, name, listed),
        several=several,
        column=next(filter(_is_column, _parts(listed)), ""),
        dated=DAY in _parts(listed),
        low=float(bounds[1]) if bounds else None,
        high=float(bounds[2]) if bounds else None,
    )


def _choices(notebook: str, name: str, rule: str) -> tuple[str, ...]:
    """The values that a rule lists, those of a table's column in its place; none where it is no list."""
    choices: list[str] = []
    for part in _parts(rule):
        try:
            choices += values(*part.split(".")) if _is_column(part) else [part] * (part != DAY)
        except DataError as error:
            raise ParameterError(f"{notebook}: {name} takes the values of {shown(part)}: {error}") from None
    return tuple(choices) if len(choices) > 1 else ()


def _parts(rule: str) -> list[str]:
    return [part.strip() for part in rule.split("|")]


def _is_column(part: str) -> bool:
    return part.partition(".")[2].isidentifier()


def resolve(parameters: Mapping[str, Parameter], given: Mapping[str, object]) -> dict[str, object]:
    """All parameters with their values: the given ones checked and converted, the defaults for the rest.

    A text is converted to the type of the default (`-p start_year=2005`); a value of another type is taken only if
    it already has that type. Where `start_x` and `end_x` are both declared, the start may not be after the end.
    Raises ParameterError, naming what is allowed.
    """
    for name in given:
        if name not in parameters:
            raise ParameterError(f"unknown parameter {shown(name)}; declared are: {', '.join(parameters)}.")
    values = {name: p.default for name, p in parameters.items()}
    values |= {name: _checked(parameters[name], value) for name, value in given.items()}
    for start in values:
        end = "end" + start.removeprefix("start")
        if start.startswith("start_") and end in values and values[start] > values[end]:
            raise ParameterError(f"{start} ({values[start]}) is after {end} ({values[end]}); it must not be.")
    return values


def _checked(parameter: Parameter, given: object) -> int | float | str | bool:
    value = _converted(parameter, given)
    if value is None or not _allowed(parameter, value):
        raise ParameterError(f"{parameter.name} is {parameter.allowed}, not {shown(given)}.")
    return value


def _allowed(parameter: Parameter, value: float | str | bool) -> bool:
    if parameter.several and value != "all":
        named = value.split(",")
        return set(named) <= set(parameter.choices) and len(set(named)) == len(named)
    if parameter.choices and not parameter.several:
        return value in parameter.choices or (parameter.dated and is_day(value))
    return parameter.low is None or parameter.low <= value <= parameter.high


def _converted(parameter: Parameter, given: object) -> int | float | str | bool | None:
    """The value as the default's type, or None where it cannot be one; Python's own literals only, no coercion."""
    wanted = type(parameter.default)
    if wanted is str:
        # A page cannot hold control characters but line feeds and tabs, and lone surrogates have no bytes at all.
        fits = type(given) is str and not any(unicodedata.category(c) in ("Cc", "Cs") for c in given if c not in "\n\t")
        return given if fits else None
    if type(given) is str:
        pattern = {
            int: f"-?[0-9]{{1,{MOST_DIGITS}}}",
            float: rf"-?[0-9]{{1,{MOST_DIGITS}}}(\.[0-9]+)?",
            bool: "true|false",
        }[wanted]
        if not re.fullmatch(pattern, given):
            return None
        return given == "true" if wanted is bool else wanted(given)
    if type(given) is int and wanted in (int, float):
        return wanted(given) if abs(given) < 10**MOST_DIGITS else None
    if type(given) is not wanted or (wanted is float and not math.isfinite(given)):
        return None
    return given
