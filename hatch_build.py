"""What the wheel brings along beside the package: the notebooks, and the examples' data and parameter files.

They lie in the repository once; an installed package has copies of them in `greenreport/resources`, a checkout does
without (see `greenreport.resources`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("data", "notebooks", "params")
LEFT_OUT = (".py", ".pyc")


class Shipped(BuildHookInterface[Any]):
    """Adds the files to a wheel; an editable one finds them where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files and where they go."""
        if version == "editable":
            return
        root = Path(self.root)
        for folder in FOLDERS:
            for path in sorted((root / folder).rglob("*")):
                parts = path.relative_to(root).parts
                if path.is_file() and path.suffix not in LEFT_OUT and not any(part.startswith(".") for part in parts):
                    name = path.relative_to(root).as_posix()
                    build_data["force_include"][str(path)] = f"greenreport/resources/{name}"
