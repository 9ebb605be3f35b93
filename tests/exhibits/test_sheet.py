"""An exhibit's figure stands alone: its texts are around the chart, and none is cut or meets it."""

from itertools import pairwise

import pandas as pd
import pytest
from in_process import exhibits
from matplotlib.image import imread

from analysis.exhibits import charts
from analysis.exhibits.exhibit import SHORT, Exhibit
from analysis.exhibits.sheet import MARGIN, Sheet
from analysis.methods import baselines
from analysis.notebooks import folders

NOTEBOOKS = sorted(folders.NOTEBOOKS.glob("0[1-9]*.ipynb"))
ROUNDING = 0.01  # inches


def exhibit(**told) -> Exhibit:
    table = pd.DataFrame({"n": [1, 2]}, index=[2001, 2002])
    drawn = {"draw": lambda figure: charts.lines(figure.subplots(), table, ["KAZ"]), "height": 2}
    told = {"title": "T", "subtitle": "n", "alt": "A.", "table": table, "sources": ["bns"]} | drawn | told
    return Exhibit(key="k", **told)


def texts(figure: Sheet) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in figure.texts]


@pytest.mark.slow  # every picture of the reports
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_text_of_an_exhibit_is_cut_or_meets_its_chart(path, monkeypatch):
    monkeypatch.setattr(baselines, "METHODS", ("naive", "drift"))  # how a model is fitted is no matter here
    drawn = [shown for shown in exhibits(path).values() if shown.draw]
    assert drawn
    for shown in drawn:
        figure = shown.figure()
        width, height = figure.get_size_inches()
        held = figure.get_tightbbox()
        assert min(held.x0, held.y0, width - held.x1, height - held.y1) > MARGIN - 4 * ROUNDING, shown.key
        chart = [axes.get_tightbbox() for axes in figure.axes if axes.get_visible()]
        title, subtitle, *below = (text.get_window_extent() for text in figure.texts)
        assert title.y0 >= subtitle.y1 and subtitle.y0 > max(box.y1 for box in chart), shown.key
        assert all(text.y1 < min(box.y0 for box in chart) for text in below), shown.key
        assert all(upper.y0 >= lower.y1 for upper, lower in pairwise(below)), shown.key


def test_a_figure_says_what_its_page_says():
    figure = exhibit(note="Hollow is doubtful.").figure()
    source = "Sources: Bureau of National Statistics of Kazakhstan; Kazakhstan–Russia relations in notebooks"
    assert texts(figure) == ["T", "n", "Hollow is doubtful.", source]
    assert texts(exhibit(note="n" * (SHORT + 1)).figure()) == ["T", "n", source]


def test_two_dollars_are_no_formula():
    assert exhibit(title="From US$ 1 bn to US$ 2 bn").figure().texts[0].get_parse_math() is False


def test_a_figure_grows_by_the_lines_of_its_title():
    one, more = (exhibit(title=title).figure() for title in ("word", "word " * 40))
    lines = more.texts[0].get_text().count("\n")
    assert lines == 3 and more.get_figheight() - one.get_figheight() == pytest.approx(lines * 13 * 1.3 / 72)
    heights = [figure.axes[0].get_window_extent().height for figure in (one, more)]
    assert heights[0] == pytest.approx(heights[1], abs=1)  # and the chart is as high as it was


def test_end_labels_stand_apart_as_on_the_page():
    table = pd.DataFrame({"one": [1, 2], "two": [1, 2.001]}, index=[2001, 2002])
    figure = exhibit(draw=lambda figure: charts.lines(figure.subplots(), table, ["KAZ", "RUS"])).figure()
    lower, upper = sorted(text.get_window_extent().y0 for text in figure.axes[0].texts)
    assert upper - lower > 9.5 * figure.dpi / 72


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_figure_is_saved_on_white_paper(tmp_path, ending):
    figure = exhibit().figure()
    figure.savefig(tmp_path / f"k.{ending}")
    assert (tmp_path / f"k.{ending}").stat().st_size > 2000
    if ending == "png":
        assert imread(tmp_path / "k.png")[0, 0] == pytest.approx([254 / 255] * 3 + [1])


def test_jupyter_shows_a_figure_as_a_picture():
    assert exhibit().figure()._repr_png_().startswith(b"\x89PNG")
