"""Which ledger a command means, with the plan and the roster beside it. Heavy imports inside, as in the commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from greenreport import project
from greenreport.errors import RequestError
from greenreport.words import error

if TYPE_CHECKING:
    from greenreport.intake.actions import Desk
    from greenreport.run.params import RunParams

__all__ = ["desk_of"]


def desk_of(data: str | None, plan: Path | None, areas: Path | None) -> Desk:
    """The ledger with its plan and roster: those named, else those that the project's parameter files name."""
    from greenreport.intake.actions import open_desk

    named = _places(strict=data is None)
    where = _only(named) if data is None else _address(data)
    beside = next((own for at, own in named.items() if _there(at) == _there(where)), None)
    return open_desk(
        data=where,
        plan=project.find(plan) if plan else beside.root / beside.plan if beside else project.find(Path("data/plan")),
        areas=project.find(areas)
        if areas
        else beside.root / beside.areas
        if beside
        else project.find(Path("data/areas")),
    )


def _places(*, strict: bool) -> dict[str, RunParams]:
    """The project's parameter files by the address of the ledger that each names; unless `strict`, wrong files are passed over."""
    from greenreport.errors import GreenReportError
    from greenreport.run import params

    root = project.root_of(Path.cwd())
    found: dict[str, RunParams] = {}
    for file in sorted((root / "params").glob("*.yaml")) if root else []:
        try:
            own = params.load(file)
        except GreenReportError:
            if strict:
                raise
            continue
        found.setdefault(str(own.ledger), own)
    return found


def _only(named: dict[str, RunParams]) -> str:
    """The address of the project's only ledger."""
    if len(named) == 1:
        return next(iter(named))
    key = "error.project.several_ledgers" if named else "error.project.no_ledger"
    raise error(RequestError, key, field="data", names=[own.data for own in named.values()])


def _address(data: str) -> str:
    return data if "://" in data or data.startswith("parquet:") else str(project.find(Path(data)))


def _there(address: str) -> str:
    return address if "://" in address else str(Path(address).resolve())
