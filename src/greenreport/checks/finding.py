"""What a check finds. Records only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenreport.text import Text
from greenreport.words import both

__all__ = ["CHECKS", "Finding"]

CHECKS = (
    "type", "range", "unit", "duplicate", "area", "indicator", "falling_count", "jump", "unit_slip", "sum", "part_year",
    "restatement", "growth", "share",
)  # fmt: skip
"""What is checked; the catalogue names each under `check`."""


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
