"""Terminal output: progress during work, tables on request, and a summary at the end.

Both languages stand side by side, because nobody should have to set one before reading an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from greenreport.text import Text
from greenreport.words import LANGS, Said, both, in_line, t

if TYPE_CHECKING:
    from greenreport.errors import Problem
    from greenreport.forecast import PriorGrowth
    from greenreport.plan import Plan
    from greenreport.render import Rendered, RenderResult
    from greenreport.run.build import BuildResult
    from greenreport.run.events import Event
    from greenreport.run.task import PageTask
    from greenreport.run.verify import Finding, Reproduction

__all__ = [
    "begun",
    "building",
    "checked",
    "closing",
    "line",
    "narrowed",
    "notices",
    "plan",
    "prior",
    "rendering",
    "reproduced",
    "status",
    "stopped",
    "verified",
]

_CONSOLE = Console(highlight=False)
_SLOWEST = 5


def line(key: str, /, **values: object) -> str:
    """What the catalogue says under `terminal`, in both languages on one line."""
    return in_line(f"terminal.{key}", **values)


def _say(key: str, /, **values: object) -> None:
    """Print what the catalogue says under `terminal`, a line for each language."""
    text = both(f"terminal.{key}", **values)
    _CONSOLE.print(f"{escape(text.zh)}\n{escape(text.en)}")


def _mark(sign: str, said: Said) -> None:
    """Print something behind a sign, a line for each language."""
    _CONSOLE.print(f"{sign} {escape(said.zh)}\n  {escape(said.en)}")


def _placed(problem: Problem) -> Text:
    return Text(problem.text("zh"), problem.text("en"))


def _table(name: str) -> Table:
    """An empty table with both languages in each head."""
    zh, en = (t(f"terminal.heads.{name}", lang).split("|") for lang in LANGS)
    return Table(*(f"{a} {b}".strip() for a, b in zip(zh, en, strict=True)), box=None, pad_edge=False)


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[now]}"),
        console=_CONSOLE,
        transient=True,
    )


@contextmanager
def building() -> Iterator[Callable[[Event], None]]:
    """A progress bar over notebooks; the value is what a build calls with each event."""
    running: dict[tuple[str | None, str | None], None] = {}
    with _bar() as bar:
        task = bar.add_task(line("notebooks"), total=None, now="")

        def show(event: Event) -> None:
            key = (event.page, event.lang)
            if event.kind == "page_started":
                running[key] = None
            elif event.page:
                running.pop(key, None)
            if event.kind in ("page_failed", "warning", "build_stopped"):
                _mark("[red]✗[/]", event.message)
            now = " ".join(f"{page}·{lang}" for page, lang in list(running)[:3])
            if event.total:
                bar.update(task, total=event.total, completed=event.done, now=now)

        yield show


@contextmanager
def rendering() -> Iterator[Callable[[Rendered, int, int], None]]:
    """A progress bar over documents; the value is what a rendering calls with each one done."""
    with _bar() as bar:
        task = bar.add_task(line("documents"), total=None, now="")

        def show(one: Rendered, done: int, total: int) -> None:
            if one.error is not None:
                for problem in one.error.problems:
                    _mark("[red]✗[/]", _placed(problem))
            bar.update(task, total=total, completed=done, now=f"{one.page}·{one.lang}.{one.format}")

        yield show


def narrowed(formats: Sequence[str], known: Sequence[str]) -> None:
    """Which forms a rendering leaves out because the build was asked for fewer."""
    left = [form for form in known if form not in formats]
    if left:
        _say("narrowed", formats=tuple(formats), left=left)


def stopped() -> None:
    """What Ctrl-C leaves while documents are made."""
    _say("stopped")


def closing(built: BuildResult | None, rendered: RenderResult, folder: Path) -> None:
    """The summary after a build: what was made, what failed, what was slow, where to look.

    Why a page failed was told when it did.
    """
    if built is not None:
        made, failed = len(built.made), len(built.manifest.failed)
        _say("ran", made=made, same=built.skipped, failed=failed, seconds=f"{built.seconds:.1f}")
        if made > _SLOWEST:
            slow = _table("slowest")
            for page, lang, seconds in built.made[:_SLOWEST]:
                slow.add_row(f"{page}·{lang}", f"{seconds:.1f}")
            _CONSOLE.print(slow)
    new = sum(p.status == "rendered" for p in rendered.pages)
    same = sum(p.status == "unchanged" for p in rendered.pages)
    _say("rendered", made=new, same=same, failed=len(rendered.failed), engine=rendered.engine)
    _CONSOLE.print(f"→ {escape(_short(folder / 'site' / 'index.html'))}")


def status(rows: Sequence[tuple[PageTask, bool, Text]]) -> None:
    """What a build would run, and why."""
    table = _table("status")
    for task, runs, why in rows:
        table.add_row(task.id, task.lang, "●" if runs else "·", f"{why.zh} {why.en}")
    _CONSOLE.print(table)
    n = sum(runs for _, runs, _ in rows)
    _CONSOLE.print(line("would_run", run=n, rest=len(rows) - n))


def verified(findings: Sequence[Finding]) -> int:
    """What a verification found; the exit code: 1 where the run was altered."""
    for one in findings:
        _mark("[red]✗[/]" if one.alters else "[yellow]![/]", one.message)
    altered = [f for f in findings if f.alters]
    if not altered:
        _say("unaltered")
    return 1 if altered else 0


def reproduced(found: Reproduction) -> int:
    """What came of making a run again; the exit code: 1 where bytes differ."""
    for name in found.different:
        _CONSOLE.print(f"[red]≠[/] {escape(name)}")
    for name in found.failed:
        _CONSOLE.print(f"[red]✗[/] {escape(str(name))}")
    _say("reproduced", same=len(found.same), different=len(found.different))
    return 1 if found.different or found.failed else 0


def prior(learned: Mapping[str, PriorGrowth], the_plan: Plan) -> None:
    """What the districts' own series say of growth, and the line to put into a parameter file."""
    if not learned:
        _say("no_series")
        return
    table = _table("prior")
    for id, one in learned.items():
        table.add_row(
            the_plan.indicator(id).name.zh,
            str(one.n_series),
            f"{float(one):.1%}",
            f"{one.panel_mean:.1%} ± {one.panel_se:.1%}",
        )
    _CONSOLE.print(table)
    mean = sum(float(one) for one in learned.values()) / len(learned)
    _CONSOLE.print(f"parameters: {{prior_growth: {mean:.3f}}}")


