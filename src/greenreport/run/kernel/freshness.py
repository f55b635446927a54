"""Whether a warm server still is what a cold start would be: the same files, the same environment.

Knows files and environment variables only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Snapshot", "quiet_environment"]

_PACKAGE = Path(__file__).parents[2]
_AT_IMPORT = ("PYTHON", "LD_", "LC_", "OPENBLAS_", "OMP_", "MKL_", "NUMEXPR_", "VECLIB_", "RAYON_", "ARROW_")
_AT_IMPORT_NAMES = ("LANG", "VIRTUAL_ENV", "CONDA_PREFIX")
_QUIET = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # Arrow's allocator would start a thread at import
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # ipykernel's debugger would warn on the terminal that nobody debugs
}


def _relevant(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if (name.startswith(_AT_IMPORT) or name in _AT_IMPORT_NAMES)
        and name not in {"PYTHONEXECUTABLE", "PYTHON_HISTORY"}
    }


def quiet_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment with what keeps its libraries quiet when they are imported."""
    return {**environment, **_QUIET}


Stamp = tuple[int, int]


def _stamp(path: str) -> Stamp:
    try:
        found = os.stat(path)  # noqa: PTH116 -- thousands of files per kernel; Path costs four times as much
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _package_files() -> Iterator[str]:
    for folder, folders, files in os.walk(_PACKAGE):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (f"{folder}/{name}" for name in files)


@dataclass(frozen=True)
class Snapshot:
    """Files and environment as they were when the libraries were imported.

    Attributes:
        files: time and size of every file imported, of the package's other files, and of the folders in which
            libraries are installed.
        package: the names of the package's files.
        environment: the variables that libraries read when they are imported.
    """

    files: Mapping[str, Stamp]
    package: frozenset[str]
    environment: Mapping[str, str]

    @classmethod
    def take(cls, began: int) -> Snapshot:
        """Look at everything now.

        Args:
            began: the clock (ns) before the first import; a file newer than that may have been read half old.
        """
        package = frozenset(_package_files())
        modules = {
            file
            for module in list(sys.modules.values())
            if isinstance(file := getattr(module, "__file__", None), str) and not file.startswith("<")
        }
        places = {path for path in sys.path if path.endswith(("site-packages", "dist-packages"))}
        stamps = {path: _stamp(path) for path in modules | package | places}
        files = {path: stamp if stamp[0] < began else (-1, -1) for path, stamp in stamps.items()}
        return cls(files, package, _relevant(os.environ))

    def changed(self) -> str:
        """Which file is no longer what it was; empty if all are."""
        for path, stamp in self.files.items():
            if _stamp(path) != stamp:
                return f"{Path(path).name} changed"
        if new := set(_package_files()) - self.package:
            return f"{Path(min(new)).name} is new"
        return ""

    def differs(self, environment: Mapping[str, str]) -> str:
        """Which variable a kernel wants otherwise than the server had it; empty if none."""
        wanted = _relevant(environment)
        for name in sorted(wanted.keys() | self.environment.keys()):
            if wanted.get(name) != self.environment.get(name):
                return f"{name} differs"
        return ""
