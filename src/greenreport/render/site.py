"""The site's shared parts: theme, script, chart library, one small font, the choice of language, start pages.

Everything is a file in the folder: nothing is fetched, and the site works from a memory stick. This module must not
know how a page's body was typeset.
"""

from __future__ import annotations

import hashlib
import html
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version as package_version
from pathlib import Path
from string import Template

from greenreport.fonts import SANS
from greenreport.render.front_matter import FOLDER
from greenreport.render.glyphs import EXTRA, beyond_ascii, web_fonts
from greenreport.render.pandoc import THEME
from greenreport.render.source import Run
from greenreport.render.staging import Staged
from greenreport.render.tables import csv_bytes, workbook_bytes
from greenreport.render.words import NAMES, TAGS, mark, word
from greenreport.words import LANGS, texts

__all__ = [
    "sweep", "write_assets", "write_choice", "write_file", "write_fonts", "write_library", "write_plain_assets",
    "write_tables",
]  # fmt: skip

_AROUND = "“”‘’–—…\u00a0\u2002\u3000〇一二三四五六七八九十百"
"""What pages show for ASCII characters of their sources, and in the numbers of their chapters and papers."""


def write_file(path: Path, content: bytes) -> bool:
    """Write a file if its content is new; says whether it was. Readers never see half a file."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
    return True


def write_tables(folder: Path, page: Staged, *, synthetic: bool) -> None:
    """The tables of a page as files: `tables/<page>/<label>.csv`, and `<page>.xlsx` with a sheet each."""
    name, lang = page.page.id, page.page.lang
    for table in page.tables:
        write_file(folder / "tables" / name / f"{table.label}.csv", csv_bytes(table, lang=lang, synthetic=synthetic))
    facts = [f"{key}{mark(lang, 'colon')}{value}" for key, value in page.facts]
    book = workbook_bytes(page.tables, lang=lang, title=page.title, facts=facts, synthetic=synthetic)
    write_file(folder / f"{name}.xlsx", book)


def sweep(folder: Path, pages: Sequence[Staged], *, papers: Iterable[str] = ()) -> None:
    """Remove what an earlier run of this name left in a language's folder."""
    kept = {one.page.id for one in pages} | {FOLDER, "tables"}
    books = {one.page.id for one in pages if one.tables}
    for path in folder.iterdir():
        if path.stem not in (books if path.suffix == ".xlsx" else kept):
            path.unlink()
    for path in (folder / FOLDER).glob("*"):
        if path.name not in set(papers):
            path.unlink()
    csvs = {f"{one.page.id}/{table.label}.csv" for one in pages for table in one.tables}
    for path in sorted((folder / "tables").glob("*/*")):
        if f"{path.parent.name}/{path.name}" not in csvs:
            path.unlink()
    for path in (folder / "tables").glob("*"):
        if not any(path.iterdir()):
            path.rmdir()


def write_fonts(site: Path, sources: Iterable[Iterable[str]], *, as_of: int) -> str:
    """The small fonts into `site/assets/`, before its pages are set; returns their `@font-face` rules.

    Args:
        site: the site's folder.
        sources: the characters of each page's source; what stands around pages is known.
        as_of: seconds since 1970, the only time that the fonts carry.
    """
    return _write_fonts(site / "assets", _expected(sources), as_of)


def write_assets(site: Path, sources: Iterable[Iterable[str]], *, as_of: int) -> None:
    """Theme, script, chart library and fonts into `site/assets/`.

    Args:
        site: the site's folder with all its pages in place: the fonts hold every character that they show.
        sources: as for [write_fonts].
        as_of: as for [write_fonts].
    """
    assets = site / "assets"
    script = _write_scripts(assets)
    shown = _characters([*site.glob("*/*.html"), site / "index.html"]) | beyond_ascii(script)
    faces = _write_fonts(assets, _expected(sources) | shown, as_of)
    write_file(assets / "greenreport.css", faces.encode() + (THEME / "greenreport.css").read_bytes())


def _expected(sources: Iterable[Iterable[str]]) -> set[str]:
    around = [text for lang in LANGS for text in texts("site", lang).values()]
    return set().union(*sources) | beyond_ascii("".join(around) + _AROUND)


