"""What became of the statements that statistics decide, by the rules of the table `resolution_rules`.

Whose figures are read is a choice, and a verdict may depend on it. Each rule is therefore judged on four bases:
`kazakhstan`, `russia` (the yearly ledger of each), `officials` (what officials said of the year at the time, press
recaps where none did), and `criterion`, both ledgers together, as the statements' criteria have it.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.methods import growth
from analysis.methods.composition import by_group, product_rows
from analysis.methods.ledgers import LEDGERS, ledger
from analysis.methods.sources import joined

BASES = ("criterion", "kazakhstan", "russia", "officials")
TESTS = ("at_least", "higher", "highest_yet", "within", "same_top_three")
NEAR = 0.05  # a threshold missed by no more is partly reached; a point within it is hit, within twice of it partly
NOT_OVER = "The time is not over."
ENDS_BEFORE = "The basis ends before the time does."
NO_VALUE = "The basis has no value for the time."
SHORT_OF = ("almost", "close to", "nearly")  # words that put the true value below the figure: such a one is not reached


@dataclass(frozen=True, order=True)
class Level:
    """A figure, in whole or short of it: the true value is then below it and above whatever is less."""

    value: float
    whole: bool = True


@dataclass(frozen=True)
class Reading:
    """The yearly values that one set of books gives, with their sources; several where officials disagree on a year."""

    name: str
    values: pd.Series  # indexed by year, which may repeat
    sources: pd.Series  # as `source_id` of a ledger, by the same index
    short: pd.Series | None = None  # by the same index, where the figure may not be reached

    def levels(self, first: int, last: int) -> list[Level]:
        """The figures of the years from `first` to `last`, in their order."""
        whole = pd.Series(True, index=self.values.index) if self.short is None else ~self.short
        inside = (self.values.index >= first) & (self.values.index <= last)
        return [Level(float(value), bool(one)) for value, one in zip(self.values[inside], whole[inside], strict=True)]

    def sources_of(self, first: int, last: int) -> pd.Series:
        """The sources of the years from `first` to `last`."""
        return self.sources[(self.sources.index >= first) & (self.sources.index <= last)]


def turnover_readings(trade: pd.DataFrame, officials: pd.DataFrame) -> dict[str, list[Reading]]:
    """Return the turnover in US dollars by basis: of `criterion` both ledgers, of `officials` one reading a figure.

    `trade` are the records of `ledgers.select`, `officials` is the table officials_figures: a year of which any
    official gave a figure is read from officials alone, other years from press recaps.
    """
    ledgers = {who: ledger(trade, reporter=who).dropna(subset="turnover_usd") for who in LEDGERS}
    readings = {
        who: [Reading(f"{who.title()}’s ledger", rows["turnover_usd"], rows["source_id"])]
        for who, rows in ledgers.items()
    }
    rows = _of_the_day(officials, "turnover").set_index("year")
    said = Reading("said", rows["value"].astype(float), rows["source_id"], rows["qualifier"].isin(SHORT_OF))
    return {"criterion": [*readings["kazakhstan"], *readings["russia"]], **readings, "officials": [said]}


def bought_goods(products: pd.DataFrame) -> pd.DataFrame:
    """The rows of Kazakhstan's imports from Russia by group of goods: for the other flow there are none by year."""
    return product_rows(products, nomenclature="HS_WITS16", reporter="KAZ", partner="RUS", flow="import")


def outcomes(
    rules: pd.DataFrame,
    *,
    trade: pd.DataFrame,
    officials: pd.DataFrame,
    products: pd.DataFrame,
    indicators: pd.DataFrame,
) -> pd.DataFrame:
    """Return what became of each statement that has a rule, on each basis that can judge it.

    The tests: `at_least`, the value of some year from `first_year` to `last_year` is at least `threshold`; `higher`,
    the value of the year is above that of the year before; `highest_yet`, above that of every earlier year; `within`,
    it is within 5 % of the threshold (partly within 10 %); `same_top_three`, the three largest groups of goods are
    those of the year before, in any order.

    Where a basis has several values for it, the outcome is yes if all pass and no if none does; partly if some do,
    or if all reach 95 % of a threshold. A period whose last year has no value yet is settled only by a yes.
    Goods are on record for one flow of two, so their tests can give partly at best, and unresolved where that fails.

    Args:
        rules: the table resolution_rules; `trade`: the records of `ledgers.select`; `officials`: officials_figures;
            `products`: trade_products.

    Returns:
        One row a statement and basis, in their order: `statement_id`, `basis`, `outcome` (yes, partly, no, unresolved),
        `reason` of an unresolved one (`not_due` where the rule's last year comes after all that any basis has, else
        `no_value`), `value` (what was tested: the mean of several; NaN where unresolved), `evidence`, a sentence with
        the values, and `source_id`, where these come from, joined by `+`; empty where there are none.

    Raises:
        ValueError: for a rule with an unknown series or test.
    """
    levels = turnover_readings(trade, officials)
    said = _of_the_day(officials, "turnover_growth").set_index("year")
    growths = Reading("said", said["value"].astype(float), said["source_id"])
    rows = []
    for rule in rules.itertuples():
        if rule.test not in TESTS:
            raise ValueError(
                f"Rule of {rule.statement_id}: the test {rule.test!r} is unknown; allowed are {', '.join(TESTS)}."
            )
        if rule.series == "turnover":
            late = rule.last_year > max(_end(readings) for readings in levels.values())
            tail = NOT_OVER if late else ENDS_BEFORE
            found = {
                basis: _turnover(rule, levels[basis], growths if basis == "officials" else None, tail)
                for basis in BASES
            }
        elif rule.series == "brent":
            price = indicators[indicators["indicator"] == "brent_usd_per_barrel"].set_index("year")
            late, found = rule.last_year > price.index.max(), {"criterion": _price(rule, price)}
        elif rule.series in ("manufactures", "product_groups"):
            goods = bought_goods(products)
            late, found = rule.last_year > goods["year"].max(), {"criterion": _goods(rule, goods)}
        else:
            raise ValueError(
                f"Rule of {rule.statement_id}: the series {rule.series!r} is unknown; the table "
                "resolution_rules allows "
                "turnover, manufactures, product_groups and brent."
            )
        for basis, row in found.items():
            reason = {"reason": None if row["outcome"] != "unresolved" else "not_due" if late else "no_value"}
            rows.append({"statement_id": rule.statement_id, "basis": basis} | row | reason)
    return pd.DataFrame(rows, columns=["statement_id", "basis", "outcome", "reason", "value", "evidence", "source_id"])


