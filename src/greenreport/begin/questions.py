"""A draft from typed answers: a dozen questions, each with what may be answered and a default where there is one.

Knows how questions are put; must not know how a project is written.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import typer

from greenreport.begin.cells import YEARS, read_number, read_people
from greenreport.begin.columns import CHOICES, choice
from greenreport.begin.draft import Draft, DraftArea, DraftIndicator, DraftTarget, slug
from greenreport.errors import DataError
from greenreport.plan import impossible
from greenreport.words import error
from greenreport.yaml_files import text_of

__all__ = ["asked"]

T = TypeVar("T")

_LANG = {"zh": "中文 Chinese", "en": "英文 English"}
_TARGET = re.compile(r"(\d{4})\s*[=：:]\s*(.+)")
_BETWEEN = re.compile(r"[;；、]|[,，](?=\s*\d{4}\s*[=：:])")


def asked(*, today: dt.date) -> Draft:
    """Ask for everything a project needs."""
    langs = _langs()
    title = _names("规划名称 Title of the plan", langs)
    whole = DraftArea("ALL", _names("规划所指的整体，如某省、某集团 The area planned for", langs))
    first = _year("规划期首年 First year of the plan", today.year)
    last = _year("规划期末年 Last year of the plan", first + 5)
    parts = _parts(langs)
    part, parts_en = _called(langs) if parts else ({}, "")
    indicators: list[DraftIndicator] = []
    while not indicators or typer.confirm("再加一个指标？Another indicator?", default=False):
        indicators.append(_indicator(langs, len(indicators) + 1, first, last, divided=bool(parts)))
    return Draft(
        langs=langs,
        title=title,
        whole=whole,
        parts=parts,
        period=(first, last),
        as_of=today,
        indicators=tuple(indicators),
        part=part,
        parts_en=parts_en,
    )


def _called(langs: Sequence[str]) -> tuple[dict[str, str], str]:
    """What a part is called, and several of them in English."""
    part = _names("各部分称作 A part is called", langs, {"zh": "地区", "en": "area"})
    several = "en" in langs and str(typer.prompt("英文复数 Several are called", default=f"{part['en']}s")).strip()
    return part, several or ""


def _again(question: str, read: Callable[[str], T | None], problem: str, default: str | None = None) -> T:
    """Ask until the answer can be read."""
    while True:
        answer = str(typer.prompt(question, default=default))
        if (found := read(unicodedata.normalize("NFKC", answer).strip())) is not None:
            return found
        typer.echo(f"✗ {problem}")


def _langs() -> tuple[str, ...]:
    choices = {"1": ("zh",), "2": ("en",), "3": ("zh", "en"), "zh": ("zh",), "en": ("en",), "both": ("zh", "en")}
    return _again(
        "语言 Languages: 1 中文 2 English 3 两种 both",
        lambda a: choices.get(a.casefold()),
        "请写1、2或3。Write 1, 2 or 3.",
        "1",
    )


def _names(question: str, langs: Sequence[str], defaults: Mapping[str, str] | None = None) -> dict[str, str]:
    """A name in each language."""
    asked = {lang: question if len(langs) == 1 else f"{question}（{_LANG[lang]}）" for lang in langs}
    return {lang: str(typer.prompt(q, default=(defaults or {}).get(lang))).strip() for lang, q in asked.items()}


def _whole_number(text: str) -> int | None:
    year = int(text.removesuffix("年")) if re.fullmatch(r"\d{4}年?", text) else None
    return year if year in YEARS else None


def _year(question: str, default: int) -> int:
    return _again(question, _whole_number, "请写年份，如2024。Write a year such as 2024.", str(default))


def _number(text: str, unit: Mapping[str, str], kind: str) -> float | None:
    """A number that an indicator of a kind can be at; None where it is not understood, or cannot be."""
    value = read_number(text, unit)
    asked = "flow" if kind == "level" else kind
    if not isinstance(value, float) or impossible(value, asked, additive=kind in ("flow", "cumulative_count")):
        return None
    return value


def _targets(text: str, unit: Mapping[str, str], kind: str) -> tuple[DraftTarget, ...] | None:
    """Targets by year; None where any part of the answer is not understood."""
    found = []
    for piece in _BETWEEN.split(text):
        said = _TARGET.fullmatch(piece.strip())
        year = _whole_number(said[1]) if said else None
        value = _number(said[2], unit, kind) if said else None
        if year is None or value is None:
            return None
        found.append(DraftTarget(year, value))
    return tuple(found)


def _parts(langs: Sequence[str]) -> tuple[DraftArea, ...]:
    """Areas from a csv (code and names, with a header) or typed with commas between them; none for a whole alone."""
    question = "各部分：csv文件，或用逗号分开的名称，没有就直接回车 The parts: a csv file, or names with commas; Enter for none"
    answer = str(typer.prompt(question, default="", show_default=False)).strip()
    if answer.endswith(".csv"):
        return tuple(areas_of(Path(answer), langs))
    names = [name.strip() for name in re.split("[,，、;；]", answer) if name.strip()]
    width = len(str(len(names)))
    return tuple(DraftArea(f"P{n:0{width}}", dict.fromkeys(langs, name)) for n, name in enumerate(names, start=1))


def areas_of(path: Path, langs: Sequence[str]) -> list[DraftArea]:
    """The areas of a csv: columns `code` (may be missing), `name_zh`, `name_en` or `name`, `population`.

    Raises:
        DataError: the file is missing, not UTF-8, or has no column of names.
    """
    rows = list(csv.DictReader(text_of(path, error=DataError, name=path).splitlines()))
    heads = set(rows[0]) if rows else set()
    if not rows or not ({"name"} <= heads or heads.issuperset(f"name_{lang}" for lang in langs)):
        wanted = ",".join(["code", *(f"name_{lang}" for lang in langs)])
        raise error(DataError, "begin.areas.head", head=wanted, file=path, row=1)
    width = len(str(len(rows)))
    return [
        DraftArea(
            _cell(row, "code") or f"P{n:0{width}}",
            {lang: (row.get(f"name_{lang}") or row.get("name") or "").strip() for lang in langs},
            _population(path, n + 1, _cell(row, "population")),
        )
        for n, row in enumerate(rows, start=1)
    ]


def _cell(row: Mapping[str, str], column: str) -> str:
    return (row.get(column) or "").strip()


def _population(path: Path, row: int, text: str) -> int | None:
    if not text:
        return None
    read = read_people(text)
    if not isinstance(read, int):
        raise error(DataError, "begin.areas.population", text=text, file=path, row=row, field="population")
    return read


def _choice(key: str, question: str, default: str) -> str:
    offered = "、".join(spelt[0] for spelt in CHOICES[key].values())
    english = ", ".join(spelt[1] for spelt in CHOICES[key].values())
    return _again(
        f"{question}（{offered} {english}）",
        lambda answer: found if isinstance(found := choice(key, answer), str) else None,
        f"可写 Write: {offered} / {english}",
        default,
    )


def _indicator(langs: Sequence[str], number: int, first: int, last: int, *, divided: bool) -> DraftIndicator:
    name = _names(f"指标{number}名称 Indicator {number}", langs)
    unit = _names("单位，如万吨、% Unit, such as tonnes, %", langs)
    share = any(text.strip() in ("%", "％") for text in unit.values())
    kind = _choice("kind", "类型 Type", "比率" if share else "总量")
    direction = _choice("direction", "方向 Direction", "升")
    base_year = _year("基期 Baseline year", first - 1)

    def known(answer: str) -> tuple[float | None] | None:
        """The baseline, or that there is none; None where the answer is not understood."""
        value = _number(answer, unit, kind)
        return (None,) if answer == "-" else None if value is None else (value,)

    (base,) = _again(
        "基期值（整体没有则写-） Baseline of the whole, - where it has none",
        known,
        "请写数字或-；比率在0—100之间，累计数为整数。Write a number or -; a share is between 0 and 100, a count is whole.",
    )
    if base is None:
        wanted = _again(
            "各部分在哪一年有自己的目标 The year for which the parts have targets of their own",
            _whole_number,
            "请写年份。Write a year.",
            str(last),
        )
        targets: tuple[DraftTarget, ...] = (DraftTarget(wanted, None),)
    else:
        targets = _again(
            f"目标，如{last}=60,{last + 3}=75 Targets",
            lambda a: _targets(a, unit, kind),
            "请写 年份=数值，比率在0—100之间。Write YEAR=VALUE; a share is between 0 and 100.",
        )
    allocation = "none"
    if divided and base is not None:
        allocation = _choice("allocation", "各部分的目标 Targets of the parts", "不推算")
    return DraftIndicator(
        id=slug(name, number),
        name=name,
        unit=unit,
        kind="flow" if kind == "level" else kind,  # type: ignore[arg-type]
        additive=kind in ("flow", "cumulative_count"),
        direction=direction,  # type: ignore[arg-type]
        baseline_year=base_year,
        baseline=base,
        targets=targets,
        decimals=1 if kind == "share" else 0,
        allocation=allocation,
    )
