"""A damaged table is refused in one sentence that says where, whatever the damage and wherever it is."""

import copy
import csv
import io
import json
import re
import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import cli
from analysis.checks import links
from analysis.errors import DataError, shown
from analysis.notebooks.parameters import ParameterError
from analysis.reports import rules
from analysis.tables import store
from analysis.tables.reading import read_table

REPOSITORY = store.DATA
DESCRIPTOR = json.loads((REPOSITORY / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in DESCRIPTOR["resources"]}
FIELDS = {name: resource["schema"]["fields"] for name, resource in RESOURCES.items()}
TABLES = sorted(RESOURCES)
ROWS = {}
for name, resource in RESOURCES.items():
    with (REPOSITORY / resource["path"]).open(encoding="utf-8", newline="") as file:
        ROWS[name] = list(csv.reader(file))

EXAMPLES = settings(max_examples=12, derandomize=True, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the data that each example damages anew, and mends."""
    path = tmp_path_factory.mktemp("damaged") / "data"
    shutil.copytree(REPOSITORY, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "DATA", path)
        yield path


@pytest.fixture(scope="module")
def frames():
    return {name: store.load(name) for name in TABLES}


def rows_of(table: str) -> list[list[str]]:
    return [[*row] for row in ROWS[table]]


def text(rows: list[list[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue()


def one_sentence(message: str) -> bool:
    return message.isprintable() and message.endswith(".") and len(message) <= 1000


def refusal(folder, table: str, content: str | bytes) -> str:
    """The message with which the table is refused when its file has this content."""
    path = folder / RESOURCES[table]["path"]
    good = path.read_bytes()
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    try:
        with pytest.raises(DataError) as refused:
            store.load(table)
    finally:
        path.write_bytes(good)
    message = str(refused.value)
    assert one_sentence(message) and message.startswith(RESOURCES[table]["path"] + ", row "), message
    return message


def constraint(field: dict, name: str) -> object:
    return field.get("constraints", {}).get(name)


def matching(field: dict, value: str) -> bool:
    return re.fullmatch(constraint(field, "pattern") or ".*", value, re.ASCII) is not None


# What is written into a cell, and into which columns. The refusal names the line and the column.
CELLS = {
    **{
        f"{value[:12]} for a {type_}": (lambda field, wanted=type_: field["type"] == wanted, lambda old,
        value=value: value)
        for type_, values in {
            "integer": ("n/a", "1e3", "2010.0", "1 000", "1,000", "٢٠١٠", "0x10", "1_000", "9" * 30, "--1", "NaN", "?"),
            "number": ("n/a", "1,5", "15e-1", "inf", "NaN", "-", ".5", "5.", "1.2.3", "1'000", "$5", "٣", "9" * 400),
            "date": ("2018-02-30", "30.01.2018", "2018-1-3", "2018-13-01", "0000-01-01", "2018-01-01T00:00",
            "yesterday"),
            "boolean": ("True", "yes", "1", "TRUE", "no"),
        }.items()
        for value in values
    },
    "an empty cell": (lambda field: constraint(field, "required"), lambda old: ""),
    "a space before": (lambda field: True, lambda old: " " + old),
    "a space behind": (lambda field: True, lambda old: old + " "),
    "a value out of no list": (lambda field: constraint(field, "enum"), lambda old: old + "zz"),
    "a value against the pattern": (lambda field: not matching(field, "§ §"), lambda old: "§ §"),
    "other digits": (lambda field: "\\d" in str(constraint(field, "pattern")), lambda old: re.sub("[0-9]", "٣", old)),
    "less than the least": (
        lambda field: constraint(field, "minimum") is not None,
        lambda old: "-99999999999999999",
    ),
    "more than the greatest": (
        lambda field: constraint(field, "maximum") is not None,
        lambda old: "99999999999999999",
    ),
}  # fmt: skip
COLUMNS = {
    kind: [(table, at) for table in TABLES for at, field in enumerate(FIELDS[table]) if fits(field)]
    for kind, (fits, _) in CELLS.items()
}


@pytest.mark.parametrize("kind", [kind for kind in CELLS if COLUMNS[kind]])
@EXAMPLES
@given(st.data())
def test_a_damaged_cell_is_named(folder, kind, chosen):
    table, column = chosen.draw(st.sampled_from(COLUMNS[kind]))
    row = chosen.draw(st.integers(1, len(ROWS[table]) - 1))
    rows = rows_of(table)
    rows[row][column] = CELLS[kind][1](rows[row][column])
    if rows[row][column] == ROWS[table][row][column]:
        return  # an empty cell has no digits to change
    message = refusal(folder, table, text(rows))
    name = FIELDS[table][column]["name"]
    assert f", row {row + 1}, column {name}: {shown(rows[row][column])} is refused; " in message


@pytest.mark.parametrize(
    "odd",
    ["\t", "\x1b[31m", "\x00", "\r", "\u200b", "\u202e", "\u00a0", "\u2028", "\x85", "\ufeff", "\ufffd", "\ue000"],
)
@EXAMPLES
@given(st.sampled_from(TABLES), st.data())
def test_a_character_that_nobody_sees_is_named(folder, odd, table, chosen):
    rows = rows_of(table)
    row = chosen.draw(st.integers(0, len(rows) - 1))
    column = chosen.draw(st.integers(0, len(rows[row]) - 1))
    at = chosen.draw(st.integers(0, len(rows[row][column])))
    rows[row][column] = rows[row][column][:at] + odd + rows[row][column][at:]
    words = {"\x00": "a NUL byte", "\r": "a carriage return", "\ufeff": "a byte-order mark"}
    named = words.get(odd, f"the character U+{ord(odd[0]):04X}")
    assert f", row {row + 1}: there is {named}; the rule is " in refusal(folder, table, text(rows))


def lines(table: str) -> list[str]:
    return text(ROWS[table]).splitlines(keepends=True)


def cyrillic(table: str, row: int) -> str:
    return "".join([*lines(table)[:row], "Жанибек", *lines(table)[row:]])


# From a table and a row to the damaged content and the start of the message after the file's name.
FILES = {
    "dropped column": lambda t, r: (text([row[:-1] for row in ROWS[t]]), "row 1: the header is too short at column"),
    "extra column": lambda t, r: (text([[*row, "1"] for row in ROWS[t]]), "row 1: the header is '1' at column"),
    "renamed column": lambda t, r: (
        text([["new", *ROWS[t][0][1:]], *ROWS[t][1:]]), "row 1: the header is 'new' at column 1;"),
    "columns changed about": lambda t, r: (text([row[::-1] for row in ROWS[t]]), "row 1: the header is"),
    "no header": lambda t, r: (text(ROWS[t][1:]), "row 1: the header is"),
    "semicolons": lambda t, r: (text(ROWS[t]).replace(",", ";"), "row 1: the header is"),
    "tabs": lambda t, r: (text(ROWS[t]).replace(",", "\t"), "row 1: there is the character U+0009"),
    "row twice": lambda t, r: (text([*ROWS[t][: r + 1], *ROWS[t][r:]]), f"row {r + 2}, column "),
    "row out of order": lambda t, r: (text([*ROWS[t], ROWS[t][1]]), f"row {len(ROWS[t]) + 1}, column "),
    "row cut short": lambda t, r: (
        text([*ROWS[t][:r], ROWS[t][r][:-1], *ROWS[t][r + 1 :]]), f"row {r + 1}: the number of fields is"),
    "row too long": lambda t, r: (
        text([*ROWS[t][:r], [*ROWS[t][r], ""], *ROWS[t][r + 1 :]]), f"row {r + 1}: the number of fields is"),
    "blank line": lambda t, r: (
        "".join([*lines(t)[:r], "\n", *lines(t)[r:]]), f"row {r + 1}: the number of fields is 0"),
    "file cut off in a row": lambda t, r: (text(ROWS[t][: r + 1])[:-2], f"row {r + 1}: the last line has no line feed"),
    "quotation mark not closed": lambda t, r: (
        "".join([*lines(t)[:r], '"', *lines(t)[r:]]), f"row {r + 1}: the "),
    "huge field": lambda t, r: (
        text([*ROWS[t][:r], ["x" * 120_000, *ROWS[t][r][1:]], *ROWS[t][r + 1 :]]),
        f"row {r + 1}: a field has 120,000 characters; at most"),
    "byte-order mark": lambda t, r: (b"\xef\xbb\xbf" + text(ROWS[t]).encode(), "row 1: there is a byte-order mark"),
    "carriage returns": lambda t, r: (text(ROWS[t]).replace("\n", "\r\n"), "row 1: there is a carriage return"),
    "one carriage return": lambda t, r: (
        "".join([*lines(t)[:r], lines(t)[r].replace("\n", "\r\n"), *lines(t)[r + 1 :]]),
        f"row {r + 1}: there is a carriage return"),
    "cp1251": lambda t, r: (cyrillic(t, r).encode("cp1251", "replace"), "row "),
    "latin-1": lambda t, r: ("".join([*lines(t)[:r], "é", *lines(t)[r:]]).encode("latin-1", "replace"), "row "),
    "UTF-16": lambda t, r: (text(ROWS[t]).encode("utf-16"), "row 1: there is a NUL byte"),
    "surrogates": lambda t, r: ("".join([*lines(t)[:r], "\ud800", *lines(t)[r:]]).encode("utf-8", "surrogatepass"),
                                f"row {r + 1}: the bytes are not UTF-8"),
    "an empty file": lambda t, r: (b"", "row 1: the file is empty; it must have a header."),
    "an empty line": lambda t, r: (b"\n", "row 1: the header is too short at column 1"),
    "a web page": lambda t, r: (b"<!DOCTYPE html>\n<p>Not found</p>\n", "row 1: the header is '<!DOCTYPE html>'"),
    "a packed file": lambda t, r: (b"PK\x03\x04" + bytes(range(256)), "row 1: there is a NUL byte"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
@EXAMPLES
@given(st.sampled_from(TABLES), st.data())
def test_a_damaged_file_is_named(folder, kind, table, chosen):
    content, expected = FILES[kind](table, chosen.draw(st.integers(1, len(ROWS[table]) - 1)))
    assert refusal(folder, table, content).startswith(f"{RESOURCES[table]['path']}, {expected}")


@pytest.mark.parametrize("table", TABLES)
def test_a_file_that_cannot_be_read_is_named(folder, table):
    path = folder / RESOURCES[table]["path"]
    good = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(DataError, match=f"^{RESOURCES[table]['path']}: the file is missing although [^\n]*[.]$"):
            store.load(table)
        path.mkdir()
        with pytest.raises(DataError, match=f"^{RESOURCES[table]['path']}: the file cannot be read [^\n]*[.]$"):
            store.load(table)
        path.rmdir()
    finally:
        path.write_bytes(good)


LINKS = [(table, key) for table in TABLES for key in RESOURCES[table]["schema"].get("foreignKeys", [])]


@settings(EXAMPLES, max_examples=40)
@given(st.sampled_from(LINKS), st.sampled_from(["nowhere", "ZZZ", "x-y", "s999", "e999", "999", ""]), st.data())
def test_a_link_to_nowhere_is_named(folder, frames, link, value, chosen):
    """By the table itself, where the value is not even of the right kind, else by the check of the links."""
    table, key = link
    column = [field["name"] for field in FIELDS[table]].index(key["fields"][0])
    row = chosen.draw(st.integers(1, len(ROWS[table]) - 1))
    rows = rows_of(table)
    rows[row][column] = value
    path = folder / RESOURCES[table]["path"]
    try:
        path.write_text(text(rows), encoding="utf-8", newline="\n")
        frame = store.load(table)
    except DataError as refused:
        assert one_sentence(str(refused)) and str(refused).startswith(f"{RESOURCES[table]['path']}, row "), refused
    else:
        problems = links.foreign_keys(frames | {table: frame})
        assert all(map(one_sentence, problems))
        assert [
            p for p in problems if p.startswith(f"{table}, column {key['fields'][0]}") and f": {value}" in p
        ] or not value
    finally:
        shutil.copyfile(REPOSITORY / RESOURCES[table]["path"], path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe{\x00",
        b"\xef\xbb\xbf{}",
        b"null",
        b"[]",
        b'{"resources": 5}',
        b'{"resources": [5]}',
        b'{"resources": [{}]}',
        b'{"resources": [{"name": []}]}',
    ],
)
def test_a_broken_descriptor_is_refused_and_the_check_says_so(folder, capsys, content):
    path = folder / "datapackage.json"
    try:
        path.write_bytes(content)
        problems = links.check()
        assert cli.main(["check"]) == 1
    finally:
        shutil.copyfile(REPOSITORY / "datapackage.json", path)
    assert len(problems) == 1 and one_sentence(problems[0])
    assert problems[0].startswith("datapackage.json: the descriptor is not valid JSON with a list of named resources (")
    assert capsys.readouterr().err == problems[0] + "\n"


@pytest.mark.parametrize("table", ["sources", "trade", "events"])
def test_a_table_that_left_the_descriptor_is_named(folder, table):
    descriptor = copy.deepcopy(DESCRIPTOR)
    descriptor["resources"] = [resource for resource in descriptor["resources"] if resource["name"] != table]
    try:
        (folder / "datapackage.json").write_text(json.dumps(descriptor))
        (problem,) = links.check()
    finally:
        shutil.copyfile(REPOSITORY / "datapackage.json", folder / "datapackage.json")
    assert one_sentence(problem) and ("sources" if table == "sources" else RESOURCES[table]["path"]) in problem


@pytest.mark.parametrize("table", ["trade", "indicators", "passages", "passage_areas", "events"])
def test_a_table_without_rows_stops_a_report_in_one_sentence(folder, table):
    """It is a table, and `analysis check` tells that its catalogue is stale; the arithmetic must not fall over it."""
    path = folder / RESOURCES[table]["path"]
    span = {"start_year": 1995, "end_year": 2025}
    try:
        path.write_bytes(lines(table)[0].encode())
        problems = links.check()
        assert problems and all(map(one_sentence, problems))
        refused = []
        for vintage, currency in zip(("bureau",) * 4 + ("comtrade",), ("usd", "usd_real", "kzt", "rub", "usd")):
            chosen = {"partner": "RUS", "ledger": "both", "vintage": vintage, "currency": currency}
            refused.append((rules.trade_trends, chosen))
        for section, areas in (("all", "all"), ("survey_2018", "trade")):
            chosen = {"areas": areas, "section": section, "coder": "agreed", "counting": "deduplicated"}
            refused.append((rules.cooperation_areas, chosen))
        messages = []
        for rule, chosen in refused:
            try:
                rule(**chosen, **span)
            except (DataError, ParameterError) as error:
                messages.append(str(error))
    finally:
        shutil.copyfile(REPOSITORY / RESOURCES[table]["path"], path)
    assert messages and all(map(one_sentence, messages))
    assert not [m for m in messages if "nan" in m or m.endswith((" .", "of ."))], messages


def test_numbers_keep_every_digit(tmp_path):
    schema = {
        "fields": [
            {"name": "at", "type": "integer", "description": "key", "constraints": {"required": True, "unique": True}},
            {"name": "whole", "type": "integer", "description": "may be empty", "constraints": {"unique": True}},
            {"name": "part", "type": "number", "description": "may be empty"},
        ],
        "primaryKey": ["at"],
    }
    path = tmp_path / "t.csv"
    path.write_text("at,whole,part\n1,123456789012345678,0.1\n2,,\n3,-999999999999999999,123456789.123456789\n")
    frame = read_table(path.read_bytes(), schema, label="t.csv")
    assert frame["whole"].tolist() == [123456789012345678, pd.NA, -999999999999999999]
    assert frame["part"].tolist()[::2] == [0.1, 123456789.123456789]
    path.write_text("at,whole,part\n1,7,\n2,07,\n")
    with pytest.raises(DataError, match="row 3, column whole: '07' is refused; each value may stand once"):
        read_table(path.read_bytes(), schema, label="t.csv")


@given(st.one_of(st.text(st.characters()), st.binary(), st.lists(st.text()), st.floats(), st.integers()))
def test_a_value_in_a_message_is_short_and_printable(value):
    assert shown(value).isprintable() and len(shown(value)) <= 80


def test_values_without_a_form_are_shown_by_their_type():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(10**5000) == "a value of the type int"
    assert shown(deep) == "a value of the type list"
    while deep:  # taken apart by hand: letting go of it at once would be as deep
        deep = deep.pop()
