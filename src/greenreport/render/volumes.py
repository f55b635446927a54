"""The bound report in volumes: which pages stand in which, how chapters count on through them, what each is called.

Typst holds a document as a whole, about 30 MB per chapter, so a report of more chapters than a volume takes is set in
several files, one at a time. Knows pages by kind and title; must not know how a document is typeset.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from greenreport.render.front_matter import BOUND
from greenreport.render.source import Page, Run
from greenreport.render.staging import Staged
from greenreport.render.words import word
from greenreport.run.kinds import ANNEXES
from greenreport.words import t

__all__ = ["Chapter", "Share", "Volume", "chinese", "labels", "shares", "volumes"]

_AREAS = "district"
_LINKED = re.compile(r"\b([\w-]+)\.html\b")


@dataclass(frozen=True)
class Share:
    """What one volume holds of a language's pages, whether they could be made or not.

    Args:
        number: which volume this is, from 1.
        of: how many volumes there are; 1 where the report is one document.
        kind: `general` or `district`.
        turn: which of the volumes of its kind this is, from 1.
        turns: how many of its kind there are.
        pages: its pages, in the order of their chapters.
    """

    number: int
    of: int
    kind: str
    turn: int
    turns: int
    pages: tuple[Page, ...]

    @property
    def name(self) -> str:
        """The name of its files without the ending: `archive`, `archive-2` and so on."""
        return BOUND if self.number == 1 else f"{BOUND}-{self.number}"

    def areas(self) -> tuple[str, ...]:
        """The titles of its areas, none of a general volume."""
        return tuple(dict.fromkeys(page.title for page in self.pages)) if self.kind == _AREAS else ()

    def count(self, lang: str, *, of: bool = False) -> str:
        """Its number in words (第二分册, Volume 2), on the cover with how many there are."""
        number, total = (chinese(n).strip() if lang == "zh" else str(n) for n in (self.number, self.of))
        return word(lang, "volume_of" if of else "volume").format(number, total)

    def title(self, lang: str) -> str:
        """What it is: 总报告, 分区县报告（一）; General report, District reports, part 1."""
        turn = chinese(self.turn).strip() if lang == "zh" else str(self.turn)
        return word(lang, f"volume_{self.kind}") + (word(lang, "volume_turn").format(turn) if self.turns > 1 else "")

    def span(self, lang: str) -> str:
        """Its first and last area and how many there are; empty for a general volume."""
        areas = self.areas()
        if len(areas) < 2:
            return "".join(areas)
        return word(lang, "volume_span").format(areas[0], areas[-1], len(areas))


def shares(run: Run, lang: str) -> tuple[Share, ...]:
    """How a language's pages are divided into volumes, from the run alone: what fails later moves nothing.

    None where `run.chapters` is 0: the run has no bound report. Up to so many chapters are one volume. Beyond, the first
    volume is the general report with its annexes, and the areas follow in volumes of their own, in the run's order, as
    even as can be.
    """
    pages = run.there(lang)
    if not run.chapters:
        return ()
    if len(pages) <= run.chapters:
        return (Share(1, 1, "general", 1, 1, pages),) if pages else ()
    areas = [page for page in pages if page.kind == _AREAS]
    general = [page for page in pages if page.kind != _AREAS]
    parts = [("general", one) for one in _even(general, run.chapters)]
    # Other chapters are shorter than those of areas, of which fewer fill a volume.
    parts += [(_AREAS, one) for one in _even(areas, max(1, run.chapters * 4 // 5))]
    out: list[Share] = []
    for number, (kind, those) in enumerate(parts, 1):
        same = [n for n, (other, _) in enumerate(parts, 1) if other == kind]
        out.append(Share(number, len(parts), kind, same.index(number) + 1, len(same), those))
    return tuple(out)


def _even(pages: Sequence[Page], most: int) -> list[tuple[Page, ...]]:
    """Pages in as few parts as hold them, none of which is much longer than another."""
    if not pages:
        return []
    parts = -(-len(pages) // most)
    cuts = [len(pages) * n // parts for n in range(parts + 1)]
    return [tuple(pages[a:b]) for a, b in pairwise(cuts)]


@dataclass(frozen=True)
class Chapter:
    """Where a page stands in the bound report.

    Args:
        label: what stands before the numbers of its figures: the chapter's number, or an annex's.
        book: the ids of all pages of the volume: links to them lead to their chapters.
        elsewhere: pages that other volumes hold → the volume's name: links to them lead to its file.
    """

    label: str
    book: tuple[str, ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Volume:
    """One volume with the pages that could be made, ready to be set.

    Args:
        share: which volume this is.
        pages: its staged pages.
        labels: what stands before the numbers of each chapter's figures, and before its title.
        missing: the titles of the pages that belong in it and could not be made.
        elsewhere: pages that its pages refer to and another volume holds → that volume's name.
        all: every volume of the report, which the first one lists; empty in the others.
    """

    share: Share
    pages: tuple[Staged, ...]
    labels: tuple[tuple[str, str], ...]
    missing: tuple[str, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    all: tuple[Share, ...] = ()

    def areas(self) -> tuple[str, ...]:
        """The titles of the areas that are really in it; those that could not be made are `missing`."""
        made = {page.page.title for page in self.pages}
        return tuple(title for title in self.share.areas() if title in made)

    def chapters(self) -> Iterator[tuple[Staged, Chapter]]:
        """Its pages, each with where it stands."""
        book = tuple(page.page.id for page in self.pages)
        for page, (short, _) in zip(self.pages, self.labels, strict=True):
            yield page, Chapter(short, book, self.elsewhere)

    def parts(self, lang: str) -> list[Any]:
        """Everything that its files are made from; a page of another volume is none of it."""
        listed = [(one.name, one.count(lang), one.title(lang), one.span(lang)) for one in self.all]
        share = (self.share.count(lang, of=True), self.share.of, self.share.title(lang), self.areas())
        told = [share, self.labels, self.missing, sorted(self.elsewhere.items()), listed]
        return [*told, *(page.digest for page in self.pages)]


def volumes(run: Run, lang: str, staged: Sequence[Staged]) -> tuple[Volume, ...]:
    """A language's volumes; one of which no page could be made is left out."""
    by_id = {one.page.id: one for one in staged if one.page.lang == lang}
    made = [(share, tuple(by_id[one.id] for one in share.pages if one.id in by_id)) for share in shares(run, lang)]
    held = [(share, pages) for share, pages in made if pages]
    labelled = iter(labels(lang, [page for _, pages in held for page in pages]))
    where = {page.page.id: share.name for share, pages in held for page in pages}
    every = tuple(share for share, _ in held)

    def volume(share: Share, pages: tuple[Staged, ...]) -> Volume:
        first, several = share is every[0], share.of > 1
        return Volume(
            share,
            pages,
            tuple(next(labelled) for _ in pages),
            missing=_missing(run, lang, share, by_id.keys(), not_run=first),
            elsewhere=_elsewhere(pages, where, share.name) if several else {},
            all=every if several and first else (),
        )

    return tuple(volume(share, pages) for share, pages in held)


