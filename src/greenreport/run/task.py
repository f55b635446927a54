"""One page in one language as a piece of work that can travel. Knows nothing but values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from greenreport.run.kinds import FINDINGS_READERS

__all__ = ["PageTask"]

Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class PageTask:
    """One page in one language.

    All that is needed to make it, by value, so that it can travel to another machine.

    Attributes:
        id: the page's id, such as `district-500101`, `city-2024` or `indicator-online-retail`.
        notebook: path of the notebook, relative to the project's root.
        as_of: the data cut-off of this page, ISO.
        reads: codes of the areas whose rows of the ledger the page reads.
        reads_base: codes of the areas of which the page reads the plan's baseline year only, to derive shares.
        timeout: seconds per cell.
        memory_bytes: limit of the kernel's memory, or None.
        indicator: id of the indicator that the page is about; None for all. Only its rows and its part of the other
            pages' findings are read.
        group: the group of districts that its area belongs to, in the page's language; None for none.
    """

    id: str
    lang: str
    kind: str
    notebook: str
    area: str | None
    year: int | None
    as_of: str
    title: str
    subtitle: str
    parameters: Mapping[str, Scalar | list[Scalar]]
    reads: tuple[str, ...]
    timeout: int
    memory_bytes: int | None
    reads_base: tuple[str, ...] = ()
    indicator: str | None = None
    group: str | None = None

    @property
    def reads_findings(self) -> bool:
        """Whether the page is made from the other pages' findings, after them."""
        return self.kind in FINDINGS_READERS
