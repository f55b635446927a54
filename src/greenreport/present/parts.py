"""A plan that sets targets for its parts alone: what their verdicts come to, indicator by indicator.

Stands where another plan has its whole: on the overview, on the start page, in the report and the brief. Counts
verdicts; grades nothing and adds up no figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from greenreport.assess.model import Assessment
from greenreport.plan import Indicator, Plan
from greenreport.present.aims import last_of, years_judged
from greenreport.present.catalog import t
from greenreport.present.columns import count_cell, count_column, share_cell, share_column
from greenreport.present.indicator_views import counts_by_verdict
from greenreport.present.narrative import in_sentence, prose
from greenreport.present.numbers import bracketed, clauses, day, joined, percent, probability, separated
from greenreport.present.show import Narrative, Table
from greenreport.present.tabulate import Column, Mark, escape_markdown, table
from greenreport.present.theme import VERDICTS

__all__ = ["GOOD", "classes_table", "parts_advice", "parts_behind", "parts_good", "parts_summary", "parts_unknown"]

_FEW = 3
"""So many parts are named in a sentence on those at risk."""
GOOD = ("achieved", "ahead", "on_track")
"""The classes of targets that are met, or expected to be."""


def parts_summary(parts: Sequence[Assessment], plan: Plan, lang: str, *, start: bool = False) -> Narrative:
    """How many targets of all parts stand where.

    Args:
        parts: findings of the parts.
        plan: the plan.
        lang: language.
        start: whether the site's start page shows it too.
    """
    total = dict.fromkeys(VERDICTS, 0)
    for indicator in plan.indicators:
        for verdict, n in counts_by_verdict(parts, indicator).items():
            total[verdict] += n
    blank = total["not_assessable"]
    judged, good = _judged(total)
    said = [t("parts.lead", lang, n=len(parts))]
    if judged:
        counts = {"good": good, "open": total["uncertain"], "risk": total["at_risk"]}
        share = percent(good / judged, lang)
        years = joined(years_judged(one for part in parts for one in part.indicators), lang)
        when = day(parts[0].as_of, lang)
        said.append(t("parts.counts", lang, day=when, n=judged, share=share, years=years, **counts))
        said += _last(parts, plan, lang)
    if blank:
        said.append(t("parts.blank", lang, n=blank))
    return Narrative(f"## {t('summary.heading', lang)}\n\n{prose(said, lang)}", start)


def _judged(counts: Mapping[str, int]) -> tuple[int, int]:
    """How many have a verdict, and how many of these are met or expected to be, by the number of each class."""
    return sum(counts.values()) - counts["not_assessable"], sum(counts[v] for v in GOOD)


def _last(parts: Sequence[Assessment], plan: Plan, lang: str) -> list[str]:
    """How many targets of the last year are at risk, where verdicts are for an earlier one: one sentence or none."""
    found = [(i, g) for i in plan.indicators for p in parts if (g := last_of(p.indicator(i.id))) is not None]
    if not found:
        return []
    year = max(g.year for _, g in found)
    late = Counter(i.id for i, g in found if g.year == year and g.verdict == "at_risk")
    items = [
        t("parts.last_item", lang, indicator=in_sentence(i.name[lang], lang), n=late[i.id])
        for i in plan.indicators
        if late[i.id]
    ]
    told = {"year": year, "of": sum(g.year == year for _, g in found), "n": late.total()}
    return [t("parts.last" if items else "parts.last_none", lang, **told, items=clauses(items, lang))]


def classes_table(
    parts: Sequence[Assessment], plan: Plan, lang: str, *, label: str = "tbl-classes", start: bool = False
) -> Table:
    """Indicators by classes of verdicts: the number of parts in each; classes that no part is in are left out."""
    counts = {i.id: counts_by_verdict(parts, i) for i in plan.indicators}
    shown = [v for v in VERDICTS if any(found[v] for found in counts.values())]
    columns = [
        Column("indicator", t("table.indicator", lang), width=5),
        count_column("n", t("parts.having", lang)),
        *(count_column(v, t(f"verdict_short.{v}", lang), width=3) for v in shown),
        share_column("good", t("parts.share", lang), lang, width=3),
    ]
    rows: list[dict[str, str | Mark]] = []
    for i in plan.indicators:
        found = counts[i.id]
        judged, good = _judged(found)
        rows.append(
            {
                "indicator": i.name[lang],
                "n": count_cell(sum(found.values()), lang),
                **{v: count_cell(found[v], lang) for v in shown},
                "good": share_cell(good / judged if judged else None, lang),
            }
        )
    notes = [t("parts.share_note", lang)]
    return table(columns, rows, label=label, caption=t("parts.caption", lang), notes=notes, start=start)


def parts_good(parts: Sequence[Assessment], plan: Plan, lang: str, *, most: int | None = None) -> list[str]:
    """Where parts are ahead, an item per indicator, the one with the largest share of them first; `most`: so many."""
    found = []
    for n, i in enumerate(plan.indicators):
        counts = counts_by_verdict(parts, i)
        judged, good = _judged(counts)
        if judged >= 2 and 2 * good >= judged:  # what most are behind on is no achievement
            found.append((-good / judged, n, i, good, judged))
    return [
        t(
            "papers.achievements.districts",
            lang,
            indicator=in_sentence(i.name[lang], lang),
            good=good,
            n=judged,
            share=percent(-share, lang),
        )
        for share, _, i, good, judged in sorted(found, key=lambda one: one[:2])[:most]
    ]


def _behind(parts: Sequence[Assessment], plan: Plan) -> list[tuple[int, Indicator, int]]:
    """How many parts are at risk, of which indicator, of how many with a verdict; the most first."""
    found = []
    for n, i in enumerate(plan.indicators):
        counts = counts_by_verdict(parts, i)
        if late := counts["at_risk"]:
            found.append((-late, n, i, _judged(counts)[0]))
    return [(-late, i, judged) for late, _, i, judged in sorted(found, key=lambda one: one[:2])]


def _worst(parts: Sequence[Assessment], indicator: Indicator, lang: str, *, odds: bool = True) -> str:
    """The few parts at risk that are least likely to meet their targets, with their `odds`."""
    late = [(p.area_short[lang], h) for p in parts if (h := p.indicator(indicator.id).head) and h.verdict == "at_risk"]
    late.sort(key=lambda x: (1.0 if x[1].probability is None else round(x[1].probability, 2), x[1].completion or 0.0))
    return joined(
        [
            name + ("" if h.probability is None or not odds else bracketed(probability(h.probability, lang), lang))
            for name, h in late[:_FEW]
        ],
        lang,
    )


def parts_behind(parts: Sequence[Assessment], plan: Plan, lang: str, *, whole: Assessment | None = None) -> list[str]:
    """Indicators with parts at risk, an item each, those with the most first; with `whole` only what it keeps to itself."""
    out = []
    for late, i, judged in _behind(parts, plan):
        words = in_sentence(t("verdict_short.at_risk", lang), lang)
        told = {"indicator": f"**{escape_markdown(i.name[lang])}**", "words": words}
        if whole is None:
            worst = _worst(parts, i, lang)
            out.append(prose([t("parts.behind", lang, **told, n=late, judged=judged, names=worst)], lang))
        elif whole.indicator(i.id).verdict in GOOD:
            out.append(prose([t("papers.brief.behind_districts", lang, **told, n=late)], lang))
    return out


def parts_advice(parts: Sequence[Assessment], plan: Plan, lang: str) -> list[str]:
    """That the parts at risk make up what they lack at the pace that their own pages ask for: one item, or none."""
    items = [
        t(
            "parts.advice_item",
            lang,
            indicator=in_sentence(i.name[lang], lang),
            n=late,
            names=_worst(parts, i, lang, odds=False),
        )
        for late, i, _ in _behind(parts, plan)
    ]
    return [prose([t("parts.advice", lang, items=separated(items, lang))], lang)] if items else []


def parts_unknown(parts: Sequence[Assessment], plan: Plan, lang: str) -> list[str]:
    """Indicators of which parts could not be assessed, those of which it is the same parts in one item."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for i in plan.indicators:
        ones = [(p.area, one) for p in parts if not (one := p.indicator(i.id)).elsewhere]
        if blank := tuple(area for area, one in ones if one.verdict == "not_assessable"):
            name = i.name[lang] if blank not in groups else in_sentence(i.name[lang], lang)
            groups.setdefault(blank, []).append(name)
    return [t("parts.unknown", lang, indicator=joined(names, lang), n=len(blank)) for blank, names in groups.items()]
