"""The document's tables held against the document itself, which is not part of the repository.

Only who has the text can run this: it reads the text from the path given, and keeps and prints none of it but
the short tokens that the tables already have.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from analysis.errors import DataError, shown

ANCHORS = (("paragraph", "token"), ("paragraph_a", "token_a"), ("paragraph_b", "token_b"))
# Columns written in our own words; names and tokens are the document's.
OWN_WORDS = ("assertion", "consequence", "gist", "note", "reading", "role", "searched", "subject", "title", "what")
COPIED = 10  # words in a row: names of bodies and documents reach nine
QUOTED = 18  # words in a row that no column has, whatever it is for


def paragraphs(document: Path) -> list[str]:
    """Return the paragraphs of a text file: its non-blank lines, each run of white space made one space.

    Raises:
        DataError: if the file cannot be read or is not UTF-8.
    """
    try:
        text = document.read_bytes().decode("utf-8-sig")  # an editor may mark the encoding
    except OSError as error:
        raise DataError(f"{document}: the document cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{document}: the byte {error.start} is not UTF-8, the only encoding allowed.") from None
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def verify(document: Path, passages: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Hold the document's tables against the document.

    Checked are: every paragraph against `passages` (SHA-256, words, likeness of repeats); every token of every
    table, verbatim in its paragraph; the odd forms of names in `named_forms`; that each run of digits stands in
    a token of `quantities` or in `digit_runs`; that no text of ours repeats ten words of the document in a row, and no
    other text eighteen.

    Args:
        document: the text file.
        passages: the table of that name.
        tables: the other tables of the document by name, `quantities` and `digit_runs` among them.

    Returns:
        One sentence a problem, in the order above; empty if there is none. A missing paragraph is reported once,
        not again for each row that rests on it.

    Raises:
        DataError: if the file cannot be read or is not UTF-8, or one of the two tables is not given.
    """
    for name in ("quantities", "digit_runs"):
        if name not in tables:
            raise DataError(f"The table {name!r} is not given; without it the digits cannot be accounted for.")
    texts = paragraphs(document)
    held, problems = _align(texts, passages)
    if not held:
        return ["No paragraph of the document is one of passages: this is another text."]
    problems += _passages(held, passages)
    for name, table in tables.items():
        problems += _tokens(name, table, held, set(passages["paragraph"]))
    if "named_forms" in tables:
        problems += _named_forms(tables["named_forms"], texts)
    problems += _digits(tables["quantities"], tables["digit_runs"], held)
    everything = {"passages": passages, **tables}
    for words in (COPIED, QUOTED):
        document_runs = {run for text in texts for run in _runs(text, words)}
        for name, table in everything.items():
            own = table.columns.intersection(OWN_WORDS)
            texts_of = table[own if words == COPIED else table.select_dtypes(["str", "object"]).columns.difference(own)]
            problems += _copies(name, texts_of.set_index(table.iloc[:, 0]), document_runs, words)
    return problems


