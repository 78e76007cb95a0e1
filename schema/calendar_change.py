"""The working calendar of a programme, filled for one year."""

from collections.abc import Collection
from datetime import date
from typing import Final

from kvartal.schema.changes import Plain, PlanData

_CALENDAR: Final = "calendar"


def with_calendar(
    data: PlanData, year: int, days_off: Collection[date], workdays: Collection[date]
) -> PlanData:
    """Return a programme with the working days of a year stated; other years and the rule stay.

    Args:
        data: The programme.
        year: The year.
        days_off: Its days off from Monday to Friday.
        workdays: Its Saturdays and Sundays that are working days.
    """
    stated = data.get(_CALENDAR)
    calendar: dict[str, Plain] = dict(stated) if isinstance(stated, dict) else {}
    for key, days in (("days_off", days_off), ("workdays", workdays)):
        old = calendar.pop(key, [])
        every = map(str, old) if isinstance(old, list) else ()
        kept = (day for day in every if not day.startswith(f"{year}-"))
        new = sorted({*kept, *(day.isoformat() for day in days)})
        if new:
            calendar[key] = list[Plain](new)
    return {**data, _CALENDAR: calendar} if calendar else data
