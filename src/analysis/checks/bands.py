"""Whether every figure of the statistics lies where it can lie, and the doubtful ones are flagged.

A *series* is named by its table and its keys, joined by colons: `trade:KAZ:RUS:import:bns`. What a series may be stands
in the tables `bands`, `band_exemptions` and `flags`, by years, the last of which may be open: a new year is held to
them without a change here. Each rule takes the loaded tables and returns one sentence a problem.
"""

import operator
from collections.abc import Collection
from functools import reduce
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.methods.releases import SERIES, names, pattern

Frames = dict[str, pd.DataFrame]
_SEEN = "observations"


class _Value(NamedTuple):
    """A value of a series, with what it takes to hold it against the tables of rules."""

    year: int
    month: int
    when: str
    value: float
    status: str


_MEASURES = {
    "value": "value",
    "growth": "ratio to the year before",
    "fraction": "distance from a whole number",
    "size": "size",
}
_OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "~": lambda left, right: abs(left - right),
}


def check(frames: Frames) -> list[str]:
    """Apply every rule of this module to the loaded tables and return the problems."""
    frames = frames | {_SEEN: _observations(frames)}  # once for all of them
    rules = (figures_in_bands, comparisons_in_bands, values_not_repeated, years_complete, months_complete)
    rules += (partners_within_world, doubtful_rows_flagged, rules_name_series)
    return [problem for rule in rules for problem in rule(frames)]


def figures_in_bands(frames: Frames) -> list[str]:
    """Each value, and its ratio to the year before, lies in a band of its series or is exempt by name."""
    found, bands, problems = _observations(frames), frames["bands"], []
    for measure, words in _MEASURES.items():
        rows = found[found[measure].notna() & ~_exempt(found, frames, measure)]
        held = rows.merge(bands[bands["measure"] == measure], on="series")
        held = held[held["year"].between(held["first_year"], held["last_year"].astype(float).fillna(np.inf))]
        outside = held[(held[measure] < held["low"]) | (held[measure] > held["high"])]
        for row in outside.to_dict("records"):
            problems.append(
                f"{row['series']} in {row['when']}: the value {row['value']:.6g} has the {words} {row[measure]:.6g}, "
                f"outside {_bounds(row)}."
                if measure != "value"
                else f"{row['series']} in {row['when']}: the value is {row['value']:.6g}, outside {_bounds(row)}."
            )
        if measure in ("value", "growth"):
            bare = rows[~rows["row"].isin(held["row"])]
            problems += [
                f"{row['series']} in {row['when']}: the value {row['value']:.6g} lies in no band; give its {words} a "
                "row in the table bands, or in band_exemptions with the reason."
                for row in bare.to_dict("records")
            ]
    return problems


def comparisons_in_bands(frames: Frames) -> list[str]:
    """What is computed from several series lies in its band.

    Such a row of `bands` names the series with an operator between them (`+ - * /`, and `~` for the distance of two,
    applied from left to right; a `*` for a key sums over its values, groups of countries left out, in the years that
    each has or is exempt from having; months are summed to years). With a last year every year of the row must be
    there; an open row holds the years up to the last that all its terms reach.
    """
    series, problems = _by_series(_observations(frames)), []
    groups = set(frames["partners"].loc[frames["partners"]["kind"] == "group", "code"])
    sums = {name: _yearly(values) for name, values in series.items()}
    gaps = _spans(frames["band_exemptions"].query("measure == 'gap'"), series)
    bands = frames["bands"]
    for row in bands[bands["series"].str.contains(" ")].to_dict("records"):
        words = row["series"].split(" ")
        terms = [_term(word, sums, gaps, groups) for word in words[::2]]
        reached = min(max(term, default=-np.inf) for term in terms if isinstance(term, dict))
        last = row["last_year"] if pd.notna(row["last_year"]) else reached
        if last < row["first_year"]:
            problems.append(
                f"{row['series']}: the band from {row['first_year']} on has no year that all its series have."
            )
            continue
        years = range(row["first_year"], int(last) + 1)
        parts = [np.array([one.get(year, np.nan) for year in years]) if isinstance(one, dict) else one for one in terms]
        with np.errstate(divide="ignore", invalid="ignore"):
            pairs = zip(words[1::2], parts[1:], strict=True)
            result = reduce(lambda left, part: _OPERATORS[part[0]](left, part[1]), pairs, parts[0])
        if row["measure"] == "fraction":
            result = result - result.round()
        for year, value in zip(years, result, strict=True):
            if np.isnan(value):
                problems.append(f"{row['series']} in {year} cannot be computed since a row is missing.")
            elif value < row["low"] or value > row["high"]:
                problems.append(f"{row['series']} in {year} is {value:.6g}, outside {_bounds(row)}.")
    return problems


