"""Kernels forked from a warm process: each alone, none left behind."""

import os
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from helpers import processes, wait, write
from jupyter_client import connect
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient

from analysis.errors import BuildError
from analysis.notebooks import fork_server
from analysis.notebooks.execute import run


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


def test_a_kernel_is_a_fork_in_the_notebooks_folder_without_the_users_settings(tmp_path, monkeypatch, apart):
    monkeypatch.setenv("TZ", "Asia/Almaty")
    source = (
        "import os, sys, time\nprint('analysis.methods.ledgers' in sys.modules, time.tzname[0], os.getcwd(), hash('a'))"
    )
    write(tmp_path, "a.ipynb", source)
    first = outputs(run(tmp_path / "a.ipynb", {}))
    assert first[0].startswith(f"True UTC {tmp_path} ")
    apart()
    assert outputs(run(tmp_path / "a.ipynb", {})) == first


@pytest.fixture
def stillborn(monkeypatch):
    """Kernels that end before they have their ports."""
    fork = fork_server._Server.fork

    def fork_and_kill(server, arguments, folder):
        process = fork(server, arguments, folder)
        process.kill()
        return process

    monkeypatch.setattr(fork_server._Server, "fork", fork_and_kill)


def test_a_kernel_that_ends_before_its_first_cell_is_told_of(tmp_path, apart, stillborn):
    write(tmp_path, "a.ipynb", "print('ran')")
    with pytest.raises(BuildError, match="the kernel that ran a.ipynb died before its first cell"):
        run(tmp_path / "a.ipynb", {})


def test_a_kernel_takes_ports_that_nobody_had_found_before_it_started(tmp_path, monkeypatch):
    """Jupyter's own way ends a kernel whose port is taken meanwhile: here all that it finds are taken at once."""
    taken, found = [], connect.write_connection_file

    def found_and_taken(*given, **named):
        name, info = found(*given, **named)
        for port in {info[port] for port in connect.port_names}:
            taken.append(socket.create_server(("127.0.0.1", port)))
        return name, info

    monkeypatch.setattr(connect, "write_connection_file", found_and_taken)
    write(tmp_path, "a.ipynb", "print('ran')")
    try:
        assert outputs(run(tmp_path / "a.ipynb", {})) == ["ran"] and len(taken) == 5
    finally:
        for server in taken:
            server.close()


def test_a_killed_build_takes_its_kernels_and_its_folder_with_it(tmp_path):
    source = (
        "import os, pathlib, time\nplace = pathlib.Path('pids.part')\n"
        "place.write_text(f'{os.getpid()} {os.getppid()} {os.environ[\"IPYTHONDIR\"]}')\n"
        "place.rename('pids')\nwhile True: time.sleep(1)"
    )
    write(tmp_path, "a.ipynb", source)
    program = f"""
        from pathlib import Path
        from analysis.notebooks import execute, fork_server
        fork_server.PRELOADED = ("ipykernel.kernelapp",)
        execute.run(Path({str(tmp_path / "a.ipynb")!r}), {{}})
    """
    mark = f"MARK={tmp_path}\0"
    build = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], env=os.environ | {"MARK": str(tmp_path)})
    wait((tmp_path / "pids").exists, "no kernel runs")
    kernel, server, folder = (tmp_path / "pids").read_text().split()
    assert {int(kernel), int(server), build.pid} == set(processes(mark)) and Path(folder).is_dir()
    build.kill()
    build.wait()
    wait(lambda: not processes(mark), "a kernel or the process that forked it was left behind")
    assert not Path(folder).exists()


def test_a_warm_kernel_prints_tables_as_an_ordinary_one_does(tmp_path, monkeypatch):
    """pandas reads at its import what it is in; here every option of its display is compared."""
    source = (
        "import pandas as pd\nfrom pandas._config import config\n"
        "print(sorted((name, str(pd.get_option(name))) for name in config._registered_options if "
        "name.startswith('display.')))"
    )
    path = tmp_path / "a.ipynb"
    write(tmp_path, path.name, source)
    warm_options = outputs(run(path, {}))
    monkeypatch.delenv("JUPYTER_DEFAULT_PROVISIONER_NAME")
    KernelProvisionerFactory.clear_instance()
    ordinary = NotebookClient(nbformat.read(path, as_version=4)).execute()
    KernelProvisionerFactory.clear_instance()
    assert outputs(ordinary) == warm_options
