"""A CSV file held against its Table Schema: typed values, or one sentence that names the first fault."""

import csv
import io
import re
from itertools import zip_longest

import numpy as np
import pandas as pd

from analysis.errors import DataError, shown

MISSING_TOKEN = ""
LEXICAL_FORMS = {
    "string": None,
    "integer": "-?[0-9]{1,18}",
    "number": r"-?[0-9]+(\.[0-9]+)?",
    "boolean": "true|false",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
LONGEST = 100_000  # characters of a field; the limit of the csv module is any other package's to change
LOST = "\ufffd"  # stands where an earlier program could not read a character


def read_table(content: bytes, schema: dict, *, label: str) -> pd.DataFrame:
    """Read the content of one CSV file and check it against its schema.

    Args:
        content: the file's bytes.
        schema: a Table Schema (Frictionless Data) with `fields` of the types in `LEXICAL_FORMS` and a `primaryKey`.
        label: how messages name the file.

    Returns:
        One row a record, one column a field: integer as `int64` (`Int64` where it may be empty), number
        as `float64`, string as `str`, date as `datetime64`, boolean as `boolean`.

    Raises:
        DataError: at the first fault, with file, row (line number, from 1), column and rule.
    """
    fields = schema["fields"]
    lines, cells = _split(_decode(content, label), [field["name"] for field in fields], label)
    columns = {}
    for position, field in enumerate(fields):
        raw = pd.Series([row[position] for row in cells], dtype="str")
        columns[field["name"]] = _column(raw, field, lines, label)
    frame = pd.DataFrame(columns)
    _check_key(frame, schema["primaryKey"], lines, label)
    return frame


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
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.isprintable() or LOST in line:
            odd = next(c for c in line if not c.isprintable() or c == LOST)
            raise DataError(
                f"{label}, row {row}: there is the character U+{ord(odd):04X}; the rule is printable characters "
                "and plain spaces."
            )
    if not text:
        raise DataError(f"{label}, row 1: the file is empty; it must have a header.")
    if not text.endswith("\n"):
        raise DataError(f"{label}, row {text.count(chr(10)) + 1}: the last line has no line feed; it may be cut off.")
    return text


def _split(text: str, names: list[str], label: str) -> tuple[list[int], list[list[str]]]:
    """The rows under the header, each with the line that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines, cells, line = [], [], 1
    try:
        _check_header(next(reader), names, label)
        line = reader.line_num + 1
        for row in reader:
            if len(row) != len(names):
                raise DataError(
                    f"{label}, row {line}: the number of fields is {len(row)}; the schema asks for {len(names)}."
                )
            if (longest := max(map(len, row))) > LONGEST:
                raise DataError(
                    f"{label}, row {line}: a field has {longest:,} characters; at most {LONGEST:,} may stand in it."
                )
            lines.append(line)
            cells.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{label}, row {line}: the line is not valid CSV ({error}).") from None
    return lines, cells


def _check_header(header: list[str], names: list[str], label: str) -> None:
    for at, (found, wanted) in enumerate(zip_longest(header, names), start=1):
        if found != wanted:
            raise DataError(
                f"{label}, row 1: the header is {'too short' if found is None else shown(found)} at column {at}; "
                f"the schema asks for {wanted or 'no further column'}."
            )


def _column(raw: pd.Series, field: dict, lines: list[int], label: str) -> pd.Series:
    rules = field.get("constraints", {})
    empty = (raw == MISSING_TOKEN).to_numpy()

    def refuse(fault: np.ndarray, rule: str) -> None:
        if fault.any():
            at = int(fault.argmax())
            text = shown(raw.iloc[at])
            raise DataError(f"{label}, row {lines[at]}, column {field['name']}: {text} is refused; {rule}.")

    if rules.get("required"):
        refuse(empty, "the column must be filled in")
    refuse(np.array([text != text.strip() for text in raw], dtype=bool), "no space may stand around a value")
    lexical = LEXICAL_FORMS[field["type"]]
    if lexical:
        refuse(~empty & ~_matches(raw, lexical), f"the column holds the type {field['type']}")
    values = _convert(raw.mask(empty), field["type"], nullable=not rules.get("required"))
    refuse(~empty & values.isna().to_numpy(), f"the column holds the type {field['type']}")
    if field["type"] == "number":
        refuse(np.isinf(values.to_numpy()), "the number is too large")
    if "enum" in rules:
        refuse(~empty & ~values.isin(rules["enum"]).to_numpy(), f"allowed are {', '.join(map(str, rules['enum']))}")
    if "minimum" in rules:
        refuse(_true(values < rules["minimum"]), f"the least value allowed is {rules['minimum']}")
    if "maximum" in rules:
        refuse(_true(values > rules["maximum"]), f"the greatest value allowed is {rules['maximum']}")
    if "pattern" in rules:
        refuse(~empty & ~_matches(raw, rules["pattern"]), f"the pattern is {rules['pattern']}")
    if rules.get("unique"):
        refuse(~empty & values.duplicated().to_numpy(), "each value may stand once")
    return values


def _true(compared: pd.Series) -> np.ndarray:
    """Where a comparison holds; with an empty cell it does not."""
    return compared.fillna(False).to_numpy(dtype=bool)


def _matches(raw: pd.Series, pattern: str) -> np.ndarray:
    """Where a text matches as a whole: by Python's rules, whatever pandas stores texts in, and digits from 0 to 9."""
    match = re.compile(pattern, re.ASCII).fullmatch
    return np.array([match(text) is not None for text in raw], dtype=bool)


def _convert(present: pd.Series, type_: str, *, nullable: bool) -> pd.Series:
    if type_ == "integer":  # by way of floats, as pandas goes where a cell is empty, the last digits would be lost
        whole = [pd.NA if pd.isna(text) else int(text) for text in present]
        return pd.Series(whole, dtype="Int64" if nullable else "int64")
    if type_ == "number":
        return present.astype("float64")
    if type_ == "boolean":
        return present.map({"true": True, "false": False}).astype("boolean")
    if type_ == "date":  # pandas knows a year 0, the calendar does not
        return pd.to_datetime(present.mask(present.str.startswith("0000")), format="%Y-%m-%d", errors="coerce")
    return present


def _check_key(frame: pd.DataFrame, key: list[str], lines: list[int], label: str) -> None:
    """One pass settles both rules: in a sorted table equal keys are neighbours."""
    keys = list(zip(*(frame[name] for name in key), strict=True))
    for at in range(1, len(keys)):
        if keys[at] == keys[at - 1]:
            raise DataError(
                f"{label}, row {lines[at]}, column {'+'.join(key)}: the key {shown(keys[at])} stands twice; "
                "the primary key must be unique."
            )
        if keys[at] < keys[at - 1]:
            raise DataError(
                f"{label}, row {lines[at]}, column {'+'.join(key)}: the row is out of order; "
                "rows are sorted by the primary key."
            )
