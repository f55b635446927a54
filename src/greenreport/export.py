"""The findings of a run as tables: CSV, a workbook with a data dictionary, and a Frictionless data package.

Reads the findings (`data/*.json`) and the plan; computes nothing. Column names are the field's terms; every table has
the names of areas and indicators in both languages, so that one set of files serves both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from greenreport.plan import Indicator, Plan
from greenreport.run.digests import digest, package_digest, versions
from greenreport.run.files import read_json, write_json
from greenreport.spreadsheets import csv_text, plain_cell
from greenreport.words import LANGS, t

if TYPE_CHECKING:
    from greenreport.assess.model import Assessment, IndicatorAssessment, OutlookStep, TargetGrade
    from greenreport.observations import Point

__all__ = ["DICTIONARY", "export"]

MEMORY = ".cache/tables.json"
"""What the tables in a run's folder were made from: where nothing changed they are not made again."""

# table → column → (type, where its value is found in a [_Row]); what it holds stands in the catalogue under `download`
DICTIONARY: dict[str, dict[str, tuple[str, str]]] = {
    "results": {
        "page": ("string", "page"),
        "area": ("string", "found.area"),
        "area_zh": ("string", "found.area_name.zh"),
        "area_en": ("string", "found.area_name.en"),
        "indicator": ("string", "indicator.id"),
        "indicator_zh": ("string", "indicator.name.zh"),
        "indicator_en": ("string", "indicator.name.en"),
        "unit": ("string", "indicator.unit.zh"),
        "baseline_year": ("integer", "one.baseline_year"),
        "baseline_value": ("number", "one.baseline_value"),
        "current_year": ("integer", "one.current.year"),
        "current_value": ("number", "one.current.value"),
        "target_year": ("integer", "grade.year"),
        "target_value": ("number", "grade.value"),
        "target_origin": ("string", "grade.origin"),
        "target_derived": ("boolean", "grade.derived"),
        "headline": ("boolean", "headline"),
        "completion": ("number", "grade.completion"),
        "time_share": ("number", "grade.time_share"),
        "required_now": ("number", "grade.required_now"),
        "forecast": ("number", "step.median"),
        "low": ("number", "step.low"),
        "high": ("number", "step.high"),
        "level": ("number", "level"),
        "probability": ("number", "grade.probability"),
        "probability_plain": ("number", "grade.probability_plain"),
        "likelihood": ("string", "grade.likelihood"),
        "schedule": ("string", "grade.schedule"),
        "verdict": ("string", "grade.verdict"),
        "strength": ("string", "grade.strength"),
        "wording": ("string", "grade.wording"),
        "reasons": ("string", "grade.reasons"),
        "as_of": ("date", "found.as_of"),
        "synthetic": ("boolean", "found.synthetic"),
    },
    "observations": {
        "page": ("string", "page"),
        "area": ("string", "found.area"),
        "indicator": ("string", "indicator.id"),
        "period": ("string", "point.period"),
        "value": ("number", "point.value"),
        "unit": ("string", "indicator.unit.zh"),
        "kind": ("string", "point.kind"),
        "grade": ("string", "point.grade"),
        "vintage": ("date", "point.vintage"),
        "restated_from": ("number", "point.restated_from"),
        "bridged": ("boolean", "point.bridged"),
        "source": ("string", "point.source"),
        "address": ("string", "point.address"),
        "row": ("string", "point.row"),
    },
}


