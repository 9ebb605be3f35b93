"""What an exhibit gives away opens right in a spreadsheet, and its description is one that programs read."""

import codecs
import io
import json

import pandas as pd
import pytest
from frictionless import Package

from analysis.exhibits import downloads
from analysis.exhibits.exhibit import Exhibit
from analysis.tables import store


def exhibit(**changes) -> Exhibit:
    table = pd.DataFrame(
        {
            "value, US$ bn": [1234.5, None],
            "who": ['Қазақстан, "KZ"', "a\nb"],
            "doubtful": [True, False],
            "cases": pd.array([3, None], dtype="Int64"),
        },
        index=pd.Index([1995, 1996], name="year"),
    )
    given = {"key": "test", "title": "It <rose>", "subtitle": "US$ bn", "alt": "A.", "note": "As released."}
    return Exhibit(**given | {"table": table, "sources": ["wits", "bns"], "parameters": {"currency": "usd"}} | changes)


def given(**changes) -> tuple[bytes, dict]:
    files = downloads.given(exhibit(**changes).html())
    assert list(files) == ["test.csv", "test.json"]
    return files["test.csv"], json.loads(files["test.json"])


@pytest.mark.parametrize("word", ["Қазақстан", "Россия", "US$ → ₸"])
def test_a_spreadsheet_that_opens_a_download_by_double_click_reads_its_letters(word):
    """Without a byte-order mark it takes the bytes for those of its own country: windows-1251 with Russian settings."""
    content, _ = given(table=pd.DataFrame({word: [1]}, index=pd.Index([word], name="name")))
    opened = content.decode("utf-8-sig" if content.startswith(codecs.BOM_UTF8) else "windows-1251")
    assert opened == f"name,{word}\n{word},1\n"


def test_a_download_is_a_header_and_rows():
    content, _ = given()
    assert content.decode("utf-8-sig") == (
        "year,\"value, US$ bn\",who,doubtful,cases\n"
        "1995,1234.5,\"Қазақстан, \"\"KZ\"\"\",True,3\n"
        "1996,,\"a\nb\",False,\n"
    )  # fmt: skip
    read = pd.read_csv(io.BytesIO(content), index_col="year")
    pd.testing.assert_frame_equal(read, exhibit().table, check_dtype=False)


def test_rows_without_a_name_have_one_in_the_download():
    content, told = given(table=pd.DataFrame({"n": [5]}))
    assert content.decode("utf-8-sig") == "row,n\n0,5\n"
    assert [field["name"] for field in told["resources"][0]["schema"]["fields"]] == ["row", "n"]


def test_the_description_says_what_is_shown_of_what_columns_and_from_where():
    _, told = given()
    wits = store.load("sources").set_index("source_id").loc["wits"]
    assert told["sources"][0] == {
        "name": "wits",
        "title": wits["title"],
        "publisher": wits["publisher"],
        "path": wits["url"],
    }
    assert [source["name"] for source in told["sources"]] == ["wits", "bns"]
    (resource,) = told["resources"]
    assert [(field["name"], field["type"]) for field in resource["schema"]["fields"]] == [
        ("year", "integer"),
        ("value, US$ bn", "number"),
        ("who", "string"),
        ("doubtful", "boolean"),
        ("cases", "integer"),
    ]
    assert (resource["path"], told["digest"]) == ("test.csv", exhibit().digest)
    named = {part: told[part] for part in ("title", "measure", "note", "parameters")}
    assert named == {
        "title": "It <rose>",
        "measure": "US$ bn",
        "note": "As released.",
        "parameters": {"currency": "usd"},
    }
    assert told["licenses"][0]["title"].startswith("CC BY 4.0 for the compilation;")
    assert "note" not in given(note="")[1]


def test_many_sources_are_named_once_below_the_exhibit():
    keys = list(store.load("sources")["source_id"][:41])
    (told,) = given(sources=keys)[1]["sources"]
    assert told["title"] == "41 sources, whose keys in data/sources.csv stand below the exhibit"
    assert f"<p>41 sources, by their keys in data/sources.csv: {', '.join(keys)}.</p>" in exhibit(sources=keys).html()
    assert len(given(sources=keys[:40])[1]["sources"]) == 40


@pytest.mark.parametrize("many", [2, 41])
def test_frictionless_takes_the_two_files_for_a_sound_package(tmp_path, many):
    shown = exhibit(sources=list(store.load("sources")["source_id"][:many]))
    for name, content in downloads.given(shown.html()).items():
        (tmp_path / name).write_bytes(content)
    package = Package(str(tmp_path / "test.json"))
    report = package.validate()
    assert report.valid, report.flatten(["title", "message"])
    assert [row["who"] for row in package.get_resource("test").read_rows()] == ['Қазақстан, "KZ"', "a\nb"]


def test_no_text_of_an_exhibit_is_taken_for_a_file():
    forged = '<a download="test.csv" href="data:text/csv;base64,QUFB">'
    assert list(downloads.given(exhibit(title=forged, note=forged).html())) == ["test.csv", "test.json"]
    assert downloads.given(exhibit(title=forged).html())["test.csv"] == downloads.given(exhibit().html())["test.csv"]


def long(**columns) -> Exhibit:
    """An exhibit of 41 rows, which its page shows in a long table."""
    return exhibit(table=pd.DataFrame({"who": ["x"] * 41, "paragraph": range(41)} | columns))


def test_a_page_makes_a_file_of_the_table_that_shows_it_to_the_letter():
    shown = long()
    assert shown.told["file"] == "test.csv"
    html = downloads.from_table(shown.html(), "test.csv")
    assert '<a download="test.csv" href="#test">' in html and list(downloads.given(shown.html())) == [
        "test.csv",
        "test.json",
    ]
    assert html.count("base64,") == shown.html().count("base64,") - 1 and downloads.from_table(html, "no.csv") == html


@pytest.mark.parametrize("column", [[0.123] * 41, [True] * 41])
def test_what_a_page_rounds_or_puts_into_words_keeps_its_file(column):
    assert "file" not in long(more=column).told and "file" not in exhibit().told
