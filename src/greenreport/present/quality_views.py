"""How good the figures are, told: coverage, restatements, late reporters, flagged figures, the break of the roster.

Made from `assess.quality`; looks nothing up in the ledger and corrects nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from statistics import median

import altair as alt

from greenreport.areas import Roster
from greenreport.assess.quality import LEAST_FACTOR, MODIFIED_Z, SUM_TOLERANCE, Outlier, Quality
from greenreport.intake.finding import CHECKS, Finding
from greenreport.observations import Late, Restatement
from greenreport.plan import Plan
from greenreport.present import theme
from greenreport.present.catalog import t
from greenreport.present.charts import figure, inline
from greenreport.present.columns import (
    PERCENT,
    count_cell,
    count_column,
    date_column,
    range_column,
    share_column,
    text_field,
)
from greenreport.present.narrative import in_sentence, prose
from greenreport.present.numbers import alike, decimal, joined, listed, percent, published, quantity, spanned
from greenreport.present.numbers import day as in_words
from greenreport.present.show import Field, Figure, Narrative, Sheet, Table
from greenreport.present.tabulate import Column, Mark, escape_markdown, table

__all__ = ["coverage_chart", "coverage_table", "own_coverage_table", "quality_text", "restatement_table"]

_HAVE = ("observed", "provisional", "unconfirmed", "bridged")
_LATE_DAYS = 45
_WORST = 3
"""So many findings of the ledger's check are told in words; all of them are counted."""
_NAMED = 2
"""Up to so many indicators of a late district are named; more are counted."""


def quality_text(found: Quality, plan: Plan, roster: Roster, lang: str, *, as_of: date, level: int = 3) -> Narrative:
    """What is at hand and what is missing, late, changed, odd or not final, in numbers and by name."""
    blocks = [
        prose(_coverage(found, roster, lang), lang),
        prose(_late(found.late, plan, roster, lang, as_of) if found.late else [], lang),
        prose([_restated(found.restatements, plan, roster, lang)], lang) if found.known else "",
        _flagged(found.outliers, plan, roster, lang) if found.known else "",
        _checked(found.checked, lang) if found.known else "",
    ]
    tolerance = percent(SUM_TOLERANCE, lang)
    if found.sums:
        items = [
            t("quality.sums_item", lang, year=s.year, indicator=_name(s.indicator, plan, lang),
              parts=quantity(s.parts, plan.indicator(s.indicator).unit, lang),
              whole=quantity(s.whole, plan.indicator(s.indicator).unit, lang))
            for s in found.sums
        ]  # fmt: skip
        blocks.append(prose([t("quality.sums", lang, tolerance=tolerance, items=_list(items, lang))], lang))
    elif found.sums_compared:
        blocks.append(prose([t("quality.sums_ok", lang, n=found.sums_compared, tolerance=tolerance)], lang))
    for successor, bridges in groupby(found.bridges, key=lambda b: b.successor):
        group = list(bridges)
        blocks.append(
            t(
                "quality.break",
                lang,
                day=in_words(group[0].from_date, lang),
                successor=roster.area(successor).name[lang],
                predecessors=joined([roster.area(b.predecessor).name[lang] for b in group], lang),
                basis=escape_markdown(group[0].basis[lang]),
            )
        )
    heading = f"{'#' * level} {t('quality.heading', lang)}\n\n"
    return Narrative(heading + "\n\n".join(b for b in blocks if b))


def coverage_chart(found: Quality, plan: Plan, roster: Roster, lang: str) -> Figure:
    """Areas by years: a mark with the number of missing figures wherever a year is not complete."""
    counts = _counts(found)
    rows = [
        {
            "area": roster.area(area).short[lang],
            "year": str(year),
            "gaps": expected - have,
            "text": f"−{expected - have}",
        }
        for (area, year), (have, expected) in counts.items()
        if have < expected
    ]
    names = [roster.area(a).short[lang] for a in dict.fromkeys(c.area for c in found.cells)]
    years = [str(y) for y in found.years]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X(
            "year:O",
            title=None,
            scale=alt.Scale(domain=years),
            axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False, grid=True, bandPosition=0.5),
        ),
        y=alt.Y(
            "area:N",
            title=None,
            scale=alt.Scale(domain=names),
            axis=alt.Axis(ticks=False, domain=False, labelLimit=160, grid=True, bandPosition=0.5),
        ),
        tooltip=[
            alt.Tooltip("area:N", title=t("table.area", lang)),
            alt.Tooltip("year:N", title=t("table.year", lang)),
            alt.Tooltip("gaps:Q", title=t("quality.status.missing", lang)),
        ],
    )
    marks = base.mark_text(fontSize=12, fontWeight="bold").encode(
        text=alt.Text("text:N"),
        color=alt.condition("datum.gaps > 1", alt.value(theme.VERDICT_COLOUR["at_risk"]), alt.value(theme.INK)),
    )
    caption = t("quality.chart_caption", lang)
    fields = (
        text_field("area", t("table.area", lang)),
        Field("year", t("table.year", lang)),
        Field("have", t("quality.field.have", lang)),
        Field("due", t("quality.field.due", lang)),
    )
    data = tuple((roster.area(area).short[lang], year, have, due) for (area, year), (have, due) in counts.items())
    worst = max(rows, key=lambda r: (r["gaps"], r["year"]), default=None)
    return figure(
        marks,
        label="fig-coverage",
        caption=caption,
        sheet=Sheet(fields, data, caption),
        alt_text=t("quality.chart_alt", lang, n=len(rows), area=worst["area"], year=worst["year"], gaps=worst["gaps"])
        if worst
        else t("quality.chart_alt_full", lang),
        width=460,
        height=15 * len(names),
    )


