"""The page on the track record, and the paragraph and the sentence that other pages have of it.

Tells what `assess.record` counts: by class of probability, by plan, what was missed worst, with fewer figures, limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from greenreport.assess.model import LIMITS, STRENGTHS, Assessment
from greenreport.assess.record import (
    CLASSES,
    REGIMES,
    WORDS,
    ClassRecord,
    PastTarget,
    PlanRecord,
    by_class,
    by_plan,
    class_of,
    far_off,
    misses,
    past_targets,
    scores,
)
from greenreport.plan import Plan
from greenreport.present.columns import PERCENT, Columns, share_range
from greenreport.present.evidence_words import anchor, area_name, class_words, indicator_name, to_record, unit_words
from greenreport.present.messages import bulleted, capital, in_sentence, prose, section, titled
from greenreport.present.numbers import bracketed, clauses, decimal, joined, percent, spanned
from greenreport.present.record_charts import plans_chart, record_chart
from greenreport.present.show import Figure, Narrative, Table
from greenreport.present.tabulate import Mark
from greenreport.progress import likelihood
from greenreport.words import t

_SHOWN = 8
_CLOSE = 0.10


def record_line(
    city: Assessment, plan: Plan, lang: str, *, start: bool = False, experience: bool = True
) -> Iterator[Narrative]:
    """In one sentence, how often verdicts with such words came true; nothing where no verdict has a probability.

    Args:
        city: whose verdicts stand beside it.
        plan: being evaluated; it is left out where it is a past plan.
        lang: language.
        start: whether the site's start page shows it too.
        experience: whether this run's probabilities take in the experience of past plans.

    Yields:
        A paragraph, or nothing.
    """
    if all(one.head is None or one.head.probability is None for one in city.indicators):
        return
    targets = past_targets(without=plan.past_plan, experience=experience)
    text = t("record.start", lang, **_came_true(targets, lang), page=to_record(t("record.page", lang)))
    yield Narrative(prose([text], lang), start)


def _came_true(targets: Sequence[PastTarget], lang: str, *, without: str = "even") -> dict[str, str | int]:
    """In how many plans, and word by word how many of the targets called so were met."""
    told = [
        t("record.start_class", lang, word=t(f"likelihood_short.{c.word}", lang), n=c.n, met=c.met)
        for c in reversed(by_class(targets, ends=WORDS))
        if c.word != without
    ]
    return {"plans": len(by_plan(targets)), "classes": clauses(told, lang) if lang == "zh" else joined(told, lang)}


def record_brief(plan: Plan, lang: str, *, experience: bool = True) -> Iterator[Narrative | Figure]:
    """The track record in brief, for the chapter on how an evaluation was made.

    Args:
        plan: being evaluated; it is left out where it is a past plan.
        lang: language.
        experience: whether this run's probabilities take in the experience of past plans.

    Yields:
        A paragraph, and its picture.
    """
    targets = past_targets(without=plan.past_plan, experience=experience)
    total = scores(targets)
    own, _, line, pace = (decimal(score, lang, 3) for score in total.brier)
    near = all(abs(c.said - c.share) <= _CLOSE or c.low <= c.said <= c.high for c in by_class(targets))
    yield Narrative(
        t(
            "record.brief",
            lang,
            plans=len(by_plan(targets)),
            targets=len(targets),
            close=t("record.close" if near else "record.apart", lang),
            own=own,
            line=line,
            pace=pace,
            link=t("record.more", lang),
        ).rstrip()
    )
    yield record_chart(targets, lang)


def record_page(plan: Plan, lang: str, *, year: int, experience: bool = True) -> Iterator[Narrative | Figure | Table]:
    """The page on the track record.

    Args:
        plan: being evaluated; it is left out where it is a past plan.
        lang: language.
        year: of the data cut-off.
        experience: whether this run's probabilities take in the experience of past plans.

    Yields:
        What the test is and its result by class of probability, by plan, by single target, with fewer figures; limits.
    """
    regimes = {r: past_targets(without=plan.past_plan, regime=r, experience=experience) for r in REGIMES}
    targets = past_targets(without=plan.past_plan, experience=experience)
    yield from _overall(targets, lang, year=year, experience=experience)
    yield section("record.plans_heading", lang, "record.plans_lead")
    yield plans_chart(targets, lang)
    yield _scores_table((*by_plan(targets), scores(targets)), lang, plain=experience)
    yield _cells_table(targets, lang)
    yield from _worst(targets, lang)
    yield from _regimes(regimes, lang)
    yield _limits(past_targets(without=plan.past_plan), lang)


def _overall(
    targets: Sequence[PastTarget], lang: str, *, year: int, experience: bool
) -> Iterator[Narrative | Figure | Table]:
    """What the test is, its result over all plans, the diagram, and what became of each class."""
    plans, total = by_plan(targets), scores(targets)
    names = joined([t(f"record.plan.{p.plan}", lang) for p in plans], lang)
    lead = [t("record.lead", lang, plans=len(plans), targets=len(targets), names=names)]
    if len(targets) < len(past_targets()):
        lead.append(t("record.left_out", lang, plans=len(plans)))
    if not experience:
        lead.append(t("record.lead_plain", lang))
    if any(p.target_year > year for p in plans):
        lead.append(t("record.later", lang))
    own, plain, line, pace = (decimal(score, lang, 3) for score in total.brier)
    told = {"own": own, "line": line, "pace": pace, "base": decimal(total.base, lang, 3)}
    overall = [
        t("record.overall", lang, said=percent(total.said, lang, 0), met=percent(total.met, lang, 0), **told),
        t("record.overall_plain", lang, plain=plain) if experience else "",
    ]
    answer = t("record.answer", lang, **_came_true(targets, lang, without=""))
    paragraphs = [f"**{prose([answer], lang)}**", prose(overall, lang), prose(lead, lang)]
    yield titled("record.heading", paragraphs, lang)
    yield record_chart(targets, lang, each=True)
    yield section("record.classes_heading", lang, "record.classes_lead")
    yield _classes_table(by_class(targets), lang)


def _classes_table(found: Sequence[ClassRecord], lang: str) -> Table:
    """What became of each class; the first cell of a row is where probabilities lead to."""
    by_number = {c.number: c for c in found}

    def name(number: int) -> Mark:
        words = class_words(number, lang)
        return Mark(words, f'<span class="gr-class" id="{anchor(number)}">{words}</span>')

    columns = Columns[tuple[int, ClassRecord | None]](lang, "record.column")
    columns.text("class", lambda r: name(r[0]), width=7)
    columns.text("word", lambda r: t(f"likelihood_short.{likelihood(CLASSES[r[0]])}", lang), width=4)
    columns.count("n", lambda r: r[1].n if r[1] else 0)
    columns.count("met", lambda r: r[1].met if r[1] else 0)
    columns.count("plans", lambda r: r[1].plans if r[1] else 0)
    columns.share("said", lambda r: r[1].said if r[1] else None, width=3, decimals=0)
    columns.share("share", lambda r: r[1].share if r[1] else None, width=3, decimals=0)
    columns.range("range", lambda r: share_range(r[1], lang), unit=PERCENT, width=3)
    rows = [(number, by_number.get(number)) for number in range(len(CLASSES))]
    notes = [t("record.classes_note", lang)]
    return columns.table(rows, label="tbl-record-classes", caption=t("record.classes_caption", lang), notes=notes)


def _scores_table(found: Sequence[PlanRecord], lang: str, *, plain: bool) -> Table:
    """The scores of each method by plan; `plain` where ours without experience is a method of its own."""
    columns = Columns[PlanRecord](lang, "record.column")
    name = partial(_plan_name, lang=lang)
    columns.text("plan", lambda p: name(p) if p.plan else t("record.equal", lang), width=5)
    columns.count("n", lambda p: p.n)
    columns.share("met", lambda p: p.met, t("record.column.met_share", lang), decimals=0)
    for key, place in {"p": 0, "plain": 1, "base": None, "line": 2, "pace": 3}.items():
        if key != "plain" or plain:
            score = partial(lambda place, p: p.base if place is None else p.brier[place], place)
            columns.number(key, score, t(f"record.method.{key}", lang), decimals=3)
    notes = [t("record.scores_note", lang)]
    return columns.table(found, label="tbl-record-scores", caption=t("record.scores_caption", lang), notes=notes)


def _plan_name(p: PlanRecord, lang: str) -> str:
    return t(f"record.plan_short.{p.plan}", lang)


def _cells_table(targets: Sequence[PastTarget], lang: str) -> Table:
    """By plan and class, how many of how many targets were met."""

    def cell(p: PlanRecord, number: int) -> str:
        return _met_of(
            (row for row in targets if row.plan == p.plan and row.p is not None and class_of(row.p) == number), lang
        )

    columns = Columns[PlanRecord](lang, "record.column")
    columns.text("plan", partial(_plan_name, lang=lang), width=4)
    for number in range(len(CLASSES)):
        columns.text(f"c{number}", partial(cell, number=number), class_words(number, lang), align="right", width=2)
    return columns.table(by_plan(targets), label="tbl-record-cells", caption=t("record.cells_caption", lang))


def _met_of(targets: Iterable[PastTarget], lang: str) -> str:
    """How many of these targets were met: 3/8."""
    met = [row.met for row in targets]
    return f"{sum(met)}/{len(met)}" if met else t("number.missing", lang)


def _worst(targets: Sequence[PastTarget], lang: str) -> Iterator[Narrative | Table]:
    """What was missed worst: plans that were far off as a whole, and the single targets that surprised most."""
    items = []
    for p in far_off(targets):
        name, why = capital(t(f"record.plan.{p.plan}", lang), lang), t(f"record.why_plan.{p.plan}", lang)
        said, came = percent(p.said, lang, 0), percent(p.met, lang, 0)
        items.append(t("record.far_item", lang, plan=name, said=said, met=came, why=why))
    far = [t("record.far", lang), bulleted(items)] if items else []
    yield titled("record.worst_heading", [*far, prose([t("record.worst_lead", lang)], lang)], lang)
    for met in (False, True):
        found = misses(targets, met=met, n=_SHOWN)
        if found:
            yield _misses_table(found, lang, met=met)


def _misses_table(found: Sequence[PastTarget], lang: str, *, met: bool) -> Table:
    def why(row: PastTarget) -> str:
        reason = row.why if row.why != "near" else f"near_{'met' if met else 'missed'}"
        return t(f"record.why.{reason}", lang)

    def path(row: PastTarget) -> str:
        shown = (_figure(v, lang) for v in (row.baseline, row.last, row.came))
        return " → ".join(shown) + unit_words(row, lang)

    def target(row: PastTarget) -> str:
        year = t("record.target_year", lang, year=row.target_year)
        return _figure(row.target, lang) + unit_words(row, lang) + bracketed(year, lang)

    columns = Columns[PastTarget](lang, "record.column")
    columns.text("area", lambda row: area_name(row.area, lang), width=4)
    columns.text(
        "what", lambda row: capital(indicator_name(row, lang), lang), t("record.column.indicator", lang), width=6
    )
    columns.share("told", lambda row: row.p, probability=True)
    columns.text("path", path, width=7)
    columns.text("target", target, width=4)
    columns.text("why", why, width=4)
    key = "met" if met else "missed"
    notes = [t("record.worst_note", lang)] if met else []
    return columns.table(found, label=f"tbl-record-{key}", caption=t(f"record.{key}_caption", lang), notes=notes)


def _figure(value: float | None, lang: str) -> str:
    if value is None:
        return t("number.missing", lang)
    return decimal(value, lang, 0 if value == round(value) or abs(value) >= 100 else 1)


def _regimes(by_regime: Mapping[str, Sequence[PastTarget]], lang: str) -> Iterator[Narrative | Table]:
    """The words with fewer figures, and the strongest words by strength of the evidence."""
    found = {regime: {c.word: c for c in by_class(targets, ends=WORDS)} for regime, targets in by_regime.items()}
    apart = [
        _apart(c, regime, lang)
        for regime, classes in found.items()
        for least, most in zip(WORDS, (*WORDS[1:], 1.0), strict=True)
        if (c := classes.get(likelihood(least))) is not None and not least <= round(c.share, 2) <= most
    ]
    holds = t("record.regimes_hold_but", lang, apart=joined(apart, lang)) if apart else t("record.regimes_hold", lang)
    yield titled("record.regimes_heading", [prose([t("record.regimes_lead", lang), holds], lang)], lang)

    def share(regime: str, word: str) -> str:
        c = found[regime].get(word)
        return percent(c.share, lang, 0) + bracketed(str(c.n), lang) if c else t("number.missing", lang)

    columns = Columns[str](lang, "record.column")
    columns.text("regime", lambda regime: t(f"record.regime.{regime}", lang), width=5)
    for word in map(likelihood, WORDS):
        columns.text(word, partial(share, word=word), t(f"likelihood_short.{word}", lang), align="right", width=3)
    columns.number("brier", lambda regime: scores(by_regime[regime]).brier[0], decimals=3)
    yield columns.table(REGIMES, label="tbl-record-regimes", caption=t("record.regimes_caption", lang))
    yield Narrative(prose([t("record.strength_lead", lang)], lang))
    yield _strength_table([row for targets in by_regime.values() for row in targets], lang)


def _strength_table(targets: Sequence[PastTarget], lang: str) -> Table:
    """What became of the strongest words, by strength of the evidence."""
    known = [
        (row, row.p, sum(row.width > limit for limit in LIMITS))
        for row in targets
        if row.p is not None and row.width is not None
    ]

    def cell(place: int, word: str) -> str:
        alike = (row for row, p, strength in known if strength == place and likelihood(p) == word)
        return _met_of(alike, lang)

    columns = Columns[int](lang, "record.column")
    columns.text("strength", lambda place: t(f"strength.{STRENGTHS[place]}", lang), width=3)
    for key, word in (("low", "very_unlikely"), ("high", "very_likely")):
        columns.text(key, partial(cell, word=word), t(f"record.strength_{key}", lang), align="right", width=5)
    return columns.table(range(len(STRENGTHS)), label="tbl-record-strength", caption=t("record.strength_caption", lang))


def _apart(c: ClassRecord, regime: str, lang: str) -> str:
    """A word whose share met lies outside the probabilities that it stands for."""
    return t(
        "record.apart_item",
        lang,
        word=t(f"likelihood_short.{c.word}", lang),
        regime=in_sentence(t(f"record.regime.{regime}", lang), lang),
        share=percent(c.share, lang, 0),
        range=spanned(percent(c.low, lang, 0), percent(c.high, lang, 0), lang),
    )


def _limits(targets: Sequence[PastTarget], lang: str) -> Narrative:
    """What the test cannot show."""
    told = {"plans": len(by_plan(targets)), "targets": len(targets), "n": sum(row.settled for row in targets)}
    keys = ("hindsight", "fate", "kinds", "met", "learned")
    return titled("record.limits_heading", [bulleted(t(f"record.limits.{key}", lang, **told) for key in keys)], lang)
