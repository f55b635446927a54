"""Renders a run's folder as HTML, PDF and Word, with Quarto or the built-in engine.

Reads nothing but the run's folder; must not know plans, areas or figures.
"""

from greenreport.render.api import Rendered, RenderResult, render

__all__ = ["RenderResult", "Rendered", "render"]
