"""Findings of other pages: read from a run's folder, or worked out where there is no run.

An overview is made from the findings of the pages before it, never from their outputs.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from greenreport.assess.evidence import Evidence
from greenreport.assess.model import Assessment, Options
from greenreport.errors import RunError

__all__ = ["district_findings"]

RUN_FOLDER = "GREENREPORT_RUN"
"""Environment variable that names the folder of the run being built."""


def district_findings(evidence: Evidence, options: Options, *, run: str = "") -> tuple[Assessment, ...]:
    """The assessments of the districts, in protocol order.

    Args:
        evidence: plan, roster and ledger; says which districts there are on the day.
        options: used where findings must be worked out.
        run: folder of a finished run to read from; empty for the run being built, and where no run is being built
            (in JupyterLab) the findings are worked out here, which takes a second or two.

    Returns:
        One assessment per district that has findings; districts whose page failed are left out.

    Raises:
        RunError: a file of findings cannot be read.
    """
    folder = run or os.environ.get(RUN_FOLDER, "")
    if not folder:
        from greenreport.assess import assess

        return tuple(assess(evidence, area=d.code, options=options) for d in evidence.districts)
    found = []
    for district in evidence.districts:
        path = Path(folder) / "data" / f"district-{district.code}.json"
        if path.is_file():
            found.append(_read(path))
    return tuple(found)


def _read(path: Path) -> Assessment:
    try:
        return Assessment.from_json(json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise RunError.of(
            zh="这份结果文件无法读取，可能来自旧版本。请加 --force 重新生成。",
            en="This file of findings cannot be read; it may come from an older version. Build again with --force.",
            file=path,
        ) from error
