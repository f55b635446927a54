"""Accounts for every word of a text that stands over, beside or above a figure, or names the words that are left.

A text is cut into words known from the plan, the roster, the ledger and `lexicon.toml`, periods and units, so that as
little as possible is left over (shortest path). Nothing is skipped: a figure whose texts leave a word is not taken.
Must not know where in a sheet a text stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from itertools import groupby, pairwise

from greenreport.intake.names import Names
from greenreport.intake.periods import CLASH, Span, agreed, spans_at
from greenreport.intake.units import UnitTable
from greenreport.intake.words import KEY_KINDS, KEYS, LEXICON, MARK, ROLES, fold, marks_at_end, plain, role_of

__all__ = ["Account", "Accountant"]

_LONGEST = 300
_BETWEEN = re.compile(r"[\s,.，。、;；:：()（）\[\]【】《》〈〉“”\"'‘’/|&—–\-_·]")
_CJK_SPACE = re.compile(r"(?<=[^\x00-\x7f]) (?=\S)|(?<=\S) (?=[^\x00-\x7f])|(?<=[(\[]) | (?=[)\]])")
_NUMBERING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.,]|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2}(?:[、)]|[.](?!\d))|[①-⑳⑴-⒇⒈-⒛][、.]?)\s*"
)
_UNIT_HEAD = re.compile(r"(?:计量|金额|数据)?单位(?::|[均都]?[为是])")
# 绿色商场 家: a blank alone sets off a unit of one character (in 再生资源回收量 万 吨 it is not the whole unit).
_UNIT_BEHIND = re.compile(r"(\S{2,}[^\s十百千万亿:]) (\S)")
_BREAK = re.compile(r"[,、;/()\[\]]")
_SCRIPTS = re.compile(r"[^\x00-\x7f]+|[\x00-\x7f]+")
_CORNER = re.compile(r"([^\\/]+)\s*[\\/]\s*([^\\/]+)")
_SIDES = frozenset(("area", "indicator", "period", "month"))
_PATTERNS = [re.compile(p, re.IGNORECASE) for p in LEXICON["harmless"]["patterns"]]
LEVELS = frozenset(("level", "cumulative", "of_year"))
_OF_YEAR = frozenset(LEXICON["words"]["of_year"])
_ACHIEVED, _AND, _SPREAD = (frozenset(LEXICON["words"][name]) for name in ("achieved", "and", "spread"))
# What a step costs, the least of all ways being taken: how many characters it leaves over, and whether it is a word.
_LEFT_OVER, _WORD, _NO_WORD = (1, 1), (0, 1), (0, 0)
_NOWHERE = (1 << 30, 0)


@dataclass(frozen=True)
class Account:
    """What a text says, word by word; `unknown` are the words that nobody here understands.

    `role`: the column of the ledger that a whole head names. `period` is joined from all that is said; `meanings` as in
    the lexicon; `reporter`: who reports, as written; `days`: days of the form itself; `open`: says “and others”;
    `several`: means more areas than it names (万州等区县); `achieved`: is about what became of a plan.
    """

    text: str = ""
    role: str | None = None
    indicators: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    period: Span = field(default_factory=Span)
    units: tuple[str, ...] = ()
    meanings: frozenset[str] = frozenset()
    kind: str = ""
    marks: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    groups: bool = False
    several: bool = False
    achieved: bool = False
    reporter: str = ""
    source: str = ""
    days: tuple[date, ...] = ()
    open: bool = False
    remark: str = ""

    @property
    def known(self) -> bool:
        """Whether every word is accounted for."""
        return not self.unknown and self.period != CLASH

    @property
    def has_dimension(self) -> bool:
        """Whether it says anything of indicator, area or period."""
        return bool(self.indicators or self.areas or self.period.year or self.period.part)

    @property
    def is_label(self) -> bool:
        """Whether it could head a column of figures, and nothing is left over."""
        return self.known and bool(self.role or self.has_dimension or self.units or self.meanings or self.kind)

    @property
    def joint(self) -> bool:
        """Whether it speaks of several areas together, or of a zone."""
        return self.groups or self.several

    def settled(self) -> Account:
        """The same without the word for a plan where it says what became of it: 规划指标完成情况."""
        return replace(self, meanings=self.meanings - {"plan"}) if self.achieved else self

    @property
    def measure(self) -> str:
        """`level`, `growth`, or `other`: what the figures under such a head are."""
        rest = (self.meanings | ({"growth"} if self.role == "growth_pct" else set())) - LEVELS
        return "level" if not rest else "growth" if rest == {"growth"} else "other"


# What a word says that says nothing, and a character that nobody understands.
_QUIET, _LEFT = Account(), Account(unknown=("?",))


class Accountant:
    """Accounts for texts with the names and units of one plan and roster."""

    def __init__(self, names: Names, units: UnitTable) -> None:
        self.names, self.units = names, units
        self._phrases: dict[str, dict[str, Account]] = {}
        for word, account in (
            *((w, Account(unknown=(w,))) for w in LEXICON["words"]["ranks"]),
            *((name, Account(indicators=(name,))) for name in names.indicator_names),
            *((name, Account(areas=(name,))) for name in names.area_names),
            *((w, Account(meanings=_meaning(said, w))) for said, words in LEXICON["meanings"].items() for w in words),
            *((w, Account(kind=kind)) for kind, words in LEXICON["kinds"].items() for w in words),
            *((w, Account(open=w == "等", achieved=w in _ACHIEVED)) for w in LEXICON["harmless"]["phrases"]),
            *((w, Account(groups=True)) for w in LEXICON["words"]["groups"]),
        ):
            key = _narrow(word)
            self._phrases.setdefault(key[:1], {}).setdefault(key, account)
        self._cache: dict[str, Account] = {}

    def of(self, text: str) -> Account:
        """What a text says; of lines in two languages either, where it is known whole."""
        found = self._cache.get(text)
        if found is None:
            found = self._one(text)
            if not found.known and "\n" in text:
                parts = [self._one(p) for p in text.split("\n") if p.strip()]
                known = [p for p in parts if p.known]
                # 网络零售额\nOnline retail: one language is enough where the other says nothing of its own.
                if known and all(p.known or p.text.isascii() for p in parts):
                    found = self.merged(text, known)
            self._cache[text] = found
        return found

    def _one(self, text: str) -> Account:
        words = plain(text)
        role = role_of(words)
        if role is not None and not self.names.is_indicator(words):
            return Account(text, role=role)
        if (twice := self._twice(words)) is not None:
            return Account(text, role=twice) if twice in ROLES else Account(text, areas=(twice,))
        if (sides := _CORNER.fullmatch(words)) and {role_of(sides[1]), role_of(sides[2])} <= _SIDES:
            return Account(text, role="corner")  # 区县\指标, over names down and names across
        bare, marks = marks_at_end(words)
        role = role_of(bare) if marks else None
        if role is not None:
            return Account(text, role=role, marks=marks)
        if self.names.is_indicator(bare):
            return Account(text, indicators=(bare,), marks=marks)
        if self.names.is_area(bare):
            return Account(text, areas=(bare,), marks=marks)
        return self._cut(text, words)

    def _twice(self, words: str) -> str | None:
        """The role or area that a text names in two languages, or by name and code: 地区 Region, 500101 万州区."""
        parts = [p.strip(" ()[]-_") for p in _SCRIPTS.findall(words)]
        if len(parts) != 2 or not all(parts):
            return None
        one, other = map(role_of, parts)
        if one is not None and one == other and one in ROLES:
            return one
        areas = [{a.code for a in self.names.candidates(p)} for p in parts]
        return max(parts, key=lambda p: not p.isascii()) if areas[0] and areas[0] == areas[1] else None

    def title(self, text: str) -> Account:
        """What a line above or below a table says: fields (`填报单位：…`) by their keys, the rest word by word."""
        words = " ".join(text.split("\n"))
        keys = list(KEYS.finditer(_width(words)))
        if not keys:
            return self.of(text)
        words = _width(words)
        parts = [self.of(words[: keys[0].start()])] if words[: keys[0].start()].strip() else []
        for n, key in enumerate(keys):
            end = keys[n + 1].start() if n + 1 < len(keys) else len(words)
            parts.append(self.keyed(key[1], words[key.end() : end].strip(" \t,;")))
        return self.merged(text, parts)

    def merged(self, text: str, parts: list[Account]) -> Account:
        """Several accounts of one text, or of texts of one kind, as one."""
        return reduce(lambda whole, part: _both(whole, part, self.same), parts, Account(text))

    def keyed(self, key: str, value: str) -> Account:
        """What a field with this key says."""
        kind = KEY_KINDS.get("".join(plain(key).casefold().split()) if not key.isascii() else plain(key).casefold(), "")
        if kind == "free" or not value.strip():
            return Account(value)
        if kind == "note":
            return Account(value, remark=value.strip())
        if kind == "source":
            return Account(value, source=plain(value))
        found = self._cut(value, plain(value))
        if kind == "day":
            return Account(value, days=found.days)
        if kind == "reporter":
            who = re.sub(r"\s*\((?:盖章|公章|签章|章)\)$", "", plain(value))
            return replace(
                Account(value, areas=found.areas, reporter=who, unknown=found.unknown),
                groups=found.groups,
                several=found.several,
            )
        wanted = {"area": found.areas, "unit": found.units, "indicator": found.indicators}
        if not wanted.get(kind, True) and found.known and not found.days:
            return Account(value, unknown=(plain(value),))
        return found

    def _cut(self, text: str, words: str) -> Account:
        if (behind := _UNIT_BEHIND.fullmatch(words)) and self.units.is_unit(behind[2]):
            words = f"{behind[1]}({behind[2]})"
        line = _narrow(words).rstrip("。")
        if len(line) > _LONGEST:
            return Account(text, unknown=(line[:40] + "…",))
        cost = [(0, 0)] + [_NOWHERE] * len(line)
        back = [(0, _QUIET)] * (len(line) + 1)
        for i in range(len(line)):
            for j, account, price in self._steps(line, i):
                there = (cost[i][0] + price[0], cost[i][1] + price[1])
                if there < cost[j]:
                    cost[j], back[j] = there, (i, account)
        found: list[tuple[str, Account]] = []
        end = len(line)
        while end > 0:
            start, account = back[end]
            found.insert(0, (line[start:end], account))
            end = start
        return self._together(text, found)

    def _together(self, text: str, found: list[tuple[str, Account]]) -> Account:
        """What the words of one text say together; characters left over side by side are one word."""
        parts: list[Account] = []
        for left_over, run in groupby(found, key=lambda word: word[1] is _LEFT):
            words = list(run)
            parts += [Account(unknown=("".join(c for c, _ in words),))] if left_over else [a for _, a in words]
        whole = replace(self.merged(text, parts), several=self._several(found)).settled()
        kinds = dict.fromkeys(a.kind for a in parts if a.kind)
        return replace(whole, unknown=(*whole.unknown, " / ".join(kinds))) if len(kinds) > 1 else whole

    def _several(self, found: list[tuple[str, Account]]) -> bool:
        """Whether a district is named with others that are not: 万州等, 涪陵及各区县, 黔江地区."""

        def is_part(account: Account) -> bool:
            return any(not self.names.is_whole(name) for name in account.areas)

        if any(is_part(a) and word in _SPREAD for (_, a), (word, _) in pairwise(found)):
            return True
        none = ("", _QUIET)
        words = [none, none, *(w for w in found if w[1] is not _QUIET or not _BETWEEN.fullmatch(w[0])), none, none]
        for n, (_, account) in enumerate(words):
            if is_part(account) and (
                words[n + 1][0] == "等"
                or (words[n + 1][0] in _AND and not words[n + 2][1].areas)
                or (words[n - 1][0] in _AND and not words[n - 2][1].areas)
            ):
                return True
        return False

    def same(self, name: str) -> str:
        """What makes two names of one text one: the indicator that both mean."""
        found = self.names.indicator(name)
        return found if isinstance(found, str) else fold(name)

    def _steps(self, line: str, i: int) -> Iterator[tuple[int, Account, tuple[int, int]]]:
        """Every word that may begin at a place: where it ends, what it says, and its price."""
        yield i + 1, _LEFT, _LEFT_OVER
        if _BETWEEN.match(line, i):
            yield i + 1, _QUIET, _NO_WORD
        for key, account in self._phrases.get(line[i], {}).items():
            j = i + len(key)
            if line.startswith(key, i) and _bounded(line, i, j):
                yield j, account, _WORD
        for j, span in spans_at(line, i):
            yield j, Account(period=span, days=(span.day,) if span.day else ()), _WORD
        for j, account in _signs_at(line, i):
            yield j, account, _WORD
        for j in self._units_at(line, i):
            yield j, Account(units=(line[i:j],)), _WORD

    def _units_at(self, line: str, i: int) -> Iterator[int]:
        """Where the units end that may begin at a place."""
        before = line[:i]
        if not before or _BREAK.match(before[-1]) or before[-1] in ": ":
            end = m.start() if (m := _BREAK.search(line, i)) else len(line)
            for j in sorted({end, len(line.rstrip(")]"))}):
                # 亿元/万人 is a rate and no list of two units.
                if j > i and line[i] not in "([" and line[j : j + 1] != "/" and self.units.is_unit(line[i:j]):
                    yield j
        elif (len(line) - i > 1 or line[i] in "%‰") and self.units.is_unit(line[i:]) and not line[i:].isdigit():
            yield len(line)
        elif line[i] in "%‰":
            yield i + 1


def _signs_at(line: str, i: int) -> Iterator[tuple[int, Account]]:
    """What may stand at a place and says nothing of a figure (numbering, the head of a unit), or marks it."""
    before = line[:i]
    for pattern in _PATTERNS:
        if (m := pattern.match(line, i)) and m.end() > i and _bounded(line, i, m.end()):
            yield m.end(), _QUIET
    if not before.strip("()[] ") and (m := _NUMBERING.match(line, i)) and m.end() < len(line):
        yield m.end(), _QUIET
    if m := _UNIT_HEAD.match(line, i):
        yield m.end(), _QUIET
    if before and (m := MARK.match(line, i)):
        yield m.end(), Account(marks=(m[0].strip("()[] "),))


def _meaning(said: str, word: str) -> frozenset[str]:
    """What a word says, and whether it speaks of one year: 本年累计 of what is counted is that year's additions."""
    return frozenset({said, "of_year"} if word in _OF_YEAR else {said})


