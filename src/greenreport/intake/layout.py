"""Finds the table in a sheet, whatever its form, and lays every figure out with the texts that belong to it.

Long or wide, heads of one row or several, merged or not: every figure gets what its row, its column, the sheet and
the titles say of indicator, area, period and unit. Nothing is judged here; nothing that looks like a figure is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from greenreport.intake.labels import Caption, Label, Labels
from greenreport.intake.reason import Reason, join_en, join_zh, quoted
from greenreport.intake.sheets import Grid
from greenreport.intake.words import RETURNED, ROLES, fold, is_missing, plain

__all__ = ["RAW", "Laid", "Loss", "lay_out"]

RAW = (
    "indicator", "area", "area_code", "period", "months", "month", "unit", "unit_head", "value", "kind", "scope",
    "vintage", "source", "source_address", "grade", "note", "growth_pct",
)  # fmt: skip
_ROW_ROLES = frozenset(ROLES) - {"value", "growth_pct"}
_DIGIT = re.compile(r"\d")
_DEEPEST = 40
_HEAD_ROWS = 4


@dataclass(frozen=True)
class Loss:
    """Something in a sheet that could not be laid out as a figure: a row, a cell or a column's cell."""

    row: int
    col: int
    read: str
    reason: Reason
    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Laid:
    """Figures laid out: `columns` has one list per name in `RAW`, `rows` and `cols` say where each value stands.

    `losses` are figures that can't be laid out; `notices` say what was passed over (zh, en); `blank` counts places for
    a figure that were left blank.
    """

    columns: dict[str, list[str]] = field(default_factory=lambda: {c: [] for c in RAW})
    rows: list[int] = field(default_factory=list)
    cols: list[int] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)
    blank: int = 0


@dataclass(frozen=True)
class _Column:
    index: int
    label: Label
    head: str

    @property
    def kind(self) -> str:
        role = self.label.role
        if role in _ROW_ROLES:
            return "row"
        if role == "growth_pct":
            return "growth"
        if role == "ignored":
            return "ignored"
        if not self.label.known:
            return "unknown"
        if role == "value" or self.label.has_dimension or self.label.unit:
            return "data"
        return "blank"


def lay_out(grid: Grid, labels: Labels) -> Laid:
    """Every figure of a sheet with the texts that describe it.

    Args:
        grid: the sheet.
        labels: reads heads and titles.

    Returns:
        Figures, losses and notices; a sheet without any digit gives neither figures nor losses.
    """
    out = Laid()
    if not any(_DIGIT.search(c) for row in grid.rows for c in row):
        if any(c.strip() for row in grid.rows for c in row):
            out.notices.append(
                (
                    f"工作表“{grid.sheet}”没有数字，未作处理。",
                    f"The sheet {grid.sheet!r} holds no figure and was passed over.",
                )
            )
        return out
    top = _find_head(grid, labels)
    if top is None:
        _lose_all(grid, out)
        return out
    bottom = _last_head_row(grid, top, labels)
    columns = _columns(grid, top, bottom, labels)
    titles = [c for r in range(top - 1, -1, -1) for c in grid.rows[r] if c.strip()]
    caption = labels.caption([*titles, grid.sheet])
    columns = _infer_blank_heads(grid, bottom, columns, labels)
    _lay_rows(grid, top, bottom, columns, caption, labels, out)
    for row in range(top):
        _lose_stray(grid, row, out, labels)
    return out


def _find_head(grid: Grid, labels: Labels) -> int | None:
    for r, row in enumerate(grid.rows[:_DEEPEST]):
        filled = [(i, labels.label(c)) for i, c in enumerate(row) if c.strip()]
        if len(filled) < 2 or any(":" in plain(c) for c in row):
            continue  # “填报单位：万州区” stands above a table, never in its head
        known = [lab for _, lab in filled if lab.known]
        if any(lab.role in ROLES for lab in known):
            return r
        body = filled[1:] if filled[0][0] == 0 else filled
        first = filled[0][1] if filled[0][0] == 0 else Label()
        if first.indicator or first.area or first.period:
            continue
        for kind in ("period", "indicator", "area"):
            if body and all(getattr(lab, kind) and lab.known for _, lab in body):
                return r
    return None


