"""`greenreport data …`: what a clerk and an analyst type. Thin; heavy imports inside the commands.

Dates that are not given are today's: the terminal is where the clock may be read, nothing below it does.
Exit codes: 0 all well; 2 something was refused or is wrong (the messages say what).
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenreport.errors import RequestError
from greenreport.project_ledger import desk_of
from greenreport.usage import today
from greenreport.words import error, t

if TYPE_CHECKING:
    from greenreport.intake.preview import Preview
    from greenreport.observations import Ledger
    from greenreport.observations.covered import Coverage

__all__ = ["data_app"]

data_app = typer.Typer(
    name="data",
    help="数据：模板、导入、核查、历史 · Data: templates, import, checks, history.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Lang(StrEnum):
    """A language of the terminal and of templates."""

    zh = "zh"
    en = "en"
    both = "both"


Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        help="台账：文件夹、.duckdb或postgresql+psycopg://主机/库；不写则为项目参数文件所用的台账 · the ledger: a folder, a "
        ".duckdb file or a database; default: the one that the project's parameter files name",
    ),
]
PlanAt = Annotated[Path | None, typer.Option("--plan", help="规划文件夹 · folder of the plan")]
AreasAt = Annotated[Path | None, typer.Option("--areas-at", help="名录文件夹 · folder of the roster")]
Language = Annotated[Lang, typer.Option("--lang", help="语言 · language")]
Languages = Annotated[Lang | None, typer.Option("--lang", help="语言，不写则为规划的语言 · default: the plan's")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="日期，如2026-06-30 · date; default: today")]
Target = Annotated[
    str,
    typer.Argument(
        help="文件夹、parquet:文件夹、.duckdb或数据库地址 · a folder, parquet:FOLDER, a .duckdb file or a database"
    ),
]
Areas = Annotated[list[str] | None, typer.Option("--area", help="区县名称或代码，可多次 · an area; may be repeated")]


@data_app.command()
def template(
    out: Annotated[Path, typer.Argument(help="工作簿；加--each时为文件夹 · the workbook, or with --each a folder")],
    area: Areas = None,
    each: Annotated[bool, typer.Option("--each", help="每个区县一份 · one workbook per area")] = False,
    lang: Language = Lang.zh,
    as_of: AsOf = None,
    data: Data = None,
    plan: PlanAt = None,
    areas_at: AreasAt = None,
) -> None:
    """生成填报模板 · Write workbooks to fill in."""
    from greenreport.intake.template_writer import write

    desk, day = desk_of(data, plan, areas_at), _day(as_of)
    for path in write(
        desk.plan, desk.roster, desk.ledger(), out=out, areas=area, lang=lang.value, as_of=day, each=each
    ):
        typer.echo(f"→ {path}")


@data_app.command(name="import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="xlsx或csv · workbooks or csv files")],
    who: Annotated[str, typer.Option("--who", help="导入人 · name of the person importing")] = "",
    when: Annotated[
        str | None,
        typer.Option("--when", help="数据发布（报送）日期 · date on which the figures were published; default: today"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="不再询问 · do not prompt")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看不写 · preview only; write nothing")] = False,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help="有退回或存疑的数据时，不写入任何数据 · write nothing if anything is refused or unlikely"
        ),
    ] = False,
    refused: Annotated[
        Path | None, typer.Option("--refused", help="退回数据的存放位置 · where refused figures go")
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", help="文件未写区县时采用 · area, where a file names none")
    ] = None,
    indicator: Annotated[
        str | None, typer.Option("--indicator", help="文件未写指标时采用 · indicator, where none is named")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="文件未写年份时采用 · period, where none is given")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="文件未写单位时采用 · unit, where none is given")] = None,
    source: Annotated[
        str, typer.Option("--source", help="数据来源，文件未写时采用 · source, where a file names none")
    ] = "",
    grade: Annotated[
        str | None, typer.Option("--grade", help="等级A/B/R/C/D · grade to use if the file gives none")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="记入日志 · note for the import log")] = "",
    to_file: Annotated[
        Path | None, typer.Option("--preview", help="把预览全文写成csv · write the whole preview as csv")
    ] = None,
    lang: Language = Lang.zh,
    data: Annotated[str | None, typer.Option("--data", help="导入到哪个台账 · the ledger to import into")] = None,
    plan: PlanAt = None,
    areas_at: AreasAt = None,
) -> None:
    """读入报表，先预览后写入 · Read workbooks and csv files; shown before anything is written."""
    from greenreport.console import line
    from greenreport.intake import actions, console

    if data is None:
        raise error(RequestError, "intake.no_ledger_named", field="data")
    desk = desk_of(data, plan, areas_at)
    day, tongue = _day(when), _tongue(lang)
    given = _given(area=area, indicator=indicator, period=period, unit=unit)
    shown = actions.prepare(desk, files, when=day, grade=grade, source=source, given=given)
    unsourced = actions.unsourced(shown)
    if unsourced and not (yes or dry_run):
        source = source or str(typer.prompt(line("ask.source")))
        grade = grade or str(typer.prompt(line("ask.grade"), default="C"))
        shown = actions.prepare(desk, files, when=day, grade=grade, source=source, given=given)
        unsourced = 0
    _show(shown, tongue)
    if unsourced:
        _tell_unsourced(unsourced, grade, tongue)
    if to_file is not None:
        typer.echo(f"→ {console.write_preview(shown, to_file, lang=tongue)}")
    code = 2 if shown.counts["refused"] else 0
    if dry_run:
        raise typer.Exit(code)
    sent_back = actions.send_back(shown, refused, lang=tongue, when=day)
    record = None
    if shown.changes_ledger and not (strict and shown.in_doubt):
        if not yes:
            _agree(len(shown.questions))
        record = actions.commit(shown, desk.store, who=_importer(who, yes), when=day, note=note)
    console.committed(record, sent_back, lang=tongue)
    raise typer.Exit(code)


def _given(**options: str | None) -> dict[str, str]:
    """The options that were given, by name."""
    return {name: text for name, text in options.items() if text}


def _tell_unsourced(count: int, grade: str | None, lang: str) -> None:
    typer.echo(t("intake.unsourced.graded" if grade else "intake.unsourced.ungraded", lang, count=count))


def _agree(questions: int) -> None:
    """Ask whether to write; the command ends where the answer is no."""
    from greenreport.console import line

    if not typer.confirm(line("ask.write_doubtful", questions=questions) if questions else line("ask.write")):
        raise typer.Exit(0)


def _importer(who: str, yes: bool) -> str:
    """Who imports; asked where it was not said and may be asked."""
    from greenreport.console import line

    return who if who or yes else str(typer.prompt(line("ask.who")))


def _show(shown: Preview, lang: str) -> None:
    """The preview, through a pager where there is a terminal and it does not fit on the screen."""
    from contextlib import nullcontext

    from rich.console import Console

    from greenreport.intake import console

    out = Console(highlight=False)
    long = len(shown.rows) + len(shown.refused) + 6 > out.height
    with out.pager(styles=True) if out.is_terminal and long else nullcontext():
        console.preview(shown, lang=lang, console=out)


@data_app.command()
def new(
    target: Target,
    title: Annotated[str, typer.Option("--title", help="台账名称 · the ledger's title in Chinese")] = "数据台账",
    title_en: Annotated[str, typer.Option("--title-en", help="英文名称 · its title in English")] = "Ledger",
) -> None:
    """新建一个空台账 · Begin an empty ledger."""
    from greenreport.intake.actions import new_ledger

    new_ledger(target, title_zh=title, title_en=title_en)
    typer.echo(f"→ {target.partition('?')[0]}")


@data_app.command()
def check(
    as_of: AsOf = None, lang: Languages = None, data: Data = None, plan: PlanAt = None, areas_at: AreasAt = None
) -> None:
    """核查台账 · Check the ledger; exit code 2 where there are errors."""
    from greenreport.checks import check_store
    from greenreport.intake import console

    desk = desk_of(data, plan, areas_at)
    result = check_store(desk.store, plan=desk.plan, roster=desk.roster, as_of=_day(as_of) if as_of else None)
    for tongue in desk.plan.langs if lang is None else ("zh", "en") if lang is Lang.both else (lang.value,):
        console.check(result, lang=tongue)
    raise typer.Exit(result.exit_code)


@data_app.command()
def log(lang: Language = Lang.zh, data: Data = None, plan: PlanAt = None, areas_at: AreasAt = None) -> None:
    """导入日志 · Every import: who, when, from which file."""
    from greenreport.intake import console

    console.log(desk_of(data, plan, areas_at).store.imports(), lang=_tongue(lang))


@data_app.command()
def diff(
    a: Annotated[str, typer.Argument(help="前一个日期 · earlier date")],
    b: Annotated[str, typer.Argument(help="后一个日期 · later date")],
    area: Areas = None,
    lang: Language = Lang.zh,
    data: Data = None,
    plan: PlanAt = None,
    areas_at: AreasAt = None,
) -> None:
    """两个日期之间的变化 · What became known or changed between two days."""
    from greenreport.intake import actions, console

    desk = desk_of(data, plan, areas_at)
    first, second, ledger = _day(a), _day(b), desk.ledger()
    console.diff(actions.diff(ledger, first, second, areas=desk.codes(area)), ledger, lang=_tongue(lang))


@data_app.command(name="as-of")
def as_of_(
    day: Annotated[str, typer.Argument(help="日期 · date")],
    area: Areas = None,
    out: Annotated[Path | None, typer.Option("--out", help="写成csv · write a csv")] = None,
    lang: Language = Lang.zh,
    data: Data = None,
    plan: PlanAt = None,
    areas_at: AreasAt = None,
) -> None:
    """某日所知的数据 · The figures as known on a day."""
    from greenreport.intake import actions, console

    desk = desk_of(data, plan, areas_at)
    known_on, ledger = _day(day), desk.ledger()
    rows = actions.as_of(ledger, known_on, areas=desk.codes(area))
    if out is not None:
        typer.echo(f"→ {actions.export_csv(rows, out)}")
    else:
        console.as_of(rows, ledger, known_on, lang=_tongue(lang))


@data_app.command()
def coverage(
    as_of: AsOf = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", help="指标代码，可多次 · id of an indicator; repeatable")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="图（.svg）或表（.csv） · output file: chart (.svg) or table (.csv)")
    ] = None,
    lang: Language = Lang.zh,
    data: Data = None,
    plan: PlanAt = None,
    areas_at: AreasAt = None,
) -> None:
    """数据覆盖情况 · What the ledger covers, by area and year."""
    from greenreport.intake import console
    from greenreport.observations import covered

    desk = desk_of(data, plan, areas_at)
    day, ledger = _day(as_of), desk.ledger()
    for id in indicator or ():
        desk.plan.indicator(id)  # a wrong one is told with those there are
    found = covered.coverage(ledger, as_of=day, indicators=indicator)
    if out is not None:
        _write_coverage(found, ledger, out, _tongue(lang))
        typer.echo(f"→ {out}")
    else:
        console.coverage(found, ledger, lang=_tongue(lang))


def _write_coverage(found: Coverage, ledger: Ledger, out: Path, lang: str) -> None:
    from greenreport.atomic import write_whole
    from greenreport.observations import covered

    if out.suffix == ".svg":
        text = covered.svg(found, ledger, lang=lang)
    elif out.suffix == ".csv":
        text = found.cells.to_csv(index=False, lineterminator="\n")
    else:
        raise error(RequestError, "intake.coverage_out", file=out.name)
    write_whole(out, text.encode())


@data_app.command()
def copy(
    target: Target,
    who: Annotated[str, typer.Option("--who", help="由谁 · name of the person copying")],
    when: Annotated[str | None, typer.Option("--when", help="日期 · date; default: today")] = None,
    data: Data = None,
    plan: PlanAt = None,
    areas_at: AreasAt = None,
) -> None:
    """把整个台账抄到另一处 · Copy the whole ledger, every vintage, into a new store."""
    from greenreport import stores

    desk = desk_of(data, plan, areas_at)
    record = stores.copy(desk.store, target, plan=desk.plan, roster=desk.roster, who=who, when=_day(when))
    typer.echo(f"→ {target.partition('?')[0]}  {record.new}")


def _tongue(lang: Lang) -> str:
    return "en" if lang is Lang.en else "zh"


def _day(text: str | None) -> dt.date:
    if text is None:
        return today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise error(RequestError, "intake.no_day", text=text) from None
