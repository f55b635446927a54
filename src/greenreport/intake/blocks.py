"""Cuts a sheet into tables before anything is read: at heads, at the titles over them, at remarks below.

Each table has its own titles, head and rows; nothing of one is used for another. Tells heads, titles, fields and remarks
apart by what their cells say, judges no figure and knows no indicator by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from greenreport.intake.account import Account, Accountant
from greenreport.intake.numbers import Number, parse_number
from greenreport.intake.sheets import Grid
from greenreport.intake.units import multiplier_power, parse_unit
from greenreport.intake.words import KEY_KINDS, KEYS, LEXICON, is_missing, plain

__all__ = ["Block", "Title", "cut", "fields_of", "filled", "is_figure", "is_remark"]

Cell = tuple[int, str]
_CORE = frozenset(("area", "area_code", "indicator", "period", "month", "value", "corner"))
_NAMES = ("area", "area_code", "indicator", "period")
_DEEPEST = 6
_REMARK = re.compile(
    "(?:" + "|".join(map(re.escape, sorted(LEXICON["words"]["remarks"], key=len, reverse=True))) + r")\s*\d{0,2}\s*(?:[::、.)]|$|\s)|[*※①-⑳¹²³⁰-⁹]|以上数据|本表"
)  # fmt: skip
# Why a cell that was meant to hold a figure holds none.
_SLIPS = (
    "number_struck", "number_comma", "number_range", "number_exponent", "number_form", "number_scaled", "number_mark",
    "cell_error", "formula",
)  # fmt: skip


@dataclass(frozen=True)
class Title:
    """A text over a table: its account, and where it stands (row and column from 0; row -1: the name of the sheet)."""

    row: int
    col: int
    account: Account


@dataclass(frozen=True)
class Block:
    """One table of a sheet: titles, the nearest to the head first; rows of the head (`top`…`bottom`); rows of its body.

    A form without a head, label and figure side by side, has `bottom` < `top`.
    """

    titles: tuple[Title, ...]
    top: int
    bottom: int
    body: tuple[int, ...]
    numbering: frozenset[int] = field(default_factory=frozenset)


def cut(grid: Grid, words: Accountant) -> list[Block]:
    """The tables of a sheet, from above; rows that belong to none are in no block."""
    heads = _heads(grid, words)
    if not heads:
        return _form(grid, words)
    floors = [0, *(h.bottom + 1 for h in heads)]
    starts = [_titles_from(grid, h.top, floor, words) for h, floor in zip(heads, floors, strict=False)]
    blocks: list[Block] = []
    for head, start, end in zip(heads, starts, [*starts[1:], len(grid.rows)], strict=True):
        block = replace(head, titles=_titles(grid, start, head.top, words), body=tuple(range(head.bottom + 1, end)))
        if blocks and _continues(grid, blocks[-1], block):
            blocks[-1] = replace(blocks[-1], body=(*blocks[-1].body, *block.body))
        else:
            blocks.append(block)
    return blocks


def _heads(grid: Grid, words: Accountant) -> list[Block]:
    """The heads of a sheet, from above, yet without titles and bodies."""
    heads: list[Block] = []
    r = 0
    while r < len(grid.rows):
        if _is_head(grid.rows[r], words):
            bottom, numbering = _last_head_row(grid, r, words)
            top = _first_head_row(grid, r, heads[-1].bottom + 1 if heads else 0, words)
            heads.append(Block((), top, bottom, (), numbering))
            r = bottom
        r += 1
    return heads


def _continues(grid: Grid, before: Block, block: Block) -> bool:
    """The same head again, with nothing over it but 续表 or a page's number: the table goes on."""
    again, first = ([[c.strip() for c in row] for row in grid.rows[x.top : x.bottom + 1]] for x in (block, before))
    return again == first and not any(_describes(t.account) for t in block.titles if t.row >= 0)


def _describes(a: Account) -> bool:
    """Whether a title says anything of the figures, or may do so."""
    return bool(a.unknown or a.has_dimension or a.units or a.meanings or a.kind)


def is_figure(text: str) -> bool:
    """Whether a cell holds, or was meant to hold, a figure."""
    read = parse_number(text)
    if isinstance(read, Number):
        return not read.unit or parse_unit(read.unit) is not None or multiplier_power(read.unit) is not None
    return read.code in _SLIPS


def filled(row: list[str]) -> list[Cell]:
    """The cells of a row that are not blank, with their columns (from 0)."""
    return [(i, c) for i, c in enumerate(row) if c.strip()]


def _all_keyed(cells: list[Cell]) -> bool:
    """Whether every cell is a field with its key: 填报人：…."""
    return all(KEYS.search(plain(c)) for _, c in cells)


