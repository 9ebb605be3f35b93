"""Scores of verbal forecasts, and how far forecasters agree.

A statement's probability is read from the class of its probability words: a lexicon gives the class a band, such as 55
to 80 %, and a lexicon without a band for a class never scores it. The probability is that of what the statement's
criterion describes. A band has no point that is the right one, so a forecaster's score is a *range*: from the best to
the worst that probabilities inside the bands can give. What came true in part is neither: it widens the range to what
it would be if it counted as a yes, and if it counted as a no.

Cautions for every use. The statements of one person on one year share its events and are not independent, so
intervals are too narrow. Forecasters who judged different things are not compared by their scores alone. All scores
here are losses: lower is better.

References: Brier, G. W. (1950), Monthly Weather Review 78(1); Good, I. J. (1952), Journal of the Royal Statistical
Society B 14(1); Gneiting, T. & Raftery, A. E. (2007), Journal of the American Statistical Association 102(477).
"""

from collections.abc import Collection
from dataclasses import dataclass

import krippendorff
import numpy as np
import pandas as pd

from analysis.methods.dates import first_day, last_day

OUTCOMES = {"yes": 1.0, "partly": 0.5, "no": 0.0}  # `unresolved` has no value
OUTLOOKS = ("optimistic", "cautiously_optimistic", "neutral", "cautious", "pessimistic")  # stances, in order
FEWEST_TO_RANK = 10  # scored statements: a bootstrap of fewer can give an interval of no width
RANKED, TOO_FEW, NOT_APART = "ranked", "too few to rank", "not told apart"


def validate(
    statements: pd.DataFrame,
    resolutions: pd.DataFrame,
    lexicons: pd.DataFrame,
    *,
    experts: Collection[str],
    questions: Collection[str],
) -> None:
    """Refuse a ledger that contradicts itself; column types and keys are the schema's affair.

    Raises:
        ValueError: at the first of these, naming the row: an expert or question that is not among those given; a
            resolvable statement without a criterion; a resolution of an unknown statement, with an unknown outcome,
            with an outcome for a statement that is not resolvable, or dated before its statement was made (dates as
            precise as they are given); a lexicon's band with one end only, outside 0–100 %, or upside down.
    """
    for row in statements.itertuples():
        for column, known in (("expert_id", list(experts)), ("question_id", list(questions))):
            value = getattr(row, column)
            if pd.notna(value) and value not in known:
                raise ValueError(
                    f"Statement {row.statement_id}: the {column} {value!r} is unknown; known are {', '.join(known)}."
                )
        if _true(row.resolvable) and not _text(row.criterion):
            raise ValueError(f"Statement {row.statement_id}: it is marked resolvable and must have a criterion.")
    by_id = statements.set_index("statement_id").to_dict("index")
    for row in resolutions.itertuples():
        name = f"Resolution of {row.statement_id}"
        if row.statement_id not in by_id:
            raise ValueError(f"{name}: the statement is unknown; a resolution needs one of the ledger.")
        if row.outcome not in (*OUTCOMES, "unresolved"):
            allowed = ", ".join((*OUTCOMES, "unresolved"))
            raise ValueError(f"{name}: the outcome {row.outcome!r} is unknown; allowed are {allowed}.")
        statement = by_id[row.statement_id]
        if row.outcome in OUTCOMES and not _true(statement["resolvable"]):
            raise ValueError(f"{name}: the outcome is {row.outcome}, and the statement is not resolvable.")
        made_on, resolved_on = _text(statement["made_on"])[:10], _text(row.resolved_on)[:10]
        if made_on and resolved_on and last_day(resolved_on) < first_day(made_on):
            raise ValueError(f"{name}: it is dated {resolved_on}, before the statement was made on {made_on}.")
    bands = lexicons.astype({"low_pct": float, "high_pct": float})  # NaN compares as false, pd.NA not at all
    for row in bands.dropna(subset=["low_pct", "high_pct"], how="all").itertuples():
        if not 0 <= row.low_pct <= row.high_pct <= 100:
            raise ValueError(
                f"Lexicon {row.lexicon}, class {row.phrase_class}: the band {row.low_pct:g} to "
                f"{row.high_pct:g} must be a "
                "range of percent from 0 to 100."
            )


