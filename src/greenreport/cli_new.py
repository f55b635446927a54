"""`greenreport new`: begins a project. Thin; heavy imports inside. The day of the data, where none is given, is today."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from greenreport.errors import RequestError
from greenreport.usage import today
from greenreport.words import error

__all__ = ["new"]


def new(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="新项目的文件夹 · folder of the new project")
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="填好的工作簿 · a completed workbook (see --template)")
    ] = None,
    example: Annotated[
        str | None, typer.Option("--example", help="例子：chongqing等 · an example, such as chongqing")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="写出供填写的工作簿 · write a blank workbook to fill in, and exit")
    ] = None,
) -> None:
    """新建项目：回答问题、用工作簿或例子 · Create a project interactively, from a workbook or from an example."""
    from greenreport import begin, console

    if sum(option is not None for option in (source, example, template)) > 1:
        raise error(RequestError, "begin.one_option")
    if template is not None:
        if folder is not None:
            raise error(RequestError, "begin.template_alone")
        typer.echo(f"→ {begin.write_template(template, year=today().year)}")
        return
    if folder is None:
        raise error(RequestError, "begin.no_folder", names=begin.examples())
    begin.refuse_taken(folder)
    if example is not None:
        console.begun(folder, begin.example(example, folder))
        return
    if source is not None:
        draft = begin.read_workbook(source, today=today())
    else:
        from greenreport.begin.questions import asked

        draft = asked(today=today())
    made, doubtful = begin.write(draft, folder)
    console.begun(folder, made, tuple(begin.summary(draft)), doubtful)
