"""The document's figures on trade against the two countries' ledgers, by the rules of data/document/CODEBOOK.md.

Which statistic decides a figure stands in the table `claim_statistics` (`statistic`, `year`, `months`,
`ledger_named`); what other evidence makes of a claim is in `verdicts`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.methods import ledgers
from analysis.methods.sources import joined

TOLERANCE = 0.05  # rule 2, and the margin of the mirror band in rule 5

EARLIER = 10  # years before the one taken that a figure without a period may be of

Row = Mapping[str, object]  # of a frame: a verdict looks at a few cells of each of many rows
Years = dict[int, Row]  # the rows of a ledger


@dataclass(frozen=True)
class Tables:
    """The tables that the statistics are read from; `trade` holds the records of `ledgers.select`."""

    trade: pd.DataFrame
    trade_monthly: pd.DataFrame
    group_members: pd.DataFrame

    @cached_property
    def ledgers(self) -> dict[str, Years]:
        """Both ledgers' years with a turnover."""
        return {name: _years(ledgers.ledger(self.trade, reporter=name)) for name in ledgers.LEDGERS}

    @cached_property
    def world(self) -> Years:
        """Kazakhstan's years of trade with the world."""
        return ledgers.world_totals(self.trade).to_dict("index")

    @cached_property
    def eaeu(self) -> dict[str, Years]:
        """Kazakhstan's years with a turnover with each of its partners in the EAEU."""
        members = self.group_members.loc[self.group_members["group"] == "EAEU", "member"]
        return {name: _years(ledgers.ledger(self.trade, partner=name)) for name in members}


@dataclass(frozen=True)
class Period:
    """A claim's period: calendar years, both included; for a part of a year its first and last month."""

    first_year: int
    year: int
    months: tuple[int, int] | None

    def __str__(self) -> str:
        if self.months:
            return f"{self.year}, months {self.months[0]}-{self.months[1]}"
        return f"{self.year}" if self.first_year == self.year else f"{self.first_year}-{self.year}"


@dataclass(frozen=True)
class Reading:
    """What one ledger gives: the value, the worst observation status behind it, its source and a caution.

    `world_source_id` is the source of the world total that the value is a share of, where it is one.
    """

    value: float
    status: str
    source_id: str
    caution: str = ""
    world_source_id: str = ""


Readings = dict[str, Reading]


def by_ledgers(quantities: pd.DataFrame, claim_statistics: pd.DataFrame, *, tables: Tables) -> pd.DataFrame:
    """What the ledgers make of every row of `claim_statistics`, in its order.

    Returns `claim_id`, `verdict` (confirmed, within_mirror_band or contradicted), `found` (the ledgers' values),
    `fits` (the last of the ten years before in which the ledger that decides would agree, of a claim on a whole year),
    `basis` (one line: each ledger's value, source and status, the range of the claim, which ledger is checked) and
    `sources_read` (of all that was read, joined by `+`).

    Raises ValueError for a claim that is no figure of `quantities`, an unknown statistic, a year or months other than
    the claim's own, a unit that the statistic does not have, and where no ledger covers the period.
    """
    figures = quantities.assign(claim_id="c" + quantities["quantity_id"])
    if lost := sorted(set(claim_statistics["claim_id"]) - set(figures["claim_id"])):
        raise ValueError(f"{', '.join(lost)}: only a figure of quantities can be held against a ledger.")
    rows = claim_statistics.merge(figures, on="claim_id", suffixes=("", "_claimed"), validate="1:1")
    return pd.DataFrame([_row(claim, tables) for claim in rows.to_dict("records")])


def claimed_range(claim: Row) -> tuple[float, float]:
    """The lowest and highest value that still agree with a claim: its bounds, each widened by 5 % of itself.

    `claim` has `qualifier`, `value`, `value_low` and `value_high`; an open side is infinite. Raises
    ValueError for an unknown qualifier.
    """
    low, high = (claim["value"] if pd.isna(claim[side]) else claim[side] for side in ("value_low", "value_high"))
    low, high = low - TOLERANCE * abs(low), high + TOLERANCE * abs(high)
    ranges = {
        "exact": (low, high),
        "approx": (low, high),
        "at_least": (low, np.inf),
        "at_most": (-np.inf, high),
    }
    if claim["qualifier"] not in ranges:
        raise ValueError(f"Unknown qualifier {claim['qualifier']!r}: allowed are {', '.join(ranges)}.")
    return ranges[claim["qualifier"]]


def checked_ledger(readings: Readings, *, named: str | None = None) -> str:
    """The ledger that decides (rule 4): named by the claim, else Kazakhstan's, else the only one."""
    return next(name for name in (named, *ledgers.LEDGERS) if name in readings)


