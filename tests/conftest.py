import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine; `make test-long` looks further.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def evidence():
    """The demonstration set as it was known on the day of its report."""
    from greenreport.assess import Evidence

    return Evidence.load(
        plan=ROOT / "data/plan", areas=ROOT / "data/areas", data=ROOT / "data/demo", as_of="2026-06-30"
    )


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
def bureau():
    """What a bureau has at mid-term (tests/data/bureau): the baselines, two years, half of a third; three districts."""
    from greenreport.assess import Evidence

    return Evidence.load(
        plan=ROOT / "data/plan", areas=ROOT / "data/areas", data=ROOT / "tests/data/bureau", as_of="2026-08-31"
    )
