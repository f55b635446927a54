"""What came of something is recalled for just what it was made from, and nothing is believed that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenreport.run.memory import Memory


def test_only_the_same_source_is_recalled(tmp_path: Path) -> None:
    """A key is known for the digest that it was kept with, also after a while."""
    memory = Memory(tmp_path, "kept/memory.json")
    memory.keep("page", "digest", {"rows": 3})
    memory.save()
    again = Memory(tmp_path, "kept/memory.json")
    assert again.recall("page", "digest") == {"rows": 3}
    assert again.recall("page", "another") is None
    assert again.recall("other", "digest") is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"page": "digest"}', '{"page": {"state": 1}}'])
def test_a_memory_that_is_not_understood_is_empty(tmp_path: Path, content: str) -> None:
    """Torn, touched or of an earlier version: everything is worked out again."""
    (tmp_path / "memory.json").write_text(content)
    assert Memory(tmp_path, "memory.json").recall("page", "digest") is None
