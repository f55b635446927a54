"""Whatever the code says is in the catalogues, with the values that it names; and no words are left over."""

import ast
import re
import string
from pathlib import Path

import pytest

from greenreport import words

PACKAGE = Path(words.__file__).parents[1]
FILES = sorted(PACKAGE.rglob("*.py"))
# The functions that take a key: the place of the key among what they are given, and what stands before it.
SAYING = {"t": (0, ""), "both": (0, ""), "problem": (0, ""), "error": (1, ""), "refusal": (0, "")}
OF_INTAKE = {"refuse": (0, "refused."), "told": (0, ""), "wrong": (1, "begin.wrong.")}
OF_TERMINAL = {"line": (0, "terminal."), "_say": (0, "terminal.")}
OF_QUESTIONS = {"_line": (0, "begin.ask.")}
METHODS = {"problem": (1, "")}
SECTIONS = ("refused.", "intake.", "begin.", "error.", "run.", "terminal.", "usage.", "ledger.")


def _keys(node, before):
    """The keys that an argument may be: a text, or one of two."""
    if isinstance(node, ast.IfExp):
        return [*_keys(node.body, before), *_keys(node.orelse, before)]
    return [before + node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _said():
    """Every call that names a key outright, with the names of the values it gives."""
    for file in FILES:
        saying = SAYING | OF_QUESTIONS | (OF_INTAKE if file.parent.name in ("intake", "begin") else OF_TERMINAL)
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name):
                place, before = saying.get(called.id, (9, ""))
            else:
                place, before = METHODS.get(getattr(called, "attr", ""), (9, ""))
            for key in _keys(node.args[place], before) if called and len(node.args) > place else ():
                yield file.name, key, {k.arg for k in node.keywords}


@pytest.mark.parametrize(("file", "key", "given"), list(_said()), ids=lambda x: x if isinstance(x, str) else "")
def test_what_is_said_has_its_words(file, key, given):
    """A key that code names is in the catalogue, and whatever its words name is given (`**…` may hold anything)."""
    text = words.t(key, "zh")
    named = {name.partition("?")[0] for _, name, _, _ in string.Formatter().parse(text) if name}
    assert named <= given or None in given, (file, key)


def test_no_words_are_left_over():
    """Every entry is named by the code: whole, or by the part before its last one or two names."""
    source = "".join(file.read_text("utf-8") for file in FILES)
    named = set(re.findall(r"[\"{.]([a-z_]+(?:\.[a-z_0-9]+)*)\.?[\"{]", source))
    left = []
    for key in sorted(key for key in words.keys("zh") if key.startswith(SECTIONS)):
        parts = key.split(".")
        runs = {".".join(parts[i:j]) for i in range(len(parts)) for j in (len(parts) - 1, len(parts)) if j > max(i, 1)}
        if not runs & named:
            left.append(key)
    assert left == []
