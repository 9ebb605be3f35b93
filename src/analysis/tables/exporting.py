"""All tables to take away, as one Excel workbook and one SQLite database: the same bytes for the same tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd

from analysis.tables import store
from analysis.tables.workbook import Sheet, workbook

NAME = "kz-ru-tables"
SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "BOOLEAN", "date": "TEXT", "string": "TEXT"}
ONE_SOURCE = {"name": "source_id", "type": "string", "description": "The source, which is the same for all rows"}
COLUMNS = ("table", "column", "type", "unit", "description")


class Table(NamedTuple):
    """A table with its fields, as the descriptor has them, and its rows of plain values, None where a cell is empty."""

    name: str
    fields: Sequence[Mapping]
    rows: Sequence[Sequence[object]]


def exported() -> dict[str, bytes]:
    """The workbook and the database by the names of their files.

    Raises:
        DataError: if the descriptor or a table is not as declared, or has more than a workbook takes.
    """
    tables = [_table(name) for name in store.all_tables()]
    return {f"{NAME}.xlsx": _workbook(tables), f"{NAME}.sqlite": _database(tables)}


def _table(name: str) -> Table:
    frame, fields = store.load(name), store.schema(name)["fields"]
    if "source_id" in store.resource_of(name):
        fields = [*fields, ONE_SOURCE]
    columns = [_plain(frame[field["name"]]) for field in fields]
    return Table(name, fields, list(zip(*columns, strict=True)))


def _plain(column: pd.Series) -> list[object]:
    values = column.dt.date if pd.api.types.is_datetime64_dtype(column) else column
    return values.astype(object).where(column.notna(), None).tolist()


def _about() -> dict[str, str]:
    """What stands above all tables: what they are, which they are, and on what terms they are given away."""
    told = json.loads((store.DATA / "datapackage.json").read_text(encoding="utf-8"))
    licences = "; ".join(f"{licence['title']} ({licence['path']})" for licence in told["licenses"])
    told = {name: told[name] for name in ("title", "description", "version")}
    return told | {"data": f"{store.version()}, as of {store.as_of()}", "licence": licences}


def _listed(tables: Sequence[Table]) -> list[tuple]:
    resources = [store.resource_of(table.name) for table in tables]
    return [(t.name, r["title"], r["description"], len(t.rows)) for t, r in zip(tables, resources, strict=True)]


def _described(tables: Sequence[Table]) -> list[tuple]:
    return [
        (table.name, field["name"], field["type"], field.get("unit"), field["description"])
        for table in tables
        for field in table.fields
    ]


def _workbook(tables: Sequence[Table]) -> bytes:
    about, described = _about(), _described(tables)
    head = [about["title"], *(f"{name.capitalize()}: {said}" for name, said in about.items() if name != "title")]
    listed = [*_listed(tables), ("columns", "Columns", "What each column of each table holds", len(described))]
    contents = Sheet(name="contents", columns=("table", "title", "description", "rows"), rows=listed, head=head)
    sheets = [Sheet(name=t.name, columns=[field["name"] for field in t.fields], rows=t.rows) for t in tables]
    sheets.append(Sheet(name="columns", columns=COLUMNS, rows=described))
    return workbook(contents, sheets, title=about["title"], as_of=store.as_of())


def _database(tables: Sequence[Table]) -> bytes:
    """The tables with their keys, and beside them what they are (`about`, `about_tables`, `about_columns`)."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA page_size = 4096")
    for table in tables:
        _fill(connection, table.name, _definition(table), table.rows)
    about_tables = '"table" TEXT PRIMARY KEY, "title" TEXT, "description" TEXT, "rows" INTEGER'
    about_columns = (
        '"table" TEXT REFERENCES "about_tables", "column" TEXT, "type" TEXT, "unit" TEXT, "description" TEXT, '
        'PRIMARY KEY ("table", "column")'
    )
    _fill(connection, "about", '"what" TEXT PRIMARY KEY, "said" TEXT', list(_about().items()))
    _fill(connection, "about_tables", about_tables, _listed(tables))
    _fill(connection, "about_columns", about_columns, _described(tables))
    connection.commit()
    connection.execute("VACUUM")
    content = connection.serialize()
    connection.close()
    return content


def _definition(table: Table) -> str:
    parts = [
        f"{_quoted(field['name'])} {SQL_TYPES[field['type']]}"
        + " NOT NULL" * bool(field.get("constraints", {}).get("required"))
        for field in table.fields
    ]
    parts.append(f"PRIMARY KEY ({_quoted(*store.schema(table.name)['primaryKey'])})")
    for key in store.foreign_keys(table.name):
        to = key["reference"]
        there = f"{_quoted(to['resource'])} ({_quoted(*to['fields'])})"
        parts.append(f"FOREIGN KEY ({_quoted(*key['fields'])}) REFERENCES {there}")
    return ", ".join(parts)


def _fill(connection: sqlite3.Connection, name: str, definition: str, rows: Sequence[Sequence[object]]) -> None:
    connection.execute(f"CREATE TABLE {_quoted(name)} ({definition})")
    if rows:
        places = ", ".join("?" * len(rows[0]))
        plain = ([v.isoformat() if isinstance(v, date) else v for v in row] for row in rows)
        connection.executemany(f"INSERT INTO {_quoted(name)} VALUES ({places})", plain)


def _quoted(*names: str) -> str:
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)
