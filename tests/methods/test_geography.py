"""A map's arithmetic against Snyder's printed example and shapes worked by hand."""

import numpy as np
import pytest

from analysis.methods import geography
from analysis.tables.store import load

SQUARE = np.array([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)], dtype=float)


def area(ring):
    x, y = ring.T
    return abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2


def test_albers_gives_snyders_example():
    # Page 291: the sphere of radius 1, 35° N 75° W, parallels 29.5° and 45.5° N, origin 23° N 96° W.
    made = geography.albers([(-75, 35)], parallels=(29.5, 45.5), origin=(-96, 23))
    assert made / geography.EARTH == pytest.approx(np.array([[0.2952720, 0.2416774]]), abs=1e-7)


def test_albers_keeps_lengths_on_its_parallels_and_areas_everywhere():
    parallels, origin = geography.standard_parallels(40, 58), (68, 49)
    assert parallels == (43, 55)
    step = geography.albers([(68, 43), (68.01, 43)], parallels=parallels, origin=origin)
    along = np.radians(0.01) * geography.EARTH * np.cos(np.radians(43))
    assert np.hypot(*np.diff(step, axis=0)[0]) == pytest.approx(along, rel=1e-6)
    for south in (41, 49, 57):
        cell = np.array([(80, south), (80.1, south), (80.1, south + 0.1), (80, south + 0.1), (80, south)])
        on_sphere = geography.EARTH**2 * np.radians(0.1) * np.diff(np.sin(np.radians([south, south + 0.1])))[0]
        assert area(geography.albers(cell, parallels=parallels, origin=origin)) == pytest.approx(on_sphere, rel=1e-3)


def test_a_ring_is_cut_at_each_edge():
    inside = geography.clipped(SQUARE, low=(1, 1), high=(9, 2))
    assert area(inside) == pytest.approx(3) and tuple(inside[0]) == tuple(inside[-1])
    assert {tuple(point) for point in inside} == {(1, 1), (4, 1), (4, 2), (1, 2)}
    assert area(geography.clipped(SQUARE, low=(-1, -1), high=(5, 5))) == 16
    assert len(geography.clipped(SQUARE, low=(5, 5), high=(6, 6))) == 0


def test_the_common_stretch_of_two_rings():
    neighbour = np.array([(4, 0), (8, 0), (8, 4), (4, 4), (4, 0)], dtype=float)
    assert geography.common_stretch(SQUARE, neighbour).tolist() == [[4, 0], [4, 4]]
    # A point that one of them lacks lies between, and the stretch runs over the ring's beginning.
    ring = np.array([(4, 1), (4, 4), (0, 4), (0, 0), (4, 0), (4, 1)], dtype=float)
    assert geography.common_stretch(ring, neighbour).tolist() == [[4, 0], [4, 1], [4, 4]]
    assert len(geography.common_stretch(SQUARE, SQUARE + 9)) == 0


def test_lines_lose_points_that_are_near_and_keep_those_they_share():
    line = np.array([(0.2, 0.4), (1.9, 0.1), (2.1, 0), (3.6, 1.2), (6, 6)])
    other = np.array([(9, 9), (6, 6), (1.9, 0.1), (0.2, 0.4)])
    made = geography.coarsened([line, other], cell=2)
    assert made[0].tolist() == [[0, 0], [2, 0], [6, 6]]
    assert made[1].tolist() == [[9, 9], [6, 6], [0, 0]]


def test_points_along_a_line_are_near_one_another():
    line = np.array([(0, 0), (3, 4), (3, 5)], dtype=float)
    made = geography.along(line, step=2.5)
    assert made.tolist() == [[0, 0], [1.5, 2], [3, 4], [3, 5]]


def test_the_outlines_are_closed_rings_and_the_two_countries_share_one_long_border():
    points = load("outline_points")
    rings = {
        key: ring.sort_values("point")[["lon", "lat"]].to_numpy()
        for key, ring in points.groupby(["outline_id", "ring"])
    }
    for key, ring in rings.items():
        assert len(ring) > 3 and tuple(ring[0]) == tuple(ring[-1]), key
        assert len({tuple(point) for point in ring}) == len(ring) - 1, key
    assert points.groupby(["outline_id", "ring"])["point"].agg(lambda at: list(at) == [*range(1, len(at) + 1)]).all()
    border = geography.common_stretch(rings["kazakhstan", 1], rings["russia", 1])
    assert border[:, 0].min() < 47 and border[:, 0].max() > 87, "from the Caspian to the Altai"
    assert set(load("outlines")["outline_id"]) == set(points["outline_id"])
