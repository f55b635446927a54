"""A plan that sets targets for its parts alone: what their verdicts come to, indicator by indicator.

Stands where another plan has its whole: on the overview, on the start page, in the report and the brief. Counts
verdicts; grades nothing and adds up no figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from greenreport.assess.model import Assessment
from greenreport.plan import Indicator, Plan
from greenreport.present.columns import Columns
from greenreport.present.indicator_views import counts_by_verdict
from greenreport.present.markdown import strong, titled
from greenreport.present.messages import As, Message, Said, in_sentence, prose, together
from greenreport.present.next_targets import last_of, years_judged
from greenreport.present.numbers import bracketed, clauses, day, joined, percent, probability, separated
from greenreport.present.show import Narrative, Table
from greenreport.present.theme import VERDICTS
from greenreport.text import Text
from greenreport.words import t

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
    total = Counter({v: sum(counts[v] for counts in _counts(parts, plan).values()) for v in VERDICTS})
    judged, good = _judged(total)
    said = [Message("parts.lead", n=len(parts))]
    if judged:
        said.append(
            Message(
                "parts.counts",
                day=As(day, parts[0].as_of),
                n=judged,
                share=As(percent, good / judged),
                years=As(joined, years_judged(one for part in parts for one in part.indicators)),
                good=good,
                open=total["uncertain"],
                risk=total["at_risk"],
            )
        )
        said += _last(parts, plan)
    if blank := total["not_assessable"]:
        said.append(Message("parts.blank", n=blank))
    return titled("summary.heading", [prose(said, lang)], lang, start=start)


def _counts(parts: Sequence[Assessment], plan: Plan) -> dict[str, dict[str, int]]:
    """Indicator → class → number of parts."""
    return {i.id: counts_by_verdict(parts, i) for i in plan.indicators}


def _judged(counts: Mapping[str, int]) -> tuple[int, int]:
    """How many have a verdict, and how many of these are met or expected to be, by the number of each class."""
    return sum(counts.values()) - counts["not_assessable"], sum(counts[v] for v in GOOD)


def _last(parts: Sequence[Assessment], plan: Plan) -> Iterator[Message]:
    """How many targets of the last year are at risk, where verdicts are for an earlier one."""
    found = [(i, g) for i in plan.indicators for p in parts if (g := last_of(p.indicator(i.id))) is not None]
    year = max((g.year for _, g in found), default=0)
    of_year = [(i, g) for i, g in found if g.year == year]
    late = Counter(i.id for i, g in of_year if g.verdict == "at_risk")
    items = [
        Message("parts.last_item", indicator=As(in_sentence, i.name), n=late[i.id])
        for i in plan.indicators
        if late[i.id]
    ]
    if found:
        key = "parts.last" if items else "parts.last_none"
        yield Message(key, year=year, of=len(of_year), n=late.total(), items=As(clauses, items))


def classes_table(
    parts: Sequence[Assessment], plan: Plan, lang: str, *, label: str = "tbl-classes", start: bool = False
) -> Table:
    """Indicators by classes of verdicts: the number of parts in each; classes that no part is in are left out."""
    counts = _counts(parts, plan)
    shown = [v for v in VERDICTS if any(found[v] for found in counts.values())]
    columns = Columns[Indicator](lang, "table")
    columns.text("indicator", lambda i: i.name[lang], width=5)
    columns.count("n", lambda i: sum(counts[i.id].values()), t("parts.having", lang))
    for v in shown:
        columns.count(v, partial(_in_class, counts, v), t(f"verdict_short.{v}", lang), width=3)
    columns.share("good", lambda i: _share_good(counts[i.id]), t("parts.share", lang), width=3)
    notes = [t("parts.share_note", lang)]
    return columns.table(plan.indicators, label=label, caption=t("parts.caption", lang), notes=notes, start=start)


def _in_class(counts: Mapping[str, Mapping[str, int]], verdict: str, indicator: Indicator) -> int:
    return counts[indicator.id][verdict]


def _share_good(counts: Mapping[str, int]) -> float | None:
    judged, good = _judged(counts)
    return good / judged if judged else None


def parts_good(parts: Sequence[Assessment], plan: Plan, *, most: int | None = None) -> list[Message]:
    """Where parts are ahead, a message per indicator, the one with the largest share of them first; `most`: so many."""
    judged = [(i, *_judged(counts_by_verdict(parts, i))) for i in plan.indicators]
    # What most are behind on is no achievement.
    found = [(i, n, good) for i, n, good in judged if n >= 2 and 2 * good >= n]
    return [
        Message(
            "papers.achievements.districts",
            indicator=As(in_sentence, i.name),
            good=good,
            n=n,
            share=As(percent, good / n),
        )
        for i, n, good in sorted(found, key=lambda one: -one[2] / one[1])[:most]
    ]


def _behind(parts: Sequence[Assessment], plan: Plan) -> list[tuple[Indicator, int, int]]:
    """Indicators with parts at risk: how many are, of how many with a verdict; the most first."""
    counted = [(i, counts_by_verdict(parts, i)) for i in plan.indicators]
    found = [(i, counts["at_risk"], _judged(counts)[0]) for i, counts in counted if counts["at_risk"]]
    return sorted(found, key=lambda one: -one[1])


def _worst(parts: Sequence[Assessment], indicator: Indicator) -> list[tuple[Text, float | None]]:
    """The few parts at risk that are least likely to meet their targets, with the probabilities."""
    heads = [(p.area_short, h) for p in parts if (h := p.indicator(indicator.id).head) and h.verdict == "at_risk"]
    heads.sort(key=lambda x: (1.0 if x[1].probability is None else round(x[1].probability, 2), x[1].completion or 0.0))
    return [(name, head.probability) for name, head in heads[:_FEW]]


def parts_behind(parts: Sequence[Assessment], plan: Plan, *, whole: Assessment | None = None) -> list[Message]:
    """Indicators with parts at risk, a message each, those with the most first; with `whole` only what it keeps to itself."""
    out = []
    for i, late, judged in _behind(parts, plan):
        words = As(in_sentence, Message("verdict_short.at_risk"))
        told = {"indicator": As(strong, i.name), "words": words, "n": late}
        if whole is None:
            worst = [
                name if p is None else As(together, [name, As(bracketed, As(probability, p))])
                for name, p in _worst(parts, i)
            ]
            out.append(Message("parts.behind", **told, judged=judged, names=As(joined, worst)))
        elif whole.indicator(i.id).verdict in GOOD:
            out.append(Message("papers.brief.behind_districts", **told))
    return out


def parts_advice(parts: Sequence[Assessment], plan: Plan) -> list[Message]:
    """That the parts at risk make up what they lack at the pace that their own pages ask for: one message, or none."""
    items = [
        Message(
            "parts.advice_item",
            indicator=As(in_sentence, i.name),
            n=late,
            names=As(joined, [name for name, _ in _worst(parts, i)]),
        )
        for i, late, _ in _behind(parts, plan)
    ]
    return [Message("parts.advice", items=As(separated, items))] if items else []


def parts_unknown(parts: Sequence[Assessment], plan: Plan) -> list[Message]:
    """Indicators of which parts could not be assessed, those of which it is the same parts in one message."""
    groups: dict[tuple[str, ...], list[Said]] = {}
    for i in plan.indicators:
        ones = [(p.area, one) for p in parts if not (one := p.indicator(i.id)).elsewhere]
        if blank := tuple(area for area, one in ones if one.verdict == "not_assessable"):
            groups.setdefault(blank, []).append(As(in_sentence, i.name) if blank in groups else i.name)
    return [Message("parts.unknown", indicator=As(joined, names), n=len(blank)) for blank, names in groups.items()]
