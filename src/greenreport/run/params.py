"""Parameter files.

Which notebooks run over which areas or years, in which languages, on which data, as of when.

Reads one YAML file strictly: an unknown key is refused with the nearest known one, and every message names
the file, the line, the key and the remedy. Must not know the roster, the plan or how pages are executed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from greenreport import choices, project, resources, typing_slips
from greenreport.addresses import LedgerAddress
from greenreport.errors import ParamsError, Problem
from greenreport.run import params_checks as checks
from greenreport.run.kinds import Kind
from greenreport.strict_files import Strict, TextFile, own_words
from greenreport.typing_slips import nearest
from greenreport.yaml_files import Lines, line_of, parse_yaml

__all__ = ["Kind", "Language", "PageSpec", "RunParams", "Value", "load", "project_root"]

Language = Literal["zh", "en"]
Format = Literal["html", "pdf", "docx"]
Paper = Literal["report", "brief", "sheets", "archive"]
Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]

_SIZE = re.compile(r"(\d+)\s*(MB|GB)", re.IGNORECASE)


def _check_values(values: Mapping[str, Any]) -> dict[str, Value]:
    for name, value in values.items():
        if not str(name).isidentifier():
            raise PydanticCustomError("parameter_name", "{name}", {"name": str(name)})
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, float) and not math.isfinite(part):
                raise PydanticCustomError("parameter_value", "{name}", {"name": name})
            if part is not None and not isinstance(part, str | int | float | bool):
                raise PydanticCustomError("parameter_value", "{name}", {"name": name})
    return dict(values)


class PageSpec(Strict):
    """One notebook and what it runs over.

    Attributes:
        notebook: path of the notebook, relative to the project's root; one that is not there is the package's own of
            that name.
        kind: what the pages are about; pages of the kinds overview and indicator run after the others, because they
            read the others' results.
        areas: `all`, or codes and names of areas, of pages about areas; left out for the city and the nation.
        indicators: `all`, or ids and names of the plan's indicators, of the kind indicator; left out for all.
        years: one page per year, each as of 30 June of the following year; left out for one page as of
            `as_of`.
        reads: whose rows of the ledger the pages read beside what pages of their kind always do (their own
            area's; districts, from which shares are derived, all districts' baseline year; overview, tasks and data,
            the city's and all districts'; an indicator, its rows of these; methods, the city's); a page is redone
            when one of them changes.
        parameters: values for the notebook's `parameters` cell; they win over those for all pages.
    """

    notebook: str = Field(
        description="the project's own, or the package's of that name", examples=["notebooks/city.ipynb"]
    )
    kind: Kind
    areas: Literal["all"] | list[str] | None = None
    indicators: Literal["all"] | list[str] | None = None
    years: list[int] = Field(default_factory=list)
    reads: list[Literal["city", "nation", "districts"]] = Field(default_factory=list)
    parameters: dict[str, Any] = Field(default_factory=dict)

    _values = field_validator("parameters")(_check_values)

    @field_validator("areas", mode="before")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        # 500102 without quotes is a number in YAML, and a code all the same.
        whole = isinstance(value, list)
        return [str(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in value] if whole else value

    @field_validator("notebook")
    @classmethod
    def _slashes(cls, value: str) -> str:
        return value.replace("\\", "/")


class RunParams(Strict):
    """A parameter file, checked.

    Attributes:
        name: the file's stem; also the name of the run's folder.
        file: the file as the user named it.
        root: the project's root; all paths in the file are relative to it, and kernels work there.
        lines: the line of every key and item of the file, by its path.
        outcome_as_of: a day after `as_of`: pages say beside what was expected what had come by then; None for no
            looking back.
        papers: the documents that are handed in: report, brief and sheets are made from the pages of the kind papers;
            the archive binds all pages and takes more than half of a building's time.
        papers_template: a Word template (dotx or docx) whose styles the Word files follow; None for the project's own.
        timeout: seconds that one cell may take.
        memory_limit: what one page's kernel may hold, such as `2 GB`; None for no limit.
    """

    title: TextFile = Field(examples=["{zh: 中期评估, en: Mid-term evaluation}"])
    plan: str = Field(description="folder of the plan", examples=["data/plan"])
    areas: str = Field(description="folder of the roster", examples=["data/areas"])
    data: str = Field(description="the ledger: a folder, a csv file or a database", examples=["data/ledger"])
    as_of: date = Field(description="data cut-off: figures published later are not looked at", examples=["2026-06-30"])
    outcome_as_of: date | None = Field(
        default=None, description="a later day on which to look back: how the evaluation of `as_of` did"
    )
    languages: list[Language] = Field(default=["zh", "en"], min_length=1)
    formats: list[Format] = Field(default=["html", "pdf"], min_length=1)
    pages: list[PageSpec] = Field(min_length=1)
    papers: list[Paper] = Field(default=["report", "brief", "sheets"])
    papers_template: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    timeout: int = Field(default=600, ge=1)
    memory_limit: str | None = None

    name: str = Field(default="", exclude=True)
    file: Path = Field(default=Path(), exclude=True)
    root: Path = Field(default=Path(), exclude=True)
    lines: dict[Any, int] = Field(default_factory=dict, exclude=True)

    _values = field_validator("parameters")(_check_values)

    @field_validator("plan", "areas", "data")
    @classmethod
    def _slashes(cls, value: str) -> str:
        return value if "://" in value else value.replace("\\", "/")  # written on Windows, read anywhere

    @field_validator("as_of", "outcome_as_of", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        try:
            return date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            raise PydanticCustomError("day", "{value}", {"value": value}) from None

    @field_validator("memory_limit")
    @classmethod
    def _size(cls, value: str | None) -> str | None:
        if value is not None and not _SIZE.fullmatch(value):
            raise PydanticCustomError("size", "{value}", {"value": value})
        return value

    @property
    def memory_bytes(self) -> int | None:
        """The memory limit in bytes; None for no limit."""
        if self.memory_limit is None:
            return None
        match = _SIZE.fullmatch(self.memory_limit)
        assert match is not None
        return int(match[1]) * 1024 ** (3 if match[2].upper() == "GB" else 2)

    def problem(self, *path: str | int, zh: str, en: str) -> Problem:
        """A problem at one key of the file, given by its path such as `"pages", 2, "areas"`."""
        return Problem(zh, en, self.file, line_of(path, self.lines), _name(path))

    def notebook(self, name: str) -> Path:
        """Where a notebook of the file is: the project's own, else the package's of that name."""
        own = self.root / name
        return own if own.is_file() else resources.notebook(name) or own

    def outside(self) -> list[Problem]:
        """The paths that lead out of the project: the run can be made again only where these are the same."""
        found = []
        for path, value in checks.paths(self):
            if not (self.root / value).resolve().is_relative_to(self.root):
                zh = f"“{value}”在项目文件夹之外，这次运行在别的机器上无法重做。要能重做，请把它放进项目。"
                en = f"{value} lies outside the project, so this run can't be reproduced elsewhere. Put it inside for that."
                found.append(self.problem(*path, zh=zh, en=en))
        return found

    @property
    def ledger(self) -> LedgerAddress:
        """Where the ledger is, its path seen from the project's root."""
        return LedgerAddress.of(self.data).under(self.root)


def project_root(file: Path) -> Path:
    """The project of a file: the one chosen, the nearest above it, or the working directory where there is none."""
    return project.root_of(file.resolve().parent) or Path.cwd()


def load(path: str | Path) -> RunParams:
    """Read and check a parameter file.

    Raises:
        ParamsError: the file is missing or not YAML, a key is unknown, twice there or missing, a value is of
            the wrong kind, or a path it names is not there. All problems are told at once.
    """
    file = Path(path)
    if not file.is_file():
        raise ParamsError((_missing_file(file),))
    found = parse_yaml(file, error=ParamsError, name=file)
    raw = found.content
    if not isinstance(raw, dict):
        zh = "参数文件应为“键: 值”形式，例如plan: data/plan。"
        en = "A parameter file holds `key: value` lines, such as plan: data/plan."
        raise ParamsError.of(zh=zh, en=en, file=file)
    lines = found.lines
    problems = [
        Problem(f"“{key}”出现了不止一次，请只保留一处。", f"{key!r} appears more than once. Keep one.", file, line, key)
        for key, line, _ in found.doubled
    ]
    hidden = {"name", "file", "root", "lines"} & raw.keys()
    try:
        params = RunParams.model_validate({key: raw[key] for key in raw if key not in hidden})
    except ValidationError as error:
        problems += [_problem(detail, file, lines) for detail in error.errors()]
        raise ParamsError(tuple(problems)) from None
    problems += [_unknown(key, (key,), file, lines) for key in sorted(hidden)]
    params = params.model_copy(update={"name": file.stem, "file": file, "root": project_root(file), "lines": lines})
    problems += checks.check_paths(params)
    problems += checks.check_kinds(params)
    problems += checks.check_days(params)
    if problems:
        raise ParamsError(tuple(problems))
    return params


def _missing_file(file: Path) -> Problem:
    others = sorted(p.name for p in file.parent.glob("*.y*ml")) if file.parent.is_dir() else []
    near = nearest(file.name, others, n=1) or others[:1]
    hint_zh = f"是否想用{file.parent / near[0]}？" if near else "请检查路径；新建项目用greenreport new 文件夹。"
    hint_en = (
        f"Did you mean {file.parent / near[0]}?" if near else "Check the path; greenreport new FOLDER begins a project."
    )
    if file.is_dir():
        hint_zh, hint_en = "这是一个文件夹。请写文件夹里的参数文件。", "This is a folder. Name a parameter file in it."
    return Problem(f"没有这个参数文件。{hint_zh}", f"There is no such parameter file. {hint_en}", file)


def _name(path: Sequence[Any]) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _unknown(key: str, path: Sequence[Any], file: Path, lines: Lines, value: Any = "") -> Problem:
    if slip := typing_slips.in_key(key, value):
        return Problem(*slip, file, line_of(path, lines), _name(path))
    model: type[BaseModel] = RunParams
    if len(path) > 1:
        model = TextFile if path[0] == "title" else PageSpec
    known = [name for name, field in model.model_fields.items() if not field.exclude]
    near = nearest(key, known, n=1)
    if len(path) == 1 and key in choices.NAMES:
        zh = f"这是各页笔记本的参数，请写作parameters: {{{key}: …}}。"
        en = f"This is a parameter of the notebooks; write parameters: {{{key}: …}}."
        return Problem(zh, en, file, line_of(path, lines), _name(path))
    zh = f"是否想写“{near[0]}”？" if near else f"可用的键：{'、'.join(known)}。"
    en = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
    return Problem(
        f"没有“{key}”这个键。{zh}", f"There is no key {key!r}. {en}", file, line_of(path, lines), _name(path)
    )


_KINDS = {
    "string_type": ("应为文字", "should be text"),
    "int_type": ("应为整数", "should be a whole number"),
    "list_type": ("应为列表，例如 [zh, en]", "should be a list, such as [zh, en]"),
    "date_type": ("应为日期，例如2026-06-30", "should be a day, such as 2026-06-30"),
    "day": ("应为日期，例如2026-06-30，且要有这一天", "should be a day that there is, such as 2026-06-30"),
    "size": ("应写作“2 GB”或“512 MB”", "should be written as 2 GB or 512 MB"),
    "dict_type": ("应为“键: 值”的映射", "should hold key: value pairs"),
    "model_type": ("应为“键: 值”的映射", "should hold key: value pairs"),
    "too_short": ("不能为空", "must not be empty"),
    "greater_than_equal": ("数值太小", "is too small"),
}


def _problem(detail: Mapping[str, Any], file: Path, lines: Lines) -> Problem:
    kind = detail["type"]
    # Branches of a union add their own name to the path; only parts that stand in the file help the reader.
    path = tuple(detail["loc"])
    while len(path) > 1 and path not in lines and kind not in {"missing", "extra_forbidden"}:
        path = path[:-1]
    if kind == "extra_forbidden":
        return _unknown(str(path[-1]), path, file, lines, detail["input"])
    if kind in {"parameter_value", "parameter_name"}:
        path = (*path, detail["ctx"]["name"])
    return Problem(*_wrong_value(detail, path), file, line_of(path, lines), _name(path))


def _wrong_value(detail: Mapping[str, Any], path: Sequence[Any]) -> typing_slips.Slip:
    """What is wrong with the value at a path, or with its being missing, and what to do."""
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        field = (PageSpec if path[0] == "pages" else RunParams).model_fields.get(str(path[-1]))
        eg = f"{path[-1]}: {field.examples[0]}" if field is not None and field.examples else ""
        return (
            f"缺少“{path[-1]}”，请补上{'，例如' + eg if eg else ''}。",
            f"{path[-1]!r} is missing. Add it{', such as ' + eg if eg else ''}.",
        )
    if slip := typing_slips.in_value(value):
        return slip
    if kind == "refused":
        return own_words(detail)
    if kind == "literal_error":
        allowed = str(detail["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        return (
            f"无法识别“{value}”。可选：{allowed.replace(', ', '、')}。",
            f"{value!r} is not known here. Choose from: {allowed}.",
        )
    if kind in {"parameter_value", "parameter_name"}:
        return (
            f"参数“{path[-1]}”只能是文字、数字、true/false、空值或由它们组成的列表；日期请加引号写作文字。",
            f"The parameter {path[-1]!r} may only be text, a number, true/false, null or a list of these; "
            "put quotes around a date.",
        )
    zh, en = _KINDS.get(kind, (f"取值不合要求（{detail['msg']}）", f"is not valid ({detail['msg']})"))
    return f"{zh}，现为“{value}”。请改正。", f"This {en}; it is {value!r}. Correct it."
