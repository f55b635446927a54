"""A YAML file as it stands: its content, the line of every key, and keys that stand twice. Must not know any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from greenreport import typing_slips
from greenreport.errors import GreenReportError, Problem
from greenreport.words import problem

__all__ = ["Lines", "Place", "YamlFile", "line_of", "parse_yaml", "text_of"]

Place = tuple[str | int, ...]
"""Where something stands in a file: keys, and numbers of items from 0, from the outermost on."""

Lines = Mapping[Place, int]
"""The line (from 1) of every key and item of a file."""

# The same safe loader in C, several times as fast, where libyaml is there.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """A safe loader for which a day that does not exist (2026-06-31) is text, to be refused with its line."""


def _day_or_text(loader: Any, node: Any) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day_or_text)


@dataclass(frozen=True)
class YamlFile:
    """A YAML file as it was read.

    Attributes:
        content: what it holds.
        lines: the line (from 1) of every key and item by its path, keys as text and items by their numbers from 0.
        doubled: keys that stand twice in one mapping, each with its line and that of the one before.
        first: the line on which the content begins; None for an empty file.
    """

    content: Any
    lines: dict[Place, int]
    doubled: list[tuple[str, int, int]]
    first: int | None

    def line(self, path: Sequence[Any]) -> int | None:
        """The line of the innermost part of a path that the file holds; the first one where it holds none of it."""
        return line_of(path, self.lines) or self.first


def line_of(path: Sequence[Any], lines: Lines) -> int | None:
    """The line of the innermost part of a path, among the lines of a [YamlFile]; None: the file holds none of it."""
    line: int | None = None
    at: Place = ()
    for part in path:
        at = (*at, part) if (*at, part) in lines else (*at, str(part))  # a number may be a key, which is text there
        if at not in lines:
            break
        line = lines[at]
    return line


def parse_yaml(path: Path, *, error: type[GreenReportError], name: str | Path) -> YamlFile:
    """The content of a YAML file with its lines; what it holds is not checked.

    Raises:
        GreenReportError: of the class `error`: the file is missing, not UTF-8 or not YAML.
    """
    content = text_of(path, error=error, name=name)
    try:
        root = yaml.compose(content, Loader=_Loader)
        data = yaml.load(content, Loader=_Loader)
    except yaml.YAMLError as e:
        raise error(tuple(_yaml_problems(content, e, file=name))) from None
    lines: dict[Place, int] = {}
    doubled: list[tuple[str, int, int]] = []
    _walk(root, (), lines, doubled)
    return YamlFile(data, lines, doubled, root.start_mark.line + 1 if root else None)


def _walk(
    node: yaml.Node | None,
    path: Place,
    lines: dict[Place, int],
    doubled: list[tuple[str, int, int]],
) -> None:
    """Note the line of every key and item below a node."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                doubled.append((name, line, seen[name]))
            seen[name] = lines[(*path, name)] = line
            _walk(value, (*path, name), lines, doubled)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            _walk(value, (*path, index), lines, doubled)


def _yaml_problems(content: str, error: yaml.YAMLError, *, file: str | Path) -> list[Problem]:
    """Why a file is not YAML: the lines on which a key has a full-width colon, else what the parser says."""
    if found := typing_slips.lines_with(content):
        return [problem(slip, file, line) for line, slip in found]
    mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None) or error
    return [problem("error.file.no_yaml", file, mark.line + 1 if mark else None, what=what)]


def text_of(path: Path, *, error: type[GreenReportError], name: str | Path) -> str:
    """The text of a file in UTF-8; errors as in [parse_yaml]."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError:
        raise error((problem("error.file.missing", name),)) from None
    except UnicodeDecodeError:
        raise error((problem("error.file.not_utf8", name),)) from None
