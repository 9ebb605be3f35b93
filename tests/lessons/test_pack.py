"""The archive for a class: what is in it, where it can be unpacked, and that the lessons run from it alone."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distribution, requires
from pathlib import Path, PurePosixPath

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis import cli
from analysis.errors import LessonError
from analysis.lessons import answers, pack, students
from analysis.lessons import lesson as lesson_files
from analysis.tables import store

LESSONS = lesson_files.all_lessons()
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
# Runs a notebook in a kernel as JupyterLab would, and tells what it ended with.
RUN = """
import json, sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
notebook.cells.append(nbformat.v4.new_code_cell('''
import json, sys
from analysis.tables import store
print(json.dumps({
    "data": str(store.DATA),
    "modules": [sys.modules[name].__file__ for name in sorted(sys.modules) if name.partition(".")[0] == "analysis"],
}))'''))
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": "."}}).execute()
nbformat.write(notebook, sys.argv[2])
"""


@pytest.fixture(scope="module")
def content():
    return pack.archive()


@pytest.fixture(scope="module")
def parts(content):
    """What stands in the archive, by its path below the folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name.removeprefix(f"{pack.FOLDER}/"): file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def unpacked(content, tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        file.extractall(folder)
    return folder / pack.FOLDER


def needed():
    """The packages that come with those that the archive asks for, here."""
    found, waiting = set(), [canonicalize_name(name) for name in pack.NEEDS]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            wanted = [Requirement(line) for line in requires(name) or ()]
            waiting += [canonicalize_name(r.name) for r in wanted if not r.marker or r.marker.evaluate({"extra": ""})]
    return found


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The packages that the archive asks for and what comes with them, for a Python that has no others."""
    folder = tmp_path_factory.mktemp("installed")
    for name in needed():
        held = distribution(name)
        for top in {file.parts[0] for file in held.files} - {"..", "__pycache__"}:
            if not (folder / top).exists():
                (folder / top).symlink_to(held.locate_file(top))
    return folder


def run(notebook, unpacked, installed, home):
    """A notebook of the folder of lessons, run there by a Python without this project."""
    python = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(installed)}
    command = [str(python), "-c", RUN, notebook, str(home / "run.ipynb")]
    subprocess.run(command, cwd=unpacked / "lessons", env=environment, check=True, timeout=600)
    return nbformat.read(home / "run.ipynb", as_version=4).cells


def test_the_same_files_give_the_same_bytes(content):
    assert pack.archive() == content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in file.infolist()} == {0o100644}, "plain files, no symbolic links"


def test_it_can_be_unpacked_on_any_system(parts):
    assert len({name.casefold() for name in parts}) == len(parts), "names differ by more than capitals"
    for name in parts:
        assert len(name) <= 100 and name.isascii() and not re.search(r'[<>:"|?*\\]', name)
        for part in PurePosixPath(name).parts:
            assert part.partition(".")[0].casefold() not in RESERVED and part == part.strip(". ") or part[0] == "."


def test_it_holds_the_students_notebooks_and_no_solution(parts):
    notebooks = [name for name in parts if name.endswith(".ipynb")]
    assert notebooks == [f"lessons/{lesson.student.name}" for lesson in LESSONS]
    everything = "\n".join(part.decode() for part in parts.values())
    cells = "\n".join(cell["source"] for name in notebooks for cell in nbformat.reads(parts[name], 4).cells)
    for lesson in LESSONS:
        for cell in nbformat.read(lesson.solution, as_version=4).cells:
            tags = cell.metadata.get("tags", ())
            if "solution-text" in tags:
                assert json.dumps(cell.source, ensure_ascii=False)[1:-1] not in everything
            if "solution" in tags:
                work = [line for line in cell.source.splitlines() if line.startswith("answer = ")]
                assert not [line for line in work if line in cells]
                assert not [line for line in work if len(line) > 20 and json.dumps(line)[1:-1] in everything]
    assert not [name for name in parts if re.search(r"INSTRUCTOR|\bsolutions|students", name)]


def test_it_holds_the_tables_that_are_used_with_a_descriptor_of_them(unpacked, monkeypatch):
    monkeypatch.setattr(store, "DATA", unpacked / "data")
    named = store.all_tables()
    for table in named:
        store.load(table)
        assert {key["reference"]["resource"] or table for key in store.foreign_keys(table)} <= set(named)
    assert "bands" not in named, "no lesson uses it"


def test_a_file_that_a_lesson_names_is_there(parts):
    cells = [cell for name in parts if name.endswith(".ipynb") for cell in nbformat.reads(parts[name], 4).cells]
    named = {path for cell in cells for path in re.findall(r"`(data/[\w/.]+)`", cell["source"])}
    assert "data/document/CODEBOOK.md" in named and named <= set(parts)


def test_the_first_page_says_what_to_open_and_asks_the_network_for_nothing(parts):
    page = parts["START.html"].decode()
    for lesson in LESSONS:
        assert lesson.student.name in page and lesson.title in page
    assert "$" not in page and not re.search(r"<(script|img|link)|@import", page)
    assert r"env\Scripts\python -m pip install -r requirements.txt" in page
    assert "env/bin/python -m pip install -r requirements.txt" in page


def test_the_packages_that_it_asks_for_are_those_of_the_lock(parts):
    lock = (store.DATA.parent / "requirements.lock").read_text(encoding="utf-8").splitlines()
    lines = parts["requirements.txt"].decode().splitlines()
    assert [line.partition("==")[0] for line in lines] == list(pack.NEEDS) and set(lines) <= set(lock)


@pytest.mark.slow  # an environment and two kernels each
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.solution.stem)
def test_a_lesson_runs_from_the_archive_alone(lesson, unpacked, installed, tmp_path):
    cells = run(lesson.student.name, unpacked, installed, tmp_path)
    exercises = answers.exercises(lesson.solution.stem[1])
    said = [o.data["text/plain"] for c in cells for o in c.get("outputs", ()) if "text/plain" in o.get("data", {})]
    assert sum("Not answered yet" in text for text in said) == len(exercises)
    told = json.loads(cells[-1].outputs[0].text)
    assert told["data"] == str(unpacked / "data")
    assert all(Path(path).is_relative_to(unpacked) for path in told["modules"]), told["modules"]
    solved = unpacked / "lessons" / f"{lesson.solution.stem}_solved.ipynb"
    solved.write_bytes(lesson.solution.read_bytes())
    cells = run(solved.name, unpacked, installed, tmp_path)
    said = [o.data["text/plain"] for c in cells for o in c.get("outputs", ()) if "text/plain" in o.get("data", {})]
    assert sum(text.startswith(answers.MARKS["right"]) for text in said) == len(exercises)


def test_the_command_writes_it_and_says_how_large_it_is(tmp_path, content, capsys):
    assert cli.main(["class-pack", "--out", str(tmp_path / "new" / "class.zip")]) == 0
    assert (tmp_path / "new" / "class.zip").read_bytes() == content
    assert "class.zip: " in (said := capsys.readouterr().out) and said.endswith(" MB\n")


def test_a_notebook_that_somebody_worked_in_is_not_handed_out(tmp_path, monkeypatch):
    monkeypatch.setattr(lesson_files, "FOLDER", tmp_path)
    for lesson in LESSONS:
        notebook = nbformat.read(lesson.solution, as_version=4)
        nbformat.write(students.student(notebook), lesson.student)
    notebook = nbformat.read(LESSONS[1].student, as_version=4)
    notebook.cells[-1].source += "\n# my own"
    nbformat.write(notebook, LESSONS[1].student)
    with pytest.raises(LessonError, match="02_two_ledgers.ipynb is not what its solution gives"):
        pack.archive()
