"""What an evaluation rests on: the plan, the roster and the ledger as known on one day.

Reads and looks up; forecasts and grades nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from greenreport.addresses import LedgerAddress
from greenreport.areas import Area, Roster, load_roster
from greenreport.assess import warm
from greenreport.assess.model import Options
from greenreport.errors import RequestError
from greenreport.observations import FIGURES, PUBLISHED_GRADES, Ledger, Said, Series, View
from greenreport.plan import Indicator, Plan, Target, load_plan
from greenreport.progress import ALLOCATION_REASONS, allocate, is_met
from greenreport.project import find
from greenreport.tasks import TaskLedger, load_tasks
from greenreport.words import error

__all__ = ["TARGET_REASONS", "Case", "Evidence", "Start"]

TARGET_REASONS = (*ALLOCATION_REASONS, "no_derived_target", "no_city_figure", "no_increase_left")
"""Every reason why an area has no derived target."""

_ALL_GRADES = (*PUBLISHED_GRADES, "C")
T = TypeVar("T")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise error(RequestError, "error.choice.no_day", field="as_of", text=text) from None


class Start(NamedTuple):
    """The year and the value from which an area's way to a target is measured."""

    year: int
    value: float


@dataclass(frozen=True)
class Evidence:
    """The plan, the roster and the ledger as known on `as_of`; open it with [Evidence.load].

    Args:
        plan: the plan.
        roster: its areas.
        ledger: the figures.
        as_of: data cut-off.
        tasks: what was reported of the plan's tasks.
    """

    plan: Plan
    roster: Roster
    ledger: Ledger
    as_of: date
    tasks: TaskLedger = field(default_factory=TaskLedger)

    @classmethod
    def load(cls, *, plan: str | Path, areas: str | Path, data: str | Path, as_of: str | date) -> Evidence:
        """Read plan, roster and ledger.

        Args:
            plan: folder of the plan; a relative path is looked up in the working folder, then in the project.
            areas: folder of the roster, likewise.
            data: the ledger: a folder or csv file, likewise; or another store's address, such as parquet:FOLDER, a .duckdb
                file or postgresql+psycopg://host/database (credentials from the environment only).
            as_of: data cut-off, a day or its ISO form; later vintages are not looked at.

        Returns:
            The evidence as known on the day.

        Raises:
            DataError: a file is missing or wrong; the message names file, row, field and remedy.
        """
        day = _day(as_of) if isinstance(as_of, str) else as_of
        if (ready := warm.take(plan=plan, areas=areas, data=data, day=day)) is not None:
            return cast(Evidence, ready)
        the_plan, roster = load_plan(plan), load_roster(areas)
        from greenreport.stores import open_ledger

        address = LedgerAddress.of(data)
        if address.in_files:
            address = replace(address, path=find(address.path))
        ledger = open_ledger(address, plan=the_plan, roster=roster)
        return cls(the_plan, roster, ledger, day, load_tasks(address.folder, plan=the_plan))

    @cached_property
    def view(self) -> View:
        """The ledger as it was known on the day."""
        return self.ledger.as_of(self.as_of)

    def said(self, indicator: Indicator, area: Area, options: Options) -> tuple[Said, ...]:
        """Growth rates, means and sums published beside the levels, looked up as [series] does.

        Args:
            indicator: an indicator of the plan.
            area: the area.
            options: the analyst's choices.

        Returns:
            The statements, in the order of the ledger.
        """
        return self.view.said(_wanted(indicator, area), area.code, grades=_grades(options))

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was worked out of this evidence once, worked out no more.

        Args:
            key: names the work and what it depends on besides the evidence.
            make: does the work.

        Returns:
            What `make` gave, now or the first time.
        """
        if key not in self._worked_out:
            self._worked_out[key] = make()
        return cast(T, self._worked_out[key])

    @cached_property
    def _worked_out(self) -> dict[Hashable, object]:
        return {}

    def known_on(self, day: date) -> Evidence:
        """The same evidence as it was known on another day.

        Args:
            day: the data cut-off.

        Returns:
            The evidence of that day.
        """
        return self if day == self.as_of else self.remember(("day", day), lambda: replace(self, as_of=day))

    def area(self, text: str) -> Area:
        """The area of a code or name; AreaError, with the candidates, where none has it on the day, or several.

        Args:
            text: a code or a name, in Chinese or English.

        Returns:
            The area, as valid on the day of the evidence.
        """
        return self.roster.find(text, day=self.as_of)

    def plan_for(self, area: Area) -> Plan:
        """The plan as it applies to an area: for the nation, its indicators under the nation's own names and units.

        Indicators of which the ledger holds nothing for the nation are left out there: the page is context. A part is
        spared those that only parts have targets of, where it has neither a target nor a figure, and has the others
        without the word for the whole: a district's total is not 全市's.

        Args:
            area: the area.

        Returns:
            The plan with the indicators that concern the area.
        """
        if area.kind != "nation" and area.code == self.plan.area:
            return self.plan
        if area.kind != "nation":
            mine = tuple(i for i in self.plan.indicators if self._concerns(i, area))
            return (replace(self.plan, indicators=mine) if mine else self.plan).of_part()
        own = []
        for i in self.plan.indicators:
            if not self.view.series(i.national_series, area.code, grades=_ALL_GRADES).points:
                continue
            context = self.ledger.context.get(i.national_series)
            own.append(i if context is None else replace(i, name=context.name, short=context.name, unit=context.unit))
        return replace(self.plan, indicators=tuple(own))

    def _concerns(self, indicator: Indicator, area: Area) -> bool:
        return (
            indicator.of_whole
            or indicator.id in self.view.asked(area.code)
            or bool(self.view.series(indicator.id, area.code, grades=_ALL_GRADES).points)
        )

    @cached_property
    def districts(self) -> tuple[Area, ...]:
        """The districts valid on the day, in protocol order, without the zone bodies that overlap them."""
        return self.roster.on(self.as_of)

    def series(self, indicator: Indicator, area: Area, options: Options) -> Series:
        """The history of one indicator in one area; for the nation, the series that it publishes of it.

        Args:
            indicator: an indicator of the plan.
            area: the area.
            options: the analyst's choices.

        Returns:
            The series, in the ledger's unit.
        """
        return self._of(_wanted(indicator, area), area, options)

    def increments(self, indicator: Indicator, area: Area, options: Options) -> Series | None:
        """What a cumulative count gained in each year, as published without its stock; None where nothing is.

        Args:
            indicator: an indicator of the plan.
            area: the area.
            options: the analyst's choices.

        Returns:
            The series of additions, a count per year.
        """
        wanted = indicator.increments
        return self._of(wanted, area, options) if wanted is not None and wanted in self.ledger.context else None

    def _of(self, wanted: str, area: Area, options: Options) -> Series:
        # Every district's target rests on every district's baseline: what was looked up once is kept.
        return self.remember(
            ("series", wanted, area.code, options.use_unconfirmed, options.comparable, options.bridge),
            lambda: self.view.series(
                wanted,
                area.code,
                grades=_grades(options),
                basis="comparable" if options.comparable else "published",
                bridge=options.bridge,
            ),
        )

    def baseline(self, indicator: Indicator, area: Area, options: Options) -> Start | None:
        """Where the area's way begins: the plan's own baseline, else the first figure from the baseline year on.

        None where that is not before the first target year; a later year is told (`base_year_differs`).

        Args:
            indicator: an indicator of the plan.
            area: the area.
            options: the analyst's choices.

        Returns:
            Year and value in the ledger's unit.
        """
        year, first_target = indicator.baseline.year, min(indicator.target_years)
        if area.code == self.plan.area and indicator.baseline.value is not None:
            return Start(year, indicator.baseline.value)
        points = self.series(indicator, area, options).annual
        start = next((Start(p.year, p.value) for p in points if year <= p.year < first_target), None)
        if start is not None and start.year != year and options.comparable:
            # Levels that can't be linked back were sent all the same: the figure is not missing, only not comparable.
            published = self.series(indicator, area, replace(options, comparable=False))
            return start if published.in_year(year) is None else None
        return start

    def counted_otherwise(self, indicator: Indicator, series: Series) -> bool:
        """Whether all full years known since the baseline count something else than the plan does (another scope).

        Args:
            indicator: an indicator of the plan.
            series: its history in the area.

        Returns:
            True where no full year since the baseline is comparable with the target.
        """
        base = indicator.baseline.year
        if any(p.year > base for p in series.annual):
            return False
        rows = self.view.frame
        mine = (rows["indicator"] == indicator.id) & (rows["area"] == series.area) & (rows["year"] > base)
        published = rows[mine & rows["kind"].isin(FIGURES) & (rows["months"] == 12)]
        return bool((published["scope"] != (indicator.scope or "")).any())

    def own_target(self, indicator: Indicator, area: Area, year: int) -> float | None:
        """The district's own target for a year, from the ledger; the newest of several.

        Args:
            indicator: an indicator of the plan.
            area: the area.
            year: the target year.

        Returns:
            The target in the ledger's unit; None where the area has set none.
        """
        return self.view.own_targets.get((indicator.id, area.code, year))

    def derived_target(
        self, indicator: Indicator, area: Area, city_target: float, options: Options
    ) -> tuple[float | None, str]:
        """A district's share of a city target, and the key or the reason why there is none.

        The increase is divided, not the level (progress.allocate); a district measured from a later year than the plan's
        takes its share of what was left to be added then. What does not add up (shares, rates) is never divided: the
        city's level holds for each district, where the plan says so, whatever key an analyst chooses.

        Args:
            indicator: an indicator of the plan.
            area: the area.
            city_target: the target of the whole, in the ledger's unit.
            options: the analyst's choices.

        Returns:
            The target, and the key of the division; or None, and the code of the reason.
        """
        key = options.allocation if options.allocation != "plan" and indicator.additive else indicator.allocation
        if key == "none" or indicator.allocation == "none":  # what the plan does not share out, no other key does
            return None, "no_derived_target"
        if key == "same":
            return (None, "no_derived_target") if indicator.additive else (city_target, key)
        if not indicator.additive:
            return None, "not_additive"
        start = self.baseline(indicator, area, options)
        if start is None or indicator.baseline.value is None:
            return None, "missing_base"
        city = self._city_at(indicator, start.year, options)
        if city is None:
            return None, "no_city_figure"
        if start.year != indicator.baseline.year and is_met(city, city_target, indicator.direction):
            return None, "no_increase_left"
        found = allocate(
            area.code,
            base=start.value,
            city_base=city,
            city_target=city_target,
            key=key,
            population={d.code: d.population for d in self.districts},
            integers=indicator.is_count,
        )
        return found.value, found.reason or key

    def _city_at(self, indicator: Indicator, year: int, options: Options) -> float | None:
        """The city's figure for the year that a district's way begins in."""
        if year == indicator.baseline.year:
            return indicator.baseline.value
        point = self.series(indicator, self.roster.city, options).in_year(year)
        return None if point is None else point.value


def _wanted(indicator: Indicator, area: Area) -> str:
    return indicator.national_series if area.kind == "nation" else indicator.id


def _grades(options: Options) -> tuple[str, ...]:
    return _ALL_GRADES if options.use_unconfirmed else PUBLISHED_GRADES


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

    def under(self, **options: Any) -> Case:
        """The same under other choices."""
        return self._replace(options=replace(self.options, **options))

    def of(self, area: Area) -> Case:
        """The same of another area."""
        return self._replace(area=area)

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
                yield target, *self.evidence.derived_target(self.indicator, self.area, target.value, self.options)
