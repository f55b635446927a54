"""The districts in a report: one matrix of verdicts, and who is ahead and behind with the uncertainty of places.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from greenreport.assess.model import Assessment
from greenreport.assess.ranks import RankRange, ranks
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.columns import Columns, missing_cell, share_cell, text_field
from greenreport.present.indicator_views import sets_own
from greenreport.present.markdown import heading
from greenreport.present.messages import As, Message
from greenreport.present.numbers import bracketed, join_sentences, percent, separated, spanned
from greenreport.present.parts_of_plan import parts_behind
from greenreport.present.show import Field, Narrative, Shown, Table
from greenreport.present.tables import wording_short
from greenreport.present.tabulate import Mark, quoted
from greenreport.tasks import TaskStatus
from greenreport.words import t

__all__ = ["extremes_table", "matrix", "problems_elsewhere", "ranked_cell"]

_ENDS = 5
"""So many districts are named at either end."""


def matrix(districts: Sequence[Assessment], plan: Plan, lang: str, *, label: str) -> Table:
    """Districts by indicators on one page: the sign of the verdict and the probability of the target."""
    columns = Columns[Assessment](lang, "table")
    columns.text("area", lambda d: d.area_short[lang], width=4)
    for i in plan.indicators:
        fields = (text_field(i.id, i.short[lang]), Field(f"{i.id}_p", "%"))
        columns.text(i.id, partial(_sign, i, lang), i.short[lang], width=3, align="center", fields=fields)
    year = next((h.year for d in districts for i in plan.indicators if (h := d.indicator(i.id).head)), plan.outlook)
    note = [t("papers.report.matrix_note", lang, year=year)]
    if not all(sets_own(districts, i) for i in plan.indicators):
        note.append(t("papers.report.matrix_derived", lang))
    notes = [t("verdict_legend", lang), join_sentences(note, lang)]
    return columns.table(districts, label=label, caption=t("papers.report.matrix_caption", lang), notes=notes)


def _sign(indicator: Indicator, lang: str, district: Assessment) -> Mark:
    one = district.indicator(indicator.id)
    if one.elsewhere:
        return missing_cell(lang, 2)
    p = one.head.probability if one.head else None
    sign = theme.VERDICT_SIGN[one.verdict]
    told = f"{sign} {share_cell(p, lang, probability=True).text}" if p is not None else sign
    return Mark(told, raw=(wording_short(one, lang), None if p is None else p * 100))


def ranked_cell(found: RankRange | None, lang: str) -> Mark:
    """A place with its range: 3/37（1—8）."""
    if found is None:
        return missing_cell(lang)
    key = "papers.sheet.rank_cell" if found.low < found.high else "papers.sheet.rank_sure"
    return Mark(t(key, lang, place=found.place, of=found.of, low=found.low, high=found.high), raw=(found.place,))


def extremes_table(
    districts: Sequence[Assessment], plan: Plan, lang: str, *, level: float, depth: int = 3
) -> Iterator[Shown]:
    """Per indicator the districts with the highest and the lowest forecasts, each with the range of its place.

    Args:
        districts: their findings.
        plan: the plan.
        lang: language.
        level: of the ranges.
        depth: of the heading.
    """
    names = {d.area: d.area_short[lang] for d in districts}
    rows: list[tuple[Indicator, list[str]]] = []
    for i in plan.indicators:
        places = ranks(districts, i, level=level)
        order = sorted(places, key=lambda code: places[code].place)
        if len(order) > 1:
            rows.append((i, [_named(names[code], places[code], lang) for code in order]))
    yield Narrative(heading("papers.report.extremes", lang, depth))
    if not rows:
        yield Narrative(t("papers.report.extremes_none", lang))
        return
    year = next((h.year for i in plan.indicators for d in districts if (h := d.indicator(i.id).head)), None)
    yield Narrative(t("papers.report.extremes_lead", lang, year=year, level=percent(level, lang, 0)))
    columns = Columns[tuple[Indicator, list[str]]](lang, "papers.report")
    columns.text("indicator", lambda row: row[0].name[lang], t("table.indicator", lang), width=4)
    columns.count("n", lambda row: len(row[1]), t("papers.report.compared", lang))
    first, last = (t(f"papers.report.extremes_{key}", lang) for key in ("first", "last"))
    columns.text("first", lambda row: separated(_end(row[1]), lang), first, width=9)
    columns.text("last", lambda row: separated(_end(row[1][::-1]), lang), last, width=9)
    yield columns.table(rows, label="tbl-extremes", caption=t("papers.report.extremes_caption", lang))


def _end(names: Sequence[str]) -> Sequence[str]:
    """The first of a row of districts, no more than half of it."""
    return names[: min(_ENDS, len(names) // 2)]


def _named(name: str, place: RankRange, lang: str) -> str:
    return name + bracketed(spanned(str(place.low), str(place.high), lang), lang)


def problems_elsewhere(
    city: Assessment, districts: Sequence[Assessment], plan: Plan, tasks: Mapping[str, TaskStatus]
) -> list[Message]:
    """What else is a problem.

    Indicators that the whole keeps to and districts do not, those with the most districts first; late tasks.
    """
    return [*parts_behind(districts, plan, whole=city), *late_tasks(plan, tasks)]


def late_tasks(plan: Plan, tasks: Mapping[str, TaskStatus]) -> list[Message]:
    """The tasks behind schedule, as one message; none where all keep to theirs."""
    names = [x.title for x in plan.tasks if x.id in tasks and tasks[x.id].status == "late"]
    return [Message("papers.brief.late_tasks", names=As(quoted, names))] if names else []
