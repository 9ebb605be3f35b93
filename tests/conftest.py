"""Where the kernels of the tests come from, and a project of two small reports."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from helpers import write
from hypothesis import settings

from analysis.notebooks import folders, fork_server
from analysis.reports import build_record, page
from analysis.reports.entries import all_reports
from analysis.tables import checkout, store

# nbval's kernels are forked warm as those of reports are; test_fork_server.py has a cold one. Their zone is not this
# process's: an output that depended on it would not be as committed.
os.environ |= {"JUPYTER_DEFAULT_PROVISIONER_NAME": "analysis-warm", "TZ": "Asia/Almaty"}
# Nor do they get what a user has set for Jupyter and IPython, another kernel of the same name among it.
nowhere = tempfile.TemporaryDirectory(prefix="analysis-settings-")
for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
    os.environ[name] = nowhere.name
os.environ["JUPYTER_PATH"] = os.environ["PYTHONSTARTUP"] = ""
# One folder of pictures and fits for this run, which its processes share.
made = tempfile.TemporaryDirectory(prefix="analysis-kept-")
if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["ANALYSIS_KEPT"] = made.name

settings.register_profile("no clock", deadline=None)  # how long an example takes is no verdict
settings.load_profile("no clock")


def pytest_sessionstart():
    if not checkout.ROOT.samefile(Path(__file__).parents[1]):
        pytest.exit(f"these tests are not of {checkout.ROOT}, to which this environment belongs: use `make test`.", 2)
    if "PYTEST_XDIST_WORKER" in os.environ:
        fork_server.start()  # before a test changes what it would inherit


def pytest_sessionfinish():
    fork_server.stop()


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """One warm process serves all tests of this process: no build ends it, unless it is at its end."""
    stop = fork_server.stop

    def stop_what_has_ended():
        if fork_server._server and fork_server._server._ended:
            stop()

    monkeypatch.setattr(fork_server, "stop", stop_what_has_ended)
    return stop


@pytest.fixture
def apart(monkeypatch, kept):
    """A warm process of the test's own, which imports little and ends with the test, or when this is called."""
    monkeypatch.setattr(fork_server, "_server", None)
    monkeypatch.setattr(fork_server, "PRELOADED", ("ipykernel.kernelapp", "analysis.methods.ledgers"))
    yield kept
    kept()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of two reports, of which a test may break the second: returns its folder."""
    for folder in ("notebooks", "reports"):
        (tmp_path / folder).mkdir()
    write(tmp_path / "notebooks", "good.ipynb", "print(start_year, label)")
    write(tmp_path / "notebooks", "other.ipynb", "1 + 1")
    entries = [
        {
            "name": name,
            "notebook": f"{name}.ipynb",
            "title": name.capitalize(),
            "question": "Why?",
            "summary": "A test.",
        }
        for name in ("good", "other")
    ]
    (tmp_path / "reports" / "reports.yml").write_text(json.dumps(entries), encoding="utf-8")
    monkeypatch.setattr(folders, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(folders, "REPORTS", tmp_path / "reports")
    monkeypatch.setenv("ANALYSIS_KEPT", str(tmp_path / "kept"))  # what another test's notebooks gave is not this one's
    (tmp_path / "paper.md").write_text("# A paper\n\n## A part\n\nWords.\n", encoding="utf-8")
    texts = dict.fromkeys(("catalogue", "codebook"), (tmp_path / "paper.md", "What?"))  # short ones
    for module in (build_record, page):
        monkeypatch.setattr(module, "papers", lambda: texts)
    all_reports.cache_clear()
    yield tmp_path
    all_reports.cache_clear()


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the data and the notebooks, which `load`, the checks and the reports read: returns its folder."""
    shutil.copytree(store.DATA, tmp_path / "data")
    shutil.copytree(folders.NOTEBOOKS, tmp_path / "notebooks")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    monkeypatch.setattr(folders, "NOTEBOOKS", tmp_path / "notebooks")
    return tmp_path
