"""The exhibits of the cooperation report on what the document says: who speaks, of what, how, and when.

Each function takes tables of data/document or what `areas` computes from them, and gives an Exhibit whose title is the
finding. Counts are of paragraphs; opinions are the document's own, with the time of their writing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, listed, number, spell

SECTIONS = {
    "title": "title",
    "interview_2012": "interview, 2012",
    "reference_2005": "reference article, 2005–06",
    "headings": "headings",
    "economy_2004": "essay on economy, 2004",
    "politics_2004": "essay on politics, 2004",
    "survey_2018": "survey of experts, 2018",
}
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


def sections(passages: pd.DataFrame) -> Exhibit:
    """What the document is made of: sections, time of writing, words, repeats and who speaks."""
    rows = {}
    for section, part in passages.groupby("section", sort=False):
        speakers = part["speaker"].dropna().unique()
        rows[SECTIONS[section]] = {
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
        sources=["document"],
        note="The time of writing is inferred from what each text tells as past; the basis stands in passages.csv. The "
        "speakers are an ambassador, three experts and an unnamed author: mostly official and "
        "in favour of integration.",
    )


def area_by_section(counts: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Areas by sections, counts of paragraphs; each count leads to its passages."""
    table = counts.rename(index=names, columns=SECTIONS).rename_axis("area")
    table.columns.name = None
    total = table.sum(axis=1).sort_values(ascending=False)
    table = table.assign(all=table.sum(axis=1)).loc[total.index]
    return Exhibit(
        key="area-by-section",
        title=f"{listed([total.index[0], *(inside(name) for name in total.index[1:3])])} take up most paragraphs; "
        f"{inside(total.index[-1])} takes up fewest"
        if len(total) > 3
        else f"{listed([f'{name} ({int(n)})' for name, n in total.items()])}: paragraphs of the chosen text",
        subtitle="Paragraphs coded with each area, by section of the document",
        alt=f"Table of {spell(len(table), 'area')} and {spell(len(counts.columns), 'section')}.",
        table=table,
        sources=["document"],
        note="A paragraph counts under each of its areas. Each number leads to its passages below.",
        links={
            (names[area], SECTIONS[section]): f"{names[area]}; {SECTIONS[section]}"
            for area in counts.index
            for section in counts.columns
            if counts.loc[area, section]
        },
    )


