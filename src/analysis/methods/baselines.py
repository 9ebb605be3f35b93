"""What a yearly series alone would have led one to expect: statistical benchmarks for a forecast.

A benchmark uses nothing but the years up to its *cut*, the last year that was complete and published when the
forecast was made, and each call names that cut and refuses a series that goes beyond it. For a forecast of
January 2018 the cut is 2016: the year 2017 was known only in part (the question put to the experts itself
speaks of January to October). `with_part_year` adds such a year as an estimate.

All methods work on logarithms, since trade changes in proportions and is never negative. The forecast is
therefore a median, not a mean, and "no change" forecasts exactly the last value. A series may be in any unit:
current dollars, tenge, or dollars of one year; each forecast is compared with the outcome in its own unit.

Cautions for every use. Some 20 yearly points hold one or two swings of the oil price and the rouble: they
choose among methods poorly, and a method that does best here may do so by chance. Intervals take the method
and its parameters as certain and errors as normal, so they are too narrow; `rolling_origin` shows how many outcomes
they held. `readings.load` gives figures as known on a day only as far as older releases were at hand; the others are
today's, as are price indices.

References: Hyndman, R. J. & Athanasopoulos, G. (2021), Forecasting: Principles and Practice, 3rd ed.; Assimakopoulos,
V. & Nikolopoulos, K. (2000), The theta model, International Journal of Forecasting 16(4); Tashman, L. J. (2000),
Out-of-sample tests of forecasting accuracy, International Journal of Forecasting 16(4).
"""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

# The fewest points a method is fitted to. Under 10 the corrected AIC of the largest model tried has no residual
# degree of freedom to speak of; naive and drift need one more difference than they estimate parameters.
FEWEST = {"naive": 3, "drift": 4, "ets": 10, "theta": 10, "arima": 10}
METHODS = tuple(FEWEST)
DECIMALS = 4  # of a logarithm, 0.01 % of the value: where an optimiser stops beyond them depends on the processor


class NotConverged(ValueError):
    """No model of a method could be fitted to a series."""

    def __init__(self, method: str) -> None:
        super().__init__(f"No model of the method {method} converged on the series; use another method.")


def vintage(series: pd.Series, *, cut: int) -> pd.Series:
    """Return a yearly series as it ended at `cut`, in order of years.

    The values are those of the table, later revisions included: only the years are those of the time.

    Raises:
        ValueError: if the year `cut` has no value, if a year before it is missing (fill it openly, or start after
            it: a gap must not be bridged unseen), for a year that stands twice, or for a value ≤ 0.
    """
    known = series.dropna().sort_index()
    known = known[known.index <= cut].astype(float)
    if cut not in known.index:
        raise ValueError(f"The vintage ends in {cut}, and the series has no value for that year.")
    if known.index.has_duplicates:
        raise ValueError(f"The year {known.index[known.index.duplicated()][0]} stands twice; a year has one value.")
    gaps = sorted(set(range(int(known.index[0]), cut + 1)) - set(known.index))
    if gaps:
        raise ValueError(f"The series has no value for {gaps[0]}; a benchmark needs every year up to its cut.")
    faulty = known[known <= 0]
    if len(faulty):
        raise ValueError(f"The value of {faulty.index[0]} is {faulty.iloc[0]}; a benchmark needs positive values.")
    return known


def with_part_year(series: pd.Series, *, growth_pct: float) -> pd.Series:
    """Return the series and one more year, estimated by the growth of the months of it that were known.

    x_(T+1) = x_T (1 + growth_pct ÷ 100): the months not yet known are taken to have grown like the others. The
    new year is an estimate, and no interval of `benchmark` holds its error.

    Raises:
        ValueError: for a growth of −100 % or less.
    """
    if not growth_pct > -100:
        raise ValueError(f"The growth of a part of a year is {growth_pct} %; it must be above -100 %.")
    last = series.index.max()
    return pd.concat([series, pd.Series({last + 1: series[last] * (1 + growth_pct / 100)})]).rename(series.name)


def without_partial_year(turnover_usd: pd.Series, mirror_usd: pd.Series, *, year: int) -> pd.Series:
    """Return the series with a partly recorded year replaced by the mirror's, times their mean ratio a year before and
    after.

    x_t = m_t · ½ (x_(t−1) ÷ m_(t−1) + x_(t+1) ÷ m_(t+1)). An estimate, for methods that need every year.
    """
    ratio = (turnover_usd / mirror_usd).reindex([year - 1, year + 1]).mean()
    filled = turnover_usd.copy()
    filled[year] = mirror_usd[year] * ratio
    return filled


