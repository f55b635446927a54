"""A cell of the sheet of targets, read against its indicator: its direction, and where it stood in the baseline year.

Must not know sheets, areas or how a project is written.
"""

from __future__ import annotations

from greenreport.begin.bounds import bound
from greenreport.begin.cells import Cell, Cells, quantity
from greenreport.begin.draft import DraftIndicator, DraftTarget
from greenreport.intake.reason import Reason
from greenreport.plan import impossible

__all__ = ["target_in"]


def target_in(
    cells: Cells, cell: Cell, year: int, i: DraftIndicator, start: tuple[int, float] | None
) -> DraftTarget | None:
    """The target in a cell: a level, a limit, a range of which the end reached first decides, or the baseline held.

    `start` is the first year from the baseline on of which there is a figure, and the figure; later ones stand in for a
    baseline in verdicts, but are not what is to be held.
    """
    first, base = start or (i.baseline_year, None)
    found = bound(cell.text, i.unit)
    if found is None:
        read = quantity(cell.text, i.unit)
        if isinstance(read, Reason) and read.code not in ("number_words", "number_range"):
            cells.wrong(cell, read.zh, read.en)
            return None
        cells.wrong(
            cell,
            f"读到“{cell.text}”，应为目标值：如60、不低于60、不超过45、20～25、保持。",
            f"Found {cell.text!r}; a target is a number, or as in: at least 60, at most 45, 20 to 25, hold.",
        )
        return None
    up = i.direction == "up"
    if found.kind == ("most" if up else "least"):
        cells.wrong(
            cell,
            f"“{cell.text}”与指标“{i.id}”的方向（{'升' if up else '降'}）相反。请核对；如系{'上限，方向写“降”' if up else '下限，方向写“升”'}。",
            f"{cell.text!r} goes against the direction of {i.id!r}, {'up' if up else 'down'}. Check both; of an "
            f"{'upper limit the direction is down' if up else 'lower limit the direction is up'}.",
        )
        return None
    if found.kind == "hold" and (base is None or first != i.baseline_year):
        cells.wrong(
            cell,
            f"“{cell.text}”指保持基期水平，但没有{i.baseline_year}年的数。请填上这个数，或写出目标值。",
            f"{cell.text!r} is to hold the baseline, and there is no figure for {i.baseline_year}. Fill it in, or "
            "write the target as a number.",
        )
        return None
    if found.kind == "hold":
        return DraftTarget(year, base)
    for end in found.ends:
        if why := impossible(end, i.kind, additive=i.additive):
            cells.wrong(cell, why.zh, why.en)
            return None
    near, far = (found.ends[0], found.ends[-1]) if up else (found.ends[-1], found.ends[0])
    looser = base is not None and (near < base if up else near > base)
    limit = found.kind in ("least", "most")
    if looser and not limit:
        cells.wrong(
            cell,
            f"指标“{i.id}”{'越大越好' if up else '越小越好'}，目标{near:g}却比{first}年的{base:g}差。请核对目标、数据和方向；"
            f"如系不得突破的限值，写“{'不低于' if up else '不超过'}{near:g}”；如系保持基期水平，写“保持”。",
            f"The direction of {i.id!r} is {i.direction}, yet the target {near:g} is worse than the baseline, {base:g} in "
            f"{first}. Check target, figure and direction; if a limit is meant, write at {'least' if up else 'most'} "
            f"{near:g}; if the baseline is to be kept, write hold.",
        )
        return None
    return DraftTarget(year, near, far if found.kind == "range" else None, limit and looser)
