"""How good the figures are, told: coverage, restatements, late reporters, flagged figures, the break of the roster.

Made from `assess.quality`; looks nothing up in the ledger and corrects nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from statistics import median

from greenreport.areas import Roster
from greenreport.assess.quality import LEAST_FACTOR, MODIFIED_Z, SUM_TOLERANCE, Outlier, Quality
from greenreport.checks.finding import CHECKS, Finding
from greenreport.observations import Late, Restatement
from greenreport.plan import Plan
from greenreport.present.catalog import t
from greenreport.present.columns import (
    PERCENT,
    count_cell,
    count_column,
    date_column,
    range_column,
    share_column,
    text_field,
)
from greenreport.present.coverage_views import HAVE
from greenreport.present.narrative import in_sentence, prose
from greenreport.present.numbers import alike, decimal, joined, listed, percent, published, quantity, separated, spanned
from greenreport.present.numbers import day as in_words
from greenreport.present.show import Narrative, Table
from greenreport.present.tabulate import Column, Mark, escape_markdown, table

__all__ = ["quality_text", "restatement_table"]

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
        blocks.append(prose([t("quality.sums", lang, tolerance=tolerance, items=separated(items, lang))], lang))
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
    have = [c for c in due if c.status in HAVE]
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


def _name(indicator: str, plan: Plan, lang: str) -> str:
    return in_sentence(plan.indicator(indicator).short[lang], lang)


def _signed(share: float, lang: str) -> str:
    return ("+" if share > 0 else "") + decimal(share * 100, lang, 1)
