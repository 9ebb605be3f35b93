"""What makes a figure doubtful, in words, beside it in the tables of exhibits."""

import pandas as pd

# The observation statuses of SDMX that the tables use; A is a normal value.
WORDS = {
    "B": "another series",
    "D": "another definition",
    "E": "estimate",
    "O": "missing",
    "P": "provisional",
    "U": "doubtful",
}


def doubts(index: pd.Index, *frames: pd.DataFrame) -> pd.Series:
    """Why the figures of each label of an index are doubtful, named `doubtful`; empty where they are sound.

    `frames` have `status` and `note`, and the labels as their index or in a column of its name.
    """
    found: dict[object, list[str]] = {}
    for frame in frames:
        rows = frame if index.name not in frame else frame.set_index(index.name)
        rows = rows.loc[rows["status"].notna() & rows["status"].ne("A"), ["status", "note"]]
        for label, status, note in rows.itertuples(name=None):
            why = WORDS[status] if pd.isna(note) else f"{WORDS[status]}: {note}"
            if why not in found.setdefault(label, []):
                found[label].append(why)
    return pd.Series(["; ".join(found.get(label, ())) for label in index], index, name="doubtful", dtype=object)