def verify_source(text: Path, source_id: str, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Hold the rows that rest on another source than the document against the text of that source.

    Checked is that each token of a row with that `source_id` and no paragraph stands in the text, runs of white space
    being one space.

    Args:
        text: the text file; tables: those with the columns token, paragraph and source_id are read, by name.

    Returns:
        One sentence a problem; empty if there is none.

    Raises:
        DataError: if the file cannot be read or is not UTF-8, or no row has a token of that source.
    """
    held, problems, rows = " ".join(paragraphs(text)), [], 0
    for name, table in tables.items():
        if {"token", "paragraph", "source_id"} <= set(table):
            own = table[table["source_id"].eq(source_id) & table["paragraph"].isna() & table["token"].notna()]
            rows += len(own)
            problems += [
                f"{name} {row_id}: the token {token!r} does not stand in the text of {source_id}."
                for row_id, token in zip(own.iloc[:, 0], own["token"], strict=True)
                if " ".join(token.split()) not in held
            ]
    if not rows:
        raise DataError(f"No row of a table has a token of the source {shown(source_id)}; there is nothing to prove.")
    return problems


def _align(texts: list[str], passages: pd.DataFrame) -> tuple[dict[int, str], list[str]]:
    """Match the document's paragraphs with `passages`, so that one that is missing does not shift the rest."""
    numbers, expected = passages["paragraph"].tolist(), passages["sha256"].tolist()
    found = [_digest(text) for text in texts]
    if not set(found) & set(expected):
        return {}, []
    held, problems = {}, []
    if len(texts) != len(numbers):
        problems.append(f"The document has {len(texts)} paragraphs; passages has {len(numbers)}.")
    matcher = SequenceMatcher(None, expected, found, autojunk=False)
    for tag, first, last, first_found, last_found in matcher.get_opcodes():
        held |= dict(zip(numbers[first:last], texts[first_found:last_found], strict=False))
        if tag == "equal":
            continue
        paired = min(last - first, last_found - first_found)
        problems += [f"passages {n}: the paragraph differs from its sha256." for n in numbers[first : first + paired]]
        problems += [
            f"passages {n}: the paragraph is missing from the document." for n in numbers[first + paired : last]
        ]
        problems += [
            f"The document's paragraph {at + 1} is not in passages." for at in range(first_found + paired, last_found)
        ]
    return held, problems


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _passages(held: dict[int, str], passages: pd.DataFrame) -> Iterator[str]:
    """The counts of `passages`, where the paragraph itself is unchanged."""
    unchanged = {
        number: held[number]
        for number, sha256 in zip(passages["paragraph"], passages["sha256"], strict=True)
        if number in held and _digest(held[number]) == sha256
    }
    for row in passages[passages["paragraph"].isin(unchanged)].itertuples():
        text = unchanged[row.paragraph]
        words = len(text.split())
        if words != row.words:
            yield f"passages {row.paragraph}: words is {row.words}; the paragraph has {words}."
        if pd.notna(row.duplicate_of) and row.duplicate_of in unchanged:
            likeness = SequenceMatcher(None, unchanged[row.duplicate_of], text, autojunk=False).ratio()
            if round(likeness, 3) != row.similarity:
                yield (
                    f"passages {row.paragraph}: similarity is {row.similarity}; "
                    f"that to paragraph {row.duplicate_of} is {likeness:.3f}."
                )


def _tokens(name: str, table: pd.DataFrame, held: dict[int, str], known: set[int]) -> Iterator[str]:
    if "paragraphs" in table and "token" in table and "paragraph" not in table:
        yield from _tokens_of_several(name, table, held)
        return
    for number, token in ANCHORS:
        if token not in table:
            continue
        for row_id, paragraph, words in zip(table.iloc[:, 0], table[number], table[token], strict=True):
            if pd.isna(paragraph):
                continue
            if paragraph not in known:
                yield f"{name} {row_id}: the paragraph {paragraph} is not in passages."
            elif paragraph in held and pd.isna(words):
                yield f"{name} {row_id}: there is no {token} for paragraph {paragraph}."
            elif paragraph in held and words not in held[paragraph]:
                yield f"{name} {row_id}: the {token} {words!r} does not stand in paragraph {paragraph}."


def _tokens_of_several(name: str, table: pd.DataFrame, held: dict[int, str]) -> Iterator[str]:
    """A row that rests on several paragraphs, joined by semicolons, has its token in one of them."""
    for row in table.itertuples():
        texts = [held.get(int(number), "") for number in row.paragraphs.split(";")]
        if not any(row.token in text for text in texts):
            yield (
                f"{name} {row[1]} {row[2]}: the token {row.token!r} stands in none of the paragraphs {row.paragraphs}."
            )


def _named_forms(named_forms: pd.DataFrame, texts: list[str]) -> Iterator[str]:
    for row in named_forms.dropna(subset="as_in_document").itertuples():
        if not any(row.as_in_document in text for text in texts):
            yield f"named_forms {row.name_en}: {row.as_in_document!r} stands nowhere in the document."


def _digits(quantities: pd.DataFrame, digit_runs: pd.DataFrame, held: dict[int, str]) -> Iterator[str]:
    tokens = quantities.groupby("paragraph")["token"].unique()
    listed = digit_runs.set_index(["paragraph", "run"])["count"].to_dict()
    for paragraph, text in held.items():
        covered = [found.span() for token in tokens.get(paragraph, ()) for found in re.finditer(re.escape(token), text)]
        outside = Counter(
            run.group()
            for run in re.finditer("[0-9]+", text)
            if not any(start <= run.start() and run.end() <= end for start, end in covered)
        )
        for run in sorted(set(outside) | {run for at, run in listed if at == paragraph}):
            count = listed.get((paragraph, run), 0)
            if outside[run] != count:
                yield (
                    f"digit_runs {paragraph}: {run!r} stands {outside[run]} times outside the tokens of quantities; "
                    f"the table has {count}."
                )


def _copies(name: str, texts: pd.DataFrame, document_runs: set[tuple[str, ...]], words: int) -> Iterator[str]:
    for column in texts:
        for row_id, text in texts[column].dropna().items():
            if not document_runs.isdisjoint(_runs(str(text), words)):
                yield f"{name} {row_id}: the {column} repeats {words} words of the document in a row."


def _runs(text: str, length: int) -> list[tuple[str, ...]]:
    words = [word for part in text.casefold().split() if (word := part.strip(".,;:!?\"'“”«»()[]–—-"))]
    return [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]