def _says_period(a: Account) -> bool:
    return bool(a.period.year or a.period.part)


def _is_data(text: str, words: Accountant) -> bool:
    """Whether a cell holds a figure and does not name a period: 2024 and 1-3月 may stand in heads."""
    said = words.of(text)
    return is_figure(text) and not (said.known and _says_period(said))


def _holds_data(cells: list[Cell], words: Accountant) -> bool:
    """Whether any cell is a field or a figure, so that the row is no part of a head."""
    return any(KEYS.search(plain(c)) or _is_data(c, words) for _, c in cells)


def _is_head(row: list[str], words: Accountant) -> bool:
    cells = filled(row)
    if len(cells) < 2 or fields_of(row, words) or _holds_data(cells, words):
        return False
    said = [words.of(c) for _, c in cells]
    return any(a.role in _CORE for a in said) or _heads_columns(said, leads=cells[0][0] == 0)


def _heads_columns(said: list[Account], *, leads: bool) -> bool:
    """Whether texts side by side are of one kind: indicators, periods or areas; the first that `leads` may be a corner."""
    if all(a.known and a.indicators for a in said):
        return True
    if leads and said[0].has_dimension:
        return all(a.known and _says_period(a) for a in said)
    across = said[1:] if leads else said
    kinds: tuple[Callable[[Account], object], ...] = (_says_period, lambda a: a.indicators, lambda a: a.areas)
    return all(a.is_label for a in across) and any(all(map(kind, across)) for kind in kinds)


def _last_head_row(grid: Grid, top: int, words: Accountant) -> tuple[int, frozenset[int]]:
    """The head goes on as long as rows hold words only, where names of areas and indicators would stand as well."""
    bottom, numbering = top, set()
    last = min(top + _DEEPEST, len(grid.rows))
    merged = max([r2 for r1, _, r2, _ in grid.merges if r1 == top and r2 < last], default=top)
    names = [i for i, c in enumerate(grid.rows[top]) if words.of(c).role in _NAMES]
    for r in range(top + 1, last):
        cells = filled(grid.rows[r])
        if _is_numbering(cells):
            numbering.add(r)
        elif r > merged and not _goes_on(cells, names, words):
            break
        bottom = r
    return bottom, frozenset(numbering)


def _goes_on(cells: list[Cell], names: list[int], words: Accountant) -> bool:
    """Whether a row below a head belongs to it; `names`: the columns in which the names of rows will stand."""
    said = {i: words.of(c) for i, c in cells}
    if set(said) <= {0} or not all(_is_words(c, words, years=said.keys().isdisjoint(names)) for _, c in cells):
        return False
    if all(a.role == "unit" or a.units for a in said.values()):
        return True
    # A name where the rows' names stand begins the body; the name of a column does not.
    return all(said[i].role is not None for i in (names or [0]) if i in said) and not _remark_row(cells, words)


def _is_words(text: str, words: Accountant, *, years: bool) -> bool:
    """Whether a cell may stand in a head: it is no figure, except a year where `years` may stand."""
    return not is_missing(text) and not (is_figure(text) and (_is_data(text, words) or not years))


def _is_numbering(cells: list[Cell]) -> bool:
    """甲 乙 1 2 3, or ① ② ③, under a head."""
    texts = [plain(c).strip("()").casefold() for _, c in cells]
    rest = [t for t in texts if t not in LEXICON["words"]["columns"]]
    circled = all(len(t) == 1 and "①" <= t <= "⑳" for t in rest)
    numbers = [ord(t) - 0x245F if circled else int(t) for t in rest if circled or (t.isdigit() and t.isascii())]
    runs = numbers == list(range(1, len(rest) + 1))
    return len(texts) > 1 and runs and (circled or len(rest) < len(texts))


def _first_head_row(grid: Grid, top: int, floor: int, words: Accountant) -> int:
    """Groups may stand over a head: rows right above it with several words, none of them a figure or a field."""
    while top > floor:
        row = grid.rows[top - 1]
        cells = filled(row)
        if len(cells) < 2 or cells[0][0] == 0 or fields_of(row, words) or _holds_data(cells, words):
            break
        top -= 1
    return top


def _titles_from(grid: Grid, top: int, floor: int, words: Accountant) -> int:
    """The first row over a head that speaks of its table and not of the one above."""
    if floor == 0:
        # Over the first head every text counts, up to a row of figures that has no head of its own.
        for r in range(top - 1, -1, -1):
            cells = filled(grid.rows[r])
            if len(cells) > 1 and any(_is_data(c, words) for _, c in cells) and not fields_of(grid.rows[r], words):
                return r + 1
        return 0
    start = top
    for r in range(top - 1, floor - 1, -1):
        if not any(c.strip() for c in grid.rows[r]):
            continue
        if not _is_title_row(grid, r, words):
            break
        start = r
    return start


