"""Break tests against series whose breaks are known, and against independent computation."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.methods import breaks as b


def noisy(*, step: float = 0.0, at: int = 2010, rho: float = 0.0, seed: int = 0, n: int = 30) -> pd.Series:
    """Growth of 5 % a year from 1995 with AR(1) errors, and a step of the log level at a date."""
    years = np.arange(1995, 1995 + n)
    errors = np.random.default_rng(seed).normal(0, 0.1, n)
    for i in range(1, n):
        errors[i] += rho * errors[i - 1]
    return pd.Series(np.exp(0.05 * (years - 1995) + errors + step * (years >= at)), index=years)


def test_chow_of_means_worked_by_hand():
    # logs 0 1 2 | 4 5 6: S0 = 28 about the mean 3, S1 + S2 = 2 + 2, so F = (28 − 4) ÷ (4 ÷ 4) = 24 on (1, 4)
    test = b.chow(pd.Series(np.exp([0.0, 1, 2, 4, 5, 6]), index=range(2000, 2006)), year=2003, trend=False)
    assert (test.f, test.df1, test.df2, test.n_before, test.n_after) == (pytest.approx(24), 1, 4, 3, 3)
    # F on (1, 4) is the square of Student's t on 4: P(|t| > √24) = 0.00805
    assert test.p == pytest.approx(0.00805, abs=1e-5)


@pytest.fixture
def sm():
    """It takes its time, which no other test need wait for."""
    import statsmodels.api

    return statsmodels.api


def test_chow_equals_the_f_test_of_a_regression_with_dummies(sm):
    series = noisy(step=0.2, seed=3).drop([2001, 2010])
    t = series.index.to_numpy() - 1995.0
    after = (series.index >= 2008).astype(float)
    fit = sm.OLS(np.log(series.to_numpy()), np.column_stack([np.ones_like(t), t, after, after * t])).fit()
    expected = fit.f_test(np.eye(4)[2:])
    test = b.chow(series, year=2008)
    assert (test.f, test.p) == (pytest.approx(float(expected.fvalue)), pytest.approx(float(expected.pvalue)))
    assert (test.df2, test.n_before, test.n_after) == (24, 12, 16)


def test_chow_refuses_too_short_sides_and_values_without_a_logarithm():
    series = noisy()
    with pytest.raises(ValueError, match="A break at 1997 needs 3 points on each side, and the series has 2 before"):
        b.chow(series, year=1997)
    assert b.chow(series, year=1997, trend=False).n_before == 2
    with pytest.raises(ValueError, match="positive values, and 2000 has -1.0"):
        b.chow(series.where(series.index != 2000, -1.0), year=2010)
    assert b.chow(series.where(series.index != 2000), year=2010).n_before == 14


def test_an_exact_break_is_infinite_and_an_exact_trend_has_no_f():
    years = np.arange(2000, 2012)
    assert b.chow(pd.Series(np.exp(0.1 * years - 200 + (years >= 2006)), index=years), year=2006).f == np.inf
    assert np.isnan(b.chow(pd.Series(1.1 ** (years - 2000), index=years), year=2006).f)


def test_declared_dates_are_adjusted_for_their_number(sm):
    table = b.declared_breaks(noisy(step=0.6, seed=1), years=(1996, 2003, 2010, 2015), replications=99)
    assert table["n_before"].to_dict() == {1996: 1, 2003: 8, 2010: 15, 2015: 20}
    tested = table.loc[[2003, 2010, 2015]]
    for raw, adjusted in (("p", "p_holm"), ("p_bootstrap", "p_bootstrap_holm")):
        assert tested[adjusted].to_list() == pytest.approx(sm.stats.multipletests(tested[raw], method="holm")[1])
    assert table.loc[2010, "p_bootstrap"] == 0.01 and table["f"].idxmax() == 2010
    assert table.loc[1996, ["f", "p", "p_holm", "p_bootstrap"]].isna().all()
    assert table["note"].to_dict()[1996] == "fewer than 3 points on a side"


def test_the_bootstrap_is_not_fooled_by_persistence_as_the_classic_test_is():
    tables = [b.declared_breaks(noisy(rho=0.8, seed=seed), years=(2010,), replications=99) for seed in range(40)]
    rejected = pd.concat(tables)[["p", "p_bootstrap"]].le(0.05).mean()
    assert rejected["p"] > 0.4 and rejected["p_bootstrap"] < 0.25


def test_sums_of_squares_and_partitions_equal_brute_force(sm):
    series = noisy(step=0.3, seed=2, n=14).drop(2001)
    years, logs = series.index.to_numpy(), np.log(series.to_numpy())
    segments = b._segments(years, logs[None], 3)
    squares, splits = b._partitions(segments, 2)

    def residual(starts: tuple[int, ...]) -> float:
        parts = np.split(np.arange(len(years)), starts)
        return sum(sm.OLS(logs[i], sm.add_constant(years[i] * 1.0)).fit().ssr for i in parts)

    assert np.isinf(segments[0, 4, 6]) and np.isfinite(segments[0, 4, 7])
    for m in (0, 1, 2):
        sets = [s for s in combinations(range(3, 11), m) if min(np.diff((0, *s, 13))) >= 3]
        best = min(sets, key=residual)
        assert squares[0, m] == pytest.approx(residual(best), abs=1e-9)
        assert tuple(splits[m][0]) == best


def test_a_clear_break_is_found_and_dated_with_a_gap_in_the_series():
    found = b.search_breaks(noisy(step=0.8, seed=4).drop(2005), replications=199)
    assert found.breaks["year"].to_list() == [2010] and found.n == 29
    assert 2008 <= found.breaks.loc[0, "low"] <= 2010 <= found.breaks.loc[0, "high"] <= 2012
    assert found.tests["p"].iloc[0] <= 0.05 < found.tests["p"].iloc[1]
    assert "29 yearly points" in found.caution


def test_a_search_for_one_break_is_the_largest_chow_test():
    series = noisy(step=0.3, seed=6)
    test = b.search_breaks(series, max_breaks=1, replications=19).tests.loc[0]
    tests = {year: b.chow(series, year=year).f for year in range(1999, 2022)}
    assert test["sup_f"] == pytest.approx(max(tests.values()))
    assert test["years"] == (max(tests, key=tests.get),)


def test_two_opposite_breaks_do_not_hide_each_other():
    series = noisy(step=0.9, at=2004, seed=5)
    series.loc[2014:] /= np.exp(0.9)
    found = b.search_breaks(series, replications=199)
    assert found.breaks["year"].to_list() == [2004, 2014]
    assert found.tests.loc[0, "alternative"] == 2 and found.tests.loc[0, "years"] == (2004, 2014)


def test_without_a_break_few_searches_find_one():
    searches = [b.search_breaks(noisy(seed=seed), replications=99) for seed in range(40)]
    assert sum(len(found.breaks) > 0 for found in searches) <= 6
    empty = next(found for found in searches if len(found.breaks) == 0)
    assert empty.breaks.columns.to_list() == ["year", "low", "high"]
    assert [len(years) for years in empty.tests["years"]] == empty.tests["alternative"].to_list()


def test_a_later_step_does_not_count_after_one_that_found_nothing():
    found = b.search_breaks(noisy(rho=0.9, seed=10), replications=99)
    assert found.tests["p"].iloc[0] > 0.05 >= found.tests["p"].iloc[1]
    assert found.breaks.empty


def test_the_interval_of_a_weak_break_reaches_to_either_side():
    weak = [b.search_breaks(noisy(step=0.35, seed=seed), max_breaks=1, replications=199).breaks for seed in (1, 2)]
    assert [one.loc[0, "year"] for one in weak] == [2010, 2010]
    assert weak[0].loc[0, "high"] > 2010 > weak[1].loc[0, "low"]


def test_the_same_seed_gives_the_same_result():
    one, two = (b.search_breaks(noisy(step=0.3), replications=49, seed=7) for _ in range(2))
    pd.testing.assert_frame_equal(one.tests, two.tests)
    pd.testing.assert_frame_equal(one.breaks, two.breaks)


@pytest.mark.parametrize(
    ("series", "options", "message"),
    [
        (noisy(n=8), {}, "A search for up to 2 breaks needs 9 points, and the series has 8."),
        (noisy(), {"max_breaks": 0}, "room for one break or more, not for 0"),
        (noisy().iloc[::2], {"max_breaks": 1}, "most years to follow one another"),
        (pd.Series(1.1 ** np.arange(30), index=range(1995, 2025)), {}, "follows its trend exactly"),
        (noisy() - 2, {}, "A log-linear trend needs positive values, and 1995 has"),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(series, options, message):
    with pytest.raises(ValueError, match=message):
        b.search_breaks(series, **options)


def test_autocorrelation_skips_gaps():
    # pairs (1, 2) and (2, 1) around the gap: products 2 + 2 over half the squares (1 + 4 + 4 + 1) ÷ 2
    assert b._autocorrelation(np.array([1.0, 2, 2, 1]), np.array([2000, 2001, 2003, 2004])) == pytest.approx(0.8)


def test_the_trend_of_each_regime_passes_through_an_exact_series():
    years = np.arange(2000, 2010)
    series = pd.Series(np.where(years < 2005, 2.0 ** (years - 2000), 100.0 * 1.5 ** (years - 2005)), index=years)
    fitted = b.trend_with_breaks(series, years=[2005])
    assert fitted.to_list() == pytest.approx(series.to_list())
    assert b.trend_with_breaks(series, years=[])[2000] != pytest.approx(1)


def test_power_grows_with_the_fall_and_is_the_level_without_one():
    none, some, most = (b.power(noisy(), year=2010, fall=fall) for fall in (0.0, 0.3, 0.9))
    assert none < 12 and none < some < most and most > 95
    assert np.isnan(b.power(noisy(), year=2023, fall=0.5))
