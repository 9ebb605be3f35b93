"""A CSV file held against its Table Schema: typed values, or one sentence that names the first fault."""

import csv
import io

import pandas as pd

from analysis.errors import DataError

MISSING_TOKEN = ""
LEXICAL_FORMS = {
    "string": None,
    "integer": "-?[0-9]{1,18}",
    "number": r"-?[0-9]+(\.[0-9]+)?",
    "boolean": "true|false",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
CONSTRAINTS = ("required", "enum", "minimum", "maximum", "pattern", "unique")


def read_table(content: bytes, schema: dict, *, label: str) -> pd.DataFrame:
    """Read the content of one CSV file and check it against its schema.

    Args:
        content: the file's bytes.
        schema: a Table Schema (Frictionless Data) with `fields` and `primaryKey`.
        label: how messages name the file.

    Returns:
        One row a record, one column a field: integer as `int64` (`Int64` where it may be empty), number
        as `float64`, string as `str`, date as `datetime64`, boolean as `boolean`.

    Raises:
        DataError: at the first fault, with file, row (line number, from 1), column and rule.
    """
    _check_schema(schema, label)
    fields = schema["fields"]
    lines, cells = _split(_decode(content, label), [field["name"] for field in fields], label)
    columns = {}
    for position, field in enumerate(fields):
        raw = pd.Series([row[position] for row in cells], dtype="str")
        columns[field["name"]] = _column(raw, field, lines, label)
    frame = pd.DataFrame(columns)
    _check_key(frame, schema["primaryKey"], lines, label)
    return frame


def _check_schema(schema: dict, label: str) -> None:
    """Refuse a schema that would leave something unchecked or undescribed."""
    for part in ("fields", "primaryKey"):
        if not schema.get(part):
            raise DataError(f"{label}: the schema has no {part}; a table must have it.")
    for position, field in enumerate(schema["fields"], start=1):
        for part in ("name", "type", "description"):
            if not field.get(part):
                raise DataError(f"{label}, column {field.get('name', position)}: the schema has no {part} for it.")
        name = field["name"]
        if field["type"] not in LEXICAL_FORMS:
            raise DataError(
                f"{label}, column {name}: the schema's type {field['type']!r} is unknown; "
                f"allowed are {', '.join(LEXICAL_FORMS)}."
            )
        unknown = sorted(set(field.get("constraints", {})) - set(CONSTRAINTS))
        if unknown:
            raise DataError(
                f"{label}, column {name}: the schema's constraint {unknown[0]!r} is unknown; "
                f"allowed are {', '.join(CONSTRAINTS)}."
            )
    required = {f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")}
    for name in schema["primaryKey"]:
        if name not in required:
            raise DataError(f"{label}, column {name}: a column of the primary key must be required in the schema.")


def _decode(content: bytes, label: str) -> str:
    for fault, name, rule in (
        (b"\xef\xbb\xbf", "a byte-order mark", "UTF-8 without one"),
        (b"\x00", "a NUL byte", "plain text"),
        (b"\r", "a carriage return", "line feeds alone as line ends"),
    ):
        if fault in content:
            row = content[: content.index(fault)].count(b"\n") + 1
            raise DataError(f"{label}, row {row}: there is {name}; the rule is {rule}.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataError(f"{label}, row {row}: the bytes are not UTF-8, the only encoding allowed.") from None
    if not text.endswith("\n"):
        raise DataError(f"{label}, row {text.count(chr(10)) + 1}: the last line has no line feed; it may be cut off.")
    return text


def _split(text: str, names: list[str], label: str) -> tuple[list[int], list[list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, cells = [], []
    try:
        header = next(reader)
        if header != names:
            raise DataError(f"{label}, row 1: the header is {','.join(header)}; the schema asks for {','.join(names)}.")
        for row in reader:
            if len(row) != len(names):
                raise DataError(
                    f"{label}, row {reader.line_num}: the number of fields is {len(row)}; "
                    f"the schema asks for {len(names)}."
                )
            lines.append(reader.line_num)
            cells.append(row)
    except csv.Error as error:
        raise DataError(f"{label}, row {reader.line_num}: the line is not valid CSV ({error}).") from None
    return lines, cells


def _column(raw: pd.Series, field: dict, lines: list[int], label: str) -> pd.Series:
    rules = field.get("constraints", {})
    empty = raw == MISSING_TOKEN

    def refuse(fault: pd.Series, rule: str) -> None:
        if fault.any():
            at = int(fault.to_numpy().argmax())
            raise DataError(f"{label}, row {lines[at]}, column {field['name']}: {raw.iloc[at]!r} is refused; {rule}.")

    if rules.get("required"):
        refuse(empty, "the column must be filled in")
    lexical = LEXICAL_FORMS[field["type"]]
    if lexical:
        refuse(~empty & ~raw.str.fullmatch(lexical), f"the column holds the type {field['type']}")
    values = _convert(raw.mask(empty), field["type"], nullable=not rules.get("required"))
    refuse(~empty & values.isna(), f"the column holds the type {field['type']}")
    if "enum" in rules:
        refuse(~empty & ~values.isin(rules["enum"]), f"allowed are {', '.join(map(str, rules['enum']))}")
    if "minimum" in rules:
        refuse((values < rules["minimum"]).fillna(False), f"the least value allowed is {rules['minimum']}")
    if "maximum" in rules:
        refuse((values > rules["maximum"]).fillna(False), f"the greatest value allowed is {rules['maximum']}")
    if "pattern" in rules:
        refuse(~empty & ~raw.str.fullmatch(rules["pattern"]), f"the pattern is {rules['pattern']}")
    if rules.get("unique"):
        refuse(~empty & raw.duplicated(), "each value may stand once")
    return values


def _convert(present: pd.Series, type_: str, *, nullable: bool) -> pd.Series:
    if type_ == "integer":
        return pd.to_numeric(present).astype("Int64" if nullable else "int64")
    if type_ == "number":
        return pd.to_numeric(present).astype("float64")
    if type_ == "boolean":
        return present.map({"true": True, "false": False}).astype("boolean")
    if type_ == "date":
        return pd.to_datetime(present, format="%Y-%m-%d", errors="coerce")
    return present


def _check_key(frame: pd.DataFrame, key: list[str], lines: list[int], label: str) -> None:
    """One pass settles both rules: in a sorted table equal keys are neighbours."""
    keys = list(zip(*(frame[name] for name in key), strict=True))
    for at in range(1, len(keys)):
        if keys[at] == keys[at - 1]:
            raise DataError(
                f"{label}, row {lines[at]}, column {'+'.join(key)}: the key {keys[at]} stands twice; "
                "the primary key must be unique."
            )
        if keys[at] < keys[at - 1]:
            raise DataError(
                f"{label}, row {lines[at]}, column {'+'.join(key)}: the row is out of order; "
                "rows are sorted by the primary key."
            )
