"""What is known of a cumulative count, put in order: stretches of time with what was counted, a stock, bounds.

Knows the statements of `evidence.py` and dates; must not know how a rate is estimated. A date is a year's end as a
number (2023.0 is the end of 2023, 2023.5 the middle of 2024); in a [Record] all times are years from its latest date.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np

from .distributions import Array
from .evidence import Bound, Increment, Level, Start, Statement

__all__ = ["Inside", "Pieces", "Record", "Unfit", "as_level", "read"]

# "More than 50" is said of a number between 50 and 60, "nearly 50" of one between 45 and 50; used only where no level
# of the count is known at all, so that the bound has to stand in for one.
ABOVE_BY, BELOW_BY = 0.2, 0.1
MOST = 2.0**53  # beyond this, floating-point numbers skip whole ones


class Unfit(Exception):
    """The statements are none of a cumulative count: `reason` is the code of a refusal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


S = TypeVar("S")


@dataclass(frozen=True, eq=False)
class Pieces:
    """Stretches of time, in years from now (past: negative): `x` was counted in each, with an error of variance `noise`.

    All four have shape (m,). `years` is the length of a stretch less what other pieces within it account for.
    """

    start: Array
    end: Array
    x: Array
    noise: Array

    @property
    def years(self) -> Array:
        """Lengths, shape (m,)."""
        return self.end - self.start

    @property
    def age(self) -> Array:
        """Years from their ends to now, shape (m,)."""
        return -self.end


@dataclass(frozen=True)
class Inside:
    """A bound at a time between two known counts, or before the first (`low_at` None: the programme's beginning)."""

    at: float
    value: float
    above: bool
    low: float
    low_at: float | None
    high: float
    high_at: float


@dataclass(frozen=True, eq=False)
class Record:
    """What is known of a count, times in years from the latest date."""

    seen: Pieces  # what was counted in which stretches
    stock: float | None  # first known count, 0 where the programme had not begun; None where only increments are known
    since: float  # time of that count, or of the first increment; not after 0
    base: float  # count at the last date at which it is known, with what was counted after it
    now: float  # the latest date
    base_sd: float = 0.0  # standard error of the base, 0 where it is exact
    floor: float = 0.0  # count that is certainly reached where the base is not exact
    # stretches between that date and now of which nothing is known, shape (K, 2)
    open: Array = field(default_factory=lambda: np.empty((0, 2)))
    zero: bool = False  # whether the first known count is zero and a later one isn't
    inside: tuple[Inside, ...] = ()  # bounds at times when the count is bracketed by known ones
    # (time, count, whether from above) of bounds after the last known count, oldest first
    after: tuple[tuple[float, float, bool], ...] = ()
    n: int = 0  # number of statements that say something
    unused: tuple[tuple[str, str], ...] = ()  # pairs (kind of statement, why it says nothing here)

    @property
    def plain(self) -> bool:
        """Whether every count that matters is exact, so that there is nothing to be conditioned on."""
        return self.stock is not None and self.base_sd == 0.0 and not self.after and not self.inside


@dataclass(slots=True)
class _Point:
    value: float
    sd: float = 0.0
    source: int = 0  # points of one source differ by what is known exactly


def read(evidence: Sequence[Statement]) -> Record:
    """The record of a set of statements, in any order.

    Exact levels, a programme's start (the count was 0 at the end of the year before) and the increments that hang on
    them give the count at dates; what was counted between two neighbouring dates is a piece. An increment whose ends
    hang on nothing is a piece of its own, and what is left of the stretch around it, in count and time, another.
    Rounded levels are points with an error (uniform: half width / √3), drawn together where they would fall. Bounds
    say nothing where the count is known, and stand in for a level where none is.

    Raises:
        Unfit: "too_few_points", "not_whole", "negative_count", "count_falls", "evidence_conflicts".
    """
    told = (Level, Bound, Increment, Start)
    unused = [(type(s).__name__.lower(), "not_for_counts") for s in evidence if not isinstance(s, told)]
    levels = _of(Level, evidence)
    bounds = sorted(_of(Bound, evidence), key=lambda b: (_date(b), b.side))
    gains = sorted({*_of(Increment, evidence)}, key=lambda g: (g.last - g.first, g.first))
    starts = sorted({s.year for s in _of(Start, evidence)})
    _check(levels, gains, bounds)
    if len(starts) > 1:
        raise Unfit("evidence_conflicts")
    floor = 0.0
    if not levels and not starts:
        floor = max([0.0, *(float(math.ceil(b.value)) for b in bounds if b.side == "above")])
        levels, bounds = [as_level(b) for b in bounds], []
    points = _points(levels, starts)
    if not points and not gains:
        raise Unfit("too_few_points")
    loose = _hang(points, gains)
    chain = _rising(points)
    alone, dropped = _apart(loose, [at for at, _ in chain])
    record = _record(chain, alone, bounds)
    unused += [("increment", "overlaps")] * dropped
    said = len(levels) + len(gains) + len(starts) + len(bounds) - dropped
    floor = max([floor, *(p.value for _, p in chain if p.sd == 0.0)])
    return replace(record, n=said, floor=min(floor, record.base), unused=tuple(unused))


