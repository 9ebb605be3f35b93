"""Whether every figure of the statistics lies where it can lie, and the doubtful ones are flagged.

A *series* is named by its table and its keys, joined by colons: `trade:KAZ:RUS:import:bns`. What a series may be stands
in the tables `bands`, `band_exemptions` and `flags`, by years, the last of which may be open: a new year is held to
them without a change here. Each rule takes the loaded tables and returns one sentence a problem.
"""

import operator
from functools import reduce

import numpy as np
import pandas as pd

from analysis.methods.releases import SERIES, names, pattern

Frames = dict[str, pd.DataFrame]
_SEEN = "observations"

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
    "~": lambda left, right: (left - right).abs(),
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
        held = held[_within(held["year"], held)]
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
    found, problems = _observations(frames), []
    groups = set(frames["partners"].loc[frames["partners"]["kind"] == "group", "code"])
    values = found.groupby(["year", found["series"].astype(object)])["value"].sum().unstack()
    cells = values.isna().unstack().rename("lost").reset_index()
    cells["lost"] &= ~_exempt(cells, frames, "gap")
    lost = cells.pivot(index="year", columns="series", values="lost")
    bands = frames["bands"]
    for row in bands[bands["series"].str.contains(" ")].to_dict("records"):
        words = row["series"].split(" ")
        terms = [_term(word, values, lost, groups) for word in words[::2]]
        pairs = zip(words[1::2], terms[1:], strict=True)
        total = reduce(lambda left, part: _OPERATORS[part[0]](left, part[1]), pairs, terms[0])
        result = total - total.round() if row["measure"] == "fraction" else total
        reached = np.min([term.index.max() for term in terms if isinstance(term, pd.Series)])
        last = row["last_year"] if pd.notna(row["last_year"]) else reached
        if not last >= row["first_year"]:
            problems.append(
                f"{row['series']}: the band from {row['first_year']} on has no year that all its series have."
            )
            continue
        for year, value in result.reindex(range(row["first_year"], int(last) + 1)).items():
            if pd.isna(value):
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
    present = _observations(frames)[["series", "year"]].drop_duplicates()
    spans = present.groupby(present["series"].astype(object))["year"].agg(["min", "max"])
    years = [range(first, last + 1) for first, last in zip(spans["min"], spans["max"], strict=True)]
    wanted = pd.DataFrame({"series": spans.index, "year": years}).explode("year").astype({"year": int})
    missing = wanted.merge(present, how="left", indicator="held").query("held == 'left_only'")
    unnamed = missing[~_exempt(missing, frames, "gap")].groupby("series")["year"].agg(list)
    problems = [
        f"{series} has no value for {', '.join(map(str, years))}; add them, or name the gap in band_exemptions with "
        "the reason."
        for series, years in unnamed.items()
    ]
    exemptions = frames["band_exemptions"]
    for row in exemptions[exemptions["measure"] == "gap"].to_dict("records"):
        meant = _matches(present["series"], row["series"])
        own = present[meant & _within(present["year"], row)].groupby("year").size()
        problems += [
            f"band_exemptions, {row['series']}: {year} is named as a gap, and no series of that name lacks it."
            for year in own.index[own == present.loc[meant, "series"].nunique()]
        ]
    return problems


def months_complete(frames: Frames) -> list[str]:
    """A year has its months without a gap, from `low` to `high` of its row in `bands`; the last may be under way."""
    problems, found, bands = [], _observations(frames), frames["bands"]
    for row in bands[bands["measure"] == "months"].to_dict("records"):
        own = found[(found["series"] == row["series"]) & _within(found["year"], row)]
        for year, months in own.groupby("year")["month"]:
            expected = [*range(int(row["low"]), int(row["high"]) + 1)]
            under_way = pd.isna(row["last_year"]) and year == own["year"].max()
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
    found, problems = _observations(frames), []
    for flag in frames["flags"].to_dict("records"):
        meant = _matches(found["series"], flag["series"]) & _within(found["year"], flag)
        problems += [
            f"{row['series']} in {row['when']} must have status {flag['status']}, not {row['status']}."
            for row in found[meant & (found["status"] != flag["status"])].to_dict("records")
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


def _matches(series: pd.Series, name: str) -> pd.Series:
    """Which of some categories a name means, whose parts are keys or `*` for any."""
    if "*" not in name:
        return series == name
    return series.isin(list(filter(pattern(name).fullmatch, series.cat.categories)))


def _exempt(found: pd.DataFrame, frames: Frames, measure: str) -> pd.Series:
    exemptions, series = frames["band_exemptions"], found["series"].astype("category")
    result = pd.Series(False, index=found.index)
    for row in exemptions[exemptions["measure"] == measure].to_dict("records"):
        result |= _matches(series, row["series"]) & _within(found["year"], row)
    return result


def _within(years: pd.Series, spans: pd.DataFrame | dict) -> pd.Series:
    """Whether years lie from `first_year` to `last_year` of their spans, or of one; no last year is an open end."""
    last = spans["last_year"]
    last = last.astype(float).fillna(np.inf) if isinstance(last, pd.Series) else np.inf if pd.isna(last) else last
    return (years >= spans["first_year"]) & (years <= last)


def _term(word: str, values: pd.DataFrame, lost: pd.DataFrame, groups: set[str]) -> pd.Series | float:
    """The yearly values of a term of a comparison, NaN where one of its series lost its own; of a number the number."""
    if ":" not in word:
        return float(word)
    if "*" not in word:
        return values[word].dropna() if word in values else pd.Series(dtype=float)
    wanted, at = pattern(word), word.split(":").index("*")
    chosen = [name for name in values if wanted.fullmatch(name) and name.split(":")[at] not in groups]
    members = values[chosen].dropna(how="all")
    return members.sum(axis=1).mask(lost.loc[members.index, chosen].any(axis=1))


def _bounds(row: dict) -> str:
    low, high = ("" if pd.isna(row[side]) else f"{row[side]:.6g}" for side in ("low", "high"))
    return f"{low} to {high}" if low and high else f"{low} and above" if low else f"{high} and below"
