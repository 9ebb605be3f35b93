"""Charts: gaps stay gaps, doubtful points are hollow, labels do not meet, nothing touches global state."""

import itertools
import json
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from analysis.exhibits import charts, svg


def drawn(draw, width=charts.WIDE):
    figure = Figure(figsize=(width, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    draw(axes)
    figure.draw_without_rendering()
    charts.spread_labels(axes)
    figure.draw_without_rendering()
    return axes


def boxes(axes):
    renderer = axes.figure.canvas.get_renderer()
    return [text.get_window_extent(renderer) for text in axes.texts]


def test_a_missing_year_is_a_gap():
    axes = drawn(lambda axes: charts.line(axes, pd.Series({2000: 1.0, 2001: 2.0, 2003: 3.0}), role="KAZ"))
    assert list(axes.lines[0].get_xdata()) == [2000, 2001, 2002, 2003]
    assert pd.isna(axes.lines[0].get_ydata()[2])


def test_doubtful_points_are_hollow_with_and_without_the_others():
    series = pd.Series({2000: 1.0, 2001: 2.0})
    for markers, sure in ((True, [2000]), (False, [])):

        def draw(axes, markers=markers):
            charts.line(axes, series, role="RUS", doubtful=[2001], markers=markers)

        axes = drawn(draw)
        full, hollow = axes.lines[1:]
        assert list(full.get_xdata()) == sure and list(hollow.get_xdata()) == [2001]
        assert to_hex(hollow.get_markerfacecolor()) == charts.COLOURS["paper"]


def test_end_labels_do_not_overlap():
    def draw(axes):
        for i in range(4):
            charts.line(axes, pd.Series({2000: 0.0, 2001: 1 + i / 100}), role="KAZ", label=f"label {i}")
        axes.set_ylim(0, 2)

    found = sorted(boxes(drawn(draw)), key=lambda box: box.y0)
    assert len(found) == 4
    assert all(below.y1 <= above.y0 + 1 for below, above in itertools.pairwise(found))


def test_event_labels_do_not_overlap_and_stay_inside():
    events = {
        1998: "rouble falls",
        2010: "Customs Union",
        2014: "sanctions, rouble floats",
        2015: "EAEU, tenge floats",
        2022: "war in Ukraine, sanctions",
    }
    for width in (charts.WIDE, charts.NARROW):

        def draw(axes):
            charts.years_axis(axes, range(1995, 2026))
            charts.event_lines(axes, events)

        axes = drawn(draw, width)
        found = boxes(axes)
        assert len(found) == 5
        assert not any(a.overlaps(b) for i, a in enumerate(found) for b in found[:i])
        assert all(box.x0 >= 0 and box.x1 <= axes.figure.bbox.x1 for box in found)


def test_bars_are_coloured_by_sign_and_hollow_where_doubtful():
    axes = drawn(lambda axes: charts.bars(axes, pd.Series({2000: 1.0, 2001: -1.0, 2002: None}), doubtful=[2001]))
    up, down = axes.patches
    assert to_hex(up.get_facecolor()) == charts.COLOURS["up"]
    assert to_hex(down.get_edgecolor()) == charts.COLOURS["down"]
    assert to_hex(down.get_facecolor()) == charts.COLOURS["paper"]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_series_colours_keep_a_contrast_of_three_to_one():
    paper = luminance(charts.COLOURS["paper"])
    for name in ("KAZ", "RUS", "CHN", "EU", "other", "up", "down", "ink", "muted"):
        assert (paper + 0.05) / (luminance(charts.COLOURS[name]) + 0.05) >= 3, name


def test_rendering_leaves_global_settings_alone():
    before = dict(matplotlib.rcParams)
    svg.render(lambda figure: figure.subplots(), key="x", height=2)
    assert dict(matplotlib.rcParams) == before


def test_a_users_settings_do_not_reach_a_picture():
    plain = svg.render(lambda figure: figure.subplots().plot([1, 2]), key="x", height=2)
    with matplotlib.rc_context({"lines.linewidth": 9, "font.size": 30, "axes.facecolor": "red"}):
        assert svg.render(lambda figure: figure.subplots().plot([1, 2]), key="x", height=2) == plain


def test_lines_stand_on_one_axis_of_years_with_their_names_and_doubtful_years():
    figure = Figure()
    axes = figure.subplots()
    two = {"first": pd.Series({2000: 1.0, 2001: 2.0}), "second": pd.Series({2001: 3.0, 2003: -4.0})}
    charts.lines(axes, two, ["KAZ", "RUS"], {"second": [2003]})
    assert [text.get_text() for text in axes.texts] == ["first", "second"]
    assert axes.get_xlim() == (1999.4, 2003.6)
    hollow = [line for line in axes.lines if line.get_markerfacecolor() == charts.COLOURS["paper"]]
    assert [list(line.get_xdata()) for line in hollow] == [[], [2003]]
    with pytest.raises(ValueError, match="shorter"):
        charts.lines(axes, two, ["KAZ"])


def test_a_picture_has_nothing_that_shows_nothing():
    wide, narrow = svg.render(lambda figure: figure.subplots().plot([1, 2, 4]), key="k", height=2)
    for picture in (wide.svg, narrow.svg):
        assert "<g>" not in picture and "<defs>\n</defs>" not in picture and "rotate(-0" not in picture
        assert 'style="fill:none"/>' not in picture and "font-family" not in picture.partition(">")[2]
        root = ElementTree.fromstring(picture)
        assert len(root.findall(".//{*}text")) >= 6, "the labels are there"
    grouped = '<svg><g><g clip-path="x"><path d="M 0"/></g><g><text>a</text></g></g></svg>'
    assert svg._ungrouped(grouped) == '<svg><g clip-path="x"><path d="M 0"/></g><text>a</text></svg>'


def marks(draw, index):
    """The panels of a wide picture of a height of 2 inches."""
    return json.loads(svg.render(draw, key="k", height=2, index=pd.Index(index))[0].marks)


def test_a_picture_says_where_the_rows_of_its_table_stand():
    def by_year(figure):
        axes = figure.subplots()
        charts.lines(axes, {"": pd.Series({2000: 1.0, 2004: 3.0})}, ["KAZ"])

    (panel,) = marks(by_year, [2000, 2001, 2004, 2010])
    left, _, width, _ = panel["box"]
    step = width / 5.2  # from 1999.4 to 2004.6
    *shown, beyond = panel["x"]
    assert shown == pytest.approx([left + part * step for part in (0.6, 1.6, 4.6)], abs=1) and beyond is None
    assert "y" not in panel

    def by_name(figure):
        axes = figure.subplots()
        axes.barh([0, 1], [3, 5])
        axes.set_ylim(-0.5, 1.5)
        charts.rows_at(axes, y=[1, 0, float("nan")])

    (panel,) = marks(by_name, ["a", "b", "c"])
    _, top, _, height = panel["box"]
    assert panel["y"] == [pytest.approx(top + height / 4, abs=1), pytest.approx(top + 3 * height / 4, abs=1), None]
    assert marks(lambda figure: figure.subplots().plot([1, 2]), ["a", "b"]) == [], "nothing is said of its rows"


def test_a_single_year_has_one_tick_and_a_mark():
    axes = Figure().subplots()
    charts.lines(axes, {"one": pd.Series({2025: 1.0}), "two": pd.Series({2025: 2.0})}, ["KAZ", "RUS"], markers=False)
    assert list(axes.get_xticks()) == [2025]
    assert [len(line.get_xdata()) for line in axes.lines if line.get_marker() in ("o", "s")] == [1, 0, 1, 0]
    gapped = Figure().subplots()
    charts.line(gapped, pd.Series({2001: 1.0, 2002: 1.0, 2004: 3.0}), role="KAZ", markers=False)
    assert list(gapped.lines[1].get_xdata()) == [2004], "what no line reaches"
