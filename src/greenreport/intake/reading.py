"""Reads files from whoever has the figures and says what was understood of them. Writes nothing.

Puts together what the other modules do: open, lay out, resolve. Every figure is accepted, or refused with a reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenreport.areas import Roster
from greenreport.intake import frames
from greenreport.intake.account import Accountant
from greenreport.intake.layout import lay_out
from greenreport.intake.layout_result import RAW, Laid
from greenreport.intake.longcsv import read_long_csv
from greenreport.intake.names import Names
from greenreport.intake.read_result import SourceFile, Understood, cell_name
from greenreport.intake.reason import Reason
from greenreport.intake.resolve import Defaults, Resolved, resolve
from greenreport.intake.safety import Limits, sha256, shown_name
from greenreport.intake.sheets import Grid, open_grids
from greenreport.intake.template_reader import Form, keys_of, lay_out_filled
from greenreport.intake.units import UnitTable
from greenreport.intake.words import is_missing
from greenreport.observations import Ledger
from greenreport.plan import Plan
from greenreport.spreadsheets import harmless
from greenreport.text import Text

__all__ = ["read"]

# Beyond this many figures of one CSV, only the file is named as their place, not each row.
_ADDRESSED = 200_000


def read(
    files: Sequence[str | Path],
    *,
    plan: Plan,
    roster: Roster,
    when: date,
    ledger: Ledger | None = None,
    grade: str | None = None,
    source: str = "",
    given: Mapping[str, str] | None = None,
    any_scope: bool = False,
    limits: Limits | None = None,
) -> Understood:
    """Read filled-in templates, loose workbooks and CSV files.

    Args:
        files: xlsx or csv; a template is known by its hidden keys, whatever its name.
        plan: whose indicators and units are known.
        roster: whose areas are known.
        when: the day on which the figures became known, for rows that do not say; never taken from a clock.
        ledger: whose context indicators and scopes are known, and whether it is synthetic.
        grade: for rows that do not say; None: "S" for a synthetic ledger, else "A", for which the caller vouches; empty:
            nobody vouches, so that it is "A" only on a form that names the body that reports, and else "C".
        source: for rows that do not say; empty: the name of the file.
        given: `indicator`, `area`, `period` or `unit` that whoever imports vouches for, where a file does not say.
        any_scope: the ledger describes no scopes, so that any may be written.
        limits: how much is read before a file is refused.

    Returns:
        What was understood. A file that cannot be opened is refused as a whole and stands in `files` with the reason.
    """
    labels = Accountant(Names(plan, roster, ledger.context if ledger is not None else None), UnitTable(plan.units))
    common = Defaults(
        when=when,
        source=source,
        given=dict(given or {}) | ({"source": source} if source else {}),
        scopes=None if ledger is None or any_scope else ledger.scopes,
        synthetic=ledger.synthetic if ledger is not None else grade == "S",
    )
    common = replace(common, grade=grade or _grade(common.synthetic, vouched=grade is None))
    paths = [Path(file) for file in files]
    locks = [_lock_file(shown_name(path)) for path in paths if _is_lock(path)]
    parts = [_read_file(path, labels, common, limits or Limits()) for path in paths if not _is_lock(path)]
    return _together(parts, locks, when)


def _grade(synthetic: bool, *, vouched: bool) -> str:
    """The grade of rows that do not say it, where none is given."""
    return "S" if synthetic else "A" if vouched else ""


def _together(parts: Sequence[_Part], notices: Sequence[Text], when: date) -> Understood:
    """What was understood of all files; repeats across them are passed over or refused."""
    rows = frames.stack([p.rows for p in parts], frames.ACCEPTED)
    refused = frames.stack([p.refused for p in parts], frames.REFUSED)
    rows, refused, again = _without_duplicates(rows, refused)
    told = [*notices, *(n for p in parts for n in p.notices), *([_repeats(again)] if again else [])]
    counted = tuple(_counted(p.file, rows, refused, alone=len(parts) == 1 and not again) for p in parts)
    whole = hashlib.sha256("\n".join(f"{f.name} {f.digest}" for f in counted).encode()).hexdigest()
    return Understood(counted, rows, refused, tuple(told), when, whole)


def _counted(file: SourceFile, rows: pd.DataFrame, refused: pd.DataFrame, *, alone: bool) -> SourceFile:
    """A file with its figures counted anew, now that repeats are passed over or refused.

    Args:
        file: as it was read by itself.
        rows: all that were accepted, of this file and others.
        refused: all that were refused.
        alone: there is no other file and no repeat, so that the accepted figures need not be counted again.
    """
    lost = int((refused["file"] == file.name).sum()) if len(refused) else 0
    kept = file.rows_in - lost if alone else int((rows["file"] == file.name).sum())
    return replace(file, rows_in=kept + lost, accepted=kept, refused=lost)


@dataclass(frozen=True, eq=False)
class _Part:
    """What was understood of one file."""

    file: SourceFile
    rows: pd.DataFrame
    refused: pd.DataFrame
    notices: Sequence[Text] = ()


def _is_lock(path: Path) -> bool:
    return path.name.startswith(("~$", ".~lock."))


def _read_file(path: Path, labels: Accountant, common: Defaults, limits: Limits) -> _Part:
    defaults = replace(common, source=common.source or harmless(shown_name(path)))
    try:
        digest = sha256(path)
    except OSError:
        gone = Reason(
            "file_unreadable", "file", "找不到这个文件，或无法读取。", "This file is missing or cannot be read."
        )
        return _refused_whole(path, "", gone)
    if path.suffix.casefold() in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        macro = Reason(
            "macros",
            "file",
            "这是启用宏或二进制的工作簿，不予打开。请另存为xlsx。",
            "This is a workbook with macros, or a binary one, and is not opened. Save it as xlsx.",
        )
        return _refused_whole(path, digest, macro)
    long = read_long_csv(path, limits=limits)
    if isinstance(long, Reason):
        return _refused_whole(path, digest, long)
    if long is not None:
        raw, blank = long
        return _from_list(path, digest, raw, blank, labels, defaults)
    grids = open_grids(path, limits=limits)
    if isinstance(grids, Reason):
        return _refused_whole(path, digest, grids)
    form = keys_of(grids, labels.names.plan.id)
    if isinstance(form, Reason):
        return _refused_whole(path, digest, form)
    laid = lay_out_filled(grids, form, labels) if form else [(g, lay_out(g, labels)) for g in grids]
    return _from_sheets(path, digest, laid, labels, defaults, form)


def _refused_whole(path: Path, digest: str, reason: Reason) -> _Part:
    """A file that was not opened: one refusal stands for all of it."""
    name = shown_name(path)
    refused = frames.refusals([frames.Lost(name, "", 0, 0, name, (reason,), {})])
    file = SourceFile(name, digest, 1, 0, 1, 0, Text(reason.zh, reason.en))
    return _Part(file, frames.empty(frames.ACCEPTED), refused)


def _from_list(path: Path, digest: str, raw: pd.DataFrame, blank: int, labels: Accountant, defaults: Defaults) -> _Part:
    done = resolve(raw, names=labels.names, units=labels.units, defaults=defaults)
    n = len(raw)
    col = np.zeros(n, dtype=np.int16)
    sheet = frames.constant("", n)
    rows, refused = _settle(shown_name(path), sheet, raw["row"].to_numpy(), col, raw, done, addressed=n <= _ADDRESSED)
    file = SourceFile(shown_name(path), digest, n, len(rows), len(refused), blank)
    return _Part(file, rows, refused)


def _from_sheets(
    path: Path, digest: str, laid: list[tuple[Grid, Laid]], labels: Accountant, defaults: Defaults, form: Form | None
) -> _Part:
    name = shown_name(path)
    notices = [Text(zh, en) for _, out in laid for zh, en in out.notices]
    if form is not None and form.meta.get("plan_digest") != labels.names.plan.digest:
        notices.append(
            Text(
                "模板对应的规划文件后来有改动，已按现行规划核对。",
                "The plan's files changed since the template was written; the figures were checked against the plan as it is now.",
            )
        )
    raw, places = _raw(laid)
    done = resolve(raw, names=labels.names, units=labels.units, defaults=defaults)
    addressed = len(raw) <= _ADDRESSED or len(laid) > 1
    accepted, refused = _settle(name, *places, raw, done, addressed=addressed)
    losses = [
        frames.Lost(name, grid.sheet, x.row + 1, x.col + 1, x.read, (x.reason,), x.texts)
        for grid, out in laid
        for x in out.losses
    ]
    refused = frames.stack([refused, frames.refusals(losses)], frames.REFUSED)
    blank = sum(out.blank for _, out in laid)
    file = SourceFile(name, digest, len(raw) + len(losses), len(accepted), len(refused), blank)
    return _Part(file, accepted, refused, notices)


def _raw(laid: list[tuple[Grid, Laid]]) -> tuple[pd.DataFrame, tuple[Any, np.ndarray, np.ndarray]]:
    """The texts of all sheets' figures by the columns of `RAW`, and the sheet, row and column (from 1) of each."""
    texts = {c: list(chain.from_iterable(out.columns[c] for _, out in laid)) for c in RAW}
    raw = pd.DataFrame(
        {c: pd.Series(v, dtype="object") if c == "value" else pd.Categorical(v) for c, v in texts.items()}
    )
    sheets = [grid.sheet for grid, out in laid for _ in out.rows]
    rows = np.fromiter(chain.from_iterable(out.rows for _, out in laid), dtype=np.int32, count=len(sheets)) + 1
    cols = np.fromiter(chain.from_iterable(out.cols for _, out in laid), dtype=np.int16, count=len(sheets)) + 1
    return raw, (pd.Categorical(pd.Series(sheets, dtype="object")), rows, cols)


