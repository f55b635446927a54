"""The shipped ledgers, read once for all tests of this folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from greenreport.areas import Roster
from greenreport.observations import Ledger, View
from greenreport.plan import Plan
from greenreport.stores import open_ledger

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def data() -> Path:
    return ROOT / "data"


@pytest.fixture(scope="session")
def demo(data: Path, plan: Plan, roster: Roster) -> Ledger:
    return open_ledger(data / "demo", plan=plan, roster=roster)


@pytest.fixture(scope="session")
def public(data: Path, plan: Plan, roster: Roster) -> Ledger:
    return open_ledger(data / "public", plan=plan, roster=roster)


@pytest.fixture(scope="session")
def demo_2026(demo: Ledger) -> View:
    return demo.as_of(date(2026, 6, 30))
