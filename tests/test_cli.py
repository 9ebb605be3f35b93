"""What `fill` and `catalogue` write is whole or not there, and what keeps them from it is told in one sentence."""

import os

import pytest
from helpers import write

from analysis import cli
from analysis.notebooks import api
from analysis.tables import store


def test_tables_that_contradict_each_other_are_told_by_fill(copied, capsys):
    path, was = store.path("evidence"), store.path("verdicts").read_bytes()
    claim = store.load("evidence").loc[0, "claim_id"]
    path.write_text(path.read_text(encoding="utf-8").replace(f",{claim},", ",cz999,", 1), encoding="utf-8")
    assert cli.main(["fill"]) == 2
    assert capsys.readouterr().err == "analysis: evidence: there is no claim cz999.\n"
    assert store.path("verdicts").read_bytes() == was


def test_a_computed_table_that_is_no_text_is_filled_anew(copied, capsys):
    right = store.path("verdicts").read_bytes()
    store.path("verdicts").write_bytes(b"\xff\xfe")
    assert cli.main(["fill"]) == 0
    assert store.path("verdicts").read_bytes() == right and "written anew" in capsys.readouterr().out


def test_an_interrupted_catalogue_is_the_old_one(copied, tmp_path, monkeypatch):
    page, readme = tmp_path / "api.md", store.DATA / "README.md"
    monkeypatch.setattr(api, "PAGE", page)
    readme.write_text("old", encoding="utf-8")

    def interrupted(*paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", interrupted)
        assert cli.main(["catalogue"]) == 1
    assert readme.read_text(encoding="utf-8") == "old" and not page.exists()
    assert not list(store.DATA.glob(".*.part"))
    assert cli.main(["catalogue"]) == 0
    assert page.read_text(encoding="utf-8") == api.page() and len(readme.read_bytes()) > 1000


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("from analysis.methods import ledgers\nledgers.lost()", "a notebook uses analysis.methods.ledgers.lost,"),
        ("from analysis.lost import one", "a notebook uses analysis.lost.one,"),
        ("1 +", "one.ipynb, cell cell-1: line 1 is not Python"),
    ],
)
def test_a_notebook_that_cannot_be_catalogued_is_named(copied, tmp_path, monkeypatch, capsys, cell, said):
    monkeypatch.setattr(api.page, "__defaults__", (tmp_path,))
    write(tmp_path, "one.ipynb", cell)
    was = (store.DATA / "README.md").read_bytes()
    assert cli.main(["catalogue"]) == 2
    assert capsys.readouterr().err.startswith(f"analysis: {said}")
    assert (store.DATA / "README.md").read_bytes() == was
