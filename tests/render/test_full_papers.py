"""Every PDF and every Word file of the whole demonstration set: no figure is parted from its unit.

Takes minutes. `GREENREPORT_SITE` names a finished site (`reports/demo/site`); without it the demonstration set is built.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from reading import as_office_sets, parted

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="no pdftotext: install poppler-utils"),
]


def _parted(folder: Path, *, largest: float = 99.0) -> dict[str, list[tuple[str, str]]]:
    files = sorted(folder.rglob("*.pdf"))
    assert files
    found = {str(file.relative_to(folder)): parted(file, largest=largest) for file in files}
    return {name: lines for name, lines in found.items() if lines}


def test_no_pdf_parts_a_figure_from_its_unit(site: Path) -> None:
    """Pages, sheets, report and brief, in both languages."""
    assert not _parted(site)


@pytest.mark.skipif(not shutil.which("soffice"), reason="no soffice: install LibreOffice Writer")
def test_no_cell_of_word_parts_a_figure_from_its_unit(site: Path, tmp_path: Path) -> None:
    """Cells of tables, as LibreOffice sets them; their type is smaller than the text's."""
    assert not _parted(as_office_sets(site, tmp_path), largest=13.0)
