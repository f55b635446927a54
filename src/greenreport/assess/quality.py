"""How good the figures are: what is there, what was changed, what came late, what looks odd, what is not final.

Asks the ledger and applies named rules; corrects nothing and words nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from greenreport.areas import Area, Bridge
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options
from greenreport.checks import check_areas
from greenreport.checks.finding import Finding
from greenreport.observations import Late, Point, Restatement
from greenreport.plan import Indicator

__all__ = ["Cell", "Outlier", "Quality", "SumGap", "quality"]

MODIFIED_Z = 3.5
"""Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers: 0.6745 · |x − median| / MAD above 3.5."""

LEAST_FACTOR = 1.5
"""A yearly change is flagged only where it is half as much again as the series' usual one, or more: a bad year that
all areas share is no error."""

SUM_TOLERANCE = 0.005
"""Districts that all reported should add up to the city's figure within half a per cent of it."""


@dataclass(frozen=True)
class Cell:
    """What is known of one indicator in one area and year; statuses as in `View.coverage`."""

    area: str
    indicator: str
    year: int
    status: str


@dataclass(frozen=True)
class Outlier:
    """A flagged figure: `change` on the year before as a share, `score` the rule's measure, `back` if the year after undid it.

    `rule` is growth_unlike_its_own (a yearly change unlike the series' own others) or count_fell (a cumulative count).
    """

    indicator: str
    area: str
    year: int
    value: float
    change: float
    score: float
    rule: str
    back: bool
    row: str


@dataclass(frozen=True)
class SumGap:
    """A year in which all districts reported and do not add up to the whole; `gap` is their sum minus it."""

    indicator: str
    year: int
    whole: float
    parts: float

    @property
    def gap(self) -> float:
        """Sum of the parts minus the whole."""
        return self.parts - self.whole


