"""A small run, rendered once for all tests that only look at it."""

from __future__ import annotations

import os
from pathlib import Path

import make_run
import pytest

from greenreport.render import RenderResult, render

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RenderResult]:
    folder = make_run.small_run(tmp_path_factory.mktemp("runs") / "small")
    return folder, render(folder, engine="builtin", jobs=2)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the demonstration set, whole; `GREENREPORT_SITE` names a finished one."""
    if named := os.environ.get("GREENREPORT_SITE"):
        return Path(named).resolve()
    from typer.testing import CliRunner

    from greenreport.cli import app

    out = tmp_path_factory.mktemp("demo") / "run"
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        done = CliRunner().invoke(app, ["build", "params/demo.yaml", "--out", str(out), "--renderer", "builtin"])
    finally:
        os.chdir(here)
    assert done.exit_code == 0, done.output[-2000:]
    return out / "site"
