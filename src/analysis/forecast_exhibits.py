"""The exhibits of the forecast report on words: positions, probability words, the ledger, outcomes and scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from analysis import figures
from analysis.exhibits import Exhibit, listed, number, spell
from analysis.forecasts import OUTCOMES, STANCES, TOO_FEW, expert_agreement, score_ranges

ARROWS = {"up": "↑ up", "down": "↓ down", "same": "→ same"}
LEXICONS = {
    "icd203": "ICD 203",
    "kent": "Kent",
    "efsa": "EFSA",
    "ipcc_ar5": "IPCC",
    "managers_guide": "Manager’s Guide",
}
REASONS = {
    "vague": "too vague to test",
    "no_horizon": "no time is named",
    "not_observable": "nothing observable is foretold",
    "commentary": "a comment rather than a forecast",
    "conditional_not_met_unknown": "hangs on a condition",
    "not_due": "its time is not over",
    "no_evidence": "no evidence was found",
    "condition_open": "its condition is not known to have been met",
    "no_value": "the chosen books have no value",
}
_STANCE_COLOURS = dict(zip(STANCES, ("up", "up", "muted", "down", "down"), strict=True))


def names(experts: pd.DataFrame, chosen: str) -> dict[str, str]:
    """The names of the chosen experts by id: `chosen` is all, or ids joined by commas."""
    rows = experts if chosen == "all" else experts[experts["expert_id"].isin(chosen.split(","))]
    return dict(zip(rows["expert_id"], rows["name"], strict=True))


def gists(questions: pd.DataFrame, chosen: str) -> dict[str, str]:
    """The chosen questions in our words by id: `chosen` is all, or ids joined by commas."""
    rows = questions if chosen == "all" else questions[questions["question_id"].isin(chosen.split(","))]
    return dict(zip(rows["question_id"], rows["gist"], strict=True))


def chosen(
    statements: pd.DataFrame, *, experts: Mapping[str, str], questions: Mapping[str, str], horizon_year: int
) -> pd.DataFrame:
    """The chosen experts' statements on the chosen questions and those of everybody else, without those due later."""
    own = statements["expert_id"].isin(experts) & statements["question_id"].isin(questions)
    late = statements["horizon_end"].dt.year > horizon_year
    return statements[(own | statements["expert_id"].isna()) & ~late]


def directions_on(question: str, table: pd.DataFrame, *, experts: Mapping[str, str]) -> dict[str, str]:
    """The direction that each expert expects on a question, by name, as the first coder read it."""
    rows = table[(table["question_id"] == question) & (table["coder"] == "a")].set_index("expert_id")
    return {name: rows.loc[expert, "direction"] for expert, name in experts.items()}


def score_under(
    lexicon_names: Sequence[str], statements: pd.DataFrame, resolutions: pd.DataFrame, lexicons: pd.DataFrame
) -> pd.DataFrame:
    """`forecasts.score_ranges` under several lexicons, one below the other."""
    return pd.concat(
        [score_ranges(statements, resolutions, lexicons, lexicon=name) for name in lexicon_names], ignore_index=True
    )


