"""What a verdict rests on.

Every piece of evidence with what it moves, readings that contradict each other, and the one figure that would settle
most. Forecasts again without a piece, or with one that was kept out; words nothing. Evidence that can't both be right is
never averaged: the reading that the report follows and the other ones stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from greenreport.assess.case import Case
from greenreport.assess.fit import fit_known, probability
from greenreport.assess.model import BasisItem, Reading
from greenreport.assess.prior import prior_for
from greenreport.assess.statements import DOUBTED, Known, first_step, in_order
from greenreport.forecast import CONTRADICTION, Bound, Forecast, Level, Related, surprises

__all__ = ["contradictions", "weigh"]

MOST_LEVELS = 8
"""Annual levels that are left out one by one, the newest: what lies further back moves nothing."""


def contradictions(case: Case, items: Sequence[Known]) -> tuple[Known, ...]:
    """The pieces, marked as doubtful where they can't hold together with the levels.

    These are published as such, while a rate, a sum or a bound is told of them.
    """
    believed = [k for k in items if not k.doubt]
    told = [k for k in believed if not isinstance(k.statement, Level | Related)]
    if not told or case.indicator.is_count:
        return tuple(items)
    start = first_step(believed, case.indicator.baseline.year)
    found = surprises(
        [k.statement for k in believed],
        [k.statement for k in told],
        start=start,
        last_year=max(max(case.evidence.plan.target_years), start),
        prior_growth=prior_for(case),
        bounds=case.indicator.bounds,
    )
    wrong = {id(k) for k, p in zip(told, found, strict=True) if p is not None and p < CONTRADICTION}
    return tuple(replace(k, doubt="contradicts") if id(k) in wrong else k for k in items)


def weigh(
    case: Case, items: Sequence[Known], found: Forecast, *, year: int, target: float
) -> tuple[tuple[BasisItem, ...], tuple[Reading, ...], str | None]:
    """The evidence weighed against a target: each piece, readings where it contradicts itself, the figure most wanted.

    Args:
        case: the case.
        items: all that is known, doubtful pieces marked.
        found: the forecast from the pieces that are not doubtful.
        year: year of the headline target.
        target: its level.
    """
    known = _Weighing(case, items, [k for k in items if not k.doubt], found, year, target)
    return tuple(known.basis()), known.readings(), known.most_wanted()


@dataclass(frozen=True)
class _Weighing:
    case: Case
    items: Sequence[Known]
    believed: Sequence[Known]
    found: Forecast
    year: int
    target: float

    def probability(self, made: Forecast) -> float | None:
        return probability(self.case, made, self.year, self.target)

    def basis(self) -> list[BasisItem]:
        """Every piece, with what the outlook would be without it (one that is doubtful: with it)."""
        fixed = {id(k) for k in [k for k in self.believed if isinstance(k.statement, Level)][:-MOST_LEVELS]}
        out = []
        for k in self.items:
            p = median = None
            if id(k) not in fixed:
                kept = (
                    in_order([*self.believed, k]) if k.doubt else [other for other in self.believed if other is not k]
                )
                made = fit_known(self.case, kept)
                p, step = self.probability(made), made.place(self.year)
                median = None if step is None else float(made.median[step])
            figure = k.figure(self.case.area.code)
            out.append(BasisItem(**figure, used=not k.doubt, probability_without=p, median_without=median))
        return out

    def readings(self) -> tuple[Reading, ...]:
        """The report's reading and, for what it doubts, the readings that believe it instead."""
        doubted = [k for k in self.items if k.doubt in DOUBTED]
        p = self.probability(self.found)
        if not doubted or p is None:
            return ()
        out = [self._reading(self.believed, doubted, self.found, p, leading=True)]
        for group in [doubted] if len(doubted) == 1 else [[k] for k in doubted] + [doubted]:
            kept = in_order([*self.believed, *group])
            made = fit_known(self.case, kept)
            if (q := self.probability(made)) is not None:
                out.append(self._reading(kept, [k for k in doubted if k not in group], made, q, leading=False))
        return tuple(out) if len(out) > 1 else ()

    def _reading(
        self, kept: Sequence[Known], dropped: Sequence[Known], made: Forecast, p: float, *, leading: bool
    ) -> Reading:
        assert made.start is not None
        step = self.year - made.start
        low, high = made.interval(self.case.options.level)
        return Reading(
            kept=tuple(k.name for k in kept),
            dropped=tuple(k.name for k in dropped),
            probability=p,
            median=float(made.median[step]),
            low=float(low[step]),
            high=float(high[step]),
            leading=leading,
        )

    def most_wanted(self) -> str | None:
        """The period whose full-year figure would narrow the target year's range most, if it came out as expected.

        Candidates are the full years since the baseline that are over on the day and not known, and the baseline itself;
        None where there is none, or where nothing is forecast.
        """
        if not self.found.ok or self.found.start is None:
            return None
        missing = self._missing()
        best, narrowest = None, self._width(self.found)
        for candidate in missing:
            value = self._expected(candidate)
            if value <= 0.0:
                continue
            new = replace(
                self.believed[0], statement=Level(candidate, value), kind="level", period=str(candidate), doubt=None
            )
            # A level replaces what was only told of its year.
            kept = [k for k in self.believed if getattr(k.statement, "year", None) != candidate]
            width = self._width(fit_known(self.case, in_order([*kept, new])))
            if width < narrowest:
                best, narrowest = str(candidate), width
        return best or (str(missing[-1]) if missing else None)

    def _missing(self) -> list[int]:
        """The full years from the baseline to the cut-off of which no level is known."""
        full = [k.statement for k in self.believed if isinstance(k.statement, Level | Bound)]
        have = {statement.year for statement in full if statement.elapsed == 1.0}
        over = min(self.case.evidence.as_of.year, self.year)
        return [y for y in range(self.case.indicator.baseline.year, over) if y not in have]

    def _expected(self, year: int) -> float:
        """What a year's figure would come out at: the forecast's median, else the last level."""
        step = self.found.place(year)
        value = (self.found.last or 0.0) if step is None else float(self.found.median[step])
        return float(round(value)) if self.case.indicator.is_count else value

    def _width(self, made: Forecast) -> float:
        step = made.place(self.year)
        if step is None:
            return float("inf")
        low, high = made.interval(self.case.options.level)
        return float(high[step] - low[step])
