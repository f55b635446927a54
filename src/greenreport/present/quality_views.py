"""How good the figures are, told: coverage, restatements, late reporters, flagged figures, the break of the roster.

Made from `assess.quality`; looks nothing up in the ledger and corrects nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from statistics import median
from typing import NamedTuple

from greenreport.areas import Roster
from greenreport.assess.quality import LEAST_FACTOR, MODIFIED_Z, SUM_TOLERANCE, Outlier, Quality
from greenreport.checks.finding import CHECKS, Finding
from greenreport.observations import Late, Restatement
from greenreport.plan import Plan
from greenreport.present.columns import PERCENT, Columns, text_field
from greenreport.present.coverage_views import HAVE
from greenreport.present.messages import in_sentence, prose
from greenreport.present.numbers import alike, decimal, joined, listed, percent, published, quantity, separated, spanned
from greenreport.present.numbers import day as in_words
from greenreport.present.show import Narrative, Table
from greenreport.present.tabulate import Mark, escape_markdown
from greenreport.text import Text
from greenreport.words import t

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
    return Narrative.under(t("quality.heading", lang), *blocks, level=level)


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


def restatement_table(found: Quality, plan: Plan, lang: str) -> Table | None:
    """Restatements of final figures by indicator, year and day; None where there are none."""
    if not found.restatements:
        return None

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
        t(f"quality.checked_{severity}", lang, check=CHECKS[check][lang], n=n)
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
