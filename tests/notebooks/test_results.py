"""What a notebook's cells give is in what was run, or the run fails and says which cell it was."""

import re

import pytest
from helpers import write

from analysis import cli
from analysis.errors import BuildError
from analysis.notebooks import results
from analysis.notebooks.execute import run

# As where a process is at the end of its files: showing fails, and so does showing that it failed.
FAULTS = """
shell = get_ipython()
shell.showtraceback = shell._showtraceback = lambda *_, **__: None

class Exhibit:
    def __repr__(self): return "Figure"
    def _repr_mimebundle_(self, **_): raise OSError(24, "Too many open files")

class Plain:
    def __repr__(self): raise OSError(24, "Too many open files")

class Own:
    def _ipython_display_(self): print("shown")
"""


@pytest.mark.parametrize(
    "source", ["Exhibit()", "Plain()", "display(Exhibit())", "for value in (1, Plain()): display(value)\n2"]
)
def test_a_result_that_could_not_be_shown_fails_the_run_and_names_the_cell(tmp_path, source):
    write(tmp_path, "a.ipynb", FAULTS, source, "1")
    said = "cell 4 (In [3]) of a.ipynb has a result that could not be shown (OSError: [Errno 24] Too many open files)."
    with pytest.raises(BuildError, match=f"^{re.escape(said)}$"):
        run(tmp_path / "a.ipynb", {})


@pytest.mark.parametrize("source", ["None", "Exhibit();", "print(1)", "Own()", "display(Own())", "x = Plain()", "1"])
def test_a_cell_that_has_nothing_to_show_or_shows_it_is_let_pass(tmp_path, source):
    write(tmp_path, "a.ipynb", FAULTS, source)
    run(tmp_path / "a.ipynb", {})


def test_an_error_that_could_not_be_shown_is_told_all_the_same(tmp_path):
    write(tmp_path, "a.ipynb", FAULTS, "1 / 0")
    with pytest.raises(BuildError, match=r"^cell 4 .* raised ZeroDivisionError: division by zero$"):
        run(tmp_path / "a.ipynb", {})


def test_a_kernel_that_does_not_tell_of_its_results_is_not_believed(tmp_path):
    write(tmp_path, "a.ipynb", "get_ipython().events.callbacks['post_run_cell'].clear()", "1")
    with pytest.raises(BuildError, match="cell 3 .* ended without a word on its result"):
        run(tmp_path / "a.ipynb", {})


def test_a_result_that_was_lost_on_its_way_is_missed():
    reply = {"payload": [{"source": results.SOURCE, "result": "rich", "lost": []}]}
    shown = {"output_type": "execute_result", "data": {"text/plain": "Figure", "text/html": "<figure>"}}
    assert results.lack(reply, [shown]) == ""
    for outputs in ([], [shown | {"data": {"text/plain": "Figure"}}], [shown | {"output_type": "display_data"}]):
        assert results.lack(reply, outputs) == "has a result that was lost on its way"


def test_a_report_without_one_of_its_exhibits_fails_and_the_last_good_one_stays(project, capsys):
    page = project / "reports" / "other.html"
    page.write_text("last good", encoding="utf-8")
    write(project / "notebooks", "other.ipynb", FAULTS, "Exhibit()")
    assert cli.main(["build", "other"]) == 1
    said = "other: failed: cell 4 (In [3]) of other.ipynb has a result that could not be shown (OSError: "
    assert capsys.readouterr().err.startswith(said) and page.read_text(encoding="utf-8") == "last good"


def test_a_page_that_loses_an_exhibit_of_its_notebook_is_not_written(project, monkeypatch, capsys):
    exhibit = "from analysis.exhibits.exhibit import Exhibit\nimport pandas as pd"
    call = "Exhibit(key='a', title='A', subtitle='', alt='', table=pd.DataFrame(), sources=[])"
    write(project / "notebooks", "other.ipynb", exhibit, call)
    assert cli.main(["build", "other"]) == 0
    monkeypatch.setattr("analysis.reports.page._output", lambda *_: "")
    assert cli.main(["build", "other", "--force"]) == 1
    assert "other: failed: the page lacks what its notebook shows: Table a: A [" in capsys.readouterr().err
