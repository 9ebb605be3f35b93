"""The `analysis` command. Exit codes: 0 done; 1 a report or a check failed, or it was
interrupted; 2 the call or an input is wrong.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from analysis.errors import BuildError, CallError, DataError, LessonError, ParameterError
from analysis.notebooks.cells import CELL_SECONDS
from analysis.tables import checkout

ENDING_SECONDS = 1  # an interrupted command ends by then, whatever its threads are at
INTERRUPTED = "analysis: interrupted; finished reports are kept, the others are as they were."


def command() -> None:
    """The command as a process, which ends when its work has, whatever a thread is still at.

    An interruption can come while a pool starts a thread that the pool does not know yet, and so does not wait for;
    Python itself would, for as long as that thread takes.
    """
    code = main()
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def main(arguments: list[str] | None = None) -> int:
    """Parses the call, runs it and returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if "run" not in options:
        parser.print_help(sys.stderr)
        return 2
    with _interruptible():
        return _told(options)


def _told(options: argparse.Namespace) -> int:
    try:
        checkout.check(Path(os.path.abspath(sys.argv[0])))
        code = options.run(options)
        if sys.stdout:
            sys.stdout.flush()
        return code
    except (CallError, DataError, LessonError, ParameterError) as error:
        print(f"analysis: {error}", file=sys.stderr)
        return 2
    except BuildError as error:
        print(f"analysis: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        return 1
    except OSError as error:  # of what is printed: whoever reads has read enough, or the disk is full
        from analysis.reports.progress import silence

        silence()
        if isinstance(error, BrokenPipeError):
            return 0
        print(f"analysis: {error}", file=sys.stderr)
        return 1


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM interrupts as Ctrl-C does, another of them breaks off nothing, and the end comes in time.

    What a thread may still be at, importing, drawing, waiting for a kernel that is dead, is in memory alone; the
    kernels and their folder end with this process.
    """
    ending = threading.Timer(ENDING_SECONDS, _end)
    ending.daemon = True
    interrupted = False

    def interrupt(*_: object) -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            ending.start()
            raise KeyboardInterrupt

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    handlers = {number: handler for number, handler in handlers.items() if handler != signal.SIG_IGN}  # as by nohup
    try:
        for number in handlers:
            signal.signal(number, interrupt)
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        ending.cancel()


def _end() -> None:
    print(INTERRUPTED, file=sys.stderr, flush=True)
    os._exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="analysis", description="Builds and checks the reports.")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")

    def add(name: str, run: Callable[[argparse.Namespace], int], told: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=told)
        added.set_defaults(run=run)
        return added

    build = add("build", _build, "run notebooks and write their reports")
    build.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="reports of reports/reports.yml, all where none is named; `lessons` for the pages of the lessons, "
        "`solutions` for those with their answers",
    )
    build.add_argument(
        "-p",
        dest="parameters",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a parameter of the named reports; may be repeated",
    )
    build.add_argument("--out", type=Path, metavar="DIR", help="where the reports go (reports/)")
    build.add_argument("--force", action="store_true", help="build what has not changed too")
    build.add_argument("--jobs", type=int, metavar="N", help="notebooks run at a time (one more than processors)")
    build.add_argument("--matrix", type=Path, metavar="FILE", help="a report for each combination of a YAML grid")
    build.add_argument("--cluster", metavar="ADDRESS", help="run on the Dask cluster at this address")
    build.add_argument(
        "--seconds", type=int, default=CELL_SECONDS, metavar="N", help=f"how long a cell may run ({CELL_SECONDS})"
    )
    told = build.add_mutually_exclusive_group()
    told.add_argument("--quiet", action="store_true", help="tell nothing but errors")
    told.add_argument("--json", action="store_true", help="tell a JSON record a report")

    show = add("list", _list, "the reports; with a name, its parameters")
    show.add_argument("name", nargs="?", metavar="NAME")
    add("check", _check, "validate every table, key, source and cross-check")
    take = add("import", _import, "tell what a publisher's file would change in the tables, and write it if asked to")
    take.add_argument("source", nargs="?", metavar="SOURCE", help="the source_id that its rows belong to")
    take.add_argument("file", type=Path, metavar="FILE", help="the file as its publisher gives it")
    take.add_argument("--write", action="store_true", help="write the tables")
    take.add_argument("--on", metavar="DAY", help="the day on which it was got (today)")
    status = add("status", _status, "where each source ends, what is due, and where to get it")
    status.add_argument("--on", metavar="DAY", help="the day that it is told for (today)")
    add("fill", _fill, "write what is computed: the verdicts, and resolutions that have a rule")
    verify = add("verify", _verify, "prove that the tables stand in the source document")
    verify.add_argument("document", type=Path, metavar="DOCUMENT")
    verify.add_argument("--source", metavar="ID", help="DOCUMENT is the text of that source, and not the document")
    add("catalogue", _catalogue, "write data/README.md and docs/api.md anew from what is described")
    add("lessons", _lessons, "write the students' notebooks anew from the solution notebooks")
    pack = add("class-pack", _class_pack, "write one archive to hand out: lessons, tables, a first page")
    pack.add_argument("--out", type=Path, metavar="FILE", help="the archive (build/kz-ru-lessons.zip)")
    results = add("class-results", _class_results, "read returned notebooks, and tell who has what right as CSV")
    results.add_argument("folder", type=Path, metavar="FOLDER")
    results.add_argument("--seconds", type=int, default=20, metavar="N", help="how long a cell may run (20)")
    export = add("export", _export, "write all tables as one Excel workbook and one SQLite database")
    export.add_argument("--out", type=Path, metavar="FOLDER", help="where the two files go (build/)")
    add("pictures", _pictures, "write the README's pictures anew from the reports in reports/")
    add("execute", _execute, "re-run the committed notebooks in place")
    return parser


def _build(options: argparse.Namespace) -> int:
    from analysis.reports import build, progress

    given = {}
    for pair in options.parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CallError(f"-p takes KEY=VALUE, not {pair!r}.")
        if name in given:
            raise CallError(f"-p gives {name} twice; a parameter has one value.")
        given[name] = value
    if options.cluster == "":
        raise CallError("--cluster takes the address of a Dask scheduler, as in tcp://host:8786; it is empty.")
    logging.getLogger("analysis").setLevel(logging.ERROR if options.quiet else logging.WARNING)
    if options.quiet or options.json:
        shown = progress.Progress() if options.quiet else progress.Records()
    else:
        shown = progress.Bars() if sys.stderr.isatty() else progress.Lines()
    outcomes = build.build(
        options.names,
        parameters=given,
        grid=options.matrix,
        out=options.out,
        jobs=options.jobs,
        cluster=options.cluster or "",
        seconds=options.seconds,
        force=options.force,
        progress=shown,
    )
    return int(any(outcome.error for outcome in outcomes))


def _lessons(options: argparse.Namespace) -> int:
    from analysis.lessons import students

    changed = students.generate()
    print("\n".join(f"{path.name}: written anew" for path in changed) or "every student's notebook is up to date")
    return 0


def _class_pack(options: argparse.Namespace) -> int:
    from analysis.lessons import pack
    from analysis.notebooks import files, folders

    out = options.out or folders.ROOT / "build" / f"{pack.FOLDER}.zip"
    content = pack.archive()
    files.writable(out.parent)
    files.write(out, content)
    print(f"{out}: {len(content) / 1e6:.1f} MB")
    return 0


def _class_results(options: argparse.Namespace) -> int:
    from analysis.lessons import returned

    if options.seconds < 1:
        raise CallError(f"--seconds is a whole number from 1, not {options.seconds}.")
    begun, unread = False, False
    for one in returned.read_all(options.folder, seconds=options.seconds):
        print(("" if begun else returned.header()) + returned.table(one.rows), end="", flush=True)
        for sentence in one.told:
            print(f"analysis: {sentence}", file=sys.stderr)
        begun, unread = True, unread or not one.read
    return int(unread)


def _list(options: argparse.Namespace) -> int:
    from analysis.reports import entries

    print("\n".join(entries.described(options.name)))
    return 0


def _status(options: argparse.Namespace) -> int:
    from analysis.tables import status

    print(status.told(date.today().isoformat() if options.on is None else options.on))
    return 0


def _check(options: argparse.Namespace) -> int:
    from analysis.checks.links import check

    problems = check()
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problems" if problems else "data: every table, key, source and cross-check holds")
    return int(bool(problems))


def _import(options: argparse.Namespace) -> int:
    from analysis.checks import incoming

    on = date.today().isoformat() if options.on is None else options.on
    found = incoming.prepare(options.file, on=on, source=options.source)
    print("\n".join(found.told))
    if options.write and not found.problems:
        found.write()
    print(found.ending(written=options.write))
    return int(bool(found.problems))


def _fill(options: argparse.Namespace) -> int:
    from analysis.checks import computed

    print("\n".join(computed.fill()))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from analysis.checks.document import verify, verify_source
    from analysis.tables import store

    tables = {name: store.load(name) for name in store.all_tables()}
    if options.source and options.source != store.resource_of("passages")["source_id"]:
        problems, sound = verify_source(options.document, options.source, tables), "every token stands in the text"
    else:
        problems = verify(options.document, tables["passages"], tables)
        sound = "every paragraph and every token stands in the document"
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems)} problems" if problems else sound)
    return int(bool(problems))


def _catalogue(options: argparse.Namespace) -> int:
    from analysis.notebooks import api, files
    from analysis.tables import catalogue, store

    for path, text in ((store.DATA / "README.md", catalogue.catalogue()), (api.PAGE, api.page())):
        files.write(path, text)
    return 0


def _export(options: argparse.Namespace) -> int:
    from analysis.notebooks import files, folders
    from analysis.tables import exporting

    out = files.writable(options.out or folders.ROOT / "build")
    for name, content in exporting.exported().items():
        files.write(out / name, content)
        print(f"{out / name}: {len(content) / 1e6:.1f} MB")
    return 0


def _pictures(options: argparse.Namespace) -> int:
    from analysis.exhibits import markup
    from analysis.notebooks import files, folders
    from analysis.reports import build_record, entries

    built = build_record.records(folders.REPORTS)
    if missing := [name for name in entries.all_reports() if name not in built]:
        raise CallError(f"{', '.join(missing)} has to be built before its picture can be written: `make reports` does.")
    for name in entries.all_reports():
        picture = markup.alone(built[name]["card"]["picture"])
        files.write(folders.ROOT / "docs" / "pictures" / f"{name}.svg", picture + "\n")
    return 0


def _execute(options: argparse.Namespace) -> int:
    from analysis.notebooks import execute

    changed, failed = execute.execute_in_place()
    for problem in failed:
        print(problem, file=sys.stderr)
    if changed or not failed:
        print("\n".join(f"{path.name}: outputs changed" for path in changed) or "no notebook changed")
    return int(bool(failed))


if __name__ == "__main__":
    command()
