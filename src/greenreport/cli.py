"""The command line: thin, and quick to say what it can do. Everything heavy is imported inside its command.

Exit codes: 0 success; 1 some pages failed and the others were built; 2 invalid options or data.
"""

from __future__ import annotations

import errno
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from greenreport import usage, words
from greenreport.cli_new import new
from greenreport.data_commands import data_app
from greenreport.errors import GreenReportError, RequestError, RunError
from greenreport.plan_commands import plan_app, schema
from greenreport.usage import Lang, today

if TYPE_CHECKING:
    from greenreport.render import RenderResult
    from greenreport.run.params import RunParams

__all__ = ["app", "main"]

app = typer.Typer(
    name="greenreport",
    help="绿色商务规划评估报告 · Forecasts, verdicts and bilingual evaluation reports for a plan with dated targets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """A form of the report."""

    html = "html"
    pdf = "pdf"
    docx = "docx"


class Renderer(StrEnum):
    """What renders the pages."""

    auto = "auto"
    quarto = "quarto"
    builtin = "builtin"


Params = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PARAMS]", help="参数文件 · parameter file, such as params/demo.yaml; default: the project's only one"
    ),
]
Project = Annotated[
    Path | None,
    typer.Option("--project", help="项目文件夹 · folder of the project; default: the nearest at or above this folder"),
]
Out = Annotated[Path | None, typer.Option("--out", help="folder of the run (default: reports/<name of the file>)")]
Langs = Annotated[list[Lang] | None, typer.Option("--lang", help="only this language; repeatable")]
Formats = Annotated[list[Format] | None, typer.Option("--format", help="only this format; repeatable")]
Jobs = Annotated[
    str, typer.Option("--jobs", "-j", help="number of pages processed in parallel; auto: enough to keep all cores busy")
]
Engine = Annotated[Renderer, typer.Option(help="auto: Quarto if installed, otherwise the built-in engine")]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run, for example reports/demo")]
Archive = Annotated[
    bool | None,
    typer.Option(
        "--archive/--no-archive",
        help="also combine all pages of each language into one file (default: as set by `papers`)",
    ),
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"greenreport {version('greenreport')}")
        raise typer.Exit(0)


@app.callback()
def everywhere(
    project: Project = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · print the version and exit")
    ] = False,
) -> None:
    """绿色商务规划评估报告 · Forecasts, verdicts and bilingual evaluation reports for a plan with dated targets."""
    from greenreport import project as projects

    projects.choose(project)


app.command()(new)


@app.command()
def build(
    params: Params = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="only this area or page: name, code or page id; repeatable"),
    ] = None,
    lang: Langs = None,
    format: Formats = None,
    jobs: Jobs = "auto",
    renderer: Engine = Renderer.auto,
    out: Out = None,
    archive: Archive = None,
    force: Annotated[bool, typer.Option("--force", help="rebuild pages even if they are up to date")] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="address of a Dask scheduler, tcp://HOST:PORT, to run the notebooks on")
    ] = None,
) -> None:
    """Run the notebooks listed in a parameter file and render the report."""
    from greenreport import console
    from greenreport.run import build as run_build

    loaded = _load(params)
    folder = out or loaded.root / "reports" / loaded.name
    forms = [f.value for f in format] if format else None
    langs = [one.value for one in lang] if lang else None
    workers = _jobs(jobs)
    if renderer is not Renderer.auto:
        from greenreport.run.kernel.hidden_modules import without_grammar

        with without_grammar():
            from greenreport.render import quarto
        quarto.choose(renderer.value)  # a missing engine is told before anything runs
    with console.building() as show:
        built = run_build.build(
            loaded,
            out=folder,
            only=only,
            langs=langs,
            formats=forms or loaded.formats,
            jobs=workers,
            force=force,
            on_event=show,
            scheduler=scheduler,
            today=today(),
        )
    from greenreport.export import export
    from greenreport.plan import load_plan

    export(folder, load_plan(loaded.root / loaded.plan))
    rendered = _render(folder, renderer, forms or list(loaded.formats), langs, workers, archive=archive)
    console.closing(built, rendered, folder)
    raise typer.Exit(1 if built.exit_code or rendered.failed else 0)


@app.command()
def render(
    run: RunFolder,
    lang: Langs = None,
    format: Formats = None,
    jobs: Jobs = "auto",
    renderer: Engine = Renderer.auto,
    archive: Archive = None,
) -> None:
    """Render a run again without re-executing its notebooks."""
    from greenreport import console

    run = _run(run)
    if format is None:
        from greenreport.render.formats import FORMATS
        from greenreport.render.source import read_run

        console.narrowed(read_run(run).formats, list(FORMATS))
    result = _render(
        run,
        renderer,
        [f.value for f in format] if format else None,
        [one.value for one in lang] if lang else None,
        _jobs(jobs),
        archive=archive,
    )
    console.closing(None, result, run)
    raise typer.Exit(1 if result.failed else 0)


@app.command()
def status(params: Params = None, out: Out = None, force: Annotated[bool, typer.Option("--force")] = False) -> None:
    """Show which pages a build would run, and why."""
    from greenreport import console
    from greenreport.run import build as run_build

    console.status(run_build.status(_load(params), out=out, force=force, today=today()))


@app.command()
def verify(run: RunFolder) -> None:
    """Recompute a run's digests and report what has been altered since the build."""
    from greenreport import console
    from greenreport.run.verify import verify as verify_run

    raise typer.Exit(console.verified(verify_run(_run(run))))


@app.command()
def reproduce(run: RunFolder, jobs: Jobs = "auto") -> None:
    """Rebuild a run in a separate folder and compare it with the original byte by byte."""
    from greenreport import console
    from greenreport.render import render as render_run
    from greenreport.run.verify import reproduce as reproduce_run

    with console.building() as show:
        found = reproduce_run(_run(run), on_event=show, jobs=_jobs(jobs), render=render_run)
    raise typer.Exit(console.reproduced(found))


@app.command()
def prior(params: Params = None) -> None:
    """Estimate the prior growth rate from the districts in the ledger, for use as a parameter."""
    from greenreport import console
    from greenreport.assess import Evidence, Options
    from greenreport.assess.prior import learned_prior

    loaded = _load(params)
    evidence = Evidence.load(
        plan=loaded.root / loaded.plan,
        areas=loaded.root / loaded.areas,
        data=str(loaded.ledger),
        as_of=loaded.as_of,
    )
    console.prior(learned_prior(evidence, Options()), evidence.plan)


@app.command()
def notebooks(
    folder: Annotated[Path, typer.Argument(help="folder of the notebooks")] = Path("notebooks"),
) -> None:
    """Re-execute the committed notebooks in place, with their own parameters."""
    from greenreport import console
    from greenreport.run import refresh

    with console.building() as show:
        refresh.refresh(folder, on_event=show)


app.add_typer(data_app, name="data")
app.add_typer(plan_app, name="plan")
app.command()(schema)


def _load(path: Path | None) -> RunParams:
    from greenreport import console, project
    from greenreport.run import notebook_copies, params

    loaded = params.load(project.parameter_file(path))
    console.notices([*loaded.outside(), *notebook_copies.lagging(loaded)])
    return loaded


def _run(folder: Path) -> Path:
    from greenreport import project

    return project.find(folder)


def _render(
    folder: Path,
    renderer: Renderer,
    formats: list[str] | None,
    langs: list[str] | None,
    workers: int | None,
    *,
    archive: bool | None,
) -> RenderResult:
    from greenreport import console
    from greenreport.run.kernel.hidden_modules import without_grammar

    with without_grammar():
        from greenreport.render import render as render_run
    try:
        with console.rendering() as show:
            return render_run(
                folder,
                engine=renderer.value,
                formats=formats,
                langs=langs,
                jobs=workers,
                on_event=show,
                archive=archive,
            )
    except KeyboardInterrupt:
        console.stopped()
        raise


def _jobs(text: str) -> int | None:
    if text == "auto":
        return None
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise words.error(RequestError, "usage.jobs", text=text)


def main() -> NoReturn:
    """Entry point of the console script."""
    try:
        code = app(standalone_mode=False)
    except GreenReportError as error:
        _tell(error)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        print("".join(words.t("terminal.cancelled", lang) for lang in words.LANGS), file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise
        _tell(words.error(RunError, "run.no_room", file=error.filename, why=error.strerror))
        sys.exit(1)
    except Exception as error:
        if not usage.is_usage(error):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error)
        else:
            _tell(usage.told(error))
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _tell(error: GreenReportError) -> None:
    for problem in error.problems:
        print(f"✗ {problem.text('zh')}\n  {problem.text('en')}", file=sys.stderr)
