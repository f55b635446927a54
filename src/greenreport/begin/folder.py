"""A project's folder from a draft or an example, whole or not at all: plan, roster, ledger, parameters, notebooks, README.

An example is one or more of the package's parameter files with the folders that they name; none is named in code but for
the files that belong together. Knows the files of a project; must not know where a draft comes from.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from greenreport import resources, schemas
from greenreport.begin.draft import Draft, DraftArea, DraftIndicator
from greenreport.errors import DataError, Problem, RequestError
from greenreport.project import MARKER
from greenreport.run import checking, notebook_copies
from greenreport.spreadsheets import csv_text
from greenreport.typing_slips import nearest
from greenreport.words import error, t

__all__ = ["example", "examples", "refuse_taken", "write"]

PARAMS = "params/report.yaml"
_LEDGER = "data/ledger"
_FIGURES = "figures.csv"
_IGNORED = "reports/\n.cache/\n.ipynb_checkpoints/\n__pycache__/\n"
_TOGETHER = {"chongqing": ("demo", "public", "annual")}
"""Examples of several parameter files; any other file is an example of its own."""


def refuse_taken(folder: Path) -> None:
    """Refuse a folder that holds something.

    Args:
        folder: where a project is to be written.

    Raises:
        RequestError: the folder is there and not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise error(RequestError, "begin.taken", file=folder)


