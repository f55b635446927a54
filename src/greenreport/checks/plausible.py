"""The checks of plausibility themselves, one function each, over the columns of a view of the ledger.

Formulas: a jump is a growth that lies more than six robust standard deviations (1.4826 × the median absolute
deviation) from the median growth of its own series, or of the indicator where the series is short. Must not know any
indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.checks import wording
from greenreport.checks.finding import Finding
from greenreport.observations import FIGURES, Ledger, View, key_of, parse_period
from greenreport.plan import KINDS, Indicator
from greenreport.text import Text
from greenreport.words import both

__all__ = ["findings"]

_MAD = 1.4826
_OWN = 4
_JUMP_MADS = 6.0
"""How many robust standard deviations a growth may lie from the usual one."""

_JUMP_LEAST_PCT = 50.0
"""How large a change must be besides."""

_SUM_PCT, _SUM_ERROR_PCT = 0.5, 5.0
"""By how much the parts may miss the whole before it is a warning, and an error."""

_RESTATEMENT_PCT = 5.0
"""From which change on a revision is told."""

_UNIT_SLIP = 50.0
"""The ratio from which a change looks like a wrong unit."""

_TENFOLD = 1.3
"""By which factor a tenfold or a tenth may be missed and still looks like a digit too many or too few."""

_GROWTH_POINTS = 10.0
"""By how many points a growth given with a figure may miss that of the levels."""

_MOST = 1_000
"""How many findings of a check are listed one by one."""


class _Context:
    """The figures known on the day, with what is needed to write about them."""

    def __init__(self, ledger: Ledger, view: View) -> None:
        self.ledger, self.view = ledger, view
        frame = view.frame
        self.plan: dict[str, Indicator] = {i.id: i for i in ledger.plan.indicators}
        keep = frame["kind"].isin(FIGURES).to_numpy()
        self.figures = frame[keep].reset_index(drop=True)
        f = self.figures
        self.value = f["value"].to_numpy(dtype=float)
        self.year = f["year"].to_numpy()
        self.months = f["months"].to_numpy()
        self.indicator = f["indicator"].cat.codes.to_numpy()
        ids = [str(t) for t in f["indicator"].cat.categories]
        known = [self.plan.get(i) for i in ids]
        self.is_count = np.array([one is not None and one.is_count for one in known], dtype=bool)[self.indicator]
        accrues = [one is not None and KINDS[one.kind].accrues for one in known]
        self.accrues = np.array(accrues, dtype=bool)[self.indicator]
        highest = [one.bounds[1] if one is not None and one.bounds else np.inf for one in known]
        self.highest = np.array(highest, dtype=float)[self.indicator]
        self.series = key_of([f[c].cat.codes.to_numpy() for c in ("indicator", "area", "scope")])
        self.more: dict[str, int] = {}

    def few(self, check: str, at: npt.NDArray[np.intp]) -> list[int]:
        """The first places of many; how many more there are is told at the end."""
        if len(at) > _MOST:
            self.more[check] = self.more.get(check, 0) + len(at) - _MOST
        return [int(i) for i in at[:_MOST]]

    def find(
        self,
        check: str,
        severity: str,
        at: int,
        said: Text,
        frame: pd.DataFrame | None = None,
        *,
        size: float = 0.0,
    ) -> Finding:
        r = (self.figures if frame is None else frame).iloc[at]
        name = self.ledger.name(str(r["indicator"]))
        area = self.ledger.roster.by_code[str(r["area"])]
        about = {"area": area.name, "name": name, "when": wording.period(str(r["period"])), "said": said}
        text = both("finding.about", **about)
        return Finding(
            check=check,
            severity=severity,  # type: ignore[arg-type]
            zh=text.zh,
            en=text.en,
            indicator=str(r["indicator"]),
            area=str(r["area"]),
            period=str(r["period"]),
            value=float(r["value"]),
            file=str(r["file"]),
            row=int(r["row"]),
            field="value",
            size=abs(size),
        )

    def told(self, at: int, value: float | None = None) -> Text:
        """A figure, or another number of the same indicator, with its unit."""
        unit = self.ledger.unit(str(self.figures["indicator"].iat[at]))
        return wording.quantity(float(self.value[at]) if value is None else value, unit)

    def when(self, at: int) -> Text:
        """The period of a figure in words."""
        return wording.period(str(self.figures["period"].iat[at]))


def findings(ledger: Ledger, view: View) -> Iterator[Finding]:
    """Everything implausible in what a view knows."""
    c = _Context(ledger, view)
    if len(c.figures):
        yield from _range(c)
        yield from _falling(c)
        yield from _jumps(c)
        yield from _sums(c)
        yield from _part_years(c)
        yield from _growth(c)
    yield from _restatements(c)
    for check, n in c.more.items():
        said = both("finding.more", count=n)
        yield Finding(check, "info", said.zh, said.en)


def _range(c: _Context) -> Iterator[Finding]:
    """Negative values (of what does not add up, such as a balance, a warning), counts with a fraction, shares above 100."""
    for i in c.few("range", np.flatnonzero(c.value < 0)):
        of_plan = c.plan.get(str(c.figures["indicator"].iat[i]))
        level = of_plan is not None and KINDS[of_plan.kind].accrues and not of_plan.additive
        yield c.find("range", "warning" if level else "error", i, both("finding.below_zero", value=c.told(i)))
    counts = c.is_count & (c.value != np.floor(c.value)) & (c.months == 12)
    for i in c.few("range", np.flatnonzero(counts)):
        yield c.find("range", "error", i, both("finding.not_whole", value=c.told(i)))
    for i in c.few("share", np.flatnonzero(c.value > c.highest)):
        yield c.find("share", "error", i, both("finding.share", share=wording.number(c.value[i])))


def _falling(c: _Context) -> Iterator[Finding]:
    """Cumulative counts below an earlier one of the same series; explained in the note: a warning, else an error."""
    at = np.flatnonzero(c.is_count & (c.year > 0))
    order = at[np.lexsort((c.year[at] * 12 + c.months[at], c.series[at]))]
    same = c.series[order][1:] == c.series[order][:-1]
    fell = same & (c.value[order][1:] < c.value[order][:-1] - 1e-9)
    for k in c.few("falling_count", np.flatnonzero(fell)):
        i, before = int(order[k + 1]), int(order[k])
        note = str(c.figures["note"].iat[i])
        said = {"now": c.told(i), "when": c.when(before), "before": c.told(before)}
        if told := c.ledger.note(note):
            yield c.find("falling_count", "warning", i, both("finding.fell_noted", note=told, **said))
        else:
            yield c.find("falling_count", "warning" if note else "error", i, both("finding.fell", **said))


def _jumps(c: _Context) -> Iterator[Finding]:
    """Growth from year to year far from what the series, or the indicator elsewhere, has seen."""
    at = np.flatnonzero((c.months == 12) & (c.value > 0))
    order = at[np.lexsort((c.year[at], c.series[at]))]
    if len(order) < 2:
        return
    series, year, value = c.series[order], c.year[order].astype(int), c.value[order]
    gap = year[1:] - year[:-1]
    ok = (series[1:] == series[:-1]) & (gap > 0) & (gap <= 3)
    # Counts of a few things double by adding one: for them a jump needs many things, not a high rate.
    small = c.is_count[order][1:] & (np.abs(value[1:] - value[:-1]) < 10)
    growth = np.where(ok, np.log(value[1:] / value[:-1]) / np.maximum(gap, 1), np.nan)
    table = pd.DataFrame({"series": series[1:], "indicator": c.indicator[order][1:], "growth": growth})
    own, count = _usual(table, "series")
    pooled, of_all = _usual(table, "indicator")
    middle = np.where(count >= _OWN, own[0], pooled[0])
    spread = np.where(count >= _OWN, own[1], pooled[1])
    least = np.log1p(_JUMP_LEAST_PCT / 100)
    # Fewer growths than that, here or elsewhere, do not say what is usual.
    told = np.maximum(count, of_all) >= _OWN
    far = ok & ~small & told & (np.abs(growth - middle) > np.maximum(_JUMP_MADS * _MAD * spread, least))
    apart = np.abs(np.log(value[1:] / value[:-1]))
    slip = ok & (apart >= np.log(_UNIT_SLIP))
    tenth = ok & ~small & ~slip & (np.abs(apart - np.log(10)) <= np.log(_TENFOLD))
    for k in c.few("jump", np.flatnonzero(far | slip | tenth)):
        i, before = int(order[k + 1]), int(order[k])
        ratio = value[k + 1] / value[k]
        pct = (ratio - 1) * 100
        said = {"now": c.told(i), "when": c.when(before), "before": c.told(before)}
        if slip[k]:
            yield c.find("unit_slip", "error", i, both("finding.unit_slip", ratio=ratio, **said), size=pct)
        elif tenth[k]:
            yield c.find("unit_slip", "warning", i, both("finding.digit_slip", ratio=ratio, **said), size=pct)
        else:
            moved, usual = wording.change(pct), wording.change(float(np.expm1(middle[k])) * 100)
            yield c.find("jump", "warning", i, both("finding.jump", moved=moved, usual=usual, **said), size=pct)


def _usual(
    table: pd.DataFrame, by: str
) -> tuple[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]], npt.NDArray[np.float64]]:
    """Median and median absolute deviation of growth in each row's group, and how many growths the group has."""
    groups = table.groupby(by)["growth"]
    middle = groups.transform("median").to_numpy()
    apart = table.assign(apart=np.abs(table["growth"].to_numpy() - middle))
    spread = apart.groupby(by)["apart"].transform("median").to_numpy()
    return (middle, spread), groups.transform("count").to_numpy().astype(float)


