"""Whatever has happened to a publisher's file, it is read or refused in one sentence that names it."""

import re
from pathlib import Path

import published
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from analysis.errors import DataError
from analysis.tables import store
from analysis.tables.importing import readers
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes

EXAMPLES = settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
TOTAL = [("RUS", "Total", year, flow, 1000 + year) for year in (2021, 2022) for flow in ("Export", "Import")]
TEXTS = {
    "comtrade": published.present(
        ("2024", "X", 643, "TOTAL", "C00", 9123456.5), ("202403", "M", 643, "TOTAL", "C00", 17000000)
    ).encode(),
    "older": published.older((2016, "Export", 643, "TOTAL", 5), (2016, "Import", 156, "TOTAL", 7)).encode(),
    "wits": published.detailed(*TOTAL).encode(),
    "wits, semicolons": published.detailed(*TOTAL, separator=";").encode("cp1251"),
    "world bank": published.wdi(("KAZ", "SP.POP.TOTL", 20330104, 20592571), ("KAZ", "PA.NUS.FCRF", "", 468.9625)),
    "comext": published.comext(("Kazakhstan", "202352-Jan.-Dec. 2023", 1210990), ("Türkiye", "Aug. 2024", 7)).encode(),
    "sdmx": (
        b"DATASET,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE\n"
        b"IMF.STA:IMTS(1.0.0),KAZ,XG_FOB_USD,RUS,A,2024,9.3,Millions\n"
    ),
    "plain": b"year,reporter,partner,flow,value_usd,source_id\n2026,KAZ,RUS,export,1.5,bns\n",
}
PIECES = [
    b"",
    b",",
    b";",
    b'"',
    b"\n",
    b"\r\n",
    b"\t",
    b"\x00",
    b"\xff",
    b"-",
    b"1,5",
    b"1e9",
    b"\xe2\x80\x93",
    b"\xef\xbb\xbf",
]
CELLS = st.one_of(
    st.sampled_from(
        ["–", "…", "x", "0,0", "1 234,5", "1,234", "5,67E+09", "Россия", "Всего", "Экспорт", "2023 год", "тыс."]
    ),
    st.text(max_size=6),
    st.floats(),
    st.integers(-(10**9), 10**9),
    st.booleans(),
)


MAPS = store.load("source_codes"), store.load("partners")


def outcome(path: Path) -> None:
    try:
        raw = Raw(path)
        reader = readers.chosen(raw)
        for one in reader.read(raw, Codes(*MAPS, reader.FORMAT)):
            key = [name for name in store.schema(one.table)["primaryKey"] if name in one.rows]
            assert len(one.rows) and not one.rows.duplicated(key).any() and one.rows[key].notna().all(axis=None)
    except DataError as error:
        message = str(error)
        assert message.startswith(path.name) and message.isprintable() and message.endswith("."), message
        assert len(message) < 1200 and not re.search(r"\bNaN\b|np\.|Traceback", message), message


@pytest.mark.parametrize("kind", TEXTS)
@EXAMPLES
@given(st.data())
def test_a_damaged_text(kind, tmp_path_factory, data):
    content = TEXTS[kind]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 12)))
        content = content[:start] + data.draw(st.sampled_from(PIECES)) + content[end:]
    path = tmp_path_factory.getbasetemp() / "damaged.csv"
    path.write_bytes(content)
    outcome(path)


@EXAMPLES
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"sep=;\n"]),
)
def test_any_bytes(tmp_path_factory, content, start):
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(start + content)
    outcome(path)


@pytest.mark.parametrize("kind", ["bureau", "years", "months"])
@EXAMPLES
@given(st.data())
def test_a_damaged_workbook(kind, tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp()
    grid = GRIDS[kind]
    grid = [list(row) for row in grid]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(grid) - 1))
        grid[row][data.draw(st.integers(0, len(grid[row]) - 1))] = data.draw(CELLS)
    path = folder / "damaged.xlsx"
    name = data.draw(st.sampled_from(["2023", "Экспорт", "2024", "Лист1"]))
    with Workbook(path, {"nan_inf_to_errors": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(name)
        for at, row in enumerate(grid):
            page.write_row(at, 0, row)
    outcome(path)


GRIDS = {
    "bureau": [
        ["Основные показатели внешней торговли", "", "", ""],
        ["2023 год", "", "", "тыс. долларов США"],
        ["Наименование", "Товарооборот", "Экспорт", "Импорт"],
        ["", "всего", "всего", "всего"],
        ["Всего", 3, 2, 1],
        ["Россия", 3, 2, 1],
        ["Китай", 0.5, "–", 0.5],
    ],
    "years": [
        ["К содержанию", ""],
        ["(по данным ФТС России)", "(млн долларов США)"],
        ["", 2023],
        ["Экспорт", 5],
        ["Казахстан", 2],
        ["Импорт", 6],
        ["Казахстан", 1],
    ],
    "months": [
        ["(по данным ФТС России)", "", ""],
        ["(млн долларов США)", "", ""],
        ["", "Китaй", "Казахстан"],
        [2023, "", ""],
        ["январь", 1, 2],
        ["февраль", 3, 4],
    ],
}
