"""A Dask cluster takes the same jobs: same bytes, lost workers replaced, failures told of one by one."""

import pytest
from distributed import LocalCluster
from helpers import write

from analysis import cli

# Its first run ends the worker that it runs on: the kernel's parent is the process that forked it, and that one's is
# the worker.
DEADLY = """
import os, pathlib, signal
worker = int(pathlib.Path(f"/proc/{os.getppid()}/stat").read_text().split()[3])
if not pathlib.Path("killed").exists():
    pathlib.Path("killed").write_text(str(worker))
    os.kill(worker, signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    light = tmp_path_factory.mktemp("workers") / "light.py"  # these notebooks need a kernel and no more
    light.write_text(
        'from analysis.notebooks import fork_server\nfork_server.PRELOADED = ("ipykernel.kernelapp",)\n',
        encoding="utf-8",
    )
    options = {"dashboard_address": ":0", "local_directory": str(light.parent), "preload": [str(light)]}
    with LocalCluster(n_workers=2, threads_per_worker=1, **options) as running:
        yield running


def test_a_cluster_gives_the_same_bytes(project, cluster):
    pages = []
    for where in ([], ["--cluster", cluster.scheduler_address]):
        assert cli.main(["build", "--force", "-p", "label=ä", *where]) == 0
        pages.append({path.name: path.read_bytes() for path in (project / "reports").glob("*.html")})
    assert len(pages[0]) == 3 and pages[0] == pages[1]


def test_a_failing_job_is_named_and_the_others_come_out(project, cluster, capsys):
    write(project / "notebooks", "other.ipynb", "1 / 0")
    assert cli.main(["build", "--cluster", cluster.scheduler_address]) == 1
    said = capsys.readouterr()
    assert "other: failed: cell 3 (In [2]), line 1 (1 / 0) raised ZeroDivisionError" in said.err
    assert (project / "reports" / "good.html").is_file() and said.out.startswith("good: ")


def test_the_job_of_a_killed_worker_is_done_by_another(project, cluster):
    write(project / "notebooks", "other.ipynb", DEADLY, "'survived'")
    assert cli.main(["build", "--cluster", cluster.scheduler_address]) == 0
    assert (project / "notebooks" / "killed").is_file()
    assert "survived" in (project / "reports" / "other.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["nope", "tcp://localhost", "x://localhost:1", "tcp://localhost:x"])
def test_an_address_of_another_form_is_refused_before_a_client_is_made(project, capsys, monkeypatch, address):
    monkeypatch.setattr("distributed.Client", lambda *_, **__: pytest.fail("a client was made"))
    assert cli.main(["build", "--cluster", address]) == 2
    assert f"no Dask scheduler answers at {address!r}: " in capsys.readouterr().err


def test_an_address_where_nobody_listens_is_refused(project, capsys, monkeypatch):
    monkeypatch.setattr("analysis.reports.cluster.SECONDS", 0.1)
    for address in ("tcp://127.0.0.1:1", "nonsense://"):
        assert cli.main(["build", "--cluster", address]) == 2
        said = capsys.readouterr().err
        assert f"no Dask scheduler answers at {address!r}" in said and said.count("\n") == 1