@contextmanager
def _made_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into that becomes `folder` when all has gone well; nothing is left where it has not."""
    refuse_taken(folder)
    parent = folder.resolve().parent
    parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".new-", dir=parent))
    made = beside / folder.resolve().name
    made.mkdir()
    try:
        yield made
        if folder.exists():
            folder.rmdir()
        made.replace(folder.resolve())
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write(draft: Draft, folder: Path) -> tuple[Path, int]:
    """Write a project and check it as `greenreport plan check` does.

    Args:
        draft: what it is made from.
        folder: the project's; not there yet, or empty.

    Returns:
        Its parameter file, and how many warnings the checks of its ledger give.

    Raises:
        RequestError: the folder is not empty.
        DataError: what the draft says does not make a plan; nothing is written.
    """
    with _made_whole(folder) as made:
        _put(made / "data/plan/plan.yaml", _SCHEMA.format(name="plan", up="../../") + _dumped(_plan(draft)))
        _put(made / "data/areas/areas.csv", _areas(draft))
        title = {lang: t("begin.title.ledger", lang, plan=draft.title[lang]) for lang in draft.langs}
        _put(made / _LEDGER / "ledger.toml", _toml(title))
        _put(made / _LEDGER / _FIGURES, _figures(draft))
        _put(made / PARAMS, _SCHEMA.format(name="params", up="../") + _dumped(_params(draft)))
        defaults = {"plan": "data/plan", "areas": "data/areas", "data": _LEDGER, "as_of": draft.as_of.isoformat()}
        _write_common(made, langs=draft.langs, defaults=defaults, draft=draft)
        found = checking.check_params(made / PARAMS)
        if found.problems:
            raise DataError(tuple(_placed(problem, draft) for problem in found.problems))
    return folder / PARAMS, found.doubtful


def examples() -> tuple[str, ...]:
    """The examples that the package brings along.

    Returns:
        Their names, those of several parameter files first.
    """
    alone = {path.stem for path in (resources.root() / "params").glob("*.yaml")}
    return (*_TOGETHER, *sorted(alone - {stem for stems in _TOGETHER.values() for stem in stems}))


def example(name: str, folder: Path) -> Path:
    """Write an example as a project.

    Args:
        name: one of [examples].
        folder: the project's; not there yet, or empty.

    Returns:
        Its first parameter file.

    Raises:
        RequestError: there is no such example, or the folder is not empty.
    """
    if name not in examples():
        near = nearest(name, examples())
        key = "begin.example.near" if near else "begin.example.alone"
        raise error(RequestError, key, name=name, near=near, names=examples(), field="--example")
    files = [resources.root() / "params" / f"{stem}.yaml" for stem in _TOGETHER.get(name, (name,))]
    with _made_whole(folder) as made:
        (made / "params").mkdir()
        asked: list[dict[str, Any]] = []
        for file in files:
            shutil.copy(file, made / "params" / file.name)
            asked.append(yaml.safe_load(file.read_text("utf-8")))
        for path in dict.fromkeys(one[key] for one in asked for key in ("plan", "areas", "data")):
            source = resources.root() / path
            if source.is_dir() and not (made / path).exists():
                shutil.copytree(source, made / path, ignore=shutil.ignore_patterns("*.py", "__pycache__", ".*"))
        first = asked[0]
        defaults = {key: str(first[key]) for key in ("plan", "areas", "data", "as_of")}
        _write_common(made, langs=first.get("languages", ["zh", "en"]), defaults=defaults, draft=None)
    return folder / "params" / files[0].name


def _placed(problem: Problem, draft: Draft) -> Problem:
    """A problem of the ledger, told of the cell that its row was read from."""
    if problem.row is None or not str(problem.file).endswith(_FIGURES):
        return problem
    cell = draft.figures[problem.row - 2].cell
    return problem if cell is None else replace(problem, file=draft.file, row=cell.row, field=cell.where)


def _write_common(folder: Path, *, langs: Sequence[str], defaults: Mapping[str, str], draft: Draft | None) -> None:
    """What every project has: its marker, README, .gitignore, schemas, and copies of the notebooks.

    `defaults` stand in the notebooks' parameters cells; an example has no `draft`.
    """
    _put(folder / MARKER, "# The folder of a greenreport project: commands find it from any folder inside.\n")
    _put(folder / ".gitignore", _IGNORED)
    _put(folder / "README.md", _readme(langs, sorted((folder / "params").glob("*.yaml"))))
    schemas.write(folder / "schemas")
    own = {"lang": langs[0], **defaults}
    for source in resources.notebooks():
        copy = notebook_copies.stamped(source)
        values = dict(own)
        if draft is not None:
            values["area"] = draft.parts[0].code if draft.parts and source.stem == "district" else draft.whole.code
            values["indicator"] = draft.indicators[0].id
        _set(copy, values)
        _put(folder / "notebooks" / source.name, json.dumps(copy, ensure_ascii=False, indent=1) + "\n")


def _readme(langs: Sequence[str], files: Sequence[Path]) -> str:
    """The README in the languages of the project; its commands name a parameter file where there are several."""
    texts = (Path(__file__).with_name(f"readme.{lang}.md").read_text("utf-8") for lang in langs)
    file = "" if len(files) == 1 else f"params/{files[0].name}"
    made = "\n".join(texts).format(file=file, name=files[0].stem)
    return "\n".join(line.rstrip() for line in made.splitlines()) + "\n"


_SCHEMA = "# yaml-language-server: $schema={up}schemas/{name}.schema.json\n"


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _set(nb: dict[str, Any], values: Mapping[str, str]) -> None:
    """Give the names that a notebook's parameters cell declares other defaults, each on its own line."""
    for cell in nb["cells"]:
        if "parameters" not in cell.get("metadata", {}).get("tags", []):
            continue
        lines = []
        for line in cell["source"].splitlines():
            name = line.partition(":")[0]
            if name in values and line.startswith(f"{name}: ") and " = " in line:
                head, _, rest = line.partition(" = ")
                note = rest.partition("  # ")[2]
                line = f"{head} = {json.dumps(values[name], ensure_ascii=False)}" + (f"  # {note}" if note else "")
            lines.append(line)
        cell["source"] = "\n".join(lines)


def _toml(title: Mapping[str, str]) -> str:
    pairs = ", ".join(f"{lang} = {json.dumps(text, ensure_ascii=False)}" for lang, text in title.items())
    return f"title = {{{pairs}}}\nsynthetic = false\n"


def _dumped(content: Mapping[str, Any]) -> str:
    """YAML with one key a line, and what holds no further lists or mappings on one line."""
    return yaml.safe_dump(content, default_flow_style=None, allow_unicode=True, sort_keys=False, width=10_000)