def plan(the_plan: Plan, lang: str) -> None:
    """Indicators, goals beyond the table, tasks by chapter, contradictions."""
    _CONSOLE.print(f"[bold]{escape(the_plan.title[lang])}[/]  {escape(the_plan.number)}\n")
    for table in (
        _indicators(the_plan, lang), _goals(the_plan, lang), _tasks(the_plan, lang), _contradictions(the_plan, lang),
    ):  # fmt: skip
        _CONSOLE.print(table)


def _titled(lang: str, name: str, **values: object) -> Table:
    """An empty table of the plan whose cells are folded, not cut, on a narrow terminal."""
    table = Table(title=t(f"intake.plan.{name}", lang, **values), title_justify="left")
    for head in t(f"intake.plan.heads.{name}", lang, **values).split("|"):
        table.add_column(head, overflow="fold")
    return table


def _indicators(the_plan: Plan, lang: str) -> Table:
    years = the_plan.target_years
    table = _titled(lang, "indicators", years="|".join(map(str, (the_plan.baseline_year, *years))))
    for i in the_plan.indicators:
        # Chinese counts in the ledger's units and does not group thousands.
        unit, scale, digits = (i.unit.zh, 1.0, ".10g") if lang == "zh" else (i.unit.en, i.unit.en_scale, ",.10g")
        cells = [
            "\n".join(
                _amount(target.value, scale, digits) + (f" ({target.label[lang]})" if target.label else "")
                for target in i.targets_in(year)
            )
            for year in years
        ]
        attribute = i.attribute[lang] if i.attribute else "—"
        table.add_row(i.id, i.name[lang], unit, _amount(i.baseline.value, scale, digits), *cells, attribute)
    return table


def _goals(the_plan: Plan, lang: str) -> Table:
    table = _titled(lang, "goals")
    for goal in the_plan.goals:
        lacks = t("mark.list", lang).join(t(f"intake.plan.lacks.{what}", lang) for what in goal.lacks)
        table.add_row(goal.id, goal.name[lang], str(goal.deadline or "—"), lacks or "—")
    return table


def _tasks(the_plan: Plan, lang: str) -> Table:
    table = _titled(lang, "tasks", count=len(the_plan.tasks))
    for task in the_plan.tasks:
        table.add_row(task.id, task.title[lang], task.chapter[lang])
    return table


def _contradictions(the_plan: Plan, lang: str) -> Table:
    table = _titled(lang, "contradictions")
    table.show_lines = True
    for c in the_plan.contradictions:
        handling = c.handling[lang] if c.handling else "—"
        table.add_row(c.id, t(f"intake.plan.severity.{c.severity}", lang), c.finding[lang], handling)
    return table


def _amount(value: float | None, scale: float, digits: str) -> str:
    return "—" if value is None else f"{value * scale:{digits}}"


def _short(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def notices(problems: Sequence[Problem]) -> None:
    """Things to know before a command goes on, in both languages; they stop nothing."""
    for one in problems:
        _mark("[yellow]![/]", _placed(one))


def checked(what: str, files: int, doubtful: int) -> None:
    """That nothing is wrong with a plan's folder, and how many figures are unlikely."""
    _mark("✓", both("terminal.checked", what=what, files=files))
    _doubtful(doubtful)


def _doubtful(warnings: int) -> None:
    if warnings:
        _mark("!", both("terminal.doubtful", warnings=warnings))


def begun(folder: Path, params: Path, told: Sequence[Text] = (), doubtful: int = 0) -> None:
    """Where a new project is, what it was made from, and what to type next."""
    shown = escape(_short(folder))
    _CONSOLE.print(f"✓ {line('begun')} {shown}")
    for text in told:
        _mark(" ", text)
    _doubtful(doubtful)
    only = len(list(params.parent.glob("*.yaml"))) == 1
    named = "" if only else f" {escape(params.relative_to(folder).as_posix())}"
    _CONSOLE.print(f"  cd {shown}\n  greenreport build{named}")
