"""Pages as chapters of the bound report, kept in the run's folder as Typst source.

A page that is typeset again is converted to its chapter at the same time; the others are kept, so a change of one page
costs one chapter. Knows texts and digests; must not know how a document is typeset.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from greenreport.render.jobs import STAGE
from greenreport.render.pandoc import theme_digest, version
from greenreport.render.site import write_file
from greenreport.render.source import Run
from greenreport.render.staging import Staged
from greenreport.render.volumes import Chapter
from greenreport.run.digests import digest

__all__ = ["keep", "kept", "sweep"]


def kept(run: Run, staged: Staged, chapter: Chapter) -> str | None:
    """The chapter as it was kept, None where it was made from something else."""
    try:
        mark, _, text = _place(run, staged).read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if mark == _mark(staged, chapter, text) else None


def keep(run: Run, staged: Staged, chapter: Chapter, text: str) -> None:
    """Keep a chapter for the next time."""
    write_file(_place(run, staged), f"{_mark(staged, chapter, text)}\n{text}".encode())


def sweep(run: Run, lang: str, pages: Iterable[str]) -> None:
    """Remove the chapters of a language that are of none of these pages."""
    there = set(pages)
    for path in (run.folder / STAGE / "chapters" / lang).glob("*"):
        if path.stem not in there:
            path.unlink()


def _place(run: Run, staged: Staged) -> Path:
    return run.folder / STAGE / "chapters" / staged.page.lang / f"{staged.page.id}.typ"


def _mark(staged: Staged, chapter: Chapter, text: str) -> str:
    """A digest of what a chapter was made from and of what it became."""
    return f"// {digest([version(), theme_digest('docx'), staged.digest, asdict(chapter), text])}"
