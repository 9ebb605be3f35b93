"""Lesson 4: its right answers worked from the files without the exercises' code, and what a student's typing is
told.
"""

import csv
from itertools import combinations

import pytest

from analysis.lessons import answers
from analysis.tables.store import DATA


def rows(name):
    with (DATA / "document" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def codes():
    """The paragraphs under each area by coder, repeats left out."""
    repeats = {row["paragraph"] for row in rows("passages") if row["duplicate_of"]}
    held = {"a": {}, "b": {}}
    for row in rows("passage_areas"):
        if row["paragraph"] not in repeats:
            held[row["coder"]].setdefault(row["area_id"], set()).add(int(row["paragraph"]))
    return held


@pytest.fixture(scope="module")
def ten(codes):
    """Ten pairs of yes and no: trade in paragraphs 57 to 66, by each coder."""
    return [tuple(paragraph in codes[coder]["trade"] for coder in ("a", "b")) for paragraph in range(57, 67)]


def right(number):
    return answers.exercise(number).right


def said(number, answer):
    verdict = answers.check(number, answer)
    return verdict.outcome, verdict.words


def test_areas_of_a_gist(codes):
    for coder in ("a", "b"):
        assert right("4.1") == {area for area, paragraphs in codes[coder].items() if 73 in paragraphs}


def test_agreement_and_the_lazy_reader(codes, ten):
    assert right("4.2") == 10 * sum(a == b for a, b in ten)
    compared = {paragraph for held in codes.values() for found in held.values() for paragraph in found}
    assert right("4.3") == pytest.approx(100 * (1 - len(codes["a"]["transport"]) / len(compared)))


def test_alpha_by_drawing_every_pair_of_slips(ten):
    slips = [slip for pair in ten for slip in pair]
    pairs = list(combinations(slips, 2))
    expected = sum(first != second for first, second in pairs) / len(pairs)
    assert right("4.4") == pytest.approx(expected)
    observed = sum(a != b for a, b in ten) / len(ten)
    assert right("4.5") == pytest.approx(1 - observed / expected)


def test_alpha_is_nought_where_one_of_twenty_says_yes():
    slips = [True] + [False] * 19
    pairs = list(combinations(slips, 2))
    assert 0.1 / (sum(first != second for first, second in pairs) / len(pairs)) == pytest.approx(1)


def test_a_count_with_agreed_codes_and_repeats(codes):
    agreed = codes["a"]["diplomacy"] & codes["b"]["diplomacy"]
    repeats = [row for row in rows("passages") if row["duplicate_of"] and int(row["duplicate_of"]) in agreed]
    assert right("4.7") == len(agreed) + len(repeats), "a repeat has the codes of what it repeats"


def test_the_model_answers_hold(codes):
    """Repeats move more areas than the choice of coder does, integration most; agreed codes move trade more."""
    repeated = [int(row["duplicate_of"]) for row in rows("passages") if row["duplicate_of"]]
    agreed = {area: codes["a"][area] & codes["b"][area] for area in codes["a"]}
    added = {area: sum(paragraph in found for paragraph in repeated) for area, found in agreed.items()}
    dropped = {area: len(codes["a"][area]) - len(found) for area, found in agreed.items()}
    assert sum(added[area] > dropped[area] for area in agreed) > len(agreed) / 2
    assert [area for area in agreed if dropped[area] > added[area]] == ["trade"]
    assert max(added, key=added.get) == "integration"
    assert len(agreed["integration"]) + added["integration"] == len(agreed["foreign_policy"]) + added["foreign_policy"]


def test_what_a_student_types_on_chance_and_choices():
    n, yes = 151, 4
    assert said("4.3", 100 * (n - yes) / n)[0] == "right" and said("4.3", 97.4)[0] == "right"
    assert "rounded too far" in said("4.3", 97)[1]
    assert "where they agree" in said("4.3", 100 * yes / n)[1]
    assert "You divide by all lines" in said("4.3", 100 * (1 - yes / 192))[1]
    assert "divide by the column `n`" in said("4.3", 100 * (n - yes) / 192)[1]
    assert said("4.4", 0.526)[0] == said("4.4", 0.53)[0] == "right"
    assert "This is one order only" in said("4.4", 10 / 20 * 10 / 19)[1]
    assert said("4.5", 1 - 0.2 / 0.53)[0] == "right", "from the rounded answer of the exercise before"
    assert "Scott's pi" in said("4.5", 1 - 0.2 / 0.5)[1] and "Cohen's kappa" in said("4.5", 0.32 / 0.52)[1]
    assert "set `counting` as well" in said("4.7", 41)[1] and "set `coder` as well" in said("4.7", 48)[1]
    assert "Nothing has changed yet" in said("4.7", 42)[1]


def test_what_a_student_types():
    assert said("4.1", "Defence, Space")[0] == "right"
    assert "names arms" in said("4.1", ["defence", "space", "trade"])[1]
    assert "spell it as the table does" in said("4.1", ["defense", "space"])[1]
    assert said("4.2", 80)[0] == "right" and "multiply by `100`" in said("4.2", 0.8)[1]
    assert "This is how often they differ" in said("4.2", 20)[1]
    assert "before you drew the second" in said("4.4", 0.5)[1]
    assert "This is the agreement itself" in said("4.5", 0.8)[1]
    assert said("4.8", "(a)")[0] == "right" and said("4.9", "d")[0] == "wrong"
