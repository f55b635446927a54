"""A build: find out what must be made, make it on all cores, write down what came of it after every page.

Composes sweep, cache, execution and manifest; must not know how a notebook is executed, nor render anything.
Every moment is a good one to be killed: what is written is whole, and the next build goes on from there.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from greenreport.areas import load_roster
from greenreport.errors import RunError
from greenreport.run import cache, notebook
from greenreport.run import manifest as manifests
from greenreport.run.digests import digest, package_digest, versions
from greenreport.run.events import Event, EventKind, Log, OnEvent
from greenreport.run.execute import Outcome
from greenreport.run.files import clean_temporary, hold, write_bytes
from greenreport.run.kernel.scratch import scratch
from greenreport.run.manifest import Manifest, PageError, PageRecord
from greenreport.run.params import RunParams
from greenreport.run.pool import Work, run_pages
from greenreport.run.sweep import plan_pages
from greenreport.run.task import PageTask
from greenreport.run.workshop import Site, workshop
from greenreport.text import Text

__all__ = ["BuildResult", "build", "status"]


@dataclass(frozen=True)
class BuildResult:
    """What a build did.

    Attributes:
        run_dir: the run's folder.
        manifest: as written at the end.
        made: (page, language, seconds) of the pages executed now, slowest first.
        skipped: how many pages were current.
        seconds: wall time of the whole.
    """

    run_dir: Path
    manifest: Manifest
    made: tuple[tuple[str, str, float], ...]
    skipped: int
    seconds: float

    @property
    def failed(self) -> tuple[PageRecord, ...]:
        """The pages that failed now."""
        now = {(page, lang) for page, lang, _ in self.made}
        return tuple(page for page in self.manifest.failed if (page.id, page.lang) in now)

    @property
    def exit_code(self) -> int:
        """0 all well; 1 some pages failed."""
        return 1 if self.manifest.failed else 0


def build(
    params: RunParams,
    *,
    out: Path | None = None,
    only: Sequence[str] | None = None,
    langs: Sequence[str] | None = None,
    formats: Sequence[str] | None = None,
    jobs: int | None = None,
    force: bool = False,
    on_event: OnEvent | None = None,
    scheduler: str | None = None,
    kernel: str = "auto",
) -> BuildResult:
    """Execute every notebook that a parameter file asks for and that is not current.

    Nothing is written before the request and the data are known to be right.

    Args:
        params: the checked parameter file.
        out: the run's folder; by default `reports/<name of the file>` under the project's root.
        only: pages to make; None for all.
        langs: languages to make; None for those of the file.
        formats: what will be rendered from the run; only written down here.
        jobs: pages at a time; by default one per core.
        force: make pages again that are current.
        on_event: called with each [Event], in the calling thread.
        scheduler: address of a Dask scheduler to run the pages on instead of this machine's cores.
        kernel: `auto`, `warm` or `cold`.

    Raises:
        RequestError, DataError: the request or the data is wrong.
        RunLocked: another build holds the run.
    """
    began = time.perf_counter()
    run_dir = (out or params.root / "reports" / params.name).resolve()
    roster = load_roster(params.root / params.areas)
    everything = plan_pages(params)
    tasks = plan_pages(params, only=only, langs=langs)
    inputs = cache.Inputs.read(params, everything, run_dir, roster=roster)
    with hold(run_dir), Log(run_dir, on_event) as log, _terminable():
        clean_temporary(run_dir)
        maker = _Build(params, inputs, everything, run_dir, log, force=force, formats=formats)
        try:
            with ExitStack() as stack:
                maker.prepare(len(tasks))
                for stage in (False, True):
                    maker.make(
                        [task for task in tasks if task.overview is stage],
                        lambda jobs: maker.open_site(stack, kernel, jobs),
                        jobs=jobs or os.cpu_count() or 1,
                        scheduler=scheduler,
                    )
            return maker.finish(time.perf_counter() - began)
        except KeyboardInterrupt:
            maker.stopped()
            raise
        except OSError as error:
            raise RunError.of(
                zh=f"无法写入（{error.strerror or error}）。请检查磁盘空间和权限后再次运行；已完成的页会保留。",
                en=f"This cannot be written ({error.strerror or error}). Check disk space and permissions and run "
                "again; what is done is kept.",
                file=error.filename or run_dir,
            ) from error


@contextmanager
def _terminable() -> Iterator[None]:
    """Have SIGTERM stop a build as cleanly as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def status(params: RunParams, *, out: Path | None = None, force: bool = False) -> list[tuple[PageTask, bool, Text]]:
    """What a build would do: per page and language, whether it would run, and why.

    An overview is said to run when any page whose findings it reads would.
    """
    run_dir = (out or params.root / "reports" / params.name).resolve()
    roster = load_roster(params.root / params.areas)
    tasks = plan_pages(params)
    inputs = cache.Inputs.read(params, tasks, run_dir, roster=roster)
    before = _manifest_before(run_dir)
    findings = cache.findings_digests(run_dir, [task.id for task in tasks if not task.overview])
    found: list[tuple[PageTask, bool, Text]] = []
    others_run = False
    for task in tasks:
        why = _reason(task, inputs, before, run_dir, findings, force=force)
        if task.overview and why == "current" and others_run:
            why = "findings"
        others_run = others_run or (why != "current" and not task.overview)
        found.append((task, why != "current", cache.REASONS[why]))
    return found


