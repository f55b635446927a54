"""What one template is about: plan, areas, day and language, and how its tables look. Knows no figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from openpyxl.worksheet.worksheet import Worksheet

from greenreport import workbooks
from greenreport.areas import Area, Roster
from greenreport.observations import Ledger
from greenreport.plan import Indicator, Plan, Text

__all__ = ["Lang", "TemplateSpec", "finish", "put_heads"]

Lang = Literal["zh", "en", "both"]


@dataclass(frozen=True)
class TemplateSpec:
    """What one template is about: the years, the language, the rows."""

    plan: Plan
    roster: Roster
    ledger: Ledger
    lang: Lang
    as_of: date
    areas: tuple[Area, ...]

    @property
    def year(self) -> int:
        """The last full year, which is asked for."""
        return self.as_of.year - 1

    @property
    def earlier(self) -> tuple[int, ...]:
        """The years from the baseline on that lie before it, so that one round is enough to begin."""
        return tuple(range(self.plan.baseline_year, self.year))

    def asks(self, i: Indicator, area: Area) -> bool:
        """Whether an area is asked for an indicator: one that is not shared out is the planned area's alone."""
        return i.allocation != "none" or area.code == self.plan.area

    def t(self, text: Text, *, joint: str = "\n") -> str:
        """A text in the language of the template, or in both."""
        if self.lang == "both":
            return text.zh if text.zh == text.en else f"{text.zh}{joint}{text.en}"
        return text[self.lang]

    def unit(self, i: Indicator) -> str:
        """The unit in which figures are asked for."""
        # The unit is the ledger's own in every language: a form with two units would be filled in with either.
        return i.unit.zh if self.lang != "en" else i.unit.en

    def scale(self, i: Indicator) -> float:
        """By what the ledger's figures are multiplied to stand in that unit."""
        return i.unit.en_scale if self.lang == "en" else 1.0

    def title(self, text: Text) -> str:
        """A text as the name of a sheet, which takes 31 characters."""
        return (self.t(text, joint=" ") if self.lang == "both" else text[self.lang])[:31]


def put_heads(spec: TemplateSpec, sheet: Worksheet, row: int, heads: Iterable[tuple[Text, dict[str, Any]]]) -> None:
    """The heads of a table, each with its style, from the first column on."""
    for n, (head, style) in enumerate(heads, start=1):
        workbooks.put(sheet, row, n, spec.t(head), style)


def finish(
    sheet: Worksheet,
    sizes: Sequence[float],
    *,
    head: int,
    last: int,
    frozen: str,
    least: tuple[float, float] = (32.0, 21.0),
) -> None:
    """A table is ready: widths of its columns, heights of its rows, its head in sight and on every page, cells locked.

    `least`: the least height of the head and of the rows down to `last`.
    """
    workbooks.widths(sheet, sizes)
    workbooks.fit(sheet, head, head, least=least[0])
    workbooks.fit(sheet, head + 1, last, least=least[1])
    sheet.freeze_panes = frozen
    sheet.print_title_rows = f"{head}:{head}"
    sheet.sheet_view.showGridLines = False
    workbooks.protect(sheet)
