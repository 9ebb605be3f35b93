"""The checklists of CONTRIBUTING.md, done on a copy of the data and nothing else: the checks and the report pass."""

import ast
import csv
import io
import shutil
from pathlib import Path

import nbformat
import pytest

from analysis.checks import links
from analysis.exhibits.exhibit import Exhibit
from analysis.notebooks import folders
from analysis.notebooks.parameters import declared
from analysis.tables import catalogue, store

AREAS = "02_cooperation_areas.ipynb"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data, and of the notebooks beside it, that a checklist is done on."""
    shutil.copytree(store.DATA, tmp_path / "data")
    shutil.copytree(folders.NOTEBOOKS, tmp_path / "notebooks")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    return tmp_path


def path_of(table: str) -> Path:
    return store.DATA / store.resource_of(table)["path"]


def add(table: str, **row: object) -> None:
    """Adds a row to a table of the copy, or takes the place of the one with its key, where the order wants it."""
    path, key = path_of(table), store.schema(table)["primaryKey"]
    numbers = {field["name"] for field in store.schema(table)["fields"] if field["type"] == "integer"}
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert set(row) <= set(rows[0])
    new = dict.fromkeys(rows[0], "") | {name: str(value) for name, value in row.items()}
    rows = [old for old in rows if any(old[name] != new[name] for name in key)] + [new]
    rows.sort(key=lambda row: [int(row[name]) if name in numbers else row[name] for name in key])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(new), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def renew_catalogue() -> None:
    (store.DATA / "README.md").write_text(catalogue.catalogue(), encoding="utf-8")


def exhibits(notebook: str | Path, **parameters: object) -> dict[str, Exhibit]:
    """What the cells of a notebook show, by key, with other parameters than its own where any are named."""
    names, shown = {}, {}
    for cell in nbformat.read(folders.NOTEBOOKS / notebook, as_version=4).cells:
        if cell.cell_type == "code":
            *body, end = ast.parse(cell.source).body
            exec(compile(ast.Module(body, []), cell.id, "exec"), names)  # noqa: S102
            if isinstance(end, ast.Expr):
                last = eval(compile(ast.Expression(end.value), cell.id, "eval"), names)
            else:
                last = exec(compile(ast.Module([end], []), cell.id, "exec"), names)  # noqa: S102
            if isinstance(last, Exhibit):
                shown[last.key] = last
            if "parameters" in cell.metadata.get("tags", ()):
                names |= parameters
    return shown


def test_a_source(copy):
    """A poll of a new pollster: the exhibit that shows its row cites it, and no code knows its name."""
    add(
        "sources",
        source_id="new_pollster",
        title="A poll",
        publisher="A pollster",
        kind="poll",
        published="2022-06",
        licence="not stated",
        accessed="2026-11-22",
    )
    renew_catalogue()
    assert links.check() == ["sources, source_id new_pollster: no row of any table cites it; remove it or cite it."]
    add(
        "indicators",
        year=2022,
        country="RUS",
        partner="KAZ",
        indicator="poll_closest_friends_pct",
        value=36,
        unit="%",
        status="A",
        source_id="new_pollster",
        area_id="opinion",
    )
    add(
        "bands",
        series="indicators:RUS:KAZ:poll_closest_friends_pct:new_pollster",
        measure="value",
        first_year=2022,
        low=12,
        high=100,
        basis="A percentage is at most 100; a third of the least.",
    )
    renew_catalogue()
    assert links.check() == []
    polls = exhibits(AREAS)["polls"]
    assert "new_pollster" in polls.sources and polls.title.endswith("from 2006 to 2022")


def test_an_area(copy):
    """A codebook with one area more, which both coders find in a paragraph."""
    before = exhibits(AREAS)["area-by-section"].table
    add(
        "areas",
        area_id="sport",
        name="Sport",
        in_sentence="sport",
        definition="Sport of the two countries.",
        include="Games.",
        exclude="Talk of strength.",
    )
    add("passage_areas", paragraph=102, area_id="sport", coder="a", primary="false", stance="neutral", status="done")
    add("passage_areas", paragraph=102, area_id="sport", coder="b", primary="false", stance="neutral", status="done")
    renew_catalogue()
    assert links.check() == []
    notebook = copy / "notebooks" / AREAS
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace("| space |", "| space | sport |"), encoding="utf-8"
    )
    assert set(declared(notebook)["areas"].choices) == set(store.load("areas")["area_id"])
    made = exhibits(notebook)
    assert len(made["area-by-section"].table) == len(before) + 1
    assert made["area-by-section"].table.loc["Sport", "all"] == 1
    assert "Sport" in made["reliability"].table.index
    with pytest.raises(ValueError, match="^all tells of no event on sport from 1991 to 2025; it has no dated event"):
        exhibits(notebook, areas="sport")


def test_a_claim(copy):
    """A figure of the document on turnover: the check says which verdict the rules give, and the report shows it."""
    before = exhibits(AREAS)["claims"]
    add(
        "quantities",
        quantity_id="q100",
        paragraph=102,
        token="$ 1 billion",
        metric="turnover",
        value=1000000000,
        value_low=1000000000,
        value_high=1000000000,
        qualifier="exact",
        unit="USD",
        period_start=2003,
        period_end=2003,
        dating="stated",
        subject="turnover of Kazakhstan and Russia",
        direction="total",
        speaker="author",
        area_id="trade",
        derived="false",
    )
    renew_catalogue()
    assert links.check() == ["claim_checks: the figure q100 has no row."]
    check = {"quantity_id": "q100", "statistic": "turnover", "year": 2003, "unit": "USD", "verdict": "confirmed"}
    add("claim_checks", **check, basis="to be computed")
    renew_catalogue()
    for problem in links.check():
        row, _, rules = problem.partition("; the rules give ")
        assert row.startswith("claim_checks, q100: the ")
        column = row.removeprefix("claim_checks, q100: the ").partition(" is ")[0]
        check[column] = eval(rules.removesuffix("."))
    assert check["verdict"] == "contradicted" and "Kazakhstan's ledger 5.245 USD bn" in check["basis"]
    add("claim_checks", **check)
    renew_catalogue()
    assert links.check() == []
    after = exhibits(AREAS)["claims"]
    assert len(after.table) == len(before.table) + 1 and after.sources == before.sources
    assert f"{len(after.table)} checked figures" in after.title and "and 5 are contradicted" in after.title
