"""What a check finds, and where unlikely begins. Records only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenreport.text import Text
from greenreport.words import both

__all__ = ["CHECKS", "Finding", "Thresholds"]

CHECKS = (
    "type", "range", "unit", "duplicate", "area", "indicator", "falling_count", "jump", "unit_slip", "sum", "part_year",
    "restatement", "growth", "share",
)  # fmt: skip
"""What is checked; the catalogue names each under `check`."""


@dataclass(frozen=True)
class Thresholds:
    """Where unlikely begins.

    `jump_mads`: how many robust standard deviations (1.4826 × MAD) a growth may lie from the usual one, and
    `jump_least_pct` how large the change must be besides; `sum_pct` and `sum_error_pct`: by how much districts may miss
    the city before it is a warning and an error; `restatement_pct`: from which change a revision is told; `unit_slip`:
    the ratio from which a change looks like a wrong unit; `tenfold`: by which factor a
    tenfold or a tenth may be missed and still looks like a digit too many or too few; `growth_points`: by how many
    points a growth given with a figure may miss that of the levels; `most`: how many findings of a check are listed one by one.
    """

    jump_mads: float = 6.0
    jump_least_pct: float = 50.0
    sum_pct: float = 0.5
    sum_error_pct: float = 5.0
    restatement_pct: float = 5.0
    unit_slip: float = 50.0
    tenfold: float = 1.3
    growth_points: float = 10.0
    most: int = 1_000


@dataclass(frozen=True)
class Finding:
    """One thing found: which check, how serious, about which figure, in both languages, and where it stands.

    `size` is by how many per cent the figure is off (0 where that says nothing), to tell the worst of a check.
    """

    check: str
    severity: Literal["error", "warning", "info"]
    zh: str
    en: str
    indicator: str = ""
    area: str = ""
    period: str = ""
    value: float | None = None
    file: str = ""
    row: int = 0
    field: str = ""
    size: float = 0.0

    @property
    def title(self) -> Text:
        """The name of the check."""
        return both(f"check.{self.check}")
