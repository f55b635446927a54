"""The whole demonstration site in a real browser: every page of both languages, from a folder and from a server.

Takes minutes. `GREENREPORT_SITE` names a finished site (`reports/demo/site`); without it the demonstration set is built.
"""

from __future__ import annotations

import functools
import http.server
import json
import re
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import browser
import pytest

pytestmark = [
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.skipif(browser.CHROMIUM is None, reason="no Chromium on PATH"),
]
LANGS = ("zh", "en")
TERMS = {"zh": ["零售额 万州", "时序进度", "绿色饭店"], "en": ["retail Wanzhou", "green hotels", "FORECAST"]}


@pytest.fixture(scope="module")
def chromium() -> Iterator[browser.Browser]:
    one = browser.Browser()
    one.show_everything()
    yield one
    one.close()


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[str]:
    """The site at an address of this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_address[1]}"
        serving.shutdown()
        thread.join()


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert len(found) > 30, "this is not a whole set"
    return found


def open_address(chromium: browser.Browser, base: str, site: Path, page: Path, **window: object) -> None:
    path = urllib.parse.quote(page.relative_to(site).as_posix())
    chromium.open(f"{base}/{path}", **window)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["folder", "server"])
def test_every_page_opens_quietly_and_draws(way: str, site: Path, server: str, chromium: browser.Browser) -> None:
    """No page says a word in the console or asks for anything outside its site, and every chart comes alive."""
    base = site.as_uri() if way == "folder" else server
    faults: list[str] = []
    drawn = 0
    for page in pages(site):
        open_address(chromium, base, site, page)
        drawn += chromium.draw()
        # Vega-Lite's advice to a chart's author begins with WARN; the reader's page is none the worse for it.
        faults += [f"{page.name}: {error}" for error in chromium.errors if not error.startswith("WARN ")]
        strange = [url for url in chromium.requests if not url.startswith((base, "data:", "blob:"))]
        faults += [f"{page.name}: {url}" for url in strange]
    assert faults == []
    assert drawn > 200


@pytest.mark.parametrize("width", [360, 1920])
def test_nothing_hangs_over_the_edge(width: int, site: Path, chromium: browser.Browser) -> None:
    """No page is wider than its window once its charts are drawn."""
    faults = []
    for page in pages(site):
        open_address(chromium, site.as_uri(), site, page, width=width)
        chromium.draw()
        found = chromium.evaluate("document.documentElement.scrollWidth")
        if found > width:
            faults.append(f"{page.parent.name}/{page.name}: {found}")
    assert faults == []


def test_every_way_leads_somewhere(site: Path) -> None:
    """Every link, file for download, style sheet and script of every page is a file of the site, anchors included."""
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', page.read_text(encoding="utf-8"))) for page in pages(site)}
    faults = []
    for page in anchors:
        for target in re.findall(r'\b(?:href|src)="([^"]*)"', page.read_text(encoding="utf-8")):
            if target.startswith(("data:", "http://", "https://")):  # published sources are not of the site
                continue
            path, _, anchor = urllib.parse.unquote(target).partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.is_file() or (anchor and anchor not in anchors[file]):
                faults.append(f"{page.parent.name}/{page.name}: {target}")
    assert faults == []


def test_the_switch_leads_to_the_same_page(site: Path) -> None:
    """Every page has a switch to the same page in the other language."""
    told = [page for page in pages(site) if page.parent.name in LANGS]
    assert {page.parent.name for page in told} == set(LANGS)
    for page in told:
        other = LANGS[page.parent.name == "zh"]
        assert f'class="gr-switch" href="../{other}/{page.name}"' in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "terms"), [(lang, terms) for lang in LANGS for terms in TERMS[lang]])
def test_search_finds_terms_of_both_languages(
    lang: str, terms: str, site: Path, server: str, chromium: browser.Browser
) -> None:
    """Chinese and English terms are found from a folder and from a server, and the first hit opens at its place."""
    for base in (site.as_uri(), server):
        chromium.open(f"{base}/{lang}/about.html")
        chromium.type_into(".gr-search input", terms)
        chromium.until("document.querySelectorAll('.gr-search-results a').length > 0")
        chromium.evaluate("document.querySelector('.gr-search-results a').click()")
        chromium.until(
            "document.body && document.readyState === 'complete' &&"
            " document.body.dataset.page && document.body.dataset.page !== 'about'"
        )
        assert chromium.evaluate(
            "!location.hash || document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null"
        )


@pytest.mark.parametrize("lang", LANGS)
def test_the_map_takes_another_indicator(lang: str, site: Path, chromium: browser.Browser) -> None:
    """Choosing another indicator colours the tiles of the start page's map anew."""
    chromium.open((site / lang / "index.html").as_uri())
    chromium.draw()
    look = "[...document.querySelectorAll('#fig-map .gr-live svg .mark-rect path')].map((p) => p.getAttribute('fill')).join()"
    before = chromium.evaluate(look)
    chromium.evaluate(
        "const choice = document.querySelector('#fig-map .vega-bindings select');"
        "choice.selectedIndex = choice.selectedIndex ? 0 : 2; choice.dispatchEvent(new Event('change')); null"
    )
    assert before
    chromium.until(f"{look} !== {json.dumps(before)}")


def test_a_table_is_copied_cell_by_cell(site: Path, chromium: browser.Browser) -> None:
    """The button below a table puts it on the clipboard as a table and as text with tabs between the cells."""
    chromium.open((site / "zh" / "overview.html").as_uri())
    chromium.send("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    chromium.send("Page.bringToFront")
    chromium.evaluate("document.querySelector('#tbl-main .gr-actions button').click(); null")
    chromium.until("document.querySelector('#tbl-main .gr-actions button').textContent === '已复制'")
    text = chromium.evaluate("navigator.clipboard.readText()")
    assert text.startswith("指标\t")
    lines = text.split("\n")
    assert len(lines) >= 7 and len({line.count("\t") for line in lines}) == 1


def test_the_list_of_districts_is_sieved(site: Path, chromium: browser.Browser) -> None:
    """Typing a part of a name leaves the districts whose name holds it."""
    chromium.open((site / "en" / "districts.html").as_uri())
    chromium.type_into(".gr-filter input", "wan")
    left = chromium.evaluate(
        "[...document.querySelectorAll('.gr-page-list li:not([hidden])')].map((li) => li.innerText)"
    )
    assert left and all("wan" in name.lower() for name in left)


def test_pages_and_assets_keep_within_bounds(site: Path) -> None:
    """A page is smaller than 300 KB, everything shared is smaller than 2.5 MB."""
    assert [p.name for p in pages(site) if p.stat().st_size > 300_000] == []
    assert sum(path.stat().st_size for path in (site / "assets").iterdir()) < 2_500_000


@browser.needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_use_every_page(scheme: str, site: Path, chromium: browser.Browser) -> None:
    """axe-core finds nothing against WCAG 2.2 AA; in the dark, one page of each kind stands for the others."""
    seen: set[tuple[str, str]] = set()
    faults = []
    for page in pages(site):
        kind = (page.parent.name, page.stem.split("-")[0])
        if scheme == "dark" and kind in seen:
            continue
        seen.add(kind)
        open_address(chromium, site.as_uri(), site, page, scheme=scheme)
        chromium.draw()
        chromium.evaluate(browser.AXE.read_text(encoding="utf-8") + "; null")
        faults += chromium.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations']}).then((r) =>"
            f" r.violations.map((v) => {json.dumps(page.name)} + ' ' + v.id + ': ' + v.nodes.map((n) => n.target).join('; ')))"
        )
    assert faults == []
