"""The page on methods: terms, rules of the verdict, published methods.

Tells of methods; grades nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from greenreport.assess.model import STRENGTHS, Assessment
from greenreport.assess.second import METHODS
from greenreport.assess.strength import LIMITS
from greenreport.plan import Plan
from greenreport.present.catalog import t
from greenreport.present.narrative import prose
from greenreport.present.numbers import bracketed, day, percent, points, rate
from greenreport.present.show import Narrative, Table
from greenreport.present.tables import class_mark
from greenreport.present.tabulate import Column, Mark, table

__all__ = [
    "formulas_table",
    "formulas_text",
    "likelihood_bounds",
    "method_text",
    "methods_evidence",
    "prior_words",
    "rules_table",
    "rules_text",
    "strength_chapter",
    "terms_chapter",
]

_LIKELIHOODS = ("very_likely", "likely", "even", "unlikely", "very_unlikely")
_GRID = {
    "on": ("ahead", "on_track", "uncertain", "at_risk", "at_risk", "uncertain"),
    "nearly": ("on_track", "on_track", "uncertain", "at_risk", "at_risk", "uncertain"),
    "behind": ("at_risk",) * 6,
}
"""Class by schedule and likelihood, the last without any probability; a test holds it to `progress.verdict`."""
_TERMS = (
    "baseline", "target", "completion", "time", "path", "forecast", "interval", "probability", "pace", "derived",
    "provisional", "unconfirmed", "strength", "orientation",
)  # fmt: skip


def _heading(key: str, lang: str) -> str:
    return f"## {t(f'methods.{key}', lang)}\n\n"


def terms_chapter(plan: Plan, lang: str) -> Iterator[Narrative | Table]:
    """What the terms of the report mean."""
    yield Narrative(_heading("terms_heading", lang).strip())
    columns = [
        Column("term", t("methods.term", lang), width=3),
        Column("meaning", t("methods.meaning", lang), width=10),
    ]
    told = {"base": plan.baseline_year}
    stated = all(i.baseline.value is not None for i in plan.indicators)
    shared = any(i.allocation != "none" for i in plan.indicators)
    rows = [
        {
            "term": t(f"methods.terms.{k}", lang),
            "meaning": t("methods.meanings." + (k if k != "baseline" or stated else "baseline_reported"), lang, **told),
        }
        for k in _TERMS
        if k != "derived" or shared
    ]
    yield table(columns, rows, label="tbl-terms", caption=t("methods.terms_caption", lang))


def rules_text(lang: str) -> Narrative:
    """That the verdict follows from two printed words."""
    return Narrative(_heading("rules_heading", lang) + prose([t("methods.rules_lead", lang)], lang))


def rules_table(lang: str, *, tolerance: float) -> Table:
    """The class by schedule and likelihood.

    Args:
        lang: language.
        tolerance: how far completion may fall short of the schedule to be nearly on it, as a share.
    """
    columns = [Column("schedule", t("methods.rules.schedule", lang), width=4)]
    columns += [Column(k, t(f"likelihood_short.{k}", lang) + likelihood_bounds(k, lang), width=3) for k in _LIKELIHOODS]
    columns.append(Column("none", t("methods.rules.none", lang), width=3))
    rows: list[dict[str, str | Mark]] = []
    for schedule, classes in _GRID.items():
        row: dict[str, str | Mark] = {
            "schedule": t(f"methods.rules.{schedule}", lang, tolerance=points(tolerance, lang))
            if schedule == "nearly"
            else t(f"methods.rules.{schedule}", lang)
        }
        for likelihood, verdict in zip((*_LIKELIHOODS, "none"), classes, strict=True):
            row[likelihood] = class_mark(verdict, lang)
        rows.append(row)
    note = t("methods.rules_note", lang)
    return table(columns, rows, label="tbl-rules", caption=t("methods.rules_caption", lang), notes=[note])


def strength_chapter(lang: str) -> Iterator[Narrative | Table]:
    """What the four words for the strength of a verdict's evidence mean."""
    yield Narrative(_heading("strength_heading", lang) + prose([t("methods.strength_lead", lang)], lang))
    columns = [
        Column("word", t("strength.name", lang), width=2),
        Column("meaning", t("methods.meaning", lang), width=10),
    ]
    ends = [percent(limit, lang, 0) for limit in LIMITS]
    rows = [
        {"word": t(f"strength.{s}", lang), "meaning": t(f"methods.strength.{s}", lang, limit=end)}
        for s, end in zip(STRENGTHS, (*ends, ends[-1]), strict=True)
    ]
    yield table(columns, rows, label="tbl-strength", caption=t("methods.strength_caption", lang))


