"""The mirror comparison of the two ledgers by era."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.methods.sources import joined

AVERAGE_FREIGHT = 1.06  # importer's value ÷ exporter's, as the IMF assumes it; see `mirror`


def by_era(books: Mapping[str, pd.DataFrame], periods: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """`mirror_sensitivity` of each era, by its years.

    `books` are those of `ledgers.ledgers`. The eras are the periods of the use mirror in the table periods; one without
    a last year lasts as long as both ledgers.
    """
    eras = periods[periods["use"] == "mirror"]
    last = min(int(book.index.max()) for book in books.values())
    return {
        f"{start}–{end}": mirror_sensitivity(*(book.loc[start:end] for book in books.values()))
        for start, end in zip(eras["first_year"], eras["last_year"].fillna(last), strict=True)
    }


def mirror(kaz: pd.DataFrame, rus: pd.DataFrame, *, cif_fob_factor: float = 1.0) -> pd.DataFrame:
    """Both countries' records of the same flows, side by side, for the years that both ledgers hold.

    `kaz` and `rus` are ledgers of `ledger`. For each flow (`kaz_to_rus_…`, `rus_to_kaz_…`): `exporter_usd`;
    `importer_usd`, the importer's record ÷ `cif_fob_factor`; `discrepancy_usd`, importer − exporter;
    `discrepancy_pct`, 100 × discrepancy ÷ the mean of the two; `ratio`, importer ÷ exporter. Then
    `turnover_ratio`, Russia's turnover ÷ Kazakhstan's as recorded (no factor), `doubtful`, whether either
    ledger doubts the year, `note`, why, and `source_id`, those of both ledgers.

    Importers mostly value goods CIF (with freight and insurance), exporters FOB, whence the factor; the
    tables do not state the valuation of these ledgers, so 1.0 is the default and `mirror_sensitivity` shows
    what the choice does. Raises ValueError for a factor below 1. References: IMF, Direction of Trade
    Statistics Yearbook 2017 (1.06, `AVERAGE_FREIGHT`); Javorsek, M. (2016), Asymmetries in International Merchandise
    Trade Statistics, ARTNeT Working Paper 156; Hamanaka, S. (2012), Whose trade statistics are correct?,
    Journal of Economic Policy Reform 15(1).
    """
    if not cif_fob_factor >= 1:
        raise ValueError(f"A CIF/FOB factor is at least 1, not {cif_fob_factor}.")
    years = kaz.index.intersection(rus.index).sort_values()
    kaz, rus = kaz.loc[years], rus.loc[years]
    records = {
        "kaz_to_rus": (kaz["exports_usd"], rus["exports_usd"]),
        "rus_to_kaz": (rus["imports_usd"], kaz["imports_usd"]),
    }
    result = pd.DataFrame(index=years)
    for flow, (exporter, recorded_import) in records.items():
        importer = recorded_import / cif_fob_factor
        result[f"{flow}_exporter_usd"] = exporter
        result[f"{flow}_importer_usd"] = importer
        result[f"{flow}_discrepancy_usd"] = importer - exporter
        result[f"{flow}_discrepancy_pct"] = 200 * (importer - exporter) / (importer + exporter)
        result[f"{flow}_ratio"] = importer / exporter
    result["turnover_ratio"] = rus["turnover_usd"] / kaz["turnover_usd"]
    result["doubtful"] = kaz["doubtful"] | rus["doubtful"]
    notes = [book["note"].where(book["doubtful"]).fillna("") for book in (kaz, rus)]
    result["note"] = (notes[0] + " " + notes[1]).str.strip()
    result["source_id"] = kaz["source_id"] + "+" + rus["source_id"]
    return result


def mirror_sensitivity(
    kaz: pd.DataFrame, rus: pd.DataFrame, *, factors: Sequence[float] = (1.00, 1.02, 1.04, 1.06, 1.08, 1.10)
) -> pd.DataFrame:
    """How the mirror comparison depends on the assumed CIF/FOB factor, doubtful years left out.

    One row a factor and flow: `cif_fob_factor`, `flow`, `years` (how many were used), `left_out` (doubtful or
    without both records), `median_ratio`, `median_discrepancy_pct`, `mean_absolute_discrepancy_pct`,
    `source_id` (of the years used); measures as in `mirror`.
    """
    rows = []
    for factor in factors:
        table = mirror(kaz, rus, cif_fob_factor=factor)
        for flow in ("kaz_to_rus", "rus_to_kaz"):
            sound = table[~table["doubtful"] & table[f"{flow}_ratio"].notna()]
            percent = sound[f"{flow}_discrepancy_pct"]
            rows.append(
                {
                    "cif_fob_factor": factor,
                    "flow": flow,
                    "years": len(sound),
                    "left_out": len(table) - len(sound),
                    "median_ratio": sound[f"{flow}_ratio"].median(),
                    "median_discrepancy_pct": percent.median(),
                    "mean_absolute_discrepancy_pct": percent.abs().mean(),
                    "source_id": joined(sound["source_id"]),
                }
            )
    return pd.DataFrame(rows)
