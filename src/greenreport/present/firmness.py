"""How firm verdicts are: earlier ones beside the current one, and what other choices would make of them.

Made from `assess.history` and `assess.sensitivity`; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import altair as alt

from greenreport.assess.history import PastVerdict
from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.sensitivity import Sensitivity, Trial
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.charts import category_axis, figure, inline, sheet_fields, tips, verdict_colour
from greenreport.present.columns import PERCENT, Columns, missing_cell, text_field
from greenreport.present.messages import As, Message, capital, in_sentence, prose, section, titled
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import clauses, either, joined, listed, probability, rate, separated
from greenreport.present.numbers import day as in_words
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tables import verdict_mark
from greenreport.present.tabulate import Mark
from greenreport.words import t

Past = Mapping[str, Sequence[PastVerdict]]


def history_chapter(
    past: Past, assessment: Assessment, plan: Plan, lang: str, *, level: int = 2, strip: bool = True
) -> Iterator[Narrative | Figure | Table]:
    """Earlier verdicts: what changed, then the strip and the table, unless there never was a verdict.

    Args:
        past: indicator → verdicts, the current one last (`assess.past_verdicts`).
        assessment: of the area.
        plan: the plan.
        lang: language.
        level: level of the heading.
        strip: whether to draw the strip of squares.

    Yields:
        Text, figure and table; nothing where nothing was published before.
    """
    if all(len(row) < 2 for row in past.values()):
        return
    if _never(past):
        yield section("history.heading", lang, "history.never", level=level)
        return
    yield titled("history.heading", [prose(_said(past, plan, lang), lang)], lang, level=level)
    if strip:
        yield _strip(past, assessment, plan, lang)
    yield _table(past, assessment, plan, lang)


def history_text(past: Past, plan: Plan, lang: str) -> Narrative | None:
    """What has changed since the day before, with the way to all earlier verdicts.

    Args:
        past: indicator → verdicts, the current one last (`assess.past_verdicts`).
        plan: the plan.
        lang: language.

    Returns:
        A paragraph; None where nothing was published before.
    """
    days = [p.as_of for p in next(iter(past.values()), ())]
    if len(days) < 2:
        return None
    if _never(past):
        return Narrative(prose([t("history.never", lang)], lang))
    key = "history.since" if (items := _changes(past, plan, lang)) else "history.since_unchanged"
    return Narrative(prose([t(key, lang, day=in_words(days[-2], lang), items=items), t("history.more", lang)], lang))


def _never(past: Past) -> bool:
    """Whether no day had any verdict."""
    return all(p.verdict == "not_assessable" for row in past.values() for p in row)


def _said(past: Past, plan: Plan, lang: str) -> list[str]:
    first = next(iter(past.values()))[0].as_of
    said = [t("history.lead", lang, first=in_words(first, lang))]
    if items := _changes(past, plan, lang):
        said.append(t("history.changed", lang, items=items))
    elif all("area_not_yet" not in row[-2].reasons for row in past.values() if len(row) > 1):
        said.append(t("history.unchanged", lang))
    return said


def _changes(past: Past, plan: Plan, lang: str) -> str:
    """The verdicts that are not what they were on the day before; empty where there are none."""
    items = []
    for id, row in past.items():
        if len(row) > 1 and row[-1].wording != row[-2].wording and "area_not_yet" not in row[-2].reasons:
            name = in_sentence(plan.indicator(id).name[lang], lang)
            before, after = (t(f"wording_short.{p.wording}", lang) for p in row[-2:])
            items.append(t("history.changed_item", lang, indicator=name, before=before, after=after))
    return separated(items, lang)


def _table(past: Past, assessment: Assessment, plan: Plan, lang: str) -> Table:
    """Indicators by data cut-off: the verdict of the time, the year it rested on, the probability then."""
    columns = Columns[str](lang, "table")
    columns.text("indicator", lambda id: plan.indicator(id).short[lang], width=4)
    for n, day in enumerate(p.as_of for p in next(iter(past.values()))):
        said = in_words(day, lang)
        fields = (
            text_field(f"verdict_{day:%Y%m%d}", t("history.field.verdict", lang, day=said)),
            Field(f"year_{day:%Y%m%d}", t("history.field.year", lang, day=said)),
            Field(f"p_{day:%Y%m%d}", t("history.field.probability", lang, day=said), PERCENT),
        )
        of_day = {id: _cell(row[n], lang) for id, row in past.items()}
        columns.text(day.isoformat(), of_day.__getitem__, said, width=5, fields=fields)
    caption = t("history.caption", lang, area=assessment.area_name[lang])
    notes = [t("history.note", lang), t("verdict_legend", lang)]
    return columns.table(past, label="tbl-history", caption=caption, notes=notes)


def _strip(past: Past, assessment: Assessment, plan: Plan, lang: str) -> Figure:
    """A strip of squares per indicator, one square per data cut-off, with the sign of the verdict."""
    named = {plan.indicator(id).short[lang]: row for id, row in past.items()}
    every = [(name, p, t(f"wording_short.{p.wording}", lang)) for name, row in named.items() for p in row]
    rows = [
        {
            "indicator": name,
            "day": p.as_of.isoformat(),
            "verdict": t(f"verdict_short.{p.verdict}", lang),
            "told": told,
            "sign": theme.VERDICT_SIGN[p.verdict] + (f" {probability(p.probability, lang)}" if _graded(p) else ""),
            "ink": theme.VERDICT_INK[p.verdict],
        }
        for name, p, told in every
    ]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("day:O", title=None, axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False)),
        y=category_axis("indicator:N", list(named), room=220, gap=alt.Undefined, grid=False),
        tooltip=tips(lang, {"indicator:N": "table.indicator", "day:N": "history.field.day", "told:N": "table.verdict"}),
    )
    colour = verdict_colour(lang, {p.verdict for _, p, _ in every})
    squares = base.mark_rect(stroke="#ffffff", strokeWidth=3).encode(color=colour)
    signs = base.mark_text(fontSize=13).encode(text=alt.Text("sign:N"), color=alt.Color("ink:N", scale=None))
    return figure(
        alt.layer(squares, signs).resolve_scale(color="independent"),
        label="fig-history",
        caption=t("history.chart_caption", lang, area=assessment.area_name[lang]),
        alt_text=t("history.chart_alt", lang, rows="".join(_told(n, row, lang) for n, row in named.items())).strip(),
        width=460,
        height=34 * len(named),
        fields=sheet_fields(
            lang,
            {"indicator:text": "table.indicator", "day:date": "history.field.day"}
            | {"verdict:text": "table.verdict", "probability:%": "table.probability"},
        ),
        data=[(name, p.as_of.isoformat(), told, _chance(p)) for name, p, told in every],
    )


def _told(name: str, row: Sequence[PastVerdict], lang: str) -> str:
    """An indicator's squares in words."""
    cells = [
        t("history.chart_alt_cell", lang, day=in_words(p.as_of, lang), verdict=t(f"wording_short.{p.wording}", lang))
        for p in row
    ]
    return t("history.chart_alt_row", lang, indicator=name, cells=clauses(cells, lang))


