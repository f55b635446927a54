"""Numbers as people write them: full-width digits, thousands separators, 约 and 余, %, units stuck to the figure.

A number stays text until the very end: units are converted by moving the decimal point, so that no digit is
invented or lost. What could mean two numbers is refused with both. Knows no indicator and no file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenreport.intake.reason import Reason, refuse
from greenreport.intake.units import multiplier_power, parse_unit
from greenreport.intake.words import SCALED, STRUCK, marks_at_end, plain

__all__ = ["Number", "parse_growth", "parse_number", "plain_numbers", "too_exact"]

_MARKS = {
    "rounded": (
        "大约", "约为", "约", "大概", "左右", "approximately", "approx.", "approx", "about", "circa", "ca.", "~", "≈", "上下",
    ),
    "lower_bound": ("超过", "超", "逾", "突破", "不少于", "不低于", "至少", "more than", "over", "at least", ">=", "≥", ">"),
    "upper_bound": ("不足", "不到", "接近", "近", "less than", "nearly", "almost", "under", "up to", "<=", "≤", "<"),
}  # fmt: skip
_MARKED = re.compile("|".join(f"(?P<{mark}>{'|'.join(map(re.escape, forms))})" for mark, forms in _MARKS.items()), re.I)
_LOWER_END = ("余", "多", "以上", "有余", "+")
_ROUNDED_END = ("左右", "上下")

_DIGITS = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PLAIN = re.compile(rf"[+-]?{_DIGITS}(?:e[+-]?[0-9]{{1,3}})?")
_GROUPED = [(re.compile(rf"[+-]?[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:\.[0-9]+)?"), mark) for mark in (",", " ", "'")]
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?E[+-]?[0-9]{1,3}")
_COMMA = re.compile(r"[+-]?[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?")
_RANGE = re.compile(rf"({_DIGITS})\s*[-~–—至到]\s*({_DIGITS})\D*")
_DATE = re.compile(
    r"[0-9]{4}[-/.年][0-9]{1,2}([-/.月][0-9]{1,2}日?)?( [0-9][0-9]:[0-9][0-9](:[0-9][0-9])?)?|[0-9]{1,2}月[0-9]{1,2}日|[0-9][0-9]:[0-9][0-9](:[0-9][0-9])?"
)
_SIMPLE = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?").fullmatch
_HEAD = re.compile(r"[+-]?[0-9.][0-9,.' ]*(?:[eE][+-]?[0-9]+)?")
_ERRORS = ("#div/0!", "#n/a", "#name?", "#null!", "#num!", "#ref!", "#value!", "#spill!", "#calc!", "#getting_data")
_SIGNS = {SCALED: "number_scaled", STRUCK: "number_struck"}
_CNY = ("cny", "rmb", "¥")
_CURRENCY = re.compile(r"(cny|rmb|¥|us\$|usd|\$)\s*(?=[0-9.])", re.IGNORECASE)
_LONGEST = 40
_PUBLISHED = 2
_ROSE, _FELL = "增长|上升|增加|↑", "负增长|下降|下滑|减少|降低|↓"
_TREND = re.compile(rf"(?:同比|[比较](?:上年|去年)(?:同期)?)?(?:(?P<fell>{_FELL})|{_ROSE})\s*(?=[0-9.])")
_CHINESE = re.compile(r"[零〇一二三四五六七八九十百千万亿两点半]+")


@dataclass(frozen=True)
class Number:
    """A number as read: `text` is what `float` takes; `unit` is what stood beside it (empty: nothing).

    `marks` are codes for the ledger's note: `rounded`, `lower_bound`, `upper_bound`.
    """

    text: str
    unit: str = ""
    marks: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def parse_number(text: str) -> Number | Reason:
    """Read one cell as a number, with its unit and marks, or say why it is not one.

    >>> parse_number("约1,234.5亿元")
    Number(text='1234.5', unit='亿元', marks=('rounded',))
    """
    words = plain(text)
    early = _not_a_number(words, text)
    if early is not None:
        return early
    body, marks = _strip_marks(words)
    bracketed = re.fullmatch(r"\(.+\)", body) is not None
    if bracketed:
        body = body[1:-1].strip()
    body = re.sub(r"^−(?=[0-9.])", "-", body)
    currency = _CURRENCY.match(body)
    if currency:
        body = body[currency.end() :]
    found = _HEAD.match(body)
    if not found:
        return _no_digits(words, text)
    if ranged := _RANGE.fullmatch(body):
        return refuse("number_range", "value", ranged.groups(), text=text)
    digits = _digits(found[0].strip(), text)
    if isinstance(digits, Reason):
        return digits
    if bracketed:
        if digits.startswith(("-", "+")):
            return refuse("number_sign", "value", text=text)
        digits = "-" + digits
    rest, more = _strip_marks_behind(body[found.end() :].strip())
    unit = _with_currency(currency[1], rest) if currency else rest
    return _with_unit(digits.removeprefix("+"), unit, tuple(dict.fromkeys((*marks, *more))), text)


def parse_growth(text: str) -> Number | Reason:
    """Read a growth as a number in per cent, with its unit, if it has one; or say why it is none.

    >>> parse_growth("下降3.2%").text, parse_growth("82‰").text
    ('-3.2', '8.2')
    """
    words = plain(text)
    trend = _TREND.match(words)
    read = parse_number(words[trend.end() :] if trend else text)
    if isinstance(read, Reason):
        return read if not trend else refuse("growth_unit", "growth_pct", text=text)
    if read.unit not in ("", "%", "‰") or {"lower_bound", "upper_bound"} & set(read.marks):
        return refuse("growth_unit", "growth_pct", text=text)
    digits = str(Decimal(read.text).scaleb(-1)) if read.unit == "‰" else read.text
    return Number(f"-{digits}" if trend and trend["fell"] else digits, read.unit)


def too_exact(growth: Number) -> bool:
    """Whether a growth below 1 has more decimals than per cents are published with, so that it may be a fraction."""
    return 0 < abs(float(growth.text)) < 1 and len(growth.text.partition(".")[2]) > _PUBLISHED


def _with_currency(sign: str, rest: str) -> str:
    """The unit behind a figure with a sign of money before it: a bare ¥ says which money, not in which size."""
    if rest and parse_unit(rest) is not None:
        return rest
    if sign.casefold() in _CNY:
        return f"CNY {rest}" if rest else ""
    return f"USD {rest}"


def plain_numbers(texts: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The numbers of the texts that are plain decimals (digits, a point, a minus), NaN for all others.

    Nearly always all of a long column are, and that is seen without asking each.
    """
    if _all_plain(texts):
        try:
            return texts.astype(np.float64)
        except ValueError:
            pass
    out = np.full(len(texts), np.nan)
    numeric = np.asarray(~pd.isna(pd.to_numeric(texts, errors="coerce")))
    if not _all_plain(texts[numeric]):
        numeric = np.fromiter((_SIMPLE(t) is not None for t in texts), dtype=bool, count=len(texts))
    out[numeric] = texts[numeric].astype(np.float64)
    return out


