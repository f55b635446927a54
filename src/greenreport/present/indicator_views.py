"""The page of one indicator, in words and tables: what it measures, how the districts stand, the district table.

Made from the findings of the city's and the districts' pages; grades nothing and draws nothing.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence

from greenreport.assess.model import Assessment, IndicatorAssessment
from greenreport.plan import Indicator, Plan, Target
from greenreport.present.aims import standing
from greenreport.present.catalog import t
from greenreport.present.columns import (
    Measure,
    count_cell,
    count_column,
    measure,
    share_bar,
    share_cell,
    share_column,
)
from greenreport.present.evidence_words import strength_short
from greenreport.present.narrative import prose, reason_text
from greenreport.present.numbers import bracketed, clauses, joined, listed, percent, quantity, separated
from greenreport.present.paces import kind_of
from greenreport.present.record_words import said_cell
from greenreport.present.show import Field, Narrative, Table
from greenreport.present.source_tables import source_name
from greenreport.present.tables import any_strength, head_mark, standing_words, strength_column, when_words
from greenreport.present.tabulate import Column, Mark, table
from greenreport.present.theme import VERDICTS
from greenreport.text import Text

__all__ = [
    "area_link",
    "counts_by_verdict",
    "district_table",
    "districts_text",
    "facts_heading",
    "facts_table",
    "latest_year",
    "more_text",
    "own_targets",
    "ranked",
    "section",
    "sets_own",
]

_NAMED = 5
"""At most so many districts that share a place are named."""


def section(key: str, lang: str, *, level: int = 2) -> Narrative:
    """A heading of a page, by its key among the words: `city_heading`, `figures_heading`."""
    return Narrative(f"{'#' * level} {t(f'compare.{key}', lang)}")


def facts_heading(lang: str) -> Narrative:
    """The heading above the definition."""
    return section("facts_heading", lang)


def facts_table(
    indicator: Indicator,
    plan: Plan,
    lang: str,
    *,
    districts: Sequence[Assessment] = (),
    city: Assessment | None = None,
    sources: Mapping[str, Text] | None = None,
) -> Table:
    """What the plan and the ledger's metadata say of one indicator: item and content.

    Args:
        indicator: the indicator.
        plan: the plan.
        lang: language.
        districts: the districts' findings, which tell whether they have targets of their own.
        city: the city's; whose figures stand in them is told where the plan names no source.
        sources: as in [sources_table].
    """
    if sets_own(districts, indicator):
        allocation = "allocation_own"
    else:
        allocation = "allocation_none" if indicator.allocation == "none" else "allocation"
    places = [indicator.baseline.chapter, *(x.chapter for x in indicator.targets)]
    words = {
        "definition": indicator.definition[lang] if indicator.definition else "",
        "scope": t("compare.scope_other", lang, scope=indicator.scope)
        if indicator.scope
        else t("compare.scope_none", lang),
        "kind": t(f"definitions.kind.{kind_of(indicator)}", lang),
        "attribute": indicator.attribute[lang] if indicator.attribute else "",
        "baseline": t(
            "compare.baseline",
            lang,
            year=indicator.baseline.year,
            value=quantity(indicator.baseline.value, indicator.unit, lang),
        )
        if indicator.baseline.value is not None
        else "",
        "targets": separated(
            (_target(x, indicator, lang) for year in indicator.target_years for x in indicator.targets_in(year)), lang
        ),
        "place": separated(dict.fromkeys(place[lang] for place in places if place is not None), lang),
        "allocation": t(f"compare.{allocation}", lang, key=t(f"allocation.{indicator.allocation}", lang)),
        "responsible": indicator.responsible[lang] if indicator.responsible else t("compare.responsible_none", lang),
        "source": indicator.source_system[lang]
        if indicator.source_system
        else _sources(indicator, [*filter(None, [city]), *districts], lang, sources or {}),
        "frequency": indicator.frequency[lang] if indicator.frequency else t("compare.source_none", lang),
        "breaks": indicator.known_breaks[lang] if indicator.known_breaks else t("compare.breaks_none", lang),
    }
    columns = [
        Column("item", t("compare.item", lang), width=2),
        Column("content", t("compare.content", lang), width=10),
    ]
    rows = [
        {"item": t(f"compare.facts.{key}", lang), "content": _capital(text, lang)}
        for key, text in words.items()
        if text
    ]
    caption = t("compare.facts_caption", lang, indicator=indicator.name[lang])
    return table(columns, rows, label="tbl-facts", caption=caption)


_SOURCES = 5
"""At most so many sources of an indicator's figures are named beside its definition."""


