"""Checks of a ledger: what is impossible (errors), what is unlikely (warnings), each in plain words.

Works on columns, so that millions of rows take seconds. Rows that the ledger's own reader refuses become errors of the
same kind, and the others are still checked. Must not know any indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from greenreport.areas import Roster
from greenreport.checks import plausible
from greenreport.checks.finding import CHECKS, Finding
from greenreport.errors import LedgerError, Problem
from greenreport.observations import Ledger, View
from greenreport.plan import Plan
from greenreport.stores import Store
from greenreport.stores.base import ledger_of

__all__ = ["CHECKS", "CheckResult", "Finding", "check", "check_areas", "check_store"]

Severity = Literal["error", "warning", "info"]
_RANK = {"error": 0, "warning": 1, "info": 2}
_BY_FIELD = {
    "value": "type", "growth_pct": "type", "vintage": "type", "period": "type", "unit": "unit", "area": "area",
    "indicator": "indicator", "kind": "type", "grade": "type", "source": "type", "scope": "type",
}  # fmt: skip


@dataclass(frozen=True)
class CheckResult:
    """Everything found, errors first; `ledger` is what passed the strict checks (None: nothing could be read)."""

    findings: tuple[Finding, ...]
    ledger: Ledger | None
    rows: int

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(f.severity == "error" for f in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return sum(f.severity == "warning" for f in self.findings)

    @property
    def exit_code(self) -> int:
        """2 where there are errors, else 0."""
        return 2 if self.errors else 0


def check(ledger: Ledger, *, as_of: date | None = None) -> tuple[Finding, ...]:
    """Check the plausibility of a ledger that was read.

    Args:
        ledger: all its vintages; restatements are judged over all, everything else on what is known on `as_of`.
        as_of: None: everything that the ledger holds.

    Returns:
        Findings, errors first, then by indicator, area and period.
    """
    day = as_of or (ledger.frame["vintage"].max().date() if len(ledger.frame) else date.max)
    view = ledger.as_of(day)
    return _sorted(plausible.findings(ledger, view))


def check_areas(view: View, areas: Sequence[str], *, indicators: Collection[str]) -> tuple[Finding, ...]:
    """Check only the rows that a page about some areas reads, however large the ledger is.

    Args:
        view: what is known on the day.
        areas: codes; predecessors in a bridge are looked at too. Sums are compared where the area planned for is one.
        indicators: ids.

    Returns:
        As in `check`, but what is usual of a short series is learnt from these rows alone.
    """
    rows = view.rows(areas=areas, indicators=indicators)
    part = replace(view.ledger, frame=rows)
    return _sorted(plausible.findings(part, part.as_of(view.day)))


def check_store(store: Store, *, plan: Plan, roster: Roster, as_of: date | None = None) -> CheckResult:
    """Check a store whole: rows the ledger's reader refuses, and the plausibility of all others.

    Args:
        store: the ledger.
        plan: whose indicators the rows may carry.
        roster: whose areas the rows may carry.
        as_of: as for [check].

    Returns:
        What was found, and the ledger without the rows that were refused.
    """
    try:
        ledger = store.read(plan=plan, roster=roster)
        return CheckResult(check(ledger, as_of=as_of), ledger, len(ledger.frame))
    except LedgerError as e:
        strict = tuple(_strict(p) for p in e.problems)
    try:
        raw = store.raw()
        bad = {(f.file, f.row) for f in strict if f.row}
        keep = [(f, r) not in bad for f, r in zip(raw["file"].astype(str), raw["row"], strict=True)]
        ledger = ledger_of(raw[keep].reset_index(drop=True), store.head(), plan=plan, roster=roster, name=store.address)
    except LedgerError as e:
        return CheckResult(_sorted(dict.fromkeys([*strict, *(_strict(p) for p in e.problems)])), None, 0)
    more = check(ledger, as_of=as_of)
    return CheckResult(_sorted([*strict, *more]), ledger, len(raw))


def _strict(p: Problem) -> Finding:
    kind = p.code or _BY_FIELD.get(p.field or "", "type")
    return Finding(
        check=kind, severity="error", zh=p.zh, en=p.en, file=str(p.file or ""), row=p.row or 0, field=p.field or ""
    )


def _sorted(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(
        sorted(found, key=lambda f: (_RANK[f.severity], f.check, f.indicator, f.area, f.period, f.file, f.row))
    )