def read_classes(statements: pd.DataFrame, readings: pd.DataFrame, *, reading: str) -> pd.DataFrame:
    """Return the statements with `phrase_class` read as a class of the lexicons; empty where it states no probability.

    It is empty too for what was known when it was said (`known_when_made`). `readings` is the table class_readings.
    Raises ValueError for an unknown reading, and for a class without one.
    """
    if reading not in set(readings["reading"]):
        known = ", ".join(sorted(readings["reading"].unique()))
        raise ValueError(f"The reading {reading!r} is unknown; known are {known}.")
    classes = readings[readings["reading"] == reading].set_index("phrase_class")["lexicon_class"]
    unread = statements[~statements["phrase_class"].isin(classes.index)]
    if len(unread):
        row = unread.iloc[0]
        raise ValueError(
            f"Statement {row['statement_id']}: the class {row['phrase_class']!r} has no {reading} reading in "
            "class_readings."
        )
    read = statements["phrase_class"].map(classes).mask(statements["known_when_made"].astype(bool))
    return statements.assign(phrase_class=read)


def brier(p: float | np.ndarray, outcome: float | np.ndarray) -> np.ndarray:
    """Return (p − outcome)² for each forecast, from 0 (best) to 1; their mean is the Brier score.

    The form for one event (the original of 1950 sums over both outcomes and is twice as large). `outcome` is 1, 0, or
    0.5 for a thing that came true in part. Raises ValueError for a `p` or an outcome that is not from 0 to 1.
    """
    p, outcome = _unit_interval(p, "probability"), _unit_interval(outcome, "outcome")
    return (p - outcome) ** 2


def log_score(p: float | np.ndarray, outcome: float | np.ndarray, *, clip: float = 0.01) -> np.ndarray:
    """Return −(outcome · ln p + (1 − outcome) · ln(1 − p)) for each forecast, from 0 (best), in nats.

    `p` is first clipped to `clip` … 1 − `clip`, since one certain forecast that failed would make every mean infinite;
    with 0.01 no forecast costs more than −ln 0.01 = 4.61, nor less than 0.01. Outcome and errors as in `brier`;
    ValueError also for a clip that is not between 0 and 0.5.
    """
    if not 0 < clip < 0.5:
        raise ValueError(f"The clip of a logarithmic score is {clip}; it must lie between 0 and 0.5.")
    p = np.clip(_unit_interval(p, "probability"), clip, 1 - clip)
    outcome = _unit_interval(outcome, "outcome")
    return -(outcome * np.log(p) + (1 - outcome) * np.log1p(-p))


