"""The code that makes an exhibit is what leads to it in its notebook, and gives the same exhibit anywhere."""

import pytest
from helpers import write
from in_process import given

from analysis.errors import CallError
from analysis.exhibits.exhibit import Exhibit
from analysis.notebooks import folders
from analysis.notebooks.recipes import Recipes

CHANGED = {
    "01_trade_trends": {"partner": "CHN", "start_year": 2000, "currency": "kzt", "cif_fob_factor": 1.05},
    "02_cooperation_areas": {"areas": "space,trade", "coder": "a", "start_year": 2000},
}


@pytest.mark.parametrize("name", CHANGED)
def test_the_code_that_is_shown_gives_the_same_exhibit(name):
    recipes = Recipes(folders.NOTEBOOKS / f"{name}.ipynb")
    values = {one: parameter.default for one, parameter in recipes.parameters.items()} | CHANGED[name]
    shown = {exhibit: recipes.make(exhibit, values) for exhibit in recipes.varying()}
    assert len(shown) > 2 and all(isinstance(exhibit, Exhibit) for exhibit in shown.values())
    for exhibit, made in shown.items():
        assert given(recipes.code(exhibit, values)).digest == made.digest, exhibit


def test_of_alternatives_the_chosen_one_is_made_and_open():
    recipes = Recipes(folders.NOTEBOOKS / "01_trade_trends.ipynb")
    values = {one: parameter.default for one, parameter in recipes.parameters.items()} | {"currency": "kzt"}
    flows = recipes.make("flows", values)
    assert flows.key == "flows" and "tenge" in flows.subtitle and not flows.folded
    last = recipes.code("flows", values).splitlines()[-1]
    assert last == "exhibits.trade.flows_of(views.alternatives(view, moneys)).first"


CELLS = (
    "from pathlib import Path\nfrom collections import Counter, deque\nimport json",
    "base = [start_year]\nother = [label]\nbase += [label for label in (2, 2)]",
    "print('not needed')\nmost = max(base)",
    "Counter([most, *base])",
    "json.dumps([Path.__name__, *other])",
)


@pytest.fixture
def recipes(tmp_path) -> Recipes:
    path = tmp_path / "n.ipynb"
    write(tmp_path, path.name, *CELLS)
    text = path.read_text(encoding="utf-8").replace('"cell-4"', '"show-counts"').replace('"cell-5"', '"show-paths"')
    path.write_text(text, encoding="utf-8")
    return Recipes(path)


def test_code_has_what_the_exhibit_needs_and_no_more(recipes):
    assert recipes.varying() == ["counts", "paths"]
    assert recipes.reached_by("counts") == ("start_year",) and recipes.reached_by("paths") == ("label",)
    assert recipes.code("counts", {"start_year": 7, "label": "x"}) == (
        "from collections import Counter\n\nstart_year = 7\n\nbase = [start_year]\n"
        "base = base + [label for label in (2, 2)]\nmost = max(base)\nCounter([most, *base])"
    )
    assert recipes.code("paths", {"start_year": 7, "label": "Қазақстан"}) == (
        'import json\nfrom pathlib import Path\n\nlabel = "Қазақстан"\n\nother = [label]\n'
        "json.dumps([Path.__name__, *other])"
    )


def test_what_is_made_follows_the_values_there_and_back(recipes):
    made = [recipes.make("counts", {"start_year": year, "label": "x"}) for year in (7, 1, 7)]
    assert made == [{7: 2, 2: 2}, {1: 1, 2: 3}, {7: 2, 2: 2}]


def test_an_exhibit_that_is_not_there_is_named(recipes):
    with pytest.raises(CallError, match="^the notebook shows no exhibit lost; it shows counts, paths.$"):
        recipes.make("lost", {})
