"""What became of the statements that statistics decide, by the rules of the table `resolution_rules`.

Whose figures are read is a choice, and a verdict may depend on it. Each rule is therefore judged on four bases:
`kazakhstan`, `russia` (the yearly ledger of each), `officials` (what officials said of the year at the time, press
recaps where none did), and `criterion`, both ledgers together, as the statements' criteria have it.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.methods import growth
from analysis.methods.composition import pivot_products
from analysis.methods.ledgers import LEDGERS, ledger

BASES = ("criterion", "kazakhstan", "russia", "officials")
TESTS = ("at_least", "higher", "highest_yet", "within", "same_top_three")
NEAR = 0.05  # a threshold missed by no more is partly reached; a point within it is hit, within twice of it partly
NOT_OVER = "The time is not over."
NO_VALUE = "The basis has no value for the time."
SHORT_OF = ("almost", "close to", "nearly")  # words that put the true value below the figure: such a one is not reached


@dataclass(frozen=True)
class Reading:
    """The yearly values that one set of books gives, with their sources; several where officials disagree on a year."""

    name: str
    values: pd.Series  # indexed by year, which may repeat
    sources: pd.Series  # as `source_id` of a ledger, by the same index

    def source_ids(self, first: int, last: int) -> list[str]:
        """The sources of the years from `first` to `last`, each once."""
        return list(dict.fromkeys(self.sources[(self.sources.index >= first) & (self.sources.index <= last)]))


def turnover_readings(trade: pd.DataFrame, officials: pd.DataFrame) -> dict[str, list[Reading]]:
    """Return the turnover in US dollars by basis: of `criterion` both ledgers, of `officials` one reading a figure.

    `trade` are the records of `trade.select`, `officials` is the table officials_figures: a year of which any official
    gave a figure is read from officials alone, other years from press recaps.
    """
    ledgers = {who: ledger(trade, reporter=who).dropna(subset="turnover_usd") for who in LEDGERS}
    readings = {
        who: [Reading(f"{who.title()}’s ledger", rows["turnover_usd"], rows["source_id"])]
        for who, rows in ledgers.items()
    }
    rows = _of_the_day(officials, "turnover").set_index("year")
    said = rows["value"].astype(float)
    said = said.mask(rows["qualifier"].isin(SHORT_OF), said * (1 - 1e-9))
    return {
        "criterion": [*readings["kazakhstan"], *readings["russia"]],
        **readings,
        "officials": [Reading("said", said, rows["source_id"])],
    }


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
        rules: the table resolution_rules; `trade`: the records of `trade.select`; `officials`: officials_figures;
            `products`: trade_products.

    Returns:
        One row a statement and basis, in their order: `statement_id`, `basis`, `outcome` (yes, partly, no, unresolved),
        `value` (what was tested: the mean of several; NaN where unresolved), `evidence`, a sentence with the values,
        and `source_id`, where these come from, joined by `+`; empty where there are none.

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
            found = {
                basis: _turnover(rule, levels[basis], growths if basis == "officials" else None) for basis in BASES
            }
        elif rule.series == "brent":
            found = {"criterion": _price(rule, indicators)}
        elif rule.series in ("manufactures", "product_groups"):
            found = {"criterion": _goods(rule, products)}
        else:
            raise ValueError(
                f"Rule of {rule.statement_id}: the series {rule.series!r} is unknown; the table "
                "resolution_rules allows "
                "turnover, manufactures, product_groups and brent."
            )
        rows += [{"statement_id": rule.statement_id, "basis": basis} | row for basis, row in found.items()]
    return pd.DataFrame(rows, columns=["statement_id", "basis", "outcome", "value", "evidence", "source_id"])


def resolutions_on(basis: str, *, resolutions: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return the table resolutions with the outcomes of one basis where `outcomes` has them; the others as they are.

    What a basis cannot judge is unresolved for the reason `no_value`, or `not_due` where its time is not over.
    Raises ValueError for an unknown basis.
    """
    if basis not in BASES:
        raise ValueError(f"The basis {basis!r} is unknown; allowed are {', '.join(BASES)}.")
    table = resolutions.set_index("statement_id")
    chosen = found[found["basis"] == basis].set_index("statement_id")
    if basis != "criterion":
        columns = ["outcome", "evidence", "source_id"]
        table.loc[chosen.index, columns] = chosen[columns]
        table.loc[chosen.index, "note"] = None
        is_open = chosen.index[chosen["outcome"] == "unresolved"]
        table.loc[is_open, "resolved_on"] = None
        late = table.loc[is_open, "evidence"].str.endswith(NOT_OVER)
        table.loc[is_open, "reason"] = late.map({True: "not_due", False: "no_value"})
        table.loc[chosen.index.difference(is_open), "reason"] = None
    return table.reset_index()


