"""What an organisation calls the levels of its table: «Раздел», or its own words."""

from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.tui.i18n import _
from kvartal.tui.places import Place, place_title

_SECTION = N_("Раздел")
_CHANNEL = N_("Канал обслуживания")


def level_name(plan: Plan, depth: int) -> str:
    """Return what a section at a depth is called, from 0: the organisation's word, else ours."""
    return plan.levels[depth] if depth < len(plan.levels) else _(_SECTION)


def channel_level_name(plan: Plan, depth: int) -> str:
    """Return what a channel below so many sections is called."""
    return plan.levels[depth] if depth < len(plan.levels) else _(_CHANNEL)


def place_level_name(plan: Plan, place: Place) -> str:
    """Return what a section or a channel is called."""
    above = plan.section_of_channel.get(place.channel or "")
    if above is not None:
        return channel_level_name(plan, _depth(plan, above.number) + 1)
    return level_name(plan, _depth(plan, place.section or ""))


def place_text(plan: Plan, place: Place) -> str:
    """Return a place with its number and title, led by the organisation's word for its level."""
    title = place_title(plan, place)
    return f"{place_level_name(plan, place)} {title}" if plan.levels else title


def _depth(plan: Plan, section: str) -> int:
    """Return how many sections a section is below."""
    depth, above = 0, plan.section_above.get(section)
    while above is not None:
        depth, above = depth + 1, plan.section_above.get(above.number)
    return depth
