"""Builds pages: what has changed is made, in a local pool or on a cluster, and moved into place one by one."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.errors import BuildError, CallError, DataError, LessonError
from analysis.lessons.lesson import Lesson, all_lessons
from analysis.notebooks import files, folders, fork_server
from analysis.notebooks.cells import CELL_SECONDS, code_cells, loaded_tables
from analysis.notebooks.parameters import declared
from analysis.reports import build_record
from analysis.reports.build_record import Page
from analysis.reports.entries import Report, all_reports, named, values, variants, varied
from analysis.reports.progress import Outcome, Progress
from analysis.tables import parts, store

if TYPE_CHECKING:
    from analysis.notebooks.nodes import NotebookNode
    from analysis.reports.cluster import Cluster


@dataclass(frozen=True)
class Job:
    """All that a process, here or on another machine with the same checkout, needs to make one page.

    A report's notebook is run with its parameters' `values`; a lesson has none, and is shown as it was committed.
    """

    entry: Report | Lesson
    values: Mapping[str, object]
    tables: Sequence[str]
    ingredients: str
    computation: str
    seconds: int

    @property
    def name(self) -> str:
        """The page's name."""
        return self.entry.name

    @property
    def kernel(self) -> bool:
        """Whether it takes a kernel."""
        return isinstance(self.entry, Report)

    @property
    def fingerprint(self) -> str:
        """A digest of all that the page is made of."""
        return build_record.fingerprint(self.entry, self.values, self.ingredients)

    @property
    def run(self) -> str:
        """A digest of all that the outputs of its cells are made of; none of a variant, for there may be thousands."""
        own = self.kernel and self.entry.name == self.entry.entry
        return build_record.run_fingerprint(self.values, self.computation) if own else ""


def make(job: Job, on_cell: Callable[[], object] | None = None) -> tuple[Page, float]:
    """Makes a job's page, running its notebook where it takes a kernel; any process can do it. Returns seconds, too.

    Where its code has run on the same tables with the same parameters, what it gave then is taken.

    Raises BuildError where the notebook fails, or its files here are not those that the job was made from.
    """
    start = time.monotonic()
    if job.kernel:
        from analysis.exhibits import kept
        from analysis.notebooks import nodes

        made_from = kept.digest(job.run) if job.run else None  # and of what libraries are installed
        executed = kept.result(made_from, lambda: _run(job, on_cell))
        from analysis.reports import page  # while other kernels run, and not before the first does

        if job.run:
            executed = nodes.with_text_of(executed, nodes.read(job.entry.notebook))
        made = page.report(executed, job.entry, job.values, job.tables)
    else:
        from analysis.notebooks import nodes
        from analysis.reports import page

        made = page.lesson(nodes.read(job.entry.notebook), job.entry)
    _unchanged(job)
    return made, time.monotonic() - start


def _run(job: Job, on_cell: Callable[[], object] | None) -> NotebookNode:
    from analysis.notebooks.execute import run

    defaults = declared(job.entry.notebook)
    changed = {name: value for name, value in job.values.items() if value != defaults[name].default}
    executed = run(job.entry.notebook, changed, seconds=job.seconds, on_cell=on_cell)
    _unchanged(job)  # before it is kept
    return executed


