"""The bound report in volumes: what stands where, what each says of itself, and that only what changed is set again."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import make_run
import pikepdf
import pytest
from bs4 import BeautifulSoup
from helpers import squeezed
from pypdf import PdfReader
from test_paper_structure import faults

from greenreport.render import RenderResult, render
from greenreport.render.source import Page, Run, read_run
from greenreport.render.volumes import chinese, shares

CHAPTERS = 4
AREAS = ["甲区", "乙区", "丙区", "丁县", "戊县"]
VOLUMES = ["archive", "archive-2", "archive-3"]


def _notebook(page: str, title: str, text: str) -> dict[str, object]:
    words = make_run.WORDS["zh"]
    picture = make_run.figure("fig-one", words["fig"], words["alt"], words["fig"])
    return make_run.notebook(page, "zh", title, [make_run.code(make_run.narrative(f"## 结论\n\n{text}"), picture)])


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderResult]:
    """City, five areas of which the fourth failed, methods: three volumes where four chapters fill one."""
    folder = _run(tmp_path_factory.mktemp("runs") / "volumes")
    return folder, render(folder, engine="builtin", formats=["html", "pdf", "docx"], jobs=2, chapters=CHAPTERS)


def _run(folder: Path) -> Path:
    city = "见[戊县](district-5.html#fig-one)和[方法](methods.html)。"
    made = {("city", "zh"): _notebook("city", "全市", city), ("methods", "zh"): _notebook("methods", "方法", "正文。")}
    made |= {
        (f"district-{n}", "zh"): None if n == 4 else _notebook(f"district-{n}", title, "正文。")
        for n, title in enumerate(AREAS, 1)
    }
    return make_run.write_run(folder, made, langs=("zh",))


def _site(bound: tuple[Path, RenderResult]) -> Path:
    return bound[0] / "site" / "zh"


def _some(run: Run, general: int, areas: int) -> Run:
    kinds = ["indicator"] * general + ["district"] * areas + ["data"]
    pages = [Page(f"{kind}-{n}", "en", kind, f"No. {n}", "done", None) for n, kind in enumerate(kinds)]
    return replace(run, pages=tuple(pages))


@pytest.mark.parametrize(
    ("areas", "sizes"),
    [
        (37, [48]),
        (39, [50]),
        (40, [11, 40]),
        (41, [11, 20, 21]),
        (200, [11, *[40] * 5]),
        (2800, [11, *[40] * 70]),
    ],
)
def test_volumes_do_not_grow_with_the_number_of_areas(areas: int, sizes: list[int], tmp_path: Path) -> None:
    """37 districts are one document; more give more volumes, as even as can be, and every page stands in one of them."""
    run = _some(read_run(_run(tmp_path / "run")), 10, areas)
    divided = shares(run, "en")
    assert [len(share.pages) for share in divided] == sizes
    assert sorted(page.id for share in divided for page in share.pages) == sorted(page.id for page in run.pages)
    districts = [page for share in divided for page in share.pages if page.kind == "district"]
    assert districts == [page for page in run.pages if page.kind == "district"]


def test_a_long_general_report_has_volumes_too(tmp_path: Path) -> None:
    """Where the chapters that are no areas fill more than a volume, they are divided as well, and their titles count."""
    divided = shares(_some(read_run(_run(tmp_path / "run")), 70, 50), "en")
    assert [(share.kind, len(share.pages)) for share in divided] == [
        ("general", 35),
        ("general", 36),
        ("district", 25),
        ("district", 25),
    ]
    assert [share.title("en") for share in divided][1:3] == ["General report, part 2", "District reports, part 1"]
    assert divided[2].count("en", of=True) == "Volume 3 of 4"
    assert divided[2].span("en") == "No. 70 to No. 94, 25 in all"


def test_each_volume_is_a_document_of_the_rendering(bound: tuple[Path, RenderResult]) -> None:
    """The result names every volume in both formats, beside the pages."""
    _, result = bound
    named = [(one.page, one.format, one.status) for one in result.pages if one.page.startswith("archive")]
    assert named == [(name, fmt, "rendered") for name in VOLUMES for fmt in ("pdf", "docx")]
    assert all(one.path.is_file() for one in result.pages)
    assert not result.failed


def test_a_volume_says_what_it_is(bound: tuple[Path, RenderResult]) -> None:
    """Cover with number, title and areas, running head, count of pages; chapters count on; a failed page is missed where it belongs."""
    texts = {}
    for name in VOLUMES:
        reader = PdfReader(_site(bound) / "papers" / f"{name}.pdf")
        texts[name] = [squeezed(page.extract_text()) for page in reader.pages]
        assert f"第2页，共{len(reader.pages)}页" in texts[name][1]
    assert "第一分册（共三册）总报告" in texts["archive"][0] and "本册所载" not in texts["archive"][0]
    assert "第二分册（共三册）分区县报告（一）" in texts["archive-2"][0]
    assert "本册所载区县：甲区、乙区" in texts["archive-2"][0]
    assert "本册所载区县：丙区、戊县" in texts["archive-3"][0]
    assert "中期评估·第三分册" in texts["archive-3"][1]
    assert "未能生成" in texts["archive-3"][-1] and "district-4" in texts["archive-3"][-1]
    assert "未能生成" not in texts["archive"][-1] + texts["archive-2"][-1]
    outlines = [
        [
            str(item.title)
            for item in PdfReader(_site(bound) / "papers" / f"{name}.pdf").outline
            if not isinstance(item, list)
        ]
        for name in VOLUMES
    ]
    assert [titles[:-1] for titles in outlines] == [
        ["第一章\u3000全市", "附件1\u3000方法"],
        ["第二章\u3000甲区", "第三章\u3000乙区"],
        ["第四章\u3000丙区", "第五章\u3000戊县"],
    ]
    assert "图4-1" in "".join(texts["archive-3"])


def test_the_first_volume_lists_all(bound: tuple[Path, RenderResult]) -> None:
    """Below its contents stand the volumes with their areas, each a link to its file but its own."""
    reader = PdfReader(_site(bound) / "papers" / "archive.pdf")
    text = squeezed(reader.pages[1].extract_text())
    assert "各分册" in text and "第一分册总报告本册" in text
    assert "第二分册分区县报告（一）甲区至乙区，共2个" in text
    assert {"archive-2.pdf", "archive-3.pdf"} <= set(_addresses(reader))
    assert "各分册" not in "".join(
        page.extract_text() for page in PdfReader(_site(bound) / "papers" / "archive-2.pdf").pages
    )


def _addresses(reader: PdfReader) -> list[str]:
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    return [str(note["/A"]["/URI"]) for note in notes if "/URI" in note.get("/A", {})]


def test_a_link_into_another_volume_leads_to_its_file(bound: tuple[Path, RenderResult]) -> None:
    """To the chapter in the other file, which has a place of that name; within a volume links stay inside."""
    addresses = _addresses(PdfReader(_site(bound) / "papers" / "archive.pdf"))
    assert "archive-3.pdf#nameddest=page-district-5" in addresses
    assert not [one for one in addresses if "html" in one]
    with pikepdf.open(_site(bound) / "papers" / "archive-3.pdf") as document:
        assert "page-district-5" in pikepdf.NameTree(document.Root.Names.Dests)
    with zipfile.ZipFile(_site(bound) / "papers" / "archive.docx") as archive:
        assert "archive-3.docx#page-district-5" in archive.read("word/_rels/document.xml.rels").decode()
    with zipfile.ZipFile(_site(bound) / "papers" / "archive-3.docx") as archive:
        assert 'w:name="page-district-5"' in archive.read("word/document.xml").decode()


@pytest.mark.parametrize("name", VOLUMES)
def test_each_volume_keeps_the_rules(name: str, bound: tuple[Path, RenderResult]) -> None:
    """Every volume is sound and accessible by itself, and has a title of its own."""
    with pikepdf.open(_site(bound) / "papers" / f"{name}.pdf") as document:
        assert document.check_pdf_syntax() + faults(document) == []
        assert f"第{chinese(VOLUMES.index(name) + 1)}分册" in str(document.docinfo[pikepdf.Name.Title])


def test_word_volumes_say_the_same(bound: tuple[Path, RenderResult]) -> None:
    """Title, areas and running head of a volume; the list of volumes in the first one only."""
    bodies = {}
    for name in VOLUMES:
        with zipfile.ZipFile(io.BytesIO((_site(bound) / "papers" / f"{name}.docx").read_bytes())) as archive:
            bodies[name] = re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
            assert f"第{chinese(VOLUMES.index(name) + 1)}分册" in archive.read("word/header1.xml").decode()
    assert "第二分册（共三册）分区县报告（一）" in squeezed(bodies["archive-2"])
    assert "本册所载区县" in bodies["archive-2"] and "甲区、乙区" in bodies["archive-2"]
    assert "第三章\u3000乙区" in bodies["archive-2"]
    assert "第三分册\u3000分区县报告（二）\u3000丙区至戊县，共3个" in bodies["archive"]
    assert "各分册" in bodies["archive"] and "各分册" not in bodies["archive-2"]


def test_the_start_page_leads_to_every_volume(bound: tuple[Path, RenderResult]) -> None:
    """Each volume's files are linked with what they hold, and no link leads nowhere."""
    soup = BeautifulSoup((_site(bound) / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = {str(a["href"]): squeezed(a.get_text()) for a in soup.select(".gr-downloads a")}
    assert list(links)[:6] == [f"papers/{name}.{fmt}" for name in VOLUMES for fmt in ("pdf", "docx")]
    assert links["papers/archive.pdf"] == "第一分册总报告（PDF）"
    assert links["papers/archive-2.pdf"] == "第二分册分区县报告（一）甲区至乙区，共2个（PDF）"
    assert all((_site(bound) / href).is_file() for href in links)


def test_only_the_volume_that_changed_is_set_again(bound: tuple[Path, RenderResult], tmp_path: Path) -> None:
    """Another text in one area redoes its volume and no other, then the seal holds; the others keep their bytes."""
    folder = shutil.copytree(bound[0], tmp_path / "again")
    file = folder / "notebooks" / "zh" / "district-1.ipynb"
    file.write_text(file.read_text("utf-8").replace("正文。", "改后的正文。"), "utf-8")
    options = {"engine": "builtin", "formats": ["html", "pdf", "docx"], "jobs": 2, "chapters": CHAPTERS}
    again = render(folder, **options)
    assert {(one.page, one.format) for one in again.pages if one.status == "rendered"} == {
        *(("district-1", fmt) for fmt in ("html", "pdf")),
        *(("archive-2", fmt) for fmt in ("pdf", "docx")),
    }
    for name in ("archive.pdf", "archive-3.pdf", "archive-3.docx"):
        assert (folder / "site" / "zh" / "papers" / name).read_bytes() == (_site(bound) / "papers" / name).read_bytes()
    third = render(folder, **options)
    assert [(one.page, one.format) for one in third.pages] == [(one.page, one.format) for one in again.pages]
    assert {one.status for one in third.pages} == {"unchanged"}
    (folder / "site" / "zh" / "papers" / "archive-3.pdf").unlink()
    fourth = render(folder, **options)
    assert [(one.page, one.format) for one in fourth.pages if one.status == "rendered"] == [("archive-3", "pdf")]


def test_the_same_run_gives_the_same_volumes(bound: tuple[Path, RenderResult], tmp_path: Path) -> None:
    """In another folder, with other concurrency, every volume has the same bytes."""
    twin = _run(tmp_path / "elsewhere")
    render(twin, engine="builtin", formats=["pdf", "docx"], jobs=1, chapters=CHAPTERS)
    for name in VOLUMES:
        for fmt in ("pdf", "docx"):
            file = f"{name}.{fmt}"
            assert (twin / "site" / "zh" / "papers" / file).read_bytes() == (
                _site(bound) / "papers" / file
            ).read_bytes(), file


def test_volumes_that_are_no_more_go(bound: tuple[Path, RenderResult], tmp_path: Path) -> None:
    """Where the report fits one document again, the files of the other volumes are removed and nothing says volume."""
    folder = shutil.copytree(bound[0], tmp_path / "one")
    result = render(folder, engine="builtin", formats=["html", "pdf"], jobs=2)
    assert [one.page for one in result.pages if one.page.startswith("archive")] == ["archive"]
    assert not list((folder / "site" / "zh" / "papers").glob("archive-*"))
    assert "分册" not in PdfReader(folder / "site" / "zh" / "papers" / "archive.pdf").pages[0].extract_text()
    assert "archive-2" not in (folder / "site" / "zh" / "index.html").read_text("utf-8")
    kept = json.loads((folder / "stage" / "rendered.json").read_bytes())["whole"][1]["made"]
    assert ["archive", "zh", "pdf", "site/zh/papers/archive.pdf"] in kept
