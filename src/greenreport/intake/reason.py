"""Why a figure was refused, in words of both languages, with what would have been accepted. Knows no figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenreport.words import both, t

__all__ = ["Reason", "heads", "quoted", "refuse"]


@dataclass(frozen=True)
class Reason:
    """Why something was refused; [refuse] makes one.

    Args:
        key: of its words in the catalogue, under `refused`.
        field: what was being read: a column of the ledger, `head`, `sheet` or `file`.
        candidates: what may have been meant, best first; empty where nothing comes near.
        values: what its words name.
    """

    key: str
    field: str
    candidates: tuple[str, ...] = ()
    values: tuple[tuple[str, object], ...] = ()

    @property
    def code(self) -> str:
        """A stable word for programs, such as `area_ambiguous`."""
        return self.key.partition(".")[0]

    @property
    def zh(self) -> str:
        """What is wrong and what to do, in Chinese."""
        return both(f"refused.{self.key}", **dict(self.values)).zh

    @property
    def en(self) -> str:
        """The same in English."""
        return both(f"refused.{self.key}", **dict(self.values)).en


def refuse(key: str, field: str, candidates: Sequence[str] = (), /, **values: object) -> Reason:
    """A reason in words of the catalogue: texts among the values are quoted on a line, lists joined as a language does."""
    shown = {
        name: quoted(v) if isinstance(v, str) else tuple(v) if isinstance(v, list) else v for name, v in values.items()
    }
    return Reason(key, field, tuple(candidates), tuple(shown.items()))


def heads(table: str, lang: str) -> list[str]:
    """The heads of a table, from the left."""
    return t(f"intake.heads.{table}", lang).split("|")


def quoted(text: object, *, limit: int = 60) -> str:
    """A text as a message may show it: one line, no control characters, not too long."""
    line = "".join(c if c.isprintable() else "·" for c in str(text))
    return line if len(line) <= limit else line[: limit - 1] + "…"
