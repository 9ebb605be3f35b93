"""Eurostat's Comext: the relational view that its site exports, with amounts in euros."""

from __future__ import annotations

import re

import pandas as pd

from analysis.errors import DataError, shown
from analysis.tables.importing import long, records
from analysis.tables.importing.cells import FIRST_MONTH, LAST_MONTH
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "comext", "a relational view of Eurostat's Comext"
ROLES = {role: (role.upper(),) for role in ("reporter", "partner", "product", "flow", "period")}
ROLES |= {"value": ("VALUE_IN_EUR",)}
PERIOD = re.compile(r"(?:\d{6}-)?(\w+\.?)(?:-(\w+\.?))? (\d{4})")

PROCEDURE = "STAT_PROCEDURE"


def fits(raw: Raw) -> bool:
    """Whether a file has the columns of the view."""
    return set(records.columns_of(raw.header(), ROLES)) == set(ROLES)


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """The totals of trade by partner, of years and of months.

    Raises:
        DataError: if a period is part of a year and no month, or a row is of one customs procedure.
    """
    only = {column: codes.of("whole") for column in raw.header() if column.upper() == PROCEDURE}
    rows, left, told = long.amounts(raw, codes, records.columns_of(raw.header(), ROLES), only=only)
    months, known = codes.months(), {}
    for text in rows["period"].unique():
        match = PERIOD.fullmatch(text.strip())
        first, last = (
            (months.get((word or "").casefold().strip("."), 0) for word in (match[1], match[2])) if match else (0, 0)
        )
        if not first or (last and (first, last) != (FIRST_MONTH, LAST_MONTH)):
            at = rows.loc[rows["period"] == text, "at"].iloc[0]
            raise DataError(
                f"{raw.label}, row {at}: the period is {shown(text)}; the rule is a month, or a whole year as in "
                "'Jan.-Dec.' before it."
            )
        known[text] = int(match[3]), 0 if last else first
    dated = pd.DataFrame(rows["period"].map(known).to_list(), columns=["year", "month"], index=rows.index)
    rows = long.valued(rows.join(dated), raw.label).assign(currency="eur")
    return long.readings(rows, left, [*raw.told, *told], where=raw.label)
