"""An exhibit cites the sources of the rows that it shows and no other, under every value of every parameter.

A source is spoilt in every table that the notebook loads. What cites it must then look different, and what does not
must look the same: title, texts, numbers and picture.
"""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property

import pandas as pd
import pytest
from article import Article, guard
from in_process import alternatives
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from analysis.errors import ParameterError
from analysis.notebooks import folders
from analysis.notebooks.parameters import Parameter
from analysis.reports import rules
from analysis.tables import store

MOST_VALUES = 5  # of a parameter that are tried
NOTEBOOKS = ["01_trade_trends.ipynb"]
ABOUT_SOURCES = {"selections"}  # its rows say which source is read; they come from none


@cache
def named_sources(table: str) -> pd.Series:
    """The set of sources that each row of a table comes from."""
    frame = store.load(table)
    columns = [] if table in ABOUT_SOURCES else [*store.source_columns(table), "sources_read"]
    cells = [frame[column].str.split("+") for column in columns if column in frame]
    named = [{source for cell in row if isinstance(cell, list) for source in cell} for row in zip(*cells, strict=True)]
    return pd.Series(named or [set()] * len(frame), index=frame.index, dtype=object)


@cache
def spoilt_load(table: str, spoilt: frozenset[str]) -> pd.DataFrame:
    """The table, with the rows of some sources made other ones that its schema would let pass."""
    frame = store.load(table)
    rows = named_sources(table).map(lambda sources: not sources.isdisjoint(spoilt))
    keys = {*store.schema(table)["primaryKey"], *(name for key in store.foreign_keys(table) for name in key["fields"])}
    for field in store.schema(table)["fields"]:
        name, constraints = field["name"], field.get("constraints", {})
        if name in keys or not rows.any():
            continue
        old = frame.loc[rows, name]
        if field["type"] == "number":
            frame.loc[rows, name] = old * [1.1 + at * 37 % 101 / 250 for at in range(len(old))]
        elif "enum" in constraints:
            kinds = constraints["enum"]
            frame.loc[rows, name] = old.map(dict(zip(kinds, kinds[1:] + kinds[:1], strict=True)))
        elif field["type"] == "string" and "pattern" not in constraints:
            frame.loc[rows, name] = old + "°"
    return frame


@cache
def sources_in(table: str) -> frozenset[str]:
    return frozenset().union(*named_sources(table))


class Illustrated(Article):
    """An article that draws each exhibit once."""

    def picture(self, at: int, values: Mapping[str, object]) -> list[tuple]:
        """The `picture` of what a statement shows."""
        shown = self.run(at, values)
        if id(shown) not in self.drawn:
            self.drawn[id(shown)] = picture(shown)
        return self.drawn[id(shown)]

    @cached_property
    def drawn(self) -> dict[int, list[tuple]]:
        return {}


def values_of(parameter: Parameter) -> list[object]:
    """Every value of a choice, two of many; the ends and the middle of a range."""
    if parameter.choices:
        few = len(parameter.choices) <= MOST_VALUES
        return list(parameter.choices if few else parameter.choices[:: len(parameter.choices) // 2][:2])
    if parameter.low is None:
        return []
    low, high = parameter.low, parameter.high
    return [type(parameter.default)(value) for value in (low, (low + high) / 2, high)]


def told(shown: object) -> list[tuple[str, ...]]:
    return [(repr(one), one.subtitle, one.alt, one.note) for one in alternatives(shown)]


def picture(shown: object) -> list[tuple]:
    """The shapes, colours and words of figures, before they are laid out."""
    shapes = []
    for exhibit in alternatives(shown):
        figure = Figure()
        if exhibit.draw:
            exhibit.draw(figure)
        shapes += [shape(artist) for axes in figure.axes for artist in axes.get_children()]
    return shapes


def shape(artist: object) -> tuple:
    if isinstance(artist, Line2D):
        return artist.get_xydata().tobytes(), str(artist.get_marker()), str(artist.get_markerfacecolor())
    if isinstance(artist, Text):
        return artist.get_text(), str(getattr(artist, "xy", ""))
    if isinstance(artist, Collection):
        return tuple(path.vertices.tobytes() for path in artist.get_paths())
    if isinstance(artist, Patch):
        return artist.get_path().vertices.tobytes(), str(artist.get_transform()), str(artist.get_facecolor())
    return ()


def looks_the_same(
    article: Illustrated, at: int, values: Mapping[str, object], spoilt: frozenset[str], *, drawn: bool = True
) -> bool:
    sound = article.run(at, values)
    try:
        other = article.run(at, values, spoilt)
    except Exception:  # noqa: BLE001  whatever a spoilt table makes of the arithmetic, the exhibit depends on it
        return False
    if other is sound:
        return True
    return told(other) == told(sound) and not (drawn and picture(other) != article.picture(at, values))


def key(article: Illustrated, at: int, values: Mapping[str, object]) -> str:
    return alternatives(article.run(at, values))[0].key


def cited(article: Illustrated, at: int, values: Mapping[str, object]) -> frozenset[str]:
    return frozenset(source for exhibit in alternatives(article.run(at, values)) for source in exhibit.sources)


def faults(article: Illustrated, at: int, values: Mapping[str, object]) -> Iterator[str]:
    """What an exhibit cites and does not show, and what it shows and does not cite."""
    for source in sorted(cited(article, at, values)):
        if looks_the_same(article, at, values, frozenset([source])):
            yield f"cites {source}, of which it shows nothing"
    yield from uncited(article, at, values)


def uncited(article: Illustrated, at: int, values: Mapping[str, object]) -> Iterator[str]:
    """What an exhibit shows and does not cite."""
    rest = frozenset(article.reached[at][1]) - cited(article, at, values)
    # Drawing takes half the time: what is not cited is looked for in the pictures of the canonical report only.
    default = values == article.defaults
    if not looks_the_same(article, at, values, rest, drawn=default):
        read = [one for one in sorted(rest) if not looks_the_same(article, at, values, frozenset([one]))]
        yield f"shows what comes from {', '.join(read)}, and does not cite it"


@pytest.fixture(scope="module", params=NOTEBOOKS)
def article(request):
    with pytest.MonkeyPatch.context() as patch:
        guard(patch)
        yield Illustrated(folders.NOTEBOOKS / request.param, held=sources_in, spoilt=spoilt_load)


def test_an_exhibit_shows_nothing_that_it_does_not_cite(article):
    values = article.defaults
    shown = list(article.exhibits(values))
    found = [f"{key(article, at, values)} {fault}" for at in shown for fault in uncited(article, at, values)]
    assert not found, "\n".join(found)
    assert len(shown) > 10


@pytest.mark.slow  # every value of every parameter
def test_an_exhibit_cites_what_it_shows_whatever_is_chosen(article):
    defaults, found = article.defaults, []
    settings = [(None, defaults)] + [
        (key, defaults | {key: value})
        for key, parameter in article.parameters.items()
        for value in values_of(parameter)
        if value != parameter.default
    ]
    for changed, values in settings:
        try:
            rules.RULES[article.path.name](**values)
        except ParameterError:
            continue
        for at in article.exhibits(defaults):
            if changed is not None and changed not in article.reached[at][0]:
                continue
            try:
                name = f"{key(article, at, values)} with {changed}={values.get(changed)}"
            except ParameterError:
                continue
            found += [f"{name} {fault}" for fault in faults(article, at, values)]
    assert not found, "\n".join(found)
