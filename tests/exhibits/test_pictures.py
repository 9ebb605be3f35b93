"""Pictures are drawn once and fits computed once, and again where anything that they are made from is another."""

from pathlib import Path

import pandas as pd
import pytest
from in_process import exhibits

from analysis.exhibits import baselines, charts, kept, pictures, svg
from analysis.notebooks import folders
from analysis.tables import store

YEARS = pd.Index([2001, 2002], name="year")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the test's own."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def renders(monkeypatch):
    """The keys of what is drawn, in order."""
    keys, render = [], svg.render

    def counted(draw, *, key, **options):
        keys.append(key)
        return render(draw, key=key, **options)

    monkeypatch.setattr(svg, "render", counted)
    return keys


def chart(values, *, module="analysis.exhibits.made", colour="KAZ"):
    """A chart as a module of this package encloses what it draws, a function of its own among it."""
    rows = pd.DataFrame({"value": values}, index=YEARS)

    def tint():
        return charts.COLOURS[colour]

    def draw(figure):
        figure.subplots().plot(rows.index, rows["value"], color=tint())

    draw.__module__ = tint.__module__ = module
    return draw


def drawn(draw, **options):
    return pictures.drawn(draw, **{"key": "made", "height": 2.0, "index": YEARS} | options)


def test_what_is_the_same_is_drawn_once_and_gives_the_same_bytes(renders, monkeypatch):
    first, second = drawn(chart([1, 2])), drawn(chart([1, 2]))
    assert renders == ["made"] and first == second
    monkeypatch.setenv(kept.FOLDER, "")
    assert drawn(chart([1, 2])) == first and len(renders) == 2


@pytest.mark.parametrize(
    "other",
    [
        lambda: drawn(chart([1, 3])),
        lambda: drawn(chart([1, 2], colour="RUS")),
        lambda: drawn(chart([1, 2]), key="other"),
        lambda: drawn(chart([1, 2]), height=3.0),
        lambda: drawn(chart([1, 2]), index=pd.Index([2001, 2003], name="year")),
    ],
    ids=["a value", "what an enclosed function encloses", "key", "height", "index"],
)
def test_what_is_drawn_from_something_else_is_drawn(renders, other):
    drawn(chart([1, 2]))
    other()
    assert len(renders) == 2


@pytest.mark.parametrize(
    ("where", "name", "value"),
    [
        (kept, "CODE", "another"),
        (pictures, "_font", lambda: "another"),
        (kept, "_libraries", lambda: ["another"]),
        (charts, "STYLE", charts.STYLE | {"lines.linewidth": 3}),
        (charts, "COLOURS", charts.COLOURS | {"KAZ": "#123456"}),
    ],
    ids=["code", "font", "libraries", "style", "colours"],
)
def test_no_picture_of_other_surroundings_is_trusted(renders, monkeypatch, where, name, value):
    drawn(chart([1, 2]))
    monkeypatch.setattr(where, name, value)
    drawn(chart([1, 2]))
    assert len(renders) == 2


def test_what_a_notebook_draws_is_not_kept(renders, folder):
    for _ in range(2):
        drawn(chart([1, 2], module="__main__"))
    assert len(renders) == 2 and not list(folder.rglob("output.pkl"))


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b[:-40] + bytes([b[-40] ^ 1]) + b[-39:], lambda b: b""]
)
def test_a_damaged_picture_is_drawn_again_without_a_word(renders, folder, capfd, damage):
    first = drawn(chart([1, 2]))
    (file,) = folder.rglob("output.pkl")
    file.write_bytes(damage(file.read_bytes()))
    assert drawn(chart([1, 2])) == first and len(renders) == 2
    assert drawn(chart([1, 2])) == first and len(renders) == 2, "it is whole again"
    assert capfd.readouterr() == ("", "")


def test_where_nothing_can_be_kept_everything_is_drawn(renders, folder, capfd):
    folder.write_text("no folder")
    first = drawn(chart([1, 2]))
    assert drawn(chart([1, 2])) == first and len(renders) == 2
    kept.clear()
    kept.bound()
    assert folder.read_text() == "no folder" and capfd.readouterr() == ("", "")


def test_pictures_that_were_forgotten_are_drawn_again_and_there_are_never_too_many(renders, folder, monkeypatch):
    for height in (2.0, 2.5, 3.0):
        drawn(chart([1, 2]), height=height)
    kept.clear()
    drawn(chart([1, 2]))
    assert len(renders) == 4 and len(list(folder.rglob("output.pkl"))) == 1
    monkeypatch.setattr(kept, "MOST", 1)
    kept.bound()
    assert not list(folder.rglob("output.pkl"))


@pytest.mark.parametrize(
    "notebook",
    [
        "02_cooperation_areas",
        *(pytest.param(f"0{one}", marks=pytest.mark.slow) for one in ("1_trade_trends", "3_expert_forecasts")),
    ],
)
def test_every_exhibit_is_kept_and_draws_from_what_it_encloses(notebook, monkeypatch):
    made = [one for one in exhibits(folders.NOTEBOOKS / f"{notebook}.ipynb").values() if one.draw]

    def refused(*arguments, **options):
        raise AssertionError(f"a picture reads {arguments}")

    assert all(kept.digest(pictures._enclosed(one.draw), one.table.index) for one in made) and len(made) > 10
    with monkeypatch.context() as patch:
        patch.setattr(store, "load", refused)
        patch.setattr(Path, "open", refused)
        for one in made:
            svg.render(one.draw, key=one.key, height=one.height, index=one.table.index)


KNOWN = pd.Series(range(1, 13), index=range(2001, 2013), dtype=float)


def counted(known, came, methods=()):
    """A stand-in for a slow function: what it gives, and a count of its calls."""
    counted.calls += 1
    return known + came


@pytest.mark.parametrize(
    ("other", "calls"),
    [
        (lambda: kept.of(counted, KNOWN, 1.0), 1),
        (lambda: kept.of(counted, KNOWN, 2.0), 2),
        (lambda: kept.of(counted, KNOWN + 1, 1.0), 2),
        (lambda: kept.of(counted, KNOWN.rename("name"), 1.0), 2),
        (lambda: kept.of(counted, KNOWN, 1.0, methods=("naive",)), 2),
        (lambda: kept.of(counted, KNOWN.set_axis(KNOWN.index + 1), 1.0), 2),
    ],
    ids=["the same", "a number", "a value", "a name", "an option", "the years"],
)
def test_what_is_slow_is_computed_once_for_what_it_is_given(other, calls):
    counted.calls = 0
    first = kept.of(counted, KNOWN, 1.0)
    pd.testing.assert_series_equal(first, KNOWN + 1)
    other()
    assert counted.calls == calls


def test_what_cannot_be_named_is_computed_each_time():
    counted.calls = 0
    for _ in range(2):
        kept.of(counted, KNOWN, 1, methods=lambda: None)
    assert counted.calls == 2
    assert [kept.of(one, 1) for one in (lambda a: a + 1, lambda a: a + 2)] == [2, 3], "two functions of one name"


def test_fits_are_computed_once_for_a_series(monkeypatch):
    counted.calls = 0
    monkeypatch.setattr(baselines, "compare", counted)
    for series in (KNOWN, KNOWN.copy(), KNOWN * 2):
        pd.testing.assert_series_equal(baselines._compared(series, series), series + series)
    assert counted.calls == 2
    monkeypatch.setattr("analysis.methods.baselines.METHODS", ("naive",))
    baselines._compared(KNOWN, KNOWN)
    assert counted.calls == 3, "by other methods"
