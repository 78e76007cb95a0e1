"""Checkpoints: the days on which a term is checked, each waiting for a record of its own."""

from dataclasses import dataclass
from datetime import date

from kvartal.schema.calendar import WorkingCalendar
from kvartal.schema.day_text import day_text
from kvartal.schema.errors import Phrase
from kvartal.schema.measure import Record, Term
from kvartal.schema.quarter_text import quarter_phrase
from kvartal.schema.quarters import CalendarQuarter, quarter_holding, quarters_between


@dataclass(frozen=True, slots=True, order=True)
class CheckpointDay:
    """One day on which a term is checked.

    Attributes:
        printed: The last day as the term names it.
        due: The last day by the working calendar; overdue from the day after.
        quarter: The quarter that it is the end of; None where the term names a day.
        takes_quarter: Whether a record that names the quarter of the day counts for it too.
    """

    printed: date
    due: date
    quarter: CalendarQuarter | None = None
    takes_quarter: bool = False

    @property
    def point(self) -> date | None:
        """The day that the term names; None where it names a quarter."""
        return self.printed if self.quarter is None else None

    @property
    def begins(self) -> date:
        """The first day on which it is due: that of its calendar quarter."""
        return quarter_holding(self.printed).first

    def is_recorded_by(self, record: Record) -> bool:
        """Return whether a record is for this checkpoint."""
        if record.point is not None:
            return record.point == self.point
        if self.quarter is not None:
            return record.quarter == self.quarter
        return self.takes_quarter and record.quarter == quarter_holding(self.printed)


def checkpoint_days(term: Term, calendar: WorkingCalendar) -> tuple[CheckpointDay, ...]:
    """Return the checkpoints of a term, in order; none for an open term.

    One at the end of each quarter that it names, one at each of its points, and one on the last day
    of a term by dates: only that one takes records that name a quarter (design, section 4).
    """
    if term.quarters:
        return tuple(
            CheckpointDay(quarter.last, calendar.last_day(quarter.last), quarter)
            for quarter in term.quarters
        )
    if term.points:
        return tuple(CheckpointDay(day, calendar.last_day(day)) for day in term.points)
    if term.due is None:
        return ()
    return (CheckpointDay(term.due, calendar.last_day(term.due), takes_quarter=True),)


def last_day(term: Term, calendar: WorkingCalendar) -> date | None:
    """Return the last day of a term by the working calendar; None for an open term."""
    return None if term.last_day is None else calendar.last_day(term.last_day)


def record_quarters(term: Term) -> tuple[CalendarQuarter, ...]:
    """Return the quarters that a record may name: those of the term, or those its dates touch."""
    if term.quarters or term.due is None:
        return term.quarters
    return quarters_between(term.start or term.due, term.due)


def checkpoint_name(checkpoint: CalendarQuarter | date) -> Phrase:
    """Return what a sentence calls a checkpoint: «III квартал 2024», «15.07.2024»."""
    if isinstance(checkpoint, CalendarQuarter):
        return quarter_phrase(checkpoint)
    return day_text(checkpoint)
