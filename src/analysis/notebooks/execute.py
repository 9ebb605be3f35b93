"""A notebook, run from top to bottom in a kernel of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import analysis.notebooks.fast_import  # noqa: F401  isort: skip  before Jupyter
import papermill
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from analysis.errors import BuildError
from analysis.notebooks import files, folders, fork_server, nodes, results
from analysis.notebooks.cells import CELL_SECONDS
from analysis.notebooks.nodes import NotebookNode
from analysis.notebooks.provisioner import WarmKernelManager
from analysis.tables.store import visible

WIDGET = "application/vnd.jupyter.widget-view+json"

for name in ("papermill", "asyncio"):  # what goes wrong is told in one sentence, here
    logging.getLogger(name).addHandler(logging.NullHandler())


def run(
    notebook: Path,
    parameters: Mapping[str, object],
    *,
    seconds: int = CELL_SECONDS,
    on_cell: Callable[[], object] | None = None,
) -> NotebookNode:
    """The executed notebook, without clock times or random ids; a cell may take `seconds`.

    Raises BuildError naming the cell, error and line.
    """
    executed = _executed(notebook, parameters, seconds, on_cell)
    _forget(executed)
    for number, cell in enumerate(executed.cells, start=1):
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise BuildError(f"cell {number} of {notebook.name} was not run.")
    return executed


def execute_in_place() -> tuple[list[Path], list[str]]:
    """Runs every committed notebook top to bottom with its defaults, and writes those that run to their end.

    Returns those whose file changed, and a sentence for each that failed, which stays as it was.
    """
    paths = visible(folders.NOTEBOOKS, "*.ipynb")
    changed, failed = [], []
    try:
        with fork_server.threads(fork_server.WORKERS) as pool:
            runs = [pool.submit(run, path, {}) for path in paths]
            for path, executed in zip(paths, runs, strict=True):
                try:
                    text = nodes.text(executed.result())
                    if path.read_text(encoding="utf-8") != text:
                        files.write(path, text)
                        changed.append(path)
                except Exception as error:  # noqa: BLE001  the others go on
                    told = str(error) if isinstance(error, BuildError) else f"{type(error).__name__}: {error}"
                    failed.append(f"{path.relative_to(folders.NOTEBOOKS)}: failed: {' '.join(told.split())}")
    finally:
        fork_server.stop()
    return changed, failed


def _executed(
    notebook: Path,
    parameters: Mapping[str, object],
    seconds: int,
    on_cell: Callable[[], object] | None,
) -> NotebookNode:
    begun: list[int] = []  # the places of the code cells so far
    injected = bool(parameters)

    def at() -> str:
        return _cell(begun[-1], len(begun), injected=injected)

    def executed(cell: NotebookNode, execute_reply: Mapping, **_: object) -> None:
        reply = execute_reply["content"]
        if _ends_kernel(reply):
            raise BuildError(f"{at()} of {notebook.name} ends the kernel; a cell may not.")
        if reply["status"] == "error" and not any(output.output_type == "error" for output in cell.outputs):
            raise BuildError(f"{at()} of {notebook.name} raised {reply['ename']}: {reply['evalue']}")
        if reply["status"] == "ok" and (lack := results.lack(reply, cell.outputs)):
            raise BuildError(f"{at()} of {notebook.name} {lack}.")
        if on_cell:
            on_cell()

    try:
        # Papermill's own folder option changes the folder of the whole process; this one belongs to the kernel.
        return papermill.execute_notebook(
            str(notebook),
            None,
            dict(parameters),
            kernel_name=NATIVE_KERNEL_NAME,
            kernel_manager_class=WarmKernelManager,
            progress_bar={"disable": True},
            resources={"metadata": {"path": str(notebook.parent)}},
            record_timing=False,
            shutdown_kernel="immediate",
            execution_timeout=seconds,
            on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
            on_cell_executed=executed,
            extra_arguments=[
                "--HistoryManager.enabled=False",
                "--log-level=ERROR",
                f"--IPKernelApp.extra_extensions={results.SOURCE}",
            ],
        )
    except PapermillExecutionError as error:
        raise BuildError(_told(error, injected=injected)) from None
    except CellTimeoutError:
        raise BuildError(f"{at()} of {notebook.name} ran longer than {seconds} seconds.") from None
    except (DeadKernelError, RuntimeError) as error:
        if not isinstance(error, DeadKernelError) and "Kernel died" not in str(error):
            raise
        where = f"in {at()}" if begun else "before its first cell"
        raise BuildError(f"the kernel that ran {notebook.name} died {where}.") from None


def _ends_kernel(reply: Mapping) -> bool:
    """Whether a cell has asked the kernel to end, as `quit()` does, or left it, as `sys.exit()` does."""
    asked = any(part.get("source") == "ask_exit" for part in reply.get("payload", ()))
    return asked or reply.get("ename") == "SystemExit"


def _told(error: PapermillExecutionError, *, injected: bool) -> str:
    """Cell, error and line of a failed notebook, in one sentence."""
    trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    line = re.search(r"-+> ?(\d+) (.*)", trace)
    where = f", line {line[1]} ({line[2].strip()})" if line else ""
    message = " ".join(str(error.evalue).split())
    cell = _cell(error.cell_index, error.exec_count, injected=injected)
    return f"{cell}{where} raised {error.ename}: {message}"


def _cell(place: int, count: int, *, injected: bool) -> str:
    """The cell at a place from 0, the so many-th to run, as its author counts, who has no injected cell."""
    return f"cell {place + 1 - injected} (In [{count - injected}])"


def _forget(notebook: NotebookNode) -> None:
    """Drops what differs from run to run: times, paths, the random ids of widgets and of the injected cell.

    A widget lives as long as its kernel: of one that a file shows its text is left.
    """
    for name in ("papermill", "widgets"):
        notebook.metadata.pop(name, None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(WIDGET, None)
        if nodes.INJECTED in cell.metadata.get("tags", ()):
            cell.id = nodes.INJECTED
