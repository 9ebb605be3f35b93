"""What takes long is done once: it is kept in a folder, and found again by all that it is made from.

Most pictures and fits of a build or of a variant were made before. What is kept is a pure function of what it is given,
of the package's code and of the libraries; a digest of these is its name. Joblib's Memory keeps the files: whole ones,
for any number of processes at once. One that cannot be read is made again.

The folder is `.kept` of the checkout, or the one that the environment variable ANALYSIS_KEPT names; where that is
empty, or nothing can be written, everything is made.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import ParamSpec, TypeVar

import joblib

from analysis.tables import checkout, store

P, T = ParamSpec("P"), TypeVar("T")
FOLDER = "ANALYSIS_KEPT"
MOST = "100M"  # bytes; what was used longest ago goes first
LIBRARIES = ("matplotlib", "numpy", "pandas", "scipy", "statsmodels")
# As it is when this module is imported: what is changed thereafter is not what this process works with.
CODE = sha256(b"".join(path.read_bytes() for path in store.visible(Path(__file__).parents[1], "*.py"))).hexdigest()
logging.getLogger("joblib").setLevel(logging.ERROR)  # a notebook would show what it says of a damaged file


def result(made_from: str | None, make: Callable[[], T]) -> T:
    """What is kept under a digest, made where there is none yet; without a digest it is made."""
    if not made_from or not (kept := _kept(_folder())):
        return make()
    with warnings.catch_warnings(), suppress(OSError):  # a full disk, or a folder that another process clears
        warnings.simplefilter("ignore")
        return kept(made_from, make)
    return make()


def of(function: Callable[P, T], *given: P.args, **options: P.kwargs) -> T:
    """What a pure function of a module of this package gives for frames, words and numbers.

    One within a function is called each time: its name does not tell it from another.
    """
    named = "<" not in function.__qualname__
    made_from = digest(function.__module__, function.__qualname__, given, options) if named else None
    return result(made_from, lambda: function(*given, **options))


def digest(*given: object) -> str | None:
    """The digest of some values, this package's code and its libraries; None for what has none."""
    try:
        return joblib.hash([CODE, _libraries(), given], hash_name="sha1")
    except Exception:  # noqa: BLE001  what cannot be pickled, whatever the reason, is made anew
        return None


def clear() -> None:
    """Forgets all."""
    with suppress(OSError):  # another process forgets it at the same time
        if memory := _memory(_folder()):
            memory.clear(warn=False)


def bound() -> None:
    """Forgets what was used longest ago where there is too much."""
    with suppress(OSError):
        if memory := _memory(_folder()):
            memory.reduce_size(bytes_limit=MOST)


def _folder() -> str:
    return os.environ.get(FOLDER, str(checkout.ROOT / ".kept"))


@cache
def _libraries() -> list[str]:
    return [sys.version, *map(version, LIBRARIES)]


@cache
def _memory(folder: str) -> joblib.Memory | None:
    try:
        return joblib.Memory(folder, compress=1, verbose=0) if folder else None  # compressed, it has a checksum
    except OSError:
        return None


@cache
def _kept(folder: str) -> Callable | None:
    memory = _memory(folder)
    return memory and memory.cache(_made, ignore=["make"])


def _made(made_from: str, make: Callable[[], T]) -> T:
    return make()
