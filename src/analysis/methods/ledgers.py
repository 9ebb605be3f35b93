"""Kazakhstan–Russia trade in figures: ledgers, growth, partners' shares, mirror comparison and currencies.

A *ledger* is one country's record of the trade between the two. Both ledgers are turned to Kazakhstan's side:
exports go from Kazakhstan to the partner, imports come from it. Values are current US dollars unless said
otherwise; a Series of years is indexed by the calendar year as int.
"""

from collections.abc import Callable, Sequence
from math import inf

import pandas as pd

LEDGERS = ("kazakhstan", "russia")
VINTAGES = ("bureau", "comtrade")
MEASURES = ("turnover", "exports", "imports", "balance")
CURRENCIES = ("usd", "usd_real", "kzt", "rub")

# From sound to doubtful: SDMX lists the codes of CL_OBS_STATUS but does not rank them. O is a missing value.
STATUSES = ("A", "P", "E", "D", "B", "U", "O")

# Which source a ledger is read from, first and last year included; years after the data's end stay open.
_WITS = {"wits": (1995, inf)}
_BUREAU = {"wits": (1995, 2017), "bns": (2018, 2023), "bns_pipeline": (2024, inf)}
_CUSTOMS = {"fcs_annual": (1994, 2021)}
_RULES = {
    ("kazakhstan", "bureau"): (
        _BUREAU,
        (
            "Kazakhstan's figures: WITS/UN Comtrade to 2017, the Bureau of National Statistics 2018–2023, "
            "the Bureau's figures through a secondary pipeline from 2024."
        ),
    ),
    ("kazakhstan", "comtrade"): (
        _WITS,
        "Kazakhstan's figures: WITS/UN Comtrade in every year it has, to 2023.",
    ),
    ("russia", None): (
        _CUSTOMS,
        "Russia's figures: the Federal Customs Service as published by Rosstat, 1994–2021, none after.",
    ),
}


def ledger(
    trade: pd.DataFrame, *, reporter: str = "kazakhstan", vintage: str = "bureau", partner: str | None = None
) -> pd.DataFrame:
    """One country's yearly record of its trade with one partner, seen from Kazakhstan.

    `partner` is an ISO 3166 code or a group of the table (WLD, EU, CIS, EAEU), by default RUS; Russia's
    ledger is that with Kazakhstan, so `exports_usd` there is what Russia recorded as imports from Kazakhstan.
    The sources follow `selection_rule`; `vintage` chooses among Kazakhstan's only.

    Returns one row a year for which the chosen source has a flow: `exports_usd`, `imports_usd`,
    `turnover_usd` (their sum), `balance_usd` (exports − imports), `coverage_ratio` (exports ÷ imports),
    `status` (the worse of the two flows in the order of `STATUSES`), `doubtful` (status is not A),
    `source_id` and `note`. A year without either flow has no row; where one flow is missing what depends on
    it is NaN, the status is O and the note says so. Raises ValueError for an unknown reporter or vintage, and
    for a pair of countries that the ledger does not hold.
    """
    sources, _ = _rule(reporter, vintage)
    if reporter == "russia" and partner not in (None, "KAZ"):
        raise ValueError(f"Partner {partner!r} is not in Russia's ledger, which is that with KAZ only.")
    pair = ("RUS", "KAZ") if reporter == "russia" else ("KAZ", partner or "RUS")
    flows = ("import", "export") if reporter == "russia" else ("export", "import")
    rows = _rows(trade, sources, *pair)
    if rows.empty:
        raise ValueError(f"The table has no trade of {pair[0]} with {pair[1]} from {', '.join(sources)}.")
    return _both_flows(rows, *flows)


def selection_rule(*, reporter: str = "kazakhstan", vintage: str = "bureau") -> str:
    """The sentence that says which source a ledger is read from in which years."""
    return _rule(reporter, vintage)[1]


def world_totals(trade: pd.DataFrame, indicators: pd.DataFrame, *, reporter: str = "kazakhstan") -> pd.DataFrame:
    """A country's trade with the whole world by year, seen from that country: the denominator of shares.

    Kazakhstan: WDI merchandise trade to 2017 (the world rows of WITS are incomplete in 2010 and 2020–2022),
    then the Bureau of National Statistics as in `selection_rule`. Russia: the Federal Customs Service,
    1994–2021. Returns `exports_usd`, `imports_usd`, `turnover_usd`, … : the columns of `ledger`.
    """
    _rule(reporter, "bureau")
    if reporter == "russia":
        return _both_flows(_rows(trade, _CUSTOMS, "RUS", "WLD"), "export", "import")
    bureau = _rows(trade, {key: _BUREAU[key] for key in ("bns", "bns_pipeline")}, "KAZ", "WLD")
    wdi = indicators[
        (indicators["country"] == "KAZ")
        & indicators["indicator"].isin(["total_exports_usd", "total_imports_usd"])
        & indicators["source_id"].str.startswith("wdi_")
        & (indicators["year"] <= 2017)
    ]
    flow = wdi["indicator"].map({"total_exports_usd": "export", "total_imports_usd": "import"})
    wdi = wdi.assign(flow=flow, value_usd=wdi["value"])
    return _both_flows(pd.concat([wdi, bureau]), "export", "import")