def score_ranges(
    statements: pd.DataFrame,
    resolutions: pd.DataFrame,
    lexicons: pd.DataFrame,
    *,
    lexicon: str,
    replications: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return what each speaker's statements score under one lexicon, as a range.

    Per statement, the best score is that of the point of the band nearest to the outcome and the worst that of the end
    farthest from it, of an outcome `partly` over both that it lies between; `mid` is the middle of the band, held
    against one half there. A speaker's best, mid and worst are the means of these. The interval runs from the 2.5th
    percentile of the best to the 97.5th of the worst over statements drawn with replacement, so it holds both what the
    words leave open and what the choice of statements does.

    Returns:
        One row a speaker, by name: `lexicon`, `speaker`; the counts `statements`, `resolvable`, `resolved` (yes,
        partly, no) and `n` (resolved and with a band, so scored); `brier_best`, `brier_mid`, `brier_worst`,
        `brier_low`, `brier_high` (ends of the interval; NaN with fewer than two statements), the same of `log_…`
        (clipped at 0.01). Scores are NaN where nothing is scored.

    Raises:
        ValueError: for an unknown lexicon, for a band outside 0–100 % or upside down, and where a
            statement has two resolutions or the lexicon two bands for one class.
    """
    if lexicon not in set(lexicons["lexicon"]):
        known = ", ".join(sorted(lexicons["lexicon"].unique()))
        raise ValueError(f"The lexicon {lexicon!r} is unknown; known are {known}.")
    bands = lexicons.loc[lexicons["lexicon"] == lexicon, ["phrase_class", "low_pct", "high_pct"]]
    for frame, key, what in ((resolutions, "statement_id", "resolutions"), (bands, "phrase_class", "bands")):
        twice = frame.loc[frame[key].duplicated(), key]
        if len(twice):
            raise ValueError(f"The {key} {twice.iloc[0]} has two {what}; it may have one.")
    table = statements[["statement_id", "speaker", "phrase_class", "resolvable"]]
    table = table.merge(resolutions[["statement_id", "outcome"]], on="statement_id", how="left")
    table = table.merge(bands, on="phrase_class", how="left")
    table["value"] = table["outcome"].map(OUTCOMES).astype(float)
    table["scored"] = table[["value", "low_pct", "high_pct"]].notna().all(axis=1)
    scored = _per_statement(table[table["scored"]])
    rows = []
    for speaker, own in table.groupby("speaker"):
        counts = {
            "statements": len(own),
            "resolvable": int(own["resolvable"].map(_true).sum()),
            "resolved": int(own["outcome"].isin(list(OUTCOMES)).sum()),
        }
        scores = scored[scored["speaker"] == speaker]
        rows.append({"lexicon": lexicon, "speaker": speaker} | counts | _range(scores, replications, seed))
    return pd.DataFrame(rows)


def ranking(ranges: pd.DataFrame) -> pd.DataFrame:
    """Return the rank of each speaker by Brier score, where there is one.

    One speaker is ahead of another if, under every lexicon, both have at least `FEWEST_TO_RANK` scored statements and
    the whole interval of the one lies below that of the other. A speaker has a rank only if ahead of or behind each of
    the others. Whether they judged things of like difficulty this cannot see.

    Args:
        ranges: rows of `score_ranges` under all lexicons, of the speakers to be compared.

    Returns:
        One row a speaker, by name: `speaker`, `n` (the least number scored under any lexicon), `ahead_of` (names),
        `rank` (1 is best; empty without) and `verdict`: ranked; too few to rank, where nobody else is there or one of
        those who are not ahead or behind has too few scored, or the speaker; else not told apart.
    """
    speakers = sorted(ranges["speaker"].unique())
    tables = [rows.set_index("speaker").reindex(speakers) for _, rows in ranges.groupby("lexicon")]
    counts = pd.concat([table["n"].fillna(0) for table in tables], axis=1).min(axis=1).astype(int)

    def ahead(a: str, b: str) -> bool:
        apart = all(table.at[a, "brier_high"] < table.at[b, "brier_low"] for table in tables)
        return bool(apart and counts[[a, b]].min() >= FEWEST_TO_RANK)

    rows = []
    for speaker in speakers:
        others = [other for other in speakers if other != speaker]
        behind_it = [other for other in others if ahead(speaker, other)]
        before_it = [other for other in others if ahead(other, speaker)]
        level = [other for other in others if other not in behind_it and other not in before_it]
        ranked = bool(others) and not level
        few = not others or counts[[speaker, *level]].min() < FEWEST_TO_RANK
        rows.append(
            {
                "speaker": speaker,
                "n": counts[speaker],
                "ahead_of": ", ".join(behind_it),
                "rank": 1 + len(before_it) if ranked else pd.NA,
                "verdict": RANKED if ranked else TOO_FEW if few else NOT_APART,
            }
        )
    columns = ["speaker", "n", "ahead_of", "rank", "verdict"]
    return pd.DataFrame(rows, columns=columns).astype({"rank": "Int64"})


@dataclass(frozen=True)
class ExpertAgreement:
    """`matrix`: the stance of each expert (columns) on each question (rows), empty where there is none. `alpha`:
    Krippendorff's ordinal alpha over the questions that at least two answered (1 perfect, 0 what chance gives; NaN
    without variation). Read the matrix: of four questions alpha can be almost anything."""

    matrix: pd.DataFrame
    alpha: float


def expert_agreement(positions: pd.DataFrame) -> ExpertAgreement:
    """Return how far experts took the same stance on the same questions.

    This is agreement of the experts with one another, as one coder read them, not of the coders. `positions` has
    `expert_id`, `question_id` and `stance` (of `OUTLOOKS`, from optimistic to pessimistic, ordinal), one row a cell.

    Raises:
        ValueError: for an unknown stance, and for two rows of one expert and question (give one coder's).
    """
    unknown = sorted(set(positions["stance"].dropna()) - set(OUTLOOKS))
    if unknown:
        raise ValueError(f"The stance {unknown[0]!r} is unknown; allowed are {', '.join(OUTLOOKS)}.")
    twice = positions[positions.duplicated(["expert_id", "question_id"])]
    if len(twice):
        cell = f"{twice.iloc[0]['expert_id']} on {twice.iloc[0]['question_id']}"
        raise ValueError(f"The position of {cell} stands twice; give the positions of one coder.")
    matrix = positions.pivot(index="question_id", columns="expert_id", values="stance")
    steps = matrix.apply(lambda stances: stances.map(OUTLOOKS.index, na_action="ignore")).astype(float)
    compared = steps[steps.notna().sum(axis=1) >= 2]
    alpha = float("nan")
    if len(set(compared.stack().dropna())) > 1:
        alpha = float(krippendorff.alpha(reliability_data=compared.to_numpy().T, level_of_measurement="ordinal"))
    return ExpertAgreement(matrix, alpha)


_SCORES = {"brier": brier, "log": log_score}


def _per_statement(table: pd.DataFrame) -> pd.DataFrame:
    """Best, mid and worst score of each statement: both scores are convex in p with their least value at the
    outcome.
    """
    low, high, value = (table[column].to_numpy(dtype=float) for column in ("low_pct", "high_pct", "value"))
    low, high = low / 100, high / 100
    if (low > high).any():
        raise ValueError(
            f"Class {table['phrase_class'][low > high].iloc[0]}: the low end of its band is above the high."
        )
    scored = table[["speaker", "value"]].copy()
    as_no, as_yes = np.floor(value), np.ceil(value)  # the same but for what came true in part
    for name, score in _SCORES.items():
        scored[f"{name}_best"] = np.minimum(*(score(np.clip(o, low, high), o) for o in (as_no, as_yes)))
        scored[f"{name}_mid"] = score((low + high) / 2, value)
        scored[f"{name}_worst"] = np.max([score(p, o) for p in (low, high) for o in (as_no, as_yes)], axis=0)
    return scored


def _range(scores: pd.DataFrame, replications: int, seed: int) -> dict[str, float]:
    n = len(scores)
    row: dict[str, float] = {"n": n}
    # Each speaker has a generator of its own: an interval does not depend on who else is in the table.
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(n, np.full(n, 1 / n), size=replications) / n if n > 1 else None
    for name in _SCORES:
        for at in ("best", "mid", "worst"):
            row[f"{name}_{at}"] = scores[f"{name}_{at}"].mean()
        for end, at, percentile in (("low", "best", 2.5), ("high", "worst", 97.5)):
            drawn = np.nan if draws is None else draws @ scores[f"{name}_{at}"].to_numpy()
            row[f"{name}_{end}"] = float(np.percentile(drawn, percentile))
    return row


def _unit_interval(values: float | np.ndarray, what: str) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    outside = values[~((values >= 0) & (values <= 1))]
    if outside.size:
        raise ValueError(f"The {what} {outside.flat[0]:g} is not from 0 to 1.")
    return values


def _true(value: object) -> bool:
    return bool(pd.notna(value) and value)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value).strip()