def _last_head_row(grid: Grid, top: int, labels: Labels) -> int:
    """The head goes on while rows hold labels only and nothing stands where areas or indicators begin."""
    bottom = top
    for r in range(top + 1, min(top + _HEAD_ROWS, len(grid.rows))):
        row = grid.rows[r]
        filled = [(i, labels.label(c)) for i, c in enumerate(row) if c.strip()]
        if not filled or not all(lab.known for _, lab in filled):
            break
        has_role = any(lab.role in ROLES and not lab.value_word for _, lab in filled)
        if not has_role and row[0].strip():
            break
        if not has_role and any(
            row[i].strip()
            for i, c in enumerate(grid.rows[top][: len(row)])
            if labels.label(c).role in _ROW_ROLES and c.strip()
        ):
            break
        bottom = r
    return bottom


def _columns(grid: Grid, top: int, bottom: int, labels: Labels) -> list[_Column]:
    width = max(len(r) for r in grid.rows)
    heads = [[grid.cell(r, c) for c in range(width)] for r in range(top, bottom + 1)]
    for r1, c1, r2, c2 in grid.merges:
        if top <= r1 <= bottom:
            for r in range(r1, min(r2, bottom) + 1):
                for c in range(c1, min(c2, width - 1) + 1):
                    heads[r - top][c] = grid.cell(r1, c1) if r == r1 else heads[r - top][c]
    for upper, lower in pairwise(heads):
        for c in range(1, width):
            # A head that spans its neighbours without being merged, as in every CSV made from such a sheet.
            if (
                not upper[c].strip()
                and lower[c].strip()
                and upper[c - 1].strip()
                and labels.label(upper[c - 1]).role not in _ROW_ROLES
            ):
                upper[c] = upper[c - 1]
    out = []
    for c in range(width):
        texts = [row[c] for row in heads if row[c].strip()]
        out.append(_Column(c, _joined([labels.label(t) for t in texts]), " / ".join(plain(t) for t in texts)))
    return out


def _joined(parts: list[Label]) -> Label:
    """The labels of one column, top to bottom, as one; what contradicts itself counts as not understood."""
    out = Label()
    for p in parts:
        for name in ("indicator", "area", "period", "unit", "unknown"):
            new, old = getattr(p, name), getattr(out, name)
            if new and old and new != old:
                return replace(out, unknown=f"{old} / {new}")
            if new:
                out = replace(out, **{name: new})
        if p.role and out.role and p.role != out.role and "value" not in (p.role, out.role):
            return replace(out, unknown=f"{out.role} / {p.role}")
        if p.role and (out.role is None or out.role == "value"):
            out = replace(out, role=p.role)
    return out


def _infer_blank_heads(grid: Grid, bottom: int, columns: list[_Column], labels: Labels) -> list[_Column]:
    """Columns left of the figures whose head is blank or a word of its own, told by what stands in them."""
    taken = {c.label.role for c in columns if c.kind == "row"}
    first_data = next((c.index for c in columns if c.kind == "data"), 0)
    out = list(columns)
    for c in columns[:first_data]:
        if c.kind not in ("blank", "unknown"):
            continue
        body = [row[c.index].strip() for row in grid.rows[bottom + 1 :] if c.index < len(row) and row[c.index].strip()]
        if not body:
            continue
        names = labels.names
        tests = {
            "area": names.is_area,
            "indicator": names.is_indicator,
            "period": lambda t: bool(labels.label(t).period),
            "unit": labels.units.is_unit,
        }
        for role, test in tests.items():
            if role not in taken and 2 * sum(map(test, body)) >= len(body):
                out[c.index] = _Column(c.index, Label(role=role), c.head)
                taken.add(role)
                break
    return out


