"""ICS: deadlines as all-day events with alarms, and those done or called off, for any calendar."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kvartal.exchange.reports.printable import printable_text
from kvartal.schema.errors import N_, Translate
from kvartal.schema.model import Plan
from kvartal.schema.summaries import OpenCheckpoint

if TYPE_CHECKING:
    from icalendar import Event

ALARM_DAYS: Final = (14, 3)
"""How many days before the last day an alarm is."""

_DONE: Final = "✓"
_LONGEST_TITLE: Final = 200
_SPACE: Final = uuid.UUID("8f8a5b0e-6f0a-5d0b-9a53-6b7661727461")


NO_HISTORY: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The last change of an event without a history: an export has no clock."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event.

    Attributes:
        uid: What a calendar knows it by.
        what: The checkpoint, or the unfinished term.
        is_called_off: Whether it stands in calendars only because of an earlier file.
        is_done: Whether it was done before its day: nobody needs to be reminded.
        sequence: How often the history has changed it: a calendar takes the highest.
        changed: When it was changed last.
    """

    uid: str
    what: OpenCheckpoint
    is_called_off: bool = False
    is_done: bool = False
    sequence: int = 0
    changed: datetime = NO_HISTORY


def event_uid(plan: Plan, one: OpenCheckpoint) -> str:
    """Return the UID of a deadline, the same in every export.

    Args:
        plan: The programme: its organization and years.
        one: The deadline.
    """
    checkpoint = one.checkpoint
    name = "end" if checkpoint is None else str(checkpoint.quarter or checkpoint.point)
    key = "|".join((plan.header("organization"), plan.years_text, one.measure_id, name))
    return f"{uuid.uuid5(_SPACE, key)}@kvartal"


def write_calendar(plan: Plan, events: Iterable[CalendarEvent], translate: Translate) -> bytes:
    """Return events as an iCalendar file.

    Args:
        plan: The programme.
        events: Its deadlines, and those that are called off.
        translate: Turns Russian texts into the programme's language.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//kvartal//kvartal//{'EN' if plan.language == 'en' else 'RU'}")
    calendar.add("version", "2.0")
    calendar.add(
        "x-wr-calname", printable_text(f"{plan.header('organization')}, {plan.years_text}")
    )
    for event in events:
        calendar.add_component(_event(event, translate))
    return bytes(calendar.to_ical())


def _event(of: CalendarEvent, translate: Translate) -> "Event":
    from icalendar import Alarm, Event

    one, measure = of.what, of.what.status.measure
    whole = printable_text(f"{measure.number} {measure.title}")
    # A calendar has one line for it.
    line = " ".join(filter(None, map(str.strip, whole.split("\n"))))
    title = line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1]}…"
    shown = f"{_DONE} {title}" if of.is_done else title
    event = Event()
    event.add("uid", of.uid)
    event.add("dtstamp", of.changed)
    event.add("last-modified", of.changed)
    event.add("sequence", of.sequence)
    event.add("dtstart", one.due)
    event.add("dtend", one.due + timedelta(days=1))
    event.add("summary", shown)
    event.add("transp", "TRANSPARENT")
    if of.is_called_off:
        event.add("status", "CANCELLED")
        return event
    event.add("status", "CONFIRMED")
    lines = [
        # What does not fit a line of a calendar is read below it.
        whole if title != whole else "",
        *measure.actions,
        translate(N_("Ожидаемый результат: {text}")).format(text=measure.result)
        if measure.result
        else "",
        measure.responsible_line,
    ]
    event.add("description", printable_text("\n".join(filter(None, lines))))
    for days in () if of.is_done else ALARM_DAYS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", timedelta(days=-days))
        event.add_component(alarm)
    return event
