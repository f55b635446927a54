"""Comments on the cells of a table, by what they are about: a row, a figure, a column of figures.

Must not know what they say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from greenreport.intake.columns import Column
from greenreport.intake.sheets import Grid

__all__ = ["Comments"]


class Comments:
    """The comments of one table.

    Args:
        grid: the sheet.
        heads: the rows of the head; where there is none, an empty range that ends before the first row of figures.
        level: the columns of figures.
        growth: which column holds the growth of which of them.
    """

    def __init__(self, grid: Grid, heads: range, level: Iterable[Column], growth: Mapping[int, int]) -> None:
        self._grid, self._heads, self._last, self._growth = grid, heads, heads.stop - 1, growth
        self._by_row: dict[int, list[tuple[int, str]]] = {}
        self._by_figure: dict[int, list[tuple[int, str]]] = {}
        self.of_head: dict[int, list[str]] = {c.index: [] for c in level}
        """Those on the heads over each column of figures, and on that of its growth."""
        figures = {*self.of_head, *growth.values()}
        for n, ((r, c), text) in enumerate(grid.comments.items()):
            if r >= heads.start and c not in figures:
                self._by_row.setdefault(max(r, self._last), []).append((n, text))
            if r > self._last:
                self._by_figure.setdefault(r, []).append((c, text))
            if r in heads:
                for column in self.of_head:
                    if self._stands_over(r, c, column):
                        self.of_head[column].append(text)

    def of_row(self, r: int) -> list[str]:
        """Those in a row beside the figures, and on the heads there, in the order of the file."""
        return [text for _, text in sorted([*self._by_row.get(self._last, ()), *self._by_row.get(r, ())])]

    def of_figure(self, r: int, columns: Collection[int]) -> list[str]:
        """Those in a row on a figure and on what is in its columns."""
        return [text for c, text in self._by_figure.get(r, ()) if c in columns]

    def _stands_over(self, r: int, at: int, column: int) -> bool:
        """Whether a head stands over a column of figures or of its growth: none other stands between."""
        return any(
            at <= over and not any(self._grid.cell(r, i).strip() for i in range(at + 1, over + 1))
            for over in (column, self._growth.get(column, column))
        )
