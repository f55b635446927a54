"""Renders a run: stages its pages, lets an engine set them, and puts the site together.

Pages and languages are set side by side; a page whose inputs are unchanged is not set again; a page that can't be set
is reported and the others go on. Reads nothing but the run's folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Literal

from greenreport import processes, typesetting
from greenreport.errors import GlyphMissing, GreenReportError, RequestError
from greenreport.render import books, builtin, pandoc, papers, quarto, site
from greenreport.render.formats import FORMATS
from greenreport.render.front_matter import composed
from greenreport.render.glyphs import check_glyphs
from greenreport.render.index_pages import compose
from greenreport.render.jobs import STAGE, Order, timestamp
from greenreport.render.pandoc import theme_digest
from greenreport.render.papers import Entry
from greenreport.render.previous_render import Prior, Rendered, RenderResult
from greenreport.render.search import search_script
from greenreport.render.source import COMPOSED, MOST_CHAPTERS, Run, read_run
from greenreport.render.staging import Staged, stage_failure, stage_page
from greenreport.render.volumes import Chapter, shares
from greenreport.run.digests import digest, package_digest
from greenreport.words import error

__all__ = ["Engine", "Event", "RenderResult", "Rendered", "render"]

Engine = Literal["auto", "quarto", "builtin"]
Event = Callable[[Rendered, int, int], None]


def render(
    run_dir: Path | str,
    *,
    engine: Engine = "auto",
    formats: Sequence[str] | None = None,
    langs: Sequence[str] | None = None,
    jobs: int | None = None,
    on_event: Event | None = None,
    archive: bool | None = None,
    chapters: int = MOST_CHAPTERS,
) -> RenderResult:
    """Render the pages of a run into `<run>/site/`.

    Args:
        run_dir: the run's folder.
        engine: `quarto`, `builtin`, or `auto`: Quarto where it is installed.
        formats: of `html`, `pdf` and `docx`; the run's own by default.
        langs: of the run's languages; all by default.
        jobs: pages set at a time; the machine's processors by default.
        on_event: called with each finished record, how many are done, and of how many.
        archive: whether all pages are bound into an archive (PDF, Word) besides; by default where the run asks for it.
        chapters: the most that an archive holds in one volume; only tests have a reason to change it.

    Returns:
        A record for each page, paper and volume, also for those that failed, and the engine that worked.

    Raises:
        RequestError: the folder holds no run, or a format or language is not of it.
        EngineMissing: Quarto was asked for and is not there.
    """
    run = _asked(read_run(Path(run_dir)), formats, archive, chapters)
    chosen_langs = _chosen(langs, run.langs, run.langs, "language")
    setter = quarto.choose(engine)
    prior = Prior(run.folder, [*chosen_langs, *run.formats, setter, _version(setter), str(run.chapters)])
    if (before := prior.unbroken()) is not None:
        return RenderResult(before, setter)
    workers = max(1, jobs or os.cpu_count() or 1)
    press = _Press(setter, prior, on_event, workers)
    try:
        # Ctrl-C ends the processes at work before the threads that wait for them are waited for.
        with processes.interruptible():
            staged, pages, handed = _set_all(run, chosen_langs, press, prior, workers)
            lost = {(one.lang, one.page) for one in pages if one.status == "failed" and one.format == "pdf"}
            plan = books.planned(run, chosen_langs, staged, lost=lost)
            bound_reports = books.bind(run, plan, chosen_langs, prior, workers=workers)
    except KeyboardInterrupt:
        prior.save()  # what is done is not done again
        raise
    finally:
        typesetting.end_idle()
        pandoc.end_idle()
    _finish_site(run, chosen_langs, staged, handed)
    made = (*pages, *handed, *bound_reports)
    if all(one.status != "failed" for one in made):
        prior.seal(made)
    prior.save()
    return RenderResult(made, setter)


def _set_all(
    run: Run, langs: Sequence[str], press: _Press, prior: Prior, workers: int
) -> tuple[list[Staged], list[Rendered], list[Rendered]]:
    """Set pages and papers; returns the staged pages, what became of them, and what became of the papers."""
    jobs, refused = papers.plan(run, langs)
    run = replace(run, report=papers.reports(jobs))
    with ThreadPoolExecutor(2) as aside:
        # Papers, tables and the chart library are made while pages are set: no page waits for them.
        making = aside.submit(papers.make, run, jobs, prior, workers=max(1, workers // 2))
        staged = press.stage(run, langs)
        beside = aside.submit(_write_beside, run, staged, prior)
        pages = press.set(run, staged, books.wanted(run, books.planned(run, langs, staged)))
        handed = [*making.result(), *refused]
        beside.result()
    listed = {lang: papers.entries(lang, handed) for lang in langs}
    there = {lang: entry.files[0].href for lang in langs for entry in listed[lang] if entry.name == "report"}
    if there != run.report:  # one could not be made after all: no page leads to it
        run = replace(run, report=there)
        staged = press.stage(run, langs)
        pages = press.set(run, staged, books.wanted(run, books.planned(run, langs, staged)))
    # The start page says how long the papers are.
    own = press.compose(run, staged, listed)
    return [*staged, *own], [*pages, *press.set(run, own)], handed


class _Press:
    """Stages pages and sets those that are stale, told of each how many are done.

    Args:
        engine: `quarto` or `builtin`.
        prior: what earlier files were made from.
        on_event: told of each page that is set.
        workers: pages at a time.
    """

    def __init__(self, engine: str, prior: Prior, on_event: Event | None, workers: int) -> None:
        self._engine, self._prior, self._on_event, self._workers = engine, prior, on_event, workers
        self._done: set[Path] = set()
        self._total = 0

    def stage(self, run: Run, langs: Sequence[str]) -> list[Staged]:
        """The pages of a run that have a notebook, staged and written down."""
        staged = [stage_page(run, page, engine=self._engine) for lang in langs for page in run.there(lang)]
        _write_sources(run, staged)
        for lang in langs:
            expected = [one.id for one in (*run.there(lang), *composed(run, lang))]
            folder = run.folder / STAGE / lang
            for left in folder.glob("*.ipynb"):
                if left.stem not in expected:
                    left.unlink()
            quarto.write_project(folder, lang, expected)
        self._total = len(self._orders(run, staged, {})) + sum(len(composed(run, lang)) for lang in langs)
        return staged

    def compose(self, run: Run, staged: Sequence[Staged], papers: Mapping[str, Sequence[Entry]]) -> list[Staged]:
        """The pages that rendering makes itself of the others and the papers that are there, by language."""
        own = []
        for lang, listed in papers.items():
            pages = [one for one in staged if one.page.lang == lang]
            own += compose(run, lang, pages, engine=self._engine, papers=listed)
        _write_sources(run, own)
        return own

    def set(
        self, run: Run, staged: Sequence[Staged], chapters: Mapping[tuple[str, str], Chapter] | None = None
    ) -> list[Rendered]:
        """Set the pages that are stale; one that the fonts lack a character for is not tried."""
        orders = self._orders(run, staged, chapters or {})
        made: dict[int, Rendered] = {}

        def finish(number: int, outcome: bytes | GreenReportError) -> None:
            made[number] = one = _finished(run, orders[number], outcome, self._prior)
            self._done.add(one.path)
            if self._on_event is not None:
                self._on_event(one, len(self._done), self._total)

        fit = []
        for n, order in enumerate(orders):
            page = order.staged.page
            if self._prior.holds(order.target, order.digest):
                made[n] = Rendered(page.id, page.lang, order.format, order.target, "unchanged")
                self._done.add(order.target)
                continue
            try:
                check_glyphs(order.staged.characters, page=page.id)
                fit.append(n)
            except GlyphMissing as cause:
                finish(n, cause)
        work = quarto.set_pages if self._engine == "quarto" else builtin.set_pages
        for at, outcome in work([orders[n] for n in fit], run=run, workers=self._workers):
            finish(fit[at], outcome)
        return [made[n] for n in sorted(made)]

    def _orders(self, run: Run, staged: Sequence[Staged], chapters: Mapping[tuple[str, str], Chapter]) -> list[Order]:
        """Every page in each format that it has: pages that rendering makes itself are for the screen only."""
        return [
            Order(
                one,
                fmt,
                digest([fmt, self._engine, _version(self._engine), theme_digest(fmt), run.as_of, one.digest]),
                run.folder / "site" / one.page.lang / f"{one.page.id}.{fmt}",
                chapters.get((one.page.lang, one.page.id)) if fmt == "pdf" else None,
            )
            for one in staged
            for fmt in run.formats
            if fmt == "html" or (FORMATS[fmt].of_pages and one.page.kind not in COMPOSED)
        ]


def _write_sources(run: Run, staged: Sequence[Staged]) -> None:
    for one in staged:
        site.write_file(run.folder / STAGE / one.page.lang / f"{one.page.id}.ipynb", one.source())


def _asked(run: Run, formats: Sequence[str] | None, archive: bool | None, chapters: int) -> Run:
    """The run with just what is made of it this time: pages link to nothing else."""
    own = [one for one in run.formats if one in FORMATS] or list(FORMATS)
    bound = "archive" in run.wanted if archive is None else archive
    return replace(run, formats=_chosen(formats, own, list(FORMATS), "format"), chapters=chapters if bound else 0)


def _version(engine: str) -> str:
    return quarto.version() if engine == "quarto" else builtin.version()


def _chosen(asked: Sequence[str] | None, default: Sequence[str], known: Sequence[str], what: str) -> tuple[str, ...]:
    if strange := [one for one in asked or () if one not in known]:
        raise error(RequestError, f"render.no_{what}", strange=tuple(strange), known=tuple(known))
    return tuple(asked or default)


def _finished(run: Run, order: Order, outcome: bytes | GreenReportError, prior: Prior) -> Rendered:
    page, error = order.staged.page, order.staged.error
    if not isinstance(outcome, bytes):
        # A page that says what went wrong stands under the links that lead there.
        error = outcome
        outcome = builtin.set_page(stage_failure(run, page, error, engine="builtin"), order.format, run=run)
    site.write_file(order.target, outcome)
    if error is None:
        prior.note(order.target, order.digest)
    return Rendered(page.id, page.lang, order.format, order.target, "failed" if error else "rendered", error)


def _write_tables(run: Run, folder: Path, one: Staged, prior: Prior) -> None:
    if not one.tables:
        return
    book = folder / f"{one.page.id}.xlsx"
    made_from = digest(repr((package_digest(), one.title, one.facts, one.tables, run.synthetic)).encode())
    csvs = (folder / "tables" / one.page.id / f"{table.label}.csv" for table in one.tables)
    if not (prior.holds(book, made_from) and all(path.is_file() for path in csvs)):
        site.write_tables(folder, one, synthetic=run.synthetic)
        prior.note(book, made_from)


def _write_beside(run: Run, staged: Sequence[Staged], prior: Prior) -> None:
    """What stands beside the pages and is made of no page that is set."""
    folder = run.folder / "site"
    site.write_library(folder / "assets")
    site.write_fonts(folder, [one.characters for one in staged], as_of=timestamp(run.as_of))
    for one in staged:
        own = folder / one.page.lang
        if one.page.notebook is not None:
            site.write_file(own / f"{one.page.id}.ipynb", one.page.notebook.read_bytes())
        _write_tables(run, own, one, prior)
    for path in run.data_files():
        site.write_file(folder / "data" / path.name, path.read_bytes())


def _finish_site(run: Run, langs: Sequence[str], staged: Sequence[Staged], handed: Sequence[Rendered]) -> None:
    """What is made of the finished pages: the search, the fonts that hold their characters; nothing else stays."""
    folder = run.folder / "site"
    for lang in langs:
        own = [one for one in staged if one.page.lang == lang]
        bound = [f"{share.name}.{fmt}" for share in shares(run, lang) for fmt in run.formats]
        site.sweep(folder / lang, own, papers=[*bound, *(p.path.name for p in handed if p.lang == lang)])
        made = [(one.page.id, one.title, folder / lang / f"{one.page.id}.html") for one in own]
        script = search_script([one for one in made if one[2].is_file()])
        site.write_file(folder / "assets" / f"search-{lang}.js", script)
    site.write_choice(folder, run)
    pages = [one.characters for one in staged if one.page.kind not in COMPOSED]
    site.write_assets(folder, pages, as_of=timestamp(run.as_of))
