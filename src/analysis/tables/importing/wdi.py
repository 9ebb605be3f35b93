"""World Bank, World Development Indicators: the CSV by country, years as columns below four lines of its own."""

from __future__ import annotations

import csv
import re

import pandas as pd

from analysis.errors import DataError
from analysis.tables.importing import cells, records
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "wdi", "the World Bank's World Development Indicators"
HEADER = ("Country Name", "Country Code", "Indicator Name", "Indicator Code")
HIGHEST = 8  # lines in which the header is looked for
UPDATED = "Last Updated Date"
YEAR = re.compile(r"\d{4}")
NO_PARTNER = "_Z"  # as SDMX says that an indicator has no counterpart


def fits(raw: Raw) -> bool:
    """Whether the header of the World Bank stands in one of the first lines."""
    return _above(raw) is not None


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """The indicators that have a name here; an empty cell is no value.

    Raises:
        DataError: if there is no year or no indicator that is known, or the day of the update is none.
    """
    above = _above(raw)
    years = [column for column in raw.header(above) if YEAR.fullmatch(column)]
    kept, left = [], records.Counter()
    for chunk in raw.chunks(["Country Code", "Indicator Code", *years], above):
        chunk["country"] = codes.mapped("partner", chunk["Country Code"])
        chunk["indicator"] = codes.mapped("indicator", chunk["Indicator Code"])
        left.update(records.unknown(chunk["Country Code"], chunk["country"]))
        kept.append(chunk[chunk["country"].notna() & chunk["indicator"].notna()])
    wide = pd.concat(kept, ignore_index=True)
    if wide.empty or not years:
        raise DataError(
            f"{raw.label}: no row has a country and an indicator that are known here, with years as columns."
        )
    rows = wide.melt(["country", "indicator", "at"], years, "year", "value")
    rows = rows.assign(value=cells.numbers(rows["value"], rows["at"], where=raw.label), year=rows["year"].astype(int))
    if rows["value"].isna().all():
        raise DataError(f"{raw.label}: no indicator that is known here has a value; the rule is one at least.")
    single, told = records.once(
        rows[rows["value"].notna()].assign(partner=NO_PARTNER), ["year", "country", "indicator"], "value", raw.label
    )
    released = None
    for at, line in enumerate(csv.reader(raw.lines(HIGHEST), delimiter=raw.separator), start=1):
        if len(line) > 1 and line[0] == UPDATED and line[1].strip():
            released = cells.day(line[1].strip(), UPDATED, f"{raw.label}, row {at}")
    return [Reading(table="indicators", rows=single, told=[*raw.told, *told], left=left, released=released)]


def _above(raw: Raw) -> int | None:
    """How many lines stand above the header."""
    places = range(0 if raw.is_workbook else HIGHEST)
    return next((above for above in places if tuple(raw.header(above)[: len(HEADER)]) == HEADER), None)
