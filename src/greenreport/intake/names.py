"""Finds the indicator and the area that a written name means; more than one, or none, is a reason with candidates.

Names come from the plan, the ledger's context and the roster; none stands in code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar

from greenreport.areas import Area, Roster
from greenreport.checks import wording
from greenreport.intake.reason import Reason, join_en, join_zh, quoted
from greenreport.intake.units import parse_unit
from greenreport.intake.words import LEXICON, fold, plain
from greenreport.observations import ContextIndicator, parse_period
from greenreport.plan import Plan, Text, Unit
from greenreport.strict_files import nearest

__all__ = ["Names"]

T = TypeVar("T", Area, str)
_TOTALS = frozenset(fold(w) for w in LEXICON["words"]["totals"])


class Names:
    """Everything that may be named: indicators with their units, areas with their validity."""

    def __init__(self, plan: Plan, roster: Roster, context: Mapping[str, ContextIndicator] | None = None) -> None:
        self.plan = plan
        self.roster = roster
        self.units: dict[str, Unit] = {i.id: i.unit for i in plan.indicators}
        self.titles: dict[str, Text] = {i.id: i.name for i in plan.indicators}
        for c in (context or {}).values():
            self.units[c.id], self.titles[c.id] = c.unit, c.name

    def counts(self, id: str) -> bool:
        """Whether an indicator counts single things, so that no figure of it has a fraction in its base unit."""
        kind = next((i.kind for i in self.plan.indicators if i.id == id), "")
        measure = parse_unit(self.units[id].zh)
        return (
            kind in ("", "cumulative_count") and measure is not None and (measure.family, measure.power) == ("count", 0)
        )

    @cached_property
    def _indicators(self) -> dict[str, tuple[str, ...]]:
        index: dict[str, tuple[str, ...]] = {}
        for id, title in self.titles.items():
            plain_names = [id, title.zh, title.en]
            plain_names += [n for i in self.plan.indicators if i.id == id for n in (i.short.zh, i.short.en)]
            for key in dict.fromkeys(fold(n) for n in plain_names):
                index[key] = (*index.get(key, ()), id)
        return index

    @cached_property
    def _areas(self) -> dict[str, tuple[Area, ...]]:
        index: dict[str, tuple[Area, ...]] = {}
        for a in self.roster.areas:
            for key in dict.fromkeys(
                fold(n) for n in (a.code, a.name.zh, a.name.en, a.short.zh, a.short.en, *a.aliases)
            ):
                index[key] = (*index.get(key, ()), a)
        return index

    def indicator(self, text: str) -> str | Reason:
        """The id of the indicator with this name, or why there is none."""
        found = self._indicators.get(fold(text), ())
        if len(found) == 1:
            return found[0]
        if found:
            return self._which_indicator(text, found)
        near = list(dict.fromkeys(_near(fold(text), self._indicators, n=4)))[:5]
        zh = f"相近的有：{join_zh([self.titles[i].zh for i in near])}。" if near else "请用模板中的指标名称。"
        en = f"The nearest: {join_en([self.titles[i].en for i in near])}." if near else "Use a name from the template."
        return Reason(
            "indicator_unknown",
            "indicator",
            f"没有指标“{quoted(text)}”。{zh}",
            f"There is no indicator {quoted(text)!r}. {en}",
            tuple(self.titles[i].zh for i in near),
        )

    @property
    def indicator_names(self) -> tuple[str, ...]:
        """Every name of an indicator as it is written, the longer first where one begins another."""
        own = [n for i in self.plan.indicators for n in (i.id, i.name.zh, i.name.en, i.short.zh, i.short.en)]
        return tuple(dict.fromkeys([*own, *(n for id, t in self.titles.items() for n in (id, t.zh, t.en))]))

    @property
    def area_names(self) -> tuple[str, ...]:
        """Every name of an area as it is written, also with the city's before it; codes are no words of a text."""
        own = [n for a in self.roster.areas for n in (a.name.zh, a.name.en, a.short.zh, a.short.en, *a.aliases)]
        lead = self.roster.city.name.zh
        return tuple(dict.fromkeys([*own, *(f"{lead}{n}" for n in own if not n.isascii() and not n.startswith(lead))]))

    def is_indicator(self, text: str) -> bool:
        """Whether this is exactly the name of one or more indicators."""
        return fold(text) in self._indicators

    def candidates(self, text: str) -> tuple[Area, ...]:
        """The areas of any time that carry this name; a leading name of the city is dropped where that helps."""
        key = fold(text)
        found = self._areas.get(key, ())
        if not found:
            for lead in (fold(self.roster.city.name.zh), fold(self.roster.city.short.en)):
                if lead and key.startswith(lead) and key != lead:
                    found = self._areas.get(key[len(lead) :], ())
        if not found and plain(text).endswith(".0"):
            found = self._areas.get(fold(plain(text)[:-2]), ())
        return found

    def is_area(self, text: str) -> bool:
        """Whether this is the name of an area at any time, or a total."""
        return bool(self.candidates(text)) or fold(text) in _TOTALS

    def is_total(self, text: str) -> bool:
        """Whether this says total, which is no area by itself."""
        return fold(text) in _TOTALS

    def area(self, text: str, period: str) -> str | Reason:
        """The code of the area meant in a period of the ledger, or why there is none.

        One name may belong to an area and to what came after it: the period decides where it can, and where both
        existed in it the figure is refused with both.
        """
        if self.is_total(text):
            return self._total(text)
        found = self.candidates(text)
        span = parse_period(period)
        if not found:
            return self._unknown_area(text, span.last if span else None)
        assert span is not None
        valid = tuple(a for a in found if a.overlaps(span.first, span.last))
        if len(valid) == 1:
            return valid[0].code
        return _which_area(text, period, valid) if valid else self._not_valid(found[0], period, span.first)

    def _total(self, text: str) -> Reason:
        city = self.roster.city
        zh = f"“{quoted(text)}”不是区县名称。如指全市数据，请写“{city.name.zh}”；如只是表中各行之和，请删去。"
        en = f"{quoted(text)!r} is not an area. Write {city.name.en!r} if it is the city's figure; delete it if it only adds up rows."
        return Reason("area_total", "area", zh, en, (f"{city.code} {city.name.zh}",))

    def _not_valid(self, a: Area, period: str, first: date) -> Reason:
        if a.valid_to is not None and first >= a.valid_to:
            after = [self.roster.by_code[s] for s in a.successors if s in self.roster.by_code]
            zh = f"“{a.name.zh}”（{a.code}）自{a.valid_to}起不再存在，不能有{period}的数据；承接单位：{join_zh([s.name.zh for s in after])}。"
            en = f"{a.name.en} ({a.code}) has not existed since {a.valid_to} and can have no figure for {period}; it was followed by {join_en([s.name.en for s in after])}."
            return Reason("area_not_valid", "area", zh, en, tuple(f"{s.code} {s.name.zh}" for s in after))
        before = [self.roster.by_code[b.predecessor] for b in self.roster.bridge(a.code)]
        zh = f"“{a.name.zh}”（{a.code}）自{a.valid_from}起才存在，不能有{period}的数据。"
        en = f"{a.name.en} ({a.code}) exists only since {a.valid_from} and can have no figure for {period}."
        return Reason("area_not_valid", "area", zh, en, tuple(f"{s.code} {s.name.zh}" for s in before))

    def _unknown_area(self, text: str, day: date | None) -> Reason:
        found = _near(fold(text), self._areas, n=6, least=2)
        near = list({a.code: a for a in found if day is None or a.valid_on(day)}.values())[:5]
        names = tuple(f"{a.code} {a.name.zh}" for a in near)
        zh = f"是否指：{join_zh(names)}？" if near else "请写代码、全称或简称。"
        en = (
            f"Did you mean {join_en([f'{a.code} {a.name.en}' for a in near])}?"
            if near
            else "Give a code, a full or a short name."
        )
        return Reason(
            "area_unknown",
            "area",
            f"名录中没有“{quoted(text)}”。{zh}",
            f"The roster has no area {quoted(text)!r}. {en}",
            names,
        )

    def _which_indicator(self, text: str, found: tuple[str, ...]) -> Reason:
        zh = f"“{quoted(text)}”可能指：{join_zh(found)}。请写指标代码。"
        en = f"{quoted(text)!r} may mean {join_en(found)}. Write the id of the indicator."
        return Reason("indicator_ambiguous", "indicator", zh, en, found)


