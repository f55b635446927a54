"""The making of a build: what must be made, who makes it, and what is written down of it.

Knows the run's folder and the state of one build; must not know how a notebook is executed. Every moment is a good
one to be killed: what is written is whole, and the next build goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from greenreport.errors import RequestError
from greenreport.run import cache, notebook
from greenreport.run import manifest as manifests
from greenreport.run.digests import digest, package_digest, versions
from greenreport.run.events import Event, EventKind, Log
from greenreport.run.execute import Outcome
from greenreport.run.files import write_bytes
from greenreport.run.manifest import Manifest, PageError, PageRecord
from greenreport.run.page_environment import Site, preparation, scratch, workshop
from greenreport.run.params import RunParams
from greenreport.run.pool import run_pages
from greenreport.run.task import PageTask
from greenreport.words import both

__all__ = ["Maker", "manifest_before"]

_TABLES = "datapackage.json"
"""What describes the tables for download that are made of a run; the only file beside the findings that is no finding."""


class Maker:
    """The state of one build; arguments as for [greenreport.run.build.build].

    What it opens for the pages is closed with `stack`.
    """

    def __init__(
        self,
        params: RunParams,
        inputs: cache.Inputs,
        everything: Sequence[PageTask],
        run_dir: Path,
        log: Log,
        stack: ExitStack,
        *,
        force: bool,
        fork: bool,
        formats: Sequence[str] | None,
    ) -> None:
        self.params, self.inputs, self.everything = params, inputs, everything
        self.run_dir, self.log, self.stack, self.force, self.fork = run_dir, log, stack, force, fork
        self.before = manifest_before(run_dir, force=force)
        self.keys: dict[tuple[str, str], str] = {}
        self.parts: dict[tuple[str, str], dict[str, str]] = {}
        self.made: list[tuple[str, str, float]] = []
        self.skipped = self.done = self.total = 0
        self.site: Site | None = None
        self.pages = {(task.id, task.lang): self._record(task) for task in everything}
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
            pages=tuple(self.pages.values()),
            level=inputs.plan.level.to_json(),
        )

    def _record(self, task: PageTask) -> PageRecord:
        before = self.before.page(task.id, task.lang) if self.before else None
        fresh = PageRecord(task.id, task.lang, task.kind, task.area, task.year, task.title, task.indicator)
        return replace(before, title=task.title) if before else fresh

    def tell(
        self, kind: EventKind, task: PageTask | None = None, *, seconds: float | None = None, **values: object
    ) -> None:
        """Say what happened, to which page; `values` are what its words in the catalogue ask for."""
        about = {"page": task.id, "lang": task.lang} if task else {}
        message = both(f"event.{kind}", title=task.title if task else "", **values)
        rounded = None if seconds is None else round(seconds, 3)
        self.log.tell(Event(kind, message, **about, seconds=rounded, done=self.done, total=self.total))

    def prepare(self, total: int) -> None:
        """Put the run's folder in order: no file of a page that is no longer asked for."""
        self.total = total
        manifests.write(self.run_dir, self.manifest)
        self.inputs.remember(self.run_dir)
        ids = {task.id for task in self.everything}
        for path in self.run_dir.glob("notebooks/*/**/*.ipynb"):
            if path.stem not in ids or path.relative_to(self.run_dir).parts[1] not in self.params.languages:
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
        self.tell("build_started", name=self.params.name, pages=total)

    def make(self, tasks: Sequence[PageTask], *, jobs: int, scheduler: str | None) -> None:
        """Make those of some pages that are not current."""
        told = cache.findings(self.run_dir, self.everything)
        for task in self.everything:
            parts = self.inputs.parts(task, told)
            self.parts[task.id, task.lang], self.keys[task.id, task.lang] = parts, cache.key(task, parts)
        work: dict[tuple[str, str], PageTask] = {}
        for task in tasks:
            record = self.before.page(task.id, task.lang) if self.before else None
            parts = self.parts[task.id, task.lang]
            if cache.reason(task, parts, record, run_dir=self.run_dir, forced=self.force) == "current":
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
            outcomes = run_pages(
                pages, self._source, self._open_site(min(jobs, len(work))), jobs=jobs, started=self._started
            )
        with closing(outcomes):
            for outcome in outcomes:
                self._take(work.pop((outcome.id, outcome.lang)), outcome)

    def _open_site(self, jobs: int) -> Site:
        """The place where this machine's pages are made, opened when it is first needed."""
        if self.site is None:
            days = Counter(task.as_of for task in self.everything)
            opened = workshop(
                Site(self.params.root, self.run_dir, Path(self.stack.enter_context(scratch()))),
                jobs=jobs,
                as_of=self.manifest.as_of,
                fork=self.fork,
                prepare=preparation(self.params, [day for day, _ in days.most_common()]),
                warn=lambda why: self.tell("warning", why=why),
            )
            self.site = self.stack.enter_context(opened)
        return self.site

    def _started(self, task: PageTask) -> None:
        self.tell("page_started", task)

    def _source(self, task: PageTask) -> dict[str, object]:
        front = self.inputs.front(task, self.parts[task.id, task.lang])
        return notebook.with_front_matter(self.inputs.notebooks[task.notebook], front)

    def _take(self, task: PageTask, outcome: Outcome) -> None:
        """Write down what came of a page: files first, then the manifest that names them."""
        others = self._others(task)
        error = outcome.error or _languages_differ(outcome, others)
        name = f"notebooks/{task.lang}/{task.id}.ipynb"
        kept = f"notebooks/{task.lang}/failed/{task.id}.ipynb"
        result = f"data/{task.id}.json" if outcome.findings is not None and error is None else None
        content = {name if error is None else kept: outcome.notebook}
        if result and outcome.findings is not None:
            content[result] = outcome.findings
        for path, data in content.items():
            write_bytes(self.run_dir / path, data, run_dir=self.run_dir)
        (self.run_dir / (kept if error is None else name)).unlink(missing_ok=True)
        if error is not None and not others:
            # An overview must not read findings of an earlier build for a page that failed in this one.
            (self.run_dir / "data" / f"{task.id}.json").unlink(missing_ok=True)
        record = replace(
            self.pages[task.id, task.lang],
            status="done" if error is None else "failed",
            key=self.keys[task.id, task.lang],
            parts=self.parts[task.id, task.lang],
            notebook=name if error is None else kept,
            result=result,
            digests={path: digest(data) for path, data in content.items()},
            error=error,
        )
        self.pages[task.id, task.lang] = record
        manifests.append(self.run_dir, record)
        self.made.append((task.id, task.lang, outcome.seconds))
        self.done += 1
        if error is None:
            self.tell("page_done", task, seconds=outcome.seconds)
        else:
            self.tell("page_failed", task, seconds=outcome.seconds, why=error)

    def _others(self, task: PageTask) -> list[PageRecord]:
        """The same page in the other languages, as made from the same inputs."""
        return [
            page
            for lang in self.params.languages
            if lang != task.lang
            and (page := self.pages[task.id, lang]).status == "done"
            and page.key == self.keys[page.id, page.lang]
        ]

    def stopped(self) -> None:
        """Write down what is done before a build ends early."""
        self._write_manifest()
        self.tell("build_stopped", made=len(self.made))

    def _write_manifest(self) -> None:
        self.manifest = replace(self.manifest, pages=tuple(self.pages.values()))
        manifests.write(self.run_dir, self.manifest)

    def finish(self, seconds: float) -> Manifest:
        """The last word."""
        self._write_manifest()
        failed = len(self.manifest.failed)
        self.tell("build_done", seconds=seconds, made=len(self.made), skipped=self.skipped, failed=failed)
        return self.manifest


def _languages_differ(outcome: Outcome, others: Sequence[PageRecord]) -> PageError | None:
    """What is wrong with a page that found something else from the same inputs in another language."""
    made = None if outcome.findings is None else digest(outcome.findings)
    for page in others:
        if (page.digests[page.result] if page.result else None) != made:
            return PageError.of("languages_differ", "page.languages_differ", other=page.lang)
    return None


def manifest_before(run_dir: Path, *, force: bool = False) -> Manifest | None:
    """The manifest of the build before, if there was one; with `force` one that can't be read is passed over."""
    if not (run_dir / manifests.NAME).is_file():
        return None
    try:
        return manifests.read(run_dir)
    except RequestError:
        if force:
            return None
        raise
