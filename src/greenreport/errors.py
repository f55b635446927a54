"""The exceptions of the package and how they are reported. Imports no other greenreport module.

Every message says what is wrong, where it is (file, row, field) and what to do about it, in Chinese and in
English: a district clerk and a foreign auditor read the same terminal.

    GreenReportError
    ├── RequestError            what was asked for cannot be done            exit code 2
    │   └── ParamsError         a parameter file or option is wrong
    ├── DataError               what was handed in is wrong                  exit code 2
    │   ├── PlanError           the plan's files
    │   ├── AreaError           the roster, or a name that is not in it
    │   └── LedgerError         observations (carries every bad row at once)
    ├── RunError                a page could not be made                     exit code 1
    │   ├── CellError           a cell of the notebook raised
    │   └── RunLocked           another build holds this run                 exit code 2
    └── RenderError             a document could not be rendered             exit code 1
        ├── EngineMissing       the engine asked for is not installed        exit code 2
        ├── Unsupported         the built-in engine does not know this
        └── GlyphMissing        a character has no glyph in the fonts at hand
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "AreaError",
    "CellError",
    "DataError",
    "EngineMissing",
    "GlyphMissing",
    "GreenReportError",
    "LedgerError",
    "ParamsError",
    "PlanError",
    "Problem",
    "RenderError",
    "RequestError",
    "RunError",
    "RunLocked",
    "Unsupported",
]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in both languages.

    Args:
        zh: what is wrong and what to do, as one or two Chinese sentences.
        en: the same in English.
        file: the file it stands in, as the user named it.
        row: the row as a spreadsheet counts it (the header is row 1).
        field: the column, key or cell.
        code: a stable word for programs that tell this kind of problem from others; empty where none has to.
    """

    zh: str
    en: str
    file: str | Path | None = None
    row: int | None = None
    field: str | None = None
    code: str = ""

    def where(self, lang: str) -> str:
        """The place of the problem in words: file, row, field; empty if none is known."""
        parts: list[str] = []
        if self.file is not None:
            parts.append(str(self.file))
        if self.row is not None:
            parts.append(f"第{self.row}行" if lang == "zh" else f"row {self.row}")
        if self.field is not None:
            parts.append(f"“{self.field}”栏" if lang == "zh" else f"field {self.field!r}")
        return ("，" if lang == "zh" else ", ").join(parts)

    def text(self, lang: str) -> str:
        """The whole message in one language: place, then problem and remedy."""
        where = self.where(lang)
        colon = "：" if lang == "zh" else ": "
        return f"{where}{colon}{getattr(self, lang)}" if where else str(getattr(self, lang))


@dataclass(eq=False)
class GreenReportError(Exception):
    """Root of all errors that this project raises on purpose.

    Args:
        problems: what is wrong; several where a file was checked as a whole.
    """

    problems: Sequence[Problem] = field(default_factory=tuple)
    exit_code = 1

    def __str__(self) -> str:
        return "\n".join(f"{p.text('zh')}\n{p.text('en')}" for p in self.problems)

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...]]]:
        # Errors travel between processes; dataclass exceptions lose their arguments in pickle otherwise.
        return type(self), (tuple(self.problems),)


class RequestError(GreenReportError):
    """What was asked for cannot be done."""

    exit_code = 2


class ParamsError(RequestError):
    """A parameter file or an option is wrong."""


class DataError(GreenReportError):
    """What was handed in is wrong."""

    exit_code = 2


class PlanError(DataError):
    """The plan's files are wrong."""


class AreaError(DataError):
    """The roster is wrong, or an area is not in it."""


class LedgerError(DataError):
    """Observations are wrong; `problems` holds every bad row found."""


class RunError(GreenReportError):
    """A page could not be made."""


class CellError(RunError):
    """A cell of the notebook raised."""


class RunLocked(RunError):
    """Another build holds this run."""

    exit_code = 2


class RenderError(GreenReportError):
    """A document could not be rendered."""


class EngineMissing(RenderError):
    """The engine asked for is not installed."""

    exit_code = 2


class Unsupported(RenderError):
    """The built-in engine does not know how to render this."""


class GlyphMissing(RenderError):
    """A character has no glyph in the fonts at hand."""
