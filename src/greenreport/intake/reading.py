"""Reads files from whoever has the figures and says what was understood of them. Writes nothing.

Puts together what the other modules do: open, lay out, resolve. Every figure is accepted, or refused with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenreport.areas import Roster
from greenreport.intake.account import Accountant
from greenreport.intake.layout import Laid, lay_out
from greenreport.intake.longcsv import read_long_csv
from greenreport.intake.names import Names
from greenreport.intake.read_result import ACCEPTED, RAW, Refusal, SourceFile, Understood, cell_name, lost_row
from greenreport.intake.reason import Reason, refuse, said
from greenreport.intake.resolve import Defaults, Resolved, resolve
from greenreport.intake.safety import Limits, sha256, shown_name
from greenreport.intake.sheets import open_grids
from greenreport.intake.template_reader import Form, keys_of, lay_out_filled
from greenreport.intake.units import UnitTable
from greenreport.intake.words import is_missing
from greenreport.observations import Ledger, frames
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
        What was understood. A file that cannot be opened is refused as a whole.
    """
    labels = Accountant(Names(plan, roster, ledger.context if ledger is not None else None), UnitTable(plan.units))
    synthetic = ledger.synthetic if ledger is not None else grade == "S"
    common = Defaults(
        when=when,
        source=source,
        given=dict(given or {}) | ({"source": source} if source else {}),
        scopes=None if ledger is None or any_scope else ledger.scopes,
        synthetic=synthetic,
        grade=grade or ("S" if synthetic else "A" if grade is None else ""),
    )
    paths = [Path(file) for file in files]
    locks = [said("told.lock_file", name=shown_name(path)) for path in paths if _is_lock(path)]
    parts = [_read_file(path, labels, common, limits or Limits()) for path in paths if not _is_lock(path)]
    return _together(parts, locks)


def _together(parts: Sequence[_Part], notices: Sequence[Text]) -> Understood:
    """What was understood of all files; repeats across them are passed over or refused."""
    rows, contradicted, again = _without_duplicates(frames.stack([p.rows for p in parts], ACCEPTED))
    refused = (*chain.from_iterable(p.refused for p in parts), *contradicted)
    told = [*notices, *chain.from_iterable(p.notices for p in parts)]
    if again:
        told.append(said("told.repeats", count=len(again), places=again[:5], more=len(again) > 5))
    counted = tuple(_counted(p.file, rows, refused, alone=len(parts) == 1 and not again) for p in parts)
    return Understood(counted, rows, refused, tuple(told))


def _counted(file: SourceFile, rows: pd.DataFrame, refused: Sequence[Refusal], *, alone: bool) -> SourceFile:
    """A file with its figures counted anew, now that repeats are passed over or refused.

    `alone`: there is no other file and no repeat, so that the accepted figures need not be counted again.
    """
    lost = sum(one.file == file.name for one in refused)
    kept = file.rows_in - lost if alone else int((rows["file"] == file.name).sum())
    return replace(file, rows_in=kept + lost, accepted=kept, refused=lost)


@dataclass(frozen=True, eq=False)
class _Part:
    """What was understood of one file."""

    file: SourceFile
    rows: pd.DataFrame
    refused: Sequence[Refusal]
    notices: Sequence[Text] = ()


def _is_lock(path: Path) -> bool:
    return path.name.startswith(("~$", ".~lock."))


def _read_file(path: Path, labels: Accountant, common: Defaults, limits: Limits) -> _Part:
    defaults = replace(common, source=common.source or harmless(shown_name(path)))
    try:
        digest = sha256(path)
    except OSError:
        return _refused_whole(path, "", refuse("file_unreadable.missing", "file"))
    if path.suffix.casefold() in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        return _refused_whole(path, digest, refuse("macros.suffix", "file"))
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
    laid = lay_out_filled(grids, form, labels) if form else [lay_out(grid, labels) for grid in grids]
    return _from_sheets(path, digest, laid, labels, defaults, form)


