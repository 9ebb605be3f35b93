"""Whether the statistics agree with one another as far as they should, and are flagged where they do not.

The bands were read off the data when they were compiled; a figure outside its band is an error of copying, a
revision or a doubt not yet flagged. Each rule takes the loaded tables and returns one sentence a problem.
"""

from collections.abc import Iterable

import pandas as pd

Frames = dict[str, pd.DataFrame]


def check(frames: Frames) -> list[str]:
    """Apply every rule of this module to the loaded tables and return the problems."""
    problems = []
    for rule in (
        product_groups_sum_to_total,
        months_sum_to_year,
        comtrade_equals_bureau,
        mirror_ratio,
        partners_within_world,
        groups_sum_to_total,
        world_totals_near_world_bank,
        exchange_rates_agree,
        doubtful_rows_flagged,
        launches_consistent,
        suppliers_sum_to_total,
        votes_consistent,
        values_within_scale,
    ):
        problems += rule(frames)
    return problems


def product_groups_sum_to_total(frames: Frames) -> list[str]:
    """Groups sum to the total of the same origin within USD 200, 1,000 (WITS world) or 10 (SITC)."""
    products, problems = frames["trade_products"], []
    for nomenclature, source_id, reporter, partner, flow, years, tolerance in (
        ("HS_WITS16", "wits", "KAZ", "RUS", "import", range(2015, 2024), 200),
        ("HS_WITS16", "wits", "KAZ", "WLD", "import", range(2015, 2024), 1000),
        ("SITC_R3", "unctad_matrix", "KAZ", "RUS", "export", (1995, 2005, 2015), 10),
        ("SITC_R3", "unctad_matrix", "RUS", "KAZ", "export", (1995, 2005, 2015), 10),
    ):
        of = products[(products["nomenclature"] == nomenclature) & (products["partner"] == partner)]
        of = of[(of["reporter"] == reporter) & (of["flow"] == flow)]
        gap = of.groupby("year")["value_usd"].sum() - _flow(frames, reporter, partner, flow, source_id)
        what = f"trade_products: {nomenclature} groups less {source_id}, {reporter} {flow} {partner}, USD"
        problems += _outside(gap.round(2), years, -tolerance, tolerance, what)
    return problems


def months_sum_to_year(frames: Frames) -> list[str]:
    """Russia's months sum to its years: to 0.02 % where unrevised, loosely in 2011–2019, half of 2010."""
    problems = []
    monthly = frames["trade_monthly"]
    for partner, revised in (("KAZ", (0.97, 1.015)), ("BLR", (0.95, 1.07))):
        for flow in ("export", "import"):
            of = monthly[(monthly["partner"] == partner) & (monthly["flow"] == flow)]
            months = of.groupby("year")["month"].agg(list)
            ratio = of.groupby("year")["value_usd"].sum() / _flow(frames, "RUS", partner, flow, "fcs_annual")
            what = f"trade_monthly: sum of months ÷ year, RUS {flow} {partner},"
            exact = [*range(2006, 2010), 2020, 2021]
            problems += _outside(ratio, exact, 0.9998, 1.0002, what)
            problems += _outside(ratio, range(2011, 2020), *revised, what)
            half = partner == "KAZ"
            problems += _outside(ratio, [2010], *((0.45, 0.65) if half else (0.9998, 1.0002)), what)
            for year, found in months.items():
                expected = list(range(1, 7 if half and year == 2010 else 13))
                if found != expected:
                    problems.append(
                        f"trade_monthly: RUS {flow} {partner} in {year} has months {found}, not {expected}."
                    )
    return problems


def comtrade_equals_bureau(frames: Frames) -> list[str]:
    """The bureau ÷ WITS, for Russia: within 0.1 % of one in 2018–2021, 1.03–1.045 (revised) in 2022–2023."""
    problems = []
    for flow in ("export", "import"):
        ratio = _flow(frames, "KAZ", "RUS", flow, "bns") / _flow(frames, "KAZ", "RUS", flow, "wits")
        what = f"trade: bns ÷ wits, KAZ {flow} RUS,"
        problems += _outside(ratio, range(2018, 2022), 0.999, 1.001, what)
        problems += _outside(ratio, (2022, 2023), 1.03, 1.045, what)
    return problems


