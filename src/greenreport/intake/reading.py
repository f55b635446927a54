"""Reads files from whoever has the figures and says what was understood of them. Writes nothing.

Puts together what the other modules do: open, lay out, resolve. Every figure is accepted, or refused with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pandas as pd

from greenreport.areas import Roster
from greenreport.intake.account import Accountant
from greenreport.intake.layout import Laid, lay_out
from greenreport.intake.longcsv import read_long_csv
from greenreport.intake.names import Names
from greenreport.intake.read_result import ACCEPTED, RAW, Refusal, SourceFile, Understood, cell_name, lost_row
from greenreport.intake.reason import Reason, refuse
from greenreport.intake.resolve import resolve
from greenreport.intake.safety import sha256, shown_name
from greenreport.intake.sheets import Grid, open_grids
from greenreport.intake.template_reader import Form, keys_of, lay_out_filled
from greenreport.intake.texts import Defaults
from greenreport.intake.units import UnitTable
from greenreport.intake.words import is_missing
from greenreport.observations import Ledger, frames
from greenreport.plan import Plan
from greenreport.spreadsheets import harmless
from greenreport.text import Text
from greenreport.words import both

__all__ = ["read"]

# Beyond this many figures of one CSV, only the file is named as their place, not each row.
_ADDRESSED = 200_000
# So many growths that were not taken are told one by one.
_TOLD = 5
# What stands beside an accepted figure of where it was read, by the columns of the texts.
_PLACES = {"sheet": "sheet", "row": "row", "col": "col", "read": "value", "proof": "proof"}


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

    Returns:
        What was understood. A file that cannot be opened is refused as a whole.
    """
    labels = Accountant(Names(plan, roster, ledger.context if ledger is not None else None), UnitTable(plan.units))
    synthetic = ledger.synthetic if ledger is not None else grade == "S"
    common = Defaults(
        when=when,
        source=source,
        given=given or {},
        scopes=None if ledger is None or any_scope else ledger.scopes,
        synthetic=synthetic,
        grade=grade or ("S" if synthetic else "A" if grade is None else ""),
    )
    paths = [Path(file) for file in files]
    locks = [both("intake.told.lock_file", name=shown_name(path)) for path in paths if _is_lock(path)]
    parts = [_read_file(path, labels, common) for path in paths if not _is_lock(path)]
    return _together(parts, locks)


def _together(parts: Sequence[_Part], notices: Sequence[Text]) -> Understood:
    """What was understood of all files; repeats across them are passed over or refused."""
    rows, contradicted, again = _without_duplicates(frames.stack([p.rows for p in parts], ACCEPTED))
    refused = (*chain.from_iterable(p.refused for p in parts), *contradicted)
    told = [*notices, *chain.from_iterable(p.notices for p in parts)]
    if again:
        told.append(both("intake.told.repeats", count=len(again), places=again[:5], more=len(again) > 5))
    files = tuple(_counted(p, rows, refused) for p in parts)
    return Understood(files, rows, refused, tuple(told), growth_lost=any(p.growth_lost for p in parts))


def _counted(part: _Part, rows: pd.DataFrame, refused: Sequence[Refusal]) -> SourceFile:
    """A file with its figures counted, now that repeats are passed over or refused."""
    kept = int((rows["file"] == part.name).sum())
    lost = sum(one.file == part.name for one in refused)
    return SourceFile(part.name, part.digest, kept + lost, kept, lost, part.blank)


@dataclass(frozen=True, eq=False)
class _Part:
    """What was understood of one file."""

    name: str
    digest: str
    rows: pd.DataFrame
    refused: Sequence[Refusal]
    blank: int = 0
    notices: Sequence[Text] = ()
    growth_lost: bool = False


def _is_lock(path: Path) -> bool:
    return path.name.startswith(("~$", ".~lock."))


def _read_file(path: Path, labels: Accountant, common: Defaults) -> _Part:
    name = shown_name(path)
    defaults = replace(common, file=harmless(name))
    try:
        digest = sha256(path)
    except OSError:
        return _refused_whole(path, "", refuse("file_unreadable.missing", "file"))
    if path.suffix.casefold() in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        return _refused_whole(path, digest, refuse("macros.suffix", "file"))
    long = read_long_csv(path)
    if isinstance(long, Reason):
        return _refused_whole(path, digest, long)
    if long is not None:
        raw, blank = long
        rows, refused, unread = _settle(name, raw, labels, defaults, addressed=len(raw) <= _ADDRESSED)
        return _Part(name, digest, rows, refused, blank, unread, growth_lost=bool(unread))
    grids = open_grids(path)
    if isinstance(grids, Reason):
        return _refused_whole(path, digest, grids)
    form = keys_of(grids, labels.names.plan.id)
    if isinstance(form, Reason):
        return _refused_whole(path, digest, form)
    return _from_sheets(name, digest, grids, form, labels, defaults)


