"""The papers of a run: report, brief and district sheets as PDF and Word, from one executed notebook per language."""

from __future__ import annotations

from greenreport.render.papers.listing import Entry, entries
from greenreport.render.papers.make import make, plan, reports

__all__ = ["Entry", "entries", "make", "plan", "reports"]
