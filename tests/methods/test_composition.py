"""Sums, structure and two-way trade against tables small enough to work by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from analysis.methods import composition as c

VALUES = pd.DataFrame({"food": [20.0, 30.0, 10.0], "fuel": [80.0, 90.0, 30.0]}, index=[2000, 2001, 2003])
POSITIVE = arrays.arrays(float, (3, 4), elements=st.floats(1, 1e9)).map(
    lambda cells: pd.DataFrame(cells, index=[2000, 2001, 2002], columns=list("abcd"))
)


def test_groups_that_miss_the_published_total_are_refused():
    with pytest.raises(ValueError, match="The groups of 2001 sum to 120, and the total is 125."):
        c.adding_up(VALUES, pd.Series({2000: 100.0, 2001: 125.0}))
    c.adding_up(VALUES, pd.Series({2000: 100.0, 2001: 120.00001}))


def test_structural_change_is_half_the_sum_of_share_changes():
    # 20/80 becomes 25/75: five points moved
    change = c.structural_change(VALUES)
    assert change[2001] == pytest.approx(5)
    assert change[[2000, 2003]].isna().all()
    opposite = pd.DataFrame({"a": [7.0, 0.0], "b": [0.0, 3.0]}, index=[2000, 2001])
    assert c.structural_change(opposite)[2001] == 100


@given(POSITIVE, st.floats(1e-3, 1e3))
def test_structure_does_not_depend_on_size(values, factor):
    scaled = values.mul([1, factor, factor**2], axis=0)
    change, same = c.structural_change(values).iloc[1:], c.structural_change(scaled).iloc[1:]
    assert change.between(0, 100 + 1e-9).all()
    assert same.to_list() == pytest.approx(change.to_list(), abs=1e-9)


def test_two_way_trade_by_group_and_weighted():
    exports = pd.DataFrame({"food": [10.0], "fuel": [90.0], "none": [0.0]}, index=[2000])
    imports = pd.DataFrame({"none": [0.0], "fuel": [30.0], "food": [10.0]}, index=[2000])
    by_group = c.grubel_lloyd(exports, imports, aggregate=False).loc[2000]
    assert by_group["food"] == 1 and by_group["fuel"] == 0.5 and np.isnan(by_group["none"])
    assert c.grubel_lloyd(exports, imports)[2000] == pytest.approx(1 - 60 / 140)
    # joining the groups can only raise the index: here surplus and deficit do not cancel, so it stays
    joined = c.grubel_lloyd(exports.sum(axis=1).to_frame("all"), imports.sum(axis=1).to_frame("all"))
    assert joined[2000] == pytest.approx(1 - 60 / 140)


@given(POSITIVE, POSITIVE)
def test_coarser_groups_never_show_less_two_way_trade(exports, imports):
    fine = c.grubel_lloyd(exports, imports)
    coarse = c.grubel_lloyd(exports.T.groupby(list("xxyy")).sum().T, imports.T.groupby(list("xxyy")).sum().T)
    assert (coarse >= fine - 1e-12).all() and fine.between(0, 1).all()
    pd.testing.assert_series_equal(fine, c.grubel_lloyd(imports, exports))


def test_two_way_trade_needs_the_same_groups_and_takes_the_common_years():
    with pytest.raises(ValueError, match="only one of them has fuel"):
        c.grubel_lloyd(VALUES, VALUES[["food"]])
    assert c.grubel_lloyd(VALUES, VALUES.drop(2000)).to_dict() == {2001: 1, 2003: 1}


@pytest.mark.parametrize(
    "measure",
    [
        lambda values: c.adding_up(values, VALUES.sum(axis=1)),
        c.structural_change,
        lambda values: c.grubel_lloyd(values, VALUES),
        lambda values: c.grubel_lloyd(VALUES, values),
    ],
)
def test_a_sum_over_what_is_known_is_not_a_total(measure):
    values = VALUES.astype(float).copy()
    values.loc[2001, "fuel"] = np.nan
    with pytest.raises(ValueError, match="needs a value for every group and year, and 'fuel' has none in 2001."):
        measure(values)


@pytest.mark.parametrize("measure", [c.structural_change, lambda values: c.grubel_lloyd(VALUES, values)])
def test_negative_values_have_no_shares(measure):
    with pytest.raises(ValueError, match="zero or more, and 'food' is negative in 2003"):
        measure(VALUES.assign(food=[20.0, 30.0, -1.0]))


PRODUCTS = pd.DataFrame(
    [
        (2015, "HS_WITS16", "KAZ", "RUS", "import", "27-27", "Fuels", 5.0),
        (2015, "HS_WITS16", "KAZ", "RUS", "import", "01-05", "Animals", 1.0),
        (2016, "HS_WITS16", "KAZ", "RUS", "import", "27-27", "Fuels", 6.0),
        (2015, "HS_WITS16", "KAZ", "CHN", "import", "27-27", "Fuels", 9.0),
        (2015, "SITC_R3", "RUS", "KAZ", "export", "3", "Fuels", 8.0),
    ],
    columns=["year", "nomenclature", "reporter", "partner", "flow", "group_code", "group_name", "value_usd"],
)


def test_goods_stand_in_the_order_of_their_codes_and_keep_their_gaps():
    table = c.by_group(c.product_rows(PRODUCTS, nomenclature="HS_WITS16", reporter="KAZ", partner="RUS", flow="import"))
    assert table.columns.to_list() == ["Animals", "Fuels"]
    assert table["Fuels"].to_dict() == {2015: 5, 2016: 6}
    assert table["Animals"].isna().to_dict() == {2015: False, 2016: True}


def test_goods_that_the_table_does_not_hold_are_refused_by_what_it_holds():
    with pytest.raises(
        ValueError, match="No goods for SITC_R3 KAZ RUS export: the table holds HS_WITS16 KAZ CHN import"
    ):
        c.by_group(c.product_rows(PRODUCTS, nomenclature="SITC_R3", reporter="KAZ", partner="RUS", flow="export"))
