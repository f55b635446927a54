"""Two declared ways to make figures comparable: back through published growth, and across a change of the roster.

Levels of different vintages are never chained. Knows points only, no files and no plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from greenreport.areas import Bridge
from greenreport.observations.series import Point, Series

__all__ = ["bridged", "comparable"]


def comparable(points: list[Point]) -> list[Point]:
    """Back from the latest full-year level: y(t−1) = y(t) / (1 + growth(t)); stops where no growth was published."""
    annual = {p.year: p for p in points if p.months == 12}
    if not annual:
        return []
    here = annual[max(annual)]
    out = [here]
    while here.growth_pct is not None and here.growth_pct > -100:
        known = annual.get(here.year - 1)
        out.append(
            replace(
                here,
                year=here.year - 1,
                value=out[-1].value / (1 + here.growth_pct / 100),
                kind="derived",
                grade="D",
                period=str(here.year - 1),
                note="comparable",
                restated_from=None,
                growth_pct=known.growth_pct if known else None,
            )
        )
        if known is None:
            break
        here = known
    return out


def bridged(own: list[Point], bridges: Sequence[Bridge], before: Sequence[Series]) -> list[Point]:
    """The own points, and before them the weighted sums of all predecessors; what one of them lacks is a gap."""
    have = {(p.year, p.months) for p in own}
    found = [{(p.year, p.months): p for p in s.points} for s in before]
    common = set.intersection(*(set(f) for f in found)) - have
    begins = min(b.from_date for b in bridges)
    return own + [_sum([f[key] for f in found], bridges) for key in sorted(common) if date(key[0], 1, 1) < begins]


def _sum(parts: Sequence[Point], bridges: Sequence[Bridge]) -> Point:
    """The weighted sum of one period's figures; no better than the worst of them."""
    provisional = any(p.provisional for p in parts)
    return Point(
        year=parts[0].year,
        value=sum(b.weight * p.value for b, p in zip(bridges, parts, strict=True)),
        kind="provisional" if provisional else "observed",
        grade=max(p.grade for p in parts),
        vintage=max(p.vintage for p in parts),
        period=parts[0].period,
        source="; ".join(dict.fromkeys(p.source for p in parts)),
        address="; ".join(dict.fromkeys(p.address for p in parts)),
        note="bridged",
        row="; ".join(p.row for p in parts),
        provisional=provisional,
        unconfirmed=any(p.unconfirmed for p in parts),
        bridged=True,
        restated_from=None,
        months=parts[0].months,
    )
