"""Whether a run is rendered already: the same inputs as last time, and the site as it was left.

A report in which nothing changed is not staged again only to find that out page by page. Knows files; must not know
what is in them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from greenreport.run.digests import package_digest, versions

__all__ = ["Seal"]

Made = tuple[str, str, str, str]
"""Page, language, format, and the file in the run's folder."""


class Seal:
    """What a rendering was made from and what it left, kept in the run's folder; moving the run does not break it.

    Args:
        folder: the run's folder.
        path: where it is kept.
        asked: what was asked of the rendering: languages, formats, the engine and its version.
    """

    def __init__(self, folder: Path, path: Path, asked: Sequence[str]) -> None:
        self._folder, self._path = folder, path
        total = hashlib.sha256(json.dumps([*asked, package_digest(), versions()], sort_keys=True).encode())
        read = [folder / "manifest.json"]
        read += [f for name in ("notebooks", "data") for f in sorted((folder / name).rglob("*")) if f.is_file()]
        for file in read:
            total.update(
                f"{file.relative_to(folder).as_posix()}\0".encode() + hashlib.sha256(file.read_bytes()).digest()
            )
        self._inputs = total.hexdigest()

    def unbroken(self) -> tuple[Made, ...] | None:
        """What was made, where nothing has changed since; None where something has."""
        try:
            kept = json.loads(self._path.read_bytes())
            same = kept["inputs"] == self._inputs and kept["site"] == self._site()
            return tuple((page, lang, form, path) for page, lang, form, path in kept["made"]) if same else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def set(self, made: Sequence[Made]) -> bytes:
        """The seal on what was made just now, as the file's content."""
        kept = {"inputs": self._inputs, "site": self._site(), "made": [list(one) for one in made]}
        return (json.dumps(kept, indent=1, sort_keys=True) + "\n").encode()

    def _site(self) -> dict[str, int]:
        start = self._folder / "site"
        return {
            file.relative_to(start).as_posix(): file.stat().st_size
            for file in sorted(start.rglob("*"))
            if file.is_file()
        }
