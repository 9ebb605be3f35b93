"""Why a figure is doubtful stands beside it in words, once, and nothing stands beside a sound one."""

import pandas as pd

from analysis.exhibits.doubts import doubts


def test_the_reasons_of_all_records_of_a_label_are_told_once():
    ledger = pd.DataFrame(
        {"status": ["A", "P", None], "note": ["A note on a sound year", None, None]},
        index=pd.Index([2001, 2002, 2003], name="year"),
    )
    rows = pd.DataFrame(
        {
            "year": [2001, 2002, 2002],
            "status": ["U", "B", "B"],
            "note": ["Half a year.", "Counted anew.", "Counted anew."],
        }
    )
    index = pd.Index([2001, 2002, 2003, 2004], name="year")
    told = doubts(index, ledger, rows)
    assert told.name == "doubtful" and told.index.identical(index)
    assert told.to_list() == ["doubtful: Half a year.", "provisional; another series: Counted anew.", "", ""]
