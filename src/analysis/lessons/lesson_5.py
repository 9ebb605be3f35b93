"""The exercises of lesson 5, Were the experts right?"""

from collections.abc import Callable

import pandas as pd

from analysis.lessons.judging import Choice, Exercise, Number, Values, facts
from analysis.methods import ledgers, scoring
from analysis.methods.growth import yearly_growth
from analysis.methods.resolvers import Resolvers
from analysis.tables.store import load


def _statements(reading: str) -> pd.DataFrame:
    """The experts' statements, their words as classes of the lexicons."""
    statements = load("statements")
    return scoring.read_classes(statements[statements["expert_id"].notna()], load("class_readings"), reading=reading)


def _outcomes() -> pd.DataFrame:
    """What became of the statements, by two resolvers."""
    return Resolvers(load("resolutions"), load("second_resolutions"), load("adjudications")).counted


def _bands(lexicon: str) -> pd.DataFrame:
    table = load("lexicons")
    return table[table["lexicon"] == lexicon].set_index("phrase_class")[["low_pct", "high_pct"]]


def _lexicon(name: str) -> str:
    return load("lexicon_names").set_index("lexicon").loc[name, "name"]


def criterion() -> Choice:
    """5.1: which criterion can show that joint projects in digital technology did, or did not, arise."""
    return Choice(
        right="d",
        wrong={
            "a": "Well by whose measure? Two readers could look at the same news and judge differently.",
            "b": "Some day never ends, so this can come true but never fail: a criterion needs a date.",
            "c": "This comes true whatever happens: good reasons can always be found afterwards.",
        },
        praise="It names what must be seen, and by when, so both a yes and a no are possible.",
    )


def verdict() -> Choice:
    """5.2: what the criterion of s086 makes of the evidence."""
    return Choice(
        right="b",
        wrong={
            "a": "The press account names security, but the criterion asks for official reports: it does not count "
            "here.",
            "c": "An official report does name one of the two, and the criterion has a word for that.",
            "d": "The reports asked for were found and say enough: nothing is open, even if one would like more.",
        },
        praise="An official report names one of the two, and the criterion had a word for that before any outcome "
        "was looked up.",
    )


def width_of_likely() -> Number:
    """5.3: from the lowest to the highest probability that any table gives "likely", percentage points."""
    tables = load("lexicons")
    ends = tables.groupby("phrase_class").agg(low=("low_pct", "min"), high=("high_pct", "max"))
    likely = tables[tables["phrase_class"] == "likely"].set_index("lexicon")
    widths = likely["high_pct"] - likely["low_pct"]
    middles = (likely["high_pct"] + likely["low_pct"]) / 2
    alone = [
        (
            width,
            (
                f"This is the width of one band, that of {' or '.join(_lexicon(name) for name in same.index)}: compare "
                f"all tables."
            ),
        )
        for width, same in widths.groupby(widths)
    ]
    return Number(
        right=ends.loc["likely", "high"] - ends.loc["likely", "low"],
        within=0.1,
        unit="percent",
        wrong=[
            *alone,
            (
                widths.mean(),
                "This is the mean width of the bands: the exercise asks from the lowest end to the highest.",
            ),
            (middles.max() - middles.min(), "This is how far the middles of the bands lie apart: take their ends."),
            (
                ends.loc["very_likely", "high"] - ends.loc["very_likely", "low"],
                "These are the bands of very likely: keep the rows whose class is likely.",
            ),
            (
                ends["high"].max(),
                (
                    "This is the highest end alone, or that of all words: keep the rows of likely and subtract the "
                    "lowest end."
                ),
            ),
            (ends.loc["likely", "low"], "This is the lowest end alone: subtract it from the highest."),
        ],
        praise="One word, five tables, and room for almost half of all probabilities.",
        hint="Take the highest `high_pct` and subtract the lowest `low_pct`.",
    )


