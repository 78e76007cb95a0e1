"""Which checkpoints a record can be for, the state of each, and which one is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final, TypeAlias

from kvartal.schema.checkpoints import CheckpointDay
from kvartal.schema.measure import Measure, Record
from kvartal.schema.model import Plan
from kvartal.schema.months import MONTH_NAMES
from kvartal.schema.quarters import CalendarQuarter, quarter_holding
from kvartal.schema.states import Checkpoint, CheckpointState, Status, status
from kvartal.tui.i18n import _
from kvartal.tui.presentation.formats import day, short_quarter_name
from kvartal.tui.presentation.labels import CHECKPOINT_STATES, UNICODE_SIGNS, Signs, state_label
from kvartal.tui.presentation.measure_numbers import name_text

_PROPOSED = (CheckpointState.OVERDUE, CheckpointState.DUE, CheckpointState.UPCOMING)

_SHORT_NAME: Final = 4
"""Beside longer names than quarters have, at 80 columns only short states have room."""

Wanted: TypeAlias = CalendarQuarter | date | None
"""The checkpoint that a record is to be about: a quarter, a day, or the one most likely meant."""


@dataclass(frozen=True, slots=True)
class RecordTarget:
    """A checkpoint as a record names it.

    Attributes:
        day: Its last day as the term names it.
        quarter: The quarter that it is the end of; None where it is the day itself.
    """

    day: date
    quarter: CalendarQuarter | None = None

    @property
    def point(self) -> date | None:
        """The day, where a record names it; None for a quarter."""
        return self.day if self.quarter is None else None

    def key(self, year: int | None) -> str:
        """Return it as the plan of a year stores it: ``3``, ``2026-Q3``, ``2026-03-27``."""
        return self.day.isoformat() if self.quarter is None else str(self.quarter.stored(year))

    def holds(self, checkpoint: CheckpointDay) -> bool:
        """Return whether it is this checkpoint of a term."""
        return (checkpoint.printed, checkpoint.quarter) == (self.day, self.quarter)


@dataclass(frozen=True)
class RecordTargets:
    """The measures that a record is for, in their states on a date.

    Attributes:
        plan: The programme.
        statuses: The measures with their states.
        signs: The signs that the terminal can draw.
        stated: What a record is for already, also where no term has such a checkpoint now.
    """

    plan: Plan
    statuses: tuple[Status, ...]
    signs: Signs = UNICODE_SIGNS
    stated: RecordTarget | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures."""
        return tuple(one.measure for one in self.statuses)

    @property
    def only(self) -> Status | None:
        """The measure with its state, where there is but one."""
        return self.statuses[0] if len(self.statuses) == 1 else None

    @cached_property
    def targets(self) -> tuple[RecordTarget, ...]:
        """The checkpoints of any of the measures, in order; every quarter if none has one."""
        found = {
            RecordTarget(checkpoint.day.printed, checkpoint.quarter)
            for one in self.statuses
            for checkpoint in one.checkpoints
        }
        if not found:
            found = {RecordTarget(one.last, one) for one in self.plan.period.quarters}
        if self.stated is not None:
            found.add(self.stated)
        # A quarter's end may be a point of another measure: the quarter stands first.
        return tuple(sorted(found, key=lambda one: (one.day, one.quarter is None)))

    def with_key(self, key: str) -> RecordTarget:
        """Return a checkpoint by its key."""
        return next(one for one in self.targets if one.key(self.plan.year) == key)

    def checkpoints(self, target: RecordTarget) -> list[Checkpoint]:
        """Return the checkpoints of the measures that a record of this target is for."""
        every = (checkpoint for one in self.statuses for checkpoint in one.checkpoints)
        return [checkpoint for checkpoint in every if target.holds(checkpoint.day)]

    def proposed(self, as_of: date, wanted: Wanted = None) -> RecordTarget:
        """Return the checkpoint to begin with.

        Args:
            as_of: The date on the screen.
            wanted: The checkpoint that the user has chosen. Where the measures have none such, or
                none was chosen: the earliest overdue one, else the one due, else an open one, and
                of several measures rather one that each of them has.
        """
        if isinstance(wanted, CalendarQuarter):
            in_quarter = [t for t in self.targets if quarter_holding(t.day) == wanted]
            chosen = [t for t in in_quarter if t.quarter == wanted] or in_quarter
        else:
            chosen = [t for t in self.targets if t.day == wanted]
        if not chosen and self.only is None:
            chosen = [t for t in self.targets if self._is_of_each(t)]
        return self._likely(chosen or self.targets, as_of)

    def _is_of_each(self, target: RecordTarget) -> bool:
        """Return whether each measure that has checkpoints has this one."""
        with_any = [one for one in self.statuses if one.checkpoints]
        return bool(with_any) and len(self.checkpoints(target)) == len(with_any)

    def _likely(self, targets: Sequence[RecordTarget], as_of: date) -> RecordTarget:
        for state in _PROPOSED:
            for target in targets:
                if any(point.state is state for point in self.checkpoints(target)):
                    return target
        if not any(one.checkpoints for one in self.statuses):
            now = [one for one in targets if one.quarter == quarter_holding(as_of)]
            return (now or targets)[-1]
        return targets[-1]

    def describe(self, target: RecordTarget) -> str:
        """Return a checkpoint with its last day and state, for the list of choices."""
        checkpoints = self.checkpoints(target)
        name = f"{self._name(target):<{self._name_width}}  " if self._name_width else ""
        if not checkpoints:
            return _("{name}без срока").format(name=name)
        due = min(point.due for point in checkpoints)
        if self.only is not None:
            state = self._state(checkpoints[0])
        else:
            is_short = self._name_width > _SHORT_NAME
            state = _states(checkpoints, len(self.statuses), is_short=is_short)
        return _("{name}до {due}  {told}").format(name=name, due=day(due), told=state)

    @property
    def _name_width(self) -> int:
        names = [self._name(one) for one in self.targets]
        return max(3, *map(len, names)) if any(names) else 0

    def _name(self, target: RecordTarget) -> str:
        """Return what a checkpoint is called: «III», «III 2027», «июль», «27.03.2027».

        Empty for the one day of a term by dates: its last day says all.
        """
        if target.quarter is None and len(self.targets) == 1:
            return ""
        has_years = self.plan.year is None
        if target.quarter is not None:
            name = short_quarter_name(target.quarter.number)
            return f"{name} {target.quarter.year}" if has_years else name
        months = [(one.day.year, one.day.month) for one in self.targets if one.quarter is None]
        if months.count((target.day.year, target.day.month)) > 1 or len(months) == 1:
            return day(target.day)
        name = _(MONTH_NAMES[target.day.month - 1])
        is_other_year = target.day.year != self.plan.year
        return f"{name} {target.day.year}" if is_other_year else name

    def timeliness(self, target: RecordTarget, on: date) -> str:
        """Return whether a record on a day is in time; empty without a last day."""
        checkpoints = self.checkpoints(target)
        if not checkpoints:
            return ""
        late = (on - min(point.due for point in checkpoints)).days
        return _("С опозданием на {days} дн.").format(days=late) if late > 0 else _("В срок.")

    def is_late(self, target: RecordTarget, on: date) -> bool:
        """Return whether a record on a day is late for any of the measures."""
        return any(on > point.due for point in self.checkpoints(target))

    def completes(self, target: RecordTarget) -> bool:
        """Return whether a record of this checkpoint is the last one that every measure lacks."""
        return not self.is_completed and all(
            one.checkpoints and target.holds(one.checkpoints[-1].day) for one in self.statuses
        )

    @property
    def is_completed(self) -> bool:
        """Whether any measure has been completed, on whatever date."""
        return any(record.complete for one in self.statuses for record in one.measure.records)

    @property
    def completed_text(self) -> str:
        """That measures have been completed, in words; empty for none."""
        done = [one for one in self.measures if any(record.complete for record in one.records)]
        if not done or self.only is not None:
            return _("Уже отмечено исполненным.") if done else ""
        names = ", ".join(name_text(one) for one in done)
        return _("Уже отмечены исполненными: {measures}.").format(measures=names)

    def state_after(self, record: Record) -> str:
        """Return in words the state that a record leads to; empty for several measures."""
        if self.only is None:
            return ""
        measure = self.only.measure
        after = replace(measure, records=(*measure.records, record))
        on = max(record.date, self.only.as_of)
        return state_label(status(after, self.plan.calendar, on))

    def _state(self, point: Checkpoint) -> str:
        sign = self.signs.states[point.state]
        if point.state is CheckpointState.OVERDUE:
            template = _("{sign} просрочено на {days} дн.")
            if self._name_width > _SHORT_NAME:
                template = _("{sign} просрочено {days} дн.")
            return template.format(sign=sign, days=point.days_overdue)
        if point.recorded_on:
            # The sign says whether in time: with the words the date would be cut at 80 columns.
            template = _("{sign} отмечено {date}")
            return template.format(sign=sign, date=day(point.recorded_on))
        return f"{sign} {_(CHECKPOINT_STATES[point.state])}"


def _states(checkpoints: Sequence[Checkpoint], measures: int, *, is_short: bool) -> str:
    """Return how many of several measures have a checkpoint, and how many are overdue."""
    overdue = sum(point.state is CheckpointState.OVERDUE for point in checkpoints)
    parts = []
    if len(checkpoints) < measures:
        template = _("{some} из {all}") if is_short else _("у {some} из {all}")
        parts.append(template.format(some=len(checkpoints), all=measures))
    if overdue:
        template = _("проср. {count}") if is_short else _("просрочено: {count}")
        parts.append(template.format(count=overdue))
    return ", ".join(parts)
