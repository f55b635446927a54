"""What one key of a parameter file must know of another, and of the disk: paths that are there, days, kinds of pages.

Called by the reader of parameter files; must not know how a file is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from greenreport.addresses import LedgerAddress
from greenreport.errors import Problem
from greenreport.run.kinds import AREA_KINDS
from greenreport.typing_slips import nearest
from greenreport.words import pair

if TYPE_CHECKING:
    from greenreport.run.params import RunParams

__all__ = ["check_days", "check_kinds", "check_paths", "paths"]


def paths(params: RunParams) -> list[tuple[tuple[str | int, ...], str]]:
    """Every path in the file, with the way to its key."""
    named: list[tuple[tuple[str | int, ...], str]] = [(("plan",), params.plan), (("areas",), params.areas)]
    if params.ledger.in_files:
        named.append((("data",), str(LedgerAddress.of(params.data).path)))
    if params.papers_template is not None:
        named.append((("papers_template",), params.papers_template))
    return named + [(("pages", index, "notebook"), page.notebook) for index, page in enumerate(params.pages)]


def check_paths(params: RunParams) -> list[Problem]:
    """Paths that are not there; a notebook may be the package's."""
    problems = []
    for path, value in paths(params):
        there = params.notebook(value) if path[0] == "pages" else params.root / value
        if there.is_file() if path[0] == "pages" else there.exists():
            continue
        near = _beside(there)
        hint = pair("params.did_you_mean_path", near=near) if near else pair("params.check_path")
        problems.append(params.problem(*path, **pair("params.no_path", value=value, root=params.root, hint=hint)))
    return problems


def _beside(path: Path) -> str:
    """The name beside a path that is not there which comes nearest to it; empty if none does."""
    folder = path.parent
    return next(iter(nearest(path.name, [p.name for p in folder.iterdir()], n=1)), "") if folder.is_dir() else ""


def check_days(params: RunParams) -> list[Problem]:
    """A day of outcomes that does not follow the day of the report, or pages that cannot have one day of outcomes."""
    day = params.outcome_as_of
    if day is None:
        return []
    if day <= params.as_of:
        return [params.problem("outcome_as_of", **pair("params.outcome_before", day=day, as_of=params.as_of))]
    why = pair("params.outcome_of_years")
    return [params.problem("pages", n, "years", **why) for n, page in enumerate(params.pages) if page.years]


def check_kinds(params: RunParams) -> list[Problem]:
    """Areas and indicators given to pages of a kind that has none."""
    problems = []
    for index, page in enumerate(params.pages):
        if page.areas is not None and page.kind not in AREA_KINDS:
            problems.append(params.problem("pages", index, "areas", **pair("params.no_areas", kind=page.kind)))
        if page.indicators is not None and page.kind != "indicator":
            problems.append(
                params.problem("pages", index, "indicators", **pair("params.no_indicators", kind=page.kind))
            )
    return problems
