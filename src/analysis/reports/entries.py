"""The reports: what reports/reports.yml names, with their parameters; and the grids of variants of them."""

from __future__ import annotations

import csv
import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml

from analysis.errors import CallError, ParameterError
from analysis.notebooks import folders
from analysis.notebooks.parameters import declared, resolve
from analysis.tables import store

MOST_VARIANTS = 10_000
NOT_REPORTS = ("index", "lessons", "solutions", "catalogue", "codebook")
LONGEST_NAME = 100  # characters; file systems end at 255 bytes, and a name has to be read


@dataclass(frozen=True)
class Report:
    """One entry of reports/reports.yml, or a variant of one: then its name is the entry's, `--` and parameters.

    `template` is the title as the entry has it, in which `{partner}` stands for the name of that parameter's value.
    """

    name: str
    notebook: Path
    title: str
    question: str
    summary: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    template: str = ""

    @property
    def entry(self) -> str:
        """The name in reports.yml."""
        return self.name.partition("--")[0]


class _Once(yaml.SafeLoader):
    """YAML in which a key stands once in a mapping; the language keeps the last and drops the others."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        lines: dict[object, int] = {}
        for key_node, _ in node.value:
            key, line = self.construct_object(key_node, deep=True), key_node.start_mark.line + 1
            if key in lines:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands in line {lines[key]} and again in line {line}"
                )
            lines[key] = line
        return super().construct_mapping(node, deep)


@cache
def all_reports() -> dict[str, Report]:
    """The reports of reports/reports.yml by name, in its order. Raises CallError where the file is wrong."""
    path = folders.REPORTS / "reports.yml"
    known = {f.name for f in fields(Report)} - {"template"}
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), _Once)
        if unknown := sorted({str(key) for entry in entries for key in entry} - known):
            raise KeyError(unknown[0])
        found = [
            Report(**entry | {"notebook": folders.NOTEBOOKS / entry["notebook"], "template": str(entry["title"])})
            for entry in entries
        ]
    except (OSError, TypeError, KeyError, ValueError, yaml.YAMLError) as error:
        raise CallError(
            f"{path.name} is a list of entries with name, notebook, title, question, summary and, where "
            f"they differ from the notebook's, parameters; it is not: {_one_line(error)}"
        ) from None
    for place, entry in enumerate(found):
        for part in ("name", "title", "question", "summary"):
            if not isinstance(getattr(entry, part), str):
                raise CallError(f"{path.name}: the {part} {getattr(entry, part)!r} is no text; put it into quotes.")
        if entry.name in {other.name for other in found[:place]}:
            raise CallError(f"{path.name}: two reports have the name {entry.name!r}; each has its own.")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name) or entry.name in NOT_REPORTS:
            raise CallError(
                f"{path.name}: {entry.name!r} is no name; use lower-case words joined by hyphens, none of "
                f"{', '.join(NOT_REPORTS)}."
            )
    return {entry.name: replace(entry, title=_filled(entry, {})) for entry in found}


def _filled(report: Report, given: Mapping[str, object]) -> str:
    """The title with the names of the parameters' values in it."""
    if "{" not in report.template:
        return report.template
    with store.path("partners").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["in_sentence"] or row["name"] for row in csv.DictReader(file)}
    try:
        held = values(report, given)
    except (CallError, ParameterError):
        return report.template  # whoever builds it is told; the other reports go on
    try:
        return re.sub(r"\{(\w+)\}", lambda name: names.get(held[name[1]], str(held[name[1]])), report.template)
    except KeyError as error:
        raise CallError(f"{report.name}: its title names {error}; it may name {', '.join(held)}.") from None


def named(name: str) -> Report:
    """One report. Raises CallError naming the known ones."""
    if name not in all_reports():
        raise CallError(f"unknown report {name!r}; known are: {', '.join(all_reports())}.")
    return all_reports()[name]


def values(report: Report, given: Mapping[str, object] | None = None) -> dict[str, object]:
    """The values of the report's parameters by name: `given`, else reports.yml's, else the notebook's.

    Raises ParameterError for what a single parameter refuses; `rules.check` refuses what they do not fulfil
    together.
    """
    try:
        return resolve(declared(report.notebook), {**report.parameters, **(given or {})})
    except (CallError, ParameterError) as error:
        raise type(error)(f"{report.name}: {error}") from None


