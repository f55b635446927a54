"""Fixtures of the runner's tests; what they are made of is in `project.py`."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from project import HERE, REPOSITORY, Project, processes

from greenreport.run import page_environment


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project in a folder of its own; warm servers import little, so that they start fast."""
    for folder in ("plan", "areas", "demo"):
        shutil.copytree(REPOSITORY / "data" / folder, tmp_path / "data" / folder)
    shutil.copytree(HERE / "notebooks", tmp_path / "notebooks")
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(page_environment, "PRELOAD", ())
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def no_process_left() -> Callable[[], None]:
    """Call it at a test's end: no kernel, server or painter that the test started may be there still."""
    before = processes()

    def check() -> None:
        deadline = time.monotonic() + 150  # a server notices its owner's end when it has imported the libraries
        while (left := processes() - before) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left

    return check
