"""One indicator of one area as one set of choices reads the evidence: its history, where its way begins, its targets.

Looks up and divides; forecasts and grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Options
from greenreport.observations import Said, Series
from greenreport.plan import Indicator, Target
from greenreport.progress import ALLOCATION_REASONS, allocate, is_met

__all__ = ["TARGET_REASONS", "Case", "Start"]

TARGET_REASONS = (*ALLOCATION_REASONS, "no_derived_target", "no_city_figure", "no_increase_left")
"""Every reason why an area has no derived target."""


class Start(NamedTuple):
    """The year and the value from which an area's way to a target is measured."""

    year: int
    value: float


class Case(NamedTuple):
    """One indicator of one area, as one set of choices reads the evidence."""

    evidence: Evidence
    indicator: Indicator
    area: Area
    options: Options

    @property
    def whole(self) -> bool:
        """Whether the area is the one planned for."""
        return self.area.code == self.evidence.plan.area

    @property
    def national(self) -> bool:
        """Whether it is the nation: the page is context."""
        return self.area.kind == "nation"

    @property
    def series(self) -> Series:
        """Its history."""
        return self.evidence.series(self.indicator, self.area, self.options)

    @property
    def said(self) -> tuple[Said, ...]:
        """Growth rates, means and sums published beside the levels, in the order of the ledger."""
        id = self.indicator.national_series if self.national else self.indicator.id
        return self.evidence.view.said(id, self.area.code, grades=self.options.grades)

    @property
    def increments(self) -> Series | None:
        """What a cumulative count gained in each year, as published without its stock; None where nothing is."""
        id = self.indicator.increments
        if id is None or id not in self.evidence.ledger.context:
            return None
        return self.evidence.published(id, self.area, self.options)

    def under(self, **options: Any) -> Case:
        """The same under other choices."""
        return self._replace(options=replace(self.options, **options))

    def of(self, area: Area) -> Case:
        """The same of another area."""
        return self._replace(area=area)

    @property
    def baseline(self) -> Start | None:
        """Where the area's way begins: the plan's own baseline, else the first figure from the baseline year on.

        None where that is not before the first target year; a later year is told (`base_year_differs`).
        """
        year, first_target = self.indicator.baseline.year, min(self.indicator.target_years)
        if self.whole and self.indicator.baseline.value is not None:
            return Start(year, self.indicator.baseline.value)
        points = self.series.annual
        start = next((Start(p.year, p.value) for p in points if year <= p.year < first_target), None)
        if start is not None and start.year != year and self.options.comparable:
            # Levels that can't be linked back were sent all the same: the figure is not missing, only not comparable.
            return start if self.under(comparable=False).series.in_year(year) is None else None
        return start

    @property
    def counted_otherwise(self) -> bool:
        """Whether all full years known since the baseline count something else than the plan does (another scope)."""
        published = self.evidence.view.scopes.get((self.indicator.id, self.area.code), ())
        own = self.indicator.scope or ""
        return any(year > self.indicator.baseline.year and scope != own for year, scope in published)

    def targets(self) -> Iterator[tuple[Target, float | None, str | None]]:
        """Every target with its level for the area, and the key that derived it or the reason why there is none.

        A district's own target, from the ledger, wins over one derived from the city's.
        """
        for target in self.indicator.targets:
            own = None
            if target.origin == "table" and not self.whole:
                own = self.evidence.own_target(self.indicator, self.area, target.year)
            if self.whole or own is not None:
                yield target, target.value if own is None else own, None
            elif target.value is None:
                yield target, None, "no_own_target"
            else:
                yield target, *self._derived(target.value)

    def _derived(self, city_target: float) -> tuple[float | None, str]:
        """A district's share of a city target, and the key or the reason why there is none.

        The increase is divided, not the level (progress.allocate); a district measured from a later year than the plan's
        takes its share of what was left to be added then. What does not add up (shares, rates) is never divided: the
        city's level holds for each district, where the plan says so, whatever key an analyst chooses.
        """
        indicator, chosen = self.indicator, self.options.allocation
        key = chosen if chosen != "plan" and indicator.additive else indicator.allocation
        if key == "none" or indicator.allocation == "none":  # what the plan does not share out, no other key does
            return None, "no_derived_target"
        if key == "same":
            return (None, "no_derived_target") if indicator.additive else (city_target, key)
        if not indicator.additive:
            return None, "not_additive"
        start, city = self.baseline, indicator.baseline.value
        if start is None or city is None:
            return None, "missing_base"
        if start.year != indicator.baseline.year:
            then = self.of(self.evidence.roster.city).series.in_year(start.year)
            if then is None:
                return None, "no_city_figure"
            city = then.value
            if is_met(city, city_target, indicator.direction):
                return None, "no_increase_left"
        found = allocate(
            self.area.code,
            base=start.value,
            city_base=city,
            city_target=city_target,
            key=key,
            population={d.code: d.population for d in self.evidence.districts},
            integers=indicator.is_count,
        )
        return found.value, found.reason or key
