"""The exhibits of the forecast report on officials: how far their figures for a year's trade were from what came."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import capital, number, signed, spell
from analysis.methods.accuracy import errors_of_single_years, mase, medians_by_year, theils_u
from analysis.methods.expectations import Register, Statistics

HALF = 6  # months before the end of the year that is meant


def officials(register: Register, rules: pd.DataFrame, statistics: Statistics) -> Exhibit:
    """Errors of officials' figures for a year's turnover by how early they were said, by the register's ledger."""
    reporter = register.outcomes.reporter
    ledger = statistics.ledger(reporter)
    table = errors_of_single_years(register.statements, rules, ledger["turnover_usd"])
    known = table.dropna(subset="percentage_error")
    figure_of_turnover = register.statements["metric"].eq("turnover") & register.statements["kind"].eq("quantity")
    others = int(figure_of_turnover.sum()) - len(table)
    loose = known["made_on"].str.fullmatch(r"\d{4}")
    undated = "".join(f"{row.Index} of {row.made_on} counts as said at its end. " for row in known[loose].itertuples())

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        small = charts.narrow(axes)
        for year, own in known.groupby("year"):
            own = own.sort_values("months", kind="stable")
            axes.plot(own["months"], own["percentage_error"], color=charts.COLOURS["muted"], linewidth=0.9, zorder=2)
            first, above = own.iloc[-1], own["percentage_error"].iloc[-1] > -10
            axes.annotate(
                str(year),
                (first["months"], first["percentage_error"]),
                xytext=(0, 8 if above else -6),
                textcoords="offset points",
                ha="center",
                va="bottom" if above else "top",
                fontsize=7.5 if small else 9,
            )
        for intention, own in known.groupby("intention"):
            face = charts.COLOURS["paper" if intention else "KAZ"]
            shape = "s" if intention else "o"
            axes.plot(
                own["months"],
                own["percentage_error"],
                shape,
                color=charts.COLOURS["KAZ"],
                markerfacecolor=face,
                markersize=6.5,
                clip_on=False,
                zorder=4,
            )
        axes.axvspan(0, HALF, color=charts.COLOURS["rule"], alpha=0.35, linewidth=0, zorder=0)
        axes.axhline(0, color=charts.COLOURS["ink"], linewidth=0.9)
        axes.set_xscale("function", functions=(lambda x: np.sqrt(np.abs(x)), np.square))  # most stand close to the end
        axes.set_xlim(max(1.2 * known["months"].max(), 2 * HALF), 0)
        axes.set_xticks([tick for tick in (0, 1, 3, 6, 12, 24, 36) if tick <= axes.get_xlim()[0]])
        axes.set_xlabel("months before the end of the year that is meant")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:+.0f} %".replace("-", "−").replace("+0 ", "0 "))
        axes.margins(y=0.14)
        charts.rows_at(axes, x=table["months"], y=table["percentage_error"])

    shown = pd.DataFrame(
        {
            "year": table["year"],
            "said by": table["speaker"],
            "said on": table["made_on"],
            "months before its end": table["months"],
            "its words": table["phrase"],
            "intention": table["intention"].map({True: "yes", False: "no"}),
            "said, US$ bn": table["forecast"] / 1e9,
            "came, US$ bn": table["outcome"] / 1e9,
            "error, US$ bn": table["error"] / 1e9,
            "error, %": table["percentage_error"],
        }
    )
    return Exhibit(
        key="officials",
        title=headline(known),
        subtitle="Error of what officials said a year’s turnover would be, in percent of the outcome in "
        f"{reporter.title()}’s books, by how early it was said; above zero: too high. Dots are forecasts, "
        "squares hopes and plans; those of one year are joined. Grey: the second half of the year itself",
        alt=f"A mark for each of {spell(len(known), 'figure')}: errors from "
        f"{number(known['percentage_error'].min(), 0)} to {number(known['percentage_error'].max(), 0)} %, said "
        f"{number(known['months'].min(), 0)} to {number(known['months'].max(), 0)} months before the year’s end.",
        table=shown.rename_axis("statement"),
        sources=sources(ledger.loc[: known["year"].max()], table),
        draw=draw if len(known) else None,
        height=3.1,
        decimals=1,
        note=undated
        + "“At least” and “will reach” are read as the figure itself, so a low error may be caution. Figures for "
        f"one year share one outcome. {spell(others, 'figure')} for no single year {'is' if others == 1 else 'are'} in "
        "the register alone.",
    )