def positions(table: pd.DataFrame, *, experts: Mapping[str, str], questions: Mapping[str, str]) -> Exhibit:
    """What each expert answers to each question, as two coders read it; `experts` and `questions` give names by id."""
    shown = table[table["expert_id"].isin(experts) & table["question_id"].isin(questions)]
    both = shown.pivot(index=["question_id", "expert_id"], columns="coder", values=["stance", "direction"])
    differ = (both.xs("a", axis=1, level=1) != both.xs("b", axis=1, level=1)).any(axis=1)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        small = figures.narrow(axes)
        for (question, expert), row in both.iterrows():
            x, y = list(experts).index(expert), list(questions).index(question)
            readings = [(row["stance", coder], row["direction", coder]) for coder in ("a", "b")]
            for i, (stance, direction) in enumerate(dict.fromkeys(readings)):
                offset = 0.0 if len(set(readings)) == 1 else (-0.22, 0.22)[i]
                words = stance.replace("_", "\n" if small else " ")
                axes.text(
                    x,
                    y + offset,
                    f"{words}\n{ARROWS[direction]}",
                    color=figures.COLOURS[_STANCE_COLOURS[stance]],
                    ha="center",
                    va="center",
                    fontsize=8 if small else 9.5,
                )
        for edge in range(1, len(questions)):
            axes.axhline(edge - 0.5, color=figures.COLOURS["rule"], linewidth=0.8)
        axes.set_xlim(-0.5, len(experts) - 0.5)
        axes.set_ylim(len(questions) - 0.5, -0.5)
        axes.xaxis.tick_top()
        axes.set_xticks(range(len(experts)), [name.split()[-1] if small else name for name in experts.values()])
        axes.set_yticks(range(len(questions)), [question.upper() for question in questions])
        axes.grid(False)
        axes.spines[:].set_visible(False)

    rows = pd.DataFrame(
        {
            "expert": shown["expert_id"].map(experts).to_numpy(),
            "coder": shown["coder"].to_numpy(),
            "stance": shown["stance"].str.replace("_", " ").to_numpy(),
            "direction": shown["direction"].to_numpy(),
            "strength, 1 to 3": shown["strength"].to_numpy(),
            "certainty, 1 to 5": shown["certainty"].to_numpy(),
            "in our words": shown["gist"].to_numpy(),
            "drivers": shown["drivers"].to_numpy(),
            "conditions": shown["conditions"].to_numpy(),
            "paragraphs": shown["paragraphs"].to_numpy(),
            "note": shown["note"].to_numpy(),
        },
        index=pd.Index(shown["question_id"].str.upper(), name="question"),
    ).fillna("")
    up = both["direction"].eq("up").all(axis=1).groupby("question_id").sum()
    most = (
        f"more is expected by most experts on {up.idxmax().upper()}"
        if up.max() > len(experts) / 2
        else "most expect no more"
    )
    together = "poletaev" in experts and {"q1", "q3"} <= set(questions)
    broken = "rekeda" in experts and "q4" in questions
    return Exhibit(
        key="positions",
        title=f"Of {spell(len(both), 'answer')} none is pessimistic"
        if not both["stance"].isin(["pessimistic"]).any(axis=None)
        else f"{spell(int(both['stance'].eq('pessimistic').any(axis=1).sum()), 'answer')} of {len(both)} "
        "read as pessimistic",
        subtitle="Stance and expected direction of each expert on each question, January 2018; two entries where the coders differ. "
        + "; ".join(f"{question.upper()}: {words}" for question, words in questions.items()),
        alt=f"A grid of {spell(len(questions), 'question')} by {spell(len(experts), 'expert')}; {most}; the coders differ in "
        f"{spell(int(differ.sum()), 'cell')}.",
        table=rows,
        sources=["document"],
        draw=draw,
        height=3.6,
        note="A stance is how the answer speaks of the future, read by two coders who worked apart."
        + " Eduard Poletaev answers questions Q1 and Q3 together, so his two cells are not independent." * together
        + " Sergey Rekeda’s answer to Q4 breaks off." * broken,
    )


