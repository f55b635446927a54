"""The site in a real browser: it opens from a folder, draws, searches, switches, fits, and can be used by everyone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import browser
import make_run
import pytest

from greenreport.render import RenderResult

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(browser.CHROMIUM is None, reason="no Chromium on PATH"),
]
PAGES = [
    f"{lang}/{page}.html" for lang in ("zh", "en") for page in (*make_run.TITLES, "index", "about", "districts")
] + ["index.html"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[browser.Browser]:
    one = browser.Browser()
    yield one
    one.close()


@pytest.fixture
def site(rendered: tuple[Path, RenderResult]) -> Path:
    return rendered[0] / "site"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_quietly_and_alone(page: str, site: Path, chromium: browser.Browser) -> None:
    """A page opens from the folder without a word in the console and asks for nothing outside it."""
    chromium.open((site / page).as_uri())
    chromium.draw()
    assert chromium.errors == []
    root = site.as_uri()
    assert [url for url in chromium.requests if not url.startswith((root, "data:", "blob:"))] == []


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
@pytest.mark.parametrize("page", PAGES)
def test_nothing_hangs_over_the_edge(page: str, width: int, site: Path, chromium: browser.Browser) -> None:
    """No page is wider than its window, from a telephone to a wide screen."""
    chromium.open((site / page).as_uri(), width=width)
    assert chromium.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("page", ["zh/city.html", "en/district-500101.html", "zh/index.html"])
def test_language_switch_leads_to_the_same_page(page: str, site: Path, chromium: browser.Browser) -> None:
    """The switch opens the same page in the other language, and back again."""
    chromium.open((site / page).as_uri())
    for _ in range(2):
        before = chromium.evaluate("document.body.dataset.lang + '/' + document.body.dataset.page")
        chromium.evaluate("document.querySelector('.gr-switch').click()")
        chromium.until(
            f"document.body && document.body.dataset.page && "
            f"document.body.dataset.lang + '/' + document.body.dataset.page !== {json.dumps(before)}"
        )
        now = chromium.evaluate("document.body.dataset.lang + '/' + document.body.dataset.page")
        assert now.split("/")[1] == before.split("/")[1]


@pytest.mark.parametrize(
    ("lang", "terms", "page"), [("zh", "零售额 万州", "district-500101"), ("en", "RETAIL wanzhou", "district-500101")]
)
def test_search_finds_what_stands_in_the_text(
    lang: str, terms: str, page: str, site: Path, chromium: browser.Browser
) -> None:
    """Searching finds Chinese and English terms, whatever their case, and every hit leads to a page of the site."""
    chromium.open((site / lang / "index.html").as_uri())
    chromium.type_into("input[type=search]", terms)
    chromium.until("document.querySelectorAll('.gr-search-results a').length > 0")
    hits = chromium.evaluate(
        "[...document.querySelectorAll('.gr-search-results a')].map((a) => a.getAttribute('href'))"
    )
    assert f"{page}.html" in {hit.split("#")[0] for hit in hits}
    assert all((site / lang / hit.split("#")[0]).is_file() for hit in hits)


def test_a_hit_leads_to_its_section(site: Path, chromium: browser.Browser) -> None:
    """The anchor of a hit exists on the page that it leads to."""
    chromium.open((site / "zh" / "index.html").as_uri())
    chromium.type_into("input[type=search]", "时序进度")
    chromium.until("document.querySelectorAll('.gr-search-results a').length > 0")
    chromium.evaluate("document.querySelector('.gr-search-results a').click()")
    chromium.until("document.body && document.body.dataset.page && document.body.dataset.page !== 'index'")
    assert chromium.evaluate("document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null")


def test_a_search_without_hits_says_so(site: Path, chromium: browser.Browser) -> None:
    """Nothing found is said in words."""
    chromium.open((site / "en" / "index.html").as_uri())
    chromium.type_into("input[type=search]", "zzzz")
    chromium.until("document.querySelector('.gr-search-status').textContent === 'No results'")
    assert chromium.evaluate("document.querySelectorAll('.gr-search-results a').length") == 0


def test_a_table_leads_to_its_files(site: Path, chromium: browser.Browser) -> None:
    """Below a table stand a button that copies it, its CSV file, and the workbook of the page."""
    chromium.open((site / "zh" / "district-500101.html").as_uri())
    found = chromium.evaluate(
        "[...document.querySelector('#tbl-main .gr-actions').children].map((c) => c.getAttribute('href') || c.textContent)"
    )
    assert found == ["复制表格", "tables/district-500101/tbl-main.csv", "district-500101.xlsx"]
    assert all((site / "zh" / name).is_file() for name in found[1:])


def test_a_chart_comes_out_as_csv(site: Path, chromium: browser.Browser) -> None:
    """The button below a chart gives the rows that it draws."""
    chromium.open((site / "en" / "district-500101.html").as_uri())
    chromium.evaluate(
        "window.saved = new Promise((resolve) => { URL.createObjectURL = (blob) => {"
        " blob.text().then(resolve); return 'blob:x'; }; HTMLAnchorElement.prototype.click = () => {}; });"
        "document.querySelector('#fig-online-retail .gr-actions button').click(); null"
    )
    lines = chromium.evaluate("window.saved").lstrip("\ufeff").split("\r\n")
    assert lines == ["year,value", "2023,1800", "2025,2146", "2027,2440", ""]


@browser.needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_everyone_can_use_every_page(page: str, scheme: str, site: Path, chromium: browser.Browser) -> None:
    """axe-core finds nothing against WCAG 2.2 AA on any page, by day and by night."""
    chromium.open((site / page).as_uri(), scheme=scheme)
    chromium.draw()
    chromium.evaluate(browser.AXE.read_text(encoding="utf-8") + "; null")
    found = chromium.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        ".then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target + ' ' + n.failureSummary).join('; ')))"
    )
    assert found == []
