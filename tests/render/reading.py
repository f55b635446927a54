"""What a reader meets in a page, whichever engine set it."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from pypdf import PdfReader

UNITS = (
    *(
        "万亿元",
        "亿元",
        "万元",
        "万吨",
        "万台",
        "万辆",
        "万人",
        "个百分点",
        "亿",
        "万",
        "元",
        "吨",
        "台",
        "家",
        "个",
        "项",
        "%",
    ),
    *("trillion", "billion", "million", "thousand", "tonnes", "percentage", "vehicles", "exhibitions", "kt"),
)
SPACE = "{http://www.w3.org/1999/xhtml}"


def content(page: Path) -> dict[str, list[str]]:
    """What a reader meets on a page: headings, captions, links, tables, alternative texts, running text."""
    main = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find("main")
    assert main is not None

    def texts(selector: str) -> list[str]:
        return [re.sub(r"\s+", " ", tag.get_text()).strip() for tag in main.select(selector)]

    return {
        "headings": texts("h1, h2, h3, h4"),
        "captions": texts("figcaption"),
        "links": [f"{a.get_text().strip()} → {a['href']}" for a in main.select("a[href]")],
        "cells": texts("table th, table td"),
        "alternatives": [str(tag["aria-label"]) for tag in main.select("figure.gr-chart")],
        "paragraphs": texts("p, li"),
        "callouts": texts(".gr-callout-title"),
    }


def words(path: Path) -> tuple[list[str], list[str]]:
    """What a reader meets on paper: the words of each page, and the bookmarks."""
    pdf = PdfReader(path)
    flat = [re.sub(r"\s+", "", page.extract_text()) for page in pdf.pages]
    # The footer names the engine, and that differs.
    flat = [re.sub(r"(排版引擎|Typesetwith)[：:].*", "", text) for text in flat]
    titles = [item.title for item in pdf.outline if not isinstance(item, list)]
    return flat, [str(title) for title in titles]


def parted(path: Path, *, largest: float = 99.0) -> list[tuple[str, str]]:
    """Lines that end in a figure, or in a figure and half its unit, where the next line of the block begins with the rest.

    Args:
        path: a PDF.
        largest: lines higher than this (in points) are left out.
    """
    made = subprocess.run(["pdftotext", "-bbox-layout", str(path), "-"], check=True, capture_output=True).stdout
    out = []
    for block in ElementTree.fromstring(made).iter(f"{SPACE}block"):
        lines = [
            "".join(word.text or "" for word in line.iter(f"{SPACE}word"))
            for line in block.iter(f"{SPACE}line")
            if float(line.get("yMax", 0)) - float(line.get("yMin", 0)) <= largest
        ]
        out += [(first, second) for first, second in pairwise(lines) if _cut(first, second)]
    return out


def _cut(first: str, second: str) -> bool:
    """Whether a line break falls between a figure and its unit, or within the unit; "section 4" is no figure."""
    if re.search(r"(?:chapter|section|table|figure|page)\d+$", first, re.I):
        return False
    cuts = ((unit[:place], unit[place:]) for unit in UNITS for place in range(len(unit)))
    return any(re.search(rf"\d{re.escape(head)}$", first) and second.startswith(rest) for head, rest in cuts)


def as_office_sets(site: Path, out: Path) -> Path:
    """The Word files of a site as LibreOffice sets them, in the same folders below `out`."""
    for folder in sorted(site.glob("*/papers")):
        files = [str(file) for file in sorted(folder.glob("*.docx"))]
        command = ["soffice", f"-env:UserInstallation=file://{out}/profile", "--headless", "--convert-to", "pdf"]
        command += ["--outdir", str(out / folder.relative_to(site)), *files]
        subprocess.run(command, check=True, capture_output=True)
    return out
