"""Files with one amount a row, told apart by what their columns are called: the common part of several readers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from analysis.errors import DataError, shown
from analysis.tables.importing import cells, records
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading

# The tables that amounts go to, by the money and whether they are of months, and the columns that hold them.
TABLES = {
    ("usd", False): ("trade", "value_usd"),
    ("usd", True): ("trade_monthly", "value_usd"),
    ("eur", False): ("eu_exports", "value_eur"),
    ("eur", True): ("eu_exports_monthly", "value_eur"),
}
MAPPED = {"reporter": "partner", "partner": "partner", "flow": "flow"}  # our columns, and the maps that they are by
PERIOD = re.compile(r"(\d{4})(?:-?M?(0[1-9]|1[0-2]))?")


def amounts(
    raw: Raw,
    codes: Codes,
    columns: Mapping[str, str],
    *,
    whole: Sequence[str] = (),
    only: Mapping[str, Collection[str]] | None = None,
    above: int = 0,
    clean: Callable[[pd.Series], pd.Series] = lambda texts: texts,
) -> tuple[pd.DataFrame, Counter, list[str]]:
    """The rows of a file that have a meaning here, what has none, and the reasons for what was left out.

    Args:
        raw: the file.
        codes: the maps of its format.
        columns: its columns by role: `reporter`, `partner`, `flow`, `period`, `value`, and `product` and others.
        whole: columns that break amounts down further; only rows count that have the code for all in them.
        only: columns in which no row that counts may have another code, and those codes as `cells.name` folds them.
        above: lines above the header.
        clean: what is done to texts before they are mapped.

    Returns:
        The columns of `columns` by role with our codes for the mapped ones, texts for the rest, and `at`; the published
        names without a meaning, with their rows; sentences.

    Raises:
        DataError: at the first row with another code in a column of `only`.
    """
    only = only or {}
    kept, left, parts = [], Counter(), 0
    for chunk in raw.chunks([*dict.fromkeys([*columns.values(), *whole, *only])], above):
        for column in whole:
            every = chunk[column].eq("") | codes.mapped("whole", chunk[column]).notna()
            parts, chunk = parts + int((~every).sum()), chunk[every]
        if "product" in columns:
            total = codes.mapped("product", clean(chunk[columns["product"]])).notna()
            parts, chunk = parts + int((~total).sum()), chunk[total]
        rows = pd.DataFrame({role: chunk[column] for role, column in columns.items()}).assign(at=chunk["at"])
        for role, map_ in MAPPED.items():
            if role in rows:
                published = clean(rows[role])
                rows[role] = codes.mapped(map_, published)
                left.update(records.unknown(published, rows[role]))
                rows = rows[rows[role].notna()]
        for column, allowed in only.items():
            _check_only(clean(chunk.loc[rows.index, column]), allowed, rows["at"], raw.label)
        kept.append(rows)
    told = [f"{parts:,} rows of parts of a flow, such as single products, are left out"] if parts else []
    return pd.concat(kept, ignore_index=True), left, told


def _check_only(texts: pd.Series, allowed: Collection[str], rows: pd.Series, where: str) -> None:
    other = ~texts.isin([text for text in texts.unique() if cells.name(text) in allowed])
    if other.any():
        codes = " or ".join(shown(code) for code in sorted(allowed) if code)
        raise DataError(
            f"{where}, row {rows[other].iloc[0]}: {texts.name} is {shown(texts[other].iloc[0])}; the rule is {codes}, "
            "for parts of a flow, or rows to delete, are no release of it."
        )


def periods(rows: pd.DataFrame, where: str, *, period: str = "period") -> pd.DataFrame:
    """Rows with the year and, where their period is a month, the month; 0 where it is a year.

    Raises DataError at the first period that is neither.
    """
    found = {text: PERIOD.fullmatch(str(text).strip()) for text in rows[period].unique()}
    for text, match in found.items():
        if not match:
            at = rows.loc[rows[period] == text, "at"].iloc[0]
            raise DataError(f"{where}, row {at}: the period is {shown(text)}; the rule is a year or a month of one.")
    years = rows[period].map({text: int(match[1]) for text, match in found.items()})
    months = rows[period].map({text: int(match[2] or 0) for text, match in found.items()})
    return rows.assign(year=years.astype(int), month=months.astype(int))


def readings(
    rows: pd.DataFrame, left: Counter, told: Sequence[str], *, where: str, released: str | None = None
) -> list[Reading]:
    """A reading for each table that rows with `currency`, `year`, `month`, `value` (amounts in whole units), and
    perhaps `status`, `note` and the `sheet` that they stand in, belong to.

    Raises DataError where a key stands twice with two values, or no row is left.
    """
    made = []
    for (currency, monthly), (table, value) in TABLES.items():
        own = rows[rows["currency"].eq(currency) & rows["month"].gt(0).eq(monthly)]
        if len(own):
            key = ["year", *(["month"] if monthly else []), "reporter", "partner", "flow"]
            told_too = [column for column in ("status", "note", "sheet") if column in own]
            own = own.assign(value=own["value"].round(2)).loc[own["value"].notna(), [*key, "value", *told_too, "at"]]
            single, repeated = records.once(own, key, "value", where)
            single = single.drop(columns="sheet", errors="ignore").rename(columns={"value": value})
            single = single.reset_index(drop=True)
            made.append(Reading(table=table, rows=single, told=[*told, *repeated], left=left, released=released))
    if not made:
        raise DataError(f"{where}: no row has a reporter, partner, flow and money that are known here.")
    return made


def valued(rows: pd.DataFrame, where: str, *, scale: float = 1) -> pd.DataFrame:
    """Rows whose texts under `value` became amounts, multiplied by a scale."""
    return rows.assign(value=cells.numbers(rows["value"], rows["at"], where=where) * scale)
