"""What an organisation calls the levels of its table: «Раздел», or its own words."""

from kvartal.schema.errors import N_
from kvartal.schema.model import Plan
from kvartal.tui.i18n import _

_SECTION = N_("Раздел")
_CHANNEL = N_("Канал обслуживания")


def level_name(plan: Plan, depth: int) -> str:
    """Return what a section at a depth is called, from 0: the organisation's word, else ours."""
    return plan.levels[depth] if depth < len(plan.levels) else _(_SECTION)


def channel_level_name(plan: Plan, depth: int) -> str:
    """Return what a channel below so many sections is called."""
    return plan.levels[depth] if depth < len(plan.levels) else _(_CHANNEL)
