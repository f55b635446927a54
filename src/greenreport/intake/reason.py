"""Why a figure was refused, in both languages, with what would have been accepted. Knows no figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["FIELDS", "Reason", "join_en", "join_zh", "quoted"]

FIELDS = {
    "indicator": ("指标", "indicator"),
    "area": ("区县", "area"),
    "period": ("时期", "period"),
    "value": ("数值", "value"),
    "unit": ("单位", "unit"),
    "kind": ("数据性质", "kind"),
    "scope": ("口径", "scope"),
    "vintage": ("发布日期", "vintage"),
    "source": ("来源", "source"),
    "source_address": ("来源地址", "source address"),
    "grade": ("等级", "grade"),
    "note": ("备注", "note"),
    "growth_pct": ("同比增速", "growth"),
    "file": ("文件", "file"),
    "sheet": ("工作表", "sheet"),
    "head": ("表头", "head"),
}


@dataclass(frozen=True)
class Reason:
    """Why something was refused.

    Args:
        code: a stable word for programs, such as `area_ambiguous`.
        field: what was being read: a column of the ledger, `head`, `sheet` or `file`.
        zh: what is wrong and what to do, in Chinese.
        en: the same in English.
        candidates: what may have been meant, best first; empty where nothing comes near.
    """

    code: str
    field: str
    zh: str
    en: str
    candidates: tuple[str, ...] = ()


def quoted(text: object, *, limit: int = 60) -> str:
    """A text as a message may show it: one line, no control characters, not too long."""
    line = "".join(c if c.isprintable() else "·" for c in str(text))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def join_zh(items: Sequence[str]) -> str:
    """Items as a Chinese sentence lists them."""
    return "、".join(items)


def join_en(items: Sequence[str]) -> str:
    """Items as an English sentence lists them."""
    return ", ".join(items)
