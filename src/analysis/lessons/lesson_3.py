"""The exercises of lesson 3, Growth without being fooled."""

import math
from collections.abc import Callable

import pandas as pd

from analysis.lessons.judging import Choice, Exercise, Names, Number, Values, facts
from analysis.methods import breaks, growth, ledgers
from analysis.methods.money import moneys
from analysis.tables.store import load


def _records() -> pd.DataFrame:
    return ledgers.select(load("trade"), load("indicators"), load("selections"))


def _book() -> pd.DataFrame:
    return ledgers.ledger(_records(), reporter="kazakhstan")


def _in(currency: str, series_usd: pd.Series) -> pd.Series:
    return moneys(load("currencies"), load("indicators"))[currency].amounts(series_usd)


def growth_of_2009() -> Number:
    """3.1: growth of turnover in 2009, percent."""
    book, (year,) = _book(), facts("3.1")
    turnover = book["turnover_usd"]
    now, before = turnover[year], turnover[year - 1]
    rates = {column: growth.yearly_growth(book[column]) for column in ("turnover_usd", "exports_usd", "imports_usd")}
    return Number(
        right=rates["turnover_usd"][year],
        within=0.1,
        unit="percent",
        wrong=[
            (100 * (before / now - 1), "The two years have changed places: the base of growth is the earlier year."),
            (100 * (1 - now / before), "The size is right, but it was a fall: write it with a minus sign."),
            (100 * (1 - before / now), "This is percent of the later year: growth is in percent of the earlier one."),
            (now / before, "This is the ratio of the two years: subtract one, then multiply by a hundred."),
            (100 * now / before, "This is the later year in percent of the earlier: subtract a hundred."),
            (
                (now - before) / 1e9,
                "This is the change in billions of dollars: divide it by the earlier year for percent.",
            ),
            (
                rates["turnover_usd"][year - 1],
                "This is the growth of the year before: the year asked for stands above the line.",
            ),
            (rates["turnover_usd"][year + 1], "This is the growth of the year after, and that year is doubtful."),
            (rates["exports_usd"][year], "This is the growth of exports alone: turnover is exports plus imports."),
            (rates["imports_usd"][year], "This is the growth of imports alone: turnover is exports plus imports."),
        ],
        praise="A fall of more than a third, in percent of what there was before.",
        hint="Divide the year by the one before it, subtract one, multiply by a hundred.",
    )


def way_back() -> Number:
    """3.2: growth that leads from the turnover of 2009 back to that of 2008, percent."""
    turnover = _book()["turnover_usd"]
    high, low = (turnover[year] for year in facts("3.2"))
    return Number(
        right=100 * (high / low - 1),
        within=0.15,
        unit="percent",
        wrong=[
            (
                100 * (1 - low / high),
                "This is as much as it fell: but the base is lower now, so the same way is a larger part of it.",
            ),
            (100 * (low / high - 1), "This is the fall itself: the way back leads upwards, and from the lower value."),
            (high / low, "This is the ratio of the two values: subtract one, then multiply by a hundred."),
            (100 * high / low, "This is the aim in percent of the base: subtract a hundred."),
            (
                (high - low) / 1e9,
                "This is the difference in billions of dollars: divide it by the lower value for percent.",
            ),
            (
                200 * (high - low) / (high + low),
                "This is percent of the mean of both years: the base is the lower value.",
            ),
        ],
        praise="The way back is longer than the way down, because it is measured on a smaller base.",
        hint="Divide the higher value by the lower one, subtract one, multiply by a hundred.",
    )


