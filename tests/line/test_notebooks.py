"""Every notebook judges by the same choices: what an analyst sets reaches every page."""

import ast
import json
from dataclasses import fields
from pathlib import Path

import pytest

from greenreport.assess import Options

OWN = {("national", "comparable"): True}
"""Defaults on purpose other than the rest: the nation's published growth is on a comparable base."""
NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


def code(path):
    """The cells of a notebook as parsed code, the parameters' cell first."""
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    return [ast.parse("".join(cell["source"])) for cell in cells]


def calls(path, name):
    """The calls of a name in a notebook."""
    found = [node for cell in code(path) for node in ast.walk(cell) if isinstance(node, ast.Call)]
    return [node for node in found if isinstance(node.func, ast.Name) and node.func.id == name]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_choice_of_an_analyst_reaches_the_page(path):
    """A notebook that reads figures has a parameter for each option, with its default, and hands it on."""
    if not calls(path, "Evidence") and "Evidence.load" not in path.read_text("utf-8"):
        pytest.skip("reads no figures")
    parameters = {node.target.id: node.value for node in code(path)[0].body if isinstance(node, ast.AnnAssign)}
    (options,) = calls(path, "Options")
    handed = {word.arg: ast.unparse(word.value) for word in options.keywords}
    for field in fields(Options):
        default = ast.literal_eval(parameters[field.name])
        wanted = OWN.get((path.stem, field.name), field.default)
        assert (tuple(default) if isinstance(default, list) else default) == wanted, field.name
        assert handed[field.name] in {field.name, f"tuple({field.name})"}


def test_no_notebook_judges_without_the_analysts_choices():
    """`Options()` with nothing in it would answer by the defaults whatever the parameter file says."""
    assert len(NOTEBOOKS) == 10
    for path in NOTEBOOKS:
        assert not [call for call in calls(path, "Options") if not call.keywords], path.name
