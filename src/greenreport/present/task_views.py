"""The chapter on the plan's tasks and projects: counts, a matrix by chapter, the late ones by name.

Made from what was reported (greenreport.tasks) and the plan's own list; a task of which nothing was reported is
counted as such, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from greenreport.plan import Plan, Task
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline
from greenreport.present.columns import count_cell, count_column, date_column, text_field
from greenreport.present.narrative import prose
from greenreport.present.numbers import clauses, listed, ordinal, percent, separated
from greenreport.present.numbers import day as in_words
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tabulate import Column, Mark, escape_markdown, quoted, table
from greenreport.tasks import FILE, STATUSES, UNREPORTED, TaskStatus

__all__ = ["list_heading", "tasks_chart", "tasks_list", "tasks_matrix", "tasks_text"]

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


def tasks_text(plan: Plan, known: Mapping[str, TaskStatus], lang: str, *, as_of: date) -> Narrative:
    """How far the tasks have come, in numbers; the late ones named with their evidence.

    Args:
        plan: whose tasks.
        known: task id → the latest report up to the day (`TaskLedger.as_of`).
        lang: language.
        as_of: the data cut-off.
    """
    heading = f"## {t('tasks.heading', lang)}\n\n"
    chapters = [no for no, _ in _chapters(plan)]
    scope = {
        "first": ordinal(chapters[0], lang) if chapters else "",
        "last": ordinal(chapters[-1], lang) if chapters else "",
        "n": len(plan.tasks),
        "tasks": sum(x.level == "task" for x in plan.tasks),
        "projects": sum(x.level == "box_project" for x in plan.tasks),
        "day": in_words(as_of, lang),
    }
    if not plan.tasks:
        return Narrative(heading + prose([t("tasks.no_tasks", lang)], lang))
    if not known:
        return Narrative(heading + prose([t("tasks.none", lang, **scope)], lang))
    counts = Counter(_status(x, known) for x in plan.tasks)
    parts = [t(f"tasks.count.{s}", lang, n=counts[s]) for s in STATUSES if counts[s]]
    said = [t("tasks.lead", lang, **scope, counts=listed(parts, lang))]
    if silent := counts[UNREPORTED]:
        said[0] = separated([said[0], t("tasks.count.unreported", lang, n=silent)], lang)
    if counts["done"]:
        said.append(t("tasks.share", lang, share=percent(counts["done"] / len(plan.tasks), lang)))
        no, best = max(_chapters(plan), key=lambda chapter: _done(chapter[1], known) / len(chapter[1]))
        done = _done(best, known)
        title = t("tasks.chapter_named", lang, n=ordinal(no, lang), title=best[0].chapter[lang])
        share = percent(done / len(best), lang)
        said.append(t("tasks.best", lang, chapter=title, share=share, done=done, n=len(best)))
    blocks = [prose(said, lang)]
    if late := [x for x in plan.tasks if _status(x, known) == "late"]:
        items = "\n".join(f"- {_late(x, known[x.id], lang)}" for x in late)
        blocks.append(f"{t('tasks.late_lead', lang)}\n\n{items}")
    rest = [
        t(f"tasks.{status}", lang, names=quoted([x.title[lang] for x in found], lang))
        for status in ("not_started", UNREPORTED)
        if (found := [x for x in plan.tasks if _status(x, known) == status])
    ]
    if rest:
        blocks.append(prose(rest, lang))
    return Narrative(heading + "\n\n".join(blocks))


def tasks_matrix(plan: Plan, known: Mapping[str, TaskStatus], lang: str, *, as_of: date) -> Table:
    """Chapters by status: how many tasks and projects have each status; arguments as in [tasks_text]."""
    columns = [
        Column("chapter", t("tasks.columns.chapter", lang), width=6),
        *(count_column(s, t(f"tasks.status.{s}", lang)) for s in _ORDER),
        count_column("total", t("tasks.total", lang)),
    ]
    groups = [
        (t("tasks.chapter", lang, n=ordinal(no, lang), title=found[0].chapter[lang]), found)
        for no, found in _chapters(plan)
    ]
    rows: list[dict[str, str | Mark]] = []
    for name, found in [*groups, (t("tasks.total", lang), list(plan.tasks))]:
        counts = Counter(_status(x, known) for x in found)
        cells = {s: count_cell(counts[s], lang) for s in _ORDER}
        rows.append({"chapter": name, **cells, "total": count_cell(len(found), lang)})
    return table(
        columns,
        rows,
        label="tbl-tasks",
        caption=t("tasks.matrix_caption", lang),
        notes=[t("tasks.matrix_note", lang, day=in_words(as_of, lang))],
    )


def tasks_chart(plan: Plan, known: Mapping[str, TaskStatus], lang: str) -> Figure:
    """Chapters by status as stacked bars; arguments as in [tasks_text]."""
    groups = _chapters(plan)
    status = {s: t(f"tasks.status.{s}", lang) for s in _ORDER}
    rows: list[dict[str, Any]] = []
    data: list[tuple[Any, ...]] = []
    said = []
    names = []
    for no, found in groups:
        name = t("tasks.chapter", lang, n=ordinal(no, lang), title=found[0].chapter[lang])
        counts = Counter(_status(x, known) for x in found)
        names.append(name)
        done = 0
        for s in _ORDER:
            if counts[s]:
                rows.append({"chapter": name, "status": status[s], "a": done, "b": done + counts[s], "n": counts[s]})
                rows[-1]["ink"] = _INK[s]
                done += counts[s]
        data.append((name, *(counts[s] for s in _ORDER)))
        parts = clauses([f"{status[s]}{'' if lang == 'zh' else ' '}{counts[s]}" for s in _ORDER if counts[s]], lang)
        said.append(t("tasks.chart_alt_row", lang, chapter=name, counts=parts))
    x = alt.X("a:Q", title=None, axis=alt.Axis(tickCount=5, format="d", grid=False))
    y = alt.Y(
        "chapter:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False, labelLimit=250, labelPadding=8)
    )
    tips = [
        alt.Tooltip("chapter:N", title=t("tasks.columns.chapter", lang)),
        alt.Tooltip("status:N", title=t("tasks.columns.status", lang)),
        alt.Tooltip("n:Q", title=t("tasks.total", lang)),
    ]
    colours = alt.Scale(domain=list(status.values()), range=[_COLOUR[s] for s in _ORDER])
    base = alt.Chart(inline(rows)).encode(y=y, tooltip=tips)
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
        height=32 * len(names),
        fields=(text_field("chapter", t("tasks.columns.chapter", lang)), *(Field(s, status[s]) for s in _ORDER)),
        data=data,
    )


def list_heading(lang: str) -> Narrative:
    """The heading above the list of every task."""
    return Narrative(f"## {t('tasks.page_heading', lang)}")


def tasks_list(plan: Plan, known: Mapping[str, TaskStatus], lang: str) -> Table:
    """Every task with what was last reported of it, and the row where that stands."""
    columns = [
        Column("task", t("tasks.columns.task", lang), width=7),
        Column("status", t("tasks.columns.status", lang), width=3),
        date_column("day", t("tasks.columns.day", lang)),
        Column("owner", t("tasks.columns.owner", lang), width=3),
        Column("evidence", t("tasks.columns.evidence", lang), width=6),
        count_column("row", t("tasks.columns.row", lang)),
    ]
    dash = t("number.missing", lang)
    rows: list[dict[str, str | Mark]] = []
    for x in plan.tasks:
        report = known.get(x.id)
        rows.append(
            {
                "task": f"{x.id} {x.title[lang]}",
                "status": t(f"tasks.status.{_status(x, known)}", lang),
                "day": Mark(
                    report.as_of.isoformat() if report else dash, raw=(report.as_of.isoformat() if report else None,)
                ),
                "owner": (report.owner[lang] if report else "") or dash,
                "evidence": (report.evidence[lang] if report else "") or dash,
                "row": count_cell(int(report.row.rpartition(":")[2]) if report else None, lang),
            }
        )
    note = t("tasks.list_note", lang, file=FILE)
    return table(columns, rows, label="tbl-task-list", caption=t("tasks.list_caption", lang), notes=[note])


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


def _late(task: Task, report: TaskStatus, lang: str) -> str:
    return t(
        "tasks.late_item",
        lang,
        title=escape_markdown(task.title[lang]),
        id=task.id,
        chapter=t("tasks.chapter_short", lang, n=ordinal(task.chapter_no, lang)),
        evidence=escape_markdown(report.evidence[lang] or t("tasks.no_evidence", lang)),
        owner=escape_markdown(report.owner[lang] or t("tasks.no_owner", lang)),
        day=in_words(report.as_of, lang),
    )
