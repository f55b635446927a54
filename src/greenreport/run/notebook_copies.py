"""A project's own copies of the package's notebooks: whether they lag behind the package.

A copy carries in its metadata the fingerprint of the notebook that it was made from. Must not execute anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from greenreport import resources
from greenreport.errors import Problem
from greenreport.run import notebook
from greenreport.run.params import RunParams
from greenreport.words import both

__all__ = ["STAMP", "lagging", "stamped"]

STAMP = "copied_from"
"""Key in a copy's metadata, under `greenreport`."""


def stamped(source: Path) -> dict[str, Any]:
    """A copy of the package's notebook: without outputs, and with the fingerprint of what it was made from."""
    made = notebook.read(source)
    made["metadata"].setdefault("greenreport", {})[STAMP] = notebook.code_digest(made)
    return made


def lagging(params: RunParams) -> list[Problem]:
    """The project's own notebooks that were copied from an older package, or differ from the package's.

    Told, never refused: a project may well have notebooks of its own.
    """
    found = []
    for index, name in enumerate(dict.fromkeys(page.notebook for page in params.pages)):
        own, original = params.root / name, resources.notebook(name)
        if original is None or not own.is_file() or own.samefile(original):
            continue
        copy, now = notebook.read(own), notebook.code_digest(notebook.read(original))
        since = copy.get("metadata", {}).get("greenreport", {}).get(STAMP)
        if since == now or (since is None and notebook.code_digest(copy) == now):
            continue
        which, remedy = "old" if since else "other", both("notebook.renew")
        found.append(params.problem(("pages", index, "notebook"), f"notebook.{which}_copy", name=name, remedy=remedy))
    return found
