"""The parameters cell is read, and only what it declares gets in, with the declared type."""

from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.notebooks.parameters import ParameterError, declared, held, resolve
from analysis.tables import store

CELL = """
start_year = 1995  # 1995 to 2025: first year
end_year = 2025  # 1995 to 2025: last year
factor = 1.0  # 1.0 to 1.1: a factor
ledger = "both"  # kazakhstan | russia | both: whose
areas = "all"  # all, or several of border | trade | space: areas
title = "plain"  # any text: a title
full = True  # true or false: whether all
"""


def notebook(folder: Path, source: str = CELL, tags: tuple[str, ...] = ("parameters",)) -> Path:
    cell = nbformat.v4.new_code_cell(source.strip())
    cell.metadata["tags"] = list(tags)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / "n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), path)
    return path


@pytest.fixture(scope="module")
def parameters(tmp_path_factory):
    return declared(notebook(tmp_path_factory.mktemp("notebooks")))


def test_declared_reads_default_type_rule_and_meaning(parameters):
    year, ledger = parameters["start_year"], parameters["ledger"]
    assert (year.default, year.low, year.high, year.meaning) == (1995, 1995, 2025, "first year")
    assert year.allowed == "a whole number from 1995 to 2025"
    assert ledger.choices == ("kazakhstan", "russia", "both")
    assert list(parameters) == ["start_year", "end_year", "factor", "ledger", "areas", "title", "full"]


def test_texts_take_the_type_of_the_default(parameters):
    values = resolve(parameters, {"start_year": "2005", "factor": "1.05", "full": "false", "title": "007"})
    assert values == {
        "start_year": 2005,
        "end_year": 2025,
        "factor": 1.05,
        "ledger": "both",
        "areas": "all",
        "title": "007",
        "full": False,
    }
    assert [type(v) for v in values.values()] == [int, int, float, str, str, str, bool]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"starts": "1"},
            "unknown parameter 'starts'; declared are: start_year, end_year, factor, ledger, areas, title, full.",
        ),
        ({"start_year = 1; import os": "1"}, "unknown parameter 'start_year = 1; import os'"),
        ({"start_year": "abc"}, "start_year is a whole number from 1995 to 2025, not 'abc'."),
        ({"start_year": "1e3"}, "not '1e3'"),
        ({"start_year": "٢٠١٠"}, "a whole number from 1995 to 2025"),
        ({"start_year": 2010.0}, "a whole number"),
        ({"start_year": True}, "a whole number"),
        ({"start_year": "1994"}, "from 1995 to 2025, not '1994'"),
        ({"factor": "nan"}, "factor is a number from 1 to 1.1, not 'nan'."),
        ({"factor": float("inf")}, "a number from 1 to 1.1"),
        ({"ledger": "china"}, "ledger is one of kazakhstan, russia, both, not 'china'."),
        (
            {"areas": "trade,china"},
            "areas is all, or several, each once, joined by commas, of border, trade, space, not 'trade,china'.",
        ),
        ({"areas": ""}, "areas is all, or several"),
        ({"title": 7}, "title is a text without control characters, not 7."),
        ({"full": "True"}, "full is true or false, not 'True'."),
        ({"start_year": "2010", "end_year": "2005"}, "start_year (2010) is after end_year (2005); it must not be."),
    ],
)
def test_refusals_name_what_is_allowed(parameters, given, message):
    with pytest.raises(ParameterError) as refusal:
        resolve(parameters, given)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t")))
def test_a_text_stays_that_text(text):
    from analysis.notebooks.parameters import Parameter

    assert resolve({"title": Parameter("title", "x", "a title")}, {"title": text}) == {"title": text}


@pytest.mark.parametrize(
    ("source", "tags", "message"),
    [
        (CELL, (), "has no cell tagged 'parameters'"),
        ("a = 1  # 1 to 2: a\na = 2  # 1 to 2: a", ("parameters",), "assigns a twice; once is allowed"),
        ("year = 1990 + 5  # 1 to 2: a year", ("parameters",), "the default of year is not a literal"),
        ("year = 1995", ("parameters",), "a comment 'what is accepted: what it means'"),
        ("year = 1995  # 1995 to 2025", ("parameters",), "a comment 'what is accepted: what it means'"),
        ("year = 1995  # 1995 to 2025: ", ("parameters",), "a comment 'what is accepted: what it means'"),
        (
            "year = 1990  # 1995 to 2025: y",
            ("parameters",),
            "year is 1990, but its comment says a whole number from 1995",
        ),
        ("who = 'x'  # a | b: who", ("parameters",), "the default of who is 'x', but its comment says one of a, b."),
        ("years = [1995]  # any: years", ("parameters",), "years needs a default that is a number"),
    ],
)
def test_a_cell_that_declares_nothing_clear_is_refused(tmp_path, source, tags, message):
    with pytest.raises(ParameterError) as refusal:
        declared(notebook(tmp_path, source, tags))
    assert message in str(refusal.value)


