"""Builds reports: what has changed is run, in a local pool or on a cluster, and moved into place one by one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.errors import BuildError, CallError
from analysis.notebooks import files, folders, fork_server
from analysis.notebooks.cells import CELL_SECONDS, code_cells, loaded_tables
from analysis.notebooks.parameters import Parameter
from analysis.reports import build_record
from analysis.reports.entries import Report, all_reports, named, values, variants
from analysis.reports.progress import Outcome, Progress
from analysis.tables import store

if TYPE_CHECKING:
    from analysis.lessons.lesson import Lesson


@dataclass(frozen=True)
class Job:
    """All that a process, here or on another machine with the same checkout, needs to make one report."""

    report: Report
    values: Mapping[Parameter, object]
    tables: Sequence[str]
    ingredients: str
    seconds: int

    @property
    def fingerprint(self) -> str:
        """A digest of all that the report is made of."""
        return build_record.fingerprint(self.report, self.values, self.ingredients)


def make(job: Job, on_cell: Callable[[], object] | None = None) -> tuple[str, float]:
    """Runs a job's notebook; returns its page and how many seconds that took. Any process can do it.

    Raises BuildError where the notebook fails, or its files here are not those that the job was made from.
    """
    from analysis.notebooks.execute import run

    start = time.monotonic()
    changed = {parameter.name: value for parameter, value in job.values.items() if value != parameter.default}
    executed = run(job.report.notebook, changed, seconds=job.seconds, on_cell=on_cell)
    from analysis.reports import page  # while other kernels run, and not before the first does

    html = page.report(executed, job.report, job.values, job.tables)
    if build_record.ingredients(job.report.notebook, job.tables) != job.ingredients:
        raise BuildError("its notebook, data or code changed while it was built, or are others there; build it again.")
    return html, time.monotonic() - start


def build(
    names: Sequence[str] = (),
    *,
    parameters: Mapping[str, object] | None = None,
    grid: Path | None = None,
    out: Path | None = None,
    jobs: int | None = None,
    cluster: str = "",
    seconds: int = CELL_SECONDS,
    force: bool = False,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Builds the named reports (all, where none is named) or the variants of a `grid`, and the index, into `out`.

    A report that is there, made of the same things, stays unless `force`. `jobs` notebooks run at a time (one more than
    there are processors, so that none idles), or as many as the Dask `cluster` at that address takes; each cell may
    take `seconds`.

    Raises CallError, ParameterError or DataError before any kernel starts where the call or an input is wrong, and
    BuildError where the index cannot be written; a report that fails while it runs is told of in its Outcome and
    does not stop the others.
    """
    for option, count in (("--jobs", jobs), ("--seconds", seconds)):
        if count is not None and count < 1:
            raise CallError(f"{option} is a whole number from 1, not {count}.")
    if grid and (names or parameters):
        raise CallError(f"{grid.name} names the reports and their parameters; leave out NAME and -p.")
    out, progress = out or folders.REPORTS, progress or Progress()
    chosen = variants(grid) if grid else [named(name) for name in dict.fromkeys(names or all_reports())]
    planned = _planned(chosen, parameters or {}, seconds)
    files.sweep(out)
    outcomes, stale = {}, []
    for job in planned:
        record = None if force else build_record.recorded(out, job.report.name, job.fingerprint)
        if record:
            outcomes[job.report.name] = _outcome(job, out, "unchanged", record=record)
        else:
            stale.append(job)
    try:
        if stale and not cluster:
            fork_server.start()  # it warms up while the inputs are checked
        progress.begin(len(stale))
        for outcome in outcomes.values():
            progress.finished(outcome)
        if stale:
            _check(stale)
            for folder in (out, out / build_record.FOLDER):
                files.writable(folder)
            for outcome in _made(_interleaved(stale), out, jobs or fork_server.WORKERS, cluster, progress):
                outcomes[outcome.name] = outcome
                progress.finished(outcome)
    finally:
        progress.close()
        fork_server.stop()
    write_index(out)
    return [outcomes[job.report.name] for job in planned]


def build_lessons(*, out: Path | None = None, force: bool = False, progress: Progress | None = None) -> list[Outcome]:
    """Writes the page of every lesson into `out`, unless it is there, made of the same, and the index.

    Raises LessonError, before anything is written, for a notebook that is not as it was run, and CallError or
    BuildError where the pages cannot be written.
    """
    from analysis.lessons.lesson import all_lessons

    out, progress = out or folders.REPORTS, progress or Progress()
    files.sweep(out)
    outcomes, pages = [], []
    for lesson in all_lessons():
        made_from = build_record.lesson_fingerprint(lesson.solution)
        if record := None if force else build_record.recorded(out, lesson.name, made_from):
            outcomes.append(_lesson_outcome(lesson, out, "unchanged", record))
        else:
            from analysis.reports import lesson_page

            start = time.monotonic()
            pages.append((lesson, made_from, lesson_page.page(lesson), time.monotonic() - start))
    if pages:
        files.writable(out)
    for lesson, made_from, html, seconds in pages:
        files.write(out / lesson.page, html)
        record = build_record.record(out, lesson.name, made_from, html)
        outcomes.append(_lesson_outcome(lesson, out, "built", record, seconds))
    for outcome in outcomes:
        progress.finished(outcome)
    write_index(out)
    return outcomes


