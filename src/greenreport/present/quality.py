"""How good the figures are: what is at hand, missing, late, changed, odd or not final, by area and year.

Made from `assess.quality`; looks nothing up in the ledger and corrects nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from statistics import median
from typing import Any, NamedTuple

import altair as alt

from greenreport.areas import Roster
from greenreport.assess.quality import LEAST_FACTOR, MODIFIED_Z, SUM_TOLERANCE, Outlier, Quality
from greenreport.checks.finding import Finding
from greenreport.observations import Late, Restatement
from greenreport.plan import Indicator, Plan
from greenreport.present import theme
from greenreport.present.charts import figure, inline, sheet_fields, tips
from greenreport.present.columns import PERCENT, Columns, text_field
from greenreport.present.messages import in_sentence, prose, titled
from greenreport.present.numbers import alike, decimal, joined, listed, percent, published, quantity, separated, spanned
from greenreport.present.numbers import day as in_words
from greenreport.present.show import Field, Figure, Narrative, Table
from greenreport.present.tabulate import Mark, escape_markdown
from greenreport.text import Text
from greenreport.words import t

HAVE = ("observed", "provisional", "unconfirmed", "bridged")
"""What counts as a figure at hand."""


def coverage_chart(found: Quality, roster: Roster, lang: str) -> Figure:
    """Areas by years: a mark with the number of missing figures wherever a year is not complete."""
    counts = {(roster.area(area).short[lang], year): known for (area, year), known in _counts(found).items()}
    rows = [
        {"area": area, "year": str(year), "gaps": expected - have, "text": f"−{expected - have}"}
        for (area, year), (have, expected) in counts.items()
        if have < expected
    ]
    names = list(dict.fromkeys(area for area, _ in counts))
    alt_text = t("quality.chart_alt_full", lang)
    if rows:
        worst = max(rows, key=lambda r: (r["gaps"], r["year"]))
        told = {key: worst[key] for key in ("area", "year", "gaps")}
        alt_text = t("quality.chart_alt", lang, n=len(rows), **told)
    base = alt.Chart(inline(rows)).encode(
        x=_axis(alt.X, "year:O", [str(y) for y in found.years], labelAngle=0, orient="top"),
        y=_axis(alt.Y, "area:N", names, labelLimit=160),
        tooltip=tips(lang, {"area:N": "table.area", "year:N": "table.year", "gaps:Q": "quality.status.missing"}),
    )
    many = alt.condition("datum.gaps > 1", alt.value(theme.VERDICT_COLOUR["at_risk"]), alt.value(theme.INK))
    return figure(
        base.mark_text(fontSize=12, fontWeight="bold").encode(text=alt.Text("text:N"), color=many),
        label="fig-coverage",
        caption=t("quality.chart_caption", lang),
        alt_text=alt_text,
        width=460,
        height=15 * len(names),
        fields=sheet_fields(
            lang,
            {"area:text": "table.area", "year": "table.year"}
            | {key: f"quality.field.{key}" for key in ("have", "due")},
        ),
        data=[(*where, *known) for where, known in counts.items()],
    )


def _axis(channel: Any, field: str, values: Sequence[str], **more: Any) -> Any:
    axis = alt.Axis(ticks=False, domain=False, grid=True, bandPosition=0.5, **more)
    return channel(field, title=None, scale=alt.Scale(domain=list(values)), axis=axis)


def coverage_table(found: Quality, roster: Roster, lang: str) -> Table | None:
    """The areas with gaps: indicators at hand of those due, by year; None where nothing is missing."""
    counts = _counts(found)
    areas = list(dict.fromkeys(c.area for c in found.cells))
    lacking = [area for area in areas if any(have < due for (code, _), (have, due) in counts.items() if code == area)]
    if not lacking:
        return None

    def cell(year: int, area: str) -> Mark:
        have, expected = counts.get((area, year), (0, 0))
        text = t("quality.of", lang, have=have, expected=expected) if expected else t("number.missing", lang)
        return Mark(text, raw=(have, expected))

    columns = Columns[str](lang, "table")
    columns.text("area", lambda area: roster.area(area).short[lang], width=4)
    for y in found.years:
        known = Field(f"have_{y}", t("columns.have", lang, year=y))
        due = Field(f"due_{y}", t("columns.expected", lang, year=y))
        columns.text(str(y), partial(cell, y), str(y), align="right", width=2, fields=(known, due))
    note = t("quality.coverage_note", lang, full=len(areas) - len(lacking))
    return columns.table(lacking, label="tbl-coverage", caption=t("quality.coverage_caption", lang), notes=[note])


def _own_coverage(found: Quality, plan: Plan, lang: str, *, area: str) -> Table:
    """One area: what each figure is, by indicator and year."""
    cells = {(c.indicator, c.year): _status(c.status, lang) for c in found.cells}
    columns = Columns[Indicator](lang, "table")
    columns.text("indicator", lambda i: i.short[lang], width=5)
    dash = t("number.missing", lang)
    for y in found.years:
        columns.text(str(y), partial(lambda y, i: cells.get((i.id, y), dash), y), str(y), align="center", width=2)
    caption, note = t("quality.own_caption", lang, area=area), t("quality.own_note", lang)
    return columns.table(plan.indicators, label="tbl-coverage", caption=caption, notes=[note])


def _status(status: str, lang: str) -> str | Mark:
    """What a figure is; the usual, a published figure, is a dot, so that the others are seen."""
    words = t(f"quality.status.{status}", lang)
    if status != "observed":
        return words
    return Mark("●", f'<span role="img" aria-label="{words}">●</span>', (words,))


def _counts(found: Quality) -> dict[tuple[str, int], tuple[int, int]]:
    """Area and year → indicators at hand, indicators due."""
    out: dict[tuple[str, int], tuple[int, int]] = {}
    for c in found.cells:
        have, expected = out.get((c.area, c.year), (0, 0))
        due = c.status != "absent"
        out[c.area, c.year] = (have + (c.status in HAVE), expected + due)
    return out


_LATE_DAYS = 45
_WORST = 3
"""So many findings of the ledger's check are told in words; all of them are counted."""
_NAMED = 2
"""Up to so many indicators of a late district are named; more are counted."""


