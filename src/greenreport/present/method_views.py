"""The page on methods: terms, rules of the verdict, published methods.

Tells of methods; grades nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from greenreport.assess.model import LIMITS, STRENGTHS, Assessment
from greenreport.assess.other_methods import METHODS
from greenreport.plan import Plan
from greenreport.present.columns import Columns
from greenreport.present.messages import prose
from greenreport.present.numbers import bracketed, day, percent, points, rate
from greenreport.present.show import Narrative, Table
from greenreport.present.tables import class_mark
from greenreport.words import t

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


def terms_chapter(plan: Plan, lang: str) -> Iterator[Narrative | Table]:
    """What the terms of the report mean."""
    yield Narrative.under(t("methods.terms_heading", lang))
    meanings = {} if all(i.baseline.value is not None for i in plan.indicators) else {"baseline": "baseline_reported"}
    base = plan.baseline_year
    columns = Columns[str](lang, "methods")
    columns.text("term", lambda k: t(f"methods.terms.{k}", lang), width=3)
    head = t("methods.meaning", lang)
    columns.text("meaning", lambda k: t(f"methods.meanings.{meanings.get(k, k)}", lang, base=base), head, width=10)
    shared = any(i.allocation != "none" for i in plan.indicators)
    terms = [k for k in _TERMS if k != "derived" or shared]
    yield columns.table(terms, label="tbl-terms", caption=t("methods.terms_caption", lang))


def rules_text(lang: str) -> Narrative:
    """That the verdict follows from two printed words."""
    return Narrative.under(t("methods.rules_heading", lang), prose([t("methods.rules_lead", lang)], lang))


def rules_table(lang: str, *, tolerance: float) -> Table:
    """The class by schedule and likelihood.

    Args:
        lang: language.
        tolerance: how far completion may fall short of the schedule to be nearly on it, as a share.
    """
    told = points(tolerance, lang)
    columns = Columns[str](lang)
    head = t("methods.rules.schedule", lang)
    columns.text("schedule", lambda schedule: t(f"methods.rules.{schedule}", lang, tolerance=told), head, width=4)
    for place, k in enumerate((*_LIKELIHOODS, "none")):
        verdicts = {schedule: class_mark(classes[place], lang) for schedule, classes in _GRID.items()}
        name = t("methods.rules.none", lang)
        if k != "none":
            name = t(f"likelihood_short.{k}", lang) + likelihood_bounds(k, lang)
        columns.text(k, verdicts.__getitem__, name, width=3)
    note = t("methods.rules_note", lang)
    return columns.table(_GRID, label="tbl-rules", caption=t("methods.rules_caption", lang), notes=[note])


def strength_chapter(lang: str) -> Iterator[Narrative | Table]:
    """What the four words for the strength of a verdict's evidence mean."""
    yield Narrative.under(t("methods.strength_heading", lang), prose([t("methods.strength_lead", lang)], lang))
    ends = dict(zip(STRENGTHS, (*LIMITS, LIMITS[-1]), strict=True))
    columns = Columns[str](lang)
    columns.text("word", lambda s: t(f"strength.{s}", lang), t("strength.name", lang), width=2)
    head = t("methods.meaning", lang)
    columns.text("meaning", lambda s: t(f"methods.strength.{s}", lang, limit=percent(ends[s], lang, 0)), head, width=10)
    yield columns.table(STRENGTHS, label="tbl-strength", caption=t("methods.strength_caption", lang))


def likelihood_bounds(likelihood: str, lang: str) -> str:
    """The probabilities that a likelihood word stands for, in brackets."""
    text = {"very_likely": "≥90%", "likely": "66–90%", "even": "33–66%", "unlikely": "10–33%", "very_unlikely": "<10%"}
    low, _, high = text[likelihood].partition("–")
    return bracketed(t("methods.bounds", lang, low=low, high=high) if high else low, lang)


def formulas_text(lang: str) -> Narrative:
    """What the published methods are for, and the notation."""
    return Narrative.under(t("methods.second_heading", lang), prose([t("methods.second_lead", lang)], lang))


def formulas_table(lang: str) -> Table:
    """Formula, findings, conditions and source of every published method."""
    columns = Columns[str](lang, "table")
    columns.text("method", lambda m: t(f"second.methods.{m}", lang), width=4)
    for k, width in {"formula": 6, "reading": 6, "undefined": 4, "origin": 4}.items():
        columns.text(k, partial(_of_method, key=k, lang=lang), t(f"methods.{k}", lang), width=width)
    return columns.table(METHODS, label="tbl-formulas", caption=t("methods.second_caption", lang))


def _of_method(method: str, *, key: str, lang: str) -> str:
    return t(f"methods.second.{method}.{key}", lang)


def methods_evidence(lang: str) -> Narrative:
    """Where the evidence for the methods is."""
    return Narrative.under(t("methods.more_heading", lang), prose([t("methods.more", lang)], lang))


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
    schedule = (
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
    )
    text = t(
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
    lines = [re.sub(" {2,}", " ", line).rstrip() for line in (schedule + text).splitlines()]
    return Narrative.under(t("method.heading", lang), "\n".join(lines))


def prior_words(prior: float | None, lang: str) -> str:
    """Towards what growth is shrunk: a number that was set, or what the areas show."""
    if prior is None:
        return t("method.prior_learned", lang)
    return t("method.prior_fixed", lang, prior=rate(prior, lang))