def headline(known: pd.DataFrame) -> str:
    """How far off the forecasts were that were said late, and the earliest of those said before."""
    if known.empty:
        return "No year of which officials gave a figure is over"
    forecasts = known[~known["intention"]]
    is_late = forecasts["months"] <= HALF
    early = forecasts[~is_late].sort_values("months", kind="stable")
    sentences = [_of_late(forecasts.loc[is_late, "percentage_error"])] if is_late.any() else []
    if len(early):
        first = early.iloc[-1]
        side = "high" if first["percentage_error"] > 0 else "low"
        sentences.append(
            f"the earliest forecast, {number(first['months'], 0)} months before the end of {first['year']}, was "
            f"{number(first['absolute_percentage_error'], 0)} % too {side}"
        )
    sentence = "; ".join(sentences) or "officials gave hopes and plans, and no forecast"
    return capital(sentence)


def _of_late(errors: pd.Series) -> str:
    size, count, low = errors.abs(), len(errors), int((errors < 0).sum())
    by = " to ".join(dict.fromkeys(number(end, 0) for end in (size.min(), size.max())))
    said = "that officials gave of a year’s trade when more than half of it was over"
    if side := {count: "low", 0: "high"}.get(low):
        every = {1: "the one forecast", 2: "both forecasts"}.get(count, f"all {count} forecasts")
        return f"{every} {said} {'was' if count == 1 else 'were'} too {side}, by {by} %"
    return f"of {count} forecasts {said} {low} {'was' if low == 1 else 'were'} too low; they missed by {by} %"


def by_year(register: Register, rules: pd.DataFrame, statistics: Statistics) -> Exhibit:
    """The median errors of the years, and the measures of accuracy of the figures that were said in the year itself."""
    reporter = register.outcomes.reporter
    ledger = statistics.ledger(reporter)
    outcome = ledger["turnover_usd"]
    errors = errors_of_single_years(register.statements, rules, outcome)
    years = medians_by_year(errors)
    known = errors.dropna(subset="percentage_error")
    yearly = known[known["months"] <= 2 * HALF].groupby("year")["forecast"].mean()  # both measures are of one step
    history = outcome[outcome.index < yearly.index.min()]
    forecast = years["median"].dropna()
    shown = pd.DataFrame(
        {
            "came, US$ bn": years["outcome"] / 1e9,
            "forecasts": years["forecasts"],
            "their median error, %": years["median"],
            "median absolute error, %": years["median_absolute"],
            "hopes and plans": years["intentions"],
            "median error of these, %": years["median_of_intentions"],
        }
    )
    return Exhibit(
        key="officials-years",
        title=f"By year, officials’ forecasts were too low in {int((forecast < 0).sum())} of {len(forecast)}; median "
        f"errors run from {signed(forecast.min())} to {signed(forecast.max())} %"
        if len(forecast)
        else "No year has both a forecast and an outcome",
        subtitle="Median error of officials’ figures for the turnover of each year, forecasts apart from hopes and "
        f"plans, in percent of the outcome in {reporter.title()}’s books",
        alt=f"Table of {spell(len(shown), 'year')}.",
        table=shown,
        sources=sources(ledger.loc[: known["year"].max()], errors),
        folded=True,
        decimals=1,
        note=f"Yearly means of all figures said in the year itself: Theil’s U₂ {number(theils_u(yearly, outcome), 2)} "
        f"(below 1 beats “no change”), mean absolute scaled error {number(mase(yearly, outcome, history=history), 2)}, "
        f"in units of the mean change of the years to {history.index.max()}, when trade was smaller. So few years "
        "prove nothing.",
    )
