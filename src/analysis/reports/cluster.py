"""Reports on a Dask cluster: its workers take the same jobs as the threads of a local build."""

from __future__ import annotations

import gc
import json
import logging
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from analysis.errors import BuildError, CallError
from analysis.exhibits import kept
from analysis.notebooks import folders
from analysis.reports import build_record
from analysis.tables import store

SECONDS = 5  # how long a scheduler may take to answer, and to have a worker
PROBE_SECONDS = 60  # how long the workers may take to say what they have: they import this package for it
SILENCE = 60  # seconds for which a cluster may be without a worker before the build gives up
# What a worker computes: by Python's own function and a text, for it may have no package that a function could be in.
PROBE = "__import__('analysis.reports.cluster', fromlist=['has']).has()"


class Cluster:
    """A cluster as an executor: what `submit` returns is a future of `concurrent.futures`.

    Jobs go to workers that were asked what they have and admitted. One that joins later is asked too; what has other
    things gets none, for it would fail each in no time, and so soon have had them all.
    """

    def __init__(self, client: Any, *, fresh: bool = False) -> None:
        self._client, self._fresh = client, fresh
        self._asked: set[str] = set()
        self._admitted: set[str] = set()
        # Not pure: equal calls are made again when they are asked for again, as with any other executor.
        self._executor = client.get_executor(pure=False, resources={_pass(): 1})

    def admit(self, workers: Iterable[str]) -> list[str]:
        """Asks workers what they have and lets those make reports that have the same as is here.

        They forget what they have kept, if all is to be fresh. Returns a sentence for each that has other things.
        """
        faults = _faults(self._client, list(workers))
        fit = [worker for worker, fault in faults.items() if not fault]
        if fit and self._fresh:
            self._client.run(kept.clear, workers=fit)
        if fit:
            self._client.run(_take, _pass(), workers=fit)
        self._asked |= set(faults)
        self._admitted |= set(fit)
        return [fault for fault in faults.values() if fault]

    def submit(self, make: Callable[[Any], Any], job: Any) -> Future:
        """A job of this checkout, to be made in that of a worker, which may lie elsewhere."""
        return self._executor.submit(_there, make, _moved(job, _below_root))

    def completed(self, futures: Iterable[Future]) -> Iterator[Future]:
        """The futures as they come. Raises BuildError where the cluster has had no worker for a minute."""
        pending, silent_since, looked, there = set(futures), None, time.monotonic(), True
        while pending:
            done, pending = wait(pending, timeout=SECONDS, return_when=FIRST_COMPLETED)
            yield from done
            if time.monotonic() - looked > SECONDS:  # whether or not the others are at work
                looked, there = time.monotonic(), self._has_workers()
            if done or there:
                silent_since = None
            elif silent_since is None:
                silent_since = time.monotonic()
                logging.getLogger(__name__).warning(
                    "No worker of the cluster answers; %d reports wait, for %d seconds at most.", len(pending), SILENCE
                )
            elif time.monotonic() - silent_since > SILENCE:
                raise BuildError(f"no worker of the cluster answered for {SILENCE} seconds; the finished reports stay.")

    def _has_workers(self) -> bool:
        """Whether one is there that makes reports, those that have just joined among them."""
        try:
            there = set(self._client.sync(self._client.scheduler.identity, callback_timeout=SECONDS)["workers"])
            if late := there - self._asked:
                for fault in self.admit(late):
                    logging.getLogger(__name__).warning("It gets no report: %s", fault)
        except Exception:  # noqa: BLE001  the scheduler is gone, or hangs
            return False
        return bool(there & self._admitted)


def _there(make: Callable[[Any], Any], job: Any) -> Any:
    return make(_moved(job, folders.ROOT.joinpath))


def _below_root(path: Path) -> Path:
    return path.relative_to(folders.ROOT) if path.is_relative_to(folders.ROOT) else path


def _moved(job: Any, place: Callable[[Path], Path]) -> Any:
    """The job with the paths of its entry at another place."""
    found = {one.name: getattr(job.entry, one.name) for one in fields(job.entry)}
    paths = {name: place(value) for name, value in found.items() if isinstance(value, Path)}
    return replace(job, entry=replace(job.entry, **paths))


@contextmanager
def executor(address: str, *, fresh: bool = False) -> Iterator[Cluster]:
    """The cluster whose scheduler listens at an address (`tcp://host:8786`); its workers keep nothing if `fresh`.

    Its workers have a checkout with the same code, notebooks and data, wherever it lies; a job whose worker is lost is
    given to another one. Raises CallError where Dask is not installed, no scheduler answers or has a worker in time,
    or a worker has other things than are here.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CallError(
            "--cluster needs Dask, which is not installed: install this package with its extra 'cluster'."
        ) from None
    with _told_here():
        try:
            client, why = Client(address, timeout=SECONDS, set_as_default=False), ""
        except Exception as error:  # noqa: BLE001  each kind of address has errors of its own
            client, why = None, _one_line(error)
    if why:
        raise CallError(f"no Dask scheduler answers at {address!r}: {why}")
    with client:
        try:
            client.wait_for_workers(1, timeout=SECONDS)
        except TimeoutError:
            raise CallError(f"the Dask scheduler at {address!r} has no worker.") from None
        cluster = Cluster(client, fresh=fresh)
        for fault in cluster.admit(client.sync(client.scheduler.identity)["workers"]):
            raise CallError(fault)
        yield cluster


@contextmanager
def _told_here() -> Iterator[None]:
    """What goes wrong meanwhile is told in one sentence: not in Dask's log, nor by what is left of a client."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        yield
        gc.collect()
    finally:
        sys.unraisablehook = hook


def has() -> dict[str, str]:
    """What has to be the same on every machine that makes reports."""
    return {
        "Python": platform.python_version(),
        "code": build_record.code(),
        "data": store.version(),
    }


def _pass() -> str:
    """The name of what a worker has that makes reports of the same things: as Dask has it, a resource."""
    return f"reports of {sha256(json.dumps(has()).encode()).hexdigest()[:12]}"


async def _take(resource: str, *, dask_worker: Any) -> None:
    """A worker takes as many jobs at a time as it has threads."""
    await dask_worker.set_resources(**{resource: dask_worker.state.nthreads})


def _faults(client: Any, workers: list[str]) -> dict[str, str]:
    """Why each of some workers cannot make reports, in a sentence; nothing where it can."""
    try:
        asked = {"on_error": "return", "callback_timeout": PROBE_SECONDS}
        answers = client.sync(client._run, eval, PROBE, workers=workers, **asked)
    except Exception as error:  # noqa: BLE001
        return dict.fromkeys(workers, f"the workers {', '.join(workers)} do not say what they have: {_one_line(error)}")
    faults, wanted = dict.fromkeys(workers, ""), has()
    for worker, found in answers.items():
        if not isinstance(found, dict):
            faults[worker] = f"the worker {worker} cannot make reports: {_one_line(found)}"
            continue
        for what, value in wanted.items():
            if found.get(what) != value:
                faults[worker] = f"the worker {worker} has another {what} than is here: {found.get(what)}, not {value}."
    return faults


def _one_line(error: object) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
