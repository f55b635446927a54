"""The sheets and columns of the workbook that a project is begun from, in both languages, with what each holds.

The template is written, and a filled workbook read, by this one description; its words are those of the catalogue. Knows
words only.
"""

from __future__ import annotations

from dataclasses import dataclass

from greenreport.text import Text
from greenreport.typing_slips import nearest
from greenreport.words import both

__all__ = ["CHOICES", "PLAN_ITEMS", "SHEETS", "Column", "Sheet", "choice", "column_of", "sheet_of"]


@dataclass(frozen=True)
class Column:
    """One column, or one item of the sheet about the plan: key, head, what to write, whether it must be filled in."""

    key: str
    head: Text
    note: Text
    needed: bool = False

    @property
    def both(self) -> str:
        """Its head in both languages."""
        return f"{self.head.zh} {self.head.en}"


@dataclass(frozen=True)
class Sheet:
    """One sheet: key, name, columns. `years`: further columns are headed by a year."""

    key: str
    name: Text
    columns: tuple[Column, ...]
    years: bool = False

    @property
    def both(self) -> str:
        """Its name in both languages."""
        return f"{self.name.zh} {self.name.en}"


def _columns(sheet: str, keys: str) -> tuple[Column, ...]:
    """Columns by their keys; an exclamation mark is behind those that must be filled in."""

    def column(key: str, needed: bool) -> Column:
        words = both(f"begin.column.{sheet}.{key}")
        (zh, note_zh), (en, note_en) = words.zh.split("|"), words.en.split("|")
        return Column(key, Text(zh, en), Text(note_zh, note_en), needed)

    return tuple(column(key.rstrip("!"), key.endswith("!")) for key in keys.split())


def _sheet(key: str, keys: str, *, years: bool = False) -> Sheet:
    return Sheet(key, both(f"begin.sheet.{key}"), _columns(key, keys), years)


PLAN_ITEMS = _columns(
    "items",
    "title_zh title_en whole_zh whole_en whole_code part_zh part_en parts_en first_year! last_year! number issued as_of",
)
SHEETS = (
    _sheet("plan", "item! value"),
    _sheet("areas", "code name_zh name_en population"),
    _sheet(
        "indicators",
        "id name_zh name_en unit_zh unit_en decimals kind direction! baseline_year! baseline allocation definition_zh "
        "definition_en",
    ),
    _sheet("targets", "indicator! area", years=True),
    _sheet("figures", "indicator! area source published note", years=True),
)

CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {
        "flow": ("总量", "amount", "flow"),
        "cumulative_count": ("累计数", "count", "cumulative count", "cumulative_count"),
        "share": ("比率", "share", "rate", "比重", "占比"),
        "level": ("水平", "level", "intensity", "强度"),
    },
    "direction": {"up": ("升", "up", "越大越好"), "down": ("降", "down", "越小越好")},
    "allocation": {
        "none": ("不推算", "none"),
        "same": ("同一水平", "same level", "same"),
        "baseline_share": ("按基期占比", "by baseline", "baseline_share"),
        "population": ("按人口", "by population", "population"),
        "equal": ("平均", "equal parts", "equal"),
    },
}
"""What may be written in columns with a choice; the first two are what the template offers in Chinese and English."""


def _same(text: str, *names: str) -> bool:
    return text.strip().casefold() in {name.casefold() for name in names}


def sheet_of(title: str) -> Sheet | None:
    """The sheet of a title in either language, or in both; None if there is no such."""
    return next((s for s in SHEETS if _same(title, s.key, s.name.zh, s.name.en, s.both)), None)


def column_of(head: str, columns: tuple[Column, ...]) -> Column | None:
    """The column, or item, of a head in either language, or in both; None if there is no such."""
    return next((c for c in columns if _same(head, c.key, c.head.zh, c.head.en, c.both)), None)


def choice(key: str, text: str) -> str | Text:
    """What a word means in a column with a choice, or why nothing: the words that come near it, all if none does."""
    words = {word: meaning for meaning, spelt in CHOICES[key].items() for word in spelt}
    for word, meaning in words.items():
        if _same(text, word):
            return meaning
    meant = {words[word] for word in nearest(text, words)} or set(CHOICES[key])
    near = [word for meaning, spelt in CHOICES[key].items() if meaning in meant for word in spelt[:2]]
    return both("begin.wrong.choice", text=text, words=near)
