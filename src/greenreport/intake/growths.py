"""Which level a column of growth belongs to, and how its cells are to be read.

A growth is of the period that its own head names; where that names none, of the newest of the levels on its left that are
about the same thing. Where two levels may be meant, or two growths are of one level, none is taken: a growth less is no
wrong figure. Knows no row of figures.
"""

from __future__ import annotations

import re
from functools import reduce

from greenreport.intake.account import Account
from greenreport.intake.columns import Column, Titles
from greenreport.intake.numbers import Number, parse_growth, too_exact
from greenreport.intake.periods import CLASH, Span, joined
from greenreport.intake.words import plain

__all__ = ["agrees", "growth_of", "sign_of", "spelt", "with_sign"]

_NOTHING = Span()
_TO_DATE = re.compile("累计|to date|ytd|cumulative", re.IGNORECASE)


def growth_of(columns: list[Column], titles: Titles) -> dict[int, int]:
    """Which growth column goes with which column of levels, where that is certain."""
    claims: dict[int, list[Column]] = {}
    for c in columns:
        level = _level_of(c, columns, titles) if c.use == "growth" else None
        if level is not None:
            claims.setdefault(level.index, []).append(c)
    return {level: one.index for level, growths in claims.items() if (one := _only(growths)) is not None}


def _only(growths: list[Column]) -> Column | None:
    """The one of several growths beside a level that says its period, or else that it is cumulative."""
    dated = [c for c in growths if c.account.period != _NOTHING]
    to_date = [c for c in growths if _TO_DATE.search(c.head)]
    return next((some[0] for some in (growths, dated, to_date) if len(some) == 1), None)


def _level_of(growth: Column, columns: list[Column], titles: Titles) -> Column | None:
    """The level that a growth is of; None where several may be meant."""
    own = growth.account
    fits = [c for c in columns if c.use == "level" and _about_same(own, c.account) and _of(own.period, c, titles)]
    if own.period != _NOTHING:
        exact = [c for c in fits if _months(own.period) == _months(_whole([], c.account, titles.account))]
        fits = exact or fits
        if len(fits) == 1:
            return fits[0]
    elif _leads(columns):
        return None
    return _before(growth, columns, fits, titles)


def _about_same(mine: Account, its: Account) -> bool:
    same = not mine.indicators or mine.indicators == its.indicators
    return same and (not mine.areas or mine.areas == its.areas)


def _of(own: Span, level: Column, titles: Titles) -> bool:
    """Whether a growth of this period may be of a level; of a level whose year stands in the rows it may."""
    if own in (_NOTHING, level.account.period):
        return True
    whole = _whole([], level.account, titles.account)
    return whole == _NOTHING or _fits(own, whole, strict=False)


def _fits(own: Span, whole: Span, *, strict: bool) -> bool:
    years = own.year == whole.year or not own.year or not (strict or whole.year)
    return own.is_period and whole != CLASH and years and (not own.part or _months(own) == _months(whole))


def _whole(near: list[Span], level: Account, titles: Account) -> Span:
    """The period of a level from what rows, head and titles say, to date where one of these says so."""
    spans = [span for span in (*near, level.period, titles.period) if span != _NOTHING]
    whole = reduce(joined, spans, _NOTHING)
    return whole.cumulative() if "cumulative" in level.meanings | titles.meanings else whole


def _months(span: Span) -> tuple[str, int]:
    return (span.part or "year", span.n)


def _leads(columns: list[Column]) -> bool:
    """Whether growth stands before every figure, so that a table may write it to the left of its levels."""
    first = next((c for c in columns if c.use in ("level", "growth") or _is_single(c)), None)
    return first is not None and first.use == "growth"


def _is_single(c: Column) -> bool:
    """Whether a column holds figures of a single month or quarter, which are not taken, but may have grown."""
    return c.use == "other" and "month_only" in c.account.meanings


def _before(growth: Column, columns: list[Column], fits: list[Column], titles: Titles) -> Column | None:
    """The newest of the levels before a growth, back to the growth of other levels."""
    here = _back_to_growth(columns[: growth.index], fits)
    if not here or here[-1] not in fits:
        return None
    near, levels = here[-1], [c for c in here if c in fits]
    same = [c for c in levels if c.account.indicators == near.account.indicators]
    if len(same) == 1:
        return near
    apart = same != levels[-len(same) :] or len({c.account.areas for c in same}) > 1
    return None if apart else _newest(same, near, titles)


def _back_to_growth(columns: list[Column], fits: list[Column]) -> list[Column]:
    """The columns of figures at the end, up to growth that other figures part from it."""
    here: list[Column] = []
    for c in reversed(columns):
        if c.use == "growth" and here:
            break
        if c in fits or _is_single(c):
            here.insert(0, c)
    return here


def _newest(levels: list[Column], near: Column, titles: Titles) -> Column | None:
    """The newest of several levels; of years and months side by side only if it is the nearest, too."""
    periods = {c.index: _whole([], c.account, titles.account) for c in levels}
    if any(not p.year or not p.is_period or p.part not in ("", "year", "to") for p in periods.values()):
        return None
    ends = {i: (p.year, p.n if p.part == "to" else 12) for i, p in periods.items()}
    newest = [c for c in levels if ends[c.index] == max(ends.values())]
    alike = len({_months(p) for p in periods.values()}) == 1
    return newest[0] if len(newest) == 1 and (alike or newest == [near]) else None


def agrees(growth: Account, rows: list[Span], level: Account, titles: Account) -> bool:
    """Whether a growth whose head names a period is of the period of this very figure, of which a row may speak."""
    own = growth.period
    if own == _NOTHING or (not rows and own == level.period):
        return True
    return _fits(own, _whole(rows, level, titles), strict=True)


def sign_of(head: str) -> str:
    """`%` or `‰` where a head says in which of them growth is written; else empty."""
    words = plain(head).casefold()
    if "‰" in words or "千分" in words:
        return "‰"
    return "%" if "%" in words or "pct" in words or "百分比" in words else ""


def spelt(text: str, growth: Column, titles: Titles) -> str:
    """A growth with the sign that its head, or the titles, say of it."""
    return with_sign(text, sign_of(growth.head) or next((s for u in titles.account.units if (s := sign_of(u))), ""))


def with_sign(text: str, sign: str) -> str:
    """A growth that has no sign with this one; not one such as 0.1136, which may be a fraction under any head."""
    read = parse_growth(text)
    bare = isinstance(read, Number) and not read.unit and not too_exact(read) and re.search(r"\d\s*$", plain(text))
    return f"{text.strip()}{sign}" if bare else text