def verdict(claim: Row, readings: Readings, *, named: str | None = None) -> str:
    """The verdict on a claim that a statistic covers: confirmed, within_mirror_band or contradicted.

    `claim` is as in `claimed_range`. The mirror band runs from 5 % below the lower to 5 % above the higher of
    two ledgers, each margin a share of the ledger's own value; one ledger alone has no mirror and no band.
    """
    low, high = claimed_range(claim)
    if low <= readings[checked_ledger(readings, named=named)].value <= high:
        return "confirmed"
    if len(readings) > 1:
        values = [reading.value for reading in readings.values()]
        margins = [TOLERANCE * abs(value) for value in values]
        lowest, highest = min(np.subtract(values, margins)), max(np.add(values, margins))
        sides = ("value_low", "value_high") if pd.isna(claim["value"]) else ("value",)
        if all(lowest <= claim[side] <= highest for side in sides if pd.notna(claim[side])):
            return "within_mirror_band"
    return "contradicted"


def _row(claim: Row, tables: Tables) -> dict:
    claim_id = claim["claim_id"]
    if claim["statistic"] not in STATISTICS:
        known = ", ".join(STATISTICS)
        raise ValueError(f"{claim_id}: unknown statistic {claim['statistic']!r}: allowed are {known}.")
    unit, read = STATISTICS[claim["statistic"]]
    if claim["unit"] != unit:
        raise ValueError(f"{claim_id}: {claim['statistic']} is in {unit}, and the claim is in {claim['unit']}.")
    period = _period(claim)
    readings = read(tables, period)
    if not readings:
        raise ValueError(f"{claim_id}: {claim['statistic']} covers no ledger in {period}; it cannot decide.")
    named = None if pd.isna(claim["ledger_named"]) else claim["ledger_named"]
    values = [reading.value for reading in readings.values()]
    return {
        "claim_id": claim_id,
        "verdict": verdict(claim, readings, named=named),
        "fits": None if period.months else _fits(claim, read, tables, period.year, named),
        "found": " to ".join(dict.fromkeys(_written(value, unit) for value in (min(values), max(values)))),
        "basis": _basis(claim, readings, period, unit, checked_ledger(readings, named=named)),
        "sources_read": joined(cell for one in readings.values() for cell in (one.source_id, one.world_source_id)),
    }


def _fits(
    claim: Row, read: Callable[[Tables, Period], Readings], tables: Tables, year: int, named: str | None
) -> int | None:
    """The last of the ten years before in which the claim would be confirmed."""
    for earlier in range(year - 1, year - 1 - EARLIER, -1):
        readings = read(tables, Period(earlier, earlier, None))
        if readings and verdict(claim, readings, named=named) == "confirmed":
            return earlier
    return None


def _period(claim: Row) -> Period:
    """The period of the row, which must be the one that `quantities` gives: rule 1 allows no other year."""
    start, end = claim["period_start"], claim["period_end"]
    own_months = f"{int(start[5:7])}-{int(end[5:7])}" if len(end) > 4 else None
    months = None if pd.isna(claim["months"]) else claim["months"]
    if (claim["year"], months) != (int(end[:4]), own_months):
        raise ValueError(f"{claim['claim_id']}: the claim's period is {start} to {end}; no other can be checked.")
    first, last = map(int, months.split("-")) if months else (1, 12)
    return Period(int(start[:4]), int(end[:4]), (first, last) if months else None)


def _basis(claim: Row, readings: Readings, period: Period, unit: str, checked: str) -> str:
    parts = []
    for name, reading in readings.items():
        caution = f"; {reading.caution}" if reading.caution else ""
        value = _written(reading.value, unit)
        parts.append(f"{name.capitalize()}'s ledger {value} ({reading.source_id}, status {reading.status}{caution})")
    low, high = (_written(bound, unit) for bound in claimed_range(claim))
    ranges = {"at_least": f"{low} and above", "at_most": f"{high} and below"}
    agrees = ranges.get(claim["qualifier"], f"{low} to {high}")
    held = "only one ledger" if len(readings) == 1 else f"checked: {checked.capitalize()}'s"
    return f"{claim['statistic']} {period}: {', '.join(parts)}; range of the claim {agrees}; {held}."


def _written(value: float, unit: str) -> str:
    return f"{value / 1e9:.3f} USD bn" if unit == "USD" else f"{value:.2f} {unit}"


def _years(ledger: pd.DataFrame) -> Years:
    """The years of a ledger with a turnover."""
    return ledger.dropna(subset="turnover_usd").to_dict("index")


def _worst(status: Iterable[str]) -> str:
    return max(status, key=ledgers.OBSERVATION_STATUSES.index)