def brier_by_hand() -> Number:
    """5.4: Brier score of "likely", middle of ICD 203's band, of a thing that came true."""
    low, high = _bands("icd203").loc["likely"] / 100
    p = (low + high) / 2
    likely = load("lexicons").query("phrase_class == 'likely' and lexicon != 'icd203'").set_index("lexicon")
    middles = (likely["low_pct"] + likely["high_pct"]) / 200
    other = [
        (
            (1 - middle) ** 2,
            (
                f"This is the score with the middle of the band of {' or '.join(map(_lexicon, same.index))}: the "
                "exercise asks for another table."
            ),
        )
        for middle, same in middles.groupby(middles)
    ]
    return Number(
        right=(1 - p) ** 2,
        within=0.0006,
        unit="number",
        wrong=[
            (1 - p, "This is how far the forecast was off: the Brier score is the square of it."),
            (p - 1, "Only the outcome was squared, or nothing: put the difference in brackets, then square it."),
            (p**2, "This is the score if the thing had not come true: what came true counts as one."),
            ((100 * p - 1) ** 2, "Percent and one were mixed: divide the percentage by a hundred before you subtract."),
            (
                (100 * (1 - p)) ** 2,
                "This is reckoned in percent: divide the percentage by a hundred before you square.",
            ),
            (100 * (1 - p) ** 2, "This is the right score times a hundred: a Brier score lies between zero and one."),
            ((1 - low) ** 2, "This takes the low end of the band: the exercise asks for its middle."),
            ((1 - high) ** 2, "This takes the high end of the band: the exercise asks for its middle."),
            (0.25, "This is the score of even odds: take the middle of the band."),
            (p, "This is the probability: its distance from the outcome, squared, is the score."),
            (2 * (1 - p) ** 2, "This is the original form of Brier's, which adds both outcomes: ours is half of it."),
            *other,
        ],
        praise="A word that leans to yes, and a yes: a small loss, and not none, since likely is not certain.",
        hint="Take the middle of the band: probability minus outcome, and the difference times itself; the outcome of "
        "what came true is one.",
    )


def against_naive_rules() -> Values:
    """5.5: mean Brier scores of the words, of no change and of even odds, over all that can be scored."""
    rows = _statements("plain").merge(_outcomes()[["statement_id", "outcome"]], on="statement_id")
    rows = rows.join(_bands("icd203"), on="phrase_class")
    rows["came"] = rows["outcome"].map(scoring.OUTCOMES)
    ends = ["low_pct", "high_pct"]
    rows[ends] = rows[ends].astype(float) / 100
    rows = rows[rows["came"].notna() & ~rows["known_when_made"]].assign(even=0.5)
    rows["words"] = rows[ends].mean(axis=1, skipna=False)
    rows["no_change"] = rows["direction"].map({"same": 1.0, "up": 0.0, "down": 0.0}).fillna(0.5)
    scored = rows[rows["words"].notna()]
    columns = {"words": "words", "no change": "no_change", "even odds": "even"}

    def score(table: pd.DataFrame, *, power: int = 2) -> pd.Series:
        return pd.Series({name: ((table[c] - table["came"]).abs() ** power).mean() for name, c in columns.items()})

    right = score(scored)
    swapped = right.rename({"words": "no change", "no change": "words"})
    every = score(rows).where(lambda s: s.index != "words", right["words"])
    return Values(
        right=right,
        within=0.0006,
        wrong=[
            (score(scored, power=1), "These are distances: square each of them before you take the mean."),
            (right * len(scored), "These are sums: the Brier score of several forecasts is their mean."),
            (swapped, "Words and no change stand in each other's place: look at the column that each one took."),
            (every, "Two of these take statements whose words have no band: compare all three on the same rows."),
            (
                score(scored.assign(came=scored["came"].replace(0.5, 1.0))),
                "What came true in part counts as one half here, and you took it for a yes.",
            ),
            (
                score(scored.assign(came=scored["came"].replace(0.5, 0.0))),
                "What came true in part counts as one half here, and you took it for a no.",
            ),
            (score(scored[scored["came"] != 0.5]), "What came true in part was left out: here it counts as one half."),
        ],
        praise="The words did better than both naive rules, and the rule that nothing changes better than even odds.",
        hint="Use `scoring.brier(probabilities, outcomes)` with `.mean()` after it, each time with another column.",
        unit="ratio",
    )


