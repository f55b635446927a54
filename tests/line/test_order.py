"""The house stays in order: no function of many branches, no file that isn't read in one sitting, no door unlabelled."""

import builtins
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from radon.complexity import cc_visit

import greenreport
from greenreport import errors

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


ROOMS = sorted(one.name for one in pkgutil.iter_modules(greenreport.__path__) if one.ispkg)
NOTHING = (None, "None", "NoReturn", inspect.Signature.empty)


def _exported(room):
    """Functions that a room exports, and the public methods of its classes, by name."""
    module = importlib.import_module(f"greenreport.{room}")
    for name in getattr(module, "__all__", ()):
        one = getattr(module, name)
        if inspect.isfunction(one):
            yield name, one
        elif inspect.isclass(one) and one.__module__.startswith("greenreport."):
            for own, method in vars(one).items():
                method = getattr(method, "__func__", method)
                if inspect.isfunction(method) and not own.startswith("_"):
                    yield f"{name}.{own}", method


def _lacks(function):
    doc, signature = inspect.getdoc(function) or "", inspect.signature(function)
    if signature.parameters.keys() - {"self", "cls"} and "Args:" not in doc:
        yield "Args"
    if signature.return_annotation not in NOTHING and not re.search("(Returns|Yields):", doc):
        yield "Returns"
    for names in re.findall(r"^    (\w+(?:, \w+)*): ", doc.partition("Raises:")[2], re.MULTILINE):
        homes = (errors, builtins, importlib.import_module(function.__module__))
        yield from (f"Raises {name}" for name in names.split(", ") if not any(hasattr(home, name) for home in homes))


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_exports_says_what_it_takes_and_gives(room):
    """Who calls a room reads its docstrings only: arguments, results and the errors that there are."""
    missing = {name: lacks for name, function in _exported(room) if (lacks := list(_lacks(function)))}
    assert missing == {}
