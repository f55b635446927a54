"""Records as plain data. Knows no record by name."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

__all__ = ["plain"]


def plain(value: Any) -> Any:
    """What a JSON file holds of a record: days as ISO, numbers to twelve digits, one that is not finite as null."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    number = float(value)
    return float(f"{number:.12g}") if number == number else None
