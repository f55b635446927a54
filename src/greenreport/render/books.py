"""The bound reports of a run: which chapters they need, which of them are stale, and how many are set at a time.

Knows volumes and files; must not know how a document is typeset.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from greenreport.render import chapters
from greenreport.render.archive import bound_docx, bound_pdf
from greenreport.render.builtin import version
from greenreport.render.formats import FORMATS
from greenreport.render.front_matter import FOLDER
from greenreport.render.pandoc import theme_digest
from greenreport.render.previous_render import Prior, Rendered
from greenreport.render.source import COMPOSED, Run
from greenreport.render.staging import Staged
from greenreport.render.volumes import Chapter, Volume, volumes
from greenreport.run.digests import digest

__all__ = ["bind", "planned", "wanted"]

_CHAPTER_BYTES = 40 << 20
"""What Typst holds of a chapter, about 30 MB, and something to spare."""


Planned = list[tuple[str, Volume]]
"""The volumes of a run's bound reports, each with its language."""


def planned(
    run: Run, langs: Sequence[str], staged: Sequence[Staged], *, lost: Collection[tuple[str, str]] = ()
) -> Planned:
    """The volumes of the languages that are rendered, without the pages (language, id) that were lost in setting."""
    fit = [
        one
        for one in staged
        if one.error is None and one.page.kind not in COMPOSED and one.page.status == "done"
        if (one.page.lang, one.page.id) not in lost
    ]
    return (
        [(lang, volume) for lang in langs for volume in volumes(run, lang, fit)]
        if any(FORMATS[fmt].bound for fmt in run.formats)
        else []
    )


def wanted(run: Run, plan: Planned) -> dict[tuple[str, str], Chapter]:
    """The chapters that are not kept and had better be made while their pages are set: (language, page) → which."""
    if "pdf" not in run.formats:
        return {}
    return {
        (lang, page.page.id): chapter
        for lang, volume in plan
        for page, chapter in volume.chapters()
        if chapters.kept(run, page, chapter) is None
    }


def bind(run: Run, plan: Planned, langs: Sequence[str], prior: Prior, *, workers: int) -> list[Rendered]:
    """Set the bound reports that are stale, as many at a time as there are workers and there is memory for."""
    orders = [(lang, fmt, volume) for lang, volume in plan for fmt in run.formats if FORMATS[fmt].bound]
    most = max((len(volume.pages) for _, volume in plan), default=1)
    at_a_time = max(1, min(workers, _available() // (most * _CHAPTER_BYTES)))
    each = max(1, workers // at_a_time)
    with ThreadPoolExecutor(at_a_time) as pool:
        made = list(pool.map(lambda order: _bind(run, *order, prior=prior, workers=each), orders))
    if plan:
        for lang in langs:
            chapters.sweep(run, lang, [page.page.id for one, volume in plan if one == lang for page in volume.pages])
    return made


def _available() -> int:
    """Bytes of memory that new processes may take without swapping."""
    try:
        lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        return int(lines["MemAvailable"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return 0


def _bind(run: Run, lang: str, fmt: str, volume: Volume, *, prior: Prior, workers: int) -> Rendered:
    name = volume.share.name
    target = run.folder / "site" / lang / FOLDER / f"{name}.{fmt}"
    source = digest([fmt, version(), theme_digest(fmt), run.as_of, run.title[lang], *volume.parts(lang)])
    make = {"pdf": bound_pdf, "docx": bound_docx}[fmt]
    return prior.made(name, lang, fmt, target, source, partial(make, run, lang, volume, workers=workers))
