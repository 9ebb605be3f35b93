"""Kernels where something is refused to them, or a user has settings for them: the same outputs, and a word once."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from queue import Empty

import pytest
from helpers import GUARD, write
from jupyter_client.provisioning import LocalProvisioner

from analysis import cli
from analysis.notebooks import fork_server
from analysis.notebooks.provisioner import PromptClient
from analysis.tables import checkout


def pages(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project / "reports").glob("*.html")}


@pytest.fixture
def warm(project, apart, monkeypatch, capfd) -> dict[str, bytes]:
    """The pages of a project as kernels that are forked warm give them."""
    write(project / "notebooks", "other.ipynb", "import os, sys\nprint(os.getcwd(), sys.path, sys.flags)")
    assert cli.main(["build", "--force"]) == 0 and capfd.readouterr().err == ""
    fork_server._server.end()
    fork_server._server = None
    fork_server._tell_once.cache_clear()
    return pages(project)


def refused(*_, **__):
    raise PermissionError(1, "Operation not permitted")


def none_left(monkeypatch):
    start = fork_server._Server.__init__

    def start_and_kill(server):
        start(server)
        server._process.kill()
        server._process.wait()

    monkeypatch.setattr(fork_server._Server, "__init__", start_and_kill)


def not_importable(monkeypatch):
    monkeypatch.setattr(fork_server, "PRELOADED", ("no_such_module",))


OTHER_LACKS = [
    (lambda patch: patch.delattr(os, "pidfd_open"), "module 'os' has no attribute 'pidfd_open'"),
    (lambda patch: patch.setattr(signal, "pidfd_send_signal", refused), "Operation not permitted"),
    (lambda patch: patch.setattr(fork_server.subprocess, "Popen", refused), "Operation not permitted"),
    (not_importable, "the process that forks them has ended"),
]


@pytest.mark.parametrize(
    ("less", "why"),
    [
        (lambda patch: patch.setattr(os, "pidfd_open", refused), "Operation not permitted"),
        (none_left, "the process that forks them has ended"),
        *(pytest.param(*one, marks=pytest.mark.slow) for one in OTHER_LACKS),
    ],
    ids=["refused", "process killed", "no such call", "signals refused", "no process", "process ended"],
)
def test_where_no_kernel_can_be_forked_ordinary_ones_give_the_same_bytes_and_it_is_said_once(
    project, warm, monkeypatch, caplog, less, why
):
    popen = fork_server.subprocess.Popen
    less(monkeypatch)
    server = fork_server.start()
    monkeypatch.setattr(fork_server.subprocess, "Popen", popen)
    assert cli.main(["build", "--force"]) == 0
    assert pages(project) == warm
    assert caplog.messages == [f"Each kernel is started by itself, which takes longer: {why}."]
    server.end()
    assert not Path(server.folder).exists()


def test_a_process_that_may_not_fork_says_so_and_an_ordinary_kernel_is_started(tmp_path, monkeypatch, caplog):
    program = """
import os, socket, sys
from analysis.notebooks import fork_server
def refused(): raise BlockingIOError(11, "Resource temporarily unavailable")
os.fork = refused
fork_server._serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], [])
"""
    fork_server._tell_once.cache_clear()
    popen = fork_server.subprocess.Popen
    monkeypatch.setattr(fork_server.subprocess, "Popen", lambda c, **o: popen([c[0], "-c", program, *c[4:6]], **o))
    server = fork_server._Server()
    assert [server.fork([], "/"), server.fork([], "/")] == [None, None] and server._process.poll() is None
    server.end()
    (said,) = caplog.messages
    assert said == "Each kernel is started by itself, which takes longer: Resource temporarily unavailable."


@pytest.mark.slow  # real signals, a whole grid each
@pytest.mark.parametrize("way", ["ignored", "blocked"])
def test_a_whole_grid_is_built_whatever_is_done_with_signals_by_whoever_starts_the_build(project, way):
    write(project / "notebooks", "good.ipynb", "import subprocess\nprint(label, subprocess.call(['false']))")
    (project / "grid.yml").write_text('good: {label: ["a", "b", "c", "d"]}', encoding="utf-8")
    program = """
