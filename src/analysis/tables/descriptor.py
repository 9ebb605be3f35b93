"""What a table's schema may hold (Table Schema, Frictionless Data): every part is applied, or refused."""

import re
from collections.abc import Mapping

from analysis.errors import DataError, shown

MISSING_TOKEN = ""
LEXICAL_FORMS = {
    "string": None,
    "integer": "-?[0-9]{1,18}",
    "number": r"-?[0-9]+(\.[0-9]+)?",
    "boolean": "true|false",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
NAME = "[a-z][a-z0-9_]*"
NUMBER = (int, float)
JSON_NAMES = {
    list: "a list",
    dict: "an object",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}
# What a schema may hold, as what; a part that nothing here applies would leave something unchecked.
SCHEMA_PARTS = {"fields": (list,), "primaryKey": (list,), "foreignKeys": (list,), "missingValues": (list,)}
FIELD_PARTS = {"name": (str,), "type": (str,), "description": (str,), "unit": (str,), "constraints": (dict,)}
CONSTRAINTS = {
    "required": (bool,),
    "enum": (list,),
    "minimum": NUMBER,
    "maximum": NUMBER,
    "pattern": (str,),
    "unique": (bool,),
}


def check_schema(schema: dict, label: str) -> None:
    """Refuse a schema that would leave something unchecked or undescribed.

    Raises:
        DataError: at the first fault, with file and column.
    """
    _check_parts(schema, SCHEMA_PARTS, f"{label}: the schema")
    for part in ("fields", "primaryKey"):
        if not schema.get(part):
            raise DataError(f"{label}: the schema has no {part}; a table must have it.")
    if schema.get("missingValues", [MISSING_TOKEN]) != [MISSING_TOKEN]:
        raise DataError(f'{label}: the schema\'s missingValues must be [""]; only an empty cell is a missing value.')
    for position, field in enumerate(schema["fields"], start=1):
        _check_field(field, position, label)
    names = [field["name"] for field in schema["fields"]]
    for name in names:
        if names.count(name) > 1:
            raise DataError(f"{label}, column {name}: the schema has it twice; each column may stand once.")
    required = [f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")]
    for name in schema["primaryKey"]:
        if name not in names:
            raise DataError(f"{label}: the schema's primary key names {shown(name)}, which is no column of the table.")
        if name not in required:
            raise DataError(f"{label}, column {name}: a column of the primary key must be required in the schema.")


def _check_field(field: object, position: int, label: str) -> None:
    """Refuse a field that is not described, or a constraint that could not be applied to its type."""
    if not isinstance(field, dict):
        raise DataError(f"{label}, column {position}: the schema must describe it by an object, not {shown(field)}.")
    name = field.get("name") or position
    where = f"{label}, column {name if isinstance(name, str) and re.fullmatch(NAME, name) else shown(name)}"
    for part in ("name", "type", "description"):
        if not field.get(part):
            raise DataError(f"{where}: the schema has no {part} for it.")
    if where != f"{label}, column {name}":
        raise DataError(f"{where}: the schema's name of it must match {NAME}.")
    _check_parts(field, FIELD_PARTS, f"{where}: the schema")
    type_, rules = field["type"], field.get("constraints", {})
    if type_ not in LEXICAL_FORMS:
        raise DataError(
            f"{where}: the schema's type {shown(type_)} is unknown; allowed are {', '.join(LEXICAL_FORMS)}."
        )
    _check_parts(rules, CONSTRAINTS, f"{where}: the schema", kind="constraint")
    if {"minimum", "maximum"} & set(rules) and type_ not in ("integer", "number"):
        raise DataError(f"{where}: the schema has a minimum or a maximum; only an integer or a number may have one.")
    if not all(type(value) in (str, bool, *NUMBER) and str(value).isprintable() for value in rules.get("enum", [])):
        raise DataError(f"{where}: the schema's enum must hold printable texts, numbers or booleans.")
    if not rules.get("pattern", "").isprintable():
        raise DataError(f"{where}: the schema's pattern must be printable, not {shown(rules['pattern'])}.")
    try:
        re.compile(rules.get("pattern", ""))
    except re.error as error:
        raise DataError(f"{where}: the schema's pattern is no regular expression ({error}).") from None


def _check_parts(thing: dict, parts: Mapping[str, tuple[type, ...]], where: str, *, kind: str = "part") -> None:
    """Refuse an unknown part of a schema, or one that is not what it has to be."""
    for part, value in thing.items():
        if part not in parts:
            raise DataError(f"{where}'s {kind} {shown(part)} is unknown; allowed are {', '.join(parts)}.")
        if type(value) not in parts[part]:
            raise DataError(f"{where}'s {part} must be {JSON_NAMES[parts[part][0]]}, not {shown(value)}.")
