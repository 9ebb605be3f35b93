"""The checklists of CONTRIBUTING.md for an expert and for a forecast, done on a copy of the data and touching nothing
else.
"""

import csv
import re
import shutil

import in_process
import pytest

from analysis.checks.links import check
from analysis.methods import baselines
from analysis.notebooks import folders
from analysis.notebooks.parameters import declared
from analysis.tables import catalogue, store

NOTEBOOK = folders.NOTEBOOKS / "03_expert_forecasts.ipynb"
SOURCE = {
    "source_id": "doe_2018",
    "title": "A survey that was never held",
    "publisher": "Jo Doe",
    "kind": "press",
    "published": "2018-01-15",
    "licence": "none",
    "accessed": "2026-01-01",
}
STATEMENT = {
    "speaker": "Jo Doe",
    "speaker_role": "expert",
    "made_on": "2018-01-15",
    "made_precision": "day",
    "horizon_end": "2018-12-31",
    "known_when_made": "false",
    "area_id": "trade",
    "source_id": "doe_2018",
    "resolvable": "true",
}


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data that `load` and the checks read; returns what adds rows to a table of it."""
    shutil.copytree(store.DATA, tmp_path / "data")
    monkeypatch.setattr(store, "DATA", tmp_path / "data")
    monkeypatch.setattr(baselines, "METHODS", ("naive", "drift"))  # how a model is fitted is no matter here

    def add(table: str, *rows: dict[str, str]) -> None:
        add.tables.add(table)
        path = next(path for path in store.DATA.rglob(f"{table}.csv"))
        with path.open(encoding="utf-8", newline="") as file:
            every = list(csv.DictReader(file))
        columns = list(every[0])
        every += rows
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(
                sorted(every, key=lambda row: [row[column] for column in store.schema(table)["primaryKey"]])
            )

    add.tables = set()
    return add


def named(section: str) -> set[str]:
    """The tables that a checklist of CONTRIBUTING.md names."""
    text = (folders.NOTEBOOKS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return set(re.findall(r"`(\w+)\.csv`", text.split(f"## {section}\n")[1].split("\n## ")[0]))


def problems() -> list[str]:
    """What `analysis catalogue` and then `analysis check` say of the copy."""
    (store.DATA / "README.md").write_text(catalogue.catalogue(), encoding="utf-8")
    return check()


def answer(question: str, coder: str) -> dict[str, str]:
    return {
        "expert_id": "doe",
        "question_id": question,
        "coder": coder,
        "answer": "own",
        "stance": "pessimistic",
        "direction": "unclear",
        "strength": "1",
        "certainty": "3",
        "gist": "Who knows",
        "source_id": "doe_2018",
    }


def test_an_expert(copy):
    copy("sources", SOURCE)
    copy(
        "experts",
        {
            "expert_id": "doe",
            "name": "Jo Doe",
            "role": "scholar",
            "institution": "none",
            "country": "KAZ",
            "source_id": "doe_2018",
        },
    )
    assert problems()[0] == "positions: the answer of doe to q1 has no row by coder a."
    copy("positions", *(answer(f"q{number}", coder) for number in range(1, 5) for coder in "ab"))
    of_doe = STATEMENT | {"expert_id": "doe", "question_id": "q2", "kind": "event", "phrase_class": "likely"}
    copy(
        "statements",
        of_doe | {"statement_id": "s900", "gist": "An election is held", "criterion": "Yes if it is held."},
    )
    assert problems() == ["resolutions: the resolvable statement s900 has no row; say unresolved and why."]
    outcome = {
        "outcome": "yes",
        "resolved_on": "2018-03-18",
        "evidence": "It was held.",
        "source_id": "tass_2018_03_18",
    }
    copy("resolutions", {"statement_id": "s900"} | outcome)
    assert problems() == []

    assert copy.tables == named("An expert")
    shown = in_process.exhibits(NOTEBOOK)
    assert shown["positions"].title == "4 answers of 16 read as pessimistic"
    assert "Jo Doe" in set(shown["scores"].table.index)
    assert "Doe (unclear) within 5 %" in shown["growth-by-books"].table
    assert all("doe_2018" in shown[key].sources for key in ("positions", "dissent", "scores", "resolutions"))
    assert "Jo Doe" in shown["positions"].html() and shown["benchmark"].html()

    alone = in_process.exhibits(NOTEBOOK, experts="doe", questions="q2")
    assert alone["positions"].sources == ["doe_2018"]
    assert alone["scores"].title == "1 statement can be scored; one expert is no ranking"


def test_a_forecast(copy):
    copy("sources", SOURCE)
    foretold = STATEMENT | {
        "statement_id": "s900",
        "speaker_role": "official",
        "kind": "quantity",
        "gist": "Turnover reaches 18 billion dollars in 2018",
        "metric": "turnover",
        "value_low": "18000000000",
        "unit": "USD",
        "phrase": "will reach",
        "phrase_class": "will",
        "criterion": "Yes if both ledgers have 18 billion dollars or more for 2018.",
    }
    copy("statements", foretold)
    copy(
        "resolution_rules",
        {
            "statement_id": "s900",
            "series": "turnover",
            "test": "at_least",
            "first_year": "2018",
            "last_year": "2018",
            "threshold": "18000000000",
        },
    )
    # The criterion stands before the outcome is looked up; the check then says what the rule gives.
    told = problems()
    assert told == [
        "resolutions: the resolvable statement s900 has no row; say unresolved and why.",
        "resolutions: s900 has a rule and no row.",
    ]
    resolution = {"statement_id": "s900", "resolved_on": "2018-12-31", "source_id": "bns"}
    copy("resolutions", resolution | {"outcome": "no", "evidence": "To be filled in."})
    given = dict(
        re.findall(
            r"resolutions, s900: (\w+) is '.*?', and its rule gives '(.*)'\.$", "\n".join(problems()), re.MULTILINE
        )
    )
    assert set(given) == {"outcome", "evidence"} and given["outcome"] == "yes"
    path = store.DATA / "forecasts/resolutions.csv"
    text = path.read_text(encoding="utf-8")
    corrected = text.replace("s900,no,", "s900,yes,").replace("To be filled in.", f'"{given["evidence"]}"')
    path.write_text(corrected, encoding="utf-8")
    assert problems() == []

    assert copy.tables == named("A forecast")
    shown = in_process.exhibits(NOTEBOOK)
    assert shown["ledger"].table.loc["s900", "outcome"] == "yes"
    assert shown["officials"].table.loc["s900", "said, US$ bn"] == 18
    assert "doe_2018" in shown["officials"].sources and "s900" in shown["by-basis"].table.index


def test_the_choices_in_the_comments_of_the_parameters_are_those_of_the_tables():
    parameters = declared(NOTEBOOK)
    for name, table, column in (
        ("experts", "experts", "expert_id"),
        ("questions", "questions", "question_id"),
        ("lexicon", "lexicon_names", "lexicon"),
        ("reading", "class_readings", "reading"),
    ):
        known = set(store.load(table)[column])
        assert set(parameters[name].choices) - {"all"} == known, f"the comment of {name} and the table {table} differ"
