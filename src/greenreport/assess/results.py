"""Findings of other pages: read from a run's folder, or worked out where there is no run.

Overviews and pages of indicators are made from the findings of the pages before them, never from their outputs.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from greenreport.areas import Area
from greenreport.assess.area import assess
from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Assessment, Options
from greenreport.errors import RunError

__all__ = ["city_findings", "district_findings"]

RUN_FOLDER = "GREENREPORT_RUN"
"""Environment variable that names the folder of the run being built."""


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
    except (ValueError, KeyError, TypeError) as error:
        raise RunError.of(
            zh="这份结果文件无法读取，可能来自旧版本。请加 --force 重新生成。",
            en="This file of findings cannot be read; it may come from an older version. Build again with --force.",
            file=path,
        ) from error
