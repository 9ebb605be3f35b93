"""A report's workbook has the numbers of its exhibits, each in its type, what they measure and where they are from."""

import re

import nbformat
import pandas as pd
import pytest
from helpers import SETUP, opened

from analysis.exhibits.exhibit import Exhibit
from analysis.exhibits.tabs import tabs
from analysis.reports import entries, page
from analysis.tables import store

TABLE = pd.DataFrame(
    {"value, US$ bn": [1.5, None], "кто": ["Россия", "=1+1"], "sound": [True, False]},
    index=pd.Index([1995, 1996], name="year"),
)


def exhibit(key: str, *sources: str, table: pd.DataFrame = TABLE, note: str = "") -> Exhibit:
    return Exhibit(key=key, title=f"Of {key}", subtitle="US$ bn", alt="A.", table=table, sources=sources, note=note)


@pytest.fixture
def made(project):
    """Makes the page of the report `good`, or of a variant of it, from exhibits."""

    def of(*exhibits: object, **parameters: object) -> page.Page:
        shown = [one._repr_mimebundle_() for one in exhibits]
        outputs = [nbformat.v4.new_output("display_data", data, metadata=told) for data, told in shown]
        cells = [
            nbformat.v4.new_markdown_cell("# Title\n\nAsked."),
            nbformat.v4.new_code_cell(SETUP, metadata={"tags": ["parameters"]}),
            *(nbformat.v4.new_code_cell("1", outputs=[output], execution_count=1) for output in outputs),
        ]
        entry = entries.varied(entries.named("good"), parameters) if parameters else entries.named("good")
        return page.report(nbformat.v4.new_notebook(cells=cells), entry, entries.values(entry), ["events"])

    return of


def test_each_exhibit_has_a_sheet_of_typed_rows_with_its_words_and_sources(made):
    book = opened(made(exhibit("one", "wits", "bns", note="As released."), exhibit("two", "bns")).workbook)
    assert list(book) == ["contents", "one", "two"]
    sources = store.load("sources").set_index("source_id")
    wits, bns = sources.loc["wits"], sources.loc["bns"]
    cells = {address: cell for address, cell in book["one"].items() if address[1:] not in ("11", "12")}
    assert cells == {
        "A1": "Of one", "A2": "US$ bn", "A3": "As released.",
        "A5": "year", "B5": "value, US$ bn", "C5": "кто", "D5": "sound",
        "A6": 1995, "B6": 1.5, "C6": "Россия", "D6": True,
        "A7": 1996, "C7": "=1+1", "D7": False,
        "A9": "Sources", "B9": "publisher", "C9": "published", "D9": "url", "E9": "licence",
        **{f"{column}10": wits[name] for column, name in zip("ABDE", ("title", "publisher", "url", "licence"))},
    }  # fmt: skip
    assert (book["one"]["A11"], book["one"]["D11"]) == (bns["title"], bns["url"])
    assert (book["two"]["A4"], book["two"]["A9"]) == ("year", bns["title"]), "without a note all is a line higher"


def test_exhibits_that_share_a_place_have_a_sheet_each_with_their_own_sources(made):
    book = opened(made(tabs({"in dollars": exhibit("one", "wits"), "in tenge": exhibit("x", "bns")})).workbook)
    sources = store.load("sources").set_index("source_id")
    assert {name: cells["A9"] for name, cells in book.items() if name != "contents"} == {
        "one": sources.loc["wits", "title"],
        "x-tenge": sources.loc["bns", "title"],
    }


def test_its_contents_tell_the_report_its_parameters_and_what_each_exhibit_measures(made):
    contents = opened(made(exhibit("one", "wits"), exhibit("two", "bns"), label="y").workbook)["contents"]
    project = f"Kazakhstan–Russia relations in notebooks 0.1.0, data {store.version(['events'])}"
    licence = "CC BY 4.0 for the compilation; each source keeps its own terms"
    publishers = store.load("sources").set_index("source_id")["publisher"]
    assert list(contents.values()) == [
        "Good (label y)",
        "Why?",
        "Parameters: start_year=1995, label=y",
        f"{project}, as of {store.as_of()}",
        f"Licence: {licence} (https://creativecommons.org/licenses/by/4.0/)",
        *("exhibit", "title", "measure", "rows", "sources"),
        *("one", "Of one", "US$ bn", 2, publishers["wits"]),
        *("two", "Of two", "US$ bn", 2, publishers["bns"]),
    ]


def test_the_page_leads_to_the_workbook_of_its_own_name(made):
    link = r'<a download href="([^"]+\.xlsx)">Download all numbers of this report \(Excel\)</a>'
    assert re.findall(link, made(exhibit("one", "wits")).html) == ["good.xlsx"]
    assert re.findall(link, made(exhibit("one", "wits"), label="y").html) == ["good--label-y.xlsx"]
    bare = made()
    assert bare.workbook == b"" and ".xlsx" not in bare.html


def test_the_same_exhibits_give_the_same_bytes_and_one_shown_twice_has_one_sheet(made):
    one = exhibit("one", "wits")
    assert made(one).workbook == made(one, one).workbook
    other = TABLE.assign(**{"value, US$ bn": [1.500000001, None]})
    changed = made(exhibit("one", "wits", table=other)).workbook
    assert opened(changed)["one"]["B5"] == 1.500000001 and changed != made(one).workbook
