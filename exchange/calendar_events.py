"""Calendar events of a programme: deadlines that remain, and earlier ones to cancel.

A calendar that imported an earlier file still holds the events of a term that was moved since, or
of a measure that was taken off the plan: they are called off. What was done before its day stays
there without alarms. Which there may be is said by the facts (a postponement leaves the term before
it in place) and, where a term was changed otherwise, a measure removed or the programme renamed, by
the history.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final

from kvartal.exchange.export_progress import UNWATCHED, ExportStep, ExportWatch
from kvartal.exchange.export_request import ExportRequest
from kvartal.exchange.writers.calendar_writer import NO_HISTORY, CalendarEvent, event_uid
from kvartal.history.log.entry import CommitEntry
from kvartal.history.programme import Programme
from kvartal.schema.changes import Edit, Missing
from kvartal.schema.model import Plan
from kvartal.schema.reading import MalformedPlan, read_plan
from kvartal.schema.states import (
    CLOSED,
    CheckpointState,
    MeasureState,
    Status,
    status,
    statuses,
)
from kvartal.schema.summaries import OpenCheckpoint, overdue

_REMAINING: Final = frozenset(
    {CheckpointState.UPCOMING, CheckpointState.DUE, CheckpointState.OVERDUE}
)
_DONE: Final = frozenset({MeasureState.DONE, MeasureState.DONE_LATE})
_OF_ALL: Final = (("year",), ("period",), ("calendar",), ("document", "organization"))
"""Paths outside the measures that the events of all of them depend on."""


def remaining(plan: Plan, as_of: date) -> tuple[OpenCheckpoint, ...]:
    """Return what is still to be done, nearest last day first, overdue ones included."""
    found = [one for known in statuses(plan, as_of) for one in _open(known)]
    return tuple(sorted(found, key=_order))


def undated(plan: Plan, as_of: date) -> tuple[str, ...]:
    """Return the ids of measures that are still to be done and have no date for it."""
    return tuple(
        known.measure.id
        for known in statuses(plan, as_of)
        if known.due is None and not known.checkpoints and known.state not in CLOSED
    )


def calendar_events(
    programme: Programme, plan: Plan, request: ExportRequest, watch: ExportWatch = UNWATCHED
) -> list[CalendarEvent]:
    """Return the events of a programme, nearest first; called off is what was moved or dropped.

    What was done before its day is among them, so that an earlier file's alarms are taken back.

    Args:
        programme: The programme, for its history; where there is none, the facts have to do.
        plan: As it is now.
        request: Whether what remains or what is overdue is wanted, and until when.
        watch: Who follows it.

    Raises:
        ExportStopped: Nobody wants them any longer.
        KvartalError: Git refuses.
    """
    as_of = request.as_of
    history = _history(programme, watch)
    is_agenda = request.kind == "overdue"
    wanted = overdue(plan, as_of) if is_agenda else remaining(plan, as_of)
    events = {event_uid(plan, one): CalendarEvent(event_uid(plan, one), one) for one in wanted}
    kept = {event_uid(plan, one): one for one in _kept(plan, as_of)}
    if not is_agenda:
        for uid, one in kept.items():
            if uid not in events and one.due >= as_of:
                events[uid] = CalendarEvent(uid, one, is_done=True)
    for version, one in (*_moved(plan, as_of), *_earlier(programme, history, watch)):
        uid = event_uid(version, one)
        if uid not in kept and not (is_agenda and one.due >= as_of):
            events.setdefault(uid, CalendarEvent(uid, one, is_called_off=True))
    last = date.max if request.period is None else request.period.last
    return [
        replace(
            event,
            sequence=history.revisions[event.what.measure_id] + history.common,
            changed=max(history.moment, history.moments.get(event.what.measure_id, NO_HISTORY)),
        )
        for event in sorted(events.values(), key=lambda event: _order(event.what))
        if event.what.due <= last
    ]


def _order(one: OpenCheckpoint) -> tuple[date, str, bool]:
    return one.due, one.measure_id, one.checkpoint is None


def _open(known: Status) -> Iterator[OpenCheckpoint]:
    """Yield what a measure still owes."""
    for checkpoint in known.checkpoints:
        if checkpoint.state in _REMAINING:
            yield OpenCheckpoint(known, checkpoint)
    if known.is_unfinished:
        yield OpenCheckpoint(known, None)


def _kept(plan: Plan, as_of: date) -> Iterator[OpenCheckpoint]:
    """Yield what has its place in a calendar: what remains, and what was done on a day of it."""
    for known in statuses(plan, as_of):
        yield from _open(known)
        for checkpoint in known.checkpoints:
            if checkpoint.state not in {*_REMAINING, CheckpointState.CANCELLED}:
                yield OpenCheckpoint(known, checkpoint)
        if known.state in _DONE:
            yield OpenCheckpoint(known, None)


def _moved(plan: Plan, as_of: date) -> Iterator[tuple[Plan, OpenCheckpoint]]:
    """Yield what measures owed when their term was moved, or they were taken off the plan."""
    for measure in plan.measures:
        for at, moved in enumerate(measure.postponements):
            if moved.date <= as_of:
                before = replace(measure, postponements=measure.postponements[:at], cancelled=None)
                owed = _open(status(before, plan.calendar, moved.date))
                yield from ((plan, one) for one in owed)
        if measure.cancelled is not None and measure.cancelled.date <= as_of:
            before = replace(measure, cancelled=None)
            owed = _open(status(before, plan.calendar, measure.cancelled.date))
            yield from ((plan, one) for one in owed)


def _ever(plan: Plan, day: date) -> Iterator[OpenCheckpoint]:
    """Yield what a version may have shown, whatever date was asked for, up to a day."""
    for measure in plan.measures:
        for term in (measure.term, *(moved.to for moved in measure.postponements)):
            bare = replace(measure, term=term, postponements=(), records=(), cancelled=None)
            yield from _open(status(bare, plan.calendar, date.min))
        known = status(measure, plan.calendar, day)
        if known.is_unfinished:
            yield OpenCheckpoint(known, None)


@dataclass
class _History:
    """What the history says of events.

    Attributes:
        revisions: How many commits changed each measure.
        moments: When each was last changed.
        common: How many commits changed what all events depend on.
        moment: When that was changed last.
        before: The versions before commits that took events away: name of each and day of the
            commit, newest first.
    """

    revisions: Counter[str] = field(default_factory=Counter)
    moments: dict[str, datetime] = field(default_factory=dict)
    common: int = 0
    moment: datetime = NO_HISTORY
    before: dict[str, date] = field(default_factory=dict)

    def note(self, entry: CommitEntry) -> None:
        """Take what a commit changed into account."""
        moment = _moment(entry.date)
        edits = entry.edits or ()
        if any(map(_concerns_all, edits)):
            self.common += 1
            self.moment = max(self.moment, moment)
        else:
            self.revisions.update(entry.measures)
            for measure in entry.measures:
                self.moments[measure] = max(self.moments.get(measure, moment), moment)
        if any(map(_takes_away, edits)):
            for parent in entry.parents:
                self.before.setdefault(parent, date.fromisoformat(entry.date[:10]))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):  # A clock out of all bounds.
        return NO_HISTORY


def _concerns_all(edit: Edit) -> bool:
    """Return whether an edit is of something that the events of all measures depend on."""
    common = (zip(edit.path, one, strict=False) for one in _OF_ALL)
    return not edit.measure and any(all(a == b for a, b in pairs) for pairs in common)


def _takes_away(edit: Edit) -> bool:
    """Return whether an edit may take events away while no fact in the programme says so."""
    if not edit.measure:
        return _concerns_all(edit) and not isinstance(edit.old, Missing)
    if not edit.path:
        return isinstance(edit.new, Missing)
    if edit.path[0] == "postponements":
        return not isinstance(edit.old, Missing)
    return edit.path[0] == "term"


def _history(programme: Programme, watch: ExportWatch) -> _History:
    """Return what the history says; nothing where there is none."""
    from kvartal.history.git.errors import GitMissing, NotARepository, NoWorkTree

    history = _History()
    advance = watch.counting(ExportStep.HISTORY)
    try:
        with closing(programme.log()) as log:
            for entry in log:
                history.note(entry)
                advance()
    except (GitMissing, NotARepository, NoWorkTree):
        return _History()
    return history


def _earlier(
    programme: Programme, history: _History, watch: ExportWatch
) -> Iterator[tuple[Plan, OpenCheckpoint]]:
    """Yield what earlier versions owed; one that cannot be read was not exported either."""
    if not history.before:
        return
    from kvartal.history.git.failures import UNREAD
    from kvartal.history.log.version_reader import VersionReader
    from kvartal.history.yaml_text.loader import UnreadablePlan

    advance = watch.counting(ExportStep.HISTORY, len(history.before))
    with VersionReader(programme.repository(), programme.path.resolve().name) as versions:
        for commit, day in history.before.items():
            advance()
            with suppress(UnreadablePlan, MalformedPlan, *UNREAD):
                plan = read_plan(versions.data(commit))
                yield from ((plan, one) for one in _ever(plan, day))