def mirror_ratio(frames: Frames) -> list[str]:
    """Russian ÷ Kazakh turnover lies in its period's band; 2010 stands apart (partial Kazakh year)."""
    kazakh = sum(_flow(frames, "KAZ", "RUS", flow, "wits") for flow in ("export", "import"))
    russian = sum(_flow(frames, "RUS", "KAZ", flow, "fcs_annual") for flow in ("export", "import"))
    problems = []
    for years, low, high in (
        (range(1995, 2005), 1.05, 1.23),
        (range(2005, 2010), 0.98, 1.035),
        ((2010,), 1.78, 1.79),
        ((2011,), 0.88, 0.89),
        ((2012,), 1.08, 1.085),
        (range(2013, 2018), 0.99, 1.08),
        (range(2018, 2022), 1.0, 1.045),
    ):
        problems += _outside(russian / kazakh, years, low, high, "trade: turnover of fcs_annual ÷ wits")
    return problems


def partners_within_world(frames: Frames) -> list[str]:
    """No partner, and no sum of countries, exceeds the world total of its reporter, year, flow and source."""
    problems = []
    trade = frames["trade"]
    countries = frames["partners"].set_index("code")["kind"].eq("country")
    for (reporter, flow, source_id, year), rows in trade.groupby(["reporter", "flow", "source_id", "year"]):
        values = rows.set_index("partner")["value_usd"]
        if "WLD" not in values:
            continue
        world = values["WLD"]
        at = f"trade: {reporter} {flow} in {year} by {source_id}"
        for partner in values.index[values > world]:
            problems.append(f"{at}: {partner} exceeds the world total.")
        if values[countries.reindex(values.index)].sum() > world:
            problems.append(f"{at}: the countries together exceed the world total.")
    return problems


def groups_sum_to_total(frames: Frames) -> list[str]:
    """CIS and far abroad make up Russia's world; Russia, Belarus, Kyrgyzstan and Armenia make up the EAEU."""
    problems = []
    for reporter, source_id, parts, whole, years in (
        ("RUS", "fcs_annual", ("CIS", "FAR_ABROAD"), "WLD", range(1994, 2022)),
        ("KAZ", "bns", ("ARM", "BLR", "KGZ", "RUS"), "EAEU", range(2018, 2024)),
    ):
        for flow in ("export", "import"):
            total = sum(_flow(frames, reporter, part, flow, source_id) for part in parts)
            ratio = total / _flow(frames, reporter, whole, flow, source_id)
            what = f"trade: {' + '.join(parts)} ÷ {whole}, {reporter} {flow} by {source_id},"
            problems += _outside(ratio, years, 0.9999, 1.0001, what)
    return problems


def world_totals_near_world_bank(frames: Frames) -> list[str]:
    """A world total of Kazakhstan with status A lies within 0.97–1.06 of the World Bank's figure."""
    problems = []
    trade = frames["trade"]
    for flow in ("export", "import"):
        reference = _indicator(frames, "KAZ", f"total_{flow}s_usd", "wdi_kaz")
        for source_id in ("wits", "bns"):
            normal = _rows(trade, "KAZ", "WLD", flow, source_id)
            normal = normal[normal["status"] == "A"].set_index("year")["value_usd"]
            what = f"trade: world total of {source_id} ÷ World Bank, KAZ {flow},"
            problems += _outside(normal / reference, normal.index, 0.97, 1.06, what)
    return problems


def exchange_rates_agree(frames: Frames) -> list[str]:
    """The derived rouble rate is the quotient it claims to be, and lies in its band of the World Bank's."""
    derived = _indicator(frames, "RUS", "lcu_per_usd_derived", "fx_derived")
    tenge = _indicator(frames, "KAZ", "lcu_per_usd", "wdi_kaz")
    cross = _indicator(frames, "KAZ", "kzt_per_rub", "nbk_fx")
    published = _indicator(frames, "RUS", "lcu_per_usd", "wdi_rus")
    what = "indicators: tenge per dollar ÷ tenge per rouble ÷ lcu_per_usd_derived"
    problems = _outside(tenge / cross / derived, range(1994, 2025), 0.99997, 1.00003, what)
    for years, low, high in (
        ((1996, 1997), 0.955, 0.975),
        ((1998,), 0.77, 0.78),
        (range(1999, 2022), 0.98, 1.01),
        ((2022, 2023), 0.97, 0.99),
    ):
        problems += _outside(derived / published, years, low, high, "indicators: lcu_per_usd_derived ÷ lcu_per_usd")
    return problems


