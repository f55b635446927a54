"""Working examples: what the package brings along, as a project of one's own.

An example is one or more of the package's parameter files with the folders that they name; no example is named in
code but for the files that belong together. Must not know what is in them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from greenreport import resources
from greenreport.begin.folder import made_whole, write_common
from greenreport.errors import RequestError
from greenreport.typing_slips import nearest
from greenreport.words import error

__all__ = ["example", "examples"]

_TOGETHER = {"chongqing": ("demo", "public", "annual")}
"""Examples of several parameter files; any other file is an example of its own."""


def examples() -> tuple[str, ...]:
    """The examples that the package brings along.

    Returns:
        Their names, those of several parameter files first.
    """
    alone = {path.stem for path in (resources.root() / "params").glob("*.yaml")}
    return (*_TOGETHER, *sorted(alone - {stem for stems in _TOGETHER.values() for stem in stems}))


def example(name: str, folder: Path) -> Path:
    """Write an example as a project.

    Args:
        name: one of [examples].
        folder: the project's; not there yet, or empty.

    Returns:
        Its first parameter file.

    Raises:
        RequestError: there is no such example, or the folder is not empty.
    """
    if name not in examples():
        near = nearest(name, examples())
        key = "begin.example.near" if near else "begin.example.alone"
        raise error(RequestError, key, name=name, near=near, names=examples(), field="--example")
    files = [resources.root() / "params" / f"{stem}.yaml" for stem in _TOGETHER.get(name, (name,))]
    with made_whole(folder) as made:
        (made / "params").mkdir()
        asked: list[dict[str, Any]] = []
        for file in files:
            shutil.copy(file, made / "params" / file.name)
            asked.append(yaml.safe_load(file.read_text("utf-8")))
        for path in dict.fromkeys(one[key] for one in asked for key in ("plan", "areas", "data")):
            source = resources.root() / path
            if source.is_dir() and not (made / path).exists():
                shutil.copytree(source, made / path, ignore=shutil.ignore_patterns("*.py", "__pycache__", ".*"))
        first = asked[0]
        defaults = {key: str(first[key]) for key in ("plan", "areas", "data", "as_of")}
        write_common(made, langs=first.get("languages", ["zh", "en"]), defaults=defaults, draft=None)
    return folder / "params" / files[0].name
