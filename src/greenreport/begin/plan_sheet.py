"""The sheet of a workbook that holds a plan's own items: titles, period, what the whole and its parts are called.

Must not know indicators, targets or figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenreport.begin.cells import Cell, Row
from greenreport.begin.columns import PLAN_ITEMS, column_of
from greenreport.begin.draft import DraftArea
from greenreport.begin.rows import Sheets
from greenreport.intake.reason import told
from greenreport.text import LANGS
from greenreport.typing_slips import nearest

__all__ = ["PlanSheet", "by_lang", "written"]

_PLAN = "规划 Plan"


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
                names = [c.both for c in PLAN_ITEMS]
                near = nearest(row["item"].text, names, n=1) or names
                self.wrong(row["item"], "item_unknown", text=row["item"].text, near=near)
                continue
            if item.key in self.items:
                self.wrong(row["item"], "item_twice", text=row["item"].text)
            self.items[item.key] = row.at("value")
            if "value" in row:
                found[item.key] = row["value"]
        for item in PLAN_ITEMS:
            if item.needed and item.key not in found and rows:
                self.wrong(self.items.get(item.key), "not_filled", where=_PLAN, head=item.head, note=item.note)
        return found

    def langs(self, head: Mapping[str, Cell]) -> tuple[str, ...]:
        """The languages of a plan: those in which its title is given."""
        langs = tuple(by_lang(head, "title", LANGS))
        if not langs:
            self.wrong(self.items.get("title_zh"), "no_title", where=_PLAN)
        return langs or ("zh",)

    def period(self, head: Mapping[str, Cell]) -> tuple[int | None, int | None]:
        """The first and the last year, as far as they are understood."""
        first, last = self.year(head.get("first_year")), self.year(head.get("last_year"))
        if first is not None and last is not None and first > last:
            self.wrong(head["last_year"], "years")
        return first, last

    def the_whole(self, head: Mapping[str, Cell], langs: Sequence[str]) -> DraftArea:
        """The area planned for, named in every language of the plan."""
        names = by_lang(head, "whole", langs)
        for lang in (lang for lang in langs if lang not in names):
            self.wrong(self.items.get(f"whole_{lang}"), "whole", where=_PLAN, lang=told(f"begin.lang.{lang}"))
        return DraftArea(written(head, "whole_code", "ALL"), names)

    def part(self, head: Mapping[str, Cell], langs: Sequence[str]) -> Mapping[str, str]:
        """What a part is called, in every language of the plan or in none."""
        part = by_lang(head, "part", langs)
        if part and (missing := [lang for lang in langs if lang not in part]):
            self.wrong(self.items.get(f"part_{missing[0]}"), "part", where=_PLAN)
        if "en" in part and "parts_en" not in head:
            self.wrong(self.items.get("parts_en", head["part_en"]), "parts_en")
        return part
