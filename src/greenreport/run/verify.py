"""Provenance checked: whether a run's files are what its manifest says, and whether they can be made again.

Reads runs and builds them again elsewhere; must not know how pages are made.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from greenreport.errors import RequestError
from greenreport.run import manifest as manifests
from greenreport.run.build import build
from greenreport.run.digests import digest, folder_digest, package_digest, versions
from greenreport.run.events import OnEvent
from greenreport.run.params import RunParams, load, project_root
from greenreport.text import Text
from greenreport.words import both, error

__all__ = ["Finding", "Reproduction", "reproduce", "verify"]


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the manifest says.

    Attributes:
        kind: `altered`, `missing` or `unknown` for a file of the run; `changed` for an input that is no longer what
            the run was made from, which alters nothing in the run.
        what: path of the file in the run, or name of the input.
        message: the same as a sentence.
    """

    kind: str
    what: str
    message: Text

    @property
    def alters(self) -> bool:
        """Whether the run itself was altered."""
        return self.kind != "changed"


def verify(run_dir: Path) -> tuple[Finding, ...]:
    """Compute a run's digests again and say what was altered; empty if nothing was.

    Executed notebooks and findings are compared with the manifest. Where the project that the run was made from is
    around it, its package, libraries and notebooks are compared too; those findings do not mean that the run was
    altered.

    Args:
        run_dir: the run's folder.

    Returns:
        What is not as the manifest says, one finding a file or input.

    Raises:
        RequestError: there is no run.
    """
    manifest = manifests.read(run_dir)
    found = []
    known = {manifests.NAME, "data/datapackage.json"}  # tables made from the findings are not findings
    for page in manifest.pages:
        for name, expected in page.digests.items():
            known.add(name)
            path = run_dir / name
            if not path.is_file():
                found.append(_finding("missing", name, "missing"))
            elif digest(path.read_bytes()) != expected:
                found.append(_finding("altered", name, "altered"))
    for folder, pattern in (("notebooks", "*.ipynb"), ("data", "*.json")):
        found += [
            _finding("unknown", name, "unknown")
            for path in sorted((run_dir / folder).rglob(pattern))
            if (name := path.relative_to(run_dir).as_posix()) not in known
        ]
    return (*dict.fromkeys(found), *_inputs(run_dir, manifest))


def _finding(kind: str, what: str, key: str, **values: object) -> Finding:
    return Finding(kind, what, both(f"run.verify.{key}", what=what, **values))


def _inputs(run_dir: Path, manifest: manifests.Manifest) -> list[Finding]:
    found = []
    for name, then in manifest.versions.items():
        if (now := versions().get(name)) != then:
            found.append(_finding("changed", name, "library", then=then, now=now))
    if manifest.digests["package"] != package_digest():
        found.append(_finding("changed", "greenreport", "package"))
    root = project_root(run_dir / manifests.NAME)
    data = str(manifest.params.get("data", ""))
    recorded = manifest.digests.get("files")
    if recorded and "://" not in data and (root / data).exists() and folder_digest(root / data) != recorded:
        found.append(_finding("changed", data, "ledger"))
    return found


@dataclass(frozen=True)
class Reproduction:
    """What came of making a run again: files with the same bytes, those with others or on one side only, failed pages."""

    same: tuple[str, ...]
    different: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything came out the same."""
        return not self.different and not self.failed


def reproduce(
    run_dir: Path,
    *,
    params: Path | None = None,
    on_event: OnEvent | None = None,
    jobs: int | None = None,
    render: Callable[[Path], object] | None = None,
) -> Reproduction:
    """Make a run again beside itself, from nothing, and compare the bytes.

    Args:
        run_dir: the run; it is not touched.
        params: the parameter file; by default the one that the manifest names, in the project around the run.
        on_event: told of each event of the build.
        jobs: pages at a time.
        render: makes the site of the new run, given its folder; where it is left out, the site is not compared.

    Returns:
        Which files came out the same, which did not, and which pages failed.

    Raises:
        RequestError: there is no run, its parameter file is not there or has changed; whatever a build raises besides.
    """
    manifest = manifests.read(run_dir)
    again = load(params or _params_file(run_dir, manifest))
    _check_params(again, manifest)
    beside = Path(tempfile.mkdtemp(prefix=".reproduce-", dir=run_dir.resolve().parent))
    try:
        fresh = beside / run_dir.resolve().name
        result = build(again, out=fresh, formats=manifest.formats, jobs=jobs, on_event=on_event)
        if render is not None:
            render(fresh)
        folders = ("notebooks", "data") + (("site",) if render is not None else ())
        ours, theirs = _files(run_dir, folders), _files(fresh, folders)
        both_have = ours.keys() & theirs.keys()
        same = {name for name in both_have if ours[name].read_bytes() == theirs[name].read_bytes()}
        different = (ours.keys() | theirs.keys()) - same
        failed = tuple(f"{page.id} ({page.lang})" for page in result.manifest.failed)
        return Reproduction(tuple(sorted(same)), tuple(sorted(different)), failed)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _files(run_dir: Path, folders: tuple[str, ...]) -> dict[str, Path]:
    return {
        path.relative_to(run_dir).as_posix(): path
        for folder in folders
        for path in (run_dir / folder).rglob("*")
        if path.is_file()
    } | {manifests.NAME: run_dir / manifests.NAME}


def _params_file(run_dir: Path, manifest: manifests.Manifest) -> Path:
    named = str(manifest.params["file"])
    for root in (project_root(run_dir / manifests.NAME), Path.cwd()):
        if (root / named).is_file():
            return root / named
    raise error(RequestError, "run.params_gone", name=named, file=run_dir)


def _check_params(again: RunParams, manifest: manifests.Manifest) -> None:
    now = again.model_dump(mode="json")
    then = {key: value for key, value in manifest.params.items() if key != "file"}
    if changed := sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key)):
        raise error(RequestError, "run.params_changed", names=tuple(changed), file=again.file)
