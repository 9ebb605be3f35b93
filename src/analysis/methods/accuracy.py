"""How far forecasts of directions and of quantities were from what came.

Reference: Hyndman, R. J. & Koehler, A. B. (2006), International Journal of Forecasting 22(4).
"""

import numpy as np
import pandas as pd

from analysis.methods.dates import last_day

INTENTIONS = ("hoped", "planned", "promised")  # classes of words: what is wanted is no forecast


def directions(change_pct: pd.Series, *, same_within: float) -> pd.Series:
    """Return up, down or same for each change in percent: same from −`same_within` to `same_within`, both included.

    Raises ValueError for a negative `same_within`; a missing change stays missing.
    """
    if not same_within >= 0:
        raise ValueError(f"The margin for same is {same_within} %; it must be 0 or more.")
    words = np.select([change_pct > same_within, change_pct < -same_within], ["up", "down"], "same")
    return pd.Series(words, index=change_pct.index, dtype="str").mask(change_pct.isna())


def errors(forecast: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Return how far quantitative forecasts were from what came; forecast and outcome share index and unit.

    `forecast` has `value_low` and `value_high`: equal for a point; one empty where the range is open ("at least").
    Returns one row a forecast: `forecast` (the middle), `outcome`, `error` (forecast − outcome, so positive is too
    high), `absolute_error`, `percentage_error` (100 × error ÷ |outcome|; NaN for an outcome of 0), `miss` (the distance
    of the outcome from the nearer end, 0 inside) and `inside`. The middle of an open range, and what comes from it, is
    NaN; where the outcome or both ends are missing, so is the rest. Raises ValueError for a range upside down.
    """
    low, high = forecast["value_low"].astype(float), forecast["value_high"].astype(float)
    wrong = forecast.index[low > high]
    if len(wrong):
        raise ValueError(f"Forecast {wrong[0]}: the low end {low[wrong[0]]} is above the high end {high[wrong[0]]}.")
    outcome = outcome.astype(float).reindex(forecast.index)
    table = pd.DataFrame({"forecast": (low + high) / 2, "outcome": outcome})
    table["error"] = table["forecast"] - outcome
    table["absolute_error"] = table["error"].abs()
    table["percentage_error"] = 100 * table["error"] / outcome.abs().where(outcome != 0)
    short, over = (low - outcome).clip(lower=0), (outcome - high).clip(lower=0)
    table["miss"] = short.fillna(0) + over.fillna(0)
    table["miss"] = table["miss"].mask(outcome.isna() | (low.isna() & high.isna()))
    table["inside"] = (table["miss"] == 0).astype("boolean").mask(table["miss"].isna())
    return table


def mase(forecast: pd.Series, outcome: pd.Series, *, history: pd.Series) -> float:
    """Return the mean absolute scaled error: mean |forecast − outcome| ÷ mean |xₜ − xₜ₋₁| over the history.

    All three are indexed by year and in one unit. Below 1 the forecasts erred less than "no change" did, one year
    ahead, in the history; longer horizons are held against the same one-year changes. NaN where no year has both, or
    where the history has no change of neighbouring years, or none but zero. Raises ValueError if the history reaches
    the first year forecast. Reference: Hyndman & Koehler (2006).
    """
    error = (forecast - outcome).dropna().abs()
    if len(error) and history.dropna().index.max() >= error.index.min():
        raise ValueError(
            f"The history ends in {history.dropna().index.max()}; it must end before the first forecast, "
            f"{error.index.min()}."
        )
    scale = (history - history.reindex(history.index - 1).set_axis(history.index)).abs().mean()
    return float(error.mean() / scale) if len(error) and scale > 0 else float("nan")


def theils_u(forecast: pd.Series, outcome: pd.Series) -> float:
    """Return Theil's U₂ = √(Σ ((fₜ − xₜ) ÷ xₜ₋₁)² ÷ Σ ((xₜ − xₜ₋₁) ÷ xₜ₋₁)²), not the U₁ that lies between 0 and 1.

    Indexed by year; the forecasts are one year ahead, and `outcome` also holds the year before each. Below 1 they beat
    "no change". Years without a forecast, outcome or previous outcome are left out; NaN where none is left, or where
    nothing changed. Of a single year it is |error| ÷ |change|, which says little. References: Theil, H. (1966), Applied
    Economic Forecasting; Bliemel, F. (1973), Journal of Marketing Research 10(4), on the two coefficients.
    """
    previous = outcome.reindex(forecast.index - 1).set_axis(forecast.index)
    table = pd.DataFrame({"forecast": forecast, "actual": outcome.reindex(forecast.index), "previous": previous})
    table = table.dropna().query("previous != 0")
    error = ((table["forecast"] - table["actual"]) / table["previous"]) ** 2
    change = ((table["actual"] - table["previous"]) / table["previous"]) ** 2
    return float(np.sqrt(error.sum() / change.sum())) if change.sum() > 0 else float("nan")


def errors_of_single_years(statements: pd.DataFrame, rules: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Return how far the figures said of one year's turnover were from its outcome, by the year and the date of saying.

    `rules` is the table resolution_rules, which says which statements are of one year; "at least" and "reaches" are
    read as the figure itself. `outcome` is in dollars by year. One row a statement: the columns of `errors` (NaN where
    the year has no outcome), `year`, `speaker`, `made_on`, `phrase` and `source_id` of the statement, the `months` from
    the last day that its date allows to the end of the year, and whether its words tell of an `intention`.
    """
    of_one_year = (
        rules["series"].eq("turnover") & rules["test"].eq("at_least") & rules["first_year"].eq(rules["last_year"])
    )
    rows = statements.merge(rules.loc[of_one_year, ["statement_id", "last_year"]], on="statement_id")
    rows = rows.set_index("statement_id").rename(columns={"last_year": "year"})
    rows["value_high"] = rows["value_high"].fillna(rows["value_low"])
    table = errors(rows[["value_low", "value_high"]], rows["year"].map(outcome).astype(float))
    table["absolute_percentage_error"] = table["percentage_error"].abs()
    rows["months"] = 12 * (rows["year"] + 1 - rows["made_on"].map(last_day).map(_year_and_part))
    rows["intention"] = rows["phrase_class"].isin(INTENTIONS)
    told = rows[["year", "speaker", "made_on", "phrase", "source_id", "months", "intention"]]
    return table.join(told).sort_values(["year", "made_on"])


def medians_by_year(errors: pd.DataFrame) -> pd.DataFrame:
    """Return the median percentage error of the forecasts of each year, and that of the intentions, apart.

    `errors` is what `errors_of_single_years` returns. Columns: `outcome`, `forecasts` (how many), `median` and
    `median_absolute` of their errors, and `intentions` and `median_of_intentions`; NaN where there is none.
    """
    known = errors.dropna(subset="percentage_error")
    years = known.groupby("year")
    by_kind = {kind: rows.groupby("year")["percentage_error"] for kind, rows in known.groupby("intention")}
    table = pd.DataFrame({"outcome": years["outcome"].first()})
    for kind, count, median in ((False, "forecasts", "median"), (True, "intentions", "median_of_intentions")):
        found = by_kind.get(kind)
        table[count] = 0 if found is None else found.size().reindex(table.index, fill_value=0)
        table[median] = np.nan if found is None else found.median().reindex(table.index)
    forecasts = known[~known["intention"]]
    table["median_absolute"] = forecasts.groupby("year")["absolute_percentage_error"].median().reindex(table.index)
    return table


def _year_and_part(day: pd.Timestamp) -> float:
    return day.year + day.day_of_year / (365 + day.is_leap_year)
