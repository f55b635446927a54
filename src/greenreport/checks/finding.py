"""What a check finds, and where unlikely begins. Records only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from greenreport.text import Text

__all__ = ["CHECKS", "Finding", "Thresholds"]

CHECKS: dict[str, Text] = {
    "type": Text("格式", "form"),
    "range": Text("取值范围", "range"),
    "unit": Text("单位", "unit"),
    "duplicate": Text("重复", "duplicate"),
    "area": Text("区县", "area"),
    "indicator": Text("指标", "indicator"),
    "falling_count": Text("累计数下降", "falling cumulative count"),
    "jump": Text("异常变动", "jump"),
    "unit_slip": Text("疑似单位错误", "possible unit error"),
    "sum": Text("区县合计与全市不符", "districts and city"),
    "part_year": Text("年内累计与全年不符", "part-year and year"),
    "restatement": Text("大幅修订", "large restatement"),
    "growth": Text("增速与数值不符", "growth and levels"),
    "share": Text("比率超限", "share above 100 %"),
}


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
        return CHECKS[self.check]
