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
from greenreport.level import NEUTRAL
from greenreport.plan import impossible
from greenreport.text import Text
from greenreport.words import error, in_line
from greenreport.yaml_files import text_of

__all__ = ["asked"]

T = TypeVar("T")

_TARGET = re.compile(r"(\d{4})\s*[=：:]\s*(.+)")
_BETWEEN = re.compile(r"[;；、]|[,，](?=\s*\d{4}\s*[=：:])")


def _line(key: str, /, **values: object) -> str:
    """What the catalogue says under `begin.ask`, in both languages on one line."""
    return in_line(f"begin.ask.{key}", **values)


def asked(*, today: dt.date) -> Draft:
    """Ask for everything a project needs."""
    langs = _langs()
    title = _names(_line("plan"), langs)
    whole = DraftArea("ALL", _names(_line("whole"), langs))
    first = _year(_line("first_year"), today.year)
    last = _year(_line("last_year"), first + 5)
    parts = _parts(langs)
    part, parts_en = _called(langs) if parts else ({}, "")
    indicators: list[DraftIndicator] = []
    while not indicators or typer.confirm(_line("another"), default=False):
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
    part = _names(_line("part"), langs, vars(NEUTRAL.part))
    several = "en" in langs and str(typer.prompt(_line("several"), default=f"{part['en']}s")).strip()
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
        _line("languages"),
        lambda a: choices.get(a.casefold()),
        _line("write.languages"),
        "1",
    )


def _names(question: str, langs: Sequence[str], defaults: Mapping[str, str] | None = None) -> dict[str, str]:
    """A name in each language."""
    asked = {lang: question if len(langs) == 1 else f"{question}（{_line(lang)}）" for lang in langs}
    return {lang: str(typer.prompt(q, default=(defaults or {}).get(lang))).strip() for lang, q in asked.items()}


def _whole_number(text: str) -> int | None:
    year = int(text.removesuffix("年")) if re.fullmatch(r"\d{4}年?", text) else None
    return year if year in YEARS else None


def _year(question: str, default: int) -> int:
    return _again(question, _whole_number, _line("write.year"), str(default))


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
    answer = str(typer.prompt(_line("parts"), default="", show_default=False)).strip()
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
    offered = [Text(*spelt[:2]) for spelt in CHOICES[key].values()]
    return _again(
        f"{question}（{_line('offered', choices=offered)}）",
        lambda answer: found if isinstance(found := choice(key, answer), str) else None,
        _line("write.choice", choices=offered),
        default,
    )


def _indicator(langs: Sequence[str], number: int, first: int, last: int, *, divided: bool) -> DraftIndicator:
    name = _names(_line("indicator", number=number), langs)
    unit = _names(_line("unit"), langs)
    share = any(text.strip() in ("%", "％") for text in unit.values())
    kind = _choice("kind", _line("kind"), CHOICES["kind"]["share" if share else "flow"][0])
    direction = _choice("direction", _line("direction"), CHOICES["direction"]["up"][0])
    base_year = _year(_line("baseline_year"), first - 1)

    def known(answer: str) -> tuple[float | None] | None:
        """The baseline, or that there is none; None where the answer is not understood."""
        value = _number(answer, unit, kind)
        return (None,) if answer == "-" else None if value is None else (value,)

    (base,) = _again(
        _line("baseline"),
        known,
        _line("write.number"),
    )
    if base is None:
        wanted = _again(
            _line("target_year"),
            _whole_number,
            _line("write.year"),
            str(last),
        )
        targets: tuple[DraftTarget, ...] = (DraftTarget(wanted, None),)
    else:
        targets = _again(
            _line("targets", last=last, later=last + 3),
            lambda a: _targets(a, unit, kind),
            _line("write.targets"),
        )
    allocation = "none"
    if divided and base is not None:
        allocation = _choice("allocation", _line("allocation"), CHOICES["allocation"]["none"][0])
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
