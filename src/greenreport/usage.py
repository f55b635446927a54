"""Errors in the command line, reported in both languages with the permitted alternatives.

Knows the command-line library and its messages; must not know what any command does.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Any

from typer.core import TyperGroup

from greenreport.errors import RequestError
from greenreport.text import Text
from greenreport.typing_slips import nearest
from greenreport.words import both, error

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


def told(wrong: Any) -> RequestError:
    """The library's error as one of ours.

    Args:
        wrong: one for which [is_usage] holds.
    """
    ctx = getattr(wrong, "ctx", None)
    path = ctx.command_path.replace("python -m greenreport", "greenreport") if ctx else "greenreport"
    return error(RequestError, "usage.told", what=_words(wrong, ctx), command=path)


def _words(wrong: Any, ctx: Any) -> Text:
    """What is wrong, by the class of the error and, where that does not say it, by the library's message."""
    message = str(wrong.format_message())
    name = getattr(wrong, "option_name", None)
    param = getattr(wrong, "param", None)
    if found := re.search(r"No such command '(.+?)'", message):
        known = list(ctx.command.commands)
        return both("usage.no_command", name=found[1], hint=_hint(found[1], known, n=1))
    if type(wrong).__name__ == "NoSuchOption" and name:
        every = {opt for param in ctx.command.params for opt in (*param.opts, *param.secondary_opts)} | {"--help"}
        known = sorted(opt for opt in every if opt.startswith("--"))
        return both("usage.no_option", name=name, hint=_hint(name, known, n=1))
    if type(wrong).__name__ == "MissingParameter" and param is not None:
        what = str(getattr(param, "help", None) or "")
        return both("usage.missing_about" if what else "usage.missing", name=_shown(param), what=what)
    if param is not None:
        return _wrong_value(_shown(param), message)
    if found := re.search(r"unexpected extra arguments? \((.+?)\)", message):
        return both("usage.too_much", text=found[1])
    if name:
        return both("usage.no_value", name=name)
    return both("usage.malformed", message=message.rstrip("."))


def _wrong_value(name: str, message: str) -> Text:
    value = re.search(r"'([^']*)' is not", message)
    choices = [str(c) for c in re.findall(r"'([^']+)'", message.partition(" is not one of ")[2])]
    if not choices or value is None:
        return both("usage.wrong", name=name, message=message)
    return both("usage.no_choice", name=name, text=value[1], hint=_hint(value[1], choices))


def _hint(name: str, known: list[str], *, n: int = 3) -> Text:
    """The names that may be meant, or all that there are."""
    near = nearest(name, known, n=n)
    return both("usage.near", near=near) if near else both("usage.known", known=known)


def _shown(param: Any) -> str:
    """How a parameter is written on the command line."""
    options = [opt for opt in param.opts if opt.startswith("-")]
    return options[0] if options else str(param.metavar or param.name).upper()
