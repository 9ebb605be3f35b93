"""A report is built whole or not at all, and what can be refused is refused before a kernel starts."""

import json
import os
import re
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from helpers import write

from analysis import cli
from analysis.exhibits import markup
from analysis.notebooks import folders
from analysis.reports import build, build_record, entries


@pytest.fixture
def no_kernel(monkeypatch):
    """Any run of a notebook fails the test."""
    monkeypatch.setattr(build, "make", lambda *_, **__: pytest.fail("a kernel was started"))


def stray(project: Path) -> list[str]:
    files = [path for path in (project / "reports").rglob("*") if path.is_file()]
    return sorted(path.name for path in files if path.suffix not in (".html", ".yml", ".json") and path.name != "lock")


def test_build_writes_reports_and_index(project, capsys):
    assert cli.main(["build", "-p", "start_year=2001", "-p", 'label=a "quoted" `text`; import os']) == 0
    (page,) = (project / "reports").glob("good--start-year-2001--label-*.html")
    html = page.read_text(encoding="utf-8")
    assert "<title>Good (start_year 2001, label a &#34;quoted&#34;" in html
    assert "2001 a &#34;quoted&#34; `text`; import os" in html
    record = json.loads((project / "reports" / ".built" / f"{page.stem}.json").read_text(encoding="utf-8"))
    assert record["card"]["parameters"] == {"start_year": 2001, "label": 'a "quoted" `text`; import os'}
    index = (project / "reports" / "index.html").read_text(encoding="utf-8")
    assert f'href="{page.name}">Good (start_year 2001' in index and 'href="other--' in index
    assert stray(project) == []
    assert re.search(rf"\d+ KiB in [\d.]+ s, .*{page.name}\n", capsys.readouterr().out), "the file is named"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a = 1\nb = a / 0", "cell 3 (In [2]), line 2 (b = a / 0) raised ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(0)", "cell 3 (In [2]) of other.ipynb ends the kernel; a cell may not."),
        ("raise SystemExit('why')", "cell 3 (In [2]) of other.ipynb ends the kernel; a cell may not."),
        ("quit()", "cell 3 (In [2]) of other.ipynb ends the kernel; a cell may not."),
        ("get_ipython().ask_exit()", "cell 3 (In [2]) of other.ipynb ends the kernel; a cell may not."),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "the kernel that ran other.ipynb died"),
    ],
)
@pytest.mark.parametrize("after", [0, pytest.param(3, marks=pytest.mark.slow)])
def test_a_failing_notebook_leaves_the_last_good_report(project, capsys, source, message, after):
    last_good = project / "reports" / "other.html"
    last_good.write_text("last good", encoding="utf-8")
    write(project / "notebooks", "other.ipynb", source, *["3 + 3"] * after)
    assert cli.main(["build"]) == 1
    assert message in capsys.readouterr().err
    assert last_good.read_text(encoding="utf-8") == "last good"
    assert (project / "reports" / "good.html").is_file(), "the other report comes out all the same"
    assert stray(project) == []


