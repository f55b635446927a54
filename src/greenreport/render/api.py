"""Renders a run: stages its pages, lets an engine set them, and puts the site together.

Pages and languages are set side by side; a page whose inputs are unchanged is not set again; a page that can't be set
is reported and the others go on. Reads nothing but the run's folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from greenreport import processes, typesetting
from greenreport.errors import GlyphMissing, GreenReportError, RequestError
from greenreport.render import books, builtin, pandoc, papers, quarto, site
from greenreport.render.glyphs import check_glyphs
from greenreport.render.index_pages import compose
from greenreport.render.jobs import STAGE, Order, timestamp
from greenreport.render.pandoc import theme_digest
from greenreport.render.previous_render import Prior, Rendered, RenderResult
from greenreport.render.search import search_script
from greenreport.render.source import COMPOSED, MOST_CHAPTERS, Run, read_run
from greenreport.render.staging import Staged, stage_failure, stage_page
from greenreport.render.volumes import Chapter, shares
from greenreport.run.digests import digest, package_digest
from greenreport.words import pair

__all__ = ["Engine", "Event", "RenderResult", "Rendered", "render"]

Engine = Literal["auto", "quarto", "builtin"]
FORMATS = ("html", "pdf", "docx")
"""`docx` is made of the whole run only, `html` and `pdf` of each page; `pdf` of the whole run as well."""


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
    # The start page says how long the papers are, and every page leads to the report.
    handed = papers.make(run, chosen_langs, prior, workers=workers)
    staged = [one for lang in chosen_langs for one in _staged(run, lang, setter, handed)]
    plan = books.planned(run, chosen_langs, staged)
    orders = _orders(run, staged, setter, books.wanted(run, plan))
    _write_stage(run, staged)
    try:
        with processes.interruptible():
            pages = _set_pages(run, orders, prior, on_event, workers=workers, engine=setter)
        if lost := {(one.lang, one.page) for one in pages if one.status == "failed" and one.format == "pdf"}:
            plan = books.planned(run, chosen_langs, staged, lost=lost)
        with processes.interruptible():
            bound_reports = books.bind(run, plan, chosen_langs, prior, workers=workers)
    except KeyboardInterrupt:
        prior.save()  # what is done is not done again
        raise
    finally:
        typesetting.end_idle()
        pandoc.end_idle()
    _assemble_site(run, chosen_langs, staged, prior, handed)
    made = (*pages, *handed, *bound_reports)
    if all(one.status != "failed" for one in made):
        prior.seal(made)
    prior.save()
    return RenderResult(made, setter)


def _set_pages(
    run: Run, orders: Sequence[Order], prior: Prior, on_event: Event | None, *, workers: int, engine: str
) -> list[Rendered]:
    """Set the pages that are stale; one that the fonts lack a character for is not tried."""
    made: dict[int, Rendered] = {}

    def finish(number: int, outcome: bytes | GreenReportError) -> None:
        made[number] = _finished(run, orders[number], outcome, prior)
        if on_event is not None:
            on_event(made[number], len(made), len(orders))

    fit = []
    for n, order in enumerate(orders):
        page = order.staged.page
        if prior.holds(order.target, order.digest):
            made[n] = Rendered(page.id, page.lang, order.format, order.target, "unchanged")
            continue
        try:
            check_glyphs(order.staged.characters, page=page.id)
            fit.append(n)
        except GlyphMissing as error:
            finish(n, error)
    work = quarto.set_pages if engine == "quarto" else builtin.set_pages
    for at, outcome in work([orders[n] for n in fit], run=run, workers=workers):
        finish(fit[at], outcome)
    return [made[n] for n in sorted(made)]


def _asked(run: Run, formats: Sequence[str] | None, archive: bool | None, chapters: int) -> Run:
    """The run with just what is made of it this time: pages link to nothing else."""
    own = [one for one in run.formats if one in FORMATS] or list(FORMATS)
    bound = "archive" in run.wanted if archive is None else archive
    return replace(run, formats=_chosen(formats, own, FORMATS, "format"), chapters=chapters if bound else 0)


def _version(engine: str) -> str:
    return quarto.version() if engine == "quarto" else builtin.version()


def _orders(
    run: Run, staged: Sequence[Staged], engine: str, chapters: Mapping[tuple[str, str], Chapter]
) -> list[Order]:
    """Every page in each format that it has: pages that rendering makes itself are for the screen only."""
    return [
        Order(
            one,
            fmt,
            digest([fmt, engine, _version(engine), theme_digest(fmt), run.as_of, one.digest]),
            run.folder / "site" / one.page.lang / f"{one.page.id}.{fmt}",
            chapters.get((one.page.lang, one.page.id)) if fmt == "pdf" else None,
        )
        for one in staged
        for fmt in run.formats
        if fmt == "html" or (fmt == "pdf" and one.page.kind not in COMPOSED)
    ]


def _chosen(asked: Sequence[str] | None, default: Sequence[str], known: Sequence[str], what: str) -> tuple[str, ...]:
    if strange := [one for one in asked or () if one not in known]:
        raise RequestError.of(**pair(f"render.no_{what}", strange=tuple(strange), known=tuple(known)))
    return tuple(asked or default)


def _staged(run: Run, lang: str, engine: str, handed: Sequence[Rendered]) -> list[Staged]:
    listed = papers.entries(lang, handed)
    run = replace(run, report={**run.report, lang: next((e.files[0].href for e in listed if e.name == "report"), "")})
    pages = [stage_page(run, page, engine=engine) for page in run.there(lang)]
    return [*pages, *compose(run, lang, pages, engine=engine, papers=listed)]


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


def _write_stage(run: Run, staged: Sequence[Staged]) -> None:
    for lang in {one.page.lang for one in staged}:
        pages = [one for one in staged if one.page.lang == lang]
        folder = run.folder / STAGE / lang
        for one in pages:
            site.write_file(folder / f"{one.page.id}.ipynb", one.source())
        for left in folder.glob("*.ipynb"):
            if left.stem not in {one.page.id for one in pages}:
                left.unlink()
        quarto.write_project(folder, lang, pages)


def _write_tables(run: Run, folder: Path, pages: Sequence[Staged], prior: Prior) -> None:
    for one in pages:
        book = folder / f"{one.page.id}.xlsx"
        if not one.tables:
            continue
        made_from = digest(repr((package_digest(), one.title, one.facts, one.tables, run.synthetic)).encode())
        csvs = (folder / "tables" / one.page.id / f"{table.label}.csv" for table in one.tables)
        if not (prior.holds(book, made_from) and all(path.is_file() for path in csvs)):
            site.write_tables(folder, one, synthetic=run.synthetic)
            prior.note(book, made_from)


def _assemble_site(
    run: Run, langs: Sequence[str], staged: Sequence[Staged], prior: Prior, handed: Sequence[Rendered]
) -> None:
    folder = run.folder / "site"
    for lang in langs:
        own = [one for one in staged if one.page.lang == lang]
        _write_tables(run, folder / lang, own, prior)
        for one in own:
            if one.page.notebook is not None:
                site.write_file(folder / lang / f"{one.page.id}.ipynb", one.page.notebook.read_bytes())
        bound = [f"{share.name}.{fmt}" for share in shares(run, lang) for fmt in run.formats]
        site.sweep(folder / lang, own, papers=[*bound, *(p.path.name for p in handed if p.lang == lang)])
        made = [(one.page.id, one.title, folder / lang / f"{one.page.id}.html") for one in own]
        script = search_script([one for one in made if one[2].is_file()])
        site.write_file(folder / "assets" / f"search-{lang}.js", script)
    for path in run.data_files():
        site.write_file(folder / "data" / path.name, path.read_bytes())
    site.write_choice(folder, run)
    site.write_assets(folder, as_of=timestamp(run.as_of))