def _sums(c: _Context) -> Iterator[Finding]:
    """Districts that do not add up to the area planned for; a predecessor counts where its successor has no figure."""
    roster = c.ledger.roster
    f = c.figures
    additive = {i.id for i in c.ledger.plan.indicators if i.additive}
    scope = {i.id: i.scope or "" for i in c.ledger.plan.indicators}
    top = c.ledger.plan.area
    local = {a.code for a in roster.areas if a.role == "part"}
    keep = f["indicator"].isin(list(additive)).to_numpy() & (c.months > 0)
    keep &= f["scope"].astype(str).to_numpy() == f["indicator"].astype(str).map(scope).fillna("").to_numpy()
    keep &= f["area"].isin([*local, top]).to_numpy()
    places = pd.DataFrame(
        {"i": np.flatnonzero(keep), "indicator": c.indicator[keep], "period": f["period"].cat.codes.to_numpy()[keep]}
    )
    areas = f["area"].astype(str).to_numpy()
    for _, group in places.groupby(["indicator", "period"], sort=True):
        rows = group["i"].to_numpy()
        by_area = {areas[i]: int(i) for i in rows}
        if top not in by_area or len(by_area) < 2:
            continue
        at = by_area.pop(top)
        yield from _one_sum(c, at, by_area)


