"""The exercises of lesson 1, Reading a source like an analyst."""

import hashlib
from collections.abc import Callable

import numpy as np

from analysis.lessons.judging import Choice, Exercise, Names, Number, Words, facts
from analysis.methods import ledgers
from analysis.methods.claims import Tables, by_ledgers
from analysis.methods.verdicts import VERDICTS
from analysis.tables.store import load

SIX = ("cq014", "cq031", "cq038", "cq056", "cq102", "cx025")
# 1.7: what is missed by whoever gives a verdict to one of the six that it does not have, whichever that is; and what
# is missed in one of them.
MISSED = {
    "disputed": "`disputed` needs two sides: independent rows of the claim’s definition and period that agree, and "
    "others that do not.",
    "corrected": "`corrected` needs a row whose `holds` is *core*: another number or rank is no slip of an attribute.",
    "anachronism": "`anachronism` needs an independent row of another period that agrees, and here no row is of "
    "another period.",
    "within_mirror_band": "The mirror band lies between the two countries’ ledgers of their trade, and none of the six "
    "is held against both.",
    "other_compiler": "`other_compiler` needs a claim that names a source whose figures are not held here, and this "
    "one names none.",
    "officials_only": "Somebody independent speaks of it, and of the same thing and time: `officials_only` is left for "
    "claims of which nobody else does.",
    "undecided": "Something decides here: there is an independent row of the claim’s definition and period.",
}
MISSED_HERE = {
    ("cq014", "confirmed"): "The row that agrees is not independent: a state that speaks of its own doing twice is one "
    "witness.",
    ("cq014", "contradicted"): "The row that disagrees counts something else: its definition differs, so it decides "
    "nothing.",
    ("cq014", "disputed"): "One side is missing: the row that disagrees has another definition, so it decides nothing.",
    ("cq014", "undecided"): "One row has the claim’s definition and period, so it decides: look at who is speaking in "
    "it.",
    ("cq031", "confirmed"): "The row that agrees counts only pacts with a duty of defence: of a narrower definition, "
    "it decides nothing.",
    ("cq031", "disputed"): "One side is missing: the row that agrees has a narrower definition, so it decides nothing.",
    ("cq038", "confirmed"): "An earlier year of the ledger fits, but a year is not chosen for its fit: that keeps the "
    "claim from being contradicted, and does not confirm it.",
    ("cq038", "contradicted"): "The figure is undated: its year was taken for want of another, and an earlier one fits "
    "the ledger, so that one year cannot contradict it.",
    ("cq038", "anachronism"): "An earlier year fits, but nobody knows which one was meant: only a claim whose time is "
    "known can be true of another.",
    ("cq056", "confirmed"): "Verdicts are no vote: an independent row of the same definition and period disagrees, and "
    "one is enough.",
    ("cq056", "contradicted"): "Most of the rows agree: a claim is contradicted only if all rows that decide disagree.",
    ("cq102", "confirmed"): "The rows that agree are of earlier polls, and the claim is of the latest: their period is "
    "not the claim’s.",
    ("cq102", "disputed"): "One side is missing: the rows that agree are of another period, so they do not decide.",
    ("cq102", "contradicted"): "The row of the claim’s period disagrees, but go on: independent rows of another period "
    "agree, and that rule comes first.",
    ("cq102", "other_compiler"): "The poll that the claim names is the very source of these rows: no other compiler "
    "comes in.",
    ("cq102", "undecided"): "Its period is the time of the writing itself, and a row is of that period: only a figure "
    "taken to be of an earlier year stays open.",
    ("cx025", "confirmed"): "The row names another first name: its `holds` is *core* and not *yes*, so the claim does "
    "not hold as it stands.",
    ("cx025", "contradicted"): "The core holds: the row has the same talk and the same office, and one attribute "
    "differs, which is a correction.",
}


def paragraphs() -> Number:
    """1.1: the number of paragraphs of the document."""
    passages = load("passages")
    return Number(
        right=len(passages),
        within=0.4,
        unit="number",
        wrong=[
            (
                len(passages) - 1,
                "This is the label of the last row: the labels on the left begin with zero, so there is one row more.",
            ),
            (
                len(passages) + 1,
                "This is one too many: the line with the column names is no row, and `len` does not count it.",
            ),
            (passages.shape[1], "This is the number of columns: `len` of the table itself counts its rows."),
            (passages.size, "These are rows times columns, all the fields of the table: `len` counts the rows."),
            (
                passages["words"].sum(),
                "These are the words of all paragraphs: each row is one paragraph, so count the rows.",
            ),
            (passages["section"].nunique(), "This is the number of sections: each has many paragraphs."),
            (len(passages.head()), "These are the five rows that `head` shows: count the whole table."),
        ],
        praise="One row is one paragraph, so the length of the table is the number of paragraphs.",
        hint="`len` and the name of the table in round brackets counts its rows.",
    )


