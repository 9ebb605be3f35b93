"""A page shows a notebook's cells, numbers the sources of its exhibits, and tells the index what it needs."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import nbformat
import pandas as pd
import pytest
from helpers import SETUP, write

from analysis.exhibits.exhibit import Exhibit
from analysis.lessons.lesson import Lesson
from analysis.notebooks import folders
from analysis.reports import build, build_record, entries, page
from analysis.tables import store


def exhibit(key: str, sources: list[str], *, rows: int = 2, picture: bool = False) -> Exhibit:
    table = pd.DataFrame({"n": range(rows)}, index=pd.RangeIndex(rows, name="row"))
    draw = (lambda figure: figure.subplots().plot([1, 2])) if picture else None
    return Exhibit(key=key, title=key, subtitle="n", alt="A.", table=table, sources=sources, draw=draw)


def output(shown: object) -> nbformat.NotebookNode:
    data, metadata = shown._repr_mimebundle_()
    return nbformat.v4.new_output("display_data", data, metadata=metadata)


def code(*outputs: nbformat.NotebookNode, source: str = "1", **metadata: object) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata, execution_count=1)


def text(source: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


@pytest.fixture
def made(project):
    """Makes the page of the report `good` from cells."""

    def of(*cells: nbformat.NotebookNode) -> page.Page:
        parameters = code(source=SETUP, tags=["parameters"])
        notebook = nbformat.v4.new_notebook(cells=[text("# Own title\n\nAsked."), parameters, *cells])
        return page.report(notebook, entries.named("good"), {"start_year": 2001, "label": "x"}, [])

    return of


def test_sources_are_numbered_in_the_order_of_the_page_and_listed_once(made):
    html = made(
        code(output(exhibit("one", ["bns", "wits"]))), code(output(exhibit("two", ["wits", "fcs_annual"])))
    ).html
    numbers = [re.findall(r'href="#source-(\w+)" aria-label="Source (\d)"', part) for part in html.split("<figure")[1:]]
    assert numbers == [[("bns", "1"), ("wits", "2")], [("wits", "2"), ("fcs_annual", "3")]]
    assert re.findall(r'<li id="source-(\w+)">', html) == ["bns", "wits", "fcs_annual"]


def test_of_many_sources_the_first_are_numbered_beside_the_caption(made):
    known = ["bns", "wits", "fcs_annual", "bns_pipeline", "wdi_kaz", "wdi_rus", "bls_cpi", "fx_derived", "cow_v4"]
    html = made(code(output(exhibit("one", known)))).html
    assert "[8]</a> and 1 more, listed below</span>" in html and len(re.findall('<li id="source-', html)) == 9


def test_the_style_stands_once_and_sorting_comes_with_a_long_table(made):
    short, long = (made(code(output(exhibit("one", ["bns"], rows=rows)))).html for rows in (40, 41))
    assert short.count("<style") == long.count("<style") == 1
    assert 'id="datatables-js"' in long and 'id="datatables-js"' not in short


def test_the_card_tells_findings_parameters_and_the_first_picture(made):
    found = nbformat.v4.new_output("display_data", {"text/markdown": "- A < b [table](#x)\n- **Two**\n- three"})
    pictures = [code(output(exhibit(key, ["bns"], picture=True))) for key in ("first", "second")]
    html, card, _ = made(
        text("## Findings"), code(found, tags=["findings"]), code(output(exhibit("t", ["bns"]))), *pictures
    )
    assert card["findings"] == ["A &lt; b", "Two"] and card["parameters"] == {"start_year": 2001, "label": "x"}
    assert card["picture"].startswith("<svg") and card["picture"] in html.partition('id="second"')[0]
    assert "<td>2001 (changed)</td>" in html and "<td>x</td>" in html
    assert "good -p start_year=2001</code>" in html and "Own title" not in html


def test_the_exhibit_of_the_first_finding_stands_above_the_findings_once(made):
    found = nbformat.v4.new_output("display_data", {"text/markdown": "- Two grew [figure](#two)\n- One [figure](#one)"})
    given = [("one", ["bns"]), ("two", ["wits"])]
    shown = [code(output(exhibit(key, sources, picture=True))) for key, sources in given]
    html, card, _ = made(text("## Findings"), code(found, tags=["findings"]), *shown)
    order = ['id="two"', "Two grew", 'id="one"', '<a href="#two">This figure leads the page</a>']
    places = [html.index(part) for part in order]
    assert places == sorted(places) and html.count('id="two"') == 1
    assert re.findall(r'<li id="source-(\w+)">', html) == ["wits", "bns"]
    assert card["picture"].startswith("<svg") and html.index(card["picture"]) < html.index("Two grew")


def test_what_is_printed_in_parts_is_shown_as_one(made):
    parts = [nbformat.v4.new_output("stream", name="stdout", text=part) for part in ("a <b>\n", "c\n")]
    assert '<pre class="output" tabindex="0">a &lt;b&gt;\nc\n</pre>' in made(code(*parts)).html


def test_a_lesson_has_no_numbers_of_sources_and_real_headers_in_tables():
    frame = pd.DataFrame({"a": [1]})
    shown = nbformat.v4.new_output("execute_result", {"text/html": frame._repr_html_(), "text/plain": ""})
    asked = code(source='# Exercise\nanswer = 1\ncheck("1.1", answer)', tags=["solution"])
    cells = [text("# Title\n\n**Why?**\n\nTime: 1 minute"), code(output(exhibit("one", ["bns"]))), code(shown), asked]
    lesson = Lesson(folders.NOTEBOOKS / "solutions" / "01_one.ipynb", "Title", "Why?", "Time: 1 minute", solved=True)
    html, card, _ = page.lesson(nbformat.v4.new_notebook(cells=cells), lesson)
    assert card == {"kind": "solution", "title": "Title", "question": "Why?"}
    assert 'href="../index.html"' in html and "This page has the answers" in html
    assert (
        '"footnotes"' not in html
        and "footnotes -->" not in html
        and html.count("<style") == 1
        and html.count("Why?") == 2
    )
    assert '<th scope="col">a</th>' in html and '<th scope="row">0</th>' in html
    assert html.index("answer = ...") < html.index("<summary>Solution</summary>") < html.index("answer = 1")


def test_the_index_shows_what_the_records_say(project):
    write(project / "notebooks", "good.ipynb")
    card = {
        "title": "T",
        "question": "Q?",
        "findings": ["A &lt; b"],
        "parameters": {"year": 1},
        "data": "0",
    }
    card |= {"picture": '<svg><path id="p"/><use href="#p"/></svg>'}
    records = {
        "gone": {"bytes": 1, "card": card | {"kind": "report", "title": "Left reports.yml"}},
        "good": {"bytes": 2048, "card": card | {"kind": "report"}},
        "good--year-2": {"bytes": 1, "card": {"kind": "variant", "title": "T (year 2)"}},
        "lesson-1": {"bytes": 1, "card": {"kind": "lesson", "title": "L", "question": "How?"}},
        "solutions/lesson-1": {"bytes": 1, "card": {"kind": "solution", "title": "L", "question": "How?"}},
    }
    html = page.index(records).html
    assert '<a href="good.html">T</a>' in html and "<li>A &lt; b</li>" in html
    assert '<path id="good-p"/><use href="#good-p"/>' in html
    assert '<li><a href="good--year-2.html">T (year 2)</a></li>' in html
    assert re.search(r'<a href="lesson-1.html">L</a></h3>\s*<p>How\?</p>', html)
    assert html.count(str(store.load("sources")["accessed"].dropna().max())[:10]) == 1, "the date of the data"
    assert "Left reports.yml" not in html
    lessons, _, teachers = html.partition("For teachers: the lessons with their answers")
    assert "solutions/" not in lessons and '<a href="solutions/lesson-1.html">L, with the answers</a>' in teachers


def addresses(html: str, folder: Path) -> list[Path]:
    """The files that a page in a folder leads to, as a browser finds them."""
    found = []
    for address in (unescape(address) for address in re.findall(r'href="([^"#][^"]*)"', html)):
        parts = urlsplit(urljoin(f"file://{quote(str(folder))}/", address))
        assert (parts.scheme, parts.query, parts.fragment) == ("file", "", ""), address
        found.append(Path(unquote(parts.path)))
    return found


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%41b", 'a "b" & c', "ü ə", "a;b=c"])
def test_the_index_leads_to_files_beside_it_alone_whatever_their_names(tmp_path, name):
    records = {f"lesson-{name}": {"bytes": 1, "card": {"kind": "lesson", "title": "L", "question": "How?"}}}
    led = addresses(page.index(records).html, tmp_path)
    assert set(led) == {tmp_path / f"{one}.html" for one in (f"lesson-{name}", "catalogue", "codebook")}


def test_the_catalogue_and_the_codebook_are_pages_that_load_nothing():
    for name in ("catalogue", "codebook"):
        html = page.paper(name).html
        anchors = set(re.findall(r'id="([^"]*)"', html))
        assert all(unescape(one) in map(unescape, anchors) for one in re.findall(r'href="#([^"]+)"', html)), name
        assert not re.search(r'(?:src|href)="(?!#|index\.html|https?://)', html), "nothing beside it but the index"
        assert html.count("<table>") == html.count('<div class="scroll" tabindex="0" role="region"')
    assert 'href="#trade"><code>trade</code>' in page.paper("catalogue").html


def test_the_papers_are_written_with_the_index_and_anew_if_they_or_their_text_change(project, monkeypatch, tmp_path):
    text = tmp_path / "CODEBOOK.md"
    text.write_text("# Codebook\n\n## Unit\n\nA paragraph.\n", encoding="utf-8")
    monkeypatch.setattr(build_record, "papers", lambda: {"codebook": (text, "How?")})
    monkeypatch.setattr(page, "papers", build_record.papers)
    out = project / "reports"
    build.write_index(out)
    assert "A paragraph." in (out / "codebook.html").read_text(encoding="utf-8")
    before = (out / "codebook.html").stat().st_mtime_ns
    build.write_index(out)
    assert (out / "codebook.html").stat().st_mtime_ns == before
    text.write_text("# Codebook\n\n## Unit\n\nA line.\n", encoding="utf-8")
    build.write_index(out)
    assert "A line." in (out / "codebook.html").read_text(encoding="utf-8")
    (out / "codebook.html").unlink()
    build.write_index(out)
    assert (out / "codebook.html").exists()


@pytest.mark.parametrize("heading", ["Plain words", "The `bns` ledger", "What *rose* & «fell»?", "50 % of [it](#a)"])
def test_the_contents_lead_to_sections_whatever_signs_their_headings_have(heading):
    lesson = Lesson(folders.NOTEBOOKS / "lessons" / "01_one.ipynb", "Title", "Why?", "Time: 1 minute")
    cells = [text("# Title\n\n**Why?**\n\nTime: 1 minute"), text(f"## {heading}\n\nWords.")]
    html = page.lesson(nbformat.v4.new_notebook(cells=cells), lesson).html
    contents = html.partition("<ol>")[2].partition("</ol>")[0]
    (anchor,) = re.findall(r'href="#([^"]+)"', contents)
    assert f'<h2 id="{anchor}">' in html
