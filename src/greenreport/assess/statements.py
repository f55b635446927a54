"""From rows of the ledger to statements about a path: what is known of one indicator in one area, and whose word it is.

Reads series, published rates, means and sums, the months of the year under way, and the growth of the area above where
the area's own is not known. Says what each figure claims; weighs nothing and forecasts nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from greenreport.areas import Area
from greenreport.assess.case import Case
from greenreport.assess.model import Claim
from greenreport.forecast import (
    Bound,
    Growth,
    Increment,
    Level,
    Part,
    Related,
    Start,
    Statement,
    Total,
    part_growth_error,
)
from greenreport.forecast.evidence import when
from greenreport.observations import Point, Said, Series

__all__ = ["DOUBTED", "DOUBTS", "Known", "first_step", "in_order", "known"]

DOUBTS = ("known_break", "contradicts", "unconfirmed", "switched_off")
"""Why a figure is doubtful or was kept out: the plan's file doubts it; it can't hold together with the rest; nobody has
confirmed it; its kind of evidence was switched off."""

DOUBTED = frozenset({"known_break", "contradicts"})
"""Those of them that leave open what a verdict would be."""

_ROUNDED = {"rounded_10": 5.0, "rounded_100": 50.0, "rounded_1000": 500.0}
_ENOUGH = 2
"""Own earlier years of a part of the year from which no other area's shares are asked."""


@dataclass(frozen=True, kw_only=True)
class Known(Claim):
    """One piece of evidence: the statement, and the figure of the ledger that makes it; `doubt` is one of [DOUBTS], or None."""

    statement: Statement
    doubt: str | None = None

    @property
    def name(self) -> str:
        """Kind and period, which tell the pieces of one indicator apart: "growth 2021/2024"."""
        return f"{self.kind} {self.period}"

    def figure(self, area: str) -> dict[str, Any]:
        """All but the statement, for the report about an area."""
        return {k: v for k, v in vars(self).items() if k != "statement"} | {"area": self.area or area}


def known(case: Case) -> tuple[Known, ...]:
    """Every piece of evidence about a case, in order of time; doubtful ones are marked, not left out."""
    o = case.options
    key = (
        "known", case.indicator.id, case.area.code, o.without, o.nowcast and o.method == "auto", o.use_unconfirmed,
        o.comparable, o.bridge,
    )  # fmt: skip
    return case.evidence.remember(key, lambda: tuple(_gather(case)))


def first_step(items: Sequence[Known], default: int) -> int:
    """The year after the last full year whose level is known and not doubted: the first that is forecast."""
    years = [
        k.statement.year for k in items if isinstance(k.statement, Level) and k.statement.elapsed == 1.0 and not k.doubt
    ]
    return max(years, default=default) + 1


def in_order(items: Iterable[Known]) -> list[Known]:
    """Pieces of evidence in order of time."""
    return sorted(items, key=lambda k: (when(k.statement), k.kind, k.period))


def _gather(case: Case) -> list[Known]:
    indicator, options = case.indicator, case.options
    found = [_level(p) for p in case.series.annual]
    base = indicator.baseline
    if case.whole and base.value is not None and case.series.in_year(base.year) is None:  # the plan's own alone
        found.append(_of_plan(case, Level(base.year, base.value), base.value, base.quote))
    found = [_marked(k, case) for k in found]
    later = [_marked(k, case) for k in _beside(case, found)]
    if indicator.accrues:
        own = [k for k in later if not k.doubt and isinstance(k.statement, Growth | Part | Total)]
        later += list(_related(case, first_step(found, base.year), own))
    return in_order(k if k.kind not in options.without else _replaced(k, "switched_off") for k in [*found, *later])


