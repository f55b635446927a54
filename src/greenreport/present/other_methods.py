"""The annex of second opinions: published methods beside the verdict, disagreement marked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from greenreport.assess.model import Assessment, SecondOpinion
from greenreport.assess.other_methods import METHODS
from greenreport.plan import Plan
from greenreport.present.columns import Columns
from greenreport.present.messages import in_sentence
from greenreport.present.numbers import join_sentences, joined
from greenreport.present.show import Narrative, Table
from greenreport.present.tables import headline_year
from greenreport.words import t

__all__ = ["second_table", "second_text"]


def second_text(assessment: Assessment, plan: Plan, lang: str) -> Narrative:
    """What the annex is, and on which indicators the methods disagree with the verdict."""
    names = [
        in_sentence(plan.indicator(one.id).name[lang], lang)
        for one in assessment.indicators
        if one.head and any(o.agrees is False for o in one.head.second)
    ]
    if not _defined(assessment):
        # Where only parts have targets, the findings are theirs.
        key = "second.nothing" if plan.of_whole or assessment.area != plan.area else "second.of_parts"
        return Narrative.under(t("second.heading", lang), t(key, lang))
    lead = t("second.lead", lang, year=headline_year(assessment, plan.target_years))
    found = t("second.disagree", lang, names=joined(names, lang)) if names else t("second.agree", lang)
    return Narrative.under(t("second.heading", lang), join_sentences([lead, found], lang))


def _defined(assessment: Assessment) -> bool:
    """Whether any method has anything to judge by."""
    return any(o.status is not None for one in assessment.indicators if one.head for o in one.head.second)


def second_table(assessment: Assessment, plan: Plan, lang: str) -> Iterator[Table]:
    """Methods by indicators: the finding of each in its own words, or why it is undefined; nothing where none is defined."""
    if not _defined(assessment):
        return
    columns = Columns[str](lang, "table")
    columns.text("method", lambda method: t(f"second.methods.{method}", lang), width=4)
    for one in assessment.indicators:
        cells = {o.method: _cell(o, lang) for o in (one.head.second if one.head else ())}
        columns.text(one.id, partial(_of, cells, lang), plan.indicator(one.id).short[lang], width=3)
    yield columns.table(METHODS, label="tbl-second", caption=t("table.second_caption", lang))


def _of(cells: dict[str, str], lang: str, method: str) -> str:
    return cells.get(method, t("number.missing", lang))


def _cell(found: SecondOpinion, lang: str) -> str:
    if found.status is None:
        return t("second.undefined", lang, reason=t(f"second.reason.{found.reason}", lang))
    return ("≠ " if found.agrees is False else "") + t(f"second.status.{found.status}", lang)
