"""Plan + ledger + forecast + progress → [Assessment]: what an area has achieved and may reach.

evidence = Evidence.load(plan="data/plan", areas="data/areas", data="data/demo", as_of="2026-06-30")
assessment = assess(evidence, area="万州", options=Options())
"""

from __future__ import annotations

from greenreport.assess.calibration import calibration, constants
from greenreport.assess.coherence import coherence
from greenreport.assess.comparison import compare_methods
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit
from greenreport.assess.goals import assess_goals
from greenreport.assess.grade import grade
from greenreport.assess.history import past_verdicts
from greenreport.assess.model import Assessment, Options
from greenreport.assess.outcome import look_back, score
from greenreport.assess.quality import quality
from greenreport.assess.record import past_targets
from greenreport.assess.results import assess, city_findings, district_findings, gather
from greenreport.assess.sensitivity import sensitivity
from greenreport.assess.shortfall import gaps

__all__ = [
    "Assessment",
    "Evidence",
    "Options",
    "assess",
    "assess_goals",
    "calibration",
    "city_findings",
    "coherence",
    "compare_methods",
    "constants",
    "district_findings",
    "fit",
    "gaps",
    "gather",
    "grade",
    "look_back",
    "past_targets",
    "past_verdicts",
    "quality",
    "score",
    "sensitivity",
]
