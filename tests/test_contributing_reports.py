"""A variant of a report is made as CONTRIBUTING.md says: an entry in reports.yml, and nothing else."""

import re
import shutil

import pytest

from analysis import cli
from analysis.notebooks import folders
from analysis.reports import build, entries

ENTRY = """
- name: trade-trends-roubles
  notebook: 01_trade_trends.ipynb
  title: Trade between Kazakhstan and Russia, counted in roubles
  question: What is left of the ups and downs of the trade when it is counted in Russia's own money?
  summary: The trade-trend report in roubles, by Russia's ledger.
  parameters: {currency: rub, ledger: russia, end_year: 2021}
"""


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """A copy of the folder of reports: returns its reports.yml, to which a test may add."""
    monkeypatch.setattr(folders, "REPORTS", tmp_path / "reports")
    (tmp_path / "reports").mkdir()
    shutil.copy(folders.ROOT / "reports" / "reports.yml", tmp_path / "reports")
    entries.all_reports.cache_clear()
    yield tmp_path / "reports" / "reports.yml"
    entries.all_reports.cache_clear()


def add(path, entry: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + entry, encoding="utf-8")
    entries.all_reports.cache_clear()


@pytest.mark.slow  # a real report
def test_an_entry_is_all_that_a_variant_takes(reports, capsys):
    canonical = reports.with_name("trade-trends.html")
    canonical.write_text("the canonical report", encoding="utf-8")
    add(reports, ENTRY)
    assert cli.main(["list", "trade-trends-roubles"]) == 0
    listed = capsys.readouterr().out
    assert "currency = 'rub'" in listed and "the notebook's default is 'usd'" in listed
    assert cli.main(["check"]) == 0
    assert cli.main(["build", "trade-trends-roubles"]) == 0
    html = reports.with_name("trade-trends-roubles.html").read_text(encoding="utf-8")
    assert "<h1>Trade between Kazakhstan and Russia, counted in roubles</h1>" in html
    for name, value in {"currency": "rub", "ledger": "russia", "end_year": "2021"}.items():
        assert f"<code>{name}</code></th><td>{value} (changed)</td>" in html
    assert "Rebuild with <code>.venv/bin/analysis build trade-trends-roubles</code>" in html
    assert re.search(r'<p class="subtitle">[^<]*bn roubles', html), "its figures are in the chosen currency"
    index = reports.with_name("index.html").read_text(encoding="utf-8")
    assert '<a href="trade-trends-roubles.html">' in index
    assert canonical.read_text(encoding="utf-8") == "the canonical report"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("currency: rub", "money: rub", "trade-trends-roubles: unknown parameter 'money'; declared are: start_year,"),
        ("currency: rub", "currency: roubles", "currency is one of usd, usd_real, kzt, kzt_real, rub, not 'roubles'."),
        ("2021}", "2021, start_year: 2022}", "trade-trends-roubles: start_year (2022) is after end_year (2021)"),
        ("2021}", "2025, start_year: 2022}", "trade-trends-roubles: no year from 2022 to 2025 can be shown in rub;"),
        ("01_trade_trends.ipynb", "01_trade.ipynb", "there is no notebook 01_trade.ipynb in notebooks/."),
        ("  title: Trade", "  heading: Trade", "reports.yml is a list of entries with name, notebook, title,"),
    ],
)
def test_a_wrong_entry_is_refused_before_a_kernel_starts(reports, monkeypatch, capsys, old, new, message):
    monkeypatch.setattr(build, "make", lambda *_: pytest.fail("a kernel was started"))
    assert old in ENTRY
    add(reports, ENTRY.replace(old, new))
    assert cli.main(["build", "trade-trends-roubles"]) == 2
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1
