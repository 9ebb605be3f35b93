"""A map: where things lie, what is cut, and names that meet nothing."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from analysis.exhibits import maps


def drawn():
    """A map of 0 to 20° E and 40 to 48° N."""
    return maps.Map(Figure(figsize=(6, 5)), lons=(0, 20), lats=(40, 48))


def texts(chart):
    return {text.get_text(): text.get_position() for text in chart.axes.texts}


def test_a_map_lies_at_the_top_and_its_middle_in_its_middle():
    chart = drawn()
    left, bottom, right, top = chart.box
    assert (left, right, top) == (0, 6 * 72, 5 * 72) and bottom > 0
    assert chart.at([(10, 44)])[0, 0] == pytest.approx(right / 2)
    assert chart.at([(10, 40), (10, 48)])[:, 1] == pytest.approx([bottom, top])
    assert chart.at([(0, 44)])[0, 0] == pytest.approx(left)
    # A degree of latitude is 111.2 km, and a little more or less between the parallels and beyond.
    assert np.ptp(chart.at([(10, 43.5), (10, 44.5)])[:, 1]) == pytest.approx(111.2 * chart.per_km, rel=0.01)


def test_a_map_keeps_to_the_part_of_a_figure_that_is_for_it():
    figure = Figure(figsize=(8, 10), layout=ConstrainedLayoutEngine(rect=(0.125, 0.2, 0.75, 0.5)))
    chart = maps.Map(figure, lons=(0, 10), lats=(40, 50))
    assert (chart.width, chart.height) == (6 * 72, 5 * 72)
    assert chart.axes.get_position().bounds == pytest.approx((0.125, 0.2, 0.75, 0.5))


def test_what_lies_beyond_is_shown_at_the_edge_on_the_way_there():
    chart = drawn()
    left, bottom, right, top = chart.box
    middle = np.array([(left + right) / 2, (bottom + top) / 2])
    far = middle + [(1000, 0), (0, -1000), (10, 5)]
    shown = chart.within(far, np.array([4, 4, 4]))
    assert shown[0] == pytest.approx([right - 4 - maps.EDGE, middle[1]])
    assert shown[1] == pytest.approx([middle[0], bottom + 4 + maps.EDGE])
    assert shown[2] == pytest.approx(far[2])
    assert chart.shows(far).tolist() == [False, False, True]


def test_land_beyond_the_map_is_cut_and_a_speck_left_out():
    chart = drawn()
    whole = np.array([(-20, 35), (30, 35), (30, 55), (-20, 55), (-20, 35)])
    speck = np.array([(5, 45), (5.01, 45), (5.01, 45.01), (5, 45)])
    found = chart.cut({"land": [whole], "speck": [speck], "far": [whole + 90]})
    assert found["speck"] == [] == found["far"]
    (part,) = found["land"]
    assert part.min(axis=0) == pytest.approx(chart.box[:2], abs=0.5)
    assert part.max(axis=0) == pytest.approx(chart.box[2:], abs=0.5)


def test_the_name_of_a_country_lies_on_it_near_its_middle():
    chart = drawn()
    _, bottom, right, top = chart.box
    half = np.array([(200, bottom), (right, bottom), (right, top), (200, top), (200, bottom)])
    maps.name_land(chart, [half], "Land", size=8)
    assert texts(chart)["Land"] == pytest.approx(((200 + right) / 2, (bottom + top) / 2), abs=8)
    maps.name_land(chart, [np.array([(9, 99), (20, 99), (20, 120), (9, 99)])], "Too small", size=8)
    assert "Too small" not in texts(chart)


def test_a_name_stands_right_of_its_point_unless_something_is_there():
    chart = drawn()
    assert maps.place_labels(chart, {"Here": (200, 200, 3)}, avoid=[]) == []
    x, _ = texts(chart)["Here"]
    assert x == 205
    assert maps.place_labels(chart, {"There": (200, 200, 3)}, avoid=[]) == []
    x, _ = texts(chart)["There"]
    assert x == 195, "it ends left of the point"


def test_a_name_is_broken_rather_than_that_it_crosses_a_line():
    chart = drawn()
    width, _ = maps.measured("Long name", maps.LETTERS)
    walls = [np.array([(at, 100), (at, 300)]) for at in (200 - width, 200 + width)]
    maps.place_labels(chart, {"Long name": (200, 200, 3)}, avoid=[np.vstack(walls)])
    assert {"Long", "name"} <= set(texts(chart))


def test_a_name_without_a_place_is_told():
    chart = drawn()
    chart.taken.append(chart.box)
    assert maps.place_labels(chart, {"Nowhere": (200, 200, 3)}, avoid=[]) == ["Nowhere"]
    assert "Nowhere" not in texts(chart)


def test_the_net_is_named_in_whole_steps():
    chart = drawn()
    maps.net(chart, step=4)
    names = set(texts(chart))
    assert {"4° E", "8° E", "12° E", "16° E"} <= names and not names & {"0° E", "20° E"}
    assert "44° N" in names and not names & {"40° N", "48° N"}


def test_a_scale_is_as_long_as_it_says():
    chart = drawn()
    maps.scale(chart, km=500, x=20, y=20)
    assert np.ptp(chart.axes.lines[-1].get_xdata()) == pytest.approx(500 * chart.per_km)
    assert "500 km" in texts(chart)
