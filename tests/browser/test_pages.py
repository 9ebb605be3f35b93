"""Every report and the index in a real browser: accessible, self-contained, whole on paper, right by keyboard."""

import base64
import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from helpers import opened

from analysis.exhibits import downloads
from analysis.lessons.lesson import all_lessons
from analysis.reports.entries import all_reports as named_reports

pytestmark = pytest.mark.slow
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
REPORTS = list(named_reports())
PAGES = ["index", *REPORTS]
LESSONS = [lesson.name for lesson in all_lessons()]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPEN_ALL = "document.querySelectorAll('details').forEach(fold => { fold.open = true; })"


def violations(page) -> list[str]:
    page.add_script_tag(path=str(AXE))
    # A picture is one image with a text alternative; its parts are hidden from assistive technology, and half the page.
    run = "rules => axe.run({exclude: ['svg']}, {runOnly: rules, resultTypes: ['violations']})"
    found = page.evaluate(run, RULES)["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("width", [1280, 768, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_accessible_self_contained_and_never_wider_than_the_screen(visit, name, scheme, width):
    page = visit(name, width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    page.evaluate(OPEN_ALL)
    if page.query_selector("table.long"):
        page.wait_for_selector("table.long[data-sortable=yes]")
    if button := page.query_selector("#code"):
        button.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "with everything unfolded"
    if width == 1280:  # unfolding shows the same elements at every width, and to check them all takes long
        assert violations(page) == []
    assert page.requests == []
    assert page.complaints == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
@pytest.mark.parametrize("name", [*LESSONS, *(f"solutions/{name}" for name in LESSONS)])
def test_a_lesson_is_accessible_and_folds_its_solutions(visit, name, scheme, width):
    page = visit(name, width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not page.is_visible("details.solution pre")
    page.evaluate(OPEN_ALL)
    assert page.is_visible("details.solution pre") == name.startswith("solutions/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "with everything unfolded"
    assert violations(page) == []
    ids = page.eval_on_selector_all("[id]", "all => all.map(e => e.id)")
    targets = page.eval_on_selector_all("a[href^='#']", "links => links.map(a => decodeURIComponent(a.hash.slice(1)))")
    assert set(targets) <= set(ids) and len(ids) == len(set(ids))
    assert page.requests == [] and page.complaints == []


@pytest.mark.parametrize("name", REPORTS)
def test_each_exhibit_says_shows_and_gives_away_its_numbers(visit, name):
    page = visit(name)
    exhibits = page.query_selector_all("figure.exhibit:not(.game)")
    assert len(exhibits) >= 10
    for exhibit in exhibits:
        title = plain(exhibit.query_selector("figcaption .title").text_content().removesuffix(" #"))
        if picture := exhibit.query_selector(".picture"):
            said = picture.get_attribute("aria-label")
            assert len(said) > 60 and said != title and re.search(r"\d", said)
        link = exhibit.query_selector("a[download$='.csv']")
        text = base64.b64decode(link.get_attribute("href").partition("base64,")[2]).decode("utf-8-sig")
        told = exhibit.query_selector("a[download$='.json']").get_attribute("href").partition("base64,")[2]
        assert plain(json.loads(base64.b64decode(told))["title"]) == title
        rows = list(csv.reader(io.StringIO(text)))
        shown = exhibit.evaluate(
            "e => [...e.querySelectorAll('tbody tr')].map(r => [...r.cells].filter(c => c.className != 'opens')"
            ".map(c => c.textContent.trim()))"
        )
        assert len(rows) - 1 == len(shown) > 0
        for given, cells in zip(rows[1:], shown, strict=True):
            assert len(given) == len(cells)
            for value, cell in zip(given, cells, strict=True):
                assert same(value, plain(cell)), (title, value, cell)


def plain(shown: str) -> str:
    """What a page shows, with blanks for those that keep a sign to its number."""
    return shown.replace("\N{NO-BREAK SPACE}%", " %")


def same(value: str, cell: str) -> bool:
    """Whether a cell shows a value of the download, rounded to the cell's decimals."""
    if cell == "–":
        return value == ""
    if value in ("True", "False"):
        return cell == {"True": "yes", "False": "no"}[value]
    plain = cell.replace("−", "-").replace(",", "")
    try:
        decimals = len(plain.partition(".")[2])
        return abs(float(value) - float(plain)) <= 0.5 * 10**-decimals * 1.000001
    except ValueError:
        return cell == value


STEP = """e => [...e.querySelectorAll('.tip strong')].map(row => [row.textContent,
    [...row.nextSibling.querySelectorAll('dt')].map(head => [head.textContent, head.nextSibling.textContent])])"""
DRAWN = """e => { const panels = JSON.parse(e.querySelector('.wide').dataset.marks);
    return [...new Set(panels.flatMap(panel => (panel.x || panel.y).map((_, row) => row).filter(row =>
    (!panel.x || panel.x[row] !== null) && (!panel.y || panel.y[row] !== null))))].sort((a, b) => a - b); }"""
# What stands on an axis beside the place of each row: the words nearest to it, and the row's own.
BESIDE = """e => { const side = e.querySelector('.wide'), svg = side.querySelector('svg');
    const frame = svg.getBoundingClientRect(), scale = frame.width / svg.viewBox.baseVal.width;
    const rows = [...e.closest('figure').querySelector('tbody').rows];
    const texts = [...svg.querySelectorAll('text')].map(text => { const box = text.getBoundingClientRect();
        return {words: text.textContent.trim(), x: (box.left + box.right) / 2 - frame.left,
            y: (box.top + box.bottom) / 2 - frame.top}; });
    return JSON.parse(side.dataset.marks).filter(panel => !panel.x !== !panel.y).flatMap(panel => {
        const axis = panel.x ? 'x' : 'y', [left, top, width, height] = panel.box.map(edge => edge * scale);
        return panel[axis].map((at, row) => { if (at === null) return null;
            const label = rows[row].cells[0].textContent, near = texts.filter(text => axis === 'x'
                ? text.y > top + height && text.x > left && text.x < left + width && text.words === label
                : Math.abs(text.y - scale * at) < 10);
            return [axis, label, near.map(text => text.words), near.map(text => text[axis] - scale * at)];
        }).filter(Boolean); }); }"""
# The axis names something else than the first column: a class of words, a lexicon of a speaker, a body's role.
NAMED_OTHERWISE = {"words", "scores", "memberships-over-time"}


def on_axis(label: str, words: str) -> bool:
    """Whether an axis names a row: whole, in one of several lines, or shortened."""
    return bool(words) and words.removesuffix("…").strip() in label


@pytest.mark.parametrize("name", REPORTS)
def test_every_point_of_every_chart_tells_what_the_download_has(visit, name):
    page = visit(name)
    page.evaluate(OPEN_ALL)
    walked, placed = 0, 0
    for exhibit in page.query_selector_all("figure.exhibit:has(.picture[tabindex])"):
        key, picture = exhibit.get_attribute("id"), exhibit.query_selector(".picture")
        if exhibit.evaluate("e => !!e.closest('[hidden]')"):
            tab = page.get_attribute(f"[role=tabpanel]:has(#{key})", "aria-labelledby")
            page.focus(f"[id='{tab}']")  # a pointer left there would tell of rows too, as the page scrolls under it
            page.keyboard.press("Enter")
        address = exhibit.query_selector("a[download$='.csv']").get_attribute("href")
        text = base64.b64decode(address.partition("base64,")[2]).decode("utf-8-sig")
        heads, *rows = csv.reader(io.StringIO(text))
        drawn = picture.evaluate(DRAWN)
        picture.focus()
        for at in drawn:
            page.keyboard.press("ArrowRight")
            (label, cells), *_ = picture.evaluate(STEP)
            told = {plain(head): plain(cell) for head, cell in cells}
            assert label == rows[at][0], (key, at)
            for head, value in zip(heads[1:], rows[at][1:], strict=True):
                assert same(value, told.get(head, "–") if value else "–"), (key, label, head, told)
            box = picture.evaluate(
                "e => { const t = e.querySelector('.tip'); return [t.scrollHeight, t.clientHeight]; }"
            )
            assert box[0] <= box[1], f"{key}: what is told of {label} is cut"
        page.keyboard.press("ArrowRight")
        assert picture.evaluate(STEP)[0][0] == rows[drawn[-1]][0], "the last stays"
        page.keyboard.press("Escape")
        assert not exhibit.query_selector(".tip").is_visible()
        for axis, label, words, away in picture.evaluate(BESIDE):
            if axis == "x":
                assert all(abs(one) < 4 for one in away), (key, label, away)
            elif key not in NAMED_OTHERWISE:
                assert any(on_axis(label, one) for one in words), (key, label, words)
            placed += bool(words)
        walked += 1
    pictures = page.query_selector_all("figure.exhibit .picture")
    assert walked == len([one for one in pictures if one.query_selector(".wide").get_attribute("data-marks") != "[]"])
    assert walked >= 9 and placed > 50 and page.complaints == []


@pytest.mark.parametrize("name", REPORTS)
def test_a_page_is_no_larger_than_a_megabyte_and_a_half_and_gives_what_its_notebook_gives(visit, reports, name):
    assert (reports / f"{name}.html").stat().st_size <= 1_500_000
    page = visit(name)
    cells = nbformat.read(named_reports()[name].notebook, as_version=4).cells
    htmls = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell.get("outputs", ())]
    files = {name: content for html in htmls for name, content in downloads.given(html).items()}
    links = page.eval_on_selector_all("a[download]", "all => all.map(a => [a.download, a.href])")
    shown = {name: base64.b64decode(href.partition("base64,")[2]) for name, href in links if name in files}
    assert len(files) > 20 and shown == files


def test_alternatives_are_tabs_with_an_address_each_and_one_of_them_is_printed(visit, browser, reports):
    from pypdf import PdfReader

    page = visit("trade-trends")
    tab = page.locator("#long-series-tabs [role=tab]")
    shown = "all => all.filter(e => e.checkVisibility()).map(e => e.id)"
    assert tab.count() >= 5 and tab.first.get_attribute("aria-selected") == "true"
    assert page.eval_on_selector_all("#long-series-tabs figure", shown) == ["long-series"]
    tab.first.focus()
    page.keyboard.press("ArrowRight")
    (second,) = page.eval_on_selector_all("#long-series-tabs figure", shown)
    assert second != "long-series" and page.url.endswith(f"#{second}") and page.is_visible(f"#{second} .picture")
    panel = page.locator(f"#{second}").locator("xpath=ancestor::*[@role='tabpanel']")
    name = page.evaluate("document.activeElement.textContent")
    assert page.inner_text(f"[id='{panel.get_attribute('aria-labelledby')}']") == name
    assert violations(page) == []
    printed = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages)
    titles = [
        re.sub(r"\s+", "", page.text_content(f"#{key} .title").removesuffix("#").strip()[:60])
        for key in (second, "long-series")
    ]
    assert [title in re.sub(r"\s+", "", printed) for title in titles] == [True, False]
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert page.eval_on_selector_all("#long-series-tabs figure", shown) == ["long-series"]

    addressed = browser.new_page()
    addressed.goto(f"{(reports / 'trade-trends.html').as_uri()}#{second}")
    assert addressed.eval_on_selector_all("#long-series-tabs figure", shown) == [second]
    addressed.close()
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto((reports / "trade-trends.html").as_uri())
    assert plain.is_visible("#long-series .wide svg") and plain.is_visible(
        "#long-series-tabs > details > summary >> nth=0"
    )
    plain.context.close()


@pytest.mark.parametrize(("width", "touch"), [(1280, False), (360, True)])
def test_a_point_under_the_pointer_or_finger_is_told_and_the_rest_dimmed(visit, width, touch):
    page = visit("trade-trends", width=width)
    picture = page.locator("#since .picture")
    picture.scroll_into_view_if_needed()
    panel = page.evaluate(
        "w => JSON.parse(document.querySelector('#since .' + w).dataset.marks)[0]", "narrow" if touch else "wide"
    )
    frame = page.locator(f"#since .{'narrow' if touch else 'wide'} svg")
    scale = frame.evaluate("e => e.clientWidth / e.viewBox.baseVal.width")
    box = frame.bounding_box()
    at = (box["x"] + scale * panel["x"][3] + 2, box["y"] + scale * (panel["box"][1] + 20))
    if touch:
        page.dispatch_event(
            "#since .picture", "pointerdown", {"clientX": at[0], "clientY": at[1], "pointerType": "touch"}
        )
    else:
        page.mouse.move(*at)
    label = page.evaluate("document.querySelector('#since tbody').rows[3].cells[0].textContent")
    assert page.inner_text("#since .tip strong") == label and page.query_selector("#since .at")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if not touch:
        page.mouse.move(1, 1)
        assert not page.is_visible("#since .tip") and page.query_selector("#since .at") is None


@pytest.mark.parametrize("kind", ["SVG", "PNG"])
def test_a_picture_is_taken_away_with_its_title_and_its_sources(visit, kind):
    page = visit("trade-trends")
    with page.expect_download() as download:
        page.locator("#since .links").get_by_role("button", name=kind).click()
    assert download.value.suggested_filename == f"since.{kind.lower()}"
    file = Path(download.value.path()).read_bytes()
    if kind == "PNG":
        assert file.startswith(b"\x89PNG") and int.from_bytes(file[16:20]) == 2 * 547
        return
    root = ElementTree.fromstring(file)
    words = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))
    title = page.inner_text("#since .title").removesuffix(" #")
    assert title in words and "Sources: " in words and "trade-trends.html#since" in words
    assert b"var(--" not in file and 'class="at"' not in file.decode()


