"""Which ledger a command means, with the plan and the roster beside it. Heavy imports inside, as in the commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from greenreport import project

if TYPE_CHECKING:
    from greenreport.intake.actions import Desk

__all__ = ["desk_of"]


@dataclass(frozen=True)
class _Place:
    """Where a project's parameter file has its ledger, as written there, and the plan and roster beside it."""

    data: str
    plan: Path
    areas: Path


def desk_of(data: str | None, plan: Path | None, areas: Path | None) -> Desk:
    """The ledger with its plan and roster: those named, else those that the project's parameter files name."""
    from greenreport.intake.actions import open_desk

    named = _places(strict=data is None)
    where = _only(named) if data is None else _address(data)
    beside = next((place for at, place in named.items() if _there(at) == _there(where)), None)
    return open_desk(
        data=where,
        plan=project.find(plan) if plan else beside.plan if beside else project.find(Path("data/plan")),
        areas=project.find(areas) if areas else beside.areas if beside else project.find(Path("data/areas")),
    )


def _places(*, strict: bool) -> dict[str, _Place]:
    """The ledgers that the project's parameter files name, by address; unless `strict`, wrong files are passed over."""
    from greenreport.errors import GreenReportError
    from greenreport.run import params

    root = project.root_of(Path.cwd())
    found: dict[str, _Place] = {}
    for file in sorted((root / "params").glob("*.yaml")) if root else []:
        try:
            own = params.load(file)
        except GreenReportError:
            if strict:
                raise
            continue
        found.setdefault(str(own.ledger), _Place(own.data, own.root / own.plan, own.root / own.areas))
    return found


def _only(named: dict[str, _Place]) -> str:
    """The address of the project's only ledger."""
    from greenreport.errors import RequestError

    if len(named) == 1:
        return next(iter(named))
    shown = [place.data for place in named.values()]
    zh = f"请用--data写明台账{'：' + '、'.join(shown) if named else ''}。"
    en = f"Say with --data which ledger{': ' + ', '.join(shown) if named else ''}."
    raise RequestError.of(zh=zh, en=en, field="data")


def _address(data: str) -> str:
    return data if "://" in data or data.startswith("parquet:") else str(project.find(Path(data)))


def _there(address: str) -> str:
    return address if "://" in address else str(Path(address).resolve())
