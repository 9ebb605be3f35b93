"""Shares in a country's trade with the world: partners' in Kazakhstan's, Kazakhstan's in Russia's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.methods import ledgers

COUNTED = {"turnover": "turnover_usd", "export": "exports_usd", "import": "imports_usd"}


@dataclass(frozen=True, eq=False)
class PartnerShares:
    """The main partners' shares in Kazakhstan's trade with the world.

    `names` maps codes to names, in the order of their places; `by_flow` maps turnover, export and import to percent,
    years × codes; `books` maps codes to the ledgers and `totals` are the world's, from which they are computed.
    `cautions` maps codes to what must be said beside a share; `asked` is the partner that a reader asked for.
    `releases` are two of the record with Russia.
    """

    names: Mapping[str, str]
    by_flow: Mapping[str, pd.DataFrame]
    books: Mapping[str, pd.DataFrame]
    totals: pd.DataFrame
    cautions: Mapping[str, str]
    asked: str
    releases: tuple[pd.DataFrame, pd.DataFrame]

    @property
    def revision(self) -> float:
        """By how much the releases differ, in percent: partners that are nearer to one another have no rank."""
        return revision(*self.releases)

    @property
    def revised(self) -> list[pd.DataFrame]:
        """The years of each release in which they differ."""
        one, other = self.releases
        differ = one["turnover_usd"].reindex(other.index) != other["turnover_usd"]
        return [release[release.index.isin(differ.index[differ])] for release in self.releases]


def partner_shares(records: pd.DataFrame, partners: pd.DataFrame, *, asked: str = "RUS") -> PartnerShares:
    """Shares of the rows of the table partners that have a `main_partner`, and of the one `asked` for.

    `records` are those of `ledgers.select`.
    """
    main = partners[partners["main_partner"].notna() | partners["code"].eq(asked)]
    main = main.sort_values("main_partner", kind="stable").set_index("code")
    totals = ledgers.world_totals(records)
    books = {code: ledgers.ledger(records, partner=code) for code in main.index}
    return PartnerShares(
        names=main["name"].to_dict(),
        by_flow={flow: ledgers.percent_of(books, column, totals[column]) for flow, column in COUNTED.items()},
        books=books,
        totals=totals,
        cautions=main["caution"].dropna().to_dict(),
        asked=asked,
        releases=tuple(ledgers.ledger(records, vintage=release) for release in ("bureau", "comtrade")),
    )


@dataclass(frozen=True, eq=False)
class PartnersBooks:
    """What Russia and China record of the trade that Kazakhstan records too.

    `russia` is Russia's ledger, `officials` are the figures of turnover of officials for the years after it, and
    `customs` what China's customs reported, rows of the table dated_statements.
    """

    russia: pd.DataFrame
    officials: pd.DataFrame
    customs: pd.DataFrame

    def billions(self, code: str, measure: str) -> pd.Series:
        """Kazakhstan's turnover with a partner, or its imports from it, by the partner's books, US$ bn by year."""
        if code == "RUS":
            return self.russia[f"{measure}_usd"] / 1e9
        rows = self.customs[self.customs["measure"] == {"imports": "exports"}.get(measure, measure)]
        return rows.set_index(rows["period"].astype(int))["value"].sort_index()


def partners_books(russia: pd.DataFrame, figures: pd.DataFrame, statements: pd.DataFrame) -> PartnersBooks:
    """The partners' books, from Russia's ledger and the tables officials_figures and dated_statements."""
    said = figures[(figures["metric"] == "turnover") & (figures["origin"] == "official")]
    return PartnersBooks(
        russia=russia,
        officials=said[said["year"] > russia.index.max()],
        customs=statements[(statements["country"] == "CHN") & (statements["partner"] == "KAZ")],
    )


def ahead_for_good(shares: pd.DataFrame, a: str, b: str) -> int | None:
    """The first year from which partner `a` never falls below `b` again; None where it ends below."""
    behind = max(ledgers.years_ahead(shares, b, a), default=0)
    return min((year for year in ledgers.years_ahead(shares, a, b) if year > behind), default=None)


def share_in_world(book: pd.DataFrame, world: pd.DataFrame) -> pd.DataFrame:
    """A partner's share in the reporter's trade with the world, percent, for the years that both have.

    `book` is seen from the partner as `ledgers.ledger` gives it, `world` from the reporter, so that the partner's
    imports are the reporter's exports. Columns: `turnover`, `exports` and `imports` of the reporter, and `source_id`.
    """
    table = pd.DataFrame(
        {
            "turnover": 100 * book["turnover_usd"] / world["turnover_usd"],
            "exports": 100 * book["imports_usd"] / world["exports_usd"],
            "imports": 100 * book["exports_usd"] / world["imports_usd"],
        }
    ).dropna()
    return table.assign(source_id=book["source_id"] + "+" + world["source_id"])


def beside_others(book: pd.DataFrame, world: pd.DataFrame) -> pd.DataFrame:
    """Imports from a partner beside those from everyone else, in US dollars, for the years that both ledgers have.

    Both are seen from Kazakhstan. Columns: `partner_usd`, `others_usd`, `share_pct` of the partner, `exports_usd` to
    it, `doubtful`, whether either ledger doubts the year, `partner` and `source_id`.
    """
    years = book.index.intersection(world.index)
    book, world = book.loc[years], world.loc[years]
    return pd.DataFrame(
        {
            "partner_usd": book["imports_usd"],
            "others_usd": world["imports_usd"] - book["imports_usd"],
            "share_pct": 100 * book["imports_usd"] / world["imports_usd"],
            "exports_usd": book["exports_usd"],
            "doubtful": book["doubtful"] | world["doubtful"],
            "partner": book["partner"],
            "source_id": book["source_id"] + "+" + world["source_id"],
        }
    )


def revision(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """By how much two releases of a ledger differ at most in imports or turnover of a year, percent.

    Partners that are nearer to one another than this have no rank.
    """
    ratios = pd.concat([one[column] / other[column] for column in ("imports_usd", "turnover_usd")]).dropna()
    return float(100 * (ratios - 1).abs().max())
