"""What is said of one figure, field by field: who may say it, who counts first, and what is told where two disagree.

    field      who says it: the first that does counts               where two disagree
    indicator  row, head, the titles if they name one                row and head: refused
    area       row, head, titles, who reports, the whole city        row and head, or row and titles: refused
    unit       the row: its cell for units, its names                both stand there, which is no unit: refused
    unit_head  head, titles                                          refused
    period     row, head and titles together make it (月 + 年)         refused
    kind       a mark, row, head, remarks, titles                    the first counts
    source     row, titles, remarks                                  the first counts
    note       row, then what the remarks say of each mark           a mark that none explains: refused
               a remark without a mark, about this figure            what it says against it: refused

Whatever else a row says of a figure (code, months, grade …) is taken as it stands. Texts only: `resolve` reads them, and
sets the unit beside the figure before `unit`, and `unit` before `unit_head`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from greenreport.intake.account import Account, Accountant
from greenreport.intake.blocks import is_figure
from greenreport.intake.columns import SPOKEN, Column, Titles
from greenreport.intake.doubts import doubt
from greenreport.intake.footnotes import Remarks
from greenreport.intake.periods import CLASH, Span, joined, parse_loose_period
from greenreport.intake.read_result import RAW
from greenreport.intake.reason import Reason, quoted, refuse
from greenreport.intake.words import UNREPORTED, fold, is_missing, marks_at_end, plain
from greenreport.observations import parse_period

__all__ = ["Row", "Voices", "beside", "figure_of", "row_of"]

_KIND_OF_AREA = re.compile("(?:[一-龥]{1,4}族)*(?:自治)?[区县市]")
_READ = ("indicator", "area", "period", "month")


@dataclass(frozen=True)
class Told:
    """One field of a figure: its text; what a head says `against` it; why the figure is not taken."""

    text: str = ""
    against: str = ""
    reason: Reason | None = None


@dataclass(frozen=True)
class Row:
    """What a row says of all its figures.

    `texts`: its cells by the role of their column, and `said` the accounts of those that name something; `cells`: the
    column of each role, as `A#`. `note` stands beside the figures; `reason`: it says that they are something else.
    """

    texts: Mapping[str, str]
    said: Mapping[str, Account]
    cells: Mapping[str, str]
    note: str = ""
    reason: Reason | None = None

    @property
    def other(self) -> str:
        """The name of a row of growth, targets or the like, which holds no figure of an indicator; else empty."""
        indicator, area = self.said.get("indicator"), self.said.get("area")
        if indicator is not None and indicator.known and indicator.measure != "level":
            return self.texts["indicator"].strip()
        if area is not None and area.known and area.indicators and area.measure != "level":
            return self.texts["indicator" if indicator else "area"].strip()
        return ""

    @property
    def periods(self) -> list[Span]:
        """What its cells say of the period, its own cell first."""
        order = sorted(self.said, key=lambda role: role != "period")
        said = [self.said[role] for role in order if role == "period" or self.said[role].known]
        return [a.period for a in said if a.period != Span()]

    def places(self, name: str) -> list[str]:
        """The cells that say a field: that of its own column, before it those that say it beside their own."""
        beside = [role for role, a in self.said.items() if role != name and SPOKEN[name](a)]
        own = [name] if self.texts.get(name, "").strip() else []
        return [self.cells[role] for role in (*(reversed(beside) if name in ("period", "unit") else ()), *own)]


def row_of(texts: Mapping[str, str], cells: Mapping[str, str], words: Accountant) -> Row:
    """The cells of a row, by the role of their column, as a [Row]."""
    said = {role: words.of(texts[role]) for role in _READ if texts.get(role, "").strip()}
    note = texts.get("note", "")
    if is_missing(note) and plain(note).casefold() not in UNREPORTED:
        return Row(texts, said, cells)
    a = words.of(note)
    if a.known and (a.measure != "level" or a.period.part not in ("", "year")):
        return Row(texts, said, cells, reason=beside(note, "备注"))
    return Row(texts, said, cells, note)


def beside(text: str, head: str) -> Reason:
    """Why a row is lost: it has a text that nobody understands, under a head or under none."""
    return refuse("text_beside.under" if head else "text_beside.bare", "note", text=text, head=head)


@dataclass(frozen=True)
class Voices:
    """All that speaks of one figure, from the nearest: its row, the heads over it, the titles, the remarks below."""

    row: Row
    column: Column
    titles: Titles
    remarks: Remarks
    words: Accountant

    @property
    def head(self) -> Account:
        """What the heads over the figure say."""
        return self.column.account


def figure_of(v: Voices, value: str) -> tuple[dict[str, str], Reason | None]:
    """The texts of one figure by the names of `RAW`, and why it is not taken: the first reason in this order."""
    value, marks = _marks(v, value)
    told = {
        "indicator": _indicator(v),
        "area": _area(v),
        "unit": _unit(v),
        "unit_head": _unit_head(v),
        "period": _period(v),
        "note": _note(v, marks),
    }
    texts = dict.fromkeys(RAW, "") | dict(v.row.texts)
    texts |= {name: t.text for name, t in told.items()}
    texts |= {f"{name}_against": t.against for name, t in told.items() if t.against}
    texts["value"] = value
    texts["kind"] = _kind(v, marks, texts["period"])
    texts["source"] = v.row.texts.get("source", "") or v.titles.account.source or v.remarks.source
    texts["reporter"] = v.titles.account.reporter
    texts["proof"] = _proof(v)
    month = v.row.said.get("month")
    if month is not None and month.known and month.period != Span():
        texts["month"] = ""  # told by `period`, together with the year
    return texts, next((t.reason for t in told.values() if t.reason is not None), None) or _remark_against(v, texts)


def _remark_against(v: Voices, texts: Mapping[str, str]) -> Reason | None:
    """What a remark above or below the table says against the figure."""
    if not v.remarks.about:
        return None
    read = parse_loose_period(texts["period"]) if texts["period"] else ""
    period = read if isinstance(read, str) else ""
    areas = frozenset(a.code for name in (texts["area"], texts["area_code"]) for a in v.words.names.candidates(name))
    units = (texts["unit"], *texts["unit_head"].split(";"))
    remarks = v.remarks.of_figure(v.words.same(texts["indicator"]), areas)
    found = (doubt(text, period, units, v.words.units, beside=False) for text in remarks)
    return next((reason for reason in found if reason is not None), None)


def _indicator(v: Voices) -> Told:
    told = _under_head(v, _row_name(v.row, "indicator"), v.head.indicators)
    if not told.text.strip() and len(v.titles.account.indicators) == 1:
        told = replace(told, text=v.titles.account.indicators[0])
    of_year = [a.text for a in (*v.row.said.values(), v.head, v.titles.account) if "of_year" in a.meanings]
    if of_year and told.reason is None and v.words.names.accumulates(told.text):
        reason = refuse("count_of_year", "indicator", head=plain(of_year[0]) or "本年", name=plain(told.text))
        # Sent back uncorrected, it must not read as the total.
        return replace(told, text=f"本年{plain(told.text)}", reason=reason)
    return told


def _area(v: Voices) -> Told:
    told = _under_head(v, _row_name(v.row, "area"), v.head.areas)
    code = v.row.texts.get("area_code", "")
    if told.against:
        return told
    if is_missing(told.text) and is_missing(code):
        return Told(v.titles.area or v.titles.whole)
    candidates = v.words.names.candidates
    meant = {a.code for a in candidates(code if is_missing(told.text) else told.text)}
    if v.titles.area and meant and not meant & {a.code for a in candidates(v.titles.area)}:
        return replace(
            told, reason=told.reason or refuse("area_conflict.title", "area", row=told.text, title=v.titles.area)
        )
    return told


def _row_name(row: Row, role: str) -> Told:
    """The indicator or area that a row names; an area may stand in one cell with the indicator."""
    said, named = row.said.get(role), row.said.get("indicator")
    if said is None:
        if role == "area" and named is not None and len(named.indicators) == 1 and named.areas and not named.unknown:
            return Told(named.areas[0], "、".join(named.areas[1:]))
        return Told(row.texts.get(role, ""))
    if told := _is_other(row.texts[role], said):
        return Told(row.texts[role], reason=told)
    if role == "area" and named is not None and len(named.areas) == len(said.areas) == 1:
        return Told(said.areas[0], "" if fold(said.areas[0]) == fold(named.areas[0]) else named.areas[0])
    return _alone(row.texts[role], said, role)


def _alone(text: str, said: Account, role: str) -> Told:
    """The one name in a cell, or why there is none in it: a word is left over."""
    names = said.indicators if role == "indicator" else said.areas
    former = role == "area" and _KIND_OF_AREA.fullmatch("".join(said.unknown))
    if len(names) != 1 or former:
        return Told(text)  # 梁平县: a former name, for which the roster has candidates
    if not said.unknown:
        return Told(names[0])
    words = ("”“".join(quoted(w, limit=20) for w in said.unknown),)
    return Told(text, reason=refuse("row_unknown", "indicator", text=said.text, words=words))


def _is_other(text: str, a: Account) -> Reason | None:
    """Why the name of a row is not that of one area, or not of what was observed: 万州区等, 涪陵开发区, 黔江规划数."""
    if a.joint:
        return refuse("area_several", "area", text=text)
    return refuse("row_measure", "head", text=text) if a.known and a.measure != "level" else None


def _under_head(v: Voices, told: Told, head: tuple[str, ...]) -> Told:
    """A name said by the row, under a head that may say it too, but no other."""
    if not head or told.against:
        return told
    if not told.text.strip() or v.words.same(told.text) == v.words.same(head[0]):
        return replace(told, text=head[0])
    return replace(told, against=head[0])


def _unit(v: Voices) -> Told:
    cell = v.row.texts.get("unit", "")
    beside = next((u for a in v.row.said.values() for u in a.units), "")
    if beside and is_missing(cell):
        return Told(beside)
    return Told(f"{cell} / {beside}" if beside and v.words.units.differ(beside, cell) else cell)


def _unit_head(v: Voices) -> Told:
    own, titles = v.head.units, v.titles.account.units
    remarks = v.remarks.units_of(v.words.same(_indicator(v).text))
    pairs = [(own[0], titles[0])] if own and len(titles) == 1 else []
    pairs += [(unit, remark) for unit in own or titles or remarks[:1] for remark in remarks]
    differ = next(([u.strip("()[] ") for u in two] for two in pairs if v.words.units.differ(*two)), None)
    reason = refuse("unit_conflict.title", "unit", differ, head=differ[0], title=differ[1]) if differ else None
    return Told(";".join(u.strip("()[] ") for u in own or titles or remarks), reason=reason)


def _period(v: Voices) -> Told:
    """The period that row, head and titles say together, spelt so that it reads, or is refused, as it stands."""
    cell = v.row.said.get("period")
    if cell is not None and not _is_period(cell):
        return Told(v.row.texts["period"])
    near, far = Span(), v.titles.account.period
    for span in (*v.row.periods, v.head.period):
        if _disagree(near, span):
            return Told(near.said, against=span.said)
        near = joined(near, span) if near != Span() else span
    whole = joined(near, far) if near != Span() else far
    if any("cumulative" in a.meanings for a in (v.titles.account, v.head, *v.row.said.values())):
        whole = whole.cumulative()
    if whole == CLASH or _elsewhere(v.titles, near):
        return Told(reason=refuse("period_conflict.title", "period", head=near.said or "全年", title=far.said))
    if whole.years or (whole.day is not None and not whole.year):
        return Told()
    return Told(whole.said, reason=_too_early(whole.said, v.titles.account.days))


def _elsewhere(titles: Titles, near: Span) -> bool:
    """Whether the titles name a year to which no figure of the table belongs, this one neither."""
    return titles.elsewhere and near.year != titles.account.period.year


def _too_early(period: str, days: tuple[date, ...]) -> Reason | None:
    """Whether a form was written before the period was over."""
    read = parse_period(period)
    early = days and read is not None and read.last > max(days)
    return refuse("period_after_day", "period", day=max(days), period=period) if early else None


def _disagree(near: Span, far: Span) -> bool:
    """Whether row and head, or two cells of a row, name different months or years."""
    months = near.part and far.part and (near.part, near.n) != (far.part, far.n)
    return bool(months or (near.year and far.year and near.year != far.year))


def _is_period(a: Account) -> bool:
    """Whether a cell says a period and nothing else; a day is none."""
    if not a.known or a.role or a.indicators or a.areas or a.groups or a.measure != "level":
        return False
    return a.period != Span() and (a.period.day is None or bool(a.period.year))


def _marks(v: Voices, value: str) -> tuple[str, tuple[str, ...]]:
    """The figure without the marks that a remark explains, and the marks on all that speaks of it, from the nearest."""
    marks = [m for a in v.row.said.values() for m in a.marks]
    bare, beside = marks_at_end(plain(value))
    if beside and is_figure(value) and all(v.remarks.explains(m) for m in beside):
        value, marks = bare, [*marks, *beside]
    return value, tuple(dict.fromkeys((*marks, *v.head.marks, *v.titles.account.marks)))


def _note(v: Voices, marks: tuple[str, ...]) -> Told:
    explained = [m for m in marks if v.remarks.explains(m)]
    left = [m for m in marks if m not in explained]
    notes = [v.row.note, *(f"{m} {v.remarks.text(m)}" for m in explained)]
    told = [f"{m} {v.remarks.text(m)}".strip() for m in left]
    reason = refuse("mark_unexplained", "note", marks=told) if left else None
    return Told("；".join(n for n in notes if n), reason=reason)


def _kind(v: Voices, marks: tuple[str, ...], period: str) -> str:
    by_mark = next((k for m in marks if (k := v.remarks.kind(m))), "")
    return by_mark or v.row.texts.get("kind", "") or v.head.kind or v.remarks.kind_of(period) or v.titles.account.kind


def _proof(v: Voices) -> str:
    """Which cells said what: `area=A#;indicator=B2;period=A1+B3;unit=B2`."""
    parts = []
    for name in SPOKEN:
        near = v.row.places(name) + ([v.column.places[name]] if name in v.column.places else [])
        if name in v.titles.places and (not near or (name == "period" and _title_completes(v, near))):
            near.append(v.titles.places[name])
        if near:
            parts.append(f"{name}={'+'.join(near)}")
    return ";".join(parts)


def _title_completes(v: Voices, near: list[str]) -> bool:
    """Whether a period said nearer to the figure takes its months or its year from the titles."""
    period = v.titles.account.period
    yearless = "period" not in v.row.texts and not v.head.period.year
    return bool((period.part and len(near) < 2) or (yearless and period.year))
