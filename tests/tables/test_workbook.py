"""A workbook holds each cell in its type, leads from its contents to its sheets, and is the same when made again."""

import re
import zipfile
from datetime import date
from io import BytesIO

import pytest
from helpers import opened

from analysis.errors import DataError
from analysis.tables.workbook import Sheet, workbook

CONTENTS = Sheet(name="contents", columns=["table", "rows"], rows=[("one", 4)], head=["All", "of it"])
ONE = Sheet(
    name="one",
    columns=["year", "имя", "sound", "share, %", "day"],
    rows=[
        (1995, "Қазақстан", True, 0.1, date(2014, 5, 29)),
        (None, "=1+1", False, None, date(1899, 12, 31)),
        (2**53, "+1", None, 1e-20, date(1900, 3, 1)),
        (2**53 + 1, "_x0041_", True, 12.0, None),
    ],
    head=["One", "%", "A note"],
    foot=[("Sources", "url"), ("WITS", "https://example.org/a?b=c#d")],
)


def book(*sheets: Sheet, contents: Sheet = CONTENTS, as_of: str = "2026-11") -> bytes:
    return workbook(contents, sheets or [ONE], title="Title", as_of=as_of)


def xml(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return file.read(name).decode()


def test_each_cell_is_in_its_type_and_an_empty_one_is_not_there():
    assert opened(book())["one"] == {
        "A1": "One", "A2": "%", "A3": "A note",
        "A5": "year", "B5": "имя", "C5": "sound", "D5": "share, %", "E5": "day",
        "A6": 1995, "B6": "Қазақстан", "C6": True, "D6": 0.1, "E6": date(2014, 5, 29),
        "B7": "=1+1", "C7": False, "E7": "1899-12-31",
        "A8": 9007199254740992, "B8": "+1", "D8": 1e-20, "E8": date(1900, 3, 1),
        "A9": "9007199254740993", "B9": "_x005F_x0041_", "C9": True, "D9": 12,
        "A11": "Sources", "B11": "url", "A12": "WITS", "B12": "https://example.org/a?b=c#d",
    }  # fmt: skip


def test_the_header_stays_in_sight_is_bold_and_filters_its_rows():
    sheet = xml(book(), "xl/worksheets/sheet2.xml")
    assert '<pane ySplit="5" topLeftCell="A6" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A5:E9"/>' in sheet
    style = int(re.search(r'<c r="A5" s="(\d+)"', sheet)[1])
    font = re.findall(r"<xf [^>]*fontId=\"(\d+)\"", xml(book(), "xl/styles.xml").partition("<cellXfs")[2])[style]
    assert "<b/>" in re.findall(r"<font>.*?</font>", xml(book(), "xl/styles.xml"))[int(font)]


def test_the_contents_lead_to_the_sheets_and_the_foot_to_its_addresses():
    assert opened(book())["contents"] == {
        "A1": "All", "A2": "of it", "A4": "table", "B4": "rows", "A5": "one", "B5": 4,
    }  # fmt: skip
    assert re.findall(r'<hyperlink ref="(\w+)" location="([^"]+)"', xml(book(), "xl/worksheets/sheet1.xml")) == [
        ("A5", "'one'!A1")
    ]
    assert 'Target="https://example.org/a?b=c"' in xml(book(), "xl/worksheets/_rels/sheet2.xml.rels")


def test_names_of_sheets_are_such_as_a_spreadsheet_takes():
    names = ["history", "a/b?", "A-b-", "x" * 40, "x" * 39 + "y", "contents"]
    contents = Sheet(name="contents", columns=["n"], rows=[(name,) for name in names])
    content = book(*(Sheet(name=name, columns=["n"], rows=[]) for name in names), contents=contents)
    given = list(opened(content))
    assert given == ["contents", "history-2", "a-b-", "A-b--2", "x" * 31, "x" * 29 + "-2", "contents-2"]
    links = re.findall(r"location=\"'([^']+)'!A1\"", xml(content, "xl/worksheets/sheet1.xml"))
    assert links == given[1:]


def test_the_same_sheets_give_the_same_bytes_and_no_clock_is_asked():
    assert book() == book()
    for as_of, day in (("2026", "2026-01-01"), ("2026-11", "2026-11-01"), ("2026-11-27", "2026-11-27")):
        core = xml(book(as_of=as_of), "docProps/core.xml")
        assert re.findall(r">(\d[^<]+)<", core) == [f"{day}T00:00:00Z"] * 2
    with zipfile.ZipFile(BytesIO(book())) as file:
        assert {part.date_time for part in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_a_workbook_cannot_hold_is_refused_by_its_place():
    for length in (32_767, 32_768):
        sheet = Sheet(name="long", columns=["text"], rows=[("a",), ("b" * length,)])
        if length == 32_767:
            assert len(opened(book(sheet))["long"]["A3"]) == length
        else:
            with pytest.raises(DataError, match="^The sheet long cannot hold its row 3, column 1; .* 32,767 char"):
                book(sheet)
