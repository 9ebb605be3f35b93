"""Notebooks as Jupyter's own library holds them: read, copied and written. Other rooms have it from here."""

from __future__ import annotations

from pathlib import Path

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from nbformat import NotebookNode, from_dict, writes
from nbformat import read as read_any

from analysis.errors import CallError

__all__ = ["NotebookNode", "copied", "read", "text", "with_text_of"]

INJECTED = "injected-parameters"  # the tag of the cell that papermill adds


def read(path: Path) -> NotebookNode:
    """The notebook of a file, in format 4. Raises CallError where it is none."""
    try:
        return read_any(path, as_version=4)
    except Exception as error:  # noqa: BLE001  whatever the library stumbles over
        raise CallError(f"{path.name} is no notebook of format 4 ({type(error).__name__}: {error}).") from None


def copied(notebook: NotebookNode) -> NotebookNode:
    """A copy that can be changed."""
    return from_dict(notebook)


def with_text_of(executed: NotebookNode, notebook: NotebookNode) -> NotebookNode:
    """An executed notebook with the text between its cells as it stands in its file now."""
    own = iter(notebook.cells)
    for at, cell in enumerate(executed.cells):
        if INJECTED not in cell.metadata.get("tags", ()):
            current = next(own)
            executed.cells[at] = cell if cell.cell_type == "code" else current
    return executed


def text(notebook: NotebookNode) -> str:
    """What stands in its file."""
    return writes(notebook) + "\n"
