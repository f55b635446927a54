"""The tutorials, followed to the letter: their tables are filled in, their commands are typed, in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from greenreport.begin.columns import PLAN_ITEMS, SHEETS, column_of, sheet_of

ROOT = Path(__file__).resolve().parents[2]


def steps(text: str) -> list[str]:
    """The commands of the blocks that are typed, in order."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.strip().splitlines()]


def tables(text: str) -> dict[str, list[dict[str, str]]]:
    """The rows of each sheet's table, by the sheet's key."""
    found = {}
    for title, table in re.findall(r"### (?:Sheet|工作表)[ ]?“(.+?)”\n\n((?:\|.*\n)+)", text):
        heads, _, *rows = ([c.strip() for c in line.strip("|\n ").split("|")] for line in table.splitlines())
        sheet = sheet_of(title)
        assert sheet is not None, f"the template has no sheet {title}"
        found[sheet.key] = [dict(zip(heads, row, strict=True)) for row in rows]
    return found


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
    text = (ROOT / f"docs/tutorial.{lang}.md").read_text("utf-8")
    content = tables(text)
    assert set(content) == {sheet.key for sheet in SHEETS}
    here = folder
    typed = steps(text)
    assert typed[-1] == "greenreport build"
    for line in typed if build else typed[:-1]:
        program, *arguments = line.split()
        if program == "cd":
            here = here / arguments[0]
            continue
        assert program == "greenreport"
        done = subprocess.run(
            [sys.executable, "-m", "greenreport", *arguments],
            cwd=here,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"},
            check=False,
        )
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


def test_both_tutorials_are_the_same_but_for_the_language() -> None:
    """The same sheets with the same figures, the same commands."""
    zh, en = ((ROOT / f"docs/tutorial.{lang}.md").read_text("utf-8") for lang in ("zh", "en"))
    assert steps(zh) == steps(en)
    one, two = tables(zh), tables(en)
    assert [list(r.values()) for r in one["figures"]] == [list(r.values()) for r in two["figures"]]
    assert [list(r.values()) for r in one["targets"]] == [list(r.values()) for r in two["targets"]]
