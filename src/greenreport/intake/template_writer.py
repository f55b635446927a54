"""Workbooks for the districts to fill in: what to type, where, in which unit, with last year's figures beside it.

One sheet per group of indicators (yearly flows, cumulative counts, shares), one for corrections of earlier years, one
that explains. A hidden sheet holds keys by which the workbook is read back. Must not know any indicator or area by name.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenreport import workbooks
from greenreport.areas import Area, Roster
from greenreport.intake import template_help
from greenreport.intake.safety import safe_name
from greenreport.intake.sheets import number_text
from greenreport.intake.template_spec import Lang, TemplateSpec, finish, put_heads
from greenreport.observations import FIGURES, Ledger
from greenreport.plan import KINDS, Indicator, Plan, Text

__all__ = ["CORRECTIONS", "KEYS", "LISTS", "VERSION", "write"]

VERSION = "1"
KEYS, LISTS, CORRECTIONS = "_greenreport", "_lists", "corrections"
_HEAD_ROW = 4
_EXTRA_ROWS = 40
_FIXED = ("area", "indicator", "unit", "shown")
_CHOOSE = Text("请选择", "Please choose")
_FROM_LIST = Text("请从下拉框中选择。", "Choose from the list.")
_NUMBER = Text("应为数字", "A number, please")


class _Column(NamedTuple):
    """A column of a sheet of indicators: its head; by which keys it is read back; the year whose known figure it shows."""

    head: Text
    role: str
    period: str = ""
    shows: int = 0


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
        _write_one(TemplateSpec(plan, roster, ledger, lang, as_of, chosen), target)
        return (target,)
    paths = []
    for area in chosen:
        path = target / _file_name((area,), lang, as_of)
        _write_one(TemplateSpec(plan, roster, ledger, lang, as_of, (area,)), path)
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


def _write_one(spec: TemplateSpec, path: Path) -> None:
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    keys: list[Sequence[str | int]] = [
        ("meta", "format", "greenreport-template"),
        ("meta", "version", VERSION),
        ("meta", "plan", spec.plan.id),
        ("meta", "plan_digest", spec.plan.digest),
        ("meta", "roster_digest", spec.roster.digest),
        ("meta", "as_of", spec.as_of.isoformat()),
        ("meta", "lang", spec.lang),
    ]
    template_help.instructions(spec, first)
    keys.append(("skip", first.title))
    for kind, of in KINDS.items():
        indicators = [i for i in spec.plan.indicators if i.kind == kind and any(spec.asks(i, a) for a in spec.areas)]
        if indicators:
            sheet = book.create_sheet(spec.title(of.group))
            keys.extend(_group(spec, sheet, indicators, of.group))
    corrections = book.create_sheet(spec.title(Text("更正", "Corrections")))
    _corrections(spec, corrections)
    described = book.create_sheet(spec.title(Text("指标说明", "Definitions")))
    template_help.definitions(spec, described)
    keys.append(("skip", described.title))
    _hidden(book.create_sheet(LISTS), itertools.zip_longest(*_listed(spec)))
    _hidden(book.create_sheet(KEYS), keys)
    book.security.lockStructure = True
    workbooks.save(book, path, day=spec.as_of)


def _columns(spec: TemplateSpec) -> list[_Column]:
    """What a sheet of indicators shows and asks for, from the left."""
    year, current = spec.year, spec.as_of.year
    return [
        _Column(Text("区县", "Area"), "area"),
        _Column(Text("指标", "Indicator"), "indicator"),
        _Column(Text("单位", "Unit"), "unit"),
        *(_Column(Text(f"{y}年已报数", f"{y} as reported"), "shown", shows=y) for y in (year - 1, year)),
        _Column(Text(f"{year}年全年", f"{year} full year"), "value", str(year)),
        _Column(Text("数据性质", "Kind"), "kind", str(year)),
        _Column(Text(f"{current}年累计至月份", f"{current} through month"), "months", str(current)),
        _Column(Text(f"{current}年累计数", f"{current} to date"), "value", str(current)),
        _Column(Text("累计数性质", "Kind (to date)"), "kind", str(current)),
        _Column(Text("数据来源", "Source"), "source"),
        _Column(Text("备注", "Note"), "note"),
        *(
            _Column(Text(f"{y}年全年（补报）", f"{y} full year (if not yet reported)"), "value", str(y), shows=y)
            for y in spec.earlier
        ),
    ]


def _group(
    spec: TemplateSpec, sheet: Worksheet, indicators: Sequence[Indicator], title: Text
) -> Iterable[Sequence[str | int]]:
    """Write a sheet of indicators; gives the keys by which it is read back."""
    columns = _columns(spec)
    workbooks.put(sheet, 1, 1, f"{spec.t(title, joint=' ')}　{spec.year}", workbooks.TITLE)
    hint = Text("浅黄色为填报格；没有数据请留空。", "Fill in the pale yellow cells; leave blank what is not known.")
    workbooks.put(sheet, 2, 1, spec.t(hint, joint="　"), workbooks.NOTE | {"alignment": None})
    yield ("group", sheet.title, _HEAD_ROW)
    styles = [workbooks.HEAD_SHOWN if c.role in _FIXED else workbooks.HEAD for c in columns]
    put_heads(spec, sheet, _HEAD_ROW, [(c.head, style) for c, style in zip(columns, styles, strict=True)])
    for n, column in enumerate(columns, start=1):
        yield ("column", sheet.title, n, column.role, column.period)
    known = _known(spec)
    asked = [(area, i) for area in spec.areas for i in indicators if spec.asks(i, area)]
    for row, (area, i) in enumerate(asked, start=_HEAD_ROW + 1):
        for n, column in enumerate(columns, start=1):
            value = _shown(spec, column, area, i, known)
            workbooks.put(sheet, row, n, value, workbooks.SHOWN if _is_locked(column, area, value) else workbooks.INPUT)
            if column.role == "value" and isinstance(value, float):
                yield ("known", sheet.title, row, n, number_text(value))
        yield ("row", sheet.title, row, area.code, i.id, spec.unit(i))
    last = _HEAD_ROW + len(asked)
    _rules(spec, sheet, columns, last)
    sizes = [16, 30, 10, 12, 12, 14, 11, 12, 14, 11, 22, 24, *[16] * len(spec.earlier)]
    sheet.row_dimensions[1].height = 28
    finish(sheet, sizes, head=_HEAD_ROW, last=last, frozen=f"D{_HEAD_ROW + 1}", least=(48.0, 24.0))


def _shown(
    spec: TemplateSpec, column: _Column, area: Area, i: Indicator, known: dict[tuple[str, str, int], float]
) -> str | float | None:
    """What stands in a cell when the template is handed out: a name, a known figure, or nothing."""
    names = {"area": spec.t(area.name), "indicator": spec.t(i.name), "unit": spec.unit(i)}
    if column.role in names:
        return names[column.role]
    value = known.get((i.id, area.code, column.shows))
    return None if value is None else float(f"{value * spec.scale(i):.12g}")


def _is_locked(column: _Column, area: Area, value: str | float | None) -> bool:
    """What is known is shown and locked, and so is a year in which the area was not there."""
    y = column.shows
    return column.role in _FIXED or value is not None or (y > 0 and not area.overlaps(date(y, 1, 1), date(y, 12, 31)))


def _rules(spec: TemplateSpec, sheet: Worksheet, columns: Sequence[_Column], last: int) -> None:
    """What may be typed into the cells to fill in."""
    zh = "请填不小于0的数字，不带单位；没有数据请留空。"
    number = Text(zh, "Type a number from 0, without a unit; leave blank what is not known.")
    lists = {
        "kind": (_kinds(spec), _FROM_LIST),
        "months": ([str(m) for m in range(1, 13)], Text("请选择1至12。", "Choose 1 to 12.")),
    }
    for n, column in enumerate(columns, start=1):
        cells = f"{get_column_letter(n)}{_HEAD_ROW + 1}:{get_column_letter(n)}{last}"
        if column.role == "value":
            workbooks.numbers_only(sheet, cells, **_say(spec, _NUMBER, number))
        elif column.role in lists:
            options, message = lists[column.role]
            workbooks.choices(sheet, cells, options, **_say(spec, _CHOOSE, message))


def _say(spec: TemplateSpec, title: Text, message: Text) -> dict[str, str]:
    return {"title": spec.t(title, joint=" "), "message": spec.t(message)}


def _kinds(spec: TemplateSpec) -> list[str]:
    return ["observed", "provisional"] if spec.lang == "en" else ["正式数", "初步数"]


def _known(spec: TemplateSpec) -> dict[tuple[str, str, int], float]:
    """The figures as known on the day, by indicator, area and year."""
    f = spec.ledger.as_of(spec.as_of).frame
    scopes = {i.id: i.scope or "" for i in spec.plan.indicators}
    keep = f[
        f["kind"].isin(FIGURES) & (f["months"] == 12) & (f["year"] >= min(spec.year - 1, *spec.earlier, spec.year))
    ]
    rows = zip(keep["indicator"], keep["area"], keep["year"], keep["scope"], keep["value"], strict=True)
    return {(i, a, int(y)): float(v) for i, a, y, s, v in rows if scopes.get(i) == s}


def _corrections(spec: TemplateSpec, sheet: Worksheet) -> None:
    """Write the sheet for corrections of any year: a plain list, with drop-downs from the hidden sheet of lists."""
    heads = [
        Text("区县", "Area"), Text("指标", "Indicator"), Text("年份", "Year"), Text("更正后数值", "Value"), Text("单位", "Unit"),
        Text("数据性质", "Kind"), Text("数据来源", "Source"), Text("更正原因", "Reason"),
    ]  # fmt: skip
    put_heads(spec, sheet, 1, [(head, workbooks.HEAD) for head in heads])
    last = 1 + _EXTRA_ROWS
    for row, n in itertools.product(range(2, last + 1), range(1, len(heads) + 1)):
        workbooks.put(sheet, row, n, None, workbooks.INPUT)
    choose = _say(spec, _CHOOSE, _FROM_LIST)
    for col, source, listed in zip("ABE", "ABC", _listed(spec), strict=True):
        workbooks.choices(sheet, f"{col}2:{col}{last}", f"={LISTS}!${source}$1:${source}${len(listed)}", **choose)
    workbooks.choices(sheet, f"F2:F{last}", _kinds(spec), **choose)
    number = Text("请填不小于0的数字。", "Type a number from 0.")
    workbooks.numbers_only(sheet, f"D2:D{last}", **_say(spec, _NUMBER, number))
    finish(sheet, [22, 34, 10, 16, 16, 12, 28, 36], head=1, last=last, frozen="A2")


def _listed(spec: TemplateSpec) -> tuple[list[str], list[str], list[str]]:
    """What may be chosen in the sheet of corrections: areas, indicators, units."""
    lang: Literal["zh", "en"] = "en" if spec.lang == "en" else "zh"
    units = dict.fromkeys(spec.unit(i) for i in spec.plan.indicators)
    return [a.name[lang] for a in spec.areas], [i.name[lang] for i in spec.plan.indicators], list(units)


def _hidden(sheet: Worksheet, rows: Iterable[Sequence[str | int | None]]) -> None:
    """Write a sheet that only programs read."""
    for row, cells in enumerate(rows, start=1):
        for n, value in enumerate(cells, start=1):
            workbooks.put(sheet, row, n, None if value is None else str(value))
    sheet.sheet_state = "veryHidden"
    workbooks.protect(sheet)
