"""What is made ready before kernels are forked: handed out once, and never where the files hold something else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from project import Project

from greenreport.assess import Evidence, Options, assess, fit
from greenreport.assess.evidence import READY, made_from
from greenreport.assess.preload import prepare, work_out

DAY = "2026-06-30"
PLACES = {"plan": "data/plan", "areas": "data/areas", "data": "data/demo"}


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """No other test finds what one of these prepared."""
    yield
    READY.clear()


def test_prepared_evidence_finds_what_fresh_evidence_finds(project: Project) -> None:
    """A district is assessed the same, whether its evidence was prepared or read for it; it is handed out once."""
    fresh = assess(Evidence.load(**PLACES, as_of=DAY), area="涪陵")
    prepare(root=str(project.root), **PLACES, days=[DAY], options={"prior_growth": 0.05, "trouble": "x"})
    ready = Evidence.load(**PLACES, as_of=DAY)
    assert assess(ready, area="涪陵").to_json() == fresh.to_json()
    assert Evidence.load(**PLACES, as_of=DAY) is not ready and not READY


@pytest.mark.parametrize("name", ["data/demo/online_retail.csv", "data/plan/tasks.csv", "data/demo/tasks/status.csv"])
def test_a_changed_file_is_read_anew(project: Project, name: str) -> None:
    """One byte more in any file of plan, roster, ledger or task status, and nothing prepared is handed out."""
    prepare(root=str(project.root), **PLACES, days=[DAY])
    file = project.root / name
    file.write_bytes(file.read_bytes() + b"\n")
    assert made_from(**PLACES, day=date.fromisoformat(DAY)) not in READY


def test_stores_that_are_no_files_are_not_prepared(project: Project) -> None:
    """What a database holds can't be compared byte for byte."""
    prepare(root=str(project.root), **{**PLACES, "data": "postgresql://nowhere/x"}, days=[DAY])
    assert READY == {}


def test_what_is_worked_out_for_a_subject_is_what_its_pages_would_find(project: Project) -> None:
    """Every forecast and grade is there, the same as worked out on fresh evidence; another choice is worked out anew."""
    options = {"level": 0.9, "without": ["growth"], "lang": "zh"}
    prepare(root=str(project.root), **PLACES, days=[DAY])
    work_out(area="500102", day=DAY, options=options)
    chosen = Options(level=0.9, without=("growth",))
    ready, fresh = Evidence.load(**PLACES, as_of=DAY), Evidence.load(**PLACES, as_of=DAY)
    place, indicator = ready.area("500102"), ready.plan_for(ready.area("500102")).indicators[0]
    assert ("fit", indicator, place.code, chosen) in ready._worked_out
    assert fit(ready, indicator, place, chosen) is fit(ready, indicator, place, chosen)
    assert fit(ready, indicator, place, Options()) is not fit(ready, indicator, place, chosen)
    for one in (chosen, Options()):
        assert (
            assess(ready, area="500102", options=one).to_json() == assess(fresh, area="500102", options=one).to_json()
        )


def test_nothing_is_worked_out_of_evidence_that_is_not_there() -> None:
    """Where nothing was prepared for the day, pages read and work out for themselves."""
    work_out(area="500102", day=DAY, options={})
    assert READY == {}
