"""The plan's goals from running text: what is known of them, and what the plan would have to give for the rest.

Made from `assess.goals`; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from greenreport.areas import Roster
from greenreport.assess.goals import ABOUT, GoalStatus
from greenreport.plan import Goal, Plan, Unit
from greenreport.present.columns import Columns
from greenreport.present.markdown import titled
from greenreport.present.messages import As, Message, prose, say
from greenreport.present.numbers import average, change, join_sentences, joined, listed, percent, quantity, separated
from greenreport.present.paces import past_pace
from greenreport.present.show import Narrative, Table
from greenreport.words import t

__all__ = ["goals_open_table", "goals_table", "goals_text"]

_Found = tuple[Goal, GoalStatus]
_GIVEN = ("statistic", "baseline", "date", "quantity")


def goals_text(found: Sequence[GoalStatus], plan: Plan, lang: str, *, level: int = 3) -> Narrative:
    """How many goals can be assessed, and what the plan does not give for the others; `level` is the heading's."""
    return titled("goals.heading", [prose(_overall(found, plan), lang)], lang, level=level)


def _overall(found: Sequence[GoalStatus], plan: Plan) -> Iterator[Message]:
    """How many goals have figures, and what the plan does not give of the rest."""
    open_ = [goal for goal, status in _pairs(found, plan) if not status.assessed]
    seen = len(found) - len(open_)
    if not found:
        yield Message("goals.none_given")
    elif seen:
        yield Message("goals.lead", n=len(found), found=seen, rest=len(open_))
    else:
        yield Message("goals.lead_none", n=len(found))
    if open_:
        counts = {f"no_{what}": sum(_lacks(g, what) for g in open_) for what in _GIVEN}
        yield Message("goals.lacks", rest=len(open_), **counts)


def goals_table(found: Sequence[GoalStatus], plan: Plan, roster: Roster, lang: str, *, where: bool = True) -> Table:
    """The goals of which there are figures: where each stands, what that means, and (`where`) where the figures are."""
    columns = Columns[_Found](lang, "goals.columns")
    columns.text("goal", lambda row: row[0].name[lang], width=5)
    columns.text("finding", lambda row: say(As(separated, _finding(*row, plan, roster)), lang), width=9)
    columns.text("status", lambda row: t(f"goals.status.{row[1].status}", lang), width=4)
    columns.text("reason", lambda row: _reasons(row[1], lang), width=5)
    if where:
        columns.text("where", lambda row: f"{_where(row[0], plan, lang)}\n{_rows(row[1], lang)}", width=5)
    rows = [row for row in _pairs(found, plan) if row[1].assessed]
    return columns.table(rows, label="tbl-goals", caption=t("goals.found_caption", lang))


def _rows(status: GoalStatus, lang: str) -> str:
    """Where the first figures of a goal stand."""
    shown = status.rows[:3]
    return t("goals.rows", lang, rows=listed(shown, lang) + ("…" if len(status.rows) > len(shown) else ""))


def goals_open_table(found: Sequence[GoalStatus], plan: Plan, lang: str, *, where: bool = True) -> Table:
    """The goals that cannot be assessed: what the plan gives of each, what it does not, and (`where`) where it does."""
    columns = Columns[_Found](lang, "goals.columns")
    columns.text("goal", lambda row: row[0].name[lang], width=8)
    for what in _GIVEN:
        columns.text(what, partial(_given, what=what, lang=lang), width=2, align="center")
    if where:
        columns.text("where", lambda row: _where(row[0], plan, lang), width=4)
    note = join_sentences([t("goals.open_note", lang), *([t("goals.where_note", lang)] if where else [])], lang)
    rows = [row for row in _pairs(found, plan) if not row[1].assessed]
    return columns.table(rows, label="tbl-goals-open", caption=t("goals.open_caption", lang), notes=[note])


def _given(row: _Found, *, what: str, lang: str) -> str:
    return t("goals.lacks_it" if _lacks(row[0], what) else "goals.has", lang)


def _pairs(found: Sequence[GoalStatus], plan: Plan) -> list[_Found]:
    goals = {g.id: g for g in plan.goals}
    return [(goals[status.goal], status) for status in found]


def _lacks(goal: Goal, what: str) -> bool:
    """A goal that names a direction or a state sets no quantity, whether or not the plan's data say so."""
    return what in goal.lacks or (what == "quantity" and goal.value is None)


def _finding(goal: Goal, status: GoalStatus, plan: Plan, roster: Roster) -> list[Message]:
    """Where a goal stands: how many have it, how many a year, or which level at which pace."""
    unit, year = _unit(goal, plan), status.year or 0
    told = {"year": status.year, "deadline": status.deadline, **past_pace(status.first or year, year)}
    if goal.kind == "coverage" and status.wanted and status.value is not None:
        return list(_coverage(status, roster))
    if goal.kind == "rate" and status.pace is not None:
        key = "goals.rate" if goal.operator == "~=" else "goals.rate_exact"
        pace, wanted = As(average, status.pace, unit), As(quantity, status.wanted, unit)
        return [Message(key, **told, pace=pace, wanted=wanted, about=As(percent, ABOUT, decimals=0))]
    return list(_level(status, unit, told))


def _level(status: GoalStatus, unit: Unit, told: dict[str, Any]) -> Iterator[Message]:
    """The level reached, the pace so far and needed, and a date that the plan does not set; `told`: years of all these."""
    told["value"] = As(quantity, status.value, unit)
    if status.wanted and status.value is not None:
        share, wanted = As(percent, status.value / status.wanted), As(quantity, status.wanted, unit)
        yield Message("goals.level", **told, wanted=wanted, share=share)
    else:
        yield Message("goals.level_bare", **told)
    if status.pace is not None and status.needed is not None:
        paces = {"pace": As(average, status.pace, unit), "needed": As(average, status.needed, unit)}
        yield Message("goals.level_pace", **told, **paces)
    elif status.pace is not None and status.wanted is None:
        yield Message("goals.direction", **told, pace=As(change, status.pace, unit))
    if status.deadline_assumed:
        yield Message("goals.level_deadline", **told)


def _coverage(status: GoalStatus, roster: Roster) -> Iterator[Message]:
    """How many areas have what the goal wants in each, and which do not."""
    having, wanted = status.value or 0, status.wanted or 1
    share = As(percent, having / wanted)
    yield Message("goals.coverage", year=status.year, n=round(wanted), having=round(having), share=share)
    for key, codes in (("lacking", status.lacking), ("unknown", status.unknown)):
        if codes:
            yield Message(f"goals.coverage_{key}", names=As(joined, [roster.area(c).short for c in codes]))


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
