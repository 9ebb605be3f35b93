"""What must hold for the data as a whole: every rule is a function that returns the problems it finds."""

from collections.abc import Callable, Collection, Iterator

import pandas as pd

from analysis.checks import bands, computed, releases
from analysis.methods import ledgers, resolvers, scoring
from analysis.tables import catalogue, store

Frames = dict[str, pd.DataFrame]


def check() -> list[str]:
    """Check all tables, their links, the catalogue, and the statistics against one another.

    Returns:
        One sentence a problem; an empty list when all is well. While a table cannot be read, only that is
        reported, and while a key points nowhere not what joins tables by it, since that would merely repeat it.
    """
    try:
        names = store.all_tables()
    except store.DataError as error:
        return [str(error)]
    frames, problems = {}, []
    for name in names:
        try:
            frames[name] = store.load(name)
        except store.DataError as error:
            problems.append(str(error))
    if problems:
        return problems
    return of(frames) + catalogue_fresh(frames)


def of(frames: Frames, *, without: Collection[Callable[[Frames], list[str]]] = ()) -> list[str]:
    """Check loaded tables, their links and the statistics against one another, whatever the catalogue says of them.

    Some rules are left out, `without` which the tables may be.
    """
    problems, broken = [], foreign_keys(frames)
    for rule in (sources_used, notes_given, indicators_defined):
        problems += rule(frames)
    problems = broken + problems
    if not broken:  # ratios of tables with broken links would accuse the wrong rows
        rules = computed.check, computed.differences, answers_coded, forecasts_hold, bands.check, releases.check
        for rule in (one for one in (*rules, releases_read) if one not in without):
            try:
                problems += rule(frames)
            except ValueError as error:
                problems.append(f"The tables do not hold together: {error}")
    return problems


def foreign_keys(frames: Frames) -> list[str]:
    """Every value of a foreign key stands in the table it points at; empty values point nowhere."""
    problems = []
    for name, frame in frames.items():
        for key in store.foreign_keys(name):
            fields, target = key["fields"], key["reference"]
            if target["resource"] not in frames:
                problems.append(f"{name}, column {'+'.join(fields)}: the table {target['resource']} is not declared.")
                continue
            known = set(_cells(frames[target["resource"]], target["fields"]))
            for value in dict.fromkeys(_cells(frame, fields)):
                if value not in known and not any(map(pd.isna, value)):
                    problems.append(
                        f"{name}, column {'+'.join(fields)}: {', '.join(map(str, value))} is not in "
                        f"{target['resource']}, column {'+'.join(target['fields'])}."
                    )
    return problems


def _cells(frame: pd.DataFrame, columns: list[str]) -> Iterator[tuple[object, ...]]:
    return zip(*(frame[column].to_numpy(object) for column in columns), strict=True)


def sources_used(frames: Frames) -> list[str]:
    """Every source is cited by at least one row."""
    cited = set()
    for name, frame in frames.items():
        for column in store.source_columns(name):
            cited |= set(frame[column].dropna())
    return [
        f"sources, source_id {source_id}: no row of any table cites it; remove it or cite it."
        for source_id in frames["sources"]["source_id"]
        if source_id not in cited
    ]


def notes_given(frames: Frames) -> list[str]:
    """In a table of observations (one with a value), every status other than A has a note."""
    problems = []
    for name, frame in frames.items():
        if "status" in frame and {"value", "value_usd", "value_eur"} & set(frame):
            for row in frame[(frame["status"] != "A") & frame["note"].isna()].to_dict("records"):
                key = ", ".join(str(row[column]) for column in store.schema(name)["primaryKey"])
                problems.append(f"{name}, {key}: the status {row['status']} has no note that says why.")
    return problems


def indicators_defined(frames: Frames) -> list[str]:
    """Each indicator has the unit and the area of its definition, and each definition has rows."""
    definitions = frames["indicator_definitions"].set_index("indicator")
    problems = []
    rows = frames["indicators"][["indicator", "unit", "area_id"]].drop_duplicates()
    for row in rows.to_dict("records"):
        if row["indicator"] not in definitions.index:
            continue  # foreign_keys names it
        for column in ("unit", "area_id"):
            given, defined = row[column], definitions.loc[row["indicator"], column]
            if given != defined and not (pd.isna(given) and pd.isna(defined)):
                problems.append(
                    f"indicators, {row['indicator']}: the {column} is {given} in a row and {defined} in the definition."
                )
    for name in definitions.index.difference(rows["indicator"]):
        problems.append(f"indicator_definitions, {name}: the indicator has no rows.")
    return problems


