"""A notebook as the runner sees it: its parameters cell, its front matter, its findings, its bytes.

Works on the notebook's JSON alone; must not execute anything, nor know areas, plans or files of data.
"""

from __future__ import annotations

import ast
import builtins
import copy
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import GenericAlias
from typing import Any, Literal, get_args, get_origin

import yaml
from pydantic import TypeAdapter, ValidationError

from greenreport.errors import ParamsError
from greenreport.run.digests import digest
from greenreport.run.files import canonical_json, compact_json
from greenreport.run.params import Value
from greenreport.text import Text
from greenreport.typing_slips import nearest
from greenreport.words import both, error

__all__ = [
    "FINDINGS",
    "Parameter",
    "code_digest",
    "findings",
    "is_mark",
    "normalise",
    "parameters",
    "parameters_cells",
    "read",
    "type_problem",
    "with_front_matter",
]

FINDINGS = "application/vnd.greenreport.assessment+json"
"""The MIME type under which a page hands its findings to the runner."""

_CELL_FILE = re.compile(r"(?:[A-Za-z]:)?[/\\]\S*[/\\]ipykernel_\d+[/\\]\d+\.py")
_PAPERMILL_MARK = "papermill-error-cell-tag"
_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


@dataclass(frozen=True)
class Parameter:
    """One name that a notebook's `parameters` cell declares: type (empty if none is given) and default as written."""

    annotation: str
    default: str


def read(path: Path) -> dict[str, Any]:
    """A notebook's JSON, with every source as one string and nothing of its outputs.

    Raises:
        ParamsError: the file is not a notebook of format 4.
    """
    try:
        nb = json.loads(path.read_text("utf-8"))
        if nb["nbformat"] != 4:
            raise ValueError(f"nbformat {nb['nbformat']}")
        for cell in nb["cells"]:
            cell["source"] = _text(cell["source"])
            if cell["cell_type"] == "code":
                cell["outputs"] = []
                cell["execution_count"] = None
    except (ValueError, KeyError, TypeError) as cause:
        raise error(ParamsError, "notebook.not_one", why=cause, file=path) from None
    return dict(nb)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return list(cell.get("metadata", {}).get("tags", []))


def is_mark(cell: Mapping[str, Any]) -> bool:
    """Whether papermill put this cell there to point at an error."""
    return _PAPERMILL_MARK in _tags(cell)


def code_digest(nb: Mapping[str, Any]) -> str:
    """The fingerprint of what a notebook says and does: kind, tags and source of its cells."""
    return digest([[cell["cell_type"], _tags(cell), _text(cell["source"])] for cell in nb["cells"]])


def parameters(nb: Mapping[str, Any]) -> dict[str, Parameter]:
    """What the cell tagged `parameters` declares, in its order; empty if there is no such cell."""
    cells = parameters_cells(nb)
    return _declared(_text(cells[0]["source"])) if cells else {}


def parameters_cells(nb: Mapping[str, Any]) -> list[Any]:
    """The code cells that carry the tag `parameters`; papermill wants exactly one."""
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code" and "parameters" in _tags(cell)]


