"""Permitted values of the analyst's options, checked in parameter files before a run and in notebooks.

Knows the names and ranges of the evaluation's options; must not know where a value stands or what is done with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from greenreport.typing_slips import nearest

__all__ = ["NAMES", "RANGES", "trouble"]

NAMES = frozenset((
    "method", "prior_growth", "path_shape", "path_route", "allocation", "use_unconfirmed", "comparable", "bridge", "nowcast",
    "without", "experience", "level",
))  # fmt: skip
"""Every option: what stands under `parameters` in a parameter file."""

RANGES: dict[str, tuple[float, float, str, str]] = {
    "prior_growth": (-0.5, 0.5, "年增长率写作小数：0.05是5%", "yearly growth is written as a share: 0.05 is 5%"),
    "level": (0.5, 0.99, "区间水平写作小数：0.80是80%", "the level is written as a share: 0.80 is 80%"),
}
"""The least and the largest value of numbers, and how they are written.

Growth of more than half a year after year, up or down, is not what any plan is written for: who writes 5 means 5%.
"""


def trouble(name: str, value: object) -> tuple[str, str] | None:
    """What is wrong with the value of an option, in Chinese and in English; None if nothing is, or the name is no option.

    Args:
        name: of the option, as in `assess.Options` and in notebooks.
        value: of whatever type; a value of a wrong type is not judged here.
    """
    if name in RANGES and isinstance(value, int | float) and not isinstance(value, bool):
        return _out_of_range(name, value)
    if name == "method" and isinstance(value, str) and value != "auto":
        return _no_method(value)
    if name == "without" and isinstance(value, list | tuple):
        return _no_evidence(value)
    return None


def _out_of_range(name: str, value: float) -> tuple[str, str] | None:
    least, most, zh, en = RANGES[name]
    if least <= value <= most:
        return None
    return (
        f"{name}为{value:g}，应在{least:g}与{most:g}之间；{zh}。",
        f"{name} is {value:g}; it must lie between {least:g} and {most:g}: {en}.",
    )


def _no_method(value: str) -> tuple[str, str] | None:
    from greenreport.forecast import METHODS  # scientific libraries: only where a method is named

    if value in METHODS:
        return None
    near = nearest(value, METHODS)
    zh = f"是否想写：{'、'.join(near)}？" if near else ""
    en = f"Did you mean {', '.join(near)}? " if near else ""
    known = ["auto", *METHODS]
    return (
        f"没有预测方法“{value}”。{zh}可选：{'、'.join(known)}。",
        f"There is no forecast method {value!r}. {en}Choose from: {', '.join(known)}.",
    )


def _no_evidence(value: Sequence[object]) -> tuple[str, str] | None:
    from greenreport.forecast import KINDS

    unknown = [str(one) for one in value if one not in KINDS]
    if not unknown:
        return None
    near = nearest(unknown[0], KINDS, n=1) or list(KINDS)
    return (
        f"没有“{unknown[0]}”这类依据。可写：{'、'.join(near)}。",
        f"There is no kind of evidence {unknown[0]!r}. Write {', '.join(near)}.",
    )
