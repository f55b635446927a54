"""What has been achieved: the chapter that a report to a government has before its problems.

Every sentence follows from a figure of the assessment, of the tasks or of the districts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenreport.assess.goals import GoalStatus
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.plan import Plan
from greenreport.present.catalog import t
from greenreport.present.narrative import in_sentence, progress_clause, prose, wording
from greenreport.present.numbers import listed, percent
from greenreport.present.parts import GOOD, parts_good
from greenreport.present.problems import in_doubt
from greenreport.present.show import Narrative
from greenreport.present.tabulate import escape_markdown
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
    n = len(assessment.indicators)
    lead = ""
    if plan.of_whole:
        key = f"papers.achievements.{'lead' if good else 'none'}{'_one' if n == 1 else ''}"
        lead = t(key, lang, n=n, good=len(good))
    order = sorted(good, key=lambda one: GOOD.index(one.verdict))
    items = [f"- {prose([_item(one, plan, lang)], lang)}" for one in order]
    if known := tasks or {}:
        done = sum(known[x.id].status == "done" for x in plan.tasks if x.id in known)
        going = sum(known[x.id].status == "in_progress" for x in plan.tasks if x.id in known)
        if done:
            share = percent(done / len(plan.tasks), lang)
            told = t("papers.achievements.tasks", lang, n=len(plan.tasks), done=done, share=share, going=going)
            items.append(f"- {prose([told], lang)}")
    # Beside the whole, the indicator that most districts are ahead on; without it, all of them.
    told_of_parts = parts_good(districts, plan, lang, most=1 if plan.of_whole else None)
    items += [f"- {prose([told], lang)}" for told in told_of_parts]
    names = {goal.id: goal.name[lang] for goal in plan.goals}
    if kept := [names[g.goal] for g in goals if g.status in ("met", "in_pace")]:
        items.append(f"- {prose([t('papers.achievements.goals', lang, n=len(kept), names=listed(kept, lang))], lang)}")
    if not items and not plan.of_whole:
        return None
    blocks = [f"## {t('papers.report.achievements', lang)}", prose([lead], lang), "\n".join(items)]
    return Narrative("\n\n".join(block for block in blocks if block))


def _item(one: IndicatorAssessment, plan: Plan, lang: str) -> str:
    indicator, head = plan.indicator(one.id), one.head
    told = {
        "indicator": f"**{escape_markdown(indicator.name[lang])}**",
        "stands": progress_clause(one, indicator, lang),
    }
    if head is None:
        return t("papers.achievements.stands_bare", lang, **told)
    return t("papers.achievements.stands", lang, **told, words=in_sentence(wording(head, lang), lang))
