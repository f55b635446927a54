"""What was known on a day: series of figures, the rows behind a page, restatements, coverage, late reporters.

Must not know files, nor any indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from greenreport.areas import Bridge
from greenreport.observations.check import same_key
from greenreport.observations.schema import FIGURES, GRADES
from greenreport.observations.series import Point, Series

if TYPE_CHECKING:
    from greenreport.observations.ledger import Ledger

__all__ = ["Late", "Restatement", "View"]

Basis = Literal["published", "comparable"]
PUBLISHED_GRADES = ("A", "B", "S")


@dataclass(frozen=True)
class Restatement:
    """A figure that a later vintage changed; `change_pct` is None where the old value was zero."""

    indicator: str
    area: str
    scope: str
    period: str
    old: float
    old_vintage: date
    new: float
    new_vintage: date
    change_pct: float | None
    row: str


@dataclass(frozen=True)
class Late:
    """A yearly figure that came long after the others', or has not come (`vintage` and `days` None).

    `usual` is the median day on which the other areas' figures of that year became known.
    """

    indicator: str
    area: str
    year: int
    usual: date
    vintage: date | None
    days: int | None


class View:
    """The ledger as it was known on `day`. Make one with `Ledger.as_of`."""

    def __init__(self, ledger: Ledger, day: date) -> None:
        self.ledger = ledger
        self.day = day
        known = ledger.frame["vintage"] <= np.datetime64(day, "s")
        self._all = ledger.frame if known.all() else ledger.frame[known.to_numpy()].reset_index(drop=True)
        self._slices = _slices(self._all)
        self._columns: dict[str, Any] = {c: _reader(self._all[c]) for c in self._all.columns}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The latest vintage of every indicator, area, scope, period and kind; columns as in `Ledger.frame`."""
        last = np.ones(len(self._all), dtype=bool)
        last[:-1] = ~same_key(self._all)[1:]
        return self._all[last].reset_index(drop=True)

    def series(
        self,
        indicator: str,
        area: str,
        *,
        grades: Collection[str] = PUBLISHED_GRADES,
        basis: Basis = "published",
        bridge: bool = True,
        scope: str | None = None,
    ) -> Series:
        """The figures of one indicator in one area: observed and provisional ones, never derived.

        Args:
            indicator: id of an indicator of the plan or of the ledger's context.
            area: code.
            grades: which grades count; the latest vintage among these is taken.
            basis: "published" gives levels as published. "comparable" starts from the latest full-year level and goes
                back through the growth rates published with each year, as far as they reach; its points before the
                latest have the kind "derived". It uses the area's own rows only.
            bridge: continue a new area's series by its predecessors, as the roster declares.
            scope: the coverage; None: that of the plan's indicator, else the ledger's default ("").

        Returns:
            A series, empty where nothing is known.
        """
        wanted = self._scope(indicator) if scope is None else scope
        points = self._points(indicator, area, frozenset(grades), wanted)
        if basis == "comparable":
            points = _comparable(points)
        elif bridge and (bridges := self.ledger.roster.bridge(area)):
            points = _bridged(
                points,
                bridges,
                [self.series(indicator, b.predecessor, grades=grades, scope=wanted) for b in bridges],
            )
        return Series(indicator, area, tuple(sorted(points, key=lambda p: (p.year, p.months))), wanted, basis)

    def rows(self, *, areas: Sequence[str], indicators: Collection[str] | None = None) -> pd.DataFrame:
        """All rows known on the day, every vintage, that a page about these areas reads, predecessors included."""
        codes = set(areas)
        queue = list(areas)
        while queue:
            for b in self.ledger.roster.bridge(queue.pop()):
                if b.predecessor not in codes:
                    codes.add(b.predecessor)
                    queue.append(b.predecessor)
        keep = self._all["area"].isin(codes)
        if indicators is not None:
            keep &= self._all["indicator"].isin(list(indicators))
        return self._all[keep].reset_index(drop=True)

    def indicators(self, area: str) -> tuple[str, ...]:
        """Ids of the indicators with any observed or provisional figure in this area, in alphabetical order."""
        rows = self._all[self._all["area"] == area]
        return tuple(sorted(rows.loc[rows["kind"].isin(FIGURES), "indicator"].unique()))

    def targets(self, indicator: str, area: str) -> pd.DataFrame:
        """Target rows of other documents for this indicator and area (latest vintage of each), as in `frame`."""
        f = self.frame
        keep = (f["kind"] == "target") & (f["indicator"] == indicator) & (f["area"] == area)
        return f[keep].reset_index(drop=True)

    def restatements(
        self,
        *,
        areas: Collection[str] | None = None,
        indicators: Collection[str] | None = None,
        at_least_pct: float = 0.0,
        provisional: bool = False,
    ) -> tuple[Restatement, ...]:
        """Figures that a later vintage changed, by `at_least_pct` per cent or more, in order of key and vintage.

        That a final figure replaces a provisional one is expected and left out, unless `provisional` is set.
        """
        f = self._all
        changed = same_key(f) & f["kind"].isin(FIGURES).to_numpy()
        if not provisional:
            changed[1:] &= (f["kind"] != "provisional").to_numpy()[:-1]
        values = f["value"].to_numpy()
        changed[1:] &= values[1:] != values[:-1]
        if areas is not None:
            changed &= f["area"].isin(list(areas)).to_numpy()
        if indicators is not None:
            changed &= f["indicator"].isin(list(indicators)).to_numpy()
        out = []
        for i in np.flatnonzero(changed):
            old, new = float(values[i - 1]), float(values[i])
            pct = (new / old - 1) * 100 if old else None
            if pct is None or abs(pct) >= at_least_pct:
                get = self._at(int(i))
                before = self._at(int(i) - 1)
                out.append(
                    Restatement(
                        get("indicator"),
                        get("area"),
                        get("scope"),
                        get("period"),
                        old,
                        _day(before("vintage")),
                        new,
                        _day(get("vintage")),
                        pct,
                        f"{get('file')}:{get('row')}",
                    )
                )
        return tuple(out)

    def coverage(self, *, areas: Sequence[str], indicators: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
        """What is known for each area, indicator and year.

        Returns:
            Columns area, indicator, year, status: "observed", "provisional", "unconfirmed" (grade C only), "bridged",
            "part" (only part of the year), "missing", or "absent" (the area did not exist and nothing bridges it).
        """
        out = []
        for area in areas:
            for indicator in indicators:
                points = self.series(indicator, area, grades=GRADES).points
                full = {p.year: p for p in points if p.months == 12}
                part = {p.year for p in points if p.months < 12}
                out += [(area, indicator, y, self._status(area, y, full.get(y), y in part)) for y in years]
        return pd.DataFrame(out, columns=["area", "indicator", "year", "status"])

    def late(
        self, *, areas: Sequence[str], indicators: Sequence[str], years: Sequence[int], days: int = 45
    ) -> tuple[Late, ...]:
        """Yearly figures first known more than `days` days after the median of the areas, or not at all.

        A year counts only where at least half of the areas have reported.
        """
        f = self._all
        keep = f["area"].isin(list(areas)) & f["indicator"].isin(list(indicators)) & f["kind"].isin(FIGURES)
        keep &= (f["months"] == 12) & f["year"].isin(list(years)) & (f["scope"] == "")
        first: dict[tuple[str, int], dict[str, date]] = {}
        for i in np.flatnonzero(keep.to_numpy()):
            get = self._at(int(i))
            group = first.setdefault((get("indicator"), int(get("year"))), {})
            # Rows are in order of vintage within a key: the first one seen is the first one known.
            group.setdefault(get("area"), _day(get("vintage")))
        out: list[Late] = []
        for (indicator, year), known in sorted(first.items()):
            last = date(year, 12, 31)
            expected = [a for a in areas if self.ledger.roster.area(a).valid_on(last)]
            if 2 * sum(a in known for a in expected) < len(expected):
                continue
            usual = sorted(known.values())[(len(known) - 1) // 2]
            for a in expected:
                seen = known.get(a)
                gap = (seen - usual).days if seen else None
                if (gap is not None and gap > days) or (gap is None and (self.day - usual).days > days):
                    out.append(Late(indicator, a, year, usual, seen, gap))
        return tuple(out)

    def _scope(self, indicator: str) -> str:
        plan, context = self.ledger.plan, self.ledger.context
        # The plan names series that a ledger may lack: nothing is known of them, which is no mistake.
        named = {i.series for i in plan.indicators} | {g.series for g in plan.goals}
        if indicator in context or (indicator in named and all(i.id != indicator for i in plan.indicators)):
            return ""
        return plan.indicator(indicator).scope or ""

    def _at(self, i: int) -> Any:
        return lambda column: self._columns[column](i)

    def _points(self, indicator: str, area: str, grades: frozenset[str], scope: str) -> list[Point]:
        """The latest figure of each year and year to date, among the grades wanted."""
        lo, hi = self._slices.get((indicator, area), (0, 0))
        read = self._columns
        latest: dict[tuple[int, int], Point] = {}
        for i in range(lo, hi):
            months = read["months"](i)
            kind, grade = read["kind"](i), read["grade"](i)
            if not months or kind not in FIGURES or grade not in grades or read["scope"](i) != scope:
                continue
            year, value, growth = int(read["year"](i)), float(read["value"](i)), float(read["growth_pct"](i))
            before = latest.get((year, months))
            latest[year, months] = Point(
                year=year,
                value=value,
                kind=kind,
                grade=grade,
                vintage=_day(read["vintage"](i)),
                period=read["period"](i),
                source=read["source"](i),
                address=read["source_address"](i),
                note=read["note"](i),
                row=f"{read['file'](i)}:{read['row'](i)}",
                provisional=kind == "provisional",
                unconfirmed=grade == "C",
                bridged=False,
                restated_from=before.value if before and not before.provisional and before.value != value else None,
                months=int(months),
                growth_pct=None if np.isnan(growth) else growth,
            )
        return list(latest.values())

    def _status(self, area: str, year: int, full: Point | None, part: bool) -> str:
        if full is not None:
            if full.bridged:
                return "bridged"
            if full.unconfirmed:
                return "unconfirmed"
            return "provisional" if full.provisional else "observed"
        if part:
            return "part"
        exists = self.ledger.roster.area(area).overlaps(date(year, 1, 1), date(year, 12, 31))
        return "missing" if exists else "absent"


def _comparable(points: list[Point]) -> list[Point]:
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


def _bridged(own: list[Point], bridges: Sequence[Bridge], before: Sequence[Series]) -> list[Point]:
    """The own points, and before them the weighted sums of all predecessors; what one of them lacks is a gap."""
    have = {(p.year, p.months) for p in own}
    found = [{(p.year, p.months): p for p in s.points} for s in before]
    common = set.intersection(*(set(f) for f in found)) - have
    out = list(own)
    for key in sorted(common):
        parts = [f[key] for f in found]
        if any(date(key[0], 1, 1) >= b.from_date for b in bridges):
            continue
        provisional = any(p.provisional for p in parts)
        out.append(
            Point(
                year=key[0],
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
                months=key[1],
            )
        )
    return out


def _slices(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Where the rows of each indicator and area stand in sorted rows: [first, last + 1)."""
    if frame.empty:
        return {}
    i, a = frame["indicator"].cat.codes.to_numpy(), frame["area"].cat.codes.to_numpy()
    starts = np.flatnonzero(np.r_[True, (i[1:] != i[:-1]) | (a[1:] != a[:-1])])
    ends = np.r_[starts[1:], len(frame)]
    names, codes = frame["indicator"].cat.categories, frame["area"].cat.categories
    return {(names[i[s]], codes[a[s]]): (int(s), int(e)) for s, e in zip(starts, ends, strict=True)}


def _reader(column: pd.Series) -> Any:
    """A function row number → value; category texts are looked up, never spread out in memory."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, texts = column.cat.codes.to_numpy(), column.cat.categories.to_numpy()
        return lambda i: texts[codes[i]]
    values = column.to_numpy()
    return lambda i: values[i]


def _day(value: np.datetime64) -> date:
    return value.astype("datetime64[D]").item()
