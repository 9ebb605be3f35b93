"""The exhibit of the forecast report on what the experts' words scored beside rules that know nothing."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.exhibits import charts
from analysis.exhibits.exhibit import Exhibit, sources
from analysis.exhibits.scores import band
from analysis.exhibits.wording import number, plain, spell
from analysis.methods.expectations import Register
from analysis.methods.naive_rules import PARTLY, beside_naive_rules

_COLUMNS = {
    "n": "scored",
    "failed": "failed",
    "words_best": "words, best",
    "words_mid": "words, middle of the bands",
    "words_worst": "words, worst",
    "always": "100 % for all",
    "base_rate": "the share that came true, for all",
    "even": "50 % for all",
}


def beside_rules(register: Register, open_bands: pd.DataFrame) -> Exhibit:
    """The experts' words beside “certain” for everything, the share that came true, and 50 %.

    `open_bands` is the table of that name: bands for words that no lexicon bounds, which are scored in rows of their
    own.
    """
    outcomes, statements = register.outcomes.table, register.by_experts
    found = _compared(register, open_bands)
    firm, wide = found[~found["open"]], found[found["open"]]
    opened = statements[statements["phrase_class"].isin(open_bands["phrase_class"])]
    missed = opened.merge(outcomes[outcomes["outcome"].eq("no")][["statement_id"]], on="statement_id")

    def draw(figure: Figure) -> None:
        panels = figure.subplots(1, 2, sharex=True, sharey=True)
        names = list(found[found["partly"] == PARTLY[0]].sort_values("open", kind="stable")["name"])
        small = charts.narrow(panels[0])
        for axes, partly in zip(panels, PARTLY, strict=True):
            for row in found[found["partly"] == partly].itertuples():
                at = names.index(row.name)
                axes.plot([row.words_best, row.words_worst], [at, at], color=charts.COLOURS["KAZ"], linewidth=2)
                axes.plot(row.words_mid, at, "o", color=charts.COLOURS["KAZ"], markersize=5.5)
                axes.plot(row.always, at, "D", color=charts.COLOURS["down"], markersize=5)
                axes.plot(row.base_rate, at, "|", color=charts.COLOURS["ink"], markersize=10, markeredgewidth=1.6)
            charts.rows_at(axes, y=found["name"].map(names.index).where(found["partly"] == partly))
            axes.axvline(0.25, color=charts.COLOURS["muted"], linestyle="--", linewidth=1)
            axes.axhline(len(names) / 2 - 0.5, color=charts.COLOURS["rule"], linewidth=0.8)
            axes.set_title(f"“partly” as a {partly}")
            axes.set_ylim(len(names) - 0.4, -0.8)
            axes.set_xlim(-0.015, max(0.33, found["words_worst"].max() + 0.02))
            axes.grid(True, axis="x")
            axes.grid(False, axis="y")
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:.1f}")
            axes.set_xticks([0, 0.1, 0.2, 0.3])
        shown = [name.replace(", with", " +") for name in names] if small else names
        panels[0].set_yticks(range(len(names)), shown, fontsize=6.5 if small else 9)

    table = found.set_index("name")[["partly", *_COLUMNS]].rename(columns=_COLUMNS | {"partly": "“partly” as"})
    return Exhibit(
        key="naive-rules",
        title=headline(firm, missed["phrase_class"]),
        subtitle="Brier score of all experts together, 0 is best: their words (dot: the middle of the bands; line: "
        "best to worst), “certain” for everything (diamond), the share that came true for everything (tick) and 50 % "
        "for everything (dashed), on the same statements",
        alt=_told(firm, "Of the statements with a band") + _told(wide, " With the open words")
        if firm["n"].max() > 0
        else "Nothing is scored.",
        table=table.rename_axis("lexicon"),
        sources=sources(statements, register.scale.rows, open_bands, register.evidence(statements)),
        draw=draw if firm["n"].min() > 0 else None,
        height=1.3 + 0.2 * len(found) / len(PARTLY),
        decimals=3,
        note=_note(found, open_bands),
    )


def _compared(register: Register, open_bands: pd.DataFrame) -> pd.DataFrame:
    """`beside_naive_rules` by lexicon, without and with the open words, and by what “partly” counts as."""
    rows, scale = [], register.scale
    for lexicon, label in scale.labels.items():
        bands = scale.rows[scale.rows["lexicon"] == lexicon]
        more = pd.concat([bands[~bands["phrase_class"].isin(open_bands["phrase_class"])], open_bands])
        for is_open, table in ((False, bands), (True, more)):
            for partly in PARTLY:
                found = beside_naive_rules(register.by_experts, register.outcomes.table, table, partly=partly)
                words = f"{label}, with “{_words(open_bands)}”" if is_open else label
                rows.append({"name": words, "open": is_open, "partly": partly} | found)
    return pd.DataFrame(rows)


def headline(firm: pd.DataFrame, missed: pd.Series) -> str:
    """Whether the words beat “certain” for everything; `firm` by lexicon and `partly`, `missed` the unscored misses."""
    scored, failed = int(firm["n"].max()), int(firm["failed"].max())
    if not firm["n"].min():
        return "No forecast of the chosen experts can be scored by every lexicon: none has both an outcome and a band"
    ahead = int((firm["always"] < firm["words_mid"]).sum())
    if ahead == len(firm):
        beaten = "“certain” for everything scores better than their words"
    else:
        beaten = f"“certain” for everything scores better than their words in {ahead} of {len(firm)} readings"
    if failed:
        return f"{failed} of the experts’ {spell(scored, 'forecast')} that can be scored failed, and {beaten}"
    hedged = ""
    if len(missed):
        verb = "the one that did not come was" if len(missed) == 1 else f"{len(missed)} that did not come were"
        hedged = f"; {verb} called “{plain(missed.iloc[0])}”, which states no probability"
    none = f"none of {scored} forecasts that can be scored failed outright"
    if scored == 1:
        none = "the one forecast that can be scored did not fail outright"
    link = "so" if ahead == len(firm) else "and"
    return f"Whether the experts could foresee cannot be measured: {none}, {link} {beaten}{hedged}"


def _told(rows: pd.DataFrame, which: str) -> str:
    ahead = int((rows["always"] < rows["words_mid"]).sum())
    always, words = (f"{number(rows[c].min(), 2)} to {number(rows[c].max(), 2)}" for c in ("always", "words_mid"))
    return (
        f"{which}, “certain” for everything scores {always} and the words’ middles {words}; it is better in {ahead} of "
        f"{len(rows)} rows."
    )


def _note(found: pd.DataFrame, open_bands: pd.DataFrame) -> str:
    wide, firm = found[found["open"]], found[~found["open"]]
    ahead = [int((rows["always"] < rows["words_mid"]).sum()) for rows in (wide[wide["partly"] == p] for p in PARTLY)]
    per = len(wide) // len(PARTLY)
    value = open_bands.iloc[0]
    return (
        "Who can tell what comes from what does not is seen only where both happen. What came true in part counts as a "
        f"yes on the left and as a no on the right. “{_words(open_bands).capitalize()}” has a band in no lexicon, so "
        "that what is hedged by it can never fail; taken for "
        f"{band((value['low_pct'], value['high_pct']))}, which is our choice, "
        f"{spell(int(wide['n'].max() - firm['n'].max()), 'more statement')} can be scored, of which "
        f"{int(wide['failed'].max() - firm['failed'].max())} failed. Then “certain” for everything is ahead by "
        f"{ahead[0]} of {spell(per, 'lexicon')} if “partly” is a yes, and by {ahead[1]} if it is a no. The share that "
        "came true is known only afterwards. The statements hang together, and a few decide."
    )


def _words(open_bands: pd.DataFrame) -> str:
    return plain(open_bands["phrase_class"].iloc[0])
