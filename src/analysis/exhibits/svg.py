"""Matplotlib's figures as SVG files. The only module that knows the insides of Matplotlib's SVG writer."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from analysis.exhibits.charts import NARROW, STYLE, WIDE, places, spread_labels
from analysis.exhibits.markup import ALONE


@dataclass(frozen=True)
class Picture:
    """An SVG file, and where on it the rows of the exhibit's table stand: `marks`, a list of panels as JSON.

    Each panel has its `box` (left, top, width, height) and for each row in order `x` and `y`, whole points, null for a
    row that is not drawn there; what stands across the whole panel has no `x` or no `y`.
    """

    svg: str
    marks: str


def render(
    draw: Callable[[Figure], None], *, key: str, height: float, index: pd.Index | None = None
) -> tuple[Picture, Picture]:
    """Two pictures, wide and narrow, of the figure that `draw` fills; `index` names the rows of its table.

    The same input gives the same bytes: ids are salted with `key` and width, and no date is written.
    """
    index = pd.Index([]) if index is None else index
    return tuple(
        _picture(draw, index, key=f"{key}-{name}", size=(width, height)) for name, width in (("w", WIDE), ("n", NARROW))
    )


class _Renderer(RendererSVG):
    """Matplotlib's writer of SVG that measures a text once, and not again for each axis, pass and figure."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: bool) -> tuple[float, float, float]:
        """Width, height and descent of a text in points."""
        return _measured(self._text2path, s, prop.copy(), ismath)


@lru_cache(maxsize=4096)
def _measured(text2path: TextToPath, s: str, prop: FontProperties, ismath: bool) -> tuple[float, float, float]:
    return text2path.get_text_width_height_descent(s, prop, ismath)


class _Canvas(FigureCanvasSVG):
    """A canvas with one renderer, for the layout and for the picture."""

    def __init__(self, figure: Figure) -> None:
        super().__init__(figure)
        self.out = StringIO()
        width, height = figure.bbox.size
        no_dates = {"Date": None, "Creator": None, "Format": None, "Type": None}
        self._renderer = _Renderer(width, height, self.out, metadata=no_dates)

    def get_renderer(self) -> _Renderer:
        """What Matplotlib asks a canvas for when it lays a figure out."""
        return self._renderer


def _picture(draw: Callable[[Figure], None], index: pd.Index, *, key: str, size: tuple[float, float]) -> Picture:
    # From the defaults and not from the user's own settings, so that the same input gives the same picture.
    with matplotlib.style.context(["default", STYLE | {"svg.hashsalt": key}]):
        figure = Figure(figsize=size, dpi=72, layout="constrained")  # an SVG has 72 dots an inch
        canvas = _Canvas(figure)
        draw(figure)
        for axes in figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                if not axis.get_label_text():  # else the place of a label that is not there is found at every pass
                    axis.set_label_coords(0, 0)
        # `savefig` would draw it all three times over, to lay it out, to be sure, and for the file.
        figure.get_layout_engine().execute(figure)
        for axes in figure.axes:
            spread_labels(axes)
        figure.set_layout_engine("none")
        figure.draw(canvas.get_renderer())
        canvas.get_renderer().finalize()
        marks = [_panel(axes, *at) for axes in figure.axes if axes.get_visible() and (at := places(axes, index))]
    return Picture(_smaller(canvas.out.getvalue(), key), json.dumps(marks, separators=(",", ":")))


