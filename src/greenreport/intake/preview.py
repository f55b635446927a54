"""Compares what was understood with what the ledger knows: new, changed, unchanged, refused. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from greenreport.checks import plausible
from greenreport.checks.finding import Finding, Thresholds
from greenreport.intake import frames
from greenreport.intake.layout_result import RAW
from greenreport.intake.read_result import Refusal, Understood, refusals_of
from greenreport.intake.reason import Reason
from greenreport.intake.texts import UNGRADED
from greenreport.observations import COLUMNS, BadRows, Ledger, Rules, check, key_of

__all__ = ["STATUSES", "Preview", "preview"]

STATUSES = ("new", "changed", "unchanged")
_TOLERANCE = 1e-12
_KEYS = ("indicator", "area", "period")


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
    refused: pd.DataFrame
    version: str = ""
    known_files: tuple[str, ...] = field(default=())

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
        """Whether any figure was refused, or is unlikely."""
        return bool(len(self.refused) or self.questions)

    @property
    def writes(self) -> pd.DataFrame:
        """The rows that would be written, in the ledger's columns, sorted by key and vintage."""
        rows = self.rows
        unchanged = (rows["status"] == "unchanged").to_numpy()
        if unchanged.any():
            rows = rows[~unchanged]
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
        marks = Thresholds()
        before = {(f.check, f.zh) for f in plausible.findings(old, old.as_of(day), marks)} if keep.any() else set()
        found = plausible.findings(both, both.as_of(day), marks)
        asked = [f for f in found if f.severity != "info" and (f.check, f.zh) not in before]
        own = set(zip(rows["indicator"].astype(str), rows["area"].astype(str), strict=True))
        ids = {i for i, _ in own}
        return tuple(f for f in asked if (f.indicator, f.area) in own or (f.check == "sum" and f.indicator in ids))

    def refusals(self) -> Iterator[Refusal]:
        """The refused figures one by one."""
        return refusals_of(self.refused)


def preview(understood: Understood, ledger: Ledger, *, version: str = "", known_files: Collection[str] = ()) -> Preview:
    """Say what would become of every row.

    Args:
        understood: what was read.
        ledger: what is known.
        version: the state of the store that `ledger` was read from.
        known_files: digests of files imported before; which of the files these are is told, since a figure of theirs
            that was corrected in between would be restored.

    Returns:
        A preview. A row is compared with the figure known on the day of its own vintage, so that an older file does
        not undo a newer correction.
    """
    rows = understood.rows.reset_index(drop=True)
    if not len(rows):
        return Preview(understood, ledger, _with(rows, [], [], [], []), understood.refused, version)
    old = _relevant(ledger.frame, rows)
    key, old_key = _keys(rows, old)
    known = _known_then(rows, key, old, old_key)
    rows = _graded(rows, old, known)
    same = _same(rows, old, known)
    status = np.where(known < 0, 0, np.where(same, 2, 1)).astype(np.int8)
    clash = (known >= 0) & ~same
    days = rows["vintage"].to_numpy()
    at = np.clip(known, 0, None)
    if len(old):
        clash &= old["vintage"].to_numpy()[at] == days
    digests = {f.name: f.digest for f in understood.files}
    again = tuple(n for n, d in digests.items() if d in set(known_files))
    latest = (
        pd.Series(old["vintage"].to_numpy()).groupby(old_key).max() if len(old) else pd.Series(dtype="datetime64[s]")
    )
    newest = pd.Series(key).map(latest).to_numpy()
    late = newest > days
    values = np.where(known >= 0, old["value"].to_numpy()[at] if len(old) else np.nan, np.nan)
    vintages = np.where(
        known >= 0, old["vintage"].to_numpy()[at] if len(old) else np.datetime64("NaT"), np.datetime64("NaT")
    )
    whole = _with(rows, status, values, vintages, late)
    refused = understood.refused
    if clash.any():
        refused = frames.stack([refused, _clashes(whole[clash])], frames.REFUSED)
        whole = whole[~clash].reset_index(drop=True)
    return Preview(understood, ledger, whole, refused, version, again)


def _with_new(old: Ledger, rows: pd.DataFrame) -> Ledger | None:
    """A ledger with further rows; None where they do not make one."""
    schema = dict.fromkeys(COLUMNS, "category") | {
        "value": "f",
        "growth_pct": "f",
        "vintage": "M",
        "file": "category",
        "row": "i",
    }
    new = rows.assign(file=frames.constant("import", len(rows)), row=np.arange(2, len(rows) + 2, dtype=np.int32))
    units = {i.id: i.unit.zh for i in old.plan.indicators} | {c.id: c.unit.zh for c in old.context.values()}
    try:
        every = frames.stack([old.frame[list(schema)], new], schema)
        return replace(old, frame=check(every, Rules(units, old.roster, None, synthetic=True)))
    except BadRows:
        return None


