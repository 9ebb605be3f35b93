"""Starts many kernels at once from several processes, and tells how many failed: `python benchmarks/kernels.py 2000 4`.

Each runs one cell. With ports that are looked for first and bound later, about one in a thousand fails.
"""

import multiprocessing
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from analysis.errors import BuildError
from analysis.notebooks import fork_server
from analysis.notebooks.execute import run

CELLS = [
    nbformat.v4.new_code_cell("given = 1", metadata={"tags": ["parameters"]}, id="parameters"),
    nbformat.v4.new_code_cell("given + 1", id="cell"),
]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
AT_A_TIME = 4  # kernels of one process


def started(count: int) -> list[str]:
    """Starts so many kernels in this process; returns what went wrong."""
    fork_server.PRELOADED = ("ipykernel.kernelapp",)
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "one.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=CELLS, metadata=KERNEL), notebook)

        def one(_: int) -> str:
            try:
                return "" if run(notebook, {}).cells[1].outputs[0].data["text/plain"] == "2" else "wrong output"
            except (BuildError, RuntimeError) as error:
                return str(error)

        with ThreadPoolExecutor(AT_A_TIME) as pool:
            wrong = [told for told in pool.map(one, range(count)) if told]
        fork_server.stop()
    return wrong


if __name__ == "__main__":
    kernels, processes = map(int, sys.argv[1:])
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        wrong = [told for part in pool.map(started, [kernels // processes] * processes, chunksize=1) for told in part]
    print(
        f"{kernels // processes * processes} kernels from {processes} processes: {len(wrong)} failed", *wrong, sep="\n"
    )
    sys.exit(bool(wrong))
