"""The mirror comparison of the two ledgers by era."""

from collections.abc import Mapping

import pandas as pd

from analysis import trade


def by_era(books: Mapping[str, pd.DataFrame], periods: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """`trade.mirror_sensitivity` of each era, by its years.

    `books` are those of `trade.ledgers`. The eras are the periods of the use mirror in the table periods; one without a
    last year lasts as long as both ledgers.
    """
    eras = periods[periods["use"] == "mirror"]
    last = min(int(book.index.max()) for book in books.values())
    return {
        f"{start}–{end}": trade.mirror_sensitivity(*(book.loc[start:end] for book in books.values()))
        for start, end in zip(eras["first_year"], eras["last_year"].fillna(last), strict=True)
    }
