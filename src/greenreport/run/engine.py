"""papermill and nbclient, with a kernel in this process, and a journal of what they have come to.

papermill parameterises the notebook and says what failed, and nbclient makes outputs of what the kernel says; this engine
only spares them the sockets between, and writes down the running cell and its words for those who find the process dead.
Must not know pages.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from greenreport.run.kernel.hidden_modules import without_grammar

with without_grammar():
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from papermill.execute import raise_for_execution_errors
    from papermill.parameterize import parameterize_notebook

    from greenreport.run.kernel.shell import Kernel

__all__ = ["Run", "execute", "kernel", "read_journal"]

# Parameters are checked before (papermill reads only the simplest annotations, and only warns).
logging.getLogger("papermill").setLevel(logging.ERROR)
_quiet = logging.getLogger("greenreport.nbclient")
_quiet.setLevel(logging.CRITICAL + 1)  # nbclient's narration; the run's own events tell what happens


_KEPT = ("display_data", "execute_result", "error")
"""Messages that become outputs as they are."""


@cache
def kernel() -> Kernel:
    """The kernel of this process, and what nbformat works out once to make outputs of what it says."""
    nbformat.validate(nbformat.v4.new_notebook())
    nbformat.v4.new_output("stream")
    return Kernel()


@dataclass
class Run:
    """One execution, while it goes on.

    Attributes:
        journal: where it is written down as it comes, unbuffered.
        notebook: the notebook as executed so far.
        cell: index of the cell that runs or ran last.
    """

    journal: BinaryIO
    notebook: Any = None
    cell: int | None = None

    def note(self, kind: str, what: bytes) -> None:
        """Write something down; see [read_journal]."""
        self.journal.write(b"%b %b\n" % (kind.encode(), what))


def read_journal(path: Path) -> Run:
    """How far an execution came whose process is gone; one that did not begin has no journal."""
    if not path.exists():
        return Run(io.BytesIO())
    with path.open("rb") as journal:
        run = Run(journal)
        for line in journal:
            kind, _, packed = line.partition(b" ")
            try:
                what = json.loads(packed)
            except ValueError:  # the end came while this was written
                break
            _redo(run, kind.decode(), what)
    return run


def _redo(run: Run, kind: str, what: Any) -> None:
    if kind == "notebook":
        run.notebook = what
    elif kind == "cell":
        run.cell = what
    elif run.cell is not None and kind in {"text", *_KEPT}:
        outputs = run.notebook["cells"][run.cell]["outputs"]
        if kind in _KEPT:
            outputs.append(nbformat.v4.output_from_msg({"header": {"msg_type": kind}, "content": what}))
        elif outputs and outputs[-1].get("name") == what[0]:
            outputs[-1]["text"] += what[1]
        else:
            outputs.append({"output_type": "stream", "name": what[0], "text": what[1]})


class _Client(NotebookClient):
    run: Run

    def execute(self, **_: Any) -> Any:
        self.reset_execution_trackers()
        kernel().begin(self._take, lambda *said: self.run.note("text", json.dumps(said).encode()))
        for index, cell in enumerate(self.nb.cells):
            try:
                self.execute_cell(cell, index)
            except CellExecutionError:
                cell.metadata.papermill = {"exception": True}  # where papermill looks for what failed
                break
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, **_: Any) -> Any:
        tags = cell.metadata.get("tags", [])
        self.run.cell = cell_index
        self.run.note("cell", b"%d" % cell_index)
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs = []
        cell.execution_count = kernel().shell.execution_count
        self.clear_before_next_output = False
        reply = kernel().execute(cell.source)
        if reply["status"] == "error" and "raises-exception" not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _take(self, kind: str, packed: bytes) -> None:
        assert self.run.cell is not None
        if kind in _KEPT:
            self.run.note(kind, packed)
        message = {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {"msg_id": ""}, "metadata": {}}
        message["content"] = kernel().unpack(packed)
        self.process_message(message, self.nb.cells[self.run.cell], self.run.cell)


def execute(source: Mapping[str, Any], parameters: dict[str, Any], run: Run) -> None:
    """Execute a notebook in this process; the executed one is in `run.notebook`, however it ended.

    Raises:
        papermill.PapermillExecutionError: a cell raised.
    """
    prepared = nbformat.from_dict(dict(source))
    prepared.metadata.papermill = {}
    for cell in prepared.cells:
        cell.metadata.setdefault("tags", [])
    if parameters:
        prepared = parameterize_notebook(prepared, parameters, kernel_name="python3", language="python")
    run.notebook = prepared
    run.note("notebook", json.dumps(prepared).encode())
    client = _Client(prepared, log=_quiet)
    client.run = run
    raise_for_execution_errors(client.execute(), None)
