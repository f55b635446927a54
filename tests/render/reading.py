"""What a reader meets in a page, whichever engine set it."""

from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup
from pypdf import PdfReader


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
