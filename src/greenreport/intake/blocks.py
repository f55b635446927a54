"""Cuts a sheet into tables before anything is read: at heads, at the titles over them, at remarks below.

Each table has its own titles, head and rows; nothing of one is used for another. Tells heads, titles, fields and remarks
apart by what their cells say, judges no figure and knows no indicator by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from greenreport.intake.account import Account, Accountant
from greenreport.intake.numbers import Number, parse_number
from greenreport.intake.sheets import Grid
from greenreport.intake.units import multiplier_power, parse_unit
from greenreport.intake.words import KEY_KINDS, KEYS, LEXICON, is_missing, plain

__all__ = ["Block", "Title", "cut", "fields_of", "is_figure", "is_remark", "title_parts"]

_CORE = frozenset(("area", "area_code", "indicator", "period", "month", "value", "corner"))
_DEEPEST = 6
_REMARK = re.compile(
    "(?:" + "|".join(map(re.escape, sorted(LEXICON["words"]["remarks"], key=len, reverse=True))) + r")\s*\d{0,2}\s*(?:[::、.)]|$|\s)|[*※①-⑳¹²³⁰-⁹]|以上数据|本表"
)  # fmt: skip
_NUMBERS = (
    "number_struck",
    "number_comma",
    "number_range",
    "number_exponent",
    "number_form",
    "number_scaled",
    "cell_error",
    "formula",
)


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
    heads: list[tuple[int, int, frozenset[int]]] = []
    r = 0
    while r < len(grid.rows):
        if _is_head(grid.rows[r], words):
            bottom, numbering = _last_head_row(grid, r, words)
            heads.append((_first_head_row(grid, r, heads[-1][1] + 1 if heads else 0, words), bottom, numbering))
            r = bottom + 1
        else:
            r += 1
    if not heads:
        return _form(grid, words)
    starts = [_titles_from(grid, top, heads[n - 1][1] + 1 if n else 0, words) for n, (top, _, _) in enumerate(heads)]
    blocks: list[Block] = []
    for n, (top, bottom, numbering) in enumerate(heads):
        end = starts[n + 1] if n + 1 < len(heads) else len(grid.rows)
        titles = _titles(grid, starts[n], top, words)
        body = tuple(range(bottom + 1, end))
        before = blocks[-1] if blocks else None
        if before and _continues(grid, before, top, bottom, titles):
            blocks[-1] = Block(before.titles, before.top, before.bottom, (*before.body, *body), before.numbering)
        else:
            blocks.append(Block(titles, top, bottom, body, numbering))
    return blocks


def _continues(grid: Grid, before: Block, top: int, bottom: int, titles: tuple[Title, ...]) -> bool:
    """The same head again, with nothing over it but 续表 or a page's number: the table goes on."""
    again = [[c.strip() for c in r] for r in grid.rows[top : bottom + 1]]
    first = [[c.strip() for c in r] for r in grid.rows[before.top : before.bottom + 1]]
    own = [t.account for t in titles if t.row >= 0]
    return again == first and not any(a.unknown or a.has_dimension or a.units or a.meanings or a.kind for a in own)


def is_figure(text: str) -> bool:
    """Whether a cell holds, or was meant to hold, a figure."""
    read = parse_number(text)
    if isinstance(read, Number):
        return not read.unit or parse_unit(read.unit) is not None or multiplier_power(read.unit) is not None
    return read.code in (*_NUMBERS, "number_mark")


def _filled(row: list[str]) -> list[tuple[int, str]]:
    return [(i, c) for i, c in enumerate(row) if c.strip()]


def _is_data(text: str, words: Accountant) -> bool:
    """Whether a cell holds a figure and does not name a period: 2024 and 1-3月 may stand in heads."""
    said = words.of(text)
    return is_figure(text) and not (said.known and (said.period.year or said.period.part))