def _panel(axes: Axes, x: Sequence[float] | None, y: Sequence[float] | None) -> dict[str, list]:
    """The box of axes on the picture, from its upper left corner, and the places of the rows in it."""
    bottom = axes.figure.bbox.height
    box = axes.get_window_extent()
    middle = axes.transData.inverted().transform([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    count = len(x if x is not None else y)
    data = np.column_stack([[middle[0]] * count if x is None else x, [middle[1]] * count if y is None else y])
    inside = (data[:, 0] >= min(axes.get_xlim())) & (data[:, 0] <= max(axes.get_xlim())) & ~np.isnan(data[:, 1])
    at = axes.transData.transform(np.where(inside[:, None], data, data[inside][:1] if inside.any() else 0))
    panel = {"box": [round(v) for v in (box.x0, bottom - box.y1, box.width, box.height)]}
    for name, given, shown in (("x", x, at[:, 0]), ("y", y, bottom - at[:, 1])):
        if given is not None:
            panel[name] = [round(v) if drawn else None for v, drawn in zip(shown, inside, strict=True)]
    return panel


def _smaller(svg: str, key: str) -> str:
    """Matplotlib's SVG file in a fifth of its size, with ids of its own."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = svg.replace("\n", " ")
    # Ids are short, and yet of this picture alone, for many stand on one page.
    own = base64.b32encode(hashlib.sha256(key.encode()).digest())[:4].decode().lower()
    own = f"i{own}" if own[0].isdigit() else own
    used = dict.fromkeys(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    names = {name: f"{own}{at}" for at, name in enumerate(used)}
    svg = re.sub(r' id="([^"]*)"', lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", svg)
    svg = re.sub(r'(url\(#|href="#)([^)"]+)', lambda m: m[1] + names[m[2]], svg)
    # A tenth of a point is finer than what an eye sees; a line goes on without saying so.
    svg = re.sub(r' (?:d|x|y|points)="[^"]*"', lambda m: re.sub(r"\.0\d*|(\.\d)\d+", r"\1", m[0]), svg)
    svg = re.sub(r' d="([^"]*)"', lambda m: f' d="{_straight(m[1])}"', svg)
    svg = re.sub(r' transform="[^"]*"', lambda m: re.sub(r"(\.\d\d)\d+", r"\1", m[0]), svg)
    svg = svg.replace(" font-family: 'DejaVu Sans';", "").replace("xlink:href", "href")
    svg = re.sub(r' style="[^"]*"', lambda m: m[0].replace(": ", ":").replace("; ", ";"), svg)
    svg = re.sub(r' (?:xmlns:xlink|version)="[^"]*"', "", svg)
    # What shows nothing: paths without a line or a fill, turns by nothing, groups that group alone, empty definitions.
    svg = re.sub(r'<path d="[^"]*" style="fill:none"/>| transform="rotate\(-?0 [^"]*\)"', "", svg)
    svg = re.sub(r"<defs>\s*</defs>", "", _ungrouped(svg))
    svg = re.sub(r"<g(?: [^>]*)?/>", "", svg)
    svg = _styled_once(svg, own)
    svg = svg.replace("<svg ", ALONE, 1)
    return re.sub(r">\s+<", ">\n<", re.sub(r" {2,}", " ", svg)).strip()


def _straight(path: str) -> str:
    """The commands of a path without what they do without: blanks, and L where a line goes on."""
    if not re.search("[CQ]", path):
        path = path.replace(" L ", " ")
    return re.sub(r" ?([A-Za-z]) ?", r"\1", path).strip()


def _styled_once(svg: str, key: str) -> str:
    """The SVG with a class, of its own key, for each style that stands several times."""
    counts = Counter(re.findall(r' style="([^"]*)"', svg))
    names = {style: f"{key}{at}" for at, style in enumerate(style for style, count in counts.items() if count > 2)}
    svg = re.sub(
        r' style="([^"]*)"', lambda found: f' class="{names[found[1]]}"' if found[1] in names else found[0], svg
    )
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())
    return svg.replace(">", f"><style>{rules}</style>", 1) if rules else svg


def _ungrouped(svg: str) -> str:
    """The SVG without its groups that have no attribute."""
    bare: list[bool] = []

    def kept(tag: re.Match) -> str:
        if tag[0] != "</g>":
            bare.append(tag[0] == "<g>")
            return "" if bare[-1] else tag[0]
        return "" if bare.pop() else tag[0]

    return re.sub(r"<g>|<g [^>]*>|</g>", kept, svg)
