"""Where in the file a measure belongs: among the rows of its section or channel, as printed."""

from collections.abc import Iterator, Mapping, Sequence

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
    order = _printed_order(data)
    place = order.get(measure_place(row), len(order))
    return sum(order.get(measure_place(one), 0) <= place for one in others)


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
