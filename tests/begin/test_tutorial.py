"""The tutorials, followed to the letter: their tables are filled in, their commands are typed, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import openpyxl
import pytest
from helpers import greenreport as typed

import greenreport
from greenreport import begin
from greenreport.begin.columns import PLAN_ITEMS, SHEETS, column_of, sheet_of

ROOT = Path(__file__).resolve().parents[2]


def steps(text: str) -> list[str]:
    """The commands of the blocks that are typed, in order."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.strip().splitlines()]


def cases(lang: str) -> tuple[str, str]:
    """The tutorial's example, and its other case: no target for the whole."""
    text = (ROOT / f"docs/tutorial.{lang}.md").read_text("utf-8")
    first, _, other = text.partition("## 六、" if lang == "zh" else "## 6. ")
    return first, other


def tables(text: str) -> dict[str, list[dict[str, str]]]:
    """The rows of each sheet's table, by the sheet's key."""
    found = {}
    for title, table in re.findall(r"### (?:Sheet|工作表)[ ]?“(.+?)”\n\n((?:\|.*\n)+)", text):
        heads, _, *rows = ([c.strip() for c in line.strip()[1:-1].split("|")] for line in table.splitlines())
        sheet = sheet_of(title)
        assert sheet is not None, f"the template has no sheet {title}"
        found[sheet.key] = [dict(zip(heads, row, strict=True)) for row in rows]
    return found


def numbers(row: dict[str, str]) -> list[str]:
    """The cells of a row that are the same in every language."""
    return [re.sub("at most ?|不超过", "≤", cell) for head, cell in row.items() if head not in ("Source", "来源")]


def fill_in(path: Path, content: dict[str, list[dict[str, str]]]) -> None:
    """Put what the tables say under the heads of the template, as a person would."""
    book = openpyxl.load_workbook(path)
    for sheet in SHEETS:
        page = next(book[title] for title in book.sheetnames if sheet_of(title) is sheet)
        rows = content[sheet.key]
        if sheet.key == "plan":
            places = {column_of(str(row[0].value), PLAN_ITEMS): row[0].row for row in page.iter_rows(min_row=2)}
            for row in rows:
                item, value = row.values()
                page.cell(places[column_of(item, PLAN_ITEMS)], 2).value = value
            continue
        heads = {str(c.value): c.column for c in page[1] if c.value}
        years = [h for h in heads if h.isdigit()]
        free = [heads[h] for h in years] + list(range(page.max_column + 1, page.max_column + 20))
        for column in free[: len(years)]:
            page.cell(1, column).value = None
        places = {}
        for head in rows[0]:
            if head.isdigit():
                places[head] = free.pop(0)
                page.cell(1, places[head]).value = head
            else:
                places[head] = next(
                    n for h, n in heads.items() if column_of(h, sheet.columns) == column_of(head, sheet.columns)
                )
        for number, row in enumerate(rows, start=3):
            for head, value in row.items():
                page.cell(number, places[head]).value = value or None
    book.save(path)


def follow(lang: str, folder: Path, *, build: bool) -> Path:
    text, _ = cases(lang)
    content = tables(text)
    assert set(content) == {sheet.key for sheet in SHEETS}
    here = folder
    lines = steps(text)
    assert lines[-1] == "greenreport build"
    for line in lines if build else lines[:-1]:
        program, *arguments = line.split()
        if program == "cd":
            here = here / arguments[0]
            continue
        assert program == "greenreport"
        done = typed(*arguments, cwd=here)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        if "--template" in arguments:
            fill_in(here / arguments[-1], content)
    return here


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tutorial_leads_to_a_project_that_checks_clean(lang: str, tmp_path: Path) -> None:
    """All steps but the building itself, which takes a minute."""
    project = follow(lang, tmp_path, build=False)
    assert (project / "params/report.yaml").is_file()


@pytest.mark.long
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tutorial_leads_to_a_report(lang: str, tmp_path: Path) -> None:
    """Every page is made in the tutorial's language, and the falling indicator is told as falling."""
    project = follow(lang, tmp_path, build=True)
    site = project / "reports/report/site"
    assert (site / "index.html").is_file()
    made = {path.stem for path in (site / lang).glob("*.html")}
    assert {"overview", "city", "district-N", "indicator-energy", "methods", "data"} <= made
    assert not (site / ("en" if lang == "zh" else "zh")).exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_case_without_a_target_for_the_whole_is_a_project(lang: str, tmp_path: Path) -> None:
    """Its tables as they stand: own targets of each part for two years, missing figures, a part without any."""
    path = begin.write_template(tmp_path / "plan.xlsx", year=2026)
    fill_in(path, tables(cases(lang)[1]))
    draft = begin.read_workbook(path, today=dt.date(2026, 7, 1))
    begin.write(draft, tmp_path / "p")
    assert (draft.langs, draft.has_whole, draft.blanks) == ((lang,), False, 4)
    assert {(f.area, f.period) for f in draft.figures if f.target} == {
        (area, year) for area in ("S1", "S2", "S3", "S4") for year in ("2027", "2030")
    }
    told = "\n".join(text[lang] for text in begin.summary(draft))
    for words in ("n/a", "power/S3", "Dogwood" if lang == "en" else "茱萸店"):
        assert words in told


def test_the_tutorials_name_the_package_that_is_built() -> None:
    """The file that is installed bears the version of this package."""
    assert all(f"greenreport-{greenreport.__version__}-py3" in cases(lang)[0] for lang in ("zh", "en"))


def test_both_tutorials_are_the_same_but_for_the_language() -> None:
    """The same sheets with the same figures, the same commands."""
    for zh, en in zip(cases("zh"), cases("en"), strict=True):
        assert steps(zh) == steps(en)
        one, two = tables(zh), tables(en)
        assert [numbers(r) for r in one["figures"]] == [numbers(r) for r in two["figures"]]
        assert [numbers(r) for r in one["targets"]] == [numbers(r) for r in two["targets"]]
