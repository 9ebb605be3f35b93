"""A map as an atlas has it: land, borders, a net of degrees, a scale, and names that do not meet.

All that is drawn is measured in points from the lower left corner, as on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from analysis.exhibits.charts import COLOURS
from analysis.methods import geography

Box = tuple[float, float, float, float]  # left, bottom, right, top

INCH = 72
LETTERS, SMALL = 8, 7  # points: names of places; of neighbours and degrees
CELL = 2  # points: how near to one another points of an outline may be
STEP = 4  # points: how finely a place for the name of a country is looked for
BROKEN = 3  # points of a line that a name may cross before it is broken instead
EDGE = 3  # points between the frame and what stands at it
# The ways from a point to its name, the best first.
BESIDE = ((1, 0), (-1, 0), (0.7, 0.7), (0.7, -0.7), (-0.7, 0.7), (-0.7, -0.7), (0, 1), (0, -1))


class Map:
    """A map between two longitudes and two latitudes, in degrees, across the upper part of a figure.

    The longitudes are those of its edges half way up, the latitudes those of its edges in the middle. `taken` are the
    boxes that names keep off.
    """

    def __init__(self, figure: Figure, *, lons: tuple[float, float], lats: tuple[float, float]) -> None:
        layout = figure.get_layout_engine()
        part = layout.get()["rect"] if layout else (0, 0, 1, 1)  # of the figure: the rest is for other things
        self.width, self.height = (float(side * INCH) for side in figure.get_size_inches() * part[2:])
        self.lons, self.lats = lons, lats
        self.taken: list[Box] = []
        self.axes = figure.subplots()
        self.axes.set_position(part)
        self.axes.set(xlim=(0, self.width), ylim=(0, self.height))
        self.axes.axis("off")

    @cached_property
    def box(self) -> Box:
        """The edges of the map."""
        (left, bottom), (right, top) = self._corners
        return 0.0, self.height - self.width * (top - bottom) / (right - left), self.width, self.height

    @property
    def per_km(self) -> float:
        """The points that a kilometre takes."""
        (left, _), (right, _) = self._corners
        return self.width / (right - left)

    def at(self, points: np.ndarray) -> np.ndarray:
        """The places of rows of longitude and latitude."""
        return (self._projected(points) - self._corners[0]) * self.per_km + self.box[:2]

    def shows(self, places: np.ndarray) -> np.ndarray:
        """Whether each of some places lies on the map."""
        left, bottom, right, top = self.box
        x, y = places.T
        return (x >= left) & (x <= right) & (y >= bottom) & (y <= top)

    def within(self, places: np.ndarray, radius: np.ndarray) -> np.ndarray:
        """Places as they are, and those beyond the map at its edge, on the way there from its middle.

        A symbol of the `radius` does not touch the frame then.
        """
        left, bottom, right, top = self.box
        middle, half = np.array([left + right, bottom + top]) / 2, np.array([right - left, top - bottom]) / 2
        way = places - middle
        beyond = np.max(np.abs(way) / (half - EDGE - radius[:, None]), axis=1)
        return middle + way / np.fmax(beyond, 1)[:, None]

    def cut(self, rings: Mapping[str, Sequence[np.ndarray]]) -> dict[str, list[np.ndarray]]:
        """What the map shows of rings of longitude and latitude, by their names; neighbours keep what they share."""
        left, bottom, right, top = self.box
        names = [name for name, of in rings.items() for _ in of]
        parts = [
            geography.clipped(self.at(ring), low=(left, bottom), high=(right, top))
            for of in rings.values()
            for ring in of
        ]
        found: dict[str, list[np.ndarray]] = {name: [] for name in rings}
        for name, part in zip(names, geography.coarsened(parts, cell=CELL), strict=True):
            found[name] += [part] * (len(part) > 3)
        return found

    def free(self, box: Box, within: Box) -> bool:
        """Whether nothing is written in a box, and it lies within another."""
        left, bottom, right, top = box
        inside = left >= within[0] and bottom >= within[1] and right <= within[2] and top <= within[3]
        return inside and not any(left < r and x < right and bottom < t and y < top for x, y, r, t in self.taken)

    def write(self, words: str, box: Box, *, size: float = SMALL, role: str = "muted", align: str = "center") -> None:
        """A text in its box; its lines stand flush with the side that is named."""
        left, _, right, top = box
        x = {"left": left, "right": right, "center": (left + right) / 2}[align]
        for at, line in enumerate(words.split("\n")):
            baseline = top - size * (0.8 + 1.2 * at)
            self.axes.text(x, baseline, line, fontsize=size, color=COLOURS[role], ha=align, zorder=7)
        self.taken.append(box)

    @cached_property
    def _corners(self) -> tuple[np.ndarray, np.ndarray]:
        """The map's lower left and upper right corner, in km."""
        (west, east), (south, north) = self.lons, self.lats
        upright, level = (west + east) / 2, (south + north) / 2
        (_, low), (_, high), (left, _) = self._projected([(upright, south), (upright, north), (west, level)])
        return np.array([left, low]), np.array([-left, high])

    def _projected(self, points: np.ndarray) -> np.ndarray:
        return geography.albers(
            points,
            parallels=geography.standard_parallels(*self.lats),
            origin=(sum(self.lons) / 2, sum(self.lats) / 2),
        )


