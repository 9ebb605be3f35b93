"""Tables as one Excel workbook: each cell in its own type, the header in sight, and no text that becomes a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from analysis.errors import DataError

NAME = 31  # characters that a sheet's name may have
ODD = re.compile(r"[\[\]:*?/\\']")  # what it may not hold
TAKEN = "history"  # Excel keeps it for itself
MOST_CHARACTERS = 32_767
EXACT = 2**53  # whole numbers beyond it lose digits in a cell
DAY_0 = 693_594  # by Python's count, the day from which a spreadsheet counts
MISCOUNTED = 60  # days after it with wrong numbers, for a leap day that never was
WIDTHS = range(8, 60)  # characters
HEADER = 20  # characters after which a header goes on in a second line
FORMATS = {"bold": {"bold": True}, "header": {"bold": True, "text_wrap": True}, "date": {"num_format": "yyyy-mm-dd"}}


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet: the lines of `head`, of which the first is bold, the `columns`, their `rows`, and the rows of `foot`.

    A cell is a text, a number, a truth value, a date or None. Addresses in the foot are links.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    head: Sequence[str] = ()
    foot: Sequence[Sequence[object]] = ()


def workbook(contents: Sheet, sheets: Sequence[Sheet], *, title: str, as_of: str) -> bytes:
    """The bytes of a workbook, the same for the same sheets; the n-th row of the contents leads to the n-th sheet.

    `as_of` is the day, month or year that it says it was made on, for no clock is asked. Raises DataError for a text
    or a table that is longer than a workbook takes.
    """
    content = io.BytesIO()
    book = Workbook(content, {"in_memory": True})
    book.set_properties({"title": title, "created": datetime.fromisoformat(f"{as_of}-01-01"[:10])})
    formats = {name: book.add_format(told) for name, told in FORMATS.items()}
    names = list(_names([contents, *sheets]))
    for sheet, name in zip([contents, *sheets], names, strict=True):
        _write(book.add_worksheet(name), sheet, formats)
    for row, (name, (words, *_)) in enumerate(zip(names[1:], contents.rows, strict=True), start=_first(contents)):
        book.worksheets()[0].write_url(row, 0, f"internal:'{name}'!A1", string=str(words))
    book.close()
    return content.getvalue()


def _names(sheets: Sequence[Sheet]) -> Iterator[str]:
    """The sheets' names as Excel takes them: short, without odd characters, each another whatever its case."""
    taken = {TAKEN}
    for sheet in sheets:
        whole, count = ODD.sub("-", sheet.name), 1
        name = whole[:NAME]
        while name.lower() in taken:
            count += 1
            name = f"{whole[: NAME - len(f'-{count}')]}-{count}"
        taken.add(name.lower())
        yield name


def _first(sheet: Sheet) -> int:
    """The place of the first of its rows: below the head, an empty line and the header."""
    return len(sheet.head) + bool(sheet.head) + 1


def _write(page: Worksheet, sheet: Sheet, formats: dict) -> None:
    first = _first(sheet)
    end = first + len(sheet.rows)
    for row, line in enumerate(sheet.head):
        _cell(page, row, 0, line, formats["bold"] if row == 0 else None)
    for column, name in enumerate(sheet.columns):
        _cell(page, first - 1, column, name, formats["header"])
    for row, cells in enumerate(sheet.rows, start=first):
        for column, value in enumerate(cells):
            _cell(page, row, column, value, formats["date"] if isinstance(value, date) else None)
    for row, cells in enumerate(sheet.foot, start=end + 1):
        for column, value in enumerate(cells):
            if isinstance(value, str) and value.startswith(("http://", "https://")):
                _held(page, page.write_url(row, column, value, string=value), row, column)
            else:
                _cell(page, row, column, value)
    for column, cells in enumerate(zip(sheet.columns, *sheet.rows, strict=True)):
        longest = max((len(str(value)) for value in cells[1:]), default=0)
        page.set_column(column, column, min(max(longest, min(len(cells[0]), HEADER), WIDTHS.start), WIDTHS.stop) + 2)
    page.freeze_panes(first, 0)
    page.autofilter(first - 1, 0, max(end - 1, first - 1), len(sheet.columns) - 1)


def _cell(page: Worksheet, row: int, column: int, value: object, form: object = None) -> None:
    """A value in the type that it has; a whole number with more digits than a cell keeps becomes a text."""
    if isinstance(value, date):
        day = value.toordinal() - DAY_0
        value = day if day > MISCOUNTED else value.isoformat()
    if value is None:
        return
    if isinstance(value, bool):
        kept = page.write_boolean(row, column, value, form)
    elif isinstance(value, float) or isinstance(value, int) and abs(value) <= EXACT:
        kept = page.write_number(row, column, value, form)
    else:
        kept = page.write_string(row, column, str(value), form)
    _held(page, kept, row, column)


def _held(page: Worksheet, kept: int, row: int, column: int) -> None:
    if kept:
        raise DataError(
            f"The sheet {page.get_name()} cannot hold its row {row + 1}, column {column + 1}; a workbook takes texts "
            f"of at most {MOST_CHARACTERS:,} characters and a little over a million rows."
        )