def partner_shares(
    trade: pd.DataFrame,
    *,
    partners: Sequence[str],
    flow: str = "turnover",
    vintage: str = "bureau",
    totals: pd.Series | None = None,
) -> pd.DataFrame:
    """Partners' shares in Kazakhstan's trade in percent, years × partners: 100 × flow ÷ `totals`.

    `flow` is turnover, export or import; `totals` holds the world's value of the same flow by year in US
    dollars, best a column of `world_totals`; without it the vintage's own world rows are taken, faults
    included. NaN where a partner or the total is missing. A share can be flawed by its numerator: see
    `doubtful_years`. Raises ValueError for an unknown flow or partner.
    """
    columns = {"turnover": "turnover_usd", "export": "exports_usd", "import": "imports_usd"}
    if flow not in columns:
        raise ValueError(f"Unknown flow {flow!r}: shares are of {', '.join(columns)}.")
    if totals is None:
        totals = ledger(trade, vintage=vintage, partner="WLD")[columns[flow]]
    values = pd.DataFrame({p: ledger(trade, vintage=vintage, partner=p)[columns[flow]] for p in partners})
    return 100 * values.div(totals.where(totals > 0).reindex(values.index), axis=0)


def doubtful_years(trade: pd.DataFrame, *, partners: Sequence[str], vintage: str = "bureau") -> pd.DataFrame:
    """Where a partner's row is doubtful, years × partners of bool, shaped as `partner_shares`.

    Doubtful is every status but A, so the provisional last years too. `shares.mask(doubtful_years(…))` leaves
    the years in which the numerator is sound. A partner without a row is not doubtful but missing: False
    here, NaN in the shares.
    """
    flags = {partner: ledger(trade, vintage=vintage, partner=partner)["doubtful"] for partner in partners}
    return pd.concat(flags, axis=1).sort_index().eq(True)


def years_ahead(shares: pd.DataFrame, a: str, b: str) -> list[int]:
    """The years in which partner `a` stands strictly above `b`; a year missing for either does not count."""
    return [int(year) for year in shares.index[shares[a] > shares[b]].sort_values()]


def first_year_ahead(shares: pd.DataFrame, a: str, b: str) -> int | None:
    """The first year in which `a` stands above `b`, or None; it need not stay ahead: see `years_ahead`."""
    return next(iter(years_ahead(shares, a, b)), None)


def conversion_rates(indicators: pd.DataFrame, *, currency: str, base_year: int = 2015) -> pd.DataFrame:
    """What a year's current US dollars are multiplied by: `rate`, `derived`, `source_id`, `note`, by year.

    kzt, rub: the official yearly average of WDI in units of national currency a dollar; usd_real: US CPI-U of
    `base_year` ÷ that of the year, so that values are in dollars of `base_year`; usd: no rates, nothing is
    converted. WDI has no rouble rate for 1994–1995 and 2024: the cross rate KZT/USD ÷ KZT/RUB stands in,
    marked `derived`. Raises ValueError for an unknown currency or a base year without a price index.
    """
    if currency not in CURRENCIES:
        raise ValueError(f"Unknown currency {currency!r}: allowed are {', '.join(CURRENCIES)}.")
    country, indicator = {
        "usd": ("", ""),
        "usd_real": ("USA", "us_cpi_1982_84_100"),
        "kzt": ("KAZ", "lcu_per_usd"),
        "rub": ("RUS", "lcu_per_usd"),
    }[currency]
    of_country = indicators[indicators["country"] == country]
    rows = of_country[of_country["indicator"] == indicator].assign(derived=False)
    if currency == "rub":
        cross = of_country[of_country["indicator"] == "lcu_per_usd_derived"].assign(derived=True)
        gaps = cross["year"].isin([1994, 1995, 2024]) & ~cross["year"].isin(rows["year"])
        rows = pd.concat([rows, cross[gaps]])
    rates = rows.dropna(subset="value").set_index("year").sort_index()
    if currency == "usd_real":
        if base_year not in rates.index:
            raise ValueError(f"Base year {base_year} has no US consumer price index in the table.")
        rates["value"] = rates.loc[base_year, "value"] / rates["value"]
    return rates.rename(columns={"value": "rate"})[["rate", "derived", "source_id", "note"]]


def convert(series_usd: pd.Series, *, currency: str, indicators: pd.DataFrame, base_year: int = 2015) -> pd.Series:
    """A yearly series in current US dollars in another of `CURRENCIES`; usd leaves it unchanged.

    Rates as in `conversion_rates`: a yearly average rate is applied to a year's flow. NaN in years without a
    rate: `conversion_gaps` lists them.
    """
    rates = conversion_rates(indicators, currency=currency, base_year=base_year)
    return series_usd.copy() if currency == "usd" else series_usd * rates["rate"].reindex(series_usd.index)