def _width(text: str) -> str:
    """Ordinary width, with runs of blanks kept: they part the fields of a line."""
    return "\t".join(plain(part) for part in re.split(r"\t|　{2,}| {3,}", text) if part.strip())


def _narrow(words: str) -> str:
    """Small letters, without blanks beside Chinese characters."""
    return _CJK_SPACE.sub("", plain(words).casefold())


def _bounded(line: str, i: int, j: int) -> bool:
    """Whether a word does not begin or end within a longer one of Latin letters or digits."""

    def inside(a: str, b: str) -> bool:
        return a.isascii() and b.isascii() and a.isalnum() and b.isalnum()

    return not (i > 0 and inside(line[i - 1], line[i])) and not (j < len(line) and inside(line[j - 1], line[j]))


def _beside(a: Span, b: Span) -> Span:
    """Two periods of one text: parts of one, several years, or a contradiction."""
    if a.day or b.day:
        return b if a.day else a
    two_years = len({a.year, b.year} - {0}) == 2
    if a.years or b.years or (two_years and not a.part and not b.part):
        return Span(years=True)
    if two_years or (a.part == b.part == "to" and a.n != b.n):
        return CLASH
    # 上半年及全年: the heads will say which.
    return Span(a.year or b.year, "open") if "year" in (a.part, b.part) and "to" in (a.part, b.part) else agreed(a, b)


def _once(items: Iterable[str], key: Callable[[str], str]) -> tuple[str, ...]:
    out: dict[str, str] = {}
    for item in items:
        out.setdefault(key(item), item)
    return tuple(out.values())


def _both(a: Account, b: Account, same: Callable[[str], str]) -> Account:
    """Two accounts of one text as one; of what can be said once only, the first counts."""
    return Account(
        a.text,
        indicators=_once((*a.indicators, *b.indicators), same),
        areas=_once((*a.areas, *b.areas), fold),
        period=b.period if a.period == Span() else a.period if b.period == Span() else _beside(a.period, b.period),
        units=_once((*a.units, *b.units), str),
        meanings=a.meanings | b.meanings,
        kind=a.kind or b.kind,
        marks=(*a.marks, *b.marks),
        unknown=(*a.unknown, *b.unknown),
        groups=a.groups or b.groups,
        several=a.several or b.several,
        achieved=a.achieved or b.achieved,
        reporter=a.reporter or b.reporter,
        source=a.source or b.source,
        days=(*a.days, *b.days),
        open=a.open or b.open,
        remark="；".join(filter(None, (a.remark, b.remark))),
    )
