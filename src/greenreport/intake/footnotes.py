"""What stands below a table: what its marks mean, which figures are provisional, where they come from.

A remark in words that are all understood is used; any other is kept for whoever reads, and explains no mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from greenreport.intake.account import Account, Accountant
from greenreport.intake.doubts import ABOUT_OTHERS
from greenreport.intake.periods import Span
from greenreport.intake.words import KEYS, plain

__all__ = ["Remarks", "remarks_of"]

_LEAD = re.compile(r"^(?:[(\[]?(?:注\s*\d{1,2}|\d{1,2})[)\]]|注\s*\d{1,2}|[*※†‡△▲★☆]+|[①-⑳¹²³⁰-⁹⁴-⁹])")
_NUMBERED = re.compile(r"注\s*\d{1,2}")


@dataclass
class Remarks:
    """`marks`: what each mark is said to mean; `kinds`: of figures of a year (0: of all); `kept`: not understood.

    `about`: the indicators and areas that each kept remark names (none: it is about all); `units`: of which indicators
    (none: of all) the figures are in which unit.
    """

    marks: dict[str, Account] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    source: str = ""
    about: dict[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    units: list[tuple[frozenset[str], str]] = field(default_factory=list)

    def explains(self, mark: str) -> bool:
        """Whether a mark is explained in words that are understood and leave the figure what it is."""
        a = self.marks.get(mark)
        return a is not None and a.known and a.measure == "level" and not (a.indicators or a.units or a.groups)

    def text(self, mark: str) -> str:
        """What stands beside a mark."""
        return self.marks[mark].text if mark in self.marks else ""

    def kind(self, mark: str) -> str:
        """The kind of figure that a mark means; empty: none."""
        return self.marks[mark].kind if self.explains(mark) else ""

    def kind_of(self, period: str) -> str:
        """The kind that the remarks give the figures of a period."""
        year = int(period[:4]) if period[:4].isdigit() else -1
        return self.kinds.get(year, "") or self.kinds.get(0, "")

    def of_figure(self, indicator: str, areas: frozenset[str]) -> Iterator[str]:
        """The kept remarks that are about a figure, by what its indicator means and the codes that its area may have."""
        for text, (indicators, named) in self.about.items():
            if (not indicators or indicator in indicators) and (not named or named & areas):
                yield text

    def units_of(self, indicator: str) -> list[str]:
        """The units that the remarks say figures of an indicator are in."""
        return list(dict.fromkeys(unit for named, unit in self.units if not named or indicator in named))


def remarks_of(texts: list[str], words: Accountant) -> Remarks:
    """What the lines below a table say, and the remarks above it."""
    out = Remarks()
    for text in filter(str.strip, texts):
        _read(plain(text), words, out)
    return out


def _read(text: str, words: Accountant, out: Remarks) -> None:
    body = text
    if KEYS.search(text):
        said = words.title(text)
        out.source = out.source or said.source
        out.units += [(frozenset(map(words.same, said.indicators)), unit) for unit in said.units]
        body = text if _NUMBERED.match(text) else said.remark
    for part in filter(None, map(str.strip, re.split(r"[;；。\n]", body))):
        if (lead := _LEAD.match(part)) is not None:
            meaning = part[lead.end() :].strip(" :.、")
            out.marks[lead[0].strip("()[] ").replace(" ", "")] = words.of(meaning)
        else:
            _take(words.of(part), part, words, out)


def _take(said: Account, part: str, words: Accountant, out: Remarks) -> None:
    """A remark without a mark: it says of which kind the figures are, or is kept."""
    if said.known and said.kind and not (said.indicators or said.areas or said.units or said.period.part):
        out.kinds[said.period.year] = said.kind
    elif said.known and said.units and not (said.areas or said.kind or said.period != Span()):
        out.units.append((frozenset(map(words.same, said.indicators)), said.units[0]))
    elif not said.known or said.is_label:
        out.kept.append(part)
        out.about[part] = _about(said, part, words)


def _about(said: Account, part: str, words: Accountant) -> tuple[frozenset[str], frozenset[str]]:
    """The indicators, and the codes of the areas, that a remark is about; none where it is, or may be, about all."""
    if said.groups or ABOUT_OTHERS.search(part) or any(map(words.names.is_whole, said.areas)):
        return frozenset(), frozenset()
    codes = (a.code for name in said.areas for a in words.names.candidates(name))
    return frozenset(map(words.same, said.indicators)), frozenset(codes)
