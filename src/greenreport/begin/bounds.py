"""A target as people write it in a cell: 60, 不低于60, at most 45, 20～25, 保持.

Knows words; numbers are read as everywhere. Must not know sheets or plans.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from greenreport.begin.cells import quantity
from greenreport.intake.reason import Reason
from greenreport.intake.words import plain

__all__ = ["Bound", "bound"]

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
