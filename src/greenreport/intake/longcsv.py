"""Reads a CSV that is one plain list (a figure a row, one head row), however long, without holding its cells as text.

The same words are understood as in `layout`; a file that is anything else is left to it. Knows no indicator and no area.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from greenreport.intake.growths import sign_of, with_sign
from greenreport.intake.numbers import plain_numbers
from greenreport.intake.read_result import RAW
from greenreport.intake.reason import Reason
from greenreport.intake.safety import TEXT_BYTES, sniff
from greenreport.intake.sheets import encoding_of, separator_of
from greenreport.intake.thousands import COMMAS, LEFT, RIGHT
from greenreport.intake.words import is_missing, role_of
from greenreport.observations.frames import constant

__all__ = ["read_long_csv"]


def read_long_csv(path: Path) -> tuple[pd.DataFrame, int] | Reason | None:
    """The rows of a long CSV.

    Returns:
        A frame with the columns of `RAW`, `number` (the value where it is a plain decimal, else NaN), `sheet`, `row` (as a
        spreadsheet counts) and `col` (0), and how many rows had no figure;
        a reason where the file is refused; None where it is not such a list, or a row has too many cells.
    """
    with path.open("rb") as file:
        if sniff(file.read(16)) != "text" or path.stat().st_size > TEXT_BYTES:
            return None
    encoding = encoding_of(path)
    if isinstance(encoding, Reason):
        return encoding
    with path.open(encoding=encoding, newline="") as text:
        lines = [line for _ in range(20) if (line := text.readline(65_536))]
    first = lines[0] if lines else ""
    separator = separator_of(lines)
    try:
        heads = next(csv.reader([first], delimiter=separator, strict=True), [])
    except csv.Error:
        return None
    roles = [role_of(h) if h.strip() else "" for h in heads]
    names = _names(roles)
    if names is None:
        return None
    kinds = dict.fromkeys(names, "category") | {"value": "str"}
    try:
        frame = pd.read_csv(
            path, names=names, header=0, dtype=kinds, na_filter=False, skip_blank_lines=False, encoding=encoding,
            sep=separator, on_bad_lines="error",
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, OverflowError):
        return None
    if not isinstance(frame.index, pd.RangeIndex):
        return None  # every row has a cell too many, and the reader took the first for a label
    frame = _without_repeated_heads(frame, dict(zip(names, heads, strict=True)))
    if separator in COMMAS and _may_be_split(frame):
        return None
    return _complete(_with_signs(frame, dict(zip(names, heads, strict=True))))


def _names(roles: list[str | None]) -> list[str] | None:
    """A name per column; None unless the heads are those of a plain list."""
    known = [r for r in roles if r]
    if None in roles or "" in roles or "value" not in known or {"month", "category"} & set(known):
        return None
    if not {"indicator", "period"} <= set(known) or not {"area", "area_code"} & set(known):
        return None
    named = [r for r in known if r != "ignored"]
    if len(set(named)) < len(named):
        return None
    return [f"ignored{n}" if r == "ignored" else str(r) for n, r in enumerate(roles)]


def _without_repeated_heads(frame: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """The head stands again where pages were joined; such rows are blanked, so that rows keep their numbers."""
    again = np.logical_and.reduce([(frame[name] == head).to_numpy() for name, head in heads.items()])
    if again.any():
        frame.loc[again, "value"] = ""
        if "growth_pct" in frame:
            frame["growth_pct"] = frame["growth_pct"].astype(str).mask(again, "").astype("category")
    return frame


def _with_signs(frame: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    """Growth with the % or ‰ that its head says."""
    if sign := sign_of(heads.get("growth_pct", "")):
        told = frame["growth_pct"].cat.categories
        frame["growth_pct"] = frame["growth_pct"].map({t: with_sign(str(t), sign) for t in told}).astype("category")
    return frame


def _may_be_split(frame: pd.DataFrame) -> bool:
    """Whether a value and the text behind it may be one figure in any row, for `layout` to judge."""
    names = list(frame.columns)
    behind = names.index("value") + 1
    if behind >= len(names):
        return False
    column = frame[names[behind]]
    texts = [t for t in column.cat.categories if RIGHT.fullmatch(str(t).strip())]
    rows = column.isin(texts).to_numpy() if texts else np.zeros(0, dtype=bool)
    return bool(rows.any()) and any(LEFT.fullmatch(str(v).strip()) for v in frame["value"].to_numpy()[rows])


def _complete(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    n = len(frame)
    value = frame["value"].to_numpy(dtype=object)
    number = plain_numbers(value)
    # Only what is no number can be a word for "no figure"; asking every text would take longer than reading them.
    nothing = np.isnan(number)
    at = np.flatnonzero(nothing)
    nothing[at] = [is_missing(str(value[i])) for i in at]
    if "growth_pct" in frame and nothing.any():
        told = {t for t in frame["growth_pct"].cat.categories if not is_missing(str(t))}
        nothing &= ~frame["growth_pct"].isin(list(told)).to_numpy()
    out = {c: frame[c] if c in frame else constant("", n) for c in RAW}
    whole = pd.DataFrame(out)
    whole["number"] = number
    whole["sheet"] = constant("", n)
    whole["row"], whole["col"] = np.arange(2, n + 2, dtype=np.int32), np.int16(0)
    for c in RAW:
        if c != "value" and (whole[c].cat.codes < 0).any():
            # A row with fewer cells than the head: the reader leaves the others without any text.
            whole[c] = whole[c].cat.add_categories([""] if "" not in whole[c].cat.categories else []).fillna("")
    if nothing.any():
        whole = whole[~nothing].reset_index(drop=True)
    return whole, int(nothing.sum())
