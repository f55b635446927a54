"""The methods told: terms, rules of the verdict, published methods, and other forecasts beside the report's.

Tells of methods; grades nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from greenreport.assess.coherence import Coherence
from greenreport.assess.comparison import MethodRow
from greenreport.assess.model import LIMITS, STRENGTHS, Assessment, SecondOpinion
from greenreport.assess.other_methods import METHODS
from greenreport.plan import Indicator, Plan, Unit
from greenreport.present.columns import (
    PERCENT,
    Columns,
    estimate_cell,
    estimate_range,
    headed,
    measure,
    text_field,
)
from greenreport.present.messages import in_sentence, section, titled
from greenreport.present.numbers import bracketed, day, join_sentences, joined, percent, points, rate, unit_header
from greenreport.present.show import Field, Narrative, Table
from greenreport.present.tables import class_mark, headline_year
from greenreport.present.tabulate import Mark, escape_markdown
from greenreport.progress import NEARLY_ON_SCHEDULE
from greenreport.words import t

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
    """What the terms of the report mean.

    Args:
        plan: the plan.
        lang: language.

    Yields:
        A heading and a table.
    """
    yield section("methods.terms_heading", lang)
    meanings = {} if all(i.baseline.value is not None for i in plan.indicators) else {"baseline": "baseline_reported"}
    base = plan.baseline_year
    columns = Columns[str](lang, "methods")
    columns.text("term", lambda k: t(f"methods.terms.{k}", lang), width=3)
    head = t("methods.meaning", lang)
    columns.text("meaning", lambda k: t(f"methods.meanings.{meanings.get(k, k)}", lang, base=base), head, width=10)
    shared = any(i.allocation != "none" for i in plan.indicators)
    terms = [k for k in _TERMS if k != "derived" or shared]
    yield columns.table(terms, label="tbl-terms", caption=t("methods.terms_caption", lang))


def rules_chapter(lang: str) -> Iterator[Narrative | Table]:
    """The class by schedule and likelihood, two printed words; the strength of a verdict's evidence.

    Args:
        lang: language.

    Yields:
        What the rules are, and their table; what the words for the strength mean, and theirs.
    """
    yield section("methods.rules_heading", lang, "methods.rules_lead")
    told = points(NEARLY_ON_SCHEDULE, lang)
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
    yield columns.table(_GRID, label="tbl-rules", caption=t("methods.rules_caption", lang), notes=[note])
    yield section("methods.strength_heading", lang, "methods.strength_lead")
    yield _strength_table(lang)


def _strength_table(lang: str) -> Table:
    """What the four words for the strength of a verdict's evidence mean."""
    ends = dict(zip(STRENGTHS, (*LIMITS, LIMITS[-1]), strict=True))
    columns = Columns[str](lang)
    columns.text("word", lambda s: t(f"strength.{s}", lang), t("strength.name", lang), width=2)
    head = t("methods.meaning", lang)
    columns.text("meaning", lambda s: t(f"methods.strength.{s}", lang, limit=percent(ends[s], lang, 0)), head, width=10)
    return columns.table(STRENGTHS, label="tbl-strength", caption=t("methods.strength_caption", lang))


def likelihood_bounds(likelihood: str, lang: str) -> str:
    """The probabilities that a likelihood word stands for, in brackets."""
    text = {"very_likely": "≥90%", "likely": "66–90%", "even": "33–66%", "unlikely": "10–33%", "very_unlikely": "<10%"}
    low, _, high = text[likelihood].partition("–")
    return bracketed(t("methods.bounds", lang, low=low, high=high) if high else low, lang)


def formulas_chapter(lang: str) -> Iterator[Narrative | Table]:
    """Formula, findings, conditions and source of every published method.

    Args:
        lang: language.

    Yields:
        What the methods are for, and their table.
    """
    yield section("methods.second_heading", lang, "methods.second_lead")
    columns = Columns[str](lang, "table")
    columns.text("method", lambda m: t(f"second.methods.{m}", lang), width=4)
    for k, width in {"formula": 6, "reading": 6, "undefined": 4, "origin": 4}.items():
        columns.text(
            k, partial(lambda k, m: t(f"methods.second.{m}.{k}", lang), k), t(f"methods.{k}", lang), width=width
        )
    yield columns.table(METHODS, label="tbl-formulas", caption=t("methods.second_caption", lang))