def test_several_choices_are_joined_by_commas(parameters):
    assert resolve(parameters, {"areas": "trade,space"})["areas"] == "trade,space"
    assert resolve(parameters, {})["areas"] == "all"


def test_a_column_of_a_table_gives_the_choices(tmp_path):
    cell = 'who = "all"  # all, or several of experts.expert_id: who\nhow = "all"  # all | lexicon_names.lexicon: how'
    parameters = declared(notebook(tmp_path, cell))
    assert parameters["who"].choices == tuple(store.load("experts")["expert_id"]) and parameters["who"].several
    assert parameters["how"].choices[:2] == ("all", "efsa")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "all, or several of expert.expert_id",
            "who takes the values of 'expert.expert_id': The table 'expert' is unknown",
        ),
        (
            "all | experts.ide",
            "who takes the values of 'experts.ide': forecasts/experts.csv: it has no row with a column",
        ),
    ],
)
def test_a_table_or_column_that_is_not_there_is_named(tmp_path, rule, message):
    with pytest.raises(ParameterError, match=message):
        declared(notebook(tmp_path, f'who = "all"  # {rule}: who'))


@pytest.mark.parametrize(
    ("edited", "message"),
    [
        ({"start_year": "2010"}, r"^start_year is a whole number from 1995 to 2025, not '2010'\.$"),
        ({"ledger": "kazakstan"}, r"^ledger is one of kazakhstan, russia, both, not 'kazakstan'\.$"),
        ({"start_year": 2020, "end_year": 2010}, r"^start_year \(2020\) is after end_year \(2010\); it "),
        ({"full": "true"}, r"^full is true or false, not 'true'\.$"),
        ({"areas": ["trade"]}, r"^areas is all, or several, each once, joined by commas, of border, trade, space, "),
        ({"title": None}, r"^title is a text without control characters, not None\.$"),
    ],
)
def test_an_edited_cell_is_refused_in_the_words_of_the_command_line(tmp_path, parameters, edited, message):
    path = notebook(tmp_path)
    names = {name: one.default for name, one in parameters.items()} | {"other": object()}
    assert held(path, names) == {name: one.default for name, one in parameters.items()}
    with pytest.raises(ParameterError, match=message):
        held(path, names | edited)
    with pytest.raises(ParameterError, match=r"^the parameters cell no longer assigns title; it is a text without"):
        held(path, {name: value for name, value in names.items() if name != "title"})


def test_the_cell_that_was_run_says_what_it_accepts(tmp_path, parameters):
    path = notebook(tmp_path)
    names = {name: one.default for name, one in parameters.items()} | {"end_year": 2030}
    with pytest.raises(ParameterError, match="end_year is a whole number from 1995 to 2025, not 2030"):
        held(path, names)
    later, injected = CELL.replace("1995 to 2025: last", "1995 to 2030: last"), "start_year = 2001\nend_year = 2030\n"
    assert held(path, names | {"In": ["", CELL, "1 / 0", later, injected, "held()"]})["end_year"] == 2030


@pytest.mark.parametrize("typed", ['"2010"', "2010.0", "True"])
def test_a_range_of_whole_numbers_says_what_a_default_is(tmp_path, parameters, typed):
    edited = CELL.replace("start_year = 1995", f"start_year = {typed}")
    names = {name: one.default for name, one in parameters.items()} | {"start_year": eval(typed)}
    message = "start_year is a whole number from 1995 to 2025, not "
    with pytest.raises(ParameterError, match=message):
        held(notebook(tmp_path), names | {"In": [edited]})
    saved = notebook(tmp_path, edited)
    for told in (lambda: held(saved, names | {"In": [edited]}), lambda: declared(saved)):
        with pytest.raises(ParameterError, match=message):
            told()


def test_the_file_of_an_edited_notebook_may_be_saved(tmp_path, parameters):
    path = notebook(tmp_path, CELL.replace('"both"', '"eur"'))
    names = {name: one.default for name, one in parameters.items()} | {"ledger": "eur"}
    with pytest.raises(ParameterError, match=r"^ledger is one of kazakhstan, russia, both, not 'eur'\.$"):
        held(path, names)
    with pytest.raises(ParameterError, match="the default of ledger is 'eur'"):
        declared(path)
