"""What trade consists of: groups of goods and their shares, change of structure, two-way trade.

Tables are years × groups (goods, partners) of values in one unit; every group must have a value in every
year, since a sum over what happens to be known is not a total. A year that the table does not hold at all is
a gap, not a fault.
"""

from dataclasses import dataclass

import pandas as pd

FLOW = ["nomenclature", "reporter", "partner", "flow"]


@dataclass(frozen=True, eq=False)
class Goods:
    """One flow by groups of goods: rows of the table trade_products of one nomenclature, reporter, partner and flow.

    Raises ValueError for rows of no flow or of several.
    """

    rows: pd.DataFrame

    def __post_init__(self) -> None:
        held = self.rows[FLOW].drop_duplicates()
        if len(held) != 1:
            names = ", ".join(" ".join(row) for row in held.to_numpy()) or "none"
            raise ValueError(f"Goods are of one flow, and the rows hold {names}.")

    @property
    def partner(self) -> str:
        """The code of the partner."""
        return self.rows["partner"].iloc[0]

    @property
    def values(self) -> pd.DataFrame:
        """US dollars, years × group names, as `by_group` gives them."""
        return by_group(self.rows)

    @property
    def doubtful(self) -> list[int]:
        """The years in which any group has an observation status that is not normal."""
        return sorted(int(year) for year in self.rows.loc[self.rows["status"] != "A", "year"].unique())


def by_reporter(products: pd.DataFrame) -> list[Goods]:
    """One flow of each reporter, in the order of their codes; of some rows of the table trade_products."""
    return [Goods(rows) for _, rows in products.groupby("reporter")]


def bought(products: pd.DataFrame, partner: str, *, otherwise: str) -> Goods:
    """The goods bought from one partner, or from another where the table lacks a group of them in some year.

    `products` are rows of one nomenclature, reporter and flow.
    """
    of_partner, of_other = (products[products["partner"] == code] for code in (partner, otherwise))
    cells = ["year", "group_code"]
    whole = len(of_other[cells].merge(of_partner.dropna(subset="value_usd")[cells])) == len(of_other)
    return Goods(of_partner if whole else of_other)


def product_rows(products: pd.DataFrame, *, nomenclature: str, reporter: str, partner: str, flow: str) -> pd.DataFrame:
    """The rows of trade_products of one flow, which is seen from the reporter.

    Raises ValueError, naming what the table holds, when nothing matches.
    """
    wanted = pd.Series([nomenclature, reporter, partner, flow], index=FLOW)
    rows = products[products[FLOW].eq(wanted).all(axis=1)]
    if rows.empty:
        held = ", ".join(" ".join(row) for row in products[FLOW].drop_duplicates().sort_values(FLOW).to_numpy())
        raise ValueError(f"No goods for {' '.join(wanted)}: the table holds {held}.")
    return rows


def by_group(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one flow (`product_rows`) as years × group names, in US dollars, in the order of the group codes.

    A group without a row in some year is NaN.
    """
    names = rows.drop_duplicates("group_code").sort_values("group_code", kind="stable")["group_name"]
    return rows.pivot(index="year", columns="group_name", values="value_usd")[names.to_list()]


def adding_up(values: pd.DataFrame, total: pd.Series) -> None:
    """Raises ValueError where the groups of a year miss the published total of the year by more than a millionth.

    A missing value of a group is refused too; a year without a published total is not asked about.
    """
    _complete(values, "A sum of groups")
    whole = values.sum(axis=1)
    missed = (whole - total.reindex(whole.index)).abs() > 1e-6 * whole.abs()
    if missed.any():
        year = missed.idxmax()
        raise ValueError(f"The groups of {year} sum to {whole[year]:.0f}, and the total is {total[year]:.0f}.")


def shares(values: pd.DataFrame) -> pd.DataFrame:
    """Each group's share in its year's sum, percent, years × groups; NaN where the sum is zero.

    Raises ValueError for a missing or negative value.
    """
    return 100 * _shares(values, "A share")


def structural_change(values: pd.DataFrame) -> pd.Series:
    """Change of structure on the previous calendar year, in percent of the whole: ½ Σ_g |s_gt − s_g,t−1|.

    The shares s are taken of each year's sum, so values and shares serve alike. 0: the same structure; 100:
    nothing in common. The finer the groups, the larger the index. NaN where the previous year is missing or a
    sum is zero. Also called the norm of absolute values. Raises ValueError for a missing or negative value.
    References: Michaely, M. (1962), Concentration in International Trade; Stoikov, V. (1966), Some
    determinants of the level of frictional unemployment, International Labour Review 93(5).
    """
    shares = _shares(values, "Structural change")
    change = shares - shares.reindex(shares.index - 1).set_axis(shares.index)
    return 50 * change.abs().sum(axis=1, skipna=False)


def grubel_lloyd(exports: pd.DataFrame, imports: pd.DataFrame, *, aggregate: bool = True) -> pd.Series | pd.DataFrame:
    """Grubel–Lloyd index of two-way trade within groups, from 0 (one-way) to 1 (exports equal imports).

    By group 1 − |X_g − M_g| ÷ (X_g + M_g), NaN without trade; the aggregate is the mean weighted by the
    groups' trade, 1 − Σ|X_g − M_g| ÷ Σ(X_g + M_g). It holds for the level of aggregation of the columns only:
    coarse groups, such as the 10 SITC sections or 16 HS groups, join unlike goods and overstate trade within
    an industry, and an overall surplus or deficit lowers the aggregate. Both flows should come from one
    ledger. Returns a Series by year, or with `aggregate=False` years × groups, for the years that both tables
    hold. Raises ValueError for different groups and for a missing or negative value. Reference: Grubel, H. G.
    & Lloyd, P. J. (1975), Intra-Industry Trade, Wiley.
    """
    if set(exports.columns) != set(imports.columns):
        odd = sorted(set(exports.columns) ^ set(imports.columns))
        raise ValueError(f"Exports and imports need the same groups, and only one of them has {', '.join(odd)}.")
    years = exports.index.intersection(imports.index).sort_values()
    exports, imports = exports.loc[years], imports.loc[years, exports.columns]
    for flow in (exports, imports):
        _complete(flow, "Two-way trade")
        _not_negative(flow, "Two-way trade")
    apart, both = (exports - imports).abs(), exports + imports
    if aggregate:
        apart, both = apart.sum(axis=1), both.sum(axis=1)
    return 1 - apart / both.where(both > 0)


def _shares(values: pd.DataFrame, what: str) -> pd.DataFrame:
    _complete(values, what)
    _not_negative(values, what)
    whole = values.sum(axis=1)
    return values.div(whole.where(whole > 0), axis=0)


def _complete(values: pd.DataFrame, what: str) -> None:
    _refuse(values.isna(), f"{what} needs a value for every group and year, and {{group!r}} has none in {{year}}.")


def _not_negative(values: pd.DataFrame, what: str) -> None:
    _refuse(values < 0, f"{what} needs values of zero or more, and {{group!r}} is negative in {{year}}.")


def _refuse(faulty: pd.DataFrame, message: str) -> None:
    cells = faulty.stack()
    if cells.any():
        year, group = cells.idxmax()
        raise ValueError(message.format(group=group, year=year))
