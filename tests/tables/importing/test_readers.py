"""Each publisher's files, of the shape that they have: what is read from them, and what is refused in which words."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import published
import pytest
from xlsxwriter import Workbook

from analysis.errors import DataError
from analysis.tables import store
from analysis.tables.importing import readers
from analysis.tables.importing.raw import Raw
from analysis.tables.importing.records import Codes, Reading


@pytest.fixture
def saved(tmp_path) -> Callable[..., Path]:
    """Saves a text or bytes under a name and returns the path."""

    def save(content: str | bytes, name: str = "file.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return save


def read(path: Path) -> list[Reading]:
    raw = Raw(path)
    reader = readers.chosen(raw)
    return reader.read(raw, Codes(store.load("source_codes"), store.load("partners"), reader.FORMAT))


def only(path: Path) -> tuple[list[tuple], Reading]:
    """The rows of the only table of a file, without their places, and the reading."""
    (one,) = read(path)
    return list(one.rows.drop(columns="at").itertuples(index=False, name=None)), one


def refused(path: Path, words: str) -> None:
    with pytest.raises(DataError) as caught:
        read(path)
    message = str(caught.value)
    assert words in message and message.isprintable() and message.endswith(".") and message.startswith(path.name)


# UN Comtrade


def test_comtrade_s_present_site(saved):
    """Totals of all ways of transport and customs count; the comma at the end of each row shifts nothing."""
    text = published.present(
        ("2024", "X", 643, "TOTAL", "C00", 9123456.5),
        ("2024", "M", 643, "TOTAL", "C00", 17000000),
        ("2024", "X", 643, "TOTAL", "C01", 5),
        ("2024", "X", 643, "01", "C00", 7),
        ("2024", "RX", 643, "TOTAL", "C00", 8),
        ("2024", "X", 36, "TOTAL", "C00", 9),
        ("2024", "X", 0, "TOTAL", "C00", 81000000),
    )
    for end in (",", ""):
        rows, reading = only(saved(text if end else text.replace(",\n", "\n")))
        assert rows == [
            (2024, "KAZ", "RUS", "export", 9123456.5),
            (2024, "KAZ", "RUS", "import", 17000000.0),
            (2024, "KAZ", "WLD", "export", 81000000.0),
        ]
        assert reading.table == "trade" and reading.left == {"RX": 1, "36": 1}
        assert reading.told == ["2 rows of parts of a flow, such as single products, are left out"]
        assert reading.rows["at"].to_list() == [2, 3, 8]


def test_comtrade_s_months(saved):
    rows, reading = only(saved(published.present(("202403", "M", 643, "TOTAL", "C00", 3))))
    assert (rows, reading.table) == ([(2024, 3, "KAZ", "RUS", "import", 3.0)], "trade_monthly")


def test_comtrade_s_older_site(saved):
    text = published.older(
        (2016, "Export", 643, "TOTAL", 5), (2016, "Re-Export", 643, "TOTAL", 6), (2016, "Import", 156, "TOTAL", 7)
    )
    assert only(saved(text))[0] == [(2016, "KAZ", "RUS", "export", 5.0), (2016, "KAZ", "CHN", "import", 7.0)]


def test_comtrade_s_services_are_refused(saved):
    text = published.present(("2024", "X", 643, "TOTAL", "C00", 5))
    refused(saved(text.replace("\nC,", "\nS,")), "row 2: typeCode is 'S'; the rule is 'c', for ")


def test_a_quarter_is_no_period(saved):
    refused(saved(published.present(("2024Q1", "M", 643, "TOTAL", "C00", 3))), "row 2: the period is '2024Q1'; ")


# WITS


@pytest.mark.parametrize("separator", [",", ";"])
def test_wits_s_detailed_download(saved, separator):
    """Thousands, by the head; a partner's name begins with a space."""
    text = published.detailed(
        ("RUS", "Total", 2023, "Export", 9780123.456), ("WLD", "01", 2023, "Export", 5), separator=separator
    )
    rows, reading = only(saved(text))
    assert rows == [(2023, "KAZ", "RUS", "export", 9780123456.0)]
    assert any("separated by ';'" in reason for reason in reading.told) == (separator == ";")


