"""What an evaluation rests on: the plan, the roster and the ledger as known on one day.

Reads and looks up; forecasts and grades nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import cast

from greenreport.areas import Area, Roster, load_roster
from greenreport.assess import prepared
from greenreport.assess.model import Options
from greenreport.observations import Ledger, Series, View
from greenreport.plan import Indicator, Plan, load_plan
from greenreport.progress import allocate
from greenreport.progress.allocation import Key
from greenreport.tasks import TaskLedger, load_tasks

__all__ = ["Evidence"]

_ALL_GRADES = ("A", "B", "C", "S")


def _rooted(path: str | Path) -> Path:
    """A relative path as seen from the working folder, or from the nearest folder above it that has it.

    Runs work in the project's root; JupyterLab and nbval start kernels in `notebooks/`.
    """
    path = Path(path)
    if not path.is_absolute() and not path.exists():
        for folder in Path.cwd().parents:
            if (folder / path).exists():
                return folder / path
    return path


def _ledger(data: str | Path, plan: Plan, roster: Roster) -> Ledger:
    """The ledger of a folder or csv file, or of whatever store an address names (a .duckdb file, a database)."""
    if "://" in str(data) or str(data).endswith(".duckdb"):
        from greenreport.intake import read_ledger

        return read_ledger(data if "://" in str(data) else _rooted(data), plan=plan, roster=roster)
    return Ledger.read(_rooted(data), plan=plan, roster=roster)


@dataclass(frozen=True)
class Evidence:
    """The plan, the roster and the ledger as known on `as_of`; `tasks` is what was reported of the plan's tasks.

    Open it with [Evidence.load]; hand it to `history`, `fit` and `grade`, or to `assess`, which does all three.
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
            plan: folder of the plan; a relative path is looked up from the working folder upwards.
            areas: folder of the roster, likewise.
            data: the ledger: a folder or csv file, likewise; or a store's address, such as a .duckdb file or
                postgresql+psycopg://host/database (credentials from the environment only).
            as_of: data cut-off, a day or its ISO form; later vintages are not looked at.

        Raises:
            DataError: a file is missing or wrong; the message names file, row, field and remedy.
        """
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        if (ready := prepared.take(plan=plan, areas=areas, data=data, day=day)) is not None:
            return cast(Evidence, ready)
        the_plan, roster = load_plan(_rooted(plan)), load_roster(_rooted(areas))
        ledger = _ledger(data, the_plan, roster)
        return cls(the_plan, roster, ledger, day, load_tasks(_rooted(data), plan=the_plan))

    @cached_property
    def view(self) -> View:
        """The ledger as it was known on the day."""
        return self.ledger.as_of(self.as_of)

    @cached_property
    def _looked_up(self) -> dict[tuple[str, str, bool, bool, bool], Series]:
        # Every district's target rests on every district's baseline: what was looked up once is kept.
        return {}

    @cached_property
    def _earlier(self) -> dict[date, Evidence]:
        return {self.as_of: self}

    def known_on(self, day: date) -> Evidence:
        """The same evidence as it was known on another day."""
        if day not in self._earlier:
            self._earlier[day] = replace(self, as_of=day)
        return self._earlier[day]

    def area(self, text: str) -> Area:
        """The area of a code or name.

        Raises:
            AreaError: no such area on the day, or an ambiguous name; the message lists the candidates.
        """
        return self.roster.find(text, day=self.as_of)

    def plan_for(self, area: Area) -> Plan:
        """The plan as it applies to an area: for the nation, its indicators under the nation's own names and units.

        Indicators of which the ledger holds nothing for the nation are left out there: the page is context.
        """
        if area.kind != "nation":
            return self.plan
        own = []
        for i in self.plan.indicators:
            if not self.view.series(i.national_series, area.code, grades=_ALL_GRADES).points:
                continue
            context = self.ledger.context.get(i.national_series)
            own.append(i if context is None else replace(i, name=context.name, short=context.name, unit=context.unit))
        return replace(self.plan, indicators=tuple(own))

    @cached_property
    def districts(self) -> tuple[Area, ...]:
        """The districts valid on the day, in protocol order; zone bodies overlap them and are left out."""
        return self.roster.on(self.as_of)

    def series(self, indicator: Indicator, area: Area, options: Options) -> Series:
        """The history of one indicator in one area under the options chosen.

        On a national page an indicator is looked up under the series that the nation publishes for it.
        """
        wanted = indicator.national_series if area.kind == "nation" else indicator.id
        key = (wanted, area.code, options.use_unconfirmed, options.comparable, options.bridge)
        if key not in self._looked_up:
            self._looked_up[key] = self.view.series(
                wanted,
                area.code,
                grades=_ALL_GRADES if options.use_unconfirmed else ("A", "B", "S"),
                basis="comparable" if options.comparable else "published",
                bridge=options.bridge,
            )
        return self._looked_up[key]

    def baseline(self, indicator: Indicator, area: Area, options: Options) -> float | None:
        """The area's value in the plan's baseline year; the city's is the plan's own."""
        if area.code == self.plan.area:
            return indicator.baseline.value
        for point in self.series(indicator, area, options).annual:
            if point.year == indicator.baseline.year:
                return point.value
        return None

    def own_target(self, indicator: Indicator, area: Area, year: int) -> float | None:
        """The district's own target for a year, from rows of kind "target" in the ledger; the newest of several."""
        return self._own_targets.get((indicator.id, area.code, year))

    @cached_property
    def _own_targets(self) -> dict[tuple[str, str, int], float]:
        rows = self.view.frame
        rows = rows[(rows["kind"] == "target") & (rows["months"] == 12)].sort_values("vintage", kind="stable")
        keys = zip(rows["indicator"], rows["area"], rows["year"], strict=True)
        return {(i, a, int(y)): float(v) for (i, a, y), v in zip(keys, rows["value"], strict=True)}

    def derived_target(
        self, indicator: Indicator, area: Area, city_target: float, options: Options
    ) -> tuple[float | None, str]:
        """A district's share of a city target, and the key or the reason why there is none.

        The increase is divided, not the level, so that the districts' targets add up to the city's
        (progress.allocate); whole numbers for counts. What does not add up (shares, rates) is never divided: there
        the city's level holds for each district, where the plan says so, whatever key an analyst chooses.
        """
        chosen = options.allocation != "plan" and indicator.additive
        key = options.allocation if chosen and options.allocation != "plan" else indicator.allocation
        if key == "none":
            return None, "no_derived_target"
        if key == "same":
            return (None, "no_derived_target") if indicator.additive else (city_target, key)
        if not indicator.additive:
            return None, "not_additive"
        own = self.baseline(indicator, area, options)
        if own is None or indicator.baseline.value is None:
            return None, "missing_base"
        if indicator.kind != "cumulative_count" and key == "baseline_share":
            # The share of the city's own baseline: the same as over all districts where they add up to it, and
            # a district whose neighbour has not reported yet keeps its target.
            return (
                (own * city_target / indicator.baseline.value, key) if indicator.baseline.value else (None, "zero_base")
            )
        shares, reason = self._divided(indicator, city_target, key, options)
        return (shares[area.code], key) if area.code in shares else (None, reason)

    def _divided(
        self, indicator: Indicator, city_target: float, key: Key, options: Options
    ) -> tuple[Mapping[str, float], str]:
        """All districts' shares of a city target by a key, worked out once, and the reason where one has none."""
        bearing = (options.use_unconfirmed, options.comparable, options.bridge)
        asked = (indicator.id, city_target, key, *bearing)
        if asked not in self._shared_out and indicator.baseline.value is not None:
            bases = {d.code: self.baseline(indicator, d, options) for d in self.districts}
            result = allocate(
                city_base=indicator.baseline.value,
                city_target=city_target,
                base={code: base for code, base in bases.items() if base is not None},
                key=key,
                population={d.code: d.population for d in self.districts},
                integers=indicator.kind == "cumulative_count",
            )
            self._shared_out[asked] = (dict(result) if result.ok else {}, result.reason or "no_derived_target")
        return self._shared_out.get(asked, ({}, "missing_base"))

    @cached_property
    def _shared_out(self) -> dict[tuple[str, float, str, bool, bool, bool], tuple[Mapping[str, float], str]]:
        return {}
