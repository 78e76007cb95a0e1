"""What git wrote down of a branch when it moved it: the last that is known of one that is lost."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Final

_MOVE: Final = re.compile(rb"[0-9a-f]+ ([0-9a-f]*[1-9a-f][0-9a-f]*) [^\t]*\t(commit \(initial\))?")
"""The commits before and after a move; after a deletion there is none, which is all zeros."""


def last_logged(common_dir: Path, ref: str) -> str:
    """Return the commit that a ref was last moved to; empty where nothing is known of it.

    Git deletes the log of a ref together with the ref: where there is one, the ref was lost. Only
    that of the very first commit is written before there is a ref, and a crash may come in between.

    Args:
        common_dir: The git directory that all working trees share.
        ref: The full name of the ref.
    """
    with suppress(OSError):
        lines = (common_dir / "logs" / ref).read_bytes().splitlines()
        found = _MOVE.match(lines[-1]) if lines else None
        return found[1].decode("ascii") if found and not found[2] else ""
    return ""
