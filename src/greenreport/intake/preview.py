"""Compares what was understood with what the ledger knows: new, changed, unchanged, refused. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from greenreport.checks import plausible
from greenreport.checks.finding import Finding
from greenreport.intake.read_result import RAW, Refusal, Understood, lost_row
from greenreport.intake.reason import refuse
from greenreport.intake.texts import UNGRADED
from greenreport.observations import COLUMNS, BadRows, Ledger, Rules, check, frames, key_of

__all__ = ["STATUSES", "Preview", "preview"]

STATUSES = ("new", "changed", "unchanged")
_TOLERANCE = 1e-12
_KEY = ["indicator", "area", "period", "scope", "kind"]


@dataclass(frozen=True, eq=False)
class Preview:
    """What an import into `ledger` would do.

    `rows`: the accepted rows with `status` ("new", "changed", "unchanged"), `old_value` and `old_vintage` (the figure
    known on the day of the row's vintage; NaN and NaT: none) and `late` (the ledger knows a later figure already).
    `refused`: as in `Understood`, and rows that would overwrite a figure of the same day. `version`: the state of the
    ledger that this holds for.
    """

    understood: Understood
    ledger: Ledger
    rows: pd.DataFrame
    refused: tuple[Refusal, ...]
    version: str = ""
    known_files: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Figures by status, refused ones included."""
        out = {s: int((self.rows["status"] == s).sum()) for s in STATUSES}
        return out | {"refused": len(self.refused)}

    @property
    def changes_ledger(self) -> bool:
        """Whether any figure is new or changed."""
        return bool((self.rows["status"] != "unchanged").any())

    @property
    def in_doubt(self) -> bool:
        """Whether any figure was refused, or is unlikely, or lost its growth."""
        return bool(len(self.refused) or self.questions or self.understood.growth_lost)

    @property
    def writes(self) -> pd.DataFrame:
        """The rows that would be written, in the ledger's columns, sorted by key and vintage."""
        rows = self.rows[(self.rows["status"] != "unchanged").to_numpy()]
        ranks = [frames.lexical(rows[c]) for c in ("indicator", "area", "scope", "period", "kind")]
        key = key_of([*ranks, pd.factorize(rows["vintage"].to_numpy().astype(np.int64), sort=True)[0]])
        return rows[list(COLUMNS)].take(np.argsort(key, kind="stable")).reset_index(drop=True)

    @cached_property
    def questions(self) -> tuple[Finding, ...]:
        """What is unlikely about the figures that would be written, judged together with what the ledger knows.

        What was unlikely before is not asked again.
        """
        rows = self.writes
        if not len(rows):
            return ()
        known = self.ledger.frame
        keep = known["indicator"].isin([str(t) for t in rows["indicator"].unique()]).to_numpy()
        old = replace(self.ledger, frame=known[keep])
        both = _with_new(old, rows)
        if both is None:
            return ()  # the ledger's own reader will say why when it comes to writing
        day = both.frame["vintage"].max().date()
        before = {(f.check, f.zh) for f in plausible.findings(old, old.as_of(day))} if keep.any() else set()
        found = plausible.findings(both, both.as_of(day))
        asked = [f for f in found if f.severity != "info" and (f.check, f.zh) not in before]
        own = set(zip(rows["indicator"].astype(str), rows["area"].astype(str), strict=True))
        ids = {i for i, _ in own}
        return tuple(f for f in asked if (f.indicator, f.area) in own or (f.check == "sum" and f.indicator in ids))


def preview(understood: Understood, ledger: Ledger, *, version: str = "", known_files: Collection[str] = ()) -> Preview:
    """Say what would become of every row, which is compared with the figure known on the day of its own vintage.

    So an older file does not undo a newer correction. `version` is the state of the store that `ledger` was read from;
    `known_files` are digests of files imported before: which of the files these are is told, since a figure of theirs that
    was corrected in between would be restored.
    """
    rows = understood.rows.reset_index(drop=True)
    known = _known_then(rows, ledger.frame)
    rows = _graded(rows, known)
    there = known["known_on"].notna().to_numpy()
    same = _same(rows, known)
    days = rows["vintage"].to_numpy()
    whole = rows.assign(
        status=frames.coded(np.where(~there, 0, np.where(same, 2, 1)).astype(np.int8), STATUSES),
        old_value=known["value"].to_numpy(),
        old_vintage=known["known_on"].to_numpy(),
        late=known["newest"].to_numpy() > days,
    )
    clash = there & ~same & (known["known_on"].to_numpy() == days)
    refused = (*understood.refused, *map(_clash, whole[clash].to_dict("records")))
    again = tuple(f.name for f in understood.files if f.digest in known_files)
    return Preview(understood, ledger, whole[~clash].reset_index(drop=True), refused, version, again)


def _with_new(old: Ledger, rows: pd.DataFrame) -> Ledger | None:
    """A ledger with further rows; None where they do not make one."""
    schema = dict.fromkeys((*COLUMNS, "file"), "category") | {
        "value": "f",
        "growth_pct": "f",
        "vintage": "M",
        "row": "i",
    }
    new = rows.assign(file=frames.constant("import", len(rows)), row=np.arange(2, len(rows) + 2, dtype=np.int32))
    units = {i.id: i.unit.zh for i in old.plan.indicators} | {c.id: c.unit.zh for c in old.context.values()}
    try:
        every = frames.stack([old.frame[list(schema)], new], schema)
        return replace(old, frame=check(every, Rules(units, old.roster, None, synthetic=True)))
    except BadRows:
        return None


def _known_then(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """For each row the latest figure of its key up to its own vintage, and the day of the `newest` one of any vintage.

    `known_on` is the vintage of that figure; NaT: there is none, and the other columns hold nothing.
    """
    keep = np.ones(len(ledger), dtype=bool)
    for c in _KEY[:3]:
        keep &= ledger[c].isin([str(t) for t in rows[c].cat.categories]).to_numpy()
    old = ledger[keep].reset_index(drop=True)
    codes = frames.key_codes(frames.stack([old[_KEY], rows[_KEY]], dict.fromkeys(_KEY, "category")), vintage=False)
    day, key = old["vintage"], codes[len(old) :]
    left = pd.DataFrame({"key": key, "day": rows["vintage"]}).sort_values("day", kind="stable")
    right = old[["value", "growth_pct", "kind", "grade", "note"]].assign(key=codes[: len(old)], day=day, known_on=day)
    found = pd.merge_asof(left.reset_index(), right.sort_values("day", kind="stable"), on="day", by="key")
    found = found.set_index("index").sort_index()
    return found.assign(newest=pd.Series(key).map(day.groupby(codes[: len(old)]).max()).astype(day.dtype))


def _same(rows: pd.DataFrame, known: pd.DataFrame) -> np.ndarray:
    """Whether the figure known is the one read: value, kind, growth, and what qualifies it (grade, note)."""
    growth = rows["growth_pct"].to_numpy()
    same = _equal(rows["value"].to_numpy(), known["value"].to_numpy())
    same &= np.isnan(growth) | _equal(growth, known["growth_pct"].to_numpy())
    for c in ("kind", "grade", "note"):
        same &= rows[c].astype(str).to_numpy() == known[c].astype(str).to_numpy()
    return same


def _graded(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Figures for which nobody vouched: C, unless the ledger has the same figure; then that one's grade."""
    if UNGRADED not in rows["grade"].cat.categories:
        return rows
    grade = rows["grade"].astype(str).to_numpy(dtype=object)
    same = _equal(rows["value"].to_numpy(), known["value"].to_numpy())
    vouched = np.where(same, known["grade"].astype(str).to_numpy(dtype=object), "C")
    return rows.assign(grade=pd.Categorical(np.where(grade == UNGRADED, vouched, grade)))


def _equal(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out: np.ndarray = np.abs(a - b) <= _TOLERANCE * np.maximum(np.abs(a), np.abs(b))
    return out


def _clash(row: dict[str, object]) -> Refusal:
    """A figure that would overwrite another one of the same day."""
    day, value = pd.Timestamp(str(row["old_vintage"])).date(), f"{row['old_value']:.12g}"
    columns = [c for c in RAW if c in row and c not in ("growth_pct", "vintage")]
    return lost_row(row, refuse("same_day", "vintage", day=day, value=value), columns)
