"""The rows that values worked by hand rest on: those of one edition of the tables, whatever was added later."""

import pandas as pd

from analysis.tables import store

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
EXPERTS = ("poletaev", "rekeda", "selteev")


def load(table: str) -> pd.DataFrame:
    """A table as the edition has it."""
    rows = store.load(table)
    if table in LAST:
        column, last = LAST[table]
        rows = rows[rows[column] <= last]
    elif table in ("experts", "positions"):
        rows = rows[rows["expert_id"].isin(EXPERTS)]
    return rows.reset_index(drop=True)
