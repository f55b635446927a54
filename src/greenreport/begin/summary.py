"""What a project was begun from, in a few sentences: how much was read, and what is not there.

Must not know files or workbooks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenreport.begin.draft import Draft
from greenreport.text import Text

__all__ = ["summary"]

_NAMED = 8


def summary(draft: Draft) -> Iterator[Text]:
    """Counts of what was read; areas without figures, targets without a baseline, words for missing figures, days assumed."""
    own = [f for f in draft.figures if f.target]
    read = [f for f in draft.figures if not f.target]
    of_whole = sum(t.value is not None for i in draft.indicators for t in i.targets)
    yield Text(
        f"读到：区域{len(draft.parts)}个，指标{len(draft.indicators)}项，整体的目标{of_whole}个，各区域自己的目标{len(own)}个，"
        f"数据{len(read)}个，数据表中的空格{draft.blanks}个。",
        f"Read: areas {len(draft.parts)}, indicators {len(draft.indicators)}, targets of the whole {of_whole}, areas' own "
        f"targets {len(own)}, figures {len(read)}, blank cells among the figures {draft.blanks}.",
    )
    if draft.missing:
        zh, en = _named([f"{cell.where}“{cell.text}”" for cell in draft.missing])
        yield Text(f"按没有数据处理的单元格：{zh}。", f"Cells taken as missing: {en}.")
    with_figures = {f.area for f in read}
    if silent := [area.name for area in draft.parts if area.code not in with_figures]:
        zh, _ = _named([name.get("zh") or name["en"] for name in silent])
        _, en = _named([name.get("en") or name["zh"] for name in silent])
        yield Text(f"没有任何数据的区域：{zh}。", f"Areas without any figure: {en}.")
    based = {
        (f.indicator, f.area)
        for f in read
        for i in draft.indicators
        if (f.indicator, f.period) == (i.id, str(i.baseline_year))
    }
    if unbased := {(f.indicator, f.area) for f in own if f.area in with_figures} - based:
        zh, en = _named([f"{indicator}/{area}" for indicator, area in sorted(unbased)])
        yield Text(
            f"没有基期数：{zh}。补报之前，以其后最早有数的年份代替。",
            f"No figure of the baseline year: {en}. Until it is supplied, the first later year with a figure stands in.",
        )
    if later := sum(f.vintage > draft.as_of for f in read):
        yield Text(
            f"发布日期晚于数据截至日{draft.as_of}的数据{later}个，不进入本次报告。",
            f"Figures published after the data cut-off, {draft.as_of}: {later}. This report leaves them out.",
        )
    if assumed := next((f.vintage for f in own if "plan_start" in f.note.split(";")), None):
        yield Text(
            f"没有写成文日期：各区域自己的目标记为{assumed}（规划期首日）所知，台账备注中已注明。",
            f"The date of the document is blank: areas' own targets are dated {assumed}, the plan's first day, and marked so.",
        )


def _named(names: Sequence[str]) -> tuple[str, str]:
    """The first of some names and how many more there are, in Chinese and in English."""
    shown, more = names[:_NAMED], len(names) - _NAMED
    return (
        "、".join(shown) + (f"等{len(names)}处" if more > 0 else ""),
        ", ".join(shown) + (f" and {more} more" if more > 0 else ""),
    )
