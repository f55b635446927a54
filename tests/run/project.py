"""A small project of its own for every test: tiny notebooks on the demonstration's data, and what they leave behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from greenreport.run import params
from greenreport.run.build import BuildResult, build

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]

BASE: dict[str, Any] = {
    "title": {"zh": "测试报告", "en": "A test report"},
    "plan": "data/plan",
    "areas": "data/areas",
    "data": "data/demo",
    "as_of": "2026-06-30",
    "timeout": 60,
    "pages": [
        {"notebook": "notebooks/overview.ipynb", "kind": "overview"},
        {"notebook": "notebooks/page.ipynb", "kind": "city"},
        {"notebook": "notebooks/page.ipynb", "kind": "district", "areas": ["万州", "涪陵"]},
    ],
}


class Project:
    """A project on the disk, and its builds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run = root / "reports" / "t"

    def write(self, text: str = "", **changes: Any) -> Path:
        """Write params/t.yaml: the base with some keys changed, or a text of one's own."""
        file = self.root / "params" / "t.yaml"
        file.parent.mkdir(exist_ok=True)
        content = yaml.safe_dump({**BASE, **changes}, allow_unicode=True, sort_keys=False)
        file.write_text(text or content, "utf-8")
        return file

    def params(self, **changes: Any) -> params.RunParams:
        """The base with some keys changed, loaded."""
        return params.load(self.write(**changes))

    def build(self, changes: dict[str, Any] | None = None, **options: Any) -> BuildResult:
        """Build the base with some keys changed, in this process unless told otherwise."""
        return build(self.params(**(changes or {})), **{"jobs": 1, **options})

    def bytes(self) -> dict[str, bytes]:
        """All files of the run that must not differ between two builds."""
        return {
            path.relative_to(self.run).as_posix(): path.read_bytes()
            for folder in ("notebooks", "data")
            for path in (self.run / folder).rglob("*")
            if path.is_file()
        } | {"manifest.json": (self.run / "manifest.json").read_bytes()}


def made(result: BuildResult) -> set[tuple[str, str]]:
    """The pages that a build executed."""
    return {(page, lang) for page, lang, _ in result.made}


def processes() -> set[tuple[int, str]]:
    """Pages, servers and painters of this project on this machine, those of this test session only."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        ours = any(
            part in command for part in ("greenreport.run.kernel", "multiprocessing.spawn", "greenreport.chart_images")
        )
        if ours and _MARK in environment:
            found.add((int(entry.name), command))
    return found


_MARK = f"GREENREPORT_TEST_SESSION={os.getpid()}".encode()
os.environ["GREENREPORT_TEST_SESSION"] = str(os.getpid())
