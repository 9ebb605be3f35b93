"""What a hindcast makes of its methods, on a small series."""

import pandas as pd
import pytest

from analysis.methods import baselines, hindcasts

YEARS = pd.Series([1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2], index=range(2008, 2018))
CAME = pd.Series({2018: 3.0})


def test_a_method_without_a_model_has_a_row_without_values(monkeypatch):
    def refuse(*_, method, **__):
        raise baselines.NotConverged(method)

    monkeypatch.setattr(baselines, "benchmark", refuse)
    compared = hindcasts.compare(YEARS, CAME, baselines.METHODS)
    assert set(compared["model"]) == {"did not converge"} and len(compared) == len(baselines.METHODS)
    assert compared[["median", "low", "high", "error_pct", "inside", "backtest_mape"]].isna().all(axis=None)


def test_another_error_is_not_taken_for_a_model_that_did_not_converge(monkeypatch):
    def refuse(*_, **__):
        raise ValueError("The two series have converged.")

    monkeypatch.setattr(baselines, "benchmark", refuse)
    with pytest.raises(ValueError, match="two series"):
        hindcasts.compare(YEARS, CAME, ["naive"])


def test_the_backtest_is_the_mean_miss_of_the_years_before():
    compared = hindcasts.compare(YEARS, CAME, ["naive"])
    # From 2012 to 2016 no change misses 1 by 100 % and 2 by 50 %: 1 in 2012, 2014 and 2016.
    assert compared["backtest_mape"].tolist() == pytest.approx([(3 * 100 + 2 * 50) / 5])
    assert compared["error_pct"].tolist() == pytest.approx([100 * (2 / 3 - 1)])
