"""A publisher's file on its way into the tables: what it would change, what the checks say then, and the writing.

Nothing is lost: a value that a new release replaces goes into the table `revisions`, with the days of both; the file's
digest and day go into `imports`, and the day into `sources`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.checks import comparing, computed, links, writing
from analysis.checks.comparing import Changes, Frames
from analysis.errors import CallError, DataError, shown
from analysis.methods import releases
from analysis.methods.releases import SERIES
from analysis.tables import catalogue, days, reading, store
from analysis.tables.importing import plain, readers
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reader, Reading

SHOWN = 12  # lines or names of a kind


@dataclass(frozen=True, kw_only=True)
class Import:
    """What a file would do: lines in `told`, the `problems` that forbid it, and the `texts` of the files to write."""

    told: Sequence[str]
    problems: Sequence[str]
    texts: dict[Path, str]

    def write(self) -> None:
        """Write all files or none.

        Raises:
            DataError: if there are problems, or a file cannot be written.
        """
        if self.problems:
            raise DataError("Nothing is written, for the checks name problems.")
        writing.write(self.texts)

    def ending(self, *, written: bool) -> str:
        """The last line, which says what was written, or would be."""
        names = ", ".join(path.name for path in self.texts)
        if self.problems:
            return f"nothing {'is' if written else 'would be'} written, for the checks name problems"
        return f"written: {names}" if written else f"nothing is written; --write would write {names}"


def prepare(path: Path, *, on: str, source: str | None = None) -> Import:
    """Read a file, hold it against the tables, and check what they would be.

    Args:
        path: the file as its publisher gives it.
        on: the day on which it was got, as `2026-01-31`.
        source: the source that its rows belong to; by default the one whose series they are.

    Raises:
        DataError: if the file is not understood, in one sentence with file, sheet, row and rule.
        CallError: if a file of that format cannot belong to the source, or names another one; if `on` is no day, or one
            before the file's release.
    """
    days.asked(on)
    frames = {table: store.load(table) for table in store.all_tables()}
    raw = Raw(path)
    reader = readers.chosen(raw)
    formats = frames["source_formats"][frames["source_formats"]["format"] == reader.FORMAT]
    sources = _sources(reader, formats, frames, source)
    codes = Codes(frames["source_codes"], frames["partners"], reader.FORMAT)
    found, told = [], [f"{raw.label}: read as {reader.TITLE} ({reader.FORMAT}), digest {raw.digest[:12]}"]
    for one in reader.read(raw, codes):
        if reader is plain and "source_id" not in one.rows and not source:
            raise CallError(f"{raw.label} has no column source_id; say whose rows they are with SOURCE before FILE.")
        _check_source(one, source, raw)
        if one.released and on < one.released:
            raise CallError(
                f"{raw.label}: its release is of {one.released} and it was got on {on}; the rule is that day or a "
                "later one after --on."
            )
        change = comparing.changes(one, frames, sources, whole=reader is not plain)
        found.append((one, change))
        told += _told(one, change)
    if not any(change.sources for _, change in found):
        raise DataError(
            f"{raw.label}: no row is of a series held here of {', '.join(sources) or 'a source of its format'}; "
            "the rule is a band for it in bands.csv, and the source in source_formats.csv."
        )
    texts = _texts(raw, reader, found, frames, formats, on)
    after = frames | {table: _parsed(table, text) for table, text in texts.items()}
    problems, said = _checked(after)
    told += said
    files = {store.path(table): text for table, text in texts.items()}
    return Import(told=told, problems=problems, texts=files | {store.DATA / "README.md": catalogue.catalogue(after)})


def _sources(reader: Reader, formats: pd.DataFrame, frames: Frames, source: str | None) -> list[str]:
    """The sources that rows of the file can belong to."""
    possible = list(formats["source_id"])
    if reader is plain:
        possible = list(frames["sources"]["source_id"])
    if source is None:
        return possible
    if source not in possible:
        allowed = (
            "those of sources.csv" if reader is plain else ", ".join(possible) or "none yet, see source_formats.csv"
        )
        raise CallError(f"{reader.TITLE} cannot be of the source {shown(source)}; allowed are {allowed}.")
    return [source]


def _check_source(one: Reading, source: str | None, raw: Raw) -> None:
    if source is None or "source_id" not in one.rows:
        return
    other = one.rows[one.rows["source_id"] != source]
    if len(other):
        row = other.iloc[0]
        raise CallError(
            f"{raw.label}, row {row['at']}: the row is of {shown(row['source_id'])} and SOURCE is {shown(source)}; the "
            "rule is one source."
        )


def _texts(raw: Raw, reader: Reader, found: list, frames: Frames, formats: pd.DataFrame, on: str) -> dict[str, str]:
    """The text of each table that changes."""
    texts, replaced, read = {}, [], []
    for one, change in found:
        replaced += _replaced(change, one.released or on, raw, frames)
        value = SERIES[change.table][1]
        key = store.schema(change.table)["primaryKey"]
        cells = {
            tuple(str(row[name]) for name in key): {value: writing.written(row[value], value)}
            for row in change.revised.to_dict("records")
        }
        for row in change.marked.to_dict("records"):
            marks = {name: writing.written(row[name], name) for name in ("status", "note")}
            cells.setdefault(tuple(str(row[name]) for name in key), {}).update(marks)
        if len(change.new) or cells:
            new = comparing.completed(change.new, change.table, frames, formats)
            texts[change.table] = writing.changed(change.table, new, cells)
        for source_id in change.sources:
            entry = {"source_id": source_id, "digest": raw.digest, "file": raw.label, "format": reader.FORMAT}
            entry |= {"table": change.table, "released": one.released, "accessed": on} | change.read(source_id)
            read.append(entry)
    if seen := [row for one, change in found for row in _compared(change, one.released or on, raw, frames)]:
        texts["vintages"] = writing.changed("vintages", pd.DataFrame(seen), {})
    if replaced:
        texts["revisions"] = writing.changed("revisions", pd.DataFrame(replaced), {})
    known = set(zip(*(frames["imports"][name] for name in ("source_id", "table", "digest")), strict=True))
    fresh = [entry for entry in read if (entry["source_id"], entry["table"], entry["digest"]) not in known]
    if fresh:
        texts["imports"] = writing.changed("imports", pd.DataFrame(fresh), {})
    released = next((one.released for one, _ in found if one.released), None)
    sources, dated = frames["sources"].set_index("source_id"), {}
    for source_id in {entry["source_id"]: None for entry in read}:
        was = sources.loc[source_id]
        dated[(source_id,)] = cells = {"accessed": on if pd.isna(was["accessed"]) else max(on, was["accessed"])}
        if released and pd.notna(was["published"]):
            cells["published"] = max(released, was["published"])
    texts["sources"] = writing.changed("sources", pd.DataFrame(), dated)
    return dict(sorted(texts.items(), key=lambda item: item[0] in SERIES))  # so a kill in between loses no old value


def _replaced(change: Changes, day: str, raw: Raw, frames: Frames) -> list[dict]:
    """The values that a file replaces, as rows of `revisions`, with the day from which on each was known."""
    rows, value = [], SERIES[change.table][1]
    there = frames["revisions"].sort_values("superseded", kind="stable")
    there = there.drop_duplicates(["series", "year", "month"], keep="last")
    earlier = there.set_index(["series", "year", "month"])["superseded"].to_dict()
    recorded = set(zip(*(there[name] for name in ("series", "year", "month", "value")), strict=True))
    for row, series in zip(
        change.revised.to_dict("records"), comparing.named(change.revised, change.table), strict=True
    ):
        when = {name: row[name] for name in ("year", "month") if name in row}
        of = series, row["year"], row.get("month", 0)
        since, basis = earlier.get(of), ""
        if not since:
            since, basis = _known(row["source_id"], change.table, when, frames, before=day)
        if since is None:
            raise DataError(
                f"sources, {row['source_id']}: the source has no date, so the value of {series} that is replaced would "
                "have none; fill in published or accessed."
            )
        if (*of, row["held"]) in recorded and since <= day:
            continue  # by an import that was killed before it wrote the table itself
        if since >= day:
            raise DataError(
                f"{raw.label}: it would replace {series} of {row['year']}, known since {since}, by a release of {day}; "
                "the rule is that a release is later than what it replaces."
            )
        rows.append(
            {"table": change.table, "series": series, "year": row["year"], "month": of[2], "value": row["held"]}
            | {"released": since, "superseded": day, "source_id": row["source_id"]}
            | {"note": f"Replaced by {writing.written(row[value], value)} of the file {raw.label}.{basis}"}
        )
    return rows


def _compared(change: Changes, day: str, raw: Raw, frames: Frames) -> list[dict]:
    """The releases that a file was compared with, as rows of `vintages`: none where it is the same, or undated."""
    rows, key = [], ["series", "first_year", "released"]
    known = set(zip(*(frames["vintages"][name] for name in key), strict=True))
    for source_id in change.sources:
        differ = int((change.revised["source_id"] == source_id).sum())
        held = differ + int((change.equal["source_id"] == source_id).sum())
        note = f"{differ} of {held} differ in {raw.label}"
        for series, first, last in comparing.compared(change, source_id, frames):
            days = {
                year: _known(source_id, change.table, {"year": year}, frames, before=day)[0]
                for year in range(first, last + 1)
            }
            for since, of_day in itertools.groupby(days, days.get):
                years = list(of_day)
                row = {"series": series, "first_year": years[0], "last_year": years[-1], "released": since}
                if since and since < day and tuple(row[name] for name in key) not in known:
                    rows.append(row | {"source_id": source_id, "note": note})
    return rows


def _known(source_id: str, table: str, when: dict, frames: Frames, *, before: str) -> tuple[str | None, str]:
    """The day, month or year from which on a source's value of a year or month was known, and what it rests on.

    That is when it was published as far as its files of that year or its source tell; or when it was first read; or,
    where `before` is no later than that day, which then says nothing, the day from which `load` counts it as known.
    """
    imports = frames["imports"][(frames["imports"]["source_id"] == source_id) & (frames["imports"]["table"] == table)]
    files = imports[(imports["first_year"] <= when["year"]) & (when["year"] <= imports["last_year"])]
    row = frames["sources"].set_index("source_id").loc[source_id]
    # A source has the day of its latest file, which may be of other years.
    own = row["published"] if len(files) == 0 and row["published"] not in set(imports["released"]) else None
    published = files["released"].max() if len(files) else own
    if pd.notna(published):
        return published, ""
    read = files["accessed"].min() if len(files) else row["accessed"]
    if pd.isna(read) or read < before:
        return (None if pd.isna(read) else read), ""
    period = pd.DataFrame([{"source_id": source_id} | when])
    return str(releases.known_by(period, table, frames["release_lags"])[0]), " Its day is the one of release_lags."


def _parsed(table: str, text: str) -> pd.DataFrame:
    """A table as its file would be read."""
    return reading.read_table(text.encode("utf-8"), store.schema(table), label=f"{table}.csv as it would be")


def _told(one: Reading, change: Changes) -> list[str]:
    """The lines on what a file changes in a table."""
    value = SERIES[change.table][1]
    lines = [f"  {reason}" for reason in one.told]
    lines += [f"  its release is of {one.released}"] if one.released else []
    counts = f"{len(change.new)} rows new, {len(change.equal)} equal, {len(change.revised)} revised"
    lines.append(
        f"{change.table}, {' and '.join(change.sources) or 'no source'}: {counts}, {len(change.gone)} held that the "
        "file does not have"
    )
    lines += _some([f"  new {_spans(name, rows)}" for name, rows in _by_series(change.new, change.table)])
    revised = []
    for row, series in zip(
        change.revised.to_dict("records"), comparing.named(change.revised, change.table), strict=True
    ):
        percent = f" ({100 * (row[value] / row['held'] - 1):+.3g} %)" if row["held"] else ""
        old, new = (writing.written(row[name], value) for name in ("held", value))
        revised.append(f"  revised {series} in {_when(row)}: {old} → {new}{percent}")
    lines += _some(revised)
    marked = zip(change.marked.to_dict("records"), comparing.named(change.marked, change.table), strict=True)
    lines += _some(
        [
            f"  marked {series} in {_when(row)}: {_mark(*row['before'])} → {_mark(row['status'], row['note'])}"
            for row, series in marked
        ]
    )
    lines += _some(
        [f"  kept, not in the file: {_spans(name, rows)}" for name, rows in _by_series(change.gone, change.table)]
    )
    if change.left:
        lines.append(f"  {len(change.left)} series have no band here and are left out: {_list(change.left)}")
    if change.early:
        lines.append(f"  {change.early} rows are of years before their series begins here, and left out")
    if one.left:
        lines.append(f"  {len(one.left)} names mean nothing here and are left out: {_list(list(one.left))}")
    return lines


def _by_series(rows: pd.DataFrame, table: str) -> list[tuple[str, pd.DataFrame]]:
    return list(rows.groupby(comparing.named(rows, table), sort=True)) if len(rows) else []


def _spans(series: str, rows: pd.DataFrame) -> str:
    """A series with its first and last period among some rows."""
    times = sorted(map(_when, rows.to_dict("records")))
    return f"{series} {times[0]}" if len(times) == 1 else f"{series} {times[0]} to {times[-1]}, {len(times)} rows"


def _mark(status: str, note: object) -> str:
    """A status with its note."""
    return status if pd.isna(note) or not note else f"{status} ({note})"


def _when(row: dict) -> str:
    return f"{row['year']}-{row['month']:02d}" if row.get("month") else str(row["year"])


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - SHOWN
    return lines if more <= 0 else [*lines[:SHOWN], f"  … and {more} more"]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")


def _checked(after: Frames) -> tuple[list[str], list[str]]:
    """What forbids the tables as they would be, and the lines on all that the checks say of them."""
    due, unread = computed.differences(after), links.releases_read(after)
    problems = links.of(after, without=(computed.differences, links.releases_read))
    lines = [f"check: {problem}" for problem in (*problems, *unread)]
    lines += _some([f"  to be filled: {problem}" for problem in due])
    if not problems:
        then = " and ".join([*(["filled"] if due else []), *(["selections.csv is changed"] if unread else [])])
        lines.append(f"check: every table, key, source and cross-check would hold{then and f', once {then}'}")
    if due:
        lines.append("`analysis fill` writes what the new rows decide")
    return problems, lines
