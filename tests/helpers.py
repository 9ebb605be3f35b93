"""What several tests need: a notebook of a few cells, and to wait for what comes at its own time."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import nbformat

SETUP = 'start_year = 1995  # 1995 to 2025: first year\nlabel = "x"  # any text: a label'
GUARD = 180  # seconds, against hanging alone: no machine is too slow for what a test waits for


def write(folder: Path, name: str, *sources: str) -> None:
    """Writes a notebook with a cell of parameters and a cell a source."""
    cells = [nbformat.v4.new_markdown_cell("# A notebook\n\nIts question.", id="title")]
    for number, source in enumerate((SETUP, *sources)):
        cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}"))
    cells[1].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / name)


def wait(done: Callable[[], object], what: str) -> None:
    """Waits until something is so. Fails, saying `what` it waited for, where it never comes."""
    end = time.monotonic() + GUARD
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def processes(mark: str) -> list[int]:
    """The processes whose environment holds a text, as that of a build and of all that it starts holds its TMPDIR."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended meanwhile, or is somebody else's
            if mark.encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found
