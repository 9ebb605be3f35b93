"""A notebook's cells as it stands in its file: read as JSON, for Jupyter's own reader takes a quarter of a second."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from analysis.errors import CallError
from analysis.tables.readings import KNOWN_BY, READ_WITH

CELL_SECONDS = 120  # a cell that runs longer has hung: a dead wait would otherwise never end


def cells(notebook: Path) -> list[dict]:
    """The cells, each with its `source` as one text. Raises CallError where the file is no notebook."""
    try:
        return _parsed(notebook.read_bytes())
    except FileNotFoundError:
        raise CallError(f"there is no notebook {notebook.name} in {notebook.parent.name}/.") from None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise CallError(f"{notebook.name} is no notebook of format 4 ({type(error).__name__}: {error}).") from None


@lru_cache(maxsize=8)  # by content, for a grid asks again for each of its reports
def _parsed(content: bytes) -> list[dict]:
    return [cell | {"source": "".join(cell["source"])} for cell in json.loads(content)["cells"]]


def code_cells(notebook: Path) -> list[dict]:
    """The code cells. Raises CallError where the file is no notebook."""
    return [cell for cell in cells(notebook) if cell["cell_type"] == "code"]


def loaded_tables(notebook: Path) -> list[str]:
    """The tables that a notebook loads, read from its code, and those that one reading of them is chosen by."""
    code = "\n".join(cell["source"] for cell in code_cells(notebook))
    found = re.findall(r"""\bload\(["'](\w+)["'][,)]""", code)
    known_by = KNOWN_BY if "as_of=" in code else ()
    return sorted({*found, *known_by, *(other for table in found for other in READ_WITH.get(table, ()))})
