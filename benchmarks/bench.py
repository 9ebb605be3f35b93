"""How long reports take, held against the naive way and against plain Python. `make bench` prints the table.

Every row is measured in pairs, one after the other in the same round, and told as medians and as the median of the
rounds' ratios, for the speed of a machine drifts. Nothing here is a test: what is slower tomorrow is not wrong. With
`--against FOLDER`, a checkout of another commit with its environment, its reports are built in the same rounds.
"""

from __future__ import annotations

import argparse
import ast
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
import nbformat
from IPython.core.formatters import DisplayFormatter

from analysis.exhibits import kept
from analysis.notebooks import folders
from analysis.notebooks.cells import loaded_tables
from analysis.reports import entries as report_entries
from analysis.reports import page
from analysis.tables import store

BIN = Path(sys.executable).parent
VARIANTS = 40
UNKEPT = {kept.FOLDER: ""}  # all is made
PROCESSORS = os.cpu_count()


def main() -> None:
    """Runs the rounds and prints the table, or does a part of the work where it is called for that."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured (3)")
    parser.add_argument("--variants", type=int, default=VARIANTS, help=f"reports of the grid ({VARIANTS})")
    parser.add_argument("--against", type=Path, help="another checkout, whose reports are built too")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        return plainly(options.plain)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may ignore it, and all below
    # Bytecode is written and everything read once before anything is measured.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        naively(Path(folder))
        rounds = [one_round(Path(folder), options.variants, options.against) for _ in range(options.rounds)]
    print(f"{options.rounds} rounds on {PROCESSORS} processors; medians; ratios are medians of the rounds' ratios\n")
    print(f"{'what':46} {'seconds':>8} {'against':>38} {'seconds':>8} {'ratio':>6}  goal")
    for what, against, goal in [row for row in GOALS if row[1] in rounds[0]]:
        ratios = [
            times[against] / times[what] if "times faster" in goal else times[what] / times[against] for times in rounds
        ]
        ours, theirs = (median(times[name] for times in rounds) for name in (what, against))
        print(f"{what:46} {ours:8.2f} {against:>38} {theirs:8.2f} {median(ratios):6.2f}  {goal}")
    print(f"\nrebuilt after one row of `events` changed: {', '.join(rounds[-1]['rebuilt'])}")


GOALS = (
    ("all reports, from nothing, processor", "the other checkout, processor", "at most 0.5"),
    ("all reports, from nothing", "papermill and nbconvert, one by one", "at least 8 times faster"),
    ("all reports, all of it kept", "all reports, from nothing", "the less the better"),
    ("all reports, from nothing", "plain Python, a process a processor", "at most 1.6"),
    ("nothing changed", "python -c pass", "under 0.15 s more"),
    ("one word of a notebook changed", "python -c pass", "at most 1.5 s more"),
    ("one table changed", "all reports, from nothing", "only what uses it"),
    ("from Ctrl-C to the end", "python -c pass", "under 2 s"),
    ("import analysis", "python -c pass", "under 0.15 s more"),
    ("analysis --help", "python -c pass", "under 0.15 s more"),
    ("a variant of a grid, processor", "one variant alone, processor", "at most 0.33"),
    ("a variant with pictures of its own, processor", "one variant alone, processor", "below 1"),
    ("most memory of a process, MiB", "the other checkout, MiB", "at most 200"),
    ("nbval over all notebooks", "jupyter execute, one after the other", "at most 1.2"),
)


def one_round(folder: Path, variants: int, against: Path | None) -> dict[str, float]:
    """Each way once: seconds by name."""
    times: dict[str, object] = {}
    out = folder / "out"
    os.environ[kept.FOLDER] = str(folder / "kept")
    times["python -c pass"] = best([sys.executable, "-c", "pass"])
    times["import analysis"] = best([sys.executable, "-c", "import analysis"])
    times["analysis --help"] = best([BIN / "analysis", "--help"])
    times["papermill and nbconvert, one by one"] = naively(folder)
    build = [BIN / "analysis", "build", "--json", "--out", out]
    fresh(folder, out)
    times["all reports, from nothing"] = timed(build).seconds
    fresh(folder, out)
    times["all reports, from nothing, processor"], times["most memory of a process, MiB"] = alone(build)
    if against:
        other = [against / ".venv" / "bin" / "analysis", "build", "--force", "--out", folder / "other"]
        times["the other checkout, processor"], times["the other checkout, MiB"] = alone(other, at=against)
    shutil.rmtree(out)
    times["all reports, all of it kept"] = timed(build).seconds
    plain = [sys.executable, __file__, "--plain", folder]
    times["plain Python, a process a processor"] = timed(plain, **UNKEPT).seconds
    times["nothing changed"] = best(build)
    times["from Ctrl-C to the end"] = max(interrupted(out) for _ in range(3))

    changed = folder / "data"
    shutil.rmtree(changed, ignore_errors=True)
    shutil.copytree(store.DATA, changed)
    table = changed / "document" / "events.csv"
    table.write_text(table.read_text(encoding="utf-8").rstrip("\n") + ".\n", encoding="utf-8")
    done = timed(build, ANALYSIS_DATA=str(changed))
    times["one table changed"] = done.seconds
    times["rebuilt"] = [record["name"] for record in done.told if record["outcome"] == "built"]
    timed(build)  # of the data as they are
    times["one word of a notebook changed"] = reworded(build)

    grids = {"cif_fob_factor": [round(1 + step / 1000, 3) for step in range(1, variants + 1)]}
    grids["end_year"] = list(range(2024, 2024 - min(variants, 28), -1))
    for name, (parameter, values) in zip(
        ("a variant of a grid, processor", "a variant with pictures of its own, processor"), grids.items(), strict=True
    ):
        (folder / "grid.yml").write_text(f"trade-trends: {{{parameter}: {values}}}", encoding="utf-8")
        fresh(folder, folder / "grid")
        grid = [BIN / "analysis", "build", "--out", folder / "grid"]
        times[name] = alone([*grid, "--matrix", folder / "grid.yml"])[0] / len(values)
        fresh(folder, folder / "grid")
        times["one variant alone, processor"] = alone([*grid, "trade-trends", "-p", f"{parameter}={values[0]}"])[0]
    notebooks = store.visible(folders.NOTEBOOKS, "*.ipynb")
    times["jupyter execute, one after the other"] = timed([BIN / "jupyter", "execute", *notebooks], **UNKEPT).seconds
    nbval = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folders.NOTEBOOKS]
    times["nbval over all notebooks"] = timed(nbval).seconds
    return times


class Timed(NamedTuple):
    """Seconds that a command took, and the records that it printed."""

    seconds: float
    told: list[dict]


def fresh(folder: Path, out: Path) -> None:
    """Forgets what was built and kept."""
    for one in (folder / "kept", out):
        shutil.rmtree(one, ignore_errors=True)


def alone(command: list, *, at: Path = folders.ROOT) -> tuple[float, float]:
    """Processor seconds of a command with all its processes, and the MiB of the largest of them."""
    pid = os.fork()  # a child whose only children are those of the command
    if pid == 0:
        done = subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL, check=False, cwd=at)
        os._exit(done.returncode)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"{command} failed.")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def reworded(build: list) -> float:
    """Seconds of a build after a word of a notebook's text was changed; the notebook is given back."""
    notebook = folders.NOTEBOOKS / "02_cooperation_areas.ipynb"
    committed = notebook.read_bytes()
    try:
        notebook.write_bytes(committed.replace(b"Each leads", b"Each one leads", 1))
        return timed(build).seconds
    finally:
        notebook.write_bytes(committed)