def _sources(indicator: Indicator, found: Sequence[Assessment], lang: str, sources: Mapping[str, Text]) -> str:
    """Where the figures come from, the most frequent source first, of an indicator for which the plan names none."""
    used = Counter(p.source for one in found for p in one.indicator(indicator.id).points if p.row)
    if not used:
        return t("compare.source_none", lang)
    named = [source_name(source, sources, lang) for source, _ in used.most_common(_SOURCES)]
    key = "compare.source_more" if len(used) > _SOURCES else "compare.source_ledger"
    return t(key, lang, sources=separated(named, lang), n=len(used))


def _capital(text: str, lang: str) -> str:
    return text[0].upper() + text[1:] if lang == "en" and text else text


def _target(target: Target, indicator: Indicator, lang: str) -> str:
    if target.value is None:
        return t("compare.target_own", lang, year=target.year)
    told = {"year": target.year, "value": quantity(target.value, indicator.unit, lang)}
    if target.label is None:
        return t("compare.target", lang, **told)
    return t("compare.target_label", lang, **told, label=target.label[lang])


def districts_text(districts: Sequence[Assessment], indicator: Indicator, lang: str, *, expected: int) -> Narrative:
    """How the districts stand on one indicator: counts, extremes, what is missing; honest where there is nothing.

    Args:
        districts: the districts' findings; may be empty.
        indicator: the indicator.
        lang: language.
        expected: districts there are on the day.
    """
    heading = f"## {t('compare.districts_heading', lang)}\n\n"
    ones = _concerned(districts, indicator)
    if not ones:
        return Narrative(heading + t("compare.no_pages", lang))
    having = [one for _, one in ones if one.current is not None]
    if not having:
        unshared = all("no_derived_target" in one.notes for _, one in ones)
        return Narrative(heading + t("compare.unshared" if unshared else "compare.no_data", lang))
    said = []
    counts = counts_by_verdict(districts, indicator)
    heads = [(d, one.head) for d, one in ones if one.head is not None]
    if counts["not_assessable"] == len(ones):
        why = Counter(code for _, one in ones for code in (one.head.reasons if one.head else one.notes)[:1])
        code = why.most_common(1)[0][0] if why else "no_target"
        said.append(t("compare.none", lang, reason=reason_text(code, ones[0][1], lang)))
    else:
        parts = [t("districts.count", lang, n=n, verdict=t(f"verdict_short.{v}", lang)) for v, n in counts.items() if n]
        key = "compare.lead_own" if sets_own(districts, indicator) else "compare.lead"
        said.append(t(key, lang, n=len(ones), counts=clauses(parts, lang)))
    if len(having) < len(ones):
        said.append(t("compare.few", lang, having=len(having), n=len(ones)))
    if len(districts) < expected:
        said.append(t("compare.missing", lang, n=expected - len(districts)))
    shares = [(d, h, h.completion) for d, h in heads if h.completion is not None]
    chances = [h.likelihood for _, h in heads if h.likelihood is not None]
    if shares and chances:
        behind = sum(h.time_share is not None and share < h.time_share - 1e-9 for _, h, share in shares)
        counted = {
            "ahead": len(shares) - behind,
            "behind": behind,
            "likely": sum(word in ("very_likely", "likely") for word in chances),
            "unlikely": sum(word in ("unlikely", "very_unlikely") for word in chances),
        }
        told = {key: t("compare.some" if n else "compare.no_one", lang, n=n) for key, n in counted.items()}
        said.append(t("compare.share", lang, **told))
        said += _extremes([(d.area_short[lang], share) for d, _, share in shares], lang)
    return Narrative(heading + prose(said, lang))


def _concerned(districts: Sequence[Assessment], indicator: Indicator) -> list[tuple[Assessment, IndicatorAssessment]]:
    return [(d, one) for d in districts if not (one := d.indicator(indicator.id)).elsewhere]


