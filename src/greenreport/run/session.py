"""The making of a build: what must be made, who makes it, and what is written down of it.

Knows the run's folder and the state of one build; must not know how a notebook is executed. Every moment is a good
one to be killed: what is written is whole, and the next build goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from greenreport.run import cache, notebook
from greenreport.run import manifest as manifests
from greenreport.run.cache import Findings
from greenreport.run.digests import digest, package_digest, versions
from greenreport.run.events import Event, EventKind, Log
from greenreport.run.execute import Outcome
from greenreport.run.files import write_bytes
from greenreport.run.kernel.scratch import scratch
from greenreport.run.manifest import Manifest, PageError, PageRecord
from greenreport.run.page_environment import Site, preparation, workshop
from greenreport.run.params import RunParams
from greenreport.run.pool import run_pages
from greenreport.run.task import PageTask
from greenreport.words import both

__all__ = ["Maker", "manifest_before", "reason_to_run"]

_TABLES = "datapackage.json"
"""What describes the tables for download that are made of a run; the only file beside the findings that is no finding."""


class Maker:
    """The state of one build; arguments as for [greenreport.run.build.build]."""

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
        self.before = None if force and not _readable(run_dir) else manifest_before(run_dir)
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
            level=inputs.plan.level.to_json(),
        )

    def _record(self, task: PageTask) -> PageRecord:
        before = self.before.page(task.id, task.lang) if self.before else None
        fresh = PageRecord(task.id, task.lang, task.kind, task.area, task.year, task.title, task.indicator)
        return replace(before, title=task.title) if before else fresh

    def tell(
        self, kind: EventKind, task: PageTask | None = None, *, seconds: float | None = None, **values: object
    ) -> None:
        """Say what happened, in the words that the catalogue has for it under `event`."""
        title = task.title if task else ""
        self.log.tell(
            Event(
                kind,
                both(f"event.{kind}", title=title, **values),
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
            if path.stem not in ids and path.name != _TABLES:
                path.unlink()
        template = self.run_dir / manifests.TEMPLATE
        if self.params.papers_template is None:
            template.unlink(missing_ok=True)
        else:
            content = (self.params.root / self.params.papers_template).read_bytes()
            write_bytes(template, content, run_dir=self.run_dir)
        self.writer = manifests.Writer(self.run_dir, self.manifest)
        self.tell("build_started", name=self.params.name, pages=total)

    def open_site(self, stack: ExitStack, kernel: str, jobs: int) -> Site:
        """The place where this machine's pages are made, opened when it is first needed."""
        if self.site is None:
            days = Counter(task.as_of for task in self.everything)
            bare = Site(
                self.params.root,
                self.run_dir,
                stack.enter_context(scratch()),
                kernel,
                prepare=preparation(self.params, [day for day, _ in days.most_common()]),
            )
            opened = workshop(bare, jobs=jobs, as_of=self.manifest.as_of, warn=self._warn)
            self.site = stack.enter_context(opened)
        return self.site

    def _warn(self, why: str) -> None:
        if not self.warned:
            self.warned = True
            self.tell("warning", why=why)

    def make(self, tasks: Sequence[PageTask], site: Callable[[int], Site], *, jobs: int, scheduler: str | None) -> None:
        """Make those of some pages that are not current."""
        findings = Findings.of(self.run_dir, self.everything)
        for task in self.everything:
            parts = self.inputs.parts(task, findings)
            self.parts[task.id, task.lang], self.keys[task.id, task.lang] = parts, _key(task, parts)
        work: dict[tuple[str, str], PageTask] = {}
        for task in tasks:
            why = reason_to_run(task, self.inputs, self.before, self.run_dir, findings, force=self.force)
            if why == "current":
                self.skipped += 1
                self.done += 1
                self.tell("page_skipped", task)
            else:
                work[task.id, task.lang] = task
        if not work:
            return
        pages = list(work.values())
        if scheduler:
            from greenreport.run import dask_cluster

            outcomes = dask_cluster.run_pages(
                pages, self._source, self.params, self.run_dir, scheduler=scheduler, started=self._started
            )
        else:
            opened = site(min(jobs, len(work)))
            outcomes = run_pages(pages, self._source, opened, jobs=jobs, started=self._started)
        with closing(outcomes):
            for outcome in outcomes:
                if outcome.kernel.startswith("cold: "):
                    self._warn(outcome.kernel.removeprefix("cold: "))
                self._take(work.pop((outcome.id, outcome.lang)), outcome)

    def _started(self, task: PageTask) -> None:
        self.tell("page_started", task)

    def _source(self, task: PageTask) -> dict[str, object]:
        front = self.inputs.front(task, self.parts[task.id, task.lang])
        return notebook.with_front_matter(self.inputs.notebooks[task.notebook], front)

    def _take(self, task: PageTask, outcome: Outcome) -> None:
        """Write down what came of a page: files first, then the manifest that names them."""
        error = outcome.error or self._languages_differ(task, outcome)
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
            self.tell("page_done", task, seconds=outcome.seconds, kernel=outcome.kernel)
        else:
            self.tell("page_failed", task, seconds=outcome.seconds, why=error)

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

    def _languages_differ(self, task: PageTask, outcome: Outcome) -> PageError | None:
        if (other := self._differing_language(task, outcome)) is None:
            return None
        return PageError.of("languages_differ", "page.languages_differ", other=other)

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
        self.tell("build_stopped", made=len(self.made))

    def finish(self, seconds: float) -> Manifest:
        """The last word."""
        self.manifest = self.writer.flush()
        made, failed = len(self.made), len(self.manifest.failed)
        self.tell("build_done", seconds=seconds, made=made, skipped=self.skipped, failed=failed)
        return self.manifest


def manifest_before(run_dir: Path) -> Manifest | None:
    """The manifest of the build before, if there was one."""
    return manifests.read(run_dir) if (run_dir / manifests.NAME).is_file() else None


def reason_to_run(
    task: PageTask,
    inputs: cache.Inputs,
    before: Manifest | None,
    run_dir: Path,
    findings: Findings,
    *,
    force: bool,
) -> str:
    """Why a page must run, as a key of `remake` in the catalogues; `current` if it need not."""
    parts = inputs.parts(task, findings)
    record = before.page(task.id, task.lang) if before else None
    return cache.reason(record, parts, key=_key(task, parts), intact=cache.intact(run_dir, record), forced=force)


def _key(task: PageTask, parts: dict[str, str]) -> str:
    return digest([task.id, task.lang, parts])


def _readable(run_dir: Path) -> bool:
    try:
        manifests.read(run_dir)
    except Exception:
        return False
    return True
