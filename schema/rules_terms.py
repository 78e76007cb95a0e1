"""Rules about planning: terms, postponements, cancellations."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from kvartal.schema.errors import N_
from kvartal.schema.rule import YEARS_OF_FACTS, Rule, Subject, Violation, is_within


def _term_outside_year(subject: Subject) -> Iterator[Violation]:
    """Terms lie in the plan's year: what is moved to another belongs to that year's programme."""
    year = subject.plan.year
    for path, term in subject.terms():
        for name, day in (("start", term.start), ("due", term.due)):
            if day is not None and day.year != year:
                yield (*path, name), {"date": day.isoformat(), "year": year}


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
            same_days = (after.quarters, after.start, after.due) == (
                before.quarters,
                before.start,
                before.due,
            )
            if same_days and (not after.is_open or after.text == before.text):
                yield (*path, "postponements", index, "to"), {"id": measure.id, "term": after.text}
            before = after


def _postponement_date_outside_year(subject: Subject) -> Iterator[Violation]:
    """A postponement is dated in the plan's year, the year before or the years after."""
    year = subject.plan.year
    for path, measure in subject.measures():
        for index, postponement in enumerate(measure.postponements):
            if not is_within(postponement.date, year - 1, year + YEARS_OF_FACTS):
                fields = {"date": postponement.date.isoformat(), "first": year - 1}
                where = (*path, "postponements", index, "date")
                yield where, fields | {"last": year + YEARS_OF_FACTS}


def _cancellation_date_outside_year(subject: Subject) -> Iterator[Violation]:
    """A cancellation is dated in the plan's year, the year before or the years after."""
    year = subject.plan.year
    for path, measure in subject.measures():
        cancelled = measure.cancelled
        if cancelled is not None and not is_within(cancelled.date, year - 1, year + YEARS_OF_FACTS):
            fields = {"date": cancelled.date.isoformat(), "first": year - 1}
            fields["last"] = year + YEARS_OF_FACTS
            yield (*path, "cancelled", "date"), fields


TERM_RULES: Final = (
    Rule(
        code="term-outside-year",
        template=N_(
            "Дата {date} выходит за {year} год программы. Исправьте дату: что делается в другом "
            "году, включают в программу того года."
        ),
        source="design 4: a programme is for one year",
        check=_term_outside_year,
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
