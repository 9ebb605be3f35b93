"""The exhibits of the forecast report on the survey: what the experts answer, and who stands apart."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import listed, months, spell
from analysis.methods.expectations import Survey
from analysis.methods.scoring import OUTLOOKS, expert_agreement

ARROWS = {"up": "↑ up", "down": "↓ down", "same": "→ same", "unclear": "? unclear"}
_OUTLOOK_COLOURS = dict(zip(OUTLOOKS, ("up", "up", "muted", "down", "down"), strict=True))


def positions(survey: Survey) -> Exhibit:
    """What each expert answers to each question, as two coders read it."""
    experts, questions, shown = survey.names, survey.gists, survey.cells
    both = shown.pivot(index=["question_id", "expert_id"], columns="coder", values=["stance", "direction"])
    differ = (both.xs("a", axis=1, level=1) != both.xs("b", axis=1, level=1)).any(axis=1)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        small = charts.narrow(axes)
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
                    color=charts.COLOURS[_OUTLOOK_COLOURS[stance]],
                    ha="center",
                    va="center",
                    fontsize=8 if small else 9.5,
                )
        at = (shown["expert_id"].map(list(experts).index), shown["question_id"].map(list(questions).index))
        charts.rows_at(axes, x=at[0], y=at[1])
        for edge in range(1, len(questions)):
            axes.axhline(edge - 0.5, color=charts.COLOURS["rule"], linewidth=0.8)
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
    return Exhibit(
        key="positions",
        title=_pessimism(both["stance"].eq("pessimistic").any(axis=1)),
        subtitle="Stance and expected direction of each expert on each question, "
        f"{months(survey.questions['asked_on'])}; two entries where the coders differ. "
        + "; ".join(f"{question.upper()}: {words}" for question, words in questions.items()),
        alt=f"A grid of {spell(len(questions), 'question')} by {spell(len(experts), 'expert')}; "
        f"{_most_expected(both['direction'], len(experts))}; the coders differ in {spell(int(differ.sum()), 'cell')}.",
        table=rows,
        sources=sources(shown),
        draw=draw,
        height=3.6,
        note=" ".join(
            [
                "A stance is how the answer speaks of the future, read by two coders who worked apart.",
                *_reserves(survey),
            ]
        ),
    )


def _pessimism(pessimistic: pd.Series) -> str:
    if not pessimistic.any():
        return f"Of {spell(len(pessimistic), 'answer')} none is pessimistic"
    return f"{spell(int(pessimistic.sum()), 'answer')} of {len(pessimistic)} read as pessimistic"


def _most_expected(direction: pd.DataFrame, experts: int) -> str:
    up = direction.eq("up").all(axis=1).groupby("question_id").sum()
    if up.max() > experts / 2:
        return f"more is expected by most experts on {up.idxmax().upper()}"
    return "most expect no more"


def _reserves(survey: Survey) -> list[str]:
    """Sentences on the answers that are not whole answers to one question, expert by expert."""
    sentences = []
    for (kind, expert), cells in survey.cells.groupby(["answer", "expert_id"], sort=False):
        asked = [question.upper() for question in cells["question_id"].unique()]
        if kind == "joint" and len(asked) > 1:
            sentences.append(
                f"{survey.names[expert]} answers questions {listed(asked)} together, so these cells are not "
                "independent."
            )
        if kind == "cut_off":
            sentences.append(f"{survey.names[expert]}’s answer to {listed(asked)} breaks off.")
    return sentences


def dissent(survey: Survey) -> Exhibit:
    """Who stands apart from the others on which question, and how far the experts agree, by each coder's reading."""
    experts, questions, shown = survey.names, survey.gists, survey.cells
    rows, alphas = [], {}
    for coder, cells in shown.groupby("coder"):
        agreement = expert_agreement(cells)
        alphas[coder] = agreement.alpha
        for question, stances in agreement.matrix.iterrows():
            counts = stances.value_counts()
            alone = [experts[e] for e, stance in stances.items() if counts[stance] == 1 and counts.max() > 1]
            row = {"question": question.upper(), "coder": coder}
            row |= {experts[e]: stances[e].replace("_", " ") for e in experts}
            rows.append(row | {"stands apart": "nobody" if len(counts) == 1 else ", ".join(alone) or "each"})
    frame = pd.DataFrame(rows).sort_values(["question", "coder"]).set_index("question")
    united = sorted({q for q, same in (frame["stands apart"] == "nobody").groupby(level=0).all().items() if same})
    worth = [f"{alpha:.2f}" for alpha in alphas.values() if pd.notna(alpha)]
    return Exhibit(
        key="dissent",
        title=_unity(united, experts=len(experts), questions=len(questions)),
        subtitle="Stance by question, expert and coder, and who stands apart from the others",
        alt=f"Table of {len(frame)} rows.",
        table=frame,
        sources=sources(shown),
        folded=True,
        note=f"Krippendorff’s ordinal alpha of the experts is {listed(worth)} (by coder); of "
        f"{spell(len(questions), 'question')} it can be almost anything, so read the rows."
        if worth
        else "No coefficient of agreement can be computed of so little.",
    )


def _unity(united: list[str], *, experts: int, questions: int) -> str:
    if experts < 2:
        return "One expert cannot dissent: choose several to compare them"
    if not united:
        return "On no question do all the chosen experts take the same stance"
    rest = " and differ on the others" if len(united) < questions else ""
    return f"All experts take one stance on {listed(united)}{rest}"
