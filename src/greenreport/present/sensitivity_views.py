"""How firm the verdicts are: one small table per indicator, and the fragile ones by name.

Made from `assess.sensitivity`; grades nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenreport.assess.model import Assessment
from greenreport.assess.sensitivity import Sensitivity, Trial
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.columns import PERCENT, share_cell, share_column, text_field
from greenreport.present.narrative import in_sentence, prose, reason_text
from greenreport.present.numbers import either, joined, listed, probability, rate, separated
from greenreport.present.show import Field, Narrative, Table
from greenreport.present.tables import verdict_mark
from greenreport.present.tabulate import Column, Mark, table

__all__ = ["sensitivity_chapter", "sensitivity_text"]


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
    yield Narrative(_heading(lang, level) + prose(_said(found, plan, lang), lang))
    if _nothing(found):
        return
    if each:
        yield from _tables(found, assessment, plan, lang)
    else:
        yield _matrix(found, assessment, plan, lang)


def sensitivity_text(found: Sequence[Sensitivity], plan: Plan, lang: str, *, level: int = 2) -> Narrative:
    """Which verdicts another choice would turn, in a paragraph, with the way to what every choice gives."""
    said = _said(found, plan, lang)
    more = [] if _nothing(found) else [t("sensitivity.more", lang)]
    return Narrative(_heading(lang, level) + prose([*said, *more], lang))


def _heading(lang: str, level: int) -> str:
    return f"{'#' * level} {t('sensitivity.heading', lang)}\n\n"


def _nothing(found: Sequence[Sensitivity]) -> bool:
    """Whether there is no verdict to test."""
    return all(s.verdict == "not_assessable" and not s.fragile and not s.edges for s in found)


def _said(found: Sequence[Sensitivity], plan: Plan, lang: str) -> list[str]:
    if _nothing(found):
        return [t("sensitivity.nothing", lang)]
    said = [t("sensitivity.lead", lang)]
    fragile = [s for s in found if s.fragile]
    edge = [s for s in found if s.edges and not s.fragile]
    firm = [s for s in found if not s.fragile and not s.edges and s.verdict != "not_assessable"]
    if fragile:
        items = [
            t("sensitivity.fragile_item", lang, indicator=_name(s, plan, lang), why=_why(s, lang)) for s in fragile
        ]
        said.append(t("sensitivity.fragile", lang, n=len(fragile), items=separated(items, lang)))
    if edge:
        items = [t("sensitivity.fragile_item", lang, indicator=_name(s, plan, lang), why=_edge(s, lang)) for s in edge]
        said.append(t("sensitivity.edge", lang, n=len(edge), items=separated(items, lang)))
    if firm and (fragile or edge):
        names = joined([_name(s, plan, lang) for s in firm], lang)
        said.append(t("sensitivity.firm", lang, n=len(firm), names=names))
    elif firm:
        said.append(t("sensitivity.none", lang, n=len(firm)))
    if silent := list(dict.fromkeys(_setting(x, lang) for s in found for x in s.silent)):
        names = joined([in_sentence(one, lang) for one in silent], lang)
        said.append(t("sensitivity.silent", lang, names=names))
    return said


def _tables(found: Sequence[Sensitivity], assessment: Assessment, plan: Plan, lang: str) -> Iterator[Table]:
    """One table per indicator that has a verdict under some choice: what each choice gives."""
    columns = [
        Column("setting", t("sensitivity.columns.setting", lang), width=6),
        share_column("completion", t("sensitivity.columns.completion", lang), lang, width=3),
        share_column("probability", t("sensitivity.columns.probability", lang), lang, width=3),
        Column("verdict", t("sensitivity.columns.verdict", lang), width=5),
    ]
    for s in found:
        if s.verdict == "not_assessable" and all(x.verdict == "not_assessable" for x in s.trials):
            continue
        one = assessment.indicator(s.indicator)
        rows: list[dict[str, str | Mark]] = [
            {
                "setting": t("sensitivity.reported", lang),
                "completion": share_cell(s.completion, lang),
                "probability": share_cell(s.probability, lang, probability=True),
                "verdict": verdict_mark(s.verdict, s.wording, lang),
            }
        ]
        for trial in s.trials:
            verdict: str | Mark = _marked(trial, lang)
            if trial.verdict == "not_assessable" and trial.reason:
                verdict = t("sensitivity.no_verdict", lang, reason=reason_text(trial.reason, one, lang))
            rows.append(
                {
                    "setting": _setting(trial, lang),
                    "completion": share_cell(trial.completion, lang),
                    "probability": share_cell(trial.probability, lang, probability=True),
                    "verdict": verdict,
                }
            )
        yield table(
            columns,
            rows,
            label=f"tbl-{s.indicator.replace('_', '-')}-sensitivity",
            caption=t("sensitivity.caption", lang, indicator=plan.indicator(s.indicator).name[lang]),
            notes=[t("sensitivity.note", lang), t("verdict_legend", lang)],
        )


def _matrix(found: Sequence[Sensitivity], assessment: Assessment, plan: Plan, lang: str) -> Table:
    """All indicators at once: choices in rows, the verdict under each with its probability."""
    shown = [s for s in found if s.verdict != "not_assessable" or s.fragile or s.edges]
    columns = [
        Column("setting", t("sensitivity.columns.setting", lang), width=5),
        *(_verdict_column(s.indicator, plan.indicator(s.indicator).short[lang], lang) for s in shown),
    ]
    head: dict[str, str | Mark] = {"setting": t("sensitivity.reported", lang)}
    for s in shown:
        head[s.indicator] = _brief(s, lang)
    rows = [head]
    settings = list(dict.fromkeys((trial.setting, trial.choice) for s in found for trial in s.trials))
    for setting in settings:
        row: dict[str, str | Mark] = {}
        for s in shown:
            trial = next((x for x in s.trials if (x.setting, x.choice) == setting), None)
            if trial is None:
                row[s.indicator] = Mark(t("number.missing", lang), raw=(None, None))
                continue
            row["setting"] = _setting(trial, lang)
            row[s.indicator] = _brief(trial, lang, mark=_sign(trial))
        if "setting" in row:
            rows.append(row)
    return table(
        columns,
        rows,
        label="tbl-sensitivity",
        caption=t("sensitivity.matrix_caption", lang, area=assessment.area_name[lang]),
        notes=[t("sensitivity.matrix_note", lang), t("verdict_legend", lang), *_refusals(shown, assessment, lang)],
    )


def _refusals(found: Sequence[Sensitivity], assessment: Assessment, lang: str) -> list[str]:
    """Why some choices allow no verdict, each reason once."""
    colon = "：" if lang == "zh" else ": "
    return list(
        dict.fromkeys(
            _setting(trial, lang)
            + colon
            + t(
                "sensitivity.no_verdict",
                lang,
                reason=reason_text(trial.reason, assessment.indicator(s.indicator), lang),
            )
            for s in found
            for trial in s.trials
            if trial.verdict == "not_assessable" and trial.reason and s.verdict != "not_assessable"
        )
    )


def _verdict_column(key: str, header: str, lang: str) -> Column:
    """An indicator: sign and probability in the table, verdict and probability in the data."""
    p = t("sensitivity.columns.probability", lang)
    fields = (text_field(key, header), Field(f"{key}_p", f"{header}{'：' if lang == 'zh' else ': '}{p}", PERCENT))
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


def _marked(trial: Trial, lang: str) -> Mark:
    mark = verdict_mark(trial.verdict, trial.wording, lang)
    sign = _sign(trial)
    return Mark(f"{sign}{mark.text}", f"{sign}{mark.html}", mark.raw) if sign else mark


def _setting(trial: Trial, lang: str) -> str:
    choice = trial.choice
    if isinstance(choice, float):
        choice = rate(choice, lang)
    elif isinstance(choice, str):
        choice = t(f"allocation.{choice}", lang)
    text = t(f"sensitivity.setting.{trial.setting}", lang, choice=choice)
    return text[0].upper() + text[1:] if lang == "en" else text


def _why(s: Sensitivity, lang: str) -> str:
    """What each other verdict would take; the choices that lead to the same one stand together."""
    settings: dict[str, list[str]] = {}
    for trial in s.flips:
        verdict = t(f"wording_short.{trial.wording}", lang)
        settings.setdefault(verdict, []).append(in_sentence(_setting(trial, lang), lang))
    return separated(
        (
            t("sensitivity.why", lang, setting=either(found, lang), verdict=verdict)
            for verdict, found in settings.items()
        ),
        lang,
    )


def _edge(s: Sensitivity, lang: str) -> str:
    """The probability as reported and those just across the limit."""
    others = listed(dict.fromkeys(probability(trial.probability, lang) for trial in s.edges), lang)
    return t("sensitivity.edge_why", lang, p=probability(s.probability, lang), others=others)


def _name(s: Sensitivity, plan: Plan, lang: str) -> str:
    return in_sentence(plan.indicator(s.indicator).name[lang], lang)
