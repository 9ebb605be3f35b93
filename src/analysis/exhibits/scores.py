"""The exhibits of the forecast report on what words are worth and how the experts score."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.tabs import Tabs, tabs
from analysis.exhibits.wording import listed, number, plain, spell
from analysis.methods.expectations import Register, WordScale
from analysis.methods.scoring import RANKED, TOO_FEW, ranking

_COLUMNS = {
    "lexicon": "lexicon",
    "statements": "statements",
    "resolvable": "testable",
    "resolved": "settled",
    "n": "scored",
    "brier_best": "Brier, best",
    "brier_worst": "Brier, worst",
    "brier_low": "interval, low",
    "brier_high": "interval, high",
    "log_best": "log score, best",
    "log_worst": "log score, worst",
}


def words(statements: pd.DataFrame, scale: WordScale) -> Exhibit:
    """What each kind of the statements' words is worth as a probability, by the lexicons of the scale."""
    classes, labels, bands = scale.classes, scale.labels, scale.bands
    counts = statements["phrase_class"].value_counts()
    alone = {label: scale.choose(lexicon, scale.reading).spans for lexicon, label in labels.items()}
    rows = {}
    for phrase_class in counts.index:
        row = {"statements": counts[phrase_class], "read as": plain(classes[phrase_class]) or "no probability"}
        row |= {label: band(spans.get(classes[phrase_class])) for label, spans in alone.items()}
        rows[phrase_class.replace("_", " ")] = row
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("kind of words")
    drawn = [c for c in classes.dropna().unique() if c in bands.index and bands.loc[[c]].notna().all(axis=None)]
    drawn = sorted(drawn, key=lambda c: bands.loc[[c], "high_pct"].mean() + bands.loc[[c], "low_pct"].mean())
    drawn_spans = {plain(c): scale.spans[c] for c in drawn}
    known = statements["known_when_made"].astype(bool)
    unscored = int((~statements["phrase_class"].map(classes).isin(drawn) | known).sum())

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        for row, name in enumerate(drawn):
            for step, lexicon in enumerate(labels):
                if (name, lexicon) not in bands.index:
                    continue
                low, high = bands.loc[(name, lexicon)]
                at = row + 0.14 * (step - (len(labels) - 1) / 2)
                axes.plot([low, high], [at, at], color=charts.COLOURS["KAZ"], linewidth=3, solid_capstyle="butt")
                axes.plot([low, high], [at, at], "|", color=charts.COLOURS["KAZ"], markersize=7)
                left = (low if low > 50 else high) + (-2 if low > 50 else 2)
                axes.text(left, at, labels[lexicon], va="center", ha="right" if low > 50 else "left", fontsize=6.5)
        axes.set_yticks(range(len(drawn)), [plain(name) for name in drawn])
        charts.rows_at(axes, y=counts.index.map(classes).map({name: row for row, name in enumerate(drawn)}))
        axes.set_ylim(-0.6, len(drawn) - 0.4)
        axes.set_xlim(-1, 101)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")

    return Exhibit(
        key="words",
        title=_likely(scale),
        subtitle=f"Probability in percent that each class of words stands for, by lexicon; {scale.reading} reading",
        alt="Horizontal bars: "
        + "; ".join(f"{name} from {number(low, 0)} to {number(high, 0)} %" for name, (low, high) in drawn_spans.items())
        + ".",
        table=table,
        sources=sources(statements, scale.rows),
        draw=draw,
        height=2.6 + 0.3 * len(drawn),
        decimals=0,
        folded=True,
        note=f"{spell(unscored, 'statement')} of {counts.sum()} {'has' if unscored == 1 else 'have'} no band: "
        "“possible” is never scored, and plans, promises and conditions state no probability. What was known when it "
        "was said is not scored either. The lexicons were read in secondary pages. The words are a translation.",
    )


def _likely(scale: WordScale) -> str:
    """The finding on the commonest word of probability."""
    bands = scale.bands.loc[["likely"]].dropna()
    middles = bands.mean(axis=1)
    if len(scale.labels) == 1:
        return f"“Likely” is {band(scale.spans['likely'])} in {listed(list(scale.labels.values()))}"
    low, high = number(middles.min(), 0), number(middles.max(), 0)
    return f"By the middle of its band “likely” is worth {low} to {high} %, depending on whose lexicon one takes"


