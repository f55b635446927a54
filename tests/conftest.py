"""What every room may use: helpers by their names, the shipped plan and roster, evidence and findings read once."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine; `make test-long` looks further.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]
# Helpers are imported by their names: those of all rooms, and those of a room from its folder.
sys.path[:0] = [str(ROOT / "tests" / room) for room in ("", "begin", "intake", "present", "render", "run")]


def load(data, as_of="2026-06-30", *, home="data"):
    from greenreport.assess import Evidence

    return Evidence.load(plan=ROOT / home / "plan", areas=ROOT / home / "areas", data=ROOT / data, as_of=as_of)


@pytest.fixture(scope="session")
def plan():
    from greenreport.plan import load_plan

    return load_plan(ROOT / "data/plan")


@pytest.fixture(scope="session")
def roster():
    from greenreport.areas import load_roster

    return load_roster(ROOT / "data/areas")


@pytest.fixture(scope="session")
def evidence():
    """The demonstration set as it was known on the day of its report."""
    return load("data/demo")


@pytest.fixture(scope="session")
def city(evidence):
    """What is found of the city in the demonstration set."""
    from greenreport.assess import assess

    return assess(evidence, area="500000")


@pytest.fixture(scope="session")
def districts(evidence):
    """What is found of each district in the demonstration set."""
    from greenreport.assess import assess

    return tuple(assess(evidence, area=d.code) for d in evidence.districts)


@pytest.fixture(scope="session")
def published():
    """The figures that were published of Chongqing and the nation."""
    return load("data/public")


@pytest.fixture(scope="session")
def bureau():
    """What a bureau has at mid-term (tests/data/bureau): the baselines, two years, half of a third; three districts."""
    return load("tests/data/bureau", "2026-08-31")


@pytest.fixture(scope="session")
def union():
    """The plan for renewables of the European Union, as of the end of 2013."""
    return load("data/eu-renewables/public", "2013-12-31", home="data/eu-renewables")


@pytest.fixture(scope="session")
def countries(union):
    """What was found of each of its countries."""
    from greenreport.assess import assess

    return tuple(assess(union, area=c.code) for c in union.districts)
