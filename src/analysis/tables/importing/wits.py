"""WITS: its detailed download, one amount a row, and its downloads by country, whose heads say what they count in."""

from __future__ import annotations

import re

import pandas as pd

from analysis.errors import DataError
from analysis.tables.importing import long, records
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

FORMAT, TITLE = "wits_csv", "a download of WITS"
WHO = {
    "reporter": ("ReporterISO3", "Reporter Name", "ReporterName", "Reporter"),
    "partner": ("PartnerISO3", "Partner Name", "PartnerName", "Partner"),
    "product": ("ProductCode", "Product Group", "Product categories"),
    "flow": ("TradeFlowName", "Trade Flow"),
    "period": ("Year",),
    "indicator": ("Indicator",),
}
AMOUNT = re.compile(r"(?:Trade ?Value in|(Export|Import)s? ?\((?:in )?US\$) ?(1000 USD|Thousand|Mil)\)?", re.IGNORECASE)
SCALES = {"1000 usd": 1_000, "thousand": 1_000, "mil": 1_000_000}
YEAR = re.compile(r"\d{4}")


def fits(raw: Raw) -> bool:
    """Whether a file has a reporter, a partner, a product and amounts as WITS calls them, or no product."""
    header = raw.header()
    amounts = list(filter(None, map(AMOUNT.fullmatch, header)))
    there = set(records.columns_of(header, WHO))
    named = {"reporter", "partner"} <= there and ("product" in there or any(match[1] for match in amounts))
    return named and bool(amounts or "Indicator" in header)


def read(raw: Raw, codes: Codes) -> list[Reading]:
    """The totals of trade by partner, multiplied to US dollars.

    Raises:
        DataError: if amounts are in millions, which are rounded too far to stand beside those held.
    """
    header = raw.header()
    columns = records.columns_of(header, WHO)
    amounts = {column: match for column in header if (match := AMOUNT.fullmatch(column))}
    if not amounts:
        rows, left, told = _by_years(raw, codes, columns)
    else:
        rows, left, told = _by_amounts(raw, codes, columns, amounts)
    rows = long.periods(rows, raw.label)
    return long.readings(rows.assign(currency="usd"), left, [*raw.told, *told], where=raw.label)


def _by_amounts(raw: Raw, codes: Codes, columns: dict, amounts: dict) -> tuple:
    """A year a row, with one column of amounts, or one of exports and one of imports."""
    parts = []
    columns.pop("indicator", None)
    needed = {"period"} if all(match[1] for match in amounts.values()) else {"period", "flow"}
    if lost := needed - set(columns):
        raise DataError(
            f"{raw.label}, row 1: there is no column for the {' and the '.join(sorted(lost))}; the rule is one."
        )
    for column, match in amounts.items():
        scale = _scale(match[2], raw)
        chosen = columns | {"value": column}
        if match[1]:
            chosen.pop("flow", None)
        rows, left, told = long.amounts(raw, codes, chosen, clean=_trimmed)
        if match[1]:
            rows["flow"] = codes.of("flow")[match[1].casefold()]
        parts.append(long.valued(rows, raw.label, scale=scale))
    if "product" not in columns:
        told = [*told, "it has no column of products, so its amounts are of all"]
    return pd.concat(parts, ignore_index=True), left, [*told, f"its amounts are in {next(iter(amounts.values()))[2]}"]


def _by_years(raw: Raw, codes: Codes, columns: dict) -> tuple:
    """A column a year; the indicator names the flow and the unit."""
    years = [column for column in raw.header() if YEAR.fullmatch(column)]
    columns.pop("flow", None)
    rows, left, told = long.amounts(raw, codes, columns | {year: year for year in years}, clean=_trimmed)
    meant = {text: AMOUNT.fullmatch(text.strip()) for text in rows["indicator"].unique()}
    rows = rows[rows["indicator"].map({text: bool(match and match[1]) for text, match in meant.items()}).astype(bool)]
    if rows.empty:
        raise DataError(
            f"{raw.label}, row 1: no row has an indicator such as 'Export (US$ Thousand)' for all products; the rule "
            "is a download of trade by partner."
        )
    rows = rows.melt(["reporter", "partner", "indicator", "at"], years, "period", "value")
    scales = {text: _scale(meant[text][2], raw) for text in rows["indicator"].unique()}
    flows = {text: codes.of("flow")[meant[text][1].casefold()] for text in scales}
    rows = long.valued(rows, raw.label)
    rows = rows.assign(value=rows["value"] * rows["indicator"].map(scales), flow=rows["indicator"].map(flows))
    return rows[rows["value"].notna()], left, told


def _trimmed(texts: pd.Series) -> pd.Series:
    return texts.str.strip()


def _scale(words: str, raw: Raw) -> int:
    scale = SCALES[words.casefold()]
    if scale > SCALES["thousand"]:
        raise DataError(
            f"{raw.label}, row 1: its amounts are in millions, rounded; the rule is thousands of US dollars."
        )
    return scale
