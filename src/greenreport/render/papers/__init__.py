"""The papers of a run: report, brief and district sheets as PDF and Word, from one executed notebook per language."""

from __future__ import annotations

from greenreport.render.papers.listing import entries
from greenreport.render.papers.make import make

__all__ = ["entries", "make"]
