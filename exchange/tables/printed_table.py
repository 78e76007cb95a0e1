"""How our own export prints the table of a programme: what a copy of it is read by.

Headings and numbers that an organization has chosen itself tell nobody else what they mean. The
programme that a document goes into knows its own: with it, a copy is read as it was printed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kvartal.exchange.source_place import NO_PLACE
from kvartal.exchange.tables.headings import plain_heading
from kvartal.exchange.tables.programme import SourcePart
from kvartal.schema.model import Plan, Section

EXTRA: Final = "extra."
"""What the field of a column with a declared field begins with; the rest is its key."""


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column: its heading and its field, as `SourceColumn` has them."""

    heading: str
    field: str


@dataclass(frozen=True)
class PrintedTable:
    """The table of a programme as our own export prints it.

    Attributes:
        columns: Its columns from left to right.
        declared: The field of a column with a declared field, by its plain heading: what a column
            of any document with this heading holds.
        parts: The sections and channels in printed order.
    """

    columns: Sequence[PrintedColumn] = ()
    declared: dict[str, str] = field(default_factory=dict)
    parts: Sequence[SourcePart] = ()

    def has_headings(self, texts: Sequence[str]) -> bool:
        """Return whether these are its headings, from the first to the last."""
        own = [plain_heading(one.heading) for one in self.columns]
        return bool(own) and own == [*map(plain_heading, texts)]

    def part_of(self, first: str, second: str = "") -> SourcePart | None:
        """Return the part whose title a row is, with the title that the row has.

        Args:
            first: The text of its first cell with any: the number, perhaps with the title.
            second: The text of its second one; empty for none.
        """
        best: SourcePart | None = None
        for part in self.parts:
            number = f"{part.number}."
            is_it = first == number if second else first.startswith(f"{number} ")
            if is_it and (best is None or len(part.number) > len(best.number)):
                best = part
        if best is None:
            return None
        return replace(best, title=second or first[len(best.number) + 2 :])


def printed_table(plan: Plan, columns: Sequence[tuple[str, str]]) -> PrintedTable:
    """Return the table of a programme as our own export prints it.

    Args:
        plan: The programme.
        columns: The heading and the field of each printed column.
    """
    keys = {one.key for one in plan.fields}
    return PrintedTable(
        tuple(
            PrintedColumn(heading, f"{EXTRA}{key}" if key in keys else name)
            for heading, name in columns
            for key in (name.removeprefix(EXTRA),)
        ),
        {plain_heading(one.title): f"{EXTRA}{one.key}" for one in plan.fields},
        tuple(part for section in plan.sections for part in _parts(section, 0, "")),
    )


def _parts(section: Section, level: int, under: str) -> Iterator[SourcePart]:
    yield SourcePart(section.number, section.title, level, False, under, NO_PLACE)
    for channel in section.channels:
        yield SourcePart(channel.number, channel.title, level + 1, True, section.number, NO_PLACE)
    for below in section.sections:
        yield from _parts(below, level + 1, section.number)