def test_wits_by_country_a_year_a_row(saved):
    text = (
        "Reporter Name,Partner Name,Year,Trade Flow,Product Group,Export (US$ Thousand),Import (US$ Thousand)\n"
        "Kazakhstan, Russian Federation,2022,Gross,  All Products,8772551.9,\n"
        'Kazakhstan,"Korea, Rep.",2022,Gross,  All Products,4554000,1020000.5\n'
        "Kazakhstan,Europe & Central Asia,2022,Gross,  All Products,1,1\n"
    )
    rows, reading = only(saved(text))
    assert rows == [
        (2022, "KAZ", "RUS", "export", 8772551900.0),
        (2022, "KAZ", "KOR", "export", 4554000000.0),
        (2022, "KAZ", "KOR", "import", 1020000500.0),
    ]
    assert set(reading.left) == {"Europe & Central Asia"}


def test_wits_s_workbook_by_partner_has_no_products(tmp_path):
    """What its address for downloads gives: a flow a file, and all products in each row."""
    heads = ["Reporter Name", "Partner Name", "Year", "Trade Flow", "No Of exported HS6 digit Products"]
    heads += ["Export Share in Total Products (%)", "Export (US$ Thousand)", "Export Partner Share (%)"]
    path = tmp_path / "WITS-Partner.xlsx"
    with Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "Read me")
        page = book.add_worksheet("Partner")
        page.write_row(0, 0, heads)
        page.write_row(1, 0, ["Kazakhstan", "Russian Federation", 2015, "Export", 1893, 69.65, 4547502.25, 9.9])
        page.write_row(2, 0, ["Kazakhstan", " World", 2015, "Export", 2718, 100, 45954426.5, 100])
        page.write_row(3, 0, ["Kazakhstan", "Anguila", 2015, "Export", "", "", "", ""])
    rows, reading = only(path)
    assert rows == [(2015, "KAZ", "RUS", "export", 4547502250.0), (2015, "KAZ", "WLD", "export", 45954426500.0)]
    assert "it has no column of products, so its amounts are of all" in reading.told


def test_wits_by_country_a_column_a_year(saved):
    text = (
        "Reporter Name,Partner Name,Trade Flow,Product Group,Indicator,2021,2022\n"
        "Kazakhstan,Russian Federation,Export,All Products,Export (US$ Thousand),6921000,\n"
        "Kazakhstan,Russian Federation,Import,All Products,Import (US$ Thousand),17617000,17300000\n"
        "Kazakhstan,Russian Federation,Import,All Products,Import Partner Share (%),42.5,34.5\n"
    )
    assert sorted(only(saved(text))[0]) == [
        (2021, "KAZ", "RUS", "export", 6921000000.0),
        (2021, "KAZ", "RUS", "import", 17617000000.0),
        (2022, "KAZ", "RUS", "import", 17300000000.0),
    ]


def test_wits_in_millions_is_refused(saved):
    text = (
        "Reporter,Partner,Product categories,Indicator Type,Indicator,2019\n"
        "Kazakhstan,Russian Federation,All Products,Export,Trade (US$ Mil)-Top 5 Export Partner,           5602.53\n"
    )
    refused(saved(text), "no row has an indicator such as 'Export (US$ Thousand)'")
    refused(
        saved(text.replace("Trade (US$ Mil)-Top 5 Export Partner", "Export(US$ Mil)")), "its amounts are in millions"
    )


# World Bank


def test_the_world_bank_s_indicators(saved):
    """Four lines above the header, a byte-order mark, a comma at the end; an empty cell is nothing."""
    content = published.wdi(
        ("KAZ", "SP.POP.TOTL", 20330104, 20592571), ("KAZ", "PA.NUS.FCRF", "", 468.9625), ("KAZ", "SE.PRM", 1, 2)
    )
    rows, reading = only(saved(content))
    assert rows == [
        ("KAZ", "population", 2023, 20330104.0, "_Z"),
        ("KAZ", "population", 2024, 20592571.0, "_Z"),
        ("KAZ", "lcu_per_usd", 2024, 468.9625, "_Z"),
    ]
    assert (reading.table, reading.released) == ("indicators", "2026-04-08")
    assert reading.rows["at"].to_list() == [6, 6, 7]


