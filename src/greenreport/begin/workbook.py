"""A filled workbook read into a draft; everything that is wrong with it is said at once, with sheet and cell.

Formulas are never evaluated and unsafe workbooks not opened (see `intake.safety`). Must not know how a project is
written.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from openpyxl.utils import get_column_letter

from greenreport.begin.cells import Cell, Cells, Row
from greenreport.begin.columns import PLAN_ITEMS, SHEETS, Sheet, column_of, sheet_of
from greenreport.begin.draft import Draft, DraftArea, DraftFigure, DraftIndicator, DraftTarget, slug
from greenreport.begin.targets import target_in
from greenreport.begin.template import NOTE_MARK
from greenreport.errors import DataError
from greenreport.intake.safety import Limits
from greenreport.intake.sheets import Grid, open_grids
from greenreport.slips import nearest

__all__ = ["read_workbook"]

_YEAR = re.compile(r"^(\d{4})\s*年?$")
_PERIOD = re.compile(r"^\d{4}-\d{2}(-\d{2})?/\d{4}-\d{2}(-\d{2})?$")
_BLANKS = {"", "-", "–", "—", "…", "n/a", "N/A", "暂无", "无"}


def read_workbook(path: Path, *, today: dt.date) -> Draft:
    """Read a workbook in the form of the template.

    Args:
        path: the workbook.
        today: the data cut-off where the workbook gives none.

    Raises:
        DataError: with everything that is wrong: file, row, sheet and cell, remedy.
    """
    if not path.is_file():
        raise DataError.of(
            zh="没有这个工作簿。请检查路径。", en="There is no such workbook. Check the path.", file=path
        )
    grids = open_grids(path, limits=Limits())
    if not isinstance(grids, list):
        raise DataError.of(zh=grids.zh, en=grids.en, file=path.name)
    return _Reader(path.name, today).draft(grids)


class _Reader(Cells):
    def __init__(self, file: str, today: dt.date) -> None:
        super().__init__(file)
        self.today = today

    def draft(self, grids: Sequence[Grid]) -> Draft:
        """The draft, or everything that stands in its way."""
        if not any(sheet_of(grid.sheet) for grid in grids):
            raise DataError.of(
                zh="这不是按模板填写的工作簿。模板用greenreport new --template 文件.xlsx写出。",
                en="This is not a workbook in the form of the template. greenreport new --template FILE.xlsx writes one.",
                file=self.file,
            )
        sheets = self._sheets(grids)
        head = self._plan(sheets.get("plan", []))
        langs = tuple(lang for lang in ("zh", "en") if f"title_{lang}" in head)
        if not langs:
            self.wrong(
                None,
                "请写规划名称，至少一种语言。",
                "Give the plan's title, in one language at least.",
                where="规划 Plan",
            )
            langs = ("zh",)
        first, last = self.number(head.get("first_year"), whole=True), self.number(head.get("last_year"), whole=True)
        if first is not None and last is not None and first > last:
            self.wrong(head["last_year"], "规划期末年早于首年。", "The last year comes before the first.")
        code = head["whole_code"].text if "whole_code" in head else "ALL"
        whole_name = {lang: head[f"whole_{lang}"].text for lang in langs if f"whole_{lang}" in head}
        for lang in langs:
            if lang not in whole_name:
                self.wrong(
                    None,
                    f"请写整体名称（{'中文' if lang == 'zh' else '英文'}）：规划名称用了这种语言。",
                    f"Give the name of the whole in {'Chinese' if lang == 'zh' else 'English'}: the title is given in it.",
                    where="规划 Plan",
                )
        whole = DraftArea(code, whole_name)
        part = {lang: head[f"part_{lang}"].text for lang in langs if f"part_{lang}" in head}
        if part and set(part) != set(langs):
            self.wrong(
                None,
                "各部分的称谓要用规划的每种语言写，或都不写。",
                "What a part is called is given in each language of the plan, or in none.",
                where="规划 Plan",
            )
        if "en" in part and "parts_en" not in head:
            self.wrong(
                head["part_en"],
                "请写各部分的英文复数，如stores。",
                "Give the plural of what a part is called, such as stores.",
            )
        as_of = self.day(head.get("as_of")) or self.today
        parts = tuple(self._areas(sheets.get("areas", []), langs))
        areas = [whole, *parts]
        rows = list(self._indicators(sheets.get("indicators", []), langs))
        if not rows and not self.problems:
            self.wrong(
                None,
                "还没有指标，至少要有一行。",
                "There is no indicator yet; one row at least.",
                where="指标 Indicators",
            )
        figures = tuple(self._figures(sheets.get("figures", []), rows, areas, as_of))
        known = {(f.indicator, f.area, f.period): f.value for f in sorted(figures, key=lambda f: f.vintage)}
        known |= {(i.id, whole.code, str(i.baseline_year)): i.baseline for _, i in rows if i.baseline is not None}
        issued = self.day(head.get("issued"))
        # A target of an area's own is known from the plan's date on, so that earlier verdicts can be told.
        told = min(as_of, issued or dt.date(int(first), 1, 1)) if first and 1 <= first <= 9999 else as_of
        targets, own = self._targets(sheets.get("targets", []), rows, areas, told, known)
        indicators = tuple(self._with_targets(rows, targets, own))
        if self.problems or first is None or last is None:
            raise DataError(tuple(self.problems))
        return Draft(
            langs=langs,
            title={lang: head[f"title_{lang}"].text for lang in langs},
            whole=whole,
            parts=parts,
            period=(int(first), int(last)),
            as_of=as_of,
            indicators=indicators,
            figures=(*figures, *own),
            number=head["number"].text if "number" in head else "",
            issued=issued,
            part=part,
            parts_en=head["parts_en"].text if "parts_en" in head else "",
        )

    def _sheets(self, grids: Sequence[Grid]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for grid in grids:
            sheet = sheet_of(grid.sheet)
            if sheet is None:
                if grid.rows:
                    names = [f"{s.name.zh} {s.name.en}" for s in SHEETS]
                    near = nearest(grid.sheet, names, n=1) or names
                    self.wrong(
                        None,
                        f"无法识别工作表“{grid.sheet}”。可用：{'、'.join(near)}；不用的请删去。",
                        f"The sheet {grid.sheet!r} is not known. There are {', '.join(near)}; delete what is not used.",
                        where=grid.sheet,
                    )
                continue
            found[sheet.key] = list(self._rows(sheet, grid))
        for sheet in SHEETS:
            if sheet.key not in found and sheet.key in ("plan", "indicators", "targets"):
                self.wrong(
                    None,
                    f"缺少工作表“{sheet.name.zh} {sheet.name.en}”。模板见greenreport new --template 文件.xlsx。",
                    f"The sheet “{sheet.name.zh} {sheet.name.en}” is missing. greenreport new --template FILE.xlsx writes one.",
                    where=sheet.name.en,
                )
        return found

    def _rows(self, sheet: Sheet, grid: Grid) -> Iterator[Row]:
        """The filled rows of a sheet by the keys of its columns; columns of years by the year."""
        keys: dict[int, str] = {}
        for n, head in enumerate(grid.rows[0] if grid.rows else []):
            text = unicodedata.normalize("NFKC", head).strip()
            column = column_of(head, sheet.columns) or column_of(text, sheet.columns)
            cell = Cell(head, f"{grid.sheet}!{get_column_letter(n + 1)}1", 1)
            year = _YEAR.match(text)
            if column is not None:
                keys[n] = column.key
            elif sheet.years and (year or _PERIOD.match(text)):
                keys[n] = year[1] if year else text
            elif text and sheet.key != "plan":
                known = [f"{c.head.zh} {c.head.en}" for c in sheet.columns]
                near = nearest(head, known, n=1) or known
                self.wrong(
                    cell,
                    f"无法识别表头“{head}”。可用：{'、'.join(near)}{'，或年份' if sheet.years else ''}。",
                    f"The head {head!r} is not known. There are {', '.join(near)}{', or a year' if sheet.years else ''}.",
                )
        for number, cells in enumerate(grid.rows[1:], start=2):
            if cells and cells[0].startswith(NOTE_MARK):
                continue
            row = {
                keys[n]: Cell(text.strip(), f"{grid.sheet}!{get_column_letter(n + 1)}{number}", number)
                for n, text in enumerate(cells)
                if n in keys and text.strip() not in _BLANKS
            }
            if row:
                place = Cell("", f"{grid.sheet}!A{number}", number)
                for column in sheet.columns:
                    if column.needed and column.key not in row:
                        self.wrong(
                            place,
                            f"没有填写“{column.head.zh}”（{column.note.zh}）。",
                            f"“{column.head.en}” is not filled in ({column.note.en}).",
                        )
                yield {**row, "": place}

    def _plan(self, rows: Sequence[Row]) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for row in rows:
            if "item" not in row:
                continue
            item = column_of(row["item"].text, PLAN_ITEMS)
            if item is None:
                names = [f"{c.head.zh} {c.head.en}" for c in PLAN_ITEMS]
                near = nearest(row["item"].text, names, n=1) or names
                self.wrong(
                    row["item"],
                    f"无法识别“{row['item'].text}”。可用：{'、'.join(near)}。",
                    f"{row['item'].text!r} is not known. There are {', '.join(near)}.",
                )
            elif "value" in row:
                found[item.key] = row["value"]
        for item in PLAN_ITEMS:
            if item.needed and item.key not in found and rows:
                self.wrong(
                    None,
                    f"没有填写“{item.head.zh}”（{item.note.zh}）。",
                    f"“{item.head.en}” is not filled in ({item.note.en}).",
                    where="规划 Plan",
                )
        return found

    def _names(self, row: Row, stem: str, langs: Sequence[str], *, needed: bool = True) -> Mapping[str, str]:
        names = {lang: row[f"{stem}_{lang}"].text for lang in langs if f"{stem}_{lang}" in row}
        if needed and (missing := [lang for lang in langs if lang not in names]):
            what = {"name": ("名称", "name"), "unit": ("单位", "unit")}[stem]
            tongue = ["中文" if lang == "zh" else "英文" for lang in missing]
            english = ["Chinese" if lang == "zh" else "English" for lang in missing]
            self.wrong(
                row[""],
                f"没有填写{what[0]}（{'、'.join(tongue)}）：规划名称用了这种语言。",
                f"The {what[1]} is not given in {' and '.join(english)}, in which the plan's title is.",
            )
        return names

    def _areas(self, rows: Sequence[Row], langs: Sequence[str]) -> Iterator[DraftArea]:
        seen: dict[str, Cell] = {}
        width = len(str(len(rows)))
        for n, row in enumerate(rows, start=1):
            code = row["code"].text if "code" in row else f"P{n:0{width}}"
            if code.casefold() in seen:
                self.wrong(
                    row["code"] if "code" in row else row[""],
                    f"代码“{code}”已见于{seen[code.casefold()].where}。",
                    f"The code {code!r} stands in {seen[code.casefold()].where} already.",
                )
            seen[code.casefold()] = row.get("code", row[""])
            people = self.number(row.get("population"), whole=True)
            yield DraftArea(code, self._names(row, "name", langs), None if people is None else int(people))

    def _indicators(self, rows: Sequence[Row], langs: Sequence[str]) -> Iterator[tuple[Row, DraftIndicator]]:
        taken: set[str] = set()
        for n, row in enumerate(rows, start=1):
            name, unit = self._names(row, "name", langs), self._names(row, "unit", langs)
            id = row["id"].text if "id" in row else slug(name, n)
            if id in taken:
                self.wrong(row.get("id", row[""]), f"代号“{id}”重复。", f"The id {id!r} appears twice.")
            taken.add(id)
            chosen = {
                key: self.choice(key, row.get(key)) or default
                for key, default in (("kind", "flow"), ("direction", "up"), ("allocation", "none"))
            }
            year = self.number(row.get("baseline_year"), whole=True)
            definition = self._names(row, "definition", langs, needed=False)
            yield (
                row,
                DraftIndicator(
                    id=id,
                    name=name,
                    unit=unit,
                    kind="flow" if chosen["kind"] == "level" else chosen["kind"],  # type: ignore[arg-type]
                    additive=chosen["kind"] in ("flow", "cumulative_count"),
                    direction=chosen["direction"],  # type: ignore[arg-type]
                    baseline_year=int(year or 0),
                    baseline=self.number(row.get("baseline")),
                    targets=(),
                    decimals=int(self.number(row.get("decimals"), whole=True) or 0),
                    allocation=chosen["allocation"],
                    definition=definition if len(definition) == len(langs) else None,
                ),
            )

    def _targets(
        self,
        rows: Sequence[Row],
        known: Sequence[tuple[Row, DraftIndicator]],
        areas: Sequence[DraftArea],
        day: dt.date,
        figures: Mapping[tuple[str, str, str], float],
    ) -> tuple[dict[str, list[DraftTarget]], list[DraftFigure]]:
        """Targets of the whole by indicator, and the areas' own as rows of the ledger.

        `figures` by indicator, area and period: what is to be held is the figure of the baseline year.
        """
        whole: dict[str, list[DraftTarget]] = {}
        own: list[DraftFigure] = []
        for row in rows:
            indicator, area = self.indicator(row, known), self.area(row, areas)
            if indicator is None or area is None:
                continue
            for key, cell in row.items():
                base = figures.get((indicator.id, area.code, str(indicator.baseline_year)))
                if not key.isdigit() or (target := target_in(self, cell, int(key), indicator, base)) is None:
                    continue
                if area is areas[0]:
                    whole.setdefault(indicator.id, []).append(target)
                elif target.value is not None:
                    note = "" if target.to is None else f"{target.value:g}~{target.to:g}"
                    own.append(
                        DraftFigure(indicator.id, area.code, key, target.value, day, self.file, target=True, note=note)
                    )
        return whole, own

    def _with_targets(
        self,
        rows: Sequence[tuple[Row, DraftIndicator]],
        targets: Mapping[str, Sequence[DraftTarget]],
        own: Sequence[DraftFigure],
    ) -> Iterator[DraftIndicator]:

        for row, i in rows:
            of_whole = list(targets.get(i.id, ()))
            years = {t.year for t in of_whole}
            of_parts = sorted({int(f.period) for f in own if f.indicator == i.id} - years)
            if not of_whole and not of_parts:
                self.wrong(
                    row[""],
                    f"指标“{i.id}”没有目标。请在“目标 Targets”中填一行：整体的目标区域一栏留空。",
                    f"The indicator {i.id!r} has no target. Fill in a row of “目标 Targets”; for the whole, leave the area "
                    "blank.",
                )
            yield replace(i, targets=(*of_whole, *(DraftTarget(year, None) for year in of_parts)))

    def _figures(
        self, rows: Sequence[Row], known: Sequence[tuple[Row, DraftIndicator]], areas: Sequence[DraftArea], day: dt.date
    ) -> Iterator[DraftFigure]:
        for row in rows:
            indicator, area = self.indicator(row, known), self.area(row, areas)
            if indicator is None or area is None:
                continue
            source = row["source"].text if "source" in row else self.file
            vintage = self.day(row.get("published")) or day
            for key, cell in row.items():
                if (_YEAR.match(key) or _PERIOD.match(key)) and (value := self.number(cell)) is not None:
                    yield DraftFigure(indicator.id, area.code, key, value, vintage, source)

    def indicator(self, row: Row, known: Sequence[tuple[Row, DraftIndicator]]) -> DraftIndicator | None:
        """The indicator that a row is about."""
        if "indicator" not in row:
            return None  # told already
        text = row["indicator"].text.casefold()
        by_name = {name.casefold(): i for _, i in known for name in (i.id, *i.name.values())}
        if text not in by_name:
            self._unknown(row["indicator"], by_name, "指标", "indicator")
        return by_name.get(text)

    def area(self, row: Row, areas: Sequence[DraftArea]) -> DraftArea | None:
        """The area that a row is about: the whole where none is named."""
        if "area" not in row:
            return areas[0]
        text = row["area"].text.casefold()
        by_name = {name.casefold(): a for a in areas for name in (a.code, *a.name.values())}
        if text not in by_name:
            self._unknown(row["area"], by_name, "区域", "area")
        return by_name.get(text)

    def _unknown(self, cell: Cell, known: Mapping[str, object], zh: str, en: str) -> None:
        near = nearest(cell.text, known)
        hint_zh = f"是否指{'、'.join(near)}？" if near else "请先在相应的工作表中写上。"
        hint_en = f"Did you mean {', '.join(near)}?" if near else "Add it to its sheet first."
        self.wrong(cell, f"没有{zh}“{cell.text}”。{hint_zh}", f"There is no {en} {cell.text!r}. {hint_en}")
