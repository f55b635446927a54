"""The sheet of a workbook that holds a plan's own items: titles, period, what the whole and its parts are called.

Must not know indicators, targets or figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenreport.begin.cells import Cell, Row
from greenreport.begin.columns import PLAN_ITEMS, column_of
from greenreport.begin.draft import DraftArea
from greenreport.begin.rows import Sheets
from greenreport.text import LANGS
from greenreport.typing_slips import nearest

__all__ = ["TONGUES", "PlanSheet", "by_lang", "written"]

TONGUES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}
"""What a language is called, in Chinese and in English."""


def written(cells: Mapping[str, Cell], key: str, default: str = "") -> str:
    """What stands in a cell; the default where it is blank."""
    return cells[key].text if key in cells else default


def by_lang(cells: Mapping[str, Cell], stem: str, langs: Sequence[str]) -> dict[str, str]:
    """What stands in the cells of an item by language, as far as they are filled in."""
    return {lang: cells[f"{stem}_{lang}"].text for lang in langs if f"{stem}_{lang}" in cells}


class PlanSheet(Sheets):
    """Reads the items of the plan; `items` is where each of them is filled in, or would be."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.items: dict[str, Cell] = {}

    def items_of_plan(self, rows: Sequence[Row]) -> dict[str, Cell]:
        """The items of the plan that are filled in, by their keys."""
        found: dict[str, Cell] = {}
        for row in rows:
            if "item" not in row:
                continue
            item = column_of(row["item"].text, PLAN_ITEMS)
            if item is None:
                names = [f"{c.head.zh} {c.head.en}" for c in PLAN_ITEMS]
                near = nearest(row["item"].text, names, n=1) or names
                zh = f"无法识别“{row['item'].text}”。可用：{'、'.join(near)}。"
                en = f"{row['item'].text!r} is not known. There are {', '.join(near)}."
                self.wrong(row["item"], zh, en)
                continue
            if item.key in self.items:
                zh = f"“{row['item'].text}”写了两次。请只留一行。"
                en = f"{row['item'].text!r} is there twice. Keep one row."
                self.wrong(row["item"], zh, en)
            self.items[item.key] = row.at("value")
            if "value" in row:
                found[item.key] = row["value"]
        for item in PLAN_ITEMS:
            if item.needed and item.key not in found and rows:
                zh = f"没有填写“{item.head.zh}”（{item.note.zh}）。"
                en = f"“{item.head.en}” is not filled in ({item.note.en})."
                self.wrong(self.items.get(item.key), zh, en, where="规划 Plan")
        return found

    def langs(self, head: Mapping[str, Cell]) -> tuple[str, ...]:
        """The languages of a plan: those in which its title is given."""
        langs = tuple(by_lang(head, "title", LANGS))
        if not langs:
            zh = "请写规划名称，至少一种语言。"
            en = "Give the plan's title, in one language at least."
            self.wrong(self.items.get("title_zh"), zh, en, where="规划 Plan")
        return langs or ("zh",)

    def period(self, head: Mapping[str, Cell]) -> tuple[int | None, int | None]:
        """The first and the last year, as far as they are understood."""
        first, last = self.year(head.get("first_year")), self.year(head.get("last_year"))
        if first is not None and last is not None and first > last:
            self.wrong(head["last_year"], "规划期末年早于首年。", "The last year comes before the first.")
        return first, last

    def the_whole(self, head: Mapping[str, Cell], langs: Sequence[str]) -> DraftArea:
        """The area planned for, named in every language of the plan."""
        names = by_lang(head, "whole", langs)
        for lang in (lang for lang in langs if lang not in names):
            zh, en = TONGUES[lang]
            self.wrong(
                self.items.get(f"whole_{lang}"),
                f"请写整体名称（{zh}）：规划名称用了这种语言。",
                f"Give the name of the whole in {en}: the title is given in it.",
                where="规划 Plan",
            )
        return DraftArea(written(head, "whole_code", "ALL"), names)

    def part(self, head: Mapping[str, Cell], langs: Sequence[str]) -> Mapping[str, str]:
        """What a part is called, in every language of the plan or in none."""
        part = by_lang(head, "part", langs)
        if part and (missing := [lang for lang in langs if lang not in part]):
            zh = "各部分的称谓要用规划的每种语言写，或都不写。"
            en = "What a part is called is given in each language of the plan, or in none."
            self.wrong(self.items.get(f"part_{missing[0]}"), zh, en, where="规划 Plan")
        if "en" in part and "parts_en" not in head:
            zh = "请写各部分的英文复数，如stores。"
            en = "Give the plural of what a part is called, such as stores."
            self.wrong(self.items.get("parts_en", head["part_en"]), zh, en)
        return part
