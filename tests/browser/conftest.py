"""Chromium, the accessibility rules and freshly built reports; skipped with the reason where a tool is missing."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


def missing() -> list[str]:
    """What these tests lack on this machine, each with the command that installs it."""
    lacking = []
    if not shutil.which("chromium"):
        lacking.append("Chromium (apt-get install chromium)")
    if importlib.util.find_spec("playwright") is None or importlib.util.find_spec("pypdf") is None:
        lacking.append("Playwright's driver (.venv/bin/pip install -r tests/browser/requirements.txt)")
    if not AXE.is_file():
        lacking.append("axe-core (npm install --prefix tests/browser)")
    return lacking


@pytest.fixture(scope="session", autouse=True)
def tools():
    """Skips a user's run that lacks a tool; where CI runs, a missing tool is a failure."""
    if lacking := missing():
        said = f"the browser tests need {', '.join(lacking)}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(said)


@pytest.fixture(scope="session")
def reports(tools, tmp_path_factory) -> Path:
    """All reports, the lessons' pages and the index, built once."""
    from analysis.reports import build

    folder = tmp_path_factory.mktemp("reports")
    results = build.build(["lessons", "solutions"], out=folder) + build.build(out=folder)
    assert not [result.error for result in results if result.error]
    return folder


@pytest.fixture(scope="session")
def browser(tools):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, reports):
    """Opens a page of the reports from disk: `visit("index", width=320, scheme="dark")`.

    The page carries `requests` (what it asked for beyond itself) and `complaints` (of the console).
    """
    contexts = []

    def opened(name: str, *, width: int = 1280, scheme: str = "light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        address = (reports / f"{name}.html").as_uri()
        page.requests, page.complaints = [], []
        page.on(
            "request",
            lambda request: (
                page.requests.append(request.url)
                if request.url != address and not request.url.startswith(("data:", "blob:"))
                else None
            ),
        )
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(address)
        page.wait_for_function(
            "[...document.querySelectorAll('table.long')].every(t => !t.checkVisibility() || "
            "t.dataset.sortable === 'yes')"
        )
        return page

    yield opened
    for context in contexts:
        context.close()
