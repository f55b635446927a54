"""From a draft to a project's folder, whole or not at all: plan, roster, ledger, parameter file, notebooks, README.

Knows the files of a project; must not know where a draft comes from.
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
from greenreport.words import error, t

__all__ = ["made_whole", "refuse_taken", "write", "write_common"]

PARAMS = "params/report.yaml"
_LEDGER = "data/ledger"
_FIGURES = "figures.csv"
_IGNORED = "reports/\n.cache/\n.ipynb_checkpoints/\n__pycache__/\n"


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
def made_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into that becomes `folder` when all has gone well; nothing is left where it has not.

    Raises:
        RequestError: the folder is there and not empty.
    """
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
    with made_whole(folder) as made:
        _put(made / "data/plan/plan.yaml", _SCHEMA.format(name="plan", up="../../") + _dumped(_plan(draft)))
        _put(made / "data/areas/areas.csv", _areas(draft))
        title = {lang: t("begin.title.ledger", lang, plan=draft.title[lang]) for lang in draft.langs}
        _put(made / _LEDGER / "ledger.toml", _toml(title))
        _put(made / _LEDGER / _FIGURES, _figures(draft))
        _put(made / PARAMS, _SCHEMA.format(name="params", up="../") + _dumped(_params(draft)))
        defaults = {"plan": "data/plan", "areas": "data/areas", "data": _LEDGER, "as_of": draft.as_of.isoformat()}
        write_common(made, langs=draft.langs, defaults=defaults, draft=draft)
        found = checking.check_params(made / PARAMS)
        if found.problems:
            raise DataError(tuple(_placed(problem, draft) for problem in found.problems))
    return folder / PARAMS, found.doubtful


def _placed(problem: Problem, draft: Draft) -> Problem:
    """A problem of the ledger, told of the cell that its row was read from."""
    if problem.row is None or not str(problem.file).endswith(_FIGURES):
        return problem
    cell = draft.figures[problem.row - 2].cell
    return problem if cell is None else replace(problem, file=draft.file, row=cell.row, field=cell.where)


def write_common(folder: Path, *, langs: Sequence[str], defaults: Mapping[str, str], draft: Draft | None) -> None:
    """What every project has: its marker, README, .gitignore, schemas, and copies of the notebooks.

    Args:
        folder: the project's.
        langs: its languages, the first one first in the README.
        defaults: what stands in the notebooks' parameters cells, by name.
        draft: what the project is made from; None for an example.
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


_MAP, _SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


class _Flow(dict[str, Any]):
    """A mapping on one line."""


class _Line(list[Any]):
    """A list on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes `_Flow` and `_Line` on one line, everything else one key a line."""


_Dumper.add_representer(_Flow, lambda dumper, value: dumper.represent_mapping(_MAP, value.items(), flow_style=True))
_Dumper.add_representer(_Line, lambda dumper, value: dumper.represent_sequence(_SEQUENCE, value, flow_style=True))


def _dumped(content: Mapping[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _plan(draft: Draft) -> dict[str, Any]:
    units: dict[tuple[tuple[tuple[str, str], ...], int], dict[str, Any]] = {}
    indicators = []
    for i in draft.indicators:
        key = (tuple(sorted(i.unit.items())), i.decimals)
        unit = units.setdefault(
            key,
            _Flow({"id": f"unit_{len(units) + 1}", **i.unit, "decimals_zh": i.decimals, "decimals_en": i.decimals}),
        )
        indicators.append(_indicator(i, str(unit["id"])))
    return _filled(
        id="plan",
        title=_Flow(draft.title),
        number=draft.number,
        issued=draft.issued,
        area=draft.whole.code,
        period=_Line(draft.period),
        level=_level(draft) if draft.part else None,
        units=list(units.values()),
        indicators=indicators,
    )


def _filled(**entries: Any) -> dict[str, Any]:
    """A mapping without the entries that are not given."""
    return {key: value for key, value in entries.items() if value not in (None, "")}


def _level(draft: Draft) -> dict[str, Any]:
    parts = {"zh": t("begin.title.parts", "zh", part=draft.part.get("zh", "")), "en": draft.parts_en}
    return {
        "whole": _Flow(draft.whole.name),
        "part": _Flow(draft.part),
        "parts": _Flow({lang: parts[lang] for lang in draft.langs}),
    }


def _indicator(i: DraftIndicator, unit: str) -> dict[str, Any]:
    targets = (
        _filled(year=t.year, value=t.value, to=t.to, hold=t.hold or None)
        for t in sorted(i.targets, key=lambda t: t.year)
    )
    return _filled(
        id=i.id,
        name=_Flow(i.name),
        unit=unit,
        kind=i.kind,
        additive=None if i.additive else False,
        direction=i.direction,
        definition=_Flow(i.definition) if i.definition else None,
        baseline=_Flow(_filled(year=i.baseline_year, value=i.baseline)),
        targets=[_Flow(target) for target in targets],
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
    pages = [_Flow({"notebook": "notebooks/overview.ipynb", "kind": "overview"})]
    if draft.has_whole:
        beside = {"parameters": _Flow({"beside_overview": True})}
        pages.append(_Flow({"notebook": "notebooks/city.ipynb", "kind": "city", **beside}))
    pages.append(_Flow({"notebook": "notebooks/indicator.ipynb", "kind": "indicator"}))
    if draft.parts:
        pages.append(_Flow({"notebook": "notebooks/district.ipynb", "kind": "district", "areas": "all"}))
    pages += [_Flow({"notebook": f"notebooks/{kind}.ipynb", "kind": kind}) for kind in ("methods", "data", "papers")]
    return {
        "title": _Flow({lang: t("begin.title.report", lang, plan=draft.title[lang]) for lang in draft.langs}),
        "plan": "data/plan",
        "areas": "data/areas",
        "data": _LEDGER,
        "as_of": draft.as_of,
        "languages": _Line(draft.langs),
        "formats": _Line(["html", "pdf"]),
        "papers": _Line(["report", "brief", *(["sheets"] if draft.parts else [])]),
        "pages": pages,
    }
