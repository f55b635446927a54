"""A workbook filled in as a user would, for the tests: the package's template with values put under its heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from greenreport.begin import write_template

YEAR = 2026
Rows = Sequence[Mapping[str, object]]


def sheet(book: openpyxl.Workbook, name: str) -> openpyxl.worksheet.worksheet.Worksheet:
    return next(book[title] for title in book.sheetnames if title.endswith(name))


def fill(path: Path, *, plan: Mapping[str, object], **tables: Rows) -> Path:
    """Write the template and fill it: items of the plan by the end of their head, rows of tables by that of theirs."""
    write_template(path, year=YEAR)
    book = openpyxl.load_workbook(path)
    page = sheet(book, "Plan")
    left = dict(plan)
    for row in page.iter_rows(min_row=2):
        head = str(row[0].value)
        for item in list(left):
            if head.endswith(item):
                page.cell(row[0].row, 2).value = left.pop(item)  # type: ignore[assignment]
    assert not left, f"the template has no item {left}"
    for name, rows in tables.items():
        page = sheet(book, name.capitalize())
        heads = [str(cell.value) for cell in page[1] if cell.value]
        for number, row in enumerate(rows, start=3):
            for key, value in row.items():
                found = [n for n, head in enumerate(heads, start=1) if head == key or head.endswith(f" {key}")]
                if not found:
                    heads.append(key)
                    page.cell(1, len(heads)).value = key
                    found = [len(heads)]
                page.cell(number, found[0]).value = value  # type: ignore[assignment]
    book.save(path)
    return path


STORES = 60
PLAN = {"Title in Chinese": "某集团门店绿色发展规划", "Name of the whole in Chinese": "某集团"}
PLAN |= {"A part is called, in Chinese": "门店"}
PLAN |= {"First year": 2024, "Last year": 2028, "Data as known on": "2026-06-30"}


def stores(path: Path, n: int = STORES) -> Path:
    """A plan in Chinese alone, without a whole: every store has its own targets, of a share, a count and an intensity."""
    indicators = [
        {
            "Id": "share",
            "Name in Chinese": "绿色商品销售占比",
            "Unit in Chinese": "%",
            "Decimals": 1,
            "Type": "比率",
            "Direction": "升",
        },
        {"Id": "points", "Name in Chinese": "回收点数量", "Unit in Chinese": "个", "Type": "累计数", "Direction": "升"},
        {
            "Id": "energy",
            "Name in Chinese": "单位面积能耗",
            "Unit in Chinese": "千瓦时",
            "Decimals": 1,
            "Type": "水平",
            "Direction": "降",
        },
    ]
    targets, figures = [], []
    for k in range(1, n + 1):
        base = {"share": 20 + k % 7, "points": 9 + k % 5, "energy": 130 + k % 11}
        step = {"share": 1 + k % 4 / 2, "points": 1 + k % 3, "energy": -2 - k % 3}
        for i, start in base.items():
            targets.append(
                {
                    "Indicator": i,
                    "Area": f"S{k:02}",
                    "2026": start + 3 * step["share" if i == "share" else i],
                    "2028": start + 5 * step[i],
                }
            )
            figures.append(
                {
                    "Indicator": i,
                    "Area": f"第{k}门店",
                    "Published on": "2026-03-01",
                    **{str(y): start + (y - 2023) * step[i] for y in range(2020, 2026)},
                }
            )
    return fill(
        path,
        plan=PLAN,
        areas=[{"Code": f"S{k:02}", "Name in Chinese": f"第{k}门店"} for k in range(1, n + 1)],
        indicators=[{**i, "Baseline year": 2023} for i in indicators],
        targets=targets,
        figures=figures,
    )