def _missing(run: Run, lang: str, share: Share, made: Collection[str], *, not_run: bool) -> tuple[str, ...]:
    own = {page.id for page in share.pages}
    expected = [page for page in run.of(lang) if page.id in own or (not_run and page.status == "not_run")]
    return tuple(page.title for page in expected if page.id not in made)


def _elsewhere(pages: Sequence[Staged], where: Mapping[str, str], here: str) -> dict[str, str]:
    linked: set[str] = set()
    for page in pages:
        text = page.notebook["cells"][1:]  # the first is the front matter, with the menu
        linked.update(_LINKED.findall(json.dumps(text, ensure_ascii=False)))
    return {name: where[name] for name in sorted(linked & where.keys()) if where[name] != here}


def labels(lang: str, pages: Sequence[Staged]) -> list[tuple[str, str]]:
    """What stands before the numbers of a chapter's figures, and before its title; annexes count by themselves."""
    out: list[tuple[str, str]] = []
    chapter, annex = 0, 0
    for page in pages:
        if page.page.kind in ANNEXES:
            annex += 1
            numbers = {"number": annex, "letter": chr(64 + annex) if annex <= 26 else f"Z{annex}"}
            out.append((t("render.annex_label", lang, **numbers), t("render.annex_head", lang, **numbers)))
        else:
            chapter += 1
            head = t("render.chapter_head", lang, number=chapter, spelt=chinese(chapter))
            out.append((str(chapter), head))
    return out


def chinese(number: int) -> str:
    """A number from 1 in Chinese figures: 38 is 三十八; from 100 on in Arabic ones."""
    if number > 99:
        return f" {number} "
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else f"{digits[tens]}十")
    return head + (digits[ones] if ones else "")