@pytest.mark.parametrize("day", ["04/08/2026", "2026-02-30", "08.04.2026", "2026"])
def test_the_world_bank_s_day_that_is_none_is_refused(saved, day):
    content = published.wdi(("KAZ", "SP.POP.TOTL", 1, 2), updated=day)
    refused(saved(content), f"row 3: 'Last Updated Date' is {day!r}; the rule is a day as YYYY-MM-DD.")
    assert only(saved(published.wdi(("KAZ", "SP.POP.TOTL", 1, 2), updated="")))[1].released is None


# Eurostat


def test_comext_s_relational_view(saved):
    text = published.comext(
        ("Kazakhstan", "202352-Jan.-Dec. 2023", 12109900000),
        ("Niue", "202352-Jan.-Dec. 2023", 5),
        ("Kazakhstan", "Aug. 2024", 7),
    )
    years, months = read(saved(text))
    assert (years.table, months.table) == ("eu_exports", "eu_exports_monthly")
    assert years.rows.drop(columns="at").values.tolist() == [[2023, "EU27", "KAZ", "export", 12109900000.0]]
    assert months.rows.drop(columns="at").values.tolist() == [[2024, 8, "EU27", "KAZ", "export", 7.0]]


def test_comext_in_french(saved):
    text = published.comext(
        ("Russie, Fédération de", "Jan.-Dec. 2016", 72),
        reporter=published.EU.replace("European Union - 27 countries", "Union européenne - 27 pays"),
        export="EXPORTATION",
    )
    assert only(saved(text))[0] == [(2016, "EU27", "RUS", "export", 72.0)]


def test_comext_s_part_of_a_flow_is_refused(saved):
    """By the customs procedure; a partner that means nothing here may have any."""
    text = published.comext(("Kazakhstan", "Aug. 2024", 7), ("Niue", "Aug. 2024", 7))
    words = "row 2: STAT_PROCEDURE is '1-Normal'; the rule is 't-total' or 'total', for parts of a flow, or"
    refused(saved(text.replace("T-Total", "1-Normal")), words)
    assert only(saved(text.replace("T-Total", "Total")))[0][0][-1] == 7.0
    niue = text.splitlines(keepends=True)
    assert only(saved("".join([*niue[:2], niue[2].replace("T-Total", "1-Normal")])))[0][0][-1] == 7.0


def test_comext_s_part_of_a_year_is_refused(saved):
    refused(saved(published.comext(("Kazakhstan", "Jan.-Jun. 2024", 7))), "row 2: the period is 'Jan.-Jun. 2024'; ")


# SDMX


def test_sdmx_of_eurostat(saved):
    text = (
        "DATAFLOW,LAST UPDATE,freq,reporter,partner,product,flow,indicators,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,EU27_2020,KZ,TOTAL,2,VALUE_IN_EUROS,2024-08,900,\n"
        "ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,EU27_2020,KZ,TOTAL,2,QUANTITY_IN_100KG,2024-08,1.5,\n"
        "ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,EU27_2020,KZ,030462,2,VALUE_IN_EUROS,2024-08,1,\n"
        "ESTAT:DS-045409(1.0),15/09/26 11:00:00,M,EU27_2020,RU,TOTAL,2,VALUE_IN_EUROS,2024-08,:,c\n"
    )
    rows, reading = only(saved(text))
    assert (rows, reading.table) == ([(2024, 8, "EU27", "KAZ", "export", 900.0, "A", "")], "eu_exports_monthly")
    assert "1 rows of quantities or of other money are left out" in reading.told


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("ACTION", "D", "row 2: ACTION is 'D'; the rule is 'a' or 'i' or 'r', for "),
        ("stat_procedure", "1", "row 2: stat_procedure is '1'; the rule is 't' or 'total', for "),
    ],
)
def test_sdmx_that_deletes_and_parts_of_a_flow_are_refused(saved, column, cell, words):
    head = f"REPORTER,PARTNER,PRODUCT,FLOW,{column},INDICATORS,TIME_PERIOD,OBS_VALUE\n"
    refused(saved(f"{head}EU27_2020,KZ,TOTAL,2,{cell},VALUE_IN_EUROS,2024,900\n"), words)
    for good in {"ACTION": ("I", "R: Replace", "A", "")}.get(column, ("T", "T: Total")):
        text = f"{head}EU27_2020,KZ,TOTAL,2,{good},VALUE_IN_EUROS,2024,900\n"
        assert only(saved(text))[0] == [(2024, "EU27", "KAZ", "export", 900.0)]