def years_of_writing() -> Names:
    """1.2: the years in which parts of the document were written."""
    written = load("passages")["written"].dropna().str[:4].astype(int)
    essays, interview, survey = facts("1.2")
    return Names(
        right=frozenset(written),
        wrong={
            essays: f"The essays tell of {essays} as of last year: they were written in the year after.",
            interview: f"The interview is put after {interview}: a text can tell of another year than its own.",
            survey: f"The survey looks back on {survey} and was written in January after it.",
        },
        praise="One document, five years of writing: a sentence with “this year” means another year in each part.",
        hint="Take the column `written`, drop what is empty, and keep the first four characters of each.",
    )


def words_repeated() -> Number:
    """1.3: words in repeated paragraphs, percent of all words of the document."""
    passages = load("passages")
    words, repeats = passages["words"], passages["duplicate_of"].notna()
    held = words[repeats].sum()
    return Number(
        right=100 * held / words.sum(),
        within=0.2,
        unit="percent",
        wrong=[
            (100 * repeats.mean(), "This is the share of paragraphs: the exercise asks for the share of words."),
            (
                100 * held / words[~repeats].sum(),
                "These are percent of the words that stand once: divide by all words of the document.",
            ),
            (words[repeats].mean(), "This is the mean length of a repeated paragraph: add the words up, then divide."),
            (held, "This is the number of words: divide it by all words, then multiply by a hundred."),
            (
                repeats.sum(),
                "This is the number of paragraphs that repeat others: the exercise asks for the share of words.",
            ),
            (
                100 * words[~repeats].sum() / words.sum(),
                "This is the share of the words that stand once: turn the condition round.",
            ),
            (
                100 * words[passages["similarity"].eq(1)].sum() / words.sum(),
                (
                    "This counts only what is repeated word for word: count every paragraph with a number in "
                    "`duplicate_of`."
                ),
            ),
        ],
        praise="The same words in two places are one source, and not two that agree.",
        hint="Add the words of the repeats, divide by the words of all paragraphs, multiply by a hundred.",
    )


def fingerprinted() -> Names:
    """1.4: the paragraphs that consist of the word Literature alone."""
    passages = load("passages")
    found = {
        word: passages.loc[passages["sha256"] == hashlib.sha256(word.encode()).hexdigest(), "paragraph"].tolist()
        for word in ("Literature", "Conclusion")
    }
    return Names(
        right=frozenset(found["Literature"]),
        wrong={
            paragraph: "This one has the fingerprint of `Conclusion`: change the word between the quotes, and run "
            "again."
            for paragraph in found["Conclusion"]
        }
        | {"literature": "This is the word itself: the exercise asks for the numbers of the paragraphs."},
        praise="Both have the fingerprint of that word and no other: you read two paragraphs without having the text.",
        hint="Set `word` to the word of the exercise, with its capital and nothing around it: the paragraphs are "
        "the bold numbers on the left.",
    )


def dates_stated() -> Number:
    """1.5: the number of figures whose period the document itself states."""
    bases = load("quantities")["dating"].str.split(":").str[0]
    held = bases.value_counts()
    return Number(
        right=held["stated"],
        within=0.1,
        unit="number",
        wrong=[
            (
                100 * held["stated"] / len(bases),
                "This is a share in percent: the exercise asks how many figures there are.",
            ),
            (held["stated"] / len(bases), "This is a share of one: the exercise asks how many figures there are."),
            (held["inferred"], "These are the inferred ones: the exercise asks for the stated."),
            (held["undated"], "These are the undated ones: the exercise asks for the stated."),
            (len(bases) - held["stated"], "These are all that are *not* stated: the exercise asks for the rest."),
            (
                held["stated"] + held["inferred"],
                "This holds the inferred as well: an inferred period is ours, and not the document's.",
            ),
            (len(bases), "These are all figures: count those whose `basis` is stated."),
        ],
        praise="For all others the period is an inference, or nothing but the time of writing.",
        hint="`basis == 'stated'` is true or false for each figure, and `sum` counts what is true.",
    )


