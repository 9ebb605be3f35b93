"""The readers, and which of them a file is for."""

from __future__ import annotations

from analysis.errors import DataError, shown
from analysis.tables.importing import comext, comtrade, kaz_bureau, plain, rus_customs, sdmx, wdi, wits
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Reader

READERS: dict[str, Reader] = {
    reader.FORMAT: reader for reader in (comext, comtrade, kaz_bureau, plain, rus_customs, sdmx, wdi, wits)
}


FEW = 6  # names that a message shows


def chosen(raw: Raw) -> Reader:
    """The reader whose marks a file has.

    Raises:
        DataError: if no reader's marks are there, or those of several.
    """
    fitting = [reader for reader in READERS.values() if reader.fits(raw)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        both = " and ".join(reader.TITLE for reader in fitting)
        raise DataError(f"{raw.label}, row 1: it has the marks of {both}; the rule is one of them.")
    if raw.is_workbook:
        what = f"its sheets are {', '.join(map(shown, list(raw.sheets)[:FEW]))}"
    else:
        what = f"its columns are {', '.join(map(shown, raw.header()[:FEW]))}"
    known = "; ".join(reader.TITLE for reader in READERS.values())
    raise DataError(f"{raw.label}, row 1: {what}, which no reader knows; known are {known}.")