def _lay_rows(
    grid: Grid, top: int, bottom: int, columns: list[_Column], caption: Caption, labels: Labels, out: Laid
) -> None:
    rows_by_role: dict[str, int] = {}
    twice: dict[str, list[_Column]] = {}
    for c in columns:
        if c.kind == "row" and c.label.role:
            twice.setdefault(c.label.role, []).append(c)
            rows_by_role.setdefault(c.label.role, c.index)
    doubled = {c.index: r for r, cs in twice.items() if len(cs) > 1 for c in cs}
    if doubled:
        _refuse_doubled(grid, bottom, columns, doubled, out)
        return
    data = [c for c in columns if c.kind == "data"]
    growth = _growth_of(columns, data)
    heads = [[c.strip() for c in grid.rows[r]] for r in range(top, bottom + 1)]
    down = _merged_down(grid, bottom, rows_by_role)
    indicator = caption.indicators[0] if len(caption.indicators) == 1 else ""
    unit = ";".join(caption.units)
    fixed = {
        c.index: {
            "indicator": c.label.indicator or indicator,
            "area": c.label.area or caption.area,
            "period": c.label.period or caption.period,
            "unit_head": c.label.unit or unit,
        }
        for c in data
    }
    for c in data:
        for name, role in (("indicator", "indicator"), ("area", "area"), ("period", "period")):
            if getattr(c.label, name) and role in rows_by_role:
                fixed[c.index][name] = f"{getattr(c.label, name)}⇄"
    unknown = [c for c in columns if c.kind in ("unknown", "blank")]
    loose_growth = [c for c in columns if c.kind == "growth" and c.index not in growth.values()]
    row_items = list(rows_by_role.items())
    columns_of = out.columns
    for r in range(bottom + 1, len(grid.rows)):
        row = grid.rows[r]
        if not any(c.strip() for c in row) or [c.strip() for c in row] in heads:
            continue
        width = len(row)
        texts = {role: (row[i] if i < width else "") or down.get((r, i), "") for role, i in row_items}
        for c in data:
            value = row[c.index] if c.index < width else ""
            pct = row[growth[c.index]] if c.index in growth and growth[c.index] < width else ""
            if is_missing(value) and is_missing(pct):
                out.blank += 1
                continue
            base = fixed[c.index]
            for name in RAW:
                columns_of[name].append(texts.get(name) or base.get(name, ""))
            for name in ("indicator", "area", "period"):
                if base[name].endswith("⇄"):
                    own = texts.get(name, "")
                    columns_of[name][-1] = (
                        f"{own}⇄{base[name][:-1]}" if own.strip() and plain(own) != base[name][:-1] else base[name][:-1]
                    )
            columns_of["value"][-1] = value
            columns_of["growth_pct"][-1] = "" if is_missing(pct) else pct
            out.rows.append(r)
            out.cols.append(c.index)
        for c in (*unknown, *loose_growth):
            text = row[c.index] if c.index < width else ""
            if _DIGIT.search(text):
                out.losses.append(Loss(r, c.index, text, _not_understood(c)))
    _tell(columns, grid, out)
    if not data:
        out.losses.extend(
            Loss(r, 0, " | ".join(c for c in grid.rows[r] if c.strip()), _no_figures(columns))
            for r in range(bottom + 1, len(grid.rows))
            if any(_DIGIT.search(c) for c in grid.rows[r]) and not any(x.row == r for x in out.losses)
        )


def _growth_of(columns: list[_Column], data: list[_Column]) -> dict[int, int]:
    """Which growth column goes with which column of figures: the one that shares its heads, or the only one."""
    out: dict[int, int] = {}
    for g in (c for c in columns if c.kind == "growth"):
        key = (g.label.indicator, g.label.area, g.label.period)
        fits = [d for d in data if (d.label.indicator, d.label.area, d.label.period) == key]
        if not any(key) and len(data) == 1:
            fits = data
        if len(fits) == 1 and fits[0].index not in out:
            out[fits[0].index] = g.index
    return out


