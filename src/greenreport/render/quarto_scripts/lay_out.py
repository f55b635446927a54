"""A Quarto pre-render script: theme, script, chart library and ways to the fonts under `reports/.by-hand/`.

Named in `_quarto.yml` under `project: pre-render`; Quarto calls it in the project's root.
"""

from __future__ import annotations

from pathlib import Path


def main() -> None:
    """Lay out everything that the project file names."""
    from greenreport.render.quarto import link_fonts
    from greenreport.render.site import write_plain_assets

    folder = Path("reports/.by-hand")
    write_plain_assets(folder / "assets")
    link_fonts(folder / "fonts", chart_fonts=folder / "fonts")


if __name__ == "__main__":
    main()