def conversion_gaps(series_usd: pd.Series, *, currency: str, indicators: pd.DataFrame) -> list[int]:
    """The years that have a value in dollars but lose it in `convert` because the year has no rate."""
    converted = convert(series_usd, currency=currency, indicators=indicators)
    return [int(year) for year in series_usd.index[series_usd.notna() & converted.isna()]]


def part_year(
    monthly: pd.DataFrame, *, year: int, months: tuple[int, int] = (1, 10), partner: str = "KAZ"
) -> pd.DataFrame:
    """Trade of some months of a year in Russia's monthly record, for claims such as "January to October".

    `months` are the first and the last month, both included. Returns the rows exports, imports and turnover,
    seen from the partner (its exports are what Russia recorded as imports), with `value_usd`, `previous_usd`
    (the same months a year before) and `growth_pct`; the last two are NaN if a month of the year before is
    missing. Raises ValueError for an impossible range of months, and when a month of `year` is missing.
    """
    first, last = months
    if not 1 <= first <= last <= 12:
        raise ValueError(f"Months {first} to {last} are no part of a year: allowed are 1 to 12, in order.")
    rows = monthly[(monthly["reporter"] == "RUS") & (monthly["partner"] == partner)]
    table = rows.pivot(index=["year", "month"], columns="flow", values="value_usd")
    table = table.reindex(columns=["import", "export"]).set_axis(["exports", "imports"], axis=1)

    def total(of_year: int) -> pd.Series:
        wanted = pd.MultiIndex.from_product([[of_year], range(first, last + 1)])
        sums = table.reindex(wanted).sum(skipna=False)
        return pd.concat([sums, pd.Series({"turnover": sums.sum(skipna=False)})])

    value, previous = total(year), total(year - 1)
    if value.isna().any():
        raise ValueError(f"Russia's monthly record with {partner} lacks a month from {first} to {last} of {year}.")
    growth_pct = 100 * (value / previous.where(previous > 0) - 1)
    return pd.DataFrame({"value_usd": value, "previous_usd": previous, "growth_pct": growth_pct})


def _rule(reporter: str, vintage: str) -> tuple[dict[str, tuple[float, float]], str]:
    if reporter not in LEDGERS:
        raise ValueError(f"Unknown reporter {reporter!r}: allowed are {', '.join(LEDGERS)}.")
    if vintage not in VINTAGES:
        raise ValueError(f"Unknown vintage {vintage!r}: allowed are {', '.join(VINTAGES)}.")
    return _RULES[reporter, vintage if reporter == "kazakhstan" else None]


def _rows(trade: pd.DataFrame, sources: dict[str, tuple[float, float]], reporter: str, partner: str) -> pd.DataFrame:
    rows = trade[(trade["reporter"] == reporter) & (trade["partner"] == partner)]
    chosen = [
        rows[(rows["source_id"] == source_id) & rows["year"].between(first, last)]
        for source_id, (first, last) in sources.items()
    ]
    return pd.concat(chosen)


def _both_flows(rows: pd.DataFrame, exports: str, imports: str) -> pd.DataFrame:
    """The columns of `ledger` from long rows; `exports` and `imports` are the flows that become them."""
    if unknown := set(rows["status"]) - set(STATUSES):
        raise ValueError(f"Unknown observation status {sorted(unknown)}: allowed are {', '.join(STATUSES)}.")
    rows = rows.dropna(subset="value_usd")
    flows = rows.pivot(index="year", columns="flow", values="value_usd").reindex(columns=[exports, imports])
    flows = flows.set_axis(["exports_usd", "imports_usd"], axis=1)
    table = flows.assign(
        turnover_usd=flows["exports_usd"] + flows["imports_usd"],
        balance_usd=flows["exports_usd"] - flows["imports_usd"],
        coverage_ratio=flows["exports_usd"] / flows["imports_usd"].where(flows["imports_usd"] > 0),
    )
    status = _by_year(rows, "status", lambda codes: max(codes, key=STATUSES.index))
    note = _by_year(rows, "note", lambda notes: "; ".join(dict.fromkeys(notes)))
    for flow in ("exports", "imports"):
        missing = flows[f"{flow}_usd"].isna()
        status = status.mask(missing, "O")
        note = note.mask(missing, f"no {flow} in the source; " + note).str.removesuffix("; ")
    source_id = _by_year(rows, "source_id", lambda ids: "+".join(dict.fromkeys(ids)))
    return table.assign(status=status, doubtful=status != "A", source_id=source_id, note=note)


def _by_year(rows: pd.DataFrame, column: str, joined: Callable[[list[str]], str]) -> pd.Series:
    """One text a year from the texts of its rows; `groupby` takes ten times as long for groups of two."""
    texts: dict[int, list[str]] = {year: [] for year in sorted(rows["year"].unique())}
    for year, text in zip(rows["year"], rows[column], strict=True):
        if isinstance(text, str):
            texts[year].append(text)
    return pd.Series({year: joined(found) for year, found in texts.items()}, dtype="str").rename_axis("year")
