"""The districts in a report: one matrix of verdicts, and who is ahead and behind with the uncertainty of places.

Made from the districts' findings; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.ranks import RankRange, ranks
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.columns import count_cell, share_cell
from greenreport.present.indicator_views import sets_own
from greenreport.present.markdown import heading
from greenreport.present.messages import As, Message
from greenreport.present.numbers import bracketed, join_sentences, percent, separated, spanned
from greenreport.present.parts import parts_behind
from greenreport.present.show import Field, Narrative, Shown, Table
from greenreport.present.tables import wording_short
from greenreport.present.tabulate import Column, Mark, quoted, table
from greenreport.tasks import TaskStatus
from greenreport.words import t

__all__ = ["extremes_table", "matrix", "problems_elsewhere", "ranked_cell"]

_ENDS = 5
"""So many districts are named at either end."""


def matrix(districts: Sequence[Assessment], plan: Plan, lang: str, *, label: str) -> Table:
    """Districts by indicators on one page: the sign of the verdict and the probability of the target."""
    columns = [
        Column("area", t("table.area", lang), width=4),
        *(
            Column(i.id, i.short[lang], "center", 3, (Field(i.id, i.short[lang], type="text"), Field(f"{i.id}_p", "%")))
            for i in plan.indicators
        ),
    ]
    rows = [
        {"area": d.area_short[lang]} | {i.id: _sign(d.indicator(i.id), lang) for i in plan.indicators}
        for d in districts
    ]
    year = next((h.year for d in districts for i in plan.indicators if (h := d.indicator(i.id).head)), plan.outlook)
    note = [t("papers.report.matrix_note", lang, year=year)]
    if not all(sets_own(districts, i) for i in plan.indicators):
        note.append(t("papers.report.matrix_derived", lang))
    notes = [t("verdict_legend", lang), join_sentences(note, lang)]
    return table(columns, rows, label=label, caption=t("papers.report.matrix_caption", lang), notes=notes)


def _sign(one: IndicatorAssessment, lang: str) -> Mark:
    if one.elsewhere:
        return Mark(t("number.missing", lang), raw=(None, None))
    p = one.head.probability if one.head else None
    sign = theme.VERDICT_SIGN[one.verdict]
    told = f"{sign} {share_cell(p, lang, probability=True).text}" if p is not None else sign
    return Mark(told, raw=(wording_short(one, lang), None if p is None else p * 100))


def ranked_cell(found: RankRange | None, lang: str) -> Mark:
    """A place with its range: 3/37（1—8）."""
    if found is None:
        return Mark(t("number.missing", lang), raw=(None,))
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
    rows: list[dict[str, str | Mark]] = []
    year = None
    for i in plan.indicators:
        places = ranks(districts, i, level=level)
        year = year or next((h.year for d in districts if (h := d.indicator(i.id).head)), None)
        if len(places) < 2:
            continue
        order = sorted(places, key=lambda code: places[code].place)
        n = min(_ENDS, len(order) // 2)
        rows.append(
            {
                "indicator": i.name[lang],
                "n": count_cell(len(order), lang),
                "first": separated([_named(names[c], places[c], lang) for c in order[:n]], lang),
                "last": separated([_named(names[c], places[c], lang) for c in order[: -n - 1 : -1]], lang),
            }
        )
    yield Narrative(heading("papers.report.extremes", lang, depth))
    if not rows:
        yield Narrative(t("papers.report.extremes_none", lang))
        return
    yield Narrative(t("papers.report.extremes_lead", lang, year=year, level=percent(level, lang, 0)))
    columns = [
        Column("indicator", t("table.indicator", lang), width=4),
        Column("n", t("papers.report.compared", lang), "right", 2, (Field("n", t("papers.report.compared", lang)),)),
        Column("first", t("papers.report.extremes_first", lang), width=9),
        Column("last", t("papers.report.extremes_last", lang), width=9),
    ]
    yield table(columns, rows, label="tbl-extremes", caption=t("papers.report.extremes_caption", lang))


def _named(name: str, place: RankRange, lang: str) -> str:
    return name + bracketed(spanned(str(place.low), str(place.high), lang), lang)


def problems_elsewhere(
    city: Assessment, districts: Sequence[Assessment], plan: Plan, tasks: Mapping[str, TaskStatus]
) -> list[Message]:
    """What else is a problem: indicators that the whole keeps to and districts do not, those with the most districts
    first; late tasks.
    """
    return [*parts_behind(districts, plan, whole=city), *late_tasks(plan, tasks)]


def late_tasks(plan: Plan, tasks: Mapping[str, TaskStatus]) -> list[Message]:
    """The tasks behind schedule, as one message; none where all keep to theirs."""
    names = [x.title for x in plan.tasks if x.id in tasks and tasks[x.id].status == "late"]
    return [Message("papers.brief.late_tasks", names=As(quoted, names))] if names else []
