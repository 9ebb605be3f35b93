"""The arithmetic of a small map: a projection, and rings of points that are cut, thinned and compared.

Points are rows of two numbers, `lon` and `lat` in degrees or x and y; a ring ends at the point at which it begins.

Reference: J. P. Snyder, Map Projections: A Working Manual, US Geological Survey Professional Paper 1395, 1987,
pages 98 to 103 and 291 (Albers equal-area conic, the sphere).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

EARTH = 6371.0  # km, the radius of the sphere that has the Earth's volume


def standard_parallels(south: float, north: float) -> tuple[float, float]:
    """The latitudes at which a conic map of the land between two others is true: a sixth from either edge."""
    sixth = (north - south) / 6
    return south + sixth, north - sixth


def albers(points: np.ndarray, *, parallels: tuple[float, float], origin: tuple[float, float]) -> np.ndarray:
    """Points on the Albers equal-area conic map: km to the east and to the north of `origin`.

    With n = (sin φ₁ + sin φ₂) / 2, C = cos² φ₁ + 2 n sin φ₁ and ρ(φ) = R √(C − 2 n sin φ) / n:
    x = ρ(φ) sin n(λ − λ₀) and y = ρ(φ₀) − ρ(φ) cos n(λ − λ₀).

    Args:
        points: rows of longitude and latitude in degrees.
        parallels: φ₁ and φ₂, the latitudes along which lengths are true; not each other's opposite.
        origin: λ₀ and φ₀, the longitude that stands upright and the latitude from which y counts.
    """
    lon, lat = np.radians(np.asarray(points, dtype=float)).T
    (first, second), (lon_0, lat_0) = np.radians(parallels), np.radians(origin)
    n = (np.sin(first) + np.sin(second)) / 2
    constant = np.cos(first) ** 2 + 2 * n * np.sin(first)
    radius, of_origin = (EARTH * np.sqrt(constant - 2 * n * np.sin(at)) / n for at in (lat, lat_0))
    angle = n * (lon - lon_0)
    return np.column_stack([radius * np.sin(angle), of_origin - radius * np.cos(angle)])


def clipped(ring: np.ndarray, *, low: tuple[float, float], high: tuple[float, float]) -> np.ndarray:
    """The part of a ring in a rectangle, by its corners; parts that it falls into are joined along the edge.

    The method is that of Sutherland and Hodgman: one edge after the other cuts off what is beyond it. Returns no point
    for a ring that lies outside.
    """
    points = np.asarray(ring, dtype=float)[:-1]
    for axis, bound, side in ((0, low[0], 1), (0, high[0], -1), (1, low[1], 1), (1, high[1], -1)):
        kept = []
        for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
            inside = [side * (point[axis] - bound) >= 0 for point in (a, b)]
            if inside[0]:
                kept.append(a)
            if inside[0] != inside[1]:
                kept.append(a + (b - a) * (bound - a[axis]) / (b[axis] - a[axis]))
        points = np.array(kept).reshape(-1, 2)
    return np.vstack([points, points[:1]])


def common_stretch(ring: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The stretch of a ring along which another runs: all but its longest part without a point of the other.

    Points that the other lacks between two that it has belong to the stretch. Returns no point where they share none.
    """
    points = [tuple(point) for point in np.asarray(ring, dtype=float)[:-1]]
    theirs = {tuple(point) for point in np.asarray(other, dtype=float)}
    shared = [at for at, point in enumerate(points) if point in theirs]
    if not shared:
        return np.empty((0, 2))
    gaps = np.diff([*shared, shared[0] + len(points)])
    first = (int(np.argmax(gaps)) + 1) % len(shared)
    count = len(points) - int(gaps.max()) + 1
    return np.array([points[(shared[first] + step) % len(points)] for step in range(count)])


def coarsened(lines: Sequence[np.ndarray], *, cell: float) -> list[np.ndarray]:
    """Lines with as few points as a small map needs: all that lie in one square of a grid become the first of them.

    Points are rounded to whole numbers, and none follows upon itself. Lines keep the points that they have in common.
    """
    first: dict[tuple[int, int], np.ndarray] = {}
    made = []
    for line in lines:
        points = [first.setdefault(tuple(np.floor(point / cell).astype(int)), np.round(point)) for point in line]
        made.append(np.array([at for at, before in zip(points, [None, *points], strict=False) if at is not before]))
    return made


def along(line: np.ndarray, *, step: float) -> np.ndarray:
    """Points on a line, its own among them, that lie at most a `step` apart."""
    parts = [
        np.linspace(a, b, int(np.ceil(np.hypot(*(b - a)) / step)), endpoint=False) for a, b in itertools.pairwise(line)
    ]
    return np.vstack([*parts, line[-1:]])
