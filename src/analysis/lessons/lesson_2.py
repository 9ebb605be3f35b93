"""The exercises of lesson 2, One trade, two ledgers."""

from collections.abc import Callable

import pandas as pd

from analysis.lessons.judging import Choice, Exercise, Names, Number, Values, facts
from analysis.methods import asymmetries, growth, ledgers
from analysis.tables.store import load


def _books() -> dict[str, pd.DataFrame]:
    records = ledgers.select(load("trade"), load("indicators"), load("selections"))
    return {who: ledgers.ledger(records, reporter=who) for who in ledgers.LEDGERS}


def turnover() -> Number:
    """2.1: turnover of 2019 in Kazakhstan's ledger, US dollars."""
    books, (year,) = _books(), facts("2.1")
    own = books["kazakhstan"].loc[year]
    return Number(
        right=own["turnover_usd"],
        within=5e7,
        unit="US dollars",
        wrong=[
            (own["exports_usd"], "Your figure is exports only: turnover is exports plus imports."),
            (own["imports_usd"], "Your figure is imports only: turnover is exports plus imports."),
            (own["balance_usd"], "This is the balance, exports minus imports: turnover is exports plus imports."),
            (
                books["russia"].loc[year, "turnover_usd"],
                "This is the right year in Russia's ledger: the exercise asks for Kazakhstan's.",
            ),
            (
                books["kazakhstan"].loc[year - 1, "turnover_usd"],
                "This is the year before: look at the label of the row.",
            ),
        ],
        praise="Turnover is exports plus imports, as this country's own books have it.",
        hint="Name the row by its year, and the column by its name.",
    )


def counterpart() -> Choice:
    """2.2: where Kazakhstan's exports to Russia stand in Russia's books."""
    return Choice(
        right="b",
        wrong={
            "a": "Russia's exports to Kazakhstan are other goods, which travel the other way.",
            "c": "Turnover holds both directions; the mirror of one flow is one flow.",
            "d": "They do stand there: the same lorry is declared at both ends of its way.",
        },
        praise="One country's export is the other one's import: that is the mirror.",
    )


def gap() -> Number:
    """2.3: by how many percent Russia's record of Kazakhstan's exports exceeds Kazakhstan's own, 2014."""
    books, (year,) = _books(), facts("2.3")
    ours, theirs = (books[who].loc[year] for who in ledgers.LEDGERS)
    exporter, importer = ours["exports_usd"], theirs["exports_usd"]
    return Number(
        right=100 * (importer / exporter - 1),
        within=0.15,
        unit="percent",
        wrong=[
            (
                100 * (1 - exporter / importer),
                "This is the gap in percent of the importer's record: the exercise asks for percent of the exporter's.",
            ),
            (
                200 * (importer - exporter) / (importer + exporter),
                "This is the gap in percent of the mean of both: a fair measure, but not the one asked for.",
            ),
            (
                100 * (theirs["imports_usd"] / ours["imports_usd"] - 1),
                "These are the imports of Kazakhstan: its exports to Russia are asked for.",
            ),
            (
                100 * (theirs["turnover_usd"] / ours["turnover_usd"] - 1),
                "This compares the turnovers: take the column of exports in both ledgers.",
            ),
            (importer / exporter, "This is the ratio of the two records: subtract one, then multiply by a hundred."),
            (
                (importer - exporter) / 1e9,
                "This is the difference in billions of dollars: divide it by the exporter's record for percent.",
            ),
        ],
        praise="The same goods of the same year, and the importer's books hold this much more.",
        hint="Divide the importer's record by the exporter's, subtract one, multiply by a hundred.",
    )


def valuation() -> Choice:
    """2.4: which record freight and insurance make higher."""
    return Choice(
        right="a",
        wrong={
            "b": "FOB ends at the exporter's border: it leaves the later freight out, so it is the lower value.",
            "c": "Freight and insurance are paid for the way between the two borders, and only one value has them "
            "in it.",
            "d": "The exchange rate can shift a record either way; FOB and CIF differ in one direction only.",
        },
        praise="CIF is FOB plus cost of insurance and freight, so an importer's record should be somewhat higher.",
    )


