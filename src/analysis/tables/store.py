"""The repository's tables: load and validate them, cite their sources, name their version, list them.

A table is a CSV file with a schema in `data/datapackage.json` (Frictionless Data Package, version 2,
https://datapackage.org/standard/data-package/), the only place where types, units and keys are declared.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import DataError, shown
from analysis.tables.descriptor import NAME, check_schema

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DATA", "DataError", "all_tables", "cite", "load", "schema", "source_columns", "version"]

# The variable lets a test or a trial read a copy; everything else reads the repository's own folder.
DATA = Path(os.environ.get("ANALYSIS_DATA") or Path(__file__).resolve().parents[3] / "data")


def all_tables() -> list[str]:
    """Return the names of all tables in the order of the descriptor.

    Raises:
        DataError: if the descriptor is not as it has to be, or a CSV file of the data folder is not in it.
    """
    resources = _resources()
    declared = {resource["path"] for resource in resources.values()}
    for path in sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv")):
        if path not in declared:
            raise DataError(f"datapackage.json: no resource has the path {shown(path)}; every CSV file must be in it.")
    return list(resources)


def schema(table: str) -> dict:
    """Return the Table Schema of a table: `fields`, `primaryKey`, and `foreignKeys` where there are any.

    Raises:
        DataError: if the table is unknown, naming the known ones.
    """
    return resource_of(table)["schema"]


def source_columns(table: str) -> list[str]:
    """Return the columns of a table that name a source, by its foreign keys.

    Raises:
        DataError: if the table is unknown, naming the known ones.
    """
    keys = schema(table).get("foreignKeys", [])
    return [key["fields"][0] for key in keys if key["reference"]["resource"] == "sources"]


def load(table: str) -> pd.DataFrame:
    """Read a table and check it against its schema.

    Args:
        table: a name out of `tables()`.

    Returns:
        One row a record, in the order of the primary key: integer as `int64` (`Int64` where it may be empty),
        number as `float64`, string as `str`, date as `datetime64`, boolean as `boolean`. Units stand in the
        column's name, in a column `unit` or in the schema.

    Raises:
        DataError: if the table is unknown, or at the first fault of its file, with row (line number), column
            and rule.
    """
    path = resource_of(table)["path"]
    try:
        content = (DATA / path).read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: the file is missing although datapackage.json lists it.") from None
    except OSError as error:
        raise DataError(f"{path}: the file cannot be read ({error.strerror}).") from None
    return _checked(content, json.dumps(schema(table)), path).copy()


@lru_cache(maxsize=64)  # by content, for a notebook and its exhibits ask for the same tables over and over
def _checked(content: bytes, schema: str, label: str) -> pd.DataFrame:
    from analysis.tables.reading import read_table  # imports pandas, which whoever asks for a version can do without

    return read_table(content, json.loads(schema), label=label)


def cite(source_id: str) -> str:
    """Return a citation of a source in one line: title, publisher, date, address, licence, date of access.

    Raises:
        DataError: if the source is unknown, naming the nearest known ones, or all of them.
    """
    sources = load("sources").set_index("source_id")
    if source_id not in sources.index:
        near = difflib.get_close_matches(source_id, sources.index, n=3) or list(sources.index)
        raise DataError(f"The source {shown(source_id)} is unknown; known are {', '.join(near)}.")
    return citation(sources.loc[source_id])


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
    """The resources by name, once the descriptor is known to describe tables and their links."""
    try:
        descriptor = json.loads(content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise DataError(f"datapackage.json: the descriptor is not valid JSON in UTF-8 ({error}).") from None
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(resources, list) or not resources:
        raise DataError("datapackage.json: the descriptor must be an object with a list of resources.")
    for number, resource in enumerate(resources, start=1):
        _check_resource(resource, number)
    for part in ("name", "path"):
        value, times = Counter(resource[part] for resource in resources).most_common(1)[0]
        if times > 1:
            raise DataError(f"datapackage.json: the {part} {value} stands {times} times; each may stand once.")
    described = {resource["name"]: resource for resource in resources}
    for resource in resources:
        check_schema(resource["schema"], resource["path"])
    for name, resource in described.items():
        for key in resource["schema"].get("foreignKeys", []):
            _check_link(name, key, described)
    return described


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"an object has {shown(twice)} twice")
    return dict(pairs)


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _check_resource(resource: object, number: int) -> None:
    if not isinstance(resource, dict):
        raise DataError(f"datapackage.json: resource {number} must be an object, not {shown(resource)}.")
    name = resource.get("name")
    if not isinstance(name, str) or not re.fullmatch(NAME, name):
        raise DataError(f"datapackage.json: the name of resource {number} must match {NAME}, not be {shown(name)}.")
    for part, type_ in {"path": str, "title": str, "description": str, "schema": dict}.items():
        if not resource.get(part):
            raise DataError(f"datapackage.json: the resource {name} has no {part}.")
        if not isinstance(resource[part], type_):
            kind = "a text" if type_ is str else "an object"
            raise DataError(f"datapackage.json: the {part} of {name} must be {kind}, not {shown(resource[part])}.")
    if not re.fullmatch(r"([a-z0-9_]+/)*[a-z0-9_]+\.csv", resource["path"]):
        raise DataError(
            f"datapackage.json: the path of {name} must name a CSV file in the data folder, in lower-case letters, "
            f"not be {shown(resource['path'])}."
        )


def _check_link(table: str, key: object, resources: dict[str, dict]) -> None:
    """A foreign key goes from columns of the table to as many columns of a declared one."""
    try:
        here, there, target = key["fields"], key["reference"]["fields"], key["reference"]["resource"]
        columns = [[field["name"] for field in resources[name]["schema"]["fields"]] for name in (table, target)]
        sound = isinstance(here, list) and isinstance(there, list) and len(here) == len(there) > 0
        sound = sound and all(name in columns[0] for name in here) and all(name in columns[1] for name in there)
    except (KeyError, TypeError):
        sound = False
    if not sound:
        raise DataError(
            f"datapackage.json: a foreign key of {table} must lead from its columns to as many columns of a declared "
            f"table, not be {shown(key)}."
        )


def resource_of(table: str) -> dict:
    resources = _resources()
    if table not in resources:
        raise DataError(f"The table {shown(table)} is unknown; known are {', '.join(resources)}.")
    return resources[table]


def citation(source: pd.Series) -> str:
    source = source.fillna("")
    parts = [f"{source['title']}. {source['publisher']}, {source['published'] or 'no date'}."]
    if source["url"]:
        parts.append(f"{source['url']}.")
    parts.append(f"Licence: {source['licence']}.")
    if source["accessed"]:
        parts.append(f"Accessed {source['accessed']}.")
    return " ".join(parts)
