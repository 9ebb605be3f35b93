"""The exhibits of the forecast report on benchmarks: what the series alone foretold of trade, and how it fared."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts, kept
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, months, number, spell
from analysis.methods import baselines
from analysis.methods.expectations import Survey
from analysis.methods.hindcasts import Hindcast, compare, part_of_year
from analysis.methods.money import Money

_UNITS = ("usd", "kzt", "kzt_real")  # the moneys of the table, by their names in the table currencies
METHOD_NAMES = {"naive": "no change", "drift": "mean growth", "ets": "ETS", "theta": "Theta", "arima": "ARIMA"}


def fan(hindcast: Hindcast, survey: Survey) -> Exhibit:
    """History, the benchmarks' forecasts with their intervals, the experts' direction and the outcome, in dollars."""
    cut, target, experts = hindcast.cut, hindcast.target, survey.directions
    known, outcome = hindcast.known, hindcast.came
    rows = _compared(known, outcome).dropna(subset="median").sort_values("median", kind="stable")
    intervals = rows.dropna(subset="inside")
    came = outcome[target] / 1e9
    first, last = part_of_year(hindcast.named)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        history, past = known / 1e9, known.loc[: cut - 1] / 1e9
        charts.line(axes, past, role="KAZ")
        axes.plot([cut - 1, cut], history.loc[[cut - 1, cut]], color=charts.COLOURS["KAZ"], linestyle=":")
        axes.plot(cut, history[cut], "o", markerfacecolor=charts.COLOURS["paper"], color=charts.COLOURS["KAZ"])
        at = np.linspace(target + 0.6, target + 5, len(rows))
        axes.axvspan(target, target + 5.6, color=charts.COLOURS["rule"], alpha=0.35, linewidth=0)
        for x, row in zip(at, rows.itertuples(), strict=True):
            axes.plot([x, x], [row.low / 1e9, row.high / 1e9], color=charts.COLOURS["other"], linewidth=3, alpha=0.5)
            axes.plot(x, row.median / 1e9, "s", color=charts.COLOURS["other"], markersize=4)
            axes.text(x, 0.5, METHOD_NAMES[row.method], rotation=90, ha="center", va="bottom", fontsize=7.5)
        axes.text(
            target + 2.8, 1.0, f"for {target}", transform=axes.get_xaxis_transform(), ha="center", va="top", fontsize=8
        )
        axes.axhline(came, color=charts.COLOURS["down"], linewidth=1, linestyle="--", zorder=1)
        axes.text(
            known.index[0],
            came + 0.3,
            f"outcome of {target}: {came:.1f}",
            color=charts.COLOURS["down"],
            va="bottom",
            fontsize=8.5,
        )
        words = "\n".join(f"{name.split()[-1]}: {direction}" for name, direction in experts.items())
        axes.text(
            0.02,
            0.97,
            f"The experts for {target}\n{words}",
            transform=axes.transAxes,
            va="top",
            fontsize=8,
            color=charts.COLOURS["muted"],
        )
        charts.years_axis(axes, known.index)
        axes.set_xlim(right=target + 5.6)
        axes.set_xticks([year for year in known.index if year % 5 == 0])
        charts.value_axis(axes)

    table = pd.DataFrame({"turnover as known": known / 1e9, "outcome": (outcome / 1e9).reindex(range(cut, target + 1))})
    table = table.reindex(range(int(known.index[0]), target + 1)).rename_axis("year")
    for row in rows.itertuples():
        for end in ("median", "low", "high"):
            table.loc[target, f"{METHOD_NAMES[row.method]}, {end}"] = getattr(row, end) / 1e9
    return Exhibit(
        key="benchmark",
        title=held(intervals, came, target=target),
        subtitle=f"Turnover in US$ billion: as known in {months([survey.on_trade['asked_on']])}, the benchmarks’ "
        "medians and 80 % intervals (right), and the outcome",
        alt=f"A line of turnover to {cut}, the last year an estimate from {last - first + 1} months; to its right "
        f"{spell(len(intervals), 'interval')}, of which {int(intervals['inside'].sum())} hold the outcome of "
        f"{number(came)} billion.",
        table=table.round(3),
        sources=sources(*_known(hindcast, survey), survey.on_trade_cells, hindcast.monthly),
        draw=draw,
        height=3.7,
        decimals=2,
        note=f"The year {cut} is the one before it times the growth of {month_name[first]} to {month_name[last]} that "
        f"the question to the experts names, {number(hindcast.named['value_low'], 0)} %; Russia’s monthly record has "
        f"{number(hindcast.revised_pct, 0)} % today. "
        + _replaced(hindcast)
        + _record(rows)
        + _revised(hindcast)
        + "The intervals take the model as certain and are too narrow.",
    )


def held(intervals: pd.DataFrame, came: float, *, target: int) -> str:
    """How many of the methods' intervals held the outcome, in billions, and how wide they are."""
    inside = int(intervals["inside"].sum())
    low, high = intervals["low"].min() / 1e9, intervals["high"].max() / 1e9
    wide = f"from US$ {number(low, 0)} to {number(high, 0)} bn"
    if inside == len(intervals):
        return f"One year names no best method: all {inside} intervals, {wide}, held the {number(came)} bn of {target}"
    return f"{inside} of {len(intervals)} intervals, {wide}, held the {number(came)} bn of {target}"


