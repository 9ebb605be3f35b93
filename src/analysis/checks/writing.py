"""Changes of tables as the text of their files, and several files written all or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import DataError
from analysis.tables import store
from analysis.tables.parts import sweep

CENTS = 2  # decimals of an amount of money


def changed(table: str, new: pd.DataFrame, values: Mapping[tuple[str, ...], Mapping[str, str]]) -> str:
    """The text of a table's file with rows more and cells changed, sorted by its key; all else stays to the byte.

    Args:
        table: its name.
        new: rows to add, with all columns of the table.
        values: by key, as it stands in the file, the cells to change.
    """
    fields = store.schema(table)["fields"]
    columns, key = [field["name"] for field in fields], store.schema(table)["primaryKey"]
    whole = {field["name"] for field in fields if field["type"] == "integer"}
    rows = list(csv.DictReader(io.StringIO(store.path(table).read_text(encoding="utf-8"), newline="")))
    for row in rows:
        row |= values.get(tuple(row[name] for name in key), {})
    rows += [{name: written(row[name], name) for name in columns} for row in new.to_dict("records")]
    rows.sort(key=lambda row: [int(row[name]) if name in whole else row[name] for name in key])
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def written(value: object, column: str = "value") -> str:
    """A cell as the files have it: nothing for what is missing, a number without exponent, money to the cent."""
    if pd.isna(value):
        return ""
    if isinstance(value, float | np.floating):
        digits = CENTS if column.startswith("value_") else None
        return np.format_float_positional(value, precision=digits, unique=True, trim="-")
    return str(value)


def write(texts: Mapping[Path, str]) -> None:
    """Write several files, each beside its target and moved into place; where one fails, all are as they were. What
    a killed process left beside them is removed.

    Raises:
        DataError: if one cannot be written.
    """
    for folder in {path.parent for path in texts}:
        sweep(folder)
    before = {path: path.read_bytes() if path.exists() else None for path in texts}
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}-0.part") for path in texts}
    moved: list[Path] = []
    try:
        for path, text in texts.items():
            parts[path].write_text(text, encoding="utf-8", newline="")
        for path, part in parts.items():
            os.replace(part, path)
            moved.append(path)
    except BaseException as error:
        for path in moved:
            if before[path] is None:
                path.unlink()
            else:
                path.write_bytes(before[path])
        if isinstance(error, OSError):
            raise DataError(f"cannot write {error.filename}: {error.strerror}; nothing is changed.") from None
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
