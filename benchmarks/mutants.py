"""Do the tests notice? Small faults are put into a room's functions, one at a time, and its tests are run against each.

    python benchmarks/mutants.py progress --sample 150 --seed 1

A fault ("mutant") is a comparison shifted or turned round, an arithmetic sign changed, a number or code changed, a
condition negated, `and` for `or`, nothing returned. Of all that are possible a seeded sample is tried. Each is tried in a
fork of a process in which everything is loaded: the function's code is replaced in place, and only those tests are run
that execute the changed statement, themselves or by a fixture that they share, the quickest first. A test that fails or
does not end kills the mutant; a mutant that survives is printed with its place. Numbers that stand outside functions
(learned constants, thresholds) are not changed. The sample is tried in random order, so that a run cut short is one, too.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a fork must not lose threads

import coverage
import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parent.parent
TESTS = {"forecast": "forecast", "progress": "progress", "assess": "assess", "observations": "data"}
"""Room → folder of its tests."""

FLIPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,),  # codespell:ignore
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
}  # fmt: skip
FOREVER = 10
"""Times the tests' usual time (and as many seconds) after which they are taken not to end."""


@dataclass(frozen=True)
class Mutant:
    """A fault: which function of which file, which of its sites, and the lines of the statement that it is in."""

    file: Path
    function: tuple[str, int]
    site: int
    lines: range
    told: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT / 'src/greenreport')}:{self.lines[0]} {self.function[0]}: {self.told}"


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[], None]]]:
    """The faults that one node can have: what is told of each, and what makes it."""

    def put(name: str, value: Any) -> Callable[[], None]:
        return lambda: setattr(node, name, value)

    match node:
        case ast.Compare(ops=[*ops]):
            for place, op in enumerate(ops):
                for other in FLIPS.get(type(op), ()):
                    yield (
                        f"{type(op).__name__} → {other.__name__} in {ast.unparse(node)}",
                        put("ops", [*ops[:place], other(), *ops[place + 1 :]]),
                    )
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op):
            for other in FLIPS.get(type(op), ()):
                yield f"{type(op).__name__} → {other.__name__} in {ast.unparse(node)}", put("op", other())
        case ast.UnaryOp(op=ast.USub(), operand=ast.expr()):
            yield f"sign of {ast.unparse(node)}", put("op", ast.UAdd())
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield f"not: {ast.unparse(test)}", put("test", ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=[*ifs]) if ifs:
            yield f"not: {ast.unparse(ifs[0])}", put("ifs", [ast.UnaryOp(ast.Not(), ifs[0]), *ifs[1:]])
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield f"None for {ast.unparse(value)}", put("value", ast.Constant(None))
        case ast.Constant(value=bool() as value):
            yield f"{value} → {not value}", put("value", not value)
        case ast.Constant(value=int() as value):
            yield f"{value} → {value + 1}", put("value", value + 1)
        case ast.Constant(value=float() as value):
            yield f"{value} → {value * 1.25 or 1.0}", put("value", value * 1.25 or 1.0)
        case ast.Constant(value=str() as value) if value.isidentifier() and value.isascii():
            yield f"{value!r} → 'other'", put("value", "other")


def sites(node: ast.AST, lines: range) -> Iterator[tuple[range, str, Callable[[], None]]]:
    """Every fault possible below a node, with the lines of the statement or of the head that it is in."""
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr | ast.arguments):
        return  # words of messages, what the type checker is told, defaults (they are no part of the code)
    if isinstance(node, ast.stmt):
        head = getattr(node, "test", getattr(node, "iter", getattr(node, "subject", node)))
        lines = range(node.lineno, (head.end_lineno or node.lineno) + 1)
    for told, change in changes(node):
        yield lines, told, change
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
                continue  # a docstring
            if isinstance(one, ast.AST):
                yield from sites(one, lines)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions and methods of a module; those inside others belong to these."""
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        yield from (one for one in inside if isinstance(one, ast.FunctionDef))


def first_line(function: ast.FunctionDef) -> int:
    """Where its code says it begins: at its first decorator."""
    return min([function.lineno, *(one.lineno for one in function.decorator_list)])


@functools.cache
def source(file: Path) -> str:
    """A module as it was when the run began, so that it may be worked on meanwhile."""
    return file.read_text("utf-8")


def all_mutants(room: str) -> list[Mutant]:
    """Every fault possible in a room, in order of place."""
    out = []
    for file in sorted((ROOT / "src/greenreport" / room).glob("*.py")):
        for function in functions(ast.parse(source(file))):
            place = (function.name, first_line(function))
            found = (one for part in function.body for one in sites(part, range(0)))
            out += [Mutant(file, place, i, lines, told) for i, (lines, told, _) in enumerate(found) if lines]
    return out


def mutated(mutant: Mutant) -> CodeType:
    """The code of the function with the fault in it."""
    tree = ast.parse(source(mutant.file))
    function = next(f for f in functions(tree) if (f.name, first_line(f)) == mutant.function)
    found = (one for part in function.body for one in sites(part, range(0)))
    list(found)[mutant.site][2]()
    whole = compile(ast.fix_missing_locations(tree), str(mutant.file), "exec")
    todo = [whole]
    while todo:
        code = todo.pop()
        if (code.co_name, code.co_firstlineno) == mutant.function:
            return code
        todo += [one for one in code.co_consts if isinstance(one, CodeType)]
    raise LookupError(str(mutant))


def put_in(mutant: Mutant) -> None:
    """Replace the function's code wherever the function is known."""
    code = mutated(mutant)
    for one in gc.get_objects():
        if not isinstance(one, FunctionType) or one.__code__.co_filename != code.co_filename:
            continue
        if (one.__code__.co_name, one.__code__.co_firstlineno) == mutant.function:
            one.__code__ = code


