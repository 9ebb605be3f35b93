"""The repository's tables: load and validate them, cite their sources, name their version, list them.

A table is a CSV file with a schema in `data/datapackage.json` (Frictionless Data Package, version 2,
https://datapackage.org/standard/data-package/), the only place where types, units and keys are declared. That the
descriptor is sound is for the tests to prove, by frictionless; a load relies on it.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import DataError, shown
from analysis.tables import checkout

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DATA",
    "DataError",
    "all_tables",
    "as_of",
    "cite",
    "foreign_keys",
    "load",
    "path",
    "schema",
    "source_columns",
    "values",
    "version",
    "visible",
]

# The variable lets a test or a trial read a copy; everything else reads the repository's own folder.
DATA = Path(os.environ.get("ANALYSIS_DATA") or checkout.ROOT / "data").resolve()


def visible(folder: Path, pattern: str) -> list[Path]:
    """The files below a folder whose names match, in order, without what editors hide there (`.ipynb_checkpoints`)."""
    found = sorted(folder.rglob(pattern))
    return [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def all_tables() -> list[str]:
    """Return the names of all tables in the order of the descriptor.

    Raises:
        DataError: if the descriptor cannot be read, or a CSV file of the data folder is not in it.
    """
    resources = _resources()
    declared = {resource["path"] for resource in resources.values()}
    for path in (path.relative_to(DATA).as_posix() for path in visible(DATA, "*.csv")):
        if path not in declared:
            raise DataError(f"datapackage.json: no resource has the path {shown(path)}; every CSV file must be in it.")
    return list(resources)


def schema(table: str) -> dict:
    """Return the Table Schema of a table: `fields`, `primaryKey`, and `foreignKeys` where there are any.

    Raises:
        DataError: if the table is unknown, naming the known ones.
    """
    return resource_of(table)["schema"]


def path(table: str) -> Path:
    """Return the path of a table's file.

    Raises:
        DataError: if the table is unknown, naming the known ones.
    """
    return DATA / resource_of(table)["path"]


def foreign_keys(table: str) -> list[dict]:
    """Return the foreign keys of a table, with that of the one source of all its rows where the descriptor names it.

    Raises:
        DataError: if the table is unknown, naming the known ones.
    """
    resource = resource_of(table)
    keys = resource["schema"].get("foreignKeys", [])
    if "source_id" not in resource:
        return keys
    return [*keys, {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}}]


def source_columns(table: str) -> list[str]:
    """Return the columns of a table that name a source, by its foreign keys.

    Raises:
        DataError: if the table is unknown, naming the known ones.
    """
    return [key["fields"][0] for key in foreign_keys(table) if key["reference"]["resource"] == "sources"]


def load(table: str) -> pd.DataFrame:
    """Read a table as it stands, with every source, and check it against its schema: see `readings.load`.

    Raises:
        DataError: if the table is unknown, or at the first fault of its file, with row (line number), column
            and rule.
        CallError: if the working folder belongs to another checkout of this project.
    """
    if "ANALYSIS_DATA" not in os.environ:
        checkout.check()
    resource = resource_of(table)
    path = resource["path"]
    try:
        content = (DATA / path).read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: the file is missing although datapackage.json lists it.") from None
    except OSError as error:
        raise DataError(f"{path}: the file cannot be read ({error.strerror}).") from None
    rows = _checked(content, json.dumps(resource["schema"]), path)
    return rows.assign(source_id=resource["source_id"]) if "source_id" in resource else rows.copy()


@lru_cache(maxsize=128)  # by content, for a notebook and its exhibits ask for the same tables over and over
def _checked(content: bytes, schema: str, label: str) -> pd.DataFrame:
    from analysis.tables.reading import read_table  # imports pandas, which whoever asks for a version can do without

    return read_table(content, json.loads(schema), label=label)


def values(table: str, column: str) -> list[str]:
    """Return the different values of a column as they stand in the file, in its order, without pandas.

    Raises:
        DataError: if the table is unknown, its file cannot be read or it has no such column.
    """
    path = resource_of(table)["path"]
    try:
        with (DATA / path).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"{path}: the file cannot be read ({error}).") from None
    if not rows or column not in rows[0]:
        raise DataError(f"{path}: it has no row with a column {shown(column)}.")
    return list(dict.fromkeys(row[column] for row in rows))


def cite(source_id: str) -> str:
    """Return a citation of a source in one line: title, publisher, date, address, licence, date of access.

    Raises:
        DataError: if the source is unknown, naming the nearest known ones.
    """
    sources = load("sources").set_index("source_id")
    if source_id not in sources.index:
        near = difflib.get_close_matches(source_id, sources.index, n=3)
        like = f"; near it are {', '.join(near)}" if near else ""
        raise DataError(f"The source {shown(source_id)} is unknown{like}; all stand in sources.csv of the data folder.")
    return citation(sources.loc[source_id])


def as_of() -> str:
    """Return the newest date on which a source was read: year, month or day.

    Raises:
        DataError: if the sources are not as declared.
    """
    return str(load("sources")["accessed"].dropna().max())


def version(tables: Iterable[str] | None = None) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 over tables' names, lengths and bytes.

    Args:
        tables: names of tables, in any order; by default all tables and the descriptor itself.

    Raises:
        DataError: if a table is unknown or its file is missing.
    """
    names = _resources() if tables is None else set(tables)
    paths = {name: resource_of(name)["path"] for name in names}
    if tables is None:
        paths["datapackage.json"] = "datapackage.json"
    digest = hashlib.sha256()
    for name, path in sorted(paths.items()):
        try:
            content = (DATA / path).read_bytes()
        except FileNotFoundError:
            raise DataError(f"{path}: the file is missing although datapackage.json lists it.") from None
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _resources() -> dict[str, dict]:
    try:
        return _described((DATA / "datapackage.json").read_bytes())
    except FileNotFoundError:
        raise DataError("datapackage.json: the descriptor is missing from the data folder.") from None
    except OSError as error:
        raise DataError(f"datapackage.json: the descriptor cannot be read ({error.strerror}).") from None


@lru_cache(maxsize=1)
def _described(content: bytes) -> dict[str, dict]:
    try:
        resources = json.loads(content, object_pairs_hook=_once)["resources"]
        return {resource["name"]: resource for resource in resources}
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise DataError(
            "datapackage.json: the descriptor is not valid JSON with a list of named resources "
            f"({type(error).__name__}: {error})."
        ) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON, each key of which stands once."""
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise ValueError(f"the key {key!r} stands {count} times in one object")
    return dict(pairs)


def resource_of(table: str) -> dict:
    resources = _resources()
    if table not in resources:
        raise DataError(f"The table {shown(table)} is unknown; known are {', '.join(resources)}.")
    return resources[table]


def citation(source: Mapping[str, object]) -> str:
    """A row of the table sources in one line; a cell that is empty is not a text."""
    given = {name: cell for name, cell in source.items() if isinstance(cell, str)}
    parts = [f"{given['title']}. {given['publisher']}, {given.get('published', 'no date')}."]
    if "url" in given:
        parts.append(f"{given['url']}.")
    if "licence" in given:
        parts.append(f"Licence: {given['licence']}.")
    if "accessed" in given:
        parts.append(f"Accessed {given['accessed']}.")
    return " ".join(parts)
