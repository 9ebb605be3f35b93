"""Reports on a Dask cluster: its workers take the same jobs as the threads of a local build."""

from __future__ import annotations

import gc
import logging
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import fields, replace
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
    """A cluster as an executor: what `submit` returns is a future of `concurrent.futures`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        # Not pure: equal calls are made again when they are asked for again, as with any other executor.
        self._executor = client.get_executor(pure=False)

    def submit(self, make: Callable[[Any], Any], job: Any) -> Future:
        """A job of this checkout, to be made in that of a worker, which may lie elsewhere."""
        return self._executor.submit(_there, make, _moved(job, _below_root))

    def completed(self, futures: Iterable[Future]) -> Iterator[Future]:
        """The futures as they come. Raises BuildError where the cluster has had no worker for a minute."""
        pending, silent_since = set(futures), None
        while pending:
            done, pending = wait(pending, timeout=SECONDS, return_when=FIRST_COMPLETED)
            yield from done
            if done or self._has_workers():
                silent_since = None
            elif silent_since is None:
                silent_since = time.monotonic()
                logging.getLogger(__name__).warning(
                    "No worker of the cluster answers; %d reports wait, for %d seconds at most.", len(pending), SILENCE
                )
            elif time.monotonic() - silent_since > SILENCE:
                raise BuildError(f"no worker of the cluster answered for {SILENCE} seconds; the finished reports stay.")

    def _has_workers(self) -> bool:
        try:
            return bool(self._client.sync(self._client.scheduler.identity, callback_timeout=SECONDS)["workers"])
        except Exception:  # noqa: BLE001  the scheduler is gone, or hangs
            return False


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
    """The cluster whose scheduler listens at an address (`tcp://host:8786`); its workers forget pictures if `fresh`.

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
        _probe(client, address)
        if fresh:
            client.run(kept.clear)
        yield Cluster(client)


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


def _probe(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError:
        raise CallError(f"the Dask scheduler at {address!r} has no worker.") from None
    try:
        asked = {"on_error": "return", "callback_timeout": PROBE_SECONDS}
        answers = client.sync(client._run, eval, PROBE, **asked)
    except Exception as error:  # noqa: BLE001
        raise CallError(f"the workers at {address!r} do not say what they have: {_one_line(error)}") from None
    wanted = has()
    for worker, found in answers.items():
        if not isinstance(found, dict):
            raise CallError(f"the worker {worker} cannot make reports: {_one_line(found)}")
        for what, value in wanted.items():
            if found.get(what) != value:
                raise CallError(f"the worker {worker} has another {what} than is here: {found.get(what)}, not {value}.")


def _one_line(error: object) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