def year_of_the_record() -> Choice:
    """1.6: why the ambassador's record turnover is put in 2011."""
    return Choice(
        right="b",
        wrong={
            "a": "Had the document named the year anywhere, the column `dating` would say stated, and it says "
            "inferred.",
            "c": "That would make a claim right by choosing its year: under our rules no other year is tried for a "
            "better fit.",
            "d": "The interview is of December, and the turnover of a year is not known before the year is over.",
        },
        praise="A rule for every undated yearly figure, fixed before anybody looked at statistics: open to doubt, "
        "and the same for all.",
    )


def six_claims() -> Words:
    """1.7: the verdicts on six claims, from their evidence."""
    held = load("verdicts").set_index("claim_id")["verdict"]
    right = {claim: held[claim] for claim in SIX}
    wrong = {(claim, word): sentence for claim in SIX for word, sentence in MISSED.items()} | MISSED_HERE
    return Words(
        right=right,
        words=VERDICTS,
        wrong={(claim, word): sentence for (claim, word), sentence in wrong.items() if word != right[claim]},
        praise="Definition, period, independence, and then the first rule that applies: whoever has the same evidence "
        "comes to the same verdicts.",
    )


def still_outside() -> Number:
    """1.8: figures with which the ledgers disagree at five per cent and still at a margin of ten."""
    records = ledgers.select(load("trade"), load("indicators"), load("selections"))
    tables = Tables(records, load("trade_monthly"), load("group_members"))
    quantities = load("quantities")
    _, wider = facts("1.8")
    held = by_ledgers(quantities, load("claim_statistics"), tables=tables).set_index("claim_id")
    held = held[held["verdict"] == "contradicted"].join(quantities.set_index("c" + quantities["quantity_id"]))
    claimed = held["value"] / np.where(held["unit"] == "USD", 1e9, 1)
    off = (held["found"].str.split().str[0].astype(float) / claimed - 1).abs()
    return Number(
        right=(off > wider).sum(),
        within=0.1,
        unit="number",
        wrong=[
            (
                len(held),
                (
                    "This is the number at a margin of five per cent: change `margin`, and run that cell again. In a "
                    "line of your own the margin is taken times the claim."
                ),
            ),
            (
                (off <= wider).sum(),
                "This is the number of those that agree now: the exercise asks for those that do not.",
            ),
            (
                0,
                (
                    "Some still disagree: count the rows where `agrees` is False, at a margin of `0.10`, for `10` is a "
                    "thousand per cent."
                ),
            ),
        ],
        praise="A verdict hangs on its margin, so the margin has to be fixed before anybody looks, and printed "
        "beside it.",
        hint="Set `margin` to the value named in the exercise, run that cell, and count the rows where `agrees` is "
        "False.",
    )


def wrong_country() -> Names:
    """1.9: the paragraphs in which a mistranslation names a wrong country."""
    faults = load("inconsistencies")
    garbled = faults[faults["kind"] == "mistranslation"]
    country = garbled["what"].str.contains("Armenia")
    others = {
        at: f"Paragraph {at} is garbled, but its country is not wrong: read the column `what`."
        for at in garbled.loc[~country, "paragraph_a"]
    }
    right = frozenset(int(paragraph) for paragraph in garbled.loc[country, "paragraph_a"])
    labels = {
        at: f"{at} is the label of a row, in bold: the number of the paragraph stands in the column `paragraph_a`."
        for at in garbled.index[country]
    }
    special = {
        50: "In paragraph 50 the first name of a person is wrong, and not a country.",
        44: "In paragraph 44 the name of a gas field is misspelt, and not a country.",
        129: "In paragraph 129 it is open whose exports are meant: the direction is unclear, the country is named "
        "rightly.",
    }
    return Names(
        right=right,
        wrong={paragraph: words for paragraph, words in (labels | others | special).items() if paragraph not in right},
        praise="One wrong letter put a third country into the trade of two. Only a reader who knows what to expect "
        "will see it.",
        hint="Keep the rows whose column `what` names a country that has no business there, and read `paragraph_a`.",
    )


EXERCISES: dict[str, Callable[[], Exercise]] = {
    "1.1": paragraphs,
    "1.2": years_of_writing,
    "1.3": words_repeated,
    "1.4": fingerprinted,
    "1.5": dates_stated,
    "1.6": year_of_the_record,
    "1.7": six_claims,
    "1.8": still_outside,
    "1.9": wrong_country,
}