def quality_chapter(
    found: Quality, plan: Plan, roster: Roster, lang: str, *, as_of: date
) -> Iterator[Narrative | Figure | Table]:
    """The state of all areas' figures.

    Args:
        found: of `assess.quality`.
        plan: the plan.
        roster: names of areas.
        lang: language.
        as_of: the data cut-off.

    Yields:
        A text, with its heading; a chart and a table of missing figures, and one of restatements, where there are any.
    """
    yield quality_text(found, plan, roster, lang, as_of=as_of)
    if found.known and (lacking := coverage_table(found, roster, lang)):
        yield coverage_chart(found, roster, lang)
        yield lacking
    if found.restatements:
        yield restatement_table(found, plan, lang)


def own_quality(
    found: Quality, plan: Plan, roster: Roster, lang: str, *, as_of: date, area: str
) -> tuple[Narrative, Table]:
    """The state of one area's figures.

    Args:
        found: of `assess.quality`.
        plan: the plan as it applies to the area.
        roster: names of areas.
        lang: language.
        as_of: the data cut-off.
        area: its name.

    Returns:
        A text, with its heading, and a table of what each figure is, by indicator and year.
    """
    return quality_text(found, plan, roster, lang, as_of=as_of), _own_coverage(found, plan, lang, area=area)


def quality_text(found: Quality, plan: Plan, roster: Roster, lang: str, *, as_of: date, level: int = 2) -> Narrative:
    """What is at hand and what is missing, late, changed, odd or not final, in numbers and by name."""
    blocks = [
        prose(_coverage(found, roster, lang), lang),
        prose(_late(found.late, plan, roster, lang, as_of), lang),
        *(_known(found, plan, roster, lang) if found.known else ()),
        prose(_sums(found, plan, lang), lang),
    ]
    for successor, bridges in groupby(found.bridges, key=lambda b: b.successor):
        first, *others = bridges
        names = [roster.area(b.predecessor).name[lang] for b in (first, *others)]
        told = {"day": in_words(first.from_date, lang), "successor": roster.area(successor).name[lang]}
        told |= {"predecessors": joined(names, lang), "basis": escape_markdown(first.basis[lang])}
        blocks.append(t("quality.break", lang, **told))
    return titled("quality.heading", blocks, lang, level=level)


def _known(found: Quality, plan: Plan, roster: Roster, lang: str) -> tuple[str, ...]:
    """What was changed later, what stands out, and what the ledger's check found."""
    restated = _restated(found.restatements, plan, roster, lang)
    return prose([restated], lang), _flagged(found.outliers, plan, roster, lang), _checked(found.checked, lang)


