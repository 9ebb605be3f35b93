"""Notebooks as Jupyter's own library holds them: read, copied and written. Other rooms have it from here."""

from __future__ import annotations

from pathlib import Path

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
from nbformat import NotebookNode, from_dict, writes
from nbformat import read as read_any

__all__ = ["NotebookNode", "copied", "read", "text"]


def read(path: Path) -> NotebookNode:
    """The notebook of a file, in format 4."""
    return read_any(path, as_version=4)


def copied(notebook: NotebookNode) -> NotebookNode:
    """A copy that can be changed."""
    return from_dict(notebook)


def text(notebook: NotebookNode) -> str:
    """What stands in its file."""
    return writes(notebook) + "\n"