def _merged_down(grid: Grid, bottom: int, roles: dict[str, int]) -> dict[tuple[int, int], str]:
    """Texts of row heads that are merged over several rows, for each row and column they cover."""
    wanted = set(roles.values())
    out = {}
    for r1, c1, r2, c2 in grid.merges:
        if r1 > bottom and c1 in wanted and c1 == c2:
            for r in range(r1 + 1, min(r2, len(grid.rows) - 1) + 1):
                out[r, c1] = grid.cell(r1, c1)
    return out


def _refuse_doubled(grid: Grid, bottom: int, columns: list[_Column], doubled: dict[int, str], out: Laid) -> None:
    heads = [c.head for c in columns if c.index in doubled]
    reason = Reason(
        "head_doubled",
        "head",
        f"表头有几栏意思相同：{join_zh([quoted(h) for h in heads])}，不知道以哪一栏为准。请只留一栏，或把并排的表上下排列。",
        f"Several columns mean the same: {join_en([quoted(h) for h in heads])}. Keep one, or put tables below each other.",
    )
    for r in range(bottom + 1, len(grid.rows)):
        if any(_DIGIT.search(c) for c in grid.rows[r]):
            out.losses.append(Loss(r, 0, " | ".join(c for c in grid.rows[r] if c.strip()), reason))


def _tell(columns: list[_Column], grid: Grid, out: Laid) -> None:
    ignored = [c.head for c in columns if c.kind == "ignored" and c.head]
    heads = {fold(h) for h in ignored}
    own = next((words for words in RETURNED if heads >= words), frozenset())
    passed = [quoted(h) for h in ignored if fold(h) not in own]
    passed += [quoted(c.head) for c in columns if c.kind == "unknown" and not any(x.col == c.index for x in out.losses)]
    if passed:
        where = f"工作表“{grid.sheet}”" if grid.sheet else "表"
        out.notices.append(
            (
                f"{where}中未采用的栏：{join_zh(passed)}。",
                f"Columns passed over in {grid.sheet or 'the table'}: {join_en(passed)}.",
            )
        )


def _not_understood(c: _Column) -> Reason:
    head = quoted(c.head) or "（空）"
    return Reason(
        "head_unknown",
        "head",
        f"不明白表头“{head}”，这一格没有采用。表头应为指标、区县、年份或模板中的栏名。",
        f"The head {quoted(c.head)!r} is not understood, so this cell was not taken. A head is an indicator, an area, a year or a column of the template.",
    )


def _no_figures(columns: list[_Column]) -> Reason:
    heads = [quoted(c.head) for c in columns if c.head]
    return Reason(
        "head_no_value",
        "head",
        f"表头（{join_zh(heads)}）里没有数值栏。请加“数值”栏，或以指标、年份为栏名。",
        f"Among the heads ({join_en(heads)}) none is for figures. Add a column “value”, or name columns by indicator or year.",
    )


def _lose_all(grid: Grid, out: Laid) -> None:
    reason = Reason(
        "head_missing",
        "head",
        "找不到表头。表头应写明区县、指标、年份、数值、单位等栏名。",
        "No head was found. It names the columns: area, indicator, year, value, unit.",
    )
    for r, row in enumerate(grid.rows):
        if any(_DIGIT.search(c) for c in row):
            out.losses.append(Loss(r, 0, " | ".join(c for c in row if c.strip()), reason))


def _lose_stray(grid: Grid, row: int, out: Laid, labels: Labels) -> None:
    """Bare numbers above the head would otherwise go unseen."""
    for col, text in _bare_numbers(grid.rows[row]):
        if not labels.label(text).period:
            reason = Reason(
                "stray_number",
                "head",
                f"表头上方有单独的数“{quoted(text)}”，不知道属于哪里。",
                f"The number {quoted(text)!r} stands alone above the head.",
            )
            out.losses.append(Loss(row, col, text, reason))


def _bare_numbers(row: list[str]) -> Iterator[tuple[int, str]]:
    for col, text in enumerate(row):
        if re.fullmatch(r"[\d.,%]+", plain(text)) and _DIGIT.search(text):
            yield col, text