def dissent(table: pd.DataFrame, *, experts: Mapping[str, str], questions: Mapping[str, str]) -> Exhibit:
    """Who stands apart from the others on which question, and how far the experts agree, by each coder's reading."""
    shown = table[table["expert_id"].isin(experts) & table["question_id"].isin(questions)]
    rows, alphas = [], {}
    for coder, cells in shown.groupby("coder"):
        agreement = expert_agreement(cells)
        alphas[coder] = agreement.alpha
        for question, stances in agreement.matrix.iterrows():
            counts = stances.value_counts()
            alone = [experts[e] for e, stance in stances.items() if counts[stance] == 1 and counts.max() > 1]
            apart = "nobody" if len(counts) == 1 else "each" if counts.max() == 1 else ", ".join(alone)
            row = {"question": question.upper(), "coder": coder}
            row |= {experts[e]: stances[e].replace("_", " ") for e in experts}
            rows.append(row | {"stands apart": apart})
    frame = pd.DataFrame(rows).sort_values(["question", "coder"]).set_index("question")
    united = sorted({q for q, same in (frame["stands apart"] == "nobody").groupby(level=0).all().items() if same})
    worth = [f"{alpha:.2f}" for alpha in alphas.values() if pd.notna(alpha)]
    return Exhibit(
        key="dissent",
        title="One expert cannot dissent: choose several to compare them"
        if len(experts) < 2
        else f"All experts take one stance on {listed(united)}"
        + " and differ on the others" * (len(united) < len(questions))
        if united
        else "On no question do all the chosen experts take the same stance",
        subtitle="Stance by question, expert and coder, and who stands apart from the others",
        alt=f"Table of {len(frame)} rows.",
        table=frame,
        sources=["document"],
        note=f"Krippendorff’s ordinal alpha of the experts is {listed(worth)} (by coder); of {spell(len(questions), 'question')} it can be "
        "almost anything, so read the rows."
        if worth
        else "No coefficient of agreement can be computed of so little.",
    )


def words(
    statements: pd.DataFrame, lexicons: pd.DataFrame, readings: pd.DataFrame, *, reading: str, chosen: Sequence[str]
) -> Exhibit:
    """What each kind of words is worth as a probability, by lexicon; `chosen` are the lexicons shown."""
    classes = readings[readings["reading"] == reading].set_index("phrase_class")["lexicon_class"]
    counts = statements["phrase_class"].value_counts()
    bands = lexicons[lexicons["lexicon"].isin(chosen)].set_index(["phrase_class", "lexicon"])[["low_pct", "high_pct"]]
    rows = {}
    for phrase_class in counts.index:
        row = {"statements": counts[phrase_class], "read as": _plain(classes[phrase_class]) or "no probability"}
        for lexicon in chosen:
            row[LEXICONS[lexicon]] = _band(bands, classes[phrase_class], [lexicon])
        rows[phrase_class.replace("_", " ")] = row
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("kind of words")
    drawn = [c for c in classes.dropna().unique() if c in bands.index and bands.loc[[c]].notna().all(axis=None)]
    drawn = sorted(drawn, key=lambda c: bands.loc[[c], "high_pct"].mean() + bands.loc[[c], "low_pct"].mean())
    span = {c: (bands.loc[[c], "low_pct"].min(), bands.loc[[c], "high_pct"].max()) for c in drawn}
    known = statements["known_when_made"].astype(bool)
    unscored = int((~statements["phrase_class"].map(classes).isin(drawn) | known).sum())

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for row, name in enumerate(drawn):
            for step, lexicon in enumerate(chosen):
                if (name, lexicon) not in bands.index:
                    continue
                low, high = bands.loc[(name, lexicon)]
                at = row + 0.14 * (step - (len(chosen) - 1) / 2)
                axes.plot([low, high], [at, at], color=figures.COLOURS["KAZ"], linewidth=3, solid_capstyle="butt")
                axes.plot([low, high], [at, at], "|", color=figures.COLOURS["KAZ"], markersize=7)
                left = (low if low > 50 else high) + (-2 if low > 50 else 2)
                axes.text(left, at, LEXICONS[lexicon], va="center", ha="right" if low > 50 else "left", fontsize=6.5)
        axes.set_yticks(range(len(drawn)), [_plain(name) for name in drawn])
        axes.set_ylim(-0.6, len(drawn) - 0.4)
        axes.set_xlim(-1, 101)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")

    likely = span.get("likely", (float("nan"), float("nan")))
    return Exhibit(
        key="words",
        title=f"“Likely” is anything from {number(likely[0], 0)} to {number(likely[1], 0)} %, depending on whose lexicon one takes"
        if len(chosen) > 1
        else f"“Likely” is {_band(bands, 'likely', chosen)} in {LEXICONS[chosen[0]]}",
        subtitle=f"Probability in percent that each class of words stands for, by lexicon; {reading} reading",
        alt="Horizontal bars: "
        + "; ".join(
            f"{_plain(name)} from {number(low, 0)} to {number(high, 0)} %" for name, (low, high) in span.items()
        )
        + ".",
        table=table,
        sources=["document", *dict.fromkeys(lexicons.loc[lexicons["lexicon"].isin(chosen), "source_id"])],
        draw=draw,
        height=2.6 + 0.3 * len(drawn),
        decimals=0,
        note=f"{spell(unscored, 'statement')} of {counts.sum()} {'has' if unscored == 1 else 'have'} no band: “possible” is never scored, and plans, promises and "
        "conditions state no probability. What was known when it was said is not scored either. The lexicons were read in secondary pages. The words are a translation.",
    )