def _one_sum(c: _Context, at: int, by_area: dict[str, int]) -> Iterator[Finding]:
    span = parse_period(str(c.figures["period"].iat[at]))
    if span is None:
        return
    expected = c.ledger.roster.on(span.last)
    total, missing = _added_up(c, [area.code for area in expected], by_area)
    city = float(c.value[at])
    scale = max(abs(city), 1e-12)
    apart = (total - city) / scale * 100
    slack = max(_SUM_PCT, 100 * 0.5 * len(expected) * 0.01 / scale)
    level = c.ledger.plan.level
    sums = {"total": c.told(at, total), "whole": c.told(at)}
    if not missing and abs(apart) > slack:
        severity = "error" if abs(apart) > _SUM_ERROR_PCT else "warning"
        yield c.find(
            "sum", severity, at, both("finding.sum", level, over=apart > 0, apart=abs(apart), **sums), size=apart
        )
    elif missing and apart > slack:
        yield c.find("sum", "warning", at, both("finding.sum_missing", level, missing=missing, **sums))


def _added_up(c: _Context, codes: list[str], by_area: dict[str, int]) -> tuple[float, int]:
    """The sum of the districts' figures, or their predecessors', and how many districts lack theirs."""
    total, missing = 0.0, 0
    for code in codes:
        if code in by_area:
            total += c.value[by_area[code]]
            continue
        before = [b.predecessor for b in c.ledger.roster.bridge(code)]
        known = [p for p in before if p in by_area]
        total += sum(float(c.value[by_area[p]]) for p in known)
        missing += not before or len(known) < len(before)
    return total, missing


