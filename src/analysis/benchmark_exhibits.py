"""The exhibits of the forecast report on numbers: benchmarks, officials' forecasts, oil, the rouble and the goods."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import benchmarks, figures
from analysis.exhibits import Exhibit, listed, number, spell
from analysis.forecast_errors import directions, errors, mase, theils_u
from analysis.trade import growth

UNITS = {"usd": "current dollars", "kzt": "current tenge", "kzt_real": "tenge of 2015"}
METHODS = {"naive": "no change", "drift": "mean growth", "ets": "ETS", "theta": "Theta", "arima": "ARIMA"}
SERIES = ["wits", "bns", "fcs_annual", "document", "wdi_kaz"]


def compare(known: pd.DataFrame, outcome: pd.DataFrame, *, cut: int, target: int, backtest_from: int) -> pd.DataFrame:
    """What each method forecast for `target` from what was known, and how it had fared before, one row a unit and method.

    `known` and `outcome` are years × units as `benchmarks.turnover_in_units` gives them; `known` may not go beyond `cut`,
    and its last year is an estimate, which the backtest leaves out.
    Columns: `median`, `low`, `high`, `outcome`, `error_pct`, `inside`, `backtest_mape`, and `model`; values in the unit.
    A method without a converged model has a row without values.
    """
    rows = []
    for unit in UNITS:
        series = known[unit].dropna()
        for method in benchmarks.METHODS:
            row: dict[str, object] = {"unit": unit, "method": method, "outcome": outcome.loc[target, unit]}
            try:
                found = benchmarks.benchmark(series, cut=cut, method=method, horizon=target - cut).loc[target]
                past = benchmarks.rolling_origin(series.loc[: cut - 1], method=method, start=backtest_from)
                row |= found.to_dict() | {"backtest_mape": benchmarks.accuracy(past)["mean_absolute_percentage_error"]}
            except ValueError as error:
                if "converged" not in str(error):
                    raise
                row |= {"model": "did not converge"}
            rows.append(row)
    table = pd.DataFrame(rows)
    table["error_pct"] = 100 * (table["median"] / table["outcome"] - 1)
    table["inside"] = table["outcome"].between(table["low"], table["high"]).astype("boolean").mask(table["low"].isna())
    return table


def fan(
    compared: pd.DataFrame,
    known: pd.Series,
    outcome: pd.Series,
    *,
    cut: int,
    growth_pct: float,
    revised_pct: float,
    filled: int | None,
    experts: Mapping[str, str],
) -> Exhibit:
    """History, the benchmarks' forecasts with their intervals, the experts' direction and the outcome, in dollars.

    `known` ends with the year `cut`, estimated by `growth_pct` of some months as it was published; today's record of them
    has `revised_pct`. `filled` is a year that was replaced by the mirror's; `experts` gives each expert's direction by name.
    """
    target = cut + 1
    rows = compared[compared["unit"] == "usd"].dropna(subset="median").sort_values("median", kind="stable")
    nearest = rows.loc[rows["error_pct"].abs().idxmin()]
    intervals = rows["inside"].dropna()
    came = outcome[target] / 1e9

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        history, past = known / 1e9, known.loc[: cut - 1] / 1e9
        figures.line(axes, past, role="KAZ")
        axes.plot([cut - 1, cut], history.loc[[cut - 1, cut]], color=figures.COLOURS["KAZ"], linestyle=":")
        axes.plot(cut, history[cut], "o", markerfacecolor=figures.COLOURS["paper"], color=figures.COLOURS["KAZ"])
        at = np.linspace(target + 0.6, target + 5, len(rows))
        axes.axvspan(target, target + 5.6, color=figures.COLOURS["rule"], alpha=0.35, linewidth=0)
        for x, row in zip(at, rows.itertuples(), strict=True):
            axes.plot([x, x], [row.low / 1e9, row.high / 1e9], color=figures.COLOURS["other"], linewidth=3, alpha=0.5)
            axes.plot(x, row.median / 1e9, "s", color=figures.COLOURS["other"], markersize=4)
            axes.text(x, 0.5, METHODS[row.method], rotation=90, ha="center", va="bottom", fontsize=7.5)
        axes.text(
            target + 2.8, 1.0, f"for {target}", transform=axes.get_xaxis_transform(), ha="center", va="top", fontsize=8
        )
        axes.axhline(came, color=figures.COLOURS["down"], linewidth=1, linestyle="--", zorder=1)
        axes.text(
            known.index[0],
            came + 0.3,
            f"outcome of {target}: {came:.1f}",
            color=figures.COLOURS["down"],
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
            color=figures.COLOURS["muted"],
        )
        figures.years_axis(axes, known.index)
        axes.set_xlim(right=target + 5.6)
        axes.set_xticks([year for year in known.index if year % 5 == 0])
        figures.value_axis(axes)

    table = pd.DataFrame({"turnover as known": known / 1e9, "outcome": (outcome / 1e9).reindex(range(cut, target + 1))})
    table = table.reindex(range(int(known.index[0]), target + 1)).rename_axis("year")
    for row in rows.itertuples():
        for end in ("median", "low", "high"):
            table.loc[target, f"{METHODS[row.method]}, {end}"] = getattr(row, end) / 1e9
    return Exhibit(
        key="benchmark",
        title=f"Before {target} a series alone said US$ {number(rows['median'].min() / 1e9)} to {number(rows['median'].max() / 1e9)} bn; "
        f"it came to {number(came)}, nearest to “{METHODS[nearest['method']]}”",
        subtitle=f"Turnover in US$ billion: as known in January {target}, the benchmarks’ medians and 80 % intervals (right), and the outcome",
        alt=f"A line of turnover to {cut}, the last year an estimate from ten months; to its right {spell(len(intervals), 'interval')}, "
        f"of which {int(intervals.sum())} hold the outcome of {number(came)} billion.",
        table=table.round(3),
        sources=SERIES,
        draw=draw,
        decimals=2,
        note=f"The year {cut} is the one before it times the growth of January to October that the question to the experts names, "
        f"{number(growth_pct, 0)} %; Russia’s monthly record has {number(revised_pct, 0)} % today. "
        + (
            f"Kazakhstan’s record of {filled} is partial and replaced by Russia’s, scaled by the neighbouring years. "
            if filled
            else ""
        )
        + "The other figures are today’s, not those printed at the time. The intervals take the model as certain and are too narrow.",
    )


def benchmark_table(compared: pd.DataFrame, *, target: int) -> Exhibit:
    """The benchmarks in three units, with their errors and how they fared in the years before."""
    scale = {"usd": 1e9, "kzt": 1e9, "kzt_real": 1e9}
    table = pd.DataFrame(
        {
            "method": compared["method"].map(METHODS).to_numpy(),
            "model": compared["model"].to_numpy(),
            **{
                c: (compared[c] / compared["unit"].map(scale)).round(2).to_numpy()
                for c in ("median", "low", "high", "outcome")
            },
            "error, %": compared["error_pct"].round(1).to_numpy(),
            "outcome inside": compared["inside"].map({True: "yes", False: "no"}).fillna("").to_numpy(),
            "mean error in backtest, %": compared["backtest_mape"].round(1).to_numpy(),
        },
        index=pd.Index(compared["unit"].map(UNITS), name="unit, billion"),
    )
    best = compared.loc[
        compared.dropna(subset="error_pct").groupby("unit")["error_pct"].apply(lambda e: e.abs().idxmin())
    ]
    best = best.set_index("unit").loc[list(UNITS)]
    held = compared.groupby("unit")["inside"].sum().reindex(list(UNITS))
    return Exhibit(
        key="benchmark-units",
        title="Nearest were "
        + listed(
            [f"“{METHODS[row.method]}” in {UNITS[row.Index]} ({number(row.error_pct)} %)" for row in best.itertuples()]
        ),
        subtitle=f"Forecasts for {target} from what was known in January {target}, in three units, with their error and the mean absolute "
        "percentage error of one-year forecasts in the years before",
        alt=f"Table of {len(table)} rows; the intervals hold the outcome for {listed([int(n) for n in held])} methods in "
        f"{listed(list(UNITS.values()))}.",
        table=table,
        sources=SERIES,
        decimals=2,
        note="Tenge of one year are volume-like: they are deflated by the prices of Kazakhstan’s domestic product, oil among them, as revised "
        "since.",
    )


def growth_by_books(
    ledgers: Mapping[str, pd.Series], officials: pd.DataFrame, *, year: int, margin: float, experts: Mapping[str, str]
) -> Exhibit:
    """The growth of one year by each set of books, and what that makes of the experts' direction.

    `officials` are the rows of officials_figures; `margin` is what still counts as the same, in percent.
    """
    said = officials[(officials["year"] == year) & (officials["metric"] == "turnover_growth")]
    values = {f"{who.title()}’s ledger": growth(series)[year] for who, series in ledgers.items()}
    sources = dict(zip(values, ("bns", "fcs_annual"), strict=True))
    books = [f"{number(value, 0)} % by {name}" for name, value in values.items()]
    for row in said.itertuples():
        name = (
            f"{row.speaker}, {row.said_on}, by {row.source_id.split('_')[0]}"
            if row.origin == "official"
            else row.speaker
        )
        values[name], sources[name] = float(row.value), row.source_id
    change = pd.Series(values, dtype=float)
    told = change.iloc[len(ledgers) :]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        at = np.arange(len(change))
        roles = ["KAZ", "RUS", *["other"] * len(told)]
        axes.axvspan(-margin, margin, color=figures.COLOURS["rule"], alpha=0.35, linewidth=0)
        axes.barh(at, change, color=[figures.COLOURS[role] for role in roles], height=0.55)
        for place, value in zip(at, change, strict=True):
            axes.annotate(number(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center")
        width = 16 if figures.narrow(axes) else 28
        axes.set_yticks(at, [textwrap.fill(name, width) for name in change.index])
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set_xlim(left=min(0, axes.get_xlim()[0]))
        axes.axvline(0, color=figures.COLOURS["ink"], linewidth=0.9)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")

    close = int((directions(change, same_within=margin) == "same").sum())
    table = pd.DataFrame(
        {
            f"growth of {year}, %": change,
            "direction": directions(change, same_within=0.0),
            f"direction, the same within {number(margin, 0)} %": directions(change, same_within=margin),
        }
    ).rename_axis("by")
    for name, direction in experts.items():
        hit = table[f"direction, the same within {number(margin, 0)} %"] == direction
        table[f"{name.split()[-1]} ({direction}) within {number(margin, 0)} %"] = hit.map({True: "hit", False: "miss"})
    return Exhibit(
        key="growth-by-books",
        title=f"Trade of {year} grew by {' and by '.join(books)}; what was said of it ranges from {number(told.min())} to "
        f"{number(told.max())} %"
        if len(told)
        else f"Trade of {year} grew by {' and by '.join(books)}",
        subtitle=f"Growth of turnover in {year}, percent, by ledger and by statement; what lies in the grey band is the same within "
        f"{number(margin, 0)} %. The directions it makes are in the table",
        alt=f"A bar for each of {spell(len(table), 'reading')}: "
        f"{listed([f'{number(value)} % by {name}' for name, value in change.items()])}.",
        table=table,
        draw=draw,
        height=1.2 + 0.5 * len(change),
        sources=list(dict.fromkeys(["wits", *sources.values()])),
        note=f"The criteria ask for growth of any size. If changes of up to {number(margin, 0)} % count as the same, {spell(close, 'reading')} "
        f"out of {len(change)} {'says' if close == 1 else 'say'} the same. A direction is the coders’ reading of the whole answer on trade: who expects the same "
        "may mean its goods rather than its volume.",
    )


def oil_and_rouble(
    turnover: pd.Series, indicators: pd.DataFrame, *, start: int, end: int, year: int, filled: int | None
) -> Exhibit:
    """Turnover beside the oil price and the rouble; `year` is that of the forecasts, `filled` one replaced by the mirror's."""
    oil = indicators[indicators["indicator"] == "brent_usd_per_barrel"].set_index("year")["value"]
    rouble = indicators[(indicators["indicator"] == "lcu_per_usd") & (indicators["country"] == "RUS")].set_index(
        "year"
    )["value"]
    table = pd.DataFrame({"turnover": turnover / 1e9, "oil": oil, "rouble": rouble}).loc[start:end]
    both = pd.DataFrame({"trade": growth(table["turnover"]), "oil": growth(table["oil"])}).dropna()
    together = int((np.sign(both["trade"]) == np.sign(both["oil"])).sum())
    apart = [int(year) for year in both.index[np.sign(both["trade"]) != np.sign(both["oil"])]]
    panels = {
        "turnover": ("turnover, US$ billion", "KAZ"),
        "oil": ("Brent, US$ a barrel", "other"),
        "rouble": ("roubles for a dollar", "RUS"),
    }

    def draw(figure: Figure) -> None:
        for axes, (column, (title, role)) in zip(figure.subplots(3, 1, sharex=True), panels.items(), strict=True):
            figures.line(axes, table[column].dropna(), role=role)
            axes.set_title(title)
            axes.axvline(year, color=figures.COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 2)))
            figures.years_axis(axes, table.index)
            figures.value_axis(axes)

    return Exhibit(
        key="oil-and-rouble",
        title=f"Trade and the oil price moved the same way in {together} of {len(both)} years"
        + (f", not in {listed(apart)}" if len(apart) < 6 else ""),
        subtitle="Turnover, the price of Brent and the rouble’s rate, yearly means; the dashed line marks the year of the forecasts",
        alt=f"Three lines by year, {start} to {end}. Correlation of the yearly changes of trade and oil: {number(both.corr().iloc[0, 1], 2)}.",
        table=table.rename(columns={column: title for column, (title, _) in panels.items()}).rename_axis("year"),
        sources=["wits", "bns", "bns_pipeline", "fcs_annual", "eia_brent", "wdi_rus"],
        draw=draw,
        height=5.6,
        decimals=1,
        note="Moving the same way is no cause: world trade moves with oil as well, and the goods traded are mostly not oil."
        + (f" Kazakhstan’s record of {filled} is partial and replaced as for the benchmark." if filled else ""),
    )


