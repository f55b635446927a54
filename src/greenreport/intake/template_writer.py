"""Workbooks for the districts to fill in: what to type, where, in which unit, with last year's figures beside it.

One sheet per group of indicators (yearly flows, cumulative counts, shares), one for corrections of earlier years, two
that explain. A hidden sheet holds keys by which the workbook is read back. Must not know any indicator or area by name.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from greenreport import workbooks
from greenreport.areas import Area, Roster
from greenreport.intake.reason import heads
from greenreport.intake.safety import safe_name
from greenreport.intake.sheets import number_text
from greenreport.observations import FIGURES, Ledger
from greenreport.plan import KINDS, Indicator, Plan, Text
from greenreport.words import both, t

__all__ = ["KEYS", "LISTS", "VERSION", "Lang", "write"]

Lang = Literal["zh", "en", "both"]
VERSION = "1"
KEYS, LISTS = "_greenreport", "_lists"
_HEAD_ROW = 4
_EXTRA_ROWS = 40
_STEPS = 7
_FIXED = ("area", "indicator", "unit", "shown")


class _Column(NamedTuple):
    """A column of a sheet of indicators: its head; by which keys it is read back; the year whose known figure it shows."""

    head: Text
    role: str
    period: str = ""
    shows: int = 0


@dataclass(frozen=True)
class _Spec:
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

    @property
    def earlier(self) -> tuple[int, ...]:
        """The years from the baseline on that lie before it, so that one round is enough to begin."""
        return tuple(range(self.plan.baseline_year, self.year))

    def asks(self, i: Indicator, area: Area) -> bool:
        """Whether an area is asked for an indicator: one that is not shared out is the planned area's alone."""
        return i.allocation != "none" or area.code == self.plan.area

    def t(self, text: Text | str, *, joint: str = "\n") -> str:
        """A text, or what the catalogue says, in the language of the template or in both."""
        told = both(f"intake.form.{text}") if isinstance(text, str) else text
        if self.lang == "both":
            return told.zh if told.zh == told.en else f"{told.zh}{joint}{told.en}"
        return told[self.lang]

    def unit(self, i: Indicator) -> str:
        """The unit in which figures are asked for."""
        # The unit is the ledger's own in every language: a form with two units would be filled in with either.
        return i.unit.zh if self.lang != "en" else i.unit.en

    def title(self, text: Text | str) -> str:
        """A text as the name of a sheet, which takes 31 characters."""
        return self.t(text, joint=" ")[:31]


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
    if areas is None:
        chosen = (roster.city, *roster.on(as_of), *roster.zones(as_of))
    else:
        chosen = tuple(dict.fromkeys(roster.find(area, day=as_of) for area in areas))
    target = Path(out)
    if not each and not target.is_dir() and target.suffix.casefold() != ".xlsx":
        target = target.with_name(f"{target.name}.xlsx")
    paths = []
    for some in [(area,) for area in chosen] if each else [chosen]:
        path = target / _file_name(some, lang, as_of) if each or target.is_dir() else target
        _write_one(_Spec(plan, roster, ledger, lang, as_of, some), path)
        paths.append(path)
    return tuple(paths)


def _file_name(areas: Sequence[Area], lang: Lang, day: date) -> str:
    """`500101-万州-2025.xlsx` for one area, `填报表-2025.xlsx` for several."""
    if len(areas) == 1:
        name = f"{areas[0].code}-{areas[0].short.en if lang == 'en' else areas[0].short.zh}"
    else:
        name = t("intake.form.file", "en" if lang == "en" else "zh")
    return f"{safe_name(name)}-{day.year - 1}.xlsx"


def _write_one(spec: _Spec, path: Path) -> None:
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
    _instructions(spec, first)
    keys.append(("skip", first.title))
    for kind in KINDS:
        indicators = [i for i in spec.plan.indicators if i.kind == kind and any(spec.asks(i, a) for a in spec.areas)]
        if indicators:
            group = both(f"intake.form.group.{kind}")
            keys.extend(_group(spec, book.create_sheet(spec.title(group)), indicators, group))
    _corrections(spec, book.create_sheet(spec.title("corrections")))
    described = book.create_sheet(spec.title("definitions"))
    _definitions(spec, described)
    keys.append(("skip", described.title))
    _hidden(book.create_sheet(LISTS), itertools.zip_longest(*_listed(spec)))
    _hidden(book.create_sheet(KEYS), keys)
    book.security.lockStructure = True
    workbooks.save(book, path, day=spec.as_of)


