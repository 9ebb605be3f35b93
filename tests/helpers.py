"""What several tests need: a notebook of a few cells, an opened workbook, to wait for what comes, a volume, records."""

import io
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest

from analysis.methods import ledgers

SETUP = 'start_year = 1995  # 1995 to 2025: first year\nlabel = "x"  # any text: a label'
GUARD = 180  # seconds, against hanging alone: no machine is too slow for what a test waits for


def write(folder: Path, name: str, *sources: str) -> None:
    """Writes a notebook with a cell of parameters and a cell a source."""
    cells = [nbformat.v4.new_markdown_cell("# A notebook\n\nIts question.", id="title")]
    for number, source in enumerate((SETUP, *sources)):
        cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}"))
    cells[1].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / name)


def opened(content: bytes) -> dict[str, dict[str, object]]:
    """The sheets of an Excel workbook as its XML has them: what stands in a cell, in its type, by the cell's address.

    A text is a text, a number that is shown as a day is a date, and a formula is an error.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as file:

        def parts(name: str, tag: str) -> list[ElementTree.Element]:
            space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
            return list(ElementTree.fromstring(file.read(f"xl/{name}.xml")).iterfind(tag.replace("~", space)))

        shared = ["".join(text.itertext()) for text in parts("sharedStrings", "~si")]
        forms = parts("styles", "~numFmts/~numFmt")
        days = {form.get("numFmtId") for form in forms if "yyyy" in form.get("formatCode")}
        styles = [style.get("numFmtId") for style in parts("styles", "~cellXfs/~xf")]

        def value(cell: ElementTree.Element) -> object:
            (inside,) = cell  # a formula would stand beside its value
            kind = cell.get("t", "n")
            if kind in "sb":
                return shared[int(inside.text)] if kind == "s" else bool(int(inside.text))
            if styles[int(cell.get("s", 0))] in days:
                return date.fromordinal(date(1899, 12, 30).toordinal() + int(inside.text))
            return float(inside.text) if "." in inside.text or "E" in inside.text else int(inside.text)

        names = [sheet.get("name") for sheet in parts("workbook", "~sheets/~sheet")]
        return {
            name: {cell.get("r"): value(cell) for cell in parts(f"worksheets/sheet{place}", "~sheetData/~row/~c")}
            for place, name in enumerate(names, start=1)
        }


def wait(done: Callable[[], object], what: str) -> None:
    """Waits until something is so. Fails, saying `what` it waited for, where it never comes."""
    end = time.monotonic() + GUARD
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def processes(mark: str) -> list[int]:
    """The processes whose environment holds a text, as that of a build and of all that it starts holds its TMPDIR."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended meanwhile, or is somebody else's
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """A small file system in memory; the test is skipped where it cannot be mounted."""
    folder.mkdir(exist_ok=True)
    if not shutil.which("mount"):
        pytest.skip("there is no mount command")
    run = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted: {done.stderr.splitlines()[0]}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


SELECTIONS = pd.DataFrame(
    [
        ("ledger", "KAZ", "bureau", "wits", "trade", None, 2017, "WITS"),
        ("ledger", "KAZ", "bureau", "bns", "trade", 2018, 2023, "the Bureau"),
        ("ledger", "KAZ", "bureau", "bns_pipeline", "trade", 2024, None, "the pipeline"),
        ("ledger", "KAZ", "comtrade", "wits", "trade", None, None, "WITS"),
        ("ledger", "RUS", "any", "fcs_annual", "trade", 1994, 2021, "the customs"),
        ("world_total", "KAZ", "any", "wdi_kaz", "indicators", None, 2017, "WDI"),
        ("world_total", "KAZ", "any", "bns", "trade", 2018, None, "the Bureau"),
        ("world_total", "RUS", "any", "fcs_annual", "trade", 1994, 2021, "the customs"),
    ],
    columns=["use", "reporter", "vintage", "source_id", "table", "first_year", "last_year", "label"],
).astype({"first_year": "Int64", "last_year": "Int64"})
NOTHING = pd.DataFrame(columns=["year", "country", "indicator", "value", "status", "source_id", "note"])


def selected(table: pd.DataFrame, indicators: pd.DataFrame = NOTHING) -> pd.DataFrame:
    """The records of a small table of trade, chosen as in the repository's own table of selections."""
    return ledgers.select(table, indicators, SELECTIONS.assign(basis="why"))
