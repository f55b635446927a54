"""A filled workbook read into a draft; everything that is wrong with it is said at once, with sheet and cell.

Formulas are never evaluated and unsafe workbooks not opened (see `intake.safety`). Must not know how a project is
written.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from greenreport.begin.cells import Cell, Row, quantity, read_day, read_number, read_people, read_whole, read_year
from greenreport.begin.columns import choice, sheet_of
from greenreport.begin.draft import Draft, DraftArea, DraftFigure, DraftIndicator, DraftTarget, slug
from greenreport.begin.rows import Sheets, by_lang, written
from greenreport.begin.targets import target_in
from greenreport.errors import DataError
from greenreport.intake.sheets import Grid, open_grids
from greenreport.intake.words import plain
from greenreport.observations import parse_period
from greenreport.plan import impossible
from greenreport.text import Text
from greenreport.typing_slips import nearest
from greenreport.words import both, error

__all__ = ["read_workbook"]

_DATED = re.compile(r"\d{4}.*")


def read_workbook(path: Path, *, today: dt.date) -> Draft:
    """Read a workbook in the form of the template.

    Args:
        path: the workbook.
        today: the data cut-off where the workbook gives none.

    Returns:
        What a project is begun from.

    Raises:
        DataError: with everything that is wrong: file, row, sheet and cell, remedy.
    """
    if not path.is_file():
        raise error(DataError, "begin.wrong.no_workbook", file=path)
    grids = open_grids(path)
    if not isinstance(grids, list):
        raise error(DataError, grids, file=path.name)
    return _Reader(path.name, today).draft(grids)


T = TypeVar("T", bound=tuple[str, ...])
N = TypeVar("N", bound=DraftIndicator | DraftArea)


@dataclass(frozen=True)
class _Day:
    """Where the plan's targets stand, and from when on."""

    day: dt.date
    source: str
    note: str