@pytest.mark.parametrize(
    ("column", "mark", "status", "note"),
    [
        ("OBS_FLAG", "p", "P", "Provisional, as its publisher marks it."),
        ("OBS_STATUS: Status", "P: Provisional value", "P", "Provisional, as its publisher marks it."),
        ("OBS_FLAG", "s", "E", "Estimated, as its publisher marks it."),
        ("OBS_FLAG", "r", "A", ""),
    ],
)
def test_what_sdmx_marks_has_its_status(saved, column, mark, status, note):
    head = f"REPORTER,PARTNER,PRODUCT,FLOW,INDICATORS,TIME_PERIOD,OBS_VALUE,{column}\n"
    text = f"{head}EU27_2020,KZ,TOTAL,2,VALUE_IN_EUROS,2024,900,{mark}\n"
    assert only(saved(text))[0] == [(2024, "EU27", "KAZ", "export", 900.0, status, note)]
    refused(saved(text.replace(f",{mark}\n", ",f\n")), "row 2: the status is 'f'; the rule is one out of the column")


def test_sdmx_of_the_imf(saved):
    """The indicator names the flow and the money; the scale is a word, or a power of ten as older files have it."""
    head = "DATASET,COUNTRY,INDICATOR,COUNTERPART_COUNTRY,FREQUENCY,TIME_PERIOD,OBS_VALUE,SCALE\n"
    rows = "IMF.STA:IMTS(1.0.0),KAZ,XG_FOB_USD,RUS,A,2024,9.3,{0}\nIMF.STA:IMTS(1.0.0),KAZ,TBG_USD,RUS,A,2024,1,{0}\n"
    found, reading = only(saved(head + rows.format("Millions")))
    assert found == [(2024, "KAZ", "RUS", "export", 9300000.0)] and reading.left == {"TBG_USD": 1}
    assert only(saved(head.replace("SCALE", "UNIT_MULT") + rows.format("6")))[0] == found
    refused(saved(head + rows.format("Dozens")), "row 2: the scale is 'Dozens'; ")
    refused(saved(head + rows.splitlines()[1].format("Units") + "\n"), "no row has a reporter, partner, flow and money")


def test_sdmx_without_a_power_of_ten_where_others_have_one_is_refused(saved):
    head = "REPORTER,PARTNER,FLOW,CURRENCY,TIME_PERIOD,OBS_VALUE,UNIT_MULT\n"
    rows = "KAZ,RUS,X,USD,2023,9.3,6\nKAZ,RUS,X,USD,2024,{0},\n"
    refused(saved(head + rows.format("9.5")), "row 3: UNIT_MULT is empty; the rule is a power of ten.")
    assert only(saved(head + rows.format(":")))[0] == [(2023, "KAZ", "RUS", "export", 9300000.0)]


def test_sdmx_of_the_oecd_with_labels(saved):
    text = (
        "STRUCTURE,REF_AREA: Reference area,COUNTERPART_AREA: Partner,TRADE_FLOW: Flow,PRODUCT_CODE: Product,"
        "UNIT_MEASURE: Unit,TIME_PERIOD: Time,OBS_VALUE,UNIT_MULT: Multiplier\n"
        "DATAFLOW,KAZ: Kazakhstan,RUS: Russia,M: Imports,TOTAL: All,USD: US dollar,2023,16.8,9: Billions\n"
    )
    assert only(saved(text))[0] == [(2023, "KAZ", "RUS", "import", 16800000000.0)]