def _beside(case: Case, levels: Sequence[Known]) -> Iterator[Known]:
    """What is known of the area itself beside its levels: rates, means and sums, gains, the year under way."""
    indicator, options = case.indicator, case.options
    if indicator.bounds:
        return
    years = {k.statement.year for k in levels if isinstance(k.statement, Level) and not k.doubt}
    for p in case.series.annual:
        if p.growth_pct is not None and p.year in years and p.year - 1 not in years:
            rate = p.growth_pct / 100.0
            yield _known(p, Growth(p.year, rate), "exact", kind="growth", rate=rate)
    yield from _said(case.said, indicator.is_count)
    if indicator.is_count:
        yield from _gained(case)
    if options.nowcast and options.method == "auto":
        yield from _under_way(case, first_step(levels, indicator.baseline.year))


def _of_plan(case: Case, statement: Level | Start, value: float, quote: str) -> Known:
    """What the plan itself says, where the ledger does not hold it."""
    plan, kind = case.evidence.plan, type(statement).__name__.lower()
    return Known(
        statement=statement, kind=kind, period=str(statement.year), value=value, vintage=plan.begins, source=plan.version,
        address=quote, grade="A", note="plan",
    )  # fmt: skip


def _level(p: Point) -> Known:
    marks = p.note.split(";")
    error = max((half / p.value for code, half in _ROUNDED.items() if code in marks and p.value), default=0.0)
    if "rounded" in marks:
        error = max(error, _places(p.value))
    side = _bounded(p.note)
    if side is not None:
        return _known(p, Bound(p.year, p.value, side), side, value=p.value)
    return _known(p, Level(p.year, p.value, abs(error)), "about" if error else "exact", value=p.value)


def _bounded(note: str) -> Literal["above", "below"] | None:
    """The side on which the source leaves a figure open; None where it doesn't."""
    marks = note.split(";")
    return "above" if "lower_bound" in marks else "below" if "upper_bound" in marks else None