def officials(statements: pd.DataFrame, rules: pd.DataFrame, outcome: pd.Series, *, basis: str) -> Exhibit:
    """How far officials' figures for a year's turnover were from what came, by the chosen books (`outcome`, dollars)."""
    single = rules[
        (rules["series"] == "turnover") & (rules["test"] == "at_least") & (rules["first_year"] == rules["last_year"])
    ]
    rows = statements.merge(single[["statement_id", "last_year"]], on="statement_id").set_index("statement_id")
    rows["value_high"] = rows["value_high"].fillna(rows["value_low"])
    came = rows["last_year"].map(outcome).astype(float)
    table = errors(rows[["value_low", "value_high"]], came)
    table = table.assign(year=rows["last_year"], speaker=rows["speaker"], made_on=rows["made_on"], words=rows["phrase"])
    table = table.sort_values(["year", "made_on"])
    known = table.dropna(subset="percentage_error")
    ahead = known[known["made_on"].str[:4].astype(int) >= known["year"] - 1]  # both measures are of one step
    yearly = ahead.groupby("year")["forecast"].mean()
    history = outcome[outcome.index < yearly.index.min()]
    scaled = mase(yearly, outcome, history=history)
    spans = statements[statements["metric"].eq("turnover") & statements["kind"].eq("quantity")]
    others = len(spans) - len(table)
    ratio = theils_u(yearly, outcome)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        at = np.arange(len(known))
        error = known["percentage_error"].to_numpy(dtype=float)
        axes.barh(at, error, color=figures.COLOURS["KAZ"], height=0.6)
        small = figures.narrow(axes)
        names = [
            f"{row.year} {row.speaker.split()[-1]}" if small else f"{row.year}: {row.speaker}, {row.made_on[:7]}"
            for row in known.itertuples()
        ]
        axes.set_yticks(at, names)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4 if small else 8))
        axes.invert_yaxis()
        axes.axvline(0, color=figures.COLOURS["ink"], linewidth=0.9)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:+.0f} %".replace("-", "−").replace("+0 ", "0 "))

    low = int((known["percentage_error"] < 0).sum())
    late = (known["made_on"].str[:4].astype(int) == known["year"]) & (known["made_on"].str[5:7] > "06")
    worst = known.loc[known["percentage_error"].abs().idxmax()]
    shown = pd.DataFrame(
        {
            "year": table["year"],
            "said by": table["speaker"],
            "said on": table["made_on"],
            "its words": table["words"],
            "said, US$ bn": table["forecast"] / 1e9,
            "came, US$ bn": table["outcome"] / 1e9,
            "error, US$ bn": table["error"] / 1e9,
            "absolute error, US$ bn": table["absolute_error"] / 1e9,
            "error, %": table["percentage_error"],
        }
    )
    return Exhibit(
        key="officials",
        title=f"What officials said of a year was below its outcome in {low} of {len(known)} cases, and furthest off for {worst['year']} "
        f"({number(worst['percentage_error'], 0)} %)",
        subtitle=f"Error of what officials said a year’s turnover would be, in percent of the outcome in {basis}’s books; above zero: too high",
        alt=f"A bar for each of {spell(len(known), 'forecast')}, in order of the year that it is of: errors from {number(known['percentage_error'].min(), 0)} to "
        f"{number(known['percentage_error'].max(), 0)} %.",
        table=shown.rename_axis("statement"),
        sources=["wits", "bns", "fcs_annual", *sorted(set(rows["source_id"]))],
        draw=draw,
        height=1.4 + 0.3 * len(known),
        decimals=2,
        note="“At least” and “will reach” are read as the figure itself, so a low error may be caution. Several figures for one year share one "
        "outcome. "
        + f"Yearly means of the figures said in the year itself: Theil’s U₂ {number(ratio, 2)} (below 1 beats “no change”), mean absolute scaled "
        f"error {number(scaled, 2)}, in units of the mean change of the years to {history.index.max()}, when trade was smaller. At least "
        f"{spell(int(late.sum()), 'figure')} of {len(known)} were said in the second half of the year that they are of. "
        f"{spell(others, 'figure')} for no single year {'is' if others == 1 else 'are'} in the ledger alone.",
    )


