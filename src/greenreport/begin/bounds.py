"""A target as people write it in a cell: 60, 不低于60, at most 45, 20～25, 保持.

Knows words and numbers; must not know sheets or plans.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

__all__ = ["Bound", "bound"]

_NUMBER = r"(-?\d+(?:\.\d+)?)%?"
_LEAST = r"(?:>=|≥|不低于|不少于|不小于|至少|达到|超过|at least|no less than|not below|above|over)"
_MOST = r"(?:<=|≤|不超过|不高于|不大于|不多于|至多|控制在|降至|降到|at most|no more than|not above|below|under|up to)"
_FORMS = {
    "level": re.compile(_NUMBER),
    "least": re.compile(rf"{_LEAST}{_NUMBER}(?:及?以上|or more)?|{_NUMBER}(?:及?以上|or more)", re.I),
    "most": re.compile(rf"{_MOST}{_NUMBER}(?:及?以下|以内|or less)?|{_NUMBER}(?:及?以下|以内|or less)", re.I),
    "range": re.compile(rf"{_NUMBER}(?:~|-|–|—|－|至|到|to){_NUMBER}", re.I),
    "hold": re.compile(r"保持|保持不变|保持稳定|持平|维持|不变|hold|maintain|keep|unchanged", re.I),
}


@dataclass(frozen=True)
class Bound:
    """What a cell asks for: `level` a number, `least` and `most` a limit, `range` two ends in order, `hold` the baseline."""

    kind: Literal["level", "least", "most", "range", "hold"]
    ends: tuple[float, ...] = ()


def bound(text: str) -> Bound | None:
    """Read a target; width of signs, grouping, spaces and percent signs do not matter. None where it is none."""
    plain = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", text)).casefold()
    for kind, form in _FORMS.items():
        spaceless = re.compile(form.pattern.replace(" ", ""), form.flags)
        if found := spaceless.fullmatch(plain):
            ends = tuple(sorted(float(one) for one in found.groups() if one is not None))
            return Bound(kind, ends)  # type: ignore[arg-type]
    return None
