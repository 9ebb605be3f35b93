"""How long reports take, held against the naive way and against plain Python. `make bench` prints the table.

Every row is measured in pairs, one after the other in the same round, and told as medians and as the median of the
rounds' ratios, for the speed of a machine drifts. Nothing here is a test: what is slower tomorrow is not wrong.
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

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
import nbformat
from IPython.core.formatters import DisplayFormatter

from analysis.notebooks import folders
from analysis.notebooks.cells import loaded_tables
from analysis.reports import entries as report_entries
from analysis.reports import page
from analysis.tables import store

BIN = Path(sys.executable).parent
VARIANTS = 40
PROCESSORS = os.cpu_count()


def main() -> None:
    """Runs the rounds and prints the table, or does a part of the work where it is called for that."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often all is measured (3)")
    parser.add_argument("--variants", type=int, default=VARIANTS, help=f"reports of the grid, in tens ({VARIANTS})")
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        return plainly(options.plain)
    # Bytecode is written and everything read once before anything is measured.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        naively(Path(folder))
        rounds = [one_round(Path(folder), options.variants) for _ in range(options.rounds)]
    print(f"{options.rounds} rounds on {PROCESSORS} processors; medians; ratios are medians of the rounds' ratios\n")
    print(f"{'what':46} {'seconds':>8} {'against':>38} {'seconds':>8} {'ratio':>6}  goal")
    for what, against, goal in GOALS:
        ratios = [
            times[against] / times[what] if "times faster" in goal else times[what] / times[against] for times in rounds
        ]
        ours, theirs = (median(times[name] for times in rounds) for name in (what, against))
        print(f"{what:46} {ours:8.2f} {against:>38} {theirs:8.2f} {median(ratios):6.2f}  {goal}")
    print(f"\nrebuilt after one row of `events` changed: {', '.join(rounds[-1]['rebuilt'])}")


GOALS = (
    ("all reports, from nothing", "papermill and nbconvert, one by one", "at least 5 times faster"),
    ("all reports, from nothing", "plain Python, a process a processor", "at most 1.6"),
    ("nothing changed", "python -c pass", "under 0.3 s"),
    ("one table changed", "all reports, from nothing", "only what uses it"),
    ("from Ctrl-C to the end", "python -c pass", "under 2 s"),
    ("import analysis", "python -c pass", "under 0.15 s more"),
    ("analysis --help", "python -c pass", "under 0.15 s more"),
    ("a variant in the grid, by processors", "one variant alone, warm", "at most 1.1"),
    ("nbval over all notebooks", "jupyter execute, one after the other", "at most 1.2"),
)


def one_round(folder: Path, variants: int) -> dict[str, float]:
    """Each way once: seconds by name."""
    times: dict[str, object] = {}
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    times["python -c pass"] = best([sys.executable, "-c", "pass"])
    times["import analysis"] = best([sys.executable, "-c", "import analysis"])
    times["analysis --help"] = best([BIN / "analysis", "--help"])
    times["papermill and nbconvert, one by one"] = naively(folder)
    times["all reports, from nothing"], _ = timed(build := [BIN / "analysis", "build", "--json", "--out", out])
    times["plain Python, a process a processor"], _ = timed([sys.executable, __file__, "--plain", folder])
    times["nothing changed"] = best(build)
    times["from Ctrl-C to the end"] = max(interrupted(out) for _ in range(3))

    changed = folder / "data"
    shutil.rmtree(changed, ignore_errors=True)
    shutil.copytree(store.DATA, changed)
    table = changed / "document" / "events.csv"
    table.write_text(table.read_text(encoding="utf-8").rstrip("\n") + ".\n", encoding="utf-8")
    times["one table changed"], told = timed(build, ANALYSIS_DATA=str(changed))
    times["rebuilt"] = [record["name"] for record in told if record["outcome"] == "built"]

    one, many = folder / "one.yml", folder / "many.yml"
    starts, ends = list(range(1995, 1995 + -(-variants // 10))), list(range(2016, 2026))
    one.write_text(f"trade-trends: {{start_year: {starts[:1]}, end_year: {ends[::3]}}}", encoding="utf-8")
    many.write_text(f"trade-trends: {{start_year: {starts}, end_year: {ends}}}", encoding="utf-8")
    grid = [BIN / "analysis", "build", "--force", "--json", "--out", folder / "grid", "--matrix"]
    # Alone before the grid and after it, for the speed of a machine drifts.
    alone, told = timed([*grid, one, "--jobs", "1"])
    spent, _ = timed([*grid, many])
    _, again = timed([*grid, one, "--jobs", "1"])
    times["one variant alone, warm"] = median(record["seconds"] for record in [*told[1:], *again[1:]])
    # What starts once is the same for one variant and for many.
    start = alone - sum(record["seconds"] for record in told)
    times["a variant in the grid, by processors"] = (spent - start) / (len(starts) * len(ends)) * PROCESSORS
    notebooks = sorted(folders.NOTEBOOKS.rglob("*.ipynb"))
    times["jupyter execute, one after the other"], _ = timed([BIN / "jupyter", "execute", *notebooks])
    nbval = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folders.NOTEBOOKS]
    times["nbval over all notebooks"], _ = timed(nbval)
    return times


def timed(command: list, **environment: str) -> tuple[float, list[dict]]:
    """Seconds that a command takes, and the records that it prints."""
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
    return spent, [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def best(command: list) -> float:
    """The shortest of five runs of what takes a moment: the others met something else on the machine."""
    return min(timed(command)[0] for _ in range(5))


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
        spent += timed([BIN / "papermill", entry.notebook, ran, *given])[0]
        spent += timed([BIN / "jupyter", "nbconvert", "--to", "html", ran])[0]
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
