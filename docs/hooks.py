"""Pages of the reference that are made from the code: the commands from the command line, the files from their schemas.

Called by the site's builder (`mkdocs.yml`). Knows the command line and the schemas; must not know what commands do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mkdocs.structure.files import File, Files

__all__ = ["commands", "files", "on_files", "python"]


def on_files(files_: Files, config: Any) -> Files:
    """Add the pages that are made here."""
    for name, make in (("commands", commands), ("files", files), ("python", python)):
        files_.append(File.generated(config, f"reference/{name}.md", content=make()))
    return files_


def commands() -> str:
    """Every command with its arguments and options, as `--help` knows them."""
    from typer.main import get_command

    from greenreport.cli import app

    parts = [
        "# Commands",
        "Every message is given in Chinese and English. Exit codes: 0 success; 1 some pages failed and the others were built; "
        "2 invalid options or data.",
        *_command(get_command(app), "greenreport", 2),
    ]
    return "\n\n".join(parts) + "\n"


def _command(command: Any, path: str, level: int) -> Iterator[str]:
    yield f"{'#' * level} `{path}`"
    if command.help:
        yield command.help.strip()
    rows = [_row(param) for param in command.params if not getattr(param, "hidden", False)]
    if rows:
        yield "\n".join(["| | what it is |", "| --- | --- |", *rows])
    for name, inner in sorted(getattr(command, "commands", {}).items()):
        yield from _command(inner, f"{path} {name}", level + 1)


def _row(param: Any) -> str:
    options = [opt for opt in param.opts if opt.startswith("-")]
    name = (
        ", ".join(f"`{opt}`" for opt in (*options, *param.secondary_opts)) or f"`{param.metavar or param.name.upper()}`"
    )
    return f"| {name} | {(getattr(param, 'help', None) or '').replace('|', '/')} |"


def files() -> str:
    """The keys of plan.yaml and of parameter files, from their schemas, with an example of each file of a project."""
    from greenreport import schemas

    parts = ["# Files of a project"]
    for name, title in (("plan", "`data/plan/plan.yaml`"), ("params", "Parameter files, `params/*.yaml`")):
        made = schemas.schema(name)
        parts.append(f"## {title}")
        parts.append(
            f"JSON Schema: [{name}.schema.json](../schemas/{name}.schema.json); `greenreport schema {name}` prints it."
        )
        parts += _object(made, made, "")
    parts.append("## Tables")
    parts.append(_TABLES)
    return "\n\n".join(parts) + "\n"


def _object(shape: Mapping[str, Any], whole: Mapping[str, Any], where: str) -> Iterator[str]:
    required = set(shape.get("required", ()))
    rows, inner = [], []
    for key, value in shape.get("properties", {}).items():
        kind, below = _kind(value, whole)
        note = value.get("description", "").replace("|", "/")
        eg = next(iter(value.get("examples", ())), None)
        said = "; ".join(part for part in (note, f"such as `{eg}`" if eg is not None else "") if part)
        rows.append(f"| `{key}` | {kind} | {'yes' if key in required else ''} | {said} |")
        if below is not None:
            inner.append((f"{where}.{key}".lstrip("."), below))
    yield "\n".join(["| key | what it holds | needed | |", "| --- | --- | --- | --- |", *rows])
    for name, below in inner:
        yield f"### `{name}`"
        yield from _object(below, whole, name)


def _kind(value: Mapping[str, Any], whole: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None]:
    """What a value is, in words, and the object to describe below it, if it is one."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        target = whole["$defs"][name]
        return ("a text", None) if name == "TextFile" else ("keys below", target)
    if "anyOf" in value:
        kinds = [_kind(one, whole) for one in value["anyOf"] if one.get("type") != "null"]
        words = " or ".join(dict.fromkeys(kind for kind, _ in kinds))
        return words, next((below for _, below in kinds if below is not None), None)
    if "enum" in value:
        return ", ".join(f"`{one}`" for one in value["enum"]), None
    if "const" in value:
        return f"`{value['const']}`", None
    if value.get("type") == "array":
        kind, below = _kind(value.get("items", {}), whole)
        return f"a list of {'entries' if below is not None else kind}", below
    plain = {"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false"}
    return ("a day" if value.get("format") == "date" else plain.get(str(value.get("type")), "keys and values")), None


_TABLES = """\
| file | columns | example |
| --- | --- | --- |
| `areas.csv` | `code`, `name_zh` and/or `name_en`; may have `short_…`, `kind` (any word; `whole`, `nation`, `zone` mean something), `parent`, `population`, `valid_from`, `valid_to`, `aliases`, `order` | `S1,一店,store,G,` |
| `groupings.csv` (may be missing) | `version,code,group_id,group_zh,group_en,region_id,region_zh,region_en` | `2024,S1,north,北区,North,all,全部,All` |
| `tiles.csv` (may be missing: no map) | `layout,code,row,col`; may have `row_span,col_span,inset` | `wide,S1,0,0` |
| `bridges.csv` (may be missing) | `successor,predecessor,weight,from_date,basis_zh,basis_en` | `S3,S1,1.0,2025-01-01,合并,merged` |
| `statements.csv` (may be missing) | quantitative statements of the plan's text, quoted; see `data/plan` | |
| `tasks.csv` (may be missing) | `id,chapter_no,title_zh` and/or `title_en`; may have `level`, `deliverables_…`, `indicators`, `deadline`, `quote` | `T1,3,建设充电站` |
| `contradictions.csv` (may be missing) | `id,kind,severity,finding_zh` and/or `finding_en`, `evidence_1_…`, `handling_…` | `C1,internal,low,两处数字不一致` |
| `ledger.toml` | `title`; may have `synthetic`, `source_note`, `context_indicators`, `scopes`, `notes`, `sources` | `title = {zh = "台账"}` |
| `*.csv` of a ledger | `indicator,area,period,value,unit,kind,scope,vintage,source,source_address,grade,note,growth_pct` | `rate,S1,2025,45.2,%,observed,,2026-03-01,统计年报,,A,,` |
"""


def python() -> str:
    """The Python interface, from its docstrings."""
    modules = (
        "greenreport.plan", "greenreport.areas", "greenreport.observations", "greenreport.assess", "greenreport.forecast",
        "greenreport.progress", "greenreport.begin", "greenreport.run.build", "greenreport.run.params", "greenreport.render",
    )  # fmt: skip
    parts = [
        "# In Python",
        "What the packages offer to scripts and notebooks. [Architecture](../architecture.md) describes their responsibilities.",
    ]
    for name in modules:
        parts += [f"## `{name}`", _members(name)]
    return "\n\n".join(parts) + "\n"


def _members(name: str) -> str:
    import importlib

    module = importlib.import_module(name)
    return "\n\n".join(f"::: {name}.{member}" for member in module.__all__ if not member.isupper())
