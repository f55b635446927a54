"""The kinds of pages: what each runs over, when it is made, whose rows and findings it reads.

Knows the names of kinds; must not know parameter files, the roster or how pages are executed.
"""

from __future__ import annotations

from typing import Literal

__all__ = ["ANNEXES", "AREA_KINDS", "FINDINGS_READERS", "LONGEST", "TASK_READERS", "WHOLE_READERS", "Kind", "order"]

Kind = Literal["overview", "city", "district", "national", "indicator", "tasks", "methods", "record", "data", "papers"]

AREA_KINDS: tuple[str, ...] = ("city", "district", "national")
"""Pages about one area each; the others are about the whole."""

ANNEXES: tuple[str, ...] = ("tasks", "methods", "record", "data")
"""One page each, without findings of its own."""

FINDINGS_READERS: tuple[str, ...] = ("overview", "indicator", "papers")
"""Pages made from the findings of the others, after them."""

WHOLE_READERS: tuple[str, ...] = ("overview", "indicator", "tasks", "data", "papers")
"""Pages that read the rows of the city and of all districts; those of an indicator, its rows only.

The annex of tasks tells of the goals, some of which ask for something in every district.
"""

TASK_READERS: tuple[str, ...] = ("overview", "tasks", "papers")
"""Pages that read the reported status of the plan's tasks."""

LONGEST: tuple[str, ...] = ("methods", "papers")
"""Pages that take several times as long as others, and are begun first."""


def order(kind: str) -> int:
    """When pages of a kind are made; within a kind the parameter file's order holds.

    Areas and annexes come first. Then indicators, the overview, and the papers last.
    """
    return {"indicator": 1, "overview": 2, "papers": 3}.get(kind, 0)
