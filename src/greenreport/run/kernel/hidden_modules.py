"""Imports without what they try and can do without. Knows module names only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["without_grammar"]

_GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_grammar() -> Iterator[None]:
    """Have jsonschema, where it is imported within the block, do without the grammar that it tries for one format of text.

    Neither notebooks nor charts use that format, and the grammar is built for a second. It can be imported afterwards.
    """
    hidden = _GRAMMAR not in sys.modules
    if hidden:
        sys.modules[_GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if hidden:
            del sys.modules[_GRAMMAR]