def resolutions_on(basis: str, *, resolutions: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the table resolutions with the outcomes of one basis where `outcomes` has them; the others as they are.

    Raises ValueError for an unknown basis.
    """
    if basis not in BASES:
        raise ValueError(f"The basis {basis!r} is unknown; allowed are {', '.join(BASES)}.")
    table = resolutions.set_index("statement_id")
    chosen = found[found["basis"] == basis].set_index("statement_id")
    if basis != "criterion":
        columns = ["outcome", "reason", "evidence", "source_id"]
        table.loc[chosen.index, columns] = chosen[columns]
        table.loc[chosen.index, "note"] = None
        table.loc[chosen.index[chosen["outcome"] == "unresolved"], "resolved_on"] = None
    return table.reset_index()


def by_rule(resolutions: pd.DataFrame, found: pd.DataFrame, horizons: pd.Series) -> pd.DataFrame:
    """Return the table resolutions with the rows of statements that have a rule as the rules give them.

    Outcome, reason and evidence are those of the criterion. A source stays if the rule reads it, else a settled
    statement has the first that it reads. A date stays, else it is the statement's horizon (`horizons`, by statement);
    an unresolved statement has none. A statement that has a rule and no row gets one.
    """
    table = resolutions.set_index("statement_id")
    for row in found[found["basis"] == "criterion"].itertuples():
        given = table.loc[row.statement_id] if row.statement_id in table.index else {}
        source, day = given.get("source_id"), given.get("resolved_on")
        read, settled = [] if pd.isna(row.source_id) else row.source_id.split("+"), row.outcome != "unresolved"
        if source not in read:
            source = read[0] if read and (settled or pd.notna(source)) else None
        if pd.isna(day):
            day = f"{horizons[row.statement_id]:%Y-%m-%d}"
        columns = ["outcome", "reason", "evidence", "source_id", "resolved_on"]
        table.loc[row.statement_id, columns] = [
            row.outcome,
            row.reason,
            row.evidence,
            source,
            day if settled else None,
        ]
    return table.sort_index().rename_axis("statement_id").reset_index()


def _of_the_day(officials: pd.DataFrame, metric: str) -> pd.DataFrame:
    rows = officials[officials["metric"] == metric]
    by_officials = rows.groupby("year")["origin"].transform(lambda origin: (origin == "official").any())
    return rows[(rows["origin"] == "official") | ~by_officials]


def _turnover(rule: object, readings: list[Reading], growths: Reading | None, tail: str) -> dict[str, object]:
    first, last = int(rule.first_year), int(rule.last_year)
    if rule.test == "at_least":
        tested = dict(_highest(readings, first, last))
        over = first == last or all(reading.values.index.max() >= last for reading in readings)
        words = ", ".join(f"{name} {_billion(level)}" for name, level in tested.items())
        span = f"in {first}" if first == last else f"at most, from {first} to {min(last, _end(readings))},"
        threshold = float(rule.threshold)
        return _judged(
            [level >= Level(threshold) for level in tested.values()],
            [level.value for level in tested.values()],
            near=all(level >= Level((1 - NEAR) * threshold) for level in tested.values()),
            read=_sources(readings, first, last),
            unsettled="" if over else tail,
            words=f"Turnover {span} in billion dollars: {words}; tested against {_billion(Level(threshold))}.",
        )
    if rule.test == "higher":
        if growths is not None:
            changes = {f"said {i}": value for i, value in enumerate(growths.values[growths.values.index == last])}
            read = _sources([growths], last, last)
        else:
            both = {r.name: growth.yearly_growth(r.values).get(last) for r in readings}
            changes = {name: value for name, value in both.items() if pd.notna(value)}
            read = _sources([reading for reading in readings if reading.name in changes], last - 1, last)
        said = ", ".join(
            f"{name} {value:+.1f} %" if growths is None else f"{value:+.1f} %" for name, value in changes.items()
        )
        values = list(changes.values())
        return _judged([value > 0 for value in values], values, read=read, words=f"Growth of {last}: {said}.")
    pairs = []
    for reading in readings:
        if earlier := reading.levels(0, last - 1):
            pairs += [(reading.name, now, max(earlier)) for now in reading.levels(last, last)]
    words = ", ".join(f"{name} {_billion(now)} after {_billion(before)}" for name, now, before in pairs)
    return _judged(
        [now > before for _, now, before in pairs],
        [now.value - before.value for _, now, before in pairs],
        read=_sources([reading for reading in readings if last in reading.values.index], first=0, last=last),
        words=f"Turnover of {last} and the highest before, in billion dollars: {words}.",
    )


def _highest(readings: list[Reading], first: int, last: int) -> list[tuple[str, Level]]:
    """The highest figure of the years in each reading; of a single year every one that was said."""
    rows = []
    for reading in readings:
        inside = reading.levels(first, last)
        if first == last:
            rows += [(reading.name if i == 0 else f"{reading.name} ({i + 1})", level) for i, level in enumerate(inside)]
        elif inside:
            rows.append((reading.name, max(inside)))
    return rows


def _sources(readings: list[Reading], first: int, last: int) -> str | None:
    """The sources of the years that were read, joined as in a ledger; None where there are none."""
    return joined(key for reading in readings for key in reading.sources_of(first, last))


def _end(readings: list[Reading]) -> int:
    return int(max(reading.values.index.max() for reading in readings))


def _judged(
    passed: list[bool], values: list[float], *, words: str, read: str | None, near: bool = False, unsettled: str = ""
) -> dict[str, object]:
    """The outcome of what was tested; `unsettled` says why anything but a yes is not the end of it."""
    if not passed:
        return _unresolved(NO_VALUE, None)
    outcome = "yes" if all(passed) else "partly" if any(passed) or near else "no"
    if outcome != "yes" and unsettled:
        return _unresolved(f"{words} {unsettled}", read)
    return {"outcome": outcome, "value": sum(values) / len(values), "evidence": words, "source_id": read}


def _price(rule: object, rows: pd.DataFrame) -> dict[str, object]:
    if rule.last_year not in rows.index:
        return _unresolved(NO_VALUE, None)
    row = rows.loc[rule.last_year]
    value, wanted = float(row["value"]), float(rule.threshold)
    apart = abs(value / wanted - 1)
    words = f"Brent was {value:.1f} dollars a barrel in the mean of {rule.last_year}; tested against {wanted:g}."
    return {
        "outcome": "yes" if apart <= NEAR else "partly" if apart <= 2 * NEAR else "no",
        "value": value,
        "evidence": words,
        "source_id": row["source_id"],
    }


def _goods(rule: object, rows: pd.DataFrame) -> dict[str, object]:
    year, unknown = int(rule.last_year), "the other flow has no goods on record for these years."
    values = by_group(rows).dropna()
    if not {year - 1, year} <= set(values.index):
        return _unresolved(NO_VALUE, None)
    if rule.test == "same_top_three":
        now, before = (values.loc[at].nlargest(3).index for at in (year, year - 1))
        passed = set(now) == set(before)
        words = (
            f"Largest in Kazakhstan’s imports from Russia in {year}: {', '.join(now)}; in {year - 1}: "
            f"{', '.join(before)}"
        )
        value = float("nan")
    else:
        if pd.isna(rule.left_out):
            raise ValueError(
                f"Rule of {rule.statement_id}: left_out of the table resolution_rules is empty; manufactures "
                "are the goods "
                "without the groups that stand there."
            )
        sums = by_group(rows[~rows["group_code"].isin(rule.left_out.split(" "))]).sum(axis=1)
        value = float(100 * (sums[year] / sums[year - 1] - 1))
        passed = value > 0
        words = f"Kazakhstan’s imports of manufactures from Russia changed by {value:+.1f} % in {year}"
    read = joined(rows.loc[rows["year"].isin([year - 1, year]), "source_id"])
    if not passed:
        return _unresolved(f"{words}; {unknown}", read)
    return {"outcome": "partly", "value": value, "evidence": f"{words}; {unknown}", "source_id": read}


def _unresolved(words: str, read: str | None) -> dict[str, object]:
    return {"outcome": "unresolved", "value": float("nan"), "evidence": words, "source_id": read}


def _billion(level: Level) -> str:
    words = f"{level.value / 1e9:.2f}".rstrip("0").rstrip(".")
    return words if level.whole else f"under {words}"
