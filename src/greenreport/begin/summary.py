"""What a project was begun from, in a few sentences: how much was read, and what is not there.

Must not know files or workbooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenreport.begin.draft import Draft, DraftFigure
from greenreport.text import Text
from greenreport.words import both

__all__ = ["summary"]

_NAMED = 8


def summary(draft: Draft) -> Iterator[Text]:
    """Counts of what was read; areas without figures, targets without a baseline, words for missing figures, days assumed.

    Args:
        draft: what a project was begun from.

    Returns:
        A sentence each, in both languages.
    """
    own = [f for f in draft.figures if f.target]
    read = [f for f in draft.figures if not f.target]
    of_whole = sum(t.value is not None for i in draft.indicators for t in i.targets)
    counts = {"areas": len(draft.parts), "indicators": len(draft.indicators), "whole": of_whole, "own": len(own)}
    yield both("begin.read.counts", **counts, figures=len(read), blanks=draft.blanks)
    yield from _gaps(draft, own, read)
    if later := sum(f.vintage > draft.as_of for f in read):
        yield both("begin.read.later", day=draft.as_of, count=later)
    # The day from which targets are taken as known, where the document gives none.
    if day := next((f.vintage for f in own if "plan_start" in f.note.split(";")), None):
        yield both("begin.read.assumed", day=day)


def _gaps(draft: Draft, own: Sequence[DraftFigure], read: Sequence[DraftFigure]) -> Iterator[Text]:
    """Cells that say in words that there is no figure, areas without any, targets without a baseline."""
    if draft.missing:
        yield both("begin.read.missing", cells=_named([f"{cell.where}“{cell.text}”" for cell in draft.missing]))
    with_figures, based = {f.area for f in read}, {(f.indicator, f.area, f.period) for f in read}
    if silent := [area.name for area in draft.parts if area.code not in with_figures]:
        zh, en = ([name.get(lang) or name[other] for name in silent] for lang, other in (("zh", "en"), ("en", "zh")))
        yield both("begin.read.silent", names=_named(zh, en))
    if unbased := _unbased(draft, own, with_figures, based):
        yield both("begin.read.unbased", pairs=_named(unbased))


def _unbased(
    draft: Draft, own: Sequence[DraftFigure], with_figures: set[str], based: set[tuple[str, str, str]]
) -> list[str]:
    """Targets of areas with figures, but without one of the baseline year."""
    start = {i.id: str(i.baseline_year) for i in draft.indicators}
    targets = sorted({(f.indicator, f.area) for f in own if f.area in with_figures})
    return [f"{id}/{area}" for id, area in targets if (id, area, start[id]) not in based]


def _named(zh: Sequence[str], en: Sequence[str] | None = None) -> Text:
    """The first of some names, in two languages where they differ, and how many more there are."""
    more = len(zh) - _NAMED
    first = [Text(*names) for names in zip(zh[:_NAMED], (en or zh)[:_NAMED], strict=True)]
    return both("begin.read.and_more" if more > 0 else "begin.read.all", names=first, all=len(zh), more=more)
