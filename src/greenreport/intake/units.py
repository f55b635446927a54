"""Units as people write them, and exact conversion by powers of ten.

`亿元`, `CNY billion`, `万台`, `辆`, `kt`, `%` …: each is a family and a power of ten. Knows no indicator; what a plan
calls its own units is learnt from the plan.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from greenreport.intake.reason import Reason, refuse
from greenreport.intake.words import plain
from greenreport.plan import Unit

__all__ = ["Measure", "UnitTable", "parse_unit"]

_ZH_POWER = {
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
_EN_POWER = {
    "": 0, "hundred": 2, "thousand": 3, "k": 3, "10000": 4, "10,000": 4, "ten thousand": 4, "100000": 5, "million": 6,
    "mn": 6, "m": 6, "100 million": 8, "100m": 8, "hundred million": 8, "billion": 9, "bn": 9, "b": 9, "trillion": 12,
    "1,000": 3, "1000": 3, "1,000,000": 6,
}  # fmt: skip
_ZH_BASE = {
    "元人民币": ("money", 0), "人民币": ("money", 0), "元": ("money", 0), "块": ("money", 0),
    "公吨": ("mass", 0), "吨": ("mass", 0), "公斤": ("mass", -3), "千克": ("mass", -3), "克": ("mass", -6), "斤": ("jin", 0),
    "辆": ("vehicles", 0), "台": ("vehicles", 0),
    "家": ("count", 0), "个": ("count", 0), "座": ("count", 0), "处": ("count", 0), "项": ("count", 0), "户": ("count", 0),
    "人": ("people", 0), "美元": ("usd", 0), "港元": ("hkd", 0), "欧元": ("eur", 0),
}  # fmt: skip
_EN_BASE = {
    "cny": ("money", 0), "rmb": ("money", 0), "yuan": ("money", 0), "renminbi": ("money", 0), "¥": ("money", 0),
    "t": ("mass", 0), "tonne": ("mass", 0), "tonnes": ("mass", 0), "metric tons": ("mass", 0), "metric tonnes": ("mass", 0),
    "kg": ("mass", -3), "kilogram": ("mass", -3), "kilograms": ("mass", -3), "kt": ("mass", 3),
    "vehicle": ("vehicles", 0), "vehicles": ("vehicles", 0), "cars": ("vehicles", 0),
    "people": ("people", 0), "persons": ("people", 0), "usd": ("usd", 0), "us$": ("usd", 0), "$": ("usd", 0),
    "eur": ("eur", 0), "tons": ("tons", 0), "ton": ("tons", 0),
}  # fmt: skip
_ZH = re.compile(
    "({})?({})".format(*("|".join(sorted(words, key=len, reverse=True)) for words in (_ZH_POWER, _ZH_BASE)))
)
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # 万 吨
_COMMON = {
    "money": ("亿元", "万元", "元", "CNY billion"),
    "mass": ("万吨", "吨", "kt"),
    "vehicles": ("万台", "万辆", "台", "辆"),
    "people": ("万人", "人"),
    "percent": ("%", "‰"),
}


@dataclass(frozen=True)
class Measure:
    """What a unit measures (`family`) and its size as a power of ten of the family's base (yuan, tonne, one thing)."""

    family: str
    power: int


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Measure | None:
    """A unit as written in either language; None if it is not a unit that is known here.

    >>> parse_unit("万元"), parse_unit("CNY billion")
    (Measure(family='money', power=4), Measure(family='money', power=9))
    """
    words = _BLANK.sub("", plain(text).casefold().strip("()[] "))
    if words in ("%", "percent", "per cent", "百分比", "百分之"):
        return Measure("percent", 0)
    if words in ("‰", "permille", "千分比"):
        return Measure("percent", -1)
    if found := _ZH.fullmatch(words.removeprefix("人民币") if len(words) > 3 else words):
        family, power = _ZH_BASE[found[2]]
        return Measure(family, power + _ZH_POWER.get(found[1] or "", 0))
    return _english(words)


