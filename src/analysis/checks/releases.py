"""Whether the releases hold together: what was revised is there, in the order of its dates, and each source has a row.

Each rule takes the loaded tables and returns one sentence a problem.
"""

import itertools

import pandas as pd

from analysis.methods.releases import SERIES, day, names

Frames = dict[str, pd.DataFrame]


def check(frames: Frames) -> list[str]:
    """Apply every rule of this module to the loaded tables and return the problems."""
    rules = (dates_are_days, revisions_in_order, revisions_of_values, sources_have_lags, lags_lead_somewhere)
    return [problem for rule in rules for problem in rule(frames)]


def dates_are_days(frames: Frames) -> list[str]:
    """A date of a release is a day, a month or a year that there is."""
    problems = []
    for table, columns in (("revisions", ("released", "superseded")), ("vintages", ("released",))):
        for row in frames[table].to_dict("records"):
            for column in columns:
                if _day(row[column]) is None:
                    problems.append(f"{table}, {row['series']}: {column} is {row[column]}, a date that there is not.")
    return problems


def revisions_in_order(frames: Frames) -> list[str]:
    """A value is released before it is superseded, and by then no other release of it is out."""
    problems = []
    for (series, year, month), rows in frames["revisions"].groupby(["series", "year", "month"]):
        of = f"revisions, {series} in {year}{f'-{month:02}' if month else ''}"
        spans = [(_day(row.released), _day(row.superseded), row) for row in rows.itertuples()]
        spans = sorted(span for span in spans if None not in span[:2])
        for released, superseded, row in spans:
            if released > superseded:
                problems.append(
                    f"{of}: it is superseded on {row.superseded}, before it was released on {row.released}."
                )
        for (_, until, one), (released, _, other) in itertools.pairwise(spans):
            if released < until:
                problems.append(
                    f"{of}: the release of {other.released} came before that of {one.released} was superseded on "
                    f"{one.superseded}; releases of a value follow one another."
                )
    return problems


def revisions_of_values(frames: Frames) -> list[str]:
    """What was revised has its latest value in the table that the revision names."""
    held = set()
    for table in SERIES:
        rows = frames[table]
        months = rows.get("month", pd.Series(0, index=rows.index))
        held |= set(zip(names(rows, table), rows["year"], months, strict=True))
    problems = []
    for row in frames["revisions"].itertuples():
        if row.series.partition(":")[0] != row.table:
            problems.append(f"revisions, {row.series}: it is no series of the table {row.table}.")
        elif (row.series, row.year, row.month) not in held:
            when = f"{row.year}-{row.month:02}" if row.month else row.year
            problems.append(f"revisions, {row.series}: the table {row.table} has no value for {when}.")
    return problems


def sources_have_lags(frames: Frames) -> list[str]:
    """Each source of a table of statistics has a row in `release_lags`."""
    lags = frames["release_lags"]
    told = set(zip(lags["source_id"], lags["table"], strict=True))
    return [
        f"release_lags: the source {source} of the table {table} has no row; say when its values are known, or that "
        "nothing is."
        for table in SERIES
        for source in sorted(set(frames[table]["source_id"]))
        if (source, table) not in told
    ]


def lags_lead_somewhere(frames: Frames) -> list[str]:
    """What a source copies has a row too, and days rest on something that is cited."""
    lags = frames["release_lags"]
    told = set(zip(lags["source_id"], lags["table"], strict=True))
    problems = []
    for row in lags.itertuples():
        if pd.notna(row.known_from) and (row.known_from, row.table) not in told:
            problems.append(
                f"release_lags, {row.source_id}, {row.table}: known_from is {row.known_from}, which has no row of "
                "that table."
            )
        if pd.notna(row.lag_days) and (pd.isna(row.basis) or pd.isna(row.cited_id)):
            problems.append(
                f"release_lags, {row.source_id}, {row.table}: lag_days must have a basis, and its source in cited_id."
            )
    return problems


def _day(text: str) -> object | None:
    try:
        return day(text)
    except ValueError:
        return None
