import pytest


@pytest.fixture(scope="session")
def demo(evidence):
    """The demonstration set, by the name of its data."""
    return evidence
