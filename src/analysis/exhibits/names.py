"""The names of countries and groups as a sentence has them, from the table partners."""

from __future__ import annotations

import pandas as pd

from analysis.tables.store import load


def partner(rows: pd.DataFrame) -> str:
    """The name of the one partner that rows of trade are with, by their column `partner`."""
    (code,) = rows["partner"].unique()
    named = load("partners").set_index("code").loc[code]
    return named["name"] if pd.isna(named["in_sentence"]) else named["in_sentence"]


def cleared(rows: pd.DataFrame) -> str:
    """The caution on goods of others for a partner in the Eurasian Economic Union; nothing for another partner."""
    name, members = partner(rows), load("group_members").query("group == 'EAEU'")
    if not rows["partner"].isin(members["member"]).all():
        return ""
    return f"Goods that others made and that were cleared in {name} may count as {name}’s. "
