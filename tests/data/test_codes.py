"""Combinations of columns as whole numbers: equal where all columns are, in the rows' own order, however many there are."""

import numpy as np
import pandas as pd

from greenreport.observations import combined, key_of

RNG = np.random.default_rng(3)


def columns(sizes, n=500):
    return [RNG.integers(-1, size, n).astype(np.int32) for size in sizes]


def test_keys_are_equal_and_sort_as_the_rows_do() -> None:
    """For random columns, a constant one and one of nothing among them, keys rank exactly like tuples."""
    for sizes in ((3,), (2, 5, 1), (1, 4, 1, 7), (10**6, 10**6, 10**6, 10**6, 10**6)):
        given = [*columns(sizes), np.full(500, -1)]
        rows = list(zip(*(c.tolist() for c in given), strict=True))
        order = {row: n for n, row in enumerate(sorted(set(rows)))}
        ranks = pd.Series(key_of(given)).rank(method="dense").astype(int) - 1
        assert ranks.tolist() == [order[row] for row in rows]


def test_combinations_come_in_the_order_of_their_first_row() -> None:
    """Codes point to the combinations, which stand as they first appeared; no rows give none."""
    given = columns((2, 3))
    rows = list(zip(*(c.tolist() for c in given), strict=True))
    codes, seen = combined(given)
    assert seen == list(dict.fromkeys(rows))
    assert [seen[c] for c in codes] == rows
    assert combined([np.zeros(0, dtype=np.int32)])[1] == []
