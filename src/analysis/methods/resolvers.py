"""How far two resolvers of statements agree, and which outcome counts where they differ.

Both read the same criteria and looked the outcomes up apart from one another. Where they differ, an adjudication
decides from the words of the criterion and the evidence of both; elsewhere their common outcome counts.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd


def kappa(a: pd.Series, b: pd.Series) -> float:
    """Return Cohen's κ = (p_o − p_e) ÷ (1 − p_e) of two series of values, compared place by place.

    p_o is the share of equal values and p_e = Σ_k p_a(k) · p_b(k), what chance would give two who use each value k as
    often as these do. It is 1 for perfect agreement and 0 for that of chance; NaN where there is nothing to compare,
    or where both have but one value and it is the same (Cohen, J. 1960, Educational and Psychological Measurement
    20(1)).
    """
    equal = (a.to_numpy() == b.to_numpy()).mean() if len(a) else float("nan")
    chance = a.value_counts(normalize=True).mul(b.value_counts(normalize=True), fill_value=0).sum()
    return float((equal - chance) / (1 - chance)) if chance < 1 else float("nan")


@dataclass(frozen=True)
class Resolvers:
    """What became of the statements by both: the tables resolutions, second_resolutions and adjudications."""

    first: pd.DataFrame
    second: pd.DataFrame
    adjudications: pd.DataFrame

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """The outcomes of both, as `first` and `second`, by the statements that both resolved."""
        tables = {"first": self.first, "second": self.second}
        outcomes = [rows.set_index("statement_id")["outcome"].rename(name) for name, rows in tables.items()]
        return pd.concat(outcomes, axis=1, join="inner").sort_index()

    @property
    def differences(self) -> pd.DataFrame:
        """The pairs whose outcomes are not equal."""
        return self.pairs[self.pairs["first"] != self.pairs["second"]]

    @property
    def counted(self) -> pd.DataFrame:
        """The table resolutions with the adjudicated rows where there are such, `why` as their evidence."""
        table = self.first.set_index("statement_id")
        decided = self.adjudications.rename(columns={"why": "evidence"}).set_index("statement_id")
        table.loc[decided.index, decided.columns] = decided
        return table.reset_index()

    def problems(self) -> list[str]:
        """One sentence for each difference without an adjudication and each adjudication of no difference."""
        differ, decided = self.differences.index, pd.Index(self.adjudications["statement_id"])
        return [
            f"adjudications: {key} has the outcome {pair['first']} in resolutions and {pair['second']} in "
            "second_resolutions, and no row that says which counts."
            for key, pair in self.differences.loc[differ.difference(decided)].iterrows()
        ] + [
            f"adjudications, {key}: resolutions and second_resolutions do not differ; there is nothing to decide."
            for key in decided.difference(differ)
        ]
