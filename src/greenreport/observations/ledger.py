"""The observation ledger: one tidy table of figures, each with the day on which it became known.

What was known on a day is a [View]. Must not know where rows are kept, nor any indicator or area by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from greenreport.areas import Roster
from greenreport.errors import LedgerError
from greenreport.observations.check import Rules, check
from greenreport.observations.schema import COLUMNS, OWN_NOTES, ContextIndicator, LedgerFile
from greenreport.observations.view import View
from greenreport.plan import Plan, Unit
from greenreport.strict_files import nearest
from greenreport.text import Text
from greenreport.words import both, problem

__all__ = ["Ledger", "rows_digest", "rules_of"]

# More texts than this that no row has are not worth hashing.
_SPARE = 10_000


@dataclass(frozen=True, eq=False)
class Ledger:
    """All figures of a ledger, checked and typed.

    `frame` has the columns of the ledger, sorted by key and vintage, and beside them `year` and `months` of the
    period (0: neither a full year nor a year to date), `file` and `row`. `context` describes the indicators that are
    not in the plan, `scopes` and `notes` the short codes used in those columns, `sources` what sources of the column are
    called in each language where that differs. `digest` covers rows and descriptions.
    """

    frame: pd.DataFrame
    title: Text
    synthetic: bool
    plan: Plan
    roster: Roster
    digest: str
    source_note: Text | None = None
    context: Mapping[str, ContextIndicator] = field(default_factory=dict)
    scopes: Mapping[str, Text] = field(default_factory=dict)
    notes: Mapping[str, Text] = field(default_factory=dict)
    sources: Mapping[str, Text] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: pd.DataFrame, *, plan: Plan, roster: Roster, head: LedgerFile | None, name: str) -> Ledger:
        """A ledger from its rows, wherever they are kept.

        Args:
            raw: the columns of the ledger as text, with `file` and `row` that say where each row stands.
            plan: whose indicators the rows may carry.
            roster: whose areas the rows may carry.
            head: title, context indicators and codes; None: any scope is allowed, and the ledger counts as synthetic
                if a row has grade S.
            name: stands for the title where there is no head.

        Returns:
            The ledger.

        Raises:
            LedgerError: with every bad row.
        """
        rules = rules_of(head, plan=plan, roster=roster, name=name, synthetic=bool((raw["grade"] == "S").any()))
        frame = check(raw, rules)
        described = head.model_dump_json() if head else ""
        return cls(
            frame=frame,
            title=head.title.text if head else Text(name, name),
            synthetic=rules.synthetic,
            plan=plan,
            roster=roster,
            digest=hashlib.sha256(f"{rows_digest(frame)}\n{described}".encode()).hexdigest(),
            source_note=head.source_note.text if head and head.source_note else None,
            context=_context(head, plan, name),
            scopes={k: t.text for k, t in head.scopes.items()} if head else {},
            notes={k: t.text for k, t in head.notes.items()} if head else {},
            sources={k: t.text for k, t in head.sources.items()} if head else {},
        )

    def as_of(self, day: date) -> View:
        """What was known on that day (the day included).

        Args:
            day: any day.

        Returns:
            A view of the vintages up to it.
        """
        return View(self, day)

    def unit(self, indicator: str) -> Unit:
        """The unit of an indicator of the plan or of the context.

        Args:
            indicator: its id.

        Returns:
            The unit.

        Raises:
            PlanError: neither knows it.
        """
        return self.context[indicator].unit if indicator in self.context else self.plan.indicator(indicator).unit

    def name(self, indicator: str) -> Text:
        """The name of an indicator of the plan or of the context; errors as in [unit].

        Args:
            indicator: its id.

        Returns:
            The name in both languages.
        """
        return self.context[indicator].name if indicator in self.context else self.plan.indicator(indicator).name

    def note(self, codes: str) -> Text | None:
        """A row's note in words: known codes are spelt out, other words stand as they are; None if there is none.

        Args:
            codes: as in the column `note`, with semicolons between them.

        Returns:
            The words, or None.
        """
        parts = [p.strip() for p in codes.split(";") if p.strip()]
        if not parts:
            return None
        texts = [self.notes.get(p) or (both(f"ledger.note.{p}") if p in OWN_NOTES else Text(p, p)) for p in parts]
        return Text("；".join(t.zh for t in texts), "; ".join(t.en for t in texts))


def rules_of(head: LedgerFile | None, *, plan: Plan, roster: Roster, name: str, synthetic: bool) -> Rules:
    """What rows of a ledger with this description are checked against.

    Args:
        head: the description; None: any scope is allowed.
        plan: whose indicators the rows may carry.
        roster: whose areas the rows may carry.
        name: of the ledger, for messages.
        synthetic: whether rows of grade S may stand where there is no description.

    Returns:
        The rules.

    Raises:
        LedgerError: the description contradicts the plan.
    """
    context = _context(head, plan, name)
    units = {i.id: i.unit.zh for i in plan.indicators} | {c.id: c.unit.zh for c in context.values()}
    return Rules(units, roster, frozenset(head.scopes) if head else None, head.synthetic if head else synthetic)


def rows_digest(frame: pd.DataFrame) -> str:
    """SHA-256 of the rows' contents: the same for any order of rows, and wherever the files lie.

    Args:
        frame: the columns of the ledger, typed.

    Returns:
        64 hexadecimal digits.
    """
    plain = pd.DataFrame({c: frame[c] for c in COLUMNS})
    plain["vintage"] = plain["vintage"].to_numpy().astype("datetime64[D]").astype("int64")
    for c in COLUMNS:
        if isinstance(plain[c].dtype, pd.CategoricalDtype) and len(plain[c].cat.categories) > _SPARE:
            plain[c] = plain[c].cat.remove_unused_categories()
    hashes = np.sort(pd.util.hash_pandas_object(plain, index=False).to_numpy())
    return hashlib.sha256(hashes.tobytes()).hexdigest()


def _context(head: LedgerFile | None, plan: Plan, name: str) -> dict[str, ContextIndicator]:
    if head is None:
        return {}
    units = {u.id: u for u in plan.units}
    own = {i.id for i in plan.indicators}
    problems, out = [], {}
    for key, c in head.context_indicators.items():
        where = (f"{name}/ledger.toml", None, f"context_indicators.{key}")
        if key in own:
            problems.append(problem("error.ledger.of_plan", *where, id=key))
        elif c.unit not in units:
            problems.append(
                problem("error.ledger.unit", *where, unit=c.unit, near=nearest(c.unit, units) or list(units))
            )
        else:
            out[key] = ContextIndicator(key, c.text, units[c.unit])
    if problems:
        raise LedgerError(tuple(problems))
    return out