def same_goods(change: pd.Series, *, year: int) -> Exhibit:
    """How much the structure of Kazakhstan's imports from Russia moved each year, by groups of goods."""
    known = change.dropna()
    rank = int(known.rank()[year])

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        figures.bars(axes, known.drop(year), role="other")
        figures.bars(axes, known[[year]], role="KAZ")
        figures.years_axis(axes, known.index)
        figures.value_axis(axes)

    place = "less than in any other year" if rank == 1 else f"less than in all but {spell(rank - 1, 'year')}"
    return Exhibit(
        key="same-goods",
        title=f"In {year} the goods that Kazakhstan buys from Russia changed {place} of {known.index[0]}–{known.index[-1]}",
        subtitle="Change of the structure of Kazakhstan’s imports from Russia on the year before, percent of the whole, by groups of goods",
        alt=f"Bars by year from {known.index[0]} to {known.index[-1]}: {number(known[year])} % in {year}, highest in {known.idxmax()} with {number(known.max())} %.",
        table=known.to_frame("structural change, %").rename_axis("year"),
        sources=["wits_groups"],
        draw=draw,
        height=3.2,
        note="Half the sum of the absolute changes of the shares of the groups. For Kazakhstan’s exports the tables have no goods of these years. "
        "Some years are doubtful, as the trade report says.",
    )