def _extremes(shares: Sequence[tuple[str, float]], lang: str) -> list[str]:
    """The highest and the lowest completion, with everybody who shares the place."""
    ends = []
    for value in (max(s for _, s in shares), min(s for _, s in shares)):
        names = [name for name, share in shares if abs(share - value) < 5e-4]
        told = (
            joined(names, lang)
            if len(names) <= _NAMED
            else t("compare.and_more", lang, names=listed(names[:_NAMED], lang), n=len(names))
        )
        ends.append((told, percent(value, lang), len(names)))
    (best, best_share, n), (worst, worst_share, _) = ends
    if best_share == worst_share:
        return []
    key = "compare.extremes_tied" if n > 1 else "compare.extremes"
    return [t(key, lang, best=best, best_share=best_share, worst=worst, worst_share=worst_share)]


def district_table(districts: Sequence[Assessment], indicator: Indicator, lang: str, *, level: float = 0.80) -> Table:
    """One indicator over all districts by rank: figure, target, completion, forecast, probability, verdict."""
    ones = _concerned(districts, indicator)
    year = latest_year(districts, indicator)
    heads = [one.head for _, one in ones if one.head is not None]
    target_year = heads[0].year if heads else None
    steps = {d.area: one.outlook.in_year(one.head.year) if one.head else None for d, one in ones}
    values = [one.current.value for _, one in ones if one.current]
    # One unit and one number of digits for all the figures of the table: they are there to be compared.
    unit = measure([*values, *(h.value for h in heads), *(s.median for s in steps.values() if s)], indicator.unit, lang)
    own = sets_own(districts, indicator)
    places = ranked([one.head.completion if one.head else None for _, one in ones])
    columns = [Column("area", t("table.area", lang), width=3)]
    if heads:
        columns.append(count_column("rank", t("compare.rank", lang), width=1))
    latest = t("compare.latest", lang, year=year) if year else t("table.latest_value", lang)
    shown = unit.column("latest", latest, width=3)
    columns.append(
        Column(shown.key, shown.header, "right", 3, (*shown.fields, Field("latest_year", t("columns.year", lang))))
    )
    if heads:
        what = {"year": target_year}
        columns += [
            unit.column("target", t("compare.column_target", lang, **what)),
            share_column("completion", t("table.completion", lang), lang, width=3),
            unit.column("median", t("compare.forecast", lang, **what)),
            unit.range_column("range", t("table.interval", lang, level=percent(level, lang, 0)), width=4),
            share_column("probability", t("table.probability", lang), lang),
            Column("verdict", t("table.verdict", lang), width=4),
            *([strength_column(lang)] if any_strength(one for _, one in ones) else []),
        ]
    rows: list[dict[str, str | Mark]] = []
    # Those that share a place, and those without one, stay in protocol order.
    for (d, one), place in sorted(zip(ones, places, strict=True), key=lambda x: (x[1] is None, x[1] or 0)):
        head, step = one.head, steps[d.area]
        rows.append(
            {
                "area": area_link(d, lang, mark="‡" if _other_base(one) else ""),
                "rank": count_cell(place, lang),
                "latest": _latest(one, indicator, unit, year, lang),
                "target": Mark(
                    unit.text(head.value if head else None) + ("" if head is None or head.derived or own else "*"),
                    raw=(unit.shown(head.value if head else None),),
                ),
                "completion": share_bar(head.completion, lang, mark=head.time_share)
                if head
                else share_cell(None, lang),
                "median": unit.cell(step.median if step else None),
                "range": unit.range(step.low if step else None, step.high if step else None),
                "probability": said_cell(head.probability if head else None, lang),
                "verdict": head_mark(one, lang),
                "strength": strength_short(head, lang),
            }
        )
    return table(
        columns,
        rows,
        label="tbl-compare",
        caption=t("compare.table_caption", lang, indicator=indicator.name[lang]),
        notes=_notes(ones, indicator, year, lang),
    )


def _latest(one: IndicatorAssessment, indicator: Indicator, unit: Measure, year: int | None, lang: str) -> Mark:
    """The latest figure: marked where it is not final, with its year where it is not the others'; a count as it stands."""
    point = one.current
    text = t("number.missing", lang)
    raw: tuple[float | None, int | None] = (None, None)
    if point is not None:
        words = when_words(point, lang)
        other = "" if words == str(year) else bracketed(words, lang)
        mark = "†" if point.provisional or point.unconfirmed else ""
        text, raw = unit.text(point.value) + mark + other, (unit.shown(point.value), point.year)
    if (now := standing(one, indicator)) is not None:
        stood = unit.text(now.value) + bracketed(standing_words(now.year, now.months, lang), lang)
        text = f"{text}\n{stood}" if point is not None else stood
    return Mark(text, raw=raw)


