"""What became of the document's claims: each with its verdict, and the evidence that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from analysis.methods import verdicts
from analysis.methods.dates import first_day
from analysis.methods.sources import joined

UNCHECKABLE = "not checkable"
# Verdicts as a reader weighs them, from borne out to unknown; last the claims coded as vague or not on record.
GROUPS = {
    "confirmed": ("confirmed",),
    "confirmed with a correction": ("corrected",),
    "in doubt": ("within_mirror_band", "disputed", "other_compiler", "officials_only"),
    "not borne out": ("contradicted", "anachronism"),
    "undecided": ("undecided",),
    UNCHECKABLE: (),
}


@dataclass(frozen=True)
class Assessment:
    """Claims as `verdicts.asserted` has them, with the columns of the table verdicts, and the table evidence."""

    claims: pd.DataFrame
    evidence: pd.DataFrame

    def on(self, area: str) -> Assessment:
        """The claims on one area with their evidence."""
        return self._of(self.claims[self.claims["area_id"] == area])

    def within(self, rows: pd.DataFrame) -> Assessment:
        """The claims that stand in the paragraphs of some passages."""
        return self._of(self.claims[self.claims["paragraph"].isin(rows["paragraph"])])

    def _of(self, claims: pd.DataFrame) -> Assessment:
        return replace(self, claims=claims, evidence=self.evidence[self.evidence["claim_id"].isin(claims["claim_id"])])

    @property
    def groups(self) -> pd.Series:
        """The group of `GROUPS` of each claim, in the order of the claims."""
        group = {verdict: name for name, several in GROUPS.items() for verdict in several}
        return self.claims["verdict"].map(group).mask(self.claims["uncheckable"].notna(), UNCHECKABLE)

    @property
    def once(self) -> Assessment:
        """The claims without those that say again what another claim here says (`restates`)."""
        return self._of(self.claims[~self.claims["restates"].isin(self.claims["claim_id"])])

    @property
    def counts(self) -> pd.Series:
        """How many claims each group has, in the order of `GROUPS`."""
        return self.groups.value_counts().reindex(list(GROUPS), fill_value=0)

    def by(self, column: str) -> pd.DataFrame:
        """Values of a column × groups: how many claims; the value with most claims first."""
        counts = pd.crosstab(self.claims[column], self.groups).reindex(columns=list(GROUPS), fill_value=0)
        return counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]

    @property
    def read(self) -> pd.DataFrame:
        """The sources behind the verdicts, one row a claim: what the claims themselves stand in, and what was read."""
        return self.claims.assign(source_id=self.claims["source_id"] + ("+" + self.claims["sources_read"]).fillna(""))

    @property
    def yearly_turnover(self) -> pd.DataFrame:
        """The claims on turnover of a whole year: `year`, `value` (USD), `verdict`, `paragraph` and `source_id`."""
        rows = self.read
        whole = rows["period_start"].str.len().eq(4) & rows["period_start"].eq(rows["period_end"])
        rows = rows[rows["metric"].eq("turnover") & rows["unit"].eq("USD") & whole]
        return rows.assign(year=rows["period_start"].astype(int))[
            ["year", "value", "verdict", "paragraph", "source_id"]
        ]

    @cached_property
    def dates(self) -> pd.DataFrame:
        """The other dates that deciding evidence gives of dated events: `row_id`, `first_day`, `verdict` and
        `source_id`.

        Of the events whose date is corrected, disputed or contradicted, those dates that differ from the stated one.
        """
        rows = verdicts.read(self.claims, self.evidence).merge(
            self.claims[["claim_id", "row_id", "table", "verdict", "since", "until"]], on="claim_id"
        )
        rows = rows[rows["decides"] & rows["date"].notna() & rows["table"].eq("events") & rows["since"].notna()]
        found = rows["date"].str.partition("/")[0].map(first_day)
        outside = (found < rows["since"]) | (found > rows["until"])
        differ = rows["verdict"].isin(["corrected", "disputed", "contradicted"]) & outside
        return rows.assign(first_day=found).loc[differ, ["row_id", "first_day", "verdict", "source_id"]]

    @cached_property
    def counted(self) -> pd.DataFrame:
        """What can be counted: of each figure the value claimed, then, and latest.

        Rows are claims on figures with evidence of the same definition and of another, later period: `claimed`, `then`
        (of the claim's own period, the mean of independent rows; empty where there is none), `latest` with its `year`,
        `unit`, `said`, `assertion` and `source_id` of both.
        """
        rows = self.evidence[self.evidence["value"].notna() & self.evidence["definition"].eq("same")]
        rows = rows.assign(year=rows["date"].str[:4].fillna(rows["known_by"].str[:4]).astype(float))
        found = []
        for claim in self.claims[self.claims["value"].notna()].itertuples():
            own = rows[rows["claim_id"] == claim.claim_id]
            later = own[own["period"].eq("other") & (own["year"] > float(claim.said[:4]))]
            if later.empty or claim.unit == "rank":
                continue
            then = own[own["period"].eq("same") & own["independent"]]
            last = later.loc[later["year"].idxmax()]
            found.append(
                {
                    "claim_id": claim.claim_id,
                    "assertion": claim.assertion,
                    "said": claim.said,
                    "claimed": claim.value,
                    "then": then["value"].mean(),
                    "latest": last["value"],
                    "year": int(last["year"]),
                    "unit": claim.unit,
                    "source_id": joined([claim.source_id, *then["source_id"], last["source_id"]]),
                }
            )
        columns = ["claim_id", "assertion", "said", "claimed", "then", "latest", "year", "unit", "source_id"]
        return pd.DataFrame(found, columns=columns)


def differences(assessed: Assessment, second: pd.DataFrame) -> pd.DataFrame:
    """Both readers' verdicts on the claims that both judged: `claim_id`, `verdict`, `second`, `note` and `same`.

    `second` is the table second_verdicts; the first reader's verdicts are those that the rules give.
    """
    both = assessed.claims.drop(columns="note").merge(
        second.rename(columns={"verdict": "second", "reason": "second_reason"}), on="claim_id", validate="1:1"
    )
    return both.assign(same=both["verdict"] == both["second"])


def assess(assertions: pd.DataFrame, evidence: pd.DataFrame, found: pd.DataFrame) -> Assessment:
    """The claims (`verdicts.asserted`) with the rows of the table verdicts, and their evidence."""
    return Assessment(assertions.merge(found, on="claim_id", validate="1:1"), evidence)