def _is_head(row: list[str], words: Accountant) -> bool:
    filled = _filled(row)
    if len(filled) < 2 or fields_of(row, words) or any(KEYS.search(plain(c)) for _, c in filled):
        return False
    said = [words.of(c) for _, c in filled]
    if any(_is_data(c, words) for _, c in filled):
        return False
    if any(a.role in _CORE for a in said):
        return True
    first = said[0] if filled[0][0] == 0 else Account()
    if all(a.known and a.indicators for a in said):
        return True
    if first.has_dimension:
        return all(a.known and (a.period.year or a.period.part) for a in said)
    body = said[1:] if filled[0][0] == 0 else said
    if not body or not all(a.is_label for a in body):
        return False
    return any(
        all(one_kind)
        for one_kind in zip(*((a.period.year or a.period.part, a.indicators, a.areas) for a in body), strict=True)
    )


def _last_head_row(grid: Grid, top: int, words: Accountant) -> tuple[int, frozenset[int]]:
    """The head goes on as long as rows hold words only, where names of areas and indicators would stand as well."""
    bottom, numbering = top, set()
    last = min(top + _DEEPEST, len(grid.rows))
    merged = max([r2 for r1, _, r2, _ in grid.merges if r1 == top and r2 < last], default=top)
    names = [
        i for i, c in enumerate(grid.rows[top]) if words.of(c).role in ("area", "area_code", "indicator", "period")
    ]
    for r in range(top + 1, last):
        row = grid.rows[r]
        filled = _filled(row)
        if filled and _is_numbering(filled):
            numbering.add(r)
            bottom = r
        elif r <= merged or (filled and _goes_on(row, filled, names, words)):
            bottom = r
        else:
            break
    return bottom, frozenset(numbering)


def _goes_on(row: list[str], filled: list[tuple[int, str]], names: list[int], words: Accountant) -> bool:
    said = {i: words.of(c) for i, c in filled}
    if len(filled) == 1 and filled[0][0] == 0:
        return False
    for i, c in filled:
        years = i not in names and all(not row[k].strip() for k in names if k < len(row))
        if is_missing(c) or (is_figure(c) and (_is_data(c, words) or not years)):
            return False
    if all(said[i].role == "unit" or said[i].units for i, _ in filled):
        return True
    # A name where the rows' names stand begins the body; the name of a column does not.
    led = [said[i] for i, _ in filled if i in names or (not names and i == 0)]
    return all(a.role is not None for a in led) and not _remark_row(filled, words)


def _is_numbering(filled: list[tuple[int, str]]) -> bool:
    """甲 乙 1 2 3, or ① ② ③, under a head."""
    texts = [plain(c).strip("()").casefold() for _, c in filled]
    lead = [t for t in texts if t in LEXICON["words"]["columns"]]
    rest = [t for t in texts if t not in LEXICON["words"]["columns"]]
    circled = [ord(t) - 0x245F for t in rest if len(t) == 1 and "①" <= t <= "⑳"]
    numbers = circled if len(circled) == len(rest) else [int(t) for t in rest if t.isdigit() and t.isascii()]
    run = len(numbers) == len(rest) and numbers == list(range(1, len(numbers) + 1))
    return run and (bool(lead) or len(circled) == len(rest)) and len(texts) > 1 and bool(lead or numbers)


def _first_head_row(grid: Grid, top: int, floor: int, words: Accountant) -> int:
    """Groups may stand over a head: rows right above it with several words, none of them a figure or a field."""
    while top - 1 >= floor and _DEEPEST:
        filled = _filled(grid.rows[top - 1])
        if len(filled) < 2 or filled[0][0] == 0 or fields_of(grid.rows[top - 1], words):
            break
        if any(KEYS.search(plain(c)) or _is_data(c, words) for _, c in filled):
            break
        top -= 1
    return top


def _titles_from(grid: Grid, top: int, floor: int, words: Accountant) -> int:
    """The first row over a head that speaks of its table and not of the one above."""
    if floor == 0:
        # Over the first head every text counts, up to a row of figures that has no head of its own.
        rows = (r for r in range(top - 1, -1, -1) if _stray(grid.rows[r], words))
        return next(rows, -1) + 1
    start = top
    for r in range(top - 1, floor - 1, -1):
        filled = _filled(grid.rows[r])
        if not filled:
            continue
        # Below other areas a name alone is a row without a figure; anywhere else it is a title.
        before = _filled(grid.rows[r - 1])
        listed = bool(before) and words.names.is_area(plain(before[0][1]))
        lone = len(filled) == 1 and not is_figure(filled[0][1])
        lone &= not (listed and words.names.is_area(plain(filled[0][1])))
        fields = fields_of(grid.rows[r], words) or all(KEYS.search(plain(c)) for _, c in filled)
        if _remark_row(filled, words) or not (lone or fields):
            break
        start = r
    return start


