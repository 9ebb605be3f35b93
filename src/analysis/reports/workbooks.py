"""The numbers of a report's exhibits as one Excel workbook, which stands beside its page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from analysis.exhibits import downloads
from analysis.exhibits.citations import publishers
from analysis.reports.entries import Report
from analysis.tables import store
from analysis.tables.workbook import Sheet, workbook

READ = {"integer": int, "number": float, "boolean": "True".__eq__, "string": str}
SOURCE = ("title", "publisher", "published", "url", "licence")


def made(
    entry: Report, values: Mapping[str, object], shown: Iterable[tuple[str, Sequence[Sequence[str]]]], *, data: str
) -> bytes:
    """The workbook of a report, from what it has `shown`; empty where no exhibit is among that.

    Each part is HTML, with the keys of the sources of each exhibit in it. The cells are those of the exhibits'
    downloads, each in its type. `values` are the report's parameters, `data` is the version of its tables. Raises
    DataError where an exhibit has more than a workbook takes.
    """
    sources = store.load("sources").set_index("source_id")
    sheets, listed = {}, []
    for html, sources_of in shown:
        files = downloads.given(html) if sources_of else {}
        for name, keys in zip([name for name in files if name.endswith(".json")], sources_of, strict=True):
            told = json.loads(files[name])
            if told["name"] not in sheets:
                rows = sources.loc[list(keys), list(SOURCE)].astype(object).where(lambda cell: cell.notna(), None)
                sheet = _sheet(told, files[told["resources"][0]["path"]], rows.values.tolist())
                sheets[sheet.name] = sheet
                listed.append((sheet.name, told["title"], told.get("measure"), len(sheet.rows), publishers(keys)))
    if not sheets:
        return b""
    head = [
        entry.title,
        entry.question,
        f"Parameters: {', '.join(f'{name}={value}' for name, value in values.items())}",
        f"{told['project']}, data {data}, as of {store.as_of()}",
        f"Licence: {downloads.LICENCE['title']} ({downloads.LICENCE['path']})",
    ]
    columns = ("exhibit", "title", "measure", "rows", "sources")
    contents = Sheet(name="contents", columns=columns, rows=listed, head=head)
    return workbook(contents, list(sheets.values()), title=entry.title, as_of=store.as_of())


def _sheet(told: Mapping, table: bytes, sources: Sequence[Sequence[object]]) -> Sheet:
    fields = told["resources"][0]["schema"]["fields"]
    header, *lines = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    read = [READ[field["type"]] for field in fields]
    return Sheet(
        name=told["name"],
        columns=header,
        rows=[[of(text) if text else None for of, text in zip(read, line, strict=True)] for line in lines],
        head=[told[part] for part in ("title", "measure", "note") if part in told],
        foot=[("Sources", *SOURCE[1:]), *sources],
    )