def benchmark(series: pd.Series, *, cut: int, method: str, horizon: int, level: float = 0.8) -> pd.DataFrame:
    """Return a method's forecast of the years after `cut`, from the years up to it.

    With y = ln x, T points, and σ² the sum of squared one-step errors over their degrees of freedom:

    - `naive`, no change: y_T, with the standard error σ √h at horizon h;
    - `drift`, the mean growth goes on: y_T + h (y_T − y_1) ÷ (T − 1), with σ √(h (1 + h ÷ (T − 1)));
    - `ets`: exponential smoothing with additive errors, without trend, with a trend or with a damped one;
    - `theta`: the theta method without seasons;
    - `arima`: ARIMA (0,1,0), (1,1,0) or (0,1,1), each with and without drift.

    `ets` and `arima` take the model of the least corrected AIC among those whose fit converged.

    Args:
        series: positive values by calendar year, none after `cut`; see `vintage`.
        horizon: how many years ahead, 1 or more.
        level: probability of the interval, between 0 and 1.

    Returns:
        One row a year `cut` + 1 … `cut` + `horizon`: `median`, `low` and `high` in the series' unit, those of `ets`,
        `theta` and `arima` to 0.01 %, and `model`, what was fitted.

    Raises:
        ValueError: if the series has a year after `cut` or is faulty (see `vintage`), has fewer points than `FEWEST`,
            or does not vary; for an unknown method, a horizon or level out of range.
        NotConverged: if no model of the method converged.
    """
    later = series.dropna().index[series.dropna().index > cut]
    if len(later):
        raise ValueError(f"The series has the year {later.min()}, which was not known at the cut {cut}.")
    if method not in FEWEST:
        raise ValueError(f"The method {method!r} is unknown; allowed are {', '.join(METHODS)}.")
    if horizon < 1:
        raise ValueError(f"The horizon is {horizon} years; it must be 1 or more.")
    if not 0 < level < 1:
        raise ValueError(f"The level of the interval is {level}; it must lie between 0 and 1.")
    known = vintage(series, cut=cut)
    if len(known) < FEWEST[method]:
        raise ValueError(f"The method {method} needs {FEWEST[method]} years, and the series has {len(known)}.")
    if known.nunique() == 1:
        raise ValueError(f"Every year of the series is {known.iloc[0]}; a benchmark needs one that varies.")
    logs = pd.Series(np.log(known.to_numpy()), index=pd.period_range(str(known.index[0]), str(cut), freq="Y"))
    table, model = _FITS[method](logs, horizon, level)
    years = pd.RangeIndex(cut + 1, cut + horizon + 1, name="year")
    values = pd.DataFrame(np.exp(np.asarray(table, dtype=float)), index=years, columns=["median", "low", "high"])
    return values.assign(model=model)


def rolling_origin(series: pd.Series, *, method: str, start: int, horizon: int = 1, level: float = 0.8) -> pd.DataFrame:
    """Return what a method would have forecast for each year from `start` on, and how it erred.

    The year t is forecast from the years up to t − `horizon`, each time fitted anew, up to the last year of the
    series: give a `vintage` of it to see what could have been seen at the time. Forecasts further ahead than one year
    overlap, so their errors are not independent.

    Returns:
        One row a year: `median`, `low`, `high`, `model` as in `benchmark`, `outcome`, `percentage_error` (100 × (median
        ÷ outcome − 1)) and `inside` (the outcome lies in the interval).

    Raises:
        ValueError: if `start` lies after the last year, and as in `benchmark`.
    """
    known = series.dropna().sort_index()
    last = int(known.index[-1])
    if start > last:
        raise ValueError(f"The first forecast is for {start}; the series ends in {last}.")
    rows = []
    for year in range(start, last + 1):
        cut = year - horizon
        fitted = benchmark(vintage(known, cut=cut), cut=cut, method=method, horizon=horizon, level=level)
        rows.append(fitted.loc[[year]])
    table = pd.concat(rows)
    table["outcome"] = known.reindex(table.index)
    table["percentage_error"] = 100 * (table["median"] - table["outcome"]) / table["outcome"]
    table["inside"] = table["outcome"].between(table["low"], table["high"])
    return table


Fit = tuple[np.ndarray | pd.DataFrame, str]  # point, low and high of the logarithms by year, and the model's name


def _quantile(level: float) -> float:
    from scipy.special import ndtri  # the whole of scipy.stats costs a second to import

    return float(ndtri((1 + level) / 2))


