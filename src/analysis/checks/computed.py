"""Tables that are computed and kept beside what they follow from: what they have to say, and where they do not."""

import pandas as pd

from analysis.checks import writing
from analysis.errors import DataError, shown
from analysis.methods import claims, ledgers, resolution, verdicts
from analysis.tables import store

Frames = dict[str, pd.DataFrame]
COMPUTED = ("verdicts",)  # whole; of resolutions the rows that have a rule


def computed(frames: Frames) -> Frames:
    """Each table that is computed, wholly or in part, as it follows from the others, by name.

    Raises ValueError where the others contradict.
    """
    records = ledgers.select(frames["trade"], frames["indicators"], frames["selections"])
    statistics = claims.Tables(records, frames["trade_monthly"], frames["group_members"])
    tables = (frames[name] for name in ("claims", "quantities", "events", "agreements"))
    assertions = verdicts.asserted(*tables)
    by_ledgers = claims.by_ledgers(frames["quantities"], frames["claim_statistics"], tables=statistics)
    outcomes = resolution.outcomes(
        frames["resolution_rules"],
        trade=records,
        officials=frames["officials_figures"],
        products=frames["trade_products"],
        indicators=frames["indicators"],
    )
    horizons = frames["statements"].set_index("statement_id")["horizon_end"]
    return {
        "verdicts": verdicts.verdicts(assertions, frames["evidence"], by_ledgers),
        "resolutions": resolution.by_rule(frames["resolutions"], outcomes, horizons),
    }


def fill() -> list[str]:
    """Write each table that is computed as it follows from the others, all of them or none, and say which changed.

    Raises:
        DataError: if the others contradict, or a file cannot be written.
    """
    frames = {name: store.load(name) for name in store.all_tables() if name not in COMPUTED}
    try:
        tables = computed(frames)
    except ValueError as error:
        raise DataError(str(error)) from None
    texts = {store.path(table): as_csv(table, rows) for table, rows in tables.items()}
    stale = {path: text for path, text in texts.items() if not path.exists() or path.read_bytes() != text.encode()}
    writing.write(stale)
    return [
        f"{path.name}: {'written anew' if path in stale else 'up to date'}, {len(rows)} rows"
        for path, rows in zip(texts, tables.values(), strict=True)
    ]


def as_csv(table: str, rows: pd.DataFrame) -> str:
    """A computed table as its file holds it: the columns of its schema, in the order of its key."""
    columns = [field["name"] for field in store.schema(table)["fields"]]
    ordered = rows.sort_values(store.schema(table)["primaryKey"], kind="stable")
    return ordered[columns].to_csv(index=False, lineterminator="\n")


def check(frames: Frames) -> list[str]:
    """Every row that can be held against statistics is a claim, in its place, and every claim was looked up."""
    return [*every_row_claimed(frames), *claims_placed(frames), *arithmetic_holds(frames), *searched(frames)]


def differences(frames: Frames) -> list[str]:
    """Where a table says something else than what is computed for it, or that this cannot be computed."""
    try:
        tables = computed(frames)
    except ValueError as error:
        return [str(error)]
    problems = []
    for table, rows in tables.items():
        (key,) = store.schema(table)["primaryKey"]
        given, found = (each.set_index(key).astype(object).fillna("") for each in (frames[table], rows))
        problems += [
            f"{table}, {row}: the row is missing; `analysis fill` writes it."
            for row in found.index.difference(given.index)
        ]
        problems += [
            f"{table}, {row}: no claim has that id; `analysis fill` drops it."
            for row in given.index.difference(found.index)
        ]
        given, found = (each.loc[given.index.intersection(found.index), found.columns] for each in (given, found))
        problems += [
            f"{table}, {row}: the {column} is {shown(given.loc[row, column])}; the rules give "
            f"{found.loc[row, column]!r}, which `analysis fill` writes."
            for row, column in (given != found).stack().loc[lambda differs: differs].index
        ]
    return problems


def every_row_claimed(frames: Frames) -> list[str]:
    """Each figure, event and agreement of the document is a claim, and each claim on one has its paragraph."""
    rows, problems = frames["claims"], []
    for table, key in verdicts.TABLES.items():
        of_table = rows[rows["table"] == table].set_index("row_id")
        problems += [f"claims: {row} of {table} has no row." for row in frames[table][key] if row not in of_table.index]
        held = frames[table].set_index(key)
        problems += [
            f"claims, {claim['claim_id']}: {table} has no row {shown(row)}."
            if row not in held.index
            else f"claims, {claim['claim_id']}: its paragraph is {claim['paragraph']}, and that of {row} is "
            f"{held.loc[row, 'paragraph']}."
            for row, claim in of_table.iterrows()
            if row not in held.index or held.loc[row, "paragraph"] != claim["paragraph"]
        ]
    return problems


def claims_placed(frames: Frames) -> list[str]:
    """A claim of the document has its paragraph; one of another source has none, stands alone, and may have a page."""
    rows = frames["claims"]
    of_document = rows["source_id"].eq(store.resource_of("passages")["source_id"])
    problems = [
        f"claims, {claim}: a claim of the document has a paragraph and no page; one of another source names that."
        for claim in rows.loc[of_document & (rows["paragraph"].isna() | rows["page"].notna()), "claim_id"]
    ]
    return problems + [
        f"claims, {row.claim_id}: a claim of {row.source_id} has no paragraph and no row of another table."
        for row in rows[~of_document & (rows["paragraph"].notna() | rows["table"].notna())].itertuples()
    ]


def arithmetic_holds(frames: Frames) -> list[str]:
    """Each arithmetic row of evidence has the value that its two dated facts give."""
    try:
        wanted = verdicts.arithmetic(frames["evidence"], frames["dated_facts"])
    except ValueError as error:
        return [str(error)]
    given = frames["evidence"].set_index("evidence_id")["value"].reindex(wanted.index)
    return [
        f"evidence, {row}: its value is {given[row]:g}, and its facts give {wanted[row]:g}."
        for row in wanted.index[(given - wanted).abs() > 0.005]
    ]


def searched(frames: Frames) -> list[str]:
    """An undecided claim that could be borne out says what was searched."""
    undecided = frames["verdicts"].loc[frames["verdicts"]["verdict"] == "undecided", "claim_id"]
    rows = frames["claims"]
    silent = rows["claim_id"].isin(undecided) & rows["uncheckable"].isna() & rows["searched"].isna()
    return [
        f"claims, {claim}: it is undecided; say in searched what was looked for."
        for claim in rows.loc[silent, "claim_id"]
    ]
