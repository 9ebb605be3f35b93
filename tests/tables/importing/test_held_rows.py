"""The held rows are what the publishers' files say, cell by cell, where those files are at hand.

They are others' and stay out of the repository. `ANALYSIS_RAW` names a folder with them: the data folder of
mary-lev/eu-export-sanctions, and the World Bank's CSV of Kazakhstan out of AkshatSharma03/KazPaper, both named in
`data/sources.csv`, in any folders below it.
"""

import os
from pathlib import Path

import pandas as pd
import pytest

from analysis.checks import comparing
from analysis.errors import DataError
from analysis.methods.releases import SERIES
from analysis.tables import store
from analysis.tables.importing import readers
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes

FOLDER = os.environ.get("ANALYSIS_RAW")
REBUILT = [
    ("trade", "bns"),
    ("trade", "fcs_annual"),
    ("trade_monthly", "fcs_monthly"),
    ("indicators", "wdi_kaz"),
    ("eu_exports", "eurostat_comext"),
    ("eu_exports_monthly", "eurostat_comext"),
]


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    """What all files give of the series held: table, key, value, file; files of other things are passed over."""
    if not FOLDER:
        pytest.skip("the publishers' files are not at hand; ANALYSIS_RAW names their folder")
    frames = {name: store.load(name) for name in store.all_tables()}
    parts = []
    for path in sorted(path for path in Path(FOLDER).rglob("*") if path.is_file()):
        try:
            raw = Raw(path)
            reader = readers.chosen(raw)
        except DataError:
            continue
        formats = frames["source_formats"].query("format == @reader.FORMAT")
        for one in reader.read(raw, Codes(frames["source_codes"], frames["partners"], reader.FORMAT)):
            change = comparing.changes(one, frames, list(formats["source_id"]), whole=True)
            rows = pd.concat([change.new, change.equal, change.revised])
            key = list(zip(*(rows[name] for name in store.schema(one.table)["primaryKey"]), strict=True))
            value = rows[SERIES[one.table][1]]
            state = ["new"] * len(change.new) + ["equal"] * len(change.equal) + ["revised"] * len(change.revised)
            values = {"table": one.table, "source_id": rows["source_id"], "value": value, "state": state}
            parts.append(pd.DataFrame(values).assign(key=key, file=path.name))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(("table", "source_id"), REBUILT)
def test_every_cell_held_is_in_a_file_and_the_same(found, table, source_id):
    own = found[(found["table"] == table) & (found["source_id"] == source_id)]
    held = store.load(table).query("source_id == @source_id")
    keys = set(zip(*(held[name] for name in store.schema(table)["primaryKey"]), strict=True))
    assert set(own["state"]) == {"equal"}, own[own["state"] != "equal"].to_string()
    assert set(own["key"]) == keys