# The Kazakh bureau

ROWS = [
    ["Всего\nв том числе", 30.0, 20.0, 10.0],
    ["Страны СНГ", 7, 5, 2],
    [" Россия* ", "5 123,5", "3 000,25", 2123.25],
    ["Китай", "–", "…", "x"],
    ["Япония", 0.5, "0,0", 0.5],
    ["Остальные страны мира", 1, 1, 0],
    ["¹ Без учета неорганизованной торговли", "", "", ""],
]


def test_the_bureau_s_workbook(tmp_path):
    """Merged heads, thousands, footnotes, a name with blanks, signs for nothing, and a cover with the day."""
    path = published.bureau(tmp_path / "a.xlsx", {"2023": ("2023 год", ROWS)}, published="25.07.2024")
    rows, reading = only(path)
    assert sorted(rows) == [
        (2023, "KAZ", "CIS", "export", 5000.0),
        (2023, "KAZ", "CIS", "import", 2000.0),
        (2023, "KAZ", "JPN", "import", 500.0),
        (2023, "KAZ", "RUS", "export", 3000250.0),
        (2023, "KAZ", "RUS", "import", 2123250.0),
        (2023, "KAZ", "WLD", "export", 20000.0),
        (2023, "KAZ", "WLD", "import", 10000.0),
    ]
    assert reading.released == "2024-07-25" and reading.told == ["the sheet 'Обложка' has no table"]
    assert set(reading.left) == {"Остальные страны мира", "¹ Без учета неорганизованной торговли"}


def test_the_bureau_s_workbook_in_kazakh(tmp_path):
    rows = [["Барлығы", 3, 2, 1], ["Ресей", 3, 2, 1]]
    path = published.bureau(
        tmp_path / "a.xlsx", {"2024": ("2024 жылғы қаңтар-желтоқсан", rows)}, unit="мың АҚШ доллары"
    )
    assert (2024, "KAZ", "RUS", "export", 2000.0) in only(path)[0]


@pytest.mark.parametrize(
    ("sheets", "unit", "words"),
    [
        (
            {"12_2023": ("за январь-декабрь 2022 года", ROWS)},
            None,
            "sheet '12_2023', row 1: the heading is of 2022 and the sheet",
        ),
        ({"2024": ("за январь-сентябрь 2024 года", ROWS)}, None, "the heading is of the months 1 to 9 of 2024; "),
        ({"2023": ("2023 год", ROWS)}, "тонн", "the head names no unit that is known; "),
        ({"2023": ("2023 год", ROWS[1:])}, None, "no row is the total of all partners; "),
        (
            {"2023": ("2023 год", [*ROWS, ["Россия", 5, 3, 2]])},
            None,
            "sheet '2023', row 13: 2023, KAZ, RUS, export has the value 3000 here and 3000250 in sheet '2023', row 8; ",
        ),
        (
            {"2023": ("2023 год", [*ROWS, ["Армения", 50, 30, 10]])},
            None,
            "row 13: the turnover is 50 and the flows add up to 40; ",
        ),
        (
            {"2023": ("2023 год", [*ROWS, ["Армения", "…", 30, 10]])},
            None,
            "row 13: the turnover is missing and the flows add up to 40; the rule is that they are equal.",
        ),
        (
            {"2023": ("2023 год", [*ROWS, ["Армения", "нет", 3, 1]])},
            None,
            "row 13: 'нет' is refused; the column holds numbers.",
        ),
        ({"2024": ("в январе-сентябре 2024 года", ROWS)}, None, "the heading is of the months 1 to 9 of 2024; "),
        ({"2024": ("за II квартал 2024 года", ROWS)}, None, "row 1: the heading speaks of 'квартал'; "),
        ({"2023": ("год", ROWS)}, None, "the heading names 0 stretches of time; "),
    ],
)
def test_the_bureau_s_workbook_is_refused(tmp_path, sheets, unit, words):
    refused(published.bureau(tmp_path / "a.xlsx", sheets, **({"unit": unit} if unit else {})), words)