@functools.cache
def caches(modules: int) -> list[Any]:
    """The caches of our functions, while so many modules are loaded."""
    kind = functools._lru_cache_wrapper
    return [one for one in gc.get_objects() if isinstance(one, kind) and one.__module__.startswith("greenreport")]


def forget(item: pytest.Item | None = None) -> None:
    """What one test worked out is worked out again in the next: in caches of functions, and on what fixtures share."""
    for one in caches(len(sys.modules)):
        one.cache_clear()
    known = item._fixtureinfo.name2fixturedefs if item else {}  # type: ignore[attr-defined]
    for fixture in (one for defs in known.values() for one in defs if one.cached_result):
        value = fixture.cached_result[0]
        for name, kind in vars(type(value)).items():
            if isinstance(kind, functools.cached_property):
                vars(value).pop(name, None)


def shared(item: pytest.Item) -> set[str]:
    """The contexts of the fixtures that a test shares with others."""
    known = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
    return {f"fixture {name}" for name, defs in known.items() if any(one.scope != "function" for one in defs)}


class Trial:
    """The plugin that runs the tests once, to learn which test executes what, and then against every mutant."""

    def __init__(self, room: str, mutants: list[Mutant]) -> None:
        self.mutants = mutants
        self.running = ""
        self.cover = coverage.Coverage(data_file=None, source=[str(ROOT / "src/greenreport" / room)])
        self.shared: dict[str, set[str]] = {}
        self.seconds: dict[str, float] = {}
        self.killed: dict[Mutant, bool] = {}

    def pytest_configure(self) -> None:
        """The same examples every time, and none remembered."""
        from hypothesis import settings  # not before pytest

        settings.register_profile("mutants", database=None, derandomize=True, deadline=None)
        settings.load_profile("mutants")

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Any:
        """What a shared fixture executes is executed by each of the tests that use it."""
        if not self.running or fixturedef.scope == "function":
            return (yield)
        self.cover.switch_context(f"fixture {fixturedef.argname}")
        begun = time.monotonic()
        try:
            return (yield)
        finally:
            self.seconds[f"fixture {fixturedef.argname}"] = time.monotonic() - begun
            self.cover.switch_context(self.running)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of running the tests."""
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        items = session.items
        self.shared = {item.nodeid: shared(item) for item in items}
        self.cover.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            forget(item)
            self.running = item.nodeid
            self.cover.switch_context(item.nodeid)
            reports = runtestprotocol(item, nextitem=following, log=False)
            self.seconds[item.nodeid] = sum(r.duration for r in reports if r.when == "call")
            if any(r.failed for r in reports):
                raise session.Interrupted(f"{item.nodeid} fails without any fault")
        self.cover.stop()
        self.running = ""
        print(f"{len(items)} tests, {sum(self.seconds.values()):.0f} s", flush=True)
        for n, mutant in enumerate(self.mutants, 1):
            begun = time.monotonic()
            chosen = self.tests_of(mutant, items)
            self.killed[mutant] = self.kills(mutant, chosen)
            if not self.killed[mutant]:
                spent = time.monotonic() - begun
                noticed = sum(self.killed.values())
                print(f"{noticed} of {n} noticed; not by {len(chosen)} tests, {spent:.0f} s: {mutant}", flush=True)
        return True

    def tests_of(self, mutant: Mutant, items: list[pytest.Item]) -> list[pytest.Item]:
        """The tests that execute the statement, themselves or by their shared fixtures, the quickest first."""
        contexts = self.cover.get_data().contexts_by_lineno(str(mutant.file))
        names = {name for line in mutant.lines for name in contexts.get(line, ())}
        chosen = [i for i in items if i.nodeid in names or not names.isdisjoint(self.shared[i.nodeid])]
        return sorted(
            chosen, key=lambda i: sum(self.seconds.get(what, 0.0) for what in (i.nodeid, *self.shared[i.nodeid]))
        )

    def kills(self, mutant: Mutant, chosen: list[pytest.Item]) -> bool:
        """Whether one of the tests fails with the fault, or does not end."""
        sys.stdout.flush()
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
        code = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            usual = {what: self.seconds.get(what, 0.0) for i in chosen for what in (i.nodeid, *self.shared[i.nodeid])}
            signal.alarm(round(FOREVER * (1 + sum(usual.values()))))
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            forget()
            put_in(mutant)
            following = [*chosen[1:], None]
            code = int(any(_fails(item, after) for item, after in zip(chosen, following, strict=True)))
        finally:
            os._exit(code)


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    return any(report.failed for report in runtestprotocol(item, nextitem=following, log=False))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("room", choices=TESTS)
    ask.add_argument("--sample", type=int, default=150)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--at", default="", help="only faults in FILE or FILE:LINE, such as grading.py:120; no sample")
    asked = ask.parse_args()
    possible = all_mutants(asked.room)
    if asked.at:
        name, _, line = asked.at.partition(":")
        tried = [m for m in possible if m.file.name == name and (not line or int(line) in m.lines)]
    else:
        tried = random.Random(asked.seed).sample(possible, min(asked.sample, len(possible)))
    print(f"{asked.room}: {len(tried)} of {len(possible)} possible faults", flush=True)
    trial = Trial(asked.room, tried)
    arguments = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not long"]
    pytest.main([*arguments, str(ROOT / "tests" / TESTS[asked.room])], plugins=[trial])
    noticed = sum(trial.killed.values())
    print(f"{asked.room}: {noticed} of {len(trial.killed)} noticed, {noticed / max(len(trial.killed), 1):.0%}")


if __name__ == "__main__":
    main()
