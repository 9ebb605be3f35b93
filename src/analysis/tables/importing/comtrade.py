"""UN Comtrade: the CSV of its present site, that of the site before, and what `comtradeapicall` saves."""

from __future__ import annotations

from analysis.tables.importing import long, records
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "comtrade", "UN Comtrade's CSV"
ROLES = {
    "period": ("period",),
    "reporter": ("reporterCode", "Reporter Code"),
    "partner": ("partnerCode", "Partner Code"),
    "flow": ("flowCode", "Trade Flow"),
    "product": ("cmdCode", "Commodity Code"),
    "value": ("primaryValue", "Trade Value (US$)"),
}
PARTS = ("partner2Code", "customsCode", "motCode", "mosCode", "2nd Partner Code", "Customs Proc. Code")

GOODS = {"typeCode": ("c",)}  # there are services too


def fits(raw: Raw) -> bool:
    """Whether a file has the columns of one of the sites."""
    return set(records.columns_of(raw.header(), ROLES)) == set(ROLES)


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """The totals of trade by partner, in US dollars as they stand.

    Raises:
        DataError: if a row is of services.
    """
    header = raw.header()
    parts = [column for column in PARTS if column in header]
    only = {column: kinds for column, kinds in GOODS.items() if column in header}
    rows, left, told = long.amounts(raw, codes, records.columns_of(header, ROLES), whole=parts, only=only)
    rows = long.valued(long.periods(rows, raw.label), raw.label).assign(currency="usd")
    return long.readings(rows, left, [*raw.told, *told], where=raw.label)