def method_text(assessment: Assessment, plan: Plan, lang: str, *, bridges: bool = True, level: int = 2) -> Narrative:
    """How the figures on the page came about: path, forecast, words for probabilities, cut-off.

    Args:
        assessment: of the area; its options are told.
        plan: the plan.
        lang: language.
        bridges: whether the roster declares any area to continue another's series.
        level: of the heading.

    Returns:
        The text, with its heading.
    """
    o = assessment.options
    schedule = ""
    if assessment.area_kind != "nation":
        shape, route = (t(f"method.{key}", lang) for key in (o.path_shape, o.path_route))
        told = {"shape": shape, "route": route, "tolerance": points(NEARLY_ON_SCHEDULE, lang)}
        schedule = t("method.schedule", lang, base=plan.baseline_year, **told) + "\n\n"
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
    return titled("method.heading", ["\n".join(lines)], lang, level=level)


def prior_words(prior: float | None, lang: str) -> str:
    """Towards what growth is shrunk: a number that was set, or what the areas show."""
    if prior is None:
        return t("method.prior_learned", lang)
    return t("method.prior_fixed", lang, prior=rate(prior, lang))


def second_chapter(assessment: Assessment, plan: Plan, lang: str, *, level: int = 2) -> Iterator[Narrative | Table]:
    """The annex of second opinions: the finding of each published method in its own words, disagreement marked.

    Args:
        assessment: of the area.
        plan: the plan as it applies to the area.
        lang: language.
        level: of the heading.

    Yields:
        On which indicators methods disagree with the verdict; methods by indicators, where any method is defined.
    """
    if not any(o.status is not None for one in assessment.indicators if one.head for o in one.head.second):
        # Where only parts have targets, the findings are theirs.
        key = "second.nothing" if plan.of_whole or assessment.area != plan.area else "second.of_parts"
        yield section("second.heading", lang, key, level=level)
        return
    names = [
        in_sentence(plan.indicator(one.id).name[lang], lang)
        for one in assessment.indicators
        if one.head and any(o.agrees is False for o in one.head.second)
    ]
    lead = t("second.lead", lang, year=headline_year(assessment, plan.target_years))
    found = t("second.disagree", lang, names=joined(names, lang)) if names else t("second.agree", lang)
    yield titled("second.heading", [join_sentences([lead, found], lang)], lang, level=level)
    columns = Columns[str](lang, "table")
    columns.text("method", lambda m: t(f"second.methods.{m}", lang), width=4)
    dash = t("number.missing", lang)
    for one in assessment.indicators:
        cells = {o.method: _cell(o, lang) for o in (one.head.second if one.head else ())}
        columns.text(one.id, partial(lambda of, m: of.get(m, dash), cells), plan.indicator(one.id).short[lang], width=3)
    yield columns.table(METHODS, label="tbl-second", caption=t("table.second_caption", lang))


def _cell(found: SecondOpinion, lang: str) -> str:
    if found.status is None:
        return t("second.undefined", lang, reason=t(f"second.reason.{found.reason}", lang))
    return ("≠ " if found.agrees is False else "") + t(f"second.status.{found.status}", lang)


def _moved(c: Coherence) -> bool:
    """Whether reconciling changed the probability by more than readers would round away."""
    before, after = c.base_probability, c.probability
    return c.reason is None and before is not None and after is not None and abs(after - before) >= 0.1


