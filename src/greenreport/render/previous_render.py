"""What became of each file of a rendering, and what each was made from. Must not know how files are made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from greenreport.errors import GreenReportError
from greenreport.render.site import write_file

__all__ = ["Prior", "RenderResult", "Rendered"]


@dataclass(frozen=True)
class Rendered:
    """What became of one page in one language and format.

    Args:
        status: `rendered`, `unchanged` or `failed`.
        path: the file in the run's folder; of a page that failed, the one that says so.
        error: what went wrong, None if nothing.
    """

    page: str
    lang: str
    format: str
    path: Path
    status: str
    error: GreenReportError | None = None


@dataclass(frozen=True)
class RenderResult:
    """What a rendering made.

    Args:
        pages: one record per page, language and format, in the run's order.
        engine: the engine that worked, `quarto` or `builtin`.
    """

    pages: tuple[Rendered, ...]
    engine: str

    @property
    def failed(self) -> tuple[Rendered, ...]:
        """The pages that could not be set."""
        return tuple(p for p in self.pages if p.status == "failed")


class Prior:
    """Which inputs each file of the site was made from, kept beside the staged pages.

    Args:
        path: where it is kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._made: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._made = {}

    def holds(self, target: Path, digest: str) -> bool:
        """Whether a file of the site is there and was made from just this."""
        return target.is_file() and self._made.get(_key(target)) == digest

    def note(self, target: Path, digest: str) -> None:
        """Note what a file was made from."""
        self._made[_key(target)] = digest

    def save(self) -> None:
        """Write it down."""
        text = json.dumps(self._made, indent=1, sort_keys=True) + "\n"
        write_file(self._path, text.encode())


def _key(target: Path) -> str:
    return "/".join(target.parts[-3:])
