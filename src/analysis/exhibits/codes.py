"""The exhibits of the cooperation report on the codes: areas, stance, status, and how far two coders agree.

Counts are of paragraphs; opinions are the document's own, with the time of their writing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import capital, listed, number, plain, spell
from analysis.methods import coding
from analysis.methods.corpus import Chosen, Corpus

# Deeds and praise in blue, hopes and blame in ochre; each label has the ink that stands out on it.
SHADES = {
    "favourable": ("#0b4f8a", "#ffffff"),
    "neutral": ("#a9cbe6", "#1a1a1a"),
    "critical": ("#a84e0c", "#ffffff"),
    "mixed": ("#e3b27a", "#1a1a1a"),
    "done": ("#0b4f8a", "#ffffff"),
    "ongoing": ("#3f7fb5", "#ffffff"),
    "planned": ("#a9cbe6", "#1a1a1a"),
    "promised": ("#d7e7f3", "#1a1a1a"),
    "hypothetical": ("#e3b27a", "#1a1a1a"),
    "commentary": ("#a84e0c", "#ffffff"),
    "not agreed": ("#6f6f6f", "#ffffff"),
}
FEWEST = 10  # codes of a text that a title compares


def area_by_section(chosen: Chosen) -> Exhibit:
    """Areas by sections, counts of paragraphs; each count leads to its passages."""
    counts = coding.area_by_section(chosen.codes)
    names, inside, labels = chosen.names, chosen.corpus.in_sentence, chosen.corpus.labels
    total = counts.sum(axis=1).sort_values(ascending=False, kind="stable")
    first, last = total.index[0], total.index[-1]
    table = counts.assign(all=counts.sum(axis=1)).loc[total.index]
    table = table.rename(index=names, columns=labels).rename_axis(index="area", columns=None)
    return Exhibit(
        key="area-by-section",
        title=f"{listed([names[first], *(inside[area] for area in total.index[1:3])])} take up most paragraphs; "
        f"{inside[last]} takes up fewest"
        if len(total) > 3
        else f"{listed([f'{names[area]} ({int(n)})' for area, n in total.items()])}: paragraphs of the chosen text",
        subtitle="Paragraphs coded with each area, by section of the document",
        alt=f"Table of {spell(len(table), 'area')} and {spell(len(counts.columns), 'section')}.",
        table=table,
        sources=sources(chosen.codes),
        note="A paragraph counts under each of its areas. Each number leads to its passages below.",
        links={
            (names[area], labels[section]): f"{names[area]}; {labels[section]}"
            for area in counts.index
            for section in counts.columns
            if counts.loc[area, section]
        },
    )


def stance(chosen: Chosen) -> Exhibit:
    """Stance by text, as shares of its codes, and in the table by area too."""
    return _shares(chosen, coding.stances, what="Stance", name="favourable")


def status(chosen: Chosen) -> Exhibit:
    """Status by text, as shares of its codes, and in the table by area too."""
    return _shares(chosen, coding.statuses, what="Status", name="done")


def _shares(chosen: Chosen, count: Callable[..., pd.DataFrame], *, what: str, name: str) -> Exhibit:
    labels, names = chosen.corpus.labels, chosen.names
    by_text, by_area = count(chosen.codes, by="section"), count(chosen.codes, by="area_id")
    of_texts = by_text.reindex([section for section in labels if section in by_text.index]).rename(index=labels)
    of_texts = of_texts.loc[:, of_texts.sum() > 0].rename(columns=plain)
    table = pd.concat({"by text": of_texts, "by area": by_area.rename(index=names, columns=plain)[list(of_texts)]})
    counts = table.rename_axis(index=["part", "codes"], columns=None).reset_index("part")
    share = 100 * of_texts.get(name, pd.Series(0, index=of_texts.index)) / of_texts.sum(axis=1)
    enough = share[of_texts.sum(axis=1) >= FEWEST].sort_values(kind="stable")
    whole = (
        f"{number(100 * of_texts.get(name, share * 0).sum() / of_texts.to_numpy().sum(), 0)} % of all codes are {name}"
    )
    told = [f"{number(value, 0)} % in the {text}" for text, value in enough.items()]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        charts.stacked(axes, of_texts.iloc[::-1], SHADES)
        columns = 2 if charts.narrow(axes) else 4
        axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=columns, frameon=False)

    return Exhibit(
        key=what.lower(),
        title=f"The texts differ in how much of what they say is {name}: {told[0]}, {told[-1]}"
        if len(told) > 1
        else whole,
        subtitle=f"{what} of what each text says, share of its coded statements, %; numbers are statements; by area "
        "below the picture",
        alt=f"Stacked bars for {spell(len(of_texts), 'text')}; {name}: "
        + listed([f"{number(value, 0)} % in {text}" for text, value in share.items()])
        + ".",
        table=counts.assign(all=counts.drop(columns="part").sum(axis=1)),
        sources=sources(chosen.codes),
        draw=draw,
        height=2.5,
        note=f"{capital(whole)}. An interview of an ambassador praises by trade, so shares over all texts "
        "tell of the choice of texts. Stance and status are readings by two coders.",
    )


def co_occurrence(chosen: Chosen, *, window: int) -> Exhibit:
    """Which areas are spoken of together, the pairs that meet most often; `window` as in `coding.co_occurrence`."""
    pairs = coding.co_occurrence(chosen.codes, window=window)
    each_once = np.triu(np.ones(pairs.shape, dtype=bool), k=1)
    met = pairs.where(each_once).stack().dropna().sort_values(ascending=False, kind="stable")
    title = "No two of the chosen areas stand in one paragraph"
    if len(met) and met.iloc[0]:
        (a, b), most = met.index[0], int(met.iloc[0])
        title = f"{chosen.names[a]} and {chosen.corpus.in_sentence[b]} meet most often, in {spell(most, 'paragraph')}"
    return Exhibit(
        key="co-occurrence",
        title=title,
        subtitle="Paragraphs in which two areas are coded "
        + ("together" if window == 0 else f"within {spell(window, 'paragraph')} of the same text")
        + "; the diagonal counts the area itself",
        alt=f"Square table of {spell(len(pairs), 'area')}.",
        table=pairs.rename(index=chosen.names, columns=chosen.names).rename_axis(index="area", columns=None),
        sources=sources(chosen.codes),
        folded=True,
    )


def reliability(corpus: Corpus) -> Exhibit:
    """Agreement of the two coders, by area."""
    agreement = corpus.agreement.assign(lowest=coding.lowest_alpha(corpus.agreement))
    table = agreement.set_index(agreement["area_id"].fillna(agreement["variable"])).drop(
        columns=["variable", "area_id"]
    )
    shown = table.rename(index=corpus.names, columns=plain).rename_axis("variable")
    areas = table[table.index.isin(corpus.names)]
    weak = areas.index[~(areas["lowest"] >= coding.TENTATIVE)]  # one that nobody used has no α
    never = areas.index[(areas["percent_agreement"] == 100) & areas.index.isin(weak)]
    return Exhibit(
        key="reliability",
        title=f"On {len(areas) - len(weak)} of {spell(len(areas), 'area')} the coders agree well enough to build on; "
        f"on {len(weak)} the agreement may be too low",
        subtitle="Krippendorff’s α (nominal) with bootstrap 95 % interval, the lowest α that the data allow, and "
        "percent agreement",
        alt=f"Table of {spell(len(shown), 'row')}.",
        table=shown,
        sources=sources(corpus.passage_areas),
        decimals=2,
        folded=True,
        note="The coders worked apart, with the codebook and the text alone. Both are language models of one kind, so "
        "their agreement shows that the codebook is clear rather than that people would read the text so. Where the "
        f"lowest α is below {coding.TENTATIVE} an area’s counts are a hint and not a measurement; here: "
        f"{listed([corpus.in_sentence[area] for area in weak])}."
        + (
            f" On {listed([corpus.in_sentence[area] for area in never])} the two never differ, but so few paragraphs "
            "are about it that the interval of α says nothing: that none differ allows some that would (rule of three)."
            if len(never)
            else ""
        ),
    )


def disagreements(corpus: Corpus) -> Exhibit:
    """Every point on which the two coders differ; nothing is reconciled."""
    rows = corpus.disagreements()
    table = rows.assign(area_id=rows["area_id"].map(corpus.names).fillna("")).rename(
        columns={"area_id": "area", "value_a": "coder a", "value_b": "coder b"}
    )
    counts = rows["variable"].value_counts()
    return Exhibit(
        key="disagreements",
        title=f"The coders differ {spell(len(rows), 'time')}, most often on {counts.index[0]} ({counts.iloc[0]})",
        subtitle="Disagreements of the two coders, none reconciled",
        alt=f"Table of {spell(len(rows), 'disagreement')}.",
        table=table.set_index("paragraph").fillna(""),
        sources=sources(corpus.passage_areas),
        folded=True,
    )
