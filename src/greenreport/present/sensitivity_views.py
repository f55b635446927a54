"""How firm the verdicts are: one small table per indicator, and the fragile ones by name.

Made from `assess.sensitivity`; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.assess.sensitivity import Sensitivity, Trial
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.columns import PERCENT, Columns, missing_cell, text_field
from greenreport.present.markdown import titled
from greenreport.present.messages import As, Message, capital, in_sentence, prose
from greenreport.present.narrative import reason_text
from greenreport.present.numbers import either, joined, listed, probability, rate, separated
from greenreport.present.show import Field, Narrative, Table
from greenreport.present.tables import verdict_mark
from greenreport.present.tabulate import Column, Mark
from greenreport.words import t

__all__ = ["sensitivity_chapter", "sensitivity_text"]

_Choice = tuple[str, str | float | None]
"""The setting of a trial and what it was set to."""


def sensitivity_chapter(
    found: Sequence[Sensitivity], assessment: Assessment, plan: Plan, lang: str, *, level: int = 2, each: bool = False
) -> Iterator[Narrative | Table]:
    """Which verdicts another choice would turn into another class, and what every choice gives.

    Args:
        found: of `assess.sensitivity`.
        assessment: of the area.
        plan: the plan.
        lang: language.
        level: level of the heading.
        each: one small table per indicator; else one table with all of them.
    """
    yield titled("sensitivity.heading", [prose(_robust(found, plan), lang)], lang, level=level)
    if _nothing(found):
        return
    if each:
        yield from _tables(found, assessment, plan, lang)
    else:
        yield _matrix(found, assessment, plan, lang)


def sensitivity_text(found: Sequence[Sensitivity], plan: Plan, lang: str, *, level: int = 2) -> Narrative:
    """Which verdicts another choice would turn, in a paragraph, with the way to what every choice gives."""
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
        columns.add(
            _verdict_column(s.indicator, plan.indicator(s.indicator).short[lang], lang), partial(_under, s, lang)
        )
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


def _verdict_column(key: str, header: str, lang: str) -> Column:
    """An indicator: sign and probability in the table, verdict and probability in the data."""
    p = t("sensitivity.columns.probability", lang)
    fields = (text_field(key, header), Field(f"{key}_p", t("mark.colon", lang).join((header, p)), PERCENT))
    return Column(key, header, width=3, fields=fields)


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