class _Row(NamedTuple):
    """What a row of a table is about: a target with its grade, or an observation."""

    page: str
    found: Assessment
    one: IndicatorAssessment
    indicator: Indicator
    grade: TargetGrade | None = None
    point: Point | None = None

    @property
    def headline(self) -> bool:
        return self.grade is self.one.head

    @property
    def step(self) -> OutlookStep | None:
        return self.one.outlook.in_year(self.grade.year) if self.grade else None

    @property
    def level(self) -> float | None:
        return self.found.options.level if self.step else None

    def cells(self, table: str) -> dict[str, Any]:
        return {column: self._cell(path) for column, (_, path) in DICTIONARY[table].items()}

    def _cell(self, path: str) -> Any:
        value: Any = self
        for part in path.split("."):
            value = None if value is None else getattr(value, part)
        return " ".join(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value


def export(run_dir: Path, plan: Plan) -> tuple[Path, ...]:
    """Write `data/results.csv`, `data/observations.csv`, `data/results.xlsx` and `data/datapackage.json`.

    Args:
        run_dir: the run's folder.
        plan: gives names and units.

    Returns:
        The files written, in a fixed order; the same findings give the same bytes.
    """
    files = [path for path in sorted((run_dir / "data").glob("*.json")) if path.name != "datapackage.json"]
    names = ("results.csv", "observations.csv", "results.xlsx", "datapackage.json")
    targets = tuple(run_dir / "data" / name for name in names)
    source = digest(
        [plan.digest, package_digest(), versions(), {path.name: digest(path.read_bytes()) for path in files}]
    )
    if _kept(run_dir) == {"source": source, "files": _digests(targets)}:
        return targets
    from greenreport.assess.model import Assessment  # pandas, which a build without changes can do without

    pages = {path.stem: Assessment.from_json(json.loads(path.read_text("utf-8"))) for path in files}
    tables = _tables(pages, plan)
    targets[0].parent.mkdir(exist_ok=True)  # a run without findings has no such folder yet
    for name, told in tables.items():
        (run_dir / "data" / f"{name}.csv").write_bytes(_csv(told, list(DICTIONARY[name])))
    day = max((found.as_of for found in pages.values()), default=date(2000, 1, 1))
    _workbook(run_dir, tables, day)
    _package(run_dir, plan, any(found.synthetic for found in pages.values()))
    write_json(run_dir / MEMORY, {"source": source, "files": _digests(targets)}, run_dir=run_dir)
    return targets


def _tables(pages: dict[str, Assessment], plan: Plan) -> dict[str, list[dict[str, Any]]]:
    rows = [_Row(page, found, one, plan.indicator(one.id)) for page, found in pages.items() for one in found.indicators]
    return {
        "results": [row._replace(grade=g).cells("results") for row in rows for g in row.one.grades],
        "observations": [row._replace(point=p).cells("observations") for row in rows for p in row.one.points],
    }


def _digests(files: Sequence[Path]) -> dict[str, str]:
    return {path.name: digest(path.read_bytes()) for path in files if path.is_file()}


def _kept(run_dir: Path) -> object:
    """What the tables were made from last time, and what they were then; None where there were none."""
    try:
        return read_json(run_dir / MEMORY)
    except (OSError, ValueError):
        return None


def _csv(rows: list[dict[str, Any]], columns: list[str]) -> bytes:
    text = csv_text([columns, *([plain_cell(row[c]) for c in columns] for row in rows)])
    # The mark at the start lets Excel read Chinese; every csv reader skips it.
    return text.encode("utf-8-sig")


def _workbook(run_dir: Path, tables: dict[str, list[dict[str, Any]]], day: date) -> None:
    from openpyxl import Workbook

    from greenreport.workbooks import save

    book = Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        columns = list(DICTIONARY[name])
        sheet.append(columns)
        sheet.append([t(f"download.{name}.{c}", "zh") for c in columns])
        for row in rows:
            sheet.append([None if row[c] is None else plain_cell(row[c]) for c in columns])
        sheet.freeze_panes = "A3"
    sheet = book.create_sheet("dictionary")
    sheet.append(["table", "column", "type", "说明", "meaning"])
    for name, columns_of in DICTIONARY.items():
        for column, (kind, _) in columns_of.items():
            sheet.append([name, column, kind, *(t(f"download.{name}.{column}", lang) for lang in LANGS)])
    path = run_dir / "data" / "results.xlsx"
    save(book, path, day=day)


def _package(run_dir: Path, plan: Plan, synthetic: bool) -> None:
    package = {
        "profile": "tabular-data-package",
        "name": run_dir.name.lower(),
        "title": plan.title.en + (" (demonstration data, not real statistics)" if synthetic else ""),
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {
                            "name": column,
                            "type": kind,
                            "title": t(f"download.{name}.{column}", "zh"),
                            "description": t(f"download.{name}.{column}", "en"),
                        }
                        for column, (kind, _) in columns.items()
                    ],
                    "missingValues": [""],
                },
            }
            for name, columns in DICTIONARY.items()
        ],
    }
    path = run_dir / "data" / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
