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

if TYPE_CHECKING:
    from greenreport.intake.actions import Desk, Prepared

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
    from greenreport.intake import actions

    desk = _desk(data, plan, areas_at)
    paths = actions.write_templates(desk, out=out, areas=area, lang=lang.value, as_of=_day(as_of), each=each)
    for path in paths:
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
    from greenreport.intake import actions, console, listing

    desk = _desk(_named(data), plan, areas_at)
    day, tongue = _day(when), _tongue(lang)
    given = {k: v for k, v in (("area", area), ("indicator", indicator), ("period", period), ("unit", unit)) if v}
    prepared = actions.prepare(desk, files, when=day, grade=grade, source=source, given=given)
    open_ = actions.unsourced(prepared)
    if open_ and not (yes or dry_run or prepared.ledger.synthetic):
        source = source or str(typer.prompt("数据来源（单位或文件名称） Source of the figures"))
        grade = grade or str(typer.prompt("等级：A官方文件 B主要媒体 R自行填报 C未核实 D推算 Grade", default="C"))
        prepared = actions.prepare(desk, files, when=day, grade=grade, source=source, given=given)
        open_ = 0
    _show(prepared, tongue)
    if open_ and not prepared.ledger.synthetic:
        zh = f"{open_}个数没有写明来源，来源记为文件名{'' if grade else '，等级记为C（未核实）'}；请用--source、--grade写明。"
        en = f"{open_} figures name no source: the file's name is kept{'' if grade else ', with grade C (unconfirmed)'}; say --source and --grade."
        typer.echo(zh if tongue == "zh" else en)
    if to_file is not None:
        typer.echo(f"→ {listing.write_preview(prepared.preview, prepared.ledger, to_file, lang=tongue)}")
    counts = prepared.preview.counts
    questions = prepared.preview.questions
    record = None
    sent_back = () if dry_run else actions.send_back(prepared, refused, lang=tongue, when=day)
    blocked = strict and (counts["refused"] or questions)
    if not dry_run and not blocked and (counts["new"] or counts["changed"]):
        ask = f"有{len(questions)}处请核对，仍写入台账？{len(questions)} things to check; write all the same?"
        if yes or typer.confirm(ask if questions else "写入台账？Write to the ledger?"):
            record = actions.finish(prepared, who=who or _asked(yes), when=day, note=note)
        else:
            raise typer.Exit(0)
    if not dry_run:
        console.committed(record, sent_back, lang=tongue)
    raise typer.Exit(2 if counts["refused"] else 0)


def _show(prepared: Prepared, lang: str) -> None:
    """The preview, through a pager where there is a terminal and it does not fit on the screen."""
    from rich.console import Console

    from greenreport.intake import listing

    out = Console(highlight=False)
    long = len(prepared.preview.rows) + len(prepared.preview.refused) + 6 > out.height
    if out.is_terminal and long:
        with out.pager(styles=True):
            listing.preview(prepared.preview, prepared.ledger, lang=lang, console=out)
    else:
        listing.preview(prepared.preview, prepared.ledger, lang=lang, console=out)


def _named(data: str | None) -> str:
    if data is not None:
        return data
    from greenreport.errors import RequestError

    raise RequestError.of(
        zh="请用--data写明导入到哪个台账；还没有台账的，先用greenreport data new 文件夹建一个。报送的数据不应写入已公布数据的台账。",
        en="Say with --data into which ledger; begin one with greenreport data new FOLDER. Returns do not belong into a ledger of published figures.",
        field="data",
    )


@data_app.command()
def new(
    target: Annotated[
        str,
        typer.Argument(
            help="文件夹、parquet:文件夹、.duckdb或数据库地址 · a folder, parquet:FOLDER, a .duckdb file or a database"
        ),
    ],
    title: Annotated[str, typer.Option("--title", help="台账名称 · the ledger's title in Chinese")] = "数据台账",
    title_en: Annotated[str, typer.Option("--title-en", help="英文名称 · its title in English")] = "Ledger",
) -> None:
    """新建一个空台账 · Begin an empty ledger."""
    from greenreport.intake import actions

    actions.new_ledger(target, title_zh=title, title_en=title_en)
    typer.echo(f"→ {target.partition('?')[0]}")


