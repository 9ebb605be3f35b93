"""A publisher's file before anything is made of it: its bytes told apart, its text decoded, its cells laid out.

What it is follows from its content and not from its name: a workbook may be called `.csv`, an error page too.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from analysis.errors import DataError, shown

BLOCK = 1 << 20  # bytes
ROWS = 100_000  # of a chunk
COLUMNS = 4  # that a sheet has at least if it is a list
PARTS = {"[Content_Types].xml", "content.xml"}  # of a workbook by Excel, by LibreOffice
FEW = 4  # names that a message shows
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
OTHERS = {b"%PDF": "a PDF", b"\x1f\x8b": "a packed file", b"{": "JSON", b"[": "JSON", b"<": "a web page or XML"}
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SEPARATORS = ",;\t"
LOST = "\ufffd"


class Raw:
    """A file, as text or as sheets.

    Raises DataError where it is neither: it cannot be read, is empty, a web page, a PDF, JSON, a packed file.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.label, self.told = path, path.name, []
        self.separator, self.skipped = "", 0
        digest, whole = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
        head, self.encoding = b"", "utf-8"
        try:
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    head = head or block
                    digest.update(block)
                    try:
                        whole.decode(block)
                    except UnicodeDecodeError:
                        self.encoding = ""
            self._cut_off = not self.encoding or bool(whole.getstate()[0])
        except OSError as error:
            raise DataError(f"{self.label}: the file cannot be read ({error.strerror}).") from None
        self.digest = digest.hexdigest()
        self.is_workbook = head.startswith(WORKBOOKS)
        if self.is_workbook:
            self._check_packed()
        else:
            self._as_text(head)

    def _check_packed(self) -> None:
        """A workbook of today is a packed file too, with parts of certain names."""
        try:
            with zipfile.ZipFile(self.path) as archive:
                inside = archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError):
            return  # of an older format, or broken
        if not PARTS & set(inside):
            names = ", ".join(map(shown, inside[:FEW])) or "nothing"
            raise DataError(
                f"{self.label}: it is a packed file with {names}; the rule is the file itself, so unpack it first."
            )

    def _as_text(self, head: bytes) -> None:
        self.encoding = next((name for mark, name in MARKS if head.startswith(mark)), self.encoding)
        start = head.removeprefix(codecs.BOM_UTF8).lstrip()
        if not start:
            raise DataError(f"{self.label}, row 1: the file is empty; the rule is a header and rows.")
        for mark, kind in OTHERS.items():
            if start.startswith(mark):
                text = start[:40].decode("utf-8", "replace").splitlines()[0]
                raise DataError(
                    f"{self.label}, row 1: it begins with {shown(text)}, so it is {kind}, perhaps an error saved under "
                    "this name; the rule is a CSV file or a workbook as its publisher gives it."
                )
        if b"\x00" in head and self.encoding != "utf-16":
            raise DataError(
                f"{self.label}, row {head[: head.index(0)].count(10) + 1}: there is a NUL byte; the rule is text."
            )
        if not self.encoding or (self._cut_off and self.encoding == "utf-8"):
            self.encoding = self._single_bytes()
            self.told.append(f"it is not UTF-8; by its letters it is {self.encoding}")
        lines = self.lines(1)
        if not lines:
            raise DataError(f"{self.label}, row 1: the file is empty; the rule is a header and rows.")
        if mark := re.fullmatch(r"sep=(.)", lines[0].strip()):  # Excel's own way to say it
            self.separator, self.skipped = mark[1], 1
        else:
            head_lines = self.lines(8)
            self.separator = max(SEPARATORS, key=lambda sign: max(_outside(line).count(sign) for line in head_lines))
        if self.separator != ",":
            self.told.append(f"its fields are separated by {shown(self.separator)}")

    def _single_bytes(self) -> str:
        """Letters of Windows-1251 stand side by side, as in any Russian word; accents of Windows-1252 stand alone."""
        letters, runs = 0, 0
        with self.path.open("rb") as file:
            while block := file.read(BLOCK):
                found = re.findall(rb"[\x80-\xff]+", block)
                letters, runs = letters + sum(map(len, found)), runs + len(found)
        return "cp1251" if letters > 2 * runs else "cp1252"

    def lines(self, count: int) -> list[str]:
        """The first lines of a text."""
        try:
            with self.path.open(encoding=self.encoding, newline=None) as file:
                return [line.rstrip("\n") for _, line in zip(range(count), file, strict=False)]
        except UnicodeError:
            raise DataError(f"{self.label}: the bytes are no text in {self.encoding}, which they begin as.") from None

    def header(self, above: int = 0) -> list[str]:
        """The names of the columns, which stand below some lines; of a workbook those of its list; or none."""
        if self.is_workbook:
            return [_text(cell).strip() for cell in self.listed[1][above]] if above < len(self.listed[1]) else []
        lines = self.lines(self.skipped + above + 1)[self.skipped + above :]
        try:
            return [cell.strip() for cell in next(csv.reader(lines, delimiter=self.separator), [])]
        except csv.Error:
            return []

    def chunks(self, columns: Sequence[str], above: int = 0) -> Iterator[pd.DataFrame]:
        """Some columns of a text as texts, some rows at a time, with the column `at`, the row in the file from 1.

        Raises DataError where a column stands twice, or a row has more or fewer fields than the header; one empty field
        more at the end of each row is let pass, for several publishers end their rows with a separator.
        """
        names = self.header(above)
        for column in columns:
            if names.count(column) != 1:
                raise DataError(
                    f"{self.label}, row {self.skipped + above + 1}: the column {shown(column)} stands "
                    f"{names.count(column)} times; the rule is once."
                )
        chosen, count = itemgetter(*map(names.index, columns), -1), len(names)
        if self.is_workbook:
            grid = ([_text(cell) for cell in row] for row in self.listed[1][above + 1 :])
            numbered = enumerate(grid, start=above + 2)
            yield self._framed([(*chosen(cells)[:-1], at) for at, cells in numbered if any(cells)], columns)
            return
        with self.path.open(encoding=self.encoding, newline="") as file:
            for _ in range(self.skipped + above + 1):
                next(file)
            before = self.skipped + above + 1
            reader = csv.reader(file, delimiter=self.separator, strict=True)
            line, rows = before, []
            try:
                for cells in reader:
                    line, start = before + reader.line_num, line + 1
                    if len(cells) != count:
                        if not any(cells):
                            continue
                        self._check_count(cells, count, start)
                    rows.append((*chosen(cells)[:-1], start))
                    if len(rows) == ROWS:
                        yield self._framed(rows, columns)
                        rows = []
            except (csv.Error, UnicodeError) as error:
                raise DataError(f"{self.label}, row {line + 1}: the line is no valid CSV ({error}).") from None
            yield self._framed(rows, columns)

    def _check_count(self, cells: list[str], count: int, row: int) -> None:
        if len(cells) < count or any(cells[count:]):
            raise DataError(
                f"{self.label}, row {row}: it has {len(cells)} fields; the rule is as many as the header, {count}."
            )

    def _framed(self, rows: list[tuple], columns: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=[*columns, "at"]).astype(dict.fromkeys(columns, object))

    @cached_property
    def listed(self) -> tuple[str, list[list[object]]]:
        """The name and the cells of the first sheet that is a list, with names of columns in its first row."""
        for sheet, grid in self.sheets.items():
            if grid and sum(cell != "" for cell in grid[0]) >= COLUMNS:
                self.told.append(f"its list is the sheet {shown(sheet)}")
                return sheet, grid
        return "", []

    @cached_property
    def sheets(self) -> dict[str, list[list[object]]]:
        """The cells of each sheet of a workbook by name: texts, numbers, days, empty ones as ""; none of a text.

        Raises DataError where the workbook is broken.
        """
        if not self.is_workbook:
            return {}
        try:
            book = CalamineWorkbook.from_path(self.path)
            return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
        except (CalamineError, ValueError, OSError) as error:
            raise DataError(f"{self.label}: the workbook cannot be read ({' '.join(str(error).split())}).") from None


def _text(cell: object) -> str:
    """A cell as a CSV has it; a workbook holds whole numbers as others."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _outside(line: str) -> str:
    """A line without what stands between quotation marks."""
    return re.sub(r'"[^"]*"', "", line)
