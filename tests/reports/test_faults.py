"""Nothing is lost and nothing is left half-done, whatever breaks a build off: kills, signals, full disks, dead
kernels.
"""

import errno
import json
import os
import pty
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import termios
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers import GUARD, mounted, processes, wait, write
from nbclient.exceptions import CellTimeoutError

from analysis import cli
from analysis.errors import BuildError
from analysis.notebooks import files, fork_server
from analysis.notebooks.execute import papermill, run
from analysis.reports import build as report_build
from analysis.reports import build_record, entries

# The command of a project whose folder is the first argument. Where the second is not empty no notebook is run: a
# page has that text, megabytes of it; the text "hangs" is never done.
COMMAND = """
import signal, sys, time
from pathlib import Path
from analysis import cli
from analysis.notebooks import folders, fork_server
from analysis.reports import build

signal.signal(signal.SIGINT, signal.default_int_handler)  # a child of a script's background job ignores it else
fork_server.PRELOADED = ("ipykernel.kernelapp",)  # these notebooks need a kernel and no more

def make(job, on_cell=None):
    if on_cell:
        on_cell()
    (folder / "making").touch()
    time.sleep(600 if text == "hangs" else 0)
    return build.Page(f"{job.name} {text}\\n" * 100_000, {}), 0.1

folder, text = Path(sys.argv[1]), sys.argv[2]
folders.NOTEBOOKS, folders.REPORTS = folder / "notebooks", folder / "reports"
folders.REPORTS = folders.REPORTS
if text:
    build.make, build._check, fork_server.start = make, lambda jobs: None, lambda: None
sys.argv[1:] = ["build", *sys.argv[3:]]
cli.command()
"""
INTERRUPTED = "analysis: interrupted; finished reports are kept, the others are as they were.\n"


def page(name: str, text: str) -> bytes:
    """What COMMAND makes without a notebook."""
    return f"{name} {text}\n".encode() * 100_000


def start(project: Path, *arguments: str, text: str = "", **options: object) -> subprocess.Popen:
    """A build in a process and a process group of its own; all that belongs to it can be told by its TMPDIR."""
    (project / "tmp").mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(project), text, *arguments],
        env=os.environ | {"TMPDIR": str(project / "tmp")},
        start_new_session=True,
        text=True,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options,
    )


def left(project: Path) -> list[int]:
    """The builds of a project that run, their warm processes and their kernels."""
    return processes(f"TMPDIR={project / 'tmp'}\0")


def names(project: Path) -> set[str]:
    """What a reader sees in the folder of the reports: names without a dot in front, at whatever depth.

    The catalogue and the codebook, which stand beside every index, are left out.
    """
    paths = [path.relative_to(project / "reports") for path in (project / "reports").rglob("*")]
    seen = {str(path) for path in paths if not any(part.startswith(".") for part in path.parts)}
    return seen - {f"{paper}.html" for paper in build_record.papers()}


def parts(project: Path) -> list[Path]:
    return list((project / "reports").rglob("*.part"))


@pytest.fixture
def pages(monkeypatch):
    """Stands in for the run of notebooks in this process: the text of a report's page, by name."""
    texts = {"good": "<p>good</p>\n", "other": "<p>other</p>\n"}
    monkeypatch.setattr(report_build, "make", lambda job, on_cell=None: (report_build.Page(texts[job.name], {}), 0.25))
    monkeypatch.setattr(fork_server, "start", lambda: None)
    return texts


# Kills


def moments(project: Path) -> dict[str, Callable[[], object]]:
    """What a build of the two reports comes by: a test waits for one of these and kills it there."""
    page = project / "reports" / "good.html"
    return {
        "it was begun": lambda: True,
        "its folder is there": lambda: any((project / "tmp").glob("analysis-*")),
        "a kernel is forked": lambda: any((project / "tmp").glob("analysis-*/kernel-*.json")),
        "a cell runs": (project / "notebooks" / "running").exists,
        "a report is written": lambda: page.read_bytes() != b"last good",
    }