def _instructions(spec: _Spec, sheet: Worksheet) -> None:
    """For whom and for when, how to fill in, and what the colours mean."""
    sheet.title = spec.title("readme")
    workbooks.widths(sheet, [24 if spec.lang == "both" else 16, 104])
    workbooks.put(sheet, 1, 1, spec.t(spec.plan.title, joint="　"), workbooks.TITLE)
    sheet.row_dimensions[1].height = 34
    names = [spec.t(a.name, joint=" ") for a in spec.areas[:3]]
    more = len(spec.areas) - len(names)
    who = both(
        "intake.form.areas_more" if more else "intake.form.areas",
        names=names,
        count=Text(str(len(spec.areas)), str(more)),
    )
    asked = both("intake.form.asked", year=spec.year, now=spec.as_of.year, first=spec.plan.baseline_year)
    facts = {"for": who.zh if spec.lang == "both" else spec.t(who), "what": spec.t(asked), "day": str(spec.as_of)}
    told = [
        *((spec.t(name, joint=" "), workbooks.STRONG, fact) for name, fact in facts.items()),
        None,
        *((f"{n}", workbooks.STRONG, spec.t(f"step.{n}")) for n in range(1, _STEPS + 1)),
        None,
        (
            spec.t("type_here", joint=" "),
            workbooks.INPUT | {"protection": Protection(locked=True)},
            spec.t("to_fill_in"),
        ),
        (spec.t("as_reported", joint=" "), workbooks.SHOWN, spec.t("locked")),
    ]
    for row, line in enumerate(told, start=2):
        if line is not None:
            name, style, text = line
            workbooks.put(sheet, row, 1, name, style)
            workbooks.put(sheet, row, 2, text, workbooks.NOTE)
    workbooks.fit(sheet, 2, 1 + len(told))
    sheet.sheet_view.showGridLines = False
    workbooks.protect(sheet)


def _definitions(spec: _Spec, sheet: Worksheet) -> None:
    """Each indicator's definition, responsible body, source system, frequency and known breaks."""
    _put_heads(spec, sheet, "definitions")
    for row, i in enumerate(spec.plan.indicators, start=2):
        responsible, breaks = i.responsible or "unnamed", i.known_breaks or "none_known"
        told = (i.definition, responsible, i.source_system, i.frequency, breaks)
        cells = [spec.t(i.name), spec.unit(i), *(spec.t(text) if text else "—" for text in told)]
        workbooks.put_row(sheet, row, cells, workbooks.SHOWN)
    last = 1 + len(spec.plan.indicators)
    _finish(sheet, [24, 10, 52, 18, 22, 18, 48], head=1, last=last, frozen="B2")


def _columns(spec: _Spec) -> list[_Column]:
    """What a sheet of indicators shows and asks for, from the left."""
    year, now = str(spec.year), str(spec.as_of.year)
    asked = [
        ("area", "area", "", 0),
        ("indicator", "indicator", "", 0),
        ("unit", "unit", "", 0),
        *(("shown", "shown", "", y) for y in (spec.year - 1, spec.year)),
        ("value", "value", year, 0),
        ("kind", "kind", year, 0),
        ("months", "months", now, 0),
        ("to_date", "value", now, 0),
        ("kind_to_date", "kind", now, 0),
        ("source", "source", "", 0),
        ("note", "note", "", 0),
        *(("earlier", "value", str(y), y) for y in spec.earlier),
    ]
    return [
        _Column(both(f"intake.form.head.{head}", year=shows or period), role, period, shows)
        for head, role, period, shows in asked
    ]


def _group(
    spec: _Spec, sheet: Worksheet, indicators: Sequence[Indicator], title: Text
) -> Iterable[Sequence[str | int]]:
    """Write a sheet of indicators; gives the keys by which it is read back."""
    columns = _columns(spec)
    workbooks.put(sheet, 1, 1, f"{spec.t(title, joint=' ')}　{spec.year}", workbooks.TITLE)
    workbooks.put(sheet, 2, 1, spec.t("hint", joint="　"), workbooks.NOTE | {"alignment": None})
    yield ("group", sheet.title, _HEAD_ROW)
    for n, column in enumerate(columns, start=1):
        style = workbooks.HEAD_SHOWN if column.role in _FIXED else workbooks.HEAD
        workbooks.put(sheet, _HEAD_ROW, n, spec.t(column.head), style)
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
    _finish(sheet, sizes, head=_HEAD_ROW, last=last, frozen=f"D{_HEAD_ROW + 1}", least=(48.0, 24.0))


def _shown(
    spec: _Spec, column: _Column, area: Area, i: Indicator, known: dict[tuple[str, str, int], float]
) -> str | float | None:
    """What stands in a cell when the template is handed out: a name, a known figure, or nothing."""
    names = {"area": spec.t(area.name), "indicator": spec.t(i.name), "unit": spec.unit(i)}
    if column.role in names:
        return names[column.role]
    value = known.get((i.id, area.code, column.shows))
    scale = i.unit.en_scale if spec.lang == "en" else 1.0
    return None if value is None else float(f"{value * scale:.12g}")


