"""The plan as data: indicators with baselines and targets, text goals, statements, tasks, contradictions.

Must not know any indicator by name, nor observations, areas, forecasts or verdicts.
"""

from greenreport.plan.kinds import KINDS, Kind, KindId
from greenreport.plan.load import load_plan
from greenreport.plan.model import Baseline, Doubt, Goal, Indicator, Plan, Target, Unit
from greenreport.plan.possible import impossible
from greenreport.plan.rows import Contradiction, Statement, Task
from greenreport.text import Text

__all__ = [
    "KINDS",
    "Baseline",
    "Contradiction",
    "Doubt",
    "Goal",
    "Indicator",
    "Kind",
    "KindId",
    "Plan",
    "Statement",
    "Target",
    "Task",
    "Text",
    "Unit",
    "impossible",
    "load_plan",
]
