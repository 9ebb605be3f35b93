"""A chart as a picture that stands alone: its title above it, its note and its sources below, on white paper."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import matplotlib.style
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.textpath import text_to_path

from analysis.exhibits.charts import COLOURS, STYLE, WIDE, spread_labels

MARGIN = 0.15  # inches, around all
GAP = 0.1  # inches, between the chart and the text above and below it
LEADING = 1.3  # of the size of the letters
MOST = 0.96 * WIDE * 72  # points that a line may take: letters fitted to pixels are wider than they are measured
# What stands above and below the chart, in this order: size in points, weight and colour.
ABOVE = ((13, "bold", "ink"), (9.5, "normal", "muted"))
BELOW = ((8.5, "normal", "ink"), (8, "normal", "muted"))


class Sheet(Figure):
    """A figure of Matplotlib that Jupyter shows as a picture without pyplot."""

    def _repr_png_(self) -> bytes:
        file = BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


def sheet(
    draw: Callable[[Figure], None], *, height: float, title: str, subtitle: str, note: str, sources: str
) -> Sheet:
    """The chart that `draw` makes of a wide figure of `height` inches, on a sheet that grows with its texts.

    It is laid out: what is added to the figure afterwards moves nothing.
    """
    with matplotlib.style.context(["default", STYLE]):
        above = [_wrapped(text, *look[:2]) for text, look in zip((title, subtitle), ABOVE, strict=True)]
        below = [_wrapped(text, *look[:2]) for text, look in zip((note, sources), BELOW, strict=True)]
        top, bottom = (
            MARGIN + GAP + sum(_height(text, look[0]) for text, look in zip(texts, looks, strict=True))
            for texts, looks in ((above, ABOVE), (below, BELOW))
        )
        whole = top + height + bottom
        figure = Sheet(figsize=(WIDE + 2 * MARGIN, whole), dpi=150, facecolor=COLOURS["paper"])
        across = figure.get_figwidth()
        chart = (MARGIN / across, bottom / whole, WIDE / across, height / whole)
        figure.set_layout_engine(ConstrainedLayoutEngine(rect=chart))
        draw(figure)
        figure.get_layout_engine().execute(figure)
        for axes in figure.axes:
            spread_labels(axes)
        figure.set_layout_engine("none")
        for texts, looks, edge in ((above, ABOVE, whole - MARGIN), (below, BELOW, bottom - GAP)):
            for text, (size, weight, colour) in zip(texts, looks, strict=True):
                if text:
                    figure.text(
                        MARGIN / across, edge / whole, text, size=size, weight=weight, color=COLOURS[colour],
                        va="top", linespacing=LEADING, parse_math=False,
                    )  # fmt: skip
                edge -= _height(text, size)
    return figure


def _height(text: str, size: float) -> float:
    """Inches that a text takes, with some air below it; none where there is no text."""
    return (text.count("\n") + 1.15) * size * LEADING / 72 if text else 0.0


def _wrapped(text: str, size: float, weight: str) -> str:
    """The text on lines as wide as the chart."""
    letters = FontProperties(family=STYLE["font.family"], size=size, weight=weight)
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_to_path.get_text_width_height_descent(longer, letters, ismath=False)[0] <= MOST:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)
