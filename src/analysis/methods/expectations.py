"""What was expected and what came of it: the survey of the experts, the worth of words, the register of statements.

Each class holds tables under the name that a report has for them, with the choice of what is shown. Nothing is read
from files here, and nothing drawn.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.methods import growth, ledgers, resolution, scoring

ALL = "all"


@dataclass(frozen=True)
class Survey:
    """What experts were asked and what they answered: the tables experts, questions and positions.

    `who` and `asked` are the experts and questions shown: all, or ids joined by commas.
    """

    experts: pd.DataFrame
    questions: pd.DataFrame
    positions: pd.DataFrame
    who: str = ALL
    asked: str = ALL

    def choose(self, who: str, asked: str) -> Survey:
        """The same survey with other experts and questions shown."""
        return replace(self, who=who, asked=asked)

    @property
    def names(self) -> dict[str, str]:
        """The names of the experts shown, by id."""
        return _chosen(self.experts, "expert_id", self.who)["name"].to_dict()

    @property
    def gists(self) -> dict[str, str]:
        """The questions shown, in our words, by id."""
        return _chosen(self.questions, "question_id", self.asked)["gist"].to_dict()

    @property
    def cells(self) -> pd.DataFrame:
        """The rows of positions of the experts and questions shown."""
        shown = self.positions["expert_id"].isin(self.names) & self.positions["question_id"].isin(self.gists)
        return self.positions[shown]

    @property
    def on_trade(self) -> pd.Series:
        """The question on the turnover of the two countries, whether it is shown or not.

        Raises ValueError unless the table questions has one with the metric turnover.
        """
        rows = self.questions[self.questions["metric"].eq("turnover")]
        if len(rows) != 1:
            raise ValueError(
                f"The table questions must have one question with the metric turnover; it has {len(rows)}."
            )
        return rows.iloc[0]

    @property
    def year(self) -> int:
        """The year that the question on trade asks about."""
        return int(self.on_trade["year"])

    @property
    def on_trade_cells(self) -> pd.DataFrame:
        """The rows of positions of the experts shown on the question on trade, as the first coder read them."""
        rows = self.positions[self.positions["question_id"] == self.on_trade["question_id"]]
        rows = rows[rows["expert_id"].isin(self.names)]
        return rows[rows["coder"] == rows["coder"].min()]

    @property
    def directions(self) -> dict[str, str]:
        """The direction of trade that each expert shown expects, by name, as the first coder read it."""
        found = self.on_trade_cells.set_index("expert_id")["direction"]
        return {name: found[expert] for expert, name in self.names.items() if expert in found.index}

    def named_growth(self, quantities: pd.DataFrame) -> pd.Series:
        """The growth of a part of the year before that the question on trade itself names: its row of quantities.

        Raises ValueError unless the table quantities has one such row for the paragraph of the question.
        """
        metric, paragraph = f"{self.on_trade['metric']}_growth", self.on_trade["paragraph"]
        rows = quantities[quantities["metric"].eq(metric) & quantities["paragraph"].eq(paragraph)]
        if len(rows) != 1:
            raise ValueError(
                f"The table quantities must have one {metric} at paragraph {paragraph}, which the question on trade "
                f"stands in; it has {len(rows)}."
            )
        return rows.iloc[0]


@dataclass(frozen=True)
class WordScale:
    """What words of probability are worth: the tables lexicons, lexicon_names and class_readings.

    `lexicon` is the one that counts, or all; `reading` is how the classes of words are read.
    """

    lexicons: pd.DataFrame
    names: pd.DataFrame
    readings: pd.DataFrame
    lexicon: str = ALL
    reading: str = "plain"

    def choose(self, lexicon: str, reading: str) -> WordScale:
        """The same tables with another lexicon and reading."""
        return replace(self, lexicon=lexicon, reading=reading)

    @property
    def labels(self) -> dict[str, str]:
        """The names of the lexicons that count, by id, in their order. Raises ValueError for an unknown one."""
        names = self.names.sort_values("place", kind="stable").set_index("lexicon")["name"].to_dict()
        if self.lexicon == ALL:
            return names
        if self.lexicon not in names:
            raise ValueError(f"The lexicon {self.lexicon!r} is not in lexicon_names; known are {', '.join(names)}.")
        return {self.lexicon: names[self.lexicon]}

    @property
    def rows(self) -> pd.DataFrame:
        """The rows of the lexicons that count."""
        return self.lexicons[self.lexicons["lexicon"].isin(self.labels)]

    @cached_property
    def bands(self) -> pd.DataFrame:
        """`low_pct` and `high_pct` by class and lexicon; empty where a lexicon names a class and gives no band."""
        return self.rows.set_index(["phrase_class", "lexicon"])[["low_pct", "high_pct"]].sort_index()

    @property
    def classes(self) -> pd.Series:
        """The class of the lexicons for each class of words in statements; empty where it states no probability."""
        rows = self.readings[self.readings["reading"] == self.reading]
        return rows.set_index("phrase_class")["lexicon_class"]

    def read(self, statements: pd.DataFrame) -> pd.DataFrame:
        """The statements with their words as classes of the lexicons: `scoring.read_classes`."""
        return scoring.read_classes(statements, self.readings, reading=self.reading)

    @cached_property
    def spans(self) -> dict[str, tuple[float, float]]:
        """From the lowest to the highest percent that the lexicons give each class that has a band."""
        ends = self.bands.dropna().groupby("phrase_class").agg(low=("low_pct", "min"), high=("high_pct", "max"))
        return dict(zip(ends.index, ends.itertuples(index=False, name=None), strict=True))


@dataclass(frozen=True)
class Outcomes:
    """What became of the testable statements: `table`, as resolutions, on the chosen basis.

    `found` is what `resolution.outcomes` decides, on every basis; `ends` is the last year of each country's yearly
    ledger.
    """

    basis: str
    table: pd.DataFrame
    found: pd.DataFrame
    ends: dict[str, int]

    @property
    def reporter(self) -> str:
        """Whose ledger decides on this basis: Russia's for russia, Kazakhstan's for all others."""
        return self.basis if self.basis == "russia" else "kazakhstan"


@dataclass(frozen=True)
class Statistics:
    """What decides on statements: records of `ledgers.select`, trade_products, indicators and officials_figures."""

    records: pd.DataFrame
    products: pd.DataFrame
    indicators: pd.DataFrame
    officials: pd.DataFrame

    def ledger(self, reporter: str) -> pd.DataFrame:
        """A country's yearly ledger, the years with a turnover."""
        return ledgers.ledger(self.records, reporter=reporter).dropna(subset="turnover_usd")

    def decide(self, rules: pd.DataFrame, resolutions: pd.DataFrame, basis: str) -> Outcomes:
        """The outcomes: by rule what the tables decide, on the chosen basis; the rest as it was looked up.

        Raises ValueError for an unknown basis, series or test.
        """
        found = resolution.outcomes(
            rules,
            trade=self.records,
            officials=self.officials,
            products=self.products,
            indicators=self.indicators,
        )
        table = resolution.resolutions_on(basis, resolutions=resolutions, found=found)
        return Outcomes(basis, table, found, {who: int(self.ledger(who).index.max()) for who in ledgers.LEDGERS})

    @property
    def bought_goods(self) -> pd.DataFrame:
        """The rows of Kazakhstan's imports from Russia by group of goods."""
        return resolution.bought_goods(self.products)

    def said_growth(self, year: int) -> pd.DataFrame:
        """The rows of officials_figures on the growth of the turnover of a year: `growth.said_of`."""
        return growth.said_of(self.officials, year)