def _sums(found: Quality, plan: Plan, lang: str) -> list[str]:
    """Whether the parts add up to the whole."""
    tolerance = percent(SUM_TOLERANCE, lang)
    if not found.sums:
        return [t("quality.sums_ok", lang, n=found.sums_compared, tolerance=tolerance)] if found.sums_compared else []
    items = []
    for s in found.sums:
        parts, whole = (quantity(v, plan.indicator(s.indicator).unit, lang) for v in (s.parts, s.whole))
        name = _name(s.indicator, plan, lang)
        items.append(t("quality.sums_item", lang, year=s.year, indicator=name, parts=parts, whole=whole))
    return [t("quality.sums", lang, tolerance=tolerance, items=separated(items, lang))]


def restatement_table(found: Quality, plan: Plan, lang: str) -> Table:
    """Restatements of final figures by indicator, year and day."""

    def key(r: Restatement) -> tuple[str, str, date]:
        return r.indicator, r.period, r.new_vintage

    def middle(r: _Changes) -> Mark:
        return Mark(_signed(median(r.changes), lang), raw=(median(r.changes) * 100,))

    def span(r: _Changes) -> Mark:
        low, high = min(r.changes), max(r.changes)
        said = t("quality.span", lang, low=_signed(low, lang), high=_signed(high, lang))
        return Mark(said, raw=(low * 100, high * 100))

    columns = Columns[_Changes](lang, "quality.columns")
    columns.text("indicator", lambda r: plan.indicator(r.indicator).short[lang], width=5)
    fields = (text_field("period", t("quality.columns.year", lang)),)
    columns.text("year", lambda r: r.period, align="right", width=2, fields=fields)
    columns.date("day", lambda r: r.vintage)
    columns.count("areas", lambda r: len(r.changes))
    columns.figure("median", middle, unit=PERCENT, named=True)
    columns.range("range", span, unit=PERCENT)
    rows = [
        _Changes(*which, [(r.change_pct or 0.0) / 100 for r in group])
        for which, group in groupby(sorted(found.restatements, key=key), key=key)
    ]
    notes = [t("quality.restated_note", lang)]
    return columns.table(rows, label="tbl-restatements", caption=t("quality.restated_caption", lang), notes=notes)


class _Changes(NamedTuple):
    """What the figures of a period changed by on a day, as shares, an area each."""

    indicator: str
    period: str
    vintage: date
    changes: list[float]


def _coverage(found: Quality, roster: Roster, lang: str) -> list[str]:
    """How many figures are at hand, what those are, and why others are not."""
    if not found.years:
        return []
    due = [c for c in found.cells if c.status != "absent"]
    have = sum(c.status in HAVE for c in due)
    key = "quality.coverage_districts" if len({c.area for c in due}) > 1 else "quality.coverage"
    told = {"expected": decimal(len(due), lang, 0), "have": decimal(have, lang, 0)}
    share, last = percent(have / len(due) if due else None, lang), found.years[-1]
    key += "_full" if have == len(due) else ""
    said = [t(key, lang, first=found.years[0], last=last, **told, share=share)]
    if missing := found.having("missing"):
        latest = sum(c.year == last for c in missing)
        key = "quality.missing_latest" if latest else "quality.missing"
        said.append(t(key, lang, n=len(missing), year=last, latest=latest))
    said += _doubtful(found, roster, lang)
    for kind in ("part", "absent"):
        if cells := found.having(kind):
            said.append(t(f"quality.{kind}", lang, n=len(cells)))
    return said


def _doubtful(found: Quality, roster: Roster, lang: str) -> list[str]:
    """Figures at hand that are not final or not the area's own, and whose they are."""
    cells = {kind: found.having(kind) for kind in ("provisional", "unconfirmed", "bridged")}
    kinds = [t(f"quality.kind.{kind}", lang, n=len(of_kind)) for kind, of_kind in cells.items() if of_kind]
    said = [t("quality.kinds", lang, kinds=listed(kinds, lang))] if kinds else []
    if len({c.area for c in found.cells}) < 2:
        return said
    areas = {kind: list(dict.fromkeys(c.area for c in cells[kind])) for kind in ("provisional", "unconfirmed")}
    return said + [
        t(f"quality.{kind}_names", lang, names=joined([roster.area(code).short[lang] for code in codes], lang))
        for kind, codes in areas.items()
        if codes
    ]


