"""The exercises of lesson 4, Coding a text with someone else."""

from collections.abc import Callable

import pandas as pd

from analysis.lessons.judging import Choice, Exercise, Names, Number, facts
from analysis.methods import coding
from analysis.tables.store import load


def _coded(coder: str, counting: str = "deduplicated") -> pd.DataFrame:
    return coding.coded(load("passage_areas"), load("passages"), coder=coder, counting=counting)


def _ten() -> pd.DataFrame:
    """Whether each coder has trade in each of the ten paragraphs."""
    first, last = facts("4.2")
    rows = pd.RangeIndex(first, last + 1, name="paragraph")
    codes = {coder: _coded(coder) for coder in ("a", "b")}
    return pd.DataFrame(
        {who: rows.isin(held.loc[held["area_id"] == "trade", "paragraph"]) for who, held in codes.items()}, index=rows
    )


def _hat() -> dict[str, float]:
    """How often two codes of the ten differ, by chance: drawn from one hat, put back, and from one hat a coder."""
    ten = _ten()
    yes, n = int(ten.to_numpy().sum()), ten.size
    a, b = ten["a"].mean(), ten["b"].mean()
    return {
        "drawn": 2 * yes * (n - yes) / (n * (n - 1)),
        "put back": 2 * yes * (n - yes) / n**2,
        "own": a * (1 - b) + b * (1 - a),
    }


def areas_of_a_gist() -> Names:
    """4.1: the areas of paragraph 73, arms delivered in return for part of a debt for Baikonur."""
    codes = {coder: _coded(coder) for coder in ("a", "b")}
    (paragraph,) = facts("4.1")
    right = [set(held.loc[held["paragraph"] == paragraph, "area_id"]) for held in codes.values()]
    named = dict(load("areas")[["area_id", "name"]].itertuples(index=False))
    long = {
        name.casefold(): f"This is the long name of an area: answer with the short one on its left, `{area}`."
        for area, name in named.items()
        if name.casefold() != area
    }
    return Names(
        right=frozenset(right[0] & right[1]),
        wrong=long
        | {
            "trade": "The line `exclude` of trade names arms, and the area in brackets after them is the right one.",
            "investment": "The line `exclude` of investment names the rent of Baikonur and aid with arms, each "
            "with its own area.",
            "diplomacy": "Diplomacy is visits, talks and friendship of states in general; here two companies agree "
            "on deliveries.",
            "industry": "Industry is what is made together; nothing is made here, it is delivered.",
            "energy": "Energy is oil, gas, coal and power; nothing of the kind is in the gist.",
            "foreign_policy": "Foreign policy is what a country does beyond the two; both sides here are of the two.",
            "defense": "Computers are pedants: spell it as the table does, `defence`.",
        },
        praise="Both coders have these two. The codebook decides it: `space` counts rents that pay for something else, "
        "together with that other area.",
        hint="For each of the four areas read `include`, then `exclude`: what do they say of arms, and what of "
        "Baikonur?",
    )


def percent_agreement() -> Number:
    """4.2: percent agreement of the coders on trade in the ten paragraphs."""
    ten = _ten()
    same, both = ten["a"] == ten["b"], ten["a"] & ten["b"]
    return Number(
        right=100 * same.mean(),
        within=0.5,
        unit="percent",
        wrong=[
            (100 * (1 - same.mean()), "This is how often they differ: agreement is the rest."),
            (
                100 * both.mean(),
                (
                    "You count only the paragraphs that both call trade, though they agree where both say no as well; "
                    "or you have taken `me`: compare the columns `a` and `b`."
                ),
            ),
            (
                100 * both.sum() / (ten["a"] | ten["b"]).sum(),
                "You divide by the paragraphs that somebody called trade: here all ten count.",
            ),
            (same.sum(), "This is the number of paragraphs: give it in percent of all ten."),
            (
                100 * (1 - ten["b"].mean()),
                "This compares `b` with a reader who found no trade: compare the columns `a` and `b`.",
            ),
        ],
        praise="This is the share of paragraphs on which both say the same, be it yes or no.",
        hint="Count the rows in which `a` and `b` are the same, divide by the number of rows, multiply by a hundred.",
    )


def lazy_reader() -> Number:
    """4.3: percent agreement with coder a of a reader who never sees transport."""
    codes = {coder: _coded(coder) for coder in ("a", "b")}
    found = {who: (held["area_id"] == "transport").sum() for who, held in codes.items()}
    n = len(set(codes["a"]["paragraph"]) | set(codes["b"]["paragraph"]))
    lines = len(load("passages"))
    with_area = [set(held.loc[held["area_id"] == "transport", "paragraph"]) for held in codes.values()]
    return Number(
        right=100 * (1 - found["a"] / n),
        within=0.1,
        unit="percent",
        wrong=[
            (
                100 * found["a"] / n,
                "These are the paragraphs in which the two differ: you were asked where they agree.",
            ),
            (100 * (1 - found["b"] / n), "This is the agreement with coder `b`: the exercise asks for coder `a`."),
            (
                100 * (1 - len(with_area[0] ^ with_area[1]) / n),
                "This is how far the two coders agree; the lazy reader is somebody else.",
            ),
            (
                100 * (1 - found["a"] / lines),
                (
                    "You divide by all lines of the document; only those count that a coder put under some area, the "
                    "column `n`."
                ),
            ),
            (
                100 * (n - found["a"]) / lines,
                (
                    "You count among the compared paragraphs and divide by all lines of the document: divide by the "
                    "column `n`."
                ),
            ),
            (
                n - found["a"],
                "This is a number of paragraphs: divide it by all that were compared, and multiply by a hundred.",
            ),
        ],
        praise="Somebody who reads nothing agrees almost always. High agreement on a rare thing says little.",
        hint="In how many of the `n` paragraphs does coder `a` say no to transport, too?",
    )


