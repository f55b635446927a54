"""A cell of the sheet of targets, read against its indicator: its direction, and where it stood in the baseline year.

Must not know sheets, areas or how a project is written.
"""

from __future__ import annotations

from greenreport.begin.bounds import bound
from greenreport.begin.cells import Cell, Cells
from greenreport.begin.draft import DraftIndicator, DraftTarget

__all__ = ["target_in"]


def target_in(cells: Cells, cell: Cell, year: int, i: DraftIndicator, base: float | None) -> DraftTarget | None:
    """The target in a cell: a level, a limit, a range of which the end reached first decides, or the baseline held."""
    found = bound(cell.text)
    if found is None:
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
    if found.kind == "hold" and base is None:
        cells.wrong(
            cell,
            f"“{cell.text}”指保持基期水平，但没有{i.baseline_year}年的数。请填上这个数，或写出目标值。",
            f"{cell.text!r} is to hold the baseline, and there is no figure for {i.baseline_year}. Fill it in, or "
            "write the target as a number.",
        )
        return None
    if found.kind == "hold":
        return DraftTarget(year, base)
    near, far = (found.ends[0], found.ends[-1]) if up else (found.ends[-1], found.ends[0])
    looser = base is not None and (near < base if up else near > base)
    limit = found.kind in ("least", "most") and looser
    return DraftTarget(year, near, far if found.kind == "range" else None, limit)