def _is_locked(column: _Column, area: Area, value: str | float | None) -> bool:
    """What is known is shown and locked, and so is a year in which the area was not there."""
    y = column.shows
    return column.role in _FIXED or value is not None or (y > 0 and not area.overlaps(date(y, 1, 1), date(y, 12, 31)))


def _rules(spec: _Spec, sheet: Worksheet, columns: Sequence[_Column], last: int) -> None:
    """What may be typed into the cells to fill in."""
    months = [str(m) for m in range(1, 13)]
    lists = {"kind": (_kinds(spec), "from_list"), "months": (months, "from_months")}
    for n, column in enumerate(columns, start=1):
        cells = f"{get_column_letter(n)}{_HEAD_ROW + 1}:{get_column_letter(n)}{last}"
        if column.role == "value":
            workbooks.numbers_only(sheet, cells, **_say(spec, "a_number", "no_unit"))
        elif column.role in lists:
            options, message = lists[column.role]
            workbooks.choices(sheet, cells, options, **_say(spec, "choose", message))


def _say(spec: _Spec, title: str, message: str) -> dict[str, str]:
    return {"title": spec.t(title, joint=" "), "message": spec.t(message)}


def _kinds(spec: _Spec) -> list[str]:
    return ["observed", "provisional"] if spec.lang == "en" else ["正式数", "初步数"]


def _known(spec: _Spec) -> dict[tuple[str, str, int], float]:
    """The figures as known on the day, by indicator, area and year."""
    f = spec.ledger.as_of(spec.as_of).frame
    scopes = {i.id: i.scope or "" for i in spec.plan.indicators}
    keep = f[
        f["kind"].isin(FIGURES) & (f["months"] == 12) & (f["year"] >= min(spec.year - 1, *spec.earlier, spec.year))
    ]
    rows = zip(keep["indicator"], keep["area"], keep["year"], keep["scope"], keep["value"], strict=True)
    return {(i, a, int(y)): float(v) for i, a, y, s, v in rows if scopes.get(i) == s}


def _corrections(spec: _Spec, sheet: Worksheet) -> None:
    """Write the sheet for corrections of any year: a plain list, with drop-downs from the hidden sheet of lists."""
    columns = _put_heads(spec, sheet, "corrections")
    last = 1 + _EXTRA_ROWS
    for row in range(2, last + 1):
        workbooks.put_row(sheet, row, [None] * columns, workbooks.INPUT)
    choose = _say(spec, "choose", "from_list")
    for col, source, listed in zip("ABE", "ABC", _listed(spec), strict=True):
        workbooks.choices(sheet, f"{col}2:{col}{last}", f"={LISTS}!${source}$1:${source}${len(listed)}", **choose)
    workbooks.choices(sheet, f"F2:F{last}", _kinds(spec), **choose)
    workbooks.numbers_only(sheet, f"D2:D{last}", **_say(spec, "a_number", "from_zero"))
    _finish(sheet, [22, 34, 10, 16, 16, 12, 28, 36], head=1, last=last, frozen="A2")


def _listed(spec: _Spec) -> tuple[list[str], list[str], list[str]]:
    """What may be chosen in the sheet of corrections: areas, indicators, units."""
    lang: Literal["zh", "en"] = "en" if spec.lang == "en" else "zh"
    units = dict.fromkeys(spec.unit(i) for i in spec.plan.indicators)
    return [a.name[lang] for a in spec.areas], [i.name[lang] for i in spec.plan.indicators], list(units)


def _hidden(sheet: Worksheet, rows: Iterable[Sequence[str | int | None]]) -> None:
    """Write a sheet that only programs read."""
    for row, cells in enumerate(rows, start=1):
        workbooks.put_row(sheet, row, (None if value is None else str(value) for value in cells))
    sheet.sheet_state = "veryHidden"
    workbooks.protect(sheet)


def _put_heads(spec: _Spec, sheet: Worksheet, table: str) -> int:
    """The heads of a table in its first row; gives how many."""
    both = [Text(zh, en) for zh, en in zip(heads(table, "zh"), heads(table, "en"), strict=True)]
    workbooks.put_row(sheet, 1, map(spec.t, both), workbooks.HEAD)
    return len(both)


def _finish(
    sheet: Worksheet,
    sizes: Sequence[float],
    *,
    head: int,
    last: int,
    frozen: str,
    least: tuple[float, float] = (32, 21),
) -> None:
    """A table is ready: widths of its columns, heights of its rows, its head in sight and on every page, cells locked.

    `least`: the least height of the head and of the rows down to `last`.
    """
    workbooks.widths(sheet, sizes)
    workbooks.fit(sheet, head, head, least=least[0])
    workbooks.fit(sheet, head + 1, last, least=least[1])
    sheet.freeze_panes = frozen
    sheet.print_title_rows = f"{head}:{head}"
    sheet.sheet_view.showGridLines = False
    workbooks.protect(sheet)
