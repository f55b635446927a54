"""What stands below a table: what its marks mean, which figures are provisional, where they come from.

A remark in words that are all understood is used; any other is kept for whoever reads, and explains no mark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from greenreport.intake.account import Account, Accountant
from greenreport.intake.reason import Reason, quoted, refuse
from greenreport.intake.words import KEYS, LEXICON, plain

__all__ = ["Remarks", "changes", "remarks_of"]

_LEAD = re.compile(r"^(?:[(\[]?(?:注\s*\d{1,2}|\d{1,2})[)\]]|注\s*\d{1,2}|[*※†‡△▲★☆]+|[①-⑳¹²³⁰-⁹⁴-⁹])")
_NUMBERED = re.compile(r"注\s*\d{1,2}")


@dataclass
class Remarks:
    """`marks`: what each mark is said to mean; `kinds`: of figures of a year (0: of all); `kept`: not understood.

    `unobserved`: the remark that says the figures are forecasts or estimates, or not of the whole.
    """

    marks: dict[str, Account] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    source: str = ""
    unobserved: str = ""

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


def changes(text: str) -> bool:
    """Whether a remark has a word by which the figures are not observed, or not of the whole."""
    words = LEXICON["words"]
    return any(w in text.casefold() for w in (*words["unobserved"], *words["partial"]))


def changed(text: str) -> Reason:
    """Why a table with such a remark is not taken."""
    return refuse("remark_unobserved", "note", remark=(quoted(text, limit=80),))


def remarks_of(rows: list[list[str]], words: Accountant) -> Remarks:
    """What the lines below a table say."""
    out = Remarks()
    for row in rows:
        for cell in row:
            if cell.strip():
                _read(plain(cell), words, out)
    return out


def _read(text: str, words: Accountant, out: Remarks) -> None:
    body = text
    if KEYS.search(text):
        said = words.title(text)
        out.source = out.source or said.source
        body = text if _NUMBERED.match(text) else said.remark
    for part in filter(None, map(str.strip, re.split(r"[;；。\n]", body))):
        if (lead := _LEAD.match(part)) is not None:
            meaning = part[lead.end() :].strip(" :.、")
            out.marks[lead[0].strip("()[] ").replace(" ", "")] = words.of(meaning)
        else:
            _take(words.of(part), part, out)


def _take(said: Account, part: str, out: Remarks) -> None:
    """A remark without a mark: it says of which kind the figures are, or is kept."""
    if said.known and said.kind and not (said.indicators or said.areas or said.units or said.period.part):
        out.kinds[said.period.year] = said.kind
    elif not said.known or said.is_label:
        out.kept.append(part)
        if changes(part):
            out.unobserved = part
