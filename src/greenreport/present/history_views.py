"""Earlier verdicts beside the current one: a sentence, a table, a strip of squares.

Made from `assess.history`; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import altair as alt

from greenreport.assess.history import PastVerdict
from greenreport.assess.model import Assessment
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.charts import category_axis, figure, inline, verdict_colour
from greenreport.present.columns import PERCENT, Columns, text_field
from greenreport.present.messages import in_sentence, prose
from greenreport.present.numbers import clauses, probability, separated
from greenreport.present.numbers import day as in_words
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tables import verdict_mark
from greenreport.present.tabulate import Mark
from greenreport.words import t

__all__ = ["history_chapter", "history_text"]

Past = Mapping[str, Sequence[PastVerdict]]


def history_chapter(
    past: Past, assessment: Assessment, plan: Plan, lang: str, *, level: int = 2, strip: bool = True
) -> Iterator[Narrative | Figure | Table]:
    """Earlier verdicts: what changed, then the strip and the table, unless there never was a verdict.

    Args:
        past: indicator → verdicts, the current one last (`assess.past_verdicts`).
        assessment: of the area.
        plan: the plan.
        lang: language.
        level: level of the heading.
        strip: whether to draw the strip of squares.
    """
    heading = t("history.heading", lang)
    if all(len(row) < 2 for row in past.values()):
        return  # nothing was published before
    if _never(past):
        yield Narrative.under(heading, prose([t("history.never", lang)], lang), level=level)
        return
    yield Narrative.under(heading, prose(_said(past, plan, lang), lang), level=level)
    if strip:
        yield _strip(past, assessment, plan, lang)
    yield _table(past, assessment, plan, lang)


def history_text(past: Past, plan: Plan, lang: str) -> Narrative | None:
    """What has changed since the day before, in a paragraph, with the way to all earlier verdicts; None without any."""
    days = [p.as_of for p in next(iter(past.values()), ())]
    if len(days) < 2:
        return None
    if _never(past):
        return Narrative(prose([t("history.never", lang)], lang))
    key = "history.since" if (items := _changes(past, plan, lang)) else "history.since_unchanged"
    return Narrative(prose([t(key, lang, day=in_words(days[-2], lang), items=items), t("history.more", lang)], lang))


def _never(past: Past) -> bool:
    """Whether no day had any verdict."""
    return all(p.verdict == "not_assessable" for row in past.values() for p in row)


def _said(past: Past, plan: Plan, lang: str) -> list[str]:
    first = next(iter(past.values()))[0].as_of
    said = [t("history.lead", lang, first=in_words(first, lang))]
    if items := _changes(past, plan, lang):
        said.append(t("history.changed", lang, items=items))
    elif all("area_not_yet" not in row[-2].reasons for row in past.values() if len(row) > 1):
        said.append(t("history.unchanged", lang))
    return said


def _changes(past: Past, plan: Plan, lang: str) -> str:
    """The verdicts that are not what they were on the day before; empty where there are none."""
    items = []
    for id, row in past.items():
        if len(row) > 1 and row[-1].wording != row[-2].wording and "area_not_yet" not in row[-2].reasons:
            name = in_sentence(plan.indicator(id).name[lang], lang)
            before, after = (t(f"wording_short.{p.wording}", lang) for p in row[-2:])
            items.append(t("history.changed_item", lang, indicator=name, before=before, after=after))
    return separated(items, lang)


def _table(past: Past, assessment: Assessment, plan: Plan, lang: str) -> Table:
    """Indicators by data cut-off: the verdict of the time, the year it rested on, the probability then."""
    columns = Columns[str](lang, "table")
    columns.text("indicator", lambda id: plan.indicator(id).short[lang], width=4)
    for n, day in enumerate(p.as_of for p in next(iter(past.values()))):
        said = in_words(day, lang)
        fields = (
            text_field(f"verdict_{day:%Y%m%d}", t("history.field.verdict", lang, day=said)),
            Field(f"year_{day:%Y%m%d}", t("history.field.year", lang, day=said)),
            Field(f"p_{day:%Y%m%d}", t("history.field.probability", lang, day=said), PERCENT),
        )
        of_day = {id: _cell(row[n], lang) for id, row in past.items()}
        columns.text(day.isoformat(), of_day.__getitem__, said, width=5, fields=fields)
    caption = t("history.caption", lang, area=assessment.area_name[lang])
    notes = [t("history.note", lang), t("verdict_legend", lang)]
    return columns.table(past, label="tbl-history", caption=caption, notes=notes)


def _strip(past: Past, assessment: Assessment, plan: Plan, lang: str) -> Figure:
    """A strip of squares per indicator, one square per data cut-off, with the sign of the verdict."""
    named = {plan.indicator(id).short[lang]: row for id, row in past.items()}
    every = [(name, p, t(f"wording_short.{p.wording}", lang)) for name, row in named.items() for p in row]
    rows = [
        {
            "indicator": name,
            "day": p.as_of.isoformat(),
            "verdict": t(f"verdict_short.{p.verdict}", lang),
            "told": told,
            "sign": theme.VERDICT_SIGN[p.verdict] + (f" {probability(p.probability, lang)}" if _graded(p) else ""),
            "ink": theme.VERDICT_INK[p.verdict],
        }
        for name, p, told in every
    ]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False)),
        y=category_axis("indicator:N", list(named), room=220, gap=alt.Undefined, grid=False),
        tooltip=[
            alt.Tooltip("indicator:N", title=t("table.indicator", lang)),
            alt.Tooltip("day:N", title=t("history.field.day", lang)),
            alt.Tooltip("told:N", title=t("table.verdict", lang)),
        ],
    )
    colour = verdict_colour(lang, {p.verdict for _, p, _ in every})
    squares = base.mark_rect(stroke="#ffffff", strokeWidth=3).encode(color=colour)
    signs = base.mark_text(fontSize=13).encode(text=alt.Text("sign:N"), color=alt.Color("ink:N", scale=None))
    return figure(
        alt.layer(squares, signs).resolve_scale(color="independent"),
        label="fig-history",
        caption=t("history.chart_caption", lang, area=assessment.area_name[lang]),
        alt_text=t("history.chart_alt", lang, rows="".join(_told(n, row, lang) for n, row in named.items())).strip(),
        width=460,
        height=34 * len(named),
        fields=[
            text_field("indicator", t("table.indicator", lang)),
            Field("day", t("history.field.day", lang), type="date"),
            text_field("verdict", t("table.verdict", lang)),
            Field("probability", t("table.probability", lang), PERCENT),
        ],
        data=[(name, p.as_of.isoformat(), told, _chance(p)) for name, p, told in every],
    )


def _told(name: str, row: Sequence[PastVerdict], lang: str) -> str:
    """An indicator's squares in words."""
    cells = [
        t("history.chart_alt_cell", lang, day=in_words(p.as_of, lang), verdict=t(f"wording_short.{p.wording}", lang))
        for p in row
    ]
    return t("history.chart_alt_row", lang, indicator=name, cells=clauses(cells, lang))


def _chance(p: PastVerdict) -> float | None:
    return p.probability * 100 if p.probability is not None and _graded(p) else None


def _graded(p: PastVerdict) -> bool:
    return p.verdict != "not_assessable" and p.probability is not None


def _cell(p: PastVerdict, lang: str) -> Mark:
    if "area_not_yet" in p.reasons:
        return Mark(t("history.not_yet", lang), raw=(t("history.not_yet", lang), None, None))
    mark = verdict_mark(p.verdict, p.wording, lang)
    raw = (*mark.raw, p.year, _chance(p))
    if p.year is None:
        return Mark(mark.text, mark.html, raw)
    key = "history.cell" if _graded(p) else "history.cell_bare"
    text, screen = (
        t(key, lang, mark=form, year=p.year, p=probability(p.probability, lang)) for form in (mark.text, mark.html)
    )
    return Mark(text, screen, raw)
