"""The annex of second opinions: published methods beside the verdict, disagreement marked."""

from __future__ import annotations

from collections.abc import Iterator

from greenreport.assess.model import Assessment, SecondOpinion
from greenreport.assess.second import METHODS
from greenreport.plan import Plan
from greenreport.present.catalog import t
from greenreport.present.narrative import in_sentence
from greenreport.present.numbers import joined
from greenreport.present.show import Narrative, Table
from greenreport.present.tables import headline_year
from greenreport.present.tabulate import Column, table

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
        return Narrative(f"## {t('second.heading', lang)}\n\n{t(key, lang)}")
    lead = t("second.lead", lang, year=headline_year(assessment, plan.target_years))
    found = t("second.disagree", lang, names=joined(names, lang)) if names else t("second.agree", lang)
    gap = "" if lang == "zh" else " "
    return Narrative(f"## {t('second.heading', lang)}\n\n{lead}{gap}{found}")


def _defined(assessment: Assessment) -> bool:
    """Whether any method has anything to judge by."""
    return any(o.status is not None for one in assessment.indicators if one.head for o in one.head.second)


def second_table(assessment: Assessment, plan: Plan, lang: str) -> Iterator[Table]:
    """Methods by indicators: the finding of each in its own words, or why it is undefined; nothing where none is defined."""
    if not _defined(assessment):
        return
    columns = [
        Column("method", t("table.method", lang), width=4),
        *(Column(one.id, plan.indicator(one.id).short[lang], width=3) for one in assessment.indicators),
    ]
    rows = []
    for method in METHODS:
        row = {"method": t(f"second.methods.{method}", lang)}
        for one in assessment.indicators:
            found = next((o for o in one.head.second if o.method == method), None) if one.head else None
            row[one.id] = _cell(found, lang)
        rows.append(row)
    yield table(columns, rows, label="tbl-second", caption=t("table.second_caption", lang))


def _cell(found: SecondOpinion | None, lang: str) -> str:
    if found is None:
        return t("number.missing", lang)
    if found.status is None:
        return t("second.undefined", lang, reason=t(f"second.reason.{found.reason}", lang))
    return ("≠ " if found.agrees is False else "") + t(f"second.status.{found.status}", lang)
