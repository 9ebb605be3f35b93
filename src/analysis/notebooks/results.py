"""An extension of IPython: with its reply to each cell a kernel says whether the cell has a result that is to be shown.

Where the showing of a result fails IPython shows the error in its place; where that fails too, for want of files or
memory, nothing is left of either, and the reply says that all went well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SOURCE = "analysis.notebooks.results"


def load_ipython_extension(shell: Any) -> None:
    """What IPython calls: from now on the reply to each cell says `None`, `"plain"` or `"rich"` of its result.

    And why things could not be shown, the results of `display` among them.
    """
    lost = []
    formatted = shell.display_formatter.format

    def format_and_look(value: Any, **chosen: Any) -> tuple[dict, dict]:
        data, metadata = formatted(value, **chosen)
        if not any(chosen.values()) and _kind(value) and not (_shows(data) if _kind(value) == "rich" else data):
            lost.append(_why(value))
        return data, metadata

    def tell(execution: Any) -> None:
        payload = {"source": SOURCE, "result": _kind(execution.result), "lost": [*lost]}
        shell.payload_manager.write_payload(payload)
        lost.clear()

    shell.display_formatter.format = format_and_look
    shell.events.register("post_run_cell", tell)


def _kind(value: Any) -> str | None:
    """What is to be seen of a value: nothing where it is none, or shows itself in a way of its own."""
    if value is None or hasattr(type(value), "_ipython_display_"):
        return None
    return "rich" if hasattr(type(value), "_repr_mimebundle_") else "plain"


def _why(value: Any) -> str:
    try:
        (value._repr_mimebundle_ if _kind(value) == "rich" else value.__repr__)()
    except Exception as error:  # noqa: BLE001  whatever it was
        return f" ({type(error).__name__}: {error})"
    return ""


def _shows(data: Mapping) -> bool:
    return bool(set(data) - {"text/plain"})


def lack(reply: Mapping, outputs: Sequence[Mapping]) -> str:
    """What a cell's outputs lack of all that its reply tells of, as the end of a sentence; empty for nothing."""
    told = [part for part in reply.get("payload", ()) if part.get("source") == SOURCE]
    shown = [output["data"] for output in outputs if output["output_type"] == "execute_result"]
    if not told:
        return "ended without a word on its result"
    if told[-1]["lost"]:
        return f"has a result that could not be shown{told[-1]['lost'][0]}"
    if told[-1]["result"] and not (any(map(_shows, shown)) if told[-1]["result"] == "rich" else shown):
        return "has a result that was lost on its way"
    return ""
