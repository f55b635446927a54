"""Rows of a CSV in which two cells may be one figure, its thousands separator not having been quoted: 245,100.

Where a row thereby grows longer than its head it is refused anyway; here it fits, since a cell behind it was left out.
Must not know indicators by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from greenreport.intake.account import Account
from greenreport.intake.columns import Column
from greenreport.intake.sheets import Grid
from greenreport.intake.units import parse_unit
from greenreport.intake.words import plain

__all__ = ["COMMAS", "LEFT", "RIGHT", "doubtful"]

COMMAS = (",", "，")
LEFT, RIGHT = re.compile(r"[1-9]\d{0,2}"), re.compile(r"\d{3}(?:\.\d+)?")
_LEAST, _MOST = 0.5, 2.0
_SMALL = {"money": 4, "mass": 0, "vehicles": 0}

Pair = tuple[int, Column, Column]


def doubtful(
    grid: Grid, columns: list[Column], rows: Iterable[int], *, width: int, titles: Account
) -> dict[int, tuple[str, str]]:
    """The cells of each row that may be one figure, as they are written, and that figure.

    `width` is that of the head, `titles` what stands over all.

    Two cells of such a form are figures of their own in most tables. They may be one in a table where one pair cannot be
    two, or hardly: 12,045; 245,100 of one thing in two years; growth of hundreds per cent throughout, or so few 万元 or
    吨; a remark 100; or where another row is longer than the head.
    """
    if grid.separator not in COMMAS:
        return {}
    within = list(rows)
    beside = [(a, b) for a, b in pairwise(columns) if a.use == "level"]
    pairs = [(r, a, b) for r in within for a, b in beside if _one(grid, r, a, b)]
    always = {b.index for a, b in beside if _throughout(grid, within, a, b)}
    shifted = max((grid.widths[r] for r in within), default=0) > width
    if shifted or any(_hardly_two(grid, pair, always, titles) for pair in pairs):
        return {pair[0]: _told(grid, *pair) for pair in pairs}
    return {}


def _told(grid: Grid, r: int, a: Column, b: Column) -> tuple[str, str]:
    left, right = plain(grid.cell(r, a.index)), plain(grid.cell(r, b.index))
    return f"{left},{right}", left + right


def _hardly_two(grid: Grid, pair: Pair, always: set[int], titles: Account) -> bool:
    """Whether two cells of a row can't be two figures, or hardly; `always`: the columns that look so in every row."""
    r, a, b = pair
    if grid.cell(r, b.index).strip().startswith("0") or b.use in ("row", "ignored", "blank"):
        return True
    if b.index in always and (b.use == "growth" or _is_small(a, titles)):
        return True
    return _comparable(a, b, titles) and _apart(grid, r, a, b)


def _one(grid: Grid, r: int, a: Column, b: Column) -> bool:
    left, right = (plain(grid.cell(r, c.index)) for c in (a, b))
    return LEFT.fullmatch(left) is not None and RIGHT.fullmatch(right) is not None


def _is_small(c: Column, titles: Account) -> bool:
    """Whether a column is in a unit of which there are more than hundreds: 万元 and 吨, not 亿元 and 家."""
    measures = [m for u in c.account.units or titles.units if (m := parse_unit(u)) is not None]
    return any(m.family in _SMALL and m.power <= _SMALL[m.family] for m in measures)


def _throughout(grid: Grid, rows: list[int], a: Column, b: Column) -> bool:
    """Whether every row with both cells could be one figure."""
    filled = [r for r in rows if grid.cell(r, a.index).strip() and grid.cell(r, b.index).strip()]
    return bool(filled) and all(_one(grid, r, a, b) for r in filled)


def _comparable(a: Column, b: Column, titles: Account) -> bool:
    """Whether two columns hold figures of one thing at two times of one length, of which there may be thousands."""
    mine, its = a.account, b.account
    large = bool(mine.units or titles.units) and not _is_small(a, titles)
    if large or mine.indicators != its.indicators or mine.areas != its.areas:
        return False
    annual = titles.period.part in ("", "year")
    if b.use == "level":
        return mine.period != its.period and (mine.period.part, mine.period.n) == (its.period.part, its.period.n)
    return annual and "earlier" in its.meanings and mine.period.part in ("", "year") and not its.period.part


def _apart(grid: Grid, r: int, a: Column, b: Column) -> bool:
    """Whether figures of one thing at two times lie farther apart than such figures do."""
    before, after = (float(plain(grid.cell(r, c.index))) for c in (a, b))
    return not _LEAST <= after / before <= _MOST