def test_the_cell_is_counted_as_its_author_counts_it_with_parameters_too(project, capsys):
    write(project / "notebooks", "other.ipynb", "1 / 0")
    cli.main(["build", "other", "-p", "start_year=2000"])
    assert "cell 3 (In [2]), line 1 (1 / 0) raised ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "unknown report 'nonsense'; known are: good, other."),
        (["good", "-p", "color=red"], "good: unknown parameter 'color'; declared are: start_year, label."),
        (["good", "-p", "start_year=1;import os;os.abort()#=1"], "start_year is a whole number from 1995 to 2025"),
        (["good", "-p", "a=1;import os;os.abort()#"], "unknown parameter 'a'"),
        (["good", "-p", "start_year=1900"], "start_year is a whole number from 1995 to 2025, not '1900'."),
        (["good", "-p", "label"], "-p takes KEY=VALUE, not 'label'."),
        (["good", "--jobs", "0"], "--jobs is a whole number from 1, not 0."),
    ],
)
def test_a_wrong_call_is_refused_before_a_kernel_starts(project, no_kernel, capsys, arguments, message):
    assert cli.main(["build", *arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.err.count("\n") == 1 and said.out == ""
    assert not list((project / "reports").glob("*.html"))


def test_a_notebook_without_parameters_cell_is_refused(project, no_kernel, capsys):
    nbformat.write(nbformat.v4.new_notebook(), project / "notebooks" / "good.ipynb")
    assert cli.main(["build", "good"]) == 2
    assert "good.ipynb has no cell tagged 'parameters'" in capsys.readouterr().err


def test_a_missing_notebook_and_a_missing_table_are_refused(project, no_kernel, capsys):
    write(project / "notebooks", "other.ipynb", 'from analysis.tables.store import load\nload("nothing")')
    assert cli.main(["build", "other"]) == 2
    assert "'nothing'" in capsys.readouterr().err
    (project / "notebooks" / "good.ipynb").unlink()
    assert cli.main(["build", "good"]) == 2
    assert "there is no notebook good.ipynb" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_refused(project, no_kernel, capsys):
    (project / "file").write_text("", encoding="utf-8")
    assert cli.main(["build", "--out", str(project / "file")]) == 2
    assert "cannot write to" in capsys.readouterr().err


def test_reports_yml_is_refused_in_one_sentence(project, no_kernel, capsys):
    for text, message in (
        ("- {name: a}", "reports.yml is a list of entries"),
        ("{", "reports.yml is a list of entries"),
        ("[{name: ../a, notebook: n, title: t, question: q, summary: s}]", "'../a' is no name"),
        ("[{name: 007, notebook: n, title: t, question: q, summary: s}]", "the name 7 is no text; put it into quotes"),
        ("[{name: a, notebook: n, title: 1995, question: q, summary: s}]", "the title 1995 is no text"),
        ("\n".join(2 * ["- {name: a, notebook: n, title: t, question: q, summary: s}"]), "two reports have the name"),
    ):
        (project / "reports" / "reports.yml").write_text(text, encoding="utf-8")
        entries.all_reports.cache_clear()
        assert cli.main(["build"]) == 2
        assert message in capsys.readouterr().err


def test_the_period_must_hold_a_year_of_the_chosen_ledger(no_kernel, capsys):
    assert cli.main(["build", "trade-trends", "-p", "ledger=russia", "-p", "start_year=2022"]) == 2
    told = r"no year from 2022 to \d{4} can be shown in usd; the chosen ledger has russia's from 1994 to 2021\."
    assert re.search(told, capsys.readouterr().err)


def test_list_shows_reports_and_parameters(capsys):
    assert cli.main(["list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(entries.all_reports())
    assert cli.main(["list", "trade-trends"]) == 0
    shown = capsys.readouterr().out
    assert (
        "currency = 'usd'" in shown
        and "one of usd, usd_real, kzt, kzt_real, rub; the notebook's default is 'usd'" in shown
    )


def test_two_builds_give_the_same_bytes(project, monkeypatch):
    write(project / "notebooks", "good.ipynb", "import time; print({'b', 'a', 'c'}, time.tzname)")
    built = []
    for zone, jobs in (("UTC", "1"), ("Asia/Almaty", "3")):
        monkeypatch.setenv("TZ", zone)
        assert cli.main(["build", "--force", "--jobs", jobs]) == 0
        built.append([(project / "reports" / f"{name}.html").read_bytes() for name in ("good", "other", "index")])
    assert built[0] == built[1]
    assert os.environ["TZ"] == "Asia/Almaty", "the caller's environment is given back"


def test_execute_in_place_changes_nothing_the_second_time(project, capsys):
    assert cli.main(["execute"]) == 0
    assert capsys.readouterr().out == "good.ipynb: outputs changed\nother.ipynb: outputs changed\n"
    assert cli.main(["execute"]) == 0 and capsys.readouterr().out == "no notebook changed\n"


def test_execute_names_each_notebook_that_fails_with_its_cell_and_line_and_the_others_are_written(project, capsys):
    lessons = project / "notebooks" / "lessons"
    lessons.mkdir()
    write(lessons, "broken.ipynb", "1", "a = 1\na / 0")
    (lessons / "cut.ipynb").write_text('{"cells": [', encoding="utf-8")
    before = (lessons / "broken.ipynb").read_bytes()
    assert cli.main(["execute"]) == 1
    said = capsys.readouterr()
    broken, cut = said.err.splitlines()
    assert broken == (
        "lessons/broken.ipynb: failed: cell 4 (In [3]), line 2 (a / 0) raised ZeroDivisionError: division by zero"
    )
    assert cut.startswith("lessons/cut.ipynb: failed: ")
    assert said.out == "good.ipynb: outputs changed\nother.ipynb: outputs changed\n"
    assert (lessons / "broken.ipynb").read_bytes() == before
    executed = nbformat.read(project / "notebooks" / "good.ipynb", as_version=4)
    assert [cell.execution_count for cell in executed.cells if cell.cell_type == "code"] == [1, 2]


@pytest.mark.slow
def test_a_real_report_gives_the_same_bytes_in_any_zone_locale_and_order(tmp_path, monkeypatch):
    built = []
    for zone, locale, jobs in (("UTC", "C.UTF-8", "1"), ("Asia/Almaty", "de_DE.UTF-8", "2")):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LC_ALL", locale)
        monkeypatch.setenv("PYTHONHASHSEED", jobs)
        folder = tmp_path / jobs
        assert cli.main(["build", "trade-trends", "expert-forecasts", "--jobs", jobs, "--out", str(folder)]) == 0
        built.append({path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("[!.]*"))})
    assert built[0] == built[1]
    for name in ("trade-trends", "expert-forecasts"):  # the README's are those of today's reports
        shown, file = build_record.records(tmp_path / "1")[name]["card"]["picture"], f"docs/pictures/{name}.svg"
        assert (folders.ROOT / file).read_text(encoding="utf-8") == markup.alone(shown) + "\n", "`make pictures`"
    assert list(built[0]) == [
        "catalogue.html",
        "codebook.html",
        "expert-forecasts.html",
        "expert-forecasts.xlsx",
        "index.html",
        "trade-trends.html",
        "trade-trends.xlsx",
    ]


def test_the_bare_command_lists_the_commands(capsys):
    assert cli.main([]) == 2
    said = capsys.readouterr().err
    assert all(f"\n    {name}" in said for name in ("build", "list", "check", "fill", "verify", "catalogue", "execute"))


def test_the_pictures_are_those_of_the_built_reports(project, capsys, monkeypatch):
    monkeypatch.setattr(folders, "ROOT", project)
    assert cli.main(["pictures"]) == 2
    assert capsys.readouterr().err == (
        "analysis: good, other has to be built before its picture can be written: `make reports` does.\n"
    )
    (project / "docs" / "pictures").mkdir(parents=True)
    assert cli.main(["build"]) == 0 and cli.main(["pictures"]) == 0
    assert sorted(path.name for path in (project / "docs" / "pictures").iterdir()) == ["good.svg", "other.svg"]


def test_a_parameter_given_twice_is_refused(project, capsys):
    assert cli.main(["build", "good", "-p", "label=x", "-p", "label=y"]) == 2
    assert capsys.readouterr().err == "analysis: -p gives label twice; a parameter has one value.\n"


def test_a_key_that_stands_twice_is_refused_with_both_lines(project, capsys, tmp_path):
    grid = tmp_path / "grid.yml"
    grid.write_text("good: {label: [a]}\nother: {}\ngood: {label: [b]}\n", encoding="utf-8")
    assert cli.main(["build", "--matrix", str(grid)]) == 2
    assert "the key 'good' stands in line 1 and again in line 3" in capsys.readouterr().err
    grid.write_text("good:\n  label: [a]\n  label: [b]\n", encoding="utf-8")
    assert cli.main(["build", "--matrix", str(grid)]) == 2
    assert "the key 'label' stands in line 2 and again in line 3" in capsys.readouterr().err


def test_a_title_names_the_partner(project, capsys):
    path = project / "notebooks" / "good.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = 'partner = "RUS"  # trade.partner: whose'
    nbformat.write(notebook, path)
    entries.all_reports.cache_clear()
    yml = project / "reports" / "reports.yml"
    told = yml.read_text(encoding="utf-8")
    yml.write_text(told.replace('"Good"', '"Trade with {partner}"'), encoding="utf-8")
    assert entries.named("good").title == "Trade with Russia"
    assert entries.varied(entries.named("good"), {"partner": "NLD"}).title == "Trade with the Netherlands"
    notebook.cells[1].source = 'partner = 7  # trade.partner: whose'
    nbformat.write(notebook, project / "notebooks" / "good.ipynb")
    entries.all_reports.cache_clear()
    assert cli.main(["build", "other"]) == 0, "a fault in one notebook is no fault of the others"
    assert cli.main(["build", "good"]) == 2 and "good: good.ipynb: the default of partner" in capsys.readouterr().err
    notebook.cells[1].source = 'partner = "RUS"  # trade.partner: whose'
    nbformat.write(notebook, project / "notebooks" / "good.ipynb")
    yml.write_text(told.replace('"Good"', '"Trade of {nobody}"'), encoding="utf-8")
    entries.all_reports.cache_clear()
    assert cli.main(["list"]) == 2
    assert capsys.readouterr().err == "analysis: good: its title names 'nobody'; it may name partner.\n"