def _declared(source: str) -> dict[str, Parameter]:
    found = {}
    for node in ast.parse(source).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=ast.expr() as value):
                found[name] = Parameter(ast.unparse(annotation), ast.unparse(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = Parameter("", ast.unparse(value))
    return found


def type_problem(parameter: Parameter, value: Value) -> Text | None:
    """Why a value does not fit a parameter, in both languages; None if it does.

    The type is the annotation, or that of the default where there is none. Annotations built from other names
    than str, int, float, bool, None, list, Literal and Optional are taken for what the notebook's author
    knows best.
    """
    wanted = parameter.annotation
    if not wanted:
        try:
            default = ast.literal_eval(parameter.default)
        except ValueError:
            return None
        if default is None or isinstance(default, dict | tuple | set):
            return None
        wanted = type(default).__name__
    kind = _type(ast.parse(wanted, mode="eval").body)
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError:
        if get_origin(kind) is Literal:
            return both("notebook.no_choice", value=str(value), choices=get_args(kind))
        return both("notebook.other_type", wanted=wanted, value=str(value), type=type(value).__name__)
    return None


def _type(annotation: ast.expr) -> Any:
    """The type that an annotation names; Any where it is built from other names than ours."""
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _type(left) | _type(right)
        case ast.Subscript(value=ast.Name(id="Optional"), slice=part):
            return _type(part) | None
        case ast.Subscript(value=ast.Name(id="list"), slice=part):
            return GenericAlias(list, (_type(part),))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=part):
            choices = part.elts if isinstance(part, ast.Tuple) else [part]
            return _LITERAL[tuple(ast.literal_eval(choice) for choice in choices)]
        case ast.Constant(value=None):
            return None
        case ast.Name(id="str" | "int" | "float" | "bool" | "list" as name):
            return getattr(builtins, name)
    return Any


_LITERAL: Any = Literal


def unknown_parameter(name: str, known: Mapping[str, Parameter], *, where: str) -> Text:
    """What to say of a parameter that a notebook does not declare, in both languages."""
    if near := nearest(name, known, n=1):
        hint = both("notebook.did_you_mean", near=near[0])
    else:
        hint = both("notebook.parameters_are", known=tuple(known) or both("notebook.none"))
    return both("notebook.no_parameter", where=where, name=name, hint=hint)


def with_front_matter(nb: Mapping[str, Any], front: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook with `front` as YAML in its first cell, in place of front matter that stood there."""
    text = yaml.safe_dump(dict(front), allow_unicode=True, sort_keys=False, width=10_000)
    cell = {"cell_type": "raw", "id": "front-matter", "metadata": {}, "source": f"---\n{text}---"}
    made = copy.deepcopy(dict(nb))
    cells = made["cells"]
    if cells and cells[0]["cell_type"] == "raw" and _text(cells[0]["source"]).startswith("---"):
        cells = cells[1:]
    made["cells"] = [cell, *cells]
    return made


def findings(nb: Mapping[str, Any]) -> bytes | None:
    """The page's findings as canonical JSON: the last output of their MIME type; None if there is none.

    Raises:
        ValueError: the findings hold a number that is not finite.
    """
    last = None
    for cell in nb["cells"]:
        for output in cell.get("outputs", []):
            if FINDINGS in output.get("data", {}):
                last = output["data"][FINDINGS]
    if last is None:
        return None
    return canonical_json(json.loads(_text(last)) if isinstance(last, str | list) else last)


def normalise(nb: Mapping[str, Any], *, root: Path) -> bytes:
    """An executed notebook as bytes that are the same for the same inputs, on any machine and at any time.

    Clock times, run ids, papermill's marks and random cell ids go; folders of this machine are cut from
    warnings and tracebacks.
    """
    cells = []
    kept = [cell for cell in nb["cells"] if not is_mark(cell)]
    for index, cell in enumerate(kept):
        metadata = {key: value for key, value in cell["metadata"].items() if key not in {"papermill", "execution"}}
        if "tags" in metadata and not metadata["tags"]:
            del metadata["tags"]
        made = {
            "cell_type": cell["cell_type"],
            "id": "front-matter" if index == 0 and cell["cell_type"] == "raw" else f"cell-{index:02}",
            "metadata": metadata,
            "source": _text(cell["source"]),
        }
        if cell["cell_type"] == "code":
            made["execution_count"] = cell.get("execution_count")
            made["outputs"] = [_without_paths(output, root=root) for output in cell.get("outputs", [])]
        if cell.get("attachments"):
            made["attachments"] = cell["attachments"]
        cells.append(made)
    # One cell a line: fit for a diff, and written many times as fast as one value a line.
    about = compact_json({"kernelspec": _KERNELSPEC, "language_info": _LANGUAGE})
    lines = b",\n".join(compact_json(cell) for cell in cells)
    return b'{"cells":[\n%b\n],\n"metadata":%b,\n"nbformat":4,"nbformat_minor":5}\n' % (lines, about)


def _without_paths(output: Mapping[str, Any], *, root: Path) -> dict[str, Any]:
    """An output without this machine's folders: only errors and streams can quote them unasked."""
    made = dict(output)
    if made.get("output_type") not in {"error", "stream"}:
        return made

    def clean(text: str) -> str:
        for folder in (str(root), sys.prefix):
            text = text.replace(f"{folder}/", "").replace(f"{folder}\\", "")
        return _CELL_FILE.sub("<cell>", text)

    for key in ("text", "evalue"):
        if key in made:
            made[key] = clean(_text(made[key]))
    if "traceback" in made:
        made["traceback"] = [clean(line) for line in made["traceback"]]
    return made
