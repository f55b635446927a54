"""Locates a project: the folder that holds a plan, its data, parameter files and reports.

Commands find it from the working folder upwards, as git does, or are told by `--project`. Knows paths only; must not
know what stands in the files.
"""

from __future__ import annotations

from pathlib import Path

from greenreport.errors import RequestError
from greenreport.words import error

__all__ = ["MARKER", "choose", "find", "parameter_file", "root_of"]

MARKER = "greenreport.toml"
"""The file that marks a project's folder; a folder with `pyproject.toml` or `_quarto.yml` counts as one, too."""

_MARKERS = (MARKER, "pyproject.toml", "_quarto.yml")
_chosen: Path | None = None


def choose(folder: Path | None) -> None:
    """Take a folder for the project from now on; None: look upwards again.

    Raises:
        RequestError: there is no such folder.
    """
    global _chosen
    if folder is not None and not folder.is_dir():
        raise error(RequestError, "error.project.no_folder", file=folder)
    _chosen = None if folder is None else folder.resolve()


def root_of(start: Path) -> Path | None:
    """The project's folder: the one chosen, else the nearest at or above `start`; None where there is none."""
    if _chosen is not None:
        return _chosen
    begin = start.resolve()
    for folder in (begin, *begin.parents) if begin.is_dir() else begin.parents:
        if any((folder / marker).is_file() for marker in _MARKERS):
            return folder
    return None


def find(path: Path) -> Path:
    """A path as the user means it: from the working folder, or from the project's where it is not there.

    With `--project` the project's folder comes first. A path that is nowhere comes back as it was.
    """
    if path.is_absolute():
        return path
    root = root_of(Path.cwd())
    tries = [path] if root is None else [root / path, path] if _chosen is not None else [path, root / path]
    return next((one for one in tries if one.exists()), path)


def parameter_file(path: Path | None) -> Path:
    """The parameter file meant: the one named, with or without folder and ending, or the project's only one.

    Raises:
        RequestError: none was named and the project has none or several.
    """
    if path is not None:
        found = find(path)
        if not found.exists():
            for other in (path.with_suffix(".yaml"), Path("params") / path, Path("params") / path.with_suffix(".yaml")):
                if (there := find(other)).is_file():
                    return there
        return found
    root = root_of(Path.cwd()) or Path.cwd()
    files = sorted((root / "params").glob("*.yaml"))
    if len(files) == 1:
        return files[0]
    shown = [f"params/{file.name}" for file in files]
    if not files:
        raise error(RequestError, "error.project.no_params", file=root)
    raise error(RequestError, "error.project.several_params", file=root, names=shown)
