"""All tables in one workbook and one database: typed, keyed, described, and the same bytes when written again."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import date

import pytest
from helpers import opened

from analysis import cli
from analysis.tables import exporting, store

FIELDS = [
    {"name": "thing_id", "type": "integer", "description": "Its number", "constraints": {"required": True}},
    {"name": "name", "type": "string", "description": "Its name", "constraints": {"required": True}},
    {"name": "sound", "type": "boolean", "description": "Whether it is sound"},
    {"name": "order", "type": "integer", "description": "A word of SQL"},
    {"name": "share", "type": "number", "unit": "%", "description": "A share"},
    {"name": "day", "type": "date", "description": "Its day"},
    {"name": "month", "type": "string", "description": "Year or month"},
    {"name": "part_of", "type": "integer", "description": "What it is a part of"},
]
THINGS = """\
thing_id,name,sound,order,share,day,month,part_of
1,Қазақстан,true,9007199254740993,12.5,2014-05-29,2014-05,
2,=1+1,false,-3,,,2015,1
3,Ёлка,,,0.1,1998-08-17,,1
"""


def resource(name: str, fields: list[dict], **more: object) -> dict:
    schema = {"fields": fields, "primaryKey": [fields[0]["name"]]} | more.pop("schema", {})
    told = {"name": name, "path": f"{name}.csv", "title": name.capitalize(), "description": f"All {name}."}
    return told | more | {"schema": schema}


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A package of sources and of things, one of which is part of another; all are from the first source."""
    folder = tmp_path / "data"
    folder.mkdir()
    names = ("source_id", "title", "accessed")
    sources = [{"name": name, "type": "string", "description": name.capitalize()} for name in names]
    own = {"fields": ["part_of"], "reference": {"resource": "things", "fields": ["thing_id"]}}
    told = {"title": "Small tables", "description": "For tests.", "version": "1.0"}
    told["licenses"] = [{"name": "CC0-1.0", "path": "https://example.org/cc0", "title": "CC0"}]
    told["resources"] = [
        resource("things", FIELDS, source_id="wits", schema={"foreignKeys": [own]}),
        resource("sources", sources),
    ]
    (folder / "datapackage.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "things.csv").write_text(THINGS, encoding="utf-8")
    (folder / "sources.csv").write_text(
        "source_id,title,accessed\nbns,Bureau,2026-09\nwits,WITS,2026-10-02\n", encoding="utf-8"
    )
    monkeypatch.setattr(store, "DATA", folder)
    return folder


def database(content: bytes) -> closing:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return closing(connection)


def test_the_workbook_has_a_sheet_a_table_with_typed_cells(small):
    book = opened(exporting.exported()["kz-ru-tables.xlsx"])
    assert list(book) == ["contents", "things", "sources", "columns"]
    assert book["things"] == {
        "A1": "thing_id", "B1": "name", "C1": "sound", "D1": "order", "E1": "share", "F1": "day", "G1": "month",
        "H1": "part_of", "I1": "source_id",
        "A2": 1, "B2": "Қазақстан", "C2": True, "D2": "9007199254740993", "E2": 12.5, "F2": date(2014, 5, 29),
        "G2": "2014-05", "I2": "wits",
        "A3": 2, "B3": "=1+1", "C3": False, "D3": -3, "G3": "2015", "H3": 1, "I3": "wits",
        "A4": 3, "B4": "Ёлка", "E4": 0.1, "F4": date(1998, 8, 17), "H4": 1, "I4": "wits",
    }  # fmt: skip


def test_the_contents_and_the_columns_say_what_is_there(small):
    book = opened(exporting.exported()["kz-ru-tables.xlsx"])
    assert [cell for cell in book["contents"].values()] == [
        "Small tables",
        "Description: For tests.",
        "Version: 1.0",
        f"Data: {store.version()}, as of 2026-10-02",
        "Licence: CC0 (https://example.org/cc0)",
        *("table", "title", "description", "rows"),
        *("things", "Things", "All things.", 3),
        *("sources", "Sources", "All sources.", 2),
        *("columns", "Columns", "What each column of each table holds", 12),
    ]
    rows = list(book["columns"].values())
    assert rows[:9] == [*("table", "column", "type", "unit", "description"), *("things", "thing_id", "integer")] + [
        "Its number"
    ]
    assert {("E6", "A share"), ("D6", "%"), ("B10", "source_id")} <= set(book["columns"].items())


def test_the_database_has_types_and_keys_and_says_what_is_there(small):
    with database(exporting.exported()["kz-ru-tables.sqlite"]) as tables:
        assert tables.execute("SELECT * FROM things").fetchall() == [
            (1, "Қазақстан", 1, 9007199254740993, 12.5, "2014-05-29", "2014-05", None, "wits"),
            (2, "=1+1", 0, -3, None, None, "2015", 1, "wits"),
            (3, "Ёлка", None, None, 0.1, "1998-08-17", None, 1, "wits"),
        ]
        columns = tables.execute("SELECT name, type, \"notnull\", pk FROM pragma_table_info('things')").fetchall()
        assert columns[:5] == [
            ("thing_id", "INTEGER", 1, 1),
            ("name", "TEXT", 1, 0),
            ("sound", "BOOLEAN", 0, 0),
            ("order", "INTEGER", 0, 0),
            ("share", "REAL", 0, 0),
        ]
        keys = tables.execute("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('things')").fetchall()
        assert sorted(keys) == [("part_of", "things", "thing_id"), ("source_id", "sources", "source_id")]
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == []
        assert tables.execute("SELECT said FROM about WHERE what = 'licence'").fetchall() == [
            ("CC0 (https://example.org/cc0)",)
        ]
        assert tables.execute("SELECT * FROM about_tables").fetchall() == [
            ("things", "Things", "All things.", 3),
            ("sources", "Sources", "All sources.", 2),
        ]
        about = 'SELECT type, unit, description FROM about_columns WHERE "table" = \'things\' AND "column" = \'share\''
        assert tables.execute(about).fetchall() == [("number", "%", "A share")]


def test_a_key_that_leads_nowhere_shows_in_the_database(small):
    path = small / "things.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",,1\n", ",,7\n"), encoding="utf-8")
    with database(exporting.exported()["kz-ru-tables.sqlite"]) as tables:
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == [("things", 3, "things", 1)]


def test_all_tables_are_there_whole_with_sound_keys_and_the_same_bytes_again():
    files = exporting.exported()
    assert files == exporting.exported()
    book, names = opened(files["kz-ru-tables.xlsx"]), store.all_tables()
    assert list(book) == ["contents", *names, "columns"]
    with database(files["kz-ru-tables.sqlite"]) as tables:
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == []
        assert tables.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for name in names:
            frame = store.load(name)
            cells = int(frame.notna().sum().sum())
            assert len(book[name]) == len(frame.columns) + cells, name
            filled = " + ".join(f'count("{column}")' for column in frame)
            assert tables.execute(f'SELECT count(*), {filled} FROM "{name}"').fetchall() == [(len(frame), cells)], name


def test_the_command_writes_both_whole_and_names_them(small, tmp_path, monkeypatch, capsys):
    out = tmp_path / "new" / "folder"

    def interrupted(*paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        assert cli.main(["export", "--out", str(out)]) == 1
    assert list(out.iterdir()) == []
    capsys.readouterr()
    assert cli.main(["export", "--out", str(out)]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == exporting.exported()
    assert capsys.readouterr().out == f"{out}/kz-ru-tables.xlsx: 0.0 MB\n{out}/kz-ru-tables.sqlite: 0.0 MB\n"
