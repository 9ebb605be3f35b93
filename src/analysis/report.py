"""From a notebook and its parameters to one self-contained HTML file, or to nothing at all.

Everything that can be refused is refused before a kernel starts. A report is written beside its target and moved
into place, so that a failed or killed run leaves the last good one.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import nbformat
import papermill
import yaml
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError
from tqdm import tqdm

from analysis import data, page
from analysis.notebook_rules import RULES
from analysis.parameters import Parameter, ParameterError, declared, resolve

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
REPORTS = ROOT / "reports"
CELL_SECONDS = 120  # a cell that runs longer has hung: a dead wait would otherwise never end


class CallError(ValueError):
    """The call names something that does not exist or cannot be used."""


class BuildError(RuntimeError):
    """A notebook did not run to its end."""


@dataclass(frozen=True)
class Report:
    """One entry of reports/reports.yml."""

    name: str
    notebook: Path
    title: str
    question: str
    summary: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What became of one report: its file, or the one sentence that says why there is none."""

    name: str
    path: Path
    seconds: float
    error: str = ""


@cache
def reports() -> dict[str, Report]:
    """The reports of reports/reports.yml by name, in its order. Raises CallError where the file is wrong."""
    path = REPORTS / "reports.yml"
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = [Report(**entry | {"notebook": NOTEBOOKS / entry["notebook"]}) for entry in entries]
    except (OSError, TypeError, KeyError, yaml.YAMLError) as error:
        raise CallError(
            f"{path.name} is a list of entries with name, notebook, title, question, summary and, where "
            f"they differ from the notebook's, parameters; it is not: {error}"
        ) from None
    for entry in found:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.name) or entry.name == "index":
            raise CallError(
                f"{path.name}: {entry.name!r} is no name; use lower-case words joined by hyphens, not 'index'."
            )
    return {entry.name: entry for entry in found}


def named(name: str) -> Report:
    """One report. Raises CallError naming the known ones."""
    if name not in reports():
        raise CallError(f"unknown report {name!r}; known are: {', '.join(reports())}.")
    return reports()[name]


def values(report: Report, given: Mapping[str, object] | None = None) -> dict[Parameter, object]:
    """The report's declared parameters with their values: `given`, else reports.yml's, else the notebook's."""
    if not report.notebook.is_file():
        raise CallError(f"{report.name}: there is no notebook {report.notebook.name} in notebooks/.")
    try:
        parameters = declared(report.notebook)
        chosen = resolve(parameters, {**report.parameters, **(given or {})})
        if report.notebook.name in RULES:
            RULES[report.notebook.name](**chosen)
    except ParameterError as error:
        raise ParameterError(f"{report.name}: {error}") from None
    return {parameters[name]: value for name, value in chosen.items()}


def tables(notebook: Path) -> list[str]:
    """The tables that a notebook loads, read from its code."""
    code = "\n".join(c.source for c in nbformat.read(notebook, as_version=4).cells if c.cell_type == "code")
    return sorted(set(re.findall(r"""\bload\(["'](\w+)["']\)""", code)))


def build(
    names: Sequence[str] = (),
    *,
    parameters: Mapping[str, object] | None = None,
    out: Path | None = None,
    jobs: int = 3,
) -> list[Result]:
    """Builds the named reports (all, where none is named) and the index into `out`, `jobs` notebooks at a time.

    Raises CallError, ParameterError or DataError before any kernel starts where the call or an input is wrong; a
    report that fails while it runs is told of in its Result and does not stop the others.
    """
    chosen = [named(name) for name in dict.fromkeys(names or reports())]
    if jobs < 1:
        raise CallError(f"--jobs is a whole number from 1, not {jobs}.")
    work = [(report, values(report, parameters)) for report in chosen]
    for table in sorted({table for report in chosen for table in tables(report.notebook)}):
        data.load(table)
    out = _writable(out or REPORTS)
    bars = [tqdm(total=1, desc=report.name, position=i, unit="cell", disable=None) for i, report in enumerate(chosen)]
    with _quiet_kernels(), ThreadPoolExecutor(min(jobs, len(work))) as pool:
        results = list(pool.map(lambda job: _one(*job[0], out=out, bar=job[1]), zip(work, bars)))
    for bar in bars:
        bar.close()
    _write(out / "index.html", page.index([entry for entry in reports() if (out / f"{entry}.html").is_file()], out))
    return results


