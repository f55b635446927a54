"""What was known on a day: series of figures, the rows behind a page, restatements, coverage, late reporters.

Must not know files, nor any indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.observations.boundary_changes import bridged, comparable
from greenreport.observations.check import same_key
from greenreport.observations.period import parse_period
from greenreport.observations.schema import FIGURES, GRADES
from greenreport.observations.series import Late, Point, Restatement, Said, Series

if TYPE_CHECKING:
    from greenreport.observations.ledger import Ledger

__all__ = ["PUBLISHED_GRADES", "View"]

Basis = Literal["published", "comparable"]
PUBLISHED_GRADES = ("A", "B", "R", "S")
_SAID = ("growth", "mean", "sum")
_NO_DELAY = 45
"""Days after the median of the areas by which a figure may come."""


class View:
    """The ledger as it was known on `day`. Make one with `Ledger.as_of`."""

    def __init__(self, ledger: Ledger, day: date) -> None:
        self.ledger = ledger
        self.day = day
        known = ledger.frame["vintage"] <= np.datetime64(day, "s")
        self._all = ledger.frame if known.all() else ledger.frame[known.to_numpy()].reset_index(drop=True)
        self._slices = _slices(self._all)
        self._raw = {c: _codes_or_values(self._all[c]) for c in self._all.columns}
        self._tables: dict[tuple[str, frozenset[str]], npt.NDArray[np.bool_]] = {}
        self._texts = {c: _texts(self._all[c]) for c in self._all.columns}

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The latest vintage of every indicator, area, scope, period and kind; columns as in `Ledger.frame`."""
        last = np.ones(len(self._all), dtype=bool)
        last[:-1] = ~same_key(self._all)[1:]
        return self._all[last].reset_index(drop=True)

    @cached_property
    def first_published(self) -> date | None:
        """The day on which the first figure became known, targets aside; None where there is none."""
        figures = self._all.loc[self._all["kind"] != "target", "vintage"]
        return figures.min().date() if len(figures) else None

    @cached_property
    def own_targets(self) -> dict[tuple[str, str, int], float]:
        """Targets that areas have set themselves (rows of kind `target`) by indicator, area and year."""
        rows = self.frame
        rows = rows[(rows["kind"] == "target") & (rows["months"] == 12)].sort_values("vintage", kind="stable")
        keys = zip(rows["indicator"], rows["area"], rows["year"], strict=True)
        return {(i, a, int(y)): float(v) for (i, a, y), v in zip(keys, rows["value"], strict=True)}

    @cached_property
    def scopes(self) -> dict[tuple[str, str], set[tuple[int, str]]]:
        """Years and scopes of the figures published of full years, by indicator and area."""
        rows = self.frame[self.frame["kind"].isin(FIGURES) & (self.frame["months"] == 12)]
        found: dict[tuple[str, str], set[tuple[int, str]]] = {}
        for indicator, area, year, scope in rows[["indicator", "area", "year", "scope"]].to_numpy():
            found.setdefault((indicator, area), set()).add((year, scope))
        return found

    def asked(self, area: str) -> frozenset[str]:
        """The indicators whose figures the area with this code is asked for.

        The area planned for reports what has a target for it; the others what the plan shares out, and what they have
        targets of their own for: of the rest they have no part, so that nothing of it is missing from them.

        Args:
            area: its code.

        Returns:
            Ids.
        """
        plan = self.ledger.plan
        if area == plan.area:
            return frozenset(i.id for i in plan.indicators if i.of_whole)
        own = self._targeted.get(area, frozenset())
        return own | {i.id for i in plan.indicators if i.allocation != "none"}

    @cached_property
    def _targeted(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for indicator, area, _ in self.own_targets:
            found.setdefault(area, set()).add(indicator)
        return {area: frozenset(ids) for area, ids in found.items()}

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
            points = comparable(points)
        elif bridge and (bridges := self.ledger.roster.bridge(area)):
            points = bridged(
                points,
                bridges,
                [self.series(indicator, b.predecessor, grades=grades, scope=wanted) for b in bridges],
            )
        return Series(indicator, area, tuple(sorted(points, key=lambda p: (p.year, p.months))), wanted, basis)

    def said(self, indicator: str, area: str, *, grades: Collection[str]) -> tuple[Said, ...]:
        """Growth rates, means and sums published of an indicator in an area, in order of time.

        Festival weeks and other intervals that are no years or years to date are left out.

        Args:
            indicator: as for [series]; so are `area` and `grades`.
            area: code.
            grades: which grades count.

        Returns:
            What was said, the latest vintage of each kind and period.
        """
        wanted = self._scope(indicator)
        lo, hi = self._slices.get((indicator, area), (0, 0))
        raw = self._raw
        keep = np.ones(hi - lo, dtype=bool)
        for column, texts in (("kind", _SAID), ("grade", tuple(grades)), ("scope", (wanted,))):
            keep &= self._wanted(column, frozenset(texts))[raw[column][lo:hi]]
        latest: dict[tuple[str, str], Said] = {}
        for i in lo + np.flatnonzero(keep):  # rows of a key are in order of vintage: the last one stands
            get = self._at(int(i))
            period = parse_period(get("period"))
            if period is None or (not period.months and (period.first.month, period.last.month) != (1, 12)):
                continue
            latest[get("kind"), get("period")] = Said(
                first=period.first.year, last=period.last.year, months=period.months or 12, **_told(get)
            )
        return tuple(sorted(latest.values(), key=lambda s: (s.last, s.months, s.first, s.kind)))

    def rows(self, *, areas: Sequence[str], indicators: Collection[str] | None = None) -> pd.DataFrame:
        """All rows known on the day, every vintage, that a page about these areas reads, predecessors included.

        Args:
            areas: codes.
            indicators: ids; None: all.

        Returns:
            Columns as in `Ledger.frame`.
        """
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

    def restatements(self, *, areas: Collection[str], indicators: Collection[str]) -> tuple[Restatement, ...]:
        """Figures that a later vintage changed, in order of key and vintage.

        That a final figure replaces a provisional one is expected and left out.

        Args:
            areas: codes.
            indicators: ids.

        Returns:
            The changes.
        """
        f = self._all
        changed = same_key(f) & f["kind"].isin(FIGURES).to_numpy()
        changed[1:] &= (f["kind"] != "provisional").to_numpy()[:-1]
        values = f["value"].to_numpy()
        changed[1:] &= values[1:] != values[:-1]
        changed &= f["area"].isin(list(areas)).to_numpy() & f["indicator"].isin(list(indicators)).to_numpy()
        out = []
        for i in np.flatnonzero(changed):
            old, new = float(values[i - 1]), float(values[i])
            get, before = self._at(int(i)), self._at(int(i) - 1)
            key = (get("indicator"), get("area"), get("scope"), get("period"))
            days = (_day(before("vintage")), _day(get("vintage")))
            pct = (new / old - 1) * 100 if old else None
            out.append(Restatement(*key, old, days[0], new, days[1], pct, f"{get('file')}:{get('row')}"))
        return tuple(out)

    def coverage(self, *, areas: Sequence[str], indicators: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
        """What is known for each area, indicator and year.

        Args:
            areas: codes, predecessors in a bridge not among them.
            indicators: ids.
            years: calendar years.

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

    def late(self, *, areas: Sequence[str], indicators: Sequence[str], years: Sequence[int]) -> tuple[Late, ...]:
        """Yearly figures first known more than 45 days after the median of the areas, or not at all.

        A year counts only where at least half of the areas have reported.

        Args:
            areas: codes.
            indicators: ids.
            years: calendar years.

        Returns:
            The late ones by indicator, year and area.
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
                if (gap if gap is not None else (self.day - usual).days) > _NO_DELAY:
                    out.append(Late(indicator, a, year, usual, seen, gap))
        return tuple(out)

    def _scope(self, indicator: str) -> str:
        plan, context = self.ledger.plan, self.ledger.context
        # The plan names series that a ledger may lack: nothing is known of them, which is no mistake.
        named = {i.series for i in plan.indicators} | {g.series for g in plan.goals}
        if indicator in context or (indicator in named and all(i.id != indicator for i in plan.indicators)):
            return ""
        return plan.indicator(indicator).scope or ""

    def _at(self, i: int) -> Callable[[str], Any]:
        """A function column → value in row `i`; category texts are looked up, never spread out in memory."""

        def get(column: str) -> Any:
            texts, value = self._texts[column], self._raw[column][i]
            return value if texts is None else texts[value]

        return get

    def _points(self, indicator: str, area: str, grades: frozenset[str], scope: str) -> list[Point]:
        """The latest figure of each year and year to date, among the grades wanted."""
        lo, hi = self._slices.get((indicator, area), (0, 0))
        raw = self._raw
        keep = raw["months"][lo:hi] > 0
        for column, wanted in (("kind", FIGURES), ("grade", grades), ("scope", (scope,))):
            keep &= self._wanted(column, frozenset(wanted))[raw[column][lo:hi]]
        rows = lo + np.flatnonzero(keep)
        keys = raw["year"][rows].astype(np.int32) * 100 + raw["months"][rows]
        last = np.flatnonzero(np.r_[keys[1:] != keys[:-1], True]) if len(keys) else ()
        return [self._point(int(rows[n]), int(rows[n - 1]) if n and keys[n - 1] == keys[n] else None) for n in last]

    def _wanted(self, column: str, texts: frozenset[str]) -> npt.NDArray[np.bool_]:
        """For each category of a column, whether it is among `texts`."""
        if (column, texts) not in self._tables:
            self._tables[column, texts] = np.array([t in texts for t in self._all[column].cat.categories], dtype=bool)
        return self._tables[column, texts]

    def _point(self, i: int, before: int | None) -> Point:
        """Row `i` as a point; `before` is the row of the vintage before it."""
        get = self._at(i)
        value, growth, old = float(get("value")), float(get("growth_pct")), None
        if before is not None and self._at(before)("kind") != "provisional":
            earlier = float(self._at(before)("value"))
            old = earlier if earlier != value else None
        return Point(
            year=int(get("year")),
            **_told(get),
            provisional=get("kind") == "provisional",
            unconfirmed=get("grade") == "C",
            bridged=False,
            restated_from=old,
            months=int(get("months")),
            growth_pct=None if np.isnan(growth) else growth,
        )

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


def _slices(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """Where the rows of each indicator and area stand in sorted rows: [first, last + 1)."""
    if frame.empty:
        return {}
    i, a = frame["indicator"].cat.codes.to_numpy(), frame["area"].cat.codes.to_numpy()
    starts = np.flatnonzero(np.r_[True, (i[1:] != i[:-1]) | (a[1:] != a[:-1])])
    ends = np.r_[starts[1:], len(frame)]
    names, codes = frame["indicator"].cat.categories, frame["area"].cat.categories
    return {(names[i[s]], codes[a[s]]): (int(s), int(e)) for s, e in zip(starts, ends, strict=True)}


def _codes_or_values(column: pd.Series) -> npt.NDArray[Any]:
    is_text = isinstance(column.dtype, pd.CategoricalDtype)
    return column.cat.codes.to_numpy() if is_text else column.to_numpy()


def _texts(column: pd.Series) -> npt.NDArray[Any] | None:
    is_text = isinstance(column.dtype, pd.CategoricalDtype)
    return column.cat.categories.to_numpy() if is_text else None


def _told(get: Callable[[str], Any]) -> dict[str, Any]:
    """What points and statements say of their row alike."""
    return {
        "kind": get("kind"),
        "value": float(get("value")),
        "grade": get("grade"),
        "vintage": _day(get("vintage")),
        "period": get("period"),
        "source": get("source"),
        "address": get("source_address"),
        "note": get("note"),
        "row": f"{get('file')}:{get('row')}",
    }


def _day(value: np.datetime64) -> date:
    out: date = value.astype("datetime64[D]").item()
    return out
