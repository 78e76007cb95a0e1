"""The mark that our own exports leave at each measure: a bookmark, a hidden cell, an attribute."""

import hashlib
from typing import Final

MARK_PREFIX: Final = "kvartal_"
"""What the marks begin with; the rest is the id in hexadecimal UTF-8."""

_LONGEST: Final = 32


def mark_of(measure: str) -> str:
    """Return the mark of a measure, by its id; fit for the name of a bookmark."""
    name = measure.encode().hex()
    if len(name) > _LONGEST:  # Word drops longer names of bookmarks.
        name = hashlib.sha256(measure.encode()).hexdigest()[:_LONGEST]
    return MARK_PREFIX + name