@pytest.mark.parametrize("years", [(2023, 2024), ("2023 г.", "2024 г."), (2023.0, 2023.0)])
def test_a_head_of_another_year_than_the_heading_is_refused(tmp_path, years):
    """The columns of the year before stand first; of years alone as of those with a word."""

    def book(years):
        path = tmp_path / "a.xlsx"
        with Workbook(path) as book:
            page = book.add_worksheet("2024")
            page.write_column(0, 0, ["за январь-декабрь 2024 года", "тыс. долларов США", "Наименование"])
            for column, head in ((1, "Товарооборот"), (3, "Экспорт"), (5, "Импорт")):
                page.merge_range(2, column, 2, column + 1, head)
                page.write_row(3, column, years)
            page.write_row(4, 0, ["Всего", 3, 33, 2, 22, 1, 11])
            page.write_row(5, 0, ["Россия", 2023, 2023, 2000, 2000, 23, 23])
        return path

    refused(book(years), "row 4: the head is of 2023 and the heading of 2024; the rule is one year.")
    assert (2024, "KAZ", "WLD", "export", 2000.0) in only(book((2024, 2024)))[0]


def test_a_day_of_publication_that_is_none_is_refused(tmp_path):
    path = published.bureau(tmp_path / "a.xlsx", {"2023": ("2023 год", ROWS)}, published="31.02.2024")
    refused(path, "a.xlsx: 'Дата опубликования' is '2024-02-31'; the rule is a day as YYYY-MM-DD.")


def test_an_empty_sheet_of_a_year_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with Workbook(path) as book:
        book.add_worksheet("2022")
        page = book.add_worksheet("2023")
        page.write_row(0, 0, ["2023 год", "Товарооборот", "Экспорт", "Импорт"])
    refused(path, "sheet '2022', row 1: the sheet is empty; ")


# The Russian customs


def test_the_customs_workbook_of_years(tmp_path):
    rows = [
        ["Экспорт ", 200.5],
        [" со странами СНГ", 50],
        ["Кaзахстан", 20.25],
        ["Импорт", "100,5"],
        ["Казахстан", "…"],
    ]
    found, _ = only(published.customs_years(tmp_path / "a.xlsx", {"2022": (2022, rows)}))
    assert sorted(found) == [
        (2022, "RUS", "CIS", "export", 50000000.0),
        (2022, "RUS", "KAZ", "export", 20250000.0),
        (2022, "RUS", "WLD", "export", 200500000.0),
        (2022, "RUS", "WLD", "import", 100500000.0),
    ]


def test_a_year_s_head_on_another_year_s_sheet_is_refused(tmp_path):
    path = published.customs_years(tmp_path / "a.xlsx", {"2022": (2021, [["Экспорт", 1], ["Импорт", 1]])})
    refused(path, "sheet '2022', row 1: the table is of 2021 and the sheet of 2022; ")


def test_the_customs_workbook_of_months(tmp_path):
    """Latin letters among the Russian ones, a misspelt unit, and a year that is under way."""
    rows = [
        ["", "Китaй", "Республикa \nКорея", "Индия"],
        [2022, "", "", ""],
        ["  январь", 1.5, 2, 3],
        ["  февраль", 2.5, "", ""],
    ]
    found, reading = only(published.customs_months(tmp_path / "a.xlsx", {"Экспорт": rows}))
    assert sorted(found) == [
        (2022, 1, "RUS", "CHN", "export", 1500000.0),
        (2022, 1, "RUS", "KOR", "export", 2000000.0),
        (2022, 2, "RUS", "CHN", "export", 2500000.0),
    ]
    assert reading.left == {"Индия": 1}
    refused(
        published.customs_months(tmp_path / "b.xlsx", {"Экспорт": [*rows, ["итого", 1, 1, 1]]}),
        "the row is called 'итого'; ",
    )


