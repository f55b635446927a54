"""Workbooks for the districts to fill in: what to type, where, in which unit, with last year's figures beside it.

One sheet per group of indicators (yearly flows, cumulative counts, shares), one for corrections of earlier years, one
that explains. A hidden sheet holds keys by which the workbook is read back. Must not know any indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenreport import books
from greenreport.areas import Area, Roster
from greenreport.intake import guide
from greenreport.intake.form import Form, Lang
from greenreport.intake.safety import safe_name
from greenreport.intake.sheets import number_text
from greenreport.observations import FIGURES, Ledger
from greenreport.plan import Indicator, Plan, Text

__all__ = ["CORRECTIONS", "KEYS", "LISTS", "VERSION", "write"]

VERSION = "1"
KEYS, LISTS, CORRECTIONS = "_greenreport", "_lists", "corrections"
GROUPS = {
    "flow": Text("年度总量指标", "Yearly totals"),
    "cumulative_count": Text("累计数指标", "Cumulative counts"),
    "share": Text("比率指标", "Shares"),
}
_HEAD_ROW = 4
_EXTRA_ROWS = 40


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
    """Write templates for the last full year before `as_of`, the year to date, and every year from the baseline on.

    An indicator that is not shared out among the areas is asked of the area planned for alone.

    Args:
        plan: whose indicators are asked for.
        roster: whose areas, as they are on `as_of`.
        ledger: whose figures are shown beside the cells to fill, as known on `as_of`.
        out: the workbook, or a folder for it; with `each`, the folder that takes one workbook per area.
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
        if target.is_dir():
            target = target / _file_name(chosen, lang, as_of)
        elif target.suffix.casefold() != ".xlsx":
            target = target.with_name(f"{target.name}.xlsx")
        _write_one(Form(plan, roster, ledger, lang, as_of, chosen), target)
        return (target,)
    paths = []
    for area in chosen:
        path = target / _file_name((area,), lang, as_of)
        _write_one(Form(plan, roster, ledger, lang, as_of, (area,)), path)
        paths.append(path)
    return tuple(paths)


def _file_name(areas: Sequence[Area], lang: Lang, day: date) -> str:
    """`500101-万州-2025.xlsx` for one area, `填报表-2025.xlsx` for several."""
    if len(areas) == 1:
        name = f"{areas[0].code}-{areas[0].short.en if lang == 'en' else areas[0].short.zh}"
    else:
        name = "figures" if lang == "en" else "填报表"
    return f"{safe_name(name)}-{day.year - 1}.xlsx"


def _areas(roster: Roster, wanted: Sequence[str] | None, day: date) -> tuple[Area, ...]:
    if wanted is None:
        return (roster.city, *roster.on(day), *roster.zones(day))
    return tuple(dict.fromkeys(roster.find(w, day=day) for w in wanted))


def _write_one(form: Form, path: Path) -> None:
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
    guide.instructions(form, first)
    keys.append(("skip", first.title))
    for kind, title in GROUPS.items():
        indicators = [i for i in form.plan.indicators if i.kind == kind and any(form.asks(i, a) for a in form.areas)]
        if indicators:
            sheet = book.create_sheet(form.title(title))
            keys.extend(_group(form, sheet, indicators, title))
    corrections = book.create_sheet(form.title(Text("更正", "Corrections")))
    _corrections(form, corrections)
    described = book.create_sheet(form.title(Text("指标说明", "Definitions")))
    guide.definitions(form, described)
    keys.append(("skip", described.title))
    _lists(form, book.create_sheet(LISTS))
    _keys(book.create_sheet(KEYS), keys)
    book.security.lockStructure = True
    books.save(book, path, day=form.as_of)


def _group(form: Form, sheet: Worksheet, indicators: Sequence[Indicator], title: Text) -> Iterable[Sequence[str | int]]:
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
        *((Text(f"{y}年全年（补报）", f"{y} full year (if not yet reported)"), "value", str(y)) for y in form.earlier),
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
        fixed = role in ("area", "indicator", "unit", "shown")
        books.put(sheet, _HEAD_ROW, n, form.t(head), books.HEAD_SHOWN if fixed else books.HEAD)
        yield ("column", sheet.title, n, role, period)
    known = _known(form)
    row = _HEAD_ROW
    for area in form.areas:
        for i in (i for i in indicators if form.asks(i, area)):
            row += 1
            cells: list[str | float | None] = [form.t(area.name), form.t(i.name), form.unit(i)]
            cells += [_scaled(known.get((i.id, area.code, y)), form.scale(i)) for y in (year - 1, year)]
            for n, value in enumerate(cells, start=1):
                books.put(sheet, row, n, value, books.SHOWN)
            first = len(heads) - len(form.earlier) + 1
            for n in range(len(cells) + 1, first):
                books.put(sheet, row, n, None, books.INPUT)
            for n, y in enumerate(form.earlier, start=first):
                # What is known is shown and locked, and so is a year in which the area was not there.
                value = _scaled(known.get((i.id, area.code, y)), form.scale(i))
                there = area.overlaps(date(y, 1, 1), date(y, 12, 31))
                books.put(sheet, row, n, value, books.INPUT if value is None and there else books.SHOWN)
                if value is not None:
                    yield ("known", sheet.title, row, n, number_text(value))
            yield ("row", sheet.title, row, area.code, i.id, form.unit(i))
    _rules(form, sheet, heads, row)
    books.widths(sheet, [16, 30, 10, 12, 12, 14, 11, 12, 14, 11, 22, 24, *[16] * len(form.earlier)])
    sheet.row_dimensions[1].height = 28
    books.fit(sheet, _HEAD_ROW, _HEAD_ROW, least=48)
    books.fit(sheet, _HEAD_ROW + 1, row, least=24)
    sheet.freeze_panes = f"D{_HEAD_ROW + 1}"
    sheet.print_title_rows = f"{_HEAD_ROW}:{_HEAD_ROW}"
    sheet.sheet_view.showGridLines = False
    books.protect(sheet)


def _rules(form: Form, sheet: Worksheet, heads: Sequence[tuple[Text, str, str]], last: int) -> None:
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


def _say(form: Form, title: Text, message: Text) -> dict[str, str]:
    return {"title": form.t(title, joint=" "), "message": form.t(message)}


def _kinds(form: Form) -> list[str]:
    return ["observed", "provisional"] if form.lang == "en" else ["正式数", "初步数"]


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else float(f"{value * scale:.12g}")


def _known(form: Form) -> dict[tuple[str, str, int], float]:
    """The figures as known on the day, by indicator, area and year."""
    f = form.ledger.as_of(form.as_of).frame
    scopes = {i.id: i.scope or "" for i in form.plan.indicators}
    keep = f[
        f["kind"].isin(FIGURES) & (f["months"] == 12) & (f["year"] >= min(form.year - 1, *form.earlier, form.year))
    ]
    rows = zip(keep["indicator"], keep["area"], keep["year"], keep["scope"], keep["value"], strict=True)
    return {(i, a, int(y)): float(v) for i, a, y, s, v in rows if scopes.get(i) == s}


def _corrections(form: Form, sheet: Worksheet) -> None:
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
    books.widths(sheet, [22, 34, 10, 16, 16, 12, 28, 36])
    books.fit(sheet, 1, 1, least=32)
    books.fit(sheet, 2, last)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.sheet_view.showGridLines = False
    books.protect(sheet)


def _units(form: Form) -> list[str]:
    return list(dict.fromkeys(form.unit(i) for i in form.plan.indicators))


def _lists(form: Form, sheet: Worksheet) -> None:
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