def doubtful_rows_flagged(frames: Frames) -> list[str]:
    """What is known to be doubtful has its status: partial, broken, incomplete, provisional or estimated."""
    problems = []
    for source_id, partner, years, status in (
        ("wits", "RUS", (2010,), "U"),
        ("wits", "BLR", (2010,), "U"),
        ("wits", "WLD", (2010, 2020, 2021, 2022), "U"),
        ("wits", "RUS", (2011, 2012), "B"),
        ("wits", "WLD", (2011, 2012), "B"),
        ("wits", "RUS", (2022, 2023), "P"),
        ("bns", "RUS", (2022, 2023), "P"),
        ("bns", "CHN", (2022, 2023), "P"),
        ("bns", "WLD", (2022, 2023), "P"),
        ("fcs_annual", "KAZ", (2011,), "B"),
        ("bns_pipeline", "RUS", (2024, 2025), "P"),
        ("unctad_matrix", "RUS", (2015,), "E"),
        ("cow_v4", "RUS", (2010, 2011, 2012), "U"),
    ):
        trade = frames["trade"]
        rows = trade[(trade["source_id"] == source_id) & (trade["partner"] == partner) & trade["year"].isin(years)]
        problems += _unflagged(rows, status, "trade")
    for table, source_id, years in (
        ("trade", "fcs_annual", (2012,)),
        ("trade_monthly", "fcs_monthly", (2012,)),
    ):
        rows = _rows(frames[table], "RUS", "KAZ", "import", source_id)
        problems += _unflagged(rows[rows["year"].isin(years)], "U", table)
    products = frames["trade_products"]
    incomplete = products[products["partner"].isin(["WLD", "CHN"]) & products["year"].isin([2020, 2021, 2022])]
    problems += _unflagged(incomplete, "U", "trade_products")
    problems += _unflagged(products[products["nomenclature"] == "ICIO_2025"], "D", "trade_products")
    indicators = frames["indicators"]
    points = indicators["indicator"].str.startswith("un_ideal_point") & (indicators["year"] >= 2022)
    rates = (indicators["indicator"] == "lcu_per_usd_derived") & (indicators["year"] <= 1998)
    return problems + _unflagged(indicators[points | rates], "U", "indicators")


def launches_consistent(frames: Frames) -> list[str]:
    """Parts do not exceed wholes, and printed shares are the ratio of the counts to one decimal."""
    attempts = _indicator(frames, "KAZ", "baikonur_launch_attempts", "gcat")
    successes = _indicator(frames, "KAZ", "baikonur_launch_successes", "gcat")
    proton = _indicator(frames, "KAZ", "baikonur_proton_attempts", "gcat")
    soyuz = _indicator(frames, "KAZ", "baikonur_soyuz_attempts", "gcat")
    world = _indicator(frames, "WLD", "world_launch_attempts", "gcat")
    russian = _indicator(frames, "RUS", "russian_vehicle_launch_attempts", "gcat")
    of_world = _indicator(frames, "KAZ", "baikonur_share_of_world_attempts_pct", "gcat")
    of_russian = _indicator(frames, "KAZ", "baikonur_share_of_russian_vehicle_attempts_pct", "gcat")
    years, inf = range(1957, 2025), float("inf")
    return [
        *_outside(attempts - successes, years, 0, inf, "indicators: Baikonur attempts less successes"),
        *_outside(attempts - proton - soyuz, years, 0, inf, "indicators: Baikonur attempts less Proton and Soyuz"),
        *_outside(world - attempts, years, 0, inf, "indicators: world attempts less Baikonur's"),
        *_outside(100 * attempts / world - of_world, years, -0.051, 0.051, "indicators: error of the world share"),
        *_outside(
            100 * attempts / russian - of_russian,
            years,
            -0.051,
            0.051,
            "indicators: error of the vehicle share",
        ),
    ]


