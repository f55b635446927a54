"""Imports without what they try and can do without. Knows module names only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["GRAMMAR", "without"]

GRAMMAR = "rfc3987_syntax"
"""jsonschema tries this for one format of text that neither notebooks nor charts use; it builds a grammar for a second."""


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Have modules be missing within the block, unless they are imported already; afterwards they can be imported.

    Args:
        names: modules that the imports in the block look for and do without.
    """
    hidden = [name for name in names if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
