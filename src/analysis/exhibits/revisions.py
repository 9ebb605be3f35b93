"""The exhibit of the trade report on revisions: how much later releases changed the figures of earlier ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, spell
from analysis.methods.ledgers import LEDGERS

# How old a figure was when it was read: classes by years since its period, the first of which is the newest figures.
AGES = {"within a year": 1, "1 to 3 years after": 3, "3 to 10 years after": 10, "later": np.inf}
ROUNDING = 0.05  # percent: what figures in millions may differ by, and no revision


def revisions(read: pd.DataFrame, summed: pd.DataFrame, vintages: pd.DataFrame) -> Exhibit:
    """What became of the figures of older releases, by their age when they were read; the two countries' trade alone.

    `read` are the readings of `releases.readings`, `summed` those of `releases.years_and_months`, `vintages` is the
    table of that name.
    """
    read, summed, vintages = _between(read), _between(summed), _between(vintages)
    names = {}
    low = -np.inf
    for name, high in AGES.items():
        names[f"read {name}"] = read[(read["age"] > low) & (read["age"] <= high)]
        low = high
    names["Russia’s months, against its year"] = summed
    table = pd.DataFrame([_told(rows) for rows in names.values()], index=pd.Index(names, name="figures"))
    newest, older = names[f"read {next(iter(AGES))}"], read[read["age"] > next(iter(AGES.values()))]
    return Exhibit(
        key="revisions",
        title=_title(newest, older),
        subtitle="From older releases to today, %, by how long after its period a figure was read",
        alt=f"Table of {spell(len(table), 'row')}.",
        table=table,
        sources=sources(read, summed, vintages),
        decimals=2,
        folded=True,
        note="The first rows are of Kazakhstan’s figures on its trade with Russia. A change of less than "
        f"{number(ROUNDING, 2)} % is rounding. A figure that stood in several releases is counted in each. "
        f"{_direction(read, summed)} First releases were at hand for {listed(sorted(newest['year'].unique()))} alone, "
        "since a database kept them: how often a first figure stays as it is the table does not tell. "
        f"Read were {listed([_read(row) for row in vintages.itertuples()])}.",
    )


def _read(vintage: tuple) -> str:
    """A release that was read, and what it gave."""
    years = dict.fromkeys((vintage.first_year, vintage.last_year))
    return f"{'–'.join(map(str, years))} as of {vintage.released} ({vintage.note})"


def _between(rows: pd.DataFrame) -> pd.DataFrame:
    """The readings of the two countries' trade with each other."""
    pairs = tuple(f"trade:{one}:{two}:" for one, two in LEDGERS.values())
    return rows[rows["series"].map(lambda series: series.startswith(pairs)).astype(bool)]


def _revised(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["raised_pct"].abs() >= ROUNDING]


def _told(rows: pd.DataFrame) -> dict[str, object]:
    """A row of the table: how many figures, and by how much they changed in the mean and at most."""
    raised, changed = rows["raised_pct"], _revised(rows)
    most = raised.loc[raised.abs().idxmax()] if len(rows) else np.nan
    return {
        "number": len(rows),
        "revised": len(changed),
        "of these raised": int((changed["raised_pct"] > 0).sum()),
        "mean, %": round(raised.mean(), 2),
        "mean without sign, %": round(raised.abs().mean(), 2),
        "largest, %": round(most, 2),
    }


def _title(newest: pd.DataFrame, older: pd.DataFrame) -> str:
    end = f"of {len(older)} read later {len(_revised(older))} changed"
    if newest.empty:
        return f"How first figures of this trade were revised is not at hand; {end}"
    mean = newest["raised_pct"].mean()
    return (
        f"First figures of this trade were revised {'up' if mean > 0 else 'down'} by {number(abs(mean))} % in the mean "
        f"({len(newest)} at hand); {end}"
    )


def _direction(read: pd.DataFrame, summed: pd.DataFrame) -> str:
    changed = pd.concat([_revised(read), _revised(summed)])
    up = int((changed["raised_pct"] > 0).sum())
    return f"Of all {spell(len(changed), 'revision')} in the table {up} raised the figure."
