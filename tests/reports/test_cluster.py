"""A Dask cluster takes the same jobs: same bytes, lost workers replaced, failures told of one by one."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from distributed import LocalCluster
from helpers import wait, write

from analysis import cli
from analysis.errors import BuildError
from analysis.exhibits import kept
from analysis.notebooks import folders
from analysis.reports import build
from analysis.reports import cluster as module

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
    folder = os.environ[kept.FOLDER]
    with LocalCluster(n_workers=2, threads_per_worker=1, **options) as running:
        running.kept = folder
        yield running


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes(project, cluster):
    pages = []
    local = [], os.environ[kept.FOLDER]
    for where, folder in (local, (["--cluster", cluster.scheduler_address], cluster.kept)):
        old = Path(folder, "joblib", "analysis", "old")
        old.mkdir(parents=True)
        assert cli.main(["build", "--force", "-p", "label=ä", *where]) == 0
        assert not old.exists(), "what was kept before is not trusted"
        pages.append({path.name: path.read_bytes() for path in (project / "reports").glob("*.html")})
    assert len([name for name in pages[0] if "--label" in name]) == 2 and pages[0] == pages[1]


def test_a_failing_job_is_named_and_the_others_come_out(project, cluster, capsys):
    write(project / "notebooks", "other.ipynb", "1 / 0")
    assert cli.main(["build", "--cluster", cluster.scheduler_address]) == 1
    said = capsys.readouterr()
    assert "other: failed: cell 3 (In [2]), line 1 (1 / 0) raised ZeroDivisionError" in said.err
    assert (project / "reports" / "good.html").is_file() and said.out.startswith("good: ")


@pytest.mark.slow
def test_a_worker_may_have_its_checkout_at_another_place(project, tmp_path_factory, monkeypatch):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(project / "notebooks", elsewhere / "notebooks")
    monkeypatch.setattr(folders, "ROOT", project)
    moved = elsewhere / "moved.py"
    moved.write_text(
        "from pathlib import Path\nfrom analysis.notebooks import folders, fork_server\n"
        "from analysis.reports import build_record\n"  # which looks for the lock of the dependencies
        f'folders.ROOT, fork_server.PRELOADED = Path({str(elsewhere)!r}), ("ipykernel.kernelapp",)\n',
        encoding="utf-8",
    )
    options = {"dashboard_address": ":0", "local_directory": str(elsewhere), "preload": [str(moved)]}
    with LocalCluster(n_workers=1, threads_per_worker=1, **options) as apart:
        assert cli.main(["build", "--cluster", apart.scheduler_address]) == 0
        (elsewhere / "notebooks" / "good.ipynb").unlink()
        assert cli.main(["build", "--force", "--cluster", apart.scheduler_address]) == 1
    assert (project / "reports" / "good.html").is_file() and not list(elsewhere.rglob("*.html"))


@pytest.fixture
def late(cluster, tmp_path):
    """Starts a worker of the cluster that has the same things as are here, or another `code`."""
    started = []

    def start(code: str = "") -> None:
        other = f"ours = cluster.has()\ncluster.has = lambda: ours | {{'code': {code!r}}}\n" if code else ""
        preload = tmp_path / "late.py"
        preload.write_text(
            'from analysis.notebooks import fork_server\nfork_server.PRELOADED = ("ipykernel.kernelapp",)\n'
            f"from analysis.reports import cluster\n{other}",
            encoding="utf-8",
        )
        command = [Path(sys.executable).with_name("dask"), "worker", cluster.scheduler_address, "--no-nanny"]
        options = ["--nthreads=1", "--no-dashboard", "--preload", preload, "--local-directory", tmp_path]
        with (tmp_path / "late.log").open("w") as log:
            started.append(subprocess.Popen([*command, *options], stdout=log, stderr=log))

    yield start
    for worker in started:
        worker.terminate()
        worker.wait()


@pytest.mark.slow  # workers of their own
@pytest.mark.parametrize("code", ["", "another"])
def test_a_worker_that_joins_late_is_asked_too(project, cluster, late, monkeypatch, caplog, code):
    """All workers that are there wait; what is left is for the late one, if it has the same things."""
    monkeypatch.setattr(module, "SECONDS", 2)
    busy = "import pathlib, time\npathlib.Path(f'at-{label}').touch()\n"
    write(project / "notebooks", "good.ipynb", busy + "while not pathlib.Path('go').exists(): time.sleep(0.05)")
    grid, notebooks = project / "grid.yml", project / "notebooks"
    grid.write_text("good: {label: [a, b, c]}", encoding="utf-8")

    def begun() -> int:
        return len(list(notebooks.glob("at-*")))

    old = project / "kept" / "joblib" / "analysis" / "old"  # where the late one keeps things
    old.mkdir(parents=True)
    with ThreadPoolExecutor(1) as aside:
        built = aside.submit(build.build, grid=grid, cluster=cluster.scheduler_address, force=True)
        try:
            wait(lambda: begun() == 2, "both workers are busy")
            late(code)
            told = f"has another code than is here: {code}, not "
            wait(lambda: any(told in said for said in caplog.messages) if code else begun() == 3, "it is asked")
            assert begun() == (2 if code else 3)
            assert old.exists() is bool(code), "what was kept before is not trusted"
        finally:
            (notebooks / "go").touch()
        assert [outcome.outcome for outcome in built.result()] == ["built"] * 3


@pytest.mark.slow  # a real kill
def test_the_job_of_a_killed_worker_is_done_by_another(project, cluster):
    write(project / "notebooks", "other.ipynb", DEADLY, "'survived'")
    assert cli.main(["build", "--cluster", cluster.scheduler_address]) == 0
    assert (project / "notebooks" / "killed").is_file()
    assert "survived" in (project / "reports" / "other.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://", "tls://127.0.0.1:1", "inproc://1", "127.0.0"])
def test_an_address_where_nobody_listens_is_refused_in_one_sentence(project, capfd, monkeypatch, address):
    monkeypatch.setattr(module, "SECONDS", 0.1)
    assert cli.main(["build", "--cluster", address]) == 2
    said = capfd.readouterr().err
    assert f"no Dask scheduler answers at {address!r}" in said and said.count("\n") == 1


def test_an_empty_address_is_no_local_build(project, capsys):
    assert cli.main(["build", "--cluster", ""]) == 2
    assert "--cluster takes the address of a Dask scheduler" in capsys.readouterr().err


def test_a_cluster_without_workers_is_refused(project, capsys, monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 1)
    with LocalCluster(n_workers=0, dashboard_address=":0") as empty:
        assert cli.main(["build", "--cluster", empty.scheduler_address]) == 2
    said = f"analysis: the Dask scheduler at {empty.scheduler_address!r} has no worker.\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("what", ["Python", "code", "data"])
def test_a_worker_that_has_other_things_is_refused_before_a_notebook_runs(project, cluster, capsys, monkeypatch, what):
    ours = module.has()
    monkeypatch.setattr(module, "has", lambda: ours | {what: "another"})
    assert cli.main(["build", "--cluster", cluster.scheduler_address]) == 2
    said = capsys.readouterr().err
    assert f"has another {what} than is here: {ours[what]}, not another.\n" in said and said.count("\n") == 1


def test_a_worker_without_the_package_is_refused_before_any_notebook_runs(project, tmp_path, capsys):
    hides = tmp_path / "hides.py"
    hides.write_text("import sys\nsys.modules['analysis'] = None\n", encoding="utf-8")
    options = {"dashboard_address": ":0", "local_directory": str(tmp_path), "preload": [str(hides)]}
    with LocalCluster(n_workers=1, threads_per_worker=1, **options) as bare:
        assert cli.main(["build", "--cluster", bare.scheduler_address]) == 2
    said = capsys.readouterr().err
    assert "cannot make reports: ModuleNotFoundError" in said and said.count("\n") == 1


class Client:
    """A client whose scheduler tells of so many workers, one answer after the other; then it tells of none."""

    def __init__(self, *workers: dict) -> None:
        self.workers, self.scheduler, self.asked = list(workers), self, 0
        self.identity = None

    def get_executor(self, **_):
        return self

    def sync(self, *_, **__):
        self.asked += 1
        if not self.workers:
            raise TimeoutError
        return {"workers": self.workers.pop(0)}


def test_a_cluster_that_loses_its_workers_is_waited_for_with_a_word_and_not_for_ever(monkeypatch, caplog):
    monkeypatch.setattr(module, "SECONDS", 0.01)
    monkeypatch.setattr(module, "SILENCE", 0.05)
    client = Client({"worker": 1}, {}, {"worker": 1})
    cluster = module.Cluster(client)
    cluster._asked = cluster._admitted = {"worker"}
    with pytest.raises(BuildError, match="no worker of the cluster answered for 0.05 seconds"):
        list(cluster.completed([Future(), Future()]))
    assert client.asked > 3 and len(caplog.messages) == 2
    assert caplog.messages[0].startswith("No worker of the cluster answers; 2 reports wait")


def test_what_a_cluster_has_done_comes_at_once():
    futures = [Future(), Future()]
    for number, future in enumerate(futures):
        future.set_result(number)
    assert sorted(future.result() for future in module.Cluster(Client()).completed(futures)) == [0, 1]
