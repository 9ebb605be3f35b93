"""A publisher's file on its way into the tables: told first, written whole or not at all, and nothing is lost."""

import csv
import os

import pandas as pd
import published
import pytest
from checklists import add, problems, rows_of, touched

from analysis import cli
from analysis.checks import incoming, links, writing
from analysis.errors import CallError, DataError
from analysis.methods.releases import SERIES
from analysis.tables import readings, status, store

# Names as the bureau has them; that of a country can be its code.
NAMES = {"WLD": "Всего", "CIS": "Страны СНГ", "EAEU": "Страны ЕАЭС", "EU": "Страны ЕС", "RUS": "Россия "}
# A day after all that was ever read, so that the files here are newer, and the last year of the bureau's workbooks.
READ = [store.load(table)[column] for table, column in (("imports", "released"), ("imports", "accessed"))]
NEXT = 1 + max(int(day[:4]) for days in (*READ, store.load("revisions")["superseded"]) for day in days.dropna())
DAY, ON = f"{NEXT}-07-25", f"{NEXT}-08-01"
LAST = int(store.load("trade").query("source_id == 'bns'")["year"].max())


@pytest.fixture
def workbook(copied, tmp_path):
    """Makes the bureau's workbook of some years out of the rows held, each amount as a function of its row gives it."""

    def make(
        *years, of=lambda row: row.value_usd, name="bureau.xlsx", day=f"25.07.{NEXT}", keep=lambda row: True, unit=1000
    ):
        rows = store.load("trade").query("source_id == 'bns'")
        sheets = {}
        for year in years:
            own = rows[rows["year"] == (year if year in set(rows["year"]) else rows["year"].max())]
            amounts: dict[str, dict[str, float]] = {}
            for row in filter(keep, own.itertuples()):
                amounts.setdefault(row.partner, {})[row.flow] = of(row._replace(year=year)) / unit
            lines = [
                [NAMES.get(partner, partner), sum(flows.values()), flows.get("export", "–"), flows.get("import", "–")]
                for partner, flows in amounts.items()
            ]
            sheets[str(year)] = (f"за январь-декабрь {year} года", [*lines, ["Остальные страны мира", 1, 1, 0]])
        return published.bureau(tmp_path / name, sheets, published=day)

    return make


