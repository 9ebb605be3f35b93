"""What a checklist of CONTRIBUTING.md does to a copy of the data (the fixture `copied`), and what it may touch."""

import csv
import io
import re
from pathlib import Path

from analysis.checks import links
from analysis.notebooks.folders import ROOT
from analysis.tables import catalogue, store


def rows_of(table: str) -> list[dict[str, str]]:
    """The rows of a table of the copy as they stand in its file."""
    return list(csv.DictReader(io.StringIO(_path(table).read_text(encoding="utf-8"))))


def add(table: str, *new: dict[str, object], **row: object) -> None:
    """Adds rows to a table of the copy, where its order wants them; one with a key that is there takes its place."""
    key = store.schema(table)["primaryKey"]
    numbers = {field["name"] for field in store.schema(table)["fields"] if field["type"] == "integer"}
    rows = {tuple(old[name] for name in key): old for old in rows_of(table)}
    columns = list(next(iter(rows.values())))
    for one in new or (row,):
        assert set(one) <= set(columns)
        filled = dict.fromkeys(columns, "") | {name: str(value) for name, value in one.items()}
        rows[tuple(filled[name] for name in key)] = filled
    ordered = sorted(rows.values(), key=lambda row: [int(row[name]) if name in numbers else row[name] for name in key])
    with _path(table).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def problems() -> list[str]:
    """What `analysis catalogue` and then `analysis check` say of the copy."""
    frames = {name: store.load(name) for name in store.all_tables()}
    (store.DATA / "README.md").write_text(catalogue.catalogue(frames), encoding="utf-8")
    return links.of(frames)


def touched() -> set[str]:
    """The tables of the copy that differ from the repository's."""
    repository = ROOT / "data"
    return {name for name in store.all_tables() if _path(name).read_bytes() != _path(name, repository).read_bytes()}


def named(section: str) -> set[str]:
    """The tables that a checklist of CONTRIBUTING.md names."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return set(re.findall(r"`(?:[\w/]+/)?(\w+)\.csv`", text.split(f"## {section}\n")[1].split("\n## ")[0]))


def _path(table: str, folder: Path | None = None) -> Path:
    return (folder or store.DATA) / store.path(table).relative_to(store.DATA)
