"""What a project was begun from, in a few sentences: how much was read, and what is not there.

Must not know files or workbooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenreport.begin.draft import Draft, DraftFigure
from greenreport.text import Text

__all__ = ["summary"]

_NAMED = 8


def summary(draft: Draft) -> Iterator[Text]:
    """Counts of what was read; areas without figures, targets without a baseline, words for missing figures, days assumed."""
    own = [f for f in draft.figures if f.target]
    read = [f for f in draft.figures if not f.target]
    yield _counts(draft, own, read)
    for text in (
        _missing(draft), _silent(draft, read), _without_baseline(draft, own, read), _too_late(draft, read), _assumed(own),
    ):  # fmt: skip
        if text is not None:
            yield text


def _counts(draft: Draft, own: Sequence[DraftFigure], read: Sequence[DraftFigure]) -> Text:
    of_whole = sum(t.value is not None for i in draft.indicators for t in i.targets)
    return Text(
        f"读到：区域{len(draft.parts)}个，指标{len(draft.indicators)}项，整体的目标{of_whole}个，各区域自己的目标{len(own)}个，"
        f"数据{len(read)}个，数据表中的空格{draft.blanks}个。",
        f"Read: areas {len(draft.parts)}, indicators {len(draft.indicators)}, targets of the whole {of_whole}, areas' own "
        f"targets {len(own)}, figures {len(read)}, blank cells among the figures {draft.blanks}.",
    )


def _missing(draft: Draft) -> Text | None:
    """Cells that say in words that there is no figure."""
    if not draft.missing:
        return None
    zh, en = _named([f"{cell.where}“{cell.text}”" for cell in draft.missing])
    return Text(f"按没有数据处理的单元格：{zh}。", f"Cells taken as missing: {en}.")


def _silent(draft: Draft, read: Sequence[DraftFigure]) -> Text | None:
    """Areas without any figure."""
    with_figures = {f.area for f in read}
    silent = [area.name for area in draft.parts if area.code not in with_figures]
    if not silent:
        return None
    zh, _ = _named([name.get("zh") or name["en"] for name in silent])
    _, en = _named([name.get("en") or name["zh"] for name in silent])
    return Text(f"没有任何数据的区域：{zh}。", f"Areas without any figure: {en}.")


def _without_baseline(draft: Draft, own: Sequence[DraftFigure], read: Sequence[DraftFigure]) -> Text | None:
    """Targets of areas that have figures, but none of the baseline year."""
    baseline = {i.id: str(i.baseline_year) for i in draft.indicators}
    based = {(f.indicator, f.area) for f in read if f.period == baseline.get(f.indicator)}
    with_figures = {f.area for f in read}
    unbased = {(f.indicator, f.area) for f in own if f.area in with_figures} - based
    if not unbased:
        return None
    zh, en = _named([f"{indicator}/{area}" for indicator, area in sorted(unbased)])
    return Text(
        f"没有基期数：{zh}。补报之前，以其后最早有数的年份代替。",
        f"No figure of the baseline year: {en}. Until it is supplied, the first later year with a figure stands in.",
    )


def _too_late(draft: Draft, read: Sequence[DraftFigure]) -> Text | None:
    """Figures that became known after the day of the report."""
    later = sum(f.vintage > draft.as_of for f in read)
    if not later:
        return None
    return Text(
        f"发布日期晚于数据截至日{draft.as_of}的数据{later}个，不进入本次报告。",
        f"Figures published after the data cut-off, {draft.as_of}: {later}. This report leaves them out.",
    )


def _assumed(own: Sequence[DraftFigure]) -> Text | None:
    """The day from which targets are taken as known, where the document gives none."""
    day = next((f.vintage for f in own if "plan_start" in f.note.split(";")), None)
    if day is None:
        return None
    return Text(
        f"没有写成文日期：各区域自己的目标记为{day}（规划期首日）所知，台账备注中已注明。",
        f"The date of the document is blank: areas' own targets are dated {day}, the plan's first day, and marked so.",
    )


def _named(names: Sequence[str]) -> tuple[str, str]:
    """The first of some names and how many more there are, in Chinese and in English."""
    shown, more = names[:_NAMED], len(names) - _NAMED
    return (
        "、".join(shown) + (f"等{len(names)}处" if more > 0 else ""),
        ", ".join(shown) + (f" and {more} more" if more > 0 else ""),
    )