def coverage_table(found: Quality, plan: Plan, roster: Roster, lang: str) -> Table:
    """The areas with gaps: indicators at hand of those due, by year."""
    counts = _counts(found)
    columns = [
        Column("area", t("table.area", lang), width=4),
        *(
            Column(
                str(y),
                str(y),
                "right",
                width=2,
                fields=(
                    Field(f"have_{y}", t("columns.have", lang, year=y)),
                    Field(f"due_{y}", t("columns.expected", lang, year=y)),
                ),
            )
            for y in found.years
        ),
    ]
    areas = list(dict.fromkeys(c.area for c in found.cells))
    rows: list[dict[str, str | Mark]] = []
    for area in areas:
        of_area = {year: counts.get((area, year), (0, 0)) for year in found.years}
        if all(have == expected for have, expected in of_area.values()):
            continue
        row: dict[str, str | Mark] = {"area": roster.area(area).short[lang]}
        for year, (have, expected) in of_area.items():
            text = t("quality.of", lang, have=have, expected=expected) if expected else t("number.missing", lang)
            row[str(year)] = Mark(text, raw=(have, expected))
        rows.append(row)
    return table(
        columns,
        rows,
        label="tbl-coverage",
        caption=t("quality.coverage_caption", lang),
        notes=[t("quality.coverage_note", lang, full=len(areas) - len(rows))],
    )


def own_coverage_table(found: Quality, plan: Plan, lang: str, *, area: str) -> Table:
    """One area: what each figure is, by indicator and year."""
    columns = [
        Column("indicator", t("table.indicator", lang), width=5),
        *(Column(str(y), str(y), "center", width=2) for y in found.years),
    ]
    cells = {(c.indicator, c.year): _status(c.status, lang) for c in found.cells}
    rows: list[dict[str, str | Mark]] = [
        {
            "indicator": i.short[lang],
            **{str(y): cells.get((i.id, y), t("number.missing", lang)) for y in found.years},
        }
        for i in plan.indicators
    ]
    return table(
        columns,
        rows,
        label="tbl-coverage",
        caption=t("quality.own_caption", lang, area=area),
        notes=[t("quality.own_note", lang)],
    )


def _status(status: str, lang: str) -> str | Mark:
    """What a figure is; the usual, a published figure, is a dot, so that the others are seen."""
    words = t(f"quality.status.{status}", lang)
    if status != "observed":
        return words
    return Mark("●", f'<span role="img" aria-label="{words}">●</span>', (words,))


def restatement_table(found: Quality, plan: Plan, lang: str) -> Table | None:
    """Restatements of final figures by indicator, year and day; None where there are none."""
    if not found.restatements:
        return None

    def key(r: Restatement) -> tuple[str, str, date]:
        return r.indicator, r.period, r.new_vintage

    columns = [
        Column("indicator", t("quality.columns.indicator", lang), width=5),
        Column(
            "year",
            t("quality.columns.year", lang),
            "right",
            2,
            (text_field("period", t("quality.columns.year", lang)),),
        ),
        date_column("day", t("quality.columns.day", lang)),
        count_column("areas", t("quality.columns.areas", lang)),
        share_column("median", t("quality.columns.median", lang), lang, width=3),
        range_column("range", t("quality.columns.range", lang), lang, unit=PERCENT),
    ]
    rows: list[dict[str, str | Mark]] = []
    for (indicator, period, vintage), group in groupby(sorted(found.restatements, key=key), key=key):
        changes = [(r.change_pct or 0.0) / 100 for r in group]
        rows.append(
            {
                "indicator": plan.indicator(indicator).short[lang],
                "year": period,
                "day": Mark(vintage.isoformat(), raw=(vintage.isoformat(),)),
                "areas": count_cell(len(changes), lang),
                "median": Mark(_signed(median(changes), lang), raw=(median(changes) * 100,)),
                "range": Mark(
                    t("quality.span", lang, low=_signed(min(changes), lang), high=_signed(max(changes), lang)),
                    raw=(min(changes) * 100, max(changes) * 100),
                ),
            }
        )
    return table(
        columns,
        rows,
        label="tbl-restatements",
        caption=t("quality.restated_caption", lang),
        notes=[t("quality.restated_note", lang)],
    )