def corrected_ratio() -> Number:
    """2.5: median ratio of the flow from Russia to Kazakhstan at a factor of 1.06, doubtful years left out."""
    books, (factor,) = _books(), facts("2.5")
    table = asymmetries.mirror_sensitivity(books["kazakhstan"], books["russia"], factors=(1.0, factor))
    ratios = table.set_index(["cif_fob_factor", "flow"])["median_ratio"]
    every, misread = (
        asymmetries.mirror(*books.values(), cif_fob_factor=one) for one in (factor, 1 + 10 * (factor - 1))
    )
    return Number(
        right=ratios[factor, "rus_to_kaz"],
        within=0.003,
        unit="ratio",
        wrong=[
            (
                ratios[1.0, "rus_to_kaz"],
                "This is the ratio at a factor of one: change the factor and run the cell with the table again.",
            ),
            (
                misread.loc[~misread["doubtful"], "rus_to_kaz_ratio"].median(),
                f"The factor that you took is ten times as far from one as that of the exercise, which is `{factor}`.",
            ),
            (ratios[factor, "kaz_to_rus"], "This is the other flow, from Kazakhstan to Russia."),
            (ratios[1.0, "kaz_to_rus"], "This is the other flow, and at a factor of one."),
            (
                every["rus_to_kaz_ratio"].median(),
                "This counts the doubtful years too: keep the years whose `doubtful` is False.",
            ),
            (
                every.loc[~every["doubtful"], "rus_to_kaz_ratio"].mean(),
                "This is the mean: the exercise asks for the median, which single odd years hardly move.",
            ),
        ],
        praise="Dividing the importer's record by the factor lowers it, and here it was below the exporter's already.",
        hint="Set `factor` to the value named in the exercise, run that cell, and read the row of this flow.",
    )


def years_of_the_record() -> Names:
    """2.6: years up to the interview in which Kazakhstan's ledger agrees with the claim of 24 billion."""
    turnover = _books()["kazakhstan"]["turnover_usd"] / 1e9
    claim, interview, within = facts("2.6")
    agreeing = turnover[turnover.between(claim * (1 - within), claim * (1 + within))]
    later = {
        int(year): f"{year} is after the interview was given: nobody could know it."
        for year in agreeing.index
        if year > interview
    }
    beyond = {
        int(year): f"The turnover of {year} is further than five per cent from the claim." for year in turnover.index
    }
    return Names(
        right=frozenset(int(year) for year in agreeing.index if year <= interview),
        wrong={year: words for year, words in beyond.items() if year not in agreeing.index} | later,
        praise="Two years fit, so the claim cannot tell us which one it means. Both are flagged in the table, too.",
        hint="Keep the years whose turnover lies within five per cent of the claim and that were over, or nearly so.",
    )


def growth_of_2018() -> Values:
    """2.7: growth of turnover in 2018 in both ledgers, percent."""
    books, (year,) = _books(), facts("2.7")
    rates = {
        name: {who: growth.yearly_growth(book[f"{name}_usd"])[year] for who, book in books.items()}
        for name in ("turnover", "exports", "imports")
    }
    backwards = {
        who: 100 * (1 - book.loc[year - 1, "turnover_usd"] / book.loc[year, "turnover_usd"])
        for who, book in books.items()
    }
    right = pd.Series(rates["turnover"])
    return Values(
        right=right,
        within=0.15,
        wrong=[
            (pd.Series(rates["exports"]), "These are the growth rates of exports: the exercise asks for turnover."),
            (pd.Series(rates["imports"]), "These are the growth rates of imports: the exercise asks for turnover."),
            (pd.Series(backwards), "These are percent of the later year: growth is in percent of the year before."),
            (1 + right / 100, "These are ratios of the two years: subtract one, then multiply by a hundred."),
        ],
        praise="The same year grew twice as fast in one ledger as in the other. Neither is a mistake.",
        hint="For each ledger: this year divided by the year before, minus one, times a hundred.",
        unit="percent",
    )


def which_ledger() -> Choice:
    """2.8: what to tell a newspaper that asks for the growth of 2018."""
    return Choice(
        right="c",
        wrong={
            "a": "The higher one makes a better headline and no better evidence: say what would make you choose "
            "the lower.",
            "b": "The mean of two records is a number that nobody recorded, and it hides that they differ.",
            "d": "The records differ, but both say that trade grew; a reader can use that, with the range.",
        },
        praise="Both, each with the name of its ledger: then a reader can check you, and sees how sure one can be.",
    )


EXERCISES: dict[str, Callable[[], Exercise]] = {
    "2.1": turnover,
    "2.2": counterpart,
    "2.3": gap,
    "2.4": valuation,
    "2.5": corrected_ratio,
    "2.6": years_of_the_record,
    "2.7": growth_of_2018,
    "2.8": which_ledger,
}
