"""What an evaluation rests on: the plan, the roster and the ledger as known on one day.

Reads and looks up; forecasts and grades nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

from greenreport.addresses import LedgerAddress
from greenreport.areas import Area, Roster, load_roster
from greenreport.assess.model import ALL_GRADES, Options
from greenreport.errors import RequestError
from greenreport.observations import Ledger, Series, View
from greenreport.plan import Indicator, Plan, load_plan
from greenreport.project import find
from greenreport.tasks import TaskLedger, load_tasks
from greenreport.words import error

__all__ = ["READY", "Evidence", "made_from"]

T = TypeVar("T")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise error(RequestError, "error.choice.no_day", field="as_of", text=text) from None


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
        if READY and (ready := READY.pop(made_from(plan, areas, data, day), None)) is not None:
            return ready
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
            if not self.view.series(i.national_series, area.code, grades=ALL_GRADES).points:
                continue
            context = self.ledger.context.get(i.national_series)
            own.append(i if context is None else replace(i, name=context.name, short=context.name, unit=context.unit))
        return replace(self.plan, indicators=tuple(own))

    def _concerns(self, indicator: Indicator, area: Area) -> bool:
        return (
            indicator.of_whole
            or indicator.id in self.view.asked(area.code)
            or bool(self.view.series(indicator.id, area.code, grades=ALL_GRADES).points)
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
        return self.published(indicator.national_series if area.kind == "nation" else indicator.id, area, options)

    def published(self, id: str, area: Area, options: Options) -> Series:
        """The history of a series of the ledger in one area, whether or not an indicator is named so.

        Args:
            id: of the series.
            area: the area.
            options: the analyst's choices.

        Returns:
            The series, in the ledger's unit.
        """
        # Every district's target rests on every district's baseline: what was looked up once is kept.
        return self.remember(
            ("series", id, area.code, options.use_unconfirmed, options.comparable, options.bridge),
            lambda: self.view.series(
                id,
                area.code,
                grades=options.grades,
                basis="comparable" if options.comparable else "published",
                bridge=options.bridge,
            ),
        )

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


READY: dict[object, Evidence] = {}
"""Evidence that was made ready before pages ask for it (`preload`), by what it is made from.

Handed out once, so that a notebook that changes its evidence and loads it anew finds what the files hold, and only where
the files hold, byte for byte, what they held.
"""


def made_from(plan: str | Path, areas: str | Path, data: str | Path, day: date) -> tuple[object, ...] | None:
    """What the evidence of a day is made from.

    Args:
        plan: folder of the plan.
        areas: folder of the roster.
        data: the ledger.
        day: data cut-off.

    Returns:
        The names and a digest of all that is in the files; None where it is not made from files alone.
    """
    ledger = LedgerAddress.of(data)
    if ledger.form != "folder":
        return None
    total = hashlib.sha256()
    for start in (Path(plan), Path(areas), ledger.path):
        if not start.exists():
            return None
        for path in [start] if start.is_file() else sorted(start.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                total.update(f"{path}\0{len(content)}\0".encode() + content)
    return str(Path.cwd()), str(plan), str(areas), str(data), day, total.hexdigest()
