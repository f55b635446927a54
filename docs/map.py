"""Draws docs/images/map.svg from the code: packages in the order of their layers, and what each imports.

    python docs/map.py            draws it (make map)
    python docs/map.py --check    says whether the committed one is still true

Layers come from the import contracts in pyproject.toml, arrows from the imports themselves, words from the first line of
each package's docstring. An arrow that follows from others (a imports b, b imports c) is left out.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "greenreport"
MAP = ROOT / "docs" / "images" / "map.svg"

WIDTH, BOX, HEIGHT, GAP, ROW = 1180, 216, 76, 16, 116
PER_ROW = 5
LINE = 36
"""Characters of a package's description on one line."""

Place = tuple[float, float]


def layers() -> list[list[str]]:
    """The names of each layer, from the top down, without the command that only starts the package."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    declared = next(one["layers"] for one in settings["contracts"] if one["type"] == "layers")
    return [[name.strip() for name in layer.split("|")] for layer in declared if layer != "__main__"]


def imports(names: Iterable[str]) -> dict[str, set[str]]:
    """Package → the packages whose modules it imports when it runs."""
    graph = grimp.build_graph("greenreport", exclude_type_checking_imports=True)
    known = set(names)
    found: dict[str, set[str]] = {name: set() for name in known}
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            here, there = (one.split(".")[1] if "." in one else "" for one in (module, other))
            if here in known and there in known and here != there:
                found[here].add(there)
    return found


def needed(arrows: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The arrows that do not follow from others."""

    def reached(name: str) -> set[str]:
        return {far for near in arrows[name] for far in {near} | reached(near)}

    return {
        name: {near for near in direct if not any(near in reached(other) for other in direct - {near})}
        for name, direct in arrows.items()
    }


def described(name: str) -> str:
    """The first sentence of a package's docstring."""
    file = PACKAGE / name / "__init__.py" if (PACKAGE / name).is_dir() else PACKAGE / f"{name}.py"
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return text.split("\n\n")[0].replace("\n", " ").split(". ")[0].rstrip(".").replace("`", "")


def lines(text: str, most: int = 3) -> list[str]:
    """A text in so many lines at most, cut at words."""
    out = [""]
    for word in text.split():
        if len(out[-1]) + len(word) + 1 > LINE and out[-1]:
            if len(out) == most:
                return [*out[:-1], out[-1] + " …"]
            out.append("")
        out[-1] = f"{out[-1]} {word}".strip()
    return out


def placed(order: list[list[str]]) -> dict[str, Place]:
    """Where each box stands: its upper left corner."""
    places: dict[str, Place] = {}
    y = GAP
    for layer in order:
        for start in range(0, len(layer), PER_ROW):
            row = layer[start : start + PER_ROW]
            left = (WIDTH - len(row) * BOX - (len(row) - 1) * GAP) / 2
            places |= {name: (left + n * (BOX + GAP), y) for n, name in enumerate(row)}
            y += ROW
    return places


def drawn() -> str:
    """The map as SVG."""
    order = layers()
    names = [name for layer in order for name in layer]
    places = placed(order)
    height = max(y for _, y in places.values()) + HEIGHT + GAP
    arrows, boxes = [], []
    for name, near in sorted(needed(imports(names)).items()):
        x, y = places[name]
        for other in sorted(near, key=names.index):
            u, v = places[other]
            start, end = (x + BOX / 2, y + HEIGHT), (u + BOX / 2, v - 2)
            bend = (end[1] - start[1]) / 2
            arrows.append(
                f'<path d="M{start[0]:.0f} {start[1]:.0f}C{start[0]:.0f} {start[1] + bend:.0f} '
                f'{end[0]:.0f} {end[1] - bend:.0f} {end[0]:.0f} {end[1]:.0f}"/>'
            )
    for name in names:
        x, y = places[name]
        text = "".join(
            f'<text x="{x + 10:.0f}" y="{y + 38 + 13 * n:.0f}" class="d">{escape(line)}</text>'
            for n, line in enumerate(lines(described(name)))
        )
        boxes.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}" rx="5"/>'
            f'<text x="{x + 10:.0f}" y="{y + 21:.0f}" class="n">{name}</text>{text}'
        )
    style = (
        "text{font-family:'Noto Sans',Arial,sans-serif;fill:#1c2421}.n{font-size:14px;font-weight:700}"
        ".d{font-size:10.5px;fill:#4c5a55}rect{fill:#fff;stroke:#2f6f5e}"
        "path{fill:none;stroke:#9db5ac;stroke-width:1.2;marker-end:url(#a)}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">',
            "<title>The packages of greenreport and what they import, from the command line down</title>",
            f"<style>{style}</style>",
            '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 8 4 0 8z" style="fill:#9db5ac;stroke:none"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{height:.0f}" style="fill:#f6f9f7;stroke:none"/>',
            *arrows,
            *boxes,
            "</svg>\n",
        ]
    )


if __name__ == "__main__":
    if "--check" not in sys.argv:
        MAP.write_text(drawn(), encoding="utf-8")
    elif MAP.read_text("utf-8") != drawn():
        sys.exit("docs/images/map.svg is not what the code looks like: make map")