def _around(points: np.ndarray, errors: np.ndarray, level: float) -> np.ndarray:
    margin = _quantile(level) * errors
    return np.column_stack([points, points - margin, points + margin])


def _naive(logs: pd.Series, horizon: int, level: float) -> Fit:
    steps = np.diff(logs.to_numpy())
    sigma = np.sqrt((steps**2).mean())
    return _around(np.full(horizon, logs.iloc[-1]), sigma * np.sqrt(np.arange(1, horizon + 1)), level), "no change"


def _drift(logs: pd.Series, horizon: int, level: float) -> Fit:
    steps = np.diff(logs.to_numpy())
    ahead = np.arange(1, horizon + 1)
    sigma = steps.std(ddof=1)
    errors = sigma * np.sqrt(ahead * (1 + ahead / len(steps)))
    return _around(logs.iloc[-1] + ahead * steps.mean(), errors, level), f"{100 * np.expm1(steps.mean()):+.1f} % a year"


def _ets(logs: pd.Series, horizon: int, level: float) -> Fit:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    kinds = {"no trend": (None, False), "trend": ("add", False), "damped trend": ("add", True)}
    fits = {
        name: lambda trend=trend, damped=damped: ETSModel(logs, trend=trend, damped_trend=damped).fit(disp=False)
        for name, (trend, damped) in kinds.items()
    }
    name, fit = _best(fits, "ets")
    frame = fit.get_prediction(start=len(logs), end=len(logs) + horizon - 1).summary_frame(alpha=1 - level)
    return frame[["mean", "pi_lower", "pi_upper"]].round(DECIMALS), name


def _arima(logs: pd.Series, horizon: int, level: float) -> Fit:
    fits = {
        f"({p},1,{q}){drift}": lambda p=p, q=q, trend=trend: _arima_fit(logs, (p, 1, q), trend)
        for p, q in ((0, 0), (1, 0), (0, 1))
        for trend, drift in (("n", ""), ("t", " with drift"))
    }
    name, fit = _best(fits, "arima")
    frame = fit.get_forecast(horizon).summary_frame(alpha=1 - level)
    return frame[["mean", "mean_ci_lower", "mean_ci_upper"]].round(DECIMALS), name


def _arima_fit(logs: pd.Series, order: tuple[int, int, int], trend: str) -> object:
    """A fit of greatest likelihood by the simplex of Nelder and Mead, the variance of the errors concentrated out.

    The default, a quasi-Newton search on numerical gradients, ends at 1e-5 of the optimum or not at all, and which of
    the two depends on how the processor rounds. A model without any other parameter than the variance is searched for
    that.
    """
    from statsmodels.tsa.arima.model import ARIMA

    search = {"method": "nm", "xtol": 1e-7, "ftol": 1e-10, "maxiter": 5000}
    model = ARIMA(logs, order=order, trend=trend, concentrate_scale=order != (0, 1, 0) or trend != "n")
    return model.fit(method_kwargs=search, cov_type="none")


def _theta(logs: pd.Series, horizon: int, level: float) -> Fit:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fit = _converged(lambda: ThetaModel(logs, deseasonalize=False).fit())
    # Statsmodels takes the variance of the interval from this model too, but fits it by the search that may not
    # converge.
    ima = _converged(lambda: _arima_fit(logs, (0, 1, 1), "t"))
    if fit is None or ima is None:
        raise NotConverged("theta")
    errors = np.sqrt(ima.filter_results.scale * (1 + np.arange(horizon) * (1 + (fit.params["alpha"] - 1) ** 2)))
    return _around(fit.forecast(horizon).to_numpy(), errors, level).round(DECIMALS), "theta 2"


def _best(fits: dict[str, Callable[[], object]], method: str) -> tuple[str, object]:
    """The converged fit of the least corrected AIC, with its name."""
    results = {name: _converged(fit) for name, fit in fits.items()}
    results = {name: fit for name, fit in results.items() if fit is not None}
    if not results:
        raise NotConverged(method)
    name = min(results, key=lambda name: results[name].aicc)
    return name, results[name]


def _converged(fit: Callable[[], object]) -> object | None:
    """What a fit gives, or None where its optimiser did not converge; every other warning is passed on."""
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        # The optimiser then starts from zero instead: a remark on where it starts, not on where it ended.
        for kind in ("stationary starting autoregressive", "invertible starting MA"):
            warnings.filterwarnings("ignore", message=f"Non-{kind} parameters found", category=UserWarning)
        try:
            return fit()
        except ConvergenceWarning:
            return None


_FITS = {"naive": _naive, "drift": _drift, "ets": _ets, "theta": _theta, "arima": _arima}