def ledger(
    statements: pd.DataFrame,
    resolutions: pd.DataFrame,
    lexicons: pd.DataFrame,
    *,
    chosen: Sequence[str],
) -> Exhibit:
    """Every statement with its words, their band and its outcome; `statements` as `read_classes` returns them."""
    bands = lexicons.set_index(["phrase_class", "lexicon"])[["low_pct", "high_pct"]]
    rows = statements.merge(resolutions[["statement_id", "outcome"]], on="statement_id", how="left")
    said = [
        _banded(phrase, _band(bands, name, chosen))
        for phrase, name in zip(rows["phrase"], rows["phrase_class"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "said by": rows["speaker"].to_numpy(),
            "said on": rows["made_on"].to_numpy(),
            "due": rows["horizon_end"].dt.strftime("%Y-%m-%d").to_numpy(),
            "kind": rows["kind"].to_numpy(),
            "statement, in our words": rows["gist"].to_numpy(),
            "its words": said,
            "outcome": rows["outcome"].fillna("not testable").to_numpy(),
            "paragraph": rows["paragraph"].astype("string").to_numpy(),
            "criterion": rows["criterion"].to_numpy(),
        },
        index=pd.Index(rows["statement_id"], name="statement"),
    ).fillna("")
    testable = int(statements["resolvable"].sum())
    return Exhibit(
        key="ledger",
        title=f"{number(100 * testable / len(rows), 0)} % of {len(rows)} forward-looking statements say something that can be tested",
        subtitle="Every forward-looking statement of the document and of the officials’ forecasts found elsewhere, with the band of "
        f"its words by {_of_lexicons(chosen)}",
        alt=f"Table of {spell(len(rows), 'statement')}.",
        table=table,
        sources=["document", *sorted(set(rows["source_id"].dropna()) - {"document"})],
        folded=True,
        note="One row is one thing that can come true or not. Criteria were written from the statements alone, before any "
        "outcome was looked up. The band is of the statement as it is put here.",
    )


def sizes(statements: pd.DataFrame) -> Exhibit:
    """How many statements of which kind come from whom."""
    origin = statements["expert_id"].notna().map({True: "experts", False: ""})
    outside = statements["source_id"] != "document"
    origin = origin.mask(origin.eq("") & outside, "officials and agencies, elsewhere").mask(
        origin.eq("") & ~outside, "others in the document"
    )
    table = pd.crosstab(statements["kind"], origin)
    table["all"] = table.sum(axis=1)
    table["testable"] = statements[statements["resolvable"]].groupby("kind").size().reindex(table.index, fill_value=0)
    table.loc["all"] = table.sum()
    top = table.drop("all")["all"].idxmax()
    return Exhibit(
        key="ledger-size",
        title=f"The commonest kind of statement is the {top}: {table.loc[top, 'all']} of {len(statements)}",
        subtitle="Statements by kind and by who makes them",
        alt=f"Table of {len(table)} rows.",
        table=table.rename_axis("kind"),
        sources=["document"],
        decimals=0,
    )


def resolved(statements: pd.DataFrame, resolutions: pd.DataFrame, *, key: str = "resolutions") -> Exhibit:
    """What became of the testable statements, with the evidence."""
    rows = statements[statements["resolvable"]].merge(resolutions, on="statement_id", suffixes=("", "_resolution"))
    counts = rows["outcome"].value_counts().reindex([*OUTCOMES, "unresolved"], fill_value=0)
    table = pd.DataFrame(
        {
            "said by": rows["speaker"].to_numpy(),
            "statement, in our words": rows["gist"].to_numpy(),
            "outcome": rows["outcome"].to_numpy(),
            "settled": rows["resolved_on"].to_numpy(),
            "evidence": rows["evidence"].to_numpy(),
            "source": rows["source_id_resolution"].to_numpy(),
            "note": rows["note_resolution"].to_numpy(),
            "criterion": rows["criterion"].to_numpy(),
        },
        index=pd.Index(rows["statement_id"], name="statement"),
    ).fillna("")
    experts = rows[rows["expert_id"].notna()]["outcome"].value_counts()
    shared = int(rows["criterion"].duplicated(keep=False).sum())
    return Exhibit(
        key=key,
        title=f"Of {spell(len(rows), 'testable statement')}, {counts['yes']} came true, {counts['partly']} in part, {counts['no']} "
        f"did not, and {counts['unresolved']} cannot be settled",
        subtitle="Outcome of each testable statement by its criterion, with the evidence",
        alt=f"Table of {spell(len(rows), 'statement')}.",
        table=table,
        sources=["document", *sorted(set(rows["source_id_resolution"].dropna()))],
        folded=True,
        note="Of the experts’ statements "
        + (listed([f"{n} {outcome}" for outcome, n in experts.items()]) if len(experts) else "none is shown")
        + f". The outcomes are not independent: {shared} statements share a criterion with another, word for word. Much that came true was "
        "near certain when it was said; the criteria apply as they were written.",
    )


def by_basis(statements: pd.DataFrame, found: pd.DataFrame, *, last_of_russia: int) -> Exhibit:
    """The outcomes that statistics decide, by whose books are read; the last year of Russia's is named."""
    shown = found[found["statement_id"].isin(statements["statement_id"])]
    wide = shown.pivot(index="statement_id", columns="basis", values="outcome")
    wide = wide.reindex(columns=["criterion", "kazakhstan", "russia", "officials"])
    judged = wide[["kazakhstan", "russia", "officials"]].replace("unresolved", None)
    several = judged.notna().sum(axis=1) > 1
    differ = judged[several].nunique(axis=1) > 1
    judgeable = wide["kazakhstan"].notna()
    without = {name: int(judged.loc[judgeable, name].isna().sum()) for name in ("kazakhstan", "russia", "officials")}
    rows = statements.set_index("statement_id").loc[wide.index]
    evidence = shown[shown["basis"] == "criterion"].set_index("statement_id")["evidence"]
    table = pd.DataFrame(
        {
            "said by": rows["speaker"],
            "statement, in our words": rows["gist"],
            "by its criterion": wide["criterion"],
            "Kazakhstan’s books": wide["kazakhstan"],
            "Russia’s books": wide["russia"],
            "officials at the time": wide["officials"],
            "values": evidence.reindex(wide.index),
        }
    ).rename_axis("statement")
    return Exhibit(
        key="by-basis",
        title=f"{spell(int(differ.sum()), 'verdict')} of {int(several.sum())} that more than one set of books can judge "
        f"{'depends' if differ.sum() == 1 else 'depend'} on whose books are read"
        if differ.any()
        else f"No verdict of the {int(several.sum())} that more than one set of books can judge depends on whose books are read",
        subtitle="Statements decided by statistics: outcome by the criterion, by each country’s ledger and by officials’ figures of the day",
        alt=f"Table of {spell(len(table), 'statement')}; {int(differ.sum())} differ between the books.",
        table=table.fillna(""),
        sources=["wits", "bns", "bns_pipeline", "fcs_annual", "eia_brent", "wits_groups"],
        note=f"Unresolved for want of a value, or of time: {without['kazakhstan']} by Kazakhstan’s books, {without['russia']} by Russia’s, "
        f"whose yearly record by country ends in {last_of_russia}, and {without['officials']} by officials’ figures, whose publications are "
        "in the table officials_figures.",
    )


def scores(ranges: pd.DataFrame, ranks: pd.DataFrame) -> Exhibit:
    """The experts' Brier scores as ranges, by lexicon, beside a forecaster who says 50 % to everything."""
    scored = ranges[ranges["n"] > 0].sort_values(["speaker", "lexicon"])
    least, most = int(ranges["n"].min()), int(ranges["n"].max())
    scorable = spell(most, "statement") if least == most else f"between {least} and {most} statements"
    speakers = list(dict.fromkeys(scored["speaker"]))
    lexicons = [name for name in LEXICONS if name in set(scored["lexicon"])]
    even = (scored["brier_worst"] / (1 - scored["skill_even_low"])).groupby(scored["speaker"]).mean()

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        ticks = []
        for row in scored.itertuples():
            at = speakers.index(row.speaker) * (len(lexicons) + 1) + lexicons.index(row.lexicon)
            if pd.notna(row.brier_low):
                axes.plot([row.brier_low, row.brier_high], [at, at], color=figures.COLOURS["muted"], linewidth=1)
            axes.plot([row.brier_best, row.brier_worst], [at, at], color=figures.COLOURS["KAZ"], linewidth=5)
            axes.plot(row.brier_mid, at, "o", color=figures.COLOURS["ink"], markersize=4)
            ticks.append((at, f"{LEXICONS[row.lexicon]}, n = {row.n}"))
        for speaker in speakers:
            axes.text(0, speakers.index(speaker) * (len(lexicons) + 1) - 0.8, speaker, fontweight="bold", va="center")
        for speaker, own in scored.groupby("speaker"):
            top = speakers.index(speaker) * (len(lexicons) + 1)
            axes.plot(
                [even[speaker]] * 2, [top - 0.5, top + len(own) - 0.5], color=figures.COLOURS["down"], linestyle="--"
            )
        first = even[speakers[0]]
        axes.text(first, -0.8, "50 % for all", color=figures.COLOURS["down"], fontsize=8, va="center", ha="center")
        axes.set_yticks(*zip(*ticks, strict=True) if ticks else ([], []))
        axes.set_ylim(len(speakers) * (len(lexicons) + 1) - 0.5, -2.2)
        axes.set_xlim(0, max(0.3, 1.05 * scored[["brier_high", "brier_worst"]].max(axis=None)))
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")

    ranked = ranks[ranks["verdict"] != TOO_FEW]
    columns = {
        "lexicon": "lexicon",
        "statements": "statements",
        "resolvable": "testable",
        "resolved": "settled",
        "n": "scored",
        "brier_best": "Brier, best",
        "brier_mid": "Brier, middle of the bands",
        "brier_worst": "Brier, worst",
        "brier_low": "interval, low",
        "brier_high": "interval, high",
        "log_best": "log score, best",
        "log_worst": "log score, worst",
        "skill_even_low": "skill against 50 %, low",
        "skill_even_high": "skill against 50 %, high",
        "n_no_change": "with a direction",
        "skill_no_change_low": "skill against no change, low",
        "skill_no_change_high": "skill against no change, high",
    }
    table = (
        ranges.assign(lexicon=ranges["lexicon"].map(LEXICONS))
        .set_index("speaker")[list(columns)]
        .rename(columns=columns)
    )
    return Exhibit(
        key="scores",
        title="No statement of the chosen can be scored: none has both an outcome and a band"
        if not most
        else f"{scorable} can be scored; one expert is no ranking"
        if len(ranks) == 1
        else f"Too few to rank: {scorable} an expert can be scored"
        if ranked.empty
        else f"{listed(list(ranked.sort_values('rank', kind='stable')['speaker']))} can be ranked, in this order",
        subtitle="Brier score of each expert by lexicon, 0 is best: from the best to the worst that the bands of the words allow (thick), "
        "with the bootstrap interval (thin), the middle of the bands (dot), and the score of 50 % for everything (dashed)",
        alt=f"Horizontal ranges for {spell(len(speakers), 'expert')} by lexicon; all lie between "
        f"{number(scored['brier_best'].min(), 2)} and {number(scored['brier_worst'].max(), 2)}."
        if len(scored)
        else "Nothing is scored.",
        table=table,
        sources=["document", "icd_203", "kent_1964", "efsa_2018", "ipcc_ar5", "managers_guide_ci"],
        draw=draw if len(scored) else None,
        height=1.6 + 0.28 * len(scored),
        decimals=2,
        note="An outcome “partly” counts as one half. The logarithmic score is clipped at 1 and 99 %. The statements of one expert hang "
        "together, so the intervals are too narrow; and the experts did not judge the same things. What was a fact already when it was said "
        "is not scored. “No change” gives 100 % to “stays the "
        "same” and 0 to “grows”.",
    )


def unresolved(statements: pd.DataFrame, resolutions: pd.DataFrame) -> Exhibit:
    """The statements without an outcome, and why."""
    rows = statements.merge(resolutions, on="statement_id", how="left", suffixes=("", "_resolution"))
    rows = rows[~rows["outcome"].isin(list(OUTCOMES))]
    reason = rows["unresolvable_reason"].fillna(rows["reason"])
    table = pd.DataFrame(
        {
            "said by": rows["speaker"].to_numpy(),
            "statement, in our words": rows["gist"].to_numpy(),
            "reason": reason.map(REASONS).to_numpy(),
            "what is missing": rows["evidence"].to_numpy(),
            "note": rows["note"].to_numpy(),
        },
        index=pd.Index(rows["statement_id"], name="statement"),
    ).fillna("")
    counts = reason.map(REASONS).value_counts()
    return Exhibit(
        key="unresolved",
        title=f"{spell(len(rows), 'statement')} of {len(statements)} {'has' if len(rows) == 1 else 'have'} no outcome, most often because "
        f"{counts.index[0]} ({counts.iloc[0]})"
        if len(rows)
        else "Every statement shown has an outcome",
        subtitle="Statements without an outcome, with the reason",
        alt=f"Table of {spell(len(rows), 'statement')}: " + listed([f"{n} {why}" for why, n in counts.items()]) + ".",
        table=table,
        sources=["document"],
        folded=True,
    )


def _plain(name: object) -> str:
    return "" if pd.isna(name) else str(name).replace("_", " ")


def _of_lexicons(chosen: Sequence[str]) -> str:
    return LEXICONS[chosen[0]] if len(chosen) == 1 else f"{len(chosen)} lexicons"


def _band(bands: pd.DataFrame, phrase_class: object, chosen: Sequence[str]) -> str:
    """The band as a reader reads it, from the lowest to the highest of the lexicons; empty where there is none."""
    found = [bands.loc[(phrase_class, lexicon)] for lexicon in chosen if (phrase_class, lexicon) in bands.index]
    found = [band for band in found if pd.notna(band["low_pct"])]
    if not found:
        return ""
    low, high = min(band["low_pct"] for band in found), max(band["high_pct"] for band in found)
    return f"{number(low, 0)} %" if low == high else f"{number(low, 0)}–{number(high, 0)} %"


def _banded(phrase: object, band: str) -> str:
    words = "" if pd.isna(phrase) else str(phrase)
    return f"{words} [{band}]".strip() if band else words
