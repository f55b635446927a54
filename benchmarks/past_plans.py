"""Probabilities held against plans that have ended: what the report would have said at mid-term, and what became of it.

    python benchmarks/past_plans.py                             # data/past-plans, half a minute
    python benchmarks/past_plans.py --data DIR --json FILE      # any folder with targets.csv and outcomes.csv
    python benchmarks/past_plans.py --learn                     # learn what plans make up, leaving each out in turn
    python benchmarks/past_plans.py --record src/greenreport/assess/track_record.csv

Every plan is set up as a plan of this project: plan, roster and ledger in a folder, each area's own target in the ledger,
the figures known at the end of the year `as_of` and nothing after it. The probability is formed by `assess.fit` and
`assess.fit.probability`, the path that a report takes: bounds from the unit, direction from the plan, prior growth from
the plan's own areas, experience of past plans without this one. Three regimes: all figures up to `as_of`; those since the
baseline; the last three. Beside it stand the two things that people do by hand: the straight line from the baseline (with
the spread of the figures about it) and the ratio of the pace so far to the pace needed.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy import optimize, special

from greenreport.assess import Evidence, Options, fit
from greenreport.assess.evidence import Case as OneCase
from greenreport.assess.fit import probability
from greenreport.forecast import Experience, Forecast, chance, experience

HERE = Path(__file__).parents[1]
REGIMES = ("all", "since_baseline", "last_3")
CLASSES = ((0.0, 0.10), (0.10, 0.33), (0.33, 0.66), (0.66, 0.90), (0.90, 1.01))
WHOLE = "W0000"
SHARES = np.linspace(-0.4, 0.6, 41)  # of what is missing, on which the probabilities are tabulated for learning
PULL = (0.0, 0.10)  # prior of the mean share made up …
PULL_SD = (math.log(0.12), 0.5)  # … and of the logarithm of its spread between plans


@dataclass(frozen=True)
class Case:
    """One target of one area in one regime: what is known of it, and what came."""

    plan: str
    indicator: str
    area: str
    regime: str
    p: float | None
    met: bool
    line: float | None
    pace: float | None
    found: Forecast
    target: float
    step: int
    up: bool
    unit: str
    baseline_year: int
    as_of: int
    target_year: int
    baseline: float
    last: float | None
    came: float

    @property
    def width(self) -> float | None:
        """Width of the 80 % range in the target's year as a share of its middle (`assess.grade`)."""
        if self.p is None:
            return None
        low, high = self.found.interval(0.80)
        middle = abs(float(self.found.median[self.step - 1]))
        return float(high[self.step - 1] - low[self.step - 1]) / middle if middle > 0 else None


NUMBERS = ("baseline_year", "baseline", "target_year", "target", "as_of")
TEXTS = ("plan", "area", "indicator", "unit", "direction")


