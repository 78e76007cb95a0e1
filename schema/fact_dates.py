"""Which dates of fact a record may have: not of tomorrow, and not of before the programme."""

from datetime import date

from kvartal.schema.errors import N_, KvartalError
from kvartal.schema.model import Plan


class FactInFuture(KvartalError):
    """A record says that something was done on a day that has not come."""

    template = N_(
        "{measure}: дата исполнения {date} ещё не наступила, сегодня {today}. Исправьте дату."
    )


class FactBeforePeriod(KvartalError):
    """A record is dated before its programme begins, and no programme is known that holds it."""

    template = N_(
        "{measure}: дата исполнения {date} раньше начала программы, {start}. Исправьте дату."
    )


class FactOfAnotherProgramme(KvartalError):
    """A record is dated before its programme begins, and a different programme holds that day."""

    template = N_(
        "{measure}: дата исполнения {date} раньше начала программы, {start}. На эту дату есть "
        "программа {plan}: отметьте там (--plan {plan}) или исправьте дату."
    )


class CheckpointNotBegun(KvartalError):
    """A record is for what has not begun, and the programme before has the same still open."""

    template = N_(
        "{measure}: контрольная точка {checkpoint} ещё не началась, а в программе {plan} такая же "
        "точка этого мероприятия открыта. Отметьте там: --plan {plan}; если всё верно: --early."
    )


def days_late(plan: Plan, day: date, today: date) -> int:
    """Return how long after its date a fact is recorded, where that is longer than is usual.

    Args:
        plan: The programme, which says how long is usual.
        day: The date of fact.
        today: When it is recorded.
    """
    days = (today - day).days
    return days if days > plan.audit.backdating_days else 0
