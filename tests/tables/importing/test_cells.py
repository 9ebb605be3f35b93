"""What stands in a cell is understood for a reason, or refused for one."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.tables.importing import cells


@pytest.mark.parametrize(
    ("cell", "comma", "value"),
    [
        ("1234.5", False, 1234.5),
        ("1234,5", True, 1234.5),
        ("1 234,5", True, 1234.5),
        ("1\u00a0234\u00a0567,25", True, 1234567.25),
        ("1.234.567,25", True, 1234567.25),
        ("1,234,567.25", False, 1234567.25),
        ("1'234'567", False, 1234567.0),
        ("−12,5", True, -12.5),
        ("12 345*", False, 12345.0),
        ("12,5 1)", True, 12.5),
        ("12345¹⁾", False, 12345.0),
        (5670903.38551, True, 5670903.38551),
        (7, False, 7.0),
        (0.0, False, 0.0),
        ("0,0", True, 0.0),
        ("0", False, 0.0),
    ],
)
def test_a_number_is_read(cell, comma, value):
    assert cells.number(cell, comma=comma) == value


@pytest.mark.parametrize("cell", ["", " ", "-", "–", "—", "…", "...", "..", "x", "х", "X", ":", "n/a", math.nan])
def test_a_sign_for_nothing_is_no_number(cell):
    assert cells.number(cell, comma=True) is None


@pytest.mark.parametrize(
    ("cell", "comma", "rule"),
    [
        ("1,234", False, "thousands or decimals"),
        ("5,67E+09", True, "cut its last digits"),
        ("1.2.3", False, "holds numbers"),
        ("12 34", False, "holds numbers"),
        ("1 234.567,5 1", True, "holds numbers"),
        ("about 5", False, "holds numbers"),
        ("1e999", False, "cut its last digits"),
        (math.inf, False, "too large"),
        (True, False, "holds numbers"),
    ],
)
def test_what_is_no_number_or_two_is_refused(cell, comma, rule):
    with pytest.raises(ValueError, match=rule):
        cells.number(cell, comma=comma)


def test_the_commas_of_a_column_say_what_they_are():
    """«1,5» can only be decimals, so the «1.234» beside it are thousands, and a lone «1,234» is decimals too."""
    column = pd.Series(["1,5", "1.234", "1,234", "–"], dtype=object)
    found = cells.numbers(column, pd.Series(range(2, 6)), where="a.csv")
    assert found[:3].to_list() == [1.5, 1234.0, 1.234] and pd.isna(found[3])
    with pytest.raises(DataError, match=r"^a\.csv, row 9: '1,234' is refused; it can mean thousands or decimals; "):
        cells.numbers(pd.Series(["12.5", "1,234"], dtype=object), pd.Series([8, 9]), where="a.csv")


def test_three_decimals_behind_four_digits_are_no_thousands():
    """As a German or Russian Excel saves thousands of dollars with three decimals."""
    column = pd.Series(["9780123,456", "1,234", "-5602,531"], dtype=object)
    assert cells.numbers(column, pd.Series(range(2, 5)), where="a.csv").to_list() == [9780123.456, 1.234, -5602.531]


def test_a_text_of_noughts_is_no_nought_where_the_legend_says_so():
    column, rows = pd.Series(["0,0", 0.0, "0", "0.00", "–"], dtype=object), pd.Series(range(5))
    assert cells.numbers(column, rows, where="a.xls", comma=True, rounded=True).isna().to_list() == [1, 0, 0, 1, 1]
    assert cells.numbers(column, rows, where="a.csv", comma=True).fillna(9).to_list() == [0, 0, 0, 0, 9]


def test_a_truth_value_and_a_number_beyond_measure_are_refused():
    for cell in (True, "True", "inf", "-Infinity", math.inf):
        with pytest.raises(DataError, match=r"^a\.xls, row 3: .* is refused; "):
            cells.numbers(pd.Series([cell], dtype=object), pd.Series([3]), where="a.xls")


@given(st.floats(min_value=-1e14, max_value=1e14).map(lambda value: round(value, 2)))
def test_an_amount_is_the_same_in_any_notation(value):
    plain = f"{value:.2f}"
    assert cells.number(plain, comma=False) == float(plain)
    grouped = f"{value:,.2f}"
    for sign in (" ", "\u00a0", "\u202f", "."):
        text = grouped.replace(",", "_").replace(".", ",").replace("_", sign)
        assert cells.number(text, comma=True) == float(plain)


@given(st.text())
def test_any_text_is_a_number_nothing_or_refused(text):
    for comma in (False, True):
        try:
            found = cells.number(text, comma=comma)
        except ValueError as error:
            assert str(error).isprintable()
        else:
            assert found is None or math.isfinite(found)


@pytest.mark.parametrize(
    "spelling",
    ["Китай", " китай ", "КИТАЙ", "Китaй", "Китай*", "Китай¹", "Китай 1)", "Китай\n", "Ки\u0442ай,"],
)
def test_a_name_is_the_same_however_it_is_spelt(spelling):
    assert cells.name(spelling) == cells.name("Китай")


def test_names_that_differ_stay_different():
    assert (
        len({cells.name(text) for text in ("Киргизия", "Кыргызстан", "Korea, Rep.", "Korea", "Нигер", "Нигерия")}) == 6
    )
    assert cells.name("Всего\nв том числе:") == "всего в том числе"
    assert cells.name("Соединённые  Штаты") == cells.name("Соединенные Штаты")


MONTHS = {"январь": 1, "сентябрь": 9, "декабрь": 12, "қаңтар": 1, "желтоқсан": 12}


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("за январь-декабрь 2019 года", (2019, 1, 12)),
        ("2022 год", (2022, 1, 12)),
        ("за  2021 год", (2021, 1, 12)),
        ("2024 жылғы қаңтар-желтоқсан", (2024, 1, 12)),
        ("за январь-сентябрь 2024 года", (2024, 1, 9)),
        ("за январь 2024 года", (2024, 1, 1)),
        ("в январе-сентябре 2024 года", (2024, 1, 9)),
        ("Қазақстан Республикасы 2024 жылғы қаңтардан желтоқсандағы", (2024, 1, 12)),
        ("тыс. долларов США", None),
    ],
)
def test_a_heading_names_its_months(heading, found):
    assert cells.stretch(heading, MONTHS) == found


def test_may_is_a_month_in_any_case():
    for word, last in (("май", 5), ("мая", 5), ("мае", 5), ("мало", 12), ("марте", 3)):
        assert cells.stretch(f"2024 {word}", {"май": 5, "март": 3})[2] == last


def test_a_heading_of_a_quarter_is_refused():
    with pytest.raises(ValueError, match="speaks of 'кварталы'; "):
        cells.stretch("I-III кварталы 2024 года", MONTHS, ["квартал"])


def test_a_heading_of_two_years_is_refused():
    with pytest.raises(ValueError, match="the years 2022, 2023"):
        cells.stretch("2022 и 2023 годы", MONTHS)