def _from_sheets(
    name: str, digest: str, grids: list[Grid], form: Form | None, labels: Accountant, defaults: Defaults
) -> _Part:
    laid = lay_out_filled(grids, form, labels) if form else [lay_out(grid, labels) for grid in grids]
    raw = _raw(laid)
    rows, refused, unread = _settle(name, raw, labels, defaults, addressed=len(raw) <= _ADDRESSED or len(laid) > 1)
    refused += [replace(loss, file=name) for sheet in laid for loss in sheet.losses]
    notices = [*(notice for sheet in laid for notice in sheet.notices), *unread]
    if form is not None and form.meta.get("plan_digest") != labels.names.plan.digest:
        notices.append(both("intake.told.plan_changed"))
    return _Part(name, digest, rows, refused, sum(sheet.blank for sheet in laid), notices, growth_lost=bool(unread))


def _refused_whole(path: Path, digest: str, reason: Reason) -> _Part:
    """A file that was not opened: one refusal stands for all of it."""
    name = shown_name(path)
    return _Part(name, digest, frames.empty(ACCEPTED), [Refusal(name, "", 0, 0, name, (reason,))])


def _raw(laid: list[Laid]) -> pd.DataFrame:
    """The texts of all sheets' figures by the columns of `RAW`, and the sheet, row and column (from 1) of each."""
    names = (*RAW, "sheet", "row", "col")
    raw = pd.DataFrame([figure for sheet in laid for figure in sheet.figures], columns=names, dtype="object")
    return raw.astype(dict.fromkeys(names, "category") | {"value": "object", "row": "int32", "col": "int16"})


def _settle(
    name: str, raw: pd.DataFrame, labels: Accountant, defaults: Defaults, *, addressed: bool
) -> tuple[pd.DataFrame, list[Refusal], list[Text]]:
    """The figures of a file judged: accepted rows with their place, refused ones with their texts, what is to be told."""
    taken, lost, unread = resolve(raw, names=labels.names, units=labels.units, defaults=defaults)
    kept = taken.index.to_numpy() if lost else slice(None)
    places = {to: raw[c].array[kept] for to, c in _PLACES.items()}
    accepted = taken.assign(file=frames.constant(name, len(taken)), **places).reset_index(drop=True)
    bare = accepted["source_address"] == ""
    if bare.any():
        accepted["source_address"] = _addresses(accepted, bare.to_numpy(), harmless(name), addressed=addressed)
    refused = []
    for i, reasons in lost.items():
        row = raw.iloc[i]
        texts = {c: str(row[c]) for c in RAW}
        refused.append(
            Refusal(name, str(row["sheet"]), int(row["row"]), int(row["col"]), texts["value"], reasons, texts)
        )
    return accepted, refused, _unread(raw, unread)


def _unread(raw: pd.DataFrame, reasons: dict[int, Reason]) -> list[Text]:
    """Which figures lost their growth, and why."""
    told = []
    for i, why in islice(reasons.items(), _TOLD):
        row = raw.iloc[i]
        place = f"{row['sheet']}{'!' if row['sheet'] else ''}{cell_name(int(row['row']), int(row['col']))}"
        told.append(Text(f"{place}：{why.zh}", f"{place}: {why.en}"))
    more = len(reasons) - len(told)
    lost = Text("".join(t.zh for t in told), " ".join(t.en for t in told))
    return [both("intake.told.growth_unread", count=len(reasons), lost=lost, more=more > 0)] if told else []


def _addresses(accepted: pd.DataFrame, bare: np.ndarray, name: str, *, addressed: bool) -> pd.Series:
    """`file#sheet!D7` for figures of a workbook, `file#12` for rows of a CSV, where no other address was given."""
    column = accepted["source_address"]
    if not addressed:
        levels = dict.fromkeys([*column.cat.categories, name])
        return column.cat.set_categories(list(levels)).where(~bare, name)
    given = column.to_numpy(dtype=object, copy=True)
    places = zip(*(accepted[c][bare] for c in ("sheet", "row", "col")), strict=True)
    given[bare] = [f"{name}#{sheet}{'!' if sheet else ''}{cell_name(row, col)}" for sheet, row, col in places]
    return pd.Series(given, dtype="category")


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
            for n, r in enumerate(places):
                said_of_it = [c for c in RAW if c in r.index and not is_missing(str(r[c]))]
                others = [*where[:n], *where[n + 1 :]]
                refused.append(lost_row(r, refuse("duplicate_differs", "value", places=others[:3]), said_of_it))
    return rows[~drop].reset_index(drop=True), refused, again