def _stray(row: list[str], words: Accountant) -> bool:
    filled = _filled(row)
    figures = [c for _, c in filled if _is_data(c, words)]
    return len(filled) > 1 and bool(figures) and not fields_of(row, words)


def title_parts(row: list[str], words: Accountant) -> list[tuple[int, Account]]:
    """What the cells of a row over a table say; label and value in two cells count as one field."""
    pairs = fields_of(row, words)
    if pairs:
        return [(key, words.keyed(plain(row[key]).rstrip(":"), row[value])) for key, value in pairs]
    return [(i, words.title(c)) for i, c in _filled(row)]


def _titles(grid: Grid, start: int, top: int, words: Accountant) -> tuple[Title, ...]:
    out = [Title(r, c, a) for r in range(top - 1, start - 1, -1) for c, a in title_parts(grid.rows[r], words)]
    name = re.sub(r"\s*\(\d{1,2}\)$", "", plain(grid.sheet))
    return (*out, Title(-1, 0, words.of(name))) if name else tuple(out)


def fields_of(row: list[str], words: Accountant) -> list[tuple[int, int]]:
    """Label and value side by side: 填报单位 | 万州区商务委; the places of each pair, empty if the row is anything else."""
    filled = _filled(row)
    if len(filled) % 2 or not filled:
        return []
    pairs = []
    for (k, key), (v, value) in zip(filled[::2], filled[1::2], strict=True):
        name = plain(key).casefold().rstrip(":").strip()
        kind = KEY_KINDS.get(name, "")
        said, own = words.keyed(name, value), words.of(value)
        fits = {
            "reporter": bool(said.areas or (said.known and said.reporter))
            and not own.indicators
            and not own.period.year,
            "area": bool(own.areas) and own.known,
            "period": bool(own.period.year or own.period.part),
            "unit": bool(own.units) and own.known and not own.has_dimension,
            "indicator": bool(own.indicators) and own.known,
            "day": bool(said.days),
            "free": not own.is_label,
            "source": own.role is None and not own.is_label,
        }.get(kind, False)
        if not fits or own.role is not None:
            return []
        pairs.append((k, v))
    return pairs


def is_remark(text: str) -> bool:
    """Whether a text below a table begins as a remark does."""
    return bool(_REMARK.match(plain(text).casefold()))


def _remark_row(filled: list[tuple[int, str]], words: Accountant) -> bool:
    first = filled[0][1]
    if is_figure(first):
        return False
    said = [words.title(c) for _, c in filled]
    if all(KEYS.search(plain(c)) for _, c in filled):
        return all(a.known and not (a.has_dimension or a.units or a.reporter) for a in said)
    if len(filled) == 1 and words.of(first).known and not (words.of(first).is_label or words.of(first).groups):
        return bool(re.search(r"\d", first)) and not is_figure(first)
    return is_remark(first) and len(filled) == 1 and not words.of(first).indicators


def _form(grid: Grid, words: Accountant) -> list[Block]:
    """A form without a head: a label with an indicator, its figure beside it, perhaps its unit; anything else is none."""
    body, above = [], []
    for r, row in enumerate(grid.rows):
        filled = _filled(row)
        if (
            len(filled) in (2, 3)
            and words.of(filled[0][1]).indicators
            and (is_figure(filled[1][1]) or is_missing(filled[1][1]))
        ):
            body.append(r)
        elif filled and not body:
            above.append(r)
    if not body or len({tuple(i for i, _ in _filled(grid.rows[r])[:2]) for r in body}) > 1:
        return []
    titles = _titles(grid, 0, above[-1] + 1 if above else 0, words)
    return [Block(titles, body[0], body[0] - 1, tuple(range(body[0], len(grid.rows))))]
