"""Finds the indicator and the area that a written name means; more than one, or none, is a reason with candidates.

Names come from the plan, the ledger's context and the roster; none stands in code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TypeVar

from greenreport.areas import Area, Roster
from greenreport.areas.model import WHOLE_KINDS
from greenreport.checks import wording
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.units import Measure, parse_unit
from greenreport.intake.words import LEXICON, fold, plain
from greenreport.observations import ContextIndicator, parse_period
from greenreport.plan import Plan, Text, Unit
from greenreport.strict_files import nearest
from greenreport.words import both

__all__ = ["Names"]

T = TypeVar("T", Area, str)
_TOTALS = frozenset(fold(w) for w in LEXICON["words"]["totals"])
_RANKS = frozenset(map(fold, LEXICON["words"]["ranks"]))
_WHOLE = (*WHOLE_KINDS, "nation")


class Names:
    """Everything that may be named: indicators with their units, areas with their validity."""

    def __init__(self, plan: Plan, roster: Roster, context: Mapping[str, ContextIndicator] | None = None) -> None:
        self.plan = plan
        self.roster = roster
        self.units: dict[str, Unit] = {i.id: i.unit for i in plan.indicators}
        self.titles: dict[str, Text] = {i.id: i.name for i in plan.indicators}
        self._spelt = {i.id: [i.id, i.name.zh, i.name.en, i.short.zh, i.short.en] for i in plan.indicators}
        for c in (context or {}).values():
            self.units[c.id], self.titles[c.id] = c.unit, c.name
            self._spelt.setdefault(c.id, []).extend((c.id, c.name.zh, c.name.en))
        taken = {fold(name) for names in self._spelt.values() for name in names}
        for id, names in self._spelt.items():
            names += [n for name in names for n in _amounts(name, self.units[id].zh) if fold(n) not in taken]

    def counts(self, id: str) -> bool:
        """Whether an indicator counts single things, so that no figure of it has a fraction in its base unit."""
        kind = next((i.kind for i in self.plan.indicators if i.id == id), "cumulative_count")
        return kind == "cumulative_count" and parse_unit(self.units[id].zh) == Measure("count", 0)

    def accumulates(self, name: str) -> bool:
        """Whether this names an indicator of the plan that counts all there are so far."""
        id = self.indicator(name)
        return any(i.id == id and i.kind == "cumulative_count" for i in self.plan.indicators)

    @cached_property
    def _indicators(self) -> dict[str, tuple[str, ...]]:
        return _index(self._spelt)

    @cached_property
    def _areas(self) -> dict[str, tuple[Area, ...]]:
        return _index({a: [a.code, *_spelt(a)] for a in self.roster.areas})

    def indicator(self, text: str) -> str | Reason:
        """The id of the indicator with this name, or why there is none."""
        found = self._indicators.get(fold(text), ())
        if len(found) == 1:
            return found[0]
        if found:
            return refuse("indicator_ambiguous", "indicator", found, text=text, ids=found)
        near = [self.titles[i] for i in list(dict.fromkeys(_near(fold(text), self._indicators, n=4)))[:5]]
        key = "indicator_unknown.near" if near else "indicator_unknown.alone"
        return refuse(key, "indicator", [n.zh for n in near], text=text, near=near)

    @property
    def indicator_names(self) -> tuple[str, ...]:
        """Every name of an indicator as it is written, the longer first where one begins another."""
        return tuple(dict.fromkeys(name for names in self._spelt.values() for name in names))

    @property
    def area_names(self) -> tuple[str, ...]:
        """Every name of an area as it is written, also with the city's before it; codes are no words of a text."""
        own = [name for a in self.roster.areas for name in _spelt(a)]
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

    def is_whole(self, text: str) -> bool:
        """Whether this names the city or the country, and no part of them."""
        return any(a.kind in _WHOLE for a in self.candidates(text))

    def is_area(self, text: str) -> bool:
        """Whether this is the name of an area at any time, or a total."""
        return bool(self.candidates(text)) or self.is_total(text)

    def is_total(self, text: str) -> bool:
        """Whether this says total, which is no area by itself, nor after that of the whole: 全市合计."""
        key = fold(text)
        return key in _TOTALS or any(key.endswith(t) and self.is_whole(key.removesuffix(t)) for t in _TOTALS)

    def area(self, text: str, period: str) -> str | Reason:
        """The code of the area meant in a period of the ledger, or why there is none.

        One name may belong to an area and to what came after it: the period decides where it can, and where both
        existed in it the figure is refused with both.
        """
        if self.is_total(text):
            city = self.roster.city
            return refuse("area_total", "area", _coded([city]), text=text, city=city.name)
        found = self.candidates(text)
        span = parse_period(period)
        if not found:
            return self._unknown_area(text, span.last if span else None)
        assert span is not None
        valid = tuple(a for a in found if a.overlaps(span.first, span.last))
        if len(valid) == 1:
            return valid[0].code
        return _which_area(text, period, valid) if valid else self._not_valid(found[0], period, span.first)

    def _not_valid(self, a: Area, period: str, first: date) -> Reason:
        codes: tuple[str, ...]
        day: date | None
        if a.valid_to is not None and first >= a.valid_to:
            codes, key, day = a.successors, "area_not_valid.ended", a.valid_to
        else:
            codes = tuple(b.predecessor for b in self.roster.bridge(a.code))
            key, day = "area_not_valid.not_yet", a.valid_from
        others = [self.roster.by_code[code] for code in codes if code in self.roster.by_code]
        after = [o.name for o in others]
        return refuse(key, "area", _coded(others), name=a.name, code=a.code, day=day, period=period, after=after)

    def _unknown_area(self, text: str, day: date | None) -> Reason:
        found = _near(fold(text), self._areas, n=6, least=2)
        near = list({a.code: a for a in found if day is None or a.valid_on(day)}.values())[:5]
        told = [_with_code(a) for a in near]
        return refuse("area_unknown.near" if near else "area_unknown.alone", "area", _coded(near), text=text, near=told)


