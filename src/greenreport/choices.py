"""Permitted values of the analyst's options, checked in parameter files before a run and in notebooks.

Knows the names and ranges of the evaluation's options; must not know where a value stands or what is done with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.text import Text
from greenreport.typing_slips import nearest
from greenreport.words import both

__all__ = ["NAMES", "RANGES", "trouble"]

NAMES = frozenset((
    "method", "prior_growth", "path_shape", "path_route", "allocation", "use_unconfirmed", "comparable", "bridge", "nowcast",
    "without", "experience", "level",
))  # fmt: skip
"""Every option: what stands under `parameters` in a parameter file."""

RANGES = {"prior_growth": (-0.5, 0.5), "level": (0.5, 0.99)}
"""The least and the largest value of numbers.

Growth of more than half a year after year, up or down, is not what any plan is written for: who writes 5 means 5%.
"""


def trouble(name: str, value: object) -> Text | None:
    """What is wrong with the value of an option; None if nothing is, or the name is no option.

    Args:
        name: of the option, as in `assess.Options` and in notebooks.
        value: of whatever type; a value of a wrong type is not judged here.
    """
    if name in RANGES and isinstance(value, int | float) and not isinstance(value, bool):
        least, most = RANGES[name]
        said = {"name": name, "value": value, "least": least, "most": most, "how": both(f"error.choice.{name}")}
        return None if least <= value <= most else both("error.choice.range", **said)
    if name == "method" and isinstance(value, str) and value != "auto":
        return _no_method(value)
    if name == "without" and isinstance(value, list | tuple):
        return _no_evidence(value)
    return None


def _no_method(value: str) -> Text | None:
    from greenreport.forecast import METHODS  # scientific libraries: only where a method is named

    if value in METHODS:
        return None
    near, known = nearest(value, METHODS), ["auto", *METHODS]
    return both("error.choice.method_near" if near else "error.choice.method", value=value, near=near, known=known)


def _no_evidence(value: Sequence[object]) -> Text | None:
    from greenreport.forecast import KINDS

    unknown = next((str(one) for one in value if one not in KINDS), None)
    if unknown is None:
        return None
    return both("error.choice.evidence", value=unknown, near=nearest(unknown, KINDS, n=1) or list(KINDS))
