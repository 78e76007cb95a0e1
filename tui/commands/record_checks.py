"""What is refused, or said, of the date of a record before it is saved."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from kvartal.history.store.snapshot import Snapshot
from kvartal.schema.checkpoints import CheckpointDay
from kvartal.schema.errors import KvartalError
from kvartal.schema.fact_dates import (
    CheckpointNotBegun,
    FactBeforePeriod,
    FactInFuture,
    FactOfAnotherProgramme,
    days_late,
)
from kvartal.schema.model import Plan
from kvartal.schema.quarters import CalendarQuarter
from kvartal.schema.states import CheckpointState, statuses
from kvartal.tui.commands.params import today
from kvartal.tui.i18n import _
from kvartal.tui.plan_files import plans_in
from kvartal.tui.plan_path import display_name, open_plan

_OPEN = frozenset({CheckpointState.UPCOMING, CheckpointState.DUE, CheckpointState.OVERDUE})


def check_date(snapshot: Snapshot, measure: str, day: date) -> None:
    """Check that a record may have this date of fact.

    Raises:
        FactInFuture: It is later than today.
        FactBeforePeriod, FactOfAnotherProgramme: The programme has not begun by then.
    """
    plan = snapshot.plan
    if day > today():
        raise FactInFuture(measure=measure, date=_shown(day), today=_shown(today()))
    if day >= plan.period.start:
        return
    fields = {"measure": measure, "date": _shown(day), "start": _shown(plan.period.start)}
    for path, other in _others(snapshot.path):
        if other.period.start <= day <= other.period.due:
            raise FactOfAnotherProgramme(plan=display_name(path), **fields)
    raise FactBeforePeriod(**fields)


def check_begun(
    snapshot: Snapshot, measures: Sequence[str], quarter: CalendarQuarter, as_of: date
) -> None:
    """Check that a quarter has begun, where the programme before has the same one open.

    Raises:
        CheckpointNotBegun: It has not: the record is most likely for the programme before.
    """
    plan = snapshot.plan
    if quarter.first <= as_of:
        return
    before = [
        (path, other)
        for path, other in _others(snapshot.path)
        if other.period.due < plan.period.start
    ]
    if not before:
        return
    path, other = max(before, key=lambda one: one[1].period.due)
    for status in statuses(other, as_of):
        for checkpoint in status.checkpoints if status.measure.id in measures else ():
            if checkpoint.state in _OPEN and _is_same(checkpoint.day, quarter, other):
                raise CheckpointNotBegun(
                    measure=status.measure.id, checkpoint=quarter, plan=display_name(path)
                )


def lateness(plan: Plan, day: date, reason: str) -> tuple[str, ...]:
    """Return the warning that a record is made long after its date; none where it is not."""
    days = days_late(plan, day, today())
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


def _is_same(day: CheckpointDay, quarter: CalendarQuarter, plan: Plan) -> bool:
    known = day.quarter
    return known is not None and known.number == quarter.number and known.last <= plan.period.due


def _others(path: Path) -> Iterator[tuple[Path, Plan]]:
    """Yield the other programmes of the folder that can be read."""
    for other in plans_in(path.parent):
        if other.name == path.name:
            continue
        try:
            yield other, open_plan(other).read().plan
        except KvartalError:
            continue  # What is in it is not known; `validate` says what is wrong with it.


def _shown(day: date) -> str:
    return f"{day:%d.%m.%Y}"