def scores(register: Register) -> Exhibit:
    """The experts' Brier scores as ranges, by lexicon, beside a forecaster who says 50 % to everything."""
    ranges, labels = register.ranges, register.scale.labels
    scored = ranges[ranges["n"] > 0].sort_values(["speaker", "lexicon"])
    speakers = list(dict.fromkeys(scored["speaker"]))
    lexicons = [name for name in labels if name in set(scored["lexicon"])]
    scale = "lexicon" if len(labels) > 1 else next(iter(labels.values()))

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        ticks, places = [], pd.Series(float("nan"), index=ranges.index)
        for row in scored.itertuples():
            at = speakers.index(row.speaker) * (len(lexicons) + 1) + lexicons.index(row.lexicon)
            places[row.Index] = at
            if pd.notna(row.brier_low):
                axes.plot([row.brier_low, row.brier_high], [at, at], color=charts.COLOURS["muted"], linewidth=1)
            axes.plot([row.brier_best, row.brier_worst], [at, at], color=charts.COLOURS["KAZ"], linewidth=5)
            named = f"{labels[row.lexicon]}, n = {row.n}" if len(lexicons) > 1 else f"{row.speaker}\nn = {row.n}"
            ticks.append((at, named))
        for speaker in speakers if len(lexicons) > 1 else ():
            axes.text(0, speakers.index(speaker) * (len(lexicons) + 1) - 0.8, speaker, fontweight="bold", va="center")
        bottom = len(speakers) * (len(lexicons) + 1) - 0.5
        axes.plot([0.25, 0.25], [-1.2, bottom], color=charts.COLOURS["down"], linestyle="--", linewidth=1.2)
        axes.text(0.25, -1.6, "50 % for all", color=charts.COLOURS["down"], fontsize=8, va="center", ha="center")
        axes.set_yticks(*zip(*ticks, strict=True) if ticks else ([], []))
        charts.rows_at(axes, y=places)
        axes.set_ylim(bottom, -2.2)
        axes.set_xlim(0, max(0.3, 1.05 * scored[["brier_high", "brier_worst"]].max(axis=None)))
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")

    table = (
        ranges.assign(lexicon=ranges["lexicon"].map(labels))
        .set_index("speaker")[list(_COLUMNS)]
        .rename(columns=_COLUMNS)
    )
    return Exhibit(
        key="scores",
        title=_rank(ranges),
        subtitle=f"Brier score of each expert by {scale}, 0 is best: from the best to the worst that the bands of the "
        "words and the outcomes “partly” allow (thick), with the bootstrap interval (thin), and the score of 50 % for "
        "everything (dashed)",
        alt=f"Horizontal ranges for {spell(len(speakers), 'expert')} by {scale}; all lie between "
        f"{number(scored['brier_best'].min(), 2)} and {number(scored['brier_worst'].max(), 2)}."
        if len(scored)
        else "Nothing is scored.",
        table=table,
        sources=sources(register.by_experts, register.scale.rows, register.evidence(register.by_experts)),
        draw=draw if len(scored) else None,
        height=1.6 + 0.28 * len(scored),
        decimals=2,
        folded=True,
        note="An outcome “partly” counts as a yes at one end of the range and as a no at the other. The logarithmic "
        "score is clipped at 1 and 99 %. The statements of one expert hang together, so the intervals are too narrow; "
        "and the experts did not judge the same things. What was a fact already when it was said is not scored.",
    )


def scores_of(register: Register) -> Tabs:
    """`scores` under all lexicons that count together, and under each of them alone."""
    scale = register.scale
    under = {"by every lexicon": register} if len(scale.labels) > 1 else {}
    for lexicon, label in scale.labels.items():
        under[f"by {label}"] = replace(register, scale=scale.choose(lexicon, scale.reading))
    return tabs({words: scores(one) for words, one in under.items()})


def _rank(ranges: pd.DataFrame) -> str:
    """Who is ahead of whom, where enough can be scored to tell."""
    least, most = int(ranges["n"].min()), int(ranges["n"].max())
    if not most:
        return "No statement of the chosen can be scored: none has both an outcome and a band"
    scorable = spell(most, "statement") if least == most else f"between {least} and {most} statements"
    ranks = ranking(ranges)
    if len(ranks) == 1:
        return f"{scorable} can be scored; one expert is no ranking"
    ranked = ranks[ranks["verdict"] == RANKED]
    if ranked.empty and (ranks["verdict"] == TOO_FEW).any():
        return f"Too few to rank: {scorable} an expert can be scored"
    if ranked.empty:
        return f"Not told apart: {scorable} an expert can be scored, and the ranges overlap"
    return f"{listed(list(ranked.sort_values('rank', kind='stable')['speaker']))} can be ranked, in this order"


def band(span: tuple[float, float] | None) -> str:
    """A band of percent as a reader reads it; empty where there is none."""
    if span is None:
        return ""
    low, high = span
    return f"{number(low, 0)} %" if low == high else f"{number(low, 0)}–{number(high, 0)} %"
