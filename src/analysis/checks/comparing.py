"""Rows of a publisher's file held against the rows of a table: whose they are, and what they would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase

import numpy as np
import pandas as pd

from analysis.errors import DataError
from analysis.methods.releases import SERIES, names
from analysis.tables import store
from analysis.tables.importing.records import Reading

Frames = dict[str, pd.DataFrame]
SAME = 1e-9  # of a value: as much as the digits of a table are good for
ROUNDED = 1e-5  # of a value: how far a file may have rounded it
THOUSANDS = (1e-6, 1e-3, 1e3, 1e6)
NORMAL = "A"  # status
FEW = 3  # values, from which on a common factor is a fault of the unit


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What a file would change in a table: `new`, `equal` and `revised` rows, the last with `held`, their value so far,
    and `gone`, rows that are held and that the file does not have though it has their period and their kind.

    `marked` are held rows whose `status` or `note` the file changes, with both as they would be and were `before`.
    `left` names the series of the file that are not held here, and `early` counts rows before a series begins.
    """

    table: str
    new: pd.DataFrame
    equal: pd.DataFrame
    revised: pd.DataFrame
    marked: pd.DataFrame
    gone: pd.DataFrame
    left: Sequence[str]
    early: int

    @property
    def sources(self) -> list[str]:
        """The sources of its rows."""
        return sorted({*self.new["source_id"], *self.equal["source_id"], *self.revised["source_id"]})

    def read(self, source_id: str) -> dict[str, int]:
        """The years of its rows that are of a source, and how many they are, in the columns of `imports`."""
        rows = pd.concat([self.new, self.equal, self.revised])
        years = rows.loc[rows["source_id"] == source_id, "year"]
        return {"first_year": int(years.min()), "last_year": int(years.max()), "rows": len(years)}


def named(rows: pd.DataFrame, table: str) -> pd.Series:
    """The name of the series of each row."""
    return pd.Series(names(rows, table), index=rows.index, dtype=object)


def changes(reading: Reading, frames: Frames, sources: Sequence[str], *, whole: bool) -> Changes:
    """What a reading would change.

    Args:
        reading: the rows of a file.
        frames: the tables as they are.
        sources: those that its rows can belong to; a row belongs to the one that has a band for its series and year.
        whole: whether the file is a publisher's, so that a row that it lacks is worth a word; else it is a typed one,
            whose rows name their source or all belong to the only one, with a band or without.

    Raises:
        DataError: if a row can belong to several sources, or the amounts are a thousand times those held.
    """
    table, (_, value) = reading.table, SERIES[reading.table]
    if whole:
        rows, left, early = _assigned(reading, frames, sources)
    else:
        rows = reading.rows if "source_id" in reading.rows else reading.rows.assign(source_id=sources[0])
        left, early = [], 0
    # Of a publisher's file, what has no mark is as all rows of its source are.
    untold = {"status": ["", NORMAL] if whole else [""], "note": [""]}
    rows = rows.assign(**{name: rows[name].mask(rows[name].isin(no)) for name, no in untold.items() if name in rows})
    key, held = store.schema(table)["primaryKey"], frames[table]
    both = rows.merge(held[[*key, value]], on=key, how="left", suffixes=("", "_held"), indicator="there")
    there, before = both.pop("there") == "both", both.pop(f"{value}_held")
    both = both.assign(held=before)
    same = there & _same(both[value], before)
    revised = both[there & ~same]
    _check_unit(revised, value, table)
    gone = held.iloc[:0]
    if whole:
        kinds = [name for name in ("month", "year", "reporter", "country", "flow") if name in held]
        spans = rows[[*kinds, "source_id"]].drop_duplicates()
        gone = held.merge(spans).merge(rows[key], how="left", indicator="there").query("there == 'left_only'")
    plain = rows.columns
    return Changes(
        table=table,
        new=both.loc[~there, plain],
        equal=both.loc[same, plain],
        revised=revised,
        marked=_marked(rows, frames, table, whole=whole),
        gone=gone,
        left=left,
        early=early,
    )


def _marked(rows: pd.DataFrame, frames: Frames, table: str, *, whole: bool) -> pd.DataFrame:
    """The rows that are held with another status or note than the file gives them.

    A publisher's file gives what it marks, and takes back what a file of before had marked; `flags` go before it.
    """
    key, told = store.schema(table)["primaryKey"], [column for column in ("status", "note") if column in rows]
    if not told:
        return frames[table].iloc[:0].assign(before="")
    both = rows[[*key, *told]].merge(frames[table][[*key, "status", "note"]], on=key, suffixes=("", "_held"))
    for column in {"status", "note"} - set(told):
        both[f"{column}_held"] = both[column]
    if whole:
        codes = frames["source_codes"]
        by_mark = both["note_held"].isin(codes.loc[codes["column"] == "status", "note"].dropna())
        both = both[both["status"].notna() | by_mark].assign(status=lambda found: found["status"].fillna(NORMAL))
        _flag(both, table, frames)
    both["status"] = both["status"].fillna(both["status_held"])
    other = (both["status"] != both["status_held"]) | (both["note"].fillna("") != both["note_held"].fillna(""))
    before = list(zip(both["status_held"], both["note_held"], strict=True))
    return both.assign(before=pd.Series(before, index=both.index, dtype=object))[other]


def _same(found: pd.Series, held: pd.Series) -> pd.Series:
    """Where a value is the one held, as far as its digits go: a file may give it rounded."""
    apart = (found - held).abs()
    half = found.map(lambda value: 0.5 * _last_digit(value))
    return (apart <= SAME * held.abs()) | ((apart <= half) & (apart <= ROUNDED * held.abs()))


