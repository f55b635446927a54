"""The European plan, built as its readers get it: no word of a city or a district on any page, nothing empty."""

import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"en": r"(?i)\b(city|cities|districts?|county|counties|chongqing|municipal\w*)\b", "zh": r"市(?!场)|区县|重庆"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "eu"
    chosen = ["overview", "EU", "indicator-renewables-share", "FR", "SE", "NO", "methods", "data"]
    asked = [part for name in chosen for part in ("--only", name)]
    done = subprocess.run(
        [sys.executable, "-m", "greenreport", "build", "params/eu-renewables.yaml", "--out", str(out), *asked,
         "--format", "html", "--renderer", "builtin"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "site"


def read(page):
    """What a reader or a screen reader gets: text, alternative texts, labels, and the words inside charts."""
    page = re.sub(r"<style.*?</style>|<script(?![^>]*gr-spec).*?</script>", " ", page, flags=re.S)
    said = " ".join(re.findall(r'\b(?:alt|aria-label|title|content)="([^"]*)"', page))
    text = html.unescape(re.sub(r"<[^>]+>", " ", page) + " " + said)
    return re.sub(r"'?district-\w*(\.html)?'?", " ", text)  # addresses of pages are no words


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_speaks_of_a_city_or_a_district(site, lang):
    """The words of the level are data: the Union and its countries, 欧盟 and 各国."""
    pages = sorted((site / lang).glob("*.html"))
    assert len(pages) >= 10
    for page in pages:
        text = read(page.read_text("utf-8"))
        found = re.search(WORDS[lang], text)
        assert found is None, f"{page.name}: {text[max(0, found.start() - 60) : found.end() + 60]}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_overview_leads_to_every_country_and_to_nothing_that_is_not_there(site, lang):
    """Links of the built pages end at pages that were built or asked for."""
    overview = (site / lang / "overview.html").read_text("utf-8")
    assert 'href="district-FR.html"' in overview
    assert "tasks.html" not in overview
    assert {"zh": "27个国家", "en": "27countries"}[lang] in re.sub(r"\s", "", read(overview))
