"""Progress against dated targets: pure functions of numbers and years.

This room knows no plan, area, file or language and imports nothing of the house. Every function takes
keyword arguments in plain words and hands back a frozen result with `value`, `status` and `reason`; where a
number is undefined there is a reason, never an exception, a NaN or a small constant patched in.

The verdict of the project is `verdict`; `required_path`, `completion`, `time_share`, `schedule`, the two
paces and `allocate` feed it.
"""

from .allocate import Allocation, allocate
from .path import (
    NEARLY_ON_SCHEDULE,
    Path,
    Schedule,
    achieved_annual_change,
    achieved_growth,
    completion,
    required_annual_change,
    required_growth,
    required_path,
    schedule,
    time_share,
)
from .result import Direction, Result
from .verdict import CLASSES, LEAST_OBSERVATIONS, LIKELIHOODS, REASONS, Verdict, likelihood, verdict, worst

__all__ = [
    "CLASSES",
    "LEAST_OBSERVATIONS",
    "LIKELIHOODS",
    "NEARLY_ON_SCHEDULE",
    "REASONS",
    "Allocation",
    "Direction",
    "Path",
    "Result",
    "Schedule",
    "Verdict",
    "achieved_annual_change",
    "achieved_growth",
    "allocate",
    "completion",
    "likelihood",
    "required_annual_change",
    "required_growth",
    "required_path",
    "schedule",
    "time_share",
    "verdict",
    "worst",
]
