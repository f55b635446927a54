"""A small run, rendered once for all tests that only look at it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import make_run

from greenreport.render import RenderResult, render


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderResult]:
    folder = make_run.small_run(tmp_path_factory.mktemp("runs") / "small")
    return folder, render(folder, engine="builtin", jobs=2)
