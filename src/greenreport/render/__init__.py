"""From a run's folder to pages a reader opens: HTML and PDF, by Quarto or by the built-in engine.

Reads nothing but the run's folder; must not know plans, areas or figures.
"""

from greenreport.render.api import Rendered, RenderResult, render

__all__ = ["RenderResult", "Rendered", "render"]
