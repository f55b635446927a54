"""Errors in the command line, reported in both languages with the permitted alternatives.

Knows the command-line library and its messages; must not know what any command does.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Any

from typer.core import TyperGroup

from greenreport.errors import Problem, RequestError
from greenreport.typing_slips import nearest

__all__ = ["Lang", "WithDefault", "is_usage", "today", "told"]


class Lang(StrEnum):
    """A language of the report and of the terminal."""

    zh = "zh"
    en = "en"


def today() -> dt.date:
    """The day it is where the command is typed: the clock is read here and nowhere below the commands."""
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


class WithDefault(TyperGroup):
    """A group of commands of which one, named `show`, is meant where no other is named: `plan data/plan`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `show` before arguments that do not begin with a command."""
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["show", *args]
        return super().parse_args(ctx, args)


def is_usage(error: Exception) -> bool:
    """Whether an error is the library's about what was typed."""
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def told(error: Any) -> RequestError:
    """The library's error as one of ours.

    Args:
        error: one for which [is_usage] holds.
    """
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path.replace("python -m greenreport", "greenreport") if ctx else "greenreport"
    zh, en = _words(error, ctx)
    return RequestError(
        (Problem(f"{zh}用法见：{path} --help。", f"{en} For usage: {path} --help.", field=None),),
    )


def _words(error: Any, ctx: Any) -> tuple[str, str]:
    """What is wrong, by the class of the error and, where that does not say it, by the library's message."""
    message = str(error.format_message())
    name = getattr(error, "option_name", None)
    param = getattr(error, "param", None)
    if found := re.search(r"No such command '(.+?)'", message):
        return _no_command(found[1], ctx)
    if type(error).__name__ == "NoSuchOption" and name:
        return _no_option(name, ctx)
    if type(error).__name__ == "MissingParameter" and param is not None:
        shown, what = _shown(param), str(getattr(param, "help", None) or "")
        return f"缺少{shown}{'：' + what if what else ''}。", f"{shown} is missing{': ' + what if what else ''}."
    if param is not None:
        return _wrong_value(_shown(param), message)
    if found := re.search(r"unexpected extra arguments? \((.+?)\)", message):
        return (
            f"多出了“{found[1]}”。含有空格的名称请加引号。",
            f"{found[1]!r} is too much. Quote names that contain a space.",
        )
    if name:
        return f"选项“{name}”后面要有取值。", f"The option {name} needs a value."
    return f"命令写法有误（{message.rstrip('.')}）。", f"{message.rstrip('.')}."


def _no_command(name: str, ctx: Any) -> tuple[str, str]:
    known = list(ctx.command.commands)
    zh, en = _or(nearest(name, known, n=1), known)
    return f"没有命令“{name}”。{zh}", f"There is no command {name!r}. {en}"


def _no_option(name: str, ctx: Any) -> tuple[str, str]:
    every = {opt for param in ctx.command.params for opt in (*param.opts, *param.secondary_opts)} | {"--help"}
    known = sorted(opt for opt in every if opt.startswith("--"))
    zh, en = _or(nearest(name, known, n=1), known)
    return f"没有选项“{name}”。{zh}", f"There is no option {name}. {en}"


def _wrong_value(shown: str, message: str) -> tuple[str, str]:
    value = re.search(r"'([^']*)' is not", message)
    choices = [str(c) for c in re.findall(r"'([^']+)'", message.partition(" is not one of ")[2])]
    if not choices or value is None:
        return f"{shown}的取值不对（{message}）。", f"{shown} has a wrong value ({message})."
    zh, en = _or(nearest(value[1], choices), choices)
    return f"{shown}读到“{value[1]}”。{zh}", f"{shown} is {value[1]!r}. {en}"


def _or(near: list[str], known: list[str]) -> tuple[str, str]:
    if near:
        return f"是否想写{'、'.join(near)}？", f"Did you mean {', '.join(near)}?"
    return f"可写：{'、'.join(known)}。", f"There are {', '.join(known)}."


def _shown(param: Any) -> str:
    """How a parameter is written on the command line."""
    options = [opt for opt in param.opts if opt.startswith("-")]
    return options[0] if options else str(param.metavar or param.name).upper()
