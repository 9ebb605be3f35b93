"""What the document claims of each area, what was the case then, and the latest record, read from rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

import pandas as pd

from analysis.errors import DataError
from analysis.methods.sources import joined

# Of each table the columns that name one figure or one series, the column of the figure, and those of its date.
KEYS = {
    "claims": (["claim_id"], "value", ["said"]),
    "evidence": (["evidence_id"], "value", ["date", "known_by"]),
    "passages": (["paragraph"], None, ["written"]),
    "dated_statements": (["dated_id"], "value", ["period"]),
    "indicators": (["country", "partner", "indicator"], "value", None),
    "trade": (["reporter", "partner", "flow", "source_id"], "value_usd", None),
}


@dataclass(frozen=True, eq=False)
class AreaRecords:
    """The table area_records and, by their names, the tables that its rows point at.

    Raises DataError where a row points at nothing.
    """

    records: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]

    @cached_property
    def told(self) -> pd.DataFrame:
        """One row a record: `area_id`, `role`, `value`, `year`, `words` with the figures in place, `share`, `follows`,
        `status`, `claim_id` and `source_id`.
        """
        return pd.DataFrame([self._told(record) for record in self.records.itertuples(index=False)])

    @property
    def shares(self) -> pd.DataFrame:
        """The areas whose figures are shares in percent: `share`, `claimed`, `then`, `latest`, `sound`, `source_id`,
        and the years `of_then` and `of_latest`; the share that fell most first.

        `sound` says whether no row behind the latest figure is of a doubtful status; areas without a figure of the
        claim's own time are left out.
        """
        told = self.told
        by_role = {role: rows.set_index("area_id") for role, rows in told.groupby("role")}
        latest = by_role["latest"].dropna(subset="share")
        shares = pd.DataFrame(
            {
                "share": latest["share"],
                "claimed": by_role["claimed"]["value"],
                "then": by_role["then"]["value"],
                "of_then": by_role["then"]["year"],
                "latest": latest["value"],
                "of_latest": latest["year"],
                "sound": latest["status"].eq("A"),
                "source_id": told.groupby("area_id")["source_id"].agg(joined),
            }
        ).dropna(subset=["share", "then", "latest"])
        return shares.loc[(shares["latest"] - shares["then"]).sort_values(kind="stable").index]

    def _told(self, record: object) -> dict[str, object]:
        rows = self._rows(record.rows, record)
        value, *_ = figures = self._summed(rows)
        if not pd.isna(record.over):
            rows, over = pd.concat([rows, of_all := self._rows(record.over, record)]), self._summed(of_all)[0]
            figures = tuple(figure / over for figure in figures)
        value, low, high = (record.scale * figure for figure in figures)
        years = rows["year"].dropna()
        words = record.words.format(
            value=value,
            low=low,
            high=high,
            found=_first(rows, "found") or "",
            year=int(years.max()) if len(years) else "",
            first=int(years.min()) if len(years) else "",
        )
        return {
            "area_id": record.area_id,
            "role": record.role,
            "value": value,
            "year": years.max(),
            "words": words,
            "share": record.share,
            "follows": record.follows,
            "status": next((status for status in rows["status"] if status != "A"), "A"),
            "claim_id": _first(rows, "claim_id"),
            "source_id": joined(rows["source_id"]),
        }

    def _rows(self, named: str, record: object) -> pd.DataFrame:
        """The rows that a cell names, with `year`, `figure` and `status`, of the years that the record reads."""
        found = []
        for series in named.split("+"):
            table, *key = series.split(":")
            columns, value, dates = KEYS[table]
            frame = self.tables[table]
            rows = frame[reduce(and_, (frame[c].astype(str) == part for c, part in zip(columns, key, strict=True)))]
            if dates:
                rows = rows.assign(year=rows[dates].astype("string").bfill(axis=1)[dates[0]].str[:4].astype(float))
            else:
                last = rows["year"].max() if pd.isna(record.year) else record.year
                first = last - (0 if pd.isna(record.years) else record.years - 1)
                rows = rows[rows["year"].between(first, last)]
            if rows.empty:
                raise DataError(
                    f"area_records, {record.area_id}, {record.role}: {series} has no row that is asked for."
                )
            status = rows.get("status", "A")
            found.append(rows.assign(figure=rows[value] if value else float("nan"), status=status))
        return pd.concat(found)

    @staticmethod
    def _summed(rows: pd.DataFrame) -> tuple[float, float, float]:
        """The figures added up, and the ends of the range of a row that has one."""
        low, high = (rows.get(end, pd.Series(dtype=float)).sum(min_count=1) for end in ("low", "high"))
        return rows["figure"].sum(min_count=1), low, high


def _first(rows: pd.DataFrame, column: str) -> str | None:
    """The first value that stands in a column, where there is such a column."""
    return next(iter(rows[column].dropna()), None) if column in rows else None
