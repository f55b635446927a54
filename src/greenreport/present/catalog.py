"""The words of present: its way to the catalogues, and the key of what an observation is."""

from __future__ import annotations

from typing import Any

from greenreport.words import LANGS, keys, t

__all__ = ["LANGS", "keys", "point_kind", "t"]


def point_kind(point: Any) -> str:
    """The key of what an observation is: published, provisional, unconfirmed, bridged or linked."""
    if point.bridged:
        return "point.bridged"
    if point.kind == "derived":
        return "point.comparable"
    if point.unconfirmed:
        return "point.unconfirmed"
    return "point.provisional" if point.provisional else "point.observed"