def _turnover(tables: Tables, period: Period) -> Readings:
    """Export and import of the year together, in each ledger."""
    rows = {name: years[period.year] for name, years in tables.ledgers.items() if period.year in years}
    return {name: Reading(row["turnover_usd"], row["status"], row["source_id"]) for name, row in rows.items()}


def _record_span(tables: Tables, period: Period) -> Readings:
    """How many years of the period, counted back from its last, had no turnover above that year's."""
    readings = {}
    span = range(period.first_year, period.year + 1)
    for name, years in tables.ledgers.items():
        if any(year not in years for year in span):
            continue  # a gap could hide the record
        last = years[period.year]
        higher = [year for year in span if years[year]["turnover_usd"] > last["turnover_usd"]]
        since = max(higher, default=period.first_year - 1)
        status = _worst(years[year]["status"] for year in span)
        readings[name] = Reading(float(period.year - since), status, last["source_id"])
    return readings


def _share_in_kazakhstan(column: str) -> Callable[[Tables, Period], Readings]:
    """Russia's share in Kazakhstan's trade with the world: only Kazakhstan's ledger has it."""

    def read(tables: Tables, period: Period) -> Readings:
        part, whole = tables.ledgers["kazakhstan"].get(period.year), tables.world.get(period.year)
        if part is None or whole is None or pd.isna(whole[column]):
            return {}
        status = _worst((part["status"], whole["status"]))
        caution = f"world total of {whole['source_id']}"
        return {
            "kazakhstan": Reading(
                100 * part[column] / whole[column], status, part["source_id"], caution, whole["source_id"]
            )
        }

    return read


def _share_in_eaeu(tables: Tables, period: Period) -> Readings:
    """Russia's share in Kazakhstan's trade with its EAEU partners; the basis names those without a row."""
    rows = {partner: years[period.year] for partner, years in tables.eaeu.items() if period.year in years}
    if "RUS" not in rows or len(rows) < 2:
        return {}  # a share of itself says nothing
    share = 100 * rows["RUS"]["turnover_usd"] / sum(row["turnover_usd"] for row in rows.values())
    missing = [partner for partner in tables.eaeu if partner not in rows]
    caution = f"no row for {', '.join(missing)}" if missing else ""
    status = _worst(row["status"] for row in rows.values())
    return {"kazakhstan": Reading(share, status, rows["RUS"]["source_id"], caution)}


def _share_in_russia_cis(tables: Tables, period: Period) -> Readings:
    """Kazakhstan's share in Russia's trade with the CIS: only Russia's ledger has it."""
    rows = tables.trade
    rows = rows[(rows["reporter"] == "RUS") & (rows["use"] == "ledger") & (rows["year"] == period.year)]
    rows = rows[rows["partner"].isin(["KAZ", "CIS"])]
    if len(rows) < 4:
        return {}  # both flows with both are needed
    turnover = rows.groupby("partner")["value_usd"].sum()
    source_id = rows["source_id"].iloc[0]
    return {"russia": Reading(100 * turnover["KAZ"] / turnover["CIS"], _worst(rows["status"]), source_id)}


def _part_year(column: str, years_back: int) -> Callable[[Tables, Period], Readings]:
    """Turnover of the months, or its change on a year before: only Russia has a monthly record."""

    def read(tables: Tables, period: Period) -> Readings:
        part = ledgers.part_year(tables.trade_monthly, year=period.year, months=period.months)
        rows = tables.trade_monthly
        rows = rows[(rows["reporter"] == "RUS") & (rows["partner"] == "KAZ") & rows["month"].between(*period.months)]
        rows = rows[rows["year"].between(period.year - years_back, period.year)]
        value = part.loc["turnover", column]
        return {} if pd.isna(value) else {"russia": Reading(value, _worst(rows["status"]), rows["source_id"].iloc[0])}

    return read


# The vocabulary of `claim_statistics.statistic`: unit, and how each ledger's value is read.
STATISTICS: dict[str, tuple[str, Callable[[Tables, Period], Readings]]] = {
    "turnover": ("USD", _turnover),
    "record_span": ("years", _record_span),
    "share_in_kazakhstan": ("percent", _share_in_kazakhstan("turnover_usd")),
    "share_in_kazakhstan_imports": ("percent", _share_in_kazakhstan("imports_usd")),
    "share_in_eaeu": ("percent", _share_in_eaeu),
    "share_in_russia_cis": ("percent", _share_in_russia_cis),
    "part_year_turnover": ("USD", _part_year("value_usd", 0)),
    "part_year_growth": ("percent", _part_year("growth_pct", 1)),
}