def described(name: str | None) -> list[str]:
    """The lines of `analysis list`: all entries, or one of them with its parameters.

    Raises CallError for a name that no entry has.
    """
    if name is None:
        return [f"{entry.name:32} {entry.notebook.name:28} {entry.title}" for entry in all_reports().values()]
    entry = named(name)
    parameters = declared(entry.notebook)
    lines = [f"{entry.name}: {entry.title}", entry.summary, ""]
    for key, value in values(entry).items():
        one = parameters[key]
        lines.append(f"  {one.name} = {value!r}")
        lines.append(f"      {one.meaning}; {one.allowed}; the notebook's default is {one.default!r}")
    return lines


def variants(grid: Path) -> list[Report]:
    """One report for each combination of the parameters that a YAML file lists, by report and parameter:

        trade-trends:
          start_year: [1995, 2005]
          currency: [usd, kzt]

    Each is named after its report and its parameters. Raises CallError or ParameterError before anything runs.
    """
    form = f"{grid.name} is a grid of the form 'report: {{parameter: [value, …], …}}'"
    try:
        wanted = yaml.load(grid.read_text(encoding="utf-8"), _Once)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CallError(f"{form}; it cannot be read: {_one_line(error)}") from None
    if not (isinstance(wanted, dict) and wanted and all(isinstance(lists, dict) for lists in wanted.values())):
        raise CallError(f"{form}, not {_one_line(repr(wanted))}")
    for name, lists in wanted.items():
        for parameter, choices in lists.items():
            if not isinstance(choices, list) or not choices:
                raise CallError(f"{form}; {name}.{parameter} is not a list of values.")
    count = sum(math.prod(map(len, lists.values())) for lists in wanted.values())
    if count > MOST_VARIANTS:
        raise CallError(f"{grid.name} asks for {count:,} reports; at most {MOST_VARIANTS:,} are built at a time.")
    found = (report for name, lists in wanted.items() for report in _combinations(named(name), lists))
    return list({report.name: report for report in found}.values())


def _combinations(report: Report, lists: Mapping[str, list]) -> Iterator[Report]:
    for combination in itertools.product(*lists.values()):
        yield _variant(report, dict(zip(lists, combination, strict=True)))


def varied(report: Report, given: Mapping[str, object]) -> Report:
    """The report with other parameters, under a name and a title that say which; itself where none differs.

    Raises CallError or ParameterError as `values` does.
    """
    own, wanted = values(report), values(report, given)
    changed = {name: value for name, value in wanted.items() if value != own[name]}
    return _variant(report, changed) if changed else report


def _variant(report: Report, given: Mapping[str, object]) -> Report:
    resolved = values(report, given)
    chosen = {name: value for name, value in resolved.items() if name in given}
    told = [f"{name} {value}" for name, value in chosen.items() if f"{{{name}}}" not in report.template]
    return replace(
        report,
        name=variant_name(report.name, chosen),
        title=_filled(report, given) + (f" ({', '.join(told)})" if told else ""),
        parameters={**report.parameters, **chosen},
    )


def variant_name(report: str, parameters: Mapping[str, object]) -> str:
    """A file name of letters, digits and hyphens for a variant; a digest where it is cut or a value has other signs.

    No name of reports.yml has two hyphens in a row, so that no variant meets one of them.
    """
    plain = {name: re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-") for name, value in parameters.items()}
    words = "--".join(f"{name.lower().replace('_', '-')}-{value}" for name, value in plain.items())
    if len(words) > LONGEST_NAME or any(plain[name] != str(value) for name, value in parameters.items()):
        digest = sha256(repr(sorted(parameters.items())).encode()).hexdigest()[:8]
        words = f"{words[: LONGEST_NAME - 9].rstrip('-')}-{digest}"
    return f"{report}--{words}"


def _one_line(text: object) -> str:
    """A message on one line, cut where it is long."""
    line = " ".join(str(text).split())
    return line if len(line) <= 200 else line[:199] + "…"