def _record(rows: pd.DataFrame) -> str:
    """What the method whose middle was nearest had missed by in the years before, beside the least."""
    nearest = rows.loc[rows["error_pct"].abs().idxmin()]
    best = rows.loc[rows["backtest_mape"].idxmin()]
    return (
        f"The median of “{METHOD_NAMES[nearest['method']]}” was nearest this once; in the years before its forecasts "
        f"missed by {number(nearest['backtest_mape'])} % in the mean, the least of all being "
        f"{number(best['backtest_mape'])} %. "
    )


def _revised(hindcast: Hindcast) -> str:
    """How far the figures of the time differ from today's."""
    raised = hindcast.raised_pct
    if raised.empty:
        return "Of the other figures no older release differs from today’s, as far as they are at hand. "
    most = raised[raised.abs().idxmax()]
    return (
        f"Of the other figures {listed(raised.index)} {'was' if len(raised) == 1 else 'were'} revised since, by at "
        f"most {number(abs(most), 2)} %; where no older release is at hand, today’s stands for that of the time. "
    )


def _replaced(hindcast: Hindcast) -> str:
    if not hindcast.filled:
        return ""
    return (
        f"{hindcast.reporter.title()}’s record of {listed(hindcast.filled)} is partial and replaced by the other "
        "country’s, scaled by the neighbouring years. "
    )


def _compared(known: pd.Series, came: pd.Series) -> pd.DataFrame:
    """What each method forecast for the year after those known, and how it had fared before."""
    return kept.of(compare, known, came, baselines.METHODS)


def _known(hindcast: Hindcast, survey: Survey) -> tuple[pd.DataFrame, ...]:
    """The rows that a hindcast is made of: the ledgers' to its last year and the question that names the growth."""
    ledger = hindcast.ledger.loc[hindcast.known.index[0] : hindcast.target]
    return ledger, hindcast.mirror, hindcast.older, survey.on_trade.to_frame().T


def benchmark_table(hindcast: Hindcast, survey: Survey, moneys: Mapping[str, Money]) -> Exhibit:
    """The benchmarks in three units, with their errors and how they fared in the years before."""
    units = [moneys[unit] for unit in _UNITS]
    series = {unit.name: map(unit.amounts, (hindcast.known, hindcast.came)) for unit in units}
    compared = pd.concat([_compared(known, came).assign(unit=name) for name, (known, came) in series.items()])
    names = list(series)
    rates = [unit.rates_of([*hindcast.known.index, hindcast.target]) for unit in units]
    table = pd.DataFrame(
        {
            "method": compared["method"].map(METHOD_NAMES).to_numpy(),
            "model": compared["model"].to_numpy(),
            **{c: (compared[c] / 1e9).round(2).to_numpy() for c in ("median", "low", "high", "outcome")},
            "error, %": compared["error_pct"].round(1).to_numpy(),
            "outcome inside": compared["inside"].map({True: "yes", False: "no"}).fillna("").to_numpy(),
            "mean error in backtest, %": compared["backtest_mape"].round(1).to_numpy(),
        },
        index=pd.Index(compared["unit"], name="unit, billion"),
    )
    inside = compared.groupby("unit")["inside"].sum().reindex(names)
    missed = compared["backtest_mape"]
    return Exhibit(
        key="benchmark-units",
        title=f"In three units {int(inside.sum())} of {int(compared['inside'].count())} intervals held the outcome; in "
        f"the years before the methods missed by {number(missed.min(), 0)} to {number(missed.max(), 0)} %",
        subtitle=f"Forecasts for {hindcast.target} from what was known in {months([survey.on_trade['asked_on']])}, in "
        "three units, with their error and the mean absolute percentage error of one-year forecasts in the years "
        "before",
        alt=f"Table of {len(table)} rows; the intervals hold the outcome for {listed([int(n) for n in inside])} "
        f"methods in {listed(names)}.",
        table=table,
        sources=sources(*_known(hindcast, survey), *rates),
        decimals=2,
        folded=True,
        note=f"{names[-1].capitalize()} are current tenge divided by the rise of Kazakhstan’s consumer prices, "
        "as revised since, which is not volume.",
    )
