"""Strict reading of small hand-written files (YAML, TOML, CSV) into pydantic models.

Every way such a file can be wrong becomes a [Problem] with file, row, field and remedy; unknown keys are
refused with the nearest known name. Knows nothing of plans, areas or figures.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from greenreport import typing_slips
from greenreport.errors import DataError, Problem
from greenreport.text import LANGS, Text
from greenreport.typing_slips import nearest
from greenreport.words import both, problem
from greenreport.yaml_files import parse_yaml, text_of

__all__ = [
    "ROW",
    "Codes",
    "Strict",
    "TextFile",
    "digest_files",
    "nearest",
    "parse_toml",
    "problem_at",
    "read_table",
    "read_yaml",
    "refusal",
]

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R")

ROW = ConfigDict(extra="forbid")
"""For pydantic dataclasses that are rows of a CSV file: cells are text and are parsed; an empty one is not given."""

Codes = Annotated[
    tuple[str, ...],
    BeforeValidator(
        lambda cell: tuple(p for p in map(str.strip, cell.split(";")) if p) if isinstance(cell, str) else cell
    ),
]
"""A cell of several codes with semicolons between them."""


def refusal(key: str, /, **values: object) -> PydanticCustomError:
    """What a validator of ours raises: what is wrong and what to do, in words of the catalogue as in [words.both]."""
    text = both(key, **values)
    return PydanticCustomError("refused", "{en}", {"zh": text.zh, "en": text.en})


class Strict(BaseModel):
    """A part of a YAML or TOML file: unknown keys and loose types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TextFile(Strict):
    """A text in one or both languages: `{zh: …, en: …}`, one of the two alone, or the text itself.

    A text itself is Chinese where it has a Chinese character, English where it has a letter, and both where it has
    neither (`%`).
    """

    zh: str | None = Field(default=None, min_length=1)
    en: str | None = Field(default=None, min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if not isinstance(value, str) or not value:
            return value
        if any("\u4e00" <= c <= "\u9fff" for c in value):
            return {"zh": value}
        return {"en": value} if any(c.isalpha() for c in value) else {"zh": value, "en": value}

    @model_validator(mode="after")
    def _one_at_least(self) -> TextFile:
        if self.zh is None and self.en is None:
            raise refusal("error.file.no_language")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> Any:
        made = handler(core)
        found = handler.resolve_ref_schema(made)
        found.pop("title", None)
        return {"anyOf": [{"type": "string", "minLength": 1}, dict(found)]}

    @property
    def text(self) -> Text:
        """The text; a language that is not given reads as the other."""
        return Text(zh=self.zh or self.en or "", en=self.en or self.zh or "")

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages in which it is given."""
        return tuple(lang for lang in LANGS if getattr(self, lang))


def digest_files(paths: Sequence[Path]) -> str:
    """SHA-256 over names and contents; line ends count as LF, so that a checkout on Windows agrees."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.name):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def read_yaml(path: Path, model: type[M], *, error: type[DataError], name: str) -> M:
    """One YAML file as a `model`.

    Args:
        path: the file.
        model: a pydantic model, normally a [Strict].
        error: the class of error to raise.
        name: the file as the user knows it, for messages.

    Raises:
        DataError: of the class `error`, with every problem found and the line each stands on.
    """
    found = parse_yaml(path, error=error, name=name)
    if found.doubled:
        key, line, before = found.doubled[0]
        raise error((problem("error.file.key_twice", name, line, key, key=key, before=before),))
    try:
        return model.model_validate(found.content if found.content is not None else {})
    except ValidationError as e:
        raise error(tuple(problem_at(d, model, name, found.line(d["loc"])) for d in e.errors())) from None


def parse_toml(text: str, model: type[M], *, error: type[DataError], name: str) -> M:
    """The text of a TOML file as a `model`; other arguments and errors as in [read_yaml]."""
    try:
        return model.model_validate(tomllib.loads(text.removeprefix("\ufeff")))
    except tomllib.TOMLDecodeError as e:
        raise error((problem("error.file.no_toml", name, why=e),)) from None
    except ValidationError as e:
        raise error(tuple(problem_at(d, model, name, None) for d in e.errors())) from None


def read_table(path: Path, model: type[R], *, error: type[DataError], name: str, unique: str = "") -> dict[int, R]:
    """A CSV file as one `model` per row, in the order of the file, by the row as a spreadsheet counts it.

    Args:
        path: the file, UTF-8 (a byte-order mark is allowed); the first row names the columns.
        model: a pydantic dataclass of the configuration [ROW]. Its fields are the columns; a [Text] has two, such as
            `name_zh` and `name_en`, of which one is enough.
        error: the class of error to raise.
        name: the file as the user knows it, for messages.
        unique: a column in which no value may stand twice.

    Raises:
        DataError: of the class `error`, with every problem found and its row.
    """
    rows = list(csv.reader(io.StringIO(text_of(path, error=error, name=name), newline="")))
    if not rows:
        raise error((problem("error.file.empty", name),))
    header = [h.strip() for h in rows[0]]
    problems = _header_problems(header, model, name)
    if problems:
        raise error(tuple(problems))
    read = TypeAdapter(model).validate_python
    out: dict[int, R] = {}
    seen: dict[str, int] = {}
    for number, cells in enumerate(rows[1:], start=2):
        values = {h: c.strip() for h, c in zip(header, cells, strict=False) if c.strip()}
        if len(cells) > len(header) and any(map(str.strip, cells)):
            problems.append(problem("error.file.too_long", name, number, cells=len(cells), width=len(header)))
            continue
        if not values:
            continue
        try:
            out[number] = read(_paired(values, model))
        except ValidationError as e:
            problems.extend(problem_at(d, model, name, number) for d in e.errors())
        key = values.get(unique, "")
        if key and (before := seen.setdefault(key, number)) != number:
            problems.append(problem("error.file.repeated", name, number, unique, key=key, before=before))
    if problems:
        raise error(tuple(problems))
    return out


def _paired(values: Mapping[str, str], model: Any) -> dict[str, Any]:
    """The cells of a row with a text for each two columns that hold one."""
    out: dict[str, Any] = dict(values)
    for key in (key for key, field in _fields(model).items() if _is_text(field)):
        zh, en = (out.pop(f"{key}_{lang}", "") for lang in LANGS)
        if zh or en:
            out[key] = Text(zh or en, en or zh)
    return out


def _fields(model: Any) -> Mapping[str, FieldInfo]:
    fields: Mapping[str, FieldInfo] = model.__pydantic_fields__
    return fields


def _is_text(field: FieldInfo | None) -> bool:
    """Whether a field of a row is a text in two columns."""
    return field is not None and Text in (field.annotation, *get_args(field.annotation))


def _header_problems(header: list[str], model: Any, name: str) -> list[Problem]:
    columns = {
        column: field.is_required() and not _is_text(field)
        for key, field in _fields(model).items()
        for column in ([f"{key}_{lang}" for lang in LANGS] if _is_text(field) else [key])
    }
    problems = [_unknown(h, columns, file=name, row=1) for h in header if h not in columns]
    problems += [
        problem("error.file.no_column", name, 1, c, column=c)
        for c, is_required in columns.items()
        if is_required and c not in header
    ]
    problems += [
        problem("error.file.column_twice", name, 1, h, column=h)
        for h in dict.fromkeys(h for h in header if header.count(h) > 1)
    ]
    return problems


def _unknown(
    key: str, known: Iterable[str], *, file: str, row: int | None, field: str | None = None, value: Any = ""
) -> Problem:
    if slip := typing_slips.in_key(key, value):
        return problem(slip, file, row, field or key)
    known = list(known)
    if near := nearest(key, known, n=1):
        return problem("error.file.unknown_near", file, row, field or key, key=key, near=near[0])
    return problem("error.file.unknown", file, row, field or key, key=key, known=known)


_EXPECTED = {
    "string_pattern_mismatch": "pattern", "model_type": "pairs", "dict_type": "pairs", "list_type": "list",
    "too_short": "list", "literal_error": "one_of", "enum": "one_of", "date_": "date", "int": "number",
    "float": "number", "decimal": "number", "string_type": "text", "bool": "yes_no",
}  # fmt: skip
"""What is expected where a value is of another kind, by the beginning of pydantic's name for that."""


def problem_at(detail: Any, model: Any, file: str, row: int | None) -> Problem:
    """What pydantic found wrong (one of its `errors()`) in a file that a `model` reads."""
    loc = [str(p) for p in detail["loc"]]
    field = ".".join(loc)
    if detail["type"] == "extra_forbidden":
        known = _siblings(model, detail["loc"])
        return _unknown(loc[-1], known, file=file, row=row, field=field, value=detail.get("input"))
    return problem(_wrong_value(detail, model), file, row, field)


def _wrong_value(detail: Any, model: Any) -> Text:
    """What is wrong with a value, or with its being missing, and what to do."""
    kind, value = detail["type"], detail.get("input")
    if kind == "refused":
        return Text(detail["ctx"]["zh"], detail["ctx"]["en"])
    field = _field(model, detail["loc"])
    example = both("error.value.example", example=field.examples[0]) if field and field.examples else ""
    if kind == "missing" and _is_text(field):
        return both("error.value.no_text", key=detail["loc"][-1])
    if kind == "missing":
        return both("error.value.missing", example=example)
    if slip := typing_slips.in_value(value):
        return slip
    if kind == "invalid_key":  # {en: Energy per CNY 10,000}: a number stands where a key is expected
        return typing_slips.comma(str(detail["loc"][-1]))
    what = next((what for start, what in _EXPECTED.items() if kind.startswith(start)), "other")
    expected = str(detail.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    got = _short(value)
    return both(f"error.value.{what}", got=got, example=example, expected=expected, why=detail["msg"])


def _owner(model: Any, loc: Sequence[Any]) -> Any:
    """The model to whose fields the last part of `loc` belongs; None where there is none."""
    here = model
    for part in loc[:-1]:
        if here is None or part not in _fields(here):
            continue
        here = _inner(_fields(here)[part].annotation)
    return here


def _siblings(model: Any, loc: Sequence[Any]) -> list[str]:
    """The keys allowed where the unknown key at `loc` stands."""
    here = _owner(model, loc)
    return [name for name, field in _fields(here).items() if not field.exclude] if here else []


def _field(model: Any, loc: Sequence[Any]) -> FieldInfo | None:
    owner = _owner(model, loc)
    return _fields(owner).get(str(loc[-1])) if owner and loc else None


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if found := _inner(argument):
            return found
    return None


def _short(value: Any) -> str:
    shown = str(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"
