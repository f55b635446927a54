"""A site is sealed with what it was made from: nothing is rendered again until an input or a file of it differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenreport.render.site_stamp import Seal

MADE = (("overview", "zh", "html", "site/zh/overview.html"),)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of one page, sealed."""
    files = {"manifest.json": "{}", "notebooks/zh/overview.ipynb": "{}", "site/zh/overview.html": "<p>"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    (tmp_path / "whole.json").write_bytes(_seal(tmp_path).set(MADE))
    return tmp_path


def _seal(folder: Path, *asked: str) -> Seal:
    return Seal(folder, folder / "whole.json", asked or ("zh", "html"))


def test_a_seal_survives_a_move(run: Path) -> None:
    """Where nothing changed, the seal tells what was made, wherever the run lies now."""
    assert _seal(run).unbroken() == MADE
    assert _seal(run.rename(run.with_name("moved"))).unbroken() == MADE


@pytest.mark.parametrize("name", ["manifest.json", "notebooks/zh/overview.ipynb", "data/results.csv"])
def test_a_changed_input_breaks_the_seal(run: Path, name: str) -> None:
    """Another byte in what the site was made from, a new file included."""
    (run / name).parent.mkdir(exist_ok=True)
    (run / name).write_text("[]")
    assert _seal(run).unbroken() is None


def test_a_file_lost_from_the_site_breaks_the_seal(run: Path) -> None:
    """A page that somebody deleted is made again."""
    (run / "site/zh/overview.html").unlink()
    assert _seal(run).unbroken() is None


def test_another_request_breaks_the_seal(run: Path) -> None:
    """Other formats or another engine make another site; so does a seal that cannot be read."""
    assert _seal(run, "zh", "html", "pdf").unbroken() is None
    (run / "whole.json").write_text("{")
    assert _seal(run).unbroken() is None
