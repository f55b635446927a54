"""What is found of an area on a day, and findings of other pages: read from a run's folder, else worked out.

Overviews and pages of indicators are made from the findings of the pages before them, never from their outputs.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from greenreport.areas import Area
from greenreport.assess.evidence import Evidence
from greenreport.assess.fit import fit
from greenreport.assess.grade import grade
from greenreport.assess.model import Assessment, IndicatorAssessment, Options
from greenreport.errors import RunError
from greenreport.words import error

__all__ = ["assess", "city_findings", "district_findings", "gather"]

RUN_FOLDER = "GREENREPORT_RUN"
"""Environment variable that names the folder of the run being built."""


def assess(
    evidence: Evidence, *, area: str, options: Options | None = None, indicator: str | None = None
) -> Assessment:
    """History, forecast and grades of every indicator of one area.

    Args:
        evidence: plan, roster and ledger as known on a day.
        area: code or name of the area.
        options: what an analyst can choose; the defaults are those of the reports.
        indicator: id of the only indicator to assess; None for all.

    Returns:
        The assessment, in the ledger's units.

    Raises:
        AreaError: no such area on the day.
        PlanError: no such indicator.
    """
    options = options or Options()
    place = evidence.area(area)
    plan = evidence.plan_for(place) if place.kind == "nation" else evidence.plan
    graded = tuple(
        grade(evidence, one, place, evidence.series(one, place, options), fit(evidence, one, place, options), options)
        for one in (plan.indicators if indicator is None else (plan.indicator(indicator),))
    )
    return gather(evidence, area=area, indicators=graded, options=options)


def gather(
    evidence: Evidence, *, area: str, indicators: tuple[IndicatorAssessment, ...], options: Options
) -> Assessment:
    """Put graded indicators together into the assessment of an area.

    Args:
        evidence: plan, roster and ledger as known on a day.
        area: code or name of the area.
        indicators: its graded indicators.
        options: the choices that they were graded under.

    Returns:
        The assessment.

    Raises:
        AreaError: no such area on the day.
    """
    place = evidence.area(area)
    return Assessment(
        area=place.code,
        area_name=place.name,
        area_short=place.short,
        area_kind=place.kind,
        as_of=evidence.as_of,
        plan=evidence.plan.version,
        synthetic=evidence.ledger.synthetic,
        source=evidence.ledger.title,
        options=options,
        indicators=indicators,
    )


def district_findings(
    evidence: Evidence, options: Options, *, run: str = "", indicator: str | None = None
) -> tuple[Assessment, ...]:
    """The assessments of the districts, in protocol order.

    Args:
        evidence: plan, roster and ledger; says which districts there are on the day.
        options: used where findings must be worked out.
        run: folder of a finished run to read from; empty for the run being built, and where no run is being built
            (in JupyterLab) the findings are worked out here, which takes a second or two.
        indicator: read this indicator only, which is quicker; None for all.

    Returns:
        One assessment per district that has findings; districts whose page failed or was not asked for are left out.

    Raises:
        RunError: a file of findings cannot be read.
    """
    folder = _folder(run)
    if folder is None:
        return tuple(_worked_out(evidence, d, options, indicator) for d in evidence.districts)
    files = [folder / f"district-{d.code}.json" for d in evidence.districts]
    wanted = [i.id for i in evidence.plan.indicators if indicator in (None, i.id)]
    return tuple(_read(path, indicator).completed(wanted) for path in files if path.is_file())


def city_findings(evidence: Evidence, options: Options, *, run: str = "", indicator: str | None = None) -> Assessment:
    """The assessment of the area planned for, read as [district_findings] reads; worked out where its page is not there.

    Args:
        evidence: plan, roster and ledger.
        options: used where findings must be worked out.
        run: folder of a finished run to read from; empty for the run being built.
        indicator: read this indicator only; None for all.

    Returns:
        The assessment.

    Raises:
        RunError: the file of findings cannot be read.
    """
    folder = _folder(run)
    if folder is not None and (folder / "city.json").is_file():
        found = _read(folder / "city.json", indicator)
        if found.as_of == evidence.as_of:
            return found
    return _worked_out(evidence, evidence.area(evidence.plan.area), options, indicator)


def _folder(run: str) -> Path | None:
    folder = run or os.environ.get(RUN_FOLDER, "")
    return Path(folder) / "data" if folder else None


def _worked_out(evidence: Evidence, area: Area, options: Options, indicator: str | None) -> Assessment:
    # As a run's file has it, to the same digits: a notebook run by hand shows what the build shows.
    return Assessment.from_json(assess(evidence, area=area.code, options=options, indicator=indicator).to_json())


def _read(path: Path, indicator: str | None) -> Assessment:
    try:
        data = json.loads(path.read_text("utf-8"))
        if indicator is not None:
            data["indicators"] = [one for one in data["indicators"] if one["id"] == indicator]
        return Assessment.from_json(data)
    except (ValueError, KeyError, TypeError) as cause:
        raise error(RunError, "run.findings_unreadable", file=path) from cause
