"""The JSON Schemas of plan.yaml and of parameter files, made from the models that read them.

`python -m greenreport.schemas FOLDER` writes them; the repository's stand in `docs/schemas` (a test holds them to the
models). Knows the models only.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

__all__ = ["NAMES", "schema", "text", "write"]

NAMES = ("plan", "params")


def schema(name: str) -> dict[str, Any]:
    """The schema of `plan` (plan.yaml) or `params` (a parameter file)."""
    if name == "plan":
        from greenreport.plan.files import PlanFile

        made = PlanFile.model_json_schema()
    else:
        from greenreport.run.params import RunParams

        made = RunParams.model_json_schema()
        for inside in ("name", "file", "root", "lines"):  # of the reader, not of the file
            made["properties"].pop(inside, None)
    title = {"plan": "plan.yaml of greenreport", "params": "Parameter file of greenreport"}[name]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}


def text(name: str) -> str:
    """The schema as it stands in a file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write(folder: Path) -> None:
    """Write all schemas into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / f"{name}.schema.json").write_text(text(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
