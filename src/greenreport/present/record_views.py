"""The page on the track record, and the paragraph and the sentence that other pages have of it.

Tells what `assess.record` counts: by class of probability, by plan, what was missed worst, with fewer figures, limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenreport.assess.model import STRENGTHS, Assessment
from greenreport.assess.record import (
    CLASSES,
    REGIMES,
    WORDS,
    ClassRecord,
    PastTarget,
    by_class,
    by_plan,
    class_of,
    far_off,
    misses,
    past_targets,
    scores,
)
from greenreport.assess.strength import LIMITS
from greenreport.plan import Plan
from greenreport.present.catalog import t
from greenreport.present.columns import (
    count_cell,
    count_column,
    range_column,
    share_cell,
    share_column,
    share_range,
)
from greenreport.present.narrative import in_sentence, prose
from greenreport.present.numbers import bracketed, clauses, decimal, joined, percent, spanned
from greenreport.present.record_charts import plans_chart, record_chart
from greenreport.present.record_words import (
    anchor,
    area_name,
    class_words,
    indicator_name,
    to_record,
    unit_words,
)
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tabulate import Column, Mark, table
from greenreport.progress import likelihood

__all__ = [
    "record_brief",
    "record_chapter",
    "record_limits",
    "record_line",
    "record_misses",
    "record_plans",
    "record_regimes",
]

_WORST = 8
_CLOSE = 0.10


def _heading(key: str, lang: str) -> str:
    return f"## {t(f'record.{key}', lang)}\n\n"


def _score(value: float, lang: str) -> str:
    return decimal(value, lang, 3)


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
    """The paragraph on the track record with its picture, for the chapter on how an evaluation was made."""
    targets = past_targets(without=plan.past_plan, experience=experience)
    total = scores(targets)
    near = all(abs(c.said - c.share) <= _CLOSE or c.low <= c.said <= c.high for c in by_class(targets))
    yield Narrative(
        t(
            "record.brief",
            lang,
            plans=len(by_plan(targets)),
            targets=len(targets),
            close=t("record.close" if near else "record.apart", lang),
            own=_score(total.brier[0], lang),
            line=_score(total.brier[2], lang),
            pace=_score(total.brier[3], lang),
            link=t("record.more", lang),
        ).rstrip()
    )
    yield record_chart(targets, lang)


def record_chapter(
    plan: Plan, lang: str, *, year: int, experience: bool = True
) -> Iterator[Narrative | Figure | Table]:
    """What the test is, its result over all plans, the diagram, and what became of each class.

    Args:
        plan: being evaluated; it is left out where it is a past plan.
        lang: language.
        year: of the data cut-off.
        experience: whether this run's probabilities take in the experience of past plans.
    """
    targets = past_targets(without=plan.past_plan, experience=experience)
    plans, total = by_plan(targets), scores(targets)
    names = joined([t(f"record.plan.{p.plan}", lang) for p in plans], lang)
    lead = [t("record.lead", lang, plans=len(plans), targets=len(targets), names=names)]
    if len(targets) < len(past_targets()):
        lead.append(t("record.left_out", lang, plans=len(plans)))
    if not experience:
        lead.append(t("record.lead_plain", lang))
    if any(p.target_year > year for p in plans):
        lead.append(t("record.later", lang))
    own, plain, line, pace = (_score(b, lang) for b in total.brier)
    told = {"own": own, "line": line, "pace": pace, "base": _score(total.base, lang)}
    overall = [
        t("record.overall", lang, said=percent(total.said, lang, 0), met=percent(total.met, lang, 0), **told),
        t("record.overall_plain", lang, plain=plain) if experience else "",
    ]
    answer = t("record.answer", lang, **_came_true(targets, lang, without=""))
    paragraphs = [f"**{prose([answer], lang)}**", prose(overall, lang), prose(lead, lang)]
    yield Narrative(_heading("heading", lang) + "\n\n".join(paragraphs))
    yield record_chart(targets, lang, each=True)
    yield Narrative(_heading("classes_heading", lang) + prose([t("record.classes_lead", lang)], lang))
    yield _classes_table(by_class(targets), lang)


def _classes_table(found: Sequence[ClassRecord], lang: str) -> Table:
    """What became of each class; the first cell of a row is where probabilities lead to."""
    by_number = {c.number: c for c in found}
    columns = [
        Column("class", _column("class", lang), width=7),
        Column("word", _column("word", lang), width=4),
        count_column("n", _column("n", lang)),
        count_column("met", _column("met", lang)),
        count_column("plans", _column("plans", lang)),
        share_column("said", _column("said", lang), lang, width=3),
        share_column("share", _column("share", lang), lang, width=3),
        range_column("range", _column("range", lang), lang, unit="%", width=3),
    ]
    rows: list[dict[str, str | Mark]] = []
    for number in range(len(CLASSES)):
        c = by_number.get(number)
        words = class_words(number, lang)
        rows.append(
            {
                "class": Mark(words, f'<span class="gr-class" id="{anchor(number)}">{words}</span>'),
                "word": t(f"likelihood_short.{likelihood(CLASSES[number])}", lang),
                "n": count_cell(c.n if c else 0, lang),
                "met": count_cell(c.met if c else 0, lang),
                "plans": count_cell(c.plans if c else 0, lang),
                "said": share_cell(c.said if c else None, lang, 0),
                "share": share_cell(c.share if c else None, lang, 0),
                "range": share_range(c.low if c else None, c.high if c else None, lang),
            }
        )
    notes = [t("record.classes_note", lang)]
    return table(columns, rows, label="tbl-record-classes", caption=t("record.classes_caption", lang), notes=notes)


def _column(key: str, lang: str) -> str:
    return t(f"record.column.{key}", lang)


def record_plans(plan: Plan, lang: str, *, experience: bool = True) -> Iterator[Narrative | Figure | Table]:
    """Plan by plan: what was said and what came, scores beside those of methods by hand, targets by class."""
    targets = past_targets(without=plan.past_plan, experience=experience)
    yield Narrative(_heading("plans_heading", lang) + prose([t("record.plans_lead", lang)], lang))
    yield plans_chart(targets, lang)
    keys = ["p", *(["plain"] if experience else []), "base", "line", "pace"]
    columns = [
        Column("plan", _column("plan", lang), width=5),
        count_column("n", _column("n", lang)),
        share_column("met", _column("met_share", lang), lang),
        *(
            Column(k, t(f"record.method.{k}", lang), "right", 3, (Field(k, t(f"record.method.{k}", lang)),))
            for k in keys
        ),
    ]
    rows: list[dict[str, str | Mark]] = []
    for p in (*by_plan(targets), scores(targets)):
        score = dict(zip(("p", "plain", "line", "pace"), p.brier, strict=True)) | {"base": p.base}
        row: dict[str, str | Mark] = {
            "plan": t(f"record.plan_short.{p.plan}", lang) if p.plan else t("record.equal", lang),
            "n": count_cell(p.n, lang),
            "met": share_cell(p.met, lang, 0),
        }
        rows.append(row | {k: Mark(_score(score[k], lang), raw=(score[k],)) for k in keys})
    notes = [t("record.scores_note", lang)]
    yield table(columns, rows, label="tbl-record-scores", caption=t("record.scores_caption", lang), notes=notes)
    heads = [Column(f"c{n}", class_words(n, lang), "right", 2) for n in range(len(CLASSES))]
    cells: list[dict[str, str | Mark]] = []
    for p in by_plan(targets):
        here = [row for row in targets if row.plan == p.plan]
        inside = [[row.met for row in here if row.p is not None and class_of(row.p) == n] for n in range(len(CLASSES))]
        line: dict[str, str | Mark] = {"plan": t(f"record.plan_short.{p.plan}", lang)}
        cells.append(
            line
            | {
                f"c{n}": f"{sum(found)}/{len(found)}" if found else t("number.missing", lang)
                for n, found in enumerate(inside)
            }
        )
    yield table(
        [Column("plan", _column("plan", lang), width=4), *heads],
        cells,
        label="tbl-record-cells",
        caption=t("record.cells_caption", lang),
    )


def record_misses(plan: Plan, lang: str, *, experience: bool = True) -> Iterator[Narrative | Table]:
    """What was missed worst: plans that were far off as a whole, and the single targets that surprised most."""
    targets = past_targets(without=plan.past_plan, experience=experience)
    items = [
        "- "
        + t(
            "record.far_item",
            lang,
            plan=_capital(t(f"record.plan.{p.plan}", lang)),
            said=percent(p.said, lang, 0),
            met=percent(p.met, lang, 0),
            why=t(f"record.why_plan.{p.plan}", lang),
        )
        for p in far_off(targets)
    ]
    head = _heading("worst_heading", lang)
    far = t("record.far", lang) + "\n\n" + "\n".join(items) + "\n\n" if items else ""
    yield Narrative(head + far + prose([t("record.worst_lead", lang)], lang))
    for met in (False, True):
        found = misses(targets, met=met, n=_WORST)
        if found:
            yield _misses_table(found, lang, met=met)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _misses_table(found: Sequence[PastTarget], lang: str, *, met: bool) -> Table:
    columns = [
        Column("area", _column("area", lang), width=4),
        Column("what", _column("indicator", lang), width=6),
        share_column("told", _column("told", lang), lang),
        Column("path", _column("path", lang), width=7),
        Column("target", _column("target", lang), width=4),
        Column("why", _column("why", lang), width=4),
    ]
    rows: list[dict[str, str | Mark]] = []
    for row in found:
        why = row.why if row.why != "near" else f"near_{'met' if met else 'missed'}"
        values = [row.baseline, row.last, row.came]
        shown = [t("number.missing", lang) if v is None else _figure(v, lang) for v in values]
        rows.append(
            {
                "area": area_name(row.area, lang),
                "what": _capital(indicator_name(row, lang)),
                "told": share_cell(row.p, lang, probability=True),
                "path": " → ".join(shown) + unit_words(row, lang),
                "target": f"{_figure(row.target, lang)}{unit_words(row, lang)}"
                + (f"（{row.target_year}年）" if lang == "zh" else f" ({row.target_year})"),
                "why": t(f"record.why.{why}", lang),
            }
        )
    key = "met" if met else "missed"
    return table(
        columns,
        rows,
        label=f"tbl-record-{key}",
        caption=t(f"record.{key}_caption", lang),
        notes=[t("record.worst_note", lang)] if met else [],
    )


def _figure(value: float, lang: str) -> str:
    return decimal(value, lang, 0 if value == round(value) or abs(value) >= 100 else 1)


def record_regimes(plan: Plan, lang: str, *, experience: bool = True) -> Iterator[Narrative | Table]:
    """The words with fewer figures, and the strongest words by strength of the evidence."""
    by_regime = {r: past_targets(without=plan.past_plan, regime=r, experience=experience) for r in REGIMES}
    columns = [
        Column("regime", _column("regime", lang), width=5),
        *(Column(likelihood(w), t(f"likelihood_short.{likelihood(w)}", lang), "right", 3) for w in WORDS),
        Column("brier", _column("brier", lang), "right", 3, (Field("brier", _column("brier", lang)),)),
    ]
    rows: list[dict[str, str | Mark]] = []
    apart = []
    for regime, targets in by_regime.items():
        score = scores(targets).brier[0]
        found = {c.word: c for c in by_class(targets, ends=WORDS)}
        row: dict[str, str | Mark] = {"regime": t(f"record.regime.{regime}", lang)}
        for number, least in enumerate(WORDS):
            c = found.get(likelihood(least))
            row[likelihood(least)] = (
                t("number.missing", lang) if c is None else percent(c.share, lang, 0) + bracketed(str(c.n), lang)
            )
            most = WORDS[number + 1] if number + 1 < len(WORDS) else 1.0
            if c is not None and not least <= round(c.share, 2) <= most:
                apart.append(_apart(c, regime, lang))
        rows.append(row | {"brier": Mark(_score(score, lang), raw=(score,))})
    holds = t("record.regimes_hold_but", lang, apart=joined(apart, lang)) if apart else t("record.regimes_hold", lang)
    yield Narrative(_heading("regimes_heading", lang) + prose([t("record.regimes_lead", lang), holds], lang))
    yield table(columns, rows, label="tbl-record-regimes", caption=t("record.regimes_caption", lang))
    yield Narrative(prose([t("record.strength_lead", lang)], lang))
    every = [row for targets in by_regime.values() for row in targets if row.p is not None and row.width is not None]
    lines: list[dict[str, str | Mark]] = []
    for place, strength in enumerate(STRENGTHS):
        here = [row for row in every if sum((row.width or 0.0) > limit for limit in LIMITS) == place]
        ends = {key: [row.met for row in here if likelihood(row.p or 0.0) == word] for key, word in _ENDS.items()}
        line: dict[str, str | Mark] = {"strength": t(f"strength.{strength}", lang)}
        lines.append(
            line | {key: f"{sum(met)}/{len(met)}" if met else t("number.missing", lang) for key, met in ends.items()}
        )
    yield table(
        [
            Column("strength", _column("strength", lang), width=3),
            *(Column(key, t(f"record.strength_{key}", lang), "right", 5) for key in _ENDS),
        ],
        lines,
        label="tbl-record-strength",
        caption=t("record.strength_caption", lang),
    )


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


_ENDS = {"low": "very_unlikely", "high": "very_likely"}


def record_limits(plan: Plan, lang: str) -> Narrative:
    """What the test cannot show."""
    targets = past_targets(without=plan.past_plan)
    told = {"plans": len(by_plan(targets)), "targets": len(targets), "n": sum(row.settled for row in targets)}
    keys = ("hindsight", "fate", "kinds", "met", "learned")
    items = "\n".join(f"- {t(f'record.limits.{key}', lang, **told)}" for key in keys)
    return Narrative(_heading("limits_heading", lang) + items)