def kill_and_look(project: Path, reached: Callable[[], object], what: str) -> dict[str, bytes]:
    """Kills a build, notebooks and all, when it has `reached` something; returns the pages that it leaves."""
    for name in ("good", "other"):
        (project / "reports" / f"{name}.html").write_bytes(b"last good")
    build = start(project, "--force", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait(reached, what)
    build.kill()
    build.wait()
    assert names(project) <= {"good.html", "other.html", "index.html", "reports.yml"}
    wait(lambda: not left(project), "a kernel or a warm process was left behind")
    (project / "notebooks" / "running").unlink(missing_ok=True)
    return {name: (project / "reports" / f"{name}.html").read_bytes() for name in ("good", "other")}


@pytest.mark.slow
def test_a_build_killed_while_notebooks_run_leaves_whole_reports_and_no_process(project):
    waits = "import os, time; open('running', 'w').close()\nwhile not os.path.exists('go'): time.sleep(0.05)"
    write(project / "notebooks", "other.ipynb", waits)  # so that no build ends before it is killed
    found = [kill_and_look(project, reached, what) for what, reached in moments(project).items()]
    assert {pages["other"] for pages in found} == {b"last good"} and found[-1]["good"] != b"last good"
    (project / "notebooks" / "go").touch()
    all_pages_are_whole(project, found)


@pytest.mark.slow
def test_a_build_killed_at_any_time_leaves_whole_reports_and_no_process(project):
    seconds, found = random.Random(6), []
    for _ in range(10):
        end = time.monotonic() + seconds.uniform(0, 2.5)
        found.append(kill_and_look(project, lambda end=end: time.monotonic() > end, "time does not pass"))
    all_pages_are_whole(project, found)


def all_pages_are_whole(project: Path, found: list[dict[str, bytes]]) -> None:
    build = start(project, "--force")
    assert (*build.communicate(), build.returncode)[1:] == ("", 0)
    for name in ("good", "other"):
        whole = (project / "reports" / f"{name}.html").read_bytes()
        assert {pages[name] for pages in found} <= {b"last good", whole}
    assert parts(project) == [] and not left(project)


@pytest.mark.slow
def test_a_build_killed_while_it_writes_leaves_whole_reports_and_the_next_one_removes_its_parts(project):
    seconds = random.Random(6)
    (project / "grid.yml").write_text(f"good: {{label: {list('abcdefghij')}}}", encoding="utf-8")
    built = ["--force", "--quiet", "--matrix", str(project / "grid.yml")]
    text = "first"
    assert start(project, *built, text=text).wait() == 0
    paths = sorted((project / "reports").glob("good--*.html"))
    whole = {path.name for path in paths} | {"index.html", "reports.yml"}
    assert len(whole) == 12
    contents = {path: page(path.stem, text) for path in paths}
    index = (project / "reports" / "index.html").read_bytes()
    for number in range(5):
        build = start(project, *built, text=f"round {number}")
        written = paths[0].stat().st_mtime_ns
        wait(lambda written=written: paths[0].stat().st_mtime_ns != written, "it does not write")
        time.sleep(seconds.uniform(0, 0.03))
        build.kill()
        build.communicate()
        assert names(project) == whole
        for path in paths:
            now = path.read_bytes()
            assert now in (contents[path], page(path.stem, f"round {number}"))
            contents[path] = now
        now = (project / "reports" / "index.html").read_bytes()
        assert now == index or now.endswith(b"</html>\n")  # a build that was quicker than the kill has written it anew
    for folder in (project / "reports", project / "reports" / ".built"):  # whether or not a kill came at that moment
        (folder / f".good.html.{build.pid}-1.part").write_text("half", encoding="utf-8")
    assert start(project, *built, text="last").wait() == 0
    assert all(path.read_bytes() == page(path.stem, "last") for path in paths)
    assert parts(project) == []


def test_a_kernel_forked_just_before_the_end_is_ended_too():
    program = """
        import socket, sys, time
        from analysis.notebooks import files, fork_server
        fork_server._become_kernel = lambda *_: time.sleep(600)  # it has not got as far as a process group of its own
        fork_server._serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], [])
    """
    ours, theirs = socket.socketpair()
    run = [sys.executable, "-c", textwrap.dedent(program), str(theirs.fileno()), "nowhere"]
    with ours, theirs, subprocess.Popen(run, pass_fds=[theirs.fileno()]) as server:
        ours.sendall(b'[[], "/"]\n')
        kernel = int(ours.makefile("rb").readline())
        ours.shutdown(socket.SHUT_RDWR)
        try:
            assert server.wait(GUARD) == 0
        finally:
            server.kill()
            with pytest.raises(ProcessLookupError):
                os.kill(kernel, signal.SIGKILL)


def test_a_warm_process_ended_at_its_very_start_leaves_no_folder(tmp_path, monkeypatch, apart):
    monkeypatch.setattr(fork_server.tempfile, "tempdir", str(tmp_path))
    folder = Path(fork_server.start().folder)
    assert folder.is_relative_to(tmp_path) and folder.is_dir()
    apart()
    assert not folder.exists()


@pytest.mark.slow
def test_when_the_warm_process_is_killed_its_kernels_end_and_their_reports_fail(project):
    running = "import os, pathlib\npathlib.Path('parent').write_text(str(os.getppid()))\nwhile True: pass"
    write(project / "notebooks", "other.ipynb", running)
    build = start(project, "other")
    parent = project / "notebooks" / "parent"
    wait(lambda: parent.exists() and parent.read_text(), "no kernel runs")
    os.kill(int(parent.read_text()), signal.SIGKILL)
    _, said = build.communicate(timeout=GUARD)
    assert said == "other: failed: the kernel that ran other.ipynb died in cell 3 (In [2]).\n"
    assert build.returncode == 1 and not (project / "reports" / "other.html").exists()
    wait(lambda: not left(project), "a kernel was left behind")


# Two builds at once


@pytest.mark.slow
def test_two_builds_at_once_into_one_folder_both_end_well(project):
    builds = [start(project, "--force") for _ in range(2)]
    for build in builds:
        said, error = build.communicate(timeout=GUARD)
        assert build.returncode == 0 and error == "" and said.count("\n") == 2
    for name in ("good", "other", "index"):
        content = (project / "reports" / f"{name}.html").read_text(encoding="utf-8")
        assert content.startswith("<!DOCTYPE html>") and content.endswith("</html>\n")
        assert name != "index" or ('href="good.html"' in content and 'href="other.html"' in content)
    assert names(project) == {"good.html", "other.html", "index.html", "reports.yml"} and parts(project) == []


def test_processes_that_write_the_same_file_at_once_do_not_meet(tmp_path):
    program = """
        import sys
        from pathlib import Path
        from analysis.notebooks import files
        sys.stdin.read()
        for _ in range(300):
            files.write(Path(sys.argv[1]), sys.argv[2] * 500_000)
    """
    run, path = [sys.executable, "-c", textwrap.dedent(program)], tmp_path / "page.html"
    writers = [subprocess.Popen([*run, str(path), text], stdin=subprocess.PIPE) for text in "ab"]
    for writer in writers:
        writer.stdin.close()
    while any(writer.poll() is None for writer in writers):
        assert not path.exists() or path.read_bytes() in (b"a" * 500_000, b"b" * 500_000)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert list(tmp_path.iterdir()) == [path]


def test_the_index_has_what_another_build_added_while_it_was_made(project, monkeypatch):
    out, others = project / "reports", []

    def add(name):
        (out / f"{name}.html").write_text(name, encoding="utf-8")
        build_record.record(out, name, "", report_build.Page(name, {"kind": "report"}))

    def another_build():
        add("other")
        report_build.write_index(out)

    def index(records):
        if not others:
            others.append(threading.Thread(target=another_build))
            others[0].start()
            others[0].join(0.5)  # it would end by then if it did not wait for this one
        return report_build.Page(" ".join(records), {})

    monkeypatch.setattr("analysis.reports.page.index", index)
    add("good")
    report_build.write_index(out)
    others[0].join(GUARD)
    assert (out / "index.html").read_text(encoding="utf-8") == "good other"


def test_a_build_that_waits_for_another_says_so(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(files, "WORD_SECONDS", 0)
    with files.locked(tmp_path / ".built"):
        second = threading.Thread(target=lambda: files.locked(tmp_path / ".built").__enter__())
        second.start()
        wait(lambda: f"Waiting for another build, which writes to {tmp_path}." in caplog.messages, "no word")
    second.join(GUARD)


# Disks that are full, folders that cannot be written


@contextmanager
def small_files(folder: Path) -> Iterator[Path]:
    """No file of this process can become larger than 1 MiB, which takes no rights."""
    folder.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, before[1]))
    try:
        yield folder
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    ("limited", "why"),
    [
        (lambda folder: mounted(folder, "size=1m"), os.strerror(errno.ENOSPC)),
        (small_files, os.strerror(errno.EFBIG)),
    ],
    ids=["full disk", "limited files"],
)
def test_a_report_for_which_there_is_no_space_keeps_the_last_one_and_the_others_come_out(
    project, pages, capsys, limited, why
):
    with limited(project / "out") as out:
        assert cli.main(["build", "--quiet", "--out", str(out)]) == 0
        pages |= {"good": "<p>large</p>\n" * 100_000, "other": "<p>another</p>\n"}
        assert cli.main(["build", "--force", "--out", str(out)]) == 1
        assert capsys.readouterr().err == f"good: failed: cannot write {out / 'good.html'}: {why}.\n"
        assert (out / "good.html").read_text(encoding="utf-8") == "<p>good</p>\n"
        assert (out / "other.html").read_text(encoding="utf-8") == "<p>another</p>\n"
        assert (out / "index.html").read_text(encoding="utf-8").endswith("</html>\n")
        assert list(out.rglob("*.part")) == []