def expected() -> Number:
    """4.4: how often two of the twenty codes would differ by chance."""
    hat = _hat()
    return Number(
        right=hat["drawn"],
        within=0.004,
        unit="ratio",
        wrong=[
            (
                hat["put back"],
                (
                    "You put the first slip back before you drew the second: one slip less is left then, of all and of "
                    "its kind."
                ),
            ),
            (
                hat["drawn"] / 2,
                (
                    "This is one order only: first yes, then no. First no, then yes is a difference as well, so take "
                    "it twice."
                ),
            ),
            (
                1 - hat["drawn"],
                "This is the chance that both slips say the same: one minus it is the chance that they differ.",
            ),
            (
                hat["own"],
                "You took one hat for each coder, which gives Cohen's kappa; Krippendorff has all codes in one hat.",
            ),
            (
                1 - (_ten()["a"] == _ten()["b"]).mean(),
                "This is how often the coders did differ: the exercise asks how often chance would.",
            ),
        ],
        praise="By chance alone, two of these codes would differ somewhat more often than not.",
        hint="Multiply the share of yes by the share of no among the slips that are left then, and take it twice.",
    )


def alpha_of_ten() -> Number:
    """4.5: Krippendorff's alpha of trade in the ten paragraphs."""
    ten, hat = _ten(), _hat()
    same = (ten["a"] == ten["b"]).mean()
    differ = 1 - same
    return Number(
        right=1 - differ / hat["drawn"],
        within=0.003,
        unit="ratio",
        wrong=[
            (same, "This is the agreement itself: α asks how much of the disagreement by chance was avoided."),
            (differ / hat["drawn"], "This is observed by expected disagreement: take it from one."),
            (
                1 - same / hat["drawn"],
                (
                    "You put the agreement where the disagreement belongs: α divides what differs by what chance would "
                    "make differ."
                ),
            ),
            (
                1 - differ / (1 - hat["drawn"]),
                "You divided by the agreement by chance: it is the disagreement by chance that belongs there.",
            ),
            (
                1 - differ / hat["put back"],
                "This is Scott's pi: the first slip went back into the hat. Use the answer of the exercise before.",
            ),
            (
                1 - differ / hat["own"],
                "This is Cohen's kappa, with one hat for each coder: Krippendorff has all codes in one.",
            ),
        ],
        praise="Of the disagreement that chance would give, the two avoided somewhat more than half.",
        hint="One minus: the share of paragraphs in which they differ, divided by your last answer.",
    )


def high_and_low() -> Choice:
    """4.6: why alpha is nought where nine of ten paragraphs agree."""
    return Choice(
        right="b",
        wrong={
            "a": "The calculation is right: what differs is as much as chance would make differ, and one minus one "
            "is nought.",
            "c": "They differ in one paragraph only: the column with the percentage says how often they agree.",
            "d": "Few paragraphs make α uncertain and not low: the other area has as few, and an α of one.",
        },
        praise="One yes among twenty codes: drawn from a hat, two of them differ just as often as the coders did. "
        "Whether "
        "both see energy when it is there, this essay cannot show.",
    )


def agreed_and_raw() -> Number:
    """4.7: paragraphs under diplomacy that both coders have, repeats counted."""
    counts = {
        (coder, counting): (_coded(coder, counting)["area_id"] == "diplomacy").sum()
        for coder in ("a", "b", "agreed")
        for counting in ("deduplicated", "raw")
    }
    return Number(
        right=counts["agreed", "raw"],
        within=0.1,
        unit="number",
        wrong=[
            (counts["a", "deduplicated"], "Nothing has changed yet: set both values, and run that cell again."),
            (
                counts["agreed", "deduplicated"],
                "The coder is right, and the repeats are still left out: set `counting` as well.",
            ),
            (counts["a", "raw"], "The repeats are in, and the codes are those of `a` alone: set `coder` as well."),
            (
                counts["b", "raw"],
                "The repeats are in, and the codes are those of `b` alone: `coder` is to be `agreed`.",
            ),
        ],
        praise="Two choices, made before anything was counted, and the count moves.",
        hint="Change the two words in quotes, run that cell, and read the row of diplomacy.",
    )


def rule_of_ties() -> Choice:
    """4.8: whose status of paragraph 60 the codebook chooses, if both fit equally."""
    return Choice(
        right="a",
        wrong={
            "b": "Look at the order again: which of the two words stands before the other?",
            "c": "Each row has one status: the rule is there so that nobody has to choose both.",
            "d": "One of the two statuses that the coders gave is the one that the rule chooses: look at the order "
            "again.",
        },
        praise="If both fit equally, done comes before ongoing. Coder b might answer that they do not fit equally: "
        "then "
        "argue on what the paragraph mainly says.",
    )


def what_it_shows() -> Choice:
    """4.9: what the agreement of two language models of one kind shows."""
    return Choice(
        right="c",
        wrong={
            "a": "Two readers can be wrong together: agreement is about the readers and the rules, not about the "
            "truth.",
            "b": "Nobody has tried it. Two readers of one kind are more alike than two persons, so rather expect less.",
            "d": "It does tell something: had two readers of one kind not agreed, the rules could hardly be clear.",
        },
        praise="This is what the codebook itself claims, and no more.",
    )


EXERCISES: dict[str, Callable[[], Exercise]] = {
    "4.1": areas_of_a_gist,
    "4.2": percent_agreement,
    "4.3": lazy_reader,
    "4.4": expected,
    "4.5": alpha_of_ten,
    "4.6": high_and_low,
    "4.7": agreed_and_raw,
    "4.8": rule_of_ties,
    "4.9": what_it_shows,
}
