"""Workbooks for the districts to fill in: what to type, where, in which unit, with last year's figures beside it.

One sheet per group of indicators (yearly flows, cumulative counts, shares), one for corrections of earlier years, one
that explains. A hidden sheet holds keys by which the workbook is read back. Must not know any indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenreport.areas import Area, Roster
from greenreport.intake import books
from greenreport.intake.safety import safe_name
from greenreport.observations import FIGURES, Ledger
from greenreport.plan import Indicator, Plan, Text

__all__ = ["CORRECTIONS", "KEYS", "LISTS", "VERSION", "write"]

Lang = Literal["zh", "en", "both"]
VERSION = "1"
KEYS, LISTS, CORRECTIONS = "_greenreport", "_lists", "corrections"
GROUPS = {
    "flow": Text("年度总量指标", "Yearly totals"),
    "cumulative_count": Text("累计数指标", "Cumulative counts"),
    "share": Text("比率指标", "Shares"),
}
_HEAD_ROW = 4
_EXTRA_ROWS = 60


@dataclass(frozen=True)
class _Form:
    """What one template is about: the years, the language, the rows."""

    plan: Plan
    roster: Roster
    ledger: Ledger
    lang: Lang
    as_of: date
    areas: tuple[Area, ...]

    @property
    def year(self) -> int:
        """The last full year, which is asked for."""
        return self.as_of.year - 1

    def t(self, text: Text, *, joint: str = "\n") -> str:
        if self.lang == "both":
            return text.zh if text.zh == text.en else f"{text.zh}{joint}{text.en}"
        return text[self.lang]

    def unit(self, i: Indicator) -> str:
        # The unit is the ledger's own in every language: a form with two units would be filled in with either.
        return i.unit.zh if self.lang != "en" else i.unit.en

    def scale(self, i: Indicator) -> float:
        return i.unit.en_scale if self.lang == "en" else 1.0


def write(
    plan: Plan,
    roster: Roster,
    ledger: Ledger,
    *,
    out: str | Path,
    areas: Sequence[str] | None = None,
    lang: Lang = "zh",
    as_of: date,
    each: bool = False,
) -> tuple[Path, ...]:
    """Write templates for the last full year before `as_of` and the year to date.

    Args:
        plan: whose indicators are asked for.
        roster: whose areas, as they are on `as_of`.
        ledger: whose figures are shown beside the cells to fill, as known on `as_of`.
        out: the workbook; with `each`, the folder that takes one workbook per area.
        areas: codes or names; None: the city and all its districts and zone bodies.
        lang: language of the workbook. With "en" figures are asked for in the plan's English units.
        as_of: the day of the template; no clock is read, so that the same call gives the same bytes.
        each: one workbook per area.

    Returns:
        The workbooks written.

    Raises:
        AreaError: an area is not known or does not exist on that day.
    """
    chosen = _areas(roster, areas, as_of)
    target = Path(out)
    if not each:
        _write_one(_Form(plan, roster, ledger, lang, as_of, chosen), target)
        return (target,)
    paths = []
    for area in chosen:
        short = area.short.en if lang == "en" else area.short.zh
        path = target / f"{safe_name(f'{area.code}-{short}')}-{as_of.year - 1}.xlsx"
        _write_one(_Form(plan, roster, ledger, lang, as_of, (area,)), path)
        paths.append(path)
    return tuple(paths)


def _areas(roster: Roster, wanted: Sequence[str] | None, day: date) -> tuple[Area, ...]:
    if wanted is None:
        return (roster.city, *roster.on(day), *roster.zones(day))
    return tuple(dict.fromkeys(roster.find(w, day=day) for w in wanted))


def _write_one(form: _Form, path: Path) -> None:
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    keys: list[Sequence[str | int]] = [
        ("meta", "format", "greenreport-template"),
        ("meta", "version", VERSION),
        ("meta", "plan", form.plan.id),
        ("meta", "plan_digest", form.plan.digest),
        ("meta", "roster_digest", form.roster.digest),
        ("meta", "as_of", form.as_of.isoformat()),
        ("meta", "lang", form.lang),
    ]
    _instructions(form, first)
    keys.append(("skip", first.title))
    for kind, title in GROUPS.items():
        indicators = [i for i in form.plan.indicators if i.kind == kind]
        if indicators:
            sheet = book.create_sheet(_title(form, title))
            keys.extend(_group(form, sheet, indicators, title))
    corrections = book.create_sheet(_title(form, Text("更正", "Corrections")))
    _corrections(form, corrections)
    described = book.create_sheet(_title(form, Text("指标说明", "Definitions")))
    _definitions(form, described)
    keys.append(("skip", described.title))
    _lists(form, book.create_sheet(LISTS))
    _keys(book.create_sheet(KEYS), keys)
    book.security.lockStructure = True
    books.save(book, path, day=form.as_of)


def _title(form: _Form, text: Text) -> str:
    return (form.t(text, joint=" ") if form.lang == "both" else text[form.lang])[:31]


def _instructions(form: _Form, sheet: Worksheet) -> None:
    sheet.title = _title(form, Text("填报说明", "Read me"))
    books.put(sheet, 1, 1, form.t(form.plan.title), books.TITLE)
    lines = [
        Text(
            f"填报{form.year}年全年数据和{form.as_of.year}年内累计数据（如有）。名录日期：{form.as_of}。",
            f"Give the figures for the whole of {form.year} and, where there are any, for {form.as_of.year} to date. Areas as of {form.as_of}.",
        ),
        Text(
            "只填浅黄色单元格；其余单元格已锁定，无需密码。单位已固定，请按所示单位填写。",
            "Type into the pale yellow cells only; the others are locked, without a password. Units are fixed: give figures in the unit shown.",
        ),
        Text("没有数据请留空，不要填0；0表示确实为零。", "Leave a cell blank where there is no figure; 0 means zero."),
        Text(
            "请填数值，不要填公式；公式不予计算，会被退回。",
            "Type values, not formulas: formulas are never evaluated and come back.",
        ),
        Text("年内累计数请同时选择“累计至月份”。", "With a year-to-date figure, choose the month it runs through."),
        Text(
            "更正以前年度的数据，请填“更正”表并写明原因；原数据保留，更正作为新版本入账。",
            "To correct earlier years, use the sheet “Corrections” and say why; the old figure is kept, the new one is added.",
        ),
        Text(
            "看不懂或有疑问的数据会连同原因退回，改好后再报即可。",
            "Whatever cannot be understood comes back with the reason; correct it and hand it in again.",
        ),
    ]
    for n, line in enumerate(lines, start=3):
        books.put(sheet, n, 1, f"{n - 2}. {form.t(line)}", books.NOTE)
        sheet.row_dimensions[n].height = 48 if form.lang == "both" else 32
    books.widths(sheet, [100])
    books.protect(sheet)


def _group(
    form: _Form, sheet: Worksheet, indicators: Sequence[Indicator], title: Text
) -> Iterable[Sequence[str | int]]:
    year, current = form.year, form.as_of.year
    heads: list[tuple[Text, str, str]] = [
        (Text("区县", "Area"), "area", ""),
        (Text("指标", "Indicator"), "indicator", ""),
        (Text("单位", "Unit"), "unit", ""),
        (Text(f"{year - 1}年已报数", f"{year - 1} as reported"), "shown", ""),
        (Text(f"{year}年已报数", f"{year} as reported"), "shown", ""),
        (Text(f"{year}年全年", f"{year} full year"), "value", str(year)),
        (Text("数据性质", "Kind"), "kind", str(year)),
        (Text(f"{current}年累计至月份", f"{current} through month"), "months", str(current)),
        (Text(f"{current}年累计数", f"{current} to date"), "value", str(current)),
        (Text("累计数性质", "Kind (to date)"), "kind", str(current)),
        (Text("数据来源", "Source"), "source", ""),
        (Text("备注", "Note"), "note", ""),
    ]
    books.put(sheet, 1, 1, f"{form.t(title, joint=' ')}　{year}", books.TITLE)
    books.put(
        sheet,
        2,
        1,
        form.t(
            Text("浅黄色为填报格；没有数据请留空。", "Fill in the pale yellow cells; leave blank what is not known."),
            joint="　",
        ),
        books.NOTE | {"alignment": None},
    )
    yield ("group", sheet.title, _HEAD_ROW)
    for n, (head, role, period) in enumerate(heads, start=1):
        books.put(sheet, _HEAD_ROW, n, form.t(head), books.HEAD)
        yield ("column", sheet.title, n, role, period)
    sheet.row_dimensions[_HEAD_ROW].height = 44
    known = _known(form)
    row = _HEAD_ROW
    for area in form.areas:
        for i in indicators:
            row += 1
            cells: list[str | float | None] = [form.t(area.name), form.t(i.name), form.unit(i)]
            cells += [_scaled(known.get((i.id, area.code, y)), form.scale(i)) for y in (year - 1, year)]
            for n, value in enumerate(cells, start=1):
                books.put(sheet, row, n, value, books.SHOWN)
            for n in range(len(cells) + 1, len(heads) + 1):
                books.put(sheet, row, n, None, books.INPUT)
            yield ("row", sheet.title, row, area.code, i.id, form.unit(i))
    _rules(form, sheet, heads, row)
    books.widths(sheet, [22, 30, 12, 12, 12, 14, 11, 12, 14, 11, 26, 30])
    sheet.freeze_panes = f"D{_HEAD_ROW + 1}"
    books.protect(sheet)


def _rules(form: _Form, sheet: Worksheet, heads: Sequence[tuple[Text, str, str]], last: int) -> None:
    first = _HEAD_ROW + 1
    for n, (_, role, _period) in enumerate(heads, start=1):
        cells = f"{get_column_letter(n)}{first}:{get_column_letter(n)}{last}"
        if role == "value":
            books.numbers_only(
                sheet,
                cells,
                **_say(
                    form,
                    Text("应为数字", "A number, please"),
                    Text(
                        "请填不小于0的数字，不带单位；没有数据请留空。",
                        "Type a number from 0, without a unit; leave blank what is not known.",
                    ),
                ),
            )
        elif role == "kind":
            books.choices(
                sheet,
                cells,
                _kinds(form),
                **_say(form, Text("请选择", "Please choose"), Text("请从下拉框中选择。", "Choose from the list.")),
            )
        elif role == "months":
            books.choices(
                sheet,
                cells,
                [str(m) for m in range(1, 13)],
                **_say(form, Text("请选择", "Please choose"), Text("请选择1至12。", "Choose 1 to 12.")),
            )


def _say(form: _Form, title: Text, message: Text) -> dict[str, str]:
    return {"title": form.t(title, joint=" "), "message": form.t(message)}


def _kinds(form: _Form) -> list[str]:
    return ["observed", "provisional"] if form.lang == "en" else ["正式数", "初步数"]


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else float(f"{value * scale:.12g}")


def _known(form: _Form) -> dict[tuple[str, str, int], float]:
    """The figures as known on the day, by indicator, area and year."""
    f = form.ledger.as_of(form.as_of).frame
    scopes = {i.id: i.scope or "" for i in form.plan.indicators}
    keep = f[f["kind"].isin(FIGURES) & (f["months"] == 12) & (f["year"] >= form.year - 1)]
    rows = zip(keep["indicator"], keep["area"], keep["year"], keep["scope"], keep["value"], strict=True)
    return {(i, a, int(y)): float(v) for i, a, y, s, v in rows if scopes.get(i) == s}


def _corrections(form: _Form, sheet: Worksheet) -> None:
    heads = [
        Text("区县", "Area"),
        Text("指标", "Indicator"),
        Text("年份", "Year"),
        Text("更正后数值", "Value"),
        Text("单位", "Unit"),
        Text("数据性质", "Kind"),
        Text("数据来源", "Source"),
        Text("更正原因", "Reason"),
    ]
    for n, head in enumerate(heads, start=1):
        books.put(sheet, 1, n, form.t(head), books.HEAD)
    last = 1 + _EXTRA_ROWS
    for row in range(2, last + 1):
        for n in range(1, len(heads) + 1):
            books.put(sheet, row, n, None, books.INPUT)
    choose = _say(form, Text("请选择", "Please choose"), Text("请从下拉框中选择。", "Choose from the list."))
    for col, count in (("A", len(form.areas)), ("B", len(form.plan.indicators)), ("E", len(_units(form)))):
        source = {"A": "A", "B": "B", "E": "C"}[col]
        books.choices(sheet, f"{col}2:{col}{last}", f"={LISTS}!${source}$1:${source}${count}", **choose)
    books.choices(sheet, f"F2:F{last}", _kinds(form), **choose)
    books.numbers_only(
        sheet,
        f"D2:D{last}",
        **_say(form, Text("应为数字", "A number, please"), Text("请填不小于0的数字。", "Type a number from 0.")),
    )
    sheet.row_dimensions[1].height = 36
    books.widths(sheet, [26, 34, 10, 16, 16, 12, 28, 36])
    sheet.freeze_panes = "A2"
    books.protect(sheet)


def _definitions(form: _Form, sheet: Worksheet) -> None:
    heads = [
        Text("指标", "Indicator"),
        Text("单位", "Unit"),
        Text("定义和口径", "Definition and coverage"),
        Text("责任单位", "Responsible body"),
        Text("数据来源系统", "Source system"),
        Text("频率", "Frequency"),
        Text("已知断点", "Known breaks"),
    ]
    for n, head in enumerate(heads, start=1):
        books.put(sheet, 1, n, form.t(head), books.HEAD)
    for row, i in enumerate(form.plan.indicators, start=2):
        cells = [
            form.t(i.name),
            form.unit(i),
            *(
                form.t(x) if x else "—"
                for x in (i.definition, i.responsible, i.source_system, i.frequency, i.known_breaks)
            ),
        ]
        for n, text in enumerate(cells, start=1):
            books.put(sheet, row, n, text, books.SHOWN)
    books.widths(sheet, [30, 12, 70, 20, 30, 24, 60])
    sheet.freeze_panes = "B2"
    books.protect(sheet)


def _units(form: _Form) -> list[str]:
    return list(dict.fromkeys(form.unit(i) for i in form.plan.indicators))


def _lists(form: _Form, sheet: Worksheet) -> None:
    columns = [
        [a.name.en if form.lang == "en" else a.name.zh for a in form.areas],
        [i.name.en if form.lang == "en" else i.name.zh for i in form.plan.indicators],
        _units(form),
    ]
    for n, texts in enumerate(columns, start=1):
        for row, text in enumerate(texts, start=1):
            books.put(sheet, row, n, text)
    sheet.sheet_state = "veryHidden"
    books.protect(sheet)


def _keys(sheet: Worksheet, keys: Iterable[Sequence[str | int]]) -> None:
    for row, cells in enumerate(keys, start=1):
        for n, value in enumerate(cells, start=1):
            books.put(sheet, row, n, str(value))
    sheet.sheet_state = "veryHidden"
    books.protect(sheet)
