"""The European plan, built as its readers get it: no word of a city or a district on any page, nothing empty."""

import contextlib
import csv
import html
import io
import re
import zipfile

import openpyxl
import pytest
import yaml
from helpers import ROOT, greenreport
from pypdf import PdfReader

WORDS = {"en": r"(?i)\b(city|cities|districts?|county|counties|chongqing|municipal\w*)\b", "zh": r"市(?!场)|区县|重庆"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "eu"
    chosen = ["overview", "EU", "indicator-renewables-share", "FR", "SE", "NO", "methods", "data"]
    asked = [part for name in chosen for part in ("--only", name)]
    asked += ["--format", "html", "--renderer", "builtin"]
    done = greenreport("build", "params/eu-renewables.yaml", "--out", out, *asked)
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


def told(file):
    """The words of any file of a site; ids of pages, which are addresses, left out (`page` in tables)."""
    if file.suffix == ".html":
        return read(file.read_text("utf-8"))
    if file.suffix == ".pdf":
        pdf = PdfReader(file)
        return " ".join([*(page.extract_text() for page in pdf.pages), *map(str, (pdf.metadata or {}).values())])
    if file.suffix == ".docx":
        with zipfile.ZipFile(file) as parts:
            raw = " ".join(parts.read(name).decode("utf-8") for name in parts.namelist() if name.endswith(".xml"))
        return re.sub(r"<[^>]+>", "", raw) + " ".join(re.findall(r'\b(?:descr|title)="([^"]*)"', raw))
    if file.suffix == ".xlsx":
        with contextlib.closing(openpyxl.load_workbook(file, read_only=True)) as book:
            tables = [[[str(v or "") for v in row] for row in s.iter_rows(values_only=True)] for s in book.worksheets]
        return " ".join(map(rows, tables))
    if file.suffix == ".csv":
        return rows(list(csv.reader(io.StringIO(file.read_text("utf-8-sig")))))
    return re.sub(r"district-\w*|\bcity(?=\.html|\")", " ", file.read_text("utf-8"))


def rows(table):
    """The cells of a table but for those of a column `page`."""
    if not table:
        return ""
    kept = [i for i, name in enumerate(table[0]) if name != "page"]
    return " ".join(row[i] for row in table for i in kept if i < len(row))


@pytest.mark.long
@pytest.mark.parametrize("name", ["eu-renewables", "eu-renewables-outcome"])
def test_no_file_of_the_whole_site_speaks_of_a_city_or_a_district(tmp_path, name):
    """Pages, papers on paper and in Word, tables, search index, alternative texts, chart words: every file, both languages."""
    asked = yaml.safe_load((ROOT / "params" / f"{name}.yaml").read_text("utf-8"))
    asked |= {"formats": ["html", "pdf", "docx"], "papers": ["report", "brief", "sheets", "archive"]}
    if not any(page["kind"] == "papers" for page in asked["pages"]):
        asked["pages"].append({"notebook": "notebooks/papers.ipynb", "kind": "papers"})
    (tmp_path / "whole.yaml").write_text(yaml.safe_dump(asked, allow_unicode=True), "utf-8")
    done = greenreport("build", tmp_path / "whole.yaml", "--out", tmp_path / "run", "--renderer", "builtin")
    assert done.returncode == 0, done.stdout + done.stderr
    site = tmp_path / "run" / "site"
    kinds = (".html", ".pdf", ".docx", ".xlsx", ".csv", ".json", ".js")
    programs = ("vega.js", "greenreport.js")
    files = [f for f in sorted(site.rglob("*")) if f.suffix in kinds and f.name not in programs]
    assert {f.suffix for f in files} == set(kinds)
    wrong = []
    for file in files:
        text = re.sub(r"\bcity\.(html|pdf)|\bfigures/[\w-]+\.png", " ", told(file))  # addresses are no words
        own = {lang for lang in WORDS if lang in file.relative_to(site).parts or file.name == f"search-{lang}.js"}
        for lang in own or WORDS:
            wrong += [
                f"{file.relative_to(site)}: {text[max(0, m.start() - 60) : m.end() + 60]}"
                for m in re.finditer(WORDS[lang], text)
            ]
    assert not wrong, f"{len(wrong)} places\n" + "\n".join(wrong[:30])
