"""The checks of plausibility themselves, one function each, over the columns of a view of the ledger.

Formulas: a jump is a growth that lies more than `jump_mads` robust standard deviations (1.4826 × the median absolute
deviation) from the median growth of its own series, or of the indicator where the series is short. Must not know any
indicator or area by name.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.checks import wording
from greenreport.checks.finding import Finding, Thresholds
from greenreport.observations import FIGURES, Ledger, View, parse_period
from greenreport.plan import KINDS, Indicator
from greenreport.text import Text

__all__ = ["findings"]

_MAD = 1.4826
_OWN = 4


class _Context:
    """The figures known on the day, with what is needed to write about them."""

    def __init__(self, ledger: Ledger, view: View, marks: Thresholds) -> None:
        self.ledger, self.view, self.marks = ledger, view, marks
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
        self.series = _series(f)
        self.more: dict[str, int] = {}

    def few(self, check: str, at: npt.NDArray[np.intp]) -> list[int]:
        """The first places of many; how many more there are is told at the end."""
        if len(at) > self.marks.most:
            self.more[check] = self.more.get(check, 0) + len(at) - self.marks.most
        return [int(i) for i in at[: self.marks.most]]

    def find(
        self,
        check: str,
        severity: str,
        at: int,
        zh: str,
        en: str,
        frame: pd.DataFrame | None = None,
        *,
        size: float = 0.0,
    ) -> Finding:
        r = (self.figures if frame is None else frame).iloc[at]
        name = self.ledger.name(str(r["indicator"]))
        area = self.ledger.roster.by_code[str(r["area"])]
        when = wording.period(str(r["period"]))
        return Finding(
            check=check,
            severity=severity,  # type: ignore[arg-type]
            zh=f"{area.name.zh}“{name.zh}”{when.zh}：{zh}",
            en=f"{area.name.en}, {name.en}, {when.en}: {en}",
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


def findings(ledger: Ledger, view: View, marks: Thresholds) -> Iterator[Finding]:
    """Everything implausible in what a view knows."""
    c = _Context(ledger, view, marks)
    if len(c.figures):
        yield from _range(c)
        yield from _falling(c)
        yield from _jumps(c)
        yield from _sums(c)
        yield from _part_years(c)
        yield from _growth(c)
    yield from _restatements(c)
    for check, n in c.more.items():
        yield Finding(check, "info", f"同类问题另有{n}处，未逐一列出。", f"{n} more of this kind are not listed.")


def _series(f: pd.DataFrame) -> npt.NDArray[np.int64]:
    """One number per indicator, area and scope."""
    out = np.zeros(len(f), dtype=np.int64)
    for column in ("indicator", "area", "scope"):
        out = out * (len(f[column].cat.categories) + 1) + f[column].cat.codes.to_numpy()
    return out


def _range(c: _Context) -> Iterator[Finding]:
    """Negative values (of what does not add up, such as a balance, a warning), counts with a fraction, shares above 100."""
    for i in c.few("range", np.flatnonzero(c.value < 0)):
        value = c.told(i)
        of_plan = c.plan.get(str(c.figures["indicator"].iat[i]))
        level = of_plan is not None and KINDS[of_plan.kind].accrues and not of_plan.additive
        yield c.find(
            "range", "warning" if level else "error", i, f"数值{value.zh}小于0。", f"the value, {value.en}, is below 0."
        )
    counts = c.is_count & (c.value != np.floor(c.value)) & (c.months == 12)
    for i in c.few("range", np.flatnonzero(counts)):
        value = c.told(i)
        yield c.find("range", "error", i, f"累计数{value.zh}不是整数。", f"the count, {value.en}, is not whole.")
    for i in c.few("share", np.flatnonzero(c.value > c.highest)):
        share = wording.number(c.value[i])
        yield c.find("share", "error", i, f"比率{share}%超过100%。", f"the share, {share}%, is above 100%.")


def _falling(c: _Context) -> Iterator[Finding]:
    """Cumulative counts below an earlier one of the same series; explained in the note: a warning, else an error."""
    at = np.flatnonzero(c.is_count & (c.year > 0))
    order = at[np.lexsort((c.year[at] * 12 + c.months[at], c.series[at]))]
    if len(order) < 2:
        return
    same = c.series[order][1:] == c.series[order][:-1]
    fell = same & (c.value[order][1:] < c.value[order][:-1] - 1e-9)
    for k in c.few("falling_count", np.flatnonzero(fell)):
        i, before = int(order[k + 1]), int(order[k])
        note = str(c.figures["note"].iat[i])
        was, now, then = c.when(before), c.told(i), c.told(before)
        told = c.ledger.note(note)
        severity = "warning" if note else "error"
        yield c.find(
            "falling_count", severity, i,
            f"累计数{now.zh}低于{was.zh}的{then.zh}。{'备注：' + told.zh + '。' if told else '如确有摘牌、撤销，请在备注中说明。'}",
            f"the cumulative count, {now.en}, is below that of {was.en}, {then.en}. {'Note: ' + told.en + '.' if told else 'If some were withdrawn, say so in the note.'}",
        )  # fmt: skip


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
    least = np.log1p(c.marks.jump_least_pct / 100)
    # Fewer growths than that, here or elsewhere, do not say what is usual.
    told = np.maximum(count, of_all) >= _OWN
    far = ok & ~small & told & (np.abs(growth - middle) > np.maximum(c.marks.jump_mads * _MAD * spread, least))
    apart = np.abs(np.log(value[1:] / value[:-1]))
    slip = ok & (apart >= np.log(c.marks.unit_slip))
    tenth = ok & ~small & ~slip & (np.abs(apart - np.log(10)) <= np.log(c.marks.tenfold))
    for k in c.few("jump", np.flatnonzero(far | slip | tenth)):
        i, before = int(order[k + 1]), int(order[k])
        ratio = value[k + 1] / value[k]
        pct = (ratio - 1) * 100
        was, then = c.when(before), c.told(before)
        if slip[k] or tenth[k]:
            severity, zh, en = (
                ("error", "疑似单位写错", "the unit may be wrong")
                if slip[k]
                else ("warning", "疑似多写或少写一位", "a digit may be too many or missing")
            )
            yield c.find(
                "unit_slip", severity, i,
                f"{c.told(i).zh}，是{was.zh}（{then.zh}）的{ratio:.4g}倍，{zh}。",
                f"{c.told(i).en}, {ratio:.4g} times the figure for {was.en} ({then.en}); {en}.",
                size=pct,
            )  # fmt: skip
        else:
            moved, usual = wording.change(pct), wording.change(float(np.expm1(middle[k])) * 100)
            yield c.find(
                "jump", "warning", i,
                f"{c.told(i).zh}，比{was.zh}（{then.zh}）{moved.zh}；通常每年{usual.zh}左右。",
                f"{c.told(i).en}, {moved.en} on {was.en} ({then.en}); usually {usual.en} a year.",
                size=pct,
            )  # fmt: skip


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
    slack = max(c.marks.sum_pct, 100 * 0.5 * len(expected) * 0.01 / scale)
    sum_, whole = c.told(at, total), c.told(at)
    if not missing and abs(apart) > slack:
        severity = "error" if abs(apart) > c.marks.sum_error_pct else "warning"
        yield c.find(
            "sum",
            severity,
            at,
            f"各区县合计{sum_.zh}，比全市数{whole.zh}{'多' if apart > 0 else '少'}{abs(apart):.2f}%。",
            f"the districts add up to {sum_.en}, {abs(apart):.2f}% {'above' if apart > 0 else 'below'} the city’s {whole.en}.",
            size=apart,
        )
    elif missing and apart > slack:
        yield c.find(
            "sum", "warning", at,
            f"尚缺{missing}个区县，已报合计{sum_.zh}已超过全市数{whole.zh}。",
            f"districts missing: {missing}; yet the others add up to {sum_.en}, more than the city’s {whole.en}.",
        )  # fmt: skip


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
    if len(order) < 2:
        return
    same = (c.series[order][1:] == c.series[order][:-1]) & (c.year[order][1:] == c.year[order][:-1])
    over = same & (c.value[order][:-1] > c.value[order][1:] * (1 + 1e-9))
    provisional = (c.figures["kind"] == "provisional").to_numpy()
    for k in c.few("part_year", np.flatnonzero(over)):
        i, later = int(order[k]), int(order[k + 1])
        open_ = provisional[i] or provisional[later]
        whole = c.months[later] == 12
        span, part, full = c.when(later), c.told(i), c.told(later)
        zh = "全年数" if whole else f"{span.zh}累计数"
        en = "the full year" if whole else f"the figure for {span.en}"
        yield c.find(
            "part_year", "warning" if open_ else "error", i,
            f"年内累计数{part.zh}大于{zh}{full.zh}。",
            f"the year to date, {part.en}, is above {en}, {full.en}.",
        )  # fmt: skip


def _growth(c: _Context) -> Iterator[Finding]:
    """Growth published with a figure against that of the levels, of years and of the same months; noted: only told."""
    pct = c.figures["growth_pct"].to_numpy(dtype=float)
    at = np.flatnonzero((c.year > 0) & (c.months > 0) & (c.value > 0))
    order = at[np.lexsort((c.year[at], c.months[at], c.series[at]))]
    if len(order) < 2:
        return
    now, before = order[1:], order[:-1]
    pair = (c.series[now] == c.series[before]) & (c.months[now] == c.months[before])
    pair &= (c.year[now].astype(int) - c.year[before].astype(int) == 1) & ~np.isnan(pct[now])
    implied = (c.value[now] / c.value[before] - 1) * 100
    far = pair & (np.abs(implied - pct[now]) > c.marks.growth_points)
    for k in c.few("growth", np.flatnonzero(far)):
        i, was = int(now[k]), int(before[k])
        own, of_levels, then = wording.change(float(pct[i])), wording.change(float(implied[k])), c.told(was)
        yield c.find(
            "growth", "info" if str(c.figures["note"].iat[i]) else "warning", i,
            f"同时报的增速为{own.zh}，而与{c.when(was).zh}的{then.zh}相比{of_levels.zh}。",
            f"the growth given with it is {own.en}, but against {then.en} for {c.when(was).en} it is {of_levels.en}.",
            size=float(implied[k] - pct[i]),
        )  # fmt: skip


def _restatements(c: _Context) -> Iterator[Finding]:
    """Figures that a later vintage changed by more than the threshold; from provisional to final counts as usual."""
    f = c.view.rows(areas=list(c.ledger.roster.by_code))
    if len(f) < 2:
        return
    figure = f["kind"].isin(FIGURES).to_numpy()
    same = figure[1:] & figure[:-1]
    for column in ("indicator", "area", "scope", "period"):
        codes = f[column].cat.codes.to_numpy()
        same &= codes[1:] == codes[:-1]
    value = f["value"].to_numpy(dtype=float)
    old, new = value[:-1], value[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        pct = np.where(old != 0, (new / old - 1) * 100, np.where(new != 0, np.inf, 0.0))
    flash = (f["kind"] == "provisional").to_numpy()[:-1]
    far = same & (np.abs(pct) > c.marks.restatement_pct)
    days = f["vintage"].to_numpy().astype("datetime64[D]")
    for k in c.few("restatement", np.flatnonzero(far)):
        unit = c.ledger.unit(str(f["indicator"].iat[k]))
        was, now, moved = (
            wording.quantity(old[k], unit),
            wording.quantity(new[k], unit),
            wording.change(float(pct[k]), revised=True),
        )
        yield c.find(
            "restatement", "info" if flash[k] else "warning", k + 1,
            f"由{was.zh}（{days[k]}）修订为{now.zh}（{days[k + 1]}），{moved.zh}。",
            f"revised from {was.en} ({days[k]}) to {now.en} ({days[k + 1]}), {moved.en}.",
            f, size=float(pct[k]),
        )  # fmt: skip