def _places(value: float) -> float:
    """Half a unit of the last digit that is not zero, as a share of the value: "about 250" leaves 245 to 255 open."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    digits = f"{abs(value):.6g}"
    places = -len(digits.split(".")[1]) if "." in digits else len(digits) - len(digits.rstrip("0"))
    return min(0.5 * 10.0**places / abs(value), 0.5)


def _said(said: Sequence[Said], count: bool) -> Iterator[Known]:
    for one in said:
        side: Literal["above", "exact"] = "above" if _bounded(one.note) == "above" else "exact"
        if one.kind == "growth":
            if count or one.value <= -100.0:
                continue
            rate = one.value / 100.0
            if one.months == 12:
                statement: Statement = Growth(one.last, rate, since=one.first - 1)
            else:
                statement = Growth(one.last, rate, error=part_growth_error(one.months / 12))
            yield _known(one, statement, side, kind="growth", rate=rate)
        elif one.last > one.first and not count:
            total = Total(one.first, one.last, one.value, mean=one.kind == "mean", side=side)
            yield _known(one, total, side, kind="total", value=one.value)


def _gained(case: Case) -> Iterator[Known]:
    """What a count gained in a year, published without the stock; and the year before which it was zero."""
    if case.indicator.programme_start is not None:
        yield _of_plan(case, Start(case.indicator.programme_start), 0.0, "")
    for p in case.increments.annual if case.increments is not None else ():
        one = _known(p, Increment(p.year, p.year, p.value), "exact", value=p.value)
        # nominations are no additions until the list is out
        nominated = "nominated" in p.note.split(";") and not case.options.use_unconfirmed
        yield _replaced(one, "unconfirmed") if nominated else one


def _under_way(case: Case, start: int) -> Iterator[Known]:
    """The newest months known of every year that has begun since the last full one."""
    newest = {p.year: p for p in case.series.part_years if p.year >= start}
    for p in newest.values():
        elapsed = p.months / 12
        if case.indicator.is_count:
            side = _bounded(p.note)
            if side is not None:
                yield _known(p, Bound(p.year, p.value, side, elapsed), side, value=p.value)
            else:
                yield _known(p, Level(p.year, p.value, elapsed=elapsed), "exact", kind="part", value=p.value)
            continue
        earlier = tuple((year, part, whole) for year, part, whole in _shares(case.series, p.months) if year < p.year)
        borrowed = _borrowed(case, p.months) if len(earlier) < _ENOUGH else ()
        growth = None
        if p.growth_pct is not None and p.growth_pct > -100.0 and p.year - 1 not in {year for year, _, _ in earlier}:
            growth = p.growth_pct / 100.0
        yield _known(p, Part(p.year, p.value, elapsed, earlier, borrowed, growth), "exact", kind="part", value=p.value)


def _shares(series: Series, months: int) -> Iterator[tuple[int, float, float]]:
    """(year, first months, whole year) of every year for which both are known."""
    whole = {p.year: p.value for p in series.annual}
    for p in series.part_years:
        if p.months == months and 0.0 < p.value < whole.get(p.year, 0.0):
            yield p.year, p.value, whole[p.year]


def _borrowed(case: Case, months: int) -> tuple[float, ...]:
    """Shares of the year that the same months had in the areas above, else in the districts: one an area, its newest."""
    out = [_newest(case.of(a), months) for a in _above(case)]
    if not any(out):
        out = [_newest(case.of(d), months) for d in case.evidence.districts if d.code != case.area.code]
    return tuple(share for share in out if share)


def _newest(case: Case, months: int) -> float | None:
    shares = [part / whole for _, part, whole in _shares(case.series, months)]
    return shares[-1] if shares else None


def _related(case: Case, start: int, own: Sequence[Known]) -> Iterator[Known]:
    """Growth of the area above in the full years since the last own level, where the own growth is not known."""
    if case.national:
        return
    told = {year for k in own for year in range(_since(k.statement) + 1, when(k.statement) + 1)}
    for year in range(start, case.evidence.as_of.year):
        if year in told:
            continue
        for other in _above(case):
            series = case.of(other).series
            now = series.in_year(year)
            rate = None if now is None or now.provisional else _grew(series.in_year(year - 1), now)
            if now is not None and rate is not None:
                yield _known(now, Related(year, rate), "exact", kind="related", rate=rate, area=other.code)
                break


def _above(case: Case) -> list[Area]:
    """The area planned for and the nation, as far as they are others than this one."""
    roster = case.evidence.roster
    return [a for a in (roster.city, roster.nation) if a is not None and a.code != case.area.code]


def _grew(before: Point | None, now: Point) -> float | None:
    """Growth of a year as published, else that of its levels, as a share."""
    if now.growth_pct is not None:
        return now.growth_pct / 100.0
    if before is not None and before.value > 0 and now.value > 0:
        return now.value / before.value - 1.0
    return None


def _marked(k: Known, case: Case) -> Known:
    """The same, with what is known to speak against it."""
    if case.whole:
        published = k.value if k.value is not None else (k.rate or 0.0) * 100.0
        kind = {"growth": "growth", "total": "mean" if isinstance(k.statement, Total) and k.statement.mean else "sum"}
        row = kind.get(k.kind, "observed")
        if any(d.covers(k.period, row, published) for d in case.indicator.doubtful):
            return _replaced(k, "known_break")
    if k.grade == "C" and not case.options.use_unconfirmed:
        return _replaced(k, "unconfirmed")
    return k


def _replaced(k: Known, doubt: str) -> Known:
    return replace(k, doubt=k.doubt or doubt)


def _known(p: Point | Said, statement: Statement, side: str, *, kind: str | None = None, **figure: Any) -> Known:
    """A statement with where it stands; `figure` is its value or rate, and its area where that is another one."""
    return Known(
        statement=statement, kind=kind or type(statement).__name__.lower(), side=side, period=p.period, vintage=p.vintage,
        source=p.source, address=p.address, grade=p.grade, note=p.note, **figure,
    )  # fmt: skip


def _since(statement: Statement) -> int:
    match statement:
        case Growth():
            return statement.base
        case Total():
            return statement.first - 1
    return when(statement) - 1