def _manifest_before(run_dir: Path) -> Manifest | None:
    return manifests.read(run_dir) if (run_dir / manifests.NAME).is_file() else None


def _reason(
    task: PageTask,
    inputs: cache.Inputs,
    before: Manifest | None,
    run_dir: Path,
    findings: dict[str, str],
    *,
    force: bool,
) -> str:
    parts = inputs.parts(task, findings)
    record = before.page(task.id, task.lang) if before else None
    return cache.reason(record, parts, key=_key(task, parts), intact=cache.intact(run_dir, record), forced=force)


def _key(task: PageTask, parts: dict[str, str]) -> str:
    return digest([task.id, task.lang, parts])


class _Build:
    """The state of one build."""

    def __init__(
        self,
        params: RunParams,
        inputs: cache.Inputs,
        everything: Sequence[PageTask],
        run_dir: Path,
        log: Log,
        *,
        force: bool,
        formats: Sequence[str] | None,
    ) -> None:
        self.params, self.inputs, self.everything = params, inputs, everything
        self.run_dir, self.log, self.force = run_dir, log, force
        self.before = None if force and not _readable(run_dir) else _manifest_before(run_dir)
        self.keys: dict[tuple[str, str], str] = {}
        self.parts: dict[tuple[str, str], dict[str, str]] = {}
        self.made: list[tuple[str, str, float]] = []
        self.skipped = self.done = self.total = 0
        self.site: Site | None = None
        self.warned = False
        self.writer: manifests.Writer
        file = params.file.resolve()
        named = file.relative_to(params.root).as_posix() if file.is_relative_to(params.root) else file.name
        self.manifest = Manifest(
            run=run_dir.name,
            title=params.title.text,
            langs=tuple(params.languages),
            formats=tuple(formats or params.formats),
            synthetic=inputs.synthetic,
            as_of=params.as_of.isoformat(),
            params={"file": named, **params.model_dump(mode="json")},
            digests={
                "plan": inputs.plan.digest,
                "roster": inputs.roster,
                "ledger": inputs.ledger,
                "package": package_digest(),
                "files": inputs.files,
            },
            versions=versions(),
            environment=inputs.environment,
            pages=tuple(self._record(task) for task in everything),
        )

    def _record(self, task: PageTask) -> PageRecord:
        before = self.before.page(task.id, task.lang) if self.before else None
        fresh = PageRecord(task.id, task.lang, task.kind, task.area, task.year, task.title)
        return replace(before, title=task.title) if before else fresh

    def tell(
        self, kind: EventKind, zh: str, en: str, task: PageTask | None = None, seconds: float | None = None
    ) -> None:
        """Say what happened."""
        self.log.tell(
            Event(
                kind,
                Text(zh, en),
                page=task.id if task else None,
                lang=task.lang if task else None,
                seconds=None if seconds is None else round(seconds, 3),
                done=self.done,
                total=self.total,
            )
        )

    def prepare(self, total: int) -> None:
        """Put the run's folder in order: no file of a page that is no longer asked for."""
        self.total = total
        self.inputs.remember(self.run_dir)
        ids = {task.id for task in self.everything}
        langs = set(self.params.languages)
        for path in self.run_dir.glob("notebooks/*/**/*.ipynb"):
            if path.stem not in ids or path.relative_to(self.run_dir).parts[1] not in langs:
                path.unlink()
        for path in self.run_dir.glob("data/*.json"):
            if path.stem not in ids:
                path.unlink()
        self.writer = manifests.Writer(self.run_dir, self.manifest)
        self.tell(
            "build_started",
            f"开始：{self.params.name}，{total}页",
            f"Started: {self.params.name}, {total} pages",
        )

    def open_site(self, stack: ExitStack, kernel: str, jobs: int) -> Site:
        """The place where this machine's pages are made, opened when it is first needed."""
        if self.site is None:
            bare = Site(self.params.root, self.run_dir, stack.enter_context(scratch()), kernel)
            opened = workshop(bare, jobs=jobs, as_of=self.manifest.as_of, warn=self._warn)
            self.site = stack.enter_context(opened)
        return self.site

    def _warn(self, why: str) -> None:
        if not self.warned:
            self.warned = True
            self.tell("warning", f"改用冷启动内核，会慢一些：{why}", f"Cold kernels, which are slower: {why}")

    def make(self, tasks: Sequence[PageTask], site: Callable[[int], Site], *, jobs: int, scheduler: str | None) -> None:
        """Make those of some pages that are not current."""
        findings = cache.findings_digests(self.run_dir, [task.id for task in self.everything if not task.overview])
        for task in self.everything:
            parts = self.inputs.parts(task, findings)
            self.parts[task.id, task.lang], self.keys[task.id, task.lang] = parts, _key(task, parts)
        work: dict[tuple[str, str], Work] = {}
        for task in tasks:
            why = _reason(task, self.inputs, self.before, self.run_dir, findings, force=self.force)
            if why == "current":
                self.skipped += 1
                self.done += 1
                self.tell("page_skipped", f"{task.title}：没有变化", f"{task.title}: nothing changed", task)
            else:
                work[task.id, task.lang] = (task, self._source(task))
        if not work:
            return
        if scheduler:
            from greenreport.run import scale

            outcomes = scale.run_pages(
                list(work.values()), self.params, self.run_dir, scheduler=scheduler, started=self._started
            )
        else:
            outcomes = run_pages(list(work.values()), site(min(jobs, len(work))), jobs=jobs, started=self._started)
        with closing(outcomes):
            for outcome in outcomes:
                if outcome.kernel.startswith("cold: "):
                    self._warn(outcome.kernel.removeprefix("cold: "))
                self._take(work.pop((outcome.id, outcome.lang))[0], outcome)

    def _started(self, task: PageTask) -> None:
        self.tell("page_started", f"{task.title}：开始", f"{task.title}: started", task)

    def _source(self, task: PageTask) -> dict[str, object]:
        front = self.inputs.front(task, self.parts[task.id, task.lang])
        return notebook.with_front_matter(self.inputs.notebooks[task.notebook], front)

    def _take(self, task: PageTask, outcome: Outcome) -> None:
        """Write down what came of a page: files first, then the manifest that names them."""
        error = outcome.error
        if error is None and (other := self._differing_language(task, outcome)):
            error = PageError(
                "languages_differ",
                f"两种语言的结果数据不一致（另一种：{other}）。请检查笔记本中依语言而变的计算。",
                f"The findings differ between the languages (the other one: {other}). "
                "Check the notebook for computations that depend on the language.",
            )
        name = f"notebooks/{task.lang}/{task.id}.ipynb"
        kept = f"notebooks/{task.lang}/failed/{task.id}.ipynb"
        result = f"data/{task.id}.json" if outcome.findings is not None and error is None else None
        content = {name if error is None else kept: outcome.notebook}
        if result and outcome.findings is not None:
            content[result] = outcome.findings
        for path, data in content.items():
            write_bytes(self.run_dir / path, data, run_dir=self.run_dir)
        (self.run_dir / (kept if error is None else name)).unlink(missing_ok=True)
        if error is not None and not self._other_done(task):
            # An overview must not read findings of an earlier build for a page that failed in this one.
            (self.run_dir / "data" / f"{task.id}.json").unlink(missing_ok=True)
        record = replace(
            self._record(task),
            status="done" if error is None else "failed",
            key=self.keys[task.id, task.lang],
            parts=self.parts[task.id, task.lang],
            notebook=name if error is None else kept,
            result=result,
            digests={path: digest(data) for path, data in content.items()},
            error=error,
        )
        self.writer.add(record)
        self.made.append((task.id, task.lang, outcome.seconds))
        self.done += 1
        if error is None:
            self.tell(
                "page_done",
                f"{task.title}：完成",
                f"{task.title}: done ({outcome.kernel})",
                task,
                outcome.seconds,
            )
        else:
            self.tell(
                "page_failed",
                f"{task.title}：失败。{error.zh}",
                f"{task.title}: failed. {error.en}",
                task,
                outcome.seconds,
            )

    def _others(self, task: PageTask) -> list[PageRecord]:
        """The same page in the other languages, as made from the same inputs."""
        return [
            page
            for lang in self.params.languages
            if lang != task.lang
            and (page := self.writer.page(task.id, lang)).status == "done"
            and page.key == self.keys[page.id, page.lang]
        ]

    def _other_done(self, task: PageTask) -> bool:
        return bool(self._others(task))

    def _differing_language(self, task: PageTask, outcome: Outcome) -> str | None:
        """A language in which the page found something else from the same inputs."""
        made = None if outcome.findings is None else digest(outcome.findings)
        for page in self._others(task):
            there = page.digests.get(page.result) if page.result else None
            if there != made:
                return page.lang
        return None

    def stopped(self) -> None:
        """Write down what is done before a build ends early."""
        self.manifest = self.writer.flush()
        self.tell(
            "build_stopped",
            f"已停止：完成{len(self.made)}页，其余下次继续",
            f"Stopped: {len(self.made)} pages made, the rest will be made next time",
        )

    def finish(self, seconds: float) -> BuildResult:
        """The last word."""
        self.manifest = self.writer.flush()
        failed = len(self.manifest.failed)
        self.tell(
            "build_done",
            f"结束：新做{len(self.made)}页，未变{self.skipped}页，失败{failed}页",
            f"Done: {len(self.made)} pages made, {self.skipped} unchanged, {failed} failed",
            seconds=seconds,
        )
        slowest = tuple(sorted(self.made, key=lambda item: -item[2]))
        return BuildResult(self.run_dir, self.manifest, slowest, self.skipped, seconds)


def _readable(run_dir: Path) -> bool:
    try:
        manifests.read(run_dir)
    except Exception:
        return False
    return True
