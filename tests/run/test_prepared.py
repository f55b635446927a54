"""What is made ready before kernels are forked: handed out once, and never where the files hold something else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from project import Project

from greenreport.assess import Evidence, assess, prepared
from greenreport.assess.preload import prepare

DAY = "2026-06-30"
PLACES = {"plan": "data/plan", "areas": "data/areas", "data": "data/demo"}


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """No other test finds what one of these prepared."""
    yield
    prepared._ready.clear()


def test_prepared_evidence_finds_what_fresh_evidence_finds(project: Project) -> None:
    """A district is assessed the same, whether its evidence was prepared or read for it; it is handed out once."""
    fresh = assess(Evidence.load(**PLACES, as_of=DAY), area="涪陵")
    prepare(root=str(project.root), **PLACES, days=[DAY], options={"prior_growth": 0.05, "trouble": "x"})
    ready = Evidence.load(**PLACES, as_of=DAY)
    assert assess(ready, area="涪陵").to_json() == fresh.to_json()
    assert Evidence.load(**PLACES, as_of=DAY) is not ready
    assert prepared.take(**PLACES, day=date.fromisoformat(DAY)) is None


@pytest.mark.parametrize("name", ["data/demo/online_retail.csv", "data/plan/tasks.csv", "data/demo/tasks/status.csv"])
def test_a_changed_file_is_read_anew(project: Project, name: str) -> None:
    """One byte more in any file of plan, roster, ledger or task status, and nothing prepared is handed out."""
    prepare(root=str(project.root), **PLACES, days=[DAY])
    file = project.root / name
    file.write_bytes(file.read_bytes() + b"\n")
    assert prepared.take(**PLACES, day=date.fromisoformat(DAY)) is None


def test_stores_that_are_no_files_are_not_prepared(project: Project) -> None:
    """What a database holds can't be compared byte for byte."""
    prepare(root=str(project.root), **{**PLACES, "data": "postgresql://nowhere/x"}, days=[DAY])
    assert prepared._ready == {}