def write_plain_assets(assets: Path) -> None:
    """Theme, script and chart library without the small fonts, for pages rendered by hand."""
    _write_scripts(assets)
    write_file(assets / "greenreport.css", (THEME / "greenreport.css").read_bytes())


def write_library(assets: Path) -> None:
    """The chart library into a site's `assets/`, unless it is there: packing it takes a second."""
    # The bundle is a module's text: in a plain script its names would be the page's.
    bundle = assets / "vega.js"
    mark = f"/* vega, vega-lite, vega-embed; packed by vl-convert {package_version('vl-convert-python')} */\n"
    if not (bundle.is_file() and bundle.read_text(encoding="utf-8").startswith(mark)):
        write_file(bundle, f"{mark}(() => {{{_library()}\n}})();\n".encode())


def _write_scripts(assets: Path) -> str:
    script = (THEME / "greenreport.js").read_text(encoding="utf-8")
    words = {lang: texts("site", lang) for lang in LANGS}
    script = script.replace("/*WORDS*/{}", json.dumps(words, ensure_ascii=False, sort_keys=True))
    write_file(assets / "greenreport.js", script.encode())
    write_library(assets)
    return script


def _library() -> str:
    # In a process of its own: the packer talks to the terminal.
    pack = 'import sys, vl_convert; sys.stdout.write(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))'
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", pack], capture_output=True, encoding="utf-8", check=True)
    return done.stdout


def _characters(pages: Iterable[Path]) -> set[str]:
    """The characters of pages beyond ASCII, which every font has whole."""
    return set().union(*(beyond_ascii(html.unescape(page.read_text(encoding="utf-8"))) for page in pages))


def _write_fonts(assets: Path, characters: set[str], as_of: int) -> str:
    """Write the fonts unless they hold these characters already; returns their `@font-face` rules."""
    # Cutting fonts takes seconds, so it is done once per set of characters.
    key = hashlib.sha256(f"{as_of}:{''.join(sorted(characters))}".encode()).hexdigest()
    mark = assets / "fonts.key"
    if not (mark.is_file() and mark.read_text(encoding="utf-8").strip() == key):
        for left in assets.glob("*.woff2"):
            left.unlink()
        for name, content in web_fonts(characters, timestamp=as_of).items():
            write_file(assets / f"greenreport-{name}.woff2", content)
        write_file(mark, f"{key}\n".encode())
    names = {"sans": SANS, **{short: name for name, short in EXTRA.items()}}
    return "".join(
        f'@font-face {{ font-family: "{name}"; src: url("greenreport-{short}.woff2") format("woff2"); '
        f"font-weight: 100 900; font-display: swap; }}\n"
        for short, name in names.items()
        if (assets / f"greenreport-{short}.woff2").is_file()
    )


def write_choice(site: Path, run: Run) -> None:
    """`site/index.html`: the choice of language, or the way to the only one there is."""
    choices = "\n".join(
        f'<a class="gr-choice" lang="{TAGS[lang]}" hreflang="{TAGS[lang]}" href="{lang}/index.html">'
        f"<strong>{NAMES[lang]}</strong><span>{html.escape(run.title[lang])}</span></a>"
        for lang in run.langs
    )
    notice = "".join(
        f'<aside class="gr-watermark" lang="{TAGS[lang]}" aria-label="{html.escape(word(lang, "watermark"))}">'
        f"<strong>{html.escape(word(lang, 'watermark'))}</strong></aside>"
        for lang in run.langs
        if run.synthetic
    )
    first = run.langs[0]
    page = Template((THEME / "choice.html").read_text(encoding="utf-8")).substitute(
        lang=TAGS[first],
        title=html.escape(" · ".join(run.title[lang] for lang in run.langs)),
        choose=html.escape(" · ".join(word(lang, "choose") for lang in run.langs)),
        choices=choices,
        notice=notice,
        forward=f'<meta http-equiv="refresh" content="0; url={first}/index.html">' if len(run.langs) == 1 else "",
    )
    write_file(site / "index.html", page.encode())