def _english(words: str) -> Measure | None:
    cut = re.sub(r"\bof\b", " ", words.replace("×", " ").replace("x 10", "10"))
    parts = cut.split()
    for size in range(1, min(3, len(parts)) + 1):
        for base, multiplier in (
            (" ".join(parts[:size]), " ".join(parts[size:])),
            (" ".join(parts[-size:]), " ".join(parts[:-size])),
        ):
            if base in _EN_BASE and multiplier in _EN_POWER:
                family, power = _EN_BASE[base]
                return Measure(family, power + _EN_POWER[multiplier])
    return None


def multiplier_power(text: str) -> int | None:
    """The power of ten of a bare Chinese multiplier such as 万; None if it is not one."""
    return None if text == "十" else _ZH_POWER.get(text)


def multiplied(text: str) -> bool:
    """Whether a unit has a multiplier of its own: 亿元, 万台."""
    found = _ZH.fullmatch(plain(text).casefold().strip("()[] "))
    return bool(found and found[1])


class UnitTable:
    """The units that a plan uses, and how whatever people write converts to them."""

    def __init__(self, units: Sequence[Unit]) -> None:
        # Ledger unit → the plan's own words for it → the power of ten from that word to the ledger's unit.
        self._own: dict[str, dict[str, int]] = {}
        for u in units:
            words = self._own.setdefault(u.zh, {plain(u.zh).casefold(): 0})
            words.setdefault(plain(u.id).casefold(), 0)
            power = _power_of_ten(u.en_scale)
            if power is not None:
                words.setdefault(plain(u.en).casefold(), -power)

    def is_unit(self, text: str) -> bool:
        """Whether the text is a unit at all: a common one or one of the plan's."""
        return parse_unit(text) is not None or self._is_own(plain(text).casefold())

    def _is_own(self, key: str) -> bool:
        return any(key in words for words in self._own.values())

    def differ(self, a: str, b: str) -> bool:
        """Whether two units measure the same kind of thing in different sizes, such as 万元 and 亿元."""
        one, other = parse_unit(a), parse_unit(b)
        return one is not None and other is not None and one.family == other.family and one.power != other.power

    def shift(self, written: str, target: str) -> int | Reason:
        """The power of ten that turns a figure in the unit `written` into the ledger's unit `target`.

        Returns:
            The power (0: the same unit), or why there is none: unknown, of another kind, or a bare multiplier.
        """
        key = plain(written).casefold().strip("()[] ")
        own = self._own.get(target, {plain(target).casefold(): 0})
        if key in own:
            return own[key]
        read, wanted = parse_unit(written), parse_unit(target)
        accepted = self.accepted(target)
        if read is not None and wanted is not None and read.family == wanted.family:
            return read.power - wanted.power
        if multiplier_power(key) is not None:
            why = "unit_ambiguous"
        elif read is None and not self._is_own(key):
            why = "unit_unknown"
        else:
            why = "unit_mismatch.kind"
        return refuse(why, "unit", accepted, text=written, unit=target, accepted=accepted)

    def accepted(self, target: str) -> tuple[str, ...]:
        """Ways of writing a unit that convert to `target`, the ledger's own first."""
        own = tuple(self._own.get(target, {target: 0}))
        wanted = parse_unit(target)
        return tuple(dict.fromkeys((target, *(_COMMON.get(wanted.family, ()) if wanted else own))))

    def may_be_left_out(self, target: str) -> bool:
        """Whether a figure without a unit can mean one thing only: single things are counted in no other unit."""
        return parse_unit(target) == Measure("count", 0)


def _power_of_ten(scale: float) -> int | None:
    power = round(math.log10(scale)) if scale > 0 else 0
    return power if math.isclose(scale, 10.0**power, rel_tol=1e-12) else None
