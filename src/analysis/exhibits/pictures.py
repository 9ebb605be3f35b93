"""Pictures are drawn once: to lay them out takes most of the time of a report.

A picture of this package is a pure function of what its exhibit encloses (frames, words, numbers), of the package's
code and style, and of Matplotlib and its font: by these it is found among what is `kept`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

import pandas as pd

from analysis.exhibits import kept

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from analysis.exhibits import svg


def drawn(
    draw: Callable[[Figure], None], *, key: str, height: float, index: pd.Index
) -> tuple[svg.Picture, svg.Picture]:
    """The wide picture and the narrow one, as `svg.render` draws them, from the folder where it has them."""
    from analysis.exhibits import svg

    try:
        made_from = kept.digest(_style(), _enclosed(draw), key, height, index)
    except TypeError:
        made_from = None
    return kept.result(made_from, partial(svg.render, draw, key=key, height=height, index=index))


def _enclosed(draw: Callable) -> list[object]:
    """A function of this package, by where it stands, with the values that it encloses.

    Raises TypeError for the code of another module than this package's: it may read what it does not enclose.
    """
    if not isinstance(draw, FunctionType) or not draw.__module__.startswith(f"{__package__}."):
        raise TypeError(draw)
    values = [cell.cell_contents for cell in draw.__closure__ or ()]
    values = [_enclosed(value) if _local(value) else value for value in values]
    return [draw.__module__, draw.__qualname__, draw.__code__.co_firstlineno, draw.__defaults__, values]


def _local(value: object) -> bool:
    return isinstance(value, FunctionType) and "<locals>" in value.__qualname__


def _style() -> list[object]:
    from analysis.exhibits import charts

    style = {name: value for name, value in vars(charts).items() if name.isupper() and name[0] != "_"}
    return [_font(), style]


@cache
def _font() -> str:
    from matplotlib import font_manager

    from analysis.exhibits import charts

    return sha256(Path(font_manager.findfont(charts.STYLE["font.family"])).read_bytes()).hexdigest()