@dataclass(frozen=True)
class Quality:
    """The state of the figures that a page rests on; `sums_compared` counts the years in which all parts are known.

    `checked` is what the check of the ledger (`greenreport data check`) has against these figures, the worst first.
    """

    years: tuple[int, ...]
    cells: tuple[Cell, ...]
    restatements: tuple[Restatement, ...]
    late: tuple[Late, ...]
    outliers: tuple[Outlier, ...]
    sums: tuple[SumGap, ...]
    sums_compared: int
    bridges: tuple[Bridge, ...]
    checked: tuple[Finding, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is any figure at all."""
        return any(c.status not in ("missing", "absent") for c in self.cells)

    def having(self, *statuses: str) -> tuple[Cell, ...]:
        """The cells with one of these statuses."""
        return tuple(c for c in self.cells if c.status in statuses)


def quality(evidence: Evidence, areas: Sequence[Area], *, options: Options, whole: Area | None = None) -> Quality:
    """Look through the figures of some areas.

    Args:
        evidence: as known on the cut-off.
        areas: whose figures; several are also compared with each other.
        options: whether unconfirmed figures count, and bridges.
        whole: an area that the areas should add up to, if there is one.

    Returns:
        Coverage up to the last full year before the cut-off: an area owes a figure from the baseline year on, or from
        its own first one where that is earlier, of the indicators that it is asked for (`View.asked`); the baseline
        itself is owed too. Restatements of final figures, the largest first; late and missing figures since the
        baseline, among several areas; flagged figures; sums that do not add up; bridges declared for the areas;
        errors and warnings of the ledger's check about the rows of these areas.
    """
    key = ("quality", tuple(a.code for a in areas), options, whole.code if whole else None)
    return evidence.remember(key, lambda: _looked_through(evidence, areas, options, whole))


def _looked_through(evidence: Evidence, areas: Sequence[Area], options: Options, whole: Area | None) -> Quality:
    plan, codes = evidence.plan, [a.code for a in areas]
    ids = [i.id for i in plan.indicators]
    series = {(i.id, a.code): evidence.series(i, a, options).annual for i in plan.indicators for a in areas}
    cells = _cells(evidence, codes, ids, {key: points[0].year for key, points in series.items() if points})
    sums, compared = _sums(evidence, areas, whole, options)
    restated = evidence.view.restatements(areas=codes, indicators=ids)
    return Quality(
        years=tuple(range(min((c.year for c in cells), default=evidence.as_of.year), evidence.as_of.year)),
        cells=cells,
        restatements=tuple(sorted(restated, key=lambda r: -abs(r.change_pct or 0))),
        late=_late(evidence, codes),
        outliers=tuple(o for (i, a), points in series.items() for o in _outliers(plan.indicator(i), a, points)),
        sums=sums,
        sums_compared=compared,
        bridges=tuple(b for a in areas for b in evidence.roster.bridge(a.code)),
        checked=_checked(evidence, [*codes, whole.code] if whole else codes, ids),
    )


def _cells(
    evidence: Evidence, codes: Sequence[str], ids: Sequence[str], begun: Mapping[tuple[str, str], int]
) -> tuple[Cell, ...]:
    """What is known year by year, and what is owed and is not; `begun`: first year of (indicator, area)."""
    base = evidence.plan.baseline_year
    first = min((*begun.values(), base))
    asked = {code: evidence.view.asked(code) for code in codes}
    table = evidence.view.coverage(areas=codes, indicators=ids, years=tuple(range(first, evidence.as_of.year)))
    cells = (Cell(*row) for row in table.itertuples(index=False, name=None))
    return tuple(cell for cell in cells if _due(cell, asked, base, begun))


def _due(cell: Cell, asked: Mapping[str, frozenset[str]], base: int, begun: Mapping[tuple[str, str], int]) -> bool:
    """Whether a cell counts: what is known always does, a gap only where the area owes the figure."""
    if cell.status not in ("missing", "absent"):
        return True
    return cell.year >= min(begun.get((cell.indicator, cell.area), base), base) and cell.indicator in asked[cell.area]


def _late(evidence: Evidence, codes: Sequence[str]) -> tuple[Late, ...]:
    """Late and outstanding reports since the baseline, of what these areas are asked for; none of a single area."""
    if len(codes) < 2:
        return ()
    years = range(evidence.plan.baseline_year, evidence.as_of.year)
    asked = {code: evidence.view.asked(code) for code in codes}
    ids = [i.id for i in evidence.plan.indicators if any(i.id in a for a in asked.values())]
    return tuple(
        x for x in evidence.view.late(areas=codes, indicators=ids, years=years) if x.indicator in asked[x.area]
    )


def _checked(evidence: Evidence, codes: Sequence[str], ids: Sequence[str]) -> tuple[Finding, ...]:
    found = check_areas(evidence.view, codes, indicators=ids)
    rank = {"error": 0, "warning": 1}
    return tuple(
        sorted(
            (f for f in found if f.severity in rank and f.area),
            key=lambda f: (rank[f.severity], -f.size, f.check, f.indicator, f.area, f.period),
        )
    )


def _outliers(indicator: Indicator, area: str, points: Sequence[Point]) -> list[Outlier]:
    pairs = [(a, b) for a, b in pairwise(points) if b.year == a.year + 1]
    if indicator.is_count:
        return [_fell(indicator, area, a, b) for a, b in pairs if b.value < a.value]
    flagged = _unlike_their_own([(b, math.log(b.value / a.value)) for a, b in pairs if a.value > 0 and b.value > 0])
    growth = {point.year: g for point, g, _ in flagged}
    return [
        Outlier(
            indicator.id, area, point.year, point.value, math.expm1(g), score, "growth_unlike_its_own",
            growth.get(point.year + 1, 0.0) * g < 0, point.row,
        )
        for point, g, score in flagged
        if growth.get(point.year - 1, 0.0) * g >= 0  # the way back from a flagged figure is told with it
    ]  # fmt: skip


def _fell(indicator: Indicator, area: str, a: Point, b: Point) -> Outlier:
    change = b.value - a.value
    return Outlier(indicator.id, area, b.year, b.value, b.value / a.value - 1, change, "count_fell", False, b.row)


def _unlike_their_own(growth: Sequence[tuple[Point, float]]) -> list[tuple[Point, float, float]]:
    """Points whose logarithmic growth is unlike that of the others, with it and the modified z-score."""
    if len(growth) < 5:
        return []
    middle = median(g for _, g in growth)
    spread = median(abs(g - middle) for _, g in growth)
    return [
        (point, g, 0.6745 * abs(g - middle) / spread if spread else math.inf)
        for point, g in growth
        if abs(g - middle) >= math.log(LEAST_FACTOR) and 0.6745 * abs(g - middle) > MODIFIED_Z * spread
    ]


def _sums(
    evidence: Evidence, areas: Sequence[Area], whole: Area | None, options: Options
) -> tuple[tuple[SumGap, ...], int]:
    """Years in which the areas do not add up to the whole, and how many years could be compared."""
    if whole is None:
        return (), 0
    out, compared = [], 0
    for indicator in evidence.plan.indicators:
        if not indicator.additive:
            continue
        parts = [{p.year: p.value for p in evidence.series(indicator, a, options).annual} for a in areas]
        for point in evidence.series(indicator, whole, options).annual:
            known = [p[point.year] for p in parts if point.year in p]
            if len(known) < len(parts):
                continue
            compared += 1
            if abs(sum(known) - point.value) > SUM_TOLERANCE * abs(point.value):
                out.append(SumGap(indicator.id, point.year, point.value, sum(known)))
    return tuple(out), compared