def _notes(
    ones: Sequence[tuple[Assessment, IndicatorAssessment]], indicator: Indicator, year: int | None, lang: str
) -> list[str]:
    heads = [one.head for _, one in ones if one.head is not None]
    points = [one.current for _, one in ones if one.current is not None]
    out = []
    if heads:
        # The share of the year that most latest figures are for; the others carry their year in the table.
        shares = Counter(
            one.head.time_share for _, one in ones if one.head and one.current and one.current.year == year
        )
        common = shares.most_common(1)[0][0] if shares else heads[0].time_share
        other = any(_other_base(one) for _, one in ones)
        out.append(t("compare.rank_note", lang, time=percent(common, lang), base=int(not other)))
        if other:
            out.append(t("compare.base_note", lang))
    if any(p.year != year for p in points):
        out.append(t("compare.year_note", lang, year=year))
    if any(p.provisional or p.unconfirmed for p in points):
        out.append(t("compare.provisional_note", lang))
    keys = sorted({one.allocation for _, one in ones if one.allocation})
    if keys:
        words = listed([t(f"allocation.{k}", lang) for k in keys], lang)
        out.append(t("compare.derived_note", lang, key=words))
    if told := own_targets([d for d, _ in ones], indicator, lang):
        out.append(told)
    return out


def more_text(lang: str) -> Narrative:
    """Where the reader goes from here."""
    return Narrative(f"## {t('compare.more_heading', lang)}\n\n{t('compare.more', lang)}")


def ranked(values: Sequence[float | None]) -> list[int | None]:
    """The place of each value, the highest first; equal values (as printed, to a tenth of a per cent) share a place."""
    printed = [None if v is None else round(v, 3) for v in values]
    known = sorted((v for v in printed if v is not None), reverse=True)
    return [None if v is None else known.index(v) + 1 for v in printed]


def latest_year(districts: Sequence[Assessment], indicator: Indicator) -> int | None:
    """The year that most latest figures are for."""
    years = Counter(c.year for d in districts if (c := d.indicator(indicator.id).current) is not None)
    return max(years, key=lambda y: (years[y], y)) if years else None


def counts_by_verdict(districts: Sequence[Assessment], indicator: Indicator) -> dict[str, int]:
    """Class → number of districts, in the order of the classes; those that the indicator does not concern left out."""
    verdicts = [one.verdict for d in districts if not (one := d.indicator(indicator.id)).elsewhere]
    return {v: verdicts.count(v) for v in VERDICTS}


def _other_base(one: IndicatorAssessment) -> bool:
    """Whether completion is measured from another year than the plan's, for lack of a figure for that one."""
    return one.head is not None and "base_year_differs" in one.notes


def area_link(d: Assessment, lang: str, *, mark: str = "") -> Mark:
    """A district's short name, on screen with a link to its page; `mark` refers to a note."""
    name = d.area_short[lang]
    linked = f'<a href="district-{html.escape(d.area)}.html">{html.escape(name)}</a>{mark}'
    return Mark(name + mark, linked, raw=(name,))


def sets_own(districts: Sequence[Assessment], indicator: Indicator) -> bool:
    """Whether every district that has a target has set it itself: then nothing is told of derived ones."""
    heads = [h for d in districts if (h := d.indicator(indicator.id).head) is not None]
    return bool(heads) and not any(h.derived for h in heads)


def own_targets(
    districts: Sequence[Assessment], indicator: Indicator, lang: str, *, key: str = "compare.own_note"
) -> str:
    """Where districts have set targets of their own: how many, and what all district targets add up to.

    Nothing is added up of shares and ratios, nor where the whole has no target; that all have their own is told above.
    """
    heads = [d.indicator(indicator.id).head for d in districts]
    own = [h for h in heads if h is not None and not h.derived]
    if not own or (sets_own(districts, indicator) and not (indicator.additive and indicator.of_whole)):
        return ""
    year = own[0].year
    whole = next((g.value for g in indicator.targets_in(year)), None)
    return t(
        key if indicator.additive and whole is not None else f"{key}_only",
        lang,
        n=len(own),
        year=year,
        total=quantity(sum(h.value for h in heads if h is not None and h.year == year), indicator.unit, lang),
        city=quantity(whole, indicator.unit, lang),
    )