def _of(kind: type[S], evidence: Sequence[Statement]) -> list[S]:
    return [s for s in evidence if isinstance(s, kind)]


def as_level(bound: Bound) -> Level:
    """A bound that has to stand in for a level: a number beyond it by up to a fifth, or short of it by up to a tenth."""
    by = ABOVE_BY if bound.side == "above" else -BELOW_BY
    middle = max(bound.value * (1.0 + by / 2.0), 0.5)
    return Level(bound.year, middle, abs(by) / 2.0 * bound.value / middle, bound.elapsed)


def _date(s: Level | Bound) -> float:
    return s.year - 1.0 + s.elapsed


def _check(levels: Iterable[Level], gains: Iterable[Increment], bounds: Iterable[Bound]) -> None:
    counted: list[Level | Increment] = [*levels, *gains]
    for s in counted:
        exact = not (isinstance(s, Level) and s.error > 0.0)
        if not math.isfinite(s.value) or s.value > MOST or (exact and abs(s.value - round(s.value)) > 1e-6):
            raise Unfit("not_whole")
    if not all(-MOST <= b.value <= MOST for b in bounds):
        raise Unfit("not_whole")
    if any(s.value < 0 for s in (*counted, *bounds)):
        raise Unfit("negative_count")


def _points(levels: Iterable[Level], starts: Iterable[int]) -> dict[float, _Point]:
    """Counts at dates: exact ones as they are, rounded ones of one date weighed by their precision."""
    points: dict[float, _Point] = {}
    for year in starts:
        points[year - 1.0] = _Point(0.0)
    for i, s in enumerate(sorted(levels, key=lambda level: (level.error, _date(level), level.value)), 1):
        at, sd = _date(s), s.error * s.value / math.sqrt(3.0)
        value = s.value if sd > 0.0 else float(round(s.value))
        old = points.get(at)
        if old is None:
            points[at] = _Point(value, sd, i if sd > 0.0 else 0)
        elif old.sd == 0.0 and abs(old.value - value) > 3.0 * sd + 1e-6:
            raise Unfit("evidence_conflicts")
        elif old.sd > 0.0:
            a, b = old.sd**-2.0, sd**-2.0
            points[at] = _Point((a * old.value + b * value) / (a + b), (a + b) ** -0.5, i)
    for at in points:
        if starts and at < min(starts) - 1.0 and points[at].value > 0.0:
            raise Unfit("evidence_conflicts")
    return points


def _hang(points: dict[float, _Point], gains: Sequence[Increment]) -> list[Increment]:
    """Add the counts that follow from a known one and an increment; the increments that hang on none are given back.

    Exact counts spread first, so that a rounded one never decides what an exact one says.
    """
    todo = list(gains)
    for exact in (True, False):
        before = len(todo) + 1
        while len(todo) < before:
            before = len(todo)
            todo = [gain for gain in todo if not _hung(points, gain, exact=exact)]
    return todo


def _hung(points: dict[float, _Point], gain: Increment, *, exact: bool) -> bool:
    """Whether an increment hangs on a known count (an exact one, if so asked); the count at its other end is then known."""
    a, b = gain.first - 1.0, float(gain.last)
    one, other = points.get(a), points.get(b)
    ends = [p for p in (one, other) if p is not None]
    if not ends or (exact and any(p.sd != 0.0 for p in ends)):
        return False
    if one is not None and other is not None:
        if abs(other.value - one.value - gain.value) > 1e-6 + 3.0 * math.hypot(one.sd, other.sd):
            raise Unfit("evidence_conflicts")
    elif one is not None:
        points[b] = _Point(one.value + round(gain.value), one.sd, one.source)
    elif other is not None:
        if other.value - gain.value < -3.0 * other.sd - 1e-6:
            raise Unfit("evidence_conflicts")
        points[a] = _Point(max(other.value - round(gain.value), 0.0), other.sd, other.source)
    return True


def _rising(points: dict[float, _Point]) -> list[tuple[float, _Point]]:
    """The points by date; rounded ones that would fall are pooled by their precision."""
    chain = sorted(points.items())
    exact = [p.value for _, p in chain if p.sd == 0.0]
    if any(b < a for a, b in pairwise(exact)):
        raise Unfit("count_falls")
    if all(p.sd == 0.0 for _, p in chain):
        return chain
    from scipy.optimize import isotonic_regression  # a tenth of a second, which only rounded counts cost

    weights = [1e12 if p.sd == 0.0 else p.sd**-2.0 for _, p in chain]
    pooled = isotonic_regression([p.value for _, p in chain], weights=weights).x.tolist()
    if any(abs(p.value - value) > 3.0 * p.sd + 1e-3 for (_, p), value in zip(chain, pooled, strict=True)):
        raise Unfit("count_falls")
    return [(at, replace(p, value=p.value if p.sd == 0.0 else v)) for (at, p), v in zip(chain, pooled, strict=True)]


