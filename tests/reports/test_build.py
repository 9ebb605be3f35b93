"""Only what has changed is built; what is recorded is believed only if it is whole; grids, records and the cluster."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import write

from analysis import cli
from analysis.errors import BuildError
from analysis.exhibits import kept
from analysis.notebooks import files, fork_server
from analysis.reports import build, build_record
from analysis.reports.entries import all_reports
from analysis.tables import parts, store


@pytest.fixture
def made(monkeypatch):
    """Stands in for the run of notebooks: returns the list of the reports that were made, in alphabetical order."""
    names = []

    def make(job, on_cell=None):
        names.append(job.name)
        names.sort()
        workbook = b"numbers of good" if job.name == "good" else b""
        return build.Page(f"<p>{job.name} {[*job.values.values()]}</p>\n", {}, workbook), 0.25

    monkeypatch.setattr(build, "make", make)
    monkeypatch.setattr(fork_server, "start", lambda: None)
    return names


@pytest.fixture
def built(project, made):
    """The project with both reports built."""
    assert cli.main(["build", "--quiet"]) == 0
    assert made == ["good", "other"]
    made.clear()
    return project


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def test_nothing_changed_touches_nothing_and_says_so(built, made, capsys):
    before = state(built / "reports")
    assert cli.main(["build"]) == 0
    assert capsys.readouterr().out == "good: nothing changed\nother: nothing changed\n"
    assert made == [] and state(built / "reports") == before


def test_what_took_longest_is_begun_first_and_what_was_never_built_before_it(built, tmp_path):
    def order(*names):
        reports = {name: all_reports()[name.partition("--")[0]] for name in names}
        jobs = build._planned([replace(report, name=name) for name, report in reports.items()], 60)
        return [job.name for job in build._longest_first(jobs, out)]

    out = tmp_path / "pages"
    assert order("good", "good--1", "other", "other--1") == ["good", "other", "good--1", "other--1"]
    for name, seconds in (("good", 1), ("other", 3), ("good--2", 4)):
        build_record.record(out, name, "", build.Page("", {}), seconds=seconds)
    assert order("good", "good--1", "good--2", "other", "other--1") == [
        "good--2",
        "other",
        "other--1",
        "good",
        "good--1",
    ]
    assert build_record.seconds(built / "reports") == {
        "good": 0.2,
        "other": 0.2,
        "index": 0,
        "catalogue": 0,
        "codebook": 0,
    }


def test_nothing_changed_imports_no_library_of_analysis(built):
    program = f"""
        import sys
        from pathlib import Path
        from analysis import cli
        from analysis.notebooks import folders
        from analysis.reports import build, build_record
        texts = dict.fromkeys(("catalogue", "codebook"), (Path({str(built / "paper.md")!r}), "What?"))
        build_record.papers = lambda: texts
        folders.NOTEBOOKS = Path({str(built / "notebooks")!r})
        folders.REPORTS = Path({str(built / "reports")!r})
        code = cli.main(["build"])
        print(sorted({{"pandas", "matplotlib", "papermill", "nbconvert", "nbformat", "IPython"}} & set(sys.modules)))
        sys.exit(code)
    """
    run = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["good: nothing changed", "other: nothing changed", "[]"]


def test_a_changed_notebook_is_built_again_and_no_other(built, made):
    write(built / "notebooks", "other.ipynb", "1 + 2")
    assert cli.main(["build"]) == 0
    assert made == ["other"]


@pytest.mark.parametrize("part", ["title", "question", "summary", "parameters"])
def test_a_changed_entry_is_built_again_and_no_other(built, made, part):
    path = built / "reports" / "reports.yml"
    entries = json.loads(path.read_text(encoding="utf-8"))
    entries[0][part] = {"label": "y"} if part == "parameters" else "Another"
    path.write_text(json.dumps(entries), encoding="utf-8")
    all_reports.cache_clear()
    assert cli.main(["build"]) == 0
    assert made == ["good"]


def test_a_report_with_other_parameters_is_another_and_replaces_none(built, made):
    canonical = (built / "reports" / "good.html").read_bytes()
    for arguments in (["-p", "label=y"], [], ["-p", "label=x"]):
        assert cli.main(["build", "good", *arguments]) == 0
    assert made == ["good--label-y"], "the last has the default's value, so that it is the report itself"
    assert (built / "reports" / "good.html").read_bytes() == canonical


@pytest.mark.parametrize("change", ["code", "template", "lock", "python"])
def test_changed_code_templates_lock_or_python_build_all_again(project, made, monkeypatch, tmp_path, change):
    shutil.copytree(build_record.CODE, tmp_path / "package", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "lock").write_text("pandas==3.0.0\n", encoding="utf-8")
    monkeypatch.setattr(build_record, "CODE", tmp_path / "package")
    monkeypatch.setattr(build_record, "LOCK", tmp_path / "lock")
    assert cli.main(["build"]) == 0
    made.clear()
    if change == "python":
        monkeypatch.setattr(build_record.sys, "version", "3.99")
    else:
        changed = {
            "code": "package/methods/ledgers.py",
            "template": "package/reports/templates/page.css",
            "lock": "lock",
        }[change]
        with (tmp_path / changed).open("a", encoding="utf-8") as file:
            file.write("\n")
    assert cli.main(["build"]) == 0
    assert made == ["good", "other"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("document/events.csv", ["good"]),
        ("document/regions.csv", ["other"]),
        ("document/areas.csv", []),
        ("sources.csv", ["good", "other"]),
    ],
)
def test_a_changed_table_builds_what_uses_it(project, made, monkeypatch, tmp_path, path, expected):
    shutil.copytree(store.DATA, tmp_path / "data")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    write(project / "notebooks", "good.ipynb", 'load("events")')
    write(project / "notebooks", "other.ipynb", "load('regions')")
    assert cli.main(["build"]) == 0
    made.clear()
    lines = (tmp_path / "data" / path).read_text(encoding="utf-8").splitlines()
    (tmp_path / "data" / path).write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert cli.main(["build"]) == 0
    assert made == expected


def test_a_changed_schema_builds_what_uses_it(project, made, monkeypatch, tmp_path):
    shutil.copytree(store.DATA, tmp_path / "data")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    write(project / "notebooks", "other.ipynb", "load('regions')")
    assert cli.main(["build"]) == 0
    made.clear()
    path = tmp_path / "data" / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    next(r for r in descriptor["resources"] if r["name"] == "regions")["schema"]["fields"][0]["description"] = (
        "Another."
    )
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert cli.main(["build"]) == 0
    assert made == ["other"]


def test_force_builds_all_again(built, made):
    assert cli.main(["build", "--force"]) == 0
    assert made == ["good", "other"]


@pytest.fixture
def runs(project):
    """How often the cells of `good` ran."""
    path = project / "runs.txt"
    write(project / "notebooks", "good.ipynb", f"with open({str(path)!r}, 'a') as file:\n    file.write('x')", "label")
    return lambda: len(path.read_text(encoding="utf-8"))


def reworded(project, words):
    path = project / "notebooks" / "good.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "Its question." in text
    path.write_text(text.replace("Its question.", words), encoding="utf-8")


def page_of(project) -> str:
    return (project / "reports" / "good.html").read_text(encoding="utf-8")


def test_a_changed_text_runs_nothing_and_gives_the_page_that_a_run_gives(project, runs, monkeypatch):
    assert cli.main(["build", "good"]) == 0 and "Its question." in page_of(project)
    reworded(project, "Another question.")
    with monkeypatch.context() as patch:
        patch.setattr(fork_server, "start", lambda: pytest.fail("a kernel is wanted"))
        assert cli.main(["build", "good"]) == 0
    page = page_of(project)
    assert "Another question." in page and "Its question." not in page and runs() == 1
    assert cli.main(["build", "good", "--force"]) == 0
    assert page_of(project) == page and runs() == 2, "`--force` trusts no run"


@pytest.mark.parametrize("what", ["code", "table", "place of the text", "libraries", "what was kept"])
def test_what_a_run_is_made_of_runs_again(project, runs, monkeypatch, tmp_path, what):
    shutil.copytree(store.DATA, tmp_path / "data")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    assert cli.main(["build", "good"]) == 0
    path = project / "notebooks" / "good.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if what == "code":
        notebook["cells"][-1]["source"] = "label  # as it is"
    elif what == "place of the text":
        notebook["cells"].append(notebook["cells"].pop(0))
    path.write_text(json.dumps(notebook), encoding="utf-8")
    if what == "table":
        with (tmp_path / "data" / "sources.csv").open("a", encoding="utf-8") as file:
            file.write("zz,T,P,press,,,none,2026-01-01,\n")
    elif what == "libraries":
        monkeypatch.setattr(kept, "_libraries", lambda: ["another Matplotlib"])
        reworded(project, "Another question.")
    elif what == "what was kept":
        shutil.rmtree(project / "kept")
        reworded(project, "Another question.")
    assert cli.main(["build", "good"]) == 0
    assert runs() == 2


def test_a_run_of_other_files_than_it_was_asked_of_is_not_kept(project):
    """They change meanwhile, so that the digest would be of cells that did not run."""
    path = project / "notebooks" / "good.ipynb"
    write(project / "notebooks", "good.ipynb", f"with open({str(path)!r}, 'a') as file:\n    file.write(' ')")
    assert cli.main(["build", "good"]) == 1
    assert not list((project / "kept").rglob("output.pkl"))


def test_of_a_variant_no_run_is_kept(project, runs):
    for words in ("Another question.", "A third."):
        assert cli.main(["build", "good", "-p", "label=other"]) == 0
        reworded(project, "Its question. " + words)
    assert runs() == 2 and not list((project / "kept").rglob("output.pkl"))


def page_changed(folder):
    page = folder / "good.html"
    page.write_text(page.read_text(encoding="utf-8").replace("good", "gold"), encoding="utf-8")


def record_is(content):
    return lambda folder: (folder / ".built" / "good.json").write_bytes(content)


DAMAGES = {
    "page changed": page_changed,
    "workbook changed": lambda folder: (folder / "good.xlsx").write_bytes(b"numbers of gold"),
    "workbook removed": lambda folder: (folder / "good.xlsx").unlink(),
    "page removed": lambda folder: (folder / "good.html").unlink(),
    "page is a folder": lambda folder: ((folder / "good.html").unlink(), (folder / "good.html").mkdir())[0],
    "record removed": lambda folder: (folder / ".built" / "good.json").unlink(),
    "record truncated": lambda folder: os.truncate(folder / ".built" / "good.json", 100),
    "record empty": record_is(b""),
    "record not an object": record_is(b"[]"),
    "record without fields": record_is(b"{}"),
    "record is a folder": lambda folder: (
        (folder / ".built" / "good.json").unlink(),
        (folder / ".built" / "good.json").mkdir(),
    )[0],
    "record not text": record_is(b"\xff\x00"),
    "record of the other report": lambda folder: shutil.copy(
        folder / ".built" / "other.json", folder / ".built" / "good.json"
    ),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_was_tampered_with_is_built_again(built, made, damage):
    before = (built / "reports" / "good.html").read_bytes()
    damage(built / "reports")
    code = cli.main(["build"])
    assert made == ["good"]
    assert (built / "reports" / "good.xlsx").read_bytes() == b"numbers of good"
    if damage not in (DAMAGES["page is a folder"], DAMAGES["record is a folder"]):  # a folder is its owner's to remove
        assert code == 0 and (built / "reports" / "good.html").read_bytes() == before


def test_a_workbook_stands_beside_a_page_that_has_numbers_and_no_other(built, made):
    assert sorted(path.name for path in (built / "reports").glob("*.xlsx")) == ["good.xlsx"]


@pytest.mark.parametrize("part", [".xlsx", ".html", ".json"])
def test_a_build_broken_off_between_a_page_and_its_workbook_is_made_good(built, made, monkeypatch, part):
    write, before = files.write, state(built / "reports")["good.xlsx"]

    def full(path, content):
        if path.name == f"good{part}":
            raise BuildError("the disk is full.")
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(files, "write", full)
        assert cli.main(["build", "good", "--force", "-p", "label=x"]) == 1
    (built / "reports" / "good.xlsx").write_bytes(b"numbers of another good")
    made.clear()
    assert cli.main(["build"]) == 0
    assert made == ["good"] and state(built / "reports")["good.xlsx"][0] == before[0]


def test_a_changed_index_is_written_again(built, made):
    index = built / "reports" / "index.html"
    before = index.read_bytes()
    index.write_text("else", encoding="utf-8")
    assert cli.main(["build"]) == 0
    assert index.read_bytes() == before and made == []


def test_what_changes_while_it_is_built_is_not_taken_for_built(project, monkeypatch, capsys):
    write(
        project / "notebooks",
        "other.ipynb",
        "from pathlib import Path",
        "p = Path('other.ipynb')\np.write_text(p.read_text() + ' ')",
    )
    assert cli.main(["build", "other"]) == 1
    assert "other: failed: its notebook, data or code changed while it was built" in capsys.readouterr().err
    assert not (project / "reports" / "other.html").exists()


def test_parts_of_dead_builds_go_and_those_of_living_ones_stay(built, made):
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    folders = (built / "reports", built / "reports" / ".built")
    for folder in folders:
        for process in (dead.pid, os.getpid()):
            (folder / f".good.html.{process}-1.part").write_text("half", encoding="utf-8")
    parts.sweep(built / "reports")
    for folder in folders:
        assert [path.name for path in folder.glob(".*.part")] == [f".good.html.{os.getpid()}-1.part"]


def grid(folder: Path, text: str) -> list[str]:
    (folder / "grid.yml").write_text(text, encoding="utf-8")
    return ["build", "--matrix", str(folder / "grid.yml")]


def test_a_grid_gives_one_report_a_combination_and_the_index_lists_them(project, capsys):
    assert cli.main(grid(project, "good: {start_year: [2000, 2001], label: [a, b]}")) == 0
    names = sorted(path.stem for path in (project / "reports").glob("good--*.html"))
    assert names == [f"good--start-year-{year}--label-{label}" for year in (2000, 2001) for label in "ab"]
    assert "2001 b" in (project / "reports" / "good--start-year-2001--label-b.html").read_text(encoding="utf-8")
    index = (project / "reports" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{name}.html"' in index for name in names)
    capsys.readouterr()
    assert cli.main(grid(project, "good: {start_year: [2001], label: [b]}")) == 0
    assert capsys.readouterr().out == "good--start-year-2001--label-b: nothing changed\n"


def test_one_report_of_each_notebook_is_begun_before_a_second_of_any(project, monkeypatch):
    begun = []
    page = build.Page("<p></p>\n", {})
    monkeypatch.setattr(build, "make", lambda job, on_cell=None: (begun.append(job.name) or page, 0.1))
    monkeypatch.setattr(fork_server, "start", lambda: None)
    assert cli.main([*grid(project, "good: {label: [a, b, c]}\nother: {start_year: [1999]}"), "--jobs", "1"]) == 0
    assert begun == ["good--label-a", "other--start-year-1999", "good--label-b", "good--label-c"]


def test_equal_combinations_are_built_once(project, made):
    assert cli.main(grid(project, 'good: {start_year: [2000, "2000"]}')) == 0
    assert made == ["good--start-year-2000"]


HOSTILE = [
    "../../etc/passwd",
    "a/b",
    "..",
    "",
    " ",
    "A",
    "a",
    "ä",
    "é" * 300,
    "x" * 5000,
    "a\nb",
    "con",
    "-rf",
    "a.html",
]


def test_names_of_odd_values_are_safe_short_and_apart(project, made):
    assert cli.main(grid(project, json.dumps({"good": {"label": HOSTILE}}))) == 0
    pages = list(project.rglob("good--*.html"))
    assert len(made) == len(set(made)) == len(HOSTILE) == len(pages)
    assert len({page.name.lower() for page in pages}) == len(HOSTILE)
    assert all(page.parent == project / "reports" and len(page.name) < 150 for page in pages)
    assert all(page.stem.replace("-", "").isalnum() and page.stem.isascii() for page in pages)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "grid.yml is a grid of the form"),
        ("[", "grid.yml is a grid of the form"),
        ("good", "grid.yml is a grid of the form"),
        ("good: [a]", "grid.yml is a grid of the form"),
        ("good: {label: a}", "good.label is not a list of values."),
        ("good: {label: []}", "good.label is not a list of values."),
        ("bad: {label: [a]}", "unknown report 'bad'; known are: good, other."),
        ("good: {color: [a]}", "good: unknown parameter 'color'; declared are: start_year, label."),
        ("good: {start_year: [2000, 1900]}", "start_year is a whole number from 1995 to 2025, not 1900."),
        ("good: {start_year: [2000-01-01]}", "start_year is a whole number from 1995 to 2025, not datetime.date"),
        ("good: {start_year: [.nan]}", "start_year is a whole number from 1995 to 2025, not nan."),
        (f"good: {{start_year: {list(range(200))}, label: {list('ab' * 30)}}}", "at most 10,000 are built at a time."),
    ],
)
def test_a_wrong_grid_is_refused_in_one_sentence(project, made, capsys, text, message):
    assert cli.main(grid(project, text)) == 2
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1 and made == []


def test_a_grid_takes_no_names_and_no_parameters_beside_it(project, made, capsys):
    for more in (["good"], ["-p", "label=a"]):
        assert cli.main([*grid(project, "good: {label: [a]}"), *more]) == 2
        assert "grid.yml names the reports and their parameters; leave out NAME and -p." in capsys.readouterr().err


def test_records_for_scripts(built, made, capsys, monkeypatch):
    write(built / "notebooks", "other.ipynb", "1 + 2")
    assert cli.main(["build", "--json"]) == 0
    good, other = map(json.loads, capsys.readouterr().out.splitlines())
    page = built / "reports" / "other.html"
    assert other == {
        "name": "other",
        "outcome": "built",
        "parameters": {"start_year": 1995, "label": "x"},
        "seconds": 0.25,
        "bytes": page.stat().st_size,
        "digest": build_record.file_digest(page),
        "error": "",
    }
    assert (good["name"], good["outcome"]) == ("good", "unchanged")

    def fails(job, on_cell=None):
        raise BuildError("it failed.")

    monkeypatch.setattr(build, "make", fails)
    assert cli.main(["build", "other", "--json", "--force"]) == 1
    said = capsys.readouterr()
    failed = json.loads(said.out)
    assert (failed["outcome"], failed["error"], failed["digest"]) == ("failed", "it failed.", "")
    assert said.err == "other: failed: it failed.\n"


def test_quiet_tells_errors_alone(project, made, capsys, monkeypatch):
    assert cli.main(["build", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(build, "make", lambda *_: 1 / 0)
    assert cli.main(["build", "--quiet", "--force", "good"]) == 1
    assert capsys.readouterr() == ("", "good: failed: ZeroDivisionError: division by zero\n")


def test_a_terminal_shows_a_bar_a_report_and_one_for_all(project, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert cli.main(["build"]) == 0
    said = capsys.readouterr()
    assert all(f"{name}: " in said.err for name in ("good", "other", "reports"))
    assert sorted(line.split(":")[0] for line in said.out.splitlines()) == ["good", "other"]