def _part_years(c: _Context) -> Iterator[Finding]:
    """Years to date above the full year, or above a later month of the same year."""
    at = np.flatnonzero(c.accrues & (c.year > 0) & (c.months > 0))
    order = at[np.lexsort((c.months[at], c.year[at], c.series[at]))]
    same = (c.series[order][1:] == c.series[order][:-1]) & (c.year[order][1:] == c.year[order][:-1])
    over = same & (c.value[order][:-1] > c.value[order][1:] * (1 + 1e-9))
    provisional = (c.figures["kind"] == "provisional").to_numpy()
    for k in c.few("part_year", np.flatnonzero(over)):
        i, later = int(order[k]), int(order[k + 1])
        open_ = provisional[i] or provisional[later]
        key = "finding.part_of_year" if c.months[later] == 12 else "finding.part_year"
        said = both(key, when=c.when(later), part=c.told(i), full=c.told(later))
        yield c.find("part_year", "warning" if open_ else "error", i, said)


def _growth(c: _Context) -> Iterator[Finding]:
    """Growth published with a figure against that of the levels, of years and of the same months; noted: only told."""
    pct = c.figures["growth_pct"].to_numpy(dtype=float)
    at = np.flatnonzero((c.year > 0) & (c.months > 0) & (c.value > 0))
    order = at[np.lexsort((c.year[at], c.months[at], c.series[at]))]
    now, before = order[1:], order[:-1]
    pair = (c.series[now] == c.series[before]) & (c.months[now] == c.months[before])
    pair &= (c.year[now].astype(int) - c.year[before].astype(int) == 1) & ~np.isnan(pct[now])
    implied = (c.value[now] / c.value[before] - 1) * 100
    far = pair & (np.abs(implied - pct[now]) > _GROWTH_POINTS)
    for k in c.few("growth", np.flatnonzero(far)):
        i, was = int(now[k]), int(before[k])
        own, of_levels = wording.change(float(pct[i])), wording.change(float(implied[k]))
        said = both("finding.growth", own=own, when=c.when(was), before=c.told(was), of_levels=of_levels)
        severity = "info" if str(c.figures["note"].iat[i]) else "warning"
        yield c.find("growth", severity, i, said, size=float(implied[k] - pct[i]))


def _restatements(c: _Context) -> Iterator[Finding]:
    """Figures that a later vintage changed by more than the threshold; from provisional to final counts as usual."""
    f = c.view.rows(areas=list(c.ledger.roster.by_code))
    if len(f) < 2:
        return
    figure = f["kind"].isin(FIGURES).to_numpy()
    key = key_of([f[c].cat.codes.to_numpy() for c in ("indicator", "area", "scope", "period")])
    same = figure[1:] & figure[:-1] & (key[1:] == key[:-1])
    value = f["value"].to_numpy(dtype=float)
    old, new = value[:-1], value[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        pct = np.where(old != 0, (new / old - 1) * 100, np.where(new != 0, np.inf, 0.0))
    flash = (f["kind"] == "provisional").to_numpy()[:-1]
    far = same & (np.abs(pct) > _RESTATEMENT_PCT)
    days = f["vintage"].to_numpy().astype("datetime64[D]")
    for k in c.few("restatement", np.flatnonzero(far)):
        unit = c.ledger.unit(str(f["indicator"].iat[k]))
        said = both(
            "finding.restated",
            was=wording.quantity(old[k], unit),
            old_day=days[k],
            now=wording.quantity(new[k], unit),
            new_day=days[k + 1],
            moved=wording.change(float(pct[k]), revised=True),
        )
        yield c.find("restatement", "info" if flash[k] else "warning", k + 1, said, f, size=float(pct[k]))