def suppliers_sum_to_total(frames: Frames) -> list[str]:
    """Arms deliveries by supplier sum to the register's total of all suppliers."""
    rows = frames["indicators"][frames["indicators"]["indicator"] == "arms_deliveries_tiv"]
    total = rows[rows["partner"] == "WLD"].set_index("year")["value"]
    sums = rows[rows["partner"] != "WLD"].groupby("year")["value"].sum()
    what = "indicators: arms deliveries of all suppliers less the total"
    return _outside((sums - total).round(6), range(2000, 2024), -0.001, 0.001, what)


def votes_consistent(frames: Frames) -> list[str]:
    """UN measures run unbroken, the distance is that of the two points, identical votes are whole numbers."""
    kazakh = _indicator(frames, "KAZ", "un_ideal_point", "ideal_points")
    russian = _indicator(frames, "RUS", "un_ideal_point", "ideal_points")
    distance = _indicator(frames, "KAZ", "un_ideal_point_distance", "ideal_points")
    votes = _indicator(frames, "KAZ", "un_votes_compared", "unvotes")
    identical = votes * _indicator(frames, "KAZ", "un_identical_vote_share", "unvotes")
    error = (kazakh - russian).abs() - distance
    return [
        *_outside(error, range(1992, 2024), -1e-6, 1e-6, "indicators: error of the ideal-point distance"),
        *_outside(identical - identical.round(), range(1992, 2020), -1e-6, 1e-6, "indicators: fraction of a UN vote"),
    ]


def values_within_scale(frames: Frames) -> list[str]:
    """Shares lie in 0–1, polls in 0–100 %, yes-or-no codes are 0 or 1, counts are whole and not negative."""
    problems = []
    for row in frames["indicators"].to_dict("records"):
        value, unit, name = row["value"], row["unit"], row["indicator"]
        if unit == "share, 0 to 1":
            right, rule = 0 <= value <= 1, "between 0 and 1"
        elif unit == "0 or 1":
            right, rule = value in (0, 1), "0 or 1"
        elif name.startswith("poll_"):
            right, rule = 0 <= value <= 100, "between 0 and 100"
        elif unit in ("launches", "persons", "votes", "organisations"):
            right, rule = value >= 0 and value == int(value), "a whole number, not negative"
        else:
            continue
        if not right:
            problems.append(f"indicators: {name} of {row['country']} in {row['year']} is {value:g}, it must be {rule}.")
    return problems


def _rows(table: pd.DataFrame, reporter: str, partner: str, flow: str, source_id: str) -> pd.DataFrame:
    same = (table["reporter"] == reporter) & (table["partner"] == partner)
    return table[same & (table["flow"] == flow) & (table["source_id"] == source_id)]


def _flow(frames: Frames, reporter: str, partner: str, flow: str, source_id: str) -> pd.Series:
    return _rows(frames["trade"], reporter, partner, flow, source_id).set_index("year")["value_usd"]


def _indicator(frames: Frames, country: str, indicator: str, source_id: str) -> pd.Series:
    rows = frames["indicators"]
    rows = rows[(rows["country"] == country) & (rows["indicator"] == indicator) & (rows["source_id"] == source_id)]
    return rows.set_index("year")["value"]


def _outside(values: pd.Series, years: Iterable[int], low: float, high: float, what: str) -> list[str]:
    problems = []
    for year, value in values.reindex(list(years)).items():
        if pd.isna(value):
            problems.append(f"{what} in {year} cannot be computed since a row is missing.")
        elif not low <= value <= high:
            problems.append(f"{what} in {year} is {value:.6g}, outside {low:g} to {high:g}.")
    return problems


def _unflagged(rows: pd.DataFrame, status: str, table: str) -> list[str]:
    return [
        f"{table}: {row['source_id']} of {row['year']} must have status {status}, not {row['status']}."
        for row in rows[rows["status"] != status].to_dict("records")
    ]
