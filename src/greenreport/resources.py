"""Resources shipped with the package: notebooks, and the plans, rosters, ledgers and parameter files of the examples.

In an installed package they lie in its folder `resources`, laid out as in the repository; in a checkout they are the
repository's own. Knows paths only; must not know what stands in the files.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from greenreport.errors import RequestError
from greenreport.words import error

__all__ = ["FOLDER", "notebook", "notebooks", "root"]

FOLDER = "resources"
"""Folder of the package that holds copies of the repository's `notebooks`, `data` and `params`."""


@cache
def root() -> Path:
    """The folder that holds `notebooks`, `data` and `params`.

    Raises:
        RequestError: the installation is not complete.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / FOLDER, package.parents[1]):
        if (folder / "notebooks" / "overview.ipynb").is_file():
            return folder
    raise error(RequestError, "error.project.incomplete", file=package)


def notebooks() -> tuple[Path, ...]:
    """The package's notebooks, by name."""
    return tuple(sorted((root() / "notebooks").glob("*.ipynb")))


def notebook(name: str) -> Path | None:
    """The package's notebook of this file name, None if it has none.

    Args:
        name: file name or path; only the last part counts.
    """
    return next((path for path in notebooks() if path.name == Path(name).name), None)