class _Reader(Sheets):
    """Reads one workbook; `areas` (the whole first) and `indicators` with their rows are known before what is about them."""

    def __init__(self, file: str, today: dt.date) -> None:
        super().__init__(file)
        self.today = today
        self.areas: list[DraftArea] = []
        self.indicators: list[tuple[Row, DraftIndicator]] = []
        self.unsure: set[str] = set()

    def draft(self, grids: Sequence[Grid]) -> Draft:
        """The draft, or everything that stands in its way."""
        if not any(sheet_of(grid.sheet) for grid in grids):
            raise error(DataError, "begin.wrong.no_template", file=self.file)
        sheets = self.sheets(grids)
        head = self.items_of_plan(sheets.get("plan", []))
        langs = self.langs(head)
        first, last = self.period(head)
        whole = self.the_whole(head, langs)
        part = self.part(head, langs)
        as_of = self.take(head.get("as_of"), read_day) or self.today
        self.areas = [whole, *self._areas(sheets.get("areas", []), langs)]
        self.indicators = list(self._indicators(sheets.get("indicators", []), langs))
        if not self.indicators and not self.problems:
            self.wrong(None, "no_indicator", where="指标 Indicators")
        figures = tuple(self._figures(sheets.get("figures", []), as_of))
        known = {(f.indicator, f.area, f.period): f.value for f in sorted(figures, key=lambda f: f.vintage)}
        for _, i in self.indicators:
            if i.baseline is not None:
                known[i.id, whole.code, str(i.baseline_year)] = i.baseline
        issued = self.take(head.get("issued"), read_day)
        title = by_lang(head, "title", langs)
        day = _day_of_targets(issued, first, as_of, source=next(iter(title.values()), self.file))
        targets, own = self._targets(sheets.get("targets", []), day, known)
        indicators = tuple(self._with_targets(targets, own))
        if self.problems or first is None or last is None:
            raise DataError(tuple(self.problems))
        return Draft(
            langs=langs,
            title=title,
            whole=whole,
            parts=tuple(self.areas[1:]),
            period=(first, last),
            as_of=as_of,
            indicators=indicators,
            figures=(*figures, *own),
            number=written(head, "number"),
            issued=issued,
            part=part,
            parts_en=written(head, "parts_en"),
            file=self.file,
            blanks=_blanks(sheets.get("figures", [])),
            missing=tuple(self.missing),
        )

    def _names(self, row: Row, stem: str, langs: Sequence[str], *, needed: bool = True) -> Mapping[str, str]:
        names = by_lang(row, stem, langs)
        if needed and (missing := [lang for lang in langs if lang not in names]):
            langs_told = [both(f"begin.lang.{lang}") for lang in missing]
            lacking = Text("、".join(lang.zh for lang in langs_told), " and ".join(lang.en for lang in langs_told))
            self.wrong(row.at(f"{stem}_{missing[0]}", f"{stem}_zh", f"{stem}_en"), f"no_{stem}", langs=lacking)
        return names

    def _areas(self, rows: Sequence[Row], langs: Sequence[str]) -> Iterator[DraftArea]:
        seen: dict[str, Cell] = {}
        width = len(str(len(rows)))
        for n, row in enumerate(rows, start=1):
            code = written(row, "code", f"P{n:0{width}}")
            names = self._names(row, "name", langs)
            self._once(seen, row, {"code": code} | {f"name_{lang}": name for lang, name in names.items()})
            yield DraftArea(code, names, self.take(row.get("population"), read_people))

    def _once(self, seen: dict[str, Cell], row: Row, names: Mapping[str, str]) -> None:
        """Refuse a code or a name that another row has: whichever was meant would be a guess."""
        new = {}
        for key, name in names.items():
            cell = row.get(key) or row.at(key)
            if (before := seen.get(_same(name))) is not None:
                self.wrong(cell, "name_taken", name=name, place=before.where)
            new[_same(name)] = cell
        seen |= new

    def _indicators(self, rows: Sequence[Row], langs: Sequence[str]) -> Iterator[tuple[Row, DraftIndicator]]:
        taken: dict[str, Cell] = {}
        for n, row in enumerate(rows, start=1):
            name, unit = self._names(row, "name", langs), self._names(row, "unit", langs)
            id = written(row, "id", slug(name, n))
            self._once(taken, row, {"id": id} | {f"name_{lang}": text for lang, text in name.items()})
            chosen = {
                key: self.take(row.get(key), partial(choice, key)) or default
                for key, default in (("kind", "flow"), ("direction", "up"), ("allocation", "none"))
            }
            if "direction" not in row or self._refused(row, "direction", "kind"):
                self.unsure.add(id)  # targets cannot be weighed against it
            year = self.take(row.get("baseline_year"), read_year)
            additive = chosen["kind"] in ("flow", "cumulative_count")
            kind = "flow" if chosen["kind"] == "level" else chosen["kind"]
            base = self._baseline(row, unit, kind, additive=additive)
            definition = self._names(row, "definition", langs, needed=False)
            yield (
                row,
                DraftIndicator(
                    id=id,
                    name=name,
                    unit=unit,
                    kind=kind,  # type: ignore[arg-type]
                    additive=additive,
                    direction=chosen["direction"],  # type: ignore[arg-type]
                    baseline_year=year or 0,
                    baseline=base,
                    targets=(),
                    decimals=self.take(row.get("decimals"), partial(read_whole, within=range(7))) or 0,
                    allocation=chosen["allocation"],
                    definition=definition if len(definition) == len(langs) else None,
                ),
            )

    def _refused(self, row: Row, *keys: str) -> bool:
        """Whether anything was wrong with the cells of these columns."""
        told = {problem.field for problem in self.problems}
        return any(key in row and row[key].where in told for key in keys)

    def _baseline(self, row: Row, unit: Mapping[str, str], kind: str, *, additive: bool) -> float | None:
        base = self.take(row.get("baseline"), partial(read_number, unit=unit))
        if base is not None and (why := impossible(base, kind, additive=additive)):
            self.wrong(row["baseline"], why)
        return base

    def _targets(
        self, rows: Sequence[Row], day: _Day, figures: Mapping[tuple[str, str, str], float]
    ) -> tuple[dict[str, list[DraftTarget]], list[DraftFigure]]:
        """Targets of the whole by indicator, and the areas' own as rows of the ledger.

        `figures` by indicator, area and period, from which targets are weighed.
        """
        whole: dict[str, list[DraftTarget]] = {}
        own: list[DraftFigure] = []
        seen: dict[tuple[str, str, str], Cell] = {}
        for _, indicator, area, cells in self._about(rows):
            for key, cell in cells.items():
                if indicator.id in self.unsure or self._again(seen, (indicator.id, area.code, key), cell):
                    continue
                target = self._target(cell, int(key), indicator, area.code, figures)
                if target is None:
                    continue
                if area is self.areas[0]:
                    whole.setdefault(indicator.id, []).append(target)
                elif target.value is not None:
                    spread = "" if target.to is None else f"{target.value:g}~{target.to:g}"
                    note = ";".join(filter(None, (spread, day.note)))
                    own.append(
                        DraftFigure(indicator.id, area.code, key, target.value, day.day, day.source, True, note, cell)
                    )
        return whole, own

    def _target(
        self,
        cell: Cell,
        year: int,
        indicator: DraftIndicator,
        area: str,
        figures: Mapping[tuple[str, str, str], float],
    ) -> DraftTarget | None:
        """The target in a cell, weighed against the first figure from the baseline year on."""
        if year <= indicator.baseline_year:
            self.wrong(cell, "target_year", year=year, baseline=indicator.baseline_year)
            return None
        years = range(indicator.baseline_year, year) if indicator.baseline_year else ()
        known_then = ((y, figures.get((indicator.id, area, str(y)))) for y in years)
        start = next(((y, value) for y, value in known_then if value is not None), None)
        return self.take(cell, lambda text: target_in(text, year, indicator, start))

    def _with_targets(
        self, targets: Mapping[str, Sequence[DraftTarget]], own: Sequence[DraftFigure]
    ) -> Iterator[DraftIndicator]:
        for row, i in self.indicators:
            of_whole = list(targets.get(i.id, ()))
            if of_whole and i.baseline is None and "baseline" not in row:
                self.wrong(row.at("baseline"), "no_baseline", id=i.id)
            years = {t.year for t in of_whole}
            of_parts = sorted({int(f.period) for f in own if f.indicator == i.id} - years)
            if not of_whole and not of_parts and i.id not in self.unsure:
                self.wrong(row.at("id"), "no_target", id=i.id)
            yield replace(i, targets=(*of_whole, *(DraftTarget(year, None) for year in of_parts)))

    def _figures(self, rows: Sequence[Row], as_of: dt.date) -> Iterator[DraftFigure]:
        seen: dict[tuple[str, str, str, str], Cell] = {}
        for row, indicator, area, cells in self._about(rows):
            source = written(row, "source", self.file)
            vintage = self.take(row.get("published"), read_day) or as_of
            said = written(row, "note")
            for key, cell in cells.items():
                read = self.take(cell, partial(quantity, unit=indicator.unit))
                if read is None:
                    continue
                value, period = float(read.text), parse_period(key)
                if why := impossible(value, indicator.kind, additive=indicator.additive):
                    self.wrong(cell, why)
                elif period is None or period.first > vintage:
                    self.wrong(cell, "too_early", period=key, day=vintage)
                elif not self._again(seen, (indicator.id, area.code, key, str(vintage)), cell):
                    note = ";".join(filter(None, (*read.marks, said)))
                    yield DraftFigure(indicator.id, area.code, key, value, vintage, source, False, note, cell)

    def _again(self, seen: dict[T, Cell], key: T, cell: Cell) -> bool:
        """Whether a number was given before; a second one is refused."""
        if (before := seen.setdefault(key, cell)) is cell:
            return False
        self.wrong(cell, "twice", place=before.where)
        return True

    def _about(self, rows: Sequence[Row]) -> Iterator[tuple[Row, DraftIndicator, DraftArea, Mapping[str, Cell]]]:
        """Rows with the indicator and the area they are about, the whole where none is named, and their cells by period."""
        indicators = [i for _, i in self.indicators]
        for row in rows:
            if "indicator" not in row:
                continue  # told already
            indicator = self._known(row["indicator"], indicators, lambda i: i.id, "indicator")
            area = self._known(row["area"], self.areas, lambda a: a.code, "area") if "area" in row else self.areas[0]
            if indicator is not None and area is not None:
                yield row, indicator, area, {key: cell for key, cell in row.items() if _DATED.fullmatch(key)}

    def _known(self, cell: Cell, known: Sequence[N], id: Callable[[N], str], what: str) -> N | None:
        """What is meant by an id or a name; suggestions are told as they were written."""
        names: dict[str, N] = {}
        for one in known:
            names |= dict.fromkeys((id(one), *one.name.values()), one)
        found = next((names[name] for name in names if _same(name) == _same(cell.text)), None)
        if found is None:
            near = nearest(cell.text, names)
            key = f"unknown_{what}.near" if near else f"unknown_{what}.alone"
            self.wrong(cell, key, text=cell.text, near=near)
        return found


def _day_of_targets(issued: dt.date | None, first: int | None, as_of: dt.date, *, source: str) -> _Day:
    """From when on an area's own targets are known: the plan's date, so that earlier verdicts can be told.

    The plan's first day stands for a date that is not given, and the row says so.
    """
    day = min(as_of, issued or dt.date(first, 1, 1)) if first else as_of
    return _Day(day, source, "" if issued or day == as_of else "plan_start")


def _same(name: str) -> str:
    return plain(name).casefold()


def _blanks(rows: Sequence[Row]) -> int:
    """How many cells are blank in the columns of periods that hold any figure."""
    filled = {key for row in rows for key in row if _DATED.fullmatch(key)}
    return sum(key not in row for row in rows for key in filled)
