"""The exhibit of the cooperation report on where it happens: a map of the places that the document names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts, maps
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.maps import EDGE, LETTERS, Map
from analysis.exhibits.wording import listed, spell
from analysis.methods import geography

LONS, LATS = (43.5, 92.5), (40.2, 59.2)  # degrees: Kazakhstan and the regions on its border
OWNERS = {"RUS": "Russia’s", "KAZ": "Kazakhstan’s"}
COLUMNS = {
    "country": "country",
    "kind": "kind",
    "on_border": "on the border",
    "told": "paragraphs",
    "role": "what the document says of it",
    "name_ru": "in Russian",
    "name_kk": "in Kazakh",
    "iso_code": "ISO 3166-2",
    "note": "note",
}
SHAPES = {"city": "s", "site": "^"}  # what is neither is a region, and round
WIDER = {"o": 1.0, "s": 0.89, "^": 1.35}  # than a circle as large
ONE, HOLLOW = 2.4, 4.2  # points: the radius of a place that one paragraph names, and of one that none names
ARROWS = [f"{arrow}\N{NO-BREAK SPACE}" for arrow in "→↗↑↖←↙↓↘"]
ROW = 9.3  # points: the rows of the key


def regions(rows: pd.DataFrame, outlines: pd.DataFrame, points: pd.DataFrame) -> Exhibit:
    """The places of the table regions, by how many paragraphs name each, on the outlines of the countries.

    `outlines` and `points` are the tables outlines and outline_points.
    """
    named_by = rows["named_in"].str.count(";").add(1).fillna(0).astype(int)
    border = rows[rows["on_border"].eq(True).fillna(False)]
    told = [
        f"{int(part['named'].sum()) or 'none'} of {whose} {len(part)}"
        for whose, part in ((whose, border[border["country"].eq(code)]) for code, whose in OWNERS.items())
    ]
    countries = outlines[outlines["kind"].eq("country")].set_index("country")["name"]
    placed = rows.assign(paragraphs=named_by).dropna(subset=["lat", "lon"])
    most = placed.nlargest(4, "paragraphs")
    rings = {
        outline: [ring[["lon", "lat"]].to_numpy() for _, ring in part.groupby("ring")]
        for outline, part in points.sort_values(["ring", "point"]).groupby("outline_id")
    }

    def draw(figure: Figure) -> None:
        _draw(figure, rows.assign(paragraphs=named_by), outlines.set_index("outline_id"), rings)

    told_in = rows["named_in"].where(rows["named"], rows["paragraph"].map("only counted or meant in {}".format))
    on_border = rows["on_border"].map({True: "yes", False: "no"})
    table = rows.assign(country=rows["country"].map(countries), on_border=on_border, told=told_in)
    return Exhibit(
        key="regions",
        title=f"Of the regions on the border the document names {listed(told)}",
        subtitle="Size: how many paragraphs name the place, repeats left out; hollow: a region on the border that the "
        "document only counts or means",
        alt=f"A map of {spell(len(placed), 'place')}, with Kazakhstan in the middle and Russia along all of its north. "
        f"Most often named are {listed(most['name'] + ' (' + most['paragraphs'].astype(str) + ')')}. "
        f"Regions on the border that are named: {_names(border[border['named']])}; "
        f"not named: {_names(border[~border['named']])}.",
        table=table.set_index("name")[list(COLUMNS)].astype("string").fillna("").rename(columns=COLUMNS),
        sources=sources(rows, outlines, points),
        draw=draw,
        height=5.375,
        note="Borders as Natural Earth draws them, by who holds the land. A region of today stands at its capital "
        "(GeoNames, CC BY 4.0); dashed: the leased area of the cosmodrome; arrow: beyond the map; "
        f"{len(rows) - len(placed)} places have no point.",
    )


def _names(rows: pd.DataFrame) -> str:
    return listed(rows["name"].str.removesuffix(" Region"))


def _draw(
    figure: Figure, rows: pd.DataFrame, outlines: pd.DataFrame, rings: Mapping[str, Sequence[np.ndarray]]
) -> None:
    chart = Map(figure, lons=LONS, lats=LATS)
    small = charts.narrow(chart.axes)
    parts = chart.cut(rings)
    for outline, of in outlines.iterrows():
        role = of["country"] if of["country"] in OWNERS else "other"
        maps.land(chart, parts[outline], role=role, dashed=of["kind"] == "leased_area")
    maps.net(chart, step=10)
    countries = outlines[outlines["kind"].eq("country")]
    ours = countries.index[countries["country"].isin(OWNERS)]
    border = geography.common_stretch(*(parts[outline][0] for outline in ours))
    chart.axes.plot(*border.T, color=charts.COLOURS["ink"], linewidth=1 if small else 1.4, clip_on=False, zorder=4)
    maps.scale(chart, km=500, x=chart.box[0] + (14 if small else 40), y=chart.box[1] + 12)

    marks = _marks(chart, rows)
    charts.rows_at(chart.axes, x=marks["x"], y=marks["y"])
    marks = marks.dropna(subset=["x", "y"])
    looks = marks.groupby(["named", "radius", "kind", "country"], sort=False)
    for (named, radius, kind, country), alike in sorted(looks, key=lambda look: (look[0][0], -look[0][1])):
        _symbols(chart, alike["x"], alike["y"], radius, kind=kind, role=country, full=named)
    reach = marks["radius"].to_numpy()[:, None]
    at = marks[["x", "y"]].to_numpy()
    chart.taken.extend(map(tuple, np.hstack([at - reach, at + reach])))

    for outline in ours:
        spaced = "\N{NO-BREAK SPACE}".join(outlines.loc[outline, "name"].upper())
        maps.name_land(chart, parts[outline], spaced, size=9 if small else 12)
    spots = _spots(marks)
    edges = [border, *(part for outline in countries.index for part in parts[outline])]
    written = spots[spots["landmark"]] if small else spots
    lost = _name(chart, written["label"], written, avoid=edges)
    if small:
        numbered = spots[~spots["landmark"] | spots["label"].isin(lost)].sort_values("x", kind="stable")
        numbers = pd.Series([str(at) for at in range(1, len(numbered) + 1)], index=numbered.index)
        _name(chart, numbers, numbered, avoid=[border])
        _key(chart, numbers + " " + numbered["label"].str.replace("\n", " "), _legend(chart))
    else:
        for outline in countries.index.difference(ours):
            maps.name_land(chart, parts[outline], outlines.loc[outline, "name"], size=maps.SMALL)
        _legend(chart)


def _marks(chart: Map, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their x, y and radius on the chart, and an arrow to a place that is beyond the map."""
    at = chart.at(rows[["lon", "lat"]].to_numpy(float))
    radius = np.where(rows["named"], ONE * np.sqrt(rows["paragraphs"]), HOLLOW) * _shrunk(chart)
    widest = pd.Series(radius, rows.index).groupby([rows["lat"], rows["lon"]]).transform("max").fillna(0)
    shown = chart.within(at, widest.to_numpy())
    way = np.nan_to_num(np.degrees(np.arctan2(*(at - shown).T[::-1])))
    arrows = np.array(ARROWS)[np.round(way / 45).astype(int) % len(ARROWS)]
    return rows.assign(x=shown[:, 0], y=shown[:, 1], radius=radius, arrow=np.where(chart.shows(at), "", arrows))