def _coverage(found: Quality, roster: Roster, lang: str) -> list[str]:
    if not found.years:
        return []
    due = [c for c in found.cells if c.status != "absent"]
    have = [c for c in due if c.status in _HAVE]
    key = "quality.coverage_districts" if len({c.area for c in due}) > 1 else "quality.coverage"
    said = [
        t(f"{key}_full" if len(have) == len(due) else key, lang,
          first=found.years[0], last=found.years[-1], expected=decimal(len(due), lang, 0),
          have=decimal(len(have), lang, 0), share=percent(len(have) / len(due) if due else None, lang))
    ]  # fmt: skip
    if missing := found.having("missing"):
        last = found.years[-1]
        latest = sum(c.year == last for c in missing)
        key = "quality.missing_latest" if latest else "quality.missing"
        said.append(t(key, lang, n=len(missing), year=last, latest=latest))
    kinds = [
        t(f"quality.kind.{kind}", lang, n=len(cells))
        for kind in ("provisional", "unconfirmed", "bridged")
        if (cells := found.having(kind))
    ]
    if kinds:
        said.append(t("quality.kinds", lang, kinds=listed(kinds, lang)))
    for kind in ("provisional", "unconfirmed"):
        names = [roster.area(c.area).short[lang] for c in found.having(kind)]
        if names and len({c.area for c in found.cells}) > 1:
            said.append(t(f"quality.{kind}_names", lang, names=joined(list(dict.fromkeys(names)), lang)))
    if part := found.having("part"):
        said.append(t("quality.part", lang, n=len(part)))
    if absent := found.having("absent"):
        said.append(t("quality.absent", lang, n=len(absent)))
    return said


def _late(late: Sequence[Late], plan: Plan, roster: Roster, lang: str, as_of: date) -> list[str]:
    said = []
    for year in sorted({x.year for x in late}):
        for key, came in (("late", True), ("never", False)):
            by_area: dict[str, list[Late]] = {}
            for x in late:
                if x.year == year and (x.days is not None) == came:
                    by_area.setdefault(x.area, []).append(x)
            if not by_area:
                continue
            items = []
            for code, rows in by_area.items():
                few = len(rows) <= _NAMED
                what = (
                    listed([_name(x.indicator, plan, lang) for x in rows], lang)
                    if few
                    else t("quality.indicators", lang, n=len(rows))
                )
                days = sorted(x.days for x in rows if x.days is not None)
                first, last = (str(days[0]), str(days[-1])) if days else ("", "")
                span = first if first == last else spanned(first, last, lang)
                items.append(
                    t(f"quality.{key}_item", lang, area=roster.area(code).short[lang], indicators=what, days=span)
                )
            said.append(
                t(
                    f"quality.{key}",
                    lang,
                    year=year,
                    days=_LATE_DAYS,
                    day=in_words(as_of, lang),
                    names=listed(items, lang),
                )
            )
    return said


def _restated(found: Sequence[Restatement], plan: Plan, roster: Roster, lang: str) -> str:
    if not found:
        return t("quality.restated_none", lang)
    top = found[0]
    old, new = alike([top.old, top.new], plan.indicator(top.indicator).unit, lang)
    where = t(
        "quality.restated_where",
        lang,
        area=roster.area(top.area).short[lang],
        year=top.period,
        indicator=_name(top.indicator, plan, lang),
        old=old,
        new=new,
    )
    sizes = [abs(r.change_pct or 0.0) / 100 for r in found]
    return t(
        "quality.restated",
        lang,
        n=len(found),
        median=percent(median(sizes), lang),
        largest=percent(sizes[0], lang),
        where=where,
    )


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
    stop = "。" if lang == "zh" else "."
    lines = "\n".join(f"- {item}{stop}" for item in items)
    return f"{t('quality.outliers', lang, n=len(found))}\n\n{lines}\n\n{prose([rule], lang)}"


def _checked(found: Sequence[Finding], lang: str) -> str:
    """What the check of the ledger found: how many by check, and the worst few in its own words."""
    if not found:
        return prose([t("quality.checked_none", lang)], lang)
    numbers = Counter((f.severity, f.check) for f in found)
    counts = [
        t(f"quality.checked_{severity}", lang, check=CHECKS[check][lang], n=n)
        for (severity, check), n in sorted(numbers.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
    ]
    worst = found[:_WORST]
    key = "quality.checked" if len(worst) == len(found) else "quality.checked_more"
    lines = "\n".join("- " + escape_markdown(f.zh if lang == "zh" else f.en) for f in worst)
    return f"{t(key, lang, n=len(found), counts=listed(counts, lang))}\n\n{lines}"


def _counts(found: Quality) -> dict[tuple[str, int], tuple[int, int]]:
    """Area and year → indicators at hand, indicators due."""
    out: dict[tuple[str, int], tuple[int, int]] = {}
    for c in found.cells:
        have, expected = out.get((c.area, c.year), (0, 0))
        due = c.status != "absent"
        out[c.area, c.year] = (have + (c.status in _HAVE), expected + due)
    return out


def _name(indicator: str, plan: Plan, lang: str) -> str:
    return in_sentence(plan.indicator(indicator).short[lang], lang)


def _list(items: Sequence[str], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(items)


def _signed(share: float, lang: str) -> str:
    return ("+" if share > 0 else "") + decimal(share * 100, lang, 1)