def _chance(p: PastVerdict) -> float | None:
    return p.probability * 100 if p.probability is not None and _graded(p) else None


def _graded(p: PastVerdict) -> bool:
    return p.verdict != "not_assessable" and p.probability is not None


def _cell(p: PastVerdict, lang: str) -> Mark:
    if "area_not_yet" in p.reasons:
        return Mark(t("history.not_yet", lang), raw=(t("history.not_yet", lang), None, None))
    mark = verdict_mark(p.verdict, p.wording, lang)
    raw = (*mark.raw, p.year, _chance(p))
    if p.year is None:
        return Mark(mark.text, mark.html, raw)
    key = "history.cell" if _graded(p) else "history.cell_bare"
    text, screen = (
        t(key, lang, mark=form, year=p.year, p=probability(p.probability, lang)) for form in (mark.text, mark.html)
    )
    return Mark(text, screen, raw)


_Choice = tuple[str, str | float | None]
"""The setting of a trial and what it was set to."""


def sensitivity_chapter(
    found: Sequence[Sensitivity], assessment: Assessment, plan: Plan, lang: str, *, each: bool = False
) -> Iterator[Narrative | Table]:
    """Which verdicts another choice would turn into another class, and what every choice gives.

    Args:
        found: of `assess.sensitivity`.
        assessment: of the area.
        plan: the plan.
        lang: language.
        each: one small table per indicator; else one table with all of them.

    Yields:
        Text and tables.
    """
    yield titled("sensitivity.heading", [prose(_robust(found, plan), lang)], lang)
    if _nothing(found):
        return
    if each:
        yield from _tables(found, assessment, plan, lang)
    else:
        yield _matrix(found, assessment, plan, lang)


