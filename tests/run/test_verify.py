"""Provenance: what was altered is found, and a run can be made again byte for byte."""

from __future__ import annotations

import pytest
from project import BASE, Project

from greenreport.errors import RequestError
from greenreport.run.verify import reproduce, verify

CITY = {"pages": [BASE["pages"][1]], "languages": ["zh"]}


def test_an_untouched_run_is_verified(project: Project) -> None:
    """Right after a build nothing is altered and no input has changed."""
    project.build(CITY, fork=False)
    assert verify(project.run) == ()


def test_altered_missing_and_foreign_files_are_named(project: Project) -> None:
    """Every file that is not what the manifest says is told, and only those count as alterations."""
    project.build(CITY, fork=False)
    (project.run / "data/city.json").write_text("{}")
    (project.run / "notebooks/zh/city.ipynb").unlink()
    (project.run / "data/extra.json").write_text("{}")
    (project.root / "data/demo/note.csv").write_text("x")
    found = verify(project.run)
    assert {(finding.kind, finding.what) for finding in found} == {
        ("altered", "data/city.json"),
        ("missing", "notebooks/zh/city.ipynb"),
        ("unknown", "data/extra.json"),
        ("changed", "data/demo"),
    }
    assert [finding.what for finding in found if not finding.alters] == ["data/demo"]


def test_a_run_is_reproduced_byte_for_byte(project: Project) -> None:
    """Made again beside itself, every file comes out the same, and nothing is left of the second making."""
    project.build(CITY, fork=False)
    before = project.bytes()
    again = reproduce(project.run, jobs=1)
    assert again.ok
    assert set(again.same) >= {"manifest.json", "data/city.json", "notebooks/zh/city.ipynb"}
    assert project.bytes() == before
    assert [path.name for path in project.run.parent.iterdir()] == ["t"]


def test_what_does_not_come_out_the_same_is_named(project: Project) -> None:
    """An altered result does not survive being made again."""
    project.build(CITY, fork=False)
    (project.run / "data/city.json").write_text("{}")
    again = reproduce(project.run, jobs=1)
    assert again.different == ("data/city.json",)


def test_a_changed_parameter_file_cannot_reproduce_a_run(project: Project) -> None:
    """Other parameters make another run; the message names the keys."""
    project.build(CITY, fork=False)
    project.write(**{**CITY, "as_of": "2025-06-30"})
    with pytest.raises(RequestError, match="as_of"):
        reproduce(project.run, jobs=1)
