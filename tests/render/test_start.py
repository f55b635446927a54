"""The pages that rendering makes itself: the start page, lists, about the run; the ways that every page offers."""

from __future__ import annotations

from pathlib import Path

import make_run
import pytest
from bs4 import BeautifulSoup, Tag

from greenreport.render import RenderResult, render

ABOUT = {"zh": "关于本次运行", "en": "About this run"}


def page(rendered: tuple[Path, RenderResult], name: str) -> BeautifulSoup:
    return BeautifulSoup((rendered[0] / "site" / name).read_text(encoding="utf-8"), "html.parser")


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select_one(selector)
    assert found is not None, selector
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_start_page_shows_what_is_marked(lang: str, rendered: tuple[Path, RenderResult]) -> None:
    """The headline leads, the marked table follows with its files, and nothing else of the city's page is there."""
    start = page(rendered, f"{lang}/index.html")
    words = make_run.WORDS[lang]
    assert "".join(words["lead"].split()) in "".join(one(start, ".gr-lead").get_text().split())
    assert [table.find("thead") is not None for table in start.select("main table")] == [True]
    assert "tables/city/tbl-main.csv" in {a["href"] for a in start.select(".gr-actions a")}
    assert words["callout_text"] not in one(start, "main").get_text()
    assert not start.select("figure.gr-chart")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_start_page_leads_everywhere(lang: str, rendered: tuple[Path, RenderResult]) -> None:
    """Every page of the language, the list of districts, about the run and the archive are linked from it."""
    folder = rendered[0] / "site" / lang
    links = {str(a["href"]).split("#")[0] for a in page(rendered, f"{lang}/index.html").select("a[href]")}
    assert {path.name for path in folder.glob("*.html")} - {"index.html"} <= links
    assert "papers/archive.pdf" in links


def test_the_menu_does_not_grow_with_districts(tmp_path: Path) -> None:
    """Forty districts give one way to their list; the list names them all, in the groups that their pages tell."""
    made: dict[tuple[str, str], dict[str, object] | None] = {}
    for n in range(40):
        nb = make_run.notebook(
            f"district-{n}", "zh", f"区{n}", [make_run.code(make_run.narrative("## 结论\n\n正文。"))]
        )
        front = nb["cells"][0]
        front["source"] = front["source"].replace("greenreport:\n", f"greenreport:\n  group: 第{n % 2}片\n")
        made[f"district-{n}", "zh"] = nb
    folder = make_run.write_run(tmp_path / "many", made, langs=("zh",))
    render(folder, engine="builtin", formats=["html"])
    soup = BeautifulSoup((folder / "site" / "zh" / "districts.html").read_text(encoding="utf-8"), "html.parser")
    assert [a.get_text() for a in soup.select(".gr-nav a")] == ["区县", "关于"]
    assert [h.get_text() for h in soup.select(".gr-group h2")] == ["第0片", "第1片"]
    assert len(soup.select(".gr-page-list li")) == 40


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_about_tells_what_the_run_rests_on(lang: str, rendered: tuple[Path, RenderResult]) -> None:
    """Cut-off, digest, versions, counts of pages, the page that failed with its reason, and the two commands."""
    soup = page(rendered, f"{lang}/about.html")
    text = " ".join(one(soup, "main").get_text().split())
    assert one(soup, "h1").get_text().strip() == ABOUT[lang]
    for piece in (make_run.AS_OF, "1f2e3d4c", "greenreport", "0.1.0", "greenreport verify", "greenreport reproduce"):
        assert piece in text
    assert {"zh": "第3个单元格出错。", "en": "Cell 3 raised an error."}[lang] in text
    assert {"zh": "本语言共3页：生成2页，失败1页，未计算0页。", "en": "3; produced: 2; failed: 1; not calculated: 0."}[
        lang
    ] in text


def test_a_page_knows_its_place_in_the_menu(rendered: tuple[Path, RenderResult]) -> None:
    """The way that a page lies on is marked: as the page itself, or as the list that it belongs to."""
    marked = {
        name: [
            (a["href"], a["aria-current"]) for a in page(rendered, f"en/{name}.html").select(".gr-nav [aria-current]")
        ]
        for name in ("city", "district-500101", "districts", "index")
    }
    assert marked == {
        "city": [("city.html", "page")],
        "district-500101": [("districts.html", "true")],
        "districts": [("districts.html", "page")],
        "index": [],
    }


def test_a_reference_to_another_page_leads_there(tmp_path: Path) -> None:
    """On the start page, a reference to a table that stands in the overview only leads to the overview."""
    head = make_run.narrative("## 结论\n\n达到时序进度，见[@tbl-main]和[方法](#methods)。")
    head["metadata"]["greenreport"]["start"] = True
    cells = [make_run.code(head), make_run.code(make_run.table("tbl-main", "表", ["指标", "值"], [["甲", "1"]], ""))]
    folder = make_run.write_run(
        tmp_path / "led", {("overview", "zh"): make_run.notebook("overview", "zh", "总览", cells)}, langs=("zh",)
    )
    assert not render(folder, engine="builtin", formats=["html"]).failed
    soup = BeautifulSoup((folder / "site" / "zh" / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = [str(a["href"]) for a in soup.select(".gr-lead a")]
    assert links == ["overview.html#tbl-main", "overview.html#methods"]
