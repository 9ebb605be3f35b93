"""Lesson 1: its right answers worked from the files without the exercises' code, and what a student's typing is
told.
"""

import csv

import pandas as pd
import pytest

from analysis.lessons import answers
from analysis.tables.store import DATA


def rows(name):
    with (DATA / "document" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def right(number):
    return answers.exercise(number).right


def said(number, answer):
    verdict = answers.check(number, answer)
    return verdict.outcome, verdict.words


def test_paragraphs_years_and_repeats():
    passages = rows("passages")
    assert right("1.1") == len(passages) == int(passages[-1]["paragraph"])
    assert right("1.2") == {int(row["written"][:4]) for row in passages if row["written"]}
    words = sum(int(row["words"]) for row in passages)
    repeated = sum(int(row["words"]) for row in passages if row["duplicate_of"])
    assert right("1.3") == pytest.approx(100 * repeated / words)


def test_fingerprints_of_one_word():
    # SHA-256 of the ten letters, from `printf Literature | sha256sum`.
    literature = "51e49f593b9bb496176fa5b522be1d322cf6cfcaa84daadead231280206d6074"
    found = {int(row["paragraph"]) for row in rows("passages") if row["sha256"] == literature}
    assert right("1.4") == found and len(found) == 2


def test_dates_and_verdicts():
    quantities = {row["quantity_id"]: row for row in rows("quantities")}
    assert right("1.5") == sum(row["dating"].startswith("stated") for row in quantities.values())
    checks = rows("claim_checks")
    trade = {"turnover", "external_turnover", "turnover_growth"}
    promised = {row["quantity_id"] for row in checks if row["reason"] == "not_a_record"}
    assert right("1.7") == {name for name in promised if quantities[name]["metric"] in trade}
    off = [
        abs(float(row["checked_low"]) / float(quantities[row["quantity_id"]]["value"]) - 1)
        for row in checks
        if row["verdict"] == "contradicted"
    ]
    assert right("1.8") == sum(share > 0.10 for share in off) < len(off)


def test_the_wrong_country():
    garbled = [row for row in rows("inconsistencies") if row["kind"] == "mistranslation" and "Armenia" in row["what"]]
    assert right("1.9") == {int(row["paragraph_a"]) for row in garbled}


def test_what_a_student_types():
    passages = pd.DataFrame(rows("passages"))
    assert said("1.1", len(passages))[0] == "right"
    assert "labels on the left begin with zero" in said("1.1", passages.index.max())[1]
    assert said("1.2", ["2004", "2005", "2006", "2012", "2018"])[0] == "right"
    assert said("1.2", ["2004", "2006", "2012", "2018"])[0] == "wrong"
    assert "share of paragraphs" in said("1.3", 100 * (passages["duplicate_of"] != "").mean())[1]
    assert "multiply by `100`" in said("1.3", right("1.3") / 100)[1]
    assert said("1.6", "B")[0] == "right" and "better fit" in said("1.6", "c")[1]
    assert "change `margin`" in said("1.8", 4)[1]
    assert "first name of a person" in said("1.9", [50])[1]


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("1.2", pd.Series([2018, 2004, 2005, 2005, 2006, 2012])),
        ("1.3", 14),
        ("1.4", "99, 166"),
        ("1.5", 24.0),
        ("1.7", ["Q070", "q020", "q041"]),
        ("1.8", 3),
        ("1.9", (84, 59)),
    ],
)
def test_right_answers_as_they_are_typed(number, answer):
    assert said(number, answer)[0] == "right"


@pytest.mark.parametrize(
    ("number", "answer", "sentence"),
    [
        ("1.1", "192", "leave the quotes away"),
        ("1.2", ["2004", "2004-02"], "keep the first four characters"),
        ("1.2", [2004, 2012, 2018], "3 of 5"),
        ("1.3", 1561, "number of words"),
        ("1.4", [98, 165], "change the word between the quotes"),
        ("1.5", 24.24, "a share in percent"),
        ("1.6", "d", "before the year is over"),
        ("1.7", ["q020", "q041", "q070", "q039"], "vague, not future"),
        ("1.8", 1, "those that do not"),
        ("1.8", 0, "a thousand per cent"),
        ("1.9", "Armenia", "asks for numbers"),
        ("1.9", [29, 53], "label of a row"),
    ],
)
def test_errors_as_they_are_typed(number, answer, sentence):
    outcome, words = said(number, answer)
    assert outcome == "wrong" and sentence in words


def test_what_the_lesson_says_without_a_cell_holds():
    checks, quantities = rows("claim_checks"), {row["quantity_id"]: row for row in rows("quantities")}
    assert "within_mirror_band" not in {row["verdict"] for row in checks}
    assert sum(row["verdict"] == "uncheckable" for row in checks) > len(checks) / 2
    contradicted = [row for row in checks if row["verdict"] == "contradicted"]
    assert all(row["checked_low"] == row["checked_high"] for row in contradicted), "one country alone has statistics"
    off = {
        row["quantity_id"]: abs(float(row["checked_low"]) / float(quantities[row["quantity_id"]]["value"]) - 1)
        for row in contradicted
    }
    assert [name for name, share in off.items() if 0.10 < share < 0.101] == ["q042"], "one misses it by a hair"
    record = quantities["q006"]
    assert record["period_start"] == record["period_end"] == "2011" and "last full year before" in record["dating"]
    forms = {row["name_en"]: row["as_in_document"] for row in rows("named_forms")}
    assert [forms[name] for name in ("Almaty", "Oral", "Abai Kunanbaiuly")] == ["Alma-Ata", "Uralsk", "Abai Kunanbayev"]
