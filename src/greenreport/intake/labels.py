"""Reads what stands in heads and titles: `网络零售额（亿元）`, `2024年`, `区县`, `单位：亿元`.

Knows words, names and units; not where in a sheet a text stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from greenreport.areas import Area
from greenreport.areas.model import WHOLE_KINDS
from greenreport.intake.names import Names
from greenreport.intake.periods import looks_like_period, parse_loose_period
from greenreport.intake.units import UnitTable
from greenreport.intake.words import VALUE_WORDS, fold, plain, role_of

__all__ = ["Caption", "Label", "Labels"]

_BRACKET = re.compile(r"^(.*?)\s*[(\[【]([^()\[\]【】]*)[)\]】]$")
_TAIL = re.compile(r"^(.+?)\s*[/,:;、 ]\s*(\S+|cny \S+|\S+ tonnes|\S+ vehicles)$", re.IGNORECASE)
_YEAR_FIRST = re.compile(
    r"^((?:19|20|21)\d\d(?:年(?:度|末|底|全年|上半年|前三季度|1\s*[-–—~至到]\s*\d{1,2}月(?:累计)?)?|(?=\s)))\s*(.+)$"
)
_YEAR_LAST = re.compile(
    r"^(.+?)[,\s]*((?:19|20|21)\d\d年?(?:度)?|(?:Jan|January)\s*[-–—]\s*\w+ (?:19|20|21)\d\d)$", re.IGNORECASE
)
_PERIOD_WITHIN = re.compile(
    r"(?:19|20|21)\d\d年\s*1\s*[-–—~至到]\s*\d{1,2}月|(?:19|20|21)\d\d年(?:上半年|前三季度|一季度|年底|年末|度|底|末)?|\b(?:19|20|21)\d\d\b"
)
_KEYED = re.compile(r"^\s*([^:：]{1,12})[:：]\s*(.+)$")


@dataclass(frozen=True)
class Label:
    """What a head says. `role` is a column of the ledger (see `words.ROLES`); the others are texts as written."""

    role: str | None = None
    indicator: str = ""
    area: str = ""
    period: str = ""
    unit: str = ""
    value_word: bool = False
    unknown: str = ""

    @property
    def known(self) -> bool:
        """Whether anything at all was recognised and nothing was left over."""
        return not self.unknown

    @property
    def has_dimension(self) -> bool:
        """Whether it names an indicator, an area or a period."""
        return bool(self.indicator or self.area or self.period)


@dataclass(frozen=True)
class Caption:
    """What titles and lines above a table say about all of it; empty where they say nothing or too much."""

    indicators: tuple[str, ...] = ()
    area: str = ""
    period: str = ""
    units: tuple[str, ...] = ()


class Labels:
    """Reads labels with the names and units of one plan and roster."""

    def __init__(self, names: Names, units: UnitTable) -> None:
        self.names = names
        self.units = units
        self._cache: dict[str, Label] = {}

    def label(self, text: str) -> Label:
        """What one head cell says; lines of a cell in two languages count as one if both, or either, are known."""
        found = self._cache.get(text)
        if found is None:
            found = self._read(plain(text))
            if not found.known and "\n" in text:
                parts = [self._read(plain(p)) for p in text.split("\n") if p.strip()]
                known = [p for p in parts if p.known]
                found = known[0] if known else found
            self._cache[text] = found
        return found

    def _read(self, words: str) -> Label:
        role = role_of(words)
        if role is not None and not (role == "value" and self.names.is_indicator(words)):
            return Label(role=role)
        if self.names.is_indicator(words):
            return Label(indicator=words)
        if looks_like_period(words):
            return Label(period=words)
        if self.names.is_area(words):
            return Label(area=words)
        if fold(words) in VALUE_WORDS:
            return Label(role="value", value_word=True)
        if self.units.is_unit(words):
            return Label(unit=words)
        return self._composed(words)

    def _composed(self, words: str) -> Label:
        """A label with something attached: a unit or a period in brackets or behind, a year in front."""
        bracket = _BRACKET.match(words)
        if bracket and bracket[2]:
            inner = plain(bracket[2])
            if self.units.is_unit(inner):
                base = self._read(bracket[1]) if bracket[1] else Label()
                return replace(base, unit=inner) if not base.unit else replace(base, unknown=words)
            if looks_like_period(inner) and bracket[1]:
                base = self._read(bracket[1])
                return replace(base, period=inner) if not base.period else replace(base, unknown=words)
            if fold(inner) in _EMPTY_REMARKS and bracket[1]:
                return self._read(bracket[1])
        tail = _TAIL.match(words)
        if tail and self.units.is_unit(tail[2]) and not tail[2].isdigit():
            base = self._read(tail[1])
            if base.known and not base.unit:
                return replace(base, unit=tail[2])
        for pattern, period_at, rest_at in ((_YEAR_FIRST, 1, 2), (_YEAR_LAST, 2, 1)):
            if found := pattern.match(words):
                rest = self._read(found[rest_at].strip())
                if rest.known and not rest.period:
                    return replace(rest, period=found[period_at].strip())
        return Label(unknown=words)

    def caption(self, texts: list[str]) -> Caption:
        """What the lines above a table and the sheet's name say, the nearest to the table first."""
        indicators: tuple[str, ...] = ()
        area, period = "", ""
        units: tuple[str, ...] = ()
        for text in texts:
            words = plain(text)
            if keyed := _KEYED.match(words):
                role, value = role_of(keyed[1]), keyed[2].strip()
                if role == "unit":
                    units = units or tuple(u.strip() for u in re.split(r"[、,/;，]", value) if u.strip())
                    continue
                if role == "area":
                    area = area or value
                    continue
                if role == "period":
                    period = period or value
                    continue
                if role == "indicator":
                    indicators = indicators or ((value,) if self.names.is_indicator(value) else ())
                    continue
            found = self.names.indicators_within(words)
            indicators = indicators or found
            for piece in re.findall(r"[(（\[]([^()（）\[\]]+)[)）\]]", words):
                piece_units = [
                    u.strip() for u in re.split(r"[、,;，]", re.sub(r"^单位[:：]?", "", piece.strip())) if u.strip()
                ]
                if piece_units and all(self.units.is_unit(u) for u in piece_units):
                    units = units or tuple(piece_units)
            spans = list(dict.fromkeys(m[0] for m in _PERIOD_WITHIN.finditer(words)))
            if len(spans) == 1 and isinstance(parse_loose_period(spans[0]), str):
                period = period or spans[0]
            area = area or self._area_within(words)
        return Caption(indicators, area, period, units)

    def _area_within(self, words: str) -> str:
        """The one district named in a title; the city counts only where no district is named."""
        roster = self.names.roster
        hits: dict[str, Area] = {}
        for a in roster.areas:
            for name in (a.name.zh, a.short.zh, a.name.en):
                if len(name) > 1 and name in words:
                    hits.setdefault(name, a)
        hits = {n: a for n, a in hits.items() if not any(n != m and n in m for m in hits)}
        local = {n: a for n, a in hits.items() if a.kind not in (*WHOLE_KINDS, "nation")}
        return next(iter(local)) if len(local) == 1 else ""


_EMPTY_REMARKS = frozenset(
    fold(w) for w in ("全年", "年度", "累计", "full year", "annual", "cumulative", "全市", "正式数")
)