@lru_cache(maxsize=1024)
def measured(words: str, size: float) -> tuple[float, float]:
    """The width and the height of the lines of a text in points; a page's own letters are hardly wider."""
    font = FontProperties(family="DejaVu Sans", size=size)
    lines = words.split("\n")
    widths = [text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines]
    return max(widths), size * (1.2 * len(lines) - 0.2)


def land(chart: Map, parts: Sequence[np.ndarray], *, role: str, dashed: bool = False) -> None:
    """The parts of a country, of `Map.cut`, in a tint of a colour, with a thin edge."""
    for part in parts:
        chart.axes.fill(
            *part.T,
            facecolor=to_rgba(COLOURS[role], 0.14),
            edgecolor=COLOURS["other"],
            linestyle=(0, (3, 2)) if dashed else "-",
            linewidth=0.5,
            clip_on=False,
            zorder=1,
        )


def net(chart: Map, *, step: int) -> None:
    """Meridians and parallels, the latter with half as many degrees between, named at the edges, and the frame."""
    left, bottom, right, top = chart.box
    (west, east), (south, north) = chart.lons, chart.lats
    lons = np.linspace(west - step, east + step, 500)
    lats = np.linspace(south - step, north + step, 500)
    meridians = [(lon, np.column_stack([np.full(500, lon), lats])) for lon in _multiples(west, east, step)]
    parallels = [(lat, np.column_stack([lons, np.full(500, lat)])) for lat in _multiples(south, north, step // 2)]
    for degrees, line in meridians:
        shown = chart.at(line)
        shown = shown[chart.shows(shown)]
        _line(chart, shown[[0, -1]])
        width, height = measured(f"{degrees}° E", SMALL)
        x = shown[0, 0] + EDGE
        if x + width < right - EDGE:
            chart.write(f"{degrees}° E", (x, bottom + EDGE, x + width, bottom + EDGE + height))
    for degrees, line in parallels:
        shown = chart.at(line)
        shown = shown[chart.shows(shown)]
        _line(chart, np.vstack([shown[::25], shown[-1:]]))
        width, height = measured(f"{degrees}° N", SMALL)
        x, y = right - EDGE - width, shown[-1, 1] - 2 - height
        if shown[-1, 0] > x and bottom + 2 * height < y:
            chart.write(f"{degrees}° N", (x, y, x + width, y + height))
    inset = 0.4  # points: the frame is whole on the picture
    x, y = (left + inset, right - inset), (bottom + inset, top - inset)
    chart.axes.plot(
        [x[0], x[1], x[1], x[0], x[0]],
        [y[0], y[0], y[1], y[1], y[0]],
        color=COLOURS["muted"],
        linewidth=0.8,
        clip_on=False,
        zorder=8,
    )


def _multiples(low: float, high: float, step: int) -> range:
    """The multiples of a step between two numbers."""
    return range((int(low // step) + 1) * step, int(-(-high // step)) * step, step)


def _line(chart: Map, line: np.ndarray) -> None:
    chart.axes.plot(*line.T, color=COLOURS["muted"], alpha=0.3, linewidth=0.5, clip_on=False, zorder=2)


def scale(chart: Map, *, km: int, x: float, y: float) -> None:
    """A line as long as some kilometres, from a place to the right, with their number above it."""
    end, words = x + km * chart.per_km, f"{km} km"
    bar = [x, x, end, end], [y + 3, y, y, y + 3]
    chart.axes.plot(*bar, color=COLOURS["ink"], linewidth=0.9, clip_on=False, zorder=6)
    width, height = measured(words, SMALL)
    middle = (x + end) / 2
    chart.write(words, (middle - width / 2, y + 3, middle + width / 2, y + 3 + height), role="ink")
    chart.taken.append((x, y, end, y + 3))


def name_land(chart: Map, parts: Sequence[np.ndarray], words: str, *, size: float) -> None:
    """Writes the name of a country near the middle of a part of it that is shown; not where nothing is free for it."""
    left, bottom, right, top = chart.box
    width, height = measured(words, size)
    across, up = np.arange(left + STEP, right - STEP, STEP), np.arange(bottom + STEP, top - STEP, STEP)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    window = int(height / STEP) + 2, int(width / STEP) + 2
    for part in parts:
        inside = Path(part).contains_points(grid.reshape(-1, 2)).reshape(grid.shape[:2])
        whole = np.lib.stride_tricks.sliding_window_view(inside, window).all(axis=(2, 3))
        spots = grid[: whole.shape[0], : whole.shape[1]][whole]
        half = np.array([width, height]) / 2
        far = np.hypot(*(spots + half - grid[inside].mean(axis=0)).T) if len(spots) else []
        for x, y in spots[np.argsort(far, kind="stable")]:
            if chart.free((x, y, x + width + STEP, y + height + STEP), chart.box):
                chart.write(words, (x, y, x + width, y + height), size=size)
                return


def place_labels(
    chart: Map,
    points: Mapping[str, tuple[float, float, float]],
    *,
    avoid: Sequence[np.ndarray],
    pale: Sequence[str] = (),
) -> list[str]:
    """Names beside points where they meet no other name and no symbol, and cross little of the lines to `avoid`.

    `points` has the x, the y and the radius of each, and `avoid` lines, the more important first. Those names come
    first for which the fewest places are free, and a name may be broken. Returns the names without a place.
    """
    lines = [geography.along(line, step=1) for line in avoid]

    def crossed(box: Box) -> list[int]:
        low, high = np.reshape(box, (2, 2))
        return [int(((line > low) & (line < high)).all(axis=1).sum()) for line in lines]

    def choices(words: str) -> list[tuple[str, int, Box]]:
        x, y, radius = points[words]
        return [
            (form, rank, box)
            for form in dict.fromkeys([words, "\n".join(words.rsplit(" ", 1))])
            for rank, way in enumerate(BESIDE)
            if chart.free(box := _beside((x, y), radius + 2, way, measured(form, LETTERS)), chart.box)
        ]

    def cost(words: str, choice: tuple[str, int, Box]) -> tuple[int, list[int], int]:
        form, rank, box = choice
        first, *others = crossed(box) or [0]
        return first + BROKEN * (form != words), others, rank

    lost = []
    for words in sorted(points, key=lambda words: len(choices(words))):
        if not (free := choices(words)):
            lost.append(words)
            continue
        form, rank, box = min(free, key=lambda choice: cost(words, choice))
        align = {1: "left", 0: "center", -1: "right"}[int(np.sign(BESIDE[rank][0]))]
        chart.write(form, box, size=LETTERS, role="muted" if words in pale else "ink", align=align)
    return lost


def _beside(point: tuple[float, float], away: float, way: tuple[float, float], size: tuple[float, float]) -> Box:
    """The box of a size that touches the circle around a point, on some way from its middle."""
    left, bottom = (
        at + step * away - (side / 2 if step == 0 else side if step < 0 else 0)
        for at, step, side in zip(point, way, size, strict=True)
    )
    return left, bottom, left + size[0], bottom + size[1]
