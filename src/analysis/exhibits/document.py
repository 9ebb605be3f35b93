"""The exhibits of the cooperation report on the document: its texts, passages and faults, and what it leaves out.

Counts are of paragraphs; gists are our own words.
"""

from __future__ import annotations

import pandas as pd

from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, number, spell
from analysis.methods.corpus import Chosen, Corpus


def sections(corpus: Corpus) -> Exhibit:
    """What the document is made of: sections, time of writing, words, repeats and who speaks."""
    rows, passages = {}, corpus.passages
    for section, part in passages.groupby("section", sort=False):
        speakers = part["speaker"].dropna().unique()
        rows[corpus.labels[section]] = {
            "paragraphs": len(part),
            "words": int(part["words"].sum()),
            "paragraphs that repeat others": int(part["duplicate_of"].notna().sum()),
            "written": listed(sorted(part["written"].dropna().unique()))
            if part["written"].notna().any()
            else "undated",
            "speakers named": listed(sorted(speakers)) if len(speakers) else "none",
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("section")
    words, repeated = passages["words"].sum(), passages.loc[passages["duplicate_of"].notna(), "words"].sum()
    return Exhibit(
        key="sections",
        title=f"The document joins texts of {passages['written'].dropna().str[:4].nunique()} years; "
        f"{number(100 * repeated / words, 0)} % of its words stand twice",
        subtitle="The sections of the document: size, repeats, time of writing and speakers",
        alt=f"Table of {spell(len(table), 'section')}.",
        table=table,
        sources=sources(passages),
        note="The time of writing is inferred from what each text tells as past; the basis stands in passages.csv. The "
        "speakers are an ambassador, the experts of a survey and an unnamed author: mostly official and "
        "in favour of integration.",
    )


def passages(chosen: Chosen) -> Exhibit:
    """The passages with their gist and areas, to be filtered."""
    rows, labels = chosen.passages, chosen.corpus.labels
    areas = chosen.codes.assign(area=chosen.codes["area_id"].map(chosen.names))
    areas = areas.groupby("paragraph")["area"].agg("; ".join).reindex(rows["paragraph"]).fillna("none")
    table = pd.DataFrame(
        {
            "areas; section": areas.to_numpy() + "; " + rows["section"].map(labels).to_numpy(),
            "written": rows["written"].fillna("").to_numpy(),
            "gist, in our words": rows["gist"].fillna("").to_numpy(),
            "repeats": ["" if pd.isna(x) else f"paragraph {int(x)}" for x in rows["duplicate_of"]],
        },
        index=pd.Index(rows["paragraph"], name="paragraph"),
    )
    return Exhibit(
        key="passages",
        title=f"The {spell(len(table), 'passage')} behind the counts",
        subtitle="Every paragraph of the chosen text with its areas, time of writing and gist; filter it by any word",
        alt=f"Table of {spell(len(table), 'passage')}.",
        table=table,
        sources=sources(rows),
        folded=True,
    )


def benchmark(items: pd.DataFrame, corpus: Corpus) -> Exhibit:
    """What others count as integration, and whether the document names it."""
    never = list(items.loc[items["paragraphs"] == 0, "name"].str.lower())
    table = items[["name", "aspect", "paragraphs", "token", "note"]].fillna("").set_index("name").rename_axis("field")
    return Exhibit(
        key="never-mentioned",
        title=f"No word of the document names {listed(never)}",
        subtitle="The fields by which the Eurasian Development Bank measures integration, and the paragraphs that "
        "name them",
        alt=f"Table of {spell(len(table), 'field')}.",
        table=table,
        sources=sources(items, corpus.passages),
        folded=True,
        note="A field counts as named where a word of it stands in a paragraph, repeats left out; the pattern of "
        "words stands in integration_benchmark.csv. A thing can be spoken of in other words, as the notes say.",
    )


def inconsistencies(rows: pd.DataFrame) -> Exhibit:
    """The faults of the document as data."""
    kinds, high = rows["kind"].value_counts(), int((rows["severity"] == "high").sum())
    table = rows.sort_values(
        ["severity", "inconsistency_id"],
        key=lambda c: c.map({"high": 0, "medium": 1, "low": 2}).fillna(9) if c.name == "severity" else c,
    )
    table = table[["kind", "severity", "paragraph_a", "paragraph_b", "token_a", "what", "consequence"]]
    return Exhibit(
        key="inconsistencies",
        title=f"{spell(len(rows), 'fault')} of the document are on record; {high} would put a wrong number, date or "
        "name "
        "into a report",
        subtitle="Contradictions, duplicates, mistranslations, truncations, undated and doubtful statements",
        alt=f"Table of {spell(len(rows), 'fault')}: " + listed([f"{n} {kind}" for kind, n in kinds.items()]) + ".",
        table=table.fillna({"token_a": "", "what": "", "consequence": ""}).set_index("kind"),
        sources=sources(rows),
        folded=True,
    )


def duplicates(corpus: Corpus, *, coder: str) -> Exhibit:
    """What the repeats add to the counts of each area."""
    effect = corpus.effect_of_duplicates(coder)
    return Exhibit(
        key="duplicates",
        title=f"Counting repeats would add {int(effect['added'].sum())} to {int(effect['deduplicated'].sum())} codes, "
        f"most to {corpus.in_sentence[effect['added'].idxmax()]}",
        subtitle="Paragraphs by area, without and with the paragraphs that repeat others",
        alt=f"Table of {spell(len(effect), 'area')}.",
        table=effect.rename(index=corpus.names).rename_axis("area"),
        sources=sources(corpus.passage_areas),
        folded=True,
    )
