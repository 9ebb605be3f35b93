"""Reports on a Dask cluster: its workers take the same jobs as the threads of a local build."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from analysis.errors import CallError

SECONDS = 5  # how long a scheduler may take to answer


@contextmanager
def executor(address: str) -> Iterator[Executor]:
    """The cluster whose scheduler listens at an address (`tcp://host:8786`), as an executor.

    Its workers have this package and the same notebooks and data at the same place; a job whose worker is lost is
    given to another one. Raises CallError where Dask is not installed or no scheduler answers.
    """
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
    except ImportError:
        raise CallError(
            "--cluster needs Dask, which is not installed: install this package with its extra 'cluster'."
        ) from None
    try:
        # First, for a client that breaks off at an address of another form writes a traceback when it is thrown away.
        get_address_host_port(address if "://" in address else f"tcp://{address}")
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise CallError(f"no Dask scheduler answers at {address!r}: {' '.join(str(error).split())}") from None
    with client:
        # Not pure: equal calls are made again when they are asked for again, as with any other executor.
        yield client.get_executor(pure=False)