import signal, sys
from pathlib import Path
from analysis import cli
from analysis.notebooks import folders, fork_server
fork_server.PRELOADED = ("ipykernel.kernelapp",)
folder = Path(sys.argv[1])
folders.NOTEBOOKS, folders.REPORTS = folder / "notebooks", folder / "reports"
sys.argv[1:] = ["build", "--jobs", "1", "--matrix", str(folder / "grid.yml")]
cli.command()
"""

    def signals():
        if way == "ignored":
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        else:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD, signal.SIGINT, signal.SIGTERM])

    run = [sys.executable, "-c", program, str(project)]
    done = subprocess.run(run, preexec_fn=signals, capture_output=True, text=True, timeout=GUARD, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for label in "abcd":
        assert f"{label} 1\n" in (project / "reports" / f"good--label-{label}.html").read_text(encoding="utf-8")


@pytest.fixture
def users(tmp_path, monkeypatch) -> Path:
    """A user's folder with settings that say SETTINGS, and a kernel `python3` that is something else."""
    home = tmp_path / "home"
    says = "print('SETTINGS')\nSETTINGS = 1\n"
    kernel = {"argv": ["sh", "-c", "echo SETTINGS"], "display_name": "Python 3", "language": "python"}
    for name, text in {
        "jupyter/kernels/python3/kernel.json": json.dumps(kernel),
        "ipython/profile_default/startup/00-user.py": says,
        "ipython/profile_default/ipython_kernel_config.py": says,
        "matplotlib/matplotlibrc": "no.such: setting\n",
        "python/sitecustomize.py": says,
        "python/analysis.py": says,
        "python/start.py": says,
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    for name, value in {
        "HOME": home,
        "JUPYTER_PATH": home / "jupyter",
        "JUPYTER_DATA_DIR": home / "jupyter",
        "JUPYTER_PREFER_ENV_PATH": "0",
        "IPYTHONDIR": home / "ipython",
        "MATPLOTLIBRC": home / "matplotlib",
        "PYTHONPATH": home / "python",
        "PYTHONSTARTUP": home / "python" / "start.py",
        "PYTHONWARNINGS": "error",
        "PYTHONOPTIMIZE": "2",
    }.items():
        monkeypatch.setenv(name, str(value))
    return home


SEES = "import analysis, sys, warnings, matplotlib\nprint(sys.flags.optimize, sys.warnoptions, analysis.__file__)"


@pytest.mark.parametrize("how", ["warm", "ordinary"])
def test_no_report_gets_a_users_settings(project, apart, users, monkeypatch, capfd, how):
    write(project / "notebooks", "other.ipynb", SEES)
    if how == "ordinary":
        monkeypatch.setattr(os, "pidfd_open", refused)
    assert cli.main(["build", "--force", "--quiet"]) == 0
    shown = "".join(page.decode() for page in pages(project).values())
    assert "SETTINGS" not in shown and f"0 [] {checkout.ROOT}" in shown
    assert "SETTINGS" not in capfd.readouterr().err


@pytest.mark.slow  # a session of pytest of its own
def test_no_test_gets_a_users_settings(users, tmp_path, monkeypatch):
    for name in ("PYTHONOPTIMIZE", "PYTHONWARNINGS"):  # make takes them away
        monkeypatch.delenv(name)
    run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--nbval-cell-timeout=60"]
    write(tmp_path, "a.ipynb", "assert 'SETTINGS' not in globals()")
    names = ["tests/notebooks/test_fork_server.py", tmp_path / "a.ipynb"]
    done = subprocess.run([*run, *names], cwd=checkout.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "SETTINGS" not in done.stdout + done.stderr, done.stdout
    assert " passed" in done.stdout


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_end_of_the_process_while_a_kernel_is_prepared_costs_nothing(project, apart, monkeypatch, when):
    """It takes its folder with it, in which the connection file of the kernel is about to be written, or was just."""
    prepare, ended = LocalProvisioner.pre_launch, []

    def end():
        if not ended:
            ended.append(fork_server.start())
            ended[0].end()
            ended[0]._ended = False  # by itself, and not because the build was broken off

    async def late(self, **options):
        if when == "before":
            end()
        prepared = await prepare(self, **options)
        end()
        return prepared

    monkeypatch.setattr(LocalProvisioner, "pre_launch", late)
    assert cli.main(["build", "good", "--force"]) == 0 and ended


class Told:
    """A kernel's client that gets these messages, one channel's and the other's; None is one that does not come."""

    def __init__(self, shell: list, iopub: list, *, alive: bool = True) -> None:
        self.channels, self.alive, self.asked = {"shell": shell, "iopub": iopub}, alive, 0

    def kernel_info(self) -> str:
        self.asked += 1
        return f"asked {self.asked}"

    async def get(self, channel: str) -> dict:
        told = self.channels[channel].pop(0) if self.channels[channel] else None
        if told is None:
            raise Empty
        return {"parent_header": {"msg_id": told[0]}, "content": {"execution_state": told[1]}}

    async def get_shell_msg(self, timeout: float) -> dict:
        return await self.get("shell")

    async def get_iopub_msg(self, timeout: float) -> dict:
        return await self.get("iopub")

    async def is_alive(self) -> bool:
        return self.alive

    def _handle_kernel_info_reply(self, reply: dict) -> None:
        assert reply["parent_header"]["msg_id"] == f"asked {self.asked}", "the answer to what was asked last"


IDLE, BUSY, REPLY = "idle", "busy", ""


@pytest.mark.parametrize(
    ("shell", "iopub", "asked"),
    [
        ([("asked 1", REPLY)], [("asked 1", BUSY), ("asked 1", IDLE)], 1),
        ([("asked 1", REPLY), ("asked 2", REPLY)], [None, ("asked 1", IDLE), ("asked 2", IDLE)], 2),
        ([None, ("asked 1", REPLY), ("asked 2", REPLY)], [("asked 1", IDLE), ("asked 2", IDLE)], 2),
    ],
    ids=["at once", "a channel that was not there yet", "a late answer"],
)
def test_a_kernel_is_ready_when_it_is_done_with_what_it_was_asked_last(shell, iopub, asked):
    client = Told(shell, iopub)
    asyncio.run(PromptClient.wait_for_ready(client, 60))
    assert client.asked == asked and not any(client.channels.values()), "and nothing is left that it told"


@pytest.mark.parametrize(("alive", "words"), [(False, "^Kernel died"), (True, "^Kernel didn't respond in 0 seconds$")])
def test_a_kernel_that_does_not_answer_is_told_of(alive, words):
    with pytest.raises(RuntimeError, match=words):
        asyncio.run(PromptClient.wait_for_ready(Told([], [], alive=alive), 0))
