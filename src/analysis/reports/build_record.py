"""Whether a report has to be built again: what it is made of, and the record of what was built from it.

A record stands beside the pages, in `.built/`. It is believed if the page and its workbook have the bytes that it
names; its card is what the index shows of the page. Times of files mean nothing here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from analysis.lessons.lesson import Lesson
from analysis.notebooks import files, folders
from analysis.notebooks.cells import cells
from analysis.reports.entries import Report, all_reports
from analysis.tables import store

RECORDS = ".built"
CODE = Path(__file__).parents[1]
LOCK = folders.ROOT / "requirements.lock"


class Page(NamedTuple):
    """A page, its card, which is what the index shows of it, and the workbook of its numbers where it has any."""

    html: str
    card: Mapping[str, object]
    workbook: bytes = b""


def computation(notebook: Path, tables: Iterable[str], code: str) -> str:
    """A digest of all that the outputs of a notebook's cells are made of but parameters.

    Its cells, those of text only where they stand, its tables with their schemas, the sources, the `code` and Python's
    version. Raises DataError where a table is unknown or missing, and CallError where the file is no notebook.
    """
    names = sorted({*tables, "sources"})
    parts = [sys.version, store.version(names), *(json.dumps(store.schema(name), sort_keys=True) for name in names)]
    for cell in cells(notebook):
        of_code = ("id", "metadata", "source") if cell["cell_type"] == "code" else ()
        parts.append(json.dumps({name: cell.get(name) for name in of_code}, sort_keys=True))
    return _digest([*parts, code])


def ingredients(notebook: Path, computation: str) -> str:
    """A digest of all that a notebook's pages are made of but their entries and parameters: with its text."""
    return _digest([computation, notebook.read_bytes()])


def fingerprint(entry: Report | Lesson, values: Mapping[str, object], made_of: str) -> str:
    """A digest of one page: of its report or lesson, its parameters and what `ingredients` says."""
    return _digest([json.dumps([vars(entry), dict(values)], default=str), made_of])


def run_fingerprint(values: Mapping[str, object], computation: str) -> str:
    """A digest of one run of a notebook: of its parameters and what `computation` says."""
    return _digest([json.dumps(dict(values), default=str), computation])


def papers() -> dict[str, tuple[Path, str]]:
    """What stands beside the reports for whoever has their folder alone: names of pages, texts, what these answer."""
    found = {
        "catalogue": ("README.md", "What does each table and column hold, in which unit, by which rule and source?"),
        "codebook": ("document/CODEBOOK.md", "How was the document coded, and how are its claims judged?"),
    }
    paths = {name: (store.DATA / path, question) for name, (path, question) in found.items()}
    return {name: told for name, told in paths.items() if told[0].exists()}


def paper_fingerprint(name: str, code: str) -> str:
    """A digest of one of the `papers`: of its text, what it answers, and the `code`."""
    path, question = papers()[name]
    return _digest([question, path.read_bytes(), code])


def index_fingerprint(records: Mapping[str, Mapping], code: str) -> str:
    """A digest of the index: of the records of its pages, the list of reports, all tables, papers and the `code`."""
    parts = [json.dumps([records, list(all_reports())], sort_keys=True), store.version(), sys.version]
    return _digest([*parts, *(path.read_bytes() for path, _ in papers().values()), code])


def recorded(out: Path, name: str, wanted: str) -> dict | None:
    """The record of a page that was made from what `wanted` is the digest of, or None if it has to be made anew."""
    try:
        record = _read(out, name)
        same = record["made_from"] == wanted and record["digest"] == file_digest(out / f"{name}.html")
        book = record["workbook"]
        return record if same and (not book or book == file_digest(out / f"{name}.xlsx")) else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def records(out: Path) -> dict[str, dict]:
    """What a folder's records tell the index, by the pages' names: `bytes` and `card` of each page that is there."""
    found = {}
    for name in _names(out):
        with suppress(OSError, ValueError, TypeError, KeyError):
            record = _read(out, name)
            if record["card"] and (out / f"{name}.html").is_file():
                found[name] = {part: record[part] for part in ("bytes", "card")}
    return found


def seconds(out: Path) -> dict[str, float]:
    """How long each page of a folder took when it was made."""
    found = {}
    for name in _names(out):
        with suppress(OSError, ValueError, TypeError, KeyError):
            found[name] = float(_read(out, name)["seconds"])
    return found


def last_run(out: Path, name: str) -> str:
    """The digest of the run of its notebook that a page shows, or nothing."""
    try:
        return str(_read(out, name)["run"])
    except (OSError, ValueError, TypeError, KeyError):
        return ""


def record(out: Path, name: str, made_from: str, page: Page, *, run: str = "", seconds: float = 0) -> dict:
    """Writes down what a page and the `run` of its notebook were made from, what it became, and how long that took;
    returns that record.

    Raises BuildError or CallError where it cannot be written.
    """
    content = page.html.encode()
    made = {"made_from": made_from, "digest": sha256(content).hexdigest(), "bytes": len(content), "card": page.card}
    made |= {"workbook": sha256(page.workbook).hexdigest() if page.workbook else ""}
    made |= {"run": run, "seconds": round(seconds, 1)}
    files.writable(out / RECORDS)
    files.write(_path(out, name), json.dumps(made, ensure_ascii=False) + "\n")
    return made


def file_digest(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    return sha256(path.read_bytes()).hexdigest()


def code() -> str:
    """A digest of the package's code and templates and of the lock of its dependencies."""
    paths = [p for p in store.visible(CODE, "*") if p.is_file() and "__pycache__" not in p.parts]
    parts = [part for p in paths for part in (p.relative_to(CODE).as_posix(), p.read_bytes())]
    return _digest([*parts, LOCK.read_bytes() if LOCK.is_file() else b""])


def _names(out: Path) -> list[str]:
    """The names of the pages that have a record, in order."""
    return sorted(path.stem.replace(".", "/") for path in (out / RECORDS).glob("*.json"))


def _path(out: Path, name: str) -> Path:
    """The record of a page; a page in a folder has a point for the stroke, which no name holds."""
    return out / RECORDS / f"{name.replace('/', '.')}.json"


def _read(out: Path, name: str) -> dict:
    return json.loads(_path(out, name).read_text(encoding="utf-8"))


def _digest(parts: Iterable[str | bytes]) -> str:
    """The SHA-256 over parts, each after its length, so that no two lists of parts look alike."""
    digest = sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(b"%d\n" % len(content))
        digest.update(content)
    return digest.hexdigest()