def sensitivity_text(found: Sequence[Sensitivity], plan: Plan, lang: str, *, level: int = 2) -> Narrative:
    """Which verdicts another choice would turn, in a paragraph, with the way to what every choice gives.

    Args:
        found: of `assess.sensitivity`.
        plan: the plan.
        lang: language.
        level: level of the heading.

    Returns:
        The paragraph, with its heading.
    """
    more = [] if _nothing(found) else [Message("sensitivity.more")]
    return titled("sensitivity.heading", [prose([*_robust(found, plan), *more], lang)], lang, level=level)


def _nothing(found: Sequence[Sensitivity]) -> bool:
    """Whether there is no verdict to test."""
    return not any(map(_firmness, found))


def _robust(found: Sequence[Sensitivity], plan: Plan) -> Iterator[Message]:
    """Which verdicts another choice would turn, which are on the edge, which are firm, which choices changed nothing."""
    if _nothing(found):
        yield Message("sensitivity.nothing")
        return
    yield Message("sensitivity.lead")
    names = {i.id: As(in_sentence, i.name) for i in plan.indicators}
    firm = [names[s.indicator] for s in found if _firmness(s) == "firm"]
    moved = False
    for key, why in (("fragile", _why), ("edge", _edge)):
        if ones := [s for s in found if _firmness(s) == key]:
            moved = True
            items = [Message("sensitivity.fragile_item", indicator=names[s.indicator], why=why(s)) for s in ones]
            yield Message(f"sensitivity.{key}", n=len(items), items=As(separated, items))
    if firm:
        yield Message("sensitivity.firm" if moved else "sensitivity.none", n=len(firm), names=As(joined, firm))
    yield from _silent(found)


def _firmness(s: Sensitivity) -> str:
    """Whether another choice turns a verdict, turns it only at the edge of a class, or leaves it; empty without any."""
    if s.fragile:
        return "fragile"
    if s.edges:
        return "edge"
    return "" if s.verdict == "not_assessable" else "firm"


def _silent(found: Sequence[Sensitivity]) -> Iterator[Message]:
    """The choices under which some indicators have no verdict."""
    if trials := {(x.setting, x.choice): x for s in found for x in s.silent}:
        yield Message(
            "sensitivity.silent", names=As(joined, [As(in_sentence, As(_setting, x)) for x in trials.values()])
        )


def _why(s: Sensitivity) -> As:
    """What each other verdict would take; the choices that lead to the same one stand together."""
    settings: dict[str, list[As]] = {}
    for trial in s.flips:
        settings.setdefault(trial.wording, []).append(As(in_sentence, As(_setting, trial)))
    return As(
        separated,
        [
            Message("sensitivity.why", setting=As(either, found), verdict=Message(f"wording_short.{wording}"))
            for wording, found in settings.items()
        ],
    )


def _edge(s: Sensitivity) -> Message:
    """The probability as reported and those just across the limit."""
    others = As(_distinct, [As(probability, trial.probability) for trial in s.edges])
    return Message("sensitivity.edge_why", p=As(probability, s.probability), others=others)


def _distinct(figures: Sequence[str], lang: str) -> str:
    """Figures as printed, each once."""
    return listed(dict.fromkeys(figures), lang)


def _tables(found: Sequence[Sensitivity], assessment: Assessment, plan: Plan, lang: str) -> Iterator[Table]:
    """One table per indicator that has a verdict under some choice: what each choice gives."""
    columns = Columns[tuple[str, Sensitivity | Trial, str | Mark]](lang, "sensitivity.columns")
    columns.text("setting", lambda row: row[0], width=6)
    columns.share("completion", lambda row: row[1].completion, width=3)
    columns.share("probability", lambda row: row[1].probability, width=3, probability=True)
    columns.text("verdict", lambda row: row[2], width=5)
    for s in found:
        if s.verdict == "not_assessable" and all(x.verdict == "not_assessable" for x in s.trials):
            continue
        one = assessment.indicator(s.indicator)
        reported = (t("sensitivity.reported", lang), s, verdict_mark(s.verdict, s.wording, lang))
        yield columns.table(
            [reported, *((_setting(trial, lang), trial, _marked(trial, one, lang)) for trial in s.trials)],
            label=f"tbl-{s.indicator.replace('_', '-')}-sensitivity",
            caption=t("sensitivity.caption", lang, indicator=plan.indicator(s.indicator).name[lang]),
            notes=[t("sensitivity.note", lang), t("verdict_legend", lang)],
        )


