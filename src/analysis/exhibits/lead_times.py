"""The exhibit that leads the forecast report: what came of statements, by how long before their time they were made."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.wording import capital, listed, spell
from analysis.methods.expectations import Register
from analysis.methods.lead_times import SPANS, TARGETS, things, with_lead_times
from analysis.methods.scoring import OUTCOMES

_WORDS = {"yes": "came true", "partly": "in part", "no": "did not"}
_MARKS = {"yes": ("o", "KAZ"), "partly": ("D", "muted"), "no": ("X", "down")}
_NATURES = {"amount": "figure", "construction": "thing built", "term": "term", "event": "event", "course": "course"}
_EVERY = {1: "the one", 2: "both"}
_ACROSS, _GAP = 6, 8.2  # marks side by side in a span, and from one span to the next


def by_lead_time(register: Register, rules: pd.DataFrame, grounds: pd.DataFrame) -> Exhibit:
    """The outcomes by lead time, what was hardly a forecast hollow, and what rests on one thing joined.

    `rules` is the table resolution_rules, and `grounds` the table common_grounds, which names what is shared.
    """
    statements = register.with_outcomes()
    rows = with_lead_times(statements[statements["outcome"].isin(list(OUTCOMES))], rules)
    words = grounds.set_index("rests_on")["words"]
    placed = _placed(rows)

    def draw(figure: Figure) -> None:
        axes = figure.subplots()
        small = charts.narrow(axes)
        _joined(axes, placed, words, small=small)
        for (outcome, known), marks in placed.groupby(["outcome", "nearly_known"]):
            shape, role = _MARKS[outcome]
            axes.plot(
                marks["x"],
                marks["y"],
                shape,
                color=charts.COLOURS[role],
                markerfacecolor=charts.COLOURS["paper" if known else role],
                markersize=5.2 if small else 8,
                markeredgewidth=1.1,
                zorder=4,
            )
        _framed(axes, rows, placed, small=small)
        charts.rows_at(axes, x=placed["x"].reindex(rows.index), y=placed["y"].reindex(rows.index))

    settled = f"{len(rows)} settled statements"
    return Exhibit(
        key="lead-times",
        title=headline(rows, words),
        subtitle="Each mark is a statement, by the time from its making to the day that it was due. Above the line: "
        "came true (dot), or in part (diamond); below: did not (cross). Hollow: as good as known when said. Joined: "
        "resting on one thing",
        alt=f"{settled.capitalize()} in five columns by lead time. "
        + " ".join(f"{span}: {_counted(own['outcome'])}." for span, own in rows.groupby("span", sort=False)),
        table=_table(rows, words),
        sources=sources(rows, register.evidence(rows)),
        draw=draw,
        height=3.7,
        note=_note(rows, left_out=statements[statements["resolvable"] & ~statements["outcome"].isin(list(OUTCOMES))]),
    )


def headline(rows: pd.DataFrame, words: pd.Series) -> str:
    """What came of statements on the year ahead, and of targets set further ahead; `rows` as `with_lead_times`."""
    fresh, far = rows[~rows["ahead"] & ~rows["nearly_known"]], rows[rows["ahead"]]
    is_target = far["nature"].isin(TARGETS)
    sentences = [_of_the_year_ahead(fresh["outcome"])] if len(fresh) else []
    if is_target.any():
        sentences.append(_of_targets(far[is_target], words))
    if is_target.any() and (~is_target).any():
        sentences.append(_of_others(far[~is_target], words))
    sentence = "; ".join(sentences) or "no target of quantity or construction is settled"
    return capital(sentence)


def _of_the_year_ahead(outcomes: pd.Series) -> str:
    came, partly = (int(outcomes.eq(name).sum()) for name in ("yes", "partly"))
    aside = f", {partly} in part" if partly else ""
    if came > len(outcomes) / 2:
        return f"what was said of the year ahead and was still open mostly came ({came} of {len(outcomes)}{aside})"
    return f"of {spell(len(outcomes), 'statement')} on the year ahead, still open, {came} came{aside}"


def _of_targets(targets: pd.DataFrame, words: pd.Series) -> str:
    failed = targets[targets["outcome"].eq("no")]
    count, most = things(targets).nunique(), things(failed).nunique()
    shared = failed["rests_on"].value_counts()
    one = "one of them, " if count > 1 else ""
    aside = f", {one}{words[shared.index[0]]}, {spell(shared.iloc[0], 'time')}" if len(shared) else ""
    goal = f"{'thing' if count == 1 else 'things'} to be built or reached more than a year ahead failed{aside}"
    if most == count:
        return f"{_EVERY.get(count, f'all {count}')} {goal}"
    return f"{most} of {count} {goal}"


def _of_others(others: pd.DataFrame, words: pd.Series) -> str:
    came = others[others["outcome"].eq("yes")]
    signed = came.loc[came["nature"].eq("term"), "rests_on"].map(words).dropna().unique()
    aside = f", among them {listed(signed)}, whose terms were signed" if len(signed) else ""
    count, most = things(came).nunique(), things(others).nunique()
    if count == most:
        return f"the other {'one' if count == 1 else count} came{aside}"
    return f"of {spell(most, 'other')} {count} came{aside}"


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """A place for each mark: columns by span, what came above the line and what did not below it, in `order`.

    Neighbours rest on one thing; below the line such have a row of their own, for they may be in several columns.
    """
    size = things(rows).map(things(rows).value_counts())
    rows = rows.assign(thing=things(rows), size=size, up=rows["outcome"].ne("no"), late=rows["outcome"].eq("partly"))
    rows = rows.sort_values(["late", "size", "thing", "lead_years"], ascending=[True, False, True, True], kind="stable")
    shared = rows[~rows["up"]].duplicated("thing", keep=False).reindex(rows.index, fill_value=False)
    rows = rows.assign(band=rows["up"].map({True: 0, False: 1}).mask(shared, -1))
    at = rows.groupby(["span", "band"]).cumcount()
    side = (at % _ACROSS).where((at // _ACROSS) % 2 == 0, _ACROSS - 1 - at % _ACROSS)  # there and back again
    y = (at // _ACROSS + 1).where(rows["up"], -1 - at // _ACROSS - rows["band"].eq(1))
    return rows.assign(order=at, x=rows["span"].map(list(SPANS).index) * _GAP + side, y=y)


def _joined(axes: Axes, placed: pd.DataFrame, words: pd.Series, *, small: bool) -> None:
    """A line through the marks of one thing, and what the marks beyond a year are, by thing or by nature."""
    shared = placed.dropna(subset="rests_on")
    for _, run in [*shared[shared["up"]].groupby(["thing", "span"]), *shared[~shared["up"]].groupby("thing")]:
        run = run.sort_values("x" if run["y"].nunique() == 1 else "order", kind="stable")
        axes.plot(run["x"], run["y"], color=charts.COLOURS["muted"], linewidth=1, zorder=2)
    far = placed[placed["ahead"]]
    joined = far["rests_on"].map(far.groupby(["rests_on", "up"]).size().groupby("rests_on").max()) > 1
    for (thing, up), marks in far[joined].groupby(["rests_on", "up"]):
        _named(axes, marks, words[thing].removeprefix("the "), up=up, small=small)
    for (_, up), marks in far[~joined].groupby(["span", "up"]):
        counts = marks["nature"].value_counts()
        names = [spell(count, _NATURES[nature]) for nature, count in counts.items()]
        _named(axes, marks, ", ".join(names), up=up, small=small)


def _named(axes: Axes, marks: pd.DataFrame, name: str, *, up: bool, small: bool) -> None:
    axes.annotate(
        name,
        (marks["x"].mean(), marks["y"].max() if up else marks["y"].min()),
        xytext=(0, 7 if up else -6),
        textcoords="offset points",
        ha="center",
        va="bottom" if up else "top",
        fontsize=6.5 if small else 8,
    )


def _framed(axes: Axes, rows: pd.DataFrame, placed: pd.DataFrame, *, small: bool) -> None:
    """The line between what came and what did not, that between near and far, the spans and what each side came to."""
    top, low = placed["y"].max(), min(placed["y"].min(), -2)
    axes.axhline(0, color=charts.COLOURS["ink"], linewidth=0.9)
    year = list(SPANS.values()).index(12) * _GAP + _ACROSS + 0.1
    axes.axvline(year, color=charts.COLOURS["muted"], linewidth=0.9, linestyle=(0, (2, 2)))
    parting = "\n" if small else ", "
    for ahead, name, x in ((False, "at most a year ahead", -0.5), (True, "more than a year ahead", year + 0.6)):
        text = f"Said {name}\n{_counted(rows.loc[rows['ahead'] == ahead, 'outcome'], parting)}"
        axes.text(x, top + (3.9 if small else 2.5), text, fontsize=6.5 if small else 9, va="top", fontweight="bold")
    names = [_parted(name) if small else name for name in SPANS]
    axes.set_xticks(np.arange(len(SPANS)) * _GAP + (_ACROSS - 1) / 2, names, fontsize=6.5 if small else 9)
    axes.set_yticks([])
    axes.set_xlim(-1, len(SPANS) * _GAP - 1.5)
    axes.set_ylim(low - 1.1, top + (4.1 if small else 2.7))
    axes.grid(False)


def _parted(span: str) -> str:
    words = span.split(" ")
    return f"{' '.join(words[:-2])}\n{' '.join(words[-2:])}"


def _counted(outcomes: pd.Series, parting: str = ", ") -> str:
    counts = outcomes.value_counts()
    return parting.join(f"{counts[name]} {words}" for name, words in _WORDS.items() if name in counts)


def _table(rows: pd.DataFrame, words: pd.Series) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "said by": rows["speaker"],
            "said on": rows["made_on"],
            "due": rows["horizon_end"].dt.strftime("%Y-%m-%d"),
            "years ahead": rows["lead_years"],
            "statement, in our words": rows["gist"],
            "what has to come": rows["nature"],
            "rests on": rows["rests_on"].map(words),
            "as good as known": rows["nearly_known"].map({True: "yes", False: "no"}),
            "outcome": rows["outcome"],
        }
    )
    return table.set_axis(pd.Index(rows["statement_id"], name="statement")).fillna("")


def _note(rows: pd.DataFrame, *, left_out: pd.DataFrame) -> str:
    near = rows[~rows["ahead"]]
    known, came = near[near["nearly_known"]], int(near["outcome"].eq("yes").sum())
    return (
        f"With the {len(known)} that were as good as known when they were said, {came} of "
        f"{spell(len(near), 'statement')} on the year ahead came; they rest on "
        f"{spell(things(near).nunique(), 'thing')}. As good as known is what was a fact, or the figure of a year of "
        "which more than half was over. Failed means not by the day set: some may have come later. Which statements "
        "are targets of quantity or construction, and which share a thing, was told apart when the outcomes were "
        "known. A lead is counted from the last day that the date allows. "
        f"{spell(len(left_out), 'testable statement')} without an outcome {'is' if len(left_out) == 1 else 'are'} not "
        "shown. Criteria were written before outcomes were looked up, but by a language model that knew the decade. "
        "The register holds what was found, and is no sample of all that was promised."
    )
