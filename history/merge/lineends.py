"""Line breaks and the byte order mark: what a side changes in every line without changing any.

Where the versions differ in them, they are merged without, and the result is written as a merge by
fields would have it: as the side has it that changed it.
"""

from codecs import BOM_UTF8
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineEnds:
    """How a file ends its lines, and whether it begins with a byte order mark."""

    windows: bool
    bom: bool

    def put_on(self, content: bytes) -> bytes:
        """Return a file that ends its lines so.

        Args:
            content: A file with plain line breaks and without a mark.
        """
        lines = content.replace(b"\n", b"\r\n") if self.windows else content
        return BOM_UTF8 + lines if self.bom else lines


def line_ends(content: bytes) -> LineEnds:
    """Return how most lines of a file end."""
    windows = content.count(b"\r\n") * 2 > content.count(b"\n")
    return LineEnds(windows, content.startswith(BOM_UTF8))


def plain(content: bytes) -> bytes:
    """Return a file with plain line breaks and without a byte order mark."""
    return content.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")


def merged_ends(base: bytes, ours: bytes, theirs: bytes) -> LineEnds | None:
    """Return how the merge of three files ends its lines; None where all three do alike.

    Args:
        base: The file before; empty where there was none.
        ours: Our file.
        theirs: The other one.
    """
    mine, other = line_ends(ours), line_ends(theirs)
    old = line_ends(base) if base else mine
    if old == mine == other:
        return None
    return LineEnds(
        other.windows if mine.windows == old.windows else mine.windows,
        other.bom if mine.bom == old.bom else mine.bom,
    )
