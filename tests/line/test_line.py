"""The line, end to end, as its users run it: the console script in a process of its own."""

import hashlib
import json
import re
import shutil

import pytest
from helpers import ROOT
from helpers import greenreport as run


def digests(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "public"
    done = run("build", "params/public.yaml", "--out", str(out), "--renderer", "builtin")
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", ["city", "national"])
def test_a_build_makes_every_page_in_both_languages_as_html_and_pdf(public, lang, page):
    """One command leads from plan and observations to pages that can be read and printed."""
    html = (public / "site" / lang / f"{page}.html").read_text("utf-8")
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in html
    assert (public / "site" / lang / f"{page}.pdf").read_bytes().startswith(b"%PDF-")
    notebook = json.loads((public / "notebooks" / lang / f"{page}.ipynb").read_text("utf-8"))
    outputs = [out for cell in notebook["cells"] for out in cell.get("outputs", [])]
    assert len(outputs) > 5
    assert all("ename" not in out for out in outputs)


def test_findings_come_as_tables_too(public):
    """CSV for anybody, a workbook with a data dictionary, a data package for machines; every column is described."""
    import csv

    from openpyxl import load_workbook

    package = json.loads((public / "data" / "datapackage.json").read_text("utf-8"))
    assert len(package["resources"]) >= 2
    for resource in package["resources"]:
        text = (public / "data" / resource["path"]).read_text("utf-8-sig")
        rows = list(csv.DictReader(text.splitlines()))
        assert rows
        assert list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]
    book = load_workbook(public / "data" / "results.xlsx")
    assert book.sheetnames == ["results", "observations", "dictionary"]
    assert (public / "site" / "zh" / "index.html").read_text("utf-8").count("results.xlsx")


def test_nothing_on_a_page_is_fetched_from_elsewhere(public):
    """The site works from a USB stick: no script, style, font or picture has an address on a network."""
    pages, styles = ([*(public / "site").rglob(f"*.{kind}")] for kind in ("html", "css"))
    assert len(pages) > 10 and styles
    for page in pages:
        text = page.read_text("utf-8")
        assert not re.findall(r"<(?:script|img|iframe|source|link)\b[^>]+(?:src|href)=[\"']?(?:https?:)?//", text), page
    for style in styles:
        assert not re.findall(r"url\([\"']?(?:https?:)?//", style.read_text("utf-8"))


def test_every_observation_on_the_city_page_traces_to_a_row_with_a_source(public):
    """An evaluator can follow each figure of the public report to its row in data/public and to what it quotes."""
    found = json.loads((public / "data" / "city.json").read_text("utf-8"))
    points = [p for one in found["indicators"] for p in one["points"]]
    assert points
    for point in points:
        assert point["source"] and point["address"]
        file, row = point["row"].split(":")
        line = (ROOT / "data" / "public" / file).read_text("utf-8").splitlines()[int(row) - 1]
        assert f"{point['value']:g}" in line


@pytest.mark.long
def test_the_same_build_in_two_places_gives_the_same_bytes(public, tmp_path):
    """Notebooks, findings, pages and PDFs do not depend on where or when they are made.

    Of small runs this is shown quickly by run/test_verify.py (notebooks, findings) and render/test_site.py (pages, PDFs).
    """
    again = tmp_path / "elsewhere" / "public"
    assert run("build", "params/public.yaml", "--out", str(again), "--renderer", "builtin").returncode == 0
    for part in ("notebooks", "data", "site"):
        assert digests(again / part) == digests(public / part)
    assert (again / "manifest.json").read_bytes() == (public / "manifest.json").read_bytes()


def test_an_unknown_area_is_refused_with_the_names_that_exist(tmp_path):
    """`--only 不存在` ends with code 2, says so in both languages, and writes nothing."""
    out = tmp_path / "run"
    done = run("build", "params/public.yaml", "--only", "不存在", "--out", str(out))
    assert done.returncode == 2
    assert "不存在" in done.stderr
    assert "可选：overview、全市" in done.stderr
    assert not out.exists()


def test_a_bad_row_of_the_ledger_is_told_with_file_row_field_and_remedy(tmp_path):
    """A clerk who typed a wrong number reads where it stands; no page is made from half a ledger."""
    for part in ("data", "notebooks", "params"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ledger = tmp_path / "data" / "public" / "chongqing.csv"
    lines = ledger.read_text("utf-8").splitlines()
    cells = lines[4].split(",")
    cells[lines[0].split(",").index("value")] = "四十四家"
    lines[4] = ",".join(cells)
    ledger.write_text("\n".join(lines) + "\n", "utf-8")
    done = run("build", "params/public.yaml", "--out", str(tmp_path / "run"), cwd=tmp_path)
    assert done.returncode == 2
    assert "chongqing.csv" in done.stderr
    assert "第5行" in done.stderr
    assert "四十四家" in done.stderr
    assert not (tmp_path / "run" / "site").exists()


def test_help_says_what_there_is():
    """The first thing a newcomer types works and lists the commands."""
    done = run("--help")
    assert done.returncode == 0
    for command in ("build", "render", "status", "plan", "data", "verify", "reproduce"):
        assert command in done.stdout
