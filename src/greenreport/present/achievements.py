"""What has been achieved: the chapter that a report to a government has before its problems.

Every sentence follows from a figure of the assessment, of the tasks or of the districts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.plan import Plan
from greenreport.present.markdown import bulleted, strong, titled
from greenreport.present.messages import As, Message, in_sentence, prose
from greenreport.present.narrative import progress_clause, wording
from greenreport.present.numbers import listed, percent
from greenreport.present.parts_of_plan import GOOD, parts_good
from greenreport.present.problems import in_doubt
from greenreport.present.show import Narrative
from greenreport.tasks import TaskStatus

__all__ = ["achievements_text"]


def achievements_text(
    assessment: Assessment,
    plan: Plan,
    lang: str,
    *,
    districts: Sequence[Assessment] = (),
    tasks: Mapping[str, TaskStatus] | None = None,
    goals: Sequence[GoalStatus] = (),
) -> Narrative | None:
    """Which indicators are achieved or on schedule and by how much, what tasks are done, where districts are ahead.

    None where only the parts have targets, and there is nothing to tell of them.

    Args:
        assessment: of the area planned for.
        plan: the plan.
        lang: language.
        districts: the districts' findings.
        tasks: task id → latest report, where tasks are told of.
        goals: the goals of the plan's text.
    """
    good = [one for one in assessment.indicators if one.verdict in GOOD and not in_doubt(one)]
    items = [
        *(_indicator(one, plan) for one in sorted(good, key=lambda one: GOOD.index(one.verdict))),
        *_tasks(plan, tasks or {}),
        # Beside the whole, the indicator that most districts are ahead on; without it, all of them.
        *parts_good(districts, plan, most=1 if plan.of_whole else None),
        *_goals(plan, goals),
    ]
    if not items and not plan.of_whole:
        return None
    lead = []
    if plan.of_whole:
        n = len(assessment.indicators)
        key = f"papers.achievements.{'lead' if good else 'none'}{'_one' if n == 1 else ''}"
        lead = [Message(key, n=n, good=len(good))]
    told = bulleted(prose([item], lang) for item in items)
    return titled("papers.report.achievements", [prose(lead, lang), told], lang)


def _indicator(one: IndicatorAssessment, plan: Plan) -> Message:
    indicator = plan.indicator(one.id)
    told = {"indicator": As(strong, indicator.name), "stands": progress_clause(one, indicator)}
    if one.head is None:
        return Message("papers.achievements.stands_bare", **told)
    return Message("papers.achievements.stands", **told, words=As(in_sentence, As(wording, one.head)))


def _tasks(plan: Plan, known: Mapping[str, TaskStatus]) -> Iterator[Message]:
    """How many of the plan's tasks are done; nothing where none is."""
    status = [known[task.id].status for task in plan.tasks if task.id in known]
    if done := status.count("done"):
        share, going = As(percent, done / len(plan.tasks)), status.count("in_progress")
        yield Message("papers.achievements.tasks", n=len(plan.tasks), done=done, share=share, going=going)


def _goals(plan: Plan, goals: Sequence[GoalStatus]) -> Iterator[Message]:
    """The goals of the plan's text that are met, or will be at the pace so far."""
    names = {goal.id: goal.name for goal in plan.goals}
    if kept := [names[goal.goal] for goal in goals if goal.status in ("met", "in_pace")]:
        yield Message("papers.achievements.goals", n=len(kept), names=As(listed, kept))