def values_not_repeated(frames: Frames) -> list[str]:
    """No value repeats that of the year before to the last digit, save zeros and what is exempt by name."""
    found = _observations(frames)
    rows = found[(found["value"] == found["previous"]) & (found["value"] != 0) & ~_exempt(found, frames, "repeat")]
    return [
        f"{row['series']} in {row['when']}: the value {row['value']:.12g} repeats the year before to the last digit; "
        "correct it, or say in band_exemptions why it may."
        for row in rows.to_dict("records")
    ]


def years_complete(frames: Frames) -> list[str]:
    """A series has every year between its first and its last, but for the gaps that an exemption names; and what it
    names is missing.
    """
    years = {name: {value.year for value in values} for name, values in _by_series(_observations(frames)).items()}
    exemptions = frames["band_exemptions"].query("measure == 'gap'")
    gaps, problems = _spans(exemptions, years), []
    for series, own in sorted(years.items()):
        between = (year for year in range(min(own), max(own)) if year not in own)
        if unnamed := [year for year in between if not _covered(gaps, series, year)]:
            problems.append(
                f"{series} has no value for {', '.join(map(str, unnamed))}; add them, or name the gap in "
                "band_exemptions with the reason."
            )
    for row in exemptions.to_dict("records"):
        meant = _meant(row["series"], years)
        first, last = _span(row)
        problems += [
            f"band_exemptions, {row['series']}: {year} is named as a gap, and no series of that name lacks it."
            for year in sorted(set().union(*(years[name] for name in meant)))
            if first <= year <= last and all(year in years[name] for name in meant)
        ]
    return problems


def months_complete(frames: Frames) -> list[str]:
    """A year has its months without a gap, from `low` to `high` of its row in `bands`; the last may be under way."""
    problems, series, bands = [], _by_series(_observations(frames)), frames["bands"]
    for row in bands[bands["measure"] == "months"].to_dict("records"):
        first, last = _span(row)
        held: dict[int, list[int]] = {}
        for value in series.get(row["series"], ()):
            if first <= value.year <= last:
                held.setdefault(value.year, []).append(value.month)
        for year, months in sorted(held.items()):
            expected = [*range(int(row["low"]), int(row["high"]) + 1)]
            under_way = pd.isna(row["last_year"]) and year == max(held)
            if sorted(months) != (expected[: len(months)] if under_way else expected):
                problems.append(f"{row['series']} in {year} has the months {sorted(months)}, not {expected}.")
    return problems


def partners_within_world(frames: Frames) -> list[str]:
    """No partner, and no sum of countries, exceeds the world total of its reporter, year, flow and source."""
    trade, keys = frames["trade"], ["year", "reporter", "flow", "source_id"]
    world = trade.loc[trade["partner"] == "WLD", [*keys, "value_usd"]].rename(columns={"value_usd": "world"})
    rows = trade.merge(world, on=keys)
    countries = frames["partners"].loc[frames["partners"]["kind"] == "country", "code"]
    sums = rows[rows["partner"].isin(countries)].groupby([*keys, "world"], as_index=False)["value_usd"].sum()
    found = pd.concat([rows, sums.assign(partner="the sum of the countries")])
    return [
        f"trade: {row['reporter']} {row['flow']} in {row['year']} by {row['source_id']}: {row['partner']}, "
        f"{row['value_usd']:.0f}, exceeds the world total of {row['world']:.0f}."
        for row in found[found["value_usd"] > found["world"]].to_dict("records")
    ]


def doubtful_rows_flagged(frames: Frames) -> list[str]:
    """What the table `flags` knows to be doubtful has its status there and nowhere a better one."""
    series, problems = _by_series(_observations(frames)), []
    for flag in frames["flags"].to_dict("records"):
        first, last = _span(flag)
        problems += [
            f"{name} in {value.when} must have status {flag['status']}, not {value.status}."
            for name in _meant(flag["series"], series)
            for value in series[name]
            if first <= value.year <= last and value.status != flag["status"]
        ]
    return problems


def rules_name_series(frames: Frames) -> list[str]:
    """Each row of `bands`, `band_exemptions`, `flags`, `revisions` and `vintages` names series that the tables have."""
    held = set(_observations(frames)["series"].cat.categories)
    problems = []
    for table in ("bands", "band_exemptions", "flags", "revisions", "vintages"):
        terms = frames[table]["series"].str.split(" ").explode()
        for term in terms[terms.str.contains(":")].unique():
            if term not in held and not any(map(pattern(term).fullmatch, held)):
                problems.append(f"{table}: no series of the tables is named {term}.")
    return problems


