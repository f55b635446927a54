"""What one key of a parameter file must know of another, and of the disk: paths that are there, days, kinds of pages.

Called by the reader of parameter files; must not know how a file is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from greenreport.addresses import LedgerAddress
from greenreport.errors import Problem
from greenreport.run.kinds import AREA_KINDS
from greenreport.typing_slips import nearest

if TYPE_CHECKING:
    from greenreport.run.params import RunParams

__all__ = ["check_days", "check_kinds", "check_paths", "paths"]


def paths(params: RunParams) -> list[tuple[tuple[str | int, ...], str]]:
    """Every path in the file, with the way to its key."""
    named: list[tuple[tuple[str | int, ...], str]] = [(("plan",), params.plan), (("areas",), params.areas)]
    if params.ledger.in_files:
        named.append((("data",), str(LedgerAddress.of(params.data).path)))
    if params.papers_template is not None:
        named.append((("papers_template",), params.papers_template))
    return named + [(("pages", index, "notebook"), page.notebook) for index, page in enumerate(params.pages)]


def check_paths(params: RunParams) -> list[Problem]:
    """Paths that are not there; a notebook may be the package's."""
    problems = []
    for path, value in paths(params):
        there = params.notebook(value) if path[0] == "pages" else params.root / value
        if there.is_file() if path[0] == "pages" else there.exists():
            continue
        near = _beside(there)
        hint_zh, hint_en = (f"是否指{near}？", f"Did you mean {near}?") if near else ("请检查路径。", "Check the path.")
        zh = f"找不到“{value}”（相对于项目根目录{params.root}）。{hint_zh}"
        en = f"There is no {value} (relative to the project's root, {params.root}). {hint_en}"
        problems.append(params.problem(*path, zh=zh, en=en))
    return problems


def _beside(path: Path) -> str:
    """The name beside a path that is not there which comes nearest to it; empty if none does."""
    folder = path.parent
    return next(iter(nearest(path.name, [p.name for p in folder.iterdir()], n=1)), "") if folder.is_dir() else ""


def check_days(params: RunParams) -> list[Problem]:
    """A day of outcomes that does not follow the day of the report, or pages that cannot have one day of outcomes."""
    day = params.outcome_as_of
    if day is None:
        return []
    if day <= params.as_of:
        zh = f"outcome_as_of（{day}）应晚于as_of（{params.as_of}）。请改为结果公布之后的日期，或删去该行。"
        en = f"outcome_as_of ({day}) must follow as_of ({params.as_of}). Give a later day, or remove the line."
        return [params.problem("outcome_as_of", zh=zh, en=en)]
    zh = "按年份生成的页面各有数据截止日，往年的页面自动对照截至as_of的实际结果，不能与outcome_as_of同用。请删去其中之一。"
    en = "Pages by year have cut-offs of their own; those of earlier years look back from as_of. Remove years or outcome_as_of."
    return [params.problem("pages", n, "years", zh=zh, en=en) for n, page in enumerate(params.pages) if page.years]


def check_kinds(params: RunParams) -> list[Problem]:
    """Areas and indicators given to pages of a kind that has none."""
    problems = []
    for index, page in enumerate(params.pages):
        if page.areas is not None and page.kind not in AREA_KINDS:
            zh = f"“{page.kind}”类页面不分区域。请删去areas，或改用kind: district。"
            en = f"Pages of the kind {page.kind} are not about areas. Remove areas, or write kind: district."
            problems.append(params.problem("pages", index, "areas", zh=zh, en=en))
        if page.indicators is not None and page.kind != "indicator":
            zh = f"“{page.kind}”类页面不分指标。请删去indicators，或改用kind: indicator。"
            en = f"Pages of the kind {page.kind} are not about indicators. Remove indicators, or write kind: indicator."
            problems.append(params.problem("pages", index, "indicators", zh=zh, en=en))
    return problems