def _plan(draft: Draft) -> dict[str, Any]:
    units: dict[object, dict[str, Any]] = {}
    for i in draft.indicators:
        decimals = {"decimals_zh": i.decimals, "decimals_en": i.decimals}
        units.setdefault(_unit_of(i), {"id": f"unit_{len(units) + 1}", **i.unit, **decimals})
    return _filled(
        id="plan",
        title=draft.title,
        number=draft.number,
        issued=draft.issued,
        area=draft.whole.code,
        period=draft.period,
        level=_level(draft) if draft.part else None,
        units=list(units.values()),
        indicators=[_indicator(i, units[_unit_of(i)]["id"]) for i in draft.indicators],
    )


def _unit_of(i: DraftIndicator) -> tuple[object, ...]:
    """What tells the units of a plan apart."""
    return (*sorted(i.unit.items()), i.decimals)


def _filled(**entries: Any) -> dict[str, Any]:
    """A mapping without the entries that are not given."""
    return {key: value for key, value in entries.items() if value not in (None, "")}


def _level(draft: Draft) -> dict[str, Any]:
    parts = {"zh": t("begin.title.parts", "zh", part=draft.part.get("zh", "")), "en": draft.parts_en}
    return {"whole": draft.whole.name, "part": draft.part, "parts": {lang: parts[lang] for lang in draft.langs}}


def _indicator(i: DraftIndicator, unit: str) -> dict[str, Any]:
    return _filled(
        id=i.id,
        name=i.name,
        unit=unit,
        kind=i.kind,
        additive=None if i.additive else False,
        direction=i.direction,
        definition=i.definition,
        baseline=_filled(year=i.baseline_year, value=i.baseline),
        targets=[
            _filled(year=t.year, value=t.value, to=t.to, hold=t.hold or None)
            for t in sorted(i.targets, key=lambda t: t.year)
        ],
        allocation=i.allocation,
    )


def _areas(draft: Draft) -> str:
    names = [f"name_{lang}" for lang in draft.langs]

    def row(area: DraftArea, kind: str, parent: str) -> list[object]:
        return [area.code, *(area.name[lang] for lang in draft.langs), kind, parent, area.population]

    rows = [row(draft.whole, "whole", ""), *(row(part, "part", draft.whole.code) for part in draft.parts)]
    return csv_text([["code", *names, "kind", "parent", "population"], *rows])


def _figures(draft: Draft) -> str:
    from greenreport.observations import COLUMNS

    units = {i.id: i.unit.get("zh") or i.unit["en"] for i in draft.indicators}
    rows = []
    for f in draft.figures:
        known = {
            "indicator": f.indicator,
            "area": f.area,
            "period": f.period,
            "value": f"{f.value:.12g}",
            "unit": units[f.indicator],
            "kind": "target" if f.target else "observed",
            "vintage": f.vintage.isoformat(),
            "source": f.source,
            "grade": "R",
            "note": f.note,
        }
        rows.append([known.get(column, "") for column in COLUMNS])
    return csv_text([COLUMNS, *rows])


def _params(draft: Draft) -> dict[str, Any]:
    pages: list[dict[str, Any]] = [{"notebook": "notebooks/overview.ipynb", "kind": "overview"}]
    if draft.has_whole:
        beside = {"parameters": {"beside_overview": True}}
        pages.append({"notebook": "notebooks/city.ipynb", "kind": "city", **beside})
    pages.append({"notebook": "notebooks/indicator.ipynb", "kind": "indicator"})
    if draft.parts:
        pages.append({"notebook": "notebooks/district.ipynb", "kind": "district", "areas": "all"})
    pages += [{"notebook": f"notebooks/{kind}.ipynb", "kind": kind} for kind in ("methods", "data", "papers")]
    return {
        "title": {lang: t("begin.title.report", lang, plan=draft.title[lang]) for lang in draft.langs},
        "plan": "data/plan",
        "areas": "data/areas",
        "data": _LEDGER,
        "as_of": draft.as_of,
        "languages": draft.langs,
        "formats": ["html", "pdf"],
        "papers": ["report", "brief", *(["sheets"] if draft.parts else [])],
        "pages": pages,
    }
