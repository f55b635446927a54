"""The shipped plan, roster and ledgers, read once for all tests of this folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from greenreport.areas import Roster, load_roster
from greenreport.observations import Ledger, View
from greenreport.plan import Plan, load_plan

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def data() -> Path:
    return ROOT / "data"


@pytest.fixture(scope="session")
def plan(data: Path) -> Plan:
    return load_plan(data / "plan")


@pytest.fixture(scope="session")
def roster(data: Path) -> Roster:
    return load_roster(data / "areas")


@pytest.fixture(scope="session")
def demo(data: Path, plan: Plan, roster: Roster) -> Ledger:
    return Ledger.read(data / "demo", plan=plan, roster=roster)


@pytest.fixture(scope="session")
def public(data: Path, plan: Plan, roster: Roster) -> Ledger:
    return Ledger.read(data / "public", plan=plan, roster=roster)


@pytest.fixture(scope="session")
def demo_2026(demo: Ledger) -> View:
    return demo.as_of(date(2026, 6, 30))