def passages(passages: pd.DataFrame, codes: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """The passages with their gist and areas, to be filtered."""
    areas = codes.assign(area=codes["area_id"].map(names)).groupby("paragraph")["area"].agg("; ".join)
    table = pd.DataFrame(
        {
            "areas; section": areas.reindex(passages["paragraph"]).fillna("none").to_numpy()
            + "; "
            + passages["section"].map(SECTIONS).to_numpy(),
            "written": passages["written"].fillna("").to_numpy(),
            "gist, in our words": passages["gist"].fillna("").to_numpy(),
            "repeats": ["" if pd.isna(x) else f"paragraph {int(x)}" for x in passages["duplicate_of"]],
        },
        index=pd.Index(passages["paragraph"].astype(str), name="paragraph"),
    )
    return Exhibit(
        key="passages",
        title=f"The {spell(len(table), 'passage')} behind the counts",
        subtitle="Every paragraph of the chosen text with its areas, time of writing and gist; filter it by any word",
        alt=f"Table of {spell(len(table), 'passage')}.",
        table=table,
        sources=["document"],
        folded=True,
    )


def shares(counts: pd.DataFrame, names: Mapping[str, str], *, what: str, key: str) -> Exhibit:
    """Stance or status by area, as shares of the paragraphs of the area."""
    table = (
        counts.loc[:, counts.sum() > 0].rename(index=names, columns=lambda c: c.replace("_", " ")).rename_axis("area")
    )
    table.columns.name = None
    ordered = table.loc[table.sum(axis=1).sort_values().index]
    percent = 100 * ordered.div(ordered.sum(axis=1), axis=0)
    whole = 100 * table.sum() / table.to_numpy().sum()
    ranked = [
        f"{number(share, 0)} % of the coded statements count as {name}"
        if at == 0
        else f"{number(share, 0)} % as {name}"
        for at, (name, share) in enumerate(whole.sort_values(ascending=False).head(2).items())
    ]

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        left = pd.Series(0.0, index=percent.index)
        for column in percent:
            shade, ink = SHADES[column]
            axes.barh(range(len(percent)), percent[column], left=left, color=shade, label=column, height=0.72)
            for at, (start, width) in enumerate(zip(left, percent[column], strict=True)):
                if width >= (16 if charts.narrow(axes) else 9):
                    axes.annotate(
                        str(int(ordered[column].iloc[at])),
                        (start + width / 2, at),
                        ha="center",
                        va="center",
                        fontsize=8,
                        color=ink,
                    )
            left += percent[column]
        axes.set_yticks(
            range(len(percent)), [charts.shortened(name, 22 if charts.narrow(axes) else 34) for name in percent.index]
        )
        axes.set_xlim(0, 100)
        axes.grid(False)
        axes.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=2 if charts.narrow(axes) else 4, frameon=False)

    return Exhibit(
        key=key,
        title=f"By {what.lower()}, {listed(ranked)}",
        subtitle=f"{what} of what the document says, share of the coded paragraphs of each area, %; numbers are "
        "paragraphs",
        alt=f"Stacked bars for {spell(len(ordered), 'area')}. Over all areas: "
        + listed([f"{number(share, 0)} % {column}" for column, share in whole.items()])
        + ".",
        table=table.assign(all=table.sum(axis=1)),
        sources=["document"],
        draw=draw,
        height=5.2,
    )


