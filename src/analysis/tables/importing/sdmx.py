"""SDMX-CSV of trade by partner, as IMF, Eurostat and OECD give it: the same layout under different names."""

from __future__ import annotations

import pandas as pd

from analysis.errors import DataError, shown
from analysis.tables.importing import cells, long, records
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "sdmx", "SDMX-CSV"
NEEDED = {
    "reporter": ("REPORTER", "REF_AREA", "COUNTRY"),
    "partner": ("PARTNER", "COUNTERPART_AREA", "COUNTERPART_COUNTRY"),
    "flow": ("FLOW", "TRADE_FLOW", "INDICATOR", "MEASURE"),
    "period": ("TIME_PERIOD",),
    "value": ("OBS_VALUE",),
}
OFFERED = {
    "product": ("PRODUCT", "PRODUCT_CODE", "COMMODITY"),
    "currency": ("UNIT_MEASURE", "CURRENCY", "INDICATORS"),
    "power": ("UNIT_MULT",),
    "scale": ("SCALE",),
    "status": ("OBS_FLAG", "OBS_STATUS"),
}

NORMAL = "A"
TAKEN = {"procedure": ("STAT_PROCEDURE",), "action": ("ACTION",)}
ACTIONS = ("", "i", "r", "a")  # information, replace, append; not delete


def fits(raw: Raw) -> bool:
    """Whether a file has a time period, a value, and a reporter, a partner and a flow."""
    return set(records.columns_of(raw.header(), NEEDED)) == set(NEEDED)


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """The totals of trade by partner, multiplied by the unit that each row names.

    Raises:
        DataError: if a row's multiplier or status is not known, or it is of one customs procedure, or to be deleted.
    """
    columns = records.columns_of(raw.header(), NEEDED | OFFERED)
    taken = records.columns_of(raw.header(), TAKEN)
    only = {column: ACTIONS if role == "action" else codes.of("whole") for role, column in taken.items()}
    rows, left, told = long.amounts(raw, codes, columns | {"words": columns["flow"]}, only=only, clean=_code)
    rows = long.periods(rows, raw.label)
    money = rows["words"] if "currency" not in rows else rows["currency"]
    rows["currency"] = codes.mapped("currency", _code(money))
    other = int(rows["currency"].isna().sum())
    rows = long.valued(rows[rows["currency"].notna()], raw.label)
    rows["value"] *= _multiplier(rows, codes, raw)
    rows = _marked(rows, codes, raw)
    told += [f"{other:,} rows of quantities or of other money are left out"] if other else []
    return long.readings(rows, left, [*raw.told, *told], where=raw.label)


def _code(texts: pd.Series) -> pd.Series:
    """`KZ` of `KZ: Kazakhstan`, as files with labels have it."""
    return texts.map(lambda text: text.partition(": ")[0].strip())


def _marked(rows: pd.DataFrame, codes: Codes, raw: Raw) -> pd.DataFrame:
    """Rows with our status for the publisher's mark, A for none, and its note."""
    if "status" not in rows:
        return rows
    marks = _code(rows["status"])
    statuses = codes.mapped("status", marks).mask(marks == "", NORMAL)
    lost = statuses.isna() & rows["value"].notna()
    if lost.any():
        row = rows[lost].iloc[0]
        raise DataError(
            f"{raw.label}, row {row['at']}: the status is {shown(row['status'])}; the rule is one out of the column "
            "status of source_codes.csv."
        )
    return rows.assign(status=statuses, note=codes.notes("status", statuses))


def _multiplier(rows: pd.DataFrame, codes: Codes, raw: Raw) -> pd.Series:
    if "power" in rows:
        powers = cells.numbers(_code(rows["power"]), rows["at"], where=raw.label)
        lost = powers.isna() & rows["value"].notna()
        if lost.any():
            raise DataError(
                f"{raw.label}, row {rows.loc[lost, 'at'].iloc[0]}: UNIT_MULT is empty; the rule is a power of ten."
            )
        return 10.0**powers
    if "scale" not in rows:
        return pd.Series(1.0, index=rows.index)
    words = _code(rows["scale"])
    scales = codes.mapped("scale", words.where(words != "", "Units"))
    if scales.isna().any():
        row = rows[scales.isna()].iloc[0]
        raise DataError(
            f"{raw.label}, row {row['at']}: the scale is {shown(row['scale'])}; the rule is one out of the column "
            "scale of source_codes.csv."
        )
    return scales.astype(float)
