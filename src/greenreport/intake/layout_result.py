"""What laying out a sheet gives: figures with their texts, what was lost, what was passed over. Lays nothing out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from greenreport.intake.reason import Reason
from greenreport.intake.sheets import Grid

__all__ = ["DIGIT", "RAW", "Laid", "Loss"]

RAW = (
    "indicator", "area", "area_code", "period", "months", "month", "unit", "unit_head", "value", "kind", "scope",
    "vintage", "source", "source_address", "grade", "note", "growth_pct", "reporter", "proof", "indicator_against",
    "area_against", "period_against",
)  # fmt: skip
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Loss:
    """Something in a sheet that could not be laid out as a figure: a row, a cell or a column's cell."""

    row: int
    col: int
    read: str
    reason: Reason
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Laid:
    """Figures laid out: `columns` has one list per name in `RAW`, `rows` and `cols` say where each value stands.

    `losses` are figures that can't be laid out; `notices` say what was passed over (zh, en); `blank` counts places for
    a figure that were left blank. The column `proof` says which cell told what, with `#` for the figure's own row;
    `…_against`: what a head says where the row says something else.
    """

    columns: dict[str, list[str]] = field(default_factory=lambda: {c: [] for c in RAW})
    rows: list[int] = field(default_factory=list)
    cols: list[int] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    blank: int = 0

    def take(self, texts: Mapping[str, str], row: int, col: int) -> None:
        """A figure with its texts, and the place of its value (from 0)."""
        for name in RAW:
            self.columns[name].append(texts.get(name, ""))
        self.rows.append(row)
        self.cols.append(col)

    def lose(self, grid: Grid, row: int, reason: Reason, *, col: int = 0) -> None:
        """A whole row that holds a digit, or one cell of it, is not taken."""
        if any(DIGIT.search(c) for c in grid.rows[row]):
            self.losses.append(Loss(row, col, " | ".join(c for c in grid.rows[row] if c.strip()), reason))