def test_a_table_is_copied_with_every_digit_and_as_a_table(visit):
    page = visit("trade-trends")
    page.evaluate(
        """() => { const set = DataTransfer.prototype.setData; window.taken = {};
            DataTransfer.prototype.setData = function (...what) { window.taken[what[0]] = what[1];
                set.apply(this, what); }; }"""
    )
    page.evaluate(OPEN_ALL)
    page.wait_for_selector("#months table[data-sortable=yes]")
    page.fill("#months input[type=search]", "2017-1")
    page.locator("#months .links").get_by_role("button", name="Copy table").click()
    taken = page.evaluate("window.taken")
    address = page.get_attribute("#months a[download$='.csv']", "href")
    text = base64.b64decode(address.partition("base64,")[2]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [line.split("\t") for line in taken["text/plain"].splitlines()] == rows
    cells = re.findall(r"<t[hd]>([^<]*)</t[hd]>", taken["text/html"])
    assert [cell.replace("&amp;", "&") for cell in cells] == [cell for row in rows for cell in row], (
        "whole, and unmarked"
    )
    assert page.locator("#months .links").get_by_role("button", name="Copied").is_visible()


def test_a_tab_opens_as_the_one_before_it_was_and_no_address_breaks_the_page(visit):
    page = visit("trade-trends")
    page.evaluate("location.hash = '#100%'")
    page.reload()
    page.click("#flows summary")
    page.locator("#flows-tabs [role=tab]").nth(1).click()
    assert page.locator("#flows-tabs figure:visible .picture").is_visible() and page.complaints == []
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("location.hash = '#long-series-tenge'")
    page.wait_for_function("document.querySelector('#long-series-tenge').checkVisibility()")
    top = page.evaluate("document.querySelector('#long-series-tabs [role=tablist]').getBoundingClientRect().top")
    assert 0 <= top < 900, "the other tabs are in sight"
    page.hover("#since .picture")
    assert page.is_visible("#since .tip")
    page.keyboard.press("Escape")
    assert not page.is_visible("#since .tip")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_table_says_that_it_scrolls_where_it_does(visit, width):
    page = visit("expert-forecasts", width=width)
    page.evaluate(OPEN_ALL)
    page.wait_for_function(
        "[...document.querySelectorAll('table.long')].every(table => table.dataset.sortable === 'yes')"
    )
    page.wait_for_timeout(200)
    wrong = "all => all.filter(b => b.classList.contains('cut') !== b.scrollWidth > b.clientWidth + 1).length"
    assert page.eval_on_selector_all(".scroll", wrong) == 0


def test_a_download_works(visit):
    page = visit("trade-trends")
    with page.expect_download() as download:
        page.click("#long-series a[download$='.csv']")
    assert download.value.suggested_filename == "long-series.csv"
    with page.expect_download() as download:
        page.click("text=Download all numbers of this report (Excel)")
    assert download.value.suggested_filename == "trade-trends.xlsx"
    assert "long-series" in opened(Path(download.value.path()).read_bytes())


def test_a_long_table_sorts_and_filters_offline(visit):
    page = visit("trade-trends")
    page.click("#months summary")
    page.click("#months details details.numbers > summary")
    page.wait_for_selector("#months table[data-sortable=yes]")
    page.fill("#months input[type=search]", "2017-1")
    page.wait_for_function("document.querySelectorAll('#months tbody tr').length === 3")
    months = page.eval_on_selector_all("#months tbody tr", "rows => rows.map(r => r.cells[0].textContent)")
    assert months == ["2017-10", "2017-11", "2017-12"]
    page.fill("#months input[type=search]", "")
    page.wait_for_function("document.querySelectorAll('#months tbody tr').length > 100")
    page.click("#months thead th:nth-child(4)")
    page.wait_for_selector("#months thead th:nth-child(4)[aria-sort=ascending]")
    turnover = page.eval_on_selector_all("#months tbody tr", "rows => rows.map(r => Number(r.cells[3].textContent))")
    assert turnover == sorted(turnover) and len(turnover) > 100


def test_a_long_table_is_narrowed_by_its_columns_of_few_words(visit):
    page = visit("expert-forecasts")
    page.click("#ledger summary")
    page.wait_for_selector("#ledger table[data-sortable=yes]")
    page.wait_for_selector("#ledger .filters select")
    outcome = page.locator("#ledger .filters").get_by_label("outcome").first
    outcome.select_option("no")  # exactly: `not testable` and unresolved begin alike
    page.wait_for_function("document.querySelectorAll('#ledger tbody tr').length < 30")
    cells = page.eval_on_selector_all("#ledger tbody tr", "rows => rows.map(r => r.cells[7].textContent)")
    assert set(cells) == {"no"} and len(cells) > 5
    outcome.select_option("")
    page.wait_for_function("document.querySelectorAll('#ledger tbody tr').length > 150")


def test_the_game_hides_outcomes_and_scores_like_the_notebook(visit):
    from analysis.exhibits.beat_the_experts import game
    from analysis.methods import ledgers
    from analysis.methods.expectations import Register, Statistics, Survey, WordScale
    from analysis.methods.resolvers import Resolvers
    from analysis.tables.store import load

    page = visit("expert-forecasts")
    page.click("#beat-the-experts summary")
    assert page.inner_text("#beat-the-experts .score") == "" and "came out" not in page.inner_text("#beat-the-experts")
    sliders = page.query_selector_all("#beat-the-experts input[type=range]")
    guesses = {}
    for at, slider in enumerate(sliders):
        slider.fill(str(5 * (at % 21)))
        guesses[slider.evaluate("e => e.closest('fieldset').dataset.statement")] = (at % 21) / 20
    page.click("#beat-the-experts button")
    shown = page.eval_on_selector_all(
        "#beat-the-experts .score tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    records = ledgers.select(load("trade"), load("indicators"), load("selections"))
    statistics = Statistics(records, load("trade_products"), load("indicators"), load("officials_figures"))
    resolvers = Resolvers(load("resolutions"), load("second_resolutions"), load("adjudications"))
    outcomes = statistics.decide(load("resolution_rules"), resolvers.counted, "criterion")
    survey = Survey(load("experts"), load("questions"), load("positions"))
    scale = WordScale(load("lexicons"), load("lexicon_names"), load("class_readings"))
    played = game(Register(load("statements"), outcomes, survey, scale))
    wanted = played.score(guesses).table
    assert [row[0] for row in shown] == wanted.index.tolist()
    for row, (_, values) in zip(shown, wanted.iterrows(), strict=True):
        assert [float(cell) for cell in row[1:]] == pytest.approx(values.tolist(), abs=0.001)
    assert page.complaints == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360, "the scores scroll, the page does not"


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_read_in_eleven_screens_of_a_thousand_pixels(visit, name):
    page = visit(name)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate("document.documentElement.scrollHeight") <= 11_000


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_alone_reaches_and_works_every_control(visit, name):
    page = visit(name)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, input, select, [tabindex="0"]')]
            .filter(e => e.tabIndex >= 0)
            .filter(e => e.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true})).length"""
    )
    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
                e.dataset.reached = e.dataset.reached || Math.random(); const b = e.getBoundingClientRect();
                return [e.dataset.reached, b.width > 0 && b.height > 0, getComputedStyle(e).outlineStyle]; }"""
        )
        if at is None:
            break
        assert at[1] and at[2] != "none", "focus is visible"
        reached.add(at[0])
    assert len(reached) == wanted
    page.focus("#theme")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    if name == "index":
        return
    page.focus("#code")
    page.keyboard.press("Space")
    assert page.get_attribute("#code", "aria-pressed") == "true" and page.is_visible("details.code pre")
    page.focus("figure .numbers summary")
    page.keyboard.press("Enter")
    assert page.is_visible("figure .numbers table")
    page.evaluate("window.scrollTo(0, 0)")
    page.focus("a.skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", REPORTS)
