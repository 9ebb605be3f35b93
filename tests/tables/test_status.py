"""What `analysis status` says on a day: what is due, since when, and where to get it."""

import re
from datetime import date

import pytest

from analysis import cli
from analysis.tables import status, store


def parts(on: str) -> dict[str, str]:
    """The parts of what is told, by their titles."""
    return dict(part.split(":\n", 1) for part in status.told(on).split("\n\n"))


def entry(part: str, name: str) -> list[str]:
    """The lines of a source."""
    lines = part.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}: "))
    after = [number for number, line in enumerate(lines) if number > at and not line.startswith("    ")]
    return lines[at : after[0] if after else None]


@pytest.fixture
def last() -> int:
    """The last year that the bureau's workbooks gave."""
    return int(store.load("trade").query("source_id == 'bns'")["year"].max())


def test_what_is_due_says_since_when_and_where_to_get_it(last):
    told = parts(f"{last + 3}-11-27")
    due = next(part for title, part in told.items() if title.startswith("Due, the most overdue first"))
    head, *where = entry(due, "trade, bns")
    # 45 days after 31 December it is 14 February
    assert head == (
        f"trade, bns: to {last}, 2 years and 10 months old; {last + 1} is due since {last + 2}-02-14, 1 year and 9 "
        "months (yearly, 45 days after its end)"
    )
    assert where[0].startswith("    address: https://stat.gov.kz/") and where[2].startswith("    file name: Основные")
    assert "a year is taken" in entry(due, "indicators, wiiw")[0], "nothing is known of its days"
    days = [line.split(" is due since ")[1][:10] for line in due.splitlines() if " is due since " in line]
    assert days == sorted(days) and len(days) > 5


def test_where_to_get_it_leads_to_files_that_are_read():
    """No address asks for what no reader takes, and of a packed file the one inside is named."""
    for row in store.load("downloads").fillna("").itertuples():
        assert "json" not in row.address.casefold(), row.source_id
        if row.address.endswith(".zip"):
            assert re.match(r"\w+\.csv in \w+\.zip$", row.file_name) and "unpack" in row.menu, row.source_id


def test_what_was_never_read_and_what_is_over_is_told_too(monkeypatch):
    months = store.load("trade_monthly").query("source_id != 'bns'")
    load = store.load
    monkeypatch.setattr(store, "load", lambda table: months if table == "trade_monthly" else load(table))
    told = parts("2026-11-27")
    (unread,) = (part for title, part in told.items() if title.startswith("Never read"))
    assert unread.startswith("trade_monthly, bns: No month is held") and "address: " in unread
    (over,) = (part for title, part in told.items() if title.startswith("Nothing to wait for"))
    assert entry(over, "trade, fcs_annual")[0].startswith(
        "trade, fcs_annual: to 2021, 4 years and 10 months old; ended"
    )


def test_what_is_not_yet_due_comes_due_on_its_day(last):
    for day, title in ((13, "Not yet due"), (14, "Due, the most overdue first")):
        part = next(part for name, part in parts(f"{last + 2}-02-{day}").items() if name.startswith(title))
        assert f"trade, bns: to {last}" in part, day


@pytest.mark.parametrize(
    "end, today, words",
    [
        ("2023-12-31", "2024-01-30", "less than a month"),
        ("2023-12-31", "2024-01-31", "1 month"),
        ("2023-12-31", "2024-12-31", "1 year"),
        ("2023-12-31", "2026-11-27", "2 years and 10 months"),
        ("2017-12-31", "2019-02-01", "1 year and 1 month"),
    ],
)
def test_an_age_is_whole_months(end, today, words):
    assert status.age(date.fromisoformat(end), date.fromisoformat(today)) == words


def test_the_command_tells_it_for_a_day(capsys):
    assert cli.main(["status", "--on", "2026-11-27"]) == 0
    assert capsys.readouterr().out == status.told("2026-11-27") + "\n"


@pytest.mark.parametrize("on", ["2026-02-30", "tomorrow", "", "2026", "31.01.2026", "20260131"])
@pytest.mark.parametrize("command", [["status"], ["import", "FILE"]])
def test_what_is_no_day_is_refused(command, on, capsys):
    assert cli.main([*command, "--on", on]) == 2
    assert capsys.readouterr().err == f"analysis: --on takes a day as YYYY-MM-DD, not {on!r}.\n"
