"""How the districts stand on one indicator, in words: counts by class, the schedule, who is at either end.

Made from the findings of the districts' pages; grades nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from greenreport.assess.model import Assessment, TargetGrade
from greenreport.plan import Indicator
from greenreport.present.indicator_views import concerned, counts_by_verdict, sets_own
from greenreport.present.markdown import titled
from greenreport.present.messages import As, Message, Said, prose
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import clauses, joined, listed, percent
from greenreport.present.show import Narrative
from greenreport.text import Text

__all__ = ["districts_text"]

_NAMED = 5
"""At most so many districts that share a place are named."""


def districts_text(districts: Sequence[Assessment], indicator: Indicator, lang: str, *, expected: int) -> Narrative:
    """How the districts stand on one indicator: counts, extremes, what is missing; honest where there is nothing.

    Args:
        districts: the districts' findings; may be empty.
        indicator: the indicator.
        lang: language.
        expected: districts there are on the day.
    """
    return titled("compare.districts_heading", [prose(_compared(districts, indicator, expected), lang)], lang)


def _compared(districts: Sequence[Assessment], indicator: Indicator, expected: int) -> Iterator[Message]:
    """What is worth saying of the districts together."""
    ones = concerned(districts, indicator)
    having = sum(one.current is not None for _, one in ones)
    if not having:
        unshared = all("no_derived_target" in one.notes for _, one in ones)
        yield Message(f"compare.{'no_pages' if not ones else 'unshared' if unshared else 'no_data'}")
        return
    yield _verdicts(districts, indicator)
    if having < len(ones):
        yield Message("compare.few", having=having, n=len(ones))
    if len(districts) < expected:
        yield Message("compare.missing", n=expected - len(districts))
    yield from _completion([(d.area_short, one.head) for d, one in ones if one.head is not None])


def _verdicts(districts: Sequence[Assessment], indicator: Indicator) -> Message:
    """How many districts are in each class; where none has a verdict, the reason that most have."""
    ones = [one for _, one in concerned(districts, indicator)]
    counts = counts_by_verdict(districts, indicator)
    if counts["not_assessable"] == len(ones):
        why = Counter(code for one in ones for code in (one.head.reasons if one.head else one.notes)[:1])
        code = why.most_common(1)[0][0] if why else "no_target"
        return Message("compare.none", reason=As(reason_text, code, ones[0]))
    parts = [Message("districts.count", n=n, verdict=Message(f"verdict_short.{v}")) for v, n in counts.items() if n]
    key = "compare.lead_own" if sets_own(districts, indicator) else "compare.lead"
    return Message(key, n=len(ones), counts=As(clauses, parts))


def _completion(heads: Sequence[tuple[Text, TargetGrade]]) -> Iterator[Message]:
    """How many districts keep to the schedule, how many are likely to meet their targets, and who is at either end."""
    shares = [(name, h.completion, h.time_share) for name, h in heads if h.completion is not None]
    chances = Counter(h.likelihood for _, h in heads if h.likelihood is not None)
    if not shares or not chances:
        return
    behind = sum(time is not None and share < time - 1e-9 for _, share, time in shares)
    counted = {
        "ahead": len(shares) - behind,
        "behind": behind,
        "likely": chances["very_likely"] + chances["likely"],
        "unlikely": chances["unlikely"] + chances["very_unlikely"],
    }
    told = {key: Message("compare.some" if n else "compare.no_one", n=n) for key, n in counted.items()}
    yield Message("compare.share", **told)
    yield from _extremes([(name, share) for name, share, _ in shares])


def _extremes(shares: Sequence[tuple[Text, float]]) -> Iterator[Message]:
    """The highest and the lowest completion, with everybody who shares the place."""
    best, worst = (end(share for _, share in shares) for end in (max, min))
    if percent(best, "en") == percent(worst, "en"):
        return
    first, last = ([name for name, share in shares if abs(share - end) < 5e-4] for end in (best, worst))
    yield Message(
        "compare.extremes_tied" if len(first) > 1 else "compare.extremes",
        best=_few(first),
        best_share=As(percent, best),
        worst=_few(last),
        worst_share=As(percent, worst),
    )


def _few(names: Sequence[Text]) -> Said:
    """Those who share a place; of many the first and how many there are."""
    if len(names) <= _NAMED:
        return As(joined, names)
    return Message("compare.and_more", names=As(listed, names[:_NAMED]), n=len(names))
