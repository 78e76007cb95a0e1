"""The working calendar of a programme: which days are off, and what a last day off becomes."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)
# Holidays are never so many in a row; a list of days off without end must not be followed.
_LONGEST_BREAK: Final = 60


class ShiftRule(StrEnum):
    """What becomes of a last day that is off."""

    KEEP = "keep"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are working days.

    Attributes:
        rule: What becomes of the last day of a checkpoint that is off.
        days_off: Days off besides Saturdays and Sundays.
        workdays: Saturdays and Sundays that are working days.
    """

    rule: ShiftRule = ShiftRule.KEEP
    days_off: frozenset[date] = field(default_factory=frozenset)
    workdays: frozenset[date] = field(default_factory=frozenset)

    def is_workday(self, day: date) -> bool:
        """Return whether a day is a working day."""
        if day in self.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in self.days_off

    def last_day(self, day: date) -> date:
        """Return the last day of a checkpoint that is printed with ``day``, by the rule."""
        if self.rule is ShiftRule.KEEP:
            return day
        step = _ONE_DAY if self.rule is ShiftRule.NEXT else -_ONE_DAY
        shifted = day
        for _ in range(_LONGEST_BREAK):
            if self.is_workday(shifted) or shifted in {date.min, date.max}:
                return shifted
            shifted += step
        return day
