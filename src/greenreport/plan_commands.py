"""`greenreport plan …` and `greenreport schema`: a plan shown, checked, and described to editors. Thin.

Exit codes: 0 nothing is wrong; 2 something is (the messages say what).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenreport.usage import Lang, WithDefault

if TYPE_CHECKING:
    from greenreport.run.checking import Checked

__all__ = ["plan_app", "schema"]

plan_app = typer.Typer(
    cls=WithDefault,
    help="规划：显示、核查 · Show or check the plan. `greenreport plan FOLDER` shows it.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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

    asked = project.find(what or _PLAN)
    if asked.is_file() and asked.name != "plan.yaml":
        files = [asked]
    else:
        files = _parameter_files() if what is None and areas is None and data is None else []
    if files:  # a project is checked by what its reports are made from
        found = _check_files(files)
        asked = files[0] if len(files) == 1 else files[0].parent
    else:
        found = _check_folders(asked.parent if asked.is_file() else asked, areas, data)
    if found.problems:
        raise DataError(tuple(found.problems))
    console.checked(str(asked), found.files, found.doubtful)


def _parameter_files() -> list[Path]:
    """The parameter files of the project in which the command is typed."""
    from greenreport import project

    root = project.root_of(Path.cwd())
    return sorted((root / "params").glob("*.yaml")) if root else []


def _check_files(files: list[Path]) -> Checked:
    """What is wrong with parameter files and all that they name; what several say is told once."""
    from greenreport.run import checking

    found = checking.Checked()
    for one in map(checking.check_params, files):
        found.problems += [problem for problem in one.problems if problem not in found.problems]
        found.files += one.files
        found.findings += tuple(finding for finding in one.findings if finding not in found.findings)
    return found


def _check_folders(plan: Path, areas: Path | None, data: Path | None) -> Checked:
    """What is wrong with a plan's folder, the roster named or beside it, and the ledger where it is named."""
    from greenreport import project
    from greenreport.run import checking

    beside = project.find(areas) if areas else plan.parent / "areas"
    return checking.check_folders(
        plan, beside if areas or beside.is_dir() else None, project.find(data) if data else None
    )


def schema(
    shape: Annotated[Shape, typer.Argument(help="plan: plan.yaml; params: parameter files · 参数文件")],
) -> None:
    """输出JSON Schema，供编辑器补全和检查 · Print the JSON Schema, for editors that complete and check."""
    from greenreport import schemas

    typer.echo(schemas.text(shape.value), nl=False)
