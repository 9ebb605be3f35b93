"""The checklists of CONTRIBUTING.md, done on a copy and nothing else: the checks and the reports pass, each and all."""


import shutil

import pandas as pd
import pytest
from checklists import add, named, problems, rows_of, touched
from in_process import exhibits

from analysis import cli
from analysis.methods import baselines
from analysis.notebooks import folders
from analysis.notebooks.parameters import declared
from analysis.reports import entries
from analysis.tables import store

TRADE, AREAS, FORECASTS = "01_trade_trends.ipynb", "02_cooperation_areas.ipynb", "03_expert_forecasts.ipynb"
LAST = "2025"  # the last year of the trade in the repository
NEXT = "2026"
SOURCE = {
    "source_id": "doe_2018",
    "title": "A survey that was never held",
    "publisher": "Jo Doe",
    "kind": "press",
    "published": "2018-01-15",
    "licence": "none",
    "accessed": "2026-01-01",
}
STATEMENT = {
    "speaker": "Jo Doe",
    "speaker_role": "expert",
    "made_on": "2018-01-15",
    "made_precision": "day",
    "horizon_end": "2018-12-31",
    "known_when_made": "false",
    "nature": "event",
    "area_id": "trade",
    "source_id": "doe_2018",
    "resolvable": "true",
}


VARIANT = """
- name: trade-trends-next-year
  notebook: 01_trade_trends.ipynb
  title: Trade between Kazakhstan and Russia with one year more
  question: What does the new year change?
  summary: The trade-trend report from 2020 on.
  parameters: {start_year: 2020, ledger: kazakhstan}
"""


def shown(notebook: str, **parameters: object):
    return exhibits(folders.NOTEBOOKS / notebook, **parameters)


@pytest.fixture
def quick(monkeypatch):
    """How a model is fitted is no matter here."""
    monkeypatch.setattr(baselines, "METHODS", ("naive", "drift"))


def answer(question: str, coder: str) -> dict[str, str]:
    return {
        "expert_id": "doe",
        "question_id": question,
        "coder": coder,
        "answer": "own",
        "stance": "pessimistic",
        "direction": "unclear",
        "strength": "1",
        "certainty": "3",
        "gist": "Who knows",
        "source_id": "doe_2018",
    }


def a_source() -> None:
    """A poll of a new pollster."""
    add(
        "sources",
        source_id="new_pollster",
        title="A poll",
        publisher="A pollster",
        kind="poll",
        published="2022-06",
        licence="not stated",
        accessed="2026-11-22",
    )
    add(
        "indicators",
        year=2022,
        country="RUS",
        partner="KAZ",
        indicator="poll_closest_friends_pct",
        value=36,
        unit="%",
        status="A",
        source_id="new_pollster",
        area_id="opinion",
    )
    add(
        "bands",
        series="indicators:RUS:KAZ:poll_closest_friends_pct:new_pollster",
        measure="value",
        first_year=2022,
        low=12,
        high=100,
        basis="A percentage is at most 100; a third of the least.",
    )
    lag = {"source_id": "new_pollster", "table": "indicators", "frequency": "irregular", "note": "A poll."}
    add("release_lags", lag)


def test_a_source(copied):
    """The exhibit that shows its row cites it, and no code knows its name."""
    a_source()
    assert problems() == []
    assert touched() - {"indicators"} <= named("A source")
    polls = shown(AREAS)["polls"]
    assert "new_pollster" in polls.sources and polls.title.endswith("from 2006 to 2022")


def test_a_source_that_no_row_cites_is_named(copied):
    add("sources", SOURCE)
    assert problems() == ["sources, source_id doe_2018: no row of any table cites it; remove it or cite it."]


def an_area() -> None:
    """A codebook with one area more, which both coders find in a paragraph."""
    add(
        "areas",
        area_id="sport",
        name="Sport",
        in_sentence="sport",
        definition="Sport of the two countries.",
        include="Games.",
        exclude="Talk of strength.",
    )
    add("passage_areas", paragraph=102, area_id="sport", coder="a", primary="false", stance="neutral", status="done")
    add("passage_areas", paragraph=102, area_id="sport", coder="b", primary="false", stance="neutral", status="done")


@pytest.mark.slow
def test_an_area(copied):
    before = shown(AREAS)["area-by-section"].table
    an_area()
    assert problems() == [] and touched() <= named("An area")
    assert "sport" in declared(folders.NOTEBOOKS / AREAS)["areas"].choices
    made = shown(AREAS)
    assert len(made["area-by-section"].table) == len(before) + 1
    assert made["area-by-section"].table.loc["Sport", "all"] == 1
    assert "Sport" in made["reliability"].table.index
    with pytest.raises(ValueError, match="^all tells of no event on sport from 1991 to 2025; it has no dated event"):
        shown(AREAS, areas="sport")