def timed(command: list, **environment: str) -> Timed:
    """What a command took."""
    start = time.monotonic()
    done = subprocess.run(
        list(map(str, command)),
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=folders.ROOT,
    )
    spent = time.monotonic() - start
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout}{done.stderr}")
    return Timed(spent, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")])


def best(command: list) -> float:
    """The shortest of five runs of what takes a moment: the others met something else on the machine."""
    return min(timed(command).seconds for _ in range(5))


def interrupted(out: Path) -> float:
    """Seconds from the interruption of a build whose notebooks run to its end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [BIN / "analysis", "build", "--force", "--quiet", "--out", out]
        build = subprocess.Popen(command, env=os.environ | {"TMPDIR": folder}, stderr=subprocess.DEVNULL)
        while not any(Path(folder).glob("analysis-*/kernel-*.json")):
            time.sleep(0.01)
        start = time.monotonic()
        build.send_signal(signal.SIGINT)
        build.wait()
        return time.monotonic() - start


def naively(folder: Path) -> float:
    """Each report by two commands, as their manuals have it."""
    spent = 0.0
    for entry in report_entries.all_reports().values():
        ran = folder / f"{entry.name}.ipynb"
        given = [part for name, value in entry.parameters.items() for part in ("-p", name, value)]
        spent += timed([BIN / "papermill", entry.notebook, ran, *given], **UNKEPT).seconds
        spent += timed([BIN / "jupyter", "nbconvert", "--to", "html", ran]).seconds
    return spent


def plainly(folder: Path) -> None:
    """The same pages without kernels or messages, in as many processes as there are processors."""
    from analysis.exhibits import trade  # noqa: F401  before the processes part

    entries = list(report_entries.all_reports().values())
    first = {entry.notebook: entry for entry in reversed(entries)}
    # one of each notebook first, as the build has it
    entries.sort(key=lambda entry: first[entry.notebook] is not entry)
    jobs = [(entry, folder / "plain") for entry in entries]
    (folder / "plain").mkdir(exist_ok=True)
    with multiprocessing.get_context("fork").Pool(PROCESSORS) as pool:
        pool.starmap(plain_page, jobs, chunksize=1)


def plain_page(entry: report_entries.Report, out: Path) -> None:
    """One report from its notebook's cells, executed one after the other."""
    values = report_entries.values(entry)
    notebook = nbformat.read(entry.notebook, as_version=4)
    names: dict[str, object] = {}
    formatted = DisplayFormatter()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)  # noqa: S102  it is what a kernel does
        if "parameters" in cell.metadata.get("tags", ()):
            names |= values
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            shown, told = formatted.format(value) if value is not None else ({}, {})
            cell.outputs = [nbformat.v4.new_output("execute_result", shown, metadata=told)] if shown else []
    html = page.report(notebook, entry, values, loaded_tables(entry.notebook)).html
    (out / f"{entry.name}.html").write_text(html, encoding="utf-8")


if __name__ == "__main__":
    main()
