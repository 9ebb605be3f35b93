"""The map of the cooperation report: its finding, its symbols, and where the rows of its table stand."""

import itertools
import json

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from analysis.exhibits import charts, maps, regions
from analysis.tables.store import load


def made(rows=None):
    return regions.regions(load("regions") if rows is None else rows, load("outlines"), load("outline_points"))


@pytest.fixture(params=[charts.WIDE, charts.NARROW], ids=["wide", "narrow"])
def axes(request):
    figure = Figure(figsize=(request.param, made().height), layout="constrained")
    made().draw(figure)
    return figure.axes[0]


def test_the_title_counts_the_regions_of_each_country():
    rows = load("regions")
    told = "Of the regions on the border the document names 9 of Russia’s 12 and none of Kazakhstan’s 8"
    assert made(rows).title == told
    abai = rows["region_id"].eq("abai-region")
    other = rows.assign(named=rows["named"] | abai, named_in=rows["named_in"].mask(abai, "63; 64"))
    assert made(other).title.endswith("names 9 of Russia’s 12 and 1 of Kazakhstan’s 8")
    assert "not named: Aktobe" in made(other).alt


def test_the_words_tell_what_is_named_most():
    assert "Astana (18), Moscow (15), Baikonur (6) and Saint Petersburg (5)" in made().alt
    assert "5 places have no point" in made().note


def test_the_table_tells_where_a_place_is_named_or_counted():
    told = made().table["paragraphs"]
    assert told["Almaty"] == "36; 41; 85" and told["Abai Region"] == "only counted or meant in 63"
    assert made().table.loc["Abai Region", ["country", "on the border"]].tolist() == ["Kazakhstan", "yes"]


def test_it_cites_the_outlines_and_the_document():
    assert made().sources == ["document", "natural_earth"]


def test_size_follows_the_paragraphs_and_what_none_names_is_hollow(axes):
    rows = load("regions")
    symbols = [line for line in axes.lines if line.get_marker() in ("o", "s", "^") and line.get_linestyle() == "None"]
    squares = [
        line.get_markersize()
        for line in symbols
        if line.get_marker() == "s" and to_hex(line.get_markerfacecolor()) == charts.COLOURS["KAZ"]
    ]
    assert max(squares) / min(squares) == pytest.approx(18**0.5), "Astana is named by 18 paragraphs, Ekibastuz by one"
    hollow = [line for line in symbols if to_hex(line.get_markerfacecolor()) == charts.COLOURS["paper"]]
    counted = sum(len(line.get_xdata()) for line in hollow) - 1  # one is in the legend
    assert counted == (~rows["named"]).sum()


def test_the_common_border_is_the_strongest_line(axes):
    lines = sorted((line for line in axes.lines if line.get_linestyle() == "-"), key=lambda line: line.get_linewidth())
    border = lines[-1]
    assert border.get_linewidth() > lines[-2].get_linewidth() and to_hex(border.get_color()) == charts.COLOURS["ink"]
    assert np.ptp(border.get_xdata()) > 0.75 * axes.get_xlim()[1]


def test_every_place_is_named_and_no_name_is_cut_or_meets_another(axes):
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    boxes = []
    for text in axes.texts:
        wide, high = maps.measured(text.get_text(), text.get_fontsize())
        x, y = text.get_position()
        left = x - {"left": 0, "center": wide / 2, "right": wide}[text.get_ha()]
        low = y - (high / 2 if text.get_va() == "center_baseline" else 0)
        boxes.append((left, low, left + wide, low + 0.7 * high, text.get_text()))
    for left, low, right, high, words in boxes:
        assert left >= 0 and low >= 0 and right <= width and high <= height, words
    for one, other in itertools.combinations(boxes, 2):
        apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
        assert apart, (one[4], other[4])
    written = " ".join(text.get_text() for text in axes.texts).replace("\N{NO-BREAK SPACE}", " ")
    placed = load("regions").dropna(subset=["lat"])["name"].str.removesuffix(" Region")
    written = written.replace("(", "").replace(")", "")
    assert [name for name in placed if name not in written] == []


def test_each_row_has_its_place_on_the_picture():
    rows = load("regions")
    for picture in made()._pictures:
        (panel,) = json.loads(picture.marks)
        _, top, width, height = panel["box"]
        at = dict(zip(rows["region_id"], zip(panel["x"], panel["y"], strict=True), strict=True))
        assert at["siberia"] == (None, None) and sum(x is not None for x, _ in at.values()) == 47
        assert all(0 <= x <= width and top <= y <= top + height for x, y in at.values() if x is not None)
        assert at["omsk"] == at["omsk-region"]
        assert at["moscow"][0] < 30 < at["atyrau-region"][0] < at["almaty"][0] < at["irkutsk-region"][0]
        assert at["tyumen-region"][1] < at["astana"][1] < at["shymkent"][1], "north is up"


def test_the_same_tables_give_the_same_picture():
    assert [picture.svg for picture in made()._pictures] == [picture.svg for picture in made()._pictures]