def _last_digit(value: float) -> float:
    """What one more in the last digit of a number is, that is not zero."""
    digits = Decimal(repr(float(value))).normalize()
    return float(Decimal(1).scaleb(digits.as_tuple().exponent)) if digits else 0.0


def compared(change: Changes, source_id: str, frames: Frames) -> list[tuple[str, int, int]]:
    """Which held rows of a source were compared: names of series, `*` where it names no other, and their years."""
    table, keys = change.table, SERIES[change.table][0]
    rows = pd.concat([change.equal, change.revised])
    rows = rows[rows["source_id"] == source_id]
    if rows.empty:
        return []
    first, last = int(rows["year"].min()), int(rows["year"].max())
    whole = frames[table][frames[table]["year"].between(first, last)]
    for key in keys:
        if rows[key].nunique() == 1:
            whole = whole[whole[key] == rows[key].iloc[0]]
    if len(whole) == len(rows):
        parts = (str(rows[key].iloc[0]) if rows[key].nunique() == 1 else "*" for key in keys)
        return [(":".join((table, *parts)), first, last)]
    years = rows.groupby(named(rows, table))["year"].agg(["min", "max"])
    return [(series, int(row["min"]), int(row["max"])) for series, row in years.iterrows()]


def _assigned(reading: Reading, frames: Frames, sources: Sequence[str]) -> tuple[pd.DataFrame, list[str], int]:
    """The rows of series that have a band, with their source; the series that have none; rows before a band begins."""
    table, parts = reading.table, []
    spans = _spans(frames, table)
    for source_id in sources:
        rows = reading.rows.assign(source_id=source_id)
        rows["series"] = named(rows, table)
        rows["since"] = rows["series"].map({name: _since(name, spans) for name in rows["series"].unique()})
        parts.append(rows[rows["since"].notna()])
    found = pd.concat(parts) if parts else reading.rows.assign(source_id="", series="", since=np.nan).iloc[:0]
    late = found[found["year"] >= found["since"]]
    again = late.index.duplicated(keep=False)
    if again.any():
        both = sorted(set(late.loc[again, "source_id"]))
        raise DataError(
            f"{table}: rows of the file can be of the sources {' and '.join(both)}; say which with SOURCE before FILE."
        )
    others = named(reading.rows[~reading.rows.index.isin(found.index)].assign(source_id=""), table)
    return late.drop(columns=["series", "since"]), sorted({name.rstrip(":") for name in others}), len(found) - len(late)


def _spans(frames: Frames, table: str) -> dict[str, int]:
    """The first year of each series, or pattern of series, that has a band for its values or needs none."""
    rows = pd.concat([frames["bands"], frames["band_exemptions"]])
    rows = rows[(rows["measure"] == "value") & rows["series"].str.startswith(f"{table}:")]
    rows = rows[~rows["series"].str.contains(" ")]
    return rows.groupby("series")["first_year"].min().to_dict()


def _since(series: str, spans: dict[str, int]) -> float:
    """The first year of a series, NaN where it is not held here."""
    if series in spans:
        return spans[series]
    return min((year for name, year in spans.items() if "*" in name and fnmatchcase(series, name)), default=np.nan)


def _check_unit(revised: pd.DataFrame, value: str, table: str) -> None:
    ratios = (revised[value] / revised["held"]).replace([np.inf, -np.inf], np.nan).dropna()
    if len(ratios) >= FEW and any(abs(ratios.median() / factor - 1) < 0.2 for factor in THOUSANDS):
        raise DataError(
            f"{table}: the amounts of the file are {ratios.median():.3g} times those held; a unit such as thousands is "
            "taken for another."
        )


def completed(rows: pd.DataFrame, table: str, frames: Frames, formats: pd.DataFrame) -> pd.DataFrame:
    """New rows with all columns of their table: what the file does not tell is by the tables `flags`, `source_formats`
    and `indicator_definitions`, or as in the last row of the series.

    Args:
        rows: the new rows.
        table: their table.
        frames: the tables as they are.
        formats: the rows of `source_formats` for the format of the file.
    """
    filled = rows.copy()
    columns = [field["name"] for field in store.schema(table)["fields"]]
    told = [column for column in columns if column in rows]
    of_source = formats.set_index("source_id")
    for column in ("valuation", "status", "note"):
        if column in columns and column not in told:
            filled[column] = filled["source_id"].map(of_source[column])
    if "status" not in told:
        untold = pd.Series(True, index=filled.index)
    else:
        untold = filled["status"].isna()
        for column in ("status", "note"):
            filled[column] = filled[column].mask(untold, filled["source_id"].map(of_source[column]))
    filled["status"] = filled["status"].fillna(NORMAL)
    _flag(filled, table, frames, among=untold)
    if table == "indicators":
        definitions = frames["indicator_definitions"].set_index("indicator")
        for column in ("unit", "area_id"):
            if column not in told:
                filled[column] = filled["indicator"].map(definitions[column])
    last = frames[table].assign(series=named(frames[table], table)).drop_duplicates("series", keep="last")
    last = last.set_index("series")
    for column in columns:
        if column not in filled or (column == "valuation" and column not in told):
            known = named(filled, table).map(last[column])
            filled[column] = known if column not in filled else filled[column].fillna(known)
    return filled[columns]


def _flag(rows: pd.DataFrame, table: str, frames: Frames, *, among: pd.Series | bool = True) -> None:
    """What is known to be doubtful gets its status and the reason, among some rows."""
    series = named(rows, table)
    for flag in frames["flags"].itertuples():
        last = np.inf if pd.isna(flag.last_year) else flag.last_year
        meant = series.map(lambda name, flag=flag: fnmatchcase(name, flag.series)) & rows["year"].between(
            flag.first_year, last
        )
        rows.loc[meant.astype(bool) & among, ["status", "note"]] = [flag.status, flag.basis]
