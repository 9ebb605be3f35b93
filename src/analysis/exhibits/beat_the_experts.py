"""Beat the experts: a reader's own probabilities for the experts' statements, scored beside theirs.

The game is one HTML form with its script inside, so it works in JupyterLab and in a report without a server; the same
score is computed by `Game.score` for probabilities typed into a notebook. Outcomes are shown after the answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

import pandas as pd

from analysis.exhibits.exhibit import Exhibit, bundle, sources
from analysis.exhibits.wording import months, number, spell
from analysis.methods.expectations import Register
from analysis.methods.scoring import OUTCOMES, brier


@dataclass(frozen=True)
class Game:
    """The statements to be judged, one row each.

    Columns: `statement_id`, `speaker`, `made_on`, `gist`, `criterion`, `outcome`, `value`, `expert` and `no_change`.
    `expert` is the probability of the expert's own words, the middle of their band; NaN where they have none.
    `no_change` is that of the naive rule: 1 for "stays the same", 0 for "grows", one half for what has no direction.
    """

    table: pd.DataFrame
    lexicon: str
    sources: Sequence[str]

    def score(self, probabilities: Mapping[str, float]) -> Exhibit:
        """The Brier scores of a reader, each expert, the naive rule and 50 %, expert by expert on the same statements.

        `probabilities` are from 0 to 1 by statement; a statement without one counts as 0.5. Only the expert's
        statements whose words have a band are compared. Raises ValueError for an unknown statement or a probability
        outside 0–1.
        """
        unknown = sorted(set(probabilities) - set(self.table["statement_id"]))
        if unknown:
            raise ValueError(
                f"There is no statement {unknown[0]!r} to judge; allowed are {', '.join(self.table['statement_id'])}."
            )
        for statement, probability in probabilities.items():
            if not 0 <= probability <= 1:
                raise ValueError(f"The probability of {statement} is {probability}; it must lie between 0 and 1.")
        table = self.table.assign(reader=self.table["statement_id"].map(dict(probabilities)).fillna(0.5).astype(float))
        rows = {}
        scored = table[table["expert"].notna()]
        groups = [*scored.groupby("speaker")]
        for speaker, own in groups + [("all", scored)] * (len(groups) > 1):
            row = {"statements": len(own)}
            for name, column in (("you", "reader"), ("the expert", "expert"), ("naive rule", "no_change")):
                row[name] = brier(own[column].to_numpy(), own["value"].to_numpy()).mean()
            rows[speaker] = row | {"50 %": brier(0.5, own["value"].to_numpy()).mean()}
        columns = ["statements", "you", "the expert", "naive rule", "50 %"]
        result = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("beside")
        given = spell(len(probabilities), "probability", "probabilities") if probabilities else "no probability"
        return Exhibit(
            key="your-score",
            title=_beside(result, given),
            subtitle=f"Brier score, 0 is best, on the statements whose words have a band: the middle of that of "
            f"{self.lexicon}. The naive rule gives 100 % to “stays the same”, 0 to “grows”, and 50 % where nothing is "
            "said of a direction. What came true in part counts as one half",
            alt=f"Table of {len(result)} rows.",
            table=result,
            sources=self.sources,
            decimals=3,
        )

    def __repr__(self) -> str:
        digest = hashlib.sha256(self._data().encode()).hexdigest()[:12]
        return f"Game beat-the-experts: {spell(len(self.table), 'statement')} [{digest}]"

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict[str, str], dict[str, object]]:
        style = files("analysis.exhibits").joinpath("game.css").read_text(encoding="utf-8")
        return bundle(repr(self), f"<style>{style}</style>\n{self.html()}")

    def html(self) -> str:
        """The form with its data and its script; every text from the data is escaped."""
        script = files("analysis.exhibits").joinpath("game.js").read_text(encoding="utf-8")
        rows = "".join(
            f'<fieldset data-statement="{escape(row.statement_id)}"><legend>{escape(row.gist)}</legend>'
            f'<p class="note">{escape(row.speaker)}. {escape(row.criterion)}</p>'
            f'<label>Probability that it comes true <input type="range" min="0" max="100" step="5" value="50">'
            f'</label> <output>50 %</output> <span class="verdict"></span></fieldset>\n'
            for row in self.table.itertuples()
        )
        return (
            '<figure class="exhibit game" id="beat-the-experts" aria-labelledby="beat-the-experts-title">\n'
            '<figcaption><p class="title" id="beat-the-experts-title">Would you have known better? '
            f"{spell(len(self.table), 'statement')} of {months(self.table['made_on'])} to judge "
            '<a class="permalink" href="#beat-the-experts" aria-label="Link to: Beat the experts">#</a></p>\n'
            '<p class="subtitle">Give each a probability, then see what happened, and how you fare beside the words, '
            f"taken for the middle of their band of {escape(self.lexicon)}, and beside the naive rule: 100 % "
            "for “stays "
            "the same”, 0 for “grows”, else 50 %. What came true in part counts as one half</p></figcaption>\n"
            '<noscript><p class="note">The form needs scripts; in the notebook, the next cells do the same.</p>'
            "</noscript>\n"
            f'<details class="numbers"><summary>Play ({spell(len(self.table), "statement")})</summary>\n<form>\n{rows}'
            '<button type="submit">Show what happened</button>\n<div class="score" role="status"></div>'
            "</form></details>\n"
            f'<script type="application/json" class="game-data">{self._data()}</script>\n'
            f"<script>{script}</script></figure>"
        )

    def _data(self) -> str:
        columns = ["statement_id", "speaker", "outcome", "value", "expert", "no_change"]  # what the script needs
        rows = json.loads(self.table[columns].round(4).to_json(orient="records"))
        return json.dumps(rows, ensure_ascii=False).replace("<", "\\u003c")


def _beside(scores: pd.DataFrame, given: str) -> str:
    if scores.empty:
        return "The words of these statements have no band, so there is nothing to score yourself against"
    you, words = (number(scores[column].iloc[-1], 3) for column in ("you", "the expert"))
    return f"With {given} given, your score is {you}; that of the words is {words}"


def game(register: Register) -> Game:
    """The game of the experts' statements that have an outcome and were no known facts when they were made.

    The first of the register's lexicons turns their words into probabilities.
    """
    lexicon, label = next(iter(register.scale.labels.items()))
    rows = register.with_outcomes().assign(phrase_class=register.read["phrase_class"].to_numpy())
    rows = rows[
        rows["expert_id"].notna() & rows["outcome"].isin(list(OUTCOMES)) & ~rows["known_when_made"].astype(bool)
    ]
    band = register.scale.rows[register.scale.rows["lexicon"] == lexicon]
    middle = band.set_index("phrase_class")[["low_pct", "high_pct"]].mean(axis=1, skipna=False).div(100)
    directed = {"same": 1.0, "up": 0.0, "down": 0.0}
    columns = ["statement_id", "speaker", "made_on", "gist", "criterion", "outcome"]
    return Game(
        rows[columns]
        .assign(
            value=rows["outcome"].map(OUTCOMES).astype(float),
            expert=rows["phrase_class"].map(middle).astype(float),
            no_change=rows["direction"].map(directed).astype(float).fillna(0.5),
        )
        .reset_index(drop=True),
        label,
        sources(rows, band, register.evidence(rows)),
    )
