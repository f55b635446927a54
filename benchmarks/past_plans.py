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
        """Width of the 80 % range in the target's year as a share of its middle (`assess.strength`)."""
        if self.p is None:
            return None
        low, high = self.found.interval(0.80)
        middle = abs(float(self.found.median[self.step - 1]))
        return float(high[self.step - 1] - low[self.step - 1]) / middle if middle > 0 else None


def cases(folder: Path, *, options: Options | None = None) -> Iterator[Case]:
    """Every target of a folder whose outcome is known, in every regime."""
    targets = pd.read_csv(folder / "targets.csv")
    outcomes = pd.read_csv(folder / "outcomes.csv")
    options = options or Options()
    for regime in REGIMES:
        keys = ["plan", "indicator", "unit", "direction", "target_year", "as_of"]
        for key, group in targets.groupby(keys, sort=False):
            plan, indicator, unit, direction, year, as_of = key
            seen = outcomes[(outcomes["plan"] == plan) & (outcomes["indicator"] == indicator)]
            series = {area: dict(zip(g["year"], g["value"], strict=True)) for area, g in seen.groupby("area")}
            rows = list(group.itertuples())
            known = {r.area: _known(series.get(r.area, {}), r, regime) for r in rows}
            with tempfile.TemporaryDirectory() as place:
                evidence = _set_up(
                    Path(place), str(plan), str(unit), str(direction), int(year), int(as_of), rows, known
                )
                (the_indicator,) = evidence.plan.indicators
                for n, r in enumerate(rows, 1):
                    came = series.get(r.area, {}).get(year)
                    if came is None:
                        continue
                    area = evidence.roster.area(_code(n))
                    found = fit(evidence, the_indicator, area, options)
                    said = probability(evidence, found, the_indicator, int(year), float(r.target), options)
                    up = direction == "up"
                    slack = 0.05 if unit == "%" else 0.0
                    met = came >= r.target - slack if up else came <= r.target + slack
                    line, pace = by_hand(known[r.area], r, up=up)
                    step = 0 if found.start is None else int(year) - found.start + 1
                    seen_last = known[r.area][max(known[r.area])] if known[r.area] else None
                    yield Case(
                        str(plan), str(indicator), str(r.area), regime, said, bool(met), line, pace, found,
                        float(r.target), step, up, str(unit), int(r.baseline_year), int(r.as_of), int(year),
                        float(r.baseline), seen_last, float(came),
                    )  # fmt: skip


def _known(series: Mapping[int, float], r, regime: str) -> dict[int, float]:
    known = {int(y): float(v) for y, v in series.items() if y <= r.as_of and math.isfinite(v)}
    if regime == "since_baseline":
        known = {y: v for y, v in known.items() if y >= r.baseline_year}
        if math.isfinite(r.baseline):
            known.setdefault(int(r.baseline_year), float(r.baseline))
    if regime == "last_3":
        known = dict(sorted(known.items())[-3:])
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
    place: Path,
    plan: str,
    unit: str,
    direction: str,
    year: int,
    as_of: int,
    rows: list,
    known: Mapping[str, Mapping[int, float]],
) -> Evidence:
    """The plan, its areas and what is known of them as folders of this project."""
    base = int(rows[0].baseline_year)
    share = unit == "%" and all(0 <= v <= 100 for k in known.values() for v in k.values())

    def chapter() -> dict[str, str]:
        return {"zh": "目标", "en": "Targets"}

    middle = float(np.median([r.baseline for r in rows])), float(np.median([r.target for r in rows]))
    head = {
        "id": plan, "title": {"zh": plan, "en": plan}, "number": plan, "version": plan, "area": WHOLE,
        "issued": date(base, 12, 31), "period": [base + 1, year], "outlook": year, "baseline_year": base,
        "attribution": {"zh": plan, "en": plan},
        "units": [{"id": "unit", "zh": unit, "en": unit}],
        "indicators": [
            {
                "id": "indicator", "name": {"zh": plan, "en": plan}, "short": {"zh": plan, "en": plan}, "unit": "unit",
                "kind": "share" if share else "flow", "direction": direction, "attribute": chapter(), "definition": chapter(),
                "baseline": {"year": base, "value": middle[0], "quote": "-", "chapter": chapter()},
                "targets": [{"id": "target", "year": year, "value": middle[1], "origin": "table", "quote": "-", "chapter": chapter()}],
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
    for name in ("adjacency.csv", "bridges.csv", "groupings.csv", "tiles.csv"):
        if (HERE / "data" / "areas" / name).is_file():
            header = (HERE / "data" / "areas" / name).read_text("utf-8").splitlines()[0]
            (place / "areas" / name).write_text(header + "\n", "utf-8")
    with (place / "areas" / "areas.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "name_zh", "name_en", "short_zh", "short_en", "kind", "valid_from", "valid_to", "successors", "parent", "population", "population_source", "order"])  # fmt: skip
        out.writerow([WHOLE, "全部", "All", "全部", "All", "city", "", "", "", "", "", "", 0])
        for n, r in enumerate(rows, 1):
            out.writerow([_code(n), r.area, r.area, r.area, r.area, "district", "", "", "", WHOLE, "", "", n])
    (place / "ledger").mkdir()
    (place / "ledger" / "ledger.toml").write_text(
        'synthetic = false\nschema_version = 1\n[title]\nzh = "旧规划"\nen = "Past plans"\n', "utf-8"
    )
    columns = [
        "indicator",
        "area",
        "period",
        "value",
        "unit",
        "kind",
        "scope",
        "vintage",
        "source",
        "source_address",
        "grade",
        "note",
        "growth_pct",
    ]
    with (place / "ledger" / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(columns)
        for n, r in enumerate(rows, 1):
            out.writerow(
                [
                    "indicator",
                    _code(n),
                    year,
                    repr(float(r.target)),
                    unit,
                    "target",
                    "",
                    f"{base}-12-31",
                    plan,
                    "",
                    "A",
                    "",
                    "",
                ]
            )
            for y, v in sorted(known[r.area].items()):
                out.writerow(
                    ["indicator", _code(n), y, repr(v), unit, "observed", "", f"{as_of}-12-31", plan, "", "A", "", ""]
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
        mean = np.nanmean(np.array(table), axis=0)
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
