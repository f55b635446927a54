"""What became of each file of a rendering, and what each was made from. Must not know how files are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenreport.errors import GreenReportError
from greenreport.render.jobs import STAGE
from greenreport.render.site import write_file
from greenreport.run.digests import digest, folder_digest, package_digest, versions
from greenreport.run.memory import Memory

__all__ = ["Prior", "RenderResult", "Rendered"]


@dataclass(frozen=True)
class Rendered:
    """What became of one page in one language and format.

    Args:
        page: the page's id, or the name of a paper or volume.
        lang: `zh` or `en`.
        format: `html`, `pdf` or `docx`.
        path: the file in the run's folder; of a page that failed, the one that says so.
        status: `rendered`, `unchanged` or `failed`.
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
    """Which inputs each file of a run's site was made from; moving the run changes nothing.

    `asked` is what the whole depends on beside the run: languages, formats, the engine and its version.
    """

    def __init__(self, folder: Path, asked: Sequence[str]) -> None:
        self._folder = folder
        read = [folder_digest(folder / name) for name in ("manifest.json", "notebooks", "data")]
        self._inputs = digest([*asked, package_digest(), versions(), *read])
        self._memory = Memory(folder, f"{STAGE}/rendered.json")
        self.save = self._memory.save

    def holds(self, target: Path, source: str) -> bool:
        """Whether a file of the site is there and was made from just this."""
        return target.is_file() and self._memory.recall(self._name(target), source) is not None

    def note(self, target: Path, source: str) -> None:
        """Note what a file was made from."""
        self._memory.keep(self._name(target), source, True)

    def made(self, page: str, lang: str, fmt: str, target: Path, source: str, content: Callable[[], bytes]) -> Rendered:
        """A paper or volume, made where it is stale; what became of it."""
        if self.holds(target, source):
            return Rendered(page, lang, fmt, target, "unchanged")
        try:
            write_file(target, content())
        except GreenReportError as error:
            target.unlink(missing_ok=True)
            return Rendered(page, lang, fmt, target, "failed", error)
        self.note(target, source)
        return Rendered(page, lang, fmt, target, "rendered")

    def unbroken(self) -> tuple[Rendered, ...] | None:
        """What the last rendering made, where neither inputs nor site have changed since; None where one has.

        A report in which nothing changed is not staged again only to find that out page by page.
        """
        kept = self._memory.recall("whole", self._inputs)
        if kept is None or kept["site"] != self._site():
            return None
        return tuple(
            Rendered(page, lang, fmt, self._folder / path, "unchanged") for page, lang, fmt, path in kept["made"]
        )

    def seal(self, made: Sequence[Rendered]) -> None:
        """Note the whole that was made just now, for [unbroken]."""
        parts = [(one.page, one.lang, one.format, self._name(one.path)) for one in made]
        self._memory.keep("whole", self._inputs, {"site": self._site(), "made": parts})

    def _name(self, target: Path) -> str:
        return target.relative_to(self._folder).as_posix()

    def _site(self) -> dict[str, int]:
        """The files of the site with their sizes."""
        files = (file for file in sorted((self._folder / "site").rglob("*")) if file.is_file())
        return {self._name(file): file.stat().st_size for file in files}
