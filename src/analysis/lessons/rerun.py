"""A returned notebook's cells, run in a process of their own with limits; the answers come back as plain values.

`python -m analysis.lessons.rerun DESCRIPTOR` is that process: it reads the cells as JSON, and writes a line of JSON
whenever one begins or has ended, with the answer where the cell has one. What an answer is worth it does not say, for
what runs in it may change anything there. No limit is a wall: what the cells do to the files that this user may write
is not undone.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

MEMORY = 2 << 30  # bytes of addresses, several times what a lesson takes
LARGEST_FILE = 50 << 20
LARGEST_ANSWER = 20_000  # values
HUGE = 10**400  # more than a float holds
MOST_SAID = 20 << 20  # bytes of all answers
STARTING = 120  # seconds until the first cell may begin
MOST_STARTS = 4  # a cell that ends the process is left out, and the others run once more


@dataclass
class Ran:
    """What came of the cells by their place: an error in one sentence, or the `answers` of those that have one."""

    errors: dict[int, str] = field(default_factory=dict)
    answers: dict[int, object] = field(default_factory=dict)


def run(cells: Sequence[str], asked: Mapping[int, str], *, seconds: float) -> Ran:
    """Runs cells top to bottom, each for `seconds` and all for ten times that at the most.

    `asked` has the number of the exercise for the place of each cell that answers one. Raises nothing: what goes wrong
    stands in `errors`, and a cell that was not run has neither error nor answer.
    """
    ran, end = Ran(), time.monotonic() + STARTING + 10 * seconds
    without: list[int] = []  # the cells that ended the process, or never ended
    for _ in range(MOST_STARTS):
        job = {"cells": list(cells), "asked": dict(asked), "without": without}
        place, fault = None, "ended Python itself"
        for told in _told(job, seconds, end):
            match told:
                case {"begin": int(begun)}:
                    place = begun
                case {"late": str(late)}:
                    fault = late
                case {"end": int(ended), "error": str(error), "answer": answer} if ended == place:
                    place = None
                    if error:
                        ran.errors[ended] = error
                    if answer is not None:
                        ran.answers[ended] = decoded(answer)
                case {"done": True}:
                    return ran
        if place is None:
            return ran
        ran.errors[place] = fault
        without.append(place)
        if time.monotonic() > end:
            return ran
    return ran


def _told(job: Mapping, seconds: float, end: float) -> Iterator[dict]:
    """What the process says, until it ends, is late or says too much."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = os.pipe()
        own = {"HOME": folder, "IPYTHONDIR": folder, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "TMPDIR": folder}
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "analysis.lessons.rerun", str(theirs)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=os.environ | own,
            pass_fds=[theirs],
            start_new_session=True,
        )
        os.close(theirs)
        try:
            with process.stdin as file:
                file.write(json.dumps(job).encode())
            yield from _lines(ours, seconds, end)
        except BrokenPipeError:
            return
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            os.close(ours)


def _lines(descriptor: int, seconds: float, end: float) -> Iterator[dict]:
    rest, said, limit = b"", 0, STARTING
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while said < MOST_SAID:
            if not selector.select(max(0, min(limit, end - time.monotonic()))):
                yield {"late": f"ran longer than {seconds:g} seconds"}
                return
            part = os.read(descriptor, 1 << 16)
            if not part:
                return
            said += len(part)
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                limit = seconds
                try:
                    yield dict(json.loads(line))
                except (ValueError, TypeError, RecursionError):  # a cell has written here
                    return