def read(folder: Path) -> tuple[pd.DataFrame, dict[tuple[str, str, str], dict[int, float]]]:
    """The targets, and (plan, indicator, area) → year → outcome; of several rows of a year the last, as last revised.

    Names are kept as they stand: Namibia's code is NA, and a unit may be empty.

    Raises:
        SystemExit: a file, a column or a direction is missing or wrong; the message says which.
    """
    tables = []
    for name, texts, numbers in (("targets.csv", TEXTS, NUMBERS), ("outcomes.csv", TEXTS[:3], ("year", "value"))):
        try:
            table = pd.read_csv(folder / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            raise SystemExit(f"{folder / name}: {error}") from None
        if missing := [c for c in (*texts, *numbers) if c not in table]:
            raise SystemExit(f"{folder / name}: no column {', '.join(missing)}")
        for column in numbers:
            table[column] = pd.to_numeric(table[column], errors="coerce").where(lambda v: np.isfinite(v))
        for column in texts:
            table[column] = table[column].str.strip()
        tables.append(table)
    targets, outcomes = tables
    if len(odd := targets[~targets["direction"].isin(["up", "down"])]):
        raise SystemExit(f"{folder / 'targets.csv'}: direction is up or down, not {odd['direction'].iloc[0]!r}")
    series: dict[tuple[str, str, str], dict[int, float]] = {}
    for r in outcomes.dropna(subset=["year", "value"]).itertuples():
        series.setdefault((r.plan, r.indicator, r.area), {})[int(r.year)] = float(r.value)
    return targets, series


def cases(folder: Path, *, options: Options | None = None) -> Iterator[Case]:
    """Every target of a folder whose outcome is known, in every regime."""
    targets, outcomes = read(folder)
    options = options or Options()
    came = [
        outcomes.get((r.plan, r.indicator, r.area), {}).get(int(r.target_year))
        if r.target_year == r.target_year
        else None
        for r in targets.itertuples()
    ]
    targets["came"] = np.array(came, dtype=float)
    judged = targets.dropna(subset=["target", "target_year", "as_of", "came"]).copy()
    if len(judged) < len(targets):
        print(f"{len(targets) - len(judged)} targets without value, year, mid-term or outcome can't be judged")
    keys = ["plan", "indicator", "unit", "direction", "as_of"]
    judged["again"] = judged.groupby([*keys, "area"]).cumcount()  # several targets of one area: as many plans
    for regime in REGIMES:
        for key, group in judged.groupby([*keys, "again"], sort=False):
            plan, indicator, unit, direction, as_of, _ = key
            rows = list(group.itertuples())
            known = {r.area: _known(outcomes.get((plan, indicator, r.area), {}), r, regime) for r in rows}
            with tempfile.TemporaryDirectory() as place:
                evidence = _set_up(Path(place), plan, unit, direction, int(as_of), rows, known)
            (the_indicator,) = evidence.plan.indicators
            for n, r in enumerate(rows, 1):
                year, up = int(r.target_year), direction == "up"
                place = evidence.roster.area(_code(n))
                found = fit(evidence, the_indicator, place, options)
                slack = 0.05 if percentage(unit) else 0.0

                def meets(value: float, target: float = r.target, slack: float = slack, up: bool = up) -> bool:
                    return bool(value >= target - slack if up else value <= target + slack)

                said = probability(OneCase(evidence, the_indicator, place, options), found, year, float(r.target))
                if year in known[r.area]:  # over by mid-term: the figure itself decides
                    said = float(meets(known[r.area][year]))
                line, pace = by_hand(known[r.area], r, up=up)
                seen = known[r.area]
                base = int(r.baseline_year) if math.isfinite(r.baseline_year) else min(seen, default=int(as_of))
                yield Case(
                    plan, indicator, r.area, regime, said, meets(r.came), line, pace, found, float(r.target),
                    0 if found.start is None else year - found.start + 1, up, unit, base, int(as_of), year,
                    float(r.baseline), seen[max(seen)] if seen else None, float(r.came),
                )  # fmt: skip


def percentage(unit: str) -> bool:
    """Whether a unit is a percentage of a whole; "% of the level of 1990" is an index."""
    return bool(re.fullmatch(r"(?i)(%|per ?cent|percentage|pct)( of (?!.*\d{4}).*)?", unit))


def _known(series: Mapping[int, float], r, regime: str) -> dict[int, float]:
    """The figures of a regime in order of years; the plan's own baseline where its year has no other.

    One figure is never cut off: where nothing is known since the baseline, the latest is.
    """
    known = {y: v for y, v in series.items() if y <= r.as_of}
    if math.isfinite(r.baseline) and math.isfinite(r.baseline_year) and (r.baseline_year <= r.as_of or not known):
        known.setdefault(int(r.baseline_year), float(r.baseline))
    known = dict(sorted(known.items()))
    if regime == "last_3":
        return dict(list(known.items())[-3:])
    if regime == "since_baseline" and math.isfinite(r.baseline_year):
        return {y: v for y, v in known.items() if y >= r.baseline_year} or dict(list(known.items())[-1:])
    return known


def by_hand(known: Mapping[int, float], r, *, up: bool) -> tuple[float | None, float | None]:
    """Probability by a normal about the straight line from the baseline, and 1 or 0 by the ratio of paces."""
    later = {y: v for y, v in known.items() if y > r.baseline_year}
    if not later or not math.isfinite(r.baseline):
        return None, None
    last = max(later)
    slope = (later[last] - r.baseline) / (last - r.baseline_year)
    ahead = later[last] + slope * (r.target_year - last)
    sign = 1.0 if up else -1.0
    residuals = [v - (r.baseline + slope * (y - r.baseline_year)) for y, v in later.items() if y != last]
    spread = math.sqrt(sum(e * e for e in residuals) / len(residuals)) if residuals else 0.0
    spread *= math.sqrt(1.0 + (r.target_year - last) / (last - r.baseline_year))
    gap = sign * (ahead - r.target)
    line = float(special.ndtr(gap / spread)) if spread > 0 else float(gap >= 0)
    needed = (r.target - later[last]) / (r.target_year - last) if r.target_year > last else 0.0
    pace = float(sign * needed <= 0 or sign * slope >= sign * needed)
    return line, pace


def _code(n: int) -> str:
    return f"P{n:04d}"


def _set_up(
    place: Path, plan: str, unit: str, direction: str, as_of: int, rows: list, known: Mapping[str, Mapping[int, float]]
) -> Evidence:
    """The plan, its areas and what is known of them as folders of this project."""
    years = sorted({int(r.target_year) for r in rows})
    bases = [int(r.baseline_year) for r in rows if math.isfinite(r.baseline_year)]
    base = (
        min([*bases, *(y for k in known.values() for y in k), years[0] - 1]) if not bases else min(*bases, years[0] - 1)
    )
    figures = [v for k in known.values() for v in k.values()] + [float(r.target) for r in rows]
    share = percentage(unit) and all(0 <= v <= 100 for v in figures)
    vintage = f"{min(base, as_of)}-12-31"

    def chapter() -> dict[str, str]:
        return {"zh": "目标", "en": "Targets"}

    name = {"zh": plan or "-", "en": plan or "-"}
    head = {
        "id": "plan", "past_plan": plan, "title": name, "version": plan or "-", "area": WHOLE, "attribution": name,
        "issued": date(base, 12, 31), "period": [base + 1, years[-1]], "outlook": years[-1], "baseline_year": base,
        "units": [{"id": "unit", "zh": unit or "-", "en": unit or "-"}],
        "indicators": [
            {
                "id": "indicator", "name": name, "short": name, "unit": "unit",
                "kind": "share" if share else "flow", "direction": direction, "attribute": chapter(), "definition": chapter(),
                "baseline": {"year": base, "quote": "-", "chapter": chapter()},
                "targets": [
                    {"id": f"target-{y}", "year": y, "origin": "table", "quote": "-", "chapter": chapter()} for y in years
                ],
                "allocation": "none", "additive": False,
            }
        ],
    }  # fmt: skip
    (place / "plan").mkdir()
    (place / "plan" / "plan.yaml").write_text(yaml.safe_dump(head, allow_unicode=True), "utf-8")
    for name in ("contradictions.csv", "statements.csv", "tasks.csv"):
        header = (HERE / "data" / "plan" / name).read_text("utf-8").splitlines()[0]
        (place / "plan" / name).write_text(header + "\n", "utf-8")
    (place / "areas").mkdir()
    for name in ("bridges.csv", "groupings.csv", "tiles.csv"):
        if (HERE / "data" / "areas" / name).is_file():
            header = (HERE / "data" / "areas" / name).read_text("utf-8").splitlines()[0]
            (place / "areas" / name).write_text(header + "\n", "utf-8")
    with (place / "areas" / "areas.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "name_zh", "name_en", "short_zh", "short_en", "kind", "valid_from", "valid_to", "successors", "parent", "population", "population_source", "order"])  # fmt: skip
        out.writerow([WHOLE, "全部", "All", "全部", "All", "city", "", "", "", "", "", "", 0])
        for n, r in enumerate(rows, 1):
            out.writerow([_code(n), *([r.area] * 4), "district", "", "", "", WHOLE, "", "", n])
    (place / "ledger").mkdir()
    (place / "ledger" / "ledger.toml").write_text(
        'synthetic = false\nschema_version = 1\n[title]\nzh = "旧规划"\nen = "Past plans"\n', "utf-8"
    )
    columns = [
        "indicator", "area", "period", "value", "unit", "kind", "scope", "vintage", "source", "source_address", "grade",
        "note", "growth_pct",
    ]  # fmt: skip
    with (place / "ledger" / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        for n, r in enumerate(rows, 1):
            told = [(int(r.target_year), float(r.target), "target", vintage)]
            told += [(y, v, "observed", f"{as_of}-12-31") for y, v in known[r.area].items()]
            for y, v, kind, day in told:
                out.writerow(
                    ["indicator", _code(n), y, repr(v), unit or "-", kind, "", day, "past plans", "", "A", "", ""]
                )
    return Evidence.load(plan=place / "plan", areas=place / "areas", data=place / "ledger", as_of=f"{as_of}-12-31")


# What is told ---------------------------------------------------------------------------------------------------------


def told(every: list[Case]) -> None:
    """Per regime and plan, then reliability by the words for probabilities."""
    methods: dict[str, Callable[[Case], float | None]] = {
        "report": lambda c: c.p,
        "straight line": lambda c: c.line,
        "pace ratio": lambda c: c.pace,
    }
    plans = list(dict.fromkeys(c.plan for c in every))
    if not every:
        print("no target with a known outcome")
        return
    for regime in REGIMES:
        print(
            f"\n{regime}\n{'plan':26s} {'n':>4s} {'mean p':>7s} {'met':>5s} {'Brier':>6s} {'base':>6s} {'50 %':>6s} {'line':>6s} {'pace':>6s} refused"
        )
        table = []
        for plan in plans:
            here = [c for c in every if c.plan == plan and c.regime == regime]
            said = [c for c in here if c.p is not None]
            met = np.mean([c.met for c in here])
            row = [
                np.mean([c.p for c in said]) if said else np.nan,
                met,
                _brier(here, methods["report"]),
                met * (1 - met),
                0.25,
                _brier(here, methods["straight line"]),
                _brier(here, methods["pace ratio"]),
            ]
            table.append(row)
            print(
                f"{plan:26s} {len(here):4d} {row[0]:7.2f} {row[1]:5.2f} "
                + " ".join(f"{v:6.3f}" for v in row[2:])
                + f" {len(here) - len(said):5d}"
            )
        cells = np.ma.masked_invalid(np.array(table, dtype=float))
        mean = cells.mean(axis=0).filled(np.nan)
        print(
            f"{'plans weighted equally':26s} {'':4s} {mean[0]:7.2f} {mean[1]:5.2f} "
            + " ".join(f"{v:6.3f}" for v in mean[2:])
        )
    print("\nreliability: share met (number) by what was said, plans pooled")
    print(f"{'':32s}" + "".join(f"{f'{100 * a:.0f}–{100 * min(b, 1):.0f} %':>14s}" for a, b in CLASSES))
    for regime in REGIMES:
        for name, get in methods.items():
            pairs = [(p, c.met) for c in every if c.regime == regime and (p := get(c)) is not None]
            cells = []
            for a, b in CLASSES:
                inside = [met for p, met in pairs if a <= p < b]
                cells.append(f"{100 * np.mean(inside):.0f} % ({len(inside)})" if inside else "–")
            print(f"{regime:16s} {name:15s}" + "".join(f"{cell:>14s}" for cell in cells))


def _brier(here: list[Case], get: Callable[[Case], float | None]) -> float:
    """Mean squared miss; who says nothing is taken to say 50 %."""
    return float(np.mean([((0.5 if (p := get(c)) is None else p) - c.met) ** 2 for c in here]))


# What is learned ------------------------------------------------------------------------------------------------------


def learn(every: list[Case]) -> list[tuple[str, float, float, int]]:
    """Mean and spread of the share made up beyond the trend: of all plans, and leaving each out.

    Each plan draws one share δ ~ N(m, τ²); given it, its targets are met independently, but a plan counts for no more
    than thirty targets, because targets of one plan share one fate. m and τ maximise the marginal likelihood times a
    weak prior (PULL, PULL_SD): few plans are no reason to be sure.
    """
    plans = list(dict.fromkeys(c.plan for c in every))
    tables = {}
    for plan in plans:
        here = [c for c in every if c.plan == plan and c.regime == "all" and c.found.ok]
        at = np.array(
            [[chance(c.found, c.target, c.step, up=c.up, learned=Experience(s, 0.0, 0)) for s in SHARES] for c in here]
        )
        met = np.array([c.met for c in here])[:, None]
        at = np.clip(at, 1e-3, 1 - 1e-3)
        tables[plan] = np.where(met, np.log(at), np.log1p(-at)).sum(axis=0) * min(1.0, 30.0 / len(here))

    def estimate(used: list[str]) -> tuple[float, float]:
        def loss(v: np.ndarray) -> float:
            m, tau = v[0], math.exp(v[1])
            w = np.exp(-0.5 * ((SHARES - m) / tau) ** 2)
            w = w / w.sum()
            fit = sum(float(special.logsumexp(tables[plan], b=w)) for plan in used)
            return -fit + 0.5 * ((m - PULL[0]) / PULL[1]) ** 2 + 0.5 * ((v[1] - PULL_SD[0]) / PULL_SD[1]) ** 2

        found = optimize.minimize(loss, [0.05, PULL_SD[0]], method="Nelder-Mead")
        return float(found.x[0]), float(math.exp(found.x[1]))

    out = [("", *estimate(plans), len(plans))]
    return out + [(plan, *estimate([p for p in plans if p != plan]), len(plans) - 1) for plan in plans]


def write_learned(rows: list[tuple[str, float, float, int]], path: Path) -> None:
    lines = [
        "# Written by benchmarks/past_plans.py --learn: share of what is missing that plans make up beyond the trend."
    ]
    lines += ["left_out,pull,pull_sd,plans", *(f"{plan},{m:.4f},{tau:.4f},{n}" for plan, m, tau, n in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def write_record(every: list[Case], plain: list[Case], path: Path) -> None:
    """What the report would have said and what came, for the page about the track record.

    Args:
        every: the cases by the report's own path.
        plain: the same cases, in the same order, without the experience of past plans.
        path: the file.
    """
    columns = [
        "plan", "area", "indicator", "unit", "up", "baseline_year", "as_of", "target_year", "baseline", "last", "target",
        "came", "regime", "p", "plain", "line", "pace", "width", "met",
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            "# Written by benchmarks/past_plans.py --record: what would have been said at mid-term, and what came.\n"
        )
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        for c, without in zip(every, plain, strict=True):
            known = ["" if v is None else f"{v:.6g}" for v in (c.baseline, c.last, c.target, c.came)]
            said = ["" if v is None else f"{v:.4f}" for v in (c.p, without.p, c.line, c.pace, c.width)]
            head = [c.plan, c.area, c.indicator, c.unit, int(c.up), c.baseline_year, c.as_of, c.target_year]
            out.writerow([*head, *known, c.regime, *said, int(c.met)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=HERE / "data" / "past-plans")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--learn", action="store_true", help="rewrite experience.csv, then score with it")
    parser.add_argument("--record", type=Path, help="write what was said and what came as a csv file")
    parser.add_argument("--plain", action="store_true", help="without the experience of past plans")
    args = parser.parse_args()
    if args.learn:
        place = HERE / "src/greenreport/forecast/experience.csv"
        rows = learn(list(cases(args.data)))
        write_learned(rows, place)
        experience.cache_clear()
        print(place.read_text("utf-8"))
    every = list(cases(args.data, options=Options(experience=not args.plain)))
    told(every)
    if args.json:
        rows = [
            {
                "plan": c.plan,
                "indicator": c.indicator,
                "area": c.area,
                "regime": c.regime,
                "p": c.p,
                "met": c.met,
                "refused": c.p is None,
            }
            for c in every
        ]
        args.json.write_text(json.dumps({"rows": rows}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if args.record:
        write_record(every, list(cases(args.data, options=Options(experience=False))), args.record)


if __name__ == "__main__":
    main()