def _late(late: Sequence[Late], plan: Plan, roster: Roster, lang: str, as_of: date) -> list[str]:
    """Year by year, who reported late, then who has not."""
    said = []
    for year in sorted({x.year for x in late}):
        for key, came in (("late", True), ("never", False)):
            by_area: dict[str, list[Late]] = {}
            for x in late:
                if x.year == year and (x.days is not None) == came:
                    by_area.setdefault(x.area, []).append(x)
            if by_area:
                items = [
                    t(f"quality.{key}_item", lang, area=roster.area(code).short[lang], **_delay(rows, plan, lang))
                    for code, rows in by_area.items()
                ]
                told = {"days": _LATE_DAYS, "day": in_words(as_of, lang), "names": listed(items, lang)}
                said.append(t(f"quality.{key}", lang, year=year, **told))
    return said


def _delay(rows: Sequence[Late], plan: Plan, lang: str) -> dict[str, str]:
    """Of which indicators an area's figures are late, and by how many days."""
    what = t("quality.indicators", lang, n=len(rows))
    if len(rows) <= _NAMED:
        what = listed([_name(x.indicator, plan, lang) for x in rows], lang)
    days = sorted(x.days for x in rows if x.days is not None)
    first, last = (str(days[0]), str(days[-1])) if days else ("", "")
    return {"indicators": what, "days": first if first == last else spanned(first, last, lang)}


def _restated(found: Sequence[Restatement], plan: Plan, roster: Roster, lang: str) -> str:
    if not found:
        return t("quality.restated_none", lang)
    top = found[0]
    old, new = alike([top.old, top.new], plan.indicator(top.indicator).unit, lang)
    told = {
        "area": roster.area(top.area).short[lang],
        "year": top.period,
        "indicator": _name(top.indicator, plan, lang),
    }
    where = t("quality.restated_where", lang, **told, old=old, new=new)
    sizes = [abs(r.change_pct or 0.0) / 100 for r in found]
    middle, largest = percent(median(sizes), lang), percent(sizes[0], lang)
    return t("quality.restated", lang, n=len(found), median=middle, largest=largest, where=where)


def _flagged(found: Sequence[Outlier], plan: Plan, roster: Roster, lang: str) -> str:
    rule = t("quality.rule", lang, factor=f"{LEAST_FACTOR:g}", z=f"{MODIFIED_Z:g}")
    if not found:
        return prose([t("quality.outliers_none", lang), rule], lang)
    items = []
    for o in found:
        told = {
            "area": roster.area(o.area).short[lang],
            "year": o.year,
            "indicator": _name(o.indicator, plan, lang),
            "value": published(o.value, plan.indicator(o.indicator).unit, lang),
            "row": escape_markdown(o.row),
        }
        if o.rule == "count_fell":
            items.append(t("quality.outlier_fell", lang, **told))
            continue
        change = t("quality.up" if o.change > 0 else "quality.down", lang, share=percent(abs(o.change), lang))
        back = t("quality.back", lang) if o.back else ""
        items.append(t("quality.outlier_item", lang, **told, change=change, score=f"{o.score:.1f}", back=back))
    lines = "\n".join(f"- {t('quality.outlier', lang, said=item)}" for item in items)
    return f"{t('quality.outliers', lang, n=len(found))}\n\n{lines}\n\n{prose([rule], lang)}"


def _checked(found: Sequence[Finding], lang: str) -> str:
    """What the check of the ledger found: how many by check, and the worst few in its own words."""
    if not found:
        return prose([t("quality.checked_none", lang)], lang)
    numbers = Counter((f.severity, f.check) for f in found)
    counts = [
        t(f"quality.checked_{severity}", lang, check=t(f"check.{check}", lang), n=n)
        for (severity, check), n in sorted(numbers.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    ]
    worst = found[:_WORST]
    key = "quality.checked" if len(worst) == len(found) else "quality.checked_more"
    lines = "\n".join("- " + escape_markdown(Text(f.zh, f.en)[lang]) for f in worst)
    return f"{t(key, lang, n=len(found), counts=listed(counts, lang))}\n\n{lines}"


def _name(indicator: str, plan: Plan, lang: str) -> str:
    return in_sentence(plan.indicator(indicator).short[lang], lang)


def _signed(share: float, lang: str) -> str:
    return ("+" if share > 0 else "") + decimal(share * 100, lang, 1)