# Our own columns


def test_a_plain_csv(saved):
    text = "year,reporter,partner,flow,value_usd,source_id\n2026,KAZ,RUS,export,1.5,bns\n"
    assert only(saved(text))[0] == [(2026, "KAZ", "RUS", "export", 1.5, "bns")]
    excel = "sep=;\nyear;reporter;partner;flow;value_usd\n2026;KAZ;RUS ;export;1234,5\n2026;KAZ;RUS;import;1.234\n"
    rows, reading = only(saved(excel.replace("\n", "\r\n")))
    assert rows == [(2026, "KAZ", "RUS", "export", 1234.5), (2026, "KAZ", "RUS", "import", 1234.0)]
    assert reading.rows["at"].to_list() == [3, 4]
    pointed = excel.replace("1234,5", "12.345")  # no cell with a comma: points separate decimals
    assert [row[-1] for row in only(saved(pointed))[0]] == [12.345, 1.234]
    refused(saved(pointed.replace("1.234", "1.234.567")), "row 4: '1.234.567' is refused; the column holds numbers.")
    refused(saved(text.replace("2026,KAZ", "2026.5,KAZ")), "row 2: 2026.5 is refused; year holds whole numbers")
    refused(saved(text.replace("2026,KAZ", ",KAZ")), "row 2: the year is missing; the key is whole")


# What is none of them


