"""A command, a notebook and a script work for the checkout that their environment was made for, or say why not."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from analysis import cli
from analysis.errors import CallError
from analysis.tables import checkout, store


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another checkout of this project: as much of it as tells that it is one."""
    folder = tmp_path / "another one"
    for name in ("pyproject.toml", "src/analysis/cli.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((checkout.ROOT / name).read_bytes())
    (folder / "notebooks").mkdir()
    return folder


def told(folder: Path) -> str:
    return (
        f"this environment belongs to the checkout {checkout.ROOT}, not to {folder}; make gives that one its own: "
        f"`make -C '{folder}' reports`."
    )


def test_a_command_in_another_checkout_is_refused(other, monkeypatch, capsys):
    monkeypatch.chdir(other / "notebooks")
    assert cli.main(["list"]) == 2
    assert capsys.readouterr() == ("", f"analysis: {told(other)}\n")


def test_the_command_of_a_copied_environment_is_refused_wherever_it_is_called(other, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [str(other / ".venv" / "bin" / "analysis")])
    assert cli.main(["build"]) == 2
    assert capsys.readouterr() == ("", f"analysis: {told(other)}\n")


def test_a_notebook_of_another_checkout_does_not_get_the_tables_of_this_one(other, monkeypatch):
    monkeypatch.chdir(other / "notebooks")
    with pytest.raises(CallError) as refused:
        store.load("sources")
    assert str(refused.value) == told(other)
    monkeypatch.setenv("ANALYSIS_DATA", str(store.DATA))  # whoever names the tables gets them
    assert len(store.load("sources"))


def test_another_project_a_link_and_a_folder_that_is_gone_are_no_other_checkout(other, tmp_path, monkeypatch):
    (other / "pyproject.toml").write_text('[project]\nname = "another-project"\n', encoding="utf-8")
    checkout.check(other)
    (tmp_path / "link").symlink_to(checkout.ROOT)
    checkout.check(tmp_path / "link" / "notebooks")
    monkeypatch.chdir(tempfile.mkdtemp())
    os.rmdir(os.getcwd())
    checkout.check()


def test_tests_of_another_checkout_are_not_run(other):
    (other / "tests").mkdir()
    for name in ("conftest.py", "helpers.py", "test_house.py"):
        (other / "tests" / name).write_bytes((checkout.ROOT / "tests" / name).read_bytes())
    run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(run, cwd=other, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and f"Exit: these tests are not of {checkout.ROOT}" in done.stderr + done.stdout


@pytest.mark.parametrize("call", [lambda: store.load("trade"), checkout.check], ids=["load", "check"])
def test_a_package_installed_apart_from_its_checkout_says_so(monkeypatch, tmp_path, call):
    monkeypatch.setattr(checkout, "ROOT", tmp_path)
    checkout._check.cache_clear()
    with pytest.raises(CallError, match="installed apart from its checkout.*`pip install --editable .`"):
        call()
    checkout._check.cache_clear()
