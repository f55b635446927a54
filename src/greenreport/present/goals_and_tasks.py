"""What a plan sets beside indicators: goals from running text, and tasks and projects.

Made from `assess.goals`, the reports on tasks and the plan's own list. What was not reported is counted as such, never
guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import accumulate
from typing import Any

import altair as alt

from greenreport.areas import Roster
from greenreport.assess.goals import ABOUT, GoalStatus
from greenreport.plan import Goal, Plan, Task, Unit
from greenreport.present.charts import figure, inline, tips
from greenreport.present.columns import Columns, text_field
from greenreport.present.messages import As, Message, Said, bulleted, escaped, prose, say, section, titled
from greenreport.present.numbers import (
    average,
    change,
    clauses,
    join_sentences,
    joined,
    listed,
    ordinal,
    percent,
    quantity,
    separated,
)
from greenreport.present.numbers import day as in_words
from greenreport.present.paces import past_pace
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tabulate import escape_markdown, quoted
from greenreport.tasks import FILE, STATUSES, UNREPORTED, TaskStatus
from greenreport.words import t

_Found = tuple[Goal, GoalStatus]
_GIVEN = ("statistic", "baseline", "date", "quantity")


def goals_chapter(
    found: Sequence[GoalStatus], plan: Plan, roster: Roster, lang: str, *, level: int = 3, where: bool = True
) -> Iterator[Narrative | Table]:
    """The plan's goals from running text: what is known of them, and where each stands.

    Args:
        found: the goals (`assess.assess_goals`).
        plan: the plan.
        roster: names of areas.
        lang: language.
        level: of the heading.
        where: whether the table says where in the plan and the ledger it is from.

    Yields:
        How many goals can be assessed and what the others lack; a table of those of which there are figures, if any.
    """
    yield titled("goals.heading", [prose(_overall(found, plan), lang)], lang, level=level)
    if any(status.assessed for status in found):
        yield _goals_table(found, plan, roster, lang, where=where)


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


def _goals_table(found: Sequence[GoalStatus], plan: Plan, roster: Roster, lang: str, *, where: bool) -> Table:
    """The goals of which there are figures: where each stands, what that means, and (`where`) where the figures are."""
    columns = Columns[_Found](lang, "goals.columns")
    dash = t("number.missing", lang)
    columns.text("goal", lambda row: row[0].name[lang], width=5)
    columns.text("finding", lambda row: say(As(separated, _finding(*row, plan, roster)), lang), width=9)
    columns.text("status", lambda row: t(f"goals.status.{row[1].status}", lang), width=4)
    columns.text(
        "reason", lambda row: separated((t(f"goals.reason.{r}", lang) for r in row[1].reasons), lang) or dash, width=5
    )
    if where:
        columns.text("where", lambda row: f"{_where(row[0], plan, lang)}\n{_rows(row[1], lang)}", width=5)
    rows = [row for row in _pairs(found, plan) if row[1].assessed]
    return columns.table(rows, label="tbl-goals", caption=t("goals.found_caption", lang))


def _rows(status: GoalStatus, lang: str) -> str:
    """Where the first figures of a goal stand."""
    shown = status.rows[:3]
    return t("goals.rows", lang, rows=listed(shown, lang) + ("…" if len(status.rows) > len(shown) else ""))


def goals_open_table(found: Sequence[GoalStatus], plan: Plan, lang: str, *, where: bool = True) -> Table:
    """The goals that cannot be assessed: what the plan gives of each, and what it does not.

    Args:
        found: the goals (`assess.assess_goals`).
        plan: the plan.
        lang: language.
        where: whether to say where in the plan they are from.

    Returns:
        A table with a row for each of them.
    """
    columns = Columns[_Found](lang, "goals.columns")
    columns.text("goal", lambda row: row[0].name[lang], width=8)
    given = {lacks: t("goals.lacks_it" if lacks else "goals.has", lang) for lacks in (True, False)}
    for what in _GIVEN:
        columns.text(what, partial(lambda what, row: given[_lacks(row[0], what)], what), width=2, align="center")
    if where:
        columns.text("where", lambda row: _where(row[0], plan, lang), width=4)
    note = join_sentences([t("goals.open_note", lang), *([t("goals.where_note", lang)] if where else [])], lang)
    rows = [row for row in _pairs(found, plan) if not row[1].assessed]
    return columns.table(rows, label="tbl-goals-open", caption=t("goals.open_caption", lang), notes=[note])


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


def _where(goal: Goal, plan: Plan, lang: str) -> str:
    lines = [s.line_from for s in plan.statements if s.id in goal.statements]
    return t("goals.line", lang, ids=listed(goal.statements, lang), line=listed(map(str, lines), lang))


_ORDER = (*STATUSES, UNREPORTED)
# Told apart by order, by the figure inside and by lightness, not by hue alone.
_COLOUR = {
    "done": "#0b3c6f",
    "in_progress": "#8fbfe8",
    "late": "#d9661f",
    "not_started": "#f2c9a5",
    UNREPORTED: "#c8ced6",
}
_INK = {"done": "#ffffff", "in_progress": "#10263d", "late": "#1b1206", "not_started": "#1b1206", UNREPORTED: "#1f2933"}


def tasks_chapter(
    plan: Plan, known: Mapping[str, TaskStatus], lang: str, *, as_of: date, chart: bool = False
) -> Iterator[Narrative | Figure | Table]:
    """How far the plan's tasks have come.

    Args:
        plan: whose tasks.
        known: task id → the latest report up to the day (`TaskLedger.as_of`).
        lang: language.
        as_of: the data cut-off.
        chart: whether to draw what the table tells.

    Yields:
        How far they are, in numbers, the late ones named with their evidence; chapters by status where any is known.
    """
    late = [_late(x, known[x.id]) for x in plan.tasks if _status(x, known) == "late"]
    blocks = [
        prose(_progress(plan, known, as_of), lang),
        t("tasks.late_lead", lang) if late else "",
        bulleted(say(one, lang) for one in late),
        prose(_silent(plan, known), lang),
    ]
    yield titled("tasks.heading", blocks, lang)
    if known and chart:
        yield _tasks_chart(plan, known, lang)
    if known:
        yield _tasks_matrix(plan, known, lang, as_of=as_of)


def _progress(plan: Plan, known: Mapping[str, TaskStatus], as_of: date) -> Iterator[Said]:
    """How many tasks have which status, and which chapter is furthest."""
    if not plan.tasks:
        yield Message("tasks.no_tasks")
        return
    chapters = _chapters(plan)
    counts = Counter(_status(x, known) for x in plan.tasks)
    told = [Message(f"tasks.count.{s}", n=counts[s]) for s in STATUSES if counts[s]]
    lead: Said = Message(
        "tasks.lead" if known else "tasks.none",
        first=As(ordinal, chapters[0][0]),
        last=As(ordinal, chapters[-1][0]),
        n=len(plan.tasks),
        tasks=sum(x.level == "task" for x in plan.tasks),
        projects=sum(x.level == "box_project" for x in plan.tasks),
        day=As(in_words, as_of),
        counts=As(listed, told),
    )
    if known and counts[UNREPORTED]:
        lead = As(separated, [lead, Message("tasks.count.unreported", n=counts[UNREPORTED])])
    yield lead
    if counts["done"]:
        yield Message("tasks.share", share=As(percent, counts["done"] / len(plan.tasks)))
        yield _best(chapters, known)


def _best(chapters: Sequence[tuple[int, list[Task]]], known: Mapping[str, TaskStatus]) -> Message:
    """The chapter with the largest share of its tasks done."""
    no, tasks = max(chapters, key=lambda chapter: _done(chapter[1], known) / len(chapter[1]))
    done = _done(tasks, known)
    title = Message("tasks.chapter_named", n=As(ordinal, no), title=tasks[0].chapter)
    return Message("tasks.best", chapter=title, share=As(percent, done / len(tasks)), done=done, n=len(tasks))


def _silent(plan: Plan, known: Mapping[str, TaskStatus]) -> Iterator[Message]:
    """The tasks that have not begun, and those of which nothing was reported, by name."""
    for status in ("not_started", UNREPORTED):
        found = [x.title for x in plan.tasks if _status(x, known) == status]
        if known and found:
            yield Message(f"tasks.{status}", names=As(quoted, found))


def _tasks_matrix(plan: Plan, known: Mapping[str, TaskStatus], lang: str, *, as_of: date) -> Table:
    """Chapters by status: how many tasks and projects have each status."""
    columns = Columns[tuple[str, Sequence[Task]]](lang, "tasks")
    columns.text("chapter", lambda row: row[0], t("tasks.columns.chapter", lang), width=6)
    for s in _ORDER:
        having = partial(lambda s, row: sum(_status(x, known) == s for x in row[1]), s)
        columns.count(s, having, t(f"tasks.status.{s}", lang))
    columns.count("total", lambda row: len(row[1]))
    rows = [*_named_chapters(plan, lang).items(), (t("tasks.total", lang), plan.tasks)]
    note = t("tasks.matrix_note", lang, day=in_words(as_of, lang))
    return columns.table(rows, label="tbl-tasks", caption=t("tasks.matrix_caption", lang), notes=[note])


def _named_chapters(plan: Plan, lang: str) -> dict[str, list[Task]]:
    """The chapters that hold tasks, by number and title."""
    return {
        t("tasks.chapter", lang, n=ordinal(no, lang), title=tasks[0].chapter[lang]): tasks
        for no, tasks in _chapters(plan)
    }


def _tasks_chart(plan: Plan, known: Mapping[str, TaskStatus], lang: str) -> Figure:
    """Chapters by status as stacked bars."""
    status = {s: t(f"tasks.status.{s}", lang) for s in _ORDER}
    counted = {name: Counter(_status(x, known) for x in tasks) for name, tasks in _named_chapters(plan, lang).items()}
    rows: list[dict[str, Any]] = []
    said = []
    for name, counts in counted.items():
        ends = list(accumulate((counts[s] for s in _ORDER), initial=0))
        rows += [
            {"chapter": name, "status": status[s], "a": start, "b": end, "n": end - start, "ink": _INK[s]}
            for s, start, end in zip(_ORDER, ends, ends[1:], strict=False)
            if end > start
        ]
        parts = [join_sentences([status[s], str(counts[s])], lang) for s in _ORDER if counts[s]]
        said.append(t("tasks.chart_alt_row", lang, chapter=name, counts=clauses(parts, lang)))
    x = alt.X("a:Q", title=None, axis=alt.Axis(tickCount=5, format="d", grid=False))
    y = alt.Y(
        "chapter:N",
        sort=list(counted),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=250, labelPadding=8),
    )
    told = {"chapter:N": "tasks.columns.chapter", "status:N": "tasks.columns.status", "n:Q": "tasks.total"}
    colours = alt.Scale(domain=list(status.values()), range=[_COLOUR[s] for s in _ORDER])
    base = alt.Chart(inline(rows)).encode(y=y, tooltip=tips(lang, told))
    bars = base.mark_bar(stroke="#ffffff", strokeWidth=1.5).encode(
        x=x,
        x2=alt.X2("b:Q"),
        color=alt.Color("status:N", scale=colours, legend=alt.Legend(title=None, orient="bottom", symbolType="square")),
    )
    figures = (
        base.mark_text(fontSize=11)
        .transform_calculate(middle="(datum.a + datum.b) / 2")
        .encode(x=alt.X("middle:Q"), text=alt.Text("n:Q"), color=alt.Color("ink:N", scale=None))
    )
    return figure(
        alt.layer(bars, figures).resolve_scale(color="independent"),
        label="fig-tasks",
        caption=t("tasks.chart_caption", lang),
        alt_text=t("tasks.chart_alt", lang, rows="".join(said)).strip(),
        width=440,
        height=32 * len(counted),
        fields=(text_field("chapter", t("tasks.columns.chapter", lang)), *(Field(s, status[s]) for s in _ORDER)),
        data=[(name, *(counts[s] for s in _ORDER)) for name, counts in counted.items()],
    )


def tasks_list(plan: Plan, known: Mapping[str, TaskStatus], lang: str) -> tuple[Narrative, Table]:
    """Every task with what was last reported of it, and the row where that stands.

    Args:
        plan: whose tasks.
        known: task id → the latest report up to the day.
        lang: language.

    Returns:
        A section, and a table with a row for each task.
    """
    dash = t("number.missing", lang)
    columns = Columns[tuple[Task, TaskStatus | None]](lang, "tasks.columns")
    columns.text("task", lambda row: f"{row[0].id} {row[0].title[lang]}", width=7)
    columns.text("status", lambda row: t(f"tasks.status.{_status(row[0], known)}", lang), width=3)
    columns.date("day", lambda row: row[1].as_of if row[1] else None)
    columns.text("owner", lambda row: (row[1].owner[lang] if row[1] else "") or dash, width=3)
    columns.text("evidence", lambda row: (row[1].evidence[lang] if row[1] else "") or dash, width=6)
    columns.count("row", lambda row: int(row[1].row.rpartition(":")[2]) if row[1] else None)
    rows = [(x, known.get(x.id)) for x in plan.tasks]
    note = t("tasks.list_note", lang, file=FILE)
    shown = columns.table(rows, label="tbl-task-list", caption=t("tasks.list_caption", lang), notes=[note])
    return section("tasks.page_heading", lang), shown


def _status(task: Task, known: Mapping[str, TaskStatus]) -> str:
    return known[task.id].status if task.id in known else UNREPORTED


def _chapters(plan: Plan) -> list[tuple[int, list[Task]]]:
    """The chapters that hold tasks, with their tasks."""
    found: dict[int, list[Task]] = {}
    for x in plan.tasks:
        found.setdefault(x.chapter_no, []).append(x)
    return sorted(found.items())


def _done(tasks: Sequence[Task], known: Mapping[str, TaskStatus]) -> int:
    return sum(_status(x, known) == "done" for x in tasks)


def _late(task: Task, report: TaskStatus) -> Message:
    """A task behind schedule: what was reported of it, by whom and when."""
    return Message(
        "tasks.late_item",
        title=As(escaped, task.title),
        id=task.id,
        chapter=Message("tasks.chapter_short", n=As(ordinal, task.chapter_no)),
        evidence=As(_reported, report.evidence, "tasks.no_evidence"),
        owner=As(_reported, report.owner, "tasks.no_owner"),
        day=As(in_words, report.as_of),
    )


def _reported(text: str, missing: str, lang: str) -> str:
    return escape_markdown(text or t(missing, lang))