def _unchanged(job: Job) -> None:
    computation = build_record.computation(job.entry.notebook, job.tables, build_record.code())
    if build_record.ingredients(job.entry.notebook, computation) != job.ingredients:
        raise BuildError("its notebook, data or code changed while it was built, or are others there; build it again.")


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

    The name `lessons` stands for the pages of all lessons, `solutions` for those with their answers, in a folder of
    that name. A page that is there, made of the same things, stays unless `force`, which trusts no picture that was
    drawn before either. `jobs` notebooks run at a time (one more than there are processors, so that none idles), or as
    many as the Dask `cluster` at that address takes; each cell may take `seconds`.

    Raises CallError, ParameterError, DataError or LessonError before any kernel starts where the call or an input is
    wrong, and BuildError where the index cannot be written; a report that fails while it runs is told of in its Outcome
    and does not stop the others.
    """
    for option, count in (("--jobs", jobs), ("--seconds", seconds)):
        if count is not None and count < 1:
            raise CallError(f"{option} is a whole number from 1, not {count}.")
    if grid and (names or parameters):
        raise CallError(f"{grid.name} names the reports and their parameters; leave out NAME and -p.")
    out, progress = out or folders.REPORTS, progress or Progress()
    chosen = variants(grid) if grid else _chosen(names or all_reports(), parameters or {})
    planned = _planned(chosen, seconds)
    parts.sweep(out)
    outcomes, stale = {}, []
    for job in planned:
        record = None if force else build_record.recorded(out, job.name, job.fingerprint)
        if record:
            outcomes[job.name] = _outcome(job, out, "unchanged", record=record)
        else:
            stale.append(job)
    try:
        anew = [job for job in stale if force or not job.run or job.run != build_record.last_run(out, job.name)]
        if any(job.kernel for job in anew) and not cluster:
            fork_server.start()  # it warms up while the inputs are checked
        progress.begin(len(stale))
        for outcome in outcomes.values():
            progress.finished(outcome)
        if stale:
            _check(anew)
            for folder in (out, out / build_record.RECORDS):
                files.writable(folder)
            with _pool(min(jobs or fork_server.WORKERS, len(stale)), cluster, fresh=force) as pool:
                for outcome in _made(_longest_first(stale, out), out, pool, progress):
                    outcomes[outcome.name] = outcome
                    progress.finished(outcome)
    finally:
        progress.close()
        fork_server.stop()
    write_index(out)
    return [outcomes[job.name] for job in planned]


def _chosen(names: Iterable[str], parameters: Mapping[str, object]) -> list[Report | Lesson]:
    """The named reports and lessons; a report with other parameters than its own is another, and replaces none."""
    chosen = [entry for name in names for entry in _named(name)]
    if parameters and not all(isinstance(entry, Report) for entry in chosen):
        raise CallError("the pages of the lessons have no parameters; leave out -p.")
    if parameters:
        chosen = [varied(entry, parameters) for entry in chosen]
    return list({entry.name: entry for entry in chosen}.values())


def _named(name: str) -> Sequence[Report | Lesson]:
    if name in ("lessons", "solutions"):
        return [replace(lesson, solved=name == "solutions") for lesson in all_lessons()]
    return [named(name)]


def _planned(chosen: Sequence[Report | Lesson], seconds: int) -> list[Job]:
    made_of: dict[Path, tuple[list[str], str, str]] = {}
    jobs, code = [], build_record.code()
    for entry in chosen:
        report = isinstance(entry, Report)
        resolved, names = (values(entry), loaded_tables(entry.notebook)) if report else ({}, [])
        if entry.notebook not in made_of:
            computation = build_record.computation(entry.notebook, names, code)
            made_of[entry.notebook] = names, build_record.ingredients(entry.notebook, computation), computation
        jobs.append(Job(entry, resolved, *made_of[entry.notebook], seconds))
    return jobs


def _longest_first(jobs: Sequence[Job], out: Path) -> list[Job]:
    """The jobs by the seconds that their pages took when they were built last, so that no long one is left for the end.

    A variant without a page takes what its report took. What was never built comes first, a page of each notebook, then
    a second of each: notebooks differ in length, and their variants do not.
    """
    took, so_far = build_record.seconds(out), Counter[Path]()

    def place(job: Job) -> tuple[float, int]:
        so_far[job.entry.notebook] += 1
        return -took.get(job.name, took.get(job.name.partition("--")[0], math.inf)), so_far[job.entry.notebook]

    return sorted(jobs, key=place)


def _check(jobs: Sequence[Job]) -> None:
    """Refuses what would fail in the notebook: a table that is not as declared, parameters that leave nothing.

    And a lesson whose notebook was changed since it was run, for its page would show what its code does not give.
    """
    tables = sorted({table for job in jobs for table in job.tables})
    for table in tables:
        store.load(table)
    if {"verdicts", "resolutions"} & set(tables):
        from analysis.checks import computed

        for problem in computed.differences({name: store.load(name) for name in store.all_tables()}):
            raise DataError(problem)
    for job in jobs:
        if job.kernel:
            from analysis.reports import rules

            rules.check(job.entry, job.values)
        elif not all(cell["execution_count"] for cell in code_cells(job.entry.notebook)):
            raise LessonError(f"{job.entry.notebook.name} has cells that were not run: `make notebooks` runs them.")


def _made(jobs: Sequence[Job], out: Path, pool: ThreadPoolExecutor | Cluster, progress: Progress) -> Iterator[Outcome]:
    """Makes the reports, and writes each as soon as it is there."""
    futures, here = {}, isinstance(pool, ThreadPoolExecutor)
    for job in jobs:
        watch = (progress.watch(job.name, len(code_cells(job.entry.notebook))),) if here else ()
        futures[pool.submit(make, job, *watch)] = job
    for future in as_completed(futures) if here else pool.completed(futures):
        job = futures.pop(future)  # and with it the page, so that pages do not pile up
        try:
            page, seconds = future.result()
            path = out / f"{job.name}.html"
            files.writable(path.parent)
            if page.workbook:
                files.write(out / f"{job.name}.xlsx", page.workbook)
            files.write(path, page.html)
            record = build_record.record(out, job.name, job.fingerprint, page, run=job.run, seconds=seconds)
            yield _outcome(job, out, "built", record=record, seconds=seconds)
        except (BuildError, CallError) as error:
            yield _outcome(job, out, "failed", error=str(error))
        except Exception as error:  # noqa: BLE001  a lost worker, a page that fails: the others go on
            yield _outcome(job, out, "failed", error=f"{type(error).__name__}: {' '.join(str(error).split())}")


@contextmanager
def _pool(workers: int, cluster: str, *, fresh: bool) -> Iterator[ThreadPoolExecutor | Cluster]:
    """What takes the jobs; before it does, it forgets the pictures that it has where all are to be `fresh`."""
    if cluster:
        from analysis.reports.cluster import executor

        with executor(cluster, fresh=fresh) as pool:
            yield pool
        return
    if fresh:
        from analysis.exhibits import kept

        kept.clear()
    with fork_server.threads(workers) as pool:
        yield pool
    from analysis.exhibits import kept  # not before the first kernels work

    kept.bound()


def _outcome(
    job: Job, out: Path, outcome: str, *, record: Mapping = MappingProxyType({}), seconds: float = 0.0, error: str = ""
) -> Outcome:
    path = out / f"{job.name}.html"
    digest = record.get("digest", "")
    return Outcome(job.name, outcome, job.values, path, seconds, record.get("bytes", 0), digest, error)


def write_index(out: Path) -> None:
    """Writes the page of all reports and lessons in the folder, and beside it the catalogue and the codebook.

    Nothing is written where it is there, made of the same.

    Raises BuildError or CallError where it cannot be written.
    """
    if not _stale(out, build_record.records(out)):
        return  # and nothing is written to a folder that may be for reading only
    with files.locked(out / build_record.RECORDS):  # the last of several builds that end at once sees the pages of all
        records = build_record.records(out)
        for name, made_from in _stale(out, records).items():
            from analysis.reports import page

            made = page.index(records) if name == "index" else page.paper(name)
            files.write(out / f"{name}.html", made.html)
            build_record.record(out, name, made_from, made)


def _stale(out: Path, records: Mapping[str, Mapping]) -> dict[str, str]:
    """The index and the papers that are not there as they would be made now, with what these are made from."""
    code = build_record.code()
    wanted = {name: build_record.paper_fingerprint(name, code) for name in build_record.papers()}
    wanted["index"] = build_record.index_fingerprint(records, code)
    return {name: made for name, made in wanted.items() if build_record.recorded(out, name, made) is None}
