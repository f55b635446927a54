"""Fingerprints of what a page is made from: package sources, libraries, folders of data.

Knows files and versions; must not know what stands in them. All digests are the first 16 hexadecimal digits
of a SHA-256, enough to tell versions apart and short enough for a page's footer.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from greenreport.resources import FOLDER
from greenreport.run.files import compact_json

__all__ = ["digest", "environment", "folder_digest", "package_digest", "versions"]

LIBRARIES = (
    "greenreport",
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "altair",
    "vl-convert-python",
    "babel",
    "ipykernel",
    "ipython",
    "nbclient",
    "nbformat",
    "papermill",
)
"""The libraries that can change what a page says or looks like, by their names on the package index."""

_NOT_IN_PAGES = {"cli.py", "console.py", "usage.py"}


def digest(value: bytes | Mapping[str, Any] | list[Any]) -> str:
    """The fingerprint of some bytes, or of a value in its canonical JSON form."""
    content = value if isinstance(value, bytes) else compact_json(value)
    return hashlib.sha256(content).hexdigest()[:16]


def _tree(files: Iterable[tuple[str, Path]]) -> str:
    total = hashlib.sha256()
    for name, path in sorted(files):
        total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def folder_digest(path: Path) -> str:
    """The fingerprint of a file, or of a folder's files under their names relative to it.

    Moving or copying the folder does not change it; hidden files are left out.
    """
    if path.is_file():
        return digest(path.read_bytes())
    files = (
        (found.relative_to(path).as_posix(), found)
        for found in path.rglob("*")
        if found.is_file() and not any(part.startswith(".") for part in found.relative_to(path).parts)
    )
    return _tree(files)


@cache
def package_digest() -> str:
    """The fingerprint of the package's own sources and data files (catalogues, theme, templates).

    The command line and the progress display are left out: they cannot change a page. So are the notebooks and examples
    that an installed package brings along: of a notebook, its own fingerprint counts.
    """
    root = Path(__file__).parents[1]
    files = (
        (name, found)
        for found in root.rglob("*")
        if found.is_file()
        and found.suffix not in {".pyc", ".so"}
        and "__pycache__" not in found.parts
        and FOLDER not in found.relative_to(root).parts[:1]
        and (name := found.relative_to(root).as_posix()) not in _NOT_IN_PAGES
    )
    return _tree(files)


@cache
def versions() -> dict[str, str]:
    """The versions of Python and of the libraries that pages are made with."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "–"
    return found


def environment(root: Path) -> dict[str, Any]:
    """How the libraries at hand compare with the project's `constraints.txt`.

    Returns:
        `{"verdict": "as_pinned" | "differs" | "not_pinned", "differs": {library: [pinned, found]}}`
    """
    path = root / "constraints.txt"
    if not path.is_file():
        return {"verdict": "not_pinned", "differs": {}}
    pinned = {}
    for line in path.read_text("utf-8").splitlines():
        if match := re.match(r"\s*([A-Za-z0-9._-]+)\s*==\s*([^\s;#]+)", line):
            pinned[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2]
    differs = {
        name: [pinned[name], found] for name, found in versions().items() if name in pinned and pinned[name] != found
    }
    return {"verdict": "differs" if differs else "as_pinned", "differs": differs}