def answers_coded(frames: Frames) -> list[str]:
    """Each expert's answer to each question has a position by each coder."""
    positions, key = frames["positions"], ["expert_id", "question_id", "coder"]
    wanted = pd.MultiIndex.from_product(
        [frames["experts"]["expert_id"], frames["questions"]["question_id"], sorted(positions["coder"].unique())]
    )
    return [
        f"positions: the answer of {expert} to {question} has no row by coder {coder}."
        for expert, question, coder in wanted.difference(pd.MultiIndex.from_frame(positions[key]))
    ]


def forecasts_hold(frames: Frames) -> list[str]:
    """Each testable statement has one resolution; an unresolved one has a reason and no date. What no rule decides
    has one by the second resolver too, once its time is over, held to the same, and an adjudication stands wherever
    the two differ.
    """
    statements, resolutions = frames["statements"], frames["resolutions"]
    looked_up = ("resolutions", "second_resolutions", "adjudications")
    try:
        for name in looked_up:
            scoring.validate(
                statements,
                frames[name],
                frames["lexicons"],
                experts=frames["experts"]["expert_id"],
                questions=frames["questions"]["question_id"],
            )
    except ValueError as error:
        return [str(error)]
    problems = []
    testable = statements.loc[statements["resolvable"], "statement_id"]
    for name in (*looked_up, "resolution_rules"):
        for extra in frames[name].loc[~frames[name]["statement_id"].isin(testable), "statement_id"]:
            problems.append(f"{name}, {extra}: the statement is not resolvable and may not have a row.")
    for vague in statements.loc[statements["resolvable"] & statements["nature"].isna(), "statement_id"]:
        problems.append(f"statements, {vague}: it is resolvable and must say in nature what has to come.")
    for missing in testable[~testable.isin(resolutions["statement_id"])]:
        problems.append(f"resolutions: the resolvable statement {missing} has no row; say unresolved and why.")
    early = resolutions.loc[resolutions["reason"].eq("not_due"), "statement_id"]
    once = [*early, *frames["resolution_rules"]["statement_id"], *frames["second_resolutions"]["statement_id"]]
    for missing in testable[~testable.isin(once)]:
        problems.append(f"second_resolutions: {missing} is due, no rule decides it, and it has no row.")
    horizons = statements.set_index("statement_id")["horizon_end"]
    latest = pd.to_datetime(resolutions["resolved_on"]).max()
    for table, row in [(name, row) for name in looked_up for row in frames[name].itertuples()]:
        is_open = row.outcome == "unresolved"
        if is_open != pd.notna(row.reason) or is_open != pd.isna(row.resolved_on):
            problems.append(
                f"{table}, {row.statement_id}: the outcome is {row.outcome}; an unresolved one has a reason and no "
                "date, any other a date and no reason."
            )
        if row.reason == "not_due" and horizons[row.statement_id] <= latest:
            problems.append(
                f"{table}, {row.statement_id}: its time was over on {horizons[row.statement_id]:%Y-%m-%d}, before the "
                "last date of resolutions; look it up."
            )
        if not is_open and pd.isna(row.source_id) and (table != "second_resolutions" or pd.isna(row.note)):
            problems.append(
                f"{table}, {row.statement_id}: the outcome {row.outcome} must name its source"
                f"{', or say in note what it rests on' if table == 'second_resolutions' else ''}."
            )
    return problems + resolvers.Resolvers(*(frames[name] for name in looked_up)).problems()


def releases_read(frames: Frames) -> list[str]:
    """A new year of a source that a ledger is read from is read too, or another source is."""
    return ledgers.said_of_unread(ledgers.unread(frames["trade"], frames["selections"]))


def catalogue_fresh(frames: Frames) -> list[str]:
    """`README.md` in the data folder is the catalogue of today's tables."""
    path = store.DATA / "README.md"
    if path.is_file() and path.read_bytes() == catalogue.catalogue(frames).encode("utf-8"):
        return []
    return [
        "README.md of the data folder is stale; `analysis catalogue` writes it anew."
    ]
