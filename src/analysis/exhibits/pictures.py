"""Pictures are drawn once: kept in a folder, they are found again by all that they are drawn from.

To lay pictures out takes most of the time of a report, and most of those of a build or of a variant were drawn before.
A picture of this package is a pure function of what its exhibit encloses (frames, words, numbers), of the package's
code and style, and of Matplotlib and its font; a digest of these is its name. Joblib's Memory keeps the files: whole
ones, for any number of processes at once. One that cannot be read is drawn again.

The folder is `.pictures` of the checkout, or the one that the environment variable ANALYSIS_PICTURES names; where that
is empty, or nothing can be written, every picture is drawn.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

import joblib
import numpy as np
import pandas as pd

from analysis.tables import checkout, store

if TYPE_CHECKING:  # whoever forgets pictures does without Matplotlib
    from matplotlib.figure import Figure

    from analysis.exhibits import svg

FOLDER = "ANALYSIS_PICTURES"
MOST = "100M"  # bytes; what was used longest ago goes first
# As it is when this module is imported: what is changed thereafter is not what this process draws with.
CODE = sha256(b"".join(path.read_bytes() for path in store.visible(Path(__file__).parents[1], "*.py"))).hexdigest()
logging.getLogger("joblib").setLevel(logging.ERROR)  # a notebook would show what it says of a damaged file


def drawn(
    draw: Callable[[Figure], None], *, key: str, height: float, index: pd.Index
) -> tuple[svg.Picture, svg.Picture]:
    """The wide picture and the narrow one, as `svg.render` draws them, from the folder where it has them."""
    from analysis.exhibits import svg

    render = partial(svg.render, draw, key=key, height=height, index=index)
    made_from = _made_from(draw, key, height, index)
    if not made_from or not (kept := _kept(_folder())):
        return render()
    with warnings.catch_warnings(), suppress(OSError):  # a full disk, or a folder that another process clears
        warnings.simplefilter("ignore")
        return kept(made_from, render)
    return render()


def clear() -> None:
    """Forgets all pictures."""
    with suppress(OSError):  # another process forgets them at the same time
        if memory := _memory(_folder()):
            memory.clear(warn=False)


def bound() -> None:
    """Forgets the pictures that were used longest ago where there are too many."""
    with suppress(OSError):
        if memory := _memory(_folder()):
            memory.reduce_size(bytes_limit=MOST)


def _folder() -> str:
    return os.environ.get(FOLDER, str(checkout.ROOT / ".pictures"))


@cache
def _memory(folder: str) -> joblib.Memory | None:
    try:
        return joblib.Memory(folder, compress=1, verbose=0) if folder else None  # compressed, it has a checksum
    except OSError:
        return None


@cache
def _kept(folder: str) -> Callable | None:
    memory = _memory(folder)
    return memory and memory.cache(_rendered, ignore=["render"])


def _rendered(made_from: str, render: Callable[[], tuple[svg.Picture, svg.Picture]]) -> tuple[svg.Picture, svg.Picture]:
    return render()


def _made_from(draw: Callable, *given: object) -> str | None:
    """The digest of all that a picture is drawn from; None where that is not known.

    The code of another module than this package's is not: it may read what it does not enclose.
    """
    try:
        return joblib.hash([_surroundings(), _enclosed(draw), given], hash_name="sha1")
    except Exception:  # noqa: BLE001  what cannot be pickled, whatever the reason, is drawn
        return None


def _enclosed(draw: Callable) -> list[object]:
    """A function of this package, by where it stands, with the values that it encloses."""
    if not isinstance(draw, FunctionType) or not draw.__module__.startswith(f"{__package__}."):
        raise TypeError(draw)
    values = [cell.cell_contents for cell in draw.__closure__ or ()]
    values = [_enclosed(value) if _local(value) else value for value in values]
    return [draw.__module__, draw.__qualname__, draw.__code__.co_firstlineno, draw.__defaults__, values]


def _local(value: object) -> bool:
    return isinstance(value, FunctionType) and "<locals>" in value.__qualname__


def _surroundings() -> list[object]:
    import matplotlib

    from analysis.exhibits import charts

    versions = [sys.version, matplotlib.__version__, np.__version__, pd.__version__, _font()]
    style = {name: value for name, value in vars(charts).items() if name.isupper() and name[0] != "_"}
    return [CODE, *versions, style]


@cache
def _font() -> str:
    from matplotlib import font_manager

    from analysis.exhibits import charts

    return sha256(Path(font_manager.findfont(charts.STYLE["font.family"])).read_bytes()).hexdigest()