@pytest.fixture
def first_read(copied):
    """The bureau's files of the first reading alone: that of 2022 and 2023 has a day, those before it have none."""

    def kept(row):
        later = "of the file " in row["note"] if "note" in row else row["released"] > "2024-07-25"
        return row["source_id"] != "bns" or not (later or row.get("accessed", "") > "2026-11-27")

    for table in ("imports", "revisions"):
        rows = rows_of(table)
        with store.path(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(filter(kept, rows))


@pytest.fixture
def selections(copied):
    """Changes up to which year the bureau's workbooks are read, and from which one what stands in for them."""

    def change(*, bns, bns_pipeline):
        rows = [row for row in rows_of("selections") if row["source_id"] in ("bns", "bns_pipeline")]
        ends = {"bns": {"last_year": bns}, "bns_pipeline": {"first_year": bns_pipeline}}
        add("selections", *(row | ends[row["source_id"]] for row in rows))

    return change


@pytest.fixture
def unchecked(monkeypatch):
    """What the checks of the whole say is no matter here."""
    monkeypatch.setattr(incoming, "_checked", lambda _: ([], []))


def japan(factor):
    return lambda row: row.value_usd * (factor if (row.partner, row.flow) == ("JPN", "import") else 1)


def since(year=2023):
    """The day from which on that import is known."""
    earlier = [row["superseded"] for row in japanese(year)]
    files = [row for row in rows_of("imports") if row["source_id"] == "bns"]
    days = [row["released"] for row in files if int(row["first_year"]) <= year <= int(row["last_year"])]
    return max(earlier or days)


def japanese(year=2023, after=0):
    """The revisions of that import in a year, of some years on."""
    of_series = [row for row in rows_of("revisions") if row["series"] == "trade:KAZ:JPN:import:bns"]
    return [row for row in of_series if row["year"] == str(year) and int(row["superseded"][:4]) >= after]


def compared(file):
    """What of the bureau's years a file was compared with."""
    rows = [row for row in rows_of("vintages") if row["series"] == "trade:KAZ:*:*:bns" and row["note"].endswith(file)]
    return {(row["first_year"], row["last_year"], row["released"], row["note"]) for row in rows}


def held(year=2023, **like):
    rows = store.load("trade").query("source_id == 'bns' and partner == 'JPN' and flow == 'import' and year == @year")
    return rows["value_usd"].item()


def test_a_file_says_what_it_would_change_and_changes_nothing(workbook):
    path = workbook(2022, 2023, of=japan(1.01))
    was = held()
    found = incoming.prepare(path, on=ON)
    assert found.problems == [] and touched() == set()
    told = "\n".join(found.told)
    assert "read as a workbook of the Kazakh bureau on trade by partner (kaz_bureau), digest " in told
    assert f"its release is of {DAY}" in told
    assert "trade, bns: 0 rows new, 86 equal, 2 revised, 0 held that the file does not have" in told
    assert f"  revised trade:KAZ:JPN:import:bns in 2023: {was:.2f} → {was * 1.01:.2f} (+1 %)" in told
    assert "1 names mean nothing here and are left out: Остальные страны мира" in told
    assert found.told[-1] == "check: every table, key, source and cross-check would hold"


def test_what_is_written_keeps_what_it_replaces(workbook, capsys):
    """The value has its successor's day, the file its digest, and a day in between knows the old value."""
    was, known_since = held(), since()
    assert cli.main(["import", str(workbook(2022, 2023, of=japan(1.01))), "--write", "--on", ON]) == 0
    assert (
        "written: vintages.csv, revisions.csv, imports.csv, sources.csv, trade.csv, README.md"
        in capsys.readouterr().out
    )
    assert links.check() == [] and touched() == {"trade", "revisions", "vintages", "imports", "sources"}
    assert held() == pytest.approx(was * 1.01, abs=0.01)
    (row,) = japanese(after=NEXT)
    expected = {"table": "trade", "year": "2023", "month": "0", "value": f"{was:.2f}", "source_id": "bns"}
    expected |= {"released": known_since, "superseded": DAY}
    assert {name: row[name] for name in expected} == expected and "of the file bureau.xlsx" in row["note"]
    assert compared("bureau.xlsx") == {("2022", "2023", known_since, "2 of 88 differ in bureau.xlsx")}
    entry = next(row for row in rows_of("imports") if row["file"] == "bureau.xlsx")
    assert (entry["released"], entry["accessed"], entry["rows"]) == (DAY, ON, "88")
    assert next(row for row in rows_of("sources") if row["source_id"] == "bns")["accessed"] == ON
    known = readings.load("trade", every_source=True, as_of=f"{NEXT}-01-01")
    known = known.query("source_id == 'bns' and partner == 'JPN' and flow == 'import' and year == 2023")
    assert known["value_usd"].item() == was


def test_the_same_file_again_and_a_release_after_it(workbook, unchecked):
    path, known_since = workbook(2022, 2023, of=japan(1.01)), since()
    incoming.prepare(path, on=ON).write()
    again = incoming.prepare(path, on=ON)
    assert "88 equal, 0 revised" in "\n".join(again.told)
    again.write()
    assert len(compared("bureau.xlsx")) == 1
    assert len([row for row in rows_of("imports") if row["file"] == "bureau.xlsx"]) == 1
    first = held()
    for year, factor in ((NEXT + 1, 1.01), (NEXT + 2, 1.02)):  # one that confirms, one that revises
        path = workbook(2022, 2023, of=japan(factor / 1.01), name="later.xlsx", day=f"25.07.{year}")
        incoming.prepare(path, on=f"{year}-08-01").write()
    chain = japanese(after=NEXT)
    spans = [(row["released"], row["superseded"]) for row in chain]
    assert spans == [(known_since, DAY), (DAY, f"{NEXT + 2}-07-25")]
    assert float(chain[1]["value"]) == first and links.check() == []


def test_an_earlier_release_does_not_replace_a_later_one(workbook):
    known_since = since()
    before = f"{int(known_since[:4]) - 1}-07-25"
    words = f"known since {known_since}, by a release of {before}; the rule is that a release"
    with pytest.raises(DataError, match=words):
        incoming.prepare(workbook(2022, 2023, of=japan(1.01), day=".".join(before.split("-")[::-1])), on=ON)


def test_a_value_is_known_since_the_files_of_its_year(workbook, first_read, unchecked):
    """Each year has its own day, and a file of a year that is older than one of another year is no earlier release."""
    incoming.prepare(workbook(2023, of=japan(1.02)), on=ON).write()
    was = held(2019)
    incoming.prepare(workbook(2019, of=japan(1.01), day="25.09.2026"), on=ON).write()
    (row,) = japanese(2019)
    # its workbook tells no day and was read later: 45 days after the end of 2019, as `load` counts
    assert (row["released"], row["superseded"], float(row["value"])) == ("2020-02-14", "2026-09-25", was)
    assert row["note"].endswith("of the file bureau.xlsx. Its day is the one of release_lags.") and links.check() == []
    added = [row for row in rows_of("imports") if row["file"] == "bureau.xlsx"]
    assert {(row["released"], row["first_year"], row["last_year"]) for row in added} == {
        (DAY, "2023", "2023"),
        ("2026-09-25", "2019", "2019"),
    }
    with pytest.raises(DataError, match=r"of 2019, known since 2026-09-25, by a release of 2025-09-25; "):
        incoming.prepare(workbook(2019, of=japan(1.03), day="25.09.2025"), on=ON)


def test_each_year_is_compared_with_its_own_release(workbook, first_read, unchecked):
    incoming.prepare(workbook(2020, 2021, 2022, 2023), on=ON).write()
    spans = {row[:3] for row in compared("bureau.xlsx")}
    assert spans == {("2020", "2021", "2026-11-27"), ("2022", "2023", "2024-07-25")}, "undated files, and the dated one"


def test_what_a_file_lacks_is_told_and_stays(workbook, unchecked):
    path = workbook(2022, 2023, keep=lambda row: row.partner != "JPN")
    found = incoming.prepare(path, on=ON)
    assert "  kept, not in the file: trade:KAZ:JPN:import:bns 2022 to 2023, 2 rows" in found.told
    found.write()
    assert held() > 0 and "trade" not in touched()


def test_a_rounded_figure_revises_nothing(workbook, unchecked):
    found = incoming.prepare(workbook(2022, 2023, of=lambda row: round(row.value_usd, -4)), on=ON)
    assert " 0 rows new, " in (line := next(line for line in found.told if line.startswith("trade, bns: "))), line
    revised = [line for line in found.told if line.startswith("  revised ")]
    assert all("JPN" not in line and "RUS" not in line for line in revised)  # of millions; a small one may lose digits


def test_what_is_far_from_the_value_is_no_rounding_of_it(workbook, unchecked):
    """Hundreds of millions, as all digits below are noughts: a hundredth apart."""
    coarse = round(held(), -8)
    found = incoming.prepare(workbook(2023, of=japan(coarse / held())), on=ON)
    assert f"  revised trade:KAZ:JPN:import:bns in 2023: {held():.2f} → {coarse:.0f} " in "\n".join(found.told)


@pytest.mark.parametrize("unit", [1, 1e6])
def test_thousands_taken_for_units_are_refused(workbook, unit):
    with pytest.raises(DataError, match=r"^trade: the amounts of the file are .* times those held; a unit such as"):
        incoming.prepare(workbook(2022, 2023, unit=unit), on=ON)


def test_a_new_year_beyond_its_band_is_not_written(workbook, capsys):
    """Ten times the trade of the last year: the checks name it, the exit code is 1, and no file is touched."""
    path = workbook(LAST + 1, of=lambda row: row.value_usd * 10)
    assert cli.main(["import", str(path), "--write", "--on", ON]) == 1
    out = capsys.readouterr().out
    assert f"  new trade:KAZ:ARM:export:bns {LAST + 1}" in out
    assert f"check: trade:KAZ:RUS:export:bns in {LAST + 1}: the value " in out
    assert out.endswith("nothing is written, for the checks name problems\n") and touched() == set()
    with pytest.raises(DataError, match="Nothing is written"):
        incoming.prepare(path, on=ON).write()
    assert cli.main(["import", str(path), "--on", ON]) == 1
    assert capsys.readouterr().out.endswith("nothing would be written, for the checks name problems\n")


def test_new_rows_have_all_columns(workbook, unchecked):
    """What the file does not say is by the tables: the valuation and status of the format, the flags."""
    incoming.prepare(workbook(LAST + 1, of=lambda row: row.value_usd * 1.05), on=ON).write()
    rows = store.load("trade").query("source_id == 'bns' and year == @LAST + 1")
    assert len(rows) == 44 and set(rows["valuation"]) == {"not_stated"} and set(rows["status"]) == {"A"}
    assert rows["note"].isna().all()


SPANS = f"bns from 2018 to {LAST}, bns_pipeline from {LAST + 1}): change that row."
UNREAD = [
    f"42 rows of bns in {LAST + 1} are read by no row of selections.csv for the ledger (wits to 2017, {SPANS}",
    f"2 rows of bns in {LAST + 1} are read by no row of selections.csv for the world total (wdi_kaz to 2017, {SPANS}",
]


def test_new_rows_that_no_report_reads_are_told(workbook, capsys, selections):
    """The bureau's own workbook of a year for which another source stands in: written, and told until it is read."""
    selections(bns=LAST, bns_pipeline=LAST + 1)
    path = workbook(LAST + 1, of=lambda row: row.value_usd * 1.05)
    assert cli.main(["import", str(path), "--write", "--on", ON]) == 0
    out = capsys.readouterr().out
    assert "".join(f"check: {said}\n" for said in UNREAD) in out and "every table, key" in out
    assert "would hold, once selections.csv is changed\n" in out and "\nwritten: " in out
    assert links.check() == UNREAD
    assert "Held and in no report (2):\n" + "\n".join(UNREAD) + "\n\n" in status.told(ON)
    selections(bns=LAST + 1, bns_pipeline=LAST + 2)
    assert cli.main(["fill"]) == 0
    assert problems() == [] and "Held and in no report" not in status.told(ON)
    read = readings.load("trade").query("reporter == 'KAZ' and partner == 'RUS' and year == @LAST + 1")
    assert set(read["source_id"]) == {"bns"}, "and the stand-in's rows of the year may stay"


def test_a_write_that_fails_leaves_all_as_it_was(workbook, monkeypatch, unchecked):
    found = incoming.prepare(workbook(2022, 2023, of=japan(1.01)), on=ON)
    was = {path: path.read_bytes() for path in found.texts}
    calls, move = [], os.replace

    def broken(part, path):
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device", str(path))
        move(part, path)

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(DataError, match=r"^cannot write .*: No space left on device; nothing is changed\.$"):
        found.write()
    assert {path: path.read_bytes() for path in found.texts} == was and len(calls) == 3
    assert not list(store.DATA.rglob(".*.part"))


@pytest.mark.parametrize("moved", [2, *(pytest.param(one, marks=pytest.mark.slow) for one in (1, 3, 4, 5))])
def test_a_kill_between_two_files_loses_no_value(workbook, monkeypatch, moved):
    """A process that ends can put nothing back: the same command again, on a later day, writes what is not there."""
    was, path = held(), workbook(2022, 2023, of=japan(1.01), day="")
    found = incoming.prepare(path, on=ON)
    calls, move = [], os.replace

    def killed(part, target):
        calls.append(target)
        if len(calls) > moved:
            raise KeyboardInterrupt
        move(part, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        patched.setattr(type(path), "write_bytes", lambda *_: None)
        patched.setattr(type(path), "unlink", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            found.write()
    assert list(store.DATA.rglob(".*.part"))
    for left in store.DATA.rglob(".*.part"):  # of a process that runs no more
        left.rename(left.with_name(left.name.replace(f".{os.getpid()}-", f".{2**22 + 1}-")))
    assert cli.main(["import", str(path), "--write", "--on", f"{NEXT}-08-02"]) == 0
    (row,) = japanese(after=NEXT)
    assert (float(row["value"]), held()) == (was, pytest.approx(was * 1.01, abs=0.01))
    assert links.check() == [] and not list(store.DATA.rglob(".*.part"))


def test_whose_rows_they_are(workbook, tmp_path):
    path = workbook(2023)
    with pytest.raises(CallError, match=r"on trade by partner cannot be of the source 'wits'; allowed are bns\.$"):
        incoming.prepare(path, on=ON, source="wits")
    plain = tmp_path / "rows.csv"
    plain.write_text("year,reporter,partner,flow,value_usd\n2026,KAZ,RUS,export,1\n", encoding="utf-8")
    with pytest.raises(
        CallError, match=r"^rows\.csv has no column source_id; say whose rows they are with SOURCE before"
    ):
        incoming.prepare(plain, on=ON)
    named = tmp_path / "named.csv"
    named.write_text(
        "year,reporter,partner,flow,value_usd,source_id\n"
        "2023,KAZ,RUS,export,10207415705.3,wits\n2023,KAZ,RUS,import,16847033600,bns\n",
        encoding="utf-8",
    )
    with pytest.raises(CallError, match=r"^named\.csv, row 3: the row is of 'bns' and SOURCE is 'wits'; the rule"):
        incoming.prepare(named, on=ON, source="wits")
    with pytest.raises(CallError, match="'nobody'; allowed are those of sources.csv"):
        incoming.prepare(plain, on=ON, source="nobody")


def test_a_day_before_the_release_is_refused(workbook):
    words = f"^bureau\\.xlsx: its release is of {DAY} and it was got on {NEXT}-07-24; the rule is that day or a later"
    with pytest.raises(CallError, match=words):
        incoming.prepare(workbook(2023), on=f"{NEXT}-07-24")


def test_a_file_that_was_got_earlier_turns_no_day_back(workbook, unchecked):
    incoming.prepare(workbook(2022), on=ON).write()
    incoming.prepare(workbook(2023, name="earlier.xlsx"), on=DAY).write()
    accessed = {row["file"]: row["accessed"] for row in rows_of("imports")}
    assert (accessed["bureau.xlsx"], accessed["earlier.xlsx"]) == (ON, DAY)
    assert next(row for row in rows_of("sources") if row["source_id"] == "bns")["accessed"] == ON


def test_a_series_without_a_band_is_left_out(copied, tmp_path):
    path = tmp_path / "comtrade.csv"
    path.write_text(published.present(("2023", "X", 203, "TOTAL", "C00", 5)), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"no row is of a series held here of wits; the rule is a band for it in bands\.csv"
    ):
        incoming.prepare(path, on=ON)


def test_comtrade_confirms_what_wits_gave(copied, tmp_path, unchecked):
    """The one in dollars, the other in thousands: the same record."""
    rows = store.load("trade").query("source_id == 'wits' and partner == 'RUS' and year >= 2022")
    flows = {"export": "X", "import": "M"}
    lines = [(str(row.year), flows[row.flow], 643, "TOTAL", "C00", row.value_usd) for row in rows.itertuples()]
    path = tmp_path / "comtrade.csv"
    path.write_text(published.present(*lines), encoding="utf-8")
    told = incoming.prepare(path, on=ON).told
    assert any(line.startswith(f"trade, wits: 0 rows new, {len(rows)} equal, 0 revised, ") for line in told)


def test_the_world_bank_s_new_year_and_revision(copied, tmp_path):
    """A year more, a value revised, a value that is gone; unit and area are by the definition."""
    rows = store.load("indicators").query("source_id == 'wdi_kaz' and indicator == 'population' and year >= 2023")
    last = rows["year"].max()
    values = {1960: 9429981} | {row.year: row.value for row in rows.itertuples()} | {2023: 20340000, last + 1: 20850000}
    path = tmp_path / "wdi.csv"
    row = ("KAZ", "SP.POP.TOTL", *values.values())
    path.write_bytes(published.wdi(row, years=list(values), updated=f"{NEXT}-04-08"))
    before = next(row["published"] for row in rows_of("sources") if row["source_id"] == "wdi_kaz")
    found = incoming.prepare(path, on=ON)
    assert found.problems == []
    assert f"  new indicators:KAZ:_Z:population:wdi_kaz {last + 1}" in found.told
    assert "  1 rows are of years before their series begins here, and left out" in found.told
    found.write()
    row = store.load("indicators").query("source_id == 'wdi_kaz' and indicator == 'population'").iloc[-1]
    assert (row["year"], row["value"], row["unit"], row["status"]) == (last + 1, 20850000, "persons", "A")
    assert pd.isna(row["area_id"])
    source = next(row for row in rows_of("sources") if row["source_id"] == "wdi_kaz")
    assert (source["published"], source["accessed"]) == (f"{NEXT}-04-08", ON)
    revisions = [row for row in rows_of("revisions") if row["series"] == "indicators:KAZ:_Z:population:wdi_kaz"]
    assert (revisions[-1]["released"], revisions[-1]["superseded"]) == (before, f"{NEXT}-04-08") and links.check() == []


def test_a_flagged_series_keeps_its_flag(copied, tmp_path, unchecked):
    values = store.load("indicators").query("source_id == 'wdi_kaz' and indicator == 'net_migration'")
    year = int(values["year"].max()) + 1
    path = tmp_path / "wdi.csv"
    path.write_bytes(published.wdi(("KAZ", "SM.POP.NETM", -9000), years=[year], updated=f"{NEXT}-04-08"))
    incoming.prepare(path, on=ON).write()
    row = store.load("indicators").query("indicator == 'net_migration' and year == @year").iloc[0]
    assert (row["status"], row["note"], row["area_id"]) == ("E", "A model's estimate in most years.", "migration")


def test_months_of_the_bureau_go_in_with_a_band(copied, tmp_path):
    """Differences of two sums from January on, typed: without a band each is named, with one all is written."""
    path = tmp_path / "months.csv"
    amounts = {month: (700e6 + month, 1300e6 - month) for month in (1, 2)}
    flows = ("export", "import")
    cells = [f"{NEXT},{month},KAZ,JPN,{flow},{value}" for month in (1, 2) for flow, value in zip(flows, amounts[month])]
    path.write_text("\n".join(["year,month,reporter,partner,flow,value_usd", *cells]) + "\n", encoding="utf-8")
    problems = incoming.prepare(path, on=ON, source="bns").problems
    assert len(problems) == 4 and all("lies in no band; give its value a row in the table bands" in p for p in problems)
    series = [f"trade_monthly:KAZ:JPN:{flow}:bns" for flow in flows]
    basis = {"measure": "value", "first_year": NEXT, "low": 200e6, "high": 4e9, "basis": "A third to three times."}
    add("bands", *({"series": name} | basis for name in series))
    found = incoming.prepare(path, on=ON, source="bns")
    assert found.problems == [] and f"  new {series[0]} {NEXT}-01 to {NEXT}-02, 2 rows" in found.told
    found.write()
    rows = store.load("trade_monthly").query("source_id == 'bns' and partner == 'JPN'")
    assert rows["value_usd"].to_list() == [700000001, 1299999999, 700000002, 1299999998]
    assert set(rows["valuation"]) == {"not_stated"} and set(rows["status"]) == {"A"} and links.check() == []


def test_a_mark_of_its_publisher_comes_and_goes(copied, tmp_path, unchecked):
    """New rows that are provisional say so, and no more once a file has them without the mark."""
    held = store.load("eu_exports").query("partner == 'KAZ'").iloc[-1]
    year, path = held["year"] + 1, tmp_path / "sdmx.csv"
    head = "REPORTER,PARTNER,PRODUCT,FLOW,INDICATORS,TIME_PERIOD,OBS_VALUE,OBS_FLAG"
    lines = [f"EU27_2020,KZ,TOTAL,2,VALUE_IN_EUROS,{year - 1},{held['value_eur']},"]
    lines += [f"EU27_2020,KZ,TOTAL,2,VALUE_IN_EUROS,{year},{1.05 * held['value_eur']:.0f},"]

    def taken(mark, on):
        path.write_text("\n".join([head, *lines]) + mark + "\n", encoding="utf-8")
        found = incoming.prepare(path, on=on)
        found.write()
        row = next(row for row in rows_of("eu_exports") if (row["year"], row["partner"]) == (str(year), "KAZ"))
        return [line for line in found.told if line.startswith("  marked ")], row["status"], row["note"]

    provisional = "Provisional, as its publisher marks it."
    assert taken("p", ON) == ([], "P", provisional)
    assert taken("p", f"{NEXT}-08-02") == ([], "P", provisional)
    series = f"eu_exports:EU27:KAZ:export:eurostat_comext in {year}"
    assert taken("", f"{NEXT}-08-03") == ([f"  marked {series}: P ({provisional}) → A"], "A", "")
    assert taken("e", f"{NEXT}-08-04")[0] == [f"  marked {series}: A → E (Estimated, as its publisher marks it.)"]
    assert all(row["status"] == "A" for row in rows_of("eu_exports") if row["year"] == str(year - 1))
    assert links.check() == []


def test_a_typed_status_or_note_of_a_row_that_is_held_is_written(copied, tmp_path, unchecked):
    """One whose value is equal, and one whose value is revised; a column that is not there changes nothing."""
    rows = store.load("trade").query("source_id == 'bns' and partner == 'JPN' and year == 2023").set_index("flow")
    values = rows["value_usd"]
    path = tmp_path / "rows.csv"
    head, start = "year,reporter,partner,flow,value_usd", "2023,KAZ,JPN"
    export, revised = f"{start},export,{values['export']}", f"{start},import,{values['import'] * 1.01:.2f}"
    path.write_text(f"{head},status,note\n{export},P,Told by letter.\n{revised},A,Told.\n", encoding="utf-8")
    found = incoming.prepare(path, on=ON, source="bns")
    was = {flow: f"A ({note})" for flow, note in rows["note"].items()}
    name = "  marked trade:KAZ:JPN:{}:bns in 2023: {} → {}"
    assert name.format("export", was["export"], "P (Told by letter.)") in found.told
    assert name.format("import", was["import"], "A (Told.)") in found.told
    found.write()
    path.write_text(f"{head}\n{export}\n", encoding="utf-8")
    incoming.prepare(path, on=ON, source="bns").write()
    after = store.load("trade").query("source_id == 'bns' and partner == 'JPN' and year == 2023").set_index("flow")
    assert after["status"].to_dict() == {"export": "P", "import": "A"}
    assert after["note"].to_dict() == {"export": "Told by letter.", "import": "Told."}
    assert after["value_usd"]["import"] == pytest.approx(values["import"] * 1.01, abs=0.01)
    assert links.check() == []


def test_every_table_that_grows_is_written_as_it_stands(copied):
    """Rows that do not change keep every byte."""
    for table in (*SERIES, "revisions", "imports", "sources"):
        text = store.path(table).read_text(encoding="utf-8")
        assert writing.changed(table, pd.DataFrame(), {}) == text, table


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (1293000000.0, "value_usd", "1293000000"),
        (79229500548.26, "value_usd", "79229500548.26"),
        (0.1 + 0.2, "value_usd", "0.3"),
        (468.9625, "value", "468.9625"),
        (1e-05, "value", "0.00001"),
        (95326487409.9576, "value", "95326487409.9576"),
        (2026, "year", "2026"),
        (float("nan"), "value", ""),
        (None, "note", ""),
        (pd.NA, "note", ""),
    ],
)
def test_a_cell_is_written_without_exponent(value, column, text):
    assert writing.written(value, column) == text
