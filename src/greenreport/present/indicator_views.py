"""The page of one indicator in tables: what it measures, and the districts beside each other.

Made from the findings of the city's and the districts' pages; grades nothing and draws nothing.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from greenreport.assess.model import Assessment, IndicatorAssessment, OutlookStep, TargetGrade
from greenreport.plan import Indicator, Plan, Target
from greenreport.present.columns import Columns, Measure, headed, measure
from greenreport.present.evidence_words import said_cell
from greenreport.present.messages import As, Message, Said, capital, say
from greenreport.present.numbers import listed, percent, quantity, separated
from greenreport.present.paces import kind_of, standing
from greenreport.present.show import Field, Table
from greenreport.present.sources import source_name
from greenreport.present.tables import add_strength, completion_bar, head_mark, latest_cell
from greenreport.present.tabulate import Mark
from greenreport.present.theme import VERDICTS
from greenreport.text import Text
from greenreport.words import t


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
        sources: what the ledger's sources are called in each language, where that differs.

    Returns:
        A table of items and their content.
    """
    found = [*filter(None, [city]), *districts]
    facts = {
        **_measured(indicator),
        **_aimed(indicator, own=sets_own(districts, indicator)),
        "responsible": indicator.responsible or Message("compare.responsible_none"),
        "source": indicator.source_system or _sources(indicator, found, sources or {}),
        "frequency": indicator.frequency or Message("compare.source_none"),
        "breaks": indicator.known_breaks or Message("compare.breaks_none"),
    }
    columns = Columns[tuple[str, str]](lang, "compare")
    columns.text("item", lambda row: t(f"compare.facts.{row[0]}", lang), width=2)
    columns.text("content", lambda row: capital(row[1], lang), width=10)
    rows = [(key, text) for key, said in facts.items() if (text := say(said, lang))]
    caption = t("compare.facts_caption", lang, indicator=indicator.name[lang])
    return columns.table(rows, label="tbl-facts", caption=caption)


def _measured(indicator: Indicator) -> dict[str, Said]:
    """What an indicator counts, and of what kind it is."""
    scope = Message("compare.scope_other", scope=indicator.scope) if indicator.scope else Message("compare.scope_none")
    return {
        "definition": indicator.definition or "",
        "scope": scope,
        "kind": Message(f"definitions.kind.{kind_of(indicator)}"),
        "attribute": indicator.attribute or "",
    }


def _aimed(indicator: Indicator, *, own: bool) -> dict[str, Said]:
    """The baseline, the targets, where the plan gives them, and those of the districts; `own`: set by themselves."""
    base = indicator.baseline
    value = As(quantity, base.value, indicator.unit)
    places = dict.fromkeys(place for place in (base.chapter, *(x.chapter for x in indicator.targets)) if place)
    aims = [_target(x, indicator) for year in indicator.target_years for x in indicator.targets_in(year)]
    allocation = "allocation_own" if own else "allocation_none" if indicator.allocation == "none" else "allocation"
    return {
        "baseline": "" if base.value is None else Message("compare.baseline", year=base.year, value=value),
        "targets": As(separated, aims),
        "place": As(separated, list(places)),
        "allocation": Message(f"compare.{allocation}", key=Message(f"allocation.{indicator.allocation}")),
    }


def _target(target: Target, indicator: Indicator) -> Message:
    if target.value is None:
        return Message("compare.target_own", year=target.year)
    told = {"year": target.year, "value": As(quantity, target.value, indicator.unit)}
    if target.label is None:
        return Message("compare.target", **told)
    return Message("compare.target_label", **told, label=target.label)


_SOURCES = 5
"""At most so many sources of an indicator's figures are named beside its definition."""


def _sources(indicator: Indicator, found: Sequence[Assessment], sources: Mapping[str, Text]) -> Message:
    """Where the figures come from, the most frequent source first, of an indicator for which the plan names none."""
    used = Counter(p.source for one in found for p in one.indicator(indicator.id).points if p.row)
    if not used:
        return Message("compare.source_none")
    named = [As(source_name, source, sources) for source, _ in used.most_common(_SOURCES)]
    key = "compare.source_more" if len(used) > _SOURCES else "compare.source_ledger"
    return Message(key, sources=As(separated, named), n=len(used))


def concerned(districts: Sequence[Assessment], indicator: Indicator) -> list[tuple[Assessment, IndicatorAssessment]]:
    """The districts that an indicator concerns, each with what was found of it."""
    return [(d, one) for d in districts if not (one := d.indicator(indicator.id)).elsewhere]


@dataclass(frozen=True)
class _Row:
    """A district in the table: what was found of it, and its place by completion."""

    district: Assessment
    one: IndicatorAssessment
    place: int | None

    @property
    def head(self) -> TargetGrade | None:
        """The verdict."""
        return self.one.head

    @property
    def step(self) -> OutlookStep | None:
        """The forecast for the year of the verdict."""
        return self.one.outlook.in_year(self.head.year) if self.head else None

    @property
    def figures(self) -> list[float]:
        """Its figures that stand beside those of others."""
        found = (self.one.current, self.head)
        return [x.value for x in found if x] + ([self.step.median] if self.step else [])


