"""Errors of directions and quantities against hand-worked cases and statsmodels."""

import numpy as np
import pandas as pd
import pytest

from analysis.methods import accuracy

NAN = np.nan


def frame(rows, columns):
    return pd.DataFrame(rows, columns=columns.split())


def test_directions_at_the_margin():
    change = pd.Series([2.1, 2.0, 0, -2.0, -2.1, NAN], index=range(2000, 2006))
    assert accuracy.directions(change, same_within=2).fillna("?").tolist() == [
        "up",
        "same",
        "same",
        "same",
        "down",
        "?",
    ]
    with pytest.raises(ValueError, match="0 or more"):
        accuracy.directions(change, same_within=-1)


def test_errors_of_points_ranges_and_open_ranges():
    rows = [(18, 18), (18, 22), (10, 12), (20, NAN), (NAN, 20), (NAN, NAN), (-6, -6), (1, 1), (5, 5)]
    outcome = pd.Series([16, 20, 20, 15, 25, 7, -4, 0, NAN])
    found = accuracy.errors(frame(rows, "value_low value_high"), outcome).astype(object).fillna("?")
    assert found["error"].tolist() == [2, 0, -9, "?", "?", "?", -2, 1, "?"]
    assert found["absolute_error"].tolist() == [2, 0, 9, "?", "?", "?", 2, 1, "?"]
    assert found["percentage_error"].tolist() == [12.5, 0, -45, "?", "?", "?", -50, "?", "?"]
    assert found["miss"].tolist() == [2, 0, 8, 5, 5, "?", 2, 1, "?"]
    assert found["inside"].tolist() == [False, True, False, False, False, "?", False, False, "?"]


def test_errors_refuse_a_range_upside_down():
    with pytest.raises(ValueError, match="Forecast s9: the low end 5.0 is above"):
        accuracy.errors(pd.DataFrame({"value_low": [5], "value_high": [4]}, index=["s9"]), pd.Series([4], index=["s9"]))


def test_mase_by_hand():
    history = pd.Series([10, 12, 9], index=[2014, 2015, 2016])  # mean change (2 + 3) ÷ 2
    forecast = pd.Series([9.0, 9.0, 9.0], index=[2017, 2018, 2019])
    outcome = pd.Series([10.0, 13.0], index=[2017, 2018])
    assert accuracy.mase(forecast, outcome, history=history) == pytest.approx(2.5 / 2.5)
    gap = history.drop(2015)  # 2014 and 2016 are no neighbours
    assert np.isnan(accuracy.mase(forecast, outcome, history=gap))
    assert np.isnan(accuracy.mase(forecast, outcome, history=history * 0 + 5))
    assert np.isnan(accuracy.mase(forecast, outcome.loc[[]], history=history))
    with pytest.raises(ValueError, match="ends in 2017; it must end before"):
        accuracy.mase(forecast, outcome, history=pd.concat([history, outcome.loc[[2017]]]))


def test_theils_u_by_hand():
    outcome = pd.Series([10.0, 12.0, 9.0], index=[2015, 2016, 2017])
    forecast = pd.Series([11.0, 12.0, 5.0], index=[2016, 2017, 2019])
    # errors −.1 and 3⁄12, changes .2 and −3⁄12
    assert accuracy.theils_u(forecast, outcome) == pytest.approx(np.sqrt((0.01 + 0.0625) / (0.04 + 0.0625)))
    no_change = outcome.shift().dropna()
    assert accuracy.theils_u(no_change, outcome) == 1
    assert accuracy.theils_u(outcome.loc[2016:], outcome) == 0
    assert np.isnan(accuracy.theils_u(forecast, outcome * 0 + 4))
    assert np.isnan(accuracy.theils_u(forecast.loc[[2019]], outcome))
