"""Growth of yearly series: year on year, compound, and by least squares."""

import numpy as np
import pandas as pd


def yearly_growth(series: pd.Series) -> pd.Series:
    """Change on the previous calendar year in percent: 100 (xₜ ÷ xₜ₋₁ − 1).

    NaN where the previous year is missing, zero or negative: a change from such a base has no percentage.
    """
    previous = series.reindex(series.index - 1).set_axis(series.index)
    return (100 * (series / previous.where(previous > 0) - 1)).rename(series.name)


def compound_growth(series: pd.Series, *, start: int, end: int) -> float:
    """Compound annual growth rate, percent a year: 100 ((x_end ÷ x_start)^(1 ÷ (end − start)) − 1).

    It sees the two end years only. Raises ValueError unless start < end and both years have a positive value.
    """
    if start >= end:
        raise ValueError(f"Growth needs a start before its end, not {start} and {end}.")
    _positive(series.reindex([start, end]), "Compound growth")
    return float(100 * ((series[end] / series[start]) ** (1 / (end - start)) - 1))


def least_squares_growth(series: pd.Series, *, start: int | None = None, end: int | None = None) -> float:
    """Growth rate of the log-linear trend ln x = a + b·year, percent a year: 100 (exp(b) − 1).

    Missing years are left out of the fit. Raises ValueError for fewer than two years or a value ≤ 0.
    Reference: World Bank, World Development Indicators, "Statistical methods" (least-squares growth rate).
    """
    points = series.dropna().sort_index().loc[start:end]
    if len(points) < 2:
        raise ValueError(f"A growth trend needs two years with a value, and the series has {len(points)}.")
    _positive(points, "A growth trend")
    years = points.index.to_numpy(dtype=float)
    slope = np.polyfit(years - years.mean(), np.log(points.to_numpy()), 1)[0]
    return float(100 * np.expm1(slope))


def _positive(values: pd.Series, what: str) -> None:
    faulty = values[~(values > 0)]
    if len(faulty):
        raise ValueError(
            f"{what} needs a positive value in each year used, and {faulty.index[0]} has {faulty.iloc[0]}."
        )