def test_findings_and_contents_lead_to_what_they_name(visit, name):
    page = visit(name)
    targets = page.eval_on_selector_all("a[href^='#']", "links => links.map(a => decodeURIComponent(a.hash.slice(1)))")
    ids = set(page.eval_on_selector_all("[id]", "all => all.map(e => e.id)"))
    assert set(targets) <= ids
    assert page.eval_on_selector_all("h1", "all => all.length") == 1
    assert page.evaluate("document.querySelectorAll('[id]').length") == len(ids), "an id stands twice"


@pytest.mark.parametrize("name", REPORTS)
def test_every_picture_is_whole_on_one_printed_page(visit, name):
    from pypdf import PdfReader

    page = visit(name, scheme="dark")
    labels = page.eval_on_selector_all(
        "figure .wide svg",
        "all => all.filter(s => !s.closest('[hidden]')).map(s => [...s.querySelectorAll('text')]"
        ".map(t => t.textContent.trim()))",
    )
    pdf = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    printed = [re.sub(r"\s+", "", unicodedata.normalize("NFKC", sheet.extract_text())) for sheet in pdf.pages]
    assert len(labels) >= 8
    for texts in labels:
        words = unicodedata.normalize("NFKC", " ".join(texts)).split()
        assert any(all(word in sheet for word in words) for sheet in printed), texts
    whole = "".join(printed)
    addresses = page.eval_on_selector_all(".sources-list a", "all => all.map(a => a.getAttribute('href'))")
    assert addresses and all(re.sub(r"\s+", "", address) in whole for address in addresses)


def test_without_scripts_the_page_is_whole(browser, reports):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports / "trade-trends.html").as_uri())
    assert page.is_visible("#long-series .wide svg") and page.is_visible("details.code summary >> nth=1")
    context.close()