def _refused_whole(path: Path, digest: str, reason: Reason) -> _Part:
    """A file that was not opened: one refusal stands for all of it."""
    name = shown_name(path)
    refused = Refusal(name, "", 0, 0, name, (reason,))
    return _Part(SourceFile(name, digest, 1, 0, 1, 0), frames.empty(ACCEPTED), [refused])


def _from_list(path: Path, digest: str, raw: pd.DataFrame, blank: int, labels: Accountant, defaults: Defaults) -> _Part:
    done = resolve(raw, names=labels.names, units=labels.units, defaults=defaults)
    n = len(raw)
    col = np.zeros(n, dtype=np.int16)
    sheet = frames.constant("", n)
    rows, refused = _settle(shown_name(path), sheet, raw["row"].to_numpy(), col, raw, done, addressed=n <= _ADDRESSED)
    file = SourceFile(shown_name(path), digest, n, len(rows), len(refused), blank)
    return _Part(file, rows, refused)


def _from_sheets(
    path: Path, digest: str, laid: list[Laid], labels: Accountant, defaults: Defaults, form: Form | None
) -> _Part:
    name = shown_name(path)
    notices = [notice for sheet in laid for notice in sheet.notices]
    if form is not None and form.meta.get("plan_digest") != labels.names.plan.digest:
        notices.append(said("told.plan_changed"))
    raw, places = _raw(laid)
    done = resolve(raw, names=labels.names, units=labels.units, defaults=defaults)
    addressed = len(raw) <= _ADDRESSED or len(laid) > 1
    accepted, refused = _settle(name, *places, raw, done, addressed=addressed)
    refused += [replace(loss, file=name) for sheet in laid for loss in sheet.losses]
    blank = sum(sheet.blank for sheet in laid)
    file = SourceFile(name, digest, len(accepted) + len(refused), len(accepted), len(refused), blank)
    return _Part(file, accepted, refused, notices)


def _raw(laid: list[Laid]) -> tuple[pd.DataFrame, tuple[Any, np.ndarray, np.ndarray]]:
    """The texts of all sheets' figures by the columns of `RAW`, and the sheet, row and column (from 1) of each."""
    texts = {c: [text for sheet in laid for text in sheet.columns[c]] for c in RAW}
    raw = pd.DataFrame(
        {c: pd.Series(v, dtype="object") if c == "value" else pd.Categorical(v) for c, v in texts.items()}
    )
    sheets = pd.Series([sheet.grid.sheet for sheet in laid for _ in sheet.rows], dtype="object")
    rows = np.array([row for sheet in laid for row in sheet.rows], dtype=np.int32)
    cols = np.array([col for sheet in laid for col in sheet.cols], dtype=np.int16)
    return raw, (pd.Categorical(sheets), rows, cols)


def _settle(
    name: str,
    sheet: Any,
    row: np.ndarray,
    col: np.ndarray,
    raw: pd.DataFrame,
    done: Resolved,
    *,
    addressed: bool,
) -> tuple[pd.DataFrame, list[Refusal]]:
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
        refused.append(Refusal(name, str(sheet[i]), int(row[i]), int(col[i]), texts["value"], reasons, texts))
    return accepted, refused


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


def _without_duplicates(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Refusal], list[str]]:
    """One figure per key and day: a repeat is passed over and told; where repeats differ, all of them are refused."""
    key = frames.key_codes(rows)
    many = pd.Series(key).duplicated(keep=False).to_numpy()
    if not many.any():
        return rows, [], []
    refused: list[Refusal] = []
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
            refused += [_contradicted(r, [*where[:n], *where[n + 1 :]]) for n, r in enumerate(places)]
    return rows[~drop].reset_index(drop=True), refused, again


def _contradicted(row: Any, others: list[str]) -> Refusal:
    """A figure that is given otherwise in other places."""
    said_of_it = [c for c in RAW if c in row.index and not is_missing(str(row[c]))]
    return lost_row(row, refuse("duplicate_differs", "value", places=others[:3]), said_of_it)