def a_claim() -> None:
    """A figure of the document on turnover, whose verdict the check tells."""
    add(
        "quantities",
        quantity_id="q900",
        paragraph=102,
        token="$ 1 billion",
        metric="turnover",
        value=1000000000,
        value_low=1000000000,
        value_high=1000000000,
        qualifier="exact",
        unit="USD",
        period_start=2003,
        period_end=2003,
        dating="stated",
        subject="turnover of Kazakhstan and Russia",
        direction="total",
        speaker="author",
        area_id="trade",
        derived="false",
    )
    assert "claims: q900 of quantities has no row." in problems()
    claim = {"claim_id": "cq900", "kind": "quantity", "table": "quantities", "row_id": "q900", "paragraph": 102}
    claim |= {"token": "$ 1 billion", "assertion": "Trade came to a billion.", "speaker": "author", "said": "2004-03"}
    claim |= {"source_id": "document"}
    add("claims", claim | {"area_id": "trade"})
    assert problems() == ["verdicts, cq900: the row is missing; `analysis fill` writes it."]
    add("claim_statistics", claim_id="cq900", statistic="turnover", year=2003)
    assert cli.main(["fill"]) == 0


def test_a_claim(copied):
    before = shown(AREAS)["claims"]
    a_claim()
    assert problems() == [] and touched() - {"verdicts"} <= named("A claim")
    verdict = store.load("verdicts").set_index("claim_id").loc["cq900"]
    assert verdict["verdict"] == "contradicted" and "Kazakhstan's ledger 5.245 USD bn" in verdict["basis"]
    after = shown(AREAS)["claims"]
    assert len(after.table) == len(before.table) + 1 and after.table.loc["cq900", "verdict"] == "contradicted"


