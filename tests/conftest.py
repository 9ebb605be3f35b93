"""Where the kernels of the tests come from, and a project of two small reports."""

import json
import os

import pytest
from helpers import write

from analysis import building, report, warm

# nbval's kernels are forked warm as those of reports are; tests/test_warm.py has a cold one. Their zone is not this
# process's: an output that depended on it would not be as committed.
os.environ |= {"JUPYTER_DEFAULT_PROVISIONER_NAME": "analysis-warm", "TZ": "Asia/Almaty"}


def pytest_sessionfinish():
    warm.stop()


@pytest.fixture
def kept(monkeypatch):
    """One warm process serves all tests of this process: no build ends it."""
    monkeypatch.setattr(warm, "stop", lambda: None)


@pytest.fixture
def apart(monkeypatch):
    """A warm process of the test's own, which imports little and ends with the test."""
    monkeypatch.setattr(warm, "_server", None)
    monkeypatch.setattr(warm, "PRELOADED", ("ipykernel.kernelapp", "analysis.trade"))
    yield
    warm.stop()


@pytest.fixture
def project(tmp_path, monkeypatch, kept):
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
    monkeypatch.setattr(report, "NOTEBOOKS", tmp_path / "notebooks")
    for module in (report, building):
        monkeypatch.setattr(module, "REPORTS", tmp_path / "reports")
    report.reports.cache_clear()
    yield tmp_path
    report.reports.cache_clear()
