"""The notebooks as committed in JupyterLab, which does not trust what it has not run."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress

import pytest
from helpers import wait

from analysis.notebooks import folders

pytestmark = pytest.mark.slow
NOTEBOOKS = sorted(
    path.relative_to(folders.NOTEBOOKS).with_suffix("").as_posix()
    for path in folders.NOTEBOOKS.rglob("*.ipynb")
    if path.parent.name != ".ipynb_checkpoints"
)
# JupyterLab draws the cells in sight alone, so all are scrolled through.
ONE_SCREEN = """() => { const view = document.querySelector('.jp-WindowedPanel-outer'); const before = view.scrollTop;
    view.scrollTop += 500; return view.scrollTop === before; }"""
# Two tabs may have one text; what lies in a fold has no width before it is opened.
PICTURES = """() => [...document.querySelectorAll('figure img')].map(i => [i.src, i.complete && i.naturalWidth > 0,
    i.closest('details:not([open])') ? Infinity : i.getBoundingClientRect().width])"""


@pytest.fixture(scope="module")
def lab(tools, tmp_path_factory):
    """A JupyterLab on a port that it finds free, for a user who has trusted nothing yet: its address and its folder."""
    home = tmp_path_factory.mktemp("home")
    log, folder = home / "log", home / "notebooks"
    shutil.copytree(folders.NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    own = {"HOME": str(home), "JUPYTER_DATA_DIR": str(home / "data"), "JUPYTER_RUNTIME_DIR": str(home / "run")}
    command = [sys.executable, "-m", "jupyterlab", f"--config={folders.ROOT / 'tools' / 'lab_config.py'}"]
    command += ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    with log.open("w") as said:
        server = subprocess.Popen(
            [*command, "--IdentityProvider.token=", f"--notebook-dir={folder}"],
            env=os.environ | own,
            stdout=said,
            stderr=said,
        )
    address = re.compile(r"http://127\.0\.0\.1:[1-9]\d*/")
    try:
        wait(lambda: address.search(log.read_text()) or server.poll() is not None, "JupyterLab says where it listens")
        yield address.search(log.read_text())[0], folder
    finally:
        server.terminate()
        server.wait()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_that_is_not_trusted_shows_its_pictures_and_is_saved_as_it_is(browser, lab, name):
    address, folder = lab
    path = folder / f"{name}.ipynb"
    committed, written = path.read_text(encoding="utf-8"), path.stat().st_mtime_ns
    figures = committed.count('"Figure ')
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(180_000)
    page.goto(f"{address}doc/tree/{name}.ipynb")
    page.wait_for_selector(".jp-OutputArea-output")
    seen = {}

    def through() -> bool:
        seen.update({src: (whole, width) for src, whole, width in page.evaluate(PICTURES)})
        page.wait_for_timeout(50)
        return page.evaluate(ONE_SCREEN) and len(seen) == figures

    wait(through, f"{name} shows {figures} pictures")
    assert all(whole and width > 500 for whole, width in seen.values()), seen.values()
    assert page.query_selector_all("figure svg") == []
    page.click(".jp-Notebook .jp-Cell")
    page.keyboard.press("Control+s")
    wait(lambda: path.stat().st_mtime_ns != written and path.stat().st_size, f"{name} is saved")
    wait(lambda: path.read_text(encoding="utf-8") == committed, f"{name} is saved without a difference")
    page.close()


def test_an_exhibit_follows_its_controls_and_a_refusal_is_a_sentence(browser, lab):
    from playwright.sync_api import TimeoutError

    address, _ = lab
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(180_000)
    page.goto(f"{address}doc/tree/00_explore.ipynb")
    page.wait_for_selector("figure img")
    # Cells that are run before there is a kernel are not run at all.
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status='idle']")
    panel = page.locator(".jp-CodeCell").filter(has_text="01_trade_trends")

    def shows_controls() -> bool:
        """Runs all; a JupyterLab that was busy may not have heard it."""
        page.click(".jp-Notebook .jp-Cell")
        for _ in range(5):
            page.keyboard.press("Shift+Enter")
        with suppress(TimeoutError):
            panel.locator("select").first.wait_for(timeout=60_000)
        return panel.locator("select").count() > 0

    wait(shows_controls, "the explorer shows its controls")

    def choose(control: str, value: str, shown: str) -> None:
        panel.get_by_label(control, exact=True).select_option(value)
        panel.locator(".jp-OutputArea").get_by_text(shown).first.wait_for()

    choose("partner", "CHN China", "Turnover with China was ")
    choose("measure", "exports", "Exports to China were ")
    choose("ledger", "russia", "Not shown: the ledger russia has no partner CHN, but Kazakhstan alone.")
    assert panel.locator("figure").count() == 0
    choose("ledger", "kazakhstan", "Exports to China were ")
    choose("exhibit", "flows", "exhibits.trade.flows_of(views.alternatives(view, moneys)).first")
    assert panel.get_by_label("measure", exact=True).is_hidden()
    code = panel.locator("pre").filter(has_text="flows_of(views").inner_text()
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook .jp-Cell").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(f"{code}.figure()")
    page.keyboard.press("Shift+Enter")
    page.locator(".jp-RenderedImage img[src^='data:image/png']").wait_for()
    page.close()