def _is_title_row(grid: Grid, r: int, words: Accountant) -> bool:
    """Whether a row below another table is a title, or holds fields, and is no remark on that table."""
    cells, before = filled(grid.rows[r]), filled(grid.rows[r - 1])
    if _remark_row(cells, words):
        return False
    if fields_of(grid.rows[r], words) or _all_keyed(cells):
        return True
    # Below other areas a name alone is a row without a figure; anywhere else it is a title.
    is_area = words.names.is_area
    listed = bool(before) and is_area(plain(before[0][1])) and is_area(plain(cells[0][1]))
    return len(cells) == 1 and not is_figure(cells[0][1]) and not listed


def _title_parts(row: list[str], words: Accountant) -> list[tuple[int, Account]]:
    """What the cells of a row over a table say; label and value in two cells count as one field."""
    pairs = fields_of(row, words)
    if pairs:
        return [(key, words.keyed(plain(row[key]).rstrip(":"), row[value])) for key, value in pairs]
    return [(i, words.title(c)) for i, c in filled(row)]


def _titles(grid: Grid, start: int, top: int, words: Accountant) -> tuple[Title, ...]:
    out = [Title(r, c, a) for r in range(top - 1, start - 1, -1) for c, a in _title_parts(grid.rows[r], words)]
    name = re.sub(r"\s*\(\d{1,2}\)$", "", plain(grid.sheet))
    return (*out, Title(-1, 0, words.of(name))) if name else tuple(out)


# What a value must say to be that of a field: `said` with the key, `own` by itself.
_FITS: dict[str, Callable[[Account, Account], object]] = {
    "reporter": lambda said, own: (
        (said.areas or (said.known and said.reporter)) and not own.indicators and not own.period.year
    ),
    "area": lambda said, own: own.areas and own.known,
    "period": lambda said, own: _says_period(own),
    "unit": lambda said, own: own.units and own.known and not own.has_dimension,
    "indicator": lambda said, own: own.indicators and own.known,
    "day": lambda said, own: said.days,
    "free": lambda said, own: not own.is_label,
    "source": lambda said, own: not own.is_label,
}


def fields_of(row: list[str], words: Accountant) -> list[tuple[int, int]]:
    """Label and value side by side: 填报单位 | 万州区商务委; the places of each pair, empty if the row is anything else."""
    cells = filled(row)
    if len(cells) % 2:
        return []
    pairs = list(zip(cells[::2], cells[1::2], strict=True))
    return [(k, v) for (k, _), (v, _) in pairs] if all(_is_field(k, v, words) for (_, k), (_, v) in pairs) else []


def _is_field(key: str, value: str, words: Accountant) -> bool:
    name = plain(key).casefold().rstrip(":").strip()
    fits = _FITS.get(KEY_KINDS.get(name, ""))
    own = words.of(value)
    return fits is not None and own.role is None and bool(fits(words.keyed(name, value), own))


def is_remark(text: str) -> bool:
    """Whether a text below a table begins as a remark does."""
    return bool(_REMARK.match(plain(text).casefold()))


def _remark_row(cells: list[Cell], words: Accountant) -> bool:
    """Whether a row is a remark, the number of a page, or fields that say nothing of the figures."""
    first = cells[0][1]
    if is_figure(first):
        return False
    if _all_keyed(cells):
        fields = [words.title(c) for _, c in cells]
        return not any(a.unknown or a.has_dimension or a.units or a.reporter for a in fields)
    if len(cells) > 1:
        return False
    said = words.of(first)
    if said.known and not (said.is_label or said.groups):
        return bool(re.search(r"\d", first))
    return is_remark(first) and not said.indicators


def _form(grid: Grid, words: Accountant) -> list[Block]:
    """A form without a head: a label with an indicator, its figure beside it, perhaps its unit; anything else is none."""
    rows = [r for r, row in enumerate(grid.rows) if _is_labelled(filled(row), words)]
    if not rows or len({tuple(i for i, _ in filled(grid.rows[r])[:2]) for r in rows}) > 1:
        return []
    top = max((r + 1 for r in range(rows[0]) if filled(grid.rows[r])), default=0)
    return [Block(_titles(grid, 0, top, words), rows[0], rows[0] - 1, tuple(range(rows[0], len(grid.rows))))]


def _is_labelled(cells: list[Cell], words: Accountant) -> bool:
    """Whether a row is an indicator with its figure beside it, and perhaps a unit."""
    if len(cells) not in (2, 3) or not words.of(cells[0][1]).indicators:
        return False
    return is_figure(cells[1][1]) or is_missing(cells[1][1])
