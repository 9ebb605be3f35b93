"""How long before it was due a statement was made, and which statements were hardly forecasts.

A date that is known to the month or the year counts as its last day, so that no lead is made longer than it was.
"""

import pandas as pd

from analysis.methods.dates import last_day

TARGETS = ("amount", "construction")  # natures of statements: what somebody sets out to reach or to build
SPANS = {"up to 3 months": 3, "3 to 12 months": 12, "1 to 4 years": 48, "4 to 10 years": 120, "over 10 years": None}


def with_lead_times(statements: pd.DataFrame, rules: pd.DataFrame) -> pd.DataFrame:
    """Return the statements that have a horizon, in order of their lead, with what it makes of them.

    `lead_years` is from the day it was said to the last on which it could come true, `span` the one of `SPANS` that it
    lies in (its last month included), and `ahead` whether it is more than a year. `nearly_known` is what was no
    forecast, or hardly one: a fact when it was said (`known_when_made`), or the figure of a year (by `rules`, the table
    resolution_rules) of which more than half was over.
    """
    rows = statements.dropna(subset="horizon_end")
    said = rows["made_on"].map(last_day)
    of_one_year = rules[rules["first_year"].eq(rules["last_year"])].set_index("statement_id")["last_year"]
    year = rows["statement_id"].map(of_one_year)
    late = (year == said.dt.year) & (said.dt.month > 6)
    span = pd.Series(list(SPANS)[-1], index=rows.index)
    for name, months in reversed([(name, months) for name, months in SPANS.items() if months]):
        span = span.mask(rows["horizon_end"] <= said + pd.DateOffset(months=months), name)
    return rows.assign(
        lead_years=(rows["horizon_end"] - said).dt.days / 365.25,
        span=span,
        ahead=rows["horizon_end"] > said + pd.DateOffset(years=1),
        nearly_known=rows["known_when_made"].astype(bool) | late.fillna(False).astype(bool),
    ).sort_values(["lead_years", "statement_id"])


def things(statements: pd.DataFrame) -> pd.Series:
    """Return what each statement rests on: the thing that it shares with others (`rests_on`), or itself."""
    return statements["rests_on"].fillna(statements["statement_id"])