def coherence_chapter(
    found: Sequence[Coherence], plan: Plan, lang: str, *, level: float
) -> Iterator[Narrative | Table]:
    """The city's forecasts reconciled with those of its districts.

    Args:
        found: indicators that can be reconciled (`assess.coherence`).
        plan: the plan.
        lang: language.
        level: of the intervals.

    Yields:
        Why, and what it changes; the city's own forecast, the districts' sum, both reconciled, and the probabilities.
        Nothing where nothing was found.
    """
    if not found:
        return
    lines = [t("coherence.lead", lang)]
    moved = [in_sentence(plan.indicator(c.indicator).name[lang], lang) for c in found if _moved(c)]
    if any(c.reason is None for c in found):  # else the table's notes say why
        key = ("moved" if moved else "same") + ("_one" if len(found) == 1 else "")
        lines.append(t(f"coherence.{key}", lang, names=joined(moved, lang)))
    yield titled("coherence.heading", [join_sentences(lines, lang)], lang, level=3)

    def unit(c: Coherence) -> Unit:
        return plan.indicator(c.indicator).unit

    columns = Columns[Coherence](lang, "coherence")
    columns.text("indicator", lambda c: plan.indicator(c.indicator).name[lang], t("table.indicator", lang), width=4)
    columns.text("unit", lambda c: unit_header(unit(c), lang), t("table.unit", lang), width=2)
    columns.year("year", lambda c: c.year, t("table.year", lang))
    columns.figure("base", lambda c: estimate_cell(c.base, unit(c), lang))
    columns.figure("summed", lambda c: estimate_cell(c.summed, unit(c), lang))
    columns.figure("median", lambda c: estimate_cell(c.median, unit(c), lang))
    ends = t("table.interval", lang, level=percent(level, lang, 0))
    columns.range("range", lambda c: estimate_range(c.low, c.high, unit(c), lang), ends)
    columns.share("before", lambda c: c.base_probability, probability=True)
    columns.share("after", lambda c: c.probability, probability=True)
    notes = []
    for c in found:
        if c.left_out or c.reason:
            key, name = "refused" if c.reason else "left_out", plan.indicator(c.indicator).short[lang]
            notes.append(t(f"coherence.{key}", lang, indicator=name, n=len(c.left_out)))
    yield columns.table(found, label="tbl-coherence", caption=t("coherence.caption", lang), notes=notes)


def comparison_table(rows: Sequence[MethodRow], indicator: Indicator, lang: str, *, year: int, level: float) -> Table:
    """One indicator: each method's forecast, range and probability, and how it did on this series before.

    Args:
        rows: the methods (`assess.compare_methods`).
        indicator: the indicator.
        lang: language.
        year: of the target.
        level: of the intervals.

    Returns:
        A table with a row for each method.
    """
    scale = measure([x for r in rows for x in (r.median, r.low, r.high)], indicator.unit, lang)

    def name(r: MethodRow) -> str:
        return t(f"method.names.{r.method}", lang) + (t("comparison.ours", lang) if r.ours else "")

    def median(r: MethodRow) -> Mark:
        refused = "" if r.reason is None else t(f"reason.{r.reason}", lang, n=r.n, least=r.least)
        return Mark(refused or scale.text(r.median), raw=(scale.shown(r.median), refused or None))

    def inside(r: MethodRow) -> Mark:
        found = round((r.inside or 0) * r.origins)
        text = t("comparison.share", lang, inside=found, origins=r.origins) if r.origins else dash
        return Mark(text, raw=(None if r.inside is None else r.inside * 100, r.origins or None))

    dash, forecast = t("number.missing", lang), t("table.forecast", lang, year=year)
    columns = Columns[MethodRow](lang, "table")
    columns.text("method", name, width=5)
    fields = (Field("median", forecast, scale.unit), text_field("refused", t("columns.refused", lang)))
    columns.text("median", median, headed(forecast, scale.unit, lang), align="right", width=3, fields=fields)
    ends = t("table.interval", lang, level=percent(level, lang, 0))
    columns.range("range", scale.range, ends, unit=scale.unit)
    columns.share("probability", lambda r: r.probability, probability=True)
    columns.share("error", lambda r: r.error, t("comparison.error", lang))
    fields = (Field("inside", t("columns.inside_share", lang), PERCENT), Field("origins", t("columns.origins", lang)))
    columns.text("inside", inside, t("comparison.inside", lang), align="right", width=3, fields=fields)
    label = f"tbl-{indicator.id.replace('_', '-')}-methods"
    caption = t("comparison.caption", lang, indicator=escape_markdown(indicator.name[lang]))
    return columns.table(rows, label=label, caption=caption)