def encoded(value: object, room: Iterator[int] | None = None) -> list:
    """A value as JSON holds it: its kind and what it is made of, the same for what a check takes for the same."""
    room = iter(range(LARGEST_ANSWER)) if room is None else room
    if next(room, None) is None:
        raise OverflowError("an answer of so many values is none")

    def each(values: object) -> list:
        return [encoded(one, room) for one in values]

    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, pd.DataFrame):
        columns = [each(value.iloc[:, n]) for n in range(value.shape[1])]
        return ["table", each(value.columns), each(value.index), columns]
    if isinstance(value, pd.Series):
        return ["series", each(value.index), each(value)]
    if isinstance(value, dict):
        return ["dict", each(value), each(value.values())]
    if value is None or value is ... or value is pd.NA:
        return ["nan" if value is pd.NA else "none" if value is None else "dots"]
    if isinstance(value, bool):
        return ["bool", bool(value)]
    if isinstance(value, int):
        return ["int", max(-HUGE, min(HUGE, int(value)))]
    if isinstance(value, float):
        return ["nan"] if math.isnan(value) else ["float", repr(float(value))]
    if isinstance(value, str):
        return ["text", str(value)[:LARGEST_ANSWER]]
    if hasattr(value, "__iter__") and not isinstance(value, (bytes, type)):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return [kind, each(itertools.islice(iter(value), LARGEST_ANSWER))]
    return ["other", type(value).__name__]


def decoded(told: object) -> object:
    """The value that `encoded` was given, or one of the same kind. What is no such JSON is an object without value."""
    try:
        return _decoded(told)
    except (ValueError, TypeError, RecursionError):  # a cell has written what looks like an answer
        return object()


def _decoded(told: object) -> object:
    def each(values: list) -> list:
        return [_decoded(one) for one in values]

    match told:
        case ["table", list(columns), list(index), list(values)]:
            frame = pd.DataFrame(dict(enumerate(map(each, values))), index=pd.Index(each(index), dtype=object))
            return frame.set_axis(pd.Index(each(columns), dtype=object), axis=1)
        case ["series", list(index), list(values)]:
            return pd.Series(each(values), index=pd.Index(each(index), dtype=object))
        case ["dict", list(labels), list(values)]:
            return dict(zip(map(_label, each(labels)), each(values), strict=True))
        case ["none"]:
            return None
        case ["dots"]:
            return ...
        case ["nan"]:
            return math.nan
        case ["bool", bool(value)] | ["int", int(value)] | ["text", str(value)]:
            return value
        case ["float", str(value)]:
            return float(value)
        case ["tuple", list(values)]:
            return tuple(each(values))
        case ["list", list(values)]:
            return each(values)
        case ["other", str(name)]:
            return type(name, (), {})()
    return object()


def _label(value: object) -> object:
    return value if value.__hash__ else str(value)


def _serve(descriptor: int) -> None:
    """The process: limits first, then cell by cell."""
    from IPython.core.interactiveshell import InteractiveShell

    from analysis.lessons import answers

    job = json.load(sys.stdin)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for kind, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, LARGEST_FILE), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (limit, limit))
    given: dict[str, object] = {}
    answers.check = given.__setitem__  # judged elsewhere: here it only notes what it was given
    shell = InteractiveShell.instance()

    def tell(**told: object) -> None:
        line = json.dumps(told).encode() + b"\n"
        while line:
            line = line[os.write(descriptor, line) :]

    for place, source in enumerate(job["cells"]):
        number = job["asked"].get(str(place))
        if place in job["without"]:
            continue
        tell(begin=place)
        given.clear()
        ended = shell.run_cell(source)
        error = ended.error_before_exec or ended.error_in_exec
        answer = None
        if number:
            named = shell.user_ns.get("answer", ...)
            try:
                answer = encoded(given.get(number, ...) if named is ... else named)
            except Exception as fault:  # noqa: BLE001  the answer is of the student's own making
                answer = ["other", type(fault).__name__]
            shell.user_ns["answer"] = ...  # nobody's answer counts for the next exercise
        tell(end=place, error=_sentence(error) if error else "", answer=answer)
    tell(done=True)
    os._exit(0)  # whatever threads the cells have started


def _sentence(error: BaseException) -> str:
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001  an error of the student's own making
        text = ""
    return f"stopped with {type(error).__name__}: {text[:200]}".rstrip(": ")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