def _settle(
    name: str,
    sheet: Any,
    row: np.ndarray,
    col: np.ndarray,
    raw: pd.DataFrame,
    done: Resolved,
    *,
    addressed: bool,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Accepted rows with their place, and refused ones with their texts."""
    kept = slice(None) if len(done.frame) == len(raw) else done.frame.index.to_numpy()
    accepted = done.frame.assign(
        file=frames.constant(name, len(done.frame)),
        sheet=sheet[kept],
        row=row[kept],
        col=col[kept],
        read=raw["value"].to_numpy(dtype=object)[kept],
        proof=raw["proof"].array[kept],
    ).reset_index(drop=True)
    bare = accepted["source_address"] == ""
    if bare.any():
        accepted["source_address"] = _addresses(accepted, bare.to_numpy(), harmless(name), addressed=addressed)
    refused = []
    for i in np.flatnonzero(done.refused):
        reasons = tuple(dict.fromkeys(done.reasons[c[i]] for c in done.faults if c[i] >= 0))
        texts = {c: str(raw[c].iat[int(i)]) for c in RAW}
        refused.append(frames.Lost(name, str(sheet[i]), int(row[i]), int(col[i]), texts["value"], reasons, texts))
    return accepted, frames.refusals(refused)


def _addresses(accepted: pd.DataFrame, bare: np.ndarray, name: str, *, addressed: bool) -> pd.Categorical:
    """`file#sheet!D7` for figures of a workbook, `file#12` for rows of a CSV, where no other address was given."""
    column = accepted["source_address"].array
    if not addressed:
        levels = [str(t) for t in column.categories if t != name]
        at = pd.Index([*levels, name]).get_indexer(pd.Index(column.categories))
        return frames.coded(np.where(bare, len(levels), at[column.codes]), [*levels, name])
    given = np.array([str(t) for t in column], dtype=object)
    places = zip(accepted["sheet"], accepted["row"], accepted["col"], bare, strict=True)
    for i, (sheet, row, col, is_bare) in enumerate(places):
        if is_bare:
            given[i] = f"{name}#{sheet + '!' if sheet else ''}{cell_name(int(row), int(col))}"
    return pd.Categorical(given)


def _without_duplicates(rows: pd.DataFrame, refused: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """One figure per key and day: a repeat is passed over and told; where repeats differ, all of them are refused."""
    key = frames.key_codes(rows)
    many = pd.Series(key).duplicated(keep=False).to_numpy()
    if not many.any():
        return rows, refused, []
    out: list[frames.Lost] = []
    again: list[str] = []
    drop = np.zeros(len(rows), dtype=bool)
    order = np.flatnonzero(many)
    for _, group in pd.Series(order).groupby(key[order]):
        places = [rows.iloc[i] for i in group]
        where = [f"{r['file']} {r['sheet']} {cell_name(int(r['row']), int(r['col']))}".strip() for r in places]
        if len({(float(r["value"]), r["kind"], r["grade"]) for r in places}) == 1:
            drop[group.to_numpy()[1:]] = True
            again += where[1:]
        else:
            drop[group.to_numpy()] = True
            out += [_contradicted(r, [*where[:n], *where[n + 1 :]]) for n, r in enumerate(places)]
    kept = rows[~drop].reset_index(drop=True)
    return kept, frames.stack([refused, frames.refusals(out)], frames.REFUSED), again


def _contradicted(row: Any, others: list[str]) -> frames.Lost:
    """A figure that is given otherwise in other places."""
    texts = {c: str(row[c]) for c in RAW if c in row.index and not is_missing(str(row[c]))}
    return frames.lost_row(row, _contradicts(others), texts | {"value": str(row["read"])})


def _lock_file(name: str) -> Text:
    return Text(
        f"“{name}”是表格软件打开文件时的锁定文件，不是报表，未读取。",
        f"{name!r} is what a spreadsheet leaves while a file is open, no workbook, and was not read.",
    )


def _repeats(places: list[str]) -> Text:
    few_zh, few_en = "、".join(places[:5]), ", ".join(places[:5])
    return Text(
        f"重复而数值相同的数{len(places)}个，只采用一次：{few_zh}{'等' if len(places) > 5 else ''}。",
        f"{len(places)} figures repeat others with the same value and are taken once: {few_en}{', …' if len(places) > 5 else ''}.",
    )


def _contradicts(others: list[str]) -> Reason:
    shown = others[:3]
    zh = f"同一指标、区县、时期另有不同的数（{'、'.join(shown)}），无法确定以哪个为准，均未采用。"
    en = f"Another figure for the same indicator, area and period differs ({', '.join(shown)}); neither was taken."
    return Reason("duplicate_differs", "value", zh, en)
