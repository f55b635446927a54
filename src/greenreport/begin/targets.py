"""A cell of the sheet of targets, read against its indicator: its direction, and where it stood in the baseline year.

Must not know sheets, areas or how a project is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from greenreport.begin.bounds import Bound, bound
from greenreport.begin.cells import Cell, Cells, quantity
from greenreport.begin.draft import DraftIndicator, DraftTarget
from greenreport.intake.reason import Reason
from greenreport.plan import impossible
from greenreport.text import Text

__all__ = ["target_in"]


@dataclass(frozen=True)
class _Way:
    """A direction in words: what is better, the limit that goes with it, and the kind of limit that goes against it."""

    name: Text
    better: str
    limit: Text
    against: str
    instead: Text


_WAYS = {
    "up": _Way(
        Text("升", "up"), "越大越好", Text("不低于", "least"), "most",
        Text("上限，方向写“降”", "upper limit the direction is down"),
    ),
    "down": _Way(
        Text("降", "down"), "越小越好", Text("不超过", "most"), "least",
        Text("下限，方向写“升”", "lower limit the direction is up"),
    ),
}  # fmt: skip


def target_in(
    cells: Cells, cell: Cell, year: int, i: DraftIndicator, start: tuple[int, float] | None
) -> DraftTarget | None:
    """The target in a cell: a level, a limit, a range of which the end reached first decides, or the baseline held.

    `start` is the first year from the baseline on of which there is a figure, and the figure; later ones stand in for a
    baseline in verdicts, but are not what is to be held.
    """
    found = bound(cell.text, i.unit)
    if found is None:
        refused: Text | None = _not_understood(cell.text, i)
    elif found.kind == "hold":
        refused = _not_to_hold(cell.text, i, start)
    else:
        refused = _against(cell.text, i, found) or _impossible(i, found) or _worse(i, found, start)
    if refused is not None:
        cells.wrong(cell, refused.zh, refused.en)
        return None
    assert found is not None
    if found.kind == "hold":
        return DraftTarget(year, start[1] if start else None)
    near, far = _ends(i, found)
    hold = found.kind in ("least", "most") and _is_worse(i, near, start)
    return DraftTarget(year, near, far if found.kind == "range" else None, hold)


def _not_understood(text: str, i: DraftIndicator) -> Text:
    read = quantity(text, i.unit)
    if isinstance(read, Reason) and read.code not in ("number_words", "number_range"):
        return Text(read.zh, read.en)
    return Text(
        f"读到“{text}”，应为目标值：如60、不低于60、不超过45、20～25、保持。",
        f"Found {text!r}; a target is a number, or as in: at least 60, at most 45, 20 to 25, hold.",
    )


def _not_to_hold(text: str, i: DraftIndicator, start: tuple[int, float] | None) -> Text | None:
    """A baseline can be held only where it is known."""
    if start is not None and start[0] == i.baseline_year:
        return None
    return Text(
        f"“{text}”指保持基期水平，但没有{i.baseline_year}年的数。请填上这个数，或写出目标值。",
        f"{text!r} is to hold the baseline, and there is no figure for {i.baseline_year}. Fill it in, or "
        "write the target as a number.",
    )


def _against(text: str, i: DraftIndicator, found: Bound) -> Text | None:
    """An upper limit on what is to rise, or a lower one on what is to fall."""
    way = _WAYS[i.direction]
    if found.kind != way.against:
        return None
    return Text(
        f"“{text}”与指标“{i.id}”的方向（{way.name.zh}）相反。请核对；如系{way.instead.zh}。",
        f"{text!r} goes against the direction of {i.id!r}, {way.name.en}. Check both; of an {way.instead.en}.",
    )


def _impossible(i: DraftIndicator, found: Bound) -> Text | None:
    """A level at which such an indicator cannot be."""
    whys = (impossible(end, i.kind, additive=i.additive) for end in found.ends)
    return next(filter(None, whys), None)


def _worse(i: DraftIndicator, found: Bound, start: tuple[int, float] | None) -> Text | None:
    """A target, not a limit, that is worse than what there was at first."""
    near, _ = _ends(i, found)
    if start is None or found.kind in ("least", "most") or not _is_worse(i, near, start):
        return None
    way, (first, base) = _WAYS[i.direction], start
    return Text(
        f"指标“{i.id}”{way.better}，目标{near:g}却比{first}年的{base:g}差。请核对目标、数据和方向；"
        f"如系不得突破的限值，写“{way.limit.zh}{near:g}”；如系保持基期水平，写“保持”。",
        f"The direction of {i.id!r} is {i.direction}, yet the target {near:g} is worse than the baseline, {base:g} in "
        f"{first}. Check target, figure and direction; if a limit is meant, write at {way.limit.en} "
        f"{near:g}; if the baseline is to be kept, write hold.",
    )


def _ends(i: DraftIndicator, found: Bound) -> tuple[float, float]:
    """The end that is reached first, and the other one."""
    return (found.ends[0], found.ends[-1]) if i.direction == "up" else (found.ends[-1], found.ends[0])


def _is_worse(i: DraftIndicator, level: float, start: tuple[int, float] | None) -> bool:
    if start is None:
        return False
    return level < start[1] if i.direction == "up" else level > start[1]