@data_app.command()
def check(
    as_of: AsOf = None, lang: Languages = None, data: Data = None, plan: PlanAt = None, areas_at: AreasAt = None
) -> None:
    """核查台账 · Check the ledger; exit code 2 where there are errors."""
    from greenreport.intake import actions, console

    desk = _desk(data, plan, areas_at)
    result = actions.check(desk, as_of=_day(as_of) if as_of else None)
    for tongue in desk.plan.langs if lang is None else ("zh", "en") if lang is Lang.both else (lang.value,):
        console.check(result, lang=tongue)
    raise typer.Exit(result.exit_code)


@data_app.command()
def log(lang: Language = Lang.zh, data: Data = None, plan: PlanAt = None, areas_at: AreasAt = None) -> None:
    """导入日志 · Every import: who, when, from which file."""
    from greenreport.intake import actions, console

    console.log(actions.log(_desk(data, plan, areas_at)), lang=_tongue(lang))


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

    desk = _desk(data, plan, areas_at)
    console.diff(actions.diff(desk, _day(a), _day(b), areas=area), desk.ledger(), lang=_tongue(lang))


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

    desk = _desk(data, plan, areas_at)
    rows, path = actions.known_as_of(desk, _day(day), areas=area, out=out)
    if path is not None:
        typer.echo(f"→ {path}")
    else:
        console.as_of(rows, desk.ledger(), _day(day), lang=_tongue(lang))


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
    from greenreport.intake import actions, console

    found, ledger = actions.coverage(
        _desk(data, plan, areas_at), as_of=_day(as_of), indicators=indicator, out=out, lang=_tongue(lang)
    )
    if out is not None:
        typer.echo(f"→ {out}")
    else:
        console.coverage(found, ledger, lang=_tongue(lang))


@data_app.command()
def copy(
    target: Annotated[
        str,
        typer.Argument(
            help="文件夹、parquet:文件夹、.duckdb或数据库地址 · a folder, parquet:FOLDER, a .duckdb file or a database"
        ),
    ],
    who: Annotated[str, typer.Option("--who", help="由谁 · name of the person copying")],
    when: Annotated[str | None, typer.Option("--when", help="日期 · date; default: today")] = None,
    data: Data = None,
    plan: PlanAt = None,
    areas_at: AreasAt = None,
) -> None:
    """把整个台账抄到另一处 · Copy the whole ledger, every vintage, into a new store."""
    from greenreport import stores

    desk = _desk(data, plan, areas_at)
    record = stores.copy(desk.store, target, plan=desk.plan, roster=desk.roster, who=who, when=_day(when))
    typer.echo(f"→ {target.partition('?')[0]}  {record.new}")


def _desk(data: str | None, plan: Path | None, areas: Path | None) -> Desk:
    """The ledger with its plan and roster: those named, else those that the project's parameter files name."""
    from greenreport import project
    from greenreport.errors import GreenReportError, RequestError
    from greenreport.intake import actions
    from greenreport.run import params

    root = project.root_of(Path.cwd())
    named: dict[str, tuple[str, Path, Path]] = {}
    for file in sorted((root / "params").glob("*.yaml")) if root else []:
        try:
            own = params.load(file)
        except GreenReportError:
            if data is None:
                raise
            continue
        named.setdefault(str(own.ledger), (own.data, own.root / own.plan, own.root / own.areas))
    where = data if data is None or "://" in data or data.startswith("parquet:") else str(project.find(Path(data)))
    if where is None and len(named) != 1:
        told = "、".join(shown for shown, _, _ in named.values()), ", ".join(shown for shown, _, _ in named.values())
        raise RequestError.of(
            zh=f"请用--data写明台账{'：' + told[0] if named else ''}。",
            en=f"Say with --data which ledger{': ' + told[1] if named else ''}.",
            field="data",
        )
    where = next(iter(named)) if where is None else where
    beside = (tuple(rest) for at, (_, *rest) in named.items() if _there(at) == _there(where))
    plan_at, areas_at = next(beside, (project.find(Path("data/plan")), project.find(Path("data/areas"))))
    return actions.open_desk(
        data=where,
        plan=project.find(plan) if plan else plan_at,
        areas=project.find(areas) if areas else areas_at,
    )


def _there(address: str) -> str:
    return address if "://" in address else str(Path(address).resolve())


def _tongue(lang: Lang) -> str:
    return "en" if lang is Lang.en else "zh"


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(tz=dt.UTC).astimezone().date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        from greenreport.errors import RequestError

        raise RequestError.of(
            zh=f"日期读到“{text}”，应如2026-06-30。", en=f"Found {text!r}; a day such as 2026-06-30 is expected."
        ) from None


def _asked(yes: bool) -> str:
    if yes:
        return ""
    return str(typer.prompt("由谁导入 Who imports"))
