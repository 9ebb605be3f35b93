"""A project of two small reports."""

import json

import pytest
from helpers import write

from analysis.notebooks import folders
from analysis.reports.entries import all_reports


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
    all_reports.cache_clear()
    yield tmp_path
    all_reports.cache_clear()
