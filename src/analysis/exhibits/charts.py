"""One style for every chart: colours, sizes, direct labels, event lines, hollow doubtful points.

Charts are built on Matplotlib's `Figure` without pyplot's global state and rendered to SVG at two widths, one for
a page and one for a phone. Text stays text, and a page makes CSS variables of the colours, so that it may turn dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from weakref import WeakKeyDictionary

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from analysis.exhibits.markup import COLOURS
from analysis.exhibits.wording import shortened

WIDE, NARROW = 7.6, 4.0  # inches; at 96 CSS pixels an inch a column of text and a phone

DASHES = {"KAZ": "-", "RUS": (0, (5, 1.5)), "CHN": (0, (1, 1)), "EU": (0, (6, 1.5, 1, 1.5)), "other": "-"}
MARKERS = {"KAZ": "o", "RUS": "s", "CHN": "^", "EU": "D", "other": "o"}

STYLE = {
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": COLOURS["muted"],
    "axes.labelcolor": COLOURS["muted"],
    "text.color": COLOURS["ink"],
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": COLOURS["rule"],
    "grid.linewidth": 0.8,
    "xtick.color": COLOURS["muted"],
    "ytick.color": COLOURS["muted"],
    "ytick.major.size": 0,
    "lines.linewidth": 1.9,
    "lines.markersize": 3.6,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.titley": 1.0,  # right above the axes; to look for ticks there takes time, and there are none
    "axes.titlecolor": COLOURS["ink"],
    "axes.prop_cycle": matplotlib.cycler(color=[COLOURS["KAZ"]]),
}


_PLACES: WeakKeyDictionary[Axes, tuple[Sequence[float] | None, Sequence[float] | None] | None] = WeakKeyDictionary()


def rows_at(axes: Axes, *, x: Sequence[float] | None = None, y: Sequence[float] | None = None) -> None:
    """Says where on the axes the rows of the exhibit's table stand, in their order, NaN for one that is not drawn.

    A page shows the row under the pointer. What stands across the whole axes has no `x` or no `y`.
    """
    _PLACES[axes] = (x, y)


def places(axes: Axes, index: pd.Index) -> tuple[Sequence[float] | None, Sequence[float] | None] | None:
    """The `x` and `y` of `rows_at`, those of the years of an index on an axis of years; None where none are said."""
    if axes not in _PLACES:
        return None
    years = pd.api.types.is_integer_dtype(index)
    return _PLACES[axes] or ((list(index), None) if years else None)


def narrow(axes: Axes) -> bool:
    """Whether the chart is drawn for a phone: then fewer ticks and labels fit."""
    return axes.figure.get_figwidth() < (WIDE + NARROW) / 2


def panels(figure: Figure) -> Sequence[Axes]:
    """Two axes, side by side on a page and one above the other on a phone."""
    return figure.subplots(2, 1) if figure.get_figwidth() < (WIDE + NARROW) / 2 else figure.subplots(1, 2)


def line(
    axes: Axes,
    series: pd.Series,
    *,
    role: str,
    label: str = "",
    doubtful: Sequence[int] = (),
    markers: bool = True,
    width: float | None = None,
) -> None:
    """A line with a point a year, a gap where a year is missing, hollow points in doubtful years, its label at its end.

    `series` is indexed by year (or another number); `role` is a key of COLOURS; the label is spread apart from
    its neighbours when the figure is rendered. Without `markers` only the points that are doubtful or stand alone are
    drawn.
    """
    whole = series.reindex(range(int(series.index.min()), int(series.index.max()) + 1)) if len(series) else series
    colour = COLOURS[role]
    axes.plot(whole.index, whole, color=colour, linestyle=DASHES.get(role, "-"), linewidth=width, zorder=3)
    known = whole.dropna()
    unsure = known.index.isin(doubtful)
    alone = (whole.shift().isna() & whole.shift(-1).isna()).reindex(known.index).to_numpy(bool)
    for points, face in ((known[~unsure & (markers | alone)], colour), (known[unsure], COLOURS["paper"])):
        axes.plot(
            points.index,
            points,
            MARKERS.get(role, "o"),
            color=colour,
            markerfacecolor=face,
            markeredgewidth=1.2,
            zorder=4,
        )
    if label and len(known):
        text = axes.annotate(
            label,
            (known.index[-1], known.iloc[-1]),
            xytext=(7, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            fontweight="bold",
            annotation_clip=False,
        )
        text.set_gid("end-label")


def lines(
    axes: Axes,
    series: Mapping[str, pd.Series] | pd.DataFrame,
    roles: Sequence[str],
    doubtful: Mapping[str, Sequence[int]] | None = None,
    **look: object,
) -> None:
    """A `line` each, labelled by its name, on an axis of whole years and one of plain values.

    `roles` are the lines' keys of COLOURS, in order; `doubtful` maps a name to its doubtful years; `look` goes to
    `line`.
    """
    for (name, one), role in zip(series.items(), roles, strict=True):
        line(axes, one, role=role, label=name, doubtful=(doubtful or {}).get(name, ()), **look)
    years_axis(axes, sorted(set().union(*(one.index for _, one in series.items()))))
    value_axis(axes)


def role(code: str) -> str:
    """The key of COLOURS of a country or group, that of all others for one without a colour of its own."""
    return code if code in MARKERS else "other"


def event_lines(axes: Axes, events: Mapping[int, str]) -> None:
    """A thin vertical line a year with its label above the chart, in as many rows as it takes for none to collide."""
    first, last = axes.get_xlim()
    span = last - first
    character = 0.0125 * span * (WIDE / axes.figure.get_figwidth()) ** 1.0
    rows: list[float] = []
    for year in sorted(year for year in events if first <= year <= last):
        label = f"{year} {events[year]}"
        size = len(label) * character
        right = year + size > last + 0.02 * span
        start = year - size if right else year
        row = next((i for i, end in enumerate(rows) if start > end), len(rows))
        rows[row : row + 1] = [year if right else year + size]
        axes.axvline(year, color=COLOURS["muted"], linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
        axes.annotate(
            label,
            (year, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 4 + 12 * row),
            fontsize=8,
            textcoords="offset points",
            color=COLOURS["muted"],
            ha="right" if right else "left",
        )


def years_axis(axes: Axes, index: Sequence[int]) -> None:
    """Whole years as ticks, few enough to be read, at which the rows of a table by year stand."""
    _PLACES.setdefault(axes, None)
    few = narrow(axes) or axes.get_subplotspec().get_gridspec().ncols > 1
    whole = MaxNLocator(nbins=5 if few else 9, integer=True)
    axes.xaxis.set_major_locator(whole if max(index) - min(index) > 1 else FixedLocator(sorted(set(index))))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    axes.set_xlim(min(index) - 0.6, max(index) + 0.6)
    axes.grid(False, axis="x")


def value_axis(axes: Axes, *, zero: bool = True, suffix: str = "") -> None:
    """Plain numbers with a true minus sign; a line at zero where values may be negative."""
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.10g}{suffix}".replace("-", "−")))
    low, _ = axes.get_ylim()
    if zero and low > 0:
        axes.set_ylim(bottom=0)
    if low < 0:
        axes.axhline(0, color=COLOURS["ink"], linewidth=0.9, zorder=2)


def bars(axes: Axes, series: pd.Series, *, role: str | None = None, doubtful: Sequence[int] = ()) -> None:
    """A bar a year, coloured by sign unless `role` names a colour; doubtful years are hollow."""
    known = series.dropna()
    drawn = axes.bar(known.index, known, width=0.74, zorder=3, linewidth=1.1)
    for bar, (label, value) in zip(drawn, known.items(), strict=True):
        colour = COLOURS[role or ("up" if value >= 0 else "down")]
        bar.set_edgecolor(colour)
        bar.set_facecolor(COLOURS["paper"] if label in doubtful else colour)
        bar.set_hatch("////" if label in doubtful else None)


def spread_labels(axes: Axes, *, gap: float = 1.18) -> None:
    """Moves the end labels of lines apart where they would overlap, keeping their order.

    A line that ends long before the others has its label below its end, out of their way.
    """
    labels = [text for text in axes.texts if text.get_gid() == "end-label"]
    last = max((text.xy[0] for text in labels), default=0)
    for text in labels:
        if last - text.xy[0] > 0.08 * np.ptp(axes.get_xlim()):
            text.set_position((4, -14))
    labels = [text for text in labels if text.xy[0] == last]
    if len(labels) < 2:
        return
    dpi = axes.figure.dpi
    at = np.array([axes.transData.transform(text.xy)[1] for text in labels]) * 72 / dpi
    step = labels[0].get_fontsize() * gap
    order = np.argsort(at, kind="stable")
    _low, high = (axes.transAxes.transform((0, edge))[1] * 72 / dpi for edge in (0, 1))
    placed = at[order].copy()
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + step)
    placed -= max(0.0, placed[-1] - max(high, at.max()))
    for i in range(len(placed) - 2, -1, -1):
        placed[i] = min(placed[i], placed[i + 1] - step)
    for position, index in zip(placed, order):
        labels[index].set_position((7, position - at[index]))


def stacked(axes: Axes, counts: pd.DataFrame, shades: Mapping[str, tuple[str, str]]) -> None:
    """Rows of counts as bars of a hundred per cent, one part a column; the first row lies lowest.

    The rows of the exhibit's table begin with these, the last of them first.
    `shades` has the fill and the ink of each column. A part that is wide enough tells its count.
    """
    percent = 100 * counts.div(counts.sum(axis=1), axis=0)
    small = narrow(axes)
    left = pd.Series(0.0, index=percent.index)
    for column in percent:
        shade, ink = shades[column]
        axes.barh(range(len(percent)), percent[column], left=left, color=shade, label=column, height=0.72)
        for at, (start, width) in enumerate(zip(left, percent[column], strict=True)):
            if width >= (16 if small else 9):
                text = str(int(counts[column].iloc[at]))
                axes.annotate(text, (start + width / 2, at), ha="center", va="center", fontsize=8, color=ink)
        left += percent[column]
    axes.set_yticks(range(len(percent)), [shortened(name, 22 if small else 34) for name in percent.index])
    rows_at(axes, y=range(len(percent))[::-1])
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.6, len(percent) - 0.4)
    axes.grid(False)
