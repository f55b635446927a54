"""What something was made from and what came of it, kept in a run's folder from one build to the next.

Where the file is lost, torn or not understood, everything it knew is worked out again. Must not know what is kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from greenreport.run.files import read_json, write_json

__all__ = ["Memory"]


class Memory:
    """Key → the digest of what it was made from, and what came of that as plain data; one JSON file of a run."""

    def __init__(self, run_dir: Path, name: str) -> None:
        self._run_dir, self._path = run_dir, run_dir / name
        try:
            self._kept = {key: (str(source), came) for key, (source, came) in read_json(self._path).items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self._kept = {}

    def recall(self, key: str, source: str) -> Any:
        """What came of just this source; None where that is not known."""
        known, came = self._kept.get(key, ("", None))
        return came if known == source else None

    def keep(self, key: str, source: str, came: object) -> None:
        """Keep what came of a source, in the place of what was kept under the key before."""
        self._kept[key] = (source, came)

    def save(self) -> None:
        """Write it down, in one step."""
        write_json(self._path, self._kept, run_dir=self._run_dir)
