"""What a project is begun from, whether it was typed or read: the plan, its areas, indicators, targets and figures.

Frozen records only; must not know files or workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from greenreport.plan.kinds import KindId

if TYPE_CHECKING:
    from greenreport.begin.cells import Cell

__all__ = ["Draft", "DraftArea", "DraftFigure", "DraftIndicator", "DraftTarget", "slug"]

Names = Mapping[str, str]
"""A name by language, `zh` or `en` or both."""


@dataclass(frozen=True)
class DraftArea:
    """An area.

    Args:
        code: its code.
        name: its name by language.
        population: its inhabitants, where they are known.
    """

    code: str
    name: Names
    population: int | None = None


@dataclass(frozen=True)
class DraftTarget:
    """What is wanted of an indicator by the end of a year.

    Args:
        year: the year.
        value: in the indicator's unit; None: not for the whole, the parts have their own.
        to: the far end of a range, in the same unit.
        hold: it is a limit that the baseline keeps already.
    """

    year: int
    value: float | None
    to: float | None = None
    hold: bool = False


@dataclass(frozen=True)
class DraftIndicator:
    """An indicator with its baseline and targets.

    Args:
        id: lower-case letters, digits and underscores.
        name: by language.
        unit: by language, such as `万吨` and `tonnes`; in it stand baseline, targets and figures.
        kind: `flow`, `cumulative_count` or `share`.
        direction: whether more or less is better.
        baseline_year: the year from which on it is judged.
        baseline: the whole's figure of that year; None where it has none.
        targets: of the whole, and of the parts where `value` is None.
        decimals: shown in reports.
        allocation: how targets of areas follow from that of the whole.
        additive: whether the parts add up to the whole.
        definition: by language.
    """

    id: str
    name: Names
    unit: Names
    kind: KindId
    direction: Literal["up", "down"]
    baseline_year: int
    baseline: float | None
    targets: tuple[DraftTarget, ...]
    decimals: int = 0
    allocation: str = "none"
    additive: bool = True
    definition: Names | None = None


@dataclass(frozen=True)
class DraftFigure:
    """A figure of the ledger, or an area's own target.

    Args:
        indicator: its id.
        area: its code.
        period: as the ledger writes it: `2025`, `2025-01/2025-09`.
        value: in the indicator's unit.
        vintage: the day on which it became known.
        source: who published it.
        target: whether it is a target.
        note: for the ledger.
        cell: where it was read.
    """

    indicator: str
    area: str
    period: str
    value: float
    vintage: date
    source: str
    target: bool = False
    note: str = ""
    cell: Cell | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Everything of a new project.

    Args:
        langs: languages of the plan and of its report.
        title: of the plan.
        whole: the area planned for.
        parts: its parts; none for a plan of the whole alone.
        period: first and last year.
        as_of: the report's data cut-off.
        number: of the document; empty where there is none.
        issued: its date, if known.
        part: what a part is called, by language; empty: an area. `parts_en`: several of them, in English.
        figures: rows of the ledger, own targets of areas among them.
        file: the workbook it was read from; empty: none.
        blanks: how many cells for figures are blank; `missing`: those that say so in words, such as n/a.
    """

    langs: tuple[str, ...]
    title: Names
    whole: DraftArea
    parts: tuple[DraftArea, ...] = ()
    period: tuple[int, int]
    as_of: date
    indicators: tuple[DraftIndicator, ...]
    figures: tuple[DraftFigure, ...] = field(default=())
    number: str = ""
    issued: date | None = None
    part: Names = field(default_factory=dict)
    parts_en: str = ""
    file: str = ""
    blanks: int = 0
    missing: tuple[Cell, ...] = ()

    @property
    def has_whole(self) -> bool:
        """Whether the whole itself is evaluated: it has a target, or figures."""
        return any(t.value is not None for i in self.indicators for t in i.targets) or any(
            f.area == self.whole.code for f in self.figures
        )


def slug(names: Names, number: int) -> str:
    """An id from an English name; `indicator_3` where there is none."""
    words = re.sub(r"[^a-z0-9]+", "_", names.get("en", "").casefold()).strip("_")
    return words[:40].rstrip("_") if words and words[0].isalpha() else f"indicator_{number}"
