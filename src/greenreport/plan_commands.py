"""`greenreport plan …` and `greenreport schema`: a plan shown, checked, and described to editors. Thin.

Exit codes: 0 nothing is wrong; 2 something is (the messages say what).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from greenreport.usage import WithDefault

__all__ = ["plan_app", "schema"]

plan_app = typer.Typer(
    cls=WithDefault,
    help="规划：显示、核查 · Show or check the plan. `greenreport plan FOLDER` shows it.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Lang(StrEnum):
    """A language of the terminal."""

    zh = "zh"
    en = "en"


class Shape(StrEnum):
    """A file that has a schema."""

    plan = "plan"
    params = "params"


_PLAN = Path("data/plan")


@plan_app.command()
def show(
    folder: Annotated[Path, typer.Argument(metavar="[PLAN]", help="规划文件夹 · folder of the plan")] = _PLAN,
    lang: Annotated[Lang | None, typer.Option(help="语言 · language of the tables; default: the plan's first")] = None,
) -> None:
    """显示规划 · Show the plan: indicators, goals, tasks, and where it contradicts itself."""
    from greenreport import console, project
    from greenreport.plan import load_plan

    the_plan = load_plan(project.find(folder))
    console.plan(the_plan, lang.value if lang else the_plan.langs[0])


@plan_app.command()
def check(
    what: Annotated[
        Path | None,
        typer.Argument(
            metavar="[WHAT]",
            help="规划文件夹或参数文件 · folder of the plan, or a parameter file with all that it names; "
            "default: all that the project's parameter files name, else data/plan with data/areas",
        ),
    ] = None,
    areas: Annotated[
        Path | None, typer.Option("--areas", help="名录文件夹 · folder of the roster; default: areas beside the plan")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="台账 · the ledger, checked as well")] = None,
) -> None:
    """核查规划、名录、台账 · Say everything that is missing or inconsistent, at once."""
    from greenreport import console, project
    from greenreport.errors import DataError
    from greenreport.run import checking

    root = project.root_of(Path.cwd())
    files = sorted((root / "params").glob("*.yaml")) if root and what is None and areas is None and data is None else []
    asked = project.find(what or _PLAN)
    if asked.is_file() and asked.name != "plan.yaml":
        files = [asked]
    if files:  # a project is checked by what its reports are made from
        found = checking.Checked()
        for file in files:
            one = checking.check_params(file)
            found.problems += [problem for problem in one.problems if problem not in found.problems]
            found.files += one.files
            found.findings += tuple(finding for finding in one.findings if finding not in found.findings)
        asked = files[0] if len(files) == 1 else files[0].parent
    else:
        folder = asked.parent if asked.is_file() else asked
        beside = project.find(areas) if areas else folder.parent / "areas"
        found = checking.check_folders(
            folder, beside if areas or beside.is_dir() else None, project.find(data) if data else None
        )
    if found.problems:
        raise DataError(tuple(found.problems))
    console.checked(str(asked), found.files, found.doubtful)


def schema(
    shape: Annotated[Shape, typer.Argument(help="plan: plan.yaml; params: parameter files · 参数文件")],
) -> None:
    """输出JSON Schema，供编辑器补全和检查 · Print the JSON Schema, for editors that complete and check."""
    from greenreport import schemas

    typer.echo(schemas.text(shape.value), nl=False)