def _near(key: str, index: Mapping[str, tuple[T, ...]], *, n: int, least: int = 1) -> Iterator[T]:
    """What names mean that come near one: the `n` nearest, and those that hold it or that it holds.

    Names shorter than `least` are in too many others.
    """
    yield from (one for name in nearest(key, index, n=n) for one in index[name])
    if len(key) > 1:
        yield from (one for name in index if len(name) >= least and (key in name or name in key) for one in index[name])


def _which_area(text: str, period: str, valid: tuple[Area, ...]) -> Reason:
    """Several areas of one name existed in a period; those that came to be in it are told with their day."""
    span = parse_period(period)
    since = {a.code: a.valid_from for a in valid if span and a.valid_from and a.valid_from > span.first}
    zh = [f"{a.code} {a.name.zh}" + (f"（{since[a.code]}设立）" if a.code in since else "") for a in valid]
    en = [f"{a.code} {a.name.en}" + (f" (since {since[a.code]})" if a.code in since else "") for a in valid]
    return Reason(
        "area_ambiguous",
        "area",
        f"“{quoted(text)}”在{wording.period(period).zh}可能指：{join_zh(zh)}。请写代码。",
        f"In {wording.period(period).en}, {quoted(text)!r} may mean {join_en(en)}. Write the code.",
        tuple(f"{a.code} {a.name.zh}" for a in valid),
    )
