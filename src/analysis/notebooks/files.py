"""Files that are whole or not there: written beside their target and moved into place."""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import BuildError, CallError

WORD_SECONDS = 3  # whoever waits so long for another build is told
WAITING = "Waiting for another build, which writes to %s."


def write(path: Path, content: str | bytes) -> None:
    """Writes beside the target and moves into place: readers see the old file or the new one, never a part.

    Raises BuildError where it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        try:
            beside.write_bytes(content.encode() if isinstance(content, str) else content)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise BuildError(f"cannot write {path}: {error.strerror}.") from None


def writable(folder: Path) -> Path:
    """The folder, made where it is missing. Raises CallError where nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise CallError(f"cannot write to {folder}: {error.strerror}.") from None


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds a folder, made where it is missing, against other processes that would hold it; it ends with the process.

    Says so where it has to wait long. Raises CallError where nothing can be written to it.
    """
    with (writable(folder) / "lock").open("a") as file:
        word = threading.Timer(WORD_SECONDS, logging.getLogger(__name__).warning, [WAITING, folder.parent])
        word.daemon = True
        word.start()
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
        finally:
            word.cancel()
        yield
