"""How much a source document may ask for: what is larger is refused with a sentence."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for reading one document; far above any programme, far below what hurts a machine.

    Attributes:
        file_bytes: Size of the file.
        members: Files packed into it.
        member_bytes: Unpacked size of one of those that are read.
        total_bytes: Unpacked size of all those that are read.
        ratio: How many times smaller than its content a large packed file may be.
        rows: Rows of one table.
        columns: Columns of one table.
        cells: Cells of all tables together.
        cell_text: Characters in one cell.
        depth: Tables inside tables, and elements inside elements of HTML.
        seconds: Time for the whole reading.
        memory_bytes: Memory of the reading process, where the system can limit it.
    """

    file_bytes: int = 64 << 20
    members: int = 20_000
    member_bytes: int = 96 << 20
    total_bytes: int = 256 << 20
    ratio: int = 250
    rows: int = 100_000
    columns: int = 1_000
    cells: int = 1_000_000
    cell_text: int = 100_000
    depth: int = 20
    seconds: float = 60.0
    memory_bytes: int = 2 << 30


DEFAULT_LIMITS: Final = Limits()
