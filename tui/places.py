"""The places of a programme: what its measures are listed by, a section or a channel."""

from collections.abc import Iterator
from typing import NamedTuple

from kvartal.schema.model import Plan


class Place(NamedTuple):
    """A channel or a section, by its number. In the same order as ``Measure.place``."""

    channel: str | None = None
    section: str | None = None


def places(plan: Plan) -> Iterator[Place]:
    """Yield every section and channel of a programme."""
    yield from (Place(section=number) for number in plan.all_sections)
    yield from (Place(channel=number) for number in plan.channels)


def place_title(plan: Plan, place: Place) -> str:
    """Return number and title of a section or channel; empty where there is no such one."""
    channel = plan.channels.get(place.channel or "")
    found = channel or plan.all_sections.get(place.section or "")
    return f"{found.number} {found.title}" if found else ""
