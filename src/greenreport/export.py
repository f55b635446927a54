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

if TYPE_CHECKING:
    from greenreport.assess.model import Assessment, IndicatorAssessment, OutlookStep, TargetGrade
    from greenreport.observations import Point

__all__ = ["DICTIONARY", "export"]

MEMORY = ".cache/tables.json"
"""What the tables in a run's folder were made from: where nothing changed they are not made again."""

# table → column → (type, zh, en, where its value is found in a [_Row])
DICTIONARY: dict[str, dict[str, tuple[str, str, str, str]]] = {
    "results": {
        "page": ("string", "页面", "page", "page"),
        "area": ("string", "地区代码", "code of the area", "found.area"),
        "area_zh": ("string", "地区（中文）", "name of the area in Chinese", "found.area_name.zh"),
        "area_en": ("string", "地区（英文）", "name of the area in English", "found.area_name.en"),
        "indicator": ("string", "指标代码", "id of the indicator", "indicator.id"),
        "indicator_zh": ("string", "指标（中文）", "name of the indicator in Chinese", "indicator.name.zh"),
        "indicator_en": ("string", "指标（英文）", "name of the indicator in English", "indicator.name.en"),
        "unit": ("string", "单位（各数值列同）", "unit of all values", "indicator.unit.zh"),
        "baseline_year": ("integer", "基期", "baseline year", "one.baseline_year"),
        "baseline_value": ("number", "基期数", "value in the baseline year", "one.baseline_value"),
        "current_year": ("integer", "最新全年数年份", "year of the latest full-year figure", "one.current.year"),
        "current_value": ("number", "最新全年数", "latest full-year figure", "one.current.value"),
        "target_year": ("integer", "目标年", "target year", "grade.year"),
        "target_value": ("number", "目标值", "target", "grade.value"),
        "target_origin": ("string", "目标出处：专栏或正文", "table of indicators or running text", "grade.origin"),
        "target_derived": (
            "boolean", "目标是否由总体目标推算", "whether derived from the target of the whole", "grade.derived"
        ),
        "headline": ("boolean", "是否主要结论所依据的目标", "whether the headline verdict is based on it", "headline"),
        "completion": (
            "number", "完成进度（0—1为未完成部分）", "completion, as a share of the planned change", "grade.completion"
        ),
        "time_share": ("number", "时间进度", "share of time elapsed", "grade.time_share"),
        "required_now": ("number", "时序进度要求的当前水平", "level required by the path now", "grade.required_now"),
        "forecast": ("number", "目标年预测中位数", "median forecast for the target year", "step.median"),
        "low": ("number", "预测区间下限", "lower end of the printed interval", "step.low"),
        "high": ("number", "预测区间上限", "upper end of the printed interval", "step.high"),
        "level": ("number", "区间水平", "level of the interval", "level"),
        "probability": (
            "number", "达标概率（用语和结论按四舍五入到整百分数的值确定）",
            "probability of meeting the target (likelihood and verdict are based on it rounded to whole per cent)",
            "grade.probability",
        ),
        "probability_plain": (
            "number", "未计入历次规划经验的达标概率", "the probability without the record of past plans",
            "grade.probability_plain",
        ),
        "likelihood": ("string", "可能性用语代码", "id of the likelihood term", "grade.likelihood"),
        "schedule": (
            "string", "时序进度：达到、基本达到或未达", "schedule: on, nearly or behind", "grade.schedule"
        ),
        "verdict": ("string", "结论类别", "class of the verdict", "grade.verdict"),
        "strength": (
            "string", "评估依据：strong充分、fair较充分、limited有限、thin薄弱",
            "evidence behind the verdict: strong, fair, limited or thin", "grade.strength",
        ),
        "wording": ("string", "结论措辞", "wording of the verdict", "grade.wording"),
        "reasons": ("string", "原因代码", "codes of the reasons", "grade.reasons"),
        "as_of": ("date", "数据截止日", "data cut-off", "found.as_of"),
        "synthetic": ("boolean", "是否演示数据", "whether the data are synthetic", "found.synthetic"),
    },
    "observations": {
        "page": ("string", "页面", "page", "page"),
        "area": ("string", "地区代码", "code of the area", "found.area"),
        "indicator": ("string", "指标代码", "id of the indicator", "indicator.id"),
        "period": ("string", "时期", "period", "point.period"),
        "value": ("number", "数值", "value", "point.value"),
        "unit": ("string", "单位", "unit", "indicator.unit.zh"),
        "kind": ("string", "性质", "kind", "point.kind"),
        "grade": ("string", "来源等级", "grade of the source", "point.grade"),
        "vintage": ("date", "发布日期", "date of publication", "point.vintage"),
        "restated_from": ("number", "修订前数值", "value before restatement", "point.restated_from"),
        "bridged": ("boolean", "是否由区划调整前单位合并", "whether summed across a boundary change", "point.bridged"),
        "source": ("string", "来源", "source", "point.source"),
        "address": ("string", "来源地址", "address of the source", "point.address"),
        "row": ("string", "台账文件与行号", "file and row of the ledger", "point.row"),
    },
}  # fmt: skip


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
        return {column: self._cell(path) for column, (*_, path) in DICTIONARY[table].items()}

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
        sheet.append([DICTIONARY[name][c][1] for c in columns])
        for row in rows:
            sheet.append([None if row[c] is None else plain_cell(row[c]) for c in columns])
        sheet.freeze_panes = "A3"
    sheet = book.create_sheet("dictionary")
    sheet.append(["table", "column", "type", "说明", "meaning"])
    for name, columns_of in DICTIONARY.items():
        for column, (kind, zh, en, _) in columns_of.items():
            sheet.append([name, column, kind, zh, en])
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
                        {"name": column, "type": kind, "title": zh, "description": en}
                        for column, (kind, zh, en, _) in columns.items()
                    ],
                    "missingValues": [""],
                },
            }
            for name, columns in DICTIONARY.items()
        ],
    }
    path = run_dir / "data" / "datapackage.json"
    path.write_text(json.dumps(package, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
