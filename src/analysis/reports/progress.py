"""What a build tells while it runs: bars on a terminal, lines in a log, records for scripts, or errors alone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What became of one report: `built`, `unchanged`, or `failed` with the one sentence that says why."""

    name: str
    outcome: str
    parameters: Mapping[str, object]
    path: Path
    seconds: float = 0.0
    bytes: int = 0
    digest: str = ""
    error: str = ""


def _say(line: str) -> None:
    """A line on standard output; where nobody reads it any more, or its disk is full, the work goes on without."""
    try:
        print(line, flush=True)
    except OSError:
        silence()


def silence() -> None:
    """Nothing is written to standard output from here on, and Python does not fall over what it still holds."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Progress:
    """Errors alone."""

    def begin(self, reports: int) -> None:
        """So many reports will be made."""

    def watch(self, name: str, cells: int) -> Callable[[], object] | None:
        """What is to be called after each cell of a report, if anything."""
        return None

    def finished(self, outcome: Outcome) -> None:
        """A report is done with."""
        if outcome.error:
            print(f"{outcome.name}: failed: {outcome.error}", file=sys.stderr, flush=True)

    def close(self) -> None:
        """No more reports come."""


class Lines(Progress):
    """A line a report, as soon as it is done."""

    def finished(self, outcome: Outcome) -> None:
        if outcome.error:
            super().finished(outcome)
        elif outcome.outcome == "unchanged":
            _say(f"{outcome.name}: nothing changed")
        else:
            size = f"{outcome.bytes / 1024:,.0f} KiB in {outcome.seconds:.1f} s"
            _say(f"{outcome.name}: {size}, {os.path.relpath(outcome.path)}")


class Records(Progress):
    """A JSON record a report on standard output."""

    def finished(self, outcome: Outcome) -> None:
        super().finished(outcome)
        shown = ("name", "outcome", "parameters", "seconds", "bytes", "digest", "error")
        record = {field: getattr(outcome, field) for field in shown} | {"seconds": round(outcome.seconds, 3)}
        _say(json.dumps(record, ensure_ascii=False))


class Bars(Lines):
    """A bar for each report that runs and one for all of them, below the lines of those that are done."""

    def __init__(self) -> None:
        self._bars: dict[str, object] = {}
        self._all = None

    def begin(self, reports: int) -> None:
        from tqdm import tqdm

        self._all = tqdm(total=reports, desc="reports", unit="report", position=0, leave=False)

    def watch(self, name: str, cells: int) -> Callable[[], object]:
        from tqdm import tqdm

        def on_cell() -> None:
            with tqdm.get_lock():
                if name not in self._bars:
                    taken = {bar.pos for bar in self._bars.values()}
                    place = next(n for n in range(1, len(taken) + 2) if -n not in taken)
                    self._bars[name] = tqdm(total=cells, desc=name, unit="cell", position=place, leave=False)
            self._bars[name].update()

        return on_cell

    def finished(self, outcome: Outcome) -> None:
        from tqdm import tqdm

        if bar := self._bars.pop(outcome.name, None):
            bar.close()
        with tqdm.external_write_mode(file=sys.stderr):
            super().finished(outcome)
        if self._all is not None and outcome.outcome != "unchanged":
            self._all.update()

    def close(self) -> None:
        for bar in [*self._bars.values(), self._all]:
            if bar is not None:
                bar.close()
