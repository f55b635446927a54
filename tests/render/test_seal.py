"""A site is sealed with what it was made from: nothing is rendered again until an input or a file of it differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenreport.render.previous_render import Prior, Rendered

MADE = ("overview", "zh", "html", "site/zh/overview.html")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of one page, sealed."""
    files = {"manifest.json": "{}", "notebooks/zh/overview.ipynb": "{}", "site/zh/overview.html": "<p>"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    *what, path = MADE
    prior = _prior(tmp_path)
    prior.seal([Rendered(*what, tmp_path / path, "rendered")])
    prior.save()
    return tmp_path


def _prior(folder: Path, *asked: str) -> Prior:
    return Prior(folder, asked or ("zh", "html"))


def test_a_seal_survives_a_move(run: Path) -> None:
    """Where nothing changed, the seal tells what was made, wherever the run lies now."""
    *what, path = MADE
    assert _prior(run).unbroken() == (Rendered(*what, run / path, "unchanged"),)
    moved = run.rename(run.with_name("moved"))
    assert _prior(moved).unbroken() == (Rendered(*what, moved / path, "unchanged"),)


@pytest.mark.parametrize("name", ["manifest.json", "notebooks/zh/overview.ipynb", "data/results.csv"])
def test_a_changed_input_breaks_the_seal(run: Path, name: str) -> None:
    """Another byte in what the site was made from, a new file included."""
    (run / name).parent.mkdir(exist_ok=True)
    (run / name).write_text("[]")
    assert _prior(run).unbroken() is None


def test_a_file_lost_from_the_site_breaks_the_seal(run: Path) -> None:
    """A page that somebody deleted is made again."""
    (run / "site/zh/overview.html").unlink()
    assert _prior(run).unbroken() is None


def test_another_request_breaks_the_seal(run: Path) -> None:
    """Other formats or another engine make another site; so does a seal that cannot be read."""
    assert _prior(run, "zh", "html", "pdf").unbroken() is None
    (run / "stage/rendered.json").write_text("{")
    assert _prior(run).unbroken() is None
