"""Notebooks as files: what they declare, and bytes that do not depend on when and where they ran."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from project import HERE

from greenreport.errors import ParamsError
from greenreport.run import notebook
from greenreport.text import Text


def test_declared_parameters_are_those_that_papermill_finds() -> None:
    """Names agree with papermill's own inspection wherever that can read the annotation."""
    import papermill

    path = HERE / "notebooks" / "page.ipynb"
    ours = notebook.parameters(notebook.read(path))
    theirs = papermill.inspect_notebook(path)
    assert theirs.keys() <= ours.keys()
    assert ours["growth"] == notebook.Parameter("float", "0.03")
    assert ours["lang"].annotation == "Literal['zh', 'en']"


def test_front_matter_takes_the_place_of_an_old_one() -> None:
    """The notebook's own front matter, for rendering by hand, makes way for the page's."""
    nb = notebook.read(HERE / "notebooks" / "page.ipynb")
    made = notebook.with_front_matter(nb, {"title": "万州区"})
    assert made["cells"][0]["source"] == "---\ntitle: 万州区\n---"
    assert len(made["cells"]) == len(nb["cells"])


def test_clock_ids_and_folders_leave_no_trace() -> None:
    """Two executions at different times in different folders give the same bytes."""

    def executed(root: str, number: int) -> bytes:
        cell = {
            "cell_type": "code",
            "id": f"random{number}",
            "metadata": {"papermill": {"start_time": number}, "execution": {"iopub.status": number}, "tags": []},
            "execution_count": 1,
            "outputs": [
                {
                    "output_type": "stream",
                    "name": "stderr",
                    "text": f"{root}/src/a.py:1: UserWarning\n/tmp/ipykernel_{number}/{number}7.py:2: x",
                }
            ],
            "source": "1",
        }
        return notebook.normalise({"cells": [cell], "metadata": {"papermill": {"n": number}}}, root=Path(root))

    assert executed("/home/one", 1) == executed("/srv/two", 2)


def test_outputs_do_not_count_as_code() -> None:
    """A notebook committed with outputs is the same notebook as without."""
    nb = notebook.read(HERE / "notebooks" / "page.ipynb")
    again = json.loads(json.dumps(nb))
    again["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    assert notebook.code_digest(nb) == notebook.code_digest(again)
    again["cells"][3]["source"] += "\n"
    assert notebook.code_digest(nb) != notebook.code_digest(again)


def test_findings_are_the_last_of_their_kind_and_finite() -> None:
    """The last findings count; a number that JSON cannot hold is an error."""

    def nb(*values: object) -> dict[str, object]:
        return {"cells": [{"outputs": [{"data": {notebook.FINDINGS: value}} for value in values]}]}

    assert notebook.findings(nb({"b": 1, "a": 2}, {"b": 3, "a": 4})) == b'{\n "a": 4,\n "b": 3\n}\n'
    assert notebook.findings(nb()) is None
    with pytest.raises(ValueError, match="not JSON compliant"):
        notebook.findings(nb({"a": float("nan")}))


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    """A text file named like a notebook is told as such."""
    file = tmp_path / "x.ipynb"
    file.write_text("hello")
    with pytest.raises(ParamsError, match="not a Jupyter notebook"):
        notebook.read(file)


def test_a_value_that_does_not_fit_is_shown_as_it_was_written() -> None:
    """Types are judged strictly, choices are named, and a list is not taken for several values of ours."""
    wrong = notebook.type_problem(notebook.Parameter("list[str] | None", "None"), ["a", 1])
    assert wrong is not None and "['a', 1]" in wrong["en"] and "“['a', 1]”" in wrong["zh"]
    assert notebook.type_problem(notebook.Parameter("float", "0.5"), True) is not None
    assert notebook.type_problem(notebook.Parameter("float", "0.5"), 1) is None
    assert notebook.type_problem(notebook.Parameter("np.ndarray", "x"), "anything") is None
    choice = notebook.type_problem(notebook.Parameter("Literal['zh', 'en']", "'zh'"), "fr")
    assert choice == Text(
        zh="“fr”不在可选值之内。可选：zh、en。",
        en="'fr' is not among the choices. Choose from: zh, en.",
    )
