"""Progress against dated targets: pure functions of numbers and years.

This package knows no plan, area, file or language and imports no other greenreport package. Most functions take a
[Course] and all return a frozen result with `value`, `status` and `reason`; where a number is undefined the
result gives a reason instead of an exception, a NaN or a small constant.

The verdict of the project is `verdict`; `required_path`, `completion`, `time_share`, `schedule`, `paces`
and `allocate` feed it. Other published methods are shown alongside
it: `cagr_ratio`, `growth_rating`, `linear_ratio`, `weather`, `current_status_index`, `anticipated_progress_index`,
`targeted_change`, `progress_chart`. Formulas, sources and edge cases: docs/methods.md.
"""

from .allocation import REASONS as ALLOCATION_REASONS
from .allocation import allocate
from .grading import (
    CLASSES,
    LIKELIHOODS,
    REASONS,
    WORDINGS,
    Verdict,
    as_shown,
    likelihood,
    verdict,
)
from .indices import anticipated_progress_index, current_status_index, targeted_change
from .path import (
    NEARLY_ON_SCHEDULE,
    Paces,
    Path,
    Schedule,
    completion,
    paces,
    required_path,
    schedule,
    time_share,
)
from .ratios import cagr_ratio, growth_rating, linear_ratio, progress_chart
from .result import Course, Direction, Result, is_met
from .weather import WEATHER, weather

__all__ = [
    "ALLOCATION_REASONS",
    "CLASSES",
    "LIKELIHOODS",
    "NEARLY_ON_SCHEDULE",
    "REASONS",
    "WEATHER",
    "WORDINGS",
    "Course",
    "Direction",
    "Paces",
    "Path",
    "Result",
    "Schedule",
    "Verdict",
    "allocate",
    "anticipated_progress_index",
    "as_shown",
    "cagr_ratio",
    "completion",
    "current_status_index",
    "growth_rating",
    "is_met",
    "likelihood",
    "linear_ratio",
    "paces",
    "progress_chart",
    "required_path",
    "schedule",
    "targeted_change",
    "time_share",
    "verdict",
    "weather",
]
