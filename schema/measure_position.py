"""Where in the file a measure belongs: among the rows of its section or channel, as printed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kvartal.schema.changes import Plain, PlanData


def position_for(
    data: PlanData, row: Mapping[str, Plain], others: Sequence[Mapping[str, Plain]]
) -> int:
    """Return the index at which a measure is printed: after those of its place and before it.

    Args:
        data: The programme.
        row: The measure.
        others: The other measures, in their order.
    """
    return PrintedPositions(data, others).of(row)


class PrintedPositions:
    """Where new measures are printed: the parts and rows are looked through once for all of them.

    Args:
        data: The programme.
        rows: Its measures.
    """

    def __init__(self, data: PlanData, rows: Iterable[Mapping[str, Plain]]) -> None:
        self._order = _printed_order(data)
        self._counts: Counter[int] = Counter()
        for row in rows:
            self.count(row)

    def of(self, row: Mapping[str, Plain]) -> int:
        """Return the index of a measure: after those of its place and of earlier places."""
        place = self._order.get(measure_place(row), len(self._order))
        return sum(count for at, count in self._counts.items() if at <= place)

    def count(self, row: Mapping[str, Plain]) -> None:
        """Count a measure that was added."""
        self._counts[self._order.get(measure_place(row), 0)] += 1


def measure_place(row: Mapping[str, Plain]) -> tuple[str, str]:
    """Return in which field a row names its place, and the number there."""
    name = "channel" if "channel" in row else "section"
    return name, str(row.get(name, ""))


def _printed_order(data: PlanData) -> dict[tuple[str, str], int]:
    """Return the order in which sections and channels are printed; rows of neither come first."""
    places = _places(data.get("sections", []))
    return {place: index for index, place in enumerate((("section", ""), *places))}


def _places(sections: Plain) -> Iterator[tuple[str, str]]:
    for section in sections if isinstance(sections, list) else ():
        if not isinstance(section, dict):
            continue
        yield "section", str(section.get("number", ""))
        channels = section.get("channels", [])
        for channel in channels if isinstance(channels, list) else ():
            if isinstance(channel, dict):
                yield "channel", str(channel.get("number", ""))
        yield from _places(section.get("sections", []))
