"""Benchmarks against hand-worked forecasts, formulas applied by hand, and statsmodels' own models."""

import os
import platform
import subprocess
import sys
import warnings
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from analysis.methods import baselines

Z80 = NormalDist().inv_cdf(0.9)


@pytest.fixture
def models():
    """They take their time, which no other test need wait for."""
    from statsmodels.tsa import api

    return api


def walk(*, seed: int = 0, n: int = 22, growth: float = 0.05, spread: float = 0.2) -> pd.Series:
    """A random walk of logarithms from 1995, in 10⁹ dollars' order of size."""
    steps = np.random.default_rng(seed).normal(growth, spread, n)
    return pd.Series(5e9 * np.exp(steps.cumsum()), index=range(1995, 1995 + n), name="turnover_usd")


def forecast(series, **options):
    options = {"cut": int(series.index.max()), "method": "naive", "horizon": 2} | options
    return baselines.benchmark(series, **options)


def test_vintage_ends_at_its_cut_and_is_in_order():
    series = pd.Series([5, 3, 4, 9], index=[2016, 2014, 2015, 2017])
    assert baselines.vintage(series, cut=2016).to_dict() == {2014: 3, 2015: 4, 2016: 5}
    assert list(baselines.vintage(series, cut=2016).index) == [2014, 2015, 2016]
    assert len(series) == 4


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({2014: 3, 2015: 4}, "ends in 2016, and the series has no value"),
        ({2014: 3, 2016: 5}, "no value for 2015"),
        ({2014: 3, 2015: np.nan, 2016: 5}, "no value for 2015"),
        ({2014: 3, 2015: 0, 2016: 5}, "value of 2015 is 0.0; .* positive"),
    ],
)
def test_vintage_refuses(values, message):
    with pytest.raises(ValueError, match=message):
        baselines.vintage(pd.Series(values), cut=2016)


def test_vintage_refuses_a_year_twice():
    with pytest.raises(ValueError, match="2015 stands twice"):
        baselines.vintage(pd.Series([1, 2, 3], index=[2015, 2015, 2016]), cut=2016)


def test_a_fault_after_the_cut_does_not_matter():
    assert len(baselines.vintage(pd.Series({2015: 1, 2016: 2, 2018: -1}), cut=2016)) == 2


def test_part_year():
    series = pd.Series({2015: 8.0, 2016: 10.0})
    assert baselines.with_part_year(series, growth_pct=33).to_dict() == {2015: 8, 2016: 10, 2017: pytest.approx(13.3)}
    with pytest.raises(ValueError, match="above -100 %"):
        baselines.with_part_year(series, growth_pct=-100)


@pytest.mark.parametrize("method", baselines.METHODS)
def test_a_year_after_the_cut_is_refused(method):
    with pytest.raises(ValueError, match="has the year 2015, which was not known at the cut 2014"):
        baselines.benchmark(walk(), cut=2014, method=method, horizon=1)


@pytest.mark.parametrize("method", baselines.METHODS)
def test_later_years_change_no_forecast(method):
    series = walk()
    changed = series.copy()
    changed.loc[2015:] *= 7
    tables = [
        baselines.benchmark(baselines.vintage(s, cut=2014), cut=2014, method=method, horizon=2)
        for s in (series, changed)
    ]
    pd.testing.assert_frame_equal(*tables)


@pytest.mark.parametrize("method", baselines.METHODS)
def test_form_of_a_forecast(method):
    table = forecast(walk(), method=method, horizon=3)
    assert list(table.index) == [2017, 2018, 2019]
    assert list(table.columns) == ["median", "low", "high", "model"]
    assert ((0 < table["low"]) & (table["low"] < table["median"]) & (table["median"] < table["high"])).all()
    assert (table["high"] / table["low"]).is_monotonic_increasing
    wider = forecast(walk(), method=method, horizon=3, level=0.95)
    assert (wider["low"] < table["low"]).all() and (wider["high"] > table["high"]).all()
    assert wider["median"].to_numpy() == pytest.approx(table["median"].to_numpy())


@pytest.mark.parametrize("method", baselines.METHODS)
def test_the_unit_does_not_matter(method):
    usd, thousands = forecast(walk(), method=method), forecast(walk() / 1000, method=method)
    assert list(thousands["model"]) == list(usd["model"]) or method == "drift"
    for column in ("median", "low", "high"):
        # Optimisers stop within a tolerance of their own.
        assert 1000 * thousands[column].to_numpy() == pytest.approx(usd[column].to_numpy(), rel=2e-3)


