"""Whether a report has to be built again: what it is made of, and the record of what was built from it.

A record stands beside the reports, in `.built/`. It is believed only if it is whole and the report has the bytes
that it names. Times of files mean nothing here.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from analysis.notebooks import files, folders
from analysis.notebooks.parameters import Parameter
from analysis.reports.entries import Report
from analysis.tables import store

FOLDER = ".built"
PACKAGE = Path(__file__).parents[1]
LOCK = folders.ROOT / "requirements.lock"


def ingredients(notebook: Path, tables: Iterable[str]) -> str:
    """A digest of all that a notebook's reports are made of but their entries and parameters.

    The notebook, its tables with their schemas, the sources, the package's code and templates, the lock of its
    dependencies and Python's version. Raises DataError where a table is unknown or missing.
    """
    names = sorted({*tables, "sources"})
    parts = [sys.version, store.version(names), *(json.dumps(store.schema(name), sort_keys=True) for name in names)]
    return _digest([*parts, notebook.read_bytes(), *_code()])


def fingerprint(report: Report, values: dict[Parameter, object], made_of: str) -> str:
    """A digest of one report: of its entry in reports.yml, its parameters and what `ingredients` says."""
    entry = [report.name, report.title, report.question, report.summary, dict(report.parameters)]
    chosen = {parameter.name: value for parameter, value in values.items()}
    return _digest([json.dumps([entry, chosen], default=str), made_of])


def lesson_fingerprint(notebook: Path) -> str:
    """A digest of a lesson's page: of its notebook, outputs and all, and the code."""
    return _digest([sys.version, notebook.read_bytes(), *_code()])


def index_fingerprint(reports: Iterable[tuple[str, str]]) -> str:
    """A digest of the index: of the reports' names and digests in their order, all tables and the code."""
    return _digest([json.dumps(list(reports)), store.version(), sys.version, *_code()])


def recorded(out: Path, name: str, wanted: str) -> dict | None:
    """The record of a page that was made from what `wanted` is the digest of, or None if it has to be made anew."""
    try:
        record = json.loads((out / FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        sound = record.pop("record") == _seal(record) and record["made_from"] == wanted
        return record if sound and record["digest"] == file_digest(out / f"{name}.html") else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def record(out: Path, name: str, made_from: str, html: str) -> dict:
    """Writes down what a page was made from and what it became; returns that record.

    Raises BuildError or CallError where it cannot be written.
    """
    content = html.encode()
    made = {"made_from": made_from, "digest": sha256(content).hexdigest(), "bytes": len(content)}
    folder = files.writable(out / FOLDER)
    if (folder / f"{name}.json").is_dir():
        shutil.rmtree(folder / f"{name}.json")
    files.write(folder / f"{name}.json", json.dumps(made | {"record": _seal(made)}) + "\n")
    return made


def file_digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    return sha256(path.read_bytes()).hexdigest()


def _code() -> list[str | bytes]:
    paths = [p for p in sorted(PACKAGE.rglob("*")) if p.is_file() and "__pycache__" not in p.parts]
    parts = [part for p in paths for part in (p.relative_to(PACKAGE).as_posix(), p.read_bytes())]
    return [*parts, LOCK.read_bytes() if LOCK.is_file() else b""]


def _seal(record: dict) -> str:
    return _digest([json.dumps(record, sort_keys=True)])


def _digest(parts: Iterable[str | bytes]) -> str:
    """The SHA-256 over parts, each after its length, so that no two lists of parts look alike."""
    digest = sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(b"%d\n" % len(content))
        digest.update(content)
    return digest.hexdigest()
