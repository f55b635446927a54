"""The columns of the ledger, its vocabularies, and `ledger.toml`. Knows no plan and no single figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from greenreport.plan import Unit
from greenreport.strict_files import Strict, TextFile
from greenreport.text import Text

__all__ = [
    "COLUMNS",
    "FIGURES",
    "GRADES",
    "KINDS",
    "MARKS",
    "OPTIONAL",
    "OWN_NOTES",
    "ContextIndicator",
    "LedgerFile",
]

COLUMNS = (
    "indicator",
    "area",
    "period",
    "value",
    "unit",
    "kind",
    "scope",
    "vintage",
    "source",
    "source_address",
    "grade",
    "note",
    "growth_pct",
)
OPTIONAL = ("scope", "source_address", "note", "growth_pct")
KINDS = ("observed", "provisional", "target", "derived", "growth", "mean", "sum", "event")
FIGURES = ("observed", "provisional")
GRADES = ("A", "B", "R", "C", "D", "S")
# Codes that this package itself writes into notes, when it reads a figure or links a series; a ledger may word them anew.
OWN_NOTES = ("rounded", "lower_bound", "upper_bound", "nominated", "comparable", "plan_start", "bridged")
# Those of them that an import takes from the way in which a figure was written.
MARKS = ("rounded", "lower_bound", "upper_bound")


@dataclass(frozen=True)
class ContextIndicator:
    """A series that the plan does not set targets for, kept beside it for context."""

    id: str
    name: Text
    unit: Unit


class _Context(TextFile):
    unit: str


class LedgerFile(Strict):
    """ledger.toml: what the ledger is, and what its short codes mean."""

    title: TextFile = Field(examples=['{zh = "绿色发展台账"}'])
    synthetic: bool = Field(default=False, description="whether the figures are made up")
    source_note: TextFile | None = None
    schema_version: Literal[1] = 1
    context_indicators: dict[str, _Context] = Field(default_factory=dict)
    scopes: dict[str, TextFile] = Field(default_factory=dict)
    notes: dict[str, TextFile] = Field(default_factory=dict)
    sources: dict[str, TextFile] = Field(default_factory=dict)
