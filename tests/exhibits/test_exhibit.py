"""An exhibit shows, tells and gives away the same numbers, and nothing in them can become markup."""

import re

import pandas as pd
import pytest

from analysis.exhibits import charts, markup, svg
from analysis.exhibits.exhibit import Exhibit, findings


def exhibit(**changes) -> Exhibit:
    table = pd.DataFrame(
        {"value, US$ bn": [1234.5, None], "who": ["<script>alert(1)</script>", "b & c"]},
        index=pd.Index([1995, 1996], name="year"),
    )
    given = {
        "key": "test",
        "title": "It <rose>",
        "subtitle": "US$ bn",
        "alt": 'A line that "rises"',
        "table": table,
        "sources": ["wits"],
        "parameters": {"currency": "usd"},
    }
    return Exhibit(**given | changes)


def draw(figure):
    axes = figure.subplots()
    axes.plot([1, 2], [3, 4])
    axes.set_title("kept as text")


def test_data_never_become_markup():
    html = exhibit(draw=draw).html()
    assert "<script" not in html and "<rose>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "b &amp; c" in html
    assert '<img alt="A line that &quot;rises&quot;" ' in html


@pytest.mark.parametrize(
    "texts",
    [
        {"title": "<i>"},
        {"subtitle": "<i>"},
        {"alt": "<i>"},
        {"note": "<i>"},
        {"table": pd.DataFrame({"<i>": ["<i>"]}, index=pd.Index(["<i>"], name="<i>"))},
        {"opens": {1995: ["<i>"]}},
        {"links": {(1995, "who"): '"<i>'}},
    ],
    ids=lambda texts: next(iter(texts)),
)
def test_no_text_of_an_exhibit_becomes_markup(texts):
    html = exhibit(draw=draw, **texts).html()
    assert "<i>" not in html and '""' not in html and "&lt;i&gt;" in html


def test_the_plain_text_changes_with_a_number_and_not_with_the_picture():
    other = exhibit().table.copy()
    other.iloc[0, 0] += 0.001
    assert repr(exhibit()) == repr(exhibit(alt="another", note="a note"))
    assert repr(exhibit()) != repr(exhibit(table=other))
    assert repr(exhibit()).startswith("Table test: It <rose> [2 rows × 2 columns, data ")
    assert repr(exhibit(draw=draw)).startswith("Figure test: ")


def test_a_picture_is_an_image_and_on_a_page_text_in_two_widths_with_ids_of_its_own():
    data, metadata = exhibit(draw=draw)._repr_mimebundle_()
    assert data == exhibit(draw=draw)._repr_mimebundle_()[0], "the same input gives the same bytes"
    assert "<svg" not in data["text/html"] and "narrow" not in exhibit().told
    page = markup.with_elements(data["text/html"], metadata["exhibits"])
    pictures = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert len(pictures) == 2 and pictures[0] == markup.wide(data["text/html"]) and "<img" not in page
    assert '<div class="picture" role="img" aria-label="A line that &quot;rises&quot;">' in page
    for picture in pictures:
        assert ">kept as text</text>" in picture and "var(--kaz)" in picture and "#0072b2" not in picture
        assert "<metadata" not in picture and "<?xml" not in picture and "pt" not in picture.partition(">")[0]
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:url\(#|href="#)([^)"]+)', page):
        assert target in ids


def test_missing_is_a_dash_and_numbers_are_parted():
    html = exhibit(decimals=2).html()
    assert '<td class="n">1,234.50</td>' in html
    assert '<span title="no figure">–</span>' in html


def test_an_unknown_source_is_refused():
    with pytest.raises(ValueError, match="no_such_source"):
        exhibit(sources=["no_such_source"]).html()


def test_findings_lead_to_their_exhibits():
    assert findings(exhibit(), exhibit(key="other", draw=draw)).data.splitlines() == [
        "- It <rose> [table](#test)",
        "- It <rose> [figure](#other)",
    ]


@pytest.mark.parametrize("picture, shown", [(draw, "the figure"), (None, "2 rows")])
def test_what_is_folded_keeps_its_title_in_sight(picture, shown):
    html = exhibit(draw=picture, folded=True, note="a note").html()
    head, _, body = html.partition(f'<details class="numbers fold"><summary>Show {shown}</summary>')
    assert "It &lt;rose&gt;" in head and "<table" not in head and "<img" not in head
    assert "a note" in body and "<table" in body and ("<img" in body) == bool(picture)
    assert "numbers fold" not in exhibit(draw=picture).html()


@pytest.mark.parametrize("rows", [20, 21])
def test_a_table_that_scrolls_in_a_box_says_so(rows):
    html = exhibit(table=pd.DataFrame({"n": range(rows)}, index=pd.RangeIndex(rows, name="row"))).html()
    assert ("Scroll: 21 rows" in html) == ('class="scroll tall"' in html) == (rows == 21)


def test_an_exhibit_gives_its_figure(tmp_path):
    table = pd.DataFrame({"n": [1, 2]})
    told = {"key": "k", "title": "T", "subtitle": "n", "alt": "A.", "table": table, "sources": []}
    drawn = Exhibit(**told, draw=lambda figure: figure.subplots().plot([1, 2]), height=2)
    figure = drawn.figure()
    assert len(figure.axes) == 1
    figure.savefig(tmp_path / "k.png")
    with pytest.raises(ValueError, match="^The exhibit k has no picture; its table is `table`"):
        Exhibit(**told).figure()


def test_an_element_of_a_page_becomes_the_file_again_but_for_its_size():
    file, _ = svg.render(lambda figure: figure.subplots().plot([1, 2], color=charts.COLOURS["RUS"]), key="k", height=2)
    again = markup.alone(markup.element(file.svg))
    assert "var(--" not in again and again == re.sub(r' width="[^"]*" height="[^"]*"', "", file.svg, count=1)