def _with(rows: pd.DataFrame, status: Any, values: Any, vintages: Any, late: Any) -> pd.DataFrame:
    return rows.assign(
        status=frames.coded(np.asarray(status, dtype=np.int8), STATUSES),
        old_value=np.asarray(values, dtype=float),
        old_vintage=np.asarray(vintages, dtype="datetime64[s]"),
        late=np.asarray(late, dtype=bool),
    )


def _relevant(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The ledger's rows that share indicator, area and period with any row read."""
    keep = np.ones(len(frame), dtype=bool)
    for c in _KEYS:
        keep &= frame[c].isin([str(t) for t in rows[c].cat.categories]).to_numpy()
    return frame[keep].reset_index(drop=True)


def _keys(rows: pd.DataFrame, old: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    if not len(old):
        return frames.key_codes(rows, vintage=False), np.zeros(0, dtype=np.int64)
    columns = ("indicator", "area", "scope", "period", "kind")
    schema = dict.fromkeys(columns, "category")
    both = frames.stack([old[list(columns)], rows[list(columns)]], schema)
    codes = frames.key_codes(both, vintage=False)
    return codes[len(old) :], codes[: len(old)]


def _known_then(rows: pd.DataFrame, key: np.ndarray, old: pd.DataFrame, old_key: np.ndarray) -> np.ndarray:
    """For each row the place in `old` of the latest figure of its key up to its own vintage; -1: none."""
    if not len(old):
        return np.full(len(rows), -1, dtype=np.int64)
    left = pd.DataFrame({"key": key, "day": rows["vintage"].to_numpy(), "place": np.arange(len(rows))}).sort_values(
        ["day", "place"]
    )
    right = pd.DataFrame({"key": old_key, "day": old["vintage"].to_numpy(), "at": np.arange(len(old))}).sort_values(
        ["day", "at"]
    )
    found = pd.merge_asof(left, right, on="day", by="key", direction="backward")
    out = np.full(len(rows), -1, dtype=np.int64)
    out[found["place"].to_numpy()] = found["at"].fillna(-1).to_numpy().astype(np.int64)
    return out


def _same(rows: pd.DataFrame, old: pd.DataFrame, known: np.ndarray) -> np.ndarray:
    """Whether the figure known is the one read: value, kind, growth, and what qualifies it (grade, note)."""
    if not len(old):
        return np.zeros(len(rows), dtype=bool)
    at = np.clip(known, 0, None)
    same = known >= 0
    same &= _equal(rows["value"].to_numpy(), old["value"].to_numpy()[at])
    growth, was = rows["growth_pct"].to_numpy(), old["growth_pct"].to_numpy()[at]
    same &= np.isnan(growth) | _equal(growth, was)
    for c in ("kind", "grade", "note"):
        same &= rows[c].astype(str).to_numpy() == old[c].astype(str).to_numpy()[at]
    return same


def _graded(rows: pd.DataFrame, old: pd.DataFrame, known: np.ndarray) -> pd.DataFrame:
    """Figures for which nobody vouched: C, unless the ledger has the same figure; then that one's grade."""
    if UNGRADED not in rows["grade"].cat.categories:
        return rows
    grade = rows["grade"].astype(str).to_numpy(dtype=object)
    bare = grade == UNGRADED
    grade[bare] = "C"
    if len(old):
        at = np.clip(known, 0, None)
        same = bare & (known >= 0) & _equal(rows["value"].to_numpy(), old["value"].to_numpy()[at])
        grade[same] = old["grade"].astype(str).to_numpy()[at][same]
    return rows.assign(grade=pd.Categorical(grade))


def _equal(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    out: np.ndarray = np.abs(a - b) <= _TOLERANCE * np.maximum(np.abs(a), np.abs(b))
    return out


def _clashes(rows: pd.DataFrame) -> pd.DataFrame:
    lost = []
    for r in rows.to_dict("records"):
        day = pd.Timestamp(r["old_vintage"]).date()
        reason = Reason(
            "same_day",
            "vintage",
            f"台账在{day}这一天已有不同的数（{r['old_value']:.12g}）。更正请用更晚的日期导入，原数据会保留。",
            f"The ledger has a different figure of the same day, {day} ({r['old_value']:.12g}). Import a correction with a later day; the old figure is kept.",
        )
        texts = {c: str(r[c]) for c in RAW if c in r and c not in ("growth_pct", "vintage")} | {"value": str(r["read"])}
        lost.append(frames.lost_row(r, reason, texts))
    return frames.refusals(lost)
