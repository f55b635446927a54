"""What all pages of a run look up, looked up once, in the process from which their kernels are forked.

All pages read the same plan, roster and ledger, and a district's page looks up every district's baseline. What one page
would find out is found out once; each forked kernel takes its copy. Knows nothing of servers or kernels.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from greenreport.areas import Area
from greenreport.assess.comparison import compare_methods
from greenreport.assess.evidence import READY, Evidence, made_from
from greenreport.assess.fit import fit
from greenreport.assess.grade import grade
from greenreport.assess.history import past_verdicts
from greenreport.assess.model import IndicatorAssessment, Options
from greenreport.assess.quality import quality
from greenreport.assess.sensitivity import sensitivity

__all__ = ["prepare", "work_out"]

MOST_DAYS = 4
"""Cut-offs that are prepared; a run of many years holds one view of the ledger for each."""


def prepare(
    *, root: str, plan: str, areas: str, data: str, days: Sequence[str], options: Mapping[str, Any] | None = None
) -> None:
    """Load the evidence as pages name it and look up what every page of a city or district looks up.

    Relative paths are seen from `root`; ledgers in other stores than files are not prepared. `days` are data cut-offs
    (ISO), those of most pages first. `options` are values of [Options]; names that it lacks are left out.
    """
    chosen = _options(options or {})
    with contextlib.chdir(root):
        for day in [date.fromisoformat(text) for text in days[:MOST_DAYS]]:
            if (key := made_from(plan, areas, data, day)) is None:
                return
            evidence = Evidence.load(plan=plan, areas=areas, data=data, as_of=day)
            for area in (evidence.area(evidence.plan.area), *evidence.districts[:1]):
                _look_up(evidence, area, chosen)
            if made_from(plan, areas, data, day) == key:  # nobody wrote while they were read
                READY[key] = evidence


def work_out(*, area: str | None, day: str, options: Mapping[str, Any], compare: bool = False) -> None:
    """Work out, of evidence that was prepared for a day, what the pages about an area ask of it in every language.

    Args:
        area: its code; None for the area that the plan is for.
        day: data cut-off, ISO.
        options: as for [prepare].
        compare: whether the usual models are set beside ours as well.
    """
    evidence = next((one for one in READY.values() if one.as_of == date.fromisoformat(day)), None)
    if evidence is None:
        return
    place, chosen = evidence.area(area or evidence.plan.area), _options(options)
    graded = _look_up(evidence, place, chosen)
    quality(evidence, [place], options=chosen)
    for indicator, found in zip(evidence.plan_for(place).indicators, graded, strict=True):
        if compare and (head := found.head) is not None:
            compare_methods(evidence, indicator, place, year=head.year, target=head.value, options=chosen)


def _look_up(evidence: Evidence, place: Area, options: Options) -> tuple[IndicatorAssessment, ...]:
    graded = tuple(
        grade(evidence, i, place, evidence.series(i, place, options), fit(evidence, i, place, options), options)
        for i in evidence.plan_for(place).indicators
    )
    past_verdicts(evidence, graded, area=place, options=options)
    sensitivity(evidence, graded, area=place, options=options)
    return graded


def _options(given: Mapping[str, Any]) -> Options:
    known = {field.name for field in fields(Options)}
    chosen: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items() if name in known
    }
    return Options(**chosen)
