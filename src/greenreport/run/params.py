"""Parameter files.

Which notebooks run over which areas or years, in which languages, on which data, as of when.

Reads one YAML file strictly: an unknown key is refused with the nearest known one, and every message names
the file, the line, the key and the remedy. Must not know the roster, the plan or how pages are executed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from greenreport import choices, project, resources
from greenreport.addresses import LedgerAddress
from greenreport.errors import ParamsError, Problem
from greenreport.run.kinds import AREA_KINDS, Kind
from greenreport.strict_files import Strict, TextFile, problem_at
from greenreport.typing_slips import nearest
from greenreport.words import Said, both, error, problem
from greenreport.yaml_files import Lines, Place, line_of, parse_yaml

__all__ = ["Kind", "Language", "PageSpec", "RunParams", "Value", "load", "project_root"]

Language = Literal["zh", "en"]
Format = Literal["html", "pdf", "docx"]
Paper = Literal["report", "brief", "sheets", "archive"]
Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]

_SIZE = re.compile(r"(\d+)\s*(MB|GB)", re.IGNORECASE)


def _check_values(values: Mapping[str, Any]) -> dict[str, Value]:
    for name, value in values.items():
        parts = value if isinstance(value, list) else [value]
        if not (str(name).isidentifier() and all(map(_plain, parts))):
            raise PydanticCustomError("parameter", "{name}", {"name": str(name)})
    return dict(values)


def _plain(value: object) -> bool:
    return math.isfinite(value) if isinstance(value, float) else value is None or isinstance(value, str | int)


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
            raise PydanticCustomError("date_in_calendar", "{value}", {"value": value}) from None

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

    def problem(self, path: Place, said: str | Said, /, **values: Any) -> Problem:
        """A problem at one key of the file, given by its path such as `("pages", 2, "areas")`, as in [words.problem]."""
        return problem(said, self.file, line_of(path, self.lines), _name(path), **values)

    def notebook(self, name: str) -> Path:
        """Where a notebook of the file is: the project's own, else the package's of that name."""
        own = self.root / name
        return own if own.is_file() else resources.notebook(name) or own

    def outside(self) -> list[Problem]:
        """The paths that lead out of the project: the run can be made again only where these are the same."""
        found = []
        for path, value in _paths(self):
            if not (self.root / value).resolve().is_relative_to(self.root):
                found.append(self.problem(path, "params.outside", value=value))
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

    Args:
        path: the file, YAML.

    Returns:
        What it asks for, with its lines and the root of its project.

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
        raise error(ParamsError, "params.not_pairs", file=file)
    lines = found.lines
    problems = [problem("params.doubled", file, line, key, key=key) for key, line, _ in found.doubled]
    hidden = {"name", "file", "root", "lines"} & raw.keys()
    try:
        params = RunParams.model_validate({key: raw[key] for key in raw if key not in hidden})
    except ValidationError as cause:
        problems += [_problem(detail, file, lines) for detail in cause.errors()]
        raise ParamsError(tuple(problems)) from None
    own = [{"type": "extra_forbidden", "loc": (key,), "input": raw[key]} for key in sorted(hidden)]
    problems += [_problem(detail, file, lines) for detail in own]
    params = params.model_copy(update={"name": file.stem, "file": file, "root": project_root(file), "lines": lines})
    problems += _check_paths(params)
    problems += _check_kinds(params)
    problems += _check_days(params)
    if problems:
        raise ParamsError(tuple(problems))
    return params


def _missing_file(file: Path) -> Problem:
    others = sorted(p.name for p in file.parent.glob("*.y*ml")) if file.parent.is_dir() else []
    near = nearest(file.name, others, n=1) or others[:1]
    hint = both("params.did_you_mean_file", near=file.parent / near[0]) if near else both("params.begin")
    if file.is_dir():
        hint = both("params.is_folder")
    return problem("params.no_file", file, hint=hint)


def _name(path: Sequence[Any]) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _problem(detail: Mapping[str, Any], file: Path, lines: Lines) -> Problem:
    kind, path = detail["type"], tuple(detail["loc"])
    # Branches of a union add their own name to the path; only parts that stand in the file help the reader.
    while len(path) > 1 and path not in lines and kind not in {"missing", "extra_forbidden"}:
        path = path[:-1]
    if kind == "parameter":
        path = (*path, detail["ctx"]["name"])
        why = both("params.bad_parameter", key=path[-1])
    elif kind == "size":
        why = both("params.size", value=str(detail["input"]))
    elif kind == "extra_forbidden" and len(path) == 1 and path[0] in choices.NAMES:
        why = both("params.of_notebooks", key=path[0])
    else:
        found = problem_at({**detail, "loc": path}, RunParams, str(file), line_of(path, lines))
        return replace(found, file=file, field=_name(path))
    return problem(why, file, line_of(path, lines), _name(path))


def _paths(params: RunParams) -> list[tuple[tuple[str | int, ...], str]]:
    """Every path in the file, with the way to its key."""
    named: list[tuple[tuple[str | int, ...], str]] = [(("plan",), params.plan), (("areas",), params.areas)]
    if params.ledger.in_files:
        named.append((("data",), str(LedgerAddress.of(params.data).path)))
    if params.papers_template is not None:
        named.append((("papers_template",), params.papers_template))
    return named + [(("pages", index, "notebook"), page.notebook) for index, page in enumerate(params.pages)]


def _check_paths(params: RunParams) -> list[Problem]:
    """Paths that are not there; a notebook may be the package's."""
    problems = []
    for path, value in _paths(params):
        there = params.notebook(value) if path[0] == "pages" else params.root / value
        if there.is_file() if path[0] == "pages" else there.exists():
            continue
        near = _beside(there)
        hint = both("params.did_you_mean_path", near=near) if near else both("params.check_path")
        problems.append(params.problem(path, "params.no_path", value=value, root=params.root, hint=hint))
    return problems


def _beside(path: Path) -> str:
    """The name beside a path that is not there which comes nearest to it; empty if none does."""
    folder = path.parent
    return next(iter(nearest(path.name, [p.name for p in folder.iterdir()], n=1)), "") if folder.is_dir() else ""


def _check_days(params: RunParams) -> list[Problem]:
    """A day of outcomes that does not follow the day of the report, or pages that cannot have one day of outcomes."""
    day = params.outcome_as_of
    if day is None:
        return []
    if day <= params.as_of:
        return [params.problem(("outcome_as_of",), "params.outcome_before", day=day, as_of=params.as_of)]
    where = [("pages", n, "years") for n, page in enumerate(params.pages) if page.years]
    return [params.problem(path, "params.outcome_of_years") for path in where]


def _check_kinds(params: RunParams) -> list[Problem]:
    """Areas and indicators given to pages of a kind that has none."""
    problems = []
    for index, page in enumerate(params.pages):
        for key, kinds in (("areas", AREA_KINDS), ("indicators", ("indicator",))):
            if getattr(page, key) is not None and page.kind not in kinds:
                problems.append(params.problem(("pages", index, key), f"params.no_{key}", kind=page.kind))
    return problems
