import pandas as pd

from analysis.methods.sources import joined


def test_each_source_is_named_once_however_it_is_joined_already():
    assert joined(["wits+bns", None, "bns", "fcs+wits", ""]) == "wits+bns+fcs"
    assert joined(pd.Series(["bns", float("nan")])) == "bns"
    assert joined([]) is None
