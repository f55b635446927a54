"""The plan's goals from running text: what is known of them, and what the plan would have to give for the rest.

Made from `assess.goals`; grades nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from greenreport.areas import Roster
from greenreport.assess.goals import ABOUT, GoalStatus
from greenreport.plan import Goal, Plan, Unit
from greenreport.present.catalog import t
from greenreport.present.narrative import prose
from greenreport.present.numbers import average, change, joined, listed, pace_years, percent, quantity, separated
from greenreport.present.show import Narrative, Table
from greenreport.present.tabulate import Column, table

__all__ = ["goals_open_table", "goals_table", "goals_text"]

_GIVEN = ("statistic", "baseline", "date", "quantity")


def goals_text(found: Sequence[GoalStatus], plan: Plan, lang: str, *, level: int = 3) -> Narrative:
    """How many goals can be assessed, and what the plan does not give for the others; `level` is the heading's."""
    heading = f"{'#' * level} {t('goals.heading', lang)}\n\n"
    if not found:
        return Narrative(heading + prose([t("goals.none_given", lang)], lang))
    open_ = [plan_goal for plan_goal, status in _pairs(found, plan) if not status.assessed]
    seen = len(found) - len(open_)
    if not seen:
        said = [t("goals.lead_none", lang, n=len(found))]
    else:
        said = [t("goals.lead", lang, n=len(found), found=seen, rest=len(open_))]
    if open_:
        counts = {f"no_{what}": sum(_lacks(g, what) for g in open_) for what in _GIVEN}
        said.append(t("goals.lacks", lang, rest=len(open_), **counts))
    return Narrative(heading + prose(said, lang))


def goals_table(found: Sequence[GoalStatus], plan: Plan, roster: Roster, lang: str, *, where: bool = True) -> Table:
    """The goals of which there are figures: where each stands, what that means, and (`where`) where the figures are."""
    columns = [
        Column("goal", t("goals.columns.goal", lang), width=5),
        Column("finding", t("goals.columns.finding", lang), width=9),
        Column("status", t("goals.columns.status", lang), width=4),
        Column("reason", t("goals.columns.reason", lang), width=5),
        *([Column("where", t("goals.columns.where", lang), width=5)] if where else []),
    ]
    rows = []
    for goal, status in _pairs(found, plan):
        if not status.assessed:
            continue
        shown = status.rows[:3]
        places = listed(shown, lang) + ("…" if len(status.rows) > len(shown) else "")
        rows.append(
            {
                "goal": goal.name[lang],
                "finding": _finding(goal, status, plan, roster, lang),
                "status": t(f"goals.status.{status.status}", lang),
                "reason": _reasons(status, lang),
                "where": _where(goal, plan, lang) + "\n" + t("goals.rows", lang, rows=places),
            }
        )
    return table(columns, rows, label="tbl-goals", caption=t("goals.found_caption", lang))


def goals_open_table(found: Sequence[GoalStatus], plan: Plan, lang: str, *, where: bool = True) -> Table:
    """The goals that cannot be assessed: what the plan gives of each, what it does not, and (`where`) where it does."""
    columns = [
        Column("goal", t("goals.columns.goal", lang), width=8),
        *(Column(what, t(f"goals.columns.{what}", lang), "center", width=2) for what in _GIVEN),
        *([Column("where", t("goals.columns.where", lang), width=4)] if where else []),
    ]
    rows = [
        {
            "goal": goal.name[lang],
            **{what: t("goals.lacks_it" if _lacks(goal, what) else "goals.has", lang) for what in _GIVEN},
            "where": _where(goal, plan, lang),
        }
        for goal, status in _pairs(found, plan)
        if not status.assessed
    ]
    gap = "" if lang == "zh" else " "
    note = gap.join([t("goals.open_note", lang), *([t("goals.where_note", lang)] if where else [])])
    return table(columns, rows, label="tbl-goals-open", caption=t("goals.open_caption", lang), notes=[note])


def _pairs(found: Sequence[GoalStatus], plan: Plan) -> list[tuple[Goal, GoalStatus]]:
    goals = {g.id: g for g in plan.goals}
    return [(goals[status.goal], status) for status in found]


def _lacks(goal: Goal, what: str) -> bool:
    """A goal that names a direction or a state sets no quantity, whether or not the plan's data say so."""
    return what in goal.lacks or (what == "quantity" and goal.value is None)


def _finding(goal: Goal, status: GoalStatus, plan: Plan, roster: Roster, lang: str) -> str:
    unit = _unit(goal, plan)
    year = status.year
    past, steps = pace_years(status.first or year or 0, year or 0, lang)
    if goal.kind == "coverage" and status.wanted and status.value is not None:
        said = [
            t("goals.coverage", lang, year=year, n=round(status.wanted), having=round(status.value),
              share=percent(status.value / status.wanted, lang))
        ]  # fmt: skip
        for key, codes in (("lacking", status.lacking), ("unknown", status.unknown)):
            if codes:
                names = [roster.area(c).short[lang] for c in codes]
                said.append(t(f"goals.coverage_{key}", lang, names=joined(names, lang)))
        return separated(said, lang)
    if goal.kind == "rate" and status.pace is not None:
        key = "goals.rate" if goal.operator == "~=" else "goals.rate_exact"
        return t(key, lang, past=past, steps=steps, pace=average(status.pace, unit, lang),
                 wanted=quantity(status.wanted, unit, lang), about=percent(ABOUT, lang, 0))  # fmt: skip
    value = quantity(status.value, unit, lang)
    if status.wanted and status.value is not None:
        share = percent(status.value / status.wanted, lang)
        said = [t("goals.level", lang, year=year, value=value, wanted=quantity(status.wanted, unit, lang), share=share)]
    else:
        said = [t("goals.level_bare", lang, year=year, value=value)]
    if status.pace is not None and status.needed is not None:
        pace, needed = (average(x, unit, lang) for x in (status.pace, status.needed))
        said.append(
            t("goals.level_pace", lang, past=past, steps=steps, pace=pace, needed=needed, deadline=status.deadline)
        )
    elif status.pace is not None and status.wanted is None:
        said.append(t("goals.direction", lang, past=past, steps=steps, pace=change(status.pace, unit, lang)))
    if status.deadline_assumed:
        said.append(t("goals.level_deadline", lang, deadline=status.deadline))
    return separated(said, lang)


def _unit(goal: Goal, plan: Plan) -> Unit:
    """The unit of the goal's figures; a yearly pace is told in the unit of what is counted."""
    indicator = next((i for i in plan.indicators if i.id == goal.series), None)
    if indicator is not None:
        return indicator.unit
    unit = plan.unit(goal.unit) if goal.unit else Unit(id="", zh="", en="")
    return replace(unit, decimals_zh=0, decimals_en=0)


def _reasons(status: GoalStatus, lang: str) -> str:
    return separated((t(f"goals.reason.{r}", lang) for r in status.reasons), lang) or t("number.missing", lang)


def _where(goal: Goal, plan: Plan, lang: str) -> str:
    lines = [s.line_from for s in plan.statements if s.id in goal.statements]
    return t("goals.line", lang, ids=listed(goal.statements, lang), line=listed(map(str, lines), lang))
