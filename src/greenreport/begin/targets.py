"""A target as people write it in a cell (60, 不低于60, at most 45, 20～25, 保持), read against its indicator.

The indicator's direction and where it stood in the baseline year say what a limit or a range asks for. Must not know sheets,
areas or how a project is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from greenreport.begin.cells import Why, quantity
from greenreport.begin.draft import DraftIndicator, DraftTarget
from greenreport.intake.reason import Reason
from greenreport.intake.words import plain
from greenreport.plan import impossible
from greenreport.words import both

__all__ = ["Bound", "bound", "target_in"]

_LEAST = r"(?:>=|≥|不低于|不少于|不小于|至少|达到|超过|at least|no less than|not below|above|over)"
_MOST = r"(?:<=|≤|不超过|不高于|不大于|不多于|至多|控制在|降至|降到|at most|no more than|not above|below|under|up to)"
_FORMS = {
    "least": re.compile(rf"{_LEAST}\s*(.+?)(?:及?以上|or more)?|(.+?)(?:及?以上|or more)", re.I),
    "most": re.compile(rf"{_MOST}\s*(.+?)(?:及?以下|以内|or less)?|(.+?)(?:及?以下|以内|or less)", re.I),
    "level": re.compile(r"(.+)"),
    "range": re.compile(r"(.+?)\s*(?:~|-|–|—|至|到|to)\s*(.+)", re.I),
    "hold": re.compile(r"保持|保持不变|保持稳定|持平|维持|不变|hold|maintain|keep|unchanged", re.I),
}


@dataclass(frozen=True)
class Bound:
    """What a cell asks for: `level` a number, `least` and `most` a limit, `range` two ends in order, `hold` the baseline."""

    kind: Literal["level", "least", "most", "range", "hold"]
    ends: tuple[float, ...] = ()


def bound(text: str, unit: Mapping[str, str]) -> Bound | None:
    """Read a target in a unit, given by language; None where it is none, or a number in it is not understood."""
    words = plain(text)
    for kind, form in _FORMS.items():
        if not (found := form.fullmatch(words)):
            continue
        read = [quantity(one.strip(), unit) for one in found.groups() if one is not None]
        ends = [float(one.text) for one in read if not isinstance(one, Reason) and not one.marks]
        if len(ends) == len(read):
            return Bound(kind, tuple(sorted(ends)))  # type: ignore[arg-type]
    return None


def target_in(text: str, year: int, i: DraftIndicator, start: tuple[int, float] | None) -> DraftTarget | Why:
    """The target in a cell: a level, a limit, a range of which the end reached first decides, or the baseline held.

    `start` is the first year from the baseline on of which there is a figure, and the figure; later ones stand in for a
    baseline in verdicts, but are not what is to be held.
    """
    found = bound(text, i.unit)
    if found is None:
        return _not_understood(text, i)
    if found.kind == "hold":
        return _held(text, year, i, start)
    if found.kind == ("most" if i.direction == "up" else "least"):
        return both(f"begin.target.against.{i.direction}", text=text, id=i.id)
    for end in found.ends:
        if why := impossible(end, i.kind, additive=i.additive):
            return why
    near, *far = found.ends if i.direction == "up" else reversed(found.ends)
    worse = start is not None and (near < start[1] if i.direction == "up" else near > start[1])
    if start is not None and worse and found.kind in ("level", "range"):
        base = f"{start[1]:g}"
        return both(f"begin.target.worse.{i.direction}", id=i.id, target=f"{near:g}", base=base, year=start[0])
    return DraftTarget(year, near, far[0] if far else None, hold=worse)


def _held(text: str, year: int, i: DraftIndicator, start: tuple[int, float] | None) -> DraftTarget | Why:
    if start is not None and start[0] == i.baseline_year:
        return DraftTarget(year, start[1])
    return both("begin.target.not_to_hold", text=text, year=i.baseline_year)


def _not_understood(text: str, i: DraftIndicator) -> Why:
    read = quantity(text, i.unit)
    if isinstance(read, Reason) and read.code not in ("number_words", "number_range"):
        return read
    return both("begin.target.unclear", text=text)
