"""The map in the documentation leads to files that are there."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/greenreport"


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md", "docs/evaluators.md", "docs/methods.md"])
def test_every_module_that_a_page_names_is_there(page):
    """`assess/grade.py` is a file of the package or of the repository; a list names files of one folder."""
    text = (ROOT / page).read_text("utf-8")
    named = re.findall(r"\b((?:[a-z_]+/)+[a-z_]+\.(?:py|toml|yaml|ipynb))\b", text)
    assert named
    assert not [path for path in named if not (PACKAGE / path).exists() and not (ROOT / path).exists()]


def test_every_package_is_on_the_map():
    """Nothing at the top of the package is left out of the table of packages."""
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("| package |")[1].split("\n\n")[0]
    named = re.findall(r"`([a-z_]+)\*?`", table)
    here = {
        p.stem for p in PACKAGE.iterdir() if p.name not in ("__init__.py", "__main__.py", "py.typed", "__pycache__")
    }
    assert not {name for name in here if name not in named and not name.startswith("cli")}


def test_the_drawn_map_is_what_the_code_imports():
    """docs/images/map.svg is drawn from the imports: `make map` after a package or an arrow has changed."""
    pytest.importorskip("grimp", reason="grimp draws the map: make setup-dev")
    drawn = runpy.run_path(str(ROOT / "docs/map.py"))["drawn"]()
    assert (ROOT / "docs/images/map.svg").read_text("utf-8") == drawn