def _matrix(found: Sequence[Sensitivity], assessment: Assessment, plan: Plan, lang: str) -> Table:
    """All indicators at once: choices in rows, the verdict under each with its probability."""
    shown = list(filter(_firmness, found))
    settings: dict[_Choice | None, str] = {None: t("sensitivity.reported", lang)}
    settings |= {(trial.setting, trial.choice): _setting(trial, lang) for s in shown for trial in s.trials}
    order = dict.fromkeys((trial.setting, trial.choice) for s in found for trial in s.trials)
    columns = Columns[_Choice | None](lang, "sensitivity.columns")
    columns.text("setting", settings.__getitem__, width=5)
    for s in shown:
        name = plan.indicator(s.indicator).short[lang]
        chance = t("mark.colon", lang).join((name, t("sensitivity.columns.probability", lang)))
        fields = (text_field(s.indicator, name), Field(f"{s.indicator}_p", chance, PERCENT))
        columns.text(s.indicator, partial(_under, s, lang), name, width=3, fields=fields)
    return columns.table(
        [None, *(choice for choice in order if choice in settings)],
        label="tbl-sensitivity",
        caption=t("sensitivity.matrix_caption", lang, area=assessment.area_name[lang]),
        notes=[t("sensitivity.matrix_note", lang), t("verdict_legend", lang), *_refusals(shown, assessment, lang)],
    )


def _under(s: Sensitivity, lang: str, choice: _Choice | None) -> Mark:
    """The verdict under one choice; None: as reported."""
    if choice is None:
        return _brief(s, lang)
    trial = next((x for x in s.trials if (x.setting, x.choice) == choice), None)
    return missing_cell(lang, 2) if trial is None else _brief(trial, lang, mark=_sign(trial))


def _refusals(found: Sequence[Sensitivity], assessment: Assessment, lang: str) -> list[str]:
    """Why some choices allow no verdict, each reason once."""
    refused = [
        (_setting(trial, lang), reason_text(trial.reason, assessment.indicator(s.indicator), lang))
        for s in found
        for trial in s.trials
        if trial.verdict == "not_assessable" and trial.reason and s.verdict != "not_assessable"
    ]
    return [
        t("mark.colon", lang).join((setting, t("sensitivity.no_verdict", lang, reason=reason)))
        for setting, reason in dict.fromkeys(refused)
    ]


def _sign(trial: Trial) -> str:
    """What marks a verdict of another class: ≈ where it is on the edge, ≠ else."""
    return "≈ " if trial.edge else "≠ " if trial.flips else ""


def _brief(found: Sensitivity | Trial, lang: str, *, mark: str = "") -> Mark:
    sign, p = mark + theme.VERDICT_SIGN[found.verdict], found.probability
    known = p is not None and found.verdict != "not_assessable"
    return Mark(
        f"{sign} {probability(p, lang)}" if known else sign,
        raw=(t(f"wording_short.{found.wording}", lang), p * 100 if known and p is not None else None),
    )


def _marked(trial: Trial, one: IndicatorAssessment, lang: str) -> str | Mark:
    """The verdict under a choice, marked where it is another; or why there is none."""
    if trial.verdict == "not_assessable" and trial.reason:
        return t("sensitivity.no_verdict", lang, reason=reason_text(trial.reason, one, lang))
    mark = verdict_mark(trial.verdict, trial.wording, lang)
    sign = _sign(trial)
    return Mark(f"{sign}{mark.text}", f"{sign}{mark.html}", mark.raw) if sign else mark


def _setting(trial: Trial, lang: str) -> str:
    choice = trial.choice
    if isinstance(choice, float):
        choice = rate(choice, lang)
    elif isinstance(choice, str):
        choice = t(f"allocation.{choice}", lang)
    return capital(t(f"sensitivity.setting.{trial.setting}", lang, choice=choice), lang)