def points_and_percent() -> Values:
    """3.3: change of Russia's share in Kazakhstan's turnover from 2005 to 2014, in points and in percent."""
    records = _records()
    world = ledgers.world_totals(records)["turnover_usd"]
    share = ledgers.partner_shares(records, partners=["RUS"], totals=world)["RUS"]
    first, last = (share[year] for year in facts("3.3"))
    points, percent = last - first, 100 * (last / first - 1)

    def pair(points: float, percent: float) -> pd.Series:
        return pd.Series({"points": points, "percent": percent})

    return Values(
        right=pair(points, percent),
        within=0.1,
        wrong=[
            (pair(percent, points), "These two have changed places: points are the difference, percent is the growth."),
            (
                pair(-points, -percent),
                "The sizes are right and the signs are not: the share fell, so both are negative.",
            ),
            (
                pair(points, 100 * (1 - first / last)),
                "The percent are of the later share: growth is in percent of the earlier one.",
            ),
            (
                pair(-points, 100 * (first / last - 1)),
                "The two years have changed places: growth leads from the earlier to the later.",
            ),
            (pair(points, percent / 100), "The percent are still a share of one: multiply them by `100`."),
            (pair(100 * points, percent), "The points need no factor: the shares are in percent already."),
            (
                pair(points, points),
                "You gave the points twice: for percent, divide the later share by the earlier one.",
            ),
            (pair(percent, percent), "You gave the percent twice: for points, subtract one share from the other."),
        ],
        praise="Both are true, and a headline may take either. Meanwhile the trade itself more than doubled: "
        "that with others grew faster.",
        hint="Points: the later share minus the earlier one. Percent: their growth, as in the exercises before.",
    )


def compound() -> Number:
    """3.4: compound growth of turnover from 2015 to 2021, percent a year."""
    book, (start, end) = _book(), facts("3.4")
    turnover, steps = book["turnover_usd"], end - start
    ratio = turnover[end] / turnover[start]
    return Number(
        right=growth.compound_growth(turnover, start=start, end=end),
        within=0.1,
        unit="percent",
        wrong=[
            (
                100 * (ratio - 1) / steps,
                "This is the whole growth divided by the number of steps: growth multiplies, so take a root.",
            ),
            (
                100 * (ratio - 1) / (steps + 1),
                "This is the whole growth divided by the number of years: growth multiplies, so take a root.",
            ),
            (100 * (ratio - 1), "This is the whole growth over all years: the exercise asks for the rate of one year."),
            (
                growth.yearly_growth(turnover).loc[start + 1 : end].mean(),
                "This is the mean of the yearly rates, which is too high: after a fall, the way back counts for more.",
            ),
            (
                100 * (ratio ** (1 / (steps + 1)) - 1),
                "You counted the years and not the steps between them: there is one step less.",
            ),
            (
                100 * (ratio ** (1 / (steps - 1)) - 1),
                "You counted one step too few: subtract the first year from the last.",
            ),
            (100 * (ratio ** (-1 / steps) - 1), "The ratio is upside down: divide the last year by the first."),
            (
                100 * math.log(ratio) / steps,
                "This is the yearly growth by logarithms, which is a little less: take the root of the ratio.",
            ),
            (ratio ** (1 / steps), "This is the yearly factor: subtract one, then multiply by a hundred."),
            (
                growth.least_squares_growth(turnover, start=start, end=end),
                (
                    "This is the trend of all the years by least squares: compound growth sees the first and the last "
                    "only."
                ),
            ),
            (
                100 * (ratio**1 / steps - 1),
                "Brackets are missing: `** (1 / years)` takes a root, and `** 1 / years` only divides.",
            ),
        ],
        praise="One rate for all the years, though the single years went up and down.",
        hint="Divide the last year by the first, take the root for the number of steps, subtract one, times a hundred.",
    )


def real_record() -> Names:
    """3.5: years before 2022 with a higher turnover than 2022 in dollars of constant prices."""
    book, (year,) = _book(), facts("3.5")
    real = _in("usd_real", book["turnover_usd"] / 1e9).dropna()
    higher = frozenset(int(one) for one in real.loc[: year - 1].index[real.loc[: year - 1] > real[year]])
    return Names(
        right=higher,
        wrong={
            int(one): f"In real dollars, turnover of {one} was lower than that of {year}."
            for one in real.index
            if one < year and one not in higher
        }
        | {year: f"{year} is the year that the others are compared with: look at the years before it."}
        | {int(one): f"{one} came later, and the question is about earlier years." for one in real.index if one > year}
        | {value: "These are the amounts: the years to which they belong are the `.index`." for value in real},
        praise="A record in current dollars, and none in real ones: prices had risen in between.",
        hint="Take `real`, not `turnover` (in current dollars no earlier year is higher), and all years before "
        "that one.",
    )


