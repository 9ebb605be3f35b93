"""Naive rules beside words, by hand: certainty wins where nothing fails, and loses where something does."""

import numpy as np
import pandas as pd
import pytest

from analysis.methods.naive_rules import PARTLY, beside_naive_rules

BANDS = pd.DataFrame({"phrase_class": ["likely", "possible"], "low_pct": [60, np.nan], "high_pct": [80, np.nan]})


def compared(outcomes, *, partly="yes", classes="likely", bands=BANDS):
    ids = [f"s{number}" for number in range(len(outcomes))]
    statements = pd.DataFrame({"statement_id": ids, "phrase_class": classes})
    return beside_naive_rules(
        statements, pd.DataFrame({"statement_id": ids, "outcome": outcomes}), bands, partly=partly
    )


def test_where_nothing_fails_certainty_cannot_be_beaten():
    found = compared(["yes", "yes"])
    assert (found["n"], found["failed"], found["always"], found["base_rate"]) == (2, 0, 0, 0)
    # A yes in 60 to 80 %: .2², .3² and .4².
    assert [found[f"words_{end}"] for end in ("best", "mid", "worst")] == pytest.approx([0.04, 0.09, 0.16])
    assert found["even"] == 0.25


def test_where_half_fails_the_words_beat_certainty():
    found = compared(["yes", "no"])
    assert (found["failed"], found["always"], found["base_rate"]) == (1, 0.5, 0.25)
    # The no: .6², .7² and .8².
    assert found["words_mid"] == pytest.approx((0.09 + 0.49) / 2) and found["words_mid"] < found["always"]


def test_partly_is_one_bound_or_the_other():
    as_yes, as_no = (compared(["partly"], partly=partly) for partly in PARTLY)
    assert (as_yes["always"], as_no["always"]) == (0, 1)
    assert (as_yes["words_mid"], as_no["words_mid"]) == pytest.approx((0.09, 0.49))
    assert as_no["failed"] == 0, "in part is no miss, whatever it counts as"


def test_without_band_or_outcome_nothing_is_scored():
    assert compared(["no", "unresolved"], classes=["possible", "likely"])["n"] == 0
    assert np.isnan(compared(["unresolved"])["always"])
    with_band = BANDS.fillna({"low_pct": 20, "high_pct": 80})
    found = compared(["no"], classes="possible", bands=with_band)
    assert (found["n"], found["always"]) == (1, 1) and found["words_mid"] == pytest.approx(0.25)