def scores_read_cautiously() -> Values:
    """5.6: each expert's Brier score, middle of the bands of ICD 203, in the cautious reading."""
    tables = {
        (reading, lexicon): scoring.score_ranges(_statements(reading), _outcomes(), load("lexicons"), lexicon=lexicon)
        .assign(speaker=lambda table: table["speaker"].str.casefold())
        .set_index("speaker")
        for reading, lexicon in (("plain", "icd203"), ("cautious", "icd203"), ("cautious", "kent"))
    }
    cautious = tables["cautious", "icd203"]
    return Values(
        right=cautious["brier_mid"],
        within=0.0006,
        wrong=[
            (
                tables["plain", "icd203"]["brier_mid"],
                "This is the plain reading: change the reading and run that cell again.",
            ),
            (
                cautious["brier_best"],
                "This is the best that the words allow: the exercise asks for the middle of the bands.",
            ),
            (
                cautious["brier_worst"],
                "This is the worst that the words allow: the exercise asks for the middle of the bands.",
            ),
            (cautious["n"].astype(float), "This is how many statements were scored: take the column `brier_mid`."),
            (
                tables["cautious", "kent"]["brier_mid"],
                "This is another table of words: set the lexicon back to `icd203`.",
            ),
        ],
        praise="One small decision about one small word, and two experts who were level are apart.",
        hint="Set `reading` to the word named in the exercise, run that cell, and take its column `brier_mid`.",
    )


def ranking() -> Choice:
    """5.7: who of the three is the best forecaster."""
    return Choice(
        right="c",
        wrong={
            "a": "By some tables who is first under the plain reading is not first under the cautious one, and nobody "
            "can say which was meant.",
            "b": "The tables use the same few statements again and again: five tables are not five times the evidence.",
            "d": "More statements tell more about a person, not better of them; and many here were near certain.",
        },
        praise="A few statements each, on different things, and scores that a reading can turn round: that is no "
        "ranking.",
    )


def margin() -> Number:
    """5.8: the smallest margin in whole percent at which the two ledgers disagree on the direction of 2018."""
    records = ledgers.select(load("trade"), load("indicators"), load("selections"))
    (year,) = facts("5.8")
    growth = {
        who: float(yearly_growth(ledgers.ledger(records, reporter=who)["turnover_usd"])[year])
        for who in ledgers.LEDGERS
    }
    lower, higher = sorted(growth.values())
    right = next(step for step in range(101) if lower <= step < higher)
    both_up = [
        (float(step), f"At a margin of {step} both ledgers still say up: try a larger one.") for step in range(right)
    ]
    later = [
        (float(step), f"At {step} the ledgers disagree, but they did so at a smaller margin already.")
        for step in range(right + 1, int(higher) + 1)
    ]
    return Number(
        right=float(right),
        within=0.05,
        unit="percent",
        wrong=[
            *both_up,
            *later,
            (float(int(higher) + 1), "At this margin both ledgers say the same: try a smaller one."),
            (right - 0.5, "They disagree here, but the margin is asked for in whole percent: take the next one."),
            (lower, "This is the growth in one ledger itself: give the margin in whole percent."),
            (higher, "This is the growth in the other ledger: there both begin to say the same."),
            (
                higher - lower,
                "This is how far the two growth rates lie apart: change the margin and read the directions.",
            ),
        ],
        praise="From here on the trade grew by one country's books and stayed the same by the other's.",
        hint="Raise `margin` step by step, and look at the first two rows of the table.",
    )


EXERCISES: dict[str, Callable[[], Exercise]] = {
    "5.1": criterion,
    "5.2": verdict,
    "5.3": width_of_likely,
    "5.4": brier_by_hand,
    "5.5": against_naive_rules,
    "5.6": scores_read_cautiously,
    "5.7": ranking,
    "5.8": margin,
}