def _all_plain(texts: npt.NDArray[Any]) -> bool:
    whole = "".join(texts)
    return whole.isascii() and not whole.encode("ascii").translate(None, b"0123456789.-")


def _not_a_number(words: str, text: str) -> Reason | None:
    low = words.casefold()
    bare, marks = marks_at_end(words)
    if marks and re.search(r"[0-9]", bare):
        return refuse("number_mark", "value", (bare,), text=text, marks=marks)
    if text[:1] in _SIGNS:
        return refuse(_SIGNS[text[0]], "value", text=text[1:])
    if low.startswith(("=", "@")) or (low[:1] in "+-" and re.match(r"[+-]\s*[a-z_(]", low)):
        return refuse("formula", "value", text=text)
    if low in _ERRORS or (low.startswith("#") and low.strip("#") == ""):
        return refuse("cell_error", "value", text=text)
    if low in ("true", "false", "是", "否"):
        return refuse("number_boolean", "value", text=text)
    if _DATE.fullmatch(words) and not re.fullmatch(r"\d{4}\.\d{1,2}", words):
        return refuse("number_date", "value", text=text)
    return None


def _strip_marks(words: str) -> tuple[str, tuple[str, ...]]:
    """What follows 约, 超过, 不足 and the like, and what these say of it."""
    marks: list[str] = []
    while found := _MARKED.match(words):
        marks.append(str(found.lastgroup))
        words = words[found.end() :].strip()
    return words, tuple(marks)


def _strip_marks_behind(rest: str) -> tuple[str, tuple[str, ...]]:
    """What stands behind a figure without 余, 以上, 左右 and the like, and what these say of it."""
    marks: list[str] = []
    if rest[:1] in ("余", "多", "+"):
        marks, rest = ["lower_bound"], rest[1:].strip()
    for mark, endings in (("lower_bound", _LOWER_END), ("rounded", _ROUNDED_END)):
        for ending in endings:
            if rest.endswith(ending):
                marks.append(mark)
                rest = rest.removesuffix(ending).strip()
    return rest, tuple(marks)


def _digits(figure: str, text: str) -> str | Reason:
    if len(figure) > _LONGEST:
        return refuse("number_form.long", "value", text=text)
    if _PLAIN.fullmatch(figure):
        return _expanded(figure) if "e" in figure else figure
    for form, mark in _GROUPED:
        if form.fullmatch(figure):
            return figure.replace(mark, "")
    if _EXPONENT.fullmatch(figure):
        return refuse("number_exponent", "value", (f"{float(figure):.15g}",), text=text)
    if _COMMA.fullmatch(figure):
        decimal = figure.count(",") == 1 and "." not in figure
        meant = (figure.replace(",", ""), *([figure.replace(",", ".")] if decimal else []))
        return refuse("number_comma", "value", meant, text=text, meant=meant)
    return refuse("number_form.no_number", "value", text=text)


def _expanded(figure: str) -> str | Reason:
    """`1e-05`, as programs write it, without its exponent; exponents beyond any statistic are refused."""
    mantissa, _, exponent = figure.partition("e")
    if abs(int(exponent)) > _LONGEST:
        return refuse("number_form.out_of_range", "value", text=figure)
    return format(Decimal(f"{mantissa}e{exponent}"), "f")


def _with_unit(digits: str, rest: str, marks: tuple[str, ...], text: str) -> Number | Reason:
    if not rest:
        return Number(digits, "", marks)
    if rest in ("%", "‰") or parse_unit(rest) is not None:
        return Number(digits, rest, marks)
    core = rest.strip("()[] ")
    if more := re.fullmatch(r"(十|百|千|万|亿)?[余多](.+)", core):
        unit = (more[1] or "") + more[2]
        if parse_unit(unit) is not None or (not more[1] and multiplier_power(unit) is not None):
            return Number(digits, unit, tuple(dict.fromkeys((*marks, "lower_bound"))))
    if core and not re.search(r"[0-9]", core) and len(core) <= 24:
        return Number(digits, rest, marks)
    return refuse("number_words.beside", "value", (digits,), text=text)


def _no_digits(words: str, text: str) -> Reason:
    if _CHINESE.fullmatch(words.strip("约近超余多 家个台辆吨元%")):
        return refuse("number_chinese", "value", text=text)
    return refuse("number_words.alone", "value", text=text)
