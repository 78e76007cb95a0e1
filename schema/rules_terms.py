"""Rules about planning: terms, postponements, cancellations."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.rule import YEARS_OF_FACTS, Rule, Subject, Violation, is_within


def _calendar_contradiction(subject: Subject) -> Iterator[Violation]:
    """A day is either off or a working day."""
    calendar = subject.plan.calendar
    for day in sorted(calendar.days_off & calendar.workdays):
        yield ("calendar", "workdays"), {"day": day}


def _calendar_year_missing(subject: Subject) -> Iterator[Violation]:
    """A last day that the rule moves goes into a year whose days off are known, as the others are.

    What is due on 31 December is due in January by the rule `next`: on New Year's Day, unless the
    calendar has it.
    """
    calendar = subject.plan.calendar
    known = {day.year for day in calendar.days_off}
    for _path, term in subject.terms():
        for day in (*(quarter.last for quarter in term.quarters), *term.points, term.due):
            moved = day and calendar.last_day(day)
            if day and moved and day.year in known and moved.year not in known:
                fields = {"day": day.isoformat(), "moved": moved.isoformat(), "year": moved.year}
                yield ("calendar", "rule"), fields
                return


def _period_reversed(subject: Subject) -> Iterator[Violation]:
    """A programme does not end before it begins."""
    period = subject.plan.period
    if period.start > period.due:
        fields = {"start": period.start.isoformat(), "due": period.due.isoformat()}
        yield ("period", "start"), fields


def _term_outside_year(subject: Subject) -> Iterator[Violation]:
    """A term that reaches beyond the programme's period is worth a look, and may be meant so."""
    period = subject.plan.period
    for path, term in subject.terms():
        fields = {"start": period.start.isoformat(), "due": period.due.isoformat()}
        for name, day in (("start", term.start), ("due", term.due)):
            if day is not None and day not in period:
                yield (*path, name), {"date": day.isoformat(), **fields}
        for index, day in enumerate(term.points):
            if day not in period:
                yield (*path, "points", index), {"date": day.isoformat(), **fields}
        for index, quarter in enumerate(term.quarters):
            if not period.touches(quarter.first, quarter.last):
                last = quarter.last.isoformat()
                yield (*path, "quarters", index), {"date": last, **fields}


def _term_dates_reversed(subject: Subject) -> Iterator[Violation]:
    """A term does not end before it starts."""
    for path, term in subject.terms():
        if term.start is not None and term.due is not None and term.start > term.due:
            fields = {"start": term.start.isoformat(), "due": term.due.isoformat()}
            yield (*path, "start"), fields


def _postponement_order(subject: Subject) -> Iterator[Violation]:
    """Postponements are in the order of their dates, since the last one counts."""
    for path, measure in subject.measures():
        days = [postponement.date for postponement in measure.postponements]
        for index, (before, after) in enumerate(pairwise(days), start=1):
            if after < before:
                fields = {"date": after.isoformat(), "before": before.isoformat()}
                yield (*path, "postponements", index, "date"), fields


def _postponement_same_term(subject: Subject) -> Iterator[Violation]:
    """A postponement changes the term."""
    for path, measure in subject.measures():
        before = measure.term
        for index, postponement in enumerate(measure.postponements):
            after = postponement.to
            if after.is_same_reading(before) and (not after.is_open or after.text == before.text):
                yield (*path, "postponements", index, "to"), {"id": measure.id, "term": after.text}
            before = after


def _postponement_date_outside_year(subject: Subject) -> Iterator[Violation]:
    """A postponement is dated in the plan's year, the year before or the years after."""
    first, last = _years_of_decisions(subject)
    for path, measure in subject.measures():
        for index, postponement in enumerate(measure.postponements):
            if not is_within(postponement.date, first, last):
                fields = {"date": postponement.date.isoformat(), "first": first, "last": last}
                yield (*path, "postponements", index, "date"), fields


def _cancellation_date_outside_year(subject: Subject) -> Iterator[Violation]:
    """A cancellation is dated in the plan's years, the year before or the years after."""
    first, last = _years_of_decisions(subject)
    for path, measure in subject.measures():
        cancelled = measure.cancelled
        if cancelled is not None and not is_within(cancelled.date, first, last):
            fields = {"date": cancelled.date.isoformat(), "first": first, "last": last}
            yield (*path, "cancelled", "date"), fields


def _years_of_decisions(subject: Subject) -> tuple[int, int]:
    period = subject.plan.period
    return period.start.year - 1, period.due.year + YEARS_OF_FACTS


TERM_RULES: Final = (
    Rule(
        code="calendar-contradiction",
        template=N_(
            "{day} стоит и в выходных (days_off), и в рабочих днях (workdays). Оставьте в одном "
            "списке."
        ),
        source="design 4: days off, and weekends that are working days",
        check=_calendar_contradiction,
    ),
    Rule(
        code="calendar-year-missing",
        template=N_(
            "Последний день {day} по правилу calendar.rule переносится на {moved}, а выходных "
            "{year} года в программе нет. Внесите их: `kvartal calendar СТРАНА {year}`."
        ),
        source="design 4: a calendar moves the last day of a checkpoint to a working day",
        check=_calendar_year_missing,
        is_warning=True,
    ),
    Rule(
        code="period-reversed",
        template=N_(
            "Период программы начинается {start}, позже, чем кончается: {due}. Исправьте даты."
        ),
        source="design 4: a period has a first and a last day",
        check=_period_reversed,
    ),
    Rule(
        code="term-outside-year",
        template=N_(
            "Дата {date} выходит за период программы, с {start} по {due}. Проверьте, так ли "
            "задумано."
        ),
        source="design 4: a term may reach beyond the programme's period",
        check=_term_outside_year,
        is_warning=True,
    ),
    Rule(
        code="term-dates-reversed",
        template=N_(
            "Срок начинается {start}, позже, чем кончается: {due}. Поменяйте даты местами или "
            "исправьте."
        ),
        source="design 4: a term by dates",
        check=_term_dates_reversed,
    ),
    Rule(
        code="postponement-order",
        template=N_(
            "Перенос от {date} стоит после переноса от {before}. Расположите переносы по датам."
        ),
        source="design 4: postponing is a fact with a date; the last one counts",
        check=_postponement_order,
    ),
    Rule(
        code="postponement-same-term",
        template=N_(
            "{id}: перенос на срок «{term}», который и так действует. Исправьте новый срок или "
            "уберите перенос."
        ),
        source="design 4: old term, new term",
        check=_postponement_same_term,
    ),
    Rule(
        code="postponement-date-outside-year",
        template=N_("Дата переноса {date} не попадает в годы с {first} по {last}. Исправьте дату."),
        source="design 4: dates within the year",
        check=_postponement_date_outside_year,
    ),
    Rule(
        code="cancellation-date-outside-year",
        template=N_(
            "Дата снятия с плана {date} не попадает в годы с {first} по {last}. Исправьте дату."
        ),
        source="design 4: dates within the year",
        check=_cancellation_date_outside_year,
    ),
)