def _lesson_outcome(lesson: Lesson, out: Path, outcome: str, record: Mapping, seconds: float = 0.0) -> Outcome:
    return Outcome(lesson.name, outcome, {}, out / lesson.page, seconds, record["bytes"], record["digest"])


def _planned(chosen: Sequence[Report], parameters: Mapping[str, object], seconds: int) -> list[Job]:
    made_of: dict[Path, tuple[list[str], str]] = {}
    jobs = []
    for report in chosen:
        resolved, notebook = values(report, parameters), report.notebook
        if notebook not in made_of:
            names = loaded_tables(notebook)
            made_of[notebook] = names, build_record.ingredients(notebook, names)
        jobs.append(Job(report, resolved, *made_of[notebook], seconds))
    return jobs


def _interleaved(jobs: Sequence[Job]) -> list[Job]:
    """One report of each notebook, then a second of each: notebooks differ in length, and no long one is left for the
    end.
    """
    so_far: Counter[Path] = Counter()

    def place(job: Job) -> int:
        so_far[job.report.notebook] += 1
        return so_far[job.report.notebook]

    return sorted(jobs, key=place)


def _check(jobs: Sequence[Job]) -> None:
    """Refuses what would fail in the notebook: a table that is not as declared, parameters that leave nothing."""
    from analysis.reports import rules

    for table in sorted({table for job in jobs for table in job.tables}):
        store.load(table)
    for job in jobs:
        rules.check(job.report, job.values)


def _made(jobs: Sequence[Job], out: Path, workers: int, cluster: str, progress: Progress) -> Iterator[Outcome]:
    """Makes the reports, and writes each as soon as it is there."""
    with _pool(min(workers, len(jobs)), cluster) as pool:
        futures = {}
        for job in jobs:
            watch = () if cluster else (progress.watch(job.report.name, len(code_cells(job.report.notebook))),)
            futures[pool.submit(make, job, *watch)] = job
        for future in as_completed(futures):
            job = futures.pop(future)  # and with it the page, so that pages do not pile up
            path = out / f"{job.report.name}.html"
            try:
                html, seconds = future.result()
                files.write(path, html)
                record = build_record.record(out, job.report.name, job.fingerprint, html)
                yield _outcome(job, out, "built", record=record, seconds=seconds)
            except (BuildError, CallError) as error:
                yield _outcome(job, out, "failed", error=str(error))
            except Exception as error:  # noqa: BLE001  a lost worker, a page that fails: the others go on
                yield _outcome(job, out, "failed", error=f"{type(error).__name__}: {' '.join(str(error).split())}")


@contextmanager
def _pool(workers: int, cluster: str) -> Iterator[Executor]:
    if cluster:
        from analysis.reports.cluster import executor

        with executor(cluster) as pool:
            yield pool
    else:
        with fork_server.threads(workers) as pool:
            yield pool


def _outcome(
    job: Job, out: Path, outcome: str, *, record: Mapping = MappingProxyType({}), seconds: float = 0.0, error: str = ""
) -> Outcome:
    return Outcome(
        job.report.name,
        outcome,
        {parameter.name: value for parameter, value in job.values.items()},
        out / f"{job.report.name}.html",
        seconds,
        record.get("bytes", 0),
        record.get("digest", ""),
        error,
    )


def write_index(out: Path) -> None:
    """Writes the page of all reports and lessons in the folder, unless it is there, made of the same.

    Raises BuildError where it cannot be written.
    """
    for _ in range(10):  # until it is true of what is there: another build may have added a report meanwhile
        names, made_from = _contents(out)
        if build_record.recorded(out, "index", made_from):
            return
        from analysis.reports import page

        html = page.index(names, out)
        files.write(out / "index.html", html)
        build_record.record(out, "index", made_from, html)


def _contents(out: Path) -> tuple[list[str], str]:
    """The names of the reports in a folder in the index's order, and a digest of all that the index is made of."""
    built = [path.stem for path in sorted(out.glob("*.html")) if path.is_file()]
    names = [name for name in all_reports() if name in built]
    names += [name for name in built if "--" in name and name.partition("--")[0] in all_reports()]
    pages = [*names, *(name for name in built if name.startswith("lesson-"))]
    return names, build_record.index_fingerprint(
        (name, build_record.file_digest(out / f"{name}.html")) for name in pages
    )
