"""Everything that is wrong with a plan and what stands beside it, said at once and before anything runs.

Reads a parameter file with all that it names, or the folders themselves, and gathers what each reader says. Must not
execute or write anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from greenreport.addresses import LedgerAddress
from greenreport.areas import Roster, load_roster
from greenreport.checks import Finding, check
from greenreport.errors import GreenReportError, Problem
from greenreport.observations import Ledger
from greenreport.plan import Plan, load_plan
from greenreport.run import params as parameter_files
from greenreport.run.sweep import plan_pages
from greenreport.stores import open_ledger
from greenreport.tasks import load_tasks
from greenreport.words import both, problem

__all__ = ["Checked", "check_folders", "check_params"]

A = TypeVar("A")


@dataclass
class Checked:
    """What a check found: all that is wrong, errors of `findings` among it, how many files were read, and the ledger's checks."""

    problems: list[Problem] = field(default_factory=list)
    files: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def doubtful(self) -> int:
        """How many figures are unlikely, though they may be right."""
        return sum(finding.severity == "warning" for finding in self.findings)

    def read(self, reader: Callable[..., A], *arguments: Any, **options: Any) -> A | None:
        """What a reader gives; None where it refuses, and what it says is kept."""
        try:
            return reader(*arguments, **options)
        except GreenReportError as error:
            self.problems += [problem for problem in error.problems if problem not in self.problems]
            return None

    def count(self, path: Path) -> None:
        """Count the files at a path."""
        self.files += 1 if path.is_file() else sum(1 for p in path.glob("*") if p.is_file())


def check_folders(plan: Path, areas: Path | None, data: Path | None) -> Checked:
    """Check a plan's folder, and the roster and the ledger beside it where they are given."""
    found = Checked()
    _together(found, plan, areas, None if data is None else LedgerAddress.of(data))
    return found


def check_params(file: Path) -> Checked:
    """Check a parameter file, and the plan, the roster, the ledger and the notebooks that it names."""
    found = Checked(files=1)
    loaded = found.read(parameter_files.load, file)
    if loaded is None:
        return found
    address = loaded.ledger if loaded.ledger.in_files else None  # a database is read when the report is built
    _together(found, loaded.root / loaded.plan, loaded.root / loaded.areas, address)
    if not found.problems:
        found.read(plan_pages, loaded)
        found.files += len({page.notebook for page in loaded.pages})
    return found


def _together(found: Checked, plan: Path, areas: Path | None, data: LedgerAddress | None) -> None:
    the_plan = found.read(load_plan, plan)
    found.count(plan)
    roster = None
    if areas is not None:
        roster = found.read(load_roster, areas)
        found.count(areas)
    if the_plan is not None and roster is not None:
        found.problems += _agree(the_plan, roster, plan)
    if data is not None and the_plan is not None and roster is not None:
        ledger = found.read(_ledger, data, the_plan, roster)
        found.count(data.path)
        if ledger is not None:
            found.findings = check(ledger)
            found.problems += [
                problem(f, f.file or None, f.row or None, f.field or None)
                for f in found.findings
                if f.severity == "error"
            ]


def _agree(plan: Plan, roster: Roster, folder: Path) -> list[Problem]:
    problems = []
    if plan.area not in roster.by_code:
        where = (f"{folder.name}/plan.yaml", None, "area")
        problems.append(problem("params.no_such_area", *where, area=plan.area, city=roster.city.code))
    for lang in plan.langs:
        if lang not in roster.langs:
            column, language = f"name_{lang}", both(f"run.language.{lang}")
            problems.append(problem("params.names_lack", "areas.csv", None, column, language=language, column=column))
    return problems


def _ledger(data: LedgerAddress, plan: Plan, roster: Roster) -> Ledger:
    ledger = open_ledger(data, plan=plan, roster=roster)
    load_tasks(data.folder, plan=plan)
    return ledger