def _observations(frames: Frames) -> pd.DataFrame:
    """Every value of these tables with its series: `row, series, year, month, when, value, previous, growth, …`."""
    if _SEEN in frames:
        return frames[_SEEN]
    parts = []
    for table, (_, column) in SERIES.items():
        frame = frames[table]
        named = frame[["year", "status"]].assign(series=names(frame, table), month=frame.get("month", 0))
        parts.append(named.assign(value=frame[column]))
    found = pd.concat(parts, ignore_index=True)
    found["when"] = found["year"].astype(str)
    monthly = found["month"] > 0
    found.loc[monthly, "when"] += "-" + found.loc[monthly, "month"].astype(str).str.zfill(2)
    at = list(zip(*(found[name].to_numpy(object) for name in ("series", "year", "month")), strict=True))
    held = dict(zip(at, found["value"], strict=True))
    found["previous"] = [held.get((series, year - 1, month), np.nan) for series, year, month in at]
    found["growth"] = found["value"] / found["previous"].where(found["previous"] > 0)
    found["fraction"] = found["value"] - found["value"].round()
    found["size"] = found["value"].abs().where(found["value"] != 0)
    return found.assign(row=np.arange(len(found)), series=found["series"].astype("category"))


def _by_series(found: pd.DataFrame) -> dict[str, list[_Value]]:
    """The values of each series in the order of its table."""
    series: dict[str, list[_Value]] = {}
    cells = (found[name].to_numpy(object) for name in ("series", *_Value._fields))
    for name, *cell in zip(*cells, strict=True):
        series.setdefault(name, []).append(_Value(*cell))
    return series


def _yearly(values: list[_Value]) -> dict[int, float]:
    """The sums of the years."""
    sums: dict[int, float] = {}
    for value in values:
        sums[value.year] = sums.get(value.year, 0) + value.value
    return sums


def _meant(name: str, series: Collection[str]) -> list[str]:
    """Which of some series a name means, whose parts are keys or `*` for any."""
    if "*" not in name:
        return [name] if name in series else []
    return list(filter(pattern(name).fullmatch, series))


def _span(row: dict) -> tuple[int, float]:
    """The first and the last year of a rule; no last year is an open end."""
    return row["first_year"], np.inf if pd.isna(row["last_year"]) else row["last_year"]


def _spans(rules: pd.DataFrame, series: Collection[str]) -> dict[str, list[tuple[int, float]]]:
    """From which to which year some rules name each of the series that they mean."""
    spans: dict[str, list[tuple[int, float]]] = {}
    for row in rules.to_dict("records"):
        for name in _meant(row["series"], series):
            spans.setdefault(name, []).append(_span(row))
    return spans


def _covered(spans: dict[str, list[tuple[int, float]]], series: str, year: int) -> bool:
    return any(first <= year <= last for first, last in spans.get(series, ()))


def _exempt(found: pd.DataFrame, frames: Frames, measure: str) -> pd.Series:
    """Which rows a row of `band_exemptions` names."""
    exemptions = frames["band_exemptions"]
    spans = _spans(exemptions[exemptions["measure"] == measure], found["series"].cat.categories)
    cells = zip(found["series"].to_numpy(object), found["year"].to_numpy(object), strict=True)
    return pd.Series([_covered(spans, series, year) for series, year in cells], index=found.index, dtype=bool)


def _term(
    word: str, sums: dict[str, dict[int, float]], gaps: dict[str, list[tuple[int, float]]], groups: set[str]
) -> dict[int, float] | float:
    """The yearly values of a term of a comparison, NaN where one of its series lost its own; of a number the number."""
    if ":" not in word:
        return float(word)
    if "*" not in word:
        return sums.get(word, {})
    at = word.split(":").index("*")
    chosen = [name for name in _meant(word, sums) if name.split(":")[at] not in groups]
    return {
        year: np.nan
        if any(year not in sums[name] and not _covered(gaps, name, year) for name in chosen)
        else sum(sums[name].get(year, 0) for name in chosen)
        for year in set().union(*(sums[name] for name in chosen))
    }


def _bounds(row: dict) -> str:
    low, high = ("" if pd.isna(row[side]) else f"{row[side]:.6g}" for side in ("low", "high"))
    return f"{low} to {high}" if low and high else f"{low} and above" if low else f"{high} and below"