def likelihood_bounds(likelihood: str, lang: str) -> str:
    """The probabilities that a likelihood word stands for, in brackets."""
    text = {"very_likely": "≥90%", "likely": "66–90%", "even": "33–66%", "unlikely": "10–33%", "very_unlikely": "<10%"}
    found = text[likelihood].replace("–", "%—" if lang == "zh" else "–")
    return bracketed(found, lang)


def formulas_text(lang: str) -> Narrative:
    """What the published methods are for, and the notation."""
    return Narrative(_heading("second_heading", lang) + prose([t("methods.second_lead", lang)], lang))


def formulas_table(lang: str) -> Table:
    """Formula, findings, conditions and source of every published method."""
    parts = {"formula": 6, "reading": 6, "undefined": 4, "origin": 4}
    columns = [Column("method", t("table.method", lang), width=4)]
    columns += [Column(k, t(f"methods.{k}", lang), width=w) for k, w in parts.items()]
    rows = [
        {"method": t(f"second.methods.{m}", lang), **{k: t(f"methods.second.{m}.{k}", lang) for k in parts}}
        for m in METHODS
    ]
    return table(columns, rows, label="tbl-formulas", caption=t("methods.second_caption", lang))


def methods_evidence(lang: str) -> Narrative:
    """Where the evidence for the methods is."""
    return Narrative(_heading("more_heading", lang) + prose([t("methods.more", lang)], lang))


def method_text(assessment: Assessment, plan: Plan, lang: str, *, tolerance: float, bridges: bool = True) -> Narrative:
    """How the figures on the page came about: path, forecast, words for probabilities, cut-off.

    Args:
        assessment: of the area; its options are told.
        plan: the plan.
        lang: language.
        tolerance: how far behind still counts as nearly on schedule, a share.
        bridges: whether the roster declares any area to continue another's series.
    """
    o = assessment.options
    text = (
        ""
        if assessment.area_kind == "nation"
        else t(
            "method.schedule",
            lang,
            base=plan.baseline_year,
            shape=t(f"method.{o.path_shape}", lang),
            route=t(f"method.{o.path_route}", lang),
            tolerance=points(tolerance, lang),
        )
        + "\n\n"
    ) + t(
        "method.text",
        lang,
        method=t(f"method.names.{o.method}", lang),
        prior=prior_words(o.prior_growth, lang),
        day=day(assessment.as_of, lang),
        experience=t("method.experience", lang) if o.experience else "",
        unconfirmed=t("method.unconfirmed_in" if o.use_unconfirmed else "method.unconfirmed_out", lang),
        comparable=t("method.comparable", lang) if o.comparable else "",
        bridge=t("method.bridge", lang) if o.bridge and bridges else "",
    )
    return Narrative(
        f"## {t('method.heading', lang)}\n\n"
        + "\n".join(re.sub(" {2,}", " ", line).rstrip() for line in text.splitlines())
    )


def prior_words(prior: float | None, lang: str) -> str:
    """Towards what growth is shrunk: a number that was set, or what the areas show."""
    if prior is None:
        return t("method.prior_learned", lang)
    return t("method.prior_fixed", lang, prior=rate(prior, lang))