def test_naive_by_hand():
    # logarithms 0, 1, 3: changes 1 and 2, σ² = (1 + 4) ÷ 2
    table = forecast(pd.Series(np.exp([0.0, 1, 3]), index=[2014, 2015, 2016]))
    assert np.log(table["median"]).tolist() == pytest.approx([3, 3])
    assert np.log(table["high"]).tolist() == pytest.approx([3 + Z80 * np.sqrt(2.5), 3 + Z80 * np.sqrt(5)])
    assert np.log(table["low"]).tolist() == pytest.approx([3 - Z80 * np.sqrt(2.5), 3 - Z80 * np.sqrt(5)])


def test_drift_by_hand():
    # logarithms 0, 1, 3, 3: changes 1, 2, 0 of mean 1, σ² = (0 + 1 + 1) ÷ (3 − 1)
    table = forecast(pd.Series(np.exp([0.0, 1, 3, 3]), index=range(2013, 2017)), method="drift")
    assert np.log(table["median"]).tolist() == pytest.approx([4, 5])
    expected = [4 + Z80 * np.sqrt(1 + 1 / 3), 5 + Z80 * np.sqrt(2 * (1 + 2 / 3))]
    assert np.log(table["high"]).tolist() == pytest.approx(expected)
    assert table["model"].tolist() == ["+171.8 % a year"] * 2  # e − 1


def test_ets_without_trend_is_simple_exponential_smoothing(models):
    series = walk(growth=0, seed=0)
    table = forecast(series, method="ets", horizon=2)
    assert set(table["model"]) == {"no trend"}
    fit = models.SimpleExpSmoothing(np.log(series.to_numpy()), initialization_method="estimated").fit()
    assert np.log(table["median"]).tolist() == pytest.approx(fit.forecast(2).tolist(), abs=2e-3)


def test_ets_follows_a_trend():
    noise = np.random.default_rng(1).normal(0, 0.01, 20)
    series = pd.Series(np.exp(1 + 0.1 * np.arange(20) + noise), index=range(1997, 2017))
    table = forecast(series, method="ets", horizon=2)
    assert set(table["model"]) <= {"trend", "damped trend"}
    assert np.log(table["median"]).tolist() == pytest.approx([3.0, 3.1], abs=0.03)


def test_arima_of_a_random_walk_is_naive():
    series = walk(growth=0, seed=1)
    table = forecast(series, method="arima")
    assert set(table["model"]) == {"(0,1,0)"}
    naive = forecast(series)
    for column in ("median", "low", "high"):
        assert table[column].to_numpy() == pytest.approx(naive[column].to_numpy(), rel=1e-3)


def test_arima_takes_the_least_corrected_aic(models):
    errors = np.random.default_rng(3).normal(0, 0.1, 30)
    changes = np.zeros(30)
    for i in range(1, 30):
        changes[i] = 0.85 * changes[i - 1] + errors[i]
    series = pd.Series(np.exp(changes.cumsum()), index=range(1987, 2017))
    aicc = {
        (p, q, trend): models.ARIMA(np.log(series.to_numpy()), order=(p, 1, q), trend=trend).fit().aicc
        for p, q in ((0, 0), (1, 0), (0, 1))
        for trend in "nt"
    }
    assert min(aicc, key=aicc.get) == (1, 0, "n")
    assert set(forecast(series, method="arima")["model"]) == {"(1,1,0)"}


def test_theta_adds_half_the_trend_to_smoothing():
    # Hyndman & Billah (2003): simple smoothing with drift of half the least-squares slope. Along an exact line the
    # level is the last value, so the forecast rises by half the slope a year.
    noise = np.random.default_rng(1).normal(0, 0.01, 20)
    series = pd.Series(np.exp(1 + 0.1 * np.arange(20) + noise), index=range(1997, 2017))
    logs = np.log(forecast(series, method="theta", horizon=3)["median"].to_numpy())
    slope = np.polyfit(np.arange(20), np.log(series.to_numpy()), 1)[0]
    assert np.diff(logs) == pytest.approx([slope / 2] * 2, abs=1.01e-4)  # each is rounded to 1e-4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "prophet"}, "'prophet' is unknown; allowed are naive, drift, ets, theta, arima"),
        ({"horizon": 0}, "horizon is 0 years"),
        ({"level": 1}, "level of the interval is 1"),
        ({"cut": 2017}, "ends in 2017, and the series has no value"),
    ],
)
def test_benchmark_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        forecast(walk(), **options)


@pytest.mark.parametrize("method", baselines.METHODS)
def test_benchmark_refuses_too_few_years_and_a_constant(method):
    fewest = baselines.FEWEST[method]
    forecast(walk(n=fewest), method=method)
    with pytest.raises(ValueError, match=f"needs {fewest} years, and the series has {fewest - 1}"):
        forecast(walk(n=fewest - 1), method=method)
    with pytest.raises(ValueError, match="one that varies"):
        forecast(walk() * 0 + 5, method=method)


