"""Small files of the shapes that publishers give, with amounts that are worked by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from xlsxwriter import Workbook

PRESENT = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,classificationCode,cmdCode,cmdDesc,customsCode,motCode,qty,"
    "cifvalue,fobvalue,primaryValue,isReported,isAggregate"
)
OLDER = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,"
    "Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,"
    "Netweight (kg),Trade Value (US$),Flag"
)
DETAILED = (
    '"Nomenclature","ReporterISO3","ProductCode","ReporterName","PartnerISO3","PartnerName","Year","TradeFlowName",'
    '"TradeFlowCode","TradeValue in 1000 USD"'
)
EU = (
    "European Union - 27 countries (AT, BE, BG, CY, CZ, DE, DK, EE, ES, FI, FR, GR, HR, HU, IE, IT, LT, LU, LV, MT, "
    "NL, PL, PT, RO, SE, SI, SK)"
)
SHARE = "удельный вес страны в общем объеме экспорта, %"


def present(*rows: Sequence[object], end: str = ",") -> str:
    """Comtrade's present site: period, flow code, partner code, product, customs code, value; rows end in a comma."""
    lines = [
        f"C,{'A' if len(str(period)) == 4 else 'M'},{period}01,{str(period)[:4]},52,{period},398,KAZ,Kazakhstan,{flow},"
        f'Flow,{partner},,"A, name",0,HS,{product},Of it,{customs},0,1.5,,,{value},False,True{end}'
        for period, flow, partner, product, customs, value in rows
    ]
    return "\n".join([PRESENT, *lines]) + "\n"


def older(*rows: Sequence[object]) -> str:
    """Comtrade's site before: year, flow, partner code, product, value."""
    lines = [
        f'HS,{year},{year},{year},0,0,9,{flow},398,Kazakhstan,KAZ,{partner},"A, name",,{product},All,1,None,,,{value},0'
        for year, flow, partner, product, value in rows
    ]
    return "\n".join([OLDER, *lines]) + "\n"


def detailed(*rows: Sequence[object], separator: str = ",") -> str:
    """WITS's detailed download: partner, product, year, flow, thousands."""
    lines = [
        f'"H4","KAZ","{product}","Kazakhstan","{partner}"," {partner}",{year},"{flow}",6,{value}'
        for partner, product, year, flow, value in rows
    ]
    return "\n".join([DETAILED, *lines]).replace(",", separator) + "\n"


def wdi(*rows: Sequence[object], years: Sequence[int] = (2023, 2024), updated: str = "2026-04-08") -> bytes:
    """The World Bank's CSV with its mark, its four lines and its commas at the end: country, indicator, values."""
    lines = ['"Data Source","World Development Indicators",', "", f'"Last Updated Date","{updated}",', ""]
    lines.append('"Country Name","Country Code","Indicator Name","Indicator Code",' + _quoted(years))
    lines += [f'"Name","{country}","Of it, in all","{code}",{_quoted(values)}' for country, code, *values in rows]
    return b"\xef\xbb\xbf" + ("\r\n".join(lines) + "\r\n").encode()


def _quoted(values: Sequence[object]) -> str:
    return "".join(f'"{value}",' for value in values)


def comext(*rows: Sequence[object], reporter: str = EU, export: str = "2-EXPORT") -> str:
    """Comext's relational view: partner, period, value."""
    lines = [
        f'"{reporter}","{who}","TOTAL-Total","{export}","T-Total","{period}",{value}' for who, period, value in rows
    ]
    return "\n".join(["REPORTER,PARTNER,PRODUCT,FLOW,STAT_PROCEDURE,PERIOD,VALUE_IN_EUR", *lines]) + "\n"


def bureau(
    path: Path,
    sheets: Mapping[str, tuple[str, Sequence[Sequence[object]]]],
    *,
    unit: str = "тыс. долларов США",
    published: str = "",
) -> Path:
    """The Kazakh bureau's workbook: by sheet the heading and rows of name, turnover, export, import."""
    with Workbook(path) as book:
        if published:
            book.add_worksheet("Обложка").write(6, 0, f"Дата опубликования: {published}")
        for name, (heading, rows) in sheets.items():
            page = book.add_worksheet(name)
            page.merge_range(0, 0, 0, 6, " Основные показатели внешней торговли Республики Казахстан")
            page.merge_range(1, 0, 1, 6, heading)
            page.merge_range(2, 4, 2, 6, unit)
            page.merge_range(3, 0, 4, 0, "Наименование")
            for column, head in ((1, "Товарооборот"), (3, "Экспорт"), (5, "Импорт")):
                page.merge_range(3, column, 3, column + 1, head)
                page.write_row(4, column, ["всего", SHARE])
            for at, (partner, *amounts) in enumerate(rows, start=5):
                page.write(at, 0, partner)
                for column, amount in zip((1, 3, 5), amounts, strict=True):
                    page.write(at, column, amount)
                    page.write(at, column + 1, 0.5)
    return path


def customs_years(path: Path, sheets: Mapping[str, tuple[object, Sequence[Sequence[object]]]]) -> Path:
    """The Russian customs' workbook of years: by sheet the year of its head, and rows of name and millions."""
    with Workbook(path) as book:
        book.add_worksheet("Содержание").write(0, 0, "Содержание")
        for name, (year, rows) in sheets.items():
            page = book.add_worksheet(name)
            page.write_column(0, 0, ["К содержанию", "Основные показатели", "(по данным ФТС России)"])
            page.write(2, 1, "(млн долларов США)")
            page.write(3, 1, year)
            for at, row in enumerate(rows, start=4):
                page.write_row(at, 0, row)
    return path


def customs_months(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """The Russian customs' workbook of months: by sheet a row of partners, and rows of years and of months."""
    with Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            heads = ["К содержанию", "Экспорт Российской Федерации", "(по данным ФТС России)", "(млн доллалов США)"]
            page.write_column(0, 0, heads)
            for at, row in enumerate(rows, start=4):
                page.write_row(at, 0, row)
    return path