def packed(*names: str) -> bytes:
    """A zip file with some empty files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "row 1: the file is empty; "),
        (b" \r\n\n", "row 1: the file is empty; "),
        (b"<!DOCTYPE html><html>503 Service Unavailable</html>", "so it is a web page or XML, perhaps an error"),
        (b'\xef\xbb\xbf{"error": "limit"}', "so it is JSON, perhaps an error"),
        (b"%PDF-1.7", "so it is a PDF"),
        (b"PK\x03\x04 and no more", "the workbook cannot be read ("),
        (packed("WDICSV.csv", "WDICountry.csv"), "it is a packed file with 'WDICSV.csv', 'WDICountry.csv'; "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "the workbook cannot be read ("),
        (b"year,value\n1,\x00\n", "row 2: there is a NUL byte; "),
        (b"a,b\n1,2\n", "its columns are 'a', 'b', which no reader knows; known are "),
        (b"Too many requests\n", "its columns are 'Too many requests', which no reader knows; "),
    ],
)
def test_what_no_publisher_gives_is_refused(saved, content, words):
    refused(saved(content), words)


def test_a_row_with_other_fields_than_the_header_is_refused(saved):
    text = published.detailed(("RUS", "Total", 2023, "Export", 1), ("RUS", "Total", 2022, "Export", 1))
    refused(saved(text.rstrip("\n") + ",5\n"), "row 3: it has 11 fields; the rule is as many as the header, 10.")
    refused(saved(text[: text.rindex(",")] + "\n"), "row 3: it has 9 fields; ")
    refused(saved(text.replace('"H4"', '"H4', 1)), "row 2: the line is no valid CSV (")


def test_repeated_rows_count_once_and_contradictory_ones_are_refused(saved):
    rows = [("RUS", "Total", 2023, "Export", 1), ("RUS", "Total", 2023, "Export", 1)]
    found, reading = only(saved(published.detailed(*rows)))
    assert len(found) == 1 and "1 rows that repeat another to the last digit count once" in reading.told
    refused(
        saved(published.detailed(rows[0], ("RUS", "Total", 2023, "Export", 2))),
        "row 3: 2023, KAZ, RUS, export has the value 2000 ",
    )


def test_the_marks_of_two_readers_are_refused(saved):
    text = published.detailed(("RUS", "Total", 2023, "Export", 1)).replace("\n", ",1,1,2023,1,1\n")
    head = (
        text.splitlines()[0].removesuffix(",1,1,2023,1,1")
        + ',"REF_AREA","COUNTERPART_AREA","TIME_PERIOD","OBS_VALUE","FLOW"'
    )
    refused(saved("\n".join([head, *text.splitlines()[1:]]) + "\n"), "the marks of SDMX-CSV and a download of WITS; ")


@pytest.mark.parametrize(("encoding", "told"), [("cp1251", "it is cp1251"), ("utf-8-sig", None), ("utf-16", None)])
def test_an_encoding_is_understood(saved, encoding, told):
    """A file in Russian as a Russian Excel saves it."""
    text = published.detailed(("RUS", "Total", 2023, "Export", 1)).replace('"Kazakhstan"', '"Республика Казахстан"')
    rows, reading = only(saved(text, encoding=encoding))
    assert rows == [(2023, "KAZ", "RUS", "export", 1000.0)]
    assert (
        any(told in reason for reason in reading.told) if told else not any("UTF" in reason for reason in reading.told)
    )


def test_western_accents_are_no_russian(saved):
    text = published.comext(("Türkiye", "Aug. 2024", 7))
    rows, reading = only(saved(text, encoding="cp1252"))
    assert (
        rows == [(2024, 8, "EU27", "TUR", "export", 7.0)]
        and "it is not UTF-8; by its letters it is cp1252" in reading.told
    )


def test_a_list_in_a_workbook_is_read_as_its_csv(saved, tmp_path):
    """As WITS offers it, and as Excel saves any."""
    text = published.present(
        ("2024", "X", 643, "TOTAL", "C00", 9123456.5), ("2024", "M", 643, "TOTAL", "C00", 17), end=""
    )
    path = tmp_path / "list.xlsx"
    with Workbook(path, {"strings_to_numbers": True}) as book:
        book.add_worksheet("Notes").write(0, 0, "Downloaded by hand")
        page = book.add_worksheet("Data")
        for at, row in enumerate(csv.reader(text.splitlines())):
            page.write_row(at, 0, row)
    assert (
        only(path)[0]
        == only(saved(text))[0]
        == [(2024, "KAZ", "RUS", "export", 9123456.5), (2024, "KAZ", "RUS", "import", 17.0)]
    )
    assert only(path)[1].rows["at"].to_list() == [2, 3] and "its list is the sheet 'Data'" in only(path)[1].told
    with Workbook(path) as book:
        page = book.add_worksheet("Sheet1")
        page.write_row(0, 0, ["year", "reporter", "partner", "flow", "value_usd"])
        page.write_row(1, 0, [2026, "KAZ", "RUS", "export", 1234.5])
    assert only(path)[0] == [(2026, "KAZ", "RUS", "export", 1234.5)]


def test_a_workbook_is_known_by_its_content(tmp_path):
    path = published.bureau(tmp_path / "a.xlsx", {"2023": ("2023 год", ROWS)})
    assert only(path.rename(tmp_path / "a.csv"))[1].table == "trade"


def test_a_file_that_is_not_there_is_named(tmp_path):
    refused(tmp_path / "lost.csv", "lost.csv: the file cannot be read (No such file or directory).")


def test_codes_say_one_thing():
    """No name of a format stands for two codes, however it is spelt, and what it stands for is known here."""
    from analysis.tables.importing.cells import name

    codes = store.load("source_codes").assign(folded=lambda rows: rows["published"].map(name))
    assert not codes.duplicated(["format", "column", "folded"]).any()
    known = {
        "partner": set(store.load("partners")["code"]),
        "flow": {"export", "import"},
        "indicator": set(store.load("indicator_definitions")["indicator"]),
        "month": {str(month) for month in range(1, 13)},
        "currency": {"usd", "eur"},
        "product": {"TOTAL"},
        "whole": {"all"},
        "status": {"A", "B", "D", "E", "P", "U"},
    }
    for column, rows in codes.groupby("column"):
        assert set(rows["code"]) <= known.get(column, set(rows["code"])), column
    assert pd.to_numeric(codes.loc[codes["column"] == "scale", "code"]).min() >= 1
    assert set(codes["format"]) - {"*"} <= set(readers.READERS)
    assert set(store.load("source_formats")["format"]) <= set(readers.READERS)
