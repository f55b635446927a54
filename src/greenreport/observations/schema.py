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
OWN_NOTES = {
    "rounded": Text("来源为约数", "rounded in the source"),
    "lower_bound": Text("来源为“超过”“余”，系下限", "lower bound: the source says “more than”"),
    "upper_bound": Text("来源为“近”“不足”，系上限", "upper bound: the source says “nearly” or “less than”"),
    "nominated": Text("推荐数，最终名单未见", "nominated; the final list was not seen"),
    "comparable": Text("由最新水平值按公布增速回推", "linked back from the latest level through published growth"),
    "plan_start": Text("规划成文日期不详，记为规划期首日", "the plan's date is not known; its first day stands here"),
    "bridged": Text("由区划调整前各区数据相加", "added up from the areas before the change of the roster"),
}
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
