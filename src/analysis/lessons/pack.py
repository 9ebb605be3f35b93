"""The lessons as one archive for a class: notebooks, tables, checks and a first page; neither Git nor make is needed.

The package stands beside the notebooks as if a wheel were unpacked there: a kernel looks for modules in its notebook's
folder first. So it finds its tables where a checkout has them, three folders above `tables/store.py`.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from string import Template

from analysis.errors import LessonError
from analysis.lessons import students
from analysis.lessons.lesson import all_lessons
from analysis.notebooks import folders, nodes
from analysis.notebooks.cells import loaded_tables
from analysis.tables import store

FOLDER = "kz-ru-lessons"  # in the archive; short, for Windows ends paths at 260 characters
NEEDS = ("ipykernel", "ipython", "joblib", "jupyterlab", "krippendorff", "matplotlib", "numpy", "pandas")
PACKAGE = Path(__file__).parents[1]
ROOMS = ("tables", "methods", "exhibits")  # whole: of the lessons only what checks an answer
CHECKS = ("__init__.py", "answers.py", "judging.py", "lesson_*.py")
AS_IT_IS = "* -text\n"  # for Git, where a class gets the folder through it: tables with other line ends are refused


def archive() -> bytes:
    """The archive of the students' notebooks and all that they need, the same for the same files.

    Raises LessonError where a student's notebook was worked in or is not what its solution gives.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in sorted(_files().items()):
            told = zipfile.ZipInfo(f"{FOLDER}/{name}")  # of the first time that the format can hold
            told.compress_type, told.create_system, told.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            file.writestr(told, part, compresslevel=9)
    return content.getvalue()


def tables() -> list[str]:
    """The tables that the lessons and their checks load, and those that their keys lead to, in the descriptor's order.

    Raises DataError where one is unknown.
    """
    code = [path.read_text(encoding="utf-8") for pattern in CHECKS for path in (PACKAGE / "lessons").glob(pattern)]
    wanted = {"sources", *re.findall(r'\bload\("(\w+)"\)', "\n".join(code))}
    for lesson in all_lessons():
        wanted.update(loaded_tables(lesson.student))
    found: set[str] = set()
    while wanted:
        found |= wanted
        wanted = {key["reference"]["resource"] for table in wanted for key in store.foreign_keys(table)} - found - {""}
    return [table for table in store.all_tables() if table in found]


def _files() -> dict[str, bytes]:
    """What stands in the archive, by its path below the folder."""
    lessons = all_lessons()
    for lesson in lessons:
        made, held = students.student(nodes.read(lesson.solution)), nodes.read(lesson.student)
        if students.digest(held) != students.digest(made):
            raise LessonError(f"{lesson.student.name} is not what its solution gives: `make lessons` writes it anew.")
    files = {f"lessons/{lesson.student.name}": lesson.student.read_bytes() for lesson in lessons}
    files |= {f"lessons/analysis/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes() for path in _modules()}
    project = (folders.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    name, version = (re.search(rf'^{key} = "(.+)"$', project, re.MULTILINE)[1] for key in ("name", "version"))
    metadata = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n"
    files[f"lessons/{name.replace('-', '_')}-{version}.dist-info/METADATA"] = metadata.encode()
    files |= {f"data/{path}": (store.DATA / path).read_bytes() for path in _data()}
    files["data/datapackage.json"] = _descriptor()
    files["LICENSE"] = (folders.ROOT / "LICENSE").read_bytes()
    files["requirements.txt"] = "".join(_requirements()).encode()
    listed = (
        f"<li><strong>{escape(lesson.title)}</strong> (<code>{lesson.student.name}</code>): {escape(lesson.question)}"
        f" {escape(lesson.time.partition('.')[0])}.</li>\n"
        for lesson in lessons
    )
    page = Template((PACKAGE / "lessons" / "start.html").read_text(encoding="utf-8"))
    files["START.html"] = page.substitute(lessons="".join(listed), first=lessons[0].student.name).encode()
    return files | {".gitattributes": AS_IT_IS.encode()}


def _modules() -> Iterator[Path]:
    yield from (PACKAGE / "__init__.py", PACKAGE / "errors.py")
    for room in ROOMS:
        yield from (path for path in store.visible(PACKAGE / room, "*") if path.suffix in (".py", ".css", ".js"))
    for pattern in CHECKS:
        yield from (PACKAGE / "lessons").glob(pattern)


def _data() -> Iterable[str]:
    return [*(store.resource_of(table)["path"] for table in tables()), "LICENSE", "document/CODEBOOK.md"]


def _descriptor() -> bytes:
    """The descriptor of the tables that are there."""
    whole = json.loads((store.DATA / "datapackage.json").read_text(encoding="utf-8"))
    whole["resources"] = [resource for resource in whole["resources"] if resource["name"] in tables()]
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def _requirements() -> Iterator[str]:
    """A line for each package that a lesson needs, in the version that the lessons were tried with."""
    lock = (folders.ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in NEEDS:
        yield re.search(rf"^{name}==[\w.]+$", lock, re.MULTILINE)[0] + "\n"