@contextmanager
def without_rights(folder: Path) -> Iterator[Path]:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    folder.mkdir(mode=0o500)
    yield folder
    folder.chmod(0o700)


@contextmanager
def below_a_file(folder: Path) -> Iterator[Path]:
    folder.write_text("a file", encoding="utf-8")
    yield folder / "out"


@contextmanager
def records_are_a_file(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    (folder / ".built").write_text("a file", encoding="utf-8")
    yield folder


@pytest.mark.parametrize(
    ("refusing", "why"),
    [
        (lambda folder: mounted(folder, "size=512k", "ro"), r"out: Read-only file system"),
        (without_rights, r"out: Permission denied"),
        (below_a_file, r"out/out: Not a directory"),
        (records_are_a_file, r"out/\.built: File exists"),
    ],
    ids=["read-only", "no rights", "below a file", "records are a file"],
)
def test_a_folder_that_cannot_be_written_is_refused_before_a_kernel_starts(project, monkeypatch, capsys, refusing, why):
    monkeypatch.setattr(report_build, "make", lambda *_: pytest.fail("a notebook was run"))
    monkeypatch.setattr(fork_server, "start", lambda: None)
    with refusing(project / "out") as out:
        assert cli.main(["build", "--out", str(out)]) == 2
        assert re.fullmatch(rf"analysis: cannot write to {project}/{why}\.\n", capsys.readouterr().err)


# Kernels that die, cells that never end


def failing(project: Path, **notebooks: str) -> None:
    """Adds reports whose notebooks have a cell that fails, and a page of before."""
    entries = json.loads((project / "reports" / "reports.yml").read_text(encoding="utf-8"))
    entries += [entries[0] | {"name": name, "notebook": f"{name}.ipynb"} for name in notebooks]
    (project / "reports" / "reports.yml").write_text(json.dumps(entries), encoding="utf-8")
    for name, source in notebooks.items():
        write(project / "notebooks", f"{name}.ipynb", "1", source)
        (project / "reports" / f"{name}--label-y.html").write_text("last good", encoding="utf-8")


DIES = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
ENDLESS = "import signal, time; signal.signal(2, lambda *_: 0)\nwhile True: time.sleep(1)"


@pytest.mark.slow
def test_a_report_whose_kernel_dies_is_told_of_and_the_others_come_out(project):
    failing(project, dies=DIES)
    build = start(project, "-p", "label=y")
    said, errors = build.communicate(timeout=GUARD)
    assert (
        errors == "dies--label-y: failed: the kernel that ran dies.ipynb died in cell 4 (In [3]).\n"
        and build.returncode == 1
    )
    assert sorted(line.split(":")[0] for line in said.splitlines()) == ["good--label-y", "other--label-y"]
    assert (project / "reports" / "dies--label-y.html").read_text(encoding="utf-8") == "last good"
    assert not left(project), "a kernel was left behind"


@pytest.mark.slow  # any cell has to end within the limit, so that it must be a long one
def test_a_report_that_never_ends_is_told_of_and_the_others_come_out(project):
    failing(project, endless=ENDLESS)
    build = start(project, "--seconds", "30", "-p", "label=y")
    said, errors = build.communicate(timeout=GUARD)
    assert errors == "endless--label-y: failed: cell 4 (In [3]) of endless.ipynb ran longer than 30 seconds.\n"
    assert build.returncode == 1 and sorted(line.split(":")[0] for line in said.splitlines()) == [
        "good--label-y",
        "other--label-y",
    ]
    assert (project / "reports" / "endless--label-y.html").read_text(encoding="utf-8") == "last good"
    assert not left(project), "a kernel was left behind"


def test_a_cell_that_runs_longer_than_it_may_is_named_as_its_author_counts_it(project, monkeypatch):
    def execute(*_, execution_timeout, on_cell_execute, **__):
        for place in (1, 2, 3):  # a title, the injected parameters, then cells
            on_cell_execute(None, place)
        raise CellTimeoutError(f"{execution_timeout} seconds are over")

    monkeypatch.setattr(papermill, "execute_notebook", execute)
    with pytest.raises(BuildError, match=r"^cell 3 \(In \[2\]\) of good.ipynb ran longer than 7 seconds.$"):
        run(project / "notebooks" / "good.ipynb", {"label": "y"}, seconds=7)


# Signals


@pytest.mark.parametrize(
    ("send", "number"),
    [
        (os.kill, signal.SIGINT),
        pytest.param(os.killpg, signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(os.kill, signal.SIGTERM, marks=pytest.mark.slow),
    ],
    ids=["interrupt", "Ctrl-C on a terminal", "terminate"],
)
def test_an_interrupted_build_keeps_finished_reports_and_leaves_no_kernel(project, send, number):
    write(project / "notebooks", "other.ipynb", "import time; open('running', 'w').close()\nwhile True: time.sleep(1)")
    (project / "reports" / "other.html").write_text("last good", encoding="utf-8")
    build = start(project)
    made = [project / "notebooks" / "running", project / "reports" / ".built" / "good.json"]
    wait(lambda: all(path.exists() for path in made), "nothing runs")
    send(build.pid, number)
    said, errors = build.communicate(timeout=GUARD)  # `make bench` tells how long it takes
    assert (build.returncode, errors) == (1, INTERRUPTED) and said.startswith("good: ")
    assert not left(project), "a kernel was left behind"
    assert list((project / "tmp").glob("analysis-*")) == [] and parts(project) == []
    assert (project / "reports" / "other.html").read_text(encoding="utf-8") == "last good"
    assert (project / "reports" / "good.html").read_text(encoding="utf-8").endswith("</html>\n")


@pytest.mark.slow
def test_an_interrupted_build_ends_in_time_whatever_its_threads_are_at(project):
    build = start(project, text="hangs")
    wait((project / "making").exists, "nothing is made")
    build.send_signal(signal.SIGINT)
    errors = build.communicate(timeout=GUARD)[1]
    assert (build.returncode, errors) == (1, INTERRUPTED)
    assert not left(project) and parts(project) == [] and names(project) == {"reports.yml"}


def test_an_interrupted_command_ends_though_a_thread_goes_on_that_nobody_waits_for():
    """So it is where the interruption comes between the start of a pool's thread and the pool's note of it."""
    program = """
        import signal, sys, threading, time
        from analysis import cli
        from analysis.reports import entries

        def reports():
            threading.Thread(target=time.sleep, args=[600]).start()
            signal.raise_signal(signal.SIGINT)

        signal.signal(signal.SIGINT, signal.default_int_handler)
        entries.all_reports = reports
        sys.argv[1:] = ["list"]
        cli.command()
    """
    run = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=GUARD, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", INTERRUPTED)


def test_signals_that_come_twice_interrupt_once_and_handlers_are_given_back(monkeypatch, capsys):
    ended = []

    def interrupted_twice():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)  # as `timeout` does, to the process and to its group
            signal.raise_signal(signal.SIGINT)
            ended.append("what ends the kernels")

    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    monkeypatch.setattr(entries, "all_reports", interrupted_twice)
    assert cli.main(["list"]) == 1
    assert capsys.readouterr().err == INTERRUPTED and ended == ["what ends the kernels"]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_signal_that_is_ignored_stays_ignored_as_by_nohup_or_in_a_scripts_background(monkeypatch, capsys):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    monkeypatch.setattr(entries, "all_reports", lambda: signal.raise_signal(signal.SIGINT) or {})
    try:
        assert cli.main(["list"]) == 0 and signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


# What is told


def test_a_log_gets_plain_lines_and_quiet_nothing(project, pages, capsys):
    assert cli.main(["build"]) == 0
    said = capsys.readouterr()
    good, other = sorted(said.out.splitlines())
    assert good.startswith("good: 0 KiB in 0.2 s, ") and good.endswith("reports/good.html") and said.err == ""
    assert other.startswith("other: 0 KiB in 0.2 s, ")
    assert cli.main(["build"]) == 0
    assert capsys.readouterr() == ("good: nothing changed\nother: nothing changed\n", "")
    assert cli.main(["build", "--force", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
def test_a_reader_who_has_read_enough_ends_the_output_and_not_the_work(project):
    ours, theirs = os.pipe()
    build = start(project, "--json", text="page", stdout=theirs)
    os.close(theirs)
    os.close(ours)  # before the first line
    assert build.wait() == 0
    assert names(project) == {"good.html", "other.html", "index.html", "reports.yml"}


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_disk_below_the_output_ends_the_output_and_not_the_work(project):
    with open("/dev/full", "w") as full:
        assert start(project, text="page", stdout=full).wait() == 0
        assert {"good.html", "other.html", "index.html"} <= {path.name for path in (project / "reports").glob("*.html")}
        run = [sys.executable, "-m", "analysis.cli", "list"]
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        done = subprocess.run(run, env=kept, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, f"analysis: [Errno {errno.ENOSPC}] {os.strerror(errno.ENOSPC)}\n")


def test_a_terminal_gets_bars_that_are_gone_in_the_end(project):
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(ours, (24, 100))
    build = start(project, text="page", stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 1 << 16):
            shown += part
    except OSError:
        pass  # so a terminal ends whose other side is closed
    assert build.wait() == 0
    os.close(ours)
    text = shown.decode()
    for bar in ("reports: ", "good: ", "other: "):
        assert re.search(rf"{bar} *\d+%\|.*\| ", text)
    assert re.search(r"good: [\d,]+ KiB in", text) and not re.search(r"2/2[^\r]*\r\n", text)


def test_each_report_has_its_record_a_failed_one_too(project, pages, capsys):
    del pages["other"]
    assert cli.main(["build", "--json"]) == 1
    said = capsys.readouterr()
    records = {record["name"]: record for record in map(json.loads, said.out.splitlines())}
    assert {name: record["outcome"] for name, record in records.items()} == {"good": "built", "other": "failed"}
    assert records["other"]["error"] == "KeyError: 'other'" and records["other"]["bytes"] == 0
    assert said.err == "other: failed: KeyError: 'other'\n"
