"""ICS: the deadlines that remain, as all-day events with alarms, for any calendar program."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kvartal.schema.errors import N_, Translate
from kvartal.schema.model import Plan
from kvartal.schema.states import CLOSED, CheckpointState, statuses
from kvartal.schema.summaries import OpenCheckpoint
from kvartal.schema.unprintable import revealed

if TYPE_CHECKING:
    from icalendar import Event

ALARM_DAYS: Final = (14, 3)
"""How many days before the last day an alarm is."""

_LONGEST_TITLE: Final = 200
_SPACE: Final = uuid.UUID("8f8a5b0e-6f0a-5d0b-9a53-6b7661727461")
_REMAINING: Final = frozenset(
    {CheckpointState.UPCOMING, CheckpointState.DUE, CheckpointState.OVERDUE}
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline.

    Attributes:
        what: The checkpoint, or the unfinished term.
        revisions: How often the history has changed it: a calendar takes the newest.
    """

    what: OpenCheckpoint
    revisions: int = 0


def remaining(plan: Plan, as_of: date) -> tuple[OpenCheckpoint, ...]:
    """Return what is still to be done, nearest last day first, overdue ones included."""
    found = []
    for status in statuses(plan, as_of):
        found += [
            OpenCheckpoint(status, checkpoint)
            for checkpoint in status.checkpoints
            if checkpoint.state in _REMAINING
        ]
        if status.is_unfinished:
            found.append(OpenCheckpoint(status, None))
    return tuple(sorted(found, key=lambda one: (one.due, one.measure_id)))


def undated(plan: Plan, as_of: date) -> tuple[str, ...]:
    """Return the ids of measures that are still to be done and have no date for it."""
    return tuple(
        status.measure.id
        for status in statuses(plan, as_of)
        if status.due is None and not status.checkpoints and status.state not in CLOSED
    )


def write_calendar(plan: Plan, deadlines: Iterable[Deadline], translate: Translate) -> bytes:
    """Return deadlines as an iCalendar file.

    Args:
        plan: The programme.
        deadlines: Its deadlines.
        translate: Turns Russian texts into the programme's language.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//kvartal//kvartal//RU")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _visible(f"{plan.header('organization')}, {plan.years_text}"))
    for deadline in deadlines:
        calendar.add_component(_event(plan, deadline, translate))
    return bytes(calendar.to_ical())


def _event(plan: Plan, deadline: Deadline, translate: Translate) -> "Event":
    from icalendar import Alarm, Event

    one = deadline.what
    measure = one.status.measure
    checkpoint = (
        "" if one.checkpoint is None else str(one.checkpoint.quarter or one.checkpoint.point)
    )
    key = "|".join((plan.header("organization"), plan.years_text, measure.id, checkpoint or "end"))
    title = _visible(f"{measure.number} {measure.title}"[:_LONGEST_TITLE])
    event = Event()
    event.add("uid", f"{uuid.uuid5(_SPACE, key)}@kvartal")
    # The standard demands a moment of the entry; an export has no clock in it.
    event.add("dtstamp", datetime(2000, 1, 1, tzinfo=UTC))
    event.add("sequence", deadline.revisions)
    event.add("dtstart", one.due)
    event.add("dtend", one.due + timedelta(days=1))
    event.add("summary", title)
    lines = [
        *measure.actions,
        translate(N_("Ожидаемый результат: {text}")).format(text=measure.result)
        if measure.result
        else "",
        measure.responsible_line,
    ]
    event.add("description", _visible("\n".join(filter(None, lines))))
    event.add("transp", "TRANSPARENT")
    for days in ALARM_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event


def _visible(text: str) -> str:
    return revealed(text, {"\n": "\n"})