def _apart(loose: Iterable[Increment], dates: Sequence[float]) -> tuple[list[Increment], int]:
    """Loose increments that share no year with each other or with both sides of a date, and how many do."""
    kept: list[Increment] = []
    dropped = 0
    for gain in loose:
        crossing = any(gain.first - 1.0 < at < gain.last for at in dates)
        if crossing or any(gain.first <= other.last and other.first <= gain.last for other in kept):
            dropped += 1
        else:
            kept.append(gain)
    return sorted(kept, key=lambda gain: gain.first), dropped


def _record(chain: list[tuple[float, _Point]], alone: list[Increment], bounds: list[Bound]) -> Record:
    dates = [at for at, _ in chain] + [float(g.last) for g in alone] + [_date(b) for b in bounds]
    now = max(dates)
    seen = _pieces(chain, alone, now)
    if not chain:
        base = float(sum(round(g.value) for g in alone))
        gone = _open([float(alone[0].first) - 1.0, now], alone, now)
        return Record(seen, None, alone[0].first - 1.0 - now, base, now, open=gone)
    (first, oldest), (last, newest) = chain[0], chain[-1]
    before = sum(g.value for g in alone if g.last <= first)
    later = sum(round(g.value) for g in alone if g.first - 1.0 >= last)
    if before > oldest.value + 3.0 * oldest.sd + 1e-6:
        raise Unfit("evidence_conflicts")
    inside, after = _bounds(chain, bounds, now)
    return Record(
        seen,
        max(oldest.value - before, 0.0),
        first - now,
        newest.value + later,
        now,
        base_sd=newest.sd,
        open=_open([last, now], alone, now),
        zero=oldest.value == 0.0 < newest.value,
        inside=inside,
        after=after,
    )


def _pieces(chain: list[tuple[float, _Point]], alone: list[Increment], now: float) -> Pieces:
    """The loose increments, and what is left of the stretches between known counts; times from now."""
    pieces = [(g.first - 1.0 - now, g.last - now, float(round(g.value)), 0.0) for g in alone]
    for (a, p), (b, q) in pairwise(chain):
        within = [g for g in alone if a <= g.first - 1.0 and g.last <= b]
        rest = q.value - p.value - sum(g.value for g in within)
        years = b - a - sum(g.last - g.first + 1.0 for g in within)
        noise = 0.0 if p.source == q.source else p.sd**2 + q.sd**2
        if rest < -1e-6 - 3.0 * math.sqrt(noise):
            raise Unfit("evidence_conflicts")
        if years > 1e-9:
            # What is left lies around the middle of the years that are left.
            taken = sum((g.first - 1.0 + g.last) / 2.0 * (g.last - g.first + 1.0) for g in within)
            middle = ((a + b) / 2.0 * (b - a) - taken) / years - now
            pieces.append((middle - years / 2.0, middle + years / 2.0, max(rest, 0.0), noise))
    return Pieces(*np.array(sorted(pieces)).reshape(-1, 4).T.copy())


def _open(span: Sequence[float], alone: Iterable[Increment], now: float) -> Array:
    """The parts of a span of dates in which no loose increment lies, as times from now, shape (K, 2)."""
    parts, at = [], span[0]
    for gain in alone:
        if gain.first - 1.0 >= span[0]:
            if gain.first - 1.0 > at:
                parts.append((at - now, gain.first - 1.0 - now))
            at = max(at, float(gain.last))
    if span[1] > at:
        parts.append((at - now, span[1] - now))
    return np.array(parts).reshape(-1, 2)


def _bounds(
    chain: list[tuple[float, _Point]], bounds: Iterable[Bound], now: float
) -> tuple[tuple[Inside, ...], tuple[tuple[float, float, bool], ...]]:
    """Bounds between known counts, and those after the last; contradictions to a known count are refused."""
    inside, after = [], []
    for bound in bounds:
        at, above = _date(bound), bound.side == "above"
        value = math.ceil(bound.value - 1e-9) if above else math.floor(bound.value + 1e-9)
        low = [(t, p) for t, p in chain if t <= at]
        high = [(t, p) for t, p in chain if t >= at]
        if _outside(value, high[:1] if above else low[-1:], above=above):
            raise Unfit("evidence_conflicts")
        if not high:
            after.append((at - now, float(value), above))
        elif high[0][0] > at:
            t, p = low[-1] if low else (None, _Point(0.0))
            ends = high[0][1].value, high[0][0] - now
            inside.append(Inside(at - now, float(value), above, p.value, None if t is None else t - now, *ends))
    return tuple(inside), tuple(sorted(after))


def _outside(value: float, known: Iterable[tuple[float, _Point]], *, above: bool) -> bool:
    """Whether a bound contradicts a known count: said to be exceeded before, or not to be reached after it."""
    return any(value > p.value + 3.0 * p.sd if above else value < p.value - 3.0 * p.sd for _, p in known)
