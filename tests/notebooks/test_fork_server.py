"""Kernels forked from a warm process: each alone, none left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from helpers import write
from nbclient import NotebookClient

from analysis.errors import BuildError
from analysis.notebooks import fork_server
from analysis.notebooks.execute import run


@pytest.fixture(autouse=True)
def stopped():
    yield
    fork_server.stop()


def outputs(notebook) -> list[str]:
    texts = [
        output.get("text", output.get("data", {}).get("text/plain"))
        for c in notebook.cells
        for output in c.get("outputs", ())
    ]
    return [text.strip() for text in texts]


def test_kernels_do_not_see_each_other(tmp_path):
    write(
        tmp_path,
        "a.ipynb",
        "from analysis.methods import ledgers\nledgers.LEDGERS = 'spoilt'\nspoilt = 1",
        "ledgers.LEDGERS",
    )
    write(
        tmp_path, "b.ipynb", "from analysis.methods import ledgers\n'spoilt' in globals(), ledgers.LEDGERS == 'spoilt'"
    )
    assert outputs(run(tmp_path / "a.ipynb", {})) == ["'spoilt'"]
    assert outputs(run(tmp_path / "b.ipynb", {})) == ["(False, False)"]


def test_a_kernel_is_a_fork_in_the_notebooks_folder_without_the_users_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Almaty")
    source = (
        "import os, sys, time\nprint('analysis.exhibits.trade' in sys.modules, time.tzname[0], os.getcwd(), hash('a'))"
    )
    write(tmp_path, "a.ipynb", source)
    first = outputs(run(tmp_path / "a.ipynb", {}))
    assert first[0].startswith(f"True UTC {tmp_path} ")
    fork_server.stop()
    assert outputs(run(tmp_path / "a.ipynb", {})) == first


@pytest.fixture
def stillborn(monkeypatch):
    """Kernels that end before they answer, as one does whose port is taken: returns how many are to end so, in a
    list.
    """
    fork, left = fork_server._Server.fork, []

    def fork_and_kill(server, arguments, folder):
        process = fork(server, arguments, folder)
        if left:
            left.pop()
            process.kill()
        return process

    monkeypatch.setattr(fork_server._Server, "fork", fork_and_kill)
    return left


def test_a_kernel_that_ends_before_its_first_cell_is_started_once_more(tmp_path, stillborn):
    write(tmp_path, "a.ipynb", "print('ran')")
    stillborn.append("one")
    assert outputs(run(tmp_path / "a.ipynb", {})) == ["ran"] and stillborn == []
    stillborn.extend(["one", "another"])
    with pytest.raises(BuildError, match="the kernel that ran a.ipynb died before its first cell"):
        run(tmp_path / "a.ipynb", {})


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split(") ")[1][0] != "Z"
    except OSError:
        return False


def test_a_killed_build_takes_its_kernels_and_its_folder_with_it(tmp_path):
    write(
        tmp_path,
        "a.ipynb",
        "import os, pathlib\npathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()} "
        '{os.environ["IPYTHONDIR"]}\')\nwhile True: pass',
    )
    program = (
        f"from pathlib import Path\nfrom analysis.notebooks.execute import "
        f"run\nrun(Path({str(tmp_path / 'a.ipynb')!r}), {{}})"
    )
    build = subprocess.Popen([sys.executable, "-c", program])
    while not (tmp_path / "pids").exists() or (tmp_path / "pids").read_text().count(" ") != 2:
        time.sleep(0.05)
    kernel, server, folder = (tmp_path / "pids").read_text().split()
    assert alive(int(kernel)) and alive(int(server)) and Path(folder).is_dir()
    os.kill(build.pid, signal.SIGKILL)
    build.wait()
    for _ in range(100):
        if not (alive(int(kernel)) or alive(int(server)) or Path(folder).exists()):
            return
        time.sleep(0.1)
    pytest.fail("a kernel, the process that forked it or its folder was left behind")


def test_a_warm_kernel_prints_tables_as_an_ordinary_one_does(tmp_path):
    """pandas reads at its import what it is in; here every option of its display is compared."""
    source = (
        "import pandas as pd\nfrom pandas._config import config\n"
        "print(sorted((name, str(pd.get_option(name))) for name in config._registered_options if "
        "name.startswith('display.')))"
    )
    path = tmp_path / "a.ipynb"
    write(tmp_path, path.name, source)
    warm_options = outputs(run(path, {}))
    ordinary = NotebookClient(nbformat.read(path, as_version=4)).execute()
    assert outputs(ordinary) == warm_options
