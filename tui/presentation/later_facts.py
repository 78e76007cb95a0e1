"""What was saved but is not seen on the screen yet: facts dated later than the screen's date."""

from collections.abc import Iterator
from datetime import date

from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day


def not_yet_shown(before: Plan, after: Plan, as_of: date) -> str:
    """Return that a change is not seen as of a date; empty where all of it is.

    Args:
        before: The programme before the change.
        after: The programme with it.
        as_of: The date that states are shown as of.
    """
    known = before.by_id
    days = {
        fact
        for measure in after.measures
        if measure is not (old := known.get(measure.id)) and measure != old
        for fact in _days(measure)
        if fact > as_of and (old is None or fact not in _days(old))
    }
    if not days:
        return ""
    template = _("На экране {as_of}: внесённое с датой {day} на нём ещё не видно.")
    return template.format(as_of=day(as_of), day=", ".join(map(day, sorted(days))))


def _days(measure: Measure) -> Iterator[date]:
    yield from (record.date for record in measure.records)
    yield from (postponement.date for postponement in measure.postponements)
    if measure.cancelled:
        yield measure.cancelled.date