def execute_in_place() -> list[Path]:
    """Runs every committed notebook top to bottom with its defaults; returns those whose file changed."""
    changed = []
    with _quiet_kernels():
        for path in sorted(NOTEBOOKS.rglob("*.ipynb")):
            before = path.read_text(encoding="utf-8")
            _write(path, nbformat.writes(run(path, {})) + "\n")
            if path.read_text(encoding="utf-8") != before:
                changed.append(path)
    return changed


def run(notebook: Path, parameters: Mapping[str, object], *, bar: tqdm | None = None) -> nbformat.NotebookNode:
    """The executed notebook, without clock times or random ids. Raises BuildError naming the cell, error and line."""
    progress = {"disable": True}
    try:
        # Papermill's own folder option changes the folder of the whole process; this one belongs to the kernel.
        executed = papermill.execute_notebook(
            str(notebook),
            None,
            dict(parameters),
            kernel_name=NATIVE_KERNEL_NAME,
            progress_bar=progress,
            resources={"metadata": {"path": str(notebook.parent)}},
            record_timing=False,
            shutdown_kernel="immediate",
            execution_timeout=CELL_SECONDS,
            on_cell_executed=(lambda **_: bar.update()) if bar is not None else None,
            extra_arguments=["--HistoryManager.enabled=False", "--log-level=ERROR"],
        )
    except PapermillExecutionError as error:
        raise BuildError(_told(error, injected=bool(parameters))) from None
    except CellTimeoutError:
        raise BuildError(f"a cell of {notebook.name} ran longer than {CELL_SECONDS} seconds.") from None
    except DeadKernelError:
        raise BuildError(f"the kernel that ran {notebook.name} died.") from None
    _forget(executed)
    for number, cell in enumerate(executed.cells, start=1):
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise BuildError(f"{notebook.name} stopped before cell {number}; a cell may not end the kernel.")
    return executed


def _one(report: Report, chosen: Mapping[Parameter, object], *, out: Path, bar: tqdm) -> Result:
    start, path = time.monotonic(), out / f"{report.name}.html"
    bar.reset(total=sum(c.cell_type == "code" for c in nbformat.read(report.notebook, as_version=4).cells) + 1)
    try:
        changed = {parameter.name: value for parameter, value in chosen.items() if value != parameter.default}
        executed = run(report.notebook, changed, bar=bar)
        _write(path, page.report(executed, report, chosen, tables(report.notebook)))
    except (BuildError, OSError) as error:
        return Result(report.name, path, time.monotonic() - start, str(error))
    return Result(report.name, path, time.monotonic() - start)


def _told(error: PapermillExecutionError, *, injected: bool) -> str:
    """Cell, error and line of a failed notebook, in one sentence; the injected cell is not in the author's count."""
    trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    line = re.search(r"-+> ?(\d+) (.*)", trace)
    where = f", line {line[1]} ({line[2].strip()})" if line else ""
    message = " ".join(str(error.evalue).split())
    return f"cell {error.cell_index + 1 - injected} (In [{error.exec_count - injected}]){where} raised {error.ename}: {message}"


def _forget(notebook: nbformat.NotebookNode) -> None:
    """Drops what differs from run to run: times, paths and the random id of the injected cell."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.id = "injected-parameters"


@contextmanager
def _quiet_kernels() -> Iterator[None]:
    """Kernels that know neither this user's start-up files nor the time zone, the locale or a hash seed."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = {
            "IPYTHONDIR": folder,
            "PYTHONHASHSEED": "0",
            "OMP_NUM_THREADS": "1",  # threads on small matrices cost more than they give
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "JUPYTER_PREFER_ENV_PATH": "1",
        }
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})


def _writable(folder: Path) -> Path:
    """The folder, made where it is missing. Raises CallError where nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise CallError(f"cannot write to {folder}: {error.strerror}.") from None


def _write(path: Path, text: str) -> None:
    """Writes beside the target and moves into place: readers see the old file or the new one, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