def falls_in_dollars() -> Names:
    """3.6: years from 2014 to 2024 in which turnover fell in current dollars and grew in roubles."""
    turnover, (first, last) = _book()["turnover_usd"], facts("3.6")
    dollars, roubles = (growth.yearly_growth(_in(currency, turnover)) for currency in ("usd", "rub"))
    reasons = {}
    for year in (int(one) for one in turnover.index):
        if not first <= year <= last:
            reasons[year] = f"{year} lies outside the years that the exercise names: take those with `.loc`."
        elif dollars[year] >= 0:
            reasons[year] = f"In {year} turnover grew in current dollars: look at the column `usd`."
        elif roubles[year] <= 0:
            reasons[year] = f"In {year} turnover fell in dollars and in roubles too: look at the column `rub`."
    return Names(
        right=frozenset(range(first, last + 1)) - frozenset(reasons),
        wrong=reasons,
        praise="The same lorries, and two opposite headlines: in these years the rouble lost value against the dollar.",
        hint="A year belongs here if turnover fell in dollars (below zero in the column `usd`) and grew in roubles "
        "(above zero in the column `rub`).",
    )


def base_years() -> Values:
    """3.7: which sound base years from 2008 to 2020 make growth of turnover up to 2021 largest and smallest."""
    book, (end, first, last) = _book(), facts("3.7")
    bases = book.loc[first:last]
    since = 100 * (book.loc[end, "turnover_usd"] / bases["turnover_usd"] - 1)
    sound = since[~bases["doubtful"]]
    largest, smallest = int(sound.idxmax()), int(sound.idxmin())
    flattering, belittling = int(since.idxmax()), int(since.idxmin())  # among them the doubtful years

    def pair(largest: float, smallest: float) -> pd.Series:
        return pd.Series({"largest": largest, "smallest": smallest})

    return Values(
        right=pair(largest, smallest),
        within=0.06,
        wrong=[
            (pair(smallest, largest), "These two have changed places: a low base makes growth look large."),
            (
                pair(flattering, belittling),
                (
                    f"Both are doubtful: {flattering} is a partial year, and {belittling} has a break; take years of "
                    f"status A."
                ),
            ),
            (
                pair(flattering, smallest),
                f"{flattering} is a partial year (status U): it would make growth look largest, and mean nothing.",
            ),
            (pair(largest, belittling), f"{belittling} has a break in the record (status B): take years of status A."),
            (
                pair(sound[largest], sound[smallest]),
                "These are the growth rates: the exercise asks for the base years that give them.",
            ),
            (pair(last, first), "These are the last and the first year of the period: try the years between them."),
        ],
        praise="One table, one end, two bases: from about doubled to hardly moved.",
        hint="The lowest sound year makes growth look largest, and the highest one smallest.",
    )


def found_in() -> Names:
    """3.8: in which currencies the search finds a break, without the partial year."""
    turnover = _book().query("status != 'U'")["turnover_usd"]
    found = frozenset(
        currency for currency in ledgers.CURRENCIES if len(breaks.search_breaks(_in(currency, turnover)).breaks)
    )
    names = {"usd": "current dollars", "usd_real": "real dollars", "kzt": "tenge", "rub": "roubles"}
    return Names(
        right=found,
        wrong={
            currency: f"In {names[currency]} the table of breaks has no row: none is found there."
            for currency in ledgers.CURRENCIES
            if currency not in found
        }
        | {
            word: "The currency fits, its name does not: write `rub`, as in the cell."
            for word in ("rouble", "roubles", "ruble", "rubles", "rur")
        },
        praise="One of four. Keep in mind that you looked four times.",
        hint="Run the cell with each of the four names: a break is found where the table has a row.",
    )


def nothing_found() -> Choice:
    """3.9: what may be written when a search finds no break."""
    return Choice(
        right="b",
        wrong={
            "a": "That is more than we know: in trials even a lasting fall by a quarter went unfound nine times in "
            "ten.",
            "c": "The best dates are the least bad ones, and are given in any case: their p-value is above the limit.",
            "d": "Whoever searches until something is found will find something, whether or not it is there.",
        },
        praise="Not found is not the same as not there; with so few years the search is nearly blind.",
    )


EXERCISES: dict[str, Callable[[], Exercise]] = {
    "3.1": growth_of_2009,
    "3.2": way_back,
    "3.3": points_and_percent,
    "3.4": compound,
    "3.5": real_record,
    "3.6": falls_in_dollars,
    "3.7": base_years,
    "3.8": found_in,
    "3.9": nothing_found,
}
