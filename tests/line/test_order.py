"""The house stays in order: no function of many branches, no file that isn't read in one sitting."""

from pathlib import Path

import pytest
from radon.complexity import cc_visit

PACKAGE = Path(__file__).resolve().parents[2] / "src/greenreport"
MODULES = sorted(PACKAGE.rglob("*.py"))
BRANCHES = 15
LINES = 400


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_functions_have_few_branches(module):
    """Cyclomatic complexity as radon counts it: decisions, loops, comprehensions, conditions joined by and/or."""
    blocks = [*cc_visit(module.read_text("utf-8"))]
    functions = [one for block in blocks for one in getattr(block, "methods", [block])]
    assert not [(one.name, one.lineno, one.complexity) for one in functions if one.complexity > BRANCHES]


def test_files_are_short():
    """A module is read in one sitting."""
    sizes = {str(path.relative_to(PACKAGE)): path.read_text("utf-8").count("\n") for path in MODULES}
    assert sizes
    assert not {name: size for name, size in sizes.items() if size > LINES}