def test_a_typed_verdict_is_not_published(copied, tmp_path, capsys):
    (first, *_) = rows_of("verdicts")
    add("verdicts", first | {"verdict": "disputed" if first["verdict"] != "disputed" else "confirmed"})
    assert cli.main(["build", "cooperation-areas", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"analysis: verdicts, {first['claim_id']}: the verdict is ") and "`analysis fill`" in said
    assert not list((tmp_path / "out").glob("*.html"))


def test_one_check_tells_every_fault(copied):
    add("sources", SOURCE)
    verdicts = rows_of("verdicts")
    add("verdicts", verdicts[0] | {"verdict": "confirmed" if verdicts[0]["verdict"] != "confirmed" else "disputed"})
    told = problems()
    assert "sources, source_id doe_2018: no row of any table cites it; remove it or cite it." in told
    assert any(problem.startswith(f"verdicts, {verdicts[0]['claim_id']}: the verdict is ") for problem in told)


@pytest.mark.slow
def test_a_claim_of_another_source(copied, tmp_path, capsys):
    """A minister's sentence: held against evidence, shown with its page, and its token proved in its text."""
    add("sources", SOURCE)
    claim = {"claim_id": "cq901", "kind": "quantity", "source_id": "doe_2018", "page": "p. 3", "token": "18.5 billion"}
    claim |= {"assertion": "Trade came to 18.5 billion dollars in 2018.", "speaker": "Jo Doe", "said": "2019-03"}
    claim |= {"area_id": "trade", "value": 18500000000, "unit": "USD"}
    add("claims", claim)
    evidence = {"evidence_id": "v9901", "claim_id": "cq901", "value": 18517000000, "unit": "USD", "date": "2018"}
    evidence |= {"definition": "same", "period": "same", "kind": "statistic", "independent": "true"}
    add("evidence", evidence | {"source_id": "bns", "reading": "Turnover was 18.517 billion."})
    assert cli.main(["fill"]) == 0 and problems() == []
    row = shown(AREAS)["claims"].table.loc["cq901"]
    assert row["verdict"] == "confirmed" and row["who"] == "Jo Doe, 2019, doe_2018, p. 3"
    assert "cq901" not in shown(AREAS, section="survey_2018")["claims"].table.index
    speech = tmp_path / "speech.txt"
    speech.write_text("Trade came to 18.5\n  billion dollars.", encoding="utf-8")
    assert cli.main(["verify", str(speech), "--source", "doe_2018"]) == 0
    speech.write_text("Trade came to 19 billion dollars.", encoding="utf-8")
    assert cli.main(["verify", str(speech), "--source", "doe_2018"]) == 1
    told = capsys.readouterr().err
    assert told == "claims cq901: the token '18.5 billion' does not stand in the text of doe_2018.\n"
    assert cli.main(["verify", str(speech), "--source", "bns"]) == 2
    assert "No row of a table has a token of the source 'bns'" in capsys.readouterr().err
    add("claims", claim | {"paragraph": 5})
    assert problems() == ["claims, cq901: a claim of doe_2018 has no paragraph and no row of another table."]
    add("claims", claim | {"source_id": "document"})
    wrong = "claims, cq901: a claim of the document has a paragraph and no page; one of another source names that."
    assert wrong in problems()


def an_expert() -> None:
    """An expert who answers all questions, and one forecast of hers."""
    add("sources", SOURCE)
    add(
        "experts",
        {
            "expert_id": "doe",
            "name": "Jo Doe",
            "role": "scholar",
            "institution": "none",
            "country": "KAZ",
            "source_id": "doe_2018",
        },
    )
    assert "positions: the answer of doe to q1 has no row by coder a." in problems()
    add("positions", *(answer(f"q{number}", coder) for number in range(1, 5) for coder in "ab"))
    of_doe = STATEMENT | {"expert_id": "doe", "question_id": "q2", "kind": "event", "phrase_class": "likely"}
    add(
        "statements",
        of_doe | {"statement_id": "s900", "gist": "An election is held", "criterion": "Yes if it is held."},
    )
    assert "resolutions: the resolvable statement s900 has no row; say unresolved and why." in problems()
    outcome = {
        "outcome": "yes",
        "resolved_on": "2018-03-18",
        "evidence": "It was held.",
        "source_id": "tass_2018_03_18",
    }
    add("resolutions", {"statement_id": "s900"} | outcome)
    assert problems() == ["second_resolutions: s900 is due, no rule decides it, and it has no row."]
    add("second_resolutions", {"statement_id": "s900", "confidence": "high"} | outcome)


@pytest.mark.slow
def test_an_expert(copied, quick):
    an_expert()
    assert problems() == [] and touched() == named("An expert")
    made = shown(FORECASTS)
    assert made["positions"].title == "4 answers of 16 read as pessimistic"
    assert "Jo Doe" in set(made["scores"].table.index)
    assert "Doe (unclear) within 5 %" in made["growth-by-books"].table
    assert all("doe_2018" in made[key].sources for key in ("positions", "dissent", "scores", "resolutions"))
    assert "Jo Doe" in made["positions"].html() and made["benchmark"].html()

    alone = shown(FORECASTS, experts="doe", questions="q2")
    assert alone["positions"].sources == ["doe_2018"]
    assert alone["scores"].title == "1 statement can be scored; one expert is no ranking"


def a_forecast() -> None:
    """An official's figure for a year, which statistics decide."""
    add("sources", SOURCE)
    foretold = STATEMENT | {
        "statement_id": "s901",
        "speaker_role": "official",
        "kind": "quantity",
        "nature": "amount",
        "rests_on": "doe_turnover",
        "gist": "Turnover reaches 18 billion dollars in 2018",
        "metric": "turnover",
        "value_low": "18000000000",
        "unit": "USD",
        "phrase": "will reach",
        "phrase_class": "will",
        "criterion": "Yes if both ledgers have 18 billion dollars or more for 2018.",
    }
    add("common_grounds", {"rests_on": "doe_turnover", "words": "the turnover that Doe names"})
    add("statements", foretold)
    add(
        "resolution_rules",
        {
            "statement_id": "s901",
            "series": "turnover",
            "test": "at_least",
            "first_year": "2018",
            "last_year": "2018",
            "threshold": "18000000000",
        },
    )
    # The criterion stands before the outcome is looked up; then the rule gives it.
    assert "resolutions, s901: the row is missing; `analysis fill` writes it." in problems()
    assert cli.main(["fill"]) == 0
    # What no statistics decide is resolved twice, and where the two differ an adjudication counts.
    held = STATEMENT | {"statement_id": "s902", "kind": "event", "gist": "Talks are held", "phrase_class": "likely"}
    add("statements", held | {"speaker_role": "official", "criterion": "Yes if talks are held in 2018."})
    seen = {"statement_id": "s902", "outcome": "yes", "resolved_on": "2018-05-14", "source_id": "doe_2018"}
    add("resolutions", seen | {"evidence": "They were held."})
    add("second_resolutions", seen | {"outcome": "no", "evidence": "None were held.", "confidence": "low"})
    (problem,) = problems()
    assert problem.startswith("adjudications: s902 has the outcome yes in resolutions and no in second_resolutions")
    add("adjudications", seen | {"outcome": "partly", "why": "Talks were held, and broken off."})


def test_a_forecast(copied, quick):
    a_forecast()
    assert problems() == [] and touched() == named("A forecast")
    made = shown(FORECASTS)
    assert made["ledger"].table.loc["s901", "outcome"] == "yes"
    assert made["ledger"].table.loc["s902", "outcome"] == made["second-resolver"].table.loc["s902", "what counts"]
    assert made["officials"].table.loc["s901", "said, US$ bn"] == 18
    assert "doe_2018" in made["officials"].sources and "s901" in made["by-basis"].table.index


def in_notebooks() -> None:
    """The last year in the cells of parameters."""
    for path in folders.NOTEBOOKS.glob("*.ipynb"):
        text = path.read_text(encoding="utf-8").replace(f"to {LAST}:", f"to {NEXT}:")
        path.write_text(text.replace(f"end_year = {LAST}", f"end_year = {NEXT}"), encoding="utf-8")


def next_year() -> None:
    """The year after the last of the trade, of the same source, each flow five per cent higher than the year before."""
    for table, column in (("trade", "value_usd"), ("indicators", "value")):
        last = [row for row in rows_of(table) if row["year"] == LAST]
        for row in last:  # a count stays a whole number
            row |= {"year": NEXT, column: f"{1.05 * float(row[column]):.{2 if '.' in row[column] else 0}f}"}
        add(table, *last)


def a_year() -> None:
    """One year more, in the tables, in the notebooks and in all that it decides."""
    next_year()
    in_notebooks()
    assert any(problem.startswith("resolutions, ") for problem in problems()), "what the year decides"
    assert cli.main(["fill"]) == 0


def test_a_year(copied):
    a_year()
    assert problems() == []
    assert {"trade", "indicators"} <= touched() <= named("A year")
    made = shown(TRADE)
    assert f"in {NEXT}" in made["long-series"].title and int(made["flows"].table.index.max()) == int(NEXT)
    assert shown(AREAS, end_year=int(NEXT))


def test_a_year_by_the_command(copied, tmp_path, capsys):
    """The same rows out of two files as by hand, with all that the files do not say, and nothing else is touched."""
    files = {
        "trade": ("value_usd", ["year", "reporter", "partner", "flow", "value_usd", "source_id"]),
        "indicators": ("value", ["year", "country", "partner", "indicator", "value", "status", "source_id", "note"]),
    }
    for table, (column, columns) in files.items():
        rows = pd.DataFrame([row for row in rows_of(table) if row["year"] == LAST])
        digits = rows[column].str.contains(".", regex=False) * 2
        grown = [f"{1.05 * float(old):.{places}f}" for old, places in zip(rows[column], digits, strict=True)]
        path = tmp_path / f"{table}.csv"
        rows.assign(year=NEXT, **{column: grown})[columns].to_csv(path, index=False, sep=";")
        assert cli.main(["import", str(path), "--write", "--on", f"{NEXT}-12-31"]) == 0
        told = capsys.readouterr().out
        assert f": {len(rows)} rows new, 0 equal, 0 revised, " in told
    assert "`analysis fill` writes what the new rows decide" in told and cli.main(["fill"]) == 0
    assert problems() == [] and touched() <= named("A year")
    written = {table: store.load(table) for table in files}
    shutil.copytree(folders.ROOT / "data", store.DATA, dirs_exist_ok=True)
    next_year()
    for table, rows in written.items():
        pd.testing.assert_frame_equal(store.load(table), rows, rtol=1e-12)


@pytest.mark.slow
def test_all_of_them_together(copied, apart, tmp_path, monkeypatch):
    """A year, a source, an area, a claim, an expert, a forecast and a variant of a report: checked and built."""
    (tmp_path / "reports").mkdir()
    listed = (folders.REPORTS / "reports.yml").read_text(encoding="utf-8")
    (tmp_path / "reports" / "reports.yml").write_text(listed + VARIANT, encoding="utf-8")
    monkeypatch.setattr(folders, "REPORTS", tmp_path / "reports")
    monkeypatch.setenv("ANALYSIS_DATA", str(store.DATA))  # for the kernels
    for checklist in (a_year, a_source, an_area, a_claim, an_expert, a_forecast):
        checklist()
    assert problems() == []
    entries.all_reports.cache_clear()
    try:
        assert cli.main(["build", "trade-trends-next-year", "cooperation-areas", "expert-forecasts"]) == 0
        pages = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "reports").glob("*.html")}
    finally:
        entries.all_reports.cache_clear()
    assert f"{NEXT}" in pages["trade-trends-next-year"] and "new_pollster" in pages["cooperation-areas"]
    assert "Sport" in pages["cooperation-areas"] and "Jo Doe" in pages["expert-forecasts"]