def timeline(events: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Dated events by area: days and months full, years and decades hollow."""
    dated = events.assign(at=events["first_day"].dt.year + (events["first_day"].dt.day_of_year - 1) / 366)
    order = dated["area_id"].value_counts().index[::-1]
    vague = dated["date_precision"].isin(["year", "decade"])
    years = dated["first_day"].dt.year.value_counts()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        colour = charts.COLOURS["KAZ"]
        for at, area in enumerate(order):
            rows = dated["area_id"].eq(area)
            exact, rough = dated[rows & ~vague], dated[rows & vague]
            axes.plot(exact["at"], [at] * len(exact), "o", color=colour, markersize=5, alpha=0.65)
            axes.plot(
                rough["at"] + 0.5,
                [at] * len(rough),
                "o",
                color=colour,
                markerfacecolor=charts.COLOURS["paper"],
                markersize=6,
            )
        axes.set_yticks(
            range(len(order)), [charts.shortened(names[area], 22 if charts.narrow(axes) else 34) for area in order]
        )
        charts.years_axis(axes, range(int(dated["at"].min()), int(dated["at"].max()) + 2))

    table = dated[["date", "date_precision", "title", "area_id", "kind", "actors", "status", "paragraph"]].assign(
        area_id=dated["area_id"].map(names)
    )
    return Exhibit(
        key="timeline",
        title=f"The document’s events crowd around its times of writing: {listed(years.index[:2])} have "
        f"{int(years.iloc[:2].sum())} of {len(dated)}",
        subtitle="Dated events by area; hollow: only the year or the decade is known",
        alt=f"Dots by year in {spell(len(order), 'row')}, one an area; {inside(names[order[-1]])} has most, "
        f"{len(dated[dated['area_id'].eq(order[-1])])} of {len(dated)}.",
        table=table.set_index("date").rename(columns={"area_id": "area", "date_precision": "precision"}),
        sources=["document"],
        draw=draw,
        height=5.0,
        note="What the document tells of, not what happened: quiet years are years of which no text was taken.",
    )


def agreements(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """The agreements that the document names, with status and term."""
    table = rows.sort_values(["signed", "agreement_id"])[
        ["signed", "title", "kind", "parties", "status", "term_end", "area_id", "paragraph"]
    ]
    table = table.assign(signed=table["signed"].fillna("undated"), term_end=table["term_end"].fillna(""))
    table["area_id"] = table["area_id"].map(names)
    undated = int(rows["signed"].isna().sum())
    return Exhibit(
        key="agreements",
        title=f"The document names {spell(len(rows), 'agreement')}, {undated} of them without a date",
        subtitle="Treaties, agreements, declarations, programmes and plans, as the document tells of them",
        alt=f"Table of {spell(len(rows), 'agreement')}.",
        table=table.rename(columns={"area_id": "area", "term_end": "term until"}).set_index("signed"),
        sources=["document"],
        note="Counts alone, such as “more than 270”, are figures and not agreements, and stand among the claims.",
    )


def memberships(rows: pd.DataFrame, organisations: pd.DataFrame) -> Exhibit:
    """Who belongs to or chairs what, as the document says, with dates where it gives them."""
    merged = rows.merge(organisations[["organisation_id", "name"]], on="organisation_id")
    table = merged.sort_values(["name", "start", "member"])[
        ["name", "member", "role", "start", "end", "dating", "paragraph"]
    ]
    dated = int(rows["start"].notna().sum())
    return Exhibit(
        key="memberships",
        title=f"The document tells of {spell(len(rows), 'membership or role', 'memberships and roles')} in "
        f"{spell(rows['organisation_id'].nunique(), 'body', 'bodies')}; {dated} have a date",
        subtitle="Members, chairs, founders and hosts, with the dates that the document gives",
        alt=f"Table of {spell(len(rows), 'row')}.",
        table=table.fillna("").rename(columns={"name": "body"}).set_index("body"),
        sources=["document"],
        folded=True,
    )


def memberships_over_time(rows: pd.DataFrame, organisations: pd.DataFrame, *, end: int) -> Exhibit:
    """Dated memberships and roles as spans of years; `rows` is `areas.memberships_over_time`."""
    named = rows.merge(organisations[["organisation_id", "name"]], on="organisation_id")
    spans = (
        named.groupby(["first_day", "name", "role"], sort=True)
        .agg(who=("member", lambda members: ", ".join(sorted(members))), last_day=("last_day", "max"))
        .reset_index()
        .iloc[::-1]
    )
    first = spans["first_day"].dt.year.clip(lower=1991)
    last = spans["last_day"].dt.year
    still = last.isna()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        at = range(len(spans))
        axes.hlines(at, first, last.fillna(end).clip(lower=first + 0.3), color=charts.COLOURS["KAZ"], linewidth=4)
        axes.plot(
            [end] * int(still.sum()),
            [i for i, is_open in zip(at, still, strict=True) if is_open],
            ">",
            color=charts.COLOURS["KAZ"],
            markersize=6,
        )
        length = 26 if charts.narrow(axes) else 52
        axes.set_yticks(
            list(at),
            [
                charts.shortened(f"{row.name}: {row.role}", length)
                for row in spans[["name", "role"]].itertuples(index=False)
            ],
            fontsize=8,
        )
        charts.years_axis(axes, range(1991, end + 1))

    return Exhibit(
        key="memberships-over-time",
        title=f"For {int(still.sum())} of {spell(len(spans), 'dated role')} the document names a beginning and no end",
        subtitle="Dated memberships, chairs, founders and hosts; an arrow: no end is named, which may mean that it "
        "is open or unknown",
        alt=f"Horizontal lines for {spell(len(spans), 'role')}, from {int(spans['first_day'].dt.year.min())} on; "
        f"{int(still.sum())} run to the edge because no end is named.",
        table=spans.iloc[::-1]
        .assign(
            first_day=spans["first_day"].dt.strftime("%Y-%m"),
            last_day=spans["last_day"].dt.strftime("%Y-%m").fillna(""),
        )
        .rename(columns={"first_day": "from", "last_day": "to", "name": "body"})[["body", "who", "role", "from", "to"]]
        .set_index("body"),
        sources=["document"],
        draw=draw,
        height=5.6,
    )


def regions(rows: pd.DataFrame) -> Exhibit:
    """Regions and cities that the document names, on a map of points."""
    placed = rows.dropna(subset=["lat", "lon"])
    border = int(placed["on_border"].eq(True).fillna(False).sum())

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for country, part in placed.groupby("country"):
            role = country if country in charts.MARKERS else "other"
            on_border = part["on_border"].eq(True).fillna(False)
            for rows_of, size in ((part[on_border], 7), (part[~on_border], 4)):
                axes.plot(
                    rows_of["lon"],
                    rows_of["lat"],
                    charts.MARKERS[role],
                    color=charts.COLOURS[role],
                    markersize=size,
                    alpha=0.8,
                )
        chosen = placed[placed["kind"].eq("city") | placed["on_border"].eq(True).fillna(False)]
        if charts.narrow(axes):
            chosen = placed[placed["name"].isin(["Moscow", "Astana", "Almaty", "Omsk Region", "Chelyabinsk Region"])]
        charts.place_labels(axes, chosen["lon"], chosen["lat"], chosen["name"].str.removesuffix(" Region"))
        axes.set_xlabel("longitude, °E")
        axes.set_ylabel("latitude, °N")
        axes.set_aspect(1.6)

    return Exhibit(
        key="regions",
        title=f"Of {spell(len(rows), 'place')} in the document {border} are regions on the border",
        subtitle="Regions and cities that the document names; large: regions on the border; square: Russia, round: "
        "Kazakhstan",
        alt=f"A map of {len(placed)} points, {int((placed['country'] == 'RUS').sum())} in Russia and "
        f"{int((placed['country'] == 'KAZ').sum())} in Kazakhstan, the border regions in a band between 46 "
        "and 88 degrees east.",
        table=rows[["name", "name_ru", "name_kk", "country", "kind", "iso_code", "on_border", "role", "paragraph"]]
        .astype("string")
        .fillna("")
        .replace({"True": "yes", "False": "no"})
        .set_index("name"),
        sources=["document"],
        draw=draw,
        height=3.6,
        note="Points are the centres of the regions (GeoNames, CC BY 4.0). Border regions that are only counted "
        "in the text "
        "are among them, and the table says so in the role or the note.",
    )


def co_occurrence(pairs: pd.DataFrame, names: Mapping[str, str], *, window: int) -> Exhibit:
    """Which areas are spoken of together, the pairs that meet most often."""
    table = pairs.rename(index=names, columns=names).rename_axis("area")
    table.columns.name = None
    met = pairs.where(~pd.DataFrame(_lower(len(pairs)), pairs.index, pairs.columns)).stack()
    met = met[[a != b for a, b in met.index]].sort_values(ascending=False)
    title = "No two of the chosen areas stand in one paragraph"
    if len(met) and met.iloc[0]:
        (a, b), most = met.index[0], int(met.iloc[0])
        title = f"{names[a]} and {inside(names[b])} meet most often, in {spell(most, 'paragraph')}"
    return Exhibit(
        key="co-occurrence",
        title=title,
        subtitle="Paragraphs in which two areas are coded "
        + ("together" if window == 0 else f"within {spell(window, 'paragraph')} of the same text")
        + "; the diagonal counts the area itself",
        alt=f"Square table of {spell(len(table), 'area')}.",
        table=table,
        sources=["document"],
        folded=True,
    )


def benchmark(items: pd.DataFrame) -> Exhibit:
    """What others count as integration, and whether the document names it."""
    never = list(items.loc[items["paragraphs"] == 0, "name"].str.lower())
    table = items[["name", "aspect", "paragraphs", "token", "note"]].fillna("").set_index("name").rename_axis("field")
    return Exhibit(
        key="never-mentioned",
        title=f"The document never names {listed(never)}",
        subtitle="The fields by which the Eurasian Development Bank measures integration, and the paragraphs that "
        "name them",
        alt=f"Table of {spell(len(table), 'field')}.",
        table=table,
        sources=["edb_siei", "document"],
        note="A field counts as named where a word of it stands in a paragraph, repeats left out; the pattern of "
        "words stands "
        "in integration_benchmark.csv.",
    )


def reliability(agreement: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Agreement of the two coders, by area."""
    table = agreement.set_index(agreement["area_id"].fillna(agreement["variable"])).drop(
        columns=["variable", "area_id"]
    )
    shown = table.rename(index=names, columns=lambda c: c.replace("_", " ")).rename_axis("variable")
    areas = table[table.index.isin(names)]
    sound = list(areas.index[areas["alpha"] >= 0.8])
    weak = list(areas.index[areas["low"] < 0.667])
    return Exhibit(
        key="reliability",
        title=f"Two coders of one kind agree (α of 0.8 or more) on {len(sound)} of {spell(len(areas), 'area')}; for "
        f"{len(weak)} the interval reaches below 0.667",
        subtitle="Krippendorff’s α (nominal) with bootstrap 95 % interval, and percent agreement",
        alt=f"Table of {spell(len(shown), 'row')}.",
        table=shown,
        sources=["document"],
        decimals=2,
        note="The coders worked apart, with the codebook and the text alone. Both are language models of one "
        "kind, so their "
        "agreement shows that the codebook is clear rather than that people would read the text so. Where "
        "the interval reaches below 0.667 an area’s counts are a hint and not a "
        f"measurement; here: {listed([inside(names[area]) for area in weak])}.",
    )


def disagreements(rows: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """Every point on which the two coders differ; nothing is reconciled."""
    table = rows.assign(area_id=rows["area_id"].map(names).fillna("")).rename(
        columns={"area_id": "area", "value_a": "coder a", "value_b": "coder b"}
    )
    counts = rows["variable"].value_counts()
    return Exhibit(
        key="disagreements",
        title=f"The coders differ {spell(len(rows), 'time')}, most often on {counts.index[0]} ({counts.iloc[0]})",
        subtitle="Disagreements of the two coders, none reconciled",
        alt=f"Table of {spell(len(rows), 'disagreement')}.",
        table=table.astype({"paragraph": str}).fillna("").set_index("paragraph"),
        sources=["document"],
        folded=True,
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
        table=table.astype("string").fillna("").set_index("kind"),
        sources=["document"],
        folded=True,
    )


def duplicates(effect: pd.DataFrame, names: Mapping[str, str]) -> Exhibit:
    """What the repeats add to the counts of each area."""
    table = effect.rename(index=names).rename_axis("area")
    most = table["added"].idxmax()
    return Exhibit(
        key="duplicates",
        title=f"Counting repeats would add {int(table['added'].sum())} to {int(table['deduplicated'].sum())} codes, "
        f"most to {inside(most)}",
        subtitle="Paragraphs by area, without and with the paragraphs that repeat others",
        alt=f"Table of {spell(len(table), 'area')}.",
        table=table,
        sources=["document"],
    )


def inside(name: str) -> str:
    """An area's name inside a sentence."""
    return name if name.startswith("Eurasian") else name[0].lower() + name[1:]


def _lower(size: int) -> list[list[bool]]:
    """True below the diagonal, so that each pair counts once."""
    return [[column < row for column in range(size)] for row in range(size)]


def names_of(areas: pd.DataFrame, chosen: Sequence[str]) -> dict[str, str]:
    """The names of the chosen areas, or of all, by id."""
    names = areas.set_index("area_id")["name"]
    return names.loc[list(chosen)].to_dict() if chosen else names.to_dict()
