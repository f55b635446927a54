"""A Quarto notebook filter: the notebook comes in as JSON and goes out staged, so that its captions are seen.

Quarto sees captions and alternative texts in a cell's `#|` options only, and this project's travel in the output's
metadata. Named in `_quarto.yml` under `ipynb-filters`.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Read a notebook from standard input and write it staged."""
    from greenreport.render.cells import read_cells

    notebook = json.load(sys.stdin)
    first = notebook["cells"][0]
    matter = [first] if first["cell_type"] == "raw" else []
    cells = [{**cell, "id": f"cell-{n}"} for n, cell in enumerate([*matter, *read_cells(notebook).cells])]
    staged = [{**cell, "source": "".join(cell["source"]).splitlines(True)} for cell in cells]
    json.dump({**notebook, "cells": staged}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
