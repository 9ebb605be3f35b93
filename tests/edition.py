"""The rows that values worked by hand rest on: those of one edition of the tables, whatever was added later."""

from unittest import mock

import pandas as pd

from analysis.methods.releases import SERIES, names
from analysis.tables import readings, store
from analysis.tables.store import load as held

# The last year, or the last id, of the edition; ids are given in order.
LAST = {
    "trade": ("year", 2025),
    "trade_products": ("year", 2025),
    "indicators": ("year", 2025),
    "eu_exports": ("year", 2025),
    "statements": ("statement_id", "s170"),
    "resolutions": ("statement_id", "s170"),
    "second_resolutions": ("statement_id", "s170"),
    "adjudications": ("statement_id", "s170"),
    "resolution_rules": ("statement_id", "s170"),
}
# The last years of sources that were behind, or of an indicator of theirs.
ENDS = {"bns": 2023, "wits": 2023, "wdi_kaz": 2024, "wdi_rus": 2024, "wdi_rus:lcu_per_usd": 2023, "wdi_rus_gdp": 2023}
ENDS |= {f"wdi_kaz:{name}_2015_100": 2023 for name in ("export_volume", "import_volume", "terms_of_trade")}
ENDS |= {"wdi_kaz:net_migration": 2025}
# Notes that `analysis import` gives.
IMPORTED = {"revisions": "Replaced by .* of the file ", "vintages": r"\d+ of \d+ differ in "}
EXPERTS = ("poletaev", "rekeda", "selteev")


def load(table: str) -> pd.DataFrame:
    """A table as the edition has it: without later rows, and with the values that later files replaced."""
    rows = held(table)
    if table in LAST:
        column, last = LAST[table]
        rows = rows[rows[column] <= last]
    if table in ("experts", "positions"):
        rows = rows[rows["expert_id"].isin(EXPERTS)]
    if table in IMPORTED:
        rows = rows[~rows["note"].str.contains(IMPORTED[table], na=False)]
    if table in SERIES:
        rows = _unrevised(rows, table)
    if table in ("trade", "indicators"):
        ends = rows["source_id"].map(ENDS)
        if table == "indicators":
            ends = (rows["source_id"] + ":" + rows["indicator"]).map(ENDS).fillna(ends)
        rows = rows[rows["year"] <= ends.fillna(rows["year"])]
    if table == "selections":
        stood_in = rows["source_id"].eq("bns_pipeline")
        rows = rows.assign(
            last_year=rows["last_year"].mask(rows["source_id"].eq("bns"), ENDS["bns"]),
            first_year=rows["first_year"].mask(stood_in, ENDS["bns"] + 1),
        )
    return rows.reset_index(drop=True)


def read(table: str, **options: object) -> pd.DataFrame:
    """What `readings.load` gives of the edition."""
    with mock.patch.object(store, "load", load):
        return readings.load(table, **options)


def _unrevised(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    """Rows with the values that were there before the first later file."""
    later = held("revisions")
    later = later[(later["table"] == table) & later["note"].str.contains(IMPORTED["revisions"], na=False)]
    first = later.sort_values("superseded", kind="stable").drop_duplicates(["series", "year", "month"])
    values = first.set_index(["series", "year", "month"])["value"].to_dict()
    months = rows["month"] if "month" in rows else [0] * len(rows)
    at = zip(names(rows, table), rows["year"], months, strict=True)
    old = pd.Series([values.get(key) for key in at], index=rows.index, dtype=float)
    _, column = SERIES[table]
    return rows.assign(**{column: old.fillna(rows[column])})