def unconverged():
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    def fit(*args, **options):
        warnings.warn("of a fit", ConvergenceWarning, stacklevel=1)
        raise AssertionError("a fit that did not converge must not be used")

    return fit


def test_a_model_that_does_not_converge_is_passed_over(models, monkeypatch):
    original = models.ARIMA.fit

    def only_the_random_walk(self, *args, **options):
        return original(self) if self.order == (0, 1, 0) and self.trend == "t" else unconverged()()

    monkeypatch.setattr(models.ARIMA, "fit", only_the_random_walk)
    assert set(forecast(walk(growth=0), method="arima")["model"]) == {"(0,1,0) with drift"}


@pytest.mark.parametrize(
    ("method", "model"),
    [
        ("ets", "statsmodels.tsa.exponential_smoothing.ets.ETSModel"),
        ("theta", "statsmodels.tsa.forecasting.theta.ThetaModel"),
        ("arima", "statsmodels.tsa.arima.model.ARIMA"),
    ],
)
def test_no_converged_model_is_an_error(monkeypatch, method, model):
    monkeypatch.setattr(f"{model}.fit", unconverged())
    with pytest.raises(baselines.NotConverged, match=f"No model of the method {method} converged"):
        forecast(walk(), method=method)


def test_another_warning_is_passed_on(models, monkeypatch):
    original = models.ARIMA.fit

    def noisy(self, *args, **options):
        warnings.warn("the data look odd", RuntimeWarning, stacklevel=1)
        return original(self)

    monkeypatch.setattr(models.ARIMA, "fit", noisy)
    with pytest.warns(RuntimeWarning, match="look odd"):
        forecast(walk(), method="arima")


def test_rolling_origin_by_hand():
    series = pd.Series(np.exp([0.0, 1, 3, 3, 9]), index=range(2012, 2017))
    table = baselines.rolling_origin(series, method="naive", start=2015)
    assert list(table.index) == [2015, 2016]
    assert np.log(table["median"]).tolist() == pytest.approx([3, 3])
    assert table["outcome"].tolist() == series.loc[2015:].tolist()
    assert table.loc[2015, "percentage_error"] == pytest.approx(0)
    assert table.loc[2016, "percentage_error"] == pytest.approx(100 * (np.exp(-6) - 1))
    assert table["inside"].tolist() == [True, False]


@pytest.mark.parametrize("method", baselines.METHODS)
def test_rolling_origin_sees_only_the_years_before(method):
    series = walk()
    table = baselines.rolling_origin(series, method=method, start=2014, horizon=2)
    for year in (2014, 2016):
        alone = baselines.benchmark(series.loc[: year - 2], cut=year - 2, method=method, horizon=2)
        assert table.loc[year, ["median", "low", "high", "model"]].tolist() == alone.loc[year].tolist()


def test_rolling_origin_refuses():
    with pytest.raises(ValueError, match="first forecast is for 2017; the series ends in 2016"):
        baselines.rolling_origin(walk(), method="naive", start=2017)
    with pytest.raises(ValueError, match="needs 10 years, and the series has 9"):
        baselines.rolling_origin(walk(), method="theta", start=2004)
    with pytest.raises(ValueError, match="no value for 2010"):
        baselines.rolling_origin(walk().drop(2010), method="naive", start=2012)


@pytest.mark.parametrize("method", ["naive", "drift"])
def test_intervals_hold_about_as_many_outcomes_as_they_say(method):
    held = [
        forecast(series.iloc[:-1], method=method, horizon=1).loc[2016].iloc[1:3].tolist() + [series[2016]]
        for series in (walk(seed=seed) for seed in range(400))
    ]
    inside = np.mean([low <= outcome <= high for low, high, outcome in held])
    assert 0.74 < inside < 0.86  # 80 %, less a little for estimating σ, ± three standard errors of 2 %


PROCESSOR = """
import sys
sys.path.insert(0, sys.argv[1])
from test_baselines import forecast, walk
for method in ("ets", "theta", "arima"):
    print(*forecast(walk(seed=11), method=method)[["median", "low", "high"]].to_numpy().ravel())
"""


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the processors named are of another kind")
def test_what_a_method_says_does_not_depend_on_how_the_processor_rounds():
    """OpenBLAS and NumPy take other instructions where a processor has them, and round otherwise by them."""
    oldest = {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
    said = []
    for environment in ({}, oldest):
        run = [sys.executable, "-W", "ignore", "-c", PROCESSOR, Path(__file__).parent]
        done = subprocess.run(run, env=os.environ | environment, capture_output=True, text=True, check=True)
        said.append(np.array(done.stdout.split(), dtype=float))
    assert len(said[0]) == 18 and said[0] == pytest.approx(said[1], rel=1.5e-4)  # one step of what they are rounded to
