"""Lesson 2: its right answers worked from the rows of trade.csv, and what students type and must be told."""

import numpy as np
import pandas as pd
import pytest

from analysis.lessons.answers import check, exercises
from analysis.tables.store import load

ROWS = load("trade")


def record(reporter: str, flow: str, year: int) -> pd.Series:
    """The one row of a country's record of its trade with the other, without the package's own selection."""
    source = {"KAZ": "bns" if year > 2017 else "wits", "RUS": "fcs_annual"}[reporter]
    key = {"reporter": reporter, "partner": {"KAZ": "RUS", "RUS": "KAZ"}[reporter], "flow": flow, "year": year}
    rows = ROWS[(ROWS[list(key)] == pd.Series(key)).all(axis=1) & (ROWS["source_id"] == source)]
    return rows.squeeze()


def usd(reporter: str, flow: str, year: int) -> float:
    return float(record(reporter, flow, year)["value_usd"])


def grown(reporter: str) -> float:
    now, before = (usd(reporter, "export", year) + usd(reporter, "import", year) for year in (2018, 2017))
    return 100 * (now - before) / before


def arrived() -> float:
    """The median of Kazakhstan's imports at a factor of 1.06 by Russia's exports, over years in which all four are
    sound.
    """
    ratios = []
    for year in range(1995, 2022):
        rows = [record(country, flow, year) for country in ("KAZ", "RUS") for flow in ("export", "import")]
        if all(row["status"] == "A" for row in rows):
            ratios.append(rows[1]["value_usd"] / 1.06 / rows[2]["value_usd"])
    return float(np.median(ratios))


OUT, IN = usd("KAZ", "export", 2019), usd("KAZ", "import", 2019)
EXPORTER, IMPORTER = usd("KAZ", "export", 2014), usd("RUS", "import", 2014)
GROWTH = {"kazakhstan": grown("KAZ"), "russia": grown("RUS")}

RIGHT = {
    "2.1": [OUT + IN, int(OUT + IN), np.float64(OUT + IN), 19.98e9, pd.Series([OUT + IN])],
    "2.2": ["b", " B ", "b)"],
    "2.3": [100 * (IMPORTER - EXPORTER) / EXPORTER, 16.5],
    "2.4": ["a"],
    "2.5": [arrived(), 0.928, np.float32(0.928)],
    "2.6": [[2011, 2012], (2012, 2011), {2011, 2012}, pd.Index([2011, 2012]), np.array([2011.0, 2012.0]), "2011, 2012"],
    "2.7": [GROWTH, pd.Series(GROWTH), pd.Series(GROWTH)[::-1], {"Kazakhstan": 13.1, "Russia": 6.3}],
    "2.8": ["c"],
}

# Each wrong answer with words of the sentence that must meet it.
WRONG = {
    "2.1": [
        (OUT, "exports only"),
        (IN, "imports only"),
        (OUT - IN, "the balance"),
        ((OUT + IN) / 1e9, "in billions, and the exercise asks for dollars"),
        (OUT / 1e9, "in billions, and the exercise asks for dollars. Besides: Your figure is exports only"),
        (usd("RUS", "export", 2019) + usd("RUS", "import", 2019), "Russia's ledger"),
        ("20", "leave the quotes away"),
        ((5, 670, 903, 385.51), "without commas between thousands"),
        ((19, 98), "with a decimal point"),
        (None, "empty"),
        (True, "yes or no"),
        (float("nan"), "no figure there"),
        (pd.Series([OUT, IN]), "2 values"),
        (1.0, "too low"),
    ],
    "2.2": [
        ("a", "other goods"),
        ("c", "both directions"),
        ("d", "both ends"),
        ("e", "letters are a, b, c, d"),
        (2, "in quotes"),
    ],
    "2.3": [
        (100 * (IMPORTER - EXPORTER) / IMPORTER, "percent of the importer's record"),
        (200 * (IMPORTER - EXPORTER) / (IMPORTER + EXPORTER), "percent of the mean"),
        (IMPORTER / EXPORTER, "the ratio"),
        (IMPORTER / EXPORTER - 1, "multiply by `100`"),
        (-100 * (IMPORTER - EXPORTER) / EXPORTER, "the sign is not"),
        (100 * (usd("RUS", "export", 2014) / usd("KAZ", "import", 2014) - 1), "the imports of Kazakhstan"),
    ],
    "2.4": [("b", "lower value"), ("c", "only one"), ("d", "one direction")],
    "2.5": [
        (0.983, "factor of one"),
        (1.033, "the other flow"),
        (1.095, "other flow, and at a factor of one"),
        (92.8, "divide by `100`"),
    ],
    "2.6": [
        ([2011], "1 of 2"),
        ([2011, 2012, 2013], "after the interview"),
        ([2008, 2011, 2012], "further than five per cent"),
        (np.nan, "asks for numbers, and nan is none"),
        (..., "three dots"),
    ],
    "2.7": [
        ({"kazakhstan": GROWTH["kazakhstan"]}, "russia is missing"),
        ({name: rate / 100 for name, rate in GROWTH.items()}, "multiply by `100`"),
        ({name: 1 + rate / 100 for name, rate in GROWTH.items()}, "subtract one"),
        ({name: rate / (1 + rate / 100) for name, rate in GROWTH.items()}, "percent of the later year"),
        ({"kazakhstan": GROWTH["kazakhstan"], "russia": 0.0}, "1 of 2 are right; look at russia"),
        (13.1, 'Write `{"kazakhstan": 0, "russia": 0}`, with your numbers'),
    ],
    "2.8": [("a", "headline"), ("b", "nobody recorded"), ("d", "both say")],
}


def test_every_exercise_is_tried():
    assert list(RIGHT) == list(WRONG) == exercises("2")


@pytest.mark.parametrize(("number", "answer"), [(number, answer) for number in RIGHT for answer in RIGHT[number]])
def test_right_answers_pass_however_they_are_written(number, answer):
    verdict = check(number, answer)
    assert verdict.outcome == "right", verdict


@pytest.mark.parametrize(("number", "answer", "words"), [(number, *pair) for number in WRONG for pair in WRONG[number]])
def test_what_students_type_gets_the_sentence_that_helps(number, answer, words):
    verdict = check(number, answer)
    assert verdict.outcome != "right" and words in verdict.words, verdict


STRANGE = [
    10**400,
    [10**400],
    [1, [2, 3]],
    list,
    np.array(5),
    b"b",
    complex(1, 1),
    pd.NA,
    float("-inf"),
    {"Russia": 1, "russia": 2},
    {"kazakhstan": "much", "russia": None},
    pd.Series([1, None], dtype="Int64", index=["kazakhstan", "russia"]),
    pd.Series([True, False], index=["kazakhstan", "russia"]),
    pd.Series([1, 2], index=pd.MultiIndex.from_tuples([(1, 2), (3, 4)])),
]


@pytest.mark.parametrize("answer", STRANGE, ids=range(len(STRANGE)))
@pytest.mark.parametrize("number", exercises("2"))
def test_a_strange_answer_gets_a_sentence_and_no_traceback(number, answer):
    verdict = check(number, answer)
    assert verdict.outcome == "wrong" and len(verdict.words.split()) >= 5