def _spots(marks: pd.DataFrame) -> pd.DataFrame:
    """One row for all that stands at one place, those that most paragraphs name first.

    A region is named after its capital where that is named too.
    """
    ordered = marks.assign(short=marks["name"].str.removesuffix(" Region"), region=~marks["kind"].isin(SHAPES))
    ordered = ordered.sort_values("region", kind="stable").drop_duplicates(["x", "y", "short"])
    ordered["short"] = ordered["short"].where(~ordered.duplicated(["x", "y"]), "(" + ordered["short"] + ")")
    spots = ordered.groupby(["x", "y"], as_index=False).agg(
        short=("short", "\n".join),
        arrow=("arrow", "first"),
        radius=("radius", "max"),
        paragraphs=("paragraphs", "sum"),
        named=("named", "any"),
        landmark=("landmark", "any"),
    )
    return spots.assign(label=spots["arrow"] + spots["short"]).sort_values("paragraphs", ascending=False, kind="stable")


def _name(chart: Map, words: pd.Series, spots: pd.DataFrame, *, avoid: Sequence[np.ndarray]) -> list[str]:
    points = dict(zip(words, zip(spots["x"], spots["y"], spots["radius"]), strict=True))
    return maps.place_labels(chart, points, avoid=avoid, pale=list(words[~spots["named"]]))


def _shrunk(chart: Map) -> float:
    return 0.8 if charts.narrow(chart.axes) else 1.0


def _symbols(
    chart: Map, x: Sequence[float], y: Sequence[float], radius: float, *, kind: str, role: str, full: bool
) -> None:
    shape, colour, paper = SHAPES.get(kind, "o"), charts.COLOURS[role], charts.COLOURS["paper"]
    chart.axes.plot(
        x,
        y,
        shape,
        markersize=2 * radius * WIDER[shape],
        markerfacecolor=colour if full else paper,
        markeredgecolor=paper if full else colour,
        markeredgewidth=0.6 if full else 1.2,
        clip_on=False,
        zorder=5,
    )


def _legend(chart: Map) -> float:
    """Draws below the map what sizes and shapes mean; returns where there is nothing any more."""
    parts = [("region", count, True, str(count)) for count in (1, 5, 15)]
    parts += [("region", 4, True, "region"), ("city", 4, True, "city"), ("site", 4, True, "test range")]
    parts += [("region", 0, False, "region that is only counted or meant")]
    heading = "Paragraphs that name it:"
    x, y = EDGE, chart.box[1] - 13
    chart.axes.text(x, y, heading, fontsize=LETTERS, va="center_baseline")
    x += maps.measured(heading, LETTERS)[0] + 9
    for kind, count, full, words in parts:
        radius = (ONE * count**0.5 if full else HOLLOW) * _shrunk(chart)
        width = 2 * radius + 3 + maps.measured(words, LETTERS)[0]
        if x + width > chart.width:
            x, y = EDGE, y - 14
        _symbols(chart, [x + radius], [y], radius, kind=kind, role="other", full=full)
        chart.axes.text(x + 2 * radius + 3, y, words, fontsize=LETTERS, va="center_baseline")
        x += width + 9
    return y - 10


def _key(chart: Map, lines: pd.Series, y: float) -> None:
    """Writes lines in two columns, from `y` down."""
    half = -(-len(lines) // 2)
    for at, line in enumerate(lines):
        x, below = EDGE + (at // half) * chart.width / 2, y - LETTERS - ROW * (at % half)
        chart.axes.text(x, below, line, fontsize=LETTERS)
