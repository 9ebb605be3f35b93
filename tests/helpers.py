"""A notebook of a few cells, for tests that run or read one."""

from pathlib import Path

import nbformat

SETUP = 'start_year = 1995  # 1995 to 2025: first year\nlabel = "x"  # any text: a label'


def write(folder: Path, name: str, *sources: str) -> None:
    """Writes a notebook with a cell of parameters and a cell a source."""
    cells = [nbformat.v4.new_markdown_cell("# A notebook\n\nIts question.", id="title")]
    for number, source in enumerate((SETUP, *sources)):
        cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}"))
    cells[1].metadata["tags"] = ["parameters"]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / name)