@dataclass(frozen=True)
class Register:
    """Forward-looking statements with what their words are worth and what became of them.

    `statements` are rows of the table; those shown follow from the survey's choice and `due_by`.
    """

    statements: pd.DataFrame
    outcomes: Outcomes
    survey: Survey
    scale: WordScale

    def due_by(self, year: int) -> Register:
        """Those of the survey's chosen experts on the chosen questions and of everybody else, without those due later.

        Raises ValueError where the whole contradicts itself: see `scoring.validate`.
        """
        scoring.validate(
            self.statements,
            self.outcomes.table,
            self.scale.lexicons,
            experts=self.survey.experts["expert_id"],
            questions=self.survey.questions["question_id"],
        )
        rows = self.statements
        own = rows["expert_id"].isin(self.survey.names) & rows["question_id"].isin(self.survey.gists)
        late = rows["horizon_end"].dt.year > year
        return replace(self, statements=rows[(own | rows["expert_id"].isna()) & ~late])

    def without(self, statements: Collection[str]) -> Register:
        """The same without the outcomes of some statements, by their ids: these are then not scored."""
        table = self.outcomes.table
        return replace(self, outcomes=replace(self.outcomes, table=table[~table["statement_id"].isin(statements)]))

    @cached_property
    def read(self) -> pd.DataFrame:
        """The statements with their words as classes of the lexicons."""
        return self.scale.read(self.statements)

    @property
    def by_experts(self) -> pd.DataFrame:
        """The experts' statements, their words as classes of the lexicons."""
        return self.read[self.read["expert_id"].notna()]

    @cached_property
    def ranges(self) -> pd.DataFrame:
        """The experts' `scoring.score_ranges` under each lexicon that counts, one below the other."""
        under = [
            scoring.score_ranges(self.by_experts, self.outcomes.table, self.scale.lexicons, lexicon=name)
            for name in self.scale.labels
        ]
        return pd.concat(under, ignore_index=True)

    def evidence(self, statements: pd.DataFrame) -> pd.DataFrame:
        """What the outcomes of statements rest on: `statement_id` and `source_id`, of resolutions and of the rules."""
        decided = self.outcomes.found[self.outcomes.found["basis"] == self.outcomes.basis]
        rows = pd.concat([table[["statement_id", "source_id"]] for table in (self.outcomes.table, decided)])
        return rows[rows["statement_id"].isin(statements["statement_id"])]

    def with_outcomes(self) -> pd.DataFrame:
        """The statements shown with the columns of their outcomes, empty where they have none.

        A column that both tables have is that of the statement; that of the outcome ends in `_resolution`.
        """
        return self.statements.merge(
            self.outcomes.table, on="statement_id", how="left", suffixes=("", "_resolution"), validate="1:1"
        )


def _chosen(rows: pd.DataFrame, key: str, chosen: str) -> pd.DataFrame:
    table = rows.set_index(key)
    return table if chosen == ALL else table[table.index.isin(chosen.split(","))]