def _spelt(a: Area) -> tuple[str, ...]:
    """Every name of an area as it is written; who confers a title (市级) is none, whatever the roster says."""
    names = (a.name.zh, a.name.en, a.short.zh, a.short.en, *a.aliases)
    return tuple(name for name in names if fold(name) not in _RANKS)


def _amounts(name: str, unit: str) -> Iterator[str]:
    """Other words for the same amount: 回收量 is 回收总量, 零售额 零售总额, and of what is counted 拆解量 拆解数, 商场 商场数."""
    counted = unit.endswith(("家", "个", "台", "辆"))
    if name.endswith(("量", "额")) and not name.endswith(("总量", "总额", "数量")):
        yield f"{name[:-1]}总{name[-1]}"
        if counted and name.endswith("量"):
            yield f"{name[:-1]}数"
    elif counted and not name.isascii() and not name.endswith(("数", "总量", "总额", "数量")):
        yield from (f"{name}数", f"{name}家数", f"{name}个数")


def _index(spelt: Mapping[T, Sequence[str]]) -> dict[str, tuple[T, ...]]:
    """What each name means, in one spelling."""
    index: dict[str, list[T]] = {}
    for one, names in spelt.items():
        for key in dict.fromkeys([fold(name) for name in names]):
            index.setdefault(key, []).append(one)
    return {key: tuple(meant) for key, meant in index.items()}


def _coded(areas: Iterable[Area]) -> list[str]:
    """Areas as candidates: code and Chinese name."""
    return [_with_code(a).zh for a in areas]


def _with_code(a: Area, zh: str = "", en: str = "") -> Text:
    """An area by code and name, and what is added in each language."""
    return Text(f"{a.code} {a.name.zh}{zh}", f"{a.code} {a.name.en}{en}")


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
    begun = {code: both("intake.set_up", day=day) for code, day in since.items()}
    told = [both("error.areas.candidate", area=a.code, name=a.name, valid=begun.get(a.code, "")) for a in valid]
    return refuse("area_ambiguous", "area", _coded(valid), text=text, period=wording.period(period), areas=told)