def disagreements(resolutions: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """Return one sentence for each row of resolutions that its rule does not give: the table repeats, code decides."""
    table = resolutions.set_index("statement_id")
    problems = []
    for row in found[found["basis"] == "criterion"].itertuples():
        if row.statement_id not in table.index:
            problems.append(f"resolutions: {row.statement_id} has a rule and no row.")
            continue
        for column in ("outcome", "evidence"):
            given, wanted = table.loc[row.statement_id, column], getattr(row, column)
            if given != wanted:
                problems.append(
                    f"resolutions, {row.statement_id}: {column} is {given!r}, and its rule gives {wanted!r}."
                )
        given, read = table.loc[row.statement_id, "source_id"], row.source_id
        if pd.notna(given) and (pd.isna(read) or given not in read.split("+")):
            problems.append(
                f"resolutions, {row.statement_id}: source_id is {given!r}, and its rule reads "
                f"{'nothing' if pd.isna(read) else read}."
            )
    return problems


def _of_the_day(officials: pd.DataFrame, metric: str) -> pd.DataFrame:
    rows = officials[officials["metric"] == metric]
    by_officials = rows.groupby("year")["origin"].transform(lambda origin: (origin == "official").any())
    return rows[(rows["origin"] == "official") | ~by_officials]


def _turnover(rule: object, readings: list[Reading], growths: Reading | None) -> dict[str, object]:
    first, last = int(rule.first_year), int(rule.last_year)
    if rule.test == "at_least":
        tested = {name: value for name, value in _values(readings, first, last) if not pd.isna(value)}
        over = all(reading.values.index.max() >= last for reading in readings)
        words = ", ".join(f"{name} {_billion(value)}" for name, value in tested.items())
        span = f"in {first}" if first == last else f"at most, from {first} to {min(last, _end(readings))},"
        return _judged(
            list(tested.values()),
            float(rule.threshold),
            read=_sources(readings, first, last),
            settled=over or first == last,
            words=f"Turnover {span} in billion dollars: {words}; tested against {_billion(rule.threshold)}.",
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
        return _judged(list(changes.values()), 0.0, read=read, strict=True, words=f"Growth of {last}: {said}.")
    pairs = []
    for reading in readings:
        now, before = reading.values[reading.values.index == last], reading.values[reading.values.index < last]
        pairs += [(reading.name, value, before.max()) for value in now]
    words = ", ".join(f"{name} {_billion(now)} after {_billion(before)}" for name, now, before in pairs)
    return _judged(
        [now - before for _, now, before in pairs],
        0.0,
        read=_sources([reading for reading in readings if last in reading.values.index], first=0, last=last),
        strict=True,
        words=f"Turnover of {last} and the highest before, in billion dollars: {words}.",
    )


def _values(readings: list[Reading], first: int, last: int) -> list[tuple[str, float]]:
    """The highest value of the years in each reading; of a single year every value that was said."""
    rows = []
    for reading in readings:
        inside = reading.values[(reading.values.index >= first) & (reading.values.index <= last)]
        if first == last:
            rows += [(reading.name if i == 0 else f"{reading.name} ({i + 1})", value) for i, value in enumerate(inside)]
        elif len(inside):
            rows.append((reading.name, inside.max()))
    return rows


def _sources(readings: list[Reading], first: int, last: int) -> str | None:
    """The sources of the years that were read, joined as in a ledger; None where there are none."""
    found = [key for reading in readings for joined in reading.source_ids(first, last) for key in joined.split("+")]
    return "+".join(dict.fromkeys(found)) or None


def _end(readings: list[Reading]) -> int:
    return int(max(reading.values.index.max() for reading in readings))


def _judged(
    values: list[float],
    threshold: float,
    *,
    words: str,
    read: str | None,
    strict: bool = False,
    settled: bool = True,
) -> dict[str, object]:
    passed = [value > threshold if strict else value >= threshold for value in values]
    near = not strict and all(value >= (1 - NEAR) * threshold for value in values)
    outcome = "yes" if all(passed) else "partly" if any(passed) or near else "no"
    if not values:
        return _unresolved(NO_VALUE, None)
    if outcome != "yes" and not settled:
        return _unresolved(f"{words} {NOT_OVER}", read)
    return {"outcome": outcome, "value": sum(values) / len(values), "evidence": words, "source_id": read}


def _price(rule: object, indicators: pd.DataFrame) -> dict[str, object]:
    rows = indicators[indicators["indicator"] == "brent_usd_per_barrel"].set_index("year")
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


def _goods(rule: object, products: pd.DataFrame) -> dict[str, object]:
    """Kazakhstan's imports from Russia: for the other flow the tables have no goods of these years."""
    rows = products[products["nomenclature"] == "HS_WITS16"]
    flow = {"nomenclature": "HS_WITS16", "reporter": "KAZ", "partner": "RUS", "flow": "import"}
    year, unknown = int(rule.last_year), "the other flow has no goods on record for these years."
    if not {year - 1, year} <= set(rows["year"]):
        return _unresolved(NO_VALUE, None)
    if rule.test == "same_top_three":
        values = pivot_products(rows, **flow)
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
        values = pivot_products(rows[~rows["group_code"].isin(rule.left_out.split(" "))], **flow).sum(axis=1)
        value = float(100 * (values[year] / values[year - 1] - 1))
        passed = value > 0
        words = f"Kazakhstan’s imports of manufactures from Russia changed by {value:+.1f} % in {year}"
    read = "+".join(rows.loc[rows["year"].isin([year - 1, year]) & rows["partner"].eq("RUS"), "source_id"].unique())
    if not passed:
        return _unresolved(f"{words}; {unknown}", read)
    return {"outcome": "partly", "value": value, "evidence": f"{words}; {unknown}", "source_id": read}


def _unresolved(words: str, read: str | None) -> dict[str, object]:
    return {"outcome": "unresolved", "value": float("nan"), "evidence": words, "source_id": read}


def _billion(dollars: float) -> str:
    words = f"{float(dollars) / 1e9:.2f}".rstrip("0").rstrip(".")
    return f"under {words}" if 0 < float(words) * 1e9 - float(dollars) < 1e3 else words