def district_table(districts: Sequence[Assessment], indicator: Indicator, lang: str, *, level: float = 0.80) -> Table:
    """One indicator over all districts by rank: figure, target, completion, forecast, probability, verdict.

    Args:
        districts: the districts' findings.
        indicator: the indicator.
        lang: language.
        level: of the intervals.

    Returns:
        A table with a row for each district that the indicator concerns.
    """
    ones = concerned(districts, indicator)
    places = ranked([one.head.completion if one.head else None for _, one in ones])
    rows = [_Row(d, one, place) for (d, one), place in zip(ones, places, strict=True)]
    # Those that share a place, and those without one, stay in protocol order.
    rows.sort(key=lambda row: (row.place is None, row.place or 0))
    year = latest_year(districts, indicator)
    unit = measure([x for row in rows for x in row.figures], indicator.unit, lang)
    columns = Columns[_Row](lang, "table")
    columns.text("area", lambda row: area_link(row.district, lang, mark="‡" * _other_base(row.one)), width=3)
    judged = next((one.head.year for _, one in ones if one.head), None)
    if judged:
        columns.count("rank", lambda row: row.place, t("compare.rank", lang), width=1)
    latest = t("compare.latest", lang, year=year) if year else t("table.latest_value", lang)

    def figure(row: _Row) -> Mark:
        point = row.one.current
        mark = "†" if point and (point.provisional or point.unconfirmed) else ""
        return latest_cell(point, standing(row.one, indicator), unit, usual=str(year), mark=mark)

    columns.text(
        "latest",
        figure,
        headed(latest, unit.unit, lang),
        align="right",
        width=3,
        fields=(Field("latest", latest, unit.unit), Field("latest_year", t("columns.year", lang))),
    )
    if judged:
        _add_targets(columns, unit, year=judged, level=level, own=sets_own(districts, indicator))
        add_strength(columns, (one for _, one in ones), lambda row: row.head)
    return columns.table(
        rows,
        label="tbl-compare",
        caption=t("compare.table_caption", lang, indicator=indicator.name[lang]),
        notes=[say(note, lang) for note in _notes(ones, indicator, year, lang)],
    )


def _add_targets(columns: Columns[_Row], unit: Measure, *, year: int, level: float, own: bool) -> None:
    """The columns that only an indicator with targets has; `own`: all are the districts' own, so that none is marked."""
    lang = columns.lang

    def target(row: _Row) -> Mark:
        value, derived = (row.head.value, row.head.derived) if row.head else (None, True)
        return Mark(unit.text(value) + ("" if derived or own else "*"), raw=(unit.shown(value),))

    figure = partial(columns.figure, unit=unit.unit, named=True, width=2)
    figure("target", target, t("compare.column_target", lang, year=year))
    columns.share("completion", lambda row: completion_bar(row.head, lang), width=3)
    median = t("compare.forecast", lang, year=year)
    figure("median", lambda row: unit.cell(row.step.median if row.step else None), median)
    interval = t("table.interval", lang, level=percent(level, lang, 0))
    columns.range("range", lambda row: unit.range(row.step), interval, unit=unit.unit)
    columns.share("probability", lambda row: said_cell(row.head, lang))
    columns.text("verdict", lambda row: head_mark(row.one, lang), width=4)


def _notes(
    ones: Sequence[tuple[Assessment, IndicatorAssessment]], indicator: Indicator, year: int | None, lang: str
) -> Iterator[Said]:
    """What the marks of the table mean, and where its targets come from."""
    yield from _rank_notes([one for _, one in ones], year)
    points = [one.current for _, one in ones if one.current is not None]
    if any(p.year != year for p in points):
        yield Message("compare.year_note", year=year)
    if any(p.provisional or p.unconfirmed for p in points):
        yield Message("compare.provisional_note")
    if keys := sorted({one.allocation for _, one in ones if one.allocation}):
        yield Message("compare.derived_note", key=As(listed, [Message(f"allocation.{k}") for k in keys]))
    if told := own_targets([d for d, _ in ones], indicator, lang):
        yield told


def _rank_notes(ones: Sequence[IndicatorAssessment], year: int | None) -> Iterator[Message]:
    """How ranks are made, with the share of time elapsed that most latest figures are for; the others carry their year."""
    heads = [(one, one.head) for one in ones if one.head is not None]
    if not heads:
        return
    shares = Counter(head.time_share for one, head in heads if one.current and one.current.year == year)
    common = shares.most_common(1)[0][0] if shares else heads[0][1].time_share
    other = any(map(_other_base, ones))
    yield Message("compare.rank_note", time=As(percent, common), base=not other)
    if other:
        yield Message("compare.base_note")


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
