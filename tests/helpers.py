"""What the tests of several rooms need: the command as it is typed, ledgers of a few figures, what was kept and is found."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from greenreport.areas import Roster
from greenreport.assess import Evidence
from greenreport.observations import Ledger
from greenreport.plan import Plan
from greenreport.stores.rows import stacked

ROOT = Path(__file__).resolve().parents[1]


def greenreport(
    *arguments: object, cwd: Path = ROOT, answers: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, on a wide terminal; `answers` are typed in."""
    return subprocess.run(
        [sys.executable, "-m", "greenreport", *map(str, arguments)],
        cwd=cwd, input=answers, capture_output=True, text=True,
        env={**os.environ, "COLUMNS": "200", "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


def with_figures(
    evidence: Evidence, indicator: str, values: Mapping[tuple[str, int], float], *, unconfirmed: int | None = None
) -> Evidence:
    """The evidence of a ledger with nothing but these values by area and year, each known in April of the year after.

    The figures of the year `unconfirmed` have grade C.
    """
    rows = [
        {
            "indicator": indicator, "area": area, "period": str(year), "value": str(value),
            "unit": evidence.plan.indicator(indicator).unit.zh, "kind": "observed", "vintage": f"{year + 1}-04-01",
            "source": "test", "grade": "C" if year == unconfirmed else "A",
        }
        for (area, year), value in values.items()
    ]  # fmt: skip
    return replace(evidence, ledger=ledger_from(pd.DataFrame(rows), plan=evidence.plan, roster=evidence.roster))


def ledger_from(rows: pd.DataFrame, *, plan: Plan, roster: Roster) -> Ledger:
    """A ledger of rows that stand nowhere, counted as in a spreadsheet; optional columns may be missing."""
    counted = rows.reset_index(drop=True).assign(file="test", row=range(2, len(rows) + 2))
    return Ledger.of(stacked([counted]), plan=plan, roster=roster, head=None, name="test")


def squeezed(text: str) -> str:
    """A text without white space and joiners, which differ by who sets it."""
    return re.sub(r"[\s\u200d]+", "", text)


def alike(kept: Any, found: Any, **tolerance: float) -> bool:
    """Whether what JSON holds is the same, numbers within a tolerance (`rel`, `abs`)."""
    if isinstance(kept, dict) and isinstance(found, dict):
        return kept.keys() == found.keys() and all(alike(kept[k], found[k], **tolerance) for k in kept)
    if isinstance(kept, list) and isinstance(found, list):
        return len(kept) == len(found) and all(alike(a, b, **tolerance) for a, b in zip(kept, found, strict=True))
    if isinstance(kept, float):
        return bool(found == pytest.approx(kept, nan_ok=True, **tolerance))
    return bool(kept == found)
