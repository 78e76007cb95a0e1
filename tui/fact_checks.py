"""What is refused, or said, of the dates of a record before it is saved: screen and commands alike.

The other programmes of the folder are read for it, and only where it depends on them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kvartal.schema.checkpoints import CheckpointDay, checkpoint_name
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import KvartalError
from kvartal.schema.fact_dates import (
    CheckpointNotBegun,
    FactBeforePeriod,
    FactInFuture,
    FactOfAnotherProgramme,
    days_late,
)
from kvartal.schema.measure import Measure
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter, quarter_holding
from kvartal.schema.states import CheckpointState, statuses
from kvartal.tui.i18n import _
from kvartal.tui.plans.files import plans_in
from kvartal.tui.plans.names import display_name
from kvartal.tui.plans.path import open_plan

_OPEN = frozenset({CheckpointState.UPCOMING, CheckpointState.DUE, CheckpointState.OVERDUE})


@dataclass(frozen=True, slots=True)
class FactChecks:
    """The programme that a record is for, and the day on which it is made.

    Attributes:
        path: The plan file.
        plan: What it holds.
        today: The date of the calendar.
    """

    path: Path
    plan: Plan
    today: date

    def check_date(self, measure: str, day: date) -> None:
        """Check that a record may have this date of fact.

        Raises:
            FactInFuture: It is later than today.
            FactBeforePeriod, FactOfAnotherProgramme: The programme has not begun by then.
        """
        if day > self.today:
            raise FactInFuture(measure=measure, date=day_text(day), today=day_text(self.today))
        if day >= self.plan.period.start:
            return
        start = day_text(self.plan.period.start)
        fields = {"measure": measure, "date": day_text(day), "start": start}
        for path, other in self._others():
            if other.period.start <= day <= other.period.due:
                raise FactOfAnotherProgramme(plan=display_name(path), **fields)
        raise FactBeforePeriod(**fields)

    def check_begun(
        self, measures: Sequence[str], checkpoint: CalendarQuarter | date, as_of: date
    ) -> None:
        """Check that a checkpoint has begun, where the programme before has the same one open.

        Args:
            measures: Ids of the measures that the record is for.
            checkpoint: What it is for: a quarter, or the day of a point or of a term by dates.
            as_of: The date that states are judged as of.

        Raises:
            CheckpointNotBegun: It has not: the record is most likely for the programme before.
        """
        if _quarter(checkpoint).first <= as_of:
            return
        wanted = [one for one in self.plan.measures if one.id in measures]
        for path, other in self._programmes_before():
            earlier = {one.measure.id: one for one in statuses(other, as_of)}
            for measure in wanted:
                status = earlier.get(_earlier_id(measure, path))
                for point in status.checkpoints if status is not None else ():
                    if point.state in _OPEN and _is_same(point.day, checkpoint, other):
                        raise CheckpointNotBegun(
                            measure=measure.id,
                            checkpoint=checkpoint_name(checkpoint),
                            plan=display_name(path),
                        )

    def lateness(self, day: date, reason: str) -> tuple[str, ...]:
        """Return the warning that a record is made long after its date; none where it is not."""
        days = days_late(self.plan, day, self.today)
        if not days:
            return ()
        if reason.strip():
            template = _("Отмечено через {days} дн. после даты исполнения; verify покажет причину.")
        else:
            template = _(
                "Отмечено через {days} дн. после даты исполнения, а причина не указана (--reason): "
                "verify сочтёт это замечанием."
            )
        return (template.format(days=days),)

    def _programmes_before(self) -> list[tuple[Path, Plan]]:
        """Return the programmes that ended last before this one begins."""
        start = self.plan.period.start
        before = [(path, other) for path, other in self._others() if other.period.due < start]
        ends = max((other.period.due for _path, other in before), default=None)
        return [(path, other) for path, other in before if other.period.due == ends]

    def _others(self) -> Iterator[tuple[Path, Plan]]:
        """Yield the other programmes of the folder that can be read."""
        for other in plans_in(self.path.parent):
            if other.name == self.path.name:
                continue
            try:
                yield other, open_plan(other).read().plan
            except KvartalError:
                continue  # What is in it is not known; `validate` says what is wrong with it.


def _earlier_id(measure: Measure, path: Path) -> str:
    """Return the id that a measure had in an earlier programme: the same, unless it got a new one.

    Args:
        measure: As it is now.
        path: The plan file of the earlier programme.
    """
    origin = measure.carried_from
    return origin.id if origin is not None and Path(origin.plan).name == path.name else measure.id


def _is_same(day: CheckpointDay, checkpoint: CalendarQuarter | date, plan: Plan) -> bool:
    """Return whether a checkpoint of the programme before is what a record's would be there.

    Two points are the same in the same month of the year: the day may move with the weekdays.
    Anything else, a term by dates among it, is the same in the same quarter of the year.
    """
    if day.printed > plan.period.due:
        return False
    is_point = day.quarter is None and not day.takes_quarter
    if is_point and not isinstance(checkpoint, CalendarQuarter):
        return day.printed.month == checkpoint.month
    return quarter_holding(day.printed).number == _quarter(checkpoint).number


def _quarter(checkpoint: CalendarQuarter | date) -> CalendarQuarter:
    if isinstance(checkpoint, CalendarQuarter):
        return checkpoint
    return quarter_holding(checkpoint)
